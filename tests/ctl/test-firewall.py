#!/usr/bin/env python3
"""The firewall that `conclavectl setup` writes, in a kernel: what it lets in, and what it drops. The test is somebody on the network.

Usage: test-firewall.py CONCLAVECTL. Prints TAP; skipped where no rules can be made.
"""
import contextlib
import ipaddress
import pathlib
import re
import select
import shutil
import socket
import struct
import subprocess
import sys
import tempfile

import own_network
from tap import Skip, run_tests

CONCLAVECTL = str(pathlib.Path(sys.argv[1]).absolute())
HOST = "meet.example.net"
SERVER, SERVER6 = "10.88.2.1", "fd88:2::1"
CALLER, CALLER6 = "10.88.2.2", "fd88:2::2"
DEADLINE = 60
# ports that are open in any case
LAST_UDP, LAST_TCP = 3478, 443

# Answers in a network namespace of its own: each TCP port of the first line connects, each UDP port of the second gives back what comes, behind
# the port's number; the last one only when the others have given back all that came before. Then "out ADDRESS PORT": asks there, and says the answer.
LISTENER = r"""
import select, socket, sys
tcp, udp = ([int(port) for port in sys.stdin.readline().split()] for _ in range(2))
sockets = {}
for kind, ports in ((socket.SOCK_STREAM, tcp), (socket.SOCK_DGRAM, udp)):
    for port in ports:
        one = socket.socket(socket.AF_INET6, kind)
        one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        one.bind(("::", port))
        if kind == socket.SOCK_STREAM:
            one.listen()
        sockets[one] = port
datagrams = [one for one in sockets if one.type == socket.SOCK_DGRAM]

def echo(one):
    data, who = one.recvfrom(100)
    one.sendto(str(sockets[one]).encode() + b" " + data, who)

def ask(address, port):
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM) as out:
        out.settimeout(30)
        out.sendto(b"asked", (address, int(port)))
        print(out.recv(100).decode(), flush=True)

print("ready", flush=True)
while True:
    ready = select.select([*datagrams, sys.stdin], [], [])[0]
    while (others := select.select(datagrams[:-1], [], [], 0)[0]):
        for one in others:
            echo(one)
    if datagrams[-1] in ready:
        echo(datagrams[-1])
    if sys.stdin in ready:
        line = sys.stdin.readline().split()
        if not line:
            sys.exit(0)
        ask(*line[1:])
"""


def run(*command, **more):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=DEADLINE, check=False, **more)
    assert done.returncode == 0, f"{command}: exit {done.returncode}: {done.stdout}"
    return done.stdout


