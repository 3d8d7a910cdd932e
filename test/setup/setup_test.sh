#!/bin/sh
# A plan with `setup:` on real git, sealed: what it makes serves every workspace and gate at one path, is made once
# for an environment, and no part of it lands. The network is open for the environment that a person approved, and
# shut for one that exists only in a task's change, unless the plan opens it to this task. A set-up that fails pauses
# the run; a stop and a kill end it.
#
# Exit code 77 (skipped) where there is no seal.
set -eu
bench=$PIANOLA_SOURCE_DIR/bench
. "$bench/scene.sh"
find_program
needs_seal

scene_open setup
fail() { echo "setup_test.sh: $1" >&2; cat "$scene"/out* >&2 2>/dev/null || :; exit 1; }

# A port of loopback that nobody listens on, and one who does.
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
listen() {
  python3 -c '
import socket, sys
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("127.0.0.1", int(sys.argv[1]))); s.listen(16); s.settimeout(300)
print("up", flush=True)
while True: s.accept()[0].close()' "$port" >"$scene/server" &
  scene_keeps=$!
  while ! [ -s "$scene/server" ]; do sleep 0.05; done
}

# A virtual environment in small: its tool names its interpreter by its whole path, and remembers the manifest.
make_project() {
  make_repository "$1" 5
  cat >"$1/install.sh" <<'E'
set -e
python3 -c 'import socket, sys; socket.create_connection(("127.0.0.1", int(sys.argv[1])), 2)' "$1"
mkdir -p env/bin
cp /bin/sh env/bin/sh
printf '#!%s/env/bin/sh\necho with %s\n' "$PWD" "$(cat requirements.txt)" >env/bin/tool
chmod +x env/bin/tool
date +%N >env/stamp
E
  cat >"$1/agent.sh" <<'E'
#!/bin/sh
set -e
git status --porcelain | sed 's/^/dirty /'
case $PIANOLA_TASK in deps*) if [ "$PIANOLA_ATTEMPT" = 1 ]; then echo "$PIANOLA_TASK" >requirements.txt; else exit 0; fi ;; esac
env/bin/tool >"work/$PIANOLA_TASK.txt"
cat env/stamp
E
  chmod +x "$1/agent.sh"
  mkdir -p "$1/work"
  echo first >"$1/requirements.txt"
  cat >"$1/tasks.yaml" <<E
setup: [sh install.sh $port]
tasks:
  - {id: one, files_write: [work/one.txt], verification: [{command: env/bin/tool && cat env/stamp}]}
  - {id: two, files_write: [work/two.txt], verification: [{command: env/bin/tool && cat env/stamp}]}
E
  git -C "$1" add -A
  git -C "$1" commit -q -m "Ask for a set-up"
}
run() { "$PIANOLA" run "$@" --approve --promote checkout --plain; }

# --- nobody listens: the run pauses and says why; then it goes on ------------------------------------------------
repo=$scene/repo
make_project "$repo"
cd "$repo"
code=0
run >"$scene/out1" 2>&1 || code=$?
[ "$code" = 6 ] || fail "a set-up that fails ends with $code, not 6"
grep -q "set-up: sh install.sh $port: exit 1" "$scene/out1" || fail "the pause does not say what failed"
log=$(find .git/pianola/runs/r1/gates -path "*setup.*" -name out)
grep -q 'Connection refused' "$log" || fail "the log of the set-up does not say why"
listen
"$PIANOLA" resume --plain >"$scene/out2" 2>&1 || fail "it does not go on once the set-up works"
for task in one two; do
  [ "$(cat "work/$task.txt")" = "with first" ] || fail "$task did not land with what the set-up made"
  ! grep -q dirty ".git/pianola/runs/r1/attempts/$task.1/out" || fail "git shows an agent what the set-up made"
done
git ls-files | grep -q '^env' && fail "what the set-up made has landed"
[ "$(ls "$repo.pianola/setups" | wc -l)" = 1 ] || fail "one environment was made more than once"
stamps=$(find .git/pianola/runs/r1 -name out | xargs grep -hE '^[0-9]{9}$' | sort -u | wc -l)
[ "$stamps" = 1 ] || fail "$stamps environments where there is one"

# --- a task that changes a manifest has the network that the plan gives it ---------------------------------------
printf 'setup: [sh install.sh %s]\ntasks:\n' "$port" >tasks.yaml
cat >>tasks.yaml <<'E'
  - {id: deps_shut, files_write: [work/deps_shut.txt, requirements.txt], attempts: 1, verification: [{command: env/bin/tool}]}
E
git commit -q -am "Change a manifest without network"
code=0
run >"$scene/out3" 2>&1 || code=$?
[ "$code" = 1 ] || fail "a change whose set-up fails ends with $code, not 1"
grep -q "set-up: sh install.sh $port: exit 1" "$scene/out3" || fail "a red gate does not say that the set-up failed"
sed -i 's/deps_shut/deps_open/g; s/attempts: 1,/attempts: 1, network: open,/' tasks.yaml
git commit -q -am "Change a manifest with network"
run >"$scene/out4" 2>&1 || fail "a task with network: open cannot change a manifest"
[ "$(cat requirements.txt)" = deps_open ] || fail "the changed manifest did not land"
[ "$(ls "$repo.pianola/setups" | wc -l)" = 2 ] || fail "the changed environment was not kept"

# --- a stop, and a kill, in the middle ---------------------------------------------------------------------------
printf 'sleep 600\n' >install.sh
git commit -q -am "Take long"
ending() {
  "$PIANOLA" run --approve --promote checkout --plain >"$scene/out5" 2>&1 &
  pid=$!
  for i in $(seq 1 400); do
    [ -z "$(find .git/pianola/runs/"$1"/gates -name agent.json 2>/dev/null)" ] || return 0
    sleep 0.05
  done
  fail "the set-up of $1 never began"
}
left() { grep -lz "PIANOLA_KEEP=" /proc/[0-9]*/environ 2>/dev/null | xargs -r grep -lzF "$repo" 2>/dev/null | wc -l; }
ending r4
"$PIANOLA" stop --all --now >"$scene/out6" 2>&1 || fail "stop --all --now while a set-up runs"
wait "$pid" || :
[ "$(left)" = 0 ] || fail "a set-up goes on after a stop"
ending r5
kill -9 "$pid"
wait "$pid" 2>/dev/null || :
printf 'mkdir -p env\n' >install.sh
"$PIANOLA" stop --all --now >"$scene/out7" 2>&1 || fail "stop --all --now after a kill"
[ "$(left)" = 0 ] || fail "a set-up goes on after its supervisor was killed"
echo "set-ups: 2 environments for 4 tasks and their gates, made once each; 0 files of them landed"
