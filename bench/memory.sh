#!/bin/sh
# memory.sh [ATTEMPTS]: what one supervisor holds in memory after a tenth of ATTEMPTS (1,000) attempts and after all of
# them, each of a task that lands: VmRSS and VmHWM of proc(5). Beside it, what `wait` holds that has folded the whole
# journal: a program with the same state and nothing else.
set -eu
bench=$(cd "$(dirname "$0")" && pwd)
. "$bench/scene.sh"
find_program
attempts=${1:-1000}
scene_open memory

make_repository "$scene/repo" 50
make_plan "$scene/plan.yaml" "$attempts"
cd "$scene/repo"

# ended: the attempts whose end is in the journal.
ended() {
  cat .git/pianola/runs/r1/journal/*.jsonl 2>/dev/null | grep -c '"type":"task_landed"' || :
}

# kb FIELD PID
kb() {
  awk -v field="$1:" '$1 == field { print $2 }' "/proc/$2/status"
}

# at COUNT: the supervisor's VmRSS and VmHWM once that many attempts have ended.
at() {
  while [ "$(ended)" -lt "$1" ]; do
    kill -0 "$supervisor" 2>/dev/null || { tail -n 3 "$scene/log" >&2; exit 1; }
    sleep 0.2
  done
  echo "$(kb VmRSS "$supervisor") $(kb VmHWM "$supervisor")"
}

# The checks at the end wait, so that there is a supervisor to look at.
sed -i 's/^post_merge_checks:.*/post_merge_checks: [{command: [sleep, "20"]}]/' "$scene/plan.yaml"
"$PIANOLA" run "$scene/plan.yaml" --jobs 4 --isolation none --approve --promote leave --plain >"$scene/log" 2>&1 &
supervisor=$!
tenth=$((attempts / 10))
set -- $(at "$tenth")
rss_tenth=$1
set -- $(at "$attempts")
rss=$1 hwm=$2
"$PIANOLA" wait --timeout 5 >/dev/null 2>&1 &
sleep 4
folded=$(kb VmRSS $!)
wait || :
journal_kb=$(du -k -s .git/pianola/runs/r1/journal | cut -f1)
each=$(awk "BEGIN { printf \"%.2f\", ($rss - $rss_tenth) / ($attempts - $tenth) }")
load=$(cut -d' ' -f1 /proc/loadavg)
echo "memory: one supervisor, $attempts attempts that land; load $load"
printf '  %-28s %7s kB\n' "after $tenth" "$rss_tenth"
printf '  %-28s %7s kB, %s at most\n' "after $attempts" "$rss" "$hwm"
printf '  %-28s %7s kB\n' 'more for each attempt' "$each"
printf '  %-28s %7s kB; journal %s kB\n' 'wait, with the same state' "$folded" "$journal_kb"
append_figures memory.csv 'date,commit,cores,load,attempts,tenth_kb,all_kb,most_kb,each_kb,folded_kb,journal_kb' \
  "$(stamp),$load,$attempts,$rss_tenth,$rss,$hwm,$each,$folded,$journal_kb"
