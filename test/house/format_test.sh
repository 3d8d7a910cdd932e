#!/bin/sh
# Every C++ file is as clang-format 14 leaves it (`./dev format` mends), and a file that is not is seen.
set -eu
cd "$PIANOLA_SOURCE_DIR"

if printf 'int  a ;\n' | clang-format-14 --dry-run -Werror --assume-filename=src/a.cc 2>/dev/null; then
  echo "clang-format lets a planted offence pass" >&2
  exit 1
fi

folders=
for folder in src sim test fuzz bench; do
  [ ! -d "$folder" ] || folders="$folders $folder"
done
find $folders \( -name '*.cc' -o -name '*.h' \) -type f -print | sort >"${TMPDIR:-/tmp}/format-$$"
trap 'rm -f "${TMPDIR:-/tmp}/format-$$"' EXIT
[ "$(wc -l <"${TMPDIR:-/tmp}/format-$$")" -gt 20 ]
xargs clang-format-14 --dry-run -Werror <"${TMPDIR:-/tmp}/format-$$"
