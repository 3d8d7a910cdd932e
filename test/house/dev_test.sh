#!/bin/sh
# ./dev: what it lists, and what it refuses.
set -eu
cd "$PIANOLA_SOURCE_DIR"

fail() {
  echo "$1" >&2
  exit 1
}

listed=$(./dev | awk '/^  [a-z]/ { printf "%s ", $1 }')
[ "$listed" = "demo test quick build bench campaign format tidy fuzz help " ] || fail "./dev lists: $listed"
[ "$(./dev help)" = "$(./dev)" ] || fail "./dev help differs from ./dev"
for word in $listed; do
  grep -qE "^  ([a-z]+ \| )*$word( \|[a-z| -]*)?\)" dev || fail "./dev lists $word but has no branch for it"
done

code=0
text=$(./dev colours 2>&1 >/dev/null) || code=$?
[ "$code" = 2 ] || fail "an unknown word ends with $code"
[ "$(echo "$text" | head -n 1)" = "dev: no word named colours" ] || fail "an unknown word says: $text"

code=0
text=$(./dev format --colours 2>&1) || code=$?
[ "$code" = 2 ] || fail "an unknown argument of format ends with $code"
[ "$text" = "dev format: unknown argument --colours; only --check is known" ] || fail "format says: $text"
