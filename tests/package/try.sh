#!/usr/bin/env bash
# Lives with the package in a Debian of its own, as an operator does: install, configure, run, upgrade, remove, purge.
#
#   debootstrap --variant=minbase --include=ca-certificates bookworm BASE     once, as root
#   tests/package/try.sh BASE PACKAGE.deb
#
# Needs root, and BASE: a Debian that finds its packages (apt). It is copied, not changed; the copy is deleted. systemd does not run
# in there: the daemon is started with what the unit says, as its user, on a network that has nothing but loopback. Prints TAP.
# Where there are no arguments, CONCLAVE_PACKAGE_BASE and CONCLAVE_PACKAGE name both.
set -euo pipefail

state=/var/lib/conclave
conf=/etc/conclave/conclave.conf
unit=/lib/systemd/system/conclave.service

usage() {
  sed -n '2,9s/^# \{0,1\}//p' "$0"
  exit 2
}

# in_root COMMAND ARGUMENT…: in the copy, with nothing of this environment.
in_root() {
  chroot "$root" /usr/bin/env -i HOME=/root LANG=C.UTF-8 TERM=dumb DEBIAN_FRONTEND=noninteractive \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"
}

apt() { in_root apt-get -q -y "$@" </dev/null; }

tests=0 failures=0
# check WHAT COMMAND…: one test; its output only where it fails.
check() {
  local what=$1
  shift
  tests=$((tests + 1))
  if "$@" >"$root/check.log" 2>&1; then
    echo "ok $tests - $what"
  else
    failures=$((failures + 1))
    echo "not ok $tests - $what"
    tail -n 30 "$root/check.log" | sed 's/^/  # /'
  fi
}

not() { ! "$@"; }
there() { [[ -e $root$1 ]]; }

# mode_is PATH TEXT: owner, group and mode, as `stat` says.
mode_is() {
  local is
  is=$(in_root stat -c '%U:%G %a' "$1")
  [[ $is == "$2" ]] || {
    echo "$1: $is, not $2"
    return 1
  }
}

# of_unit KEY: what the unit says, without the dash of what may be missing.
of_unit() { sed -n "s/^$1=-\{0,1\}//p" "$root$unit" | head -n 1; }

# as_unit LINE: runs a command line of the unit as systemd would; what it says goes into daemon.log.
as_unit() {
  local user line
  user=$(of_unit User)
  read -ra line <<<"$1"
  umask "$(of_unit UMask)"
  "${alone[@]}" chroot "$root" /usr/bin/env -i LANG=C.UTF-8 PATH=/usr/bin:/bin CREDENTIALS_DIRECTORY=/run/credentials/conclave.service \
    setpriv --reuid "$user" --regid "$user" --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all "${line[@]}" \
    >>"$root/daemon.log" 2>&1 </dev/null
}

# start: what the unit has made before it starts, and waits for the daemon to listen.
start() {
  local user secret tries credentials=/run/credentials/conclave.service
  user=$(of_unit User)
  in_root install -d -m "$(of_unit StateDirectoryMode)" -o "$user" -g "$user" "$state"
  in_root install -d -m "$(of_unit RuntimeDirectoryMode)" -o "$user" -g "$user" "/run/$(of_unit RuntimeDirectory)"
  in_root install -d -m 0500 -o "$user" -g "$user" "$credentials"
  for secret in $(in_root ls /etc/conclave/secrets); do
    in_root install -m 0400 -o "$user" -g "$user" "/etc/conclave/secrets/$secret" "$credentials/secret_$secret"
  done
  : >"$root/daemon.log"
  (as_unit "$(of_unit ExecStartPre)") && { (as_unit "$(of_unit ExecStart)") & daemon=$!; }
  for ((tries = 0; tries < 600; tries++)); do
    ! grep -q '^listening on ' "$root/daemon.log" || return 0
    sleep 0.1
  done
  cat "$root/daemon.log"
  return 1
}

# running PROGRAM: the ids of its processes in the copy; nobody else is in this namespace.
running() {
  local process
  for process in /proc/[0-9]*; do
    [[ $(readlink "$process/exe" 2>/dev/null) != *"$1" ]] || echo "${process#/proc/}"
  done
}

# stop: as systemd does, and says what came of it.
stop() {
  local id
  id=$(running /usr/sbin/conclaved)
  [[ -n $id ]] || return 1
  kill -TERM "$id"
  wait "$daemon"
}

ctl() { in_root conclavectl --socket "$state/admin.sock" "$@"; }
fetch() { "${alone[@]}" chroot "$root" /usr/bin/curl --silent --insecure --resolve meet.example.org:443:127.0.0.1 "$@"; }
status_is() { [[ $(fetch --output /dev/null --write-out '%{http_code}' "$2") == "$1" ]]; }
says() { grep -q -- "$1" <<<"$("${@:2}" 2>&1)"; }

# within SECONDS COMMAND…: whether it comes to succeed.
within() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < end)) || return 1
    sleep 0.2
  done
}

