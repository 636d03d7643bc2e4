#!/usr/bin/env python3
"""conclavectl's commands about documents against a real conclaved with documents put beside it.

Usage: test-documents.py CONCLAVED CONCLAVECTL. Prints TAP.
"""
import hashlib
import json
import pathlib
import re
import sqlite3
import subprocess
import sys

from daemon import DEADLINE, Daemon
from tap import run_tests

CONCLAVED, CONCLAVECTL = (str(pathlib.Path(name).absolute()) for name in sys.argv[1:3])
MEETING, ONE, TWO = "mabcdefghijkm", "faaaaaaaaaaaa", "fbbbbbbbbbbbb"
CONTENT = b"four score and seven " * 20000


def run(daemon, *words, code=0):
    done = subprocess.run([CONCLAVECTL, "--socket", daemon.socket, *words], capture_output=True, text=True, timeout=DEADLINE)
    assert done.returncode == code, f"{words}: exit {done.returncode}, not {code}: {done.stdout}{done.stderr}"
    return done.stdout, done.stderr


def make(daemon):
    room = json.loads(run(daemon, "room", "create", "--kind", "standard", "--title", "Kitchen", "--json")[0])["id"]
    folder = pathlib.Path(daemon.state) / "documents" / MEETING
    folder.mkdir(mode=0o700, parents=True)
    (folder / ONE).write_bytes(CONTENT)
    database = sqlite3.connect(pathlib.Path(daemon.state) / "conclave.db", timeout=10, isolation_level=None)
    database.execute("INSERT INTO meeting (id, room, started) VALUES (?, ?, 1)", (MEETING, room))
    for name, status, sha256 in ((ONE, "ready", hashlib.sha256(CONTENT).hexdigest()), (TWO, "uploading", "")):
        database.execute("INSERT INTO document (id, meeting, person, by_name, name, media_type, bytes, sha256, status, created) "
                         "VALUES (?, ?, 'p', 'Zoë', ?, '', ?, ?, ?, 1790000000000)",
                         (name, MEETING, "Plan.pdf" if name == ONE else "Half", len(CONTENT), sha256, status))
    database.close()
    return room


def test_all(daemon):
    assert run(daemon, "document", "list", MEETING)[0] == "There are no documents.\n"
    room = make(daemon)
    lines = run(daemon, "document", "list", MEETING)[0].splitlines()
    assert lines[0].split() == ["ID", "SHARED", "SIZE", "STATUS", "NAME"], lines
    assert re.fullmatch(ONE + r"  [-\d]{10} [:\d]{5}  +420 kB  ready      Plan.pdf, by Zoë", lines[1]), lines
    listed = json.loads(run(daemon, "document", "list", MEETING, "--json")[0])["documents"]
    assert [one["status"] for one in listed] == ["ready", "uploading"], listed
    out = pathlib.Path(daemon.directory) / "out"
    out.mkdir()
    # what has come is not fetched again
    (out / "Plan.pdf.part").write_bytes(CONTENT[:100000])
    assert run(daemon, "document", "get", ONE, "--to", out)[0] == f"{out}/Plan.pdf\n"
    assert (out / "Plan.pdf").read_bytes() == CONTENT and not list(out.glob("*.part"))
    assert "not-found" in run(daemon, "document", "get", TWO, "--to", out / "half", code=1)[1]
    assert "not-found" in run(daemon, "document", "get", "fcccccccccccc", "--to", out, code=1)[1]
    run(daemon, "document", "get", "f1", "--to", out, code=2)
    assert run(daemon, "document", "delete", ONE)[0] == "The document is deleted.\n"
    assert "not-found" in run(daemon, "document", "delete", ONE, code=1)[1]
    assert not (pathlib.Path(daemon.state) / "documents" / MEETING / ONE).exists()
    run(daemon, "room", "delete", room)
    assert run(daemon, "document", "list", MEETING)[0] == "There are no documents.\n"


run_tests([test_all], lambda: Daemon(CONCLAVED))
