#!/bin/sh
# test/bare/run.sh [demo|test|contained]...: words of ./dev on a fresh Debian 12. Without a word: test, then demo, then
# contained, which is both once more as root in a container: without user namespaces, with the capabilities that
# containers have by default.
#
# Shows that a shell, git and ca-certificates are all a machine must have: a chroot of debootstrap's smallest variant
# gets a clone of this repository's HEAD, and ./dev brings the rest itself.
#
# Needs root, debootstrap, and an apt that is set up for bookworm. The chroot gets the host's configuration of apt and
# npm, its name servers and its certificates, and from the environment only proxies, certificates and npm_config_*.
# PIANOLA_BARE=DIR makes the chroot in DIR and keeps it; otherwise it is a folder under /var/tmp that is removed.
#
# The last line of each step says how long it took. On two cores shared with other compilers: 38 s for the system, 625 s
# for test (packages 150, build 330, ctest 136), 628 s for demo (all but 22 of it the build).
set -eu
release=bookworm
root=$(cd "$(dirname "$0")/../.." && pwd)

fail() {
  echo "bare: $1" >&2
  exit "${2:-1}"
}

for word in "$@"; do
  case "$word" in
    demo | test | contained) ;;
    *) fail "$word: expected demo, test or contained" 2 ;;
  esac
done
[ $# -gt 0 ] || set -- test demo contained
[ "$(id -u)" -eq 0 ] || fail 'not root; chroot needs root' 5
command -v debootstrap >/dev/null || fail 'debootstrap is missing: apt-get install debootstrap' 5

if [ -n "${PIANOLA_BARE:-}" ]; then
  bare=$PIANOLA_BARE
  [ ! -e "$bare" ] || fail "$bare is there already; a fresh system wants a new folder" 2
  mkdir "$bare"
else
  bare=$(mktemp -d /var/tmp/pianola-bare.XXXXXX)
  trap 'rm -rf --one-file-system "$bare"' EXIT
  trap 'exit 130' INT TERM
fi
chmod 755 "$bare"

# step WHAT COMMAND...
step() {
  what=$1
  shift
  began=$(date +%s)
  code=0
  "$@" || code=$?
  echo "bare: $what: exit $code after $(($(date +%s) - began)) s"
  return "$code"
}

make_system() {
  mirror=$(apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' |
    awk -v release="$release" '$1 == release && $2 == "main" { print $3; exit }')
  [ -n "$mirror" ] || fail "apt is not set up for $release"
  # Its own log is in the folder and goes with it.
  debootstrap --variant=minbase --include=ca-certificates,git "$release" "$bare" "$mirror" >/dev/null ||
    { tail -n 20 "$bare/debootstrap/debootstrap.log"; return 1; }
}

# If FILE of the host is there, the chroot has it too.
hand() {
  for file in "$@"; do
    [ ! -e "$file" ] || { mkdir -p "$bare$(dirname "$file")" && cp -RL "$file" "$bare$(dirname "$file")"; }
  done
}

hand_configuration() {
  rm -rf "$bare/etc/apt"
  hand /etc/apt /usr/share/keyrings /etc/resolv.conf /etc/hosts /usr/local/share/ca-certificates /etc/npmrc \
    /usr/etc/npmrc
  [ ! -e ~/.npmrc ] || cp ~/.npmrc "$bare/root/"
  chroot "$bare" update-ca-certificates >/dev/null 2>&1
}

# What stays of root in a container (capabilities(7)); no CAP_SYS_ADMIN, so no mounts and no namespaces.
container='-all,+chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid,+setpcap,+net_bind_service,+net_raw,+sys_chroot,+mknod,+audit_write,+setfcap'

# enter installed|contained COMMAND...: in the fresh system, with mounts that end with it and next to no environment.
# The kernel refuses user namespaces in a plain chroot, as containers do, but not on an installed system, where the
# folder becomes the root of its mounts.
enter() {
  case "$1" in
    installed) into='pivot_root . mnt; umount -l /mnt; set -- env -i "$@"' ;;
    contained) into='set -- setpriv --bounding-set "$container" --inh-caps "$container" chroot . env -i "$@"' ;;
  esac
  shift
  for name in $(env | sed -n 's/^\([A-Za-z_][A-Za-z0-9_]*\)=.*/\1/p' | sort -u |
    grep -ixE 'npm_config_.*|(http|https|all|no)_proxy|node_extra_ca_certs|ssl_cert_(file|dir)'); do
    eval "set -- \"$name=\$$name\" \"\$@\""
  done
  container=$container unshare --mount --propagation private sh -euc '
    mount --bind "$0" "$0"
    cd "$0"
    mount -t proc proc proc
    mount --rbind /dev dev
    '"$into"'
    exec "$@"' "$bare" PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb "$@"
}

step 'a fresh system' make_system
hand_configuration
step 'a clone of HEAD' git clone -q --no-local "$root" "$bare/root/pianola"
echo "bare: commit $(git -C "$bare/root/pianola" rev-parse --short HEAD), in $bare"
for word in "$@"; do
  case "$word" in
    contained)
      for inner in test demo; do
        step "./dev $inner, contained" enter contained sh -c "cd /root/pianola && exec ./dev $inner"
      done
      ;;
    *) step "./dev $word" enter installed sh -c "cd /root/pianola && exec ./dev $word" ;;
  esac
done
