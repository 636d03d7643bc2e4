#!/usr/bin/env python3
"""Opens the link of a room as its page does: the page itself, then a WebSocket on which it takes a seat. come-in.py ADDRESS LINK CA.pem [SECONDS].

All of it goes to ADDRESS, whatever the name in the link leads to; the certificate has to be for that name. Leaves with 0 once it is in,
or SECONDS later where it is answered then, on the same connection."""
import base64
import hashlib
import hmac
import http.client
import json
import os
import re
import socket
import ssl
import sys
import time

ADDRESS, LINK, AUTHORITY, STAY = (*sys.argv[1:], "0")[:4]
SECONDS = 30
HOST, ROOM, SECRET = re.fullmatch(r"https://([a-z0-9.-]+)/r/([a-z2-9]{12})#([\w-]{43})(?:\.[\w-]{43})?", LINK).groups()


def derive_join_key():
    """PROTOCOL.md, 2: HKDF-SHA-256, one block of it."""
    salt = hashlib.sha256(b"conclave-link-1 room\0" + len(ROOM).to_bytes(2, "big") + ROOM.encode()).digest()
    extracted = hmac.digest(salt, base64.urlsafe_b64decode(SECRET + "="), "sha256")
    return base64.urlsafe_b64encode(hmac.digest(extracted, b"conclave-link-1 join\0\x01", "sha256")).decode().rstrip("=")


def connect():
    context = ssl.create_default_context(cafile=AUTHORITY)
    return context.wrap_socket(socket.create_connection((ADDRESS, 443), SECONDS), server_hostname=HOST)


def fetch_page():
    connection = http.client.HTTPConnection(HOST)
    connection.sock = connect()
    connection.request("GET", f"/r/{ROOM}")
    answer = connection.getresponse()
    page = answer.read().decode()
    assert answer.status == 200 and "<html" in page, f"the page: {answer.status}"


def open_socket():
    tls = connect()
    key = base64.b64encode(os.urandom(16)).decode()
    tls.sendall((f"GET /ws HTTP/1.1\r\nHost: {HOST}\r\nOrigin: https://{HOST}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                 f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Protocol: conclave.v1\r\n\r\n").encode())
    stream = tls.makefile("rb")
    status = stream.readline()
    assert status.startswith(b"HTTP/1.1 101 "), status
    while stream.readline().strip():
        pass
    return tls, stream


def send(tls, message):
    """One masked text frame; the mask is all zeros."""
    text = json.dumps(message).encode()
    length = bytes([0x80 + len(text)]) if len(text) < 126 else b"\xfe" + len(text).to_bytes(2, "big")
    tls.sendall(b"\x81" + length + bytes(4) + text)


def receive(stream):
    head = stream.read(2)
    length = head[1] & 127
    if length > 125:
        length = int.from_bytes(stream.read(2 if length == 126 else 8), "big")
    body = stream.read(length)
    assert head[0] == 0x81, (head, body)
    return json.loads(body)


fetch_page()
tls, stream = open_socket()
send(tls, {"type": "join", "room": ROOM, "key": derive_join_key(), "name": "A newcomer", "mic": True, "camera": True})
answer = receive(stream)
assert answer["type"] == "joined", answer
time.sleep(float(STAY))
send(tls, {"type": "turn", "id": 1})
while answer.get("re") != 1:
    answer = receive(stream)
assert answer["type"] == "turn" and answer["ice"]["servers"], answer
