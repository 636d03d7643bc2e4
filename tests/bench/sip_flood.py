"""A call that goes on while strangers to manners send INVITEs and torture (RFC 4475) to the same conclave-sip: how much of its sound is lost.

Each 20 ms have a level of their own, of eight in turn, both ways: what follows its forerunner was not lost.
"""
import pathlib
import random
import socket
import struct
import sys
import threading
import time

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS / "phone"))

from raw_phone import RawPhone  # noqa: E402  pylint: disable=wrong-import-position
from sip_process import SipProcess, trunk  # noqa: E402  pylint: disable=wrong-import-position

INVITES, TORTURES = 500, 50  # a second
LEVELS = [1000 + 3500 * step for step in range(8)]
ROOM, NUMBER = "aaaaaaaaaaaa", 7


def decode_alaw(byte):
    byte ^= 0x55
    exponent, mantissa = (byte & 0x70) >> 4, byte & 0x0F
    value = (mantissa << 4) + 8 if exponent == 0 else ((mantissa << 4) + 0x108) << (exponent - 1)
    return value if byte & 0x80 else -value


CODES = [min(range(256), key=lambda byte, level=level: abs(decode_alaw(byte) - level)) for level in LEVELS]


def find_step(value):
    return min(range(8), key=lambda step: abs(LEVELS[step] - value))


def count_following(steps):
    return 1 + sum((one + 1) % 8 == other for one, other in zip(steps, steps[1:]))


class Call:
    """A phone, and the meeting at the other end of its bridge."""

    def __init__(self, sip):
        self.phone = RawPhone(sip.ports["udp"])
        self.heard, self.spoken, self.runs = [], [], True
        self.bridge, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        answer = self.phone.call()
        self.target = int(answer.body.split("m=audio ")[1].split()[0])
        call = sip.wait("call")["call"]
        sip.wait("ready")
        self.phone.press("123456789#")
        sip.wait("pin")
        sip.send({"type": "bridge", "room": ROOM, "meeting": "maaaaaaaaaaaa"}, [theirs.fileno()])
        sip.send({"type": "pin-result", "call": call, "verdict": "room", "room": ROOM, "wait": 0, "tries": 3})
        sip.send({"type": "admit", "call": call, "number": NUMBER, "host": False, "speaks": True})
        theirs.close()
        self.threads = [threading.Thread(target=one, daemon=True) for one in (self.speak, self.hear, self.meet)]
        for thread in self.threads:
            thread.start()

    def speak(self):
        start, n = time.monotonic(), 0
        while self.runs:
            head = struct.pack("!BBHII", 0x80, 8, n & 0xFFFF, n * 160, 4711)
            self.phone.media.sendto(head + bytes([CODES[n % 8]]) * 160, ("127.0.0.1", self.target))
            n += 1
            time.sleep(max(0, start + n * 0.02 - time.monotonic()))

    def hear(self):
        self.phone.media.settimeout(1)
        while self.runs:
            try:
                packet = self.phone.media.recv(2048)
            except socket.timeout:
                continue
            if packet[1] & 0x7F == 8:
                self.heard.append(find_step(decode_alaw(packet[12 + 80])))

    def meet(self):
        self.bridge.settimeout(1)
        n = 0
        while self.runs:
            try:
                message = self.bridge.recv(65536)
            except socket.timeout:
                continue
            if len(message) >= 9 + 640:
                self.spoken.append(find_step(struct.unpack_from("<h", message, 9 + 320)[0]))
            if message and message[1] & 1:
                self.bridge.send(struct.pack("!BBBIBB", 1, 1, 1, 0, 0, 10) + struct.pack("<h", LEVELS[n % 8]) * 320)
                n += 1

    def close(self):
        self.runs = False
        for thread in self.threads:
            thread.join()
        self.phone.close()
        self.bridge.close()


def flood(port, seconds):
    """In the time of this thread; returns how many INVITEs went out."""
    torture = [path.read_bytes() for path in sorted((TESTS / "phone" / "torture").glob("*.sip"))]
    phones = [RawPhone(port, f"+49301{number:06}", f"127.0.0.{2 + number}") for number in range(10)]
    start, n = time.monotonic(), 0
    while (now := time.monotonic()) < start + seconds:
        while n < (now - start) * INVITES:
            phone = phones[n % 10]
            phone.forget()
            phone.send(phone.build("INVITE", body=phone.sdp()))
            if n % (INVITES // TORTURES) == 0:
                phone.send(random.choice(torture)[:65000])
            n += 1
        time.sleep(0.005)
    for phone in phones:
        phone.close()
    return n


def measure(build, seconds):
    """{name: value}: % of the sound that was lost, up and down, and INVITEs a second."""
    limits = {"calls": 200, "calls_per_source": 100, "invites_per_second": 100}
    with SipProcess(build / "src/sip/conclave-sip", limits=limits, trunks=[trunk(addresses=["127.0.0.0/8"])]) as sip:
        call = Call(sip)
        time.sleep(3)  # until what is said at the beginning was said
        up, down, start = len(call.spoken), len(call.heard), time.monotonic()
        sent = flood(sip.ports["udp"], seconds)
        frames = (time.monotonic() - start) * 50
        spoken, heard = call.spoken[up:], call.heard[down:]
        assert sip.is_alive(), sip.read_log()
        call.close()
    return {"flood_up": 100 * max(0, 1 - count_following(spoken) / frames), "flood_down": 100 * max(0, 1 - count_following(heard) / frames),
            "flood_invites": sent / seconds}
