#!/usr/bin/env python3
"""capture.py FILE: every packet of this network namespace goes into FILE, each with its length in front (4 bytes, big-endian).

Prints "ready", and once stdin has ended how many packets there were and how many the kernel had to drop. Root in the namespace. The packets wait in a
ring (packet(7), TPACKET_V3), because a socket's buffer cannot be made large there: this process may not get the processor for a while.
"""
import json
import mmap
import select
import socket
import struct
import sys
import time

ALL_PROTOCOLS = 3
SOL_PACKET, PACKET_RX_RING, PACKET_STATISTICS, PACKET_VERSION, TPACKET_V3 = 263, 5, 6, 10, 2
BLOCK, BLOCKS, FRAME = 1 << 20, 128, 1 << 11
RETIRE_MS = 50  # a block that is not full is handed over
STATUS, READ, OURS = 8, 0, 1


def packets(ring, start):
    """What a block holds: its head says how many and where the first is, each one where the next is."""
    count, at = struct.unpack_from("=II", ring, start + 12)
    at += start
    for _ in range(count):
        following, _, _, length, whole = struct.unpack_from("=IIIII", ring, at)
        (mac,) = struct.unpack_from("=H", ring, at + 24)
        if length != whole:
            raise RuntimeError("a packet is not whole")
        yield ring[at + mac : at + mac + length]
        at += following


def drain(ring, block, file):
    """From a block on, as far as they are ours; returns the next one."""
    while struct.unpack_from("=I", ring, block * BLOCK + STATUS)[0] & OURS:
        for packet in packets(ring, block * BLOCK):
            file.write(struct.pack(">I", len(packet)) + packet)
        struct.pack_into("=I", ring, block * BLOCK + STATUS, READ)
        block = (block + 1) % BLOCKS
    return block


def capture(file):
    source = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ALL_PROTOCOLS))
    source.setsockopt(SOL_PACKET, PACKET_VERSION, TPACKET_V3)
    source.setsockopt(SOL_PACKET, PACKET_RX_RING, struct.pack("7I", BLOCK, BLOCKS, FRAME, BLOCK * BLOCKS // FRAME, RETIRE_MS, 0, 0))
    ring = mmap.mmap(source.fileno(), BLOCK * BLOCKS)
    print("ready", flush=True)
    block, ready = 0, []
    while sys.stdin not in ready:
        ready, _, _ = select.select([source, sys.stdin], [], [])
        block = drain(ring, block, file)
    time.sleep(4 * RETIRE_MS / 1000)  # until the last ones are handed over
    drain(ring, block, file)
    count, dropped, _ = struct.unpack("III", source.getsockopt(SOL_PACKET, PACKET_STATISTICS, 12))
    print(json.dumps({"packets": count, "dropped": dropped}), flush=True)


with open(sys.argv[1], "wb") as output:
    capture(output)
