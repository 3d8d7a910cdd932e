#!/bin/sh
# attempt.sh [ROUNDS]: what an attempt costs before its agent does anything, and on disk. Runs of one task take turns:
# sealed and bare in a repository of 50 files, sealed in one of 20,000 against `git clone --shared`. Times are those of
# the journal; the agent tells when its first line runs.
set -eu
bench=$(cd "$(dirname "$0")" && pwd)
. "$bench/scene.sh"
find_program
rounds=${1:-11}
scene_open attempt

# The check fails, so that the workspace is there afterwards.
make_scene_repository() {
  make_repository "$1" "$2"
  printf '#!/bin/sh\ndate +%%s%%N\nsleep 0.1\n' >"$1/agent.sh"
  git -C "$1" commit -qam "Tell when it starts"
}
make_scene_repository "$scene/small" 50
make_scene_repository "$scene/large" 20000
{
  echo 'tasks:'
  echo '  - {id: one, description: Nothing, files_write: [work/one.txt], attempts: 1,'
  echo '     verification: [{command: [test, -f, work/one.txt]}]}'
} >"$scene/plan.yaml"

# one_run REPOSITORY LEVEL NETWORK: prints the milliseconds that the workspace took, and from the order to start
# the agent to its first line.
one_run() {
  cd "$scene/$1"
  sed -i "s/argv: .*\]/argv: [.\/agent.sh], network: $3/; s/, network: [a-z]*, network/, network/" .pianola.yaml
  "$PIANOLA" run "$scene/plan.yaml" --jobs 1 --isolation "$2" --approve --promote leave --plain >"$scene/log" 2>&1 || :
  run=$(ls -t .git/pianola/runs | grep '^r' | head -n 1)
  first=$(head -n 1 ".git/pianola/runs/$run/attempts/one.1/out")
  [ -n "$first" ] || { cat "$scene/log" >&2; exit 1; }
  awk -F'"' -v first="$first" '
    { at[$14 == "" ? $0 : ""] = 0; for (i = 1; i < NF; i++) { if ($i == "at") t = $(i + 2); if ($i == "type") what = $(i + 2) } }
    what == "attempt_started" { begun = t } what == "workspace_made" { made = t } what == "agent_launched" { asked = t }
    END { printf "%.2f %.2f\n", (made - begun) / 1e6, (first - asked) / 1e6 }' ".git/pianola/runs/$run/journal/00000001.jsonl"
  cd "$scene"
}

clone_ms() {
  rm -rf "$scene/clone"
  before=$(date +%s%N)
  git clone -q --shared "$scene/large" "$scene/clone"
  awk "BEGIN { printf \"%.2f\", ($(date +%s%N) - $before) / 1e6 }"
}

bare= none= open= model= made= clone= start=
i=0
while [ "$i" -lt "$rounds" ]; do
  set -- $(one_run small none open) && bare="$bare $2"
  set -- $(one_run small sealed none) && none="$none $2"
  set -- $(one_run small sealed open) && open="$open $2"
  set -- $(one_run small sealed model) && model="$model $2"
  set -- $(one_run large sealed none) && made="$made $1" start="$start $2"
  clone="$clone $(clone_ms)"
  i=$((i + 1))
done

# What an attempt takes on disk beyond its files: the clone's own .git, HOME, records.
workspace=$(ls -d "$scene"/large.pianola/r*/one.1 | head -n 1)
checkout_kb=$(du -sk --exclude=.git "$workspace" | cut -f1)
all_kb=$(du -sk "$workspace" "$workspace.home" "$scene"/large/.git/pianola/runs/r1/attempts "$scene"/large/.git/pianola/runs/r1/gates 2>/dev/null | awk '{ s += $1 } END { print s }')
more_kb=$((all_kb - checkout_kb))

over() {
  awk "BEGIN { printf \"%+.1f\", $1 - $2 }"
}
bare_ms=$(median $bare) none_ms=$(median $none) open_ms=$(median $open) model_ms=$(median $model)
made_ms=$(median $made) clone_ms=$(median $clone) start_ms=$(median $start)
ratio=$(awk "BEGIN { printf \"%.2f\", $made_ms / $clone_ms }")
load=$(cut -d' ' -f1 /proc/loadavg)
echo "attempt: medians of $rounds rounds; load $load"
printf '  %-28s %7s ms from the order to the first line\n' 'bare' "$bare_ms"
printf '  %-28s %7s ms   %s (wanted: at most +10)\n' 'sealed, network none' "$none_ms" "$(over "$none_ms" "$bare_ms")"
printf '  %-28s %7s ms   %s\n' 'sealed, network open' "$open_ms" "$(over "$open_ms" "$bare_ms")"
printf '  %-28s %7s ms   %s\n' 'sealed, network model' "$model_ms" "$(over "$model_ms" "$bare_ms")"
printf '  %-28s %7s ms\n' 'sealed, 20,000 files' "$start_ms"
printf '  %-28s %7s ms\n' 'git clone --shared, 20,000' "$clone_ms"
printf '  %-28s %7s ms   ratio %s (wanted: at most 1.15)\n' 'workspace, 20,000' "$made_ms" "$ratio"
printf '  %-28s %7s kB (wanted: at most 3,000)\n' 'on disk beyond the checkout' "$more_kb"
append_figures attempt.csv 'date,commit,cores,load,rounds,bare_ms,none_ms,open_ms,model_ms,large_ms,workspace_ms,clone_ms,ratio,more_kb' \
  "$(stamp),$load,$rounds,$bare_ms,$none_ms,$open_ms,$model_ms,$start_ms,$made_ms,$clone_ms,$ratio,$more_kb"
