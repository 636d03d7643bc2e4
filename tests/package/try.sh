#!/usr/bin/env bash
# Lives with the package in a Debian of its own, as an operator does: install, configure, run, upgrade, remove, purge.
#
#   tests/package/base BASE     once
#   tests/package/try.sh BASE PACKAGE.deb
#
# Needs root, and BASE: a Debian that finds its packages (apt). It is copied, not changed; the copy is deleted. systemd does not run
# in there: stand-in/systemctl starts what the units say, on a network that has nothing but an address of its own. Prints TAP, and how
# long a newcomer waits for each command of docs/operator.md. Where there are no arguments, CONCLAVE_PACKAGE_BASE and CONCLAVE_PACKAGE name both.
set -euo pipefail

top=$(realpath "$(dirname "$0")/../..")
. "$top/tests/package/lib.sh"
. "$top/tests/package/newcomer.sh"
. "$top/tests/package/life.sh"

usage() {
  sed -n '2,10s/^# \{0,1\}//p' "$0"
  exit 2
}

# What follows runs in namespaces of its own: mounts and processes end with it.
if [[ ${1:-} == --inside ]]; then
  root=$2 package=$3
  mount --bind /dev "$root/dev"
  mount -t proc proc "$root/proc"
  mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
  mount -t tmpfs -o mode=755 tmpfs "$root/run"
  make_network
  newcomer
  renew
  look_at_it
  run_it
  record_it
  upgrade_it
  leave_it
  echo "1..$tests"
  ((failures == 0))
  exit
fi

if (($# == 0)) && [[ -z ${CONCLAVE_PACKAGE_BASE:-} || -z ${CONCLAVE_PACKAGE:-} ]]; then
  echo '1..0 # SKIP CONCLAVE_PACKAGE_BASE and CONCLAVE_PACKAGE name no Debian and no package'
  exit
fi
base=${1:-${CONCLAVE_PACKAGE_BASE:-}} package=${2:-${CONCLAVE_PACKAGE:-}}
[[ -d $base/etc && -f $package ]] || usage
((EUID == 0)) || { echo 'try.sh: not root' >&2 && exit 2; }
# As under chroot, whose root is no mount: what is mounted in here could be seen outside.
refusal=$(unshare --mount true 2>&1) || { echo "1..0 # SKIP $refusal" && exit; }
root=$(mktemp -d "${TMPDIR:-/var/tmp}/conclave-package.XXXXXX")
trap 'rm -rf --one-file-system "$root"' EXIT
cp -a "$base/." "$root/"
unshare --mount --pid --fork --kill-child --mount-proc "$0" --inside "$root" "$(realpath "$package")"
