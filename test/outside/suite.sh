#!/bin/sh
# suite.sh [NAME...]: what outside_test.sh asks of one run, asked of every test that runs the program with agents, all of
# them sealed (transcripts take one here, whether or not they print the same then): each goes on under strace, and no
# git may be started outside a seal where a worker was. A trace for each. Part of ./dev campaign; needs a built `check`.
set -eu
cd "$(dirname "$0")/../.."
[ $# -gt 0 ] || set -- agents/land_test agents/network_test setup/setup_test setup/caches_test \
  $(cd test/cli && for page in *.t; do echo "cli/${page%.t}"; done)
seconds_max=240
traces=$(mktemp -d)
trap 'rm -rf "$traces"' EXIT
seals=0 gits=0 found=0
for name; do
  case "$name" in cli/*) pattern="prints_what_is_written/${name#cli/} " ;; *) pattern="^$name\$" ;; esac
  # Agents of a transcript may wait for files that a seal keeps from them: what is left ends with the namespace.
  PIANOLA_TRANSCRIPT_ISOLATION=sealed timeout -s KILL "$seconds_max" \
    unshare --pid --fork --kill-child=KILL --mount-proc \
    strace -f -y -v --pidns-translation -s 4000 -e signal=none -o "$traces/all" \
    -e 'trace=execve,chdir,fchdir,?mkdir,mkdirat,?clone,?clone3,?fork,?vfork' \
    ctest --preset check -R "$pattern" >"$traces/ctest" 2>&1 || :
  awk -v apart= -f test/outside/outside.awk "$traces/all" "$traces/all" >"$traces/found"
  of_it=$(sed -n 's/^seals //p' "$traces/found")
  echo "$name: seals $of_it, gits outside a seal $(sed -n 's/^seen //p' "$traces/found"), $(grep -c '^at ' "$traces/found" || :) in workspaces"
  grep '^at ' "$traces/found" | cut -c 1-400 | head -n 20 || :
  seals=$((seals + of_it))
  gits=$((gits + $(sed -n 's/^seen //p' "$traces/found")))
  found=$((found + $(grep -c '^at ' "$traces/found" || :)))
done
echo "guarantee: G11 | the same over the suite | seals $seals, gits outside a seal $gits, in workspaces $found"
[ "$gits" -gt 1000 ] && [ "$seals" -gt 100 ] && [ "$found" -eq 0 ]
