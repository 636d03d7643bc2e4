"""A conclave-sip of one's own, spoken to as conclaved does (src/sip/CONTROL.md), and what phone tests share."""
import json
import os
import pathlib
import select
import socket
import struct
import subprocess
import sys
import tempfile
import time
import traceback

PATIENCE = 20  # seconds that anything may take
PROMPTS = """welcome enter-pin wrong-pin goodbye waiting-host lobby consent consent-yes consent-no joined joined-listening muted unmuted
muted-by-host on-stage off-stage hand-up hand-down help help-host all-muted confirm-end recording-on recording-off ended removed refused no-consent
full locked blocked refused-kind timeout failed operator""".split()


def write_prompts(folder, samples=1600):
    """A tenth of a second of each prompt."""
    own = pathlib.Path(folder) / "en"
    own.mkdir(parents=True, exist_ok=True)
    data = bytes(samples * 2)
    head = b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 16000, 32000, 2, 16)
    for name in PROMPTS:
        (own / f"{name}.wav").write_bytes(head + b"data" + struct.pack("<I", len(data)) + data)
    return folder


def make_certificate(folder):
    """key.pem, agent.pem and cafile.pem of 127.0.0.1; returns whom to trust."""
    key, certificate = (pathlib.Path(folder) / name for name in ("key.pem", "cafile.pem"))
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", certificate,
                    "-days", "30", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
    (pathlib.Path(folder) / "agent.pem").write_text(key.read_text() + certificate.read_text())
    return str(certificate)


def trunk(name="listed", **more):
    return {"name": name, "registrars": [], "user": "", "password": "", "addresses": ["127.0.0.1"], "calls": 1000, "expires": 600,
            "display": "", **more}


class SipProcess:
    """Started, opened and listening. `news`: what came and was not waited for."""

    def __init__(self, program, listen=(("udp", 0),), tls=None, start=True, **more):
        self.directory = tempfile.TemporaryDirectory(prefix="conclave-phone-")
        self.folder = pathlib.Path(self.directory.name)
        self.news, self.rest, self.kept, self.id = [], b"", [], 0
        self.ours, theirs = socket.socketpair()
        self.log = open(self.folder / "log", "w+b")

        def prepare():
            os.dup2(theirs.fileno(), 3)
            os.set_inheritable(3, True)

        self.process = subprocess.Popen([program], preexec_fn=prepare, close_fds=False, stdin=subprocess.DEVNULL, stderr=self.log)
        theirs.close()
        self.wait("hello")
        if start:
            self.open(listen, tls, **more)

    def open(self, listen, tls=None, **more):
        prompts = os.open(write_prompts(self.folder / "prompts"), os.O_RDONLY)
        fds = [prompts] + ([os.open(tls, os.O_RDONLY)] if tls else [])
        message = {
            "type": "open", "language": "en", "external": "", "security": "prefer", "unknown": "refuse", "pin_in_uri": False,
            "listen": [{"transport": transport, "address": "127.0.0.1", "port": port} for transport, port in listen],
            "rtp": {"address": "127.0.0.1", "first": 20000, "last": 59999},
            "limits": {"calls": 1000, "calls_per_source": 1000, "invites_per_second": 100}, "trunks": [trunk()], **more}
        answer = self.ask(message, fds)
        for fd in fds:
            os.close(fd)
        assert "error" not in answer, answer
        self.ports = {one["transport"]: one["port"] for one in answer["listening"]}
        return answer

    def send(self, message, fds=()):
        if fds:
            message = {**message, "fds": len(fds)}
        line = (json.dumps(message) + "\n").encode()
        if fds:
            socket.send_fds(self.ours, [line], fds)
        else:
            self.ours.sendall(line)

    def ask(self, message, fds=()):
        self.id += 1
        self.send({**message, "id": self.id}, fds)
        return self.wait(lambda one: one.get("re") == self.id)

    def read(self, until):
        """One more line, or None."""
        while b"\n" not in self.rest:
            left = until - time.monotonic()
            if left <= 0 or not select.select([self.ours], [], [], left)[0]:
                return None
            more = self.ours.recv(65536)
            if not more:
                raise RuntimeError(f"conclave-sip ended: {self.process.wait(PATIENCE)}\n{self.read_log()}")
            self.rest += more
        line, self.rest = self.rest.split(b"\n", 1)
        message = json.loads(line)
        if message.get("type") == "stats":  # the last ones are enough
            self.news = [one for one in self.news if one.get("type") != "stats"]
        if message.get("type") != "alive":
            self.news.append(message)
        return message

    def wait(self, kind, patience=PATIENCE, **members):
        """The first message of that type, or that fits, with these members; it is taken."""
        fits = kind if callable(kind) else lambda one: one.get("type") == kind and all(one.get(k) == v for k, v in members.items())
        until = time.monotonic() + patience
        while True:
            for one in self.news:
                if fits(one):
                    self.news.remove(one)
                    return one
            if self.read(until) is None and time.monotonic() >= until:
                raise AssertionError(f"conclave-sip did not say {kind} {members} in {patience} s: {self.news[-5:]}\n{self.read_log()}")

    def forget(self):
        """What was said until now."""
        while self.read(time.monotonic() + 0.05):
            pass
        self.news.clear()

    def read_log(self):
        return (self.folder / "log").read_text(errors="replace")[-4000:]

    def rss(self):
        """KiB"""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0])

    def is_alive(self):
        return self.process.poll() is None

    def stop(self):
        """By `close`; returns the exit code."""
        self.send({"type": "close"})
        code = self.process.wait(PATIENCE)
        self.remove()
        return code

    def remove(self):
        if self.is_alive():
            self.process.kill()
            self.process.wait()
        self.ours.close()
        self.log.close()
        self.directory.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *what):
        self.remove()


def run_tests(names):
    """Runs functions test_*, prints TAP, and exits."""
    tests = [(name, function) for name, function in names.items() if name.startswith("test_")]
    failed = 0
    print(f"1..{len(tests)}", flush=True)
    for number, (name, function) in enumerate(tests, 1):
        title = name.removeprefix("test_").replace("_", " ")
        try:
            function()
            print(f"ok {number} - {title}", flush=True)
        except Exception:  # pylint: disable=broad-except
            failed += 1
            print(f"not ok {number} - {title}", flush=True)
            for line in traceback.format_exc().splitlines():
                print(f"# {line}", flush=True)
    sys.exit(1 if failed else 0)
