#!/usr/bin/env python3
"""The audit: what stands in it, who finds out that it was changed, kill -9 while it is written, and a backup in the database's place.

Usage: test-audit.py CONCLAVED CONCLAVECTL MIGRATIONS. Prints TAP.
"""
import hashlib
import json
import pathlib
import re
import sqlite3
import subprocess
import sys
import threading
import time

from daemon import DEADLINE, Daemon
from tap import run_tests

CONCLAVED, CONCLAVECTL, MIGRATIONS = sys.argv[1:4]
NOTHING = "0" * 64


def run(daemon, *words, code=0):
    done = subprocess.run([CONCLAVECTL, "--socket", daemon.socket, *words], capture_output=True, text=True, timeout=DEADLINE)
    assert done.returncode == code, f"{words}: exit {done.returncode}, not {code}: {done.stdout}{done.stderr}"
    return done.stdout, done.stderr


def run_json(daemon, *words):
    return json.loads(run(daemon, *words, "--json")[0])


def entries(daemon, *words):
    return run_json(daemon, "audit", "list", *words)["entries"]


def actions(daemon, *words):
    return [entry["action"] for entry in entries(daemon, *words)]


def change(daemon, *statements):
    with sqlite3.connect(daemon.state / "conclave.db") as db:
        for statement in statements:
            db.execute(statement)
    db.close()


def assert_chained(rows):
    """By what docs/privacy.md says of it, without any of the server's code."""
    last = NOTHING
    for row in rows:
        assert row["previous"] == last, row
        text = "conclave-audit-1\n" + "".join(f"{row[key]}\n" for key in ("previous", "n", "at", "actor", "action", "object", "detail"))
        last = hashlib.sha256(text.encode()).hexdigest()
        assert row["hash"] == last, row


def test_what_is_done(daemon):
    """By whom nobody sees, but whether it was the same one."""
    link = run_json(daemon, "room", "create", "--title", "Quarterly secret")["host_url"]
    room = link.split("#")[0].rsplit("/", 1)[1]
    user = run_json(daemon, "user", "add", "ann@example.org", "--name", "Ann Smith")["id"]
    run(daemon, "user", "role", "ann@example.org", "--role", "producer")
    key = run_json(daemon, "key", "add", "Studio")["id"]
    run(daemon, "key", "revoke", key)
    run(daemon, "backup")
    run(daemon, "room", "end", room)
    run(daemon, "room", "delete", room)
    run(daemon, "user", "delete", "ann@example.org")
    rows = entries(daemon)
    assert [(row["actor"], row["action"], row["detail"]) for row in rows] == [("admin", action, detail) for action, detail in (
        ("room.create", ""), ("user.create", "host"), ("user.code", ""), ("user.role", "producer"), ("key.create", "producer"),
        ("key.revoke", ""), ("database.backup", ""), ("room.delete", ""), ("user.delete", ""))], rows
    assert_chained(rows)
    assert rows[0]["object"] == rows[7]["object"] and rows[1]["object"] == rows[3]["object"] != rows[0]["object"]
    assert [row["n"] for row in entries(daemon, "--of", user)] == [2, 3, 4, 9]
    assert actions(daemon, "--of", room) == ["room.create", "room.delete"] and actions(daemon, "--of", "nobody") == []
    assert len(entries(daemon, "--since", "2020-01-01")) == 9 and entries(daemon, "--since", "2999-12-31T23:59:59Z") == []
    text = run(daemon, "audit", "list")[0]
    assert re.match(r" +1  \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ  admin +room\.create x[0-9a-f]{16}\n", text), text
    for word in ("Ann", "ann@", "Quarterly", room, user, key, "Studio"):
        assert word not in text + json.dumps(rows), word


def test_usage(daemon):
    for words in (["audit"], ["audit", "list", "x"], ["audit", "list", "--since", "yesterday"], ["audit", "verify", "--head", "x"],
                  ["audit", "head", "--json"], ["audit", "verify", "--since", "2026-01-01"], ["status", "--of", "x"]):
        run(daemon, *words, code=2)
    run(daemon, "audit", "verify", "--state", "/nonexistent", code=74)