class Server:
    def __init__(self, tcp, udp):
        self.process = subprocess.Popen(["unshare", "--net", sys.executable, "-c", LISTENER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.say(" ".join(map(str, tcp)))
        self.say(" ".join(map(str, udp)))
        assert self.process.stdout.readline() == "ready\n"
        run("ip", "link", "add", "street", "type", "veth", "peer", "name", "eth0", "netns", str(self.process.pid))
        for here, device, addresses in ((run, "street", (f"{CALLER}/24", f"{CALLER6}/64")), (self.run, "eth0", (f"{SERVER}/24", f"{SERVER6}/64"))):
            here("ip", "link", "set", device, "up")
            for address in addresses:
                here("ip", "address", "add", address, "dev", device, *["nodad"] * (":" in address))
        self.run("ip", "link", "set", "lo", "up")

    def say(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def run(self, *command):
        return run("nsenter", f"--net=/proc/{self.process.pid}/ns/net", "--", *command)

    def stop(self):
        self.process.stdin.close()
        self.process.stdout.close()
        try:
            self.process.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def family(address):
    return socket.AF_INET6 if ipaddress.ip_address(address).version == 6 else socket.AF_INET


def reached_udp(address, ports):
    """Of `ports`, those that answer before the last one does, which is asked after them: packets do not overtake here."""
    with socket.socket(family(address), socket.SOCK_DGRAM) as probe:
        probe.settimeout(DEADLINE)
        probe.sendto(b"first", (address, LAST_UDP))  # neighbours get to know each other
        probe.recv(100)
        for port in ports:
            probe.sendto(b"probe", (address, port))
        probe.sendto(b"last", (address, LAST_UDP))
        found = set()
        while (answer := probe.recv(100).split())[1] != b"last":
            found.add(int(answer[0]))
        return found


def reached_tcp(address, ports):
    """Of `ports`, those that connect before the last one does, which is asked after them."""
    probes = {}
    for port in ports:
        probe = socket.socket(family(address), socket.SOCK_STREAM)
        probe.setblocking(False)
        probe.connect_ex((address, port))
        probes[probe] = port
    socket.create_connection((address, LAST_TCP), DEADLINE).close()
    ready = select.select([], list(probes), [], 0)[1]
    found = {probes[probe] for probe in ready if probe.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0}
    for probe in probes:
        probe.close()
    return found


def ping(address):
    """An echo, ICMP: returns once it is there."""
    six = family(address) == socket.AF_INET6
    with socket.socket(family(address), socket.SOCK_RAW, socket.IPPROTO_ICMPV6 if six else socket.IPPROTO_ICMP) as probe:
        probe.settimeout(DEADLINE)
        # with IPv6 the kernel makes the sum
        head, rest = bytes([128 if six else 8, 0]), struct.pack(">HH", 7, 7)
        probe.sendto(head + struct.pack(">H", 0 if six else 0xFFFF - 0x0800 - 14) + rest, (address, 0))
        while probe.recv(100)[0 if six else 20] != (129 if six else 0):
            pass


def make(root, *words):
    """Writes a server's files. Returns the firewall's path and the ranges of ports that coturn and the media have."""
    (root / "etc/conclave").mkdir(parents=True, exist_ok=True)
    (root / "etc/turnserver.conf").touch()  # whose it is stays: nobody in here is in coturn's group
    run(CONCLAVECTL, "setup", "--host", HOST, "--root", root, "--address", "127.0.0.1", "--write", *words)
    coturn = (root / "etc/turnserver.conf").read_text()
    relayed = [int(re.search(rf"^{name}-port=(\d+)$", coturn, re.M)[1]) for name in ("min", "max")]
    media = re.search(r"^\[media\]$.*?^ports = (\d+)-(\d+)$", (root / "etc/conclave/conclave.conf").read_text(), re.M | re.S)
    return root / "etc/conclave/nftables.conf", relayed, [int(media[1]), int(media[2])]


def judge(rules, ranges, turn_tls):
    """Loads them, and asks at each port and at those beside it."""
    open_tcp = {22, 80, 443, 3478} | ({5349} if turn_tls else set())
    open_udp = {3478} | {port for ends in ranges for port in ends}
    shut_tcp = {21, 25, 4443, 5060, 5350, 8080, 40000, 49160} | ({5349} - open_tcp)
    shut_udp = {53, 443, 5060, 5349, 41000} | {port for low, high in ranges for port in (low - 1, high + 1)}
    server = Server(open_tcp | shut_tcp, [*(open_udp | shut_udp) - {LAST_UDP}, LAST_UDP])
    try:
        # without rules everything is reached: what is asked works
        for address in (SERVER, SERVER6):
            assert reached_udp(address, open_udp | shut_udp) == open_udp | shut_udp
            assert reached_tcp(address, open_tcp | shut_tcp) == open_tcp | shut_tcp
        server.run("nft", "-f", rules)
        for address in (SERVER, SERVER6):
            found = reached_udp(address, open_udp | shut_udp)
            assert found == open_udp, f"UDP, {address}: {sorted(found ^ open_udp)}"
            found = reached_tcp(address, open_tcp | shut_tcp)
            assert found == open_tcp, f"TCP, {address}: {sorted(found ^ open_tcp)}"
        # and neighbours find each other anew
        for here, device in ((run, "street"), (server.run, "eth0")):
            here("ip", "neighbour", "flush", "dev", device)
        for address in (SERVER, SERVER6):
            ping(address)
        # what the machine asks for itself comes back, from wherever
        for address in (CALLER, CALLER6):
            with socket.socket(family(address), socket.SOCK_DGRAM) as other:
                other.settimeout(DEADLINE)
                other.bind((address, 0))
                server.say(f"out {address} {other.getsockname()[1]}")
                who = other.recvfrom(100)[1]
                other.sendto(b"answered", who)
                assert server.process.stdout.readline() == "answered\n"
        # programs of the machine reach each other
        server.run(sys.executable, "-c", "import socket; socket.create_connection(('127.0.0.1', 8080), 30).close()")
    finally:
        server.stop()


def share(root):
    """All that lets port 443 be shared."""
    live = root / f"etc/letsencrypt/live/{HOST}"
    live.mkdir(parents=True)
    run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", live / "privkey.pem", "-days", "9",
        "-out", live / "fullchain.pem", "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST},DNS:turn.{HOST}")
    (root / "etc/nginx/modules-enabled").mkdir(parents=True)
    (root / "etc/nginx/modules-enabled/50-mod-stream.conf").touch()


def test_own(root):
    rules, *ranges = make(root)
    judge(rules, ranges, turn_tls=True)


def test_shared(root):
    share(root)
    rules, *ranges = make(root, "--share-443")
    judge(rules, ranges, turn_tls=False)


def need_rules(root):
    if shutil.which("nft") is None:
        raise Skip("there is no nft")
    probe = root / "probe.nft"
    probe.write_text("table inet probe { chain input { type filter hook input priority filter; ct state established accept; }; }\n")
    done = subprocess.run(["unshare", "--net", "nft", "-f", probe], capture_output=True, text=True, timeout=DEADLINE, check=False)
    if done.returncode != 0:
        raise Skip(f"no rules can be made here: {done.stderr.strip().splitlines()[0]}")


@contextlib.contextmanager
def place():
    """A folder in a root's place, where rules can be loaded."""
    with tempfile.TemporaryDirectory(prefix="conclave-firewall-") as folder:
        root = pathlib.Path(folder)
        need_rules(root)
        yield root


own_network.enter()
run_tests([test_own, test_shared], place)
