#!/bin/sh
# The main job, on a throw-away copy of examples/shop: demo.sh [--agent NAME] [more options of `run`].
# PIANOLA_BINARY names the program, PIANOLA_DEMO_DIR the folder.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
pianola=${PIANOLA_BINARY:-$here/../build/pianola}
folder=${PIANOLA_DEMO_DIR:-$(mktemp -d "${TMPDIR:-/tmp}/pianola-demo.XXXXXX")}
# Where Landlock keeps agents in and root starts them, they are nobody, who must be able to pass.
[ -n "${PIANOLA_DEMO_DIR:-}" ] || chmod 755 "$folder"
shop=$folder/shop
rm -rf "$shop" "$shop.pianola"
mkdir -p "$folder"
cp -R "$here/shop" "$shop"
cd "$shop"
export GIT_CONFIG_GLOBAL=/dev/null
git init -q -b main
git config user.name "pianola demo"
git config user.email "demo@localhost"
git add -A
git commit -q -m "Start the shop"
echo "demo   $shop, a copy of examples/shop"
code=0
"$pianola" run tasks.yaml --allow-unsandboxed --approve --promote checkout "$@" || code=$?
if [ "$code" -ne 0 ]; then
  echo "demo   pianola ended with exit $code; look: cd $shop && $pianola status --all"
  exit "$code"
fi
echo "main   $(git log --first-parent --format=%s main | wc -l) steps, newest first:"
git log --first-parent --format='       %s' main
echo "tests  on main:"
./run-tests | sed 's/^/       /'
git diff --quiet HEAD || { echo "demo   the checkout is not clean"; exit 1; }
echo "demo   done; it is yours to look at: cd $shop"
