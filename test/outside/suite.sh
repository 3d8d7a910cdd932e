#!/bin/sh
# suite.sh [PATTERN]: what outside_test.sh asks of one run, asked of the test suite: its tests that run agents in a
# seal (transcripts take one here, whether or not they print the same then) go on under strace, and no git may be
# started outside a seal where a worker was. Part of ./dev campaign; needs a built `check`.
set -eu
cd "$(dirname "$0")/../.."
pattern=${1:-'^(agents/(land|network)_test|setup/|cli/.*/(doctor|follow|full|gc|ignored|network|odd_agents|promote|remedies|repair|setup|side_commits|staged_rename|stop|troubles|undo|warnings)( |$))'}
traces=$(mktemp -d)
trap 'rm -rf "$traces"' EXIT
PIANOLA_TRANSCRIPT_ISOLATION=sealed strace -f -y -v --pidns-translation -s 4000 -e signal=none -o "$traces/all" \
  -e 'trace=execve,chdir,fchdir,?mkdir,mkdirat,?clone,?clone3,?fork,?vfork' \
  ctest --preset check -j 2 -R "$pattern" >"$traces/ctest" 2>&1 || :
grep -E 'tests passed|tests failed' "$traces/ctest"
awk -v apart= -f test/outside/outside.awk "$traces/all" "$traces/all" >"$traces/found"
gits=$(sed -n 's/^seen //p' "$traces/found")
found=$(grep -c '^at ' "$traces/found" || :)
seals=$(grep -c 'execve("[^"]*/bwrap", .* = 0$' "$traces/all" || :)
echo "guarantee: G11 | the same over the suite | seals $seals, gits outside a seal $gits, in workspaces $found"
grep '^at ' "$traces/found" | cut -c 1-400 | head -n 20
[ "$gits" -gt 1000 ] && [ "$seals" -gt 100 ] && [ "$found" -eq 0 ]
