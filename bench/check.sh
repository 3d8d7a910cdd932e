#!/bin/sh
# check.sh [ROUNDS]: how long `pianola check` takes for plans of 500 and 5,000 tasks in ten layers, with two
# dependencies, two written files, two read files and a resource each; the least of all rounds, process start included.
# A third plan has one task in a hundred write a file that others of its layer write: the same with errors to report.
set -eu
bench=$(cd "$(dirname "$0")" && pwd)
. "$bench/scene.sh"
find_program
rounds=${1:-11}
scene_open check

# layered_plan TASKS [SHARING]: every SHARING-th task writes its layer's shared file; none does when not told.
layered_plan() {
  awk -v tasks="$1" -v sharing="${2:-0}" 'BEGIN {
    width = tasks / 10
    print "tasks:"
    for (i = 0; i < tasks; i++) {
      layer = int(i / width)
      printf "  - id: t%d\n    description: task number %d\n", i, i
      if (layer > 0) {
        first = (layer - 1) * width
        printf "    depends_on: [t%d, t%d]\n", first + i % width, first + (i + 7) % width
      }
      printf "    files_write:\n      - src/m%d/a.py\n      - src/m%d/b.py\n", i, i
      if (sharing && i % sharing == 0) printf "      - src/shared%d.py\n", layer
      printf "    files_read: [docs/d%d.md, docs/e%d.md]\n", i % 50, i % 70
      printf "    resources_write: [\"route:/r%d\"]\n", i
      printf "    verification:\n      - command: pytest tests/test_m%d.py -q\n        type: test\n", i
    }
  }'
}

# least_ms FILE EXIT
least_ms() {
  least=
  i=0
  while [ "$i" -lt "$rounds" ]; do
    before=$(date +%s%N)
    code=0
    "$PIANOLA" check "$1" >"$scene/out" 2>&1 || code=$?
    took=$((($(date +%s%N) - before) / 100000))
    [ "$code" -eq "$2" ] || { cat "$scene/out" >&2; exit 1; }
    if [ -z "$least" ] || [ "$took" -lt "$least" ]; then least=$took; fi
    i=$((i + 1))
  done
  awk "BEGIN { printf \"%.1f\", $least / 10 }"
}

layered_plan 500 >"$scene/500.yaml"
layered_plan 5000 >"$scene/5000.yaml"
layered_plan 5000 100 >"$scene/errors.yaml"
cd "$scene"
small=$(least_ms 500.yaml 0)
large=$(least_ms 5000.yaml 0)
errors=$(least_ms errors.yaml 3)
ratio=$(awk "BEGIN { printf \"%.1f\", $large / $small }")
load=$(cut -d' ' -f1 /proc/loadavg)
echo "check: least of $rounds rounds; load $load"
printf '  %-22s %6s ms\n' '500 tasks' "$small"
printf '  %-22s %6s ms            %s times as long (aim: 100 ms, at most 12 times)\n' '5,000 tasks' "$large" "$ratio"
printf '  %-22s %6s ms\n' '5,000, 100 errors' "$errors"
append_figures check.csv 'date,commit,cores,load,rounds,tasks500_ms,tasks5000_ms,errors5000_ms,ratio' \
  "$(stamp),$load,$rounds,$small,$large,$errors,$ratio"