media_runs_as_user() {
  local id
  id=$(running /usr/libexec/conclave/conclave-media | head -n 1)
  [[ -n $id && $(stat -c %u "/proc/$id") == "$(in_root id -u conclave)" ]]
}

# next_package: PACKAGE once more, newer and with a line more in its configuration.
next_package() {
  local tree=$root/next
  version=$(dpkg-deb --field "$root/conclave.deb" Version)+next
  dpkg-deb --raw-extract "$root/conclave.deb" "$tree"
  sed -i "s/^Version: .*/Version: $version/" "$tree/DEBIAN/control"
  echo '# A line that came with the next version.' >>"$tree$conf"
  dpkg-deb --root-owner-group -Znone --build "$tree" "$root/next.deb" >/dev/null
  rm -rf "$tree"
}

install_it() {
  # Nothing that comes along starts a service.
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
  chmod 755 "$root/usr/sbin/policy-rc.d"
  check 'the lists of packages are there' apt update
  check 'it installs, with what it depends on and recommends' apt install /conclave.deb
  check 'what the test itself needs' apt install --no-install-recommends curl gstreamer1.0-tools
  check 'no server comes along' not there /usr/sbin/nginx
  check 'nginx beside it' apt install --no-install-recommends nginx
  check 'nothing of it is for building' not says '-dev$' in_root dpkg-query -W -f="\${Package}\n"
  check 'it is whole' in_root dpkg --verify conclave
}

# every element of the pipelines that are installed is there, in a system that has what the package depends on
elements() {
  local element found=0 missing=0
  for element in $(in_root sh -c 'sed -e "s/#.*//" /usr/share/conclave/pipelines/*.launch' | tr '!' '\n' |
    sed -n 's/^[[:space:]]*\([a-z][a-z0-9_]*\)\([[:space:]].*\)\{0,1\}$/\1/p' | sort -u); do
    found=$((found + 1))
    in_root gst-inspect-1.0 --exists "$element" || { echo "no element $element" && missing=1; }
  done
  ((found > 15 && missing == 0))
}

look_at_it() {
  local file
  for file in /usr/bin/conclavectl /usr/sbin/conclaved /usr/libexec/conclave/conclave-{media,render,sip} "$unit" \
    /usr/lib/{sysusers,tmpfiles}.d/conclave.conf /usr/share/conclave/{web/index.html,po/de.json,prompts/en,pipelines} \
    /usr/share/bash-completion/completions/conclavectl "$conf" \
    /usr/share/doc/conclave/{copyright,changelog.gz,README.md,docs/operator.md.gz} \
    /usr/share/doc/conclave/examples/{coturn.conf.in,nginx/conclave.conf,nginx/stream.conf,fail2ban/conclave.conf,fail2ban/jail.conf,prometheus/alerts.yml}; do
    check "there is $file" in_root test -e "$file"
  done
  for file in conclavectl.1 conclave.conf.5 conclaved.8 conclave-{media,render,sip}.8; do
    check "there is a page $file" in_root sh -c "dpkg -L conclave | grep -q '/man/man[158]/$file'"
  done
  check 'the configuration is a file that operators may change' says "^$conf\$" in_root cat /var/lib/dpkg/info/conclave.conffiles
  check 'there is the user, who cannot log in' says '/usr/sbin/nologin$' in_root getent passwd conclave
  check 'secrets are root'\''s' mode_is /etc/conclave/secrets 'root:root 700'
  check 'recordings are readable by nginx' mode_is /var/lib/conclave-recordings 'conclave:www-data 2750'
  check 'documents are readable by nginx' mode_is /var/lib/conclave-documents 'conclave:www-data 2750'
  check 'the unit starts with the machine' in_root test -e /etc/systemd/system/multi-user.target.wants/conclave.service
  check 'all elements of the pipelines are there' elements
  check 'the configuration that comes with it is right' in_root conclaved --config "$conf" --check-config
  in_root sed 's/^listen = 127.*/listen = nowhere/' "$conf" >"$root/wrong.conf"
  check 'a wrong one is told' not in_root conclaved --config /wrong.conf --check-config
}

run_it() {
  check 'it starts as its user, by what the unit says' start
  check 'who it is' says '^conclave$' in_root stat -c %U "/proc/$(running /usr/sbin/conclaved)"
  check 'its state is closed' mode_is "$state" 'conclave:conclave 700'
  check 'a room is made' ctl room create --kind standard --title Weekly --json
  check 'and a Boardroom' ctl room create --kind boardroom --title Board --json
  check 'it is healthy' status_is 200 https://127.0.0.1:8443/health
  check 'the start page answers' status_is 200 https://127.0.0.1:8443/
  check 'it is the page' says '<html' fetch https://127.0.0.1:8443/
  check 'a media process waits, as the same user' within 60 media_runs_as_user
  check 'it says how it is' ctl status
  check 'a backup is made' ctl backup
  check 'it ends when it is told to' stop
}

