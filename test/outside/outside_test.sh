#!/bin/sh
# At level sealed pianola starts no git, outside a seal, with its folder, GIT_DIR, work tree or an argument in a
# workspace where an agent or a check worked: whatever they leave in .git/config, hooks or attributes is never acted on. Seen by strace in a run
# with all that runs do, in its recovery, and in the commands that look at it afterwards. At level none it does, so the
# test has power.
#
# Exit code 77 (skipped) where strace cannot trace or there is no seal.
set -eu
here=$PIANOLA_SOURCE_DIR/test/outside
bench=$PIANOLA_SOURCE_DIR/bench
. "$bench/scene.sh"
find_program

if ! said=$(strace -f -o /dev/null true 2>&1); then
  echo "SKIPPED: strace cannot trace here: ${said:-not installed}"
  exit 77
fi

scene_open outside
make_repository "$scene/start" 20
cat >"$scene/start/agent.sh" <<'END'
#!/bin/bash
set -e
write() { echo done >"work/$1.txt"; }
land() { write "$1"; git add "work/$1.txt"; git commit -q -m "Do $1"; }
case $PIANOLA_TASK in
  leaves) write leaves ;;
  beside) land beside; git branch other; git checkout -q --detach; git commit -q --allow-empty -m aside; git checkout -q - ;;
  red) if [ "$PIANOLA_ATTEMPT" = 1 ]; then echo wrong >work/red.txt; else write red; fi ;;
  strays) land strays; if [ "$PIANOLA_ATTEMPT" = 1 ]; then echo x >elsewhere; git add -A; git commit -q -m more; else git reset -q --hard HEAD~2; land strays; fi ;;
  fails) write fails; exit 3 ;;
  slow) land slow; for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do [ -e work/go ] || sleep 0.2; done ;;
esac
END
git -C "$scene/start" commit -qam "Do what tasks do"
{
  echo 'tasks:'
  for name in leaves beside red strays fails slow; do
    attempts=2
    [ "$name" != fails ] || attempts=1
    echo "  - {id: $name, description: write work/$name.txt, files_write: [work/$name.txt], attempts: $attempts,"
    echo "     verification: [{command: [grep, -q, done, work/$name.txt]}]}"
  done
  echo 'post_merge_checks: [{command: [grep, -q, tasks, work/README]}]'
} >"$scene/plan.yaml"

# traced WORD...: pianola under strace, its trace added to the trace of the level.
traced() {
  strace -f -y -v --pidns-translation -s 4000 -e signal=none -o "$scene/part" \
    -e 'trace=execve,chdir,fchdir,?mkdir,mkdirat,?clone,?clone3,?fork,?vfork' "$PIANOLA" "$@" >>"$scene/log" 2>&1 || :
  cat "$scene/part" >>"$trace"
}

# all_of LEVEL: everything, in a repository of its own.
all_of() {
  repo=$scene/$1
  trace=$scene/trace.$1
  cp -a "$scene/start" "$repo"
  cd "$repo"
  traced run "$scene/plan.yaml" --jobs 3 --isolation "$1" --approve --promote leave --plain &
  tries=0
  until grep -qs '"agent_spawned".*"slow"' .git/pianola/runs/r1/journal/*.jsonl; do
    tries=$((tries + 1))
    if grep -q 'no seal for agents' "$scene/log"; then
      echo "no seal here: $(grep -m 1 'no seal for agents' "$scene/log")"
      exit 77
    fi
    [ "$tries" -le 2400 ] || { cat "$scene/log"; exit 1; }
    sleep 0.1
  done
  read -r supervisor started <.git/pianola/runs/r1/lock
  kill -KILL "$supervisor"
  wait
  traced resume r1 --approve
  for words in 'status --run r1 --report' 'logs leaves' 'workspace list' promote 'repair --diagnose' \
    'repair' 'gc' 'log verify'; do
    traced $words
  done
  grep -q 'landed' "$scene/log" || { cat "$scene/log"; exit 1; }
  cd "$scene"
}

# offences LEVEL APART
offences() {
  awk -v apart="$2" -f "$here/outside.awk" "$scene/trace.$1" "$scene/trace.$1" >"$scene/found.$1"
  tail -n 1 "$scene/found.$1" | sed 's/^seen //'
}

: >"$scene/log"
all_of sealed
all_of none
sealed_gits=$(offences sealed '')
none_gits=$(offences none __keep)
sealed_found=$(grep -c '^at ' "$scene/found.sealed" || :)
none_found=$(grep -c '^at ' "$scene/found.none" || :)
echo "guarantee: G11 | no git works outside a seal where workers wrote, by strace | gits outside a seal $sealed_gits, in workspaces $sealed_found, the same unsealed $none_found"
grep '^at ' "$scene/found.sealed" | cut -c 1-400 | head -n 20
[ "$sealed_gits" -gt 20 ] || { echo "too few gits were seen"; cat "$scene/log"; exit 1; }
[ "$none_found" -gt 0 ] || { echo "unsealed nothing was found either: the test sees nothing"; exit 1; }
[ "$sealed_found" -eq 0 ]
