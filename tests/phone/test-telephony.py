#!/usr/bin/env python3
"""People call a meeting of a real conclaved, and it is led by conclavectl. Usage: test-telephony.py CONCLAVED CONCLAVECTL CONCLAVE-SIP. Prints TAP."""
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "ctl"))

from baresip import Baresip, heard_once, hears, hears_nothing
from daemon import Daemon
from sip_process import run_tests

CONCLAVED, CONCLAVECTL, SIP = (str(pathlib.Path(path).absolute()) for path in sys.argv[1:4])
PROMPTS = str(pathlib.Path(CONCLAVED).parent.parent.parent / "data" / "prompts")
PATIENCE = 30
SECTION = f"sip-program = {SIP}\n[sip]\nlisten = udp:127.0.0.1:0\nnumbers = +49 30 123456\ntrunk-addresses = 127.0.0.1\nprompts = {PROMPTS}\n"
HEARD = tempfile.TemporaryDirectory(prefix="conclave-heard-")
DAEMON = Daemon(CONCLAVED, SECTION)


def wait(what, condition):
    until = time.monotonic() + PATIENCE
    while not (value := condition()):
        if time.monotonic() > until:
            raise AssertionError(f"{what}: not in {PATIENCE} s\n{DAEMON.log.read_text()[-6000:]}")
        time.sleep(0.1)
    return value


def ctl(*arguments):
    """What it prints, read as JSON."""
    run = subprocess.run([CONCLAVECTL, "--socket", str(DAEMON.socket), *arguments, "--json"], capture_output=True, text=True, timeout=PATIENCE)
    assert run.returncode == 0, (arguments, run.stderr)
    return json.loads(run.stdout) if run.stdout.strip() else None


def list_calls():
    return ctl("sip", "calls")["calls"]


def get_port():
    """Of the newest conclave-sip."""
    lines = [line for line in DAEMON.log.read_text().splitlines() if "callers come in at udp" in line]
    return int(lines[-1].rsplit(" ", 1)[1]) if lines else None


def call_in(phone, pin):
    phone.dial(f"sip:room@127.0.0.1:{wait('the gateway listens', get_port)}")
    phone.wait("Call established")
    phone.keys(f"{pin}#")


def end(phones):
    """All hang up, and nothing is left of their calls."""
    for phone in phones:
        phone.hang_up()
    wait("nothing is left of the calls", lambda: ctl("sip", "status")["calls"] == 0)


def hang_up(call):
    run = subprocess.run([CONCLAVECTL, "--socket", str(DAEMON.socket), "sip", "hangup", call], capture_output=True, text=True, timeout=PATIENCE)
    return "" if run.returncode == 0 else f"{run.returncode}: {run.stderr}"


def find_call(call):
    return next(one for one in list_calls() if one["id"] == call)


def find_gateway():
    """The process id of conclave-sip."""
    for children in pathlib.Path(f"/proc/{DAEMON.process.pid}/task").glob("*/children"):
        for child in children.read_text().split():
            if pathlib.Path(f"/proc/{child}/comm").read_text().strip().startswith("conclave-sip"):
                return int(child)
    raise AssertionError("there is no conclave-sip")


def test_callers_hear_each_other():
    room = ctl("room", "create", "--title", "Call", "--kind", "boardroom", "--dial-in", "on")
    host, guest = (pathlib.Path(HEARD.name) / name for name in ("host", "guest"))
    host.mkdir()
    guest.mkdir()
    with Baresip("audio_codecs=pcma", tone=440, heard=host) as one, Baresip("audio_codecs=g722/16000/1", tone=700, heard=guest) as two:
        call_in(one, room["dial_in"]["host_pin"])
        wait("the host is in", lambda: [call for call in list_calls() if call["state"] == "in"])
        call_in(two, room["dial_in"]["pin"])
        wait("both are in", lambda: [call["state"] for call in list_calls()] == ["in", "in"])
        wait("the host hears the guest", lambda: hears(host, 700))
        wait("the guest hears the host", lambda: hears(guest, 440))
        one.keys("*6")
        wait("the guest does not hear the host any more", lambda: not hears(guest, 440))
        # after what is said about it
        wait("the host hears the guest still", lambda: hears(host, 700))
        two.hang_up()
        wait("the host hears that somebody has gone", lambda: heard_once(host, (880, 660)))
        call_in(two, room["dial_in"]["pin"])
        wait("and that somebody comes", lambda: heard_once(host, (660, 880)))
        wait("the host hears the guest again", lambda: hears(host, 700))
        two.keys("x")  # the meeting is on hold there: baresip goes on sending
        wait("the music of a phone that holds is not heard", lambda: hears_nothing(host))
        two.keys("X")
        wait("the host hears the guest once more", lambda: hears(host, 700))
        end([one, two])


def test_operators_see_calls_and_end_them():
    room = ctl("room", "create", "--title", "Operated", "--kind", "classroom", "--dial-in", "on")
    with Baresip("audio_codecs=pcmu") as phone:
        call_in(phone, room["dial_in"]["pin"])
        call = wait("a caller waits for the host", lambda: [one for one in list_calls() if one["state"] == "waiting"])[0]
        assert (call["room"], call["codec"], call["security"], call["caller"]) == (room["id"], "PCMU", "none", "…456"), call
        assert call["answered"] >= call["started"] and call["ended"] is None and call["meeting"] is None, call
        status = ctl("sip", "status")
        assert status["up"] and status["calls"] == 1 and status["trunks"][0]["state"] == "listed", status
        assert hang_up(call["id"]) == ""
        phone.wait("session closed")
        ended = wait("the call is recorded", lambda: (one := find_call(call["id"]))["state"] == "ended" and one)
        assert ended["reason"] == "operator" and ended["ended"] >= ended["answered"], ended
        assert hang_up(call["id"]) != "", "a call that is over was ended"


def test_wrong_pins_are_counted_and_end_the_call():
    before = ctl("sip", "status")["wrong_pins"]
    with Baresip("audio_codecs=pcmu") as phone:
        call_in(phone, "000000000")
        wait("the wrong PIN counts", lambda: ctl("sip", "status")["wrong_pins"] == before + 1)
        end([phone])


def test_a_crash_takes_no_more_than_the_calls():
    room = ctl("room", "create", "--title", "Crash", "--kind", "boardroom", "--dial-in", "on")
    with Baresip("audio_codecs=pcma") as one, Baresip("audio_codecs=pcma") as two:
        call_in(one, room["dial_in"]["host_pin"])
        call = wait("the host is in", lambda: [one for one in list_calls() if one["state"] == "in"])[0]["id"]
        old = get_port()
        os.kill(find_gateway(), signal.SIGKILL)
        began = time.monotonic()
        wait("another gateway listens", lambda: get_port() != old)
        call_in(two, room["dial_in"]["host_pin"])
        again = wait("the second call is in", lambda: [one for one in list_calls() if one["state"] == "in"])[0]
        print(f"# redialled in {time.monotonic() - began:.1f} s")
        assert find_call(call)["reason"] == "crash" and again["id"] != call
        end([two])


if __name__ == "__main__":
    try:
        run_tests(globals())
    finally:
        if "-k" in sys.argv:
            print(DAEMON.log.read_text())
        DAEMON.stop()
        DAEMON.remove()
        HEARD.cleanup()
