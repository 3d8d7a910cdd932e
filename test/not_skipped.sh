#!/bin/sh
# test/not_skipped.sh LOG PIANOLA: fails when a test in ctest's LOG was skipped for want of a level of isolation that
# PIANOLA says holds on this machine. Such tests begin their reason with "no seal here: " or "no Landlock here: ".
set -eu
log=$1
pianola=$2
levels=$("$pianola" doctor --attacks --json) || true
case "$levels" in *'"sealed":{"holds":'*'"landlock":{"holds":'* | *'"landlock":{"holds":'*'"sealed":{"holds":'*) ;; *)
  echo "not_skipped.sh: doctor does not say which levels hold: $levels" >&2
  exit 1
  ;;
esac
holds() { case "$levels" in *"\"$1\":{\"holds\":true"*) return 0 ;; esac; return 1; }
skipped() {
  awk -v reason="^$1" '
    /^[0-9]+\/[0-9]+ Testing: / { name = $3 }
    $0 ~ reason && !(name in told) { told[name] = 1; print name ": " $0 }' "$log"
}
verdict=0
tell() {
  holds "$1" || { echo "isolation $1 does not hold here; tests of it may be skipped"; return 0; }
  names=$(skipped "$2")
  [ -n "$names" ] || { echo "isolation $1 holds here, and no test of it was skipped"; return 0; }
  echo "isolation $1 holds here, and yet these were skipped:" >&2
  echo "$names" >&2
  verdict=1
}
tell sealed "no seal here: "
tell landlock "no Landlock here: "
exit "$verdict"
