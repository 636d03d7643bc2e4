#!/usr/bin/env python3
"""conclavectl verify-client against a real conclaved, and against servers that serve something else.

Usage: test-verify-client.py CONCLAVED CONCLAVECTL CLIENT-HASH WEB PO…. Prints TAP.
"""
import http.server
import json
import os
import pathlib
import re
import ssl
import subprocess
import sys
import threading
import urllib.request

from daemon import DEADLINE, Daemon
from tap import run_tests_with

CONCLAVED, CONCLAVECTL, CLIENT_HASH = (str(pathlib.Path(name).absolute()) for name in sys.argv[1:4])
HASH = subprocess.run([CLIENT_HASH, *sys.argv[4:]], check=True, capture_output=True, text=True).stdout.split()[-1]
ANYBODY = ssl._create_unverified_context()
# LeakSanitizer falls over what libraries for TLS that are loaded late keep for each thread; the other tests of conclavectl look for leaks.
ENVIRONMENT = {**os.environ, "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"}


def run(*words, code=0):
    done = subprocess.run([CONCLAVECTL, *words], capture_output=True, text=True, timeout=3 * DEADLINE, env=ENVIRONMENT)
    assert done.returncode == code, f"{words}: exit {done.returncode}, not {code}: {done.stdout}{done.stderr}"
    return done.stdout, done.stderr


class Changed:
    """Serves what the daemon serves, but for what `change(path, body, headers)` makes of it; None: not there. `seen`: what was asked with."""

    def __init__(self, daemon, change, seen=None):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                if seen is not None:
                    seen[self.path] = self.headers
                try:
                    with urllib.request.urlopen(daemon.url + self.path, context=ANYBODY) as answer:
                        headers = {name: answer.headers.get(name, "") for name in ("Content-Security-Policy", "Content-Type")}
                        body = change(self.path, answer.read(), headers)
                except urllib.error.HTTPError:
                    body = None
                self.send_response(404 if body is None else 200)
                for name, value in headers.items() if body is not None else ():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self.url

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def test_unchanged(daemon):
    out = run("verify-client", daemon.url)[0]
    assert f"Web client:  {HASH} (Conclave " in out, out
    assert out.endswith("This server serves it unchanged.\n"), out
    assert "Certificate: nobody vouches for it" in out, out
    answer = json.loads(run("verify-client", daemon.url + "/r/abcdefghijkm", "--json")[0])
    assert (answer["client"], answer["same"], answer["differing"], answer["certificate"]) == (HASH, True, [], False), answer


def differing(daemon, change, path=""):
    with Changed(daemon, change) as url:
        out, err = run("verify-client", url + path, "--json", code=1)
        assert "serves another web client than this one" in err, err
        return json.loads(out)["differing"]


def test_one_file(daemon):
    """One more space in one module, one file that is missing."""
    def change(path, body, headers):
        return body + b" " if path.endswith("/core/peer.js") else None if path.endswith("/css/base.css") else body
    found = differing(daemon, change)
    assert found == ["core/peer.js", "css/base.css"], found


def test_translation(daemon):
    found = differing(daemon, lambda path, body, headers: body + b"\n" if path.endswith("/po/de.json") else body)
    assert found == ["po/de.json"], found


def test_page(daemon):
    """A script that is not the client's, and a policy that admits it."""
    def change(path, body, headers):
        if path != "/":
            return body
        headers["Content-Security-Policy"] = headers["Content-Security-Policy"].replace("script-src 'self'", "script-src *")
        return body.replace(b"</head>", b"<script src=https://evil.example/x.js></script></head>")
    found = differing(daemon, change)
    assert found == ["the page /", "the page /: Content-Security-Policy"], found


def test_page_of_a_room(daemon):
    """Only where people meet: in any room, or in the one whose address was given."""
    script = b"<script src=/x.js></script></head>"
    found = differing(daemon, lambda path, body, headers: body.replace(b"</head>", script) if path.startswith("/r/") else body)
    assert len(found) == 1 and re.fullmatch("the page /r/[a-z2-9]{12}", found[0]), found
    found = differing(daemon, lambda path, body, headers: body.replace(b"</head>", script) if path == "/r/abcdefghijkm" else body, "/r/abcdefghijkm")
    assert found == ["the page /r/abcdefghijkm"], found


def test_headers(daemon):
    """What sends the browser elsewhere, or lets a script stand between page and network."""
    for name, value in ("Refresh", "0; url=/api/v1/evil"), ("Service-Worker-Allowed", "/"), ("Link", "</x.css>; rel=stylesheet"), ("Content-Type", "text/plain"):
        def change(path, body, headers):
            if path == "/encryption":
                headers[name] = value
            return body
        found = differing(daemon, change)
        assert found == [f"the page /encryption: {name}"], found


def test_embedded(daemon):
    """What pages of other sites load."""
    found = differing(daemon, lambda path, body, headers: body + b" " if path.startswith("/embed/") else body)
    assert found and all(name.startswith("/embed/") for name in found), found


def test_as_a_browser(daemon):
    seen = {}
    with Changed(daemon, lambda path, body, headers: body, seen) as url:
        run("verify-client", url)
    for name in "Sec-Fetch-Dest", "Sec-Fetch-Mode", "Accept-Language", "Upgrade-Insecure-Requests":
        assert seen["/"][name], name
    assert "libsoup" not in str(seen["/"]) and "Firefox/" in seen["/"]["User-Agent"], seen["/"]


def test_embedders(daemon):
    """What an operator sets is shown; nothing else fits in there."""
    meta = b'<meta name="embedders" content="'
    with Changed(daemon, lambda path, body, headers: body.replace(meta, meta + b"https://intranet.example") if not path.startswith(("/w/", "/embed/")) else body) as url:
        out = run("verify-client", url)[0]
        assert "Embedders:   https://intranet.example\n" in out, out
    found = differing(daemon, lambda path, body, headers: body.replace(meta, meta + b'"><script src=x></script><meta content="') if path == "/" else body)
    assert found == ["the page /"], found


def test_nobody(daemon):
    run("verify-client", "http://127.0.0.1:1", code=74)
    run("verify-client", "ftp://127.0.0.1", code=74)
    run("verify-client", code=2)
    with Changed(daemon, lambda path, body, headers: None) as url:
        run("verify-client", url, code=74)


TESTS = [test_unchanged, test_one_file, test_translation, test_page, test_page_of_a_room, test_headers, test_embedded, test_as_a_browser,
         test_embedders, test_nobody]
# An operator's branding is data, and none of the files.
run_tests_with(TESTS, Daemon(CONCLAVED, "[branding]\nname = Example\naccent = #7a1fa2\nimprint = https://a.example\n"))