def test_verify(daemon):
    """While the server runs, and when it does not."""
    for title in "One", "Two", "Three", "Four":
        run(daemon, "room", "create", "--title", title)
    number, head = run(daemon, "audit", "head")[0].split()
    assert number == "4" and len(head) == 64
    run(daemon, "room", "create", "--title", "Five")
    assert run(daemon, "audit", "verify", "--head", head)[0] == "The audit is whole: 5 entries.\n"
    assert "no entry has the hash" in run(daemon, "audit", "verify", "--head", "ab" * 32, code=1)[1]
    daemon.stop()
    before = sorted(path.name for path in daemon.state.iterdir())
    assert "whole: 5" in run(daemon, "audit", "verify", "--state", daemon.state)[0]
    assert sorted(path.name for path in daemon.state.iterdir()) == before, "something is left of reading"
    change(daemon, "UPDATE audit SET action = 'room.delete' WHERE n = 2")
    assert "The audit is not what was written: entry 2 was changed." in run(daemon, "audit", "verify", code=1)[1]
    daemon.start()
    run(daemon, "room", "create", "--title", "Six")
    assert "entry 2 was changed" in run(daemon, "audit", "verify", code=1)[1]
    change(daemon, "DELETE FROM audit WHERE n = 2")
    assert "entry 2 is missing" in run(daemon, "audit", "verify", code=1)[1]
    change(daemon, "DELETE FROM audit WHERE n >= 3", "UPDATE audit_head SET n = 1, hash = (SELECT hash FROM audit)")
    assert "whole: 1" in run(daemon, "audit", "verify")[0]
    assert "no entry has the hash" in run(daemon, "audit", "verify", "--head", head, code=1)[1]


def test_killed(daemon):
    """At any moment: what was answered is there, and the chain is whole."""
    done, stop = [], threading.Event()

    def work():
        while not stop.is_set():
            asked = subprocess.run([CONCLAVECTL, "--socket", daemon.socket, "room", "create", "--title", "x", "--json"], capture_output=True, text=True)
            if asked.returncode == 0:
                done.append(json.loads(asked.stdout)["id"])

    for _ in range(3):
        stop.clear()
        before = len(done)
        workers = [threading.Thread(target=work) for _ in range(2)]
        for worker in workers:
            worker.start()
        while len(done) < before + 3:
            workers[0].join(0.01)
        daemon.process.kill()
        daemon.process.wait()
        daemon.process.stdout.close()
        stop.set()
        for worker in workers:
            worker.join()
        daemon.start()
        run(daemon, "audit", "verify")
    rows = entries(daemon)
    assert_chained(rows)
    rooms = {room["id"] for room in run_json(daemon, "room", "list")["rooms"]}
    assert set(done) <= rooms and len(rows) == len(rooms), (len(rows), len(rooms))


def test_restored(daemon):
    """What was done after the backup stays known."""
    run(daemon, "room", "create", "--title", "One")
    run(daemon, "backup")
    run(daemon, "room", "create", "--title", "Two")
    head = run(daemon, "audit", "head")[0].split()[1]
    daemon.stop()
    run(daemon, "restore", "latest")
    daemon.start()
    assert actions(daemon) == ["room.create", "database.backup", "room.create", "database.restore"]
    assert entries(daemon)[3]["detail"] == "replaced"
    assert "whole: 4" in run(daemon, "audit", "verify", "--head", head)[0]

    # and where nothing can be read any longer, it can be seen
    daemon.stop()
    (daemon.state / "conclave.db").write_bytes(b"x" * 8192)
    daemon.start()
    assert actions(daemon)[-1] == "database.restore" and entries(daemon)[-1]["detail"] == "corrupt"
    assert "no entry has the hash" in run(daemon, "audit", "verify", "--head", head, code=1)[1]
    run(daemon, "audit", "verify")


def test_taken_over(daemon):
    """Entries of a version that did not chain them: pseudonyms and words are left of them."""
    daemon.stop()
    database, now = daemon.state / "conclave.db", int(time.time() * 1000)
    for part in daemon.state.glob("conclave.db*"):
        part.unlink()
    with sqlite3.connect(database) as db:
        for path in sorted(pathlib.Path(MIGRATIONS).glob("00*.sql")):
            db.executescript(path.read_text())
        for row in ((now, "admin", "user.create", "uabcdefghijkm", "host"), (now + 1, "uabcdefghijkm", "recording.delete", "rabcdefghijkm", "abcdefghijkm ready"),
                    (now + 2, "server", "database.restore", "conclave-1.db", "conclave.db.corrupt-1")):
            db.execute("INSERT INTO audit (at, actor, action, object, detail) VALUES (?, ?, ?, ?, ?)", row)
        db.execute("PRAGMA user_version = 9")
    db.close()
    daemon.start()
    run(daemon, "room", "create", "--title", "One")
    rows = entries(daemon)
    assert_chained(rows)
    assert "whole: 4" in run(daemon, "audit", "verify")[0]
    assert [(row["at"], row["action"], row["detail"]) for row in rows[:3]] == \
        [(now, "user.create", "host"), (now + 1, "recording.delete", ""), (now + 2, "database.restore", "")], rows
    assert rows[0]["object"] == rows[1]["actor"] and rows[0]["actor"] == "admin" and rows[2]["object"] == ""
    assert not {"uabcdefghijkm", "rabcdefghijkm", "conclave-1.db"} & {value for row in rows for value in row.values()}
    assert len(entries(daemon, "--of", "uabcdefghijkm")) == 2


TESTS = [test_what_is_done, test_usage, test_verify, test_killed, test_restored, test_taken_over]
run_tests(TESTS, lambda: Daemon(CONCLAVED))
