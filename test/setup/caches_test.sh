#!/bin/sh
# Real npm in a sealed gate: no network, and yet `npm ci` installs what the user's own cache holds; what it does not
# hold is refused at once. The cache is the user's: not a byte of it changes.
#
# Exit code 77 (skipped) where there is no seal, or no npm.
set -eu
bench=$PIANOLA_SOURCE_DIR/bench
. "$bench/scene.sh"
find_program
needs_seal
command -v npm >/dev/null || { echo "SKIPPED: npm is not installed"; exit 77; }

scene_open caches
fail() { echo "caches_test.sh: $1" >&2; cat "$scene"/out* >&2 2>/dev/null || :; exit 1; }
export HOME="$scene/home"
mkdir -p "$HOME" "$scene/registry/dep"

# A registry with one package, on loopback.
mkdir "$scene/package"
printf '{"name": "dep", "version": "1.0.0", "main": "index.js"}\n' >"$scene/package/package.json"
printf 'module.exports = "from the cache";\n' >"$scene/package/index.js"
tar -C "$scene" -czf "$scene/dep-1.0.0.tgz" package
cat >"$scene/registry.py" <<'E'
import base64, hashlib, http.server, json, sys
pack = open(sys.argv[1], "rb").read()
class Registry(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_): pass
    def do_GET(self):
        here = "http://127.0.0.1:%d" % self.server.server_address[1]
        if self.path.endswith(".tgz"): body, kind = pack, "application/octet-stream"
        elif self.path.startswith("/dep"):
            dist = {"tarball": here + "/dep/-/dep-1.0.0.tgz",
                    "integrity": "sha512-" + base64.b64encode(hashlib.sha512(pack).digest()).decode()}
            body = json.dumps({"name": "dep", "dist-tags": {"latest": "1.0.0"},
                               "versions": {"1.0.0": {"name": "dep", "version": "1.0.0", "dist": dist}}}).encode()
            kind = "application/json"
        else: return self.send_error(404)
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
server = http.server.HTTPServer(("127.0.0.1", 0), Registry)
print(server.server_address[1], flush=True)
server.timeout = 300
while True: server.handle_request()
E
python3 "$scene/registry.py" "$scene/dep-1.0.0.tgz" >"$scene/port" &
scene_keeps=$!
while ! [ -s "$scene/port" ]; do sleep 0.05; done

repo=$scene/repo
make_repository "$repo" 5
cd "$repo"
mkdir -p work
printf '{"name": "shop", "version": "1.0.0", "private": true}\n' >package.json
printf 'node_modules\n' >.gitignore
npm install --silent --no-audit --no-fund --registry "http://127.0.0.1:$(cat "$scene/port")" dep >"$scene/out1" 2>&1 ||
  fail "npm cannot install from loopback"
kill "$scene_keeps"
scene_keeps=
rm -rf node_modules
cat >agent.sh <<'E'
#!/bin/sh
npm ci --ignore-scripts && node -p 'require("dep")' >work/a.txt
E
cat >tasks.yaml <<'E'
tasks:
  - id: a
    files_write: [work/a.txt]
    verification:
      - {command: "npm ci --ignore-scripts && test \"$(node -p 'require(\"dep\")')\" = 'from the cache' && ! npm install other 2>&1"}
E
git add -A
git commit -q -m "Need a package"
before=$(find "$HOME/.npm/_cacache" -type f -exec sha256sum {} + | sort)
"$PIANOLA" run --approve --promote checkout --plain >"$scene/out2" 2>&1 || {
  find .git/pianola/runs/r1 -name out -o -name err | xargs tail -n 30 >>"$scene/out2"
  fail "npm ci does not work from the cache"
}
[ "$(cat work/a.txt)" = "from the cache" ] || fail "the agent did not get the package"
grep -q ENOTCACHED .git/pianola/runs/r1/gates/a.1.candidate/1/out || fail "npm does not know that it is offline"
after=$(find "$HOME/.npm/_cacache" -type f -exec sha256sum {} + | sort)
[ "$before" = "$after" ] || fail "the user's cache has changed"
echo "npm ci: from the user's cache, without network, in 1 agent and 2 gates"
