#!/usr/bin/env python3
"""conclavectl's commands about users, and keys of all roles, against a real conclaved.

Usage: test-users.py CONCLAVED CONCLAVECTL. Prints TAP.
"""
import json
import os
import pathlib
import pty
import re
import sqlite3
import ssl
import subprocess
import sys
import urllib.error
import urllib.request

from daemon import DEADLINE, Daemon, decode
from tap import run_tests_with

CONCLAVED, CONCLAVECTL = (str(pathlib.Path(name).absolute()) for name in sys.argv[1:3])
PASSWORD = "correct horse battery"
SECRETS = [PASSWORD]


def run(daemon, *words, code=0, stdin=""):
    """stdout and stderr of conclavectl, which must exit with `code`."""
    done = subprocess.run([CONCLAVECTL, "--socket", daemon.socket, *words], capture_output=True, text=True, timeout=DEADLINE, input=stdin)
    assert done.returncode == code, f"{words}: exit {done.returncode}, not {code}: {done.stdout}{done.stderr}"
    return done.stdout, done.stderr


def run_json(daemon, *words, **more):
    return json.loads(run(daemon, *words, "--json", **more)[0])


def request(daemon, method, path, body=None, **headers):
    """Over the network, as a browser would. Status, JSON, cookie."""
    context = ssl._create_unverified_context()
    data = json.dumps(body).encode() if body is not None else None
    asked = urllib.request.Request(daemon.url + path, data, {"Content-Type": "application/json", "Origin": daemon.url, **headers}, method=method)
    try:
        with urllib.request.urlopen(asked, timeout=DEADLINE, context=context) as answer:
            return answer.status, json.loads(answer.read() or b"{}"), answer.headers.get("Set-Cookie", "").split(";")[0]
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read()), ""


def enter(daemon, url):
    """By a link that works once. Status, role, cookie."""
    place, code = url.split("#")
    assert place == f"{daemon.url}/sign-in" and len(decode(code)) == 32, url
    SECRETS.append(code)
    status, session, cookie = request(daemon, "POST", "/api/v1/session", {"code": code})
    return status, session.get("role"), cookie


def test_add(daemon):
    assert run(daemon, "user", "list")[0] == "There are no users.\n"
    out = run(daemon, "user", "add", "ann@example.org", "--name", "Ann")[0]
    assert re.search(r"^Login: +ann@example\.org$", out, re.M) and re.search(r"^Role: +host$", out, re.M), out
    url = re.search(r"^Sign in: +(\S+)$", out, re.M)[1]
    assert enter(daemon, url)[:2] == (200, "host")
    assert enter(daemon, url)[0] == 410, "it works once"
    root = run_json(daemon, "user", "add", "root", "--role", "administrator")
    assert (root["login"], root["name"], root["role"], root["password"]) == ("root", "root", "administrator", False), root
    status, role, cookie = enter(daemon, root["url"])
    assert (status, role) == (200, "administrator")
    assert request(daemon, "GET", "/api/v1/status", Cookie=cookie)[0] == 200
    assert "login-taken" in run(daemon, "user", "add", "ROOT", code=1)[1]
    lines = run(daemon, "user", "list")[0].splitlines()
    assert lines[0].split() == ["ID", "ROLE", "SEEN", "LOGIN", "NAME"] and len(lines) == 3, lines
    assert [user["login"] for user in run_json(daemon, "user", "list")["users"]] == ["ann@example.org", "root"]


def test_password(daemon):
    wrong = {"login": "ann@example.org", "password": PASSWORD + "!"}
    right = {"login": "Ann@Example.Org", "password": PASSWORD}
    assert "is out" in run(daemon, "user", "passwd", "ANN@example.org", stdin=PASSWORD + "\nmore\n")[0]
    assert request(daemon, "POST", "/api/v1/session", wrong)[0] == 401
    status, session, cookie = request(daemon, "POST", "/api/v1/session", right)
    assert (status, session["user"]["name"]) == (200, "Ann"), session
    assert "10 to 200" in run(daemon, "user", "passwd", "ann@example.org", stdin="short\n", code=1)[1]
    assert "no password" in run(daemon, "user", "passwd", "ann@example.org", code=1)[1]
    assert "not-found" in run(daemon, "user", "passwd", "nobody", stdin=PASSWORD, code=1)[1]
    assert request(daemon, "GET", "/api/v1/session", Cookie=cookie)[0] == 200
    run(daemon, "user", "passwd", "ann@example.org", stdin=PASSWORD)
    assert request(daemon, "GET", "/api/v1/session", Cookie=cookie)[0] == 401


