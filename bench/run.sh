#!/bin/sh
# run.sh [NAME...]: the figures of this folder, all or those named: landing check socket journal fold. The programs
# stand in build/release (./dev bench builds them). What each figure is: README.md.
set -eu
bench=$(cd "$(dirname "$0")" && pwd)
programs=${PIANOLA_BENCH_PROGRAMS:-$bench/../build/release}
export PIANOLA_BINARY="${PIANOLA_BINARY:-$programs/pianola}"
export PIANOLA_SOCKET_BENCH="$programs/socket_bench"

echo "pianola $(git -C "$bench" rev-parse --short HEAD 2>/dev/null || echo unknown), $(date -u +%Y-%m-%d)," \
  "$(getconf _NPROCESSORS_ONLN) cores, $(git --version), load $(cut -d' ' -f1-3 /proc/loadavg)"
[ $# -gt 0 ] || set -- landing check socket journal fold
failed=0
for name in "$@"; do
  case "$name" in
    landing | check | socket) sh "$bench/$name.sh" || failed=1 ;;
    journal | fold)
      echo "$name:"
      "$programs/${name}_bench" 2>/dev/null | awk '/^(Benchmark|fold|append)/ { print "  " $0 }' || failed=1
      ;;
    *)
      echo "run.sh: no figure named $name; there are landing check socket journal fold" >&2
      exit 2
      ;;
  esac
done
exit "$failed"
