"""A conclaved of one's own for a test: a free port, a state directory that goes, and one person who can join."""
import base64
import hashlib
import hmac
import json
import os
import pathlib
import shutil
import socket
import ssl
import struct
import subprocess
import tempfile

DEADLINE = 20  # seconds that anything may take
# a command in front of the daemon's
UNDER = os.environ.get("CONCLAVE_UNDER", "").split()


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def encode(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


class Daemon:
    """Runs conclaved; `log` and `state` outlive stop(), remove() takes them away."""

    def __init__(self, program, more=""):
        """`more`: lines of configuration, in [development]."""
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="conclave-ctl-"))
        self.state = self.directory / "state"
        self.state.mkdir(mode=0o700)
        self.socket = self.state / "admin.sock"
        self.log = self.directory / "stderr"
        self.program = program
        self.config = self.directory / "conclave.conf"
        self.config.write_text("[server]\nlog-level = debug\n[media]\nports = 0\n[development]\nsignalling-only-kinds = classroom\n" + more)
        self.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.remove()

    def start(self):
        """Once more, after stop(), on what it left."""
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [*UNDER, self.program, "--config", self.config, "--state", self.state, "--listen", "127.0.0.1:0"],
                stdout=subprocess.PIPE, stderr=log, text=True)
        line = self.process.stdout.readline().strip()
        if not line.startswith("listening on https://127.0.0.1:"):
            raise RuntimeError(f"first line of conclaved: {line!r}\n{self.log.read_text()}")
        self.url = line.removeprefix("listening on ")
        self.port = int(self.url.rsplit(":", 1)[1])

    def stop(self):
        self.process.terminate()
        self.process.stdout.close()
        return self.process.wait(DEADLINE)

    def remove(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.directory)

    def traces(self):
        """Everything that it left: names and bytes."""
        for path in [self.log, *sorted(self.state.rglob("*"))]:
            if path.is_file():
                yield path.name, path.read_bytes()


def derive(secret, room, use):
    """kJoin or kHost: HKDF-SHA-256 as PROTOCOL.md §2 says."""
    tag = lambda s: b"conclave-link-1 " + s + b"\0"
    salt = hashlib.sha256(tag(b"room") + struct.pack(">H", len(room)) + room.encode()).digest()
    key = hmac.digest(salt, secret, "sha256")
    return hmac.digest(key, tag(use) + b"\1", "sha256")


class Person:
    """A WebSocket that joins by a link, and reads whole text messages."""

    def __init__(self, daemon, link):
        place, fragment = link.split("#")
        room = place.rsplit("/", 1)[1]
        secrets = [decode(part) for part in fragment.split(".")]
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        plain = socket.create_connection(("127.0.0.1", daemon.port), DEADLINE)
        self.socket = context.wrap_socket(plain)
        host = f"127.0.0.1:{daemon.port}"
        self.socket.sendall((f"GET /ws HTTP/1.1\r\nHost: {host}\r\nOrigin: https://{host}\r\nUpgrade: websocket\r\n"
                             f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: conclave.v1\r\n"
                             f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\n\r\n").encode())
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self.receive(1)
        if not head.startswith(b"HTTP/1.1 101"):
            raise RuntimeError(head.decode())
        join = {"type": "join", "room": room, "key": encode(derive(secrets[0], room, b"join")), "name": "Test",
                "mic": False, "camera": False}
        if len(secrets) > 1:
            join["host_key"] = encode(derive(secrets[1], room, b"host"))
        self.send(join)

    def receive(self, n):
        data = b""
        while len(data) < n:
            more = self.socket.recv(n - len(data))
            if not more:
                raise RuntimeError("closed")
            data += more
        return data

    def send(self, message):
        data = json.dumps(message).encode()
        mask = os.urandom(4)
        masked = bytes(b ^ mask[i % 4] for i, b in enumerate(data))
        head = struct.pack(">BB", 0x81, 0x80 | len(data)) if len(data) < 126 else struct.pack(">BBH", 0x81, 0x80 | 126, len(data))
        self.socket.sendall(head + mask + masked)

    def next(self):
        kind, length = self.receive(2)
        if length == 126:
            length = struct.unpack(">H", self.receive(2))[0]
        data = self.receive(length)
        return json.loads(data) if kind == 0x81 else {"type": f"frame {kind:#x}"}

    def close(self):
        self.socket.close()
