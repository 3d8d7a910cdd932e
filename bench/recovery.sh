#!/bin/sh
# recovery.sh [ROUNDS [AGENTS]]: AGENTS (200) agents at work at once, bare and sealed, and their supervisor killed with
# SIGKILL: how long `resume` takes, from its start, to write its first event, and until it has adopted all. The agents
# have said nothing before; they say a word when nobody listens, and that word is in the journal (agent_progressed)
# once their keeper has passed it on to the new supervisor.
set -eu
bench=$(cd "$(dirname "$0")" && pwd)
. "$bench/scene.sh"
find_program
rounds=${1:-3}
agents=${2:-200}
scene_open recovery

make_repository "$scene/start" 50
cat >"$scene/start/agent.sh" <<'END'
#!/bin/sh
trap 'echo here' USR1
sleep 3600 &
while :; do wait; done
END
git -C "$scene/start" commit -qam "Wait for a word"
make_plan "$scene/plan.yaml" "$agents"

# told TYPE: how often that stands in the journal.
told() {
  cat "$scene"/repo/.git/pianola/runs/r1/journal/*.jsonl 2>/dev/null | grep -c "\"type\":\"$1\"" || :
}

# await TYPE: until all agents have it there.
await() {
  tries=0
  while [ "$(told "$1")" -lt "$agents" ]; do
    tries=$((tries + 1))
    if [ "$tries" -gt 3000 ]; then
      echo "recovery: $(told "$1") of $agents $1" >&2
      tail -n 3 "$scene/log" >&2
      exit 1
    fi
    sleep 0.1
  done
}

# one_round LEVEL: prints the milliseconds to the first event and to the last adoption.
one_round() {
  rm -rf "$scene/repo" "$scene/repo.pianola"
  cp -a "$scene/start" "$scene/repo"
  cd "$scene/repo"
  "$PIANOLA" run "$scene/plan.yaml" --jobs "$agents" --isolation "$1" --approve --promote leave --plain >"$scene/log" 2>&1 &
  await agent_spawned
  kill -KILL $!
  wait $! 2>/dev/null || :
  # In the order in which they were started; the shells that run the script, and nobody around them.
  kill -USR1 $(pgrep -f "^/bin/sh $scene/repo/.git/pianola/runs/r1/agents/[0-9a-f]*/agent.sh")
  sleep 1
  if [ "$(told agent_progressed)" -ne 0 ]; then echo "recovery: an agent spoke too early" >&2; exit 1; fi
  begun=$(date +%s%N)
  "$PIANOLA" resume --approve --plain >"$scene/log" 2>&1 &
  await agent_progressed
  cat .git/pianola/runs/r1/journal/*.jsonl | awk -F'"' -v begun="$begun" '
    { for (i = 1; i < NF; i++) { if ($i == "at") t = $(i + 2); if ($i == "type") { what = $(i + 2); break } } }
    what == "supervisor_started" { first = t } what == "agent_progressed" { last = t }
    END { printf "%.0f %.0f\n", (first - begun) / 1e6, (last - begun) / 1e6 }'
  "$PIANOLA" stop --all --now >"$scene/log" 2>&1 || :
  wait
  cd "$scene"
}

first= bare= sealed=
i=0
while [ "$i" -lt "$rounds" ]; do
  set -- $(one_round none) && first="$first $1" bare="$bare $2"
  set -- $(one_round sealed) && sealed="$sealed $2"
  i=$((i + 1))
done
[ -n "$sealed" ] || exit 1

first_ms=$(median $first) bare_ms=$(median $bare) sealed_ms=$(median $sealed)
load=$(cut -d' ' -f1 /proc/loadavg)
echo "recovery: $agents living agents, medians of $rounds rounds from the start of resume; load $load"
printf '  %-28s %7s ms\n' 'its first event' "$first_ms"
printf '  %-28s %7s ms (wanted: at most 1,000)\n' 'all adopted, bare' "$bare_ms"
printf '  %-28s %7s ms (wanted: at most 1,000)\n' 'all adopted, sealed' "$sealed_ms"
append_figures recovery.csv 'date,commit,cores,load,rounds,agents,first_ms,bare_ms,sealed_ms' \
  "$(stamp),$load,$rounds,$agents,$first_ms,$bare_ms,$sealed_ms"
