# shellcheck shell=bash
# Sourced by try.sh: checks, and what is done in the copy of a Debian. Expects `root`, the copy; knows nothing of what is tried.

state=/var/lib/conclave
conf=/etc/conclave/conclave.conf
unit=/lib/systemd/system/conclave.service
host=meet.example.org
address=198.51.100.10

# in_root COMMAND ARGUMENT…: in the copy, with nothing of this environment, on this machine's network: packages come over it.
in_root() {
  chroot "$root" /usr/bin/env -i HOME=/root LANG=C.UTF-8 TERM=dumb DEBIAN_FRONTEND=noninteractive \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"
}

# make_network: one with nothing but an address of its own, as a server's in the internet.
make_network() {
  unshare --net sleep infinity &
  alone=(nsenter "--net=/proc/$!/ns/net")
  within 10 not test "/proc/$!/ns/net" -ef /proc/self/ns/net
  "${alone[@]}" ip link set lo up
  # Behind the other end there is nobody. (coturn takes no address of the loopback for its own.)
  "${alone[@]}" ip link add eth0 type veth peer name nobody
  "${alone[@]}" ip link set nobody up
  "${alone[@]}" ip link set eth0 up
  "${alone[@]}" ip address add "$address/24" dev eth0
  "${alone[@]}" ip route add default dev eth0
  echo "$address $host" >>"$root/etc/hosts"
}

# here COMMAND ARGUMENT…: in the copy, on that network.
here() {
  "${alone[@]}" chroot "$root" /usr/bin/env -i HOME=/root LANG=C.UTF-8 TERM=dumb \
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

# mode_is PATH TEXT: owner, group and mode, as `stat` says.
mode_is() {
  local is
  is=$(in_root stat -c '%U:%G %a' "$1")
  [[ $is == "$2" ]] || {
    echo "$1: $is, not $2"
    return 1
  }
}

# picture FOLDER: names, modes and content of all that is in there.
picture() { (cd "$root$1" && find . -printf '%p %m %U %G %l\n' -type f -exec sha256sum {} + | sort); }

start() { here systemctl start "$1"; }
stop() { here systemctl stop "$1"; }

# running PROGRAM: the ids of its processes in the copy; nobody else is in this namespace.
running() {
  local process
  for process in /proc/[0-9]*; do
    [[ $(readlink "$process/exe" 2>/dev/null) != *"$1" ]] || echo "${process#/proc/}"
  done
}

ctl() { in_root conclavectl --socket "$state/admin.sock" "$@"; }
# fetch ARGUMENT…: as people's browsers do, who trust the authority.
fetch() { "${alone[@]}" curl --silent --cacert "$root/etc/test-authority/ca.pem" --resolve "$host:443:$address" "$@"; }
status_is() { [[ $(fetch --output /dev/null --write-out '%{http_code}' "$2") == "$1" ]]; }
# come_in LINK [SECONDS]: over a WebSocket through nginx, as the page of a room does; and stays.
come_in() { "${alone[@]}" python3 -B "$top/tests/package/come-in.py" "$address" "$1" "$root/etc/test-authority/ca.pem" "${@:2}"; }
