#!/bin/sh
# fold.sh: folding a million events, decoded ones and those in files (fold_bench.cc).
set -eu
bench=$(cd "$(dirname "$0")" && pwd)
. "$bench/scene.sh"
program=$(bench_program fold_bench)
figures=$("$program" --benchmark_format=csv 2>/dev/null)

# of NAME: milliseconds.
of() {
  echo "$figures" | awk -F, -v name="\"$1" 'index($1, name) == 1 { printf "%.0f", $3 }'
}

decoded=$(of fold_decoded_events)
files=$(of fold_from_files)
load=$(cut -d' ' -f1 /proc/loadavg)
echo "fold: 1,000,000 events, mean of 3 rounds; load $load"
printf '  %-22s %6s ms            (wanted: at most 1,000)\n' 'decoded' "$decoded"
printf '  %-22s %6s ms            (wanted: at most 5,000)\n' 'from files' "$files"
append_figures fold.csv 'date,commit,cores,load,decoded_ms,files_ms' "$(stamp),$load,$decoded,$files"
