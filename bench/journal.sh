#!/bin/sh
# journal.sh: appending to the journal against a bare loop that writes and syncs the same bytes (journal_bench.cc).
set -eu
bench=$(cd "$(dirname "$0")" && pwd)
. "$bench/scene.sh"
program=$(bench_program journal_bench)
load=$(cut -d' ' -f1 /proc/loadavg)
# Lines "batch records-a-second ratio".
figures=$("$program" --benchmark_format=csv 2>/dev/null |
  awk -F, '/^"append_batches/ { split($1, part, "/"); printf "%d %.0f %.2f\n", part[2], $(NF - 1), $NF }')
echo "journal: records appended, by the size of a batch, 5 rounds; load $load"
echo "$figures" | while read -r batch per_second ratio; do
  printf '  %-22s %6s records a second   ratio %s to a bare loop (no ratio is wanted)\n' "batches of $batch" \
    "$per_second" "$ratio"
  append_figures journal.csv 'date,commit,cores,load,batch,journal_per_s,ratio' \
    "$(stamp),$load,$batch,$per_second,$ratio"
done
