#!/bin/sh
# tools/install against a machine of our own making: which packages it finds missing and what it then runs.
set -eu
install=$PIANOLA_SOURCE_DIR/tools/install
box=$(mktemp -d)
trap 'rm -rf "$box"' EXIT
mkdir "$box/bin"
for tool in sh env grep awk cat rm; do ln -s "$(command -v "$tool")" "$box/bin/$tool"; done

fake() {
  cat >"$box/bin/$1"
  chmod +x "$box/bin/$1"
}
fake id <<'END'
#!/bin/sh
cat "$BOX/uid"
END
fake dpkg-query <<'END'
#!/bin/sh
for last; do :; done
grep -qx "$last" "$BOX/installed" && echo installed || exit 1
END
fake apt-cache <<'END'
#!/bin/sh
grep -qx "$2" "$BOX/known"
END
fake apt-get <<'END'
#!/bin/sh
case "$*" in
  '-s install'*) cat "$BOX/removals"; exit 0 ;;
esac
echo "apt-get[$DEBIAN_FRONTEND] $*" >>"$BOX/ran"
if [ "$1" = install ] && [ -f "$BOX/fail_once" ]; then rm "$BOX/fail_once"; exit 100; fi
END

fresh() {
  echo 0 >"$box/uid"
  printf '%s\n' git clang-format-14 libgtest-dev librapidcheck-dev >"$box/known"
  : >"$box/installed"
  : >"$box/removals"
  : >"$box/ran"
  rm -f "$box/bin/sudo" "$box/fail_once"
}
run() {
  code=0
  BOX=$box PATH=$box/bin "$box/bin/sh" "$install" "$@" >"$box/out" 2>&1 || code=$?
}
check() {
  # check WHAT EXPECTED FOUND
  [ "$2" = "$3" ] || {
    printf '%s: expected\n%s\nfound\n%s\n' "$1" "$2" "$3" >&2
    exit 1
  }
}
installing='env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends'
ran='apt-get[noninteractive] install -y --no-install-recommends'

fresh
printf '%s\n' git clang-format-14 >"$box/installed"
run format
check 'nothing missing' "0" "$code$(cat "$box/out" "$box/ran")"

fresh
echo git >"$box/installed"
run format
check 'root: what it says' "pianola needs packages that are missing: clang-format-14 
+ $installing clang-format-14" "$(cat "$box/out")"
check 'root: what it runs' "$ran clang-format-14" "$(cat "$box/ran")"

fresh
: >"$box/known"
run format
check 'empty package lists' "apt-get[noninteractive] update
$ran git clang-format-14" "$(cat "$box/ran")"

fresh
touch "$box/fail_once"
run format
check 'old package lists' "0 $ran git clang-format-14
apt-get[noninteractive] update
$ran git clang-format-14" "$code $(cat "$box/ran")"

fresh
echo 'Remv libboost1.74-dev [1.74.0]' >"$box/removals"
run format
check 'another Boost in the way' \
  'This replaces: libboost1.74-dev (Debian keeps one version of the Boost headers at a time; pianola needs 1.81)' \
  "$(grep replaces "$box/out")"

fresh
echo 1000 >"$box/uid"
run format
check 'neither root nor sudo' "5 pianola needs packages that are missing: git clang-format-14 
tools/install: not root and sudo is missing; as root, run:
  apt-get install -y --no-install-recommends git clang-format-14 " "$code $(cat "$box/out")"
check 'neither root nor sudo: runs nothing' "" "$(cat "$box/ran")"

fake sudo <<'END'
#!/bin/sh
echo sudo >>"$BOX/ran"
exec "$@"
END
run format
check 'sudo' "0 sudo
$ran git clang-format-14" "$code $(cat "$box/ran")"

fresh
run colours
check 'unknown group' "2 tools/install: no group named colours; groups are build test agents bench format tidy fuzz" \
  "$code $(cat "$box/out")"

fresh
rm "$box/bin/dpkg-query"
run format
check 'not Debian' \
  "0 tools/install: this is not Debian; pianola needs what these packages hold: git clang-format-14" \
  "$code $(cat "$box/out")"
