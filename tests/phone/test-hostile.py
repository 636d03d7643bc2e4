#!/usr/bin/env python3
"""What strangers and broken phones send: nothing of it ends conclave-sip, makes it grow, or keeps a good call out.

Usage: test-hostile.py CONCLAVE-SIP [MUTATIONS]. Prints TAP.
"""
import pathlib
import random
import re
import socket
import sys
import time

from raw_phone import RawPhone, token
from sip_process import SipProcess, run_tests, trunk

PROGRAM = str(pathlib.Path(sys.argv[1]).absolute())
MUTATIONS = int(sys.argv[2]) if len(sys.argv) > 2 else 2000
FOLDER = pathlib.Path(__file__).parent / "torture"
SIP = SipProcess(PROGRAM, listen=(("udp", 0), ("tcp", 0)), limits={"calls": 60, "calls_per_source": 50, "invites_per_second": 100})


def read_torture(sender):
    """Name → bytes for our server."""
    texts = {path.stem: path.read_bytes() for path in sorted(FOLDER.glob("*.sip"))}
    texts |= {"nul": bytes(1400), "ff": b"\xff" * 1400, "crlf": b"\r\n\r\n", "long-header": b"OPTIONS sip:a@b SIP/2.0\r\nX: " + b"B" * 60000,
              "many-headers": b"OPTIONS sip:a@b SIP/2.0\r\n" + b"X: a\r\n" * 9000}
    changes = {b"127.0.0.1:5060": b"127.0.0.1:%d" % SIP.ports["udp"], b"127.0.0.1:5999": b"127.0.0.1:%d" % sender,
               b"Call-ID: ": b"Call-ID: " + token().encode(), b"branch=z9hG4bK": b"branch=z9hG4bK" + token().encode()}
    for name in texts:
        for old, new in changes.items():
            texts[name] = texts[name].replace(old, new)
    return texts


def assert_serves(sip=SIP):
    """A call is answered as ever."""
    phone = RawPhone(sip.ports["udp"])
    until = time.monotonic() + 30
    while (status := phone.ask("OPTIONS").status) != 200 and time.monotonic() < until:
        time.sleep(0.5)  # it has had too much of us
    assert status == 200, status
    while (answer := phone.invite()).status == 503 and time.monotonic() < until:
        phone.forget()
        time.sleep(0.5)
    assert answer.status == 200, answer.first
    phone.ack()
    assert phone.bye().status == 200
    phone.close()


def drain(phone, quiet):
    """Status → how many came, until nothing does."""
    counts = {}
    while (answer := phone.receive(quiet)) is not None:
        counts[answer.status] = counts.get(answer.status, 0) + 1
    return counts


def send_by_tcp(data):
    with socket.create_connection(("127.0.0.1", SIP.ports["tcp"]), 5) as link:
        link.sendall(data)
        link.settimeout(0.02)
        try:
            return link.recv(65536)
        except OSError:
            return b""


# what is well-formed is served, what is not is refused
EXPECTED = {"semiuri": 200, "lwsdisp": 200, "esc01": 200, "longreq": 200, "transports": 200, "zeromf": 200, "escnull": 405, "cparam01": 405,
            "esc02": 501, "badaspec": 200, "clerr": 400, "ncl": 400, "ltgtruri": 400, "quotbal": 400, "mismatch01": 400, "mismatch02": 400,
            "insuf": 400, "multi01": 400, "mcl01": 400, "baddn": 400, "unkscm": 416, "novelsc": 416, "bext01": 420, "invut": 415, "mpart01": 405,
            "sdp4": 488, "sdp6": 488, "sdp7": 488}


def test_torture():
    phones = {name: RawPhone(SIP.ports["udp"]) for name in EXPECTED}
    phone = RawPhone(SIP.ports["udp"])
    for name, data in read_torture(phone.port).items():
        phone.send(data[:65000])
        send_by_tcp(data)
        assert SIP.is_alive(), f"{name} ended it\n{SIP.read_log()}"
    phone.close()
    for name, one in phones.items():
        one.send(read_torture(one.port)[name])
    for name, one in phones.items():
        answer = one.receive(10)
        assert answer and answer.status == EXPECTED[name], (name, answer and answer.first)
        one.close()
    assert_serves()


def mutate(data):
    data = bytearray(data)
    for _ in range(random.randint(1, 12)):
        at, kind = random.randrange(len(data) + 1), random.random()
        if kind < 0.4 and at < len(data):
            data[at] = random.randrange(256)
        elif kind < 0.6:
            del data[at:at + random.randint(1, 20)]
        elif kind < 0.8:
            data[at:at] = bytes(random.choice(b"\r\n;:,<>\"%@=\0 ") for _ in range(random.randint(1, 10)))
        else:
            data[at:at] = data[at:at + random.randint(1, 60)] * random.randint(1, 5)
    return bytes(data)


def test_mutations():
    phone = RawPhone(SIP.ports["udp"])
    seeds = [data for data in read_torture(phone.port).values() if len(data) < 3000]
    seeds += [phone.build("INVITE", body=phone.sdp()).encode("latin1") for _ in range(10)]
    random.seed(7)
    for number in range(MUTATIONS):
        phone.send(mutate(random.choice(seeds)))
        if number % 50 == 49:
            time.sleep(0.005)
            assert SIP.is_alive(), f"ended after {number} messages\n{SIP.read_log()}"
    phone.close()
    assert_serves()


