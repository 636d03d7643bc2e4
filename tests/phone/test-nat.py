#!/usr/bin/env python3
"""Behind a NAT that passes the ports on: trunks are told the address that they can reach, in answers, in their SDP and at the registrar; what is
sent there comes in where conclave-sip listens. Usage: test-nat.py CONCLAVE-SIP. Prints TAP.
"""
import pathlib
import re
import socket
import sys

from raw_phone import Answer, RawPhone
from sip_process import PATIENCE, SipProcess, run_tests, trunk

PROGRAM = str(pathlib.Path(sys.argv[1]).absolute())
OUTSIDE = "203.0.113.9"


def test_who_calls_is_told_the_address_outside():
    with SipProcess(PROGRAM, external=OUTSIDE) as sip:
        phone = RawPhone(sip.ports["udp"])
        answer = phone.call()
        assert re.fullmatch(rf"<sip:[^@>]*@?{OUTSIDE}:{phone.target}[^>]*>.*", answer.get("Contact")), answer.get("Contact")
        assert re.findall(r"^c=IN IP4 (\S+)\r?$", answer.body, re.M) == [OUTSIDE] and f" IP4 {OUTSIDE}\r\n" in answer.body.split("s=")[0], answer.body
        assert "127.0.0.1" not in answer.body, answer.body
        # what the NAT passes on: sound goes back to where it comes from, and the rest of the dialog works
        port = int(re.search(r"^m=audio (\d+) ", answer.body, re.M)[1])
        phone.media.settimeout(PATIENCE)
        for i in range(10):
            phone.media.sendto(bytes([0x80, 8]) + i.to_bytes(2, "big") + (160 * i).to_bytes(4, "big") + b"seat" + bytes([0xd5] * 160), ("127.0.0.1", port))
        assert phone.media.recvfrom(2048)[1] == ("127.0.0.1", port)
        assert phone.bye().status == 200
        phone.close()


def test_a_registrar_is_told_it():
    registrar = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    registrar.bind(("127.0.0.3", 0))
    registrar.settimeout(PATIENCE)
    where = f"sip:127.0.0.3:{registrar.getsockname()[1]}"
    with SipProcess(PROGRAM, external=OUTSIDE, trunks=[trunk(registrars=[where], user="alice", addresses=[])]) as sip:
        request = Answer(registrar.recv(65536))
        assert request.method == "REGISTER", request.first
        assert re.match(rf"<sip:alice@{OUTSIDE}:{sip.ports['udp']}\b", request.get("Contact")), request.get("Contact")


run_tests(globals())
