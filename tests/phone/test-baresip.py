#!/usr/bin/env python3
"""A real phone calls: each codec, digits each way, plain, SDES and DTLS, hold. Usage: test-baresip.py CONCLAVE-SIP. Prints TAP."""
import pathlib
import sys
import tempfile
import time

from baresip import Baresip
from sip_process import SipProcess, make_certificate, run_tests

PROGRAM = str(pathlib.Path(sys.argv[1]).absolute())
TLS = tempfile.TemporaryDirectory(prefix="conclave-tls-")


TRUSTED = make_certificate(TLS.name)
SIP = SipProcess(PROGRAM, listen=(("udp", 0), ("tcp", 0), ("tls", 0)), tls=TLS.name)


# account, transport → codec, security
PHONES = [
    ("audio_codecs=pcmu;dtmfmode=rtpevent", "udp", "PCMU", "none"),
    ("audio_codecs=pcma;dtmfmode=info", "tcp", "PCMA", "none"),
    ("audio_codecs=g722/16000/1;dtmfmode=rtpevent", "udp", "G722", "none"),
    ("audio_codecs=opus/48000/2;dtmfmode=rtpevent", "udp", "opus", "none"),
    ("audio_codecs=pcma;mediaenc=srtp-mand", "tls", "PCMA", "sdes"),
    ("audio_codecs=g722/16000/1;mediaenc=dtls_srtp", "udp", "G722", "dtls"),
]
PIN = "987654321"


def dial(phone, transport, codec, security):
    """The call's id."""
    phone.dial(f"sip:room@127.0.0.1:{SIP.ports[transport]};transport={transport}")
    call = SIP.wait("call")["call"]
    ready = SIP.wait("ready", call=call)
    assert (ready["codec"], ready["security"]) == (codec, security), ready
    return call


def press(phones, digits):
    """The same keys on all phones."""
    for digit in digits:
        for phone in phones:
            phone.keys(digit, 0)
        time.sleep(0.12)


def enter(phones, calls):
    """All type the PIN and are in; their keys are understood."""
    press(phones, PIN + "#")
    for number, call in enumerate(calls, 1):
        assert SIP.wait("pin", call=call)["digits"] == PIN
        SIP.send({"type": "pin-result", "call": call, "verdict": "room", "room": "aaaaaaaaaaaa", "wait": 0, "tries": 3})
        SIP.send({"type": "admit", "call": call, "number": number, "host": False, "speaks": True})
    press(phones, "*6")
    for call in calls:
        SIP.wait("key", call=call, what="mute")


def test_each_codec_security_and_kind_of_digits():
    phones = [Baresip(account, transport, TRUSTED) for account, transport, *_ in PHONES]
    try:
        calls = [dial(phone, *expected) for phone, (_, *expected) in zip(phones, PHONES)]
        enter(phones, calls)
        for phone, call in zip(phones, calls):
            phone.hang_up()
            assert SIP.wait("gone", call=call)["reason"] == "hung-up"
    finally:
        for phone in phones:
            phone.close()


def test_keys_in_plain_sight_are_not_taken():
    with Baresip("audio_codecs=pcma;mediaenc=srtp-mand", "udp") as phone:
        phone.dial(f"sip:room@127.0.0.1:{SIP.ports['udp']}")
        phone.wait("488")


def test_hold_and_our_hanging_up():
    with Baresip("audio_codecs=pcma") as phone:
        call = dial(phone, "udp", "PCMA", "none")
        phone.keys("x")
        assert SIP.wait("held", call=call)["on"] is True
        phone.keys("X")
        assert SIP.wait("held", call=call)["on"] is False
        SIP.send({"type": "hang-up", "call": call, "reason": "ended"})
        phone.wait("session closed")
        assert SIP.wait("gone", call=call)["reason"] == "ended"


def test_hanging_up_over_tls():
    with Baresip("audio_codecs=pcma;mediaenc=srtp-mand", "tls", TRUSTED) as phone:
        call = dial(phone, "tls", "PCMA", "sdes")
        SIP.send({"type": "hang-up", "call": call, "reason": "removed"})
        phone.wait("session closed")
        assert SIP.wait("gone", call=call)["reason"] == "removed"


def test_nothing_of_it_stays():
    SIP.wait("stats", calls=0, answered=len(PHONES) + 2)
    log = SIP.read_log()
    assert PIN not in log and "4930123456" not in log, log
    assert SIP.stop() == 0


run_tests(globals())
