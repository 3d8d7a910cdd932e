#!/bin/sh
# A test of a level that holds may not be skipped; where it does not hold, it may.
set -eu
script=$PIANOLA_SOURCE_DIR/test/not_skipped.sh
folder=$(mktemp -d "${TMPDIR:-/tmp}/pianola-skipped.XXXXXX")
trap 'rm -rf "$folder"' EXIT
fail() { echo "$1" >&2; cat "$folder/said" >&2; exit 1; }
says() { printf '#!/bin/sh\necho '\''%s'\''\nexit %s\n' "$1" "$2" > "$folder/pianola"; chmod +x "$folder/pianola"; }
judge() {
  code=0
  sh "$script" "$folder/log" "$folder/pianola" > "$folder/said" 2>&1 || code=$?
}
cat > "$folder/log" <<'LOG'
1/3 Testing: world/Fine.holds
Output:
[       OK ] it says: there is no seal here: not at the line's beginning
2/3 Testing: redteam/RedTeam.nothing_gets_out_of_the_seal
Output:
/x.cc:5: Skipped
no seal here: bubblewrap: bwrap is not on PATH
[  SKIPPED ] RedTeam.nothing_gets_out_of_the_seal (0 ms)
3/3 Testing: world/Other.holds
LOG

says '{"sealed":{"holds":true},"landlock":{"holds":true}}' 0
judge
[ "$code" = 1 ] || fail "a sealed test was skipped, and the code is $code"
grep -q '^redteam/RedTeam.nothing_gets_out_of_the_seal: no seal here: ' "$folder/said" || fail "it is not named"
[ "$(grep -c '^[a-z]*/' "$folder/said")" = 1 ] || fail "others are named, too"

says '{"sealed":{"holds":false,"why":""},"landlock":{"holds":true}}' 0
judge
[ "$code" = 0 ] || fail "without a seal it may be skipped, and the code is $code"

says '{"sealed":{"holds":false,"why":""},"landlock":{"holds":false,"why":""}}' 5
judge
[ "$code" = 0 ] || fail "without any level the code is $code"

sed -i 's/^no seal here/no Landlock here/' "$folder/log"
says '{"sealed":{"holds":true},"landlock":{"holds":true}}' 0
judge
[ "$code" = 1 ] || fail "a test of Landlock was skipped, and the code is $code"
