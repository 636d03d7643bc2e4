#!/usr/bin/env python3
"""What sipp plays: registrars that ask for a password, and many who call at once. Usage: test-sipp.py CONCLAVE-SIP. Prints TAP."""
import pathlib
import re
import sys
import time

from sip_process import PATIENCE, SipProcess, run_tests, trunk
from sipp_process import Sipp, find_port

PROGRAM = str(pathlib.Path(sys.argv[1]).absolute())
CALLS, RATE = 50, 5
PASSWORD = "s3cret of alice"


def start_registrar(port):
    return Sipp("registrar", port, "-key", "user", "alice", "-key", "password", PASSWORD)


def registering(name, port, password=PASSWORD):
    return trunk(name, registrars=[f"sip:127.0.0.1:{port}"], user="alice", password=password, addresses=[], expires=300)


PORTS = {name: find_port() for name in ("good", "wrong", "gone")}
GOOD, WRONG = (start_registrar(PORTS[name]) for name in ("good", "wrong"))
SIP = SipProcess(PROGRAM, limits={"calls": 60, "calls_per_source": 50, "invites_per_second": 100}, trunks=[
    registering("good", PORTS["good"]), registering("wrong", PORTS["wrong"], "guessed"), registering("gone", PORTS["gone"]), trunk("listed")])
TAKEN, ASKED, REFUSED = r"^SIP/2\.0 200 OK", r"^REGISTER sip:", r"^SIP/2\.0 401"


def test_a_registrar_asks_and_is_answered():
    SIP.wait("trunk", trunk="good", state="registered")
    assert (GOOD.count(ASKED), GOOD.count(REFUSED), GOOD.count(TAKEN)) == (2, 1, 1), GOOD.messages()
    assert re.search(r'^Authorization: Digest username="alice", realm="phones",.*qop=auth', GOOD.messages(), re.MULTILINE), GOOD.messages()
    assert PASSWORD not in GOOD.messages()


def test_a_registrar_that_is_not_there_yet():
    global GONE
    SIP.wait("trunk", trunk="gone", state="failed")
    GONE = start_registrar(PORTS["gone"])
    SIP.wait("trunk", trunk="gone", state="registered")
    GONE.close()  # and goes
    SIP.news = [one for one in SIP.news if one.get("trunk") != "gone"]  # it may have tried twice


def test_a_wrong_password_is_said_and_tried_again_later():
    """A few requests each time, and the next ones seconds later."""
    for _ in range(2):
        text = SIP.wait("trunk", trunk="wrong", state="failed")["text"]
        assert "password" in text, text
    assert 2 < WRONG.count(ASKED) <= 12 and WRONG.count(TAKEN) == 0, WRONG.messages()


def test_many_calls():
    """All are answered, their digits are taken, and nothing of them stays."""
    before = SIP.rss()
    callers = Sipp("caller", find_port(), f"127.0.0.1:{SIP.ports['udp']}", "-r", str(RATE), "-m", str(CALLS), "-l", "40", "-timeout", "60s", "-timeout_error")
    pins = 0
    until = time.monotonic() + 60
    while (message := SIP.wait(lambda one: one.get("type") in ("pin", "gone"), until - time.monotonic())) and pins < CALLS:
        if message["type"] == "pin":
            assert message["digits"] == "7", message
            pins += 1
    output = callers.process.communicate(timeout=PATIENCE)[0].decode(errors="replace")
    assert callers.process.returncode == 0, output[-3000:]
    stats = SIP.wait(lambda one: one.get("type") == "stats" and one["calls"] == 0 and one["answered"] == CALLS)
    assert stats["refused_full"] == stats["refused_rate"] == 0, stats
    assert SIP.rss() - before < 16 * 1024, f"{before} → {SIP.rss()} KiB"


def test_a_registration_is_renewed():
    """After half the time that it was granted for, without being asked again."""
    GOOD.wait("it is renewed", TAKEN, 2, 40)
    assert (GOOD.count(ASKED), GOOD.count(REFUSED)) == (3, 1), GOOD.messages()


def test_a_registrar_that_goes_and_comes_back():
    SIP.wait("trunk", trunk="gone", state="failed", patience=40)
    global GONE
    GONE = start_registrar(PORTS["gone"])
    SIP.wait("trunk", trunk="gone", state="registered")


def test_it_takes_its_registrations_back():
    log = SIP.read_log()
    assert PASSWORD not in log and "guessed" not in log, log
    assert SIP.stop() == 0
    for registrar in (GOOD, GONE):
        registrar.wait("it is taken back", r"^Expires: 0\r?$", 1)


try:
    run_tests(globals())
finally:
    SIP.remove()
