# What the scripts of this folder measure on; they read it with `.` and have PIANOLA set to the program.
# The home, the state and the sockets are the scene's own, so that nothing of the user's takes part.

# scene_open NAME: makes a folder on a real disk (/tmp may be memory, where a sync is free), leaves it in
# $scene and removes it when the script ends.
scene_open() {
  scene=$(mktemp -d "${PIANOLA_BENCH_DIR:-/var/tmp}/pianola-$1.XXXXXX")
  trap 'scene_close' EXIT
  trap 'exit 130' INT TERM HUP
  mkdir "$scene/home" "$scene/sockets"
  chmod 700 "$scene/sockets"
  export HOME="$scene/home" XDG_STATE_HOME="$scene/home/state" XDG_CONFIG_HOME="$scene/home/config"
  export XDG_RUNTIME_DIR="$scene/sockets"
  export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 LC_ALL=C.UTF-8 TZ=UTC
}

# Whoever keeps processes alive in the scene says so in $scene_keeps; they are ended first.
scene_close() {
  for pid in ${scene_keeps:-}; do kill "$pid" 2>/dev/null || :; done
  [ -n "${PIANOLA_BENCH_KEEP:-}" ] || rm -rf "$scene"
}

# needs_seal: ends the script with 77 (skipped) where isolation sealed does not hold.
needs_seal() {
  case $("$PIANOLA" doctor --attacks --json) in *'"sealed":{"holds":true'*) return 0 ;; esac
  echo "no seal here: doctor says so"
  exit 77
}

# make_repository FOLDER FILES: a repository with one commit of that many small files, fifty in a folder, and
# the agent that make_plan names.
make_repository() {
  mkdir -p "$1/work"
  awk -v folder="$1" -v files="$2" 'BEGIN {
    for (i = 0; i < files; i++) {
      name = sprintf("%s/part%02d", folder, i / 50)
      if (i % 50 == 0) system("mkdir -p " name)
      name = sprintf("%s/file%04d.txt", name, i)
      for (line = 0; line < 20; line++) printf "file %d line %d of some twenty\n", i, line > name
      close(name)
    }
  }'
  echo "tasks write here" >"$1/work/README"
  cat >"$1/agent.sh" <<'END'
#!/bin/sh
set -e
echo done >"work/$PIANOLA_TASK.txt"
git add "work/$PIANOLA_TASK.txt"
git commit -q -m "Do $PIANOLA_TASK"
END
  chmod +x "$1/agent.sh"
  printf 'agents:\n  scripted: {kind: command, argv: [./agent.sh]}\n' >"$1/.pianola.yaml"
  git -C "$1" init -q -b main
  git -C "$1" config user.name bench
  git -C "$1" config user.email bench@localhost
  git -C "$1" config gc.auto 0
  git -C "$1" add -A
  git -C "$1" commit -q -m "Start"
  git -C "$1" gc -q
}

task_name() {
  printf 'task%03d' "$1"
}

# make_plan FILE TASKS: tasks that depend on nothing; each writes a file of its own and is checked by one grep.
make_plan() {
  {
    echo 'tasks:'
    i=1
    while [ "$i" -le "$2" ]; do
      name=$(task_name "$i")
      echo "  - id: $name"
      echo "    description: Write work/$name.txt"
      echo "    files_write: [work/$name.txt]"
      echo "    verification: [{command: [grep, -q, done, work/$name.txt]}]"
      i=$((i + 1))
    done
    echo 'post_merge_checks: [{command: [grep, -q, tasks, work/README]}]'
  } >"$1"
}

# make_chain FILE TASKS: the same tasks, each after the one before.
make_chain() {
  make_plan "$1.side_by_side" "$2"
  awk '/- id:/ { id = $3 } { print } /description:/ && before != "" { print "    depends_on: [" before "]" }
    /verification:/ { before = id }' "$1.side_by_side" >"$1"
}

now_ms() {
  echo "$(($(date +%s%N) / 1000000))"
}

# median NUMBER...
median() {
  printf '%s\n' "$@" | sort -n | awk '{ v[NR] = $1 } END { print (v[int((NR + 1) / 2)] + v[int((NR + 2) / 2)]) / 2 }'
}

# What a line of figures starts with: date, commit, cores.
stamp() {
  here=$(git -C "$bench" rev-parse --short=12 HEAD 2>/dev/null || echo unknown)
  git -C "$bench" diff --quiet HEAD -- "$bench/../src" 2>/dev/null || here=$here+
  echo "$(date -u +%Y-%m-%dT%H:%M:%SZ),$here,$(getconf _NPROCESSORS_ONLN)"
}

# append_figures FILE HEADER LINE: to $bench/results, under a header when the file is new.
append_figures() {
  mkdir -p "$bench/results"
  [ -f "$bench/results/$1" ] || echo "$2" >"$bench/results/$1"
  echo "$3" >>"$bench/results/$1"
}

# bench_program NAME: where a program of the release build is.
bench_program() {
  found=${PIANOLA_BENCH_PROGRAMS:-$bench/../build/release}/$1
  [ -x "$found" ] || { echo "no program at $found; build it: ./dev bench" >&2; exit 2; }
  echo "$found"
}

# find_program: the program to measure, in $PIANOLA: what PIANOLA_BINARY names, else the release.
find_program() {
  PIANOLA=${PIANOLA_BINARY:-$(bench_program pianola)} || exit 2
  [ -x "$PIANOLA" ] || { echo "no program at $PIANOLA" >&2; exit 2; }
}