def test_calls_without_end():
    """2000 INVITEs that nobody confirms: as many calls as may be, and little memory."""
    with SipProcess(PROGRAM, limits={"calls": 50, "calls_per_source": 50, "invites_per_second": 100}) as sip:
        assert_serves(sip)
        before = sip.rss()
        phone = RawPhone(sip.ports["udp"])
        for number in range(2000):
            phone.forget()
            phone.send(phone.build("INVITE", body=phone.sdp()))
            if number % 20 == 19:
                time.sleep(0.01)
        counts = drain(phone, 0.3)
        assert counts.get(200, 0) >= 1 and counts.get(486, 0) + counts.get(503, 0) > 0, counts
        stats = sip.wait(lambda one: one.get("type") == "stats" and one["refused_rate"] > 0)
        assert stats["calls"] <= 50 and stats["answered"] <= 51, stats
        assert sip.rss() - before < 16 * 1024, f"{before} → {sip.rss()} KiB"
        phone.close()


def test_limit_of_one_source():
    with SipProcess(PROGRAM, limits={"calls": 60, "calls_per_source": 2, "invites_per_second": 100}) as sip:
        phones = [RawPhone(sip.ports["udp"], "+49301111111") for _ in range(3)]
        other = RawPhone(sip.ports["udp"], "+49302222222")
        assert [phone.invite().status for phone in phones] == [200, 200, 486]
        assert other.invite().status == 200


def test_limit_of_all():
    with SipProcess(PROGRAM, limits={"calls": 2, "calls_per_source": 2, "invites_per_second": 100}) as sip:
        phones = [RawPhone(sip.ports["udp"], f"+4930111111{number}") for number in range(3)]
        assert [phone.invite().status for phone in phones] == [200, 200, 486]


def test_unknown_sources():
    for unknown, trunks in (("refuse", [trunk(addresses=["192.0.2.1"])]), ("silent", [trunk(addresses=["192.0.2.0/24"])])):
        with SipProcess(PROGRAM, unknown=unknown, trunks=trunks) as sip:
            phone = RawPhone(sip.ports["udp"])
            for method in ("OPTIONS", "INVITE"):
                phone.send(phone.build(method, body=phone.sdp() if method == "INVITE" else ""))
                answer = phone.receive(5 if unknown == "refuse" else 0.5)
                assert (answer and answer.status) == (403 if unknown == "refuse" else None), (unknown, method)
            sip.wait(lambda one: one.get("type") == "stats" and one["refused_unknown"] == 2)
            phone.close()


def test_silence_over_connections():
    with SipProcess(PROGRAM, listen=(("tcp", 0),), unknown="silent", trunks=[trunk(addresses=["192.0.2.0/24"])]) as sip:
        with socket.create_connection(("127.0.0.1", sip.ports["tcp"]), 5) as link:
            link.sendall(RawPhone(sip.ports["tcp"]).build("OPTIONS").replace("SIP/2.0/UDP", "SIP/2.0/TCP").encode())
            link.settimeout(15)
            assert link.recv(1) == b"", "a stranger was answered"


def test_connections():
    """Hundreds that say nothing, or half of something, keep nobody out."""
    links = []
    for number in range(300):
        link = socket.create_connection(("127.0.0.1", SIP.ports["tcp"]), 5)
        if number % 2:
            link.sendall(b"INVITE sip:a@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1:5;branch=z9hG4bK1\r\n")
        links.append(link)
    assert b"200 OK" in send_by_tcp_patiently(RawPhone(SIP.ports["udp"]).build("OPTIONS").replace("SIP/2.0/UDP", "SIP/2.0/TCP").encode())
    assert_serves()
    for link in links:
        link.close()


def send_by_tcp_patiently(data):
    with socket.create_connection(("127.0.0.1", SIP.ports["tcp"]), 5) as link:
        link.sendall(data)
        link.settimeout(15)
        return link.recv(65536)


def test_strangers_in_a_call():
    """Who does not know the dialog cannot end or change it."""
    phone, stranger = RawPhone(SIP.ports["udp"]), RawPhone(SIP.ports["udp"])
    phone.call()
    stranger.call_id = phone.call_id
    for tags in (("x", phone.to_tag), (phone.tag, "x"), ("x", None)):
        stranger.tag, stranger.to_tag = tags
        stranger.seq = phone.seq + 10
        assert stranger.ask("BYE").status == 481
    assert phone.ask("OPTIONS").status == 200
    assert phone.bye().status == 200


def test_wrong_pins():
    """As many as the daemon says, then goodbye."""
    phone = RawPhone(SIP.ports["udp"])
    SIP.forget()
    phone.call()
    call = SIP.wait("call")["call"]
    for left in (2, 1, 0):
        phone.press("1234#")
        assert SIP.wait("pin", call=call)["digits"] == "1234"
        SIP.send({"type": "pin-result", "call": call, "verdict": "unknown", "room": None, "wait": 0, "tries": left})
    phone.answer(phone.wait(method="BYE"))
    assert SIP.wait("gone", call=call)["reason"] == "no-pin"


def test_it_ends_well():
    log = SIP.read_log()
    assert not re.search(r"4930123456|1234\b", log), log
    assert SIP.stop() == 0


run_tests(globals())
