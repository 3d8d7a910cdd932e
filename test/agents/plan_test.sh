#!/bin/sh
# The real claude, unmodified: asked for a plan it errs twice and is told so; the plan is risky, is edited and
# approved by a person, and lands by the same CLI. The model is scripted, on loopback.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d "${TMPDIR:-/tmp}/pianola-plan.XXXXXX")
trap 'rm -rf "$folder"' EXIT
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 XDG_RUNTIME_DIR="$folder/runtime" XDG_STATE_HOME="$folder/state"
mkdir -p "$XDG_RUNTIME_DIR"

programs=$("$here/../../tools/install-agents" --path) || exit 77
[ -x "$programs/claude" ] || { echo 'claude is not installed here'; exit 77; }
# Where there is no seal the CLIs lie, with the home of whoever tests, where a worker of root may not pass.
case $("$PIANOLA_BINARY" doctor --attacks --json) in
  *'"sealed":{"holds":true'*) level=sealed ;;
  *) level=none ;;
esac
echo "isolation $level"

# with_claude WORD...: pianola with these words, beside the model.
with_claude() {
  sh "$here/with_model.sh" "$here/scenarios/plan.json" --log "$folder/log" --homes "$folder/homes" -- "$PIANOLA_BINARY" "$@"
}

# expect CODE WORD...: that exit code, or everything that could tell why not.
expect() {
  expected=$1 code=0
  shift
  with_claude "$@" >"$folder/out" 2>&1 || code=$?
  cat "$folder/out"
  [ "$code" -ne 77 ] || exit 77
  [ "$code" -eq "$expected" ] && return
  echo "pianola $1: exit $code, expected $expected"
  "$PIANOLA_BINARY" status --all || true
  cut -c 1-300 "$folder/log"
  exit 1
}

mkdir "$folder/r"
cd "$folder/r"
git init -q -b main
git config user.name Ada
git config user.email ada@localhost
printf 'roles: {worker: {agent: claude}}\napproval: {auto_approve_threshold: 10}\n' >.pianola.yaml
git add -A
git commit -q -m start

expect 0 plan 'Add a login' --agent claude --isolation "$level" --approve --plain
grep -q 'tasks.yaml  2 tasks in 3 tries of r1' "$folder/out"
grep -q '^risk  *20 REQUIRES REVIEW' "$folder/out"
[ "$(git rev-parse main)" = "$(git rev-parse HEAD)" ] && [ -f execution-plan.md ]
expect 6 run --isolation "$level" --plain
grep -q 'needs your approval' "$folder/out"
sed -i 's/Show it/Show the page/' tasks.yaml
expect 0 approve --yes --isolation "$level"
expect 0 run --isolation "$level" --promote checkout --plain
git log --first-parent --format=%s main | cmp - /dev/fd/3 3<<'END'
Merge page: Show the page
Merge login: Write the login
start
END
grep -qx page page.txt
echo 'claude planned and landed two tasks'
