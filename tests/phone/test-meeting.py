#!/usr/bin/env python3
"""Real phones in meetings of a real conclaved: PINs, keys, who is on stage, the door, consent to be recorded, encrypted calls, and what becomes of
calls when conclave-sip dies.

Usage: test-meeting.py CONCLAVED CONCLAVECTL TESTS-CTL. Prints TAP.
"""
import atexit
import json
import os
import pathlib
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

CONCLAVED, CONCLAVECTL = (str(pathlib.Path(name).absolute()) for name in sys.argv[1:3])
sys.path.insert(0, sys.argv[3])

from daemon import Daemon, Person  # noqa: E402  pylint: disable=wrong-import-position
from baresip import Baresip, hears, hears_nothing  # noqa: E402  pylint: disable=wrong-import-position
from sip_process import PATIENCE, make_certificate, run_tests  # noqa: E402  pylint: disable=wrong-import-position

FOLDER = tempfile.TemporaryDirectory(prefix="conclave-meeting-")
TRUSTED = make_certificate(FOLDER.name)
SIP = f"""
[server]
certificate-file = {TRUSTED}
key-file = {FOLDER.name}/key.pem
[sip]
listen = udp:127.0.0.1:0;tls:127.0.0.1:0
numbers = +49 30 1234567
trunk-addresses = 127.0.0.1
rtp-ports = 20000-59999
invites-per-second = 100
"""
DAEMON = Daemon(CONCLAVED, SIP)
atexit.register(DAEMON.remove)
PINS = []


def until(what, function, patience=PATIENCE):
    end = time.monotonic() + patience
    while not (value := function()):
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not in {patience} s\n{DAEMON.log.read_text(errors='replace')[-3000:]}")
        time.sleep(0.05)
    return value


