#!/bin/sh
# run.sh [NAME...]: the figures of this folder, all or those named: landing check socket journal fold attempt
# recovery memory. Each has a script of its own name, which takes the number of rounds. The programs stand in
# build/release, where ./dev bench puts them, or in PIANOLA_BENCH_PROGRAMS. What each figure is: README.md.
set -eu
bench=$(cd "$(dirname "$0")" && pwd)
[ $# -gt 0 ] || set -- landing check socket journal fold attempt recovery memory
for name in "$@"; do
  case "$name" in
    landing | check | socket | journal | fold | attempt | recovery | memory) ;;
    *)
      echo "run.sh: no figure named $name; there are landing check socket journal fold attempt recovery memory" >&2
      exit 2
      ;;
  esac
done

echo "pianola $(git -C "$bench" rev-parse --short HEAD 2>/dev/null || echo unknown), $(date -u +%Y-%m-%d)," \
  "$(getconf _NPROCESSORS_ONLN) cores, $(git --version), load $(cut -d' ' -f1-3 /proc/loadavg)"
failed=0
for name in "$@"; do
  sh "$bench/$name.sh" || failed=1
done
exit "$failed"
