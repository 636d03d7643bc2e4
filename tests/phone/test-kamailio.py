#!/usr/bin/env python3
"""kamailio as the trunk: a real conclaved registers with it, and is called through it, and by nobody else.

Usage: test-kamailio.py CONCLAVED CONCLAVECTL CONCLAVE-SIP KAMAILIO udp|tcp|tls. Prints TAP.
"""
import atexit
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "ctl"))

from baresip import Baresip
from daemon import Daemon
from sip_process import run_tests

CONCLAVED, CONCLAVECTL, SIP, KAMAILIO = (str(pathlib.Path(path).absolute()) for path in sys.argv[1:5])
TRANSPORT = sys.argv[5]
PROMPTS = str(pathlib.Path(CONCLAVED).parent.parent.parent / "data" / "prompts")
PATIENCE = 30
PASSWORD = "s3cret of the trunk"
FOLDER = tempfile.TemporaryDirectory(prefix="conclave-kamailio-")


def find_modules():
    """Wherever Debian puts them, for this machine's kind."""
    return str(next(pathlib.Path("/usr/lib").glob("*/kamailio/modules/tm.so")).parent)


def find_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("127.0.0.2", 0))
        return one.getsockname()[1]


class Kamailio:
    """At 127.0.0.2: phones, which are at 127.0.0.1, are somebody else."""

    def __init__(self):
        self.port = find_port()
        self.folder = pathlib.Path(FOLDER.name)
        text = (pathlib.Path(__file__).resolve().parent / "kamailio.cfg").read_text()
        if TRANSPORT == "tls":
            self.make_certificate()
        for name, value in (("PORT", str(self.port)), ("MODULES", find_modules()), ("PASSWORD", PASSWORD), ("TRANSPORT", TRANSPORT)):
            text = text.replace(f"@{name}@", value)
        (self.folder / "kamailio.cfg").write_text(text)
        self.process = None
        self.start()

    def make_certificate(self):
        """For its address; who believes it believes the file itself."""
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-keyout", "key.pem",
                        "-out", "certificate.pem", "-subj", "/CN=127.0.0.2", "-addext", "subjectAltName=IP:127.0.0.2"],
                       cwd=self.folder, check=True, stderr=subprocess.DEVNULL)

    def start(self):
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                [KAMAILIO, "-f", self.folder / "kamailio.cfg", "-DD", "-E", "-m", "32", "-M", "4", "-Y", self.folder, "-w", self.folder],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)

    def stop(self):
        """All of its processes."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def log(self):
        return (self.folder / "log").read_text(errors="replace")[-3000:]


TRUNK = Kamailio()
atexit.register(FOLDER.cleanup)
atexit.register(TRUNK.stop)
(TRUNK.folder / "password").write_text(PASSWORD + "\n")
(TRUNK.folder / "password").chmod(0o600)
DAEMON = Daemon(CONCLAVED, f"""sip-program = {SIP}
[sip]
listen = {";".join(f"{transport}:127.0.0.1:0" for transport in sorted({"udp", TRANSPORT}))}
numbers = +49 30 123456
registrars = {"sips" if TRANSPORT == "tls" else "sip"}:127.0.0.2:{TRUNK.port}{";transport=tcp" if TRANSPORT == "tcp" else ""}
ca-file = {TRUNK.folder}/certificate.pem
user = conclave
password-file = {TRUNK.folder}/password
prompts = {PROMPTS}
""")
atexit.register(DAEMON.remove)


def wait(what, condition):
    until = time.monotonic() + PATIENCE
    while not (value := condition()):
        if time.monotonic() > until:
            raise AssertionError(f"{what}: not in {PATIENCE} s\n{DAEMON.log.read_text()[-4000:]}\n{TRUNK.log()}")
        time.sleep(0.1)
    return value


def ctl(*arguments):
    """What it prints, read as JSON."""
    done = subprocess.run([CONCLAVECTL, "--socket", str(DAEMON.socket), *arguments, "--json"], capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, (arguments, done.stderr)
    return json.loads(done.stdout)


def is_registered():
    return [one["state"] for one in ctl("sip", "status")["trunks"]] == ["registered"]


def get_port():
    lines = [line for line in DAEMON.log.read_text().splitlines() if "callers come in at udp" in line]
    return int(lines[-1].rsplit(" ", 1)[1])


def test_it_registers():
    wait("it is registered", is_registered)


def test_a_call_through_it():
    """Into the meeting, on hold and back, and hung up by us: all of a dialog goes through the proxy."""
    room = ctl("room", "create", "--title", "Trunk", "--kind", "boardroom", "--dial-in", "on")
    with Baresip("audio_codecs=pcma") as phone:
        phone.dial(f"sip:conclave@127.0.0.2:{TRUNK.port}")
        phone.wait("Call established")
        phone.keys(f"{room['dial_in']['host_pin']}#")
        call, = wait("the caller is in", lambda: [one for one in ctl("sip", "calls")["calls"] if one["state"] == "in"])
        assert (call["trunk"], call["caller"]) == ("trunk", "…456"), call
        for key in "xX":  # on hold, and back
            phone.keys(key)
            phone.wait("got SDP answer")
        subprocess.run([CONCLAVECTL, "--socket", str(DAEMON.socket), "sip", "hangup", call["id"]], check=True, stdout=subprocess.DEVNULL, timeout=PATIENCE)
        phone.wait("session closed")
    wait("nothing is left of it", lambda: ctl("sip", "status")["calls"] == 0)


def test_a_caller_gives_up():
    """A CANCEL, or a BYE where the answer was faster: either way nothing stays."""
    with Baresip("audio_codecs=pcma") as phone:
        before = len(ctl("sip", "calls")["calls"])
        phone.dial(f"sip:conclave@127.0.0.2:{TRUNK.port}")
        phone.hang_up()
        wait("it came", lambda: len(ctl("sip", "calls")["calls"]) == before + 1)
        wait("nothing is left of it", lambda: ctl("sip", "status")["calls"] == 0)


def test_who_goes_round_it():
    """The trunk is where the registration was taken: who calls from elsewhere is a stranger."""
    with Baresip("audio_codecs=pcma") as phone:
        phone.dial(f"sip:conclave@127.0.0.1:{get_port()}")
        phone.wait("403")


def test_secrets():
    log = DAEMON.log.read_text(errors="replace")
    assert PASSWORD not in log and "4930123456" not in log


run_tests(globals())
