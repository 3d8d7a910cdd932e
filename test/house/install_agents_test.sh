#!/bin/sh
# tools/install-agents with an npm of our own making: which claude and opencode it links, and what it says when npm fails.
set -eu
box=$(mktemp -d)
trap 'rm -rf "$box"' EXIT
mkdir "$box/bin" "$box/cache"
for tool in sh cat sha256sum cut dirname mkdir mktemp rm cp chmod touch mv readlink ln grep; do
  ln -s "$(command -v "$tool")" "$box/bin/$tool"
done

fake() {
  cat >"$box/bin/$1"
  chmod +x "$box/bin/$1"
}
echo 'exit 0' | fake node
echo 'echo x86_64' | fake uname
# As npm 9 does it: the packages of both C libraries, whatever their "libc" says.
fake npm <<'END_OF_NPM'
#!/bin/sh
[ -z "${FAILS-}" ] || { echo "npm $FAILS code E404"; exit 1; }
for libc in '' -musl; do
  mkdir -p "node_modules/@anthropic-ai/claude-code-linux-x64$libc" node_modules/.bin
  touch "node_modules/@anthropic-ai/claude-code-linux-x64$libc/claude"
  chmod +x "node_modules/@anthropic-ai/claude-code-linux-x64$libc/claude"
done
mkdir -p node_modules/opencode-linux-x64/bin
touch node_modules/opencode-linux-x64/bin/opencode
chmod +x node_modules/opencode-linux-x64/bin/opencode
END_OF_NPM

# linked GETCONF [PROGRAM]: where the linked program, else claude, leads on a machine whose getconf ends so.
linked() {
  echo "exit $1" | fake getconf
  programs=$(XDG_CACHE_HOME=$box/cache PATH=$box/bin "$PIANOLA_SOURCE_DIR/tools/install-agents" --path \
    2>"$box/said") || return
  readlink "$programs/${2:-claude}"
}
check() {
  # check WHAT EXPECTED FOUND
  [ "$2" = "$3" ] || {
    printf '%s: expected\n%s\nfound\n%s\n' "$1" "$2" "$3" >&2
    exit 1
  }
}

for spelling in error ERR!; do
  code=0
  FAILS=$spelling linked 0 || code=$?
  check 'npm fails' "3 install-agents: skipped: npm ci failed: npm $spelling code E404" "$code $(tail -n 1 "$box/said")"
done
check 'with glibc' ../@anthropic-ai/claude-code-linux-x64/claude "$(linked 0)"
check 'with musl, and a link that was wrong' ../@anthropic-ai/claude-code-linux-x64-musl/claude "$(linked 1)"
check 'opencode' ../opencode-linux-x64/bin/opencode "$(linked 0 opencode)"
echo 'echo riscv64' | fake uname
code=0
linked 0 || code=$?
check 'elsewhere' \
  '3 install-agents: skipped: no native claude for linux-riscv64 in the lock file' \
  "$code $(tail -n 1 "$box/said")"
