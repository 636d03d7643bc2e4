# shellcheck shell=bash
# Sourced by tools/run, tools/test and tools/package: saying what is done, installing packages, building.
# Expects the current folder to be the project's top. Uses root only to install packages.

say() { printf '%s\n' "$*"; }
fail() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# quietly WHAT COMMAND…: one line of progress; the command's output only where it fails.
quietly() {
  local what=$1 log
  shift
  log=$(mktemp)
  say "$what …"
  if ! "$@" >"$log" 2>&1 </dev/null; then
    tail -n 60 "$log" >&2
    rm -f "$log"
    fail "this failed: $*"
  fi
  rm -f "$log"
}

is_installed() { [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

# install_packages NAME…: those that are missing, with apt-get.
install_packages() {
  local missing=() name as_root=()
  command -v dpkg-query >/dev/null ||
    fail "this is not a Debian system. Install what tools/packages/ lists, then add --no-install."
  for name in "$@"; do
    is_installed "$name" || missing+=("$name")
  done
  ((${#missing[@]} > 0)) || return 0
  if ((EUID != 0)); then
    command -v sudo >/dev/null ||
      fail "packages are missing and there is no sudo here. As root: apt-get install ${missing[*]}"
    as_root=(sudo)
    say "Packages are missing; sudo is used to install them, and for nothing else."
  fi
  quietly "Updating the package lists" "${as_root[@]}" apt-get -q update
  quietly "Installing ${#missing[@]} packages" "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get -q -y --no-install-recommends install "${missing[@]}"
  # Debian starts these as services open to the world; ours run where and when we say.
  local service
  for service in coturn fail2ban janus kamailio nginx; do
    if [[ " ${missing[*]} " == *" $service "* && -d /run/systemd/system ]]; then
      quietly "Stopping the service that came with $service" "${as_root[@]}" systemctl disable --now "$service.service"
    fi
  done
}

# packages LIST…: the names in tools/packages/LIST.
packages() {
  local list
  for list in "$@"; do
    sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "tools/packages/$list"
  done
}

# build FOLDER OPTION…: configures once, then builds what has changed.
build() {
  local folder=$1
  shift
  [[ -f $folder/build.ninja ]] || quietly "Configuring $folder" meson setup "$folder" "$@"
  if [[ -n $(ninja -C "$folder" -n 2>/dev/null | grep -v 'no work to do' | grep -v '^ninja: Entering') ]]; then
    quietly "Building $folder" ninja -C "$folder"
  fi
}

# What runs in Node.js needs the modules of tests/.
has_node() { command -v node npm >/dev/null && (($(node -p 'process.versions.node.split(".")[0]') >= 18)); }

# The modules are those of the lock file, exactly; installed anew only when it has changed.
install_modules() {
  cmp -s tests/package-lock.json tests/node_modules/.lock-installed && return
  quietly "Installing the tests' Node.js modules" npm --prefix tests ci --no-audit --no-fund --ignore-scripts
  cp tests/package-lock.json tests/node_modules/.lock-installed
}

# free_port ADDRESS PREFERRED: PREFERRED, or any other port that is free for TCP and UDP.
free_port() {
  python3 - "$1" "$2" <<'PYTHON'
import socket, sys

address, preferred = sys.argv[1], int(sys.argv[2])
family = socket.AF_INET6 if ":" in address else socket.AF_INET
for port in [preferred] + [0] * 20:
    with socket.socket(family, socket.SOCK_STREAM) as tcp, socket.socket(family, socket.SOCK_DGRAM) as udp:
        try:
            tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tcp.bind((address, port))
            udp.bind((address, tcp.getsockname()[1]))
            print(tcp.getsockname()[1])
            break
        except OSError:
            continue
else:
    sys.exit(f"no free port on {address}")
PYTHON
}
