#!/usr/bin/env python3
"""The site that `conclavectl setup` writes, with real nginx, coturn and conclaved, by itself and with port 443 shared.

Usage: test-site.py CONCLAVED CONCLAVECTL. Prints TAP; what is not installed is skipped.
"""
import base64
import hashlib
import hmac
import os
import pathlib
import re
import sqlite3
import struct
import subprocess
import sys
import time
import traceback

import own_network
from setup_site import ADDRESS, ADDRESS6, CALLER, CALLER6, DEADLINE, HOST, TURN_HOST, Site, ask, connect, find, run, stream_module, until

CONCLAVED, CONCLAVECTL = (str(pathlib.Path(name).absolute()) for name in sys.argv[1:3])
HSTS = "max-age=31536000"
MEETING, DOCUMENT = "mabcdefghijkm", "faaaaaaaaaaaa"
CONTENT = b"four score and seven " * 20000


def test_page(site):
    for path, expected in (("/", 200), ("/health", 200), ("/api/v1/users", 401), ("/shared-files/", 404), ("/nowhere.js", 404)):
        status, headers, _ = ask("GET", path)
        assert (status, headers.get("strict-transport-security")) == (expected, HSTS), (path, status, headers)
    # without TLS there is nothing but the way to it
    answer = run("curl", "-sS", "-o", "/dev/null", "-w", "%{http_code} %{redirect_url}", "-H", f"Host: {HOST}", f"http://{ADDRESS}/room")
    assert answer == f"301 https://{HOST}/room", answer


def handshake(*words):
    """The cipher that is agreed on, or None."""
    done = subprocess.run(["openssl", "s_client", "-connect", f"{ADDRESS}:443", "-servername", HOST, *words], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=DEADLINE, check=False)
    found = re.search(r"Cipher is (\S+)", done.stdout)
    return found[1] if done.returncode == 0 and found and found[1] != "(NONE)" else None


def test_tls(site):
    everything = "ALL:@SECLEVEL=0"
    assert handshake("-tls1_3") == "TLS_AES_256_GCM_SHA384"
    assert handshake("-tls1_3", "-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256") == "TLS_CHACHA20_POLY1305_SHA256"
    assert handshake("-tls1_3", "-ciphersuites", "TLS_AES_128_GCM_SHA256") is None
    assert handshake("-tls1_2", "-cipher", everything) in ("ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305")
    for cipher in ("ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA256", "ECDHE-ECDSA-AES256-SHA384", "AES256-GCM-SHA384"):
        assert handshake("-tls1_2", "-cipher", f"{cipher}:@SECLEVEL=0") is None, cipher
    for version in ("-tls1", "-tls1_1"):
        assert handshake(version, "-cipher", everything) is None, version


def test_limits(site):
    slow = connect()
    begun = time.monotonic()
    slow.sendall(f"GET / HTTP/1.1\r\nHost: {HOST}\r\nX-".encode())
    # more than 64 KiB nginx refuses, but not of documents: that is the server's to say
    for path, n, by in (("/api/v1/session", 65_000, "application/json"), ("/api/v1/session", 66_000, "text/html"),
                        (f"/api/v1/documents/{DOCUMENT}/upload", 66_000, "application/json")):
        status, headers, _ = ask("POST", path, b"x" * n, ("Content-Type: application/json",))
        assert 400 <= status < 500 and headers["content-type"] == by, (path, n, status, headers)
    # who never ends is not waited for
    while slow.recv(4096):
        pass
    slow.close()
    assert time.monotonic() - begun < 40


