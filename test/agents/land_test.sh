#!/bin/sh
# The real agent CLIs, unmodified, land a two-task plan each against a scripted model on loopback.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d "${TMPDIR:-/tmp}/pianola-land.XXXXXX")
trap 'rm -rf "$folder"' EXIT
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 XDG_RUNTIME_DIR="$folder/runtime" XDG_STATE_HOME="$folder/state"
mkdir -p "$XDG_RUNTIME_DIR"

make_repository() {
  mkdir "$1"
  cd "$1"
  git init -q -b main
  git config user.name Ada
  git config user.email ada@localhost
  cat > tasks.yaml <<'PLAN'
tasks:
  - id: alpha
    description: write alpha.txt with the word alpha
    files_write: [alpha.txt]
    verification: [{command: grep -qx alpha alpha.txt, type: test}]
  - id: beta
    description: copy alpha.txt to beta.txt
    files_write: [beta.txt]
    depends_on: [alpha]
    verification: [{command: cmp alpha.txt beta.txt, type: test}]
PLAN
}

programs=$("$here/../../tools/install-agents" --path) || exit 77
# Where there is no seal the CLIs lie, with the home of whoever tests, where a worker of root may not pass.
case $("$PIANOLA_BINARY" doctor --attacks --json) in
  *'"sealed":{"holds":true'*) level=sealed ;;
  *) level=none ;;
esac
echo "isolation $level"
for agent in claude codex gemini qwen opencode; do
  [ -x "$programs/$agent" ] || { echo "$agent is not installed here"; continue; }
  make_repository "$folder/$agent"
  [ "$agent" != opencode ] || printf 'agents: {opencode: {kind: opencode, config_dir: %s}}\n' "$folder/homes/opencode" > .pianola.yaml
  git add -A
  git commit -q -m start
  code=0
  sh "$here/with_model.sh" "$here/scenarios/land.json" --log "$folder/$agent.log" --homes "$folder/homes" -- \
    "$PIANOLA_BINARY" run --agent "$agent" --isolation "$level" --approve --promote checkout --jobs 2 || code=$?
  [ "$code" -ne 77 ] || exit 77
  if [ "$code" -ne 0 ]; then
    echo "$agent: pianola ended with exit $code"
    "$PIANOLA_BINARY" status --all || true
    "$PIANOLA_BINARY" logs alpha || true
    cat "$folder/$agent.log" | cut -c 1-300
    exit 1
  fi
  git log --first-parent --format=%s main > "$folder/steps"
  printf 'Merge beta: copy alpha.txt to beta.txt\nMerge alpha: write alpha.txt with the word alpha\nstart\n' |
    cmp - "$folder/steps"
  cmp alpha.txt beta.txt
  [ -z "$(git status --porcelain)" ]
  # Its own words and its usage are in the record.
  "$PIANOLA_BINARY" status --json | grep -q '"in":[1-9]'
  echo "$agent landed two tasks"
done