def test_terminal(daemon):
    """It is asked for twice, and not shown."""
    for answers, code in ([PASSWORD, PASSWORD], 0), ([PASSWORD, "something else"], 1):
        ours, theirs = pty.openpty()
        program = subprocess.Popen([CONCLAVECTL, "--socket", daemon.socket, "user", "passwd", "root"], stdin=theirs, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        said = ""
        for prompt, answer in zip(["Password: ", "Once more: "], answers):
            while not said.endswith(prompt):
                said += program.stderr.read(1)
            os.write(ours, answer.encode() + b"\n")
        assert program.wait(DEADLINE) == code, program.stderr.read()
        os.close(theirs)
        try:
            shown = os.read(ours, 1000)
        except OSError:
            shown = b""
        os.close(ours)
        assert PASSWORD.encode() not in shown, shown


def test_change(daemon):
    url = run_json(daemon, "user", "link", "ann@example.org")["url"]
    status, role, cookie = enter(daemon, url)
    assert (status, role) == (200, "host")
    assert re.search(r"^Role: +producer$", run(daemon, "user", "role", "ann@example.org", "--role", "producer")[0], re.M)
    assert request(daemon, "GET", "/api/v1/session", Cookie=cookie)[1]["role"] == "producer", "at once"
    assert re.search(r"^Seen: +disabled$", run(daemon, "user", "disable", "ann@example.org")[0], re.M)
    assert request(daemon, "GET", "/api/v1/session", Cookie=cookie)[0] == 401
    assert "not-found" in run(daemon, "user", "link", "ann@example.org", code=1)[1]
    assert run_json(daemon, "user", "enable", "ann@example.org")["disabled"] is False
    first, second = (run_json(daemon, "user", "link", "ann@example.org")["url"] for _ in range(2))
    assert (enter(daemon, first)[0], enter(daemon, second)[0]) == (410, 200)
    assert "deleted" in run(daemon, "user", "delete", "ann@example.org")[0]
    assert "not-found" in run(daemon, "user", "delete", "ann@example.org", code=1)[1]


def test_keys(daemon):
    for role, statuses in ("administrator", (200, 200)), ("host", (403, 200)), ("producer", (403, 200)):
        key = run_json(daemon, "key", "add", "--role", role, "Studio")
        SECRETS.append(key["key"])
        asked = [request(daemon, "GET", path, Authorization=f"Bearer {key['key']}")[0] for path in ("/api/v1/users", "/api/v1/recordings")]
        assert (key["role"], tuple(asked)) == (role, statuses), (key, asked)


def test_usage(daemon):
    for words in [["user"], ["user", "add"], ["user", "add", " "], ["user", "add", "a", "b"], ["user", "add", "x" * 121],
                  ["user", "add", "a", "--role", "admin"], ["user", "add", "a", "--name", ""], ["user", "role", "root"],
                  ["user", "list", "root"], ["user", "delete", "root", "--json"], ["user", "passwd", "root", "--json"], ["user", "link"]]:
        out, err = run(daemon, *words, code=2)
        assert not out and err.startswith("conclavectl: ") and "--help" in err, (words, out, err)


def test_audit_and_no_trace(daemon):
    """Codes and passwords stay nowhere; who did what does."""
    assert daemon.stop() == 0
    with sqlite3.connect(daemon.state / "conclave.db") as db:
        actions = {row[0] for row in db.execute("SELECT action FROM audit WHERE actor = 'admin'")}
    assert actions >= {"user.create", "user.code", "user.password", "user.role", "user.disable", "user.enable", "user.delete", "key.create"}, actions
    for name, data in daemon.traces():
        for secret in SECRETS:
            raw = decode(secret) if len(secret) == 43 else secret.encode()
            assert secret.encode() not in data and raw not in data, f"a secret in {name}"


TESTS = [test_add, test_password, test_terminal, test_change, test_keys, test_usage, test_audit_and_no_trace]
run_tests_with(TESTS, Daemon(CONCLAVED, "[limits]\nsign-ins-per-minute = 1000\n"))
