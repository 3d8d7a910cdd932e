#!/bin/sh
# landing.sh [PAIRS [TASKS]]: what landing a task costs beside the git commands it takes. Runs of pianola with one
# and with two jobs take turns with by_hand.sh on fresh copies of one repository of 1,000 files; medians and ratios.
set -eu
bench=$(cd "$(dirname "$0")" && pwd)
. "$bench/scene.sh"
find_program
pairs=${1:-20}
tasks=${2:-10}
scene_open landing
make_repository "$scene/start" 1000
make_plan "$scene/plan.yaml" "$tasks"

# fresh NAME: a copy to work on, whose index knows its files.
fresh() {
  rm -rf "$scene/$1" "$scene/$1.pianola"
  cp -a "$scene/start" "$scene/$1"
  git -C "$scene/$1" status --porcelain
}

by_pianola() {
  (cd "$scene/$1" && "$PIANOLA" run "$scene/plan.yaml" --jobs "$2" --isolation none --approve --promote checkout --plain) \
    >"$scene/log" 2>&1 || { cat "$scene/log" >&2; exit 1; }
}

by_hand() {
  sh "$bench/by_hand.sh" "$scene/$1" "$tasks" >"$scene/log" 2>&1 || { cat "$scene/log" >&2; exit 1; }
}

# landed NAME: all files are on main and in the checkout, or the figure means nothing.
landed() {
  found=$(git -C "$scene/$1" ls-tree -r --name-only main work | grep -c task)
  if [ "$found" -ne "$tasks" ] || [ -n "$(git -C "$scene/$1" status --porcelain)" ]; then
    echo "landing: $1 did not land everything" >&2
    exit 1
  fi
}

# commands NAME COMMAND...: the git commands of a run, without what differs from run to run.
commands() {
  name=$1
  shift
  "$@" || exit 1
  sed -n 's/^[0-9]* *execve("[^"]*\/bin\/git", \["[^"]*", \(.*\)\], 0x.*/\1/p' "$scene/trace" |
    sed "s,$scene/$name,REPO,g; s/[0-9a-f]\{40\}/ID/g; s,source\.[a-z0-9]*,source,g" | sort >"$scene/$name.commands"
}

# same_commands: true when both ways issue the same ones; not known without strace.
same_commands() {
  strace -f -qq -o "$scene/trace" -e trace=execve true 2>/dev/null || { echo unknown; return; }
  fresh pianola
  fresh hand
  traced="strace -f -qq -s 4000 -e trace=execve -e signal=none -o $scene/trace"
  cd "$scene/pianola"
  commands pianola $traced "$PIANOLA" run "$scene/plan.yaml" --jobs 1 --isolation none --approve --promote checkout --plain \
    >"$scene/log"
  cd "$scene/hand"
  commands hand $traced sh "$bench/by_hand.sh" "$scene/hand" "$tasks" >"$scene/log" 2>&1
  cd "$scene"
  if diff "$scene/pianola.commands" "$scene/hand.commands" >"$scene/difference"; then echo yes; else echo no; fi
}

# time_ms NAME COMMAND...
time_ms() {
  fresh "$1"
  name=$1
  shift
  before=$(now_ms)
  "$@" || exit 1
  echo $(($(now_ms) - before))
  landed "$name" || exit 1
}

same=$(same_commands)
if [ "$same" = no ]; then
  echo "landing: by_hand.sh issues other git commands than pianola does (count, < pianola, > by hand):" >&2
  grep '^[<>]' "$scene/difference" | sed 's/"-c", "[^"]*", //g' | sort | uniq -c >&2
  exit 1
fi

one= two= hand=
i=0
while [ "$i" -lt "$pairs" ]; do
  one="$one $(time_ms pianola by_pianola pianola 1)"
  hand="$hand $(time_ms hand by_hand hand)"
  two="$two $(time_ms pianola by_pianola pianola 2)"
  i=$((i + 1))
done

ratio() {
  awk "BEGIN { printf \"%.2f\", $1 / $2 }"
}

per_task() {
  awk "BEGIN { printf \"%.0f\", $1 / $tasks }"
}

one_ms=$(median $one)
two_ms=$(median $two)
hand_ms=$(median $hand)
one_ratio=$(ratio "$one_ms" "$hand_ms")
two_ratio=$(ratio "$two_ms" "$hand_ms")
load=$(cut -d' ' -f1 /proc/loadavg)
echo "landing: $tasks tasks, 1,000 files, medians of $pairs rounds; the same git commands: $same; load $load"
printf '  %-22s %6s ms a task\n' 'by hand' "$(per_task "$hand_ms")"
printf '  %-22s %6s ms a task   ratio %s (wanted: at most 1.3)\n' 'pianola --jobs 1' "$(per_task "$one_ms")" "$one_ratio"
printf '  %-22s %6s ms a task   ratio %s (wanted: below 1)\n' 'pianola --jobs 2' "$(per_task "$two_ms")" "$two_ratio"
append_figures landing.csv 'date,commit,cores,load,rounds,tasks,hand_ms,jobs1_ms,jobs2_ms,jobs1_ratio,jobs2_ratio' \
  "$(stamp),$load,$pairs,$tasks,$hand_ms,$one_ms,$two_ms,$one_ratio,$two_ratio"
