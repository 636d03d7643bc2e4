#!/usr/bin/env python3
"""A registrar's name, looked up in a DNS of our own, on a network of our own: SRV, the next target where one is dead, and plain addresses.

Usage: test-names.py CONCLAVE-SIP. Prints TAP. Root, or user namespaces; is skipped where the root is no mount.
"""
import os
import pathlib
import socket
import struct
import subprocess
import sys
import tempfile
import threading

if "CONCLAVE_INSIDE" not in os.environ:
    user = [] if os.geteuid() == 0 else ["--map-root-user"]
    unshare = ["unshare", *user, "--net", "--mount", "--propagation", "private"]
    tried = subprocess.run([*unshare, "true"], stderr=subprocess.PIPE, text=True, check=False)
    if tried.returncode != 0:  # as under chroot, whose root is no mount: a file of ours could not be put there for us alone
        print(f"1..0 # SKIP {tried.stderr.strip()}")
        sys.exit(0)
    with tempfile.NamedTemporaryFile("w", prefix="conclave-resolv-") as file:
        file.write("nameserver 127.0.0.1\n")
        file.flush()
        script = f'ip link set lo up && mount --bind {file.name} /etc/resolv.conf && exec "$0" "$@"'
        sys.exit(subprocess.run([*unshare, "sh", "-c", script, sys.executable, *sys.argv],
                                env={**os.environ, "CONCLAVE_INSIDE": "yes"}, check=False).returncode)

from sip_process import PATIENCE, SipProcess, run_tests, trunk  # noqa: E402  pylint: disable=wrong-import-position

PROGRAM = str(pathlib.Path(sys.argv[1]).absolute())
A, SRV = 1, 33
DEAD, LIVE = "127.0.0.2", "127.0.0.3"
REGISTRAR = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
REGISTRAR.bind((LIVE, 0))
PORT = REGISTRAR.getsockname()[1]
ASKED = []


def write_name(name):
    return b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0"


def srv(priority, target):
    return struct.pack(">HHH", priority, 1, PORT) + write_name(target)


RECORDS = {("_sip._udp.trunk.test", SRV): [srv(10, "dead.trunk.test"), srv(20, "live.trunk.test")],
           ("dead.trunk.test", A): [socket.inet_aton(DEAD)], ("live.trunk.test", A): [socket.inet_aton(LIVE)]}


def serve(server):
    """Answers what it knows; there is nothing else."""
    while True:
        query, client = server.recvfrom(4096)
        parts, at = [], 12
        while query[at]:
            parts.append(query[at + 1:at + 1 + query[at]].decode())
            at += query[at] + 1
        question = (".".join(parts), struct.unpack_from(">H", query, at + 1)[0])
        ASKED.append(question)
        answers = [b"\xc0\x0c" + struct.pack(">HHIH", question[1], 1, 60, len(data)) + data for data in RECORDS.get(question, [])]
        server.sendto(query[:2] + struct.pack(">HHHHH", 0x8580, 1, len(answers), 0, 0) + query[12:at + 5] + b"".join(answers), client)


def assert_registers(host):
    ASKED.clear()
    REGISTRAR.settimeout(PATIENCE)
    with SipProcess(PROGRAM, trunks=[trunk(registrars=[f"sip:{host}"], user="alice", addresses=[])]):
        request = REGISTRAR.recv(65536)
    assert request.startswith(f"REGISTER sip:{host} SIP/2.0".encode()), request
    REGISTRAR.settimeout(0.1)
    try:
        while REGISTRAR.recv(65536):
            pass
    except socket.timeout:
        pass


def test_the_next_target_where_one_is_dead():
    assert_registers("trunk.test")
    assert ("_sip._udp.trunk.test", SRV) in ASKED and ("dead.trunk.test", A) in ASKED, ASKED


def test_an_address_where_the_port_is_named():
    assert_registers(f"live.trunk.test:{PORT}")
    assert all(kind != SRV for _, kind in ASKED), ASKED


def test_a_name_that_is_none():
    with SipProcess(PROGRAM, trunks=[trunk(registrars=["sip:nobody.test"], user="alice", addresses=[])]) as sip:
        sip.wait("trunk", state="failed")


SERVER = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
SERVER.bind(("127.0.0.1", 53))
threading.Thread(target=serve, args=(SERVER,), daemon=True).start()
run_tests(globals())
