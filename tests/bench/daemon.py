"""The daemon under measurement and the clients that load it: started, asked, stopped. Knows no figure."""
import base64
import hashlib
import json
import os
import pathlib
import secrets
import select
import socket
import subprocess
import tempfile
import time

ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
CONFIGURATION = """[server]
tls={tls}
max-sockets=100000
max-connections-per-address=100000
log-level=warning
[limits]
joins-per-minute=100000
[development]
signalling-only-kinds=boardroom;classroom
"""
TICK = os.sysconf("SC_CLK_TCK")


def to_text(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def read_line(stream, seconds):
    """One line of a child's unbuffered output; an error where it says nothing or ends."""
    ready, _, _ = select.select([stream], [], [], seconds)
    line = stream.readline() if ready else b""
    if not line:
        raise RuntimeError("a program ended early or said nothing")
    return line.decode()


class Daemon:
    """conclaved on a free port. `state` None: a fresh one that goes with it."""

    def __init__(self, build, tls=True, state=None):
        self.build = pathlib.Path(build)
        self.tls = tls
        self.scratch = tempfile.TemporaryDirectory(prefix="conclave-bench-")
        self.state = pathlib.Path(state or self.scratch.name) / "state"
        config = pathlib.Path(self.scratch.name) / "conclave.conf"
        config.write_text(CONFIGURATION.format(tls=str(tls).lower()))
        command = [str(self.build / "src/daemon/conclaved"), "--config", str(config), "--state", str(self.state),
                   "--listen", "127.0.0.1:0"]
        began = time.monotonic()
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0)
        line = read_line(self.process.stdout, 30)
        self.start_ms = (time.monotonic() - began) * 1000
        self.port = int(line.rsplit(":", 1)[1])
        self.admin = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.admin:
            self.admin.close()
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()
        self.scratch.cleanup()

    def cpu(self):
        """Seconds on a processor so far, all threads."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def memory(self):
        """KiB: (PSS, the anonymous part of it)."""
        lines = pathlib.Path(f"/proc/{self.process.pid}/smaps_rollup").read_text().splitlines()[1:]
        values = {name: int(value.split()[0]) for name, value in (line.split(":", 1) for line in lines)}
        return values["Pss"], values["Pss_Anon"]

    def resident(self, field):
        """KiB that /proc/PID/status says under that name."""
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(text.split(f"{field}:")[1].split()[0])

    def forget_peak(self):
        """VmHWM begins anew with what is resident now."""
        pathlib.Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")

    def ask(self, method, path, body=None):
        """One request through the admin socket, on one connection kept alive. Returns (status, body)."""
        if not self.admin:
            self.admin = socket.socket(socket.AF_UNIX)
            self.admin.connect(str(self.state / "admin.sock"))
        data = json.dumps(body).encode() if body else b""
        head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n"
        self.admin.sendall(head.encode() + data)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self.receive()
        head, _, rest = answer.partition(b"\r\n\r\n")
        fields = dict(line.lower().split(": ", 1) for line in head.decode().split("\r\n")[1:])
        while len(rest) < int(fields.get("content-length", 0)):
            rest += self.receive()
        return int(head.split()[1]), json.loads(rest) if rest else None

    def ask_again(self, method, path):
        """The same after a while: a connection on which nothing happens is closed."""
        if self.admin:
            self.admin.close()
            self.admin = None
        return self.ask(method, path)

    def receive(self):
        data = self.admin.recv(65536)
        if not data:
            raise RuntimeError("the admin socket was closed")
        return data

    def make_key(self, role):
        """Returns a key of that role, as Authorization has it."""
        key = secrets.token_bytes(32)
        status, answer = self.ask("POST", "/api/v1/keys", {
            "role": role, "name": "Bench", "hash": to_text(hashlib.sha256(key).digest()), "days": 0})
        if status != 201:
            raise RuntimeError(f"no key: {status} {answer}")
        return to_text(key)

    def make_room(self, kind):
        """Returns its id and the key to join it."""
        room, key = "".join(secrets.choice(ALPHABET) for _ in range(12)), secrets.token_bytes(32)
        verifier = to_text(hashlib.sha256(key).digest())
        status, answer = self.ask("POST", "/api/v1/rooms", {
            "id": room, "kind": kind, "title": "Bench", "join_verifier": verifier,
            "host_verifier": to_text(secrets.token_bytes(32))})
        if status != 201:
            raise RuntimeError(f"no room: {status} {answer}")
        return room, to_text(key)


class Load:
    """conclave-load with people in rooms of this daemon. `joined` is its report once all are in.

    They come `parallel` at a time, or, with `join_rate`, so many a second, however long that takes each of them.
    """

    def __init__(self, daemon, people, rooms, parallel=1, join_rate=0, chat=(1, 0), kind="standard", edits=False):
        self.file = tempfile.NamedTemporaryFile("w", prefix="conclave-rooms-")
        self.file.writelines(" ".join(daemon.make_room(kind)) + "\n" for _ in range(rooms))
        self.file.flush()
        rate, count = chat
        command = [str(daemon.build / "tests/bench/conclave-load"), "--port", str(daemon.port), "--rooms", self.file.name,
                   "--people", str(people), "--parallel", str(parallel), "--join-rate", str(join_rate),
                   "--chat-rate", str(rate), "--chat-count", str(count)]
        command += (["--tls"] if daemon.tls else []) + (["--edits"] if edits else [])
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        self.joined = self.report()

    def report(self):
        """The next phase's."""
        return json.loads(read_line(self.process.stdout, 300))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
        self.file.close()
