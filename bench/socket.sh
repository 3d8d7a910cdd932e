#!/bin/sh
# socket.sh [ROUNDS]: records a second through the admin socket of a living supervisor with 64 clients in flight,
# against a bare loop that writes and syncs the same batches (socket_bench.cc).
set -eu
bench=$(cd "$(dirname "$0")" && pwd)
. "$bench/scene.sh"
find_program
rounds=${1:-21}
clients=64
records=6400
client=$(bench_program socket_bench)

scene_open socket
repo=$scene/repo
make_repository "$repo" 10
make_plan "$scene/plan.yaml" 1
# The agent waits for a byte, so that the run goes on for as long as it is measured.
mkfifo "$scene/gate"
printf '#!/bin/sh\nread -r byte <"%s"\n' "$scene/gate" >"$repo/agent.sh"
cd "$repo"
"$PIANOLA" run "$scene/plan.yaml" --jobs 1 --isolation none --approve --promote leave --plain >"$scene/log" 2>&1 &
supervisor=$!
scene_keeps="$supervisor"

# The agent has started when the journal says so.
journal=$repo/.git/pianola/runs/r1/journal
tries=0
until grep -qs '"type":"agent_spawned"' "$journal/00000001.jsonl"; do
  tries=$((tries + 1))
  if [ "$tries" -gt 300 ] || ! kill -0 "$supervisor" 2>/dev/null; then
    cat "$scene/log" >&2
    exit 1
  fi
  sleep 0.1
done

for socket in "$XDG_RUNTIME_DIR"/pianola/*/r*; do break; done
"$client" "$supervisor" "$socket" "$journal" "$(task_name 1)" "$clients" "$records" "$rounds" >"$scene/rounds"
"$PIANOLA" stop --all --now >"$scene/stopped" 2>&1 || { cat "$scene/stopped" >&2; exit 1; }
wait "$supervisor" || :
scene_keeps=

# Of each round "records batches supervisor_ms bare_ms".
column() {
  median $(awk "{ print $1 }" "$scene/rounds")
}

rounded() {
  awk "BEGIN { printf \"%.$2f\", $1 }"
}

ours=$(rounded "$(column '$1 / $3 * 1000')" 0)
bare=$(rounded "$(column '$1 / $4 * 1000')" 0)
batch=$(rounded "$(column '$1 / $2')" 1)
ratio=$(rounded "$(column '$4 / $3')" 2)
load=$(cut -d' ' -f1 /proc/loadavg)
echo "socket: $clients clients in flight, $records records a round, medians of $rounds rounds; load $load"
printf '  %-22s %6s records a second, %s in a batch\n' 'supervisor' "$ours" "$batch"
printf '  %-22s %6s records a second   ratio %s (wanted: at least 0.8)\n' 'bare loop' "$bare" "$ratio"
append_figures socket.csv 'date,commit,cores,load,rounds,clients,records,supervisor_per_s,bare_per_s,batch,ratio' \
  "$(stamp),$load,$rounds,$clients,$records,$ours,$bare,$batch,$ratio"