def test_socket(site):
    with connect() as connection:
        connection.sendall((f"GET /ws HTTP/1.1\r\nHost: {HOST}\r\nOrigin: https://{HOST}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: conclave.v1\r\n"
                            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\n\r\n").encode())
        answer = b""
        while b"\r\n\r\n" not in answer:
            more = connection.recv(4096)
            assert more, answer
            answer += more
        assert answer.startswith(b"HTTP/1.1 101 "), answer
        # a text, masked with nothing; what comes back is an error
        connection.sendall(struct.pack(">BB", 0x81, 0x80 | 2) + bytes(4) + b"{}")
        answer = answer.partition(b"\r\n\r\n")[2]
        while b'"error"' not in answer:
            more = connection.recv(4096)
            assert more, answer
            answer += more


def test_sent_by_nginx(site):
    """X-Accel-Redirect: nginx takes the file from the disk, with the server's headers."""
    room = site.ctl("room", "create", "--kind", "standard", "--title", "Kitchen")["id"]
    folder = site.root / "documents" / MEETING
    folder.mkdir(mode=0o755)
    (folder / DOCUMENT).write_bytes(CONTENT)
    database = sqlite3.connect(site.state / "conclave.db", timeout=10, isolation_level=None)
    database.execute("INSERT INTO meeting (id, room, started) VALUES (?, ?, 1)", (MEETING, room))
    database.execute("INSERT INTO document (id, meeting, person, by_name, name, media_type, bytes, sha256, status, created) "
                     "VALUES (?, ?, 'p', 'Zoë', 'Plan.pdf', '', ?, ?, 'ready', 1790000000000)", (DOCUMENT, MEETING, len(CONTENT), hashlib.sha256(CONTENT).hexdigest()))
    database.close()
    key = site.ctl("key", "add", "Shop", "--role", "administrator")["key"]
    path, head = f"/api/v1/documents/{DOCUMENT}", (f"Authorization: Bearer {key}",)
    status, headers, body = ask("GET", path, head=head)
    assert status == 200 and body == CONTENT, (status, headers)
    # it is nginx who sent it, and nobody is told where it lies
    assert re.fullmatch(r'"[0-9a-f]+-[0-9a-f]+"', headers["etag"]) and "x-accel-redirect" not in headers, headers
    assert "Plan.pdf" in headers["content-disposition"] and headers["strict-transport-security"] == HSTS and "sandbox" in headers["content-security-policy"], headers
    status, headers, body = ask("GET", path, head=(*head, "Range: bytes=5-9"))
    assert (status, body) == (206, CONTENT[5:10]), (status, headers)
    assert ask("GET", path)[0] == 401 and ask("GET", f"/shared-files/{MEETING}/{DOCUMENT}")[0] == 404


def test_who_it_is(site):
    """Limits are by address: the server knows it behind nginx, and nobody can make one up."""
    body = b'{"login": "nobody", "password": "wrong password"}'
    callers = [(ADDRESS, CALLER), (ADDRESS6, CALLER6)]
    for address, caller in callers:
        head = ("Content-Type: application/json", f"Origin: https://{HOST}", "X-Forwarded-For: 198.51.100.99")
        status, _, answer = ask("POST", "/api/v1/session", body, head, address=address, caller=caller)
        assert status == 401, (status, answer)
        until(f"{caller} is in the log", lambda caller=caller: f"sign-in refused from {caller} " in site.log("conclaved").replace("\n", " \n"))
    assert set(re.findall(r"sign-in refused from (\S+)", site.log("conclaved"))) == {caller for _, caller in callers}


def stun(kind, *attributes, sign=None):
    """A message of TURN (RFC 8656); `sign`: the key, or None."""
    body = b"".join(struct.pack(">HH", name, len(value)) + value + bytes(-len(value) % 4) for name, value in attributes)
    transaction = os.urandom(12)
    head = lambda n: struct.pack(">HHI", kind, n, 0x2112A442) + transaction
    if sign:
        body += struct.pack(">HH", 8, 20) + hmac.digest(sign, head(len(body) + 24) + body, "sha1")
    return head(len(body)) + body


def read_stun(connection):
    """(type, {attribute: value}) of the next one."""
    def take(n):
        data = b""
        while len(data) < n:
            more = connection.recv(n - len(data))
            assert more, f"closed after {data!r}"
            data += more
        return data
    kind, n = struct.unpack(">HH", take(20)[:4])
    body, found = take(n), {}
    while body:
        name, length = struct.unpack(">HH", body[:4])
        found[name] = body[4:4 + length]
        body = body[4 + length + -length % 4:]
    return kind, found


def allocate(site, **where):
    """Takes an address at coturn, as a browser does. Returns it, and its port."""
    secret = site.path("conclave/secrets/turn").read_text().strip()
    user = f"{int(time.time()) + 600}:ptest".encode()
    password = base64.b64encode(hmac.digest(secret.encode(), user, "sha1"))
    udp = (0x19, bytes([17, 0, 0, 0]))
    with connect(**where) as connection:
        connection.sendall(stun(3, udp))
        kind, found = read_stun(connection)
        assert kind == 0x113 and found[9][:4] == bytes([0, 0, 4, 1]), (hex(kind), found)
        realm, nonce = found[0x14], found[0x15]
        key = hashlib.md5(b":".join((user, realm, password))).digest()
        connection.sendall(stun(3, udp, (6, user), (0x14, realm), (0x15, nonce), sign=key))
        kind, found = read_stun(connection)
        assert kind == 0x103, (hex(kind), found)
    _, family, port, address = struct.unpack(">BBHI", found[0x16])
    address ^= 0x2112A442
    return ".".join(str(address >> shift & 255) for shift in (24, 16, 8, 0)), port ^ 0x2112


def test_relay(site):
    """coturn at its own port, and where 443 is shared there as well, over IPv4 and IPv6."""
    places = [{"name": HOST, "port": 5349}]
    if site.shared:
        places += [{"name": TURN_HOST}, {"name": TURN_HOST, "address": ADDRESS6, "caller": CALLER6}]
    for place in places:
        address, port = allocate(site, **place)
        assert address == ADDRESS and 49160 <= port <= 49759, (place, address, port)


def test_names(site):
    """Who names nobody, or somebody else, gets the site."""
    for name in (None, HOST, f"other.{HOST}", "turn.example.org"):
        assert ask("GET", "/health", name=name)[0] == 200, name


TESTS = [test_page, test_tls, test_limits, test_socket, test_sent_by_nginx, test_who_it_is, test_relay, test_names]


def missing(shared):
    for program in ("nginx", "turnserver", "curl", "openssl"):
        if find(program) is None:
            return f"there is no {program}"
    if shared and stream_module() is None:
        return "nginx has no module for it (libnginx-mod-stream)"
    return None


def one(number, test, site, shared):
    name = f"{test.__name__}{', port 443 shared' if shared else ''}"
    try:
        test(site)
        print(f"ok {number} {name}", flush=True)
        return True
    except Exception:
        print(f"not ok {number} {name}", flush=True)
        print("".join(f"# {line}\n" for line in traceback.format_exc().splitlines()), end="")
        return False


def main():
    print(f"1..{2 * len(TESTS)}")
    for address in (f"{CALLER}/32", f"{ADDRESS6}/64", f"{CALLER6}/64"):
        run("ip", "address", "add", address, "dev", "host0", *["nodad"] * (":" in address))
    failed, number = False, 0
    for shared in (False, True):
        reason = missing(shared)
        if reason:
            for test in TESTS:
                number += 1
                print(f"ok {number} {test.__name__} # SKIP {reason}", flush=True)
            continue
        site = Site(CONCLAVED, CONCLAVECTL, shared)
        try:
            site.start()
            for test in TESTS:
                number += 1
                failed |= not one(number, test, site, shared)
        except Exception:
            failed = True
            print("Bail out! the site does not start", flush=True)
            print("".join(f"# {line}\n" for line in traceback.format_exc().splitlines()), end="")
        finally:
            site.stop()
    return failed


own_network.enter()
sys.exit(main())