def run(*words):
    done = subprocess.run([CONCLAVECTL, "--socket", DAEMON.socket, *words], capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
    return done.stdout


def get_ports(transport="udp"):
    """Each conclave-sip says its own."""
    return re.findall(rf"callers come in at {transport} 127\.0\.0\.1 port (\d+)", DAEMON.log.read_text(errors="replace"))


def die():
    """kill -9 of conclave-sip, and nobody else."""
    children = pathlib.Path(f"/proc/{DAEMON.process.pid}/task/{DAEMON.process.pid}/children").read_text().split()
    mine = [int(child) for child in children if pathlib.Path(f"/proc/{child}/comm").read_text().strip() == "conclave-sip"]
    assert len(mine) == 1, children
    os.kill(mine[0], signal.SIGKILL)


class Host(Person):
    """A host at a browser, who sees who is in."""

    def __init__(self, kind, *options):
        self.room = json.loads(run("room", "create", "--kind", kind, "--title", "Kitchen", "--dial-in", "on", *options, "--json"))
        until("conclave-sip listens", get_ports)
        super().__init__(DAEMON, self.room["host_url"])
        self.people, self.id = {}, 0
        self.wait("joined")

    def wait(self, kind, **members):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                message = self.next()
            except RuntimeError as error:
                raise AssertionError(DAEMON.log.read_text()[-2500:]) from error
            if message["type"] == "ping":
                self.send({"type": "pong"})
            if "seq" in message:
                self.send({"type": "ack", "seq": message["seq"]})
            if message["type"] == kind and all(message.get(name) == value for name, value in members.items()):
                return message
        raise AssertionError(f"{kind} {members} did not come")

    def wait_changed(self, **members):
        """The first person who has become like that."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            one = self.wait("person-changed")["person"]
            if all(fits(one[name]) if callable(fits) else one[name] == fits for name, fits in members.items()):
                return one
        raise AssertionError(f"nobody has become {members}")

    def say(self, kind, **members):
        self.id += 1
        self.send({"type": kind, "id": self.id, **members})


def dial(host, pin, port, transport="udp", media="", **more):
    phone = Baresip("audio_codecs=pcma;dtmfmode=rtpevent" + media, transport, TRUSTED, **more)
    phone.dial(f"sip:room@127.0.0.1:{port};transport={transport}")
    phone.wait("Call established")
    PINS.append(host.room["dial_in"][pin])
    phone.keys(PINS[-1] + "#")
    return phone


def dial_by_tls(host, **more):
    return dial(host, "pin", get_ports("tls")[-1], "tls", ";mediaenc=srtp-mand", **more)


def dial_by_dtls(host, **more):
    return dial(host, "pin", get_ports()[-1], "udp", ";mediaenc=dtls_srtp", **more)


def list_security(host):
    """Of its calls that go on."""
    calls = json.loads(run("sip", "calls", "--room", host.room["id"], "--json"))["calls"]
    return sorted(call["security"] for call in calls if call["state"] != "ended")


def test_boardroom():
    """Two phones and a host; keys; the process dies, and they dial again; a host at the phone ends it."""
    host = Host("boardroom")
    phones = [dial(host, "pin", get_ports()[-1]) for _ in range(2)]
    try:
        people = [host.wait("person-joined")["person"] for _ in phones]
        assert all(one["phone"] and one["mic"] and one["name"].startswith("Phone …") for one in people), people
        phones[0].keys("*6")
        muted = host.wait_changed(mic=False)
        phones[0].keys("*6")
        assert host.wait_changed(mic=True)["id"] == muted["id"]
        phones[1].keys("*8")  # of hosts: it does nothing, and so do other keys after it
        phones[1].keys("1")
        phones[1].keys("*5")
        phones[1].keys("*9")
        raised = host.wait_changed(hand=lambda when: when > 0)
        assert raised["id"] != muted["id"], "the same phone"
        die()
        assert {host.wait("person-left")["person"] for _ in phones} == {one["id"] for one in people}
        for phone in phones:
            phone.close()
        phones[:] = [dial(host, "host_pin", until("another process", lambda: get_ports()[1:], 5)[-1])]
        host.wait("person-joined")
        host.say("lobby", on=False)  # its own seat is untouched
        assert host.wait("ok")["re"] == host.id
        phones[0].keys("*8")
        phones[0].keys("1", 1)
        assert host.wait("ended")["reason"] == "host"
        phones[0].wait("session closed")
    finally:
        for phone in phones:
            phone.close()


def test_classroom():
    """A phone listens until it is brought on stage."""
    host = Host("classroom")
    with dial(host, "pin", get_ports()[-1]) as phone:
        phone_id = host.wait("person-joined")["person"]["id"]
        phone.keys("*9")
        assert host.wait_changed(hand=lambda when: when > 0)["stage"] is False
        host.say("stage", person=phone_id, on=True)
        assert host.wait_changed(stage=True)["id"] == phone_id
        host.say("remove", person=phone_id)
        phone.wait("session closed")


def test_lobby():
    """Who calls knocks, over TLS as well: one is let in, one is sent away."""
    host = Host("boardroom", "--lobby", "on")
    with dial_by_tls(host) as welcome:
        knock, = host.wait("knocks")["knocks"]
        assert knock["name"] == "Phone …456", knock
        with dial_by_dtls(host) as other:
            more = until("two knock", lambda: (knocks := host.wait("knocks")["knocks"])[1:] and knocks)
            assert list_security(host) == ["dtls", "sdes"]
            host.say("deny", knock=next(one["knock"] for one in more if one["knock"] != knock["knock"]))
            other.wait("session closed")
        host.say("admit", knock=knock["knock"])
        assert host.wait("person-joined")["person"]["name"] == "Phone …456"
        welcome.hang_up()
        host.wait("person-left")


def test_consent():
    """Who agrees is recorded; who does not is neither recorded nor heard. All of it encrypted."""
    host = Host("boardroom", "--recording", "on", "--consent", "require")
    folders = [pathlib.Path(FOLDER.name) / name for name in ("agrees", "refuses")]
    for folder in folders:
        folder.mkdir()
    with dial_by_tls(host, tone=440, heard=folders[0]) as agrees:
        yes = host.wait("person-joined")["person"]["id"]
        with dial_by_dtls(host, tone=700, heard=folders[1]) as refuses:
            no = host.wait("person-joined")["person"]["id"]
            assert list_security(host) == ["dtls", "sdes"]
            until("one hears the other", lambda: hears(folders[0], 700))
            host.say("record", action="start")
            assert {host.wait_changed(unrecorded=True)["id"] for _ in range(2)} == {yes, no}  # who began it has agreed
            agrees.keys("1")
            assert host.wait_changed(unrecorded=False)["id"] == yes
            refuses.keys("2")
            until("who refuses hears", lambda: hears(folders[1], 440))
            until("who refuses is not heard", lambda: hears_nothing(folders[0]))
            refuses.hang_up()
            assert host.wait("person-left")["person"] == no
        host.say("record", action="stop")
        agrees.hang_up()
        assert host.wait("person-left")["person"] == yes
    with sqlite3.connect(f"file:{DAEMON.state}/conclave.db?mode=ro", uri=True) as base:
        answers = dict(base.execute("SELECT person, answer FROM consent"))
    assert (answers[yes], answers[no]) == ("agreed", "refused"), answers


def test_switched_while_people_meet():
    """Everybody sees it at once; who is in stays, and for the next one the PIN is a wrong one."""
    host = Host("boardroom")
    with dial(host, "pin", get_ports()[-1]) as stays:
        stayed = host.wait("person-joined")["person"]["id"]
        run("room", "change", host.room["id"], "--dial-in", "off")
        assert host.wait("dial-in")["dial_in"] is None
        with dial(host, "pin", get_ports()[-1]) as late:
            until("the PIN is wrong", lambda: json.loads(run("sip", "status", "--json"))["wrong_pins"] == 1)
            late.hang_up()
        stays.keys("*6")
        assert host.wait_changed(mic=False)["id"] == stayed
        run("room", "change", host.room["id"], "--dial-in", "on")
        assert host.wait("dial-in")["dial_in"] == host.room["dial_in"]
        with dial(host, "pin", get_ports()[-1]):
            assert host.wait("person-joined")["person"]["id"] != stayed
        stays.hang_up()


def test_log_keeps_secrets():
    log = DAEMON.log.read_text(errors="replace")
    assert not any(pin in log for pin in PINS) and "4930123456" not in log


run_tests(globals())