# As docs/operator.md has it: nginx in front, by the example that comes along, and a secret of coturn's.
put_nginx_in_front() {
  echo 'a secret of thirty-two characters.' >"$root/etc/conclave/secrets/turn"
  sed -i -e 's/^listen = 127.*/listen = 127.0.0.1:8080/' -e 's/^tls = .*/tls = false/' -e 's/^trusted-proxy = .*/trusted-proxy = loopback/' \
    -e 's|^public-url =.*|public-url = https://meet.example.org|' -e '0,/^servers =.*/s//servers = turn:%h:3478/' \
    -e '0,/^secret-file =.*/s//secret-file = secret_turn/' -e 's/^log-level = info/log-level = notice/' \
    -e '/^\[recording\]/,/^\[/s|^directory =.*|directory = /var/lib/conclave-recordings|' "$root$conf"
  check 'only the unit can hand a secret over' not in_root conclaved --config "$conf" --check-config
  check 'it starts with a secret that root alone can read' start
  sed -e "s|/etc/letsencrypt/live/meet.example.org/fullchain.pem|$state/tls/certificate.pem|" \
    -e "s|/etc/letsencrypt/live/meet.example.org/privkey.pem|$state/tls/key.pem|" \
    "$root/usr/share/doc/conclave/examples/nginx/conclave.conf" >"$root/etc/nginx/sites-available/conclave.conf"
  ln -s ../sites-available/conclave.conf "$root/etc/nginx/sites-enabled/"
  rm -f "$root/etc/nginx/sites-enabled/default"
  check 'nginx takes the example' "${alone[@]}" chroot "$root" /usr/sbin/nginx -t
  check 'it starts' "${alone[@]}" chroot "$root" /usr/sbin/nginx
  check 'and passes on what is asked' status_is 200 https://meet.example.org/health
  check 'files that it may send are nobody else'\''s to ask for' status_is 404 https://meet.example.org/shared-files/
  check 'nginx ends' chroot "$root" /usr/sbin/nginx -s quit
  check 'the server ends' stop
}

upgrade_it() {
  next_package
  check 'an upgrade asks about a configuration that both have changed' says 'conffile prompt' in_root dpkg --install /next.deb </dev/null
  check 'keeping it' in_root dpkg --force-confold --configure conclave
  check 'it is the new version' says "^$version\$" in_root dpkg-query -W -f="\${Version}\n" conclave
  check 'the operator'\''s line is still there' in_root grep -q '^log-level = notice' "$conf"
  check 'the new one lies beside it' in_root grep -q 'came with the next version' "$conf.dpkg-dist"
  check 'it starts again' start
  check 'and knows the room' says Weekly ctl room list
  check 'it ends when it is told to' stop
}

only_recordings() { [[ $(ls -A "$root$state") == recordings ]]; }
nothing_left() { ! compgen -G "$root/var/lib/conclave*" && not there /etc/conclave; }

leave_it() {
  # What people would miss.
  in_root install -d -m 2750 -o conclave -g conclave "$state/recordings/one" /var/lib/conclave-recordings/two
  in_root touch "$state/recordings/one/film.mp4" /var/lib/conclave-recordings/two/film.mp4 /var/lib/conclave-documents/file /etc/conclave/secrets/turn
  check 'it can be removed' apt remove conclave
  check 'its programs are gone' not there /usr/sbin/conclaved
  check 'its data are kept' there "$state/conclave.db"
  check 'so is the configuration' there "$conf"
  check 'and secrets' there /etc/conclave/secrets/turn
  check 'it can be purged, and says what it kept' says 'recordings were kept' apt purge conclave
  check 'the configuration is gone, with secrets' not there /etc/conclave
  check 'the database is gone' not there "$state/conclave.db"
  check 'nothing is left in the state folder but recordings' only_recordings
  check 'documents are gone' not there /var/lib/conclave-documents
  check 'recordings are there' there "$state/recordings/one/film.mp4"
  check 'in the other folder, too' there /var/lib/conclave-recordings/two/film.mp4
  check 'the user stays, whose they are' mode_is "$state/recordings/one" 'conclave:conclave 2750'
  rm -rf "${root:?}$state/recordings/one" "$root/var/lib/conclave-recordings/two"
  check 'it can be installed again' apt install --no-install-recommends /conclave.deb
  check 'and purged' apt purge conclave
  check 'without recordings nothing is left' nothing_left
}

# What follows runs in namespaces of its own: mounts and processes end with it.
if [[ ${1:-} == --inside ]]; then
  root=$2
  mount --bind /dev "$root/dev"
  mount -t proc proc "$root/proc"
  mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
  mount -t tmpfs -o mode=755 tmpfs "$root/run"
  # The daemon's network.
  unshare --net sleep infinity &
  alone=(nsenter "--net=/proc/$!/ns/net")
  within 10 not test "/proc/$!/ns/net" -ef /proc/self/ns/net
  "${alone[@]}" ip link set lo up
  install_it
  look_at_it
  run_it
  put_nginx_in_front
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
root=$(mktemp -d "${TMPDIR:-/var/tmp}/conclave-package.XXXXXX")
trap 'rm -rf --one-file-system "$root"' EXIT
cp -a "$base/." "$root/"
cp "$package" "$root/conclave.deb"
unshare --mount --pid --fork --kill-child --mount-proc "$0" --inside "$root"
