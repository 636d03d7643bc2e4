#!/usr/bin/env python3
"""Several trunks of a real conclaved: two registrars at one address, which ask for a password each, and one that is listed; whose call it is, and how
many each may have. Usage: test-trunks.py CONCLAVED CONCLAVECTL CONCLAVE-SIP. Prints TAP.
"""
import json
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "ctl"))

from daemon import Daemon
from raw_phone import RawPhone
from sip_process import PATIENCE, run_tests
from sipp_process import Sipp, find_port

CONCLAVED, CONCLAVECTL, SIP = (str(pathlib.Path(path).absolute()) for path in sys.argv[1:4])
PROMPTS = str(pathlib.Path(CONCLAVED).parent.parent.parent / "data" / "prompts")
FOLDER = tempfile.TemporaryDirectory(prefix="conclave-trunks-")
PASSWORDS = {"alice": "s3cret of alice", "bob": "hidden by bob", "carol": "changed by carol"}
PORTS = {user: find_port() for user in PASSWORDS}
LISTED = "127.0.0.3"


def write_password(user, password):
    file = pathlib.Path(FOLDER.name) / user
    file.write_text(password)
    file.chmod(0o600)
    return file


def write_trunk(name, user, number, more="", password=None):
    file = write_password(user, password or PASSWORDS[user])
    return f"""[sip-trunk {name}]
registrars = sip:127.0.0.1:{PORTS[user]}
user = {user}
password-file = {file}
numbers = {number}
{more}
"""


REGISTRARS = {user: Sipp("registrar", PORTS[user], "-key", "user", user, "-key", "password", password) for user, password in PASSWORDS.items()}
DAEMON = Daemon(CONCLAVED, f"""sip-program = {SIP}
[sip]
listen = udp:127.0.0.1:0
numbers = +49 30 1
trunk-addresses = {LISTED}
invites-per-second = 100
prompts = {PROMPTS}
""" + write_trunk("north", "alice", "+49 40 2;+49 40 3", "max-calls = 1") + write_trunk("south", "bob", "+49 89 4") +
                write_trunk("east", "carol", "+49 351 5", password="that of last year"))


def wait(what, condition):
    until = time.monotonic() + PATIENCE
    while not (value := condition()):
        assert time.monotonic() < until, f"{what}: not in {PATIENCE} s\n{DAEMON.log.read_text()[-4000:]}"
        time.sleep(0.05)
    return value


def reload(line):
    start = DAEMON.log.stat().st_size
    DAEMON.process.send_signal(signal.SIGHUP)
    wait(f"its log has {line}", lambda: line in DAEMON.log.read_bytes()[start:].decode(errors="replace"))


