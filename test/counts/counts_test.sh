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

# chained FILE TASKS: make_plan's tasks, each after the one before.
chained() {
  make_plan "$scene/plan" "$2"
  awk '/- id:/ { id = $3 } { print } /description:/ && before != "" { print "    depends_on: [" before "]" }
    /verification:/ { before = id }' "$scene/plan" >"$1"
}

# trace_run TASKS: lines "sync LABEL" and "child LABEL", one for each of pianola's own.
trace_run() {
  repo=$scene/repo$1
  cp -a "$scene/start" "$repo"
  chained "$scene/plan$1.yaml" "$1"
  cd "$repo"
  strace -f -y -s 300 -e signal=none -o "$scene/trace$1" \
    -e 'trace=execve,?clone,?clone3,?fork,?vfork,fsync,fdatasync,syncfs,sync' \
    "$PIANOLA" run "$scene/plan$1.yaml" --jobs 1 --approve --promote checkout --plain >"$scene/log$1" 2>&1 ||
    { cat "$scene/log$1"; exit 1; }
  [ "$(git -C "$repo" ls-tree -r --name-only main work | grep -c task)" -eq "$1" ]
  awk -v program="$(readlink -f "$PIANOLA")" -f "$PIANOLA_SOURCE_DIR/test/counts/own.awk" \
    "$scene/trace$1" "$scene/trace$1" >"$scene/own$1"
  cd "$scene"
}

count() {
  grep -c "^$1 " "$2" || :
}

# listed WHAT: what the four tasks between the two runs cost, by label, each for one task.
listed() {
  for tasks in 2 6; do
    grep "^$1 " "$scene/own$tasks" | sed 's/task[0-9]*/TASK/g' | sort | uniq -c |
      awk -v tasks="$tasks" '{ n = $1; $1 = ""; print tasks, n, $0 }'
  done | awk '{ what = $4; for (i = 5; i <= NF; i++) what = what " " $i; sum[what] += $1 == 6 ? $2 : -$2 }
    END { for (what in sum) if (sum[what] != 0) printf "  %5.2f %s\n", sum[what] / 4, what }' | sort -rn
}

# verdict WHAT MOST
verdict() {
  extra=$(($(count "$1" "$scene/own6") - $(count "$1" "$scene/own2")))
  per_task=$(awk "BEGIN { printf \"%.2f\", $extra / 4 }")
  echo "$3 of pianola's for one landed task: $per_task, at most $2 wanted"
  listed "$1"
  [ "$extra" -gt 0 ] || { echo "nothing was counted"; return 1; }
  [ "$extra" -le $(($2 * 4)) ]
}

trace_run 2
trace_run 6
failed=0
verdict sync "$syncs_most" syncs || failed=1
verdict child "$children_most" "child processes" || failed=1
exit "$failed"
