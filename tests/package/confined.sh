#!/usr/bin/env bash
# Runs a test whose daemons are closed off as the unit says (as-unit.py): confined.sh UNIT TOP BUILD COMMAND…, or skips it, in TAP.
# All that the test puts into temporary folders is in one that the unit's ReadWritePaths= would name.
set -euo pipefail
unit=$1 top=$2 build=$3
shift 3

skip() {
  echo "1..0 # SKIP $1"
  exit
}
((EUID == 0)) || skip 'not root, who alone can close somebody off'
command -v systemd-analyze >/dev/null || skip 'there is no systemd-analyze, which knows the sets of system calls'

TMPDIR=$(mktemp -d /var/tmp/conclave-confined.XXXXXX)
trap 'rm -rf "$TMPDIR"' EXIT
export TMPDIR
export CONCLAVE_UNDER="python3 -B $top/tests/package/as-unit.py $unit --write $TMPDIR --read $top --read $build --"
# Where a machine does not let root do that, either. A unit that as-unit.py does not know is another matter.
if ! $CONCLAVE_UNDER true 2>"$TMPDIR/error"; then
  ! grep -q '^ValueError' "$TMPDIR/error" || { cat "$TMPDIR/error" && exit 1; }
  skip "$(tail -n 1 "$TMPDIR/error")"
fi
"$@"
