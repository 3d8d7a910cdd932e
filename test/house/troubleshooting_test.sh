#!/bin/sh
# Every block of docs/troubleshooting.md stands, line after line, in the transcript that is named above it; and the
# check itself sees a line that does not.
set -eu
page=$PIANOLA_SOURCE_DIR/docs/troubleshooting.md

# stale PAGE: prints the blocks that are in their transcript no more.
stale() {
  awk -v folder="$PIANOLA_SOURCE_DIR/test/cli/" '
    function content(name, text, line) {
      if (name in known) return known[name]
      text = "\n"
      while ((getline line < (folder name)) > 0) { sub(/ \(glob\)$/, "", line); text = text line "\n" }
      return known[name] = text
    }
    /^<!-- .*\.t -->$/ { name = $2; next }
    /^```$/ && !inside { inside = 1; block = "\n"; next }
    /^```$/ {
      inside = 0
      blocks++
      if (name == "" || !index(content(name), block)) print "not in " name ":" block
      next
    }
    inside { block = block $0 "\n" }
    END { if (blocks < 15) print "only " blocks + 0 " blocks" }' "$1"
}

found=$(stale "$page")
[ -z "$found" ] || { echo "$found"; exit 1; }
planted=$(mktemp)
trap 'rm -f "$planted"' EXIT
sed 's/^no end$/no end at all/' "$page" >"$planted"
[ -n "$(stale "$planted")" ] || { echo "a line that no transcript has is not seen"; exit 1; }
