"""sipp, and a port for it."""
import atexit
import pathlib
import re
import socket
import subprocess
import tempfile
import time

from sip_process import PATIENCE

SCENARIOS = pathlib.Path(__file__).resolve().parent / "sipp"
SIPPS = []


def find_port():
    """One that nobody has."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Sipp:
    """sipp with one of our scenarios; `messages()`: what it sent and received."""

    def __init__(self, scenario, port, *words):
        self.directory = tempfile.TemporaryDirectory(prefix="conclave-sipp-")
        self.file = pathlib.Path(self.directory.name) / "messages"
        self.file.touch()
        self.process = subprocess.Popen(
            ["sipp", *words, "-sf", SCENARIOS / f"{scenario}.xml", "-i", "127.0.0.1", "-p", str(port), "-mp", str(find_port()), "-nostdin",
             "-trace_msg", "-message_file", self.file], cwd=self.directory.name, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT)
        SIPPS.append(self)

    def messages(self):
        return self.file.read_text(errors="replace")

    def count(self, pattern):
        return len(re.findall(pattern, self.messages(), re.MULTILINE))

    def wait(self, what, pattern, n, patience=PATIENCE):
        until = time.monotonic() + patience
        while self.count(pattern) < n:
            assert self.process.poll() is None, self.process.stdout.read().decode(errors="replace")[-2000:]
            assert time.monotonic() < until, f"{what}: not in {patience} s\n{self.messages()[-3000:]}"
            time.sleep(0.1)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.directory.cleanup()
        SIPPS.remove(self)


def close_all():
    for one in list(SIPPS):
        one.close()


atexit.register(close_all)
