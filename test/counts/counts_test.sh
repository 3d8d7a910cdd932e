#!/bin/sh
# What one landed task costs in syncs and child processes: a run of six tasks less a run of two, divided by four, so
# that start-up and promotion do not count. Each task waits for the one before it, which is the dearest case: nothing
# of two tasks can share a sync.
#
# strace sees the whole tree. Whose a process is, is told by the program it runs: a thread or a fork is pianola's as
# long as its image is the program under test (the supervisor, a keeper, `__exec`); from the execve of git, an agent
# or a check on, it is theirs. A process counts as a child of pianola's when its first execve happens in a fork of
# pianola's, and once, however many execs it takes; what git, agents and checks start themselves does not count.
#
# Exit code 77 (skipped) only where strace cannot trace.
set -eu
bench=$PIANOLA_SOURCE_DIR/bench
. "$bench/scene.sh"
find_program
syncs_most=12
children_most=14

if ! said=$(strace -f -o /dev/null true 2>&1); then
  echo "SKIPPED: strace cannot trace here: ${said:-not installed}"
  exit 77
fi

scene_open counts
make_repository "$scene/start" 50

# trace_run NAME TASKS: lines "sync LABEL" and "child LABEL" in own.NAME, one for each of pianola's own.
trace_run() {
  repo=$scene/$1
  cp -a "$scene/start" "$repo"
  make_chain "$scene/plan.$2.yaml" "$2"
  cd "$repo"
  strace -f -y -s 300 -e signal=none -o "$scene/trace.$1" \
    -e 'trace=execve,?clone,?clone3,?fork,?vfork,fsync,fdatasync,syncfs,sync' \
    "$PIANOLA" run "$scene/plan.$2.yaml" --jobs 1 --isolation none --approve --promote checkout --plain >"$scene/log.$1" 2>&1 ||
    { cat "$scene/log.$1"; exit 1; }
  [ "$(git -C "$repo" ls-tree -r --name-only main work | grep -c task)" -eq "$2" ]
  awk -v program="$(readlink -f "$PIANOLA")" -f "$PIANOLA_SOURCE_DIR/test/counts/own.awk" \
    "$scene/trace.$1" "$scene/trace.$1" | sed "s/task[0-9]*/TASK/g" >"$scene/own.$1"
  cd "$scene"
}

count() {
  grep -c "^$1 " "$2" || :
}

# listed WHAT FEW MANY: what the four tasks between two runs cost, by label, each for one task.
listed() {
  sort "$2" | uniq -c | sed 's/^/- /' >"$scene/tally"
  sort "$3" | uniq -c | sed 's/^/+ /' >>"$scene/tally"
  awk -v what="$1" '$3 == what {
      label = $4 " " $5
      sum[label] += $1 == "+" ? $2 : -$2
    }
    END { for (label in sum) if (sum[label] >= 4) printf "  %5.2f %s\n", sum[label] / 4, label }' \
    "$scene/tally" | sort -rn
}

# verdict WHAT MOST NAME
verdict() {
  # On a busy machine two events may meet in one sync. The dearer of the two short runs is the one where they did not.
  few=$scene/own.few
  [ "$(count "$1" "$scene/own.again")" -le "$(count "$1" "$few")" ] || few=$scene/own.again
  extra=$(($(count "$1" "$scene/own.many") - $(count "$1" "$few")))
  echo "$3 of pianola's for one landed task: $(awk "BEGIN { printf \"%.2f\", $extra / 4 }"), at most $2 wanted"
  listed "$1" "$few" "$scene/own.many"
  [ "$extra" -gt 0 ] || { echo "nothing was counted"; return 1; }
  [ "$extra" -le $(($2 * 4)) ]
}

trace_run few 2
trace_run again 2
trace_run many 6
failed=0
verdict sync "$syncs_most" syncs || failed=1
verdict child "$children_most" "child processes" || failed=1
exit "$failed"