def run(*arguments):
    done = subprocess.run([CONCLAVECTL, "--socket", str(DAEMON.socket), *arguments], capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, (arguments, done.stderr)
    return done.stdout


def ask(*arguments):
    return json.loads(run(*arguments, "--json"))


def show_trunks():
    return {one["name"]: one for one in ask("sip", "status")["trunks"]}


def find_port_of_gateway():
    found = re.findall(r"callers come in at udp 127\.0\.0\.1 port (\d+)", DAEMON.log.read_text())
    return int(found[-1]) if found else None


def dial(called, address="127.0.0.1"):
    """A phone that has been answered, and with what."""
    phone = RawPhone(find_port_of_gateway(), address=address)
    return phone, phone.invite(uri=f"sip:{called}@127.0.0.1:{phone.target}").status


def test_each_registers_with_its_own_password():
    wait("the gateway is up", find_port_of_gateway)
    wait("all are what they should be", lambda: {name: one["state"] for name, one in show_trunks().items()} ==
         {"trunk": "listed", "north": "registered", "south": "registered", "east": "failed"})
    for user, registrar in REGISTRARS.items():
        assert re.search(rf'^Authorization: Digest username="{user}"', registrar.messages(), re.MULTILINE), registrar.messages()


def test_rooms_have_all_numbers():
    room = ask("room", "create", "--title", "Call", "--kind", "boardroom", "--dial-in", "on")
    assert room["dial_in"]["numbers"] == ["+49 30 1", "+49 40 2", "+49 40 3", "+49 89 4", "+49 351 5"], room


def test_a_call_is_of_the_trunk_that_it_comes_from():
    """Two have registered at the same place: the name that is called decides there."""
    calls = []
    try:
        for called, address, trunk in [("bob", "127.0.0.1", "south"), ("alice", "127.0.0.1", "north"), ("alice", LISTED, "trunk"), ("bob", LISTED, "trunk")]:
            phone, status = dial(called, address)
            calls.append(phone)
            assert status == 200, status
            phone.ack()
            newest = wait("it is listed", lambda: len(listed := ask("sip", "calls")["calls"]) == len(calls) and listed)[0]
            assert newest["trunk"] == trunk, newest
        assert {name: one["calls"] for name, one in show_trunks().items()} == {"trunk": 2, "north": 1, "south": 1, "east": 0}, show_trunks()
        text = run("sip", "status")
        assert "Trunk:       north: registered; 1 calls now, 1 answered, 0 refused\n" in text, text
        assert re.search(r" south +$", run("sip", "calls"), re.MULTILINE), run("sip", "calls")
        phone, status = dial("alice")  # its one call is taken
        phone.close()
        assert status == 486, status
        wait("it is counted", lambda: {name: one["refused_full"] for name, one in show_trunks().items()} == {"trunk": 0, "north": 1, "south": 0, "east": 0})
        phone, status = dial("bob")
        calls.append(phone)
        assert status == 200, status
        phone.ack()
    finally:
        for phone in calls:
            if phone.to_tag:
                phone.bye()
            phone.close()
    wait("all are gone", lambda: {name: (one["calls"], one["answered"]) for name, one in show_trunks().items()} ==
         {"trunk": (0, 2), "north": (0, 1), "south": (0, 2), "east": (0, 0)})


def test_another_password_without_a_restart():
    """Registered within moments, where it would have tried again after minutes; calls go on."""
    phone, status = dial("bob")
    try:
        assert status == 200, status
        phone.ack()
        asked = REGISTRARS["alice"].count(r"^REGISTER ")
        write_password("carol", PASSWORDS["carol"])
        reload("NOTICE main: reloaded")
        wait("it is registered", lambda: show_trunks()["east"]["state"] == "registered")
        assert REGISTRARS["alice"].count(r"^REGISTER ") == asked, "the others have nothing to say"
        assert show_trunks()["south"]["calls"] == 1, show_trunks()
        write_password("carol", "wrong again")
        reload("NOTICE main: reloaded")
        wait("it says so at once", lambda: show_trunks()["east"]["state"] == "failed")
        write_password("carol", PASSWORDS["carol"])
        text = DAEMON.config.read_text()
        DAEMON.config.write_text(text.replace("user = carol", "user = dora"))
        reload("[sip] has changed: that counts from the next start")
        assert show_trunks()["east"]["state"] == "failed", show_trunks()
        DAEMON.config.write_text(text)
        reload("NOTICE main: reloaded")
        wait("it is back", lambda: show_trunks()["east"]["state"] == "registered")
        phone.bye()
    finally:
        phone.close()


def test_a_stranger_is_refused():
    phone, status = dial("alice", "127.0.0.2")
    phone.close()
    assert status == 403, status


def test_registrations_are_taken_back():
    log = DAEMON.log.read_text()
    assert not any(password in log for password in PASSWORDS.values())
    assert DAEMON.stop() == 0
    for registrar in REGISTRARS.values():
        registrar.wait("it is taken back", r"^Expires: 0\r?$", 1)


try:
    run_tests(globals())
finally:
    DAEMON.remove()
    FOLDER.cleanup()
