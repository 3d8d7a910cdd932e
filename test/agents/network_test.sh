#!/bin/sh
# A sealed agent that needs an endpoint: without leave the run pauses and names it, with leave it lands.
set -eu
folder=$(mktemp -d "${TMPDIR:-/tmp}/pianola-network.XXXXXX")
trap 'kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
server=
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 XDG_RUNTIME_DIR="$folder/runtime" XDG_STATE_HOME="$folder/state"
mkdir -p "$XDG_RUNTIME_DIR"

# A service of this machine: says one word to whoever connects.
perl -MSocket -e 'socket(S, AF_INET, SOCK_STREAM, 0); bind(S, sockaddr_in(0, INADDR_LOOPBACK)); listen(S, 9);
  open(F, ">", "$ARGV[0].new"); print F (sockaddr_in(getsockname(S)))[0]; close(F); rename("$ARGV[0].new", $ARGV[0]);
  while (accept(C, S)) { syswrite(C, "word\n"); close(C) }' "$folder/port" &
server=$!
tries=0
while [ ! -s "$folder/port" ]; do
  tries=$((tries + 1))
  [ $tries -le 600 ] || { echo 'the service did not start'; exit 1; }
  sleep 0.05
done
port=$(cat "$folder/port")

mkdir "$folder/r"
cd "$folder/r"
git init -q -b main
git config user.name Ada
git config user.email ada@localhost
cat > agent.sh <<'AGENT'
#!/bin/bash
# Through the proxy, and at the port itself, which is there only when it is allowed.
exec 3<>"/dev/tcp/127.0.0.1/${HTTPS_PROXY##*:}"
printf 'CONNECT 127.0.0.1:%s HTTP/1.1\r\n\r\n' "$1" >&3
read -r line <&3
case $line in *' 200 '*) ;; *) echo "refused: $line"; exit 3 ;; esac
exec 4<>"/dev/tcp/127.0.0.1/$1"
read -r word <&4
echo "$word" > a.txt
AGENT
chmod +x agent.sh
configure() { printf 'agents: {mine: {kind: command, argv: [./agent.sh, "%s"]%s}}\n' "$port" "$1" > .pianola.yaml; }
configure ''
echo 'tasks: [{id: a, files_write: [a.txt], verification: [{command: grep -qx word a.txt, type: test}]}]' > tasks.yaml
git add -A
git commit -q -m start

code=0
"$PIANOLA_BINARY" run --approve --promote checkout --isolation sealed > "$folder/said" 2>&1 || code=$?
if [ "$code" -eq 5 ] && grep -q 'no seal for agents' "$folder/said"; then
  echo "no seal here: $(cat "$folder/said")"
  exit 77
fi
fail() { echo "$*"; cat "$folder/said"; "$PIANOLA_BINARY" logs a || true; exit 1; }
[ "$code" -eq 6 ] || fail "run ended with exit $code, not 6"
"$PIANOLA_BINARY" status > "$folder/status"
grep -q "does not go on without 127.0.0.1:$port" "$folder/status" || { cat "$folder/status"; fail 'it does not say what is needed'; }
grep -q "\"port\":$port,\"verdict\":\"refused\"" .git/pianola/runs/r1/attempts/a.1/net.jsonl || fail 'it is not written down'

configure ", allow: [\"127.0.0.1:$port\"]"
code=0
"$PIANOLA_BINARY" resume > "$folder/said" 2>&1 || code=$?
[ "$code" -eq 6 ] && grep -q "reach 127.0.0.1:$port" "$folder/said" || fail 'more was to be reached, and trust was not asked for'
"$PIANOLA_BINARY" resume --approve > "$folder/said" 2>&1 || true
git show refs/pianola/staging/r1:a.txt 2>/dev/null | grep -qx word || fail 'it did not land'
grep -q "\"port\":$port,\"verdict\":\"allowed\"" .git/pianola/runs/r1/attempts/a.*/net.jsonl || fail 'the connection is not written down'
echo "paused without 127.0.0.1:$port, landed with it"
