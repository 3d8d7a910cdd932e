#!/bin/sh
# Plans that would cost much are refused with their place: each `pianola check` has 256 MB of address space and ten
# seconds.
set -eu
# The address sanitizer wants more than that before it begins.
(ulimit -v 262144; exec "$PIANOLA_BINARY" version) >/dev/null 2>&1 || exit 77
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cd "$home"

# repeated TEXT BYTES
repeated() { yes "$1" | tr -d '\n' | head -c "$2"; }
most=15900000

{ echo 'a0: &a0 [l, l, l, l, l, l, l, l, l]'; for i in 1 2 3 4 5 6; do
  b="*a$((i - 1))"; echo "a$i: &a$i [$b, $b, $b, $b, $b, $b, $b, $b, $b]"; done; } >laughs.yaml
echo 'tasks: &x [*x]' >itself.yaml
repeated '[' 1000000 >deep.yaml
cp deep.yaml deep.json
repeated '{"a":' 1000000 >objects.json
repeated x 500000 | sed 's/x/- /g' >dashes.yaml
{ echo 'tasks:'; seq -f '- {id: t%.0f}' 1000000; } >tasks.yaml
{ printf 'tasks:\n  - {id: a, verification: [./t], files_write: [a0'; seq -f ',a%.0f' 1000000 | tr -d '\n'; echo ']}'; } >paths.yaml
repeated x $most >line.yaml
{ printf 'tasks: ['; repeated '{id: a},' $most; echo ']'; } >flow.yaml
{ printf '"'; repeated '\\' $most; } >escapes.yaml
yes 'k: v' | head -c $most >keys.yaml
{ echo 'tasks:'; yes 'x' | sed 's/x/- \&a x/' | head -c $most; } >anchors.yaml
truncate -s 1G huge.yaml

inputs=0
refused=0
longest=0
for plan in *; do
  inputs=$((inputs + 1))
  begun=$(date +%s%N)
  code=0
  (ulimit -v 262144; exec timeout 10 "$PIANOLA_BINARY" check "$plan") >out 2>err || code=$?
  took=$((($(date +%s%N) - begun) / 1000000))
  [ "$took" -le "$longest" ] || longest=$took
  if [ "$code" -eq 3 ] && grep -qE "^$plan:(([0-9]+:[0-9]+):)? " err; then
    refused=$((refused + 1))
  else
    echo "$plan: exit $code after $took ms: $(head -c 200 err)"
  fi
done
echo "guarantee: G21 | plans that would cost much | inputs $inputs, refused within 256 MB $refused, longest ms $longest"
[ "$inputs" -eq "$refused" ]
