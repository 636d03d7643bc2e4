#!/usr/bin/env python3
"""Backups: made while the server runs, restored by hand and by the server itself, and kill -9 in the middle of one.

Usage: test-backup.py CONCLAVED CONCLAVECTL. Prints TAP.
"""
import json
import re
import sqlite3
import subprocess
import sys
import time

from daemon import DEADLINE, Daemon
from tap import run_tests

CONCLAVED, CONCLAVECTL = sys.argv[1:3]
NAME = re.compile(r"conclave-\d{8}T\d{6}Z\.db")


def run(daemon, *words, code=0):
    done = subprocess.run([CONCLAVECTL, "--socket", daemon.socket, *words], capture_output=True, text=True, timeout=DEADLINE)
    assert done.returncode == code, f"{words}: exit {done.returncode}, not {code}: {done.stdout}{done.stderr}"
    return done.stdout, done.stderr


def create(daemon, title):
    return json.loads(run(daemon, "room", "create", "--title", title, "--json")[0])["id"]


def titles(daemon):
    return sorted(room["title"] for room in json.loads(run(daemon, "room", "list", "--json")[0])["rooms"])


def read(path, sql):
    """What a copy has, which stands alone."""
    with sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True) as db:
        return db.execute(sql).fetchall()


def back_up(daemon, *words):
    return json.loads(run(daemon, "backup", *words, "--json")[0])


def names(daemon):
    return sorted(path.name for path in daemon.state.iterdir())


def test_made(daemon):
    create(daemon, "One")
    made = back_up(daemon)
    assert NAME.fullmatch(made["name"]) and made["path"] == str(daemon.state / "backups" / made["name"]), made
    path = daemon.state / "backups" / made["name"]
    assert path.stat().st_size == made["bytes"] > 0 and path.stat().st_mode & 0o777 == 0o600, path.stat()
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert read(path, "PRAGMA integrity_check") == [("ok",)] and read(path, "SELECT title FROM room") == [("One",)]
    assert abs(made["created"] / 1000 - time.time()) < DEADLINE * 2, made
    assert json.loads(run(daemon, "status", "--json")[0])["backup"] == made["created"]
    assert re.search(r"^Backup: +\d{4}-", run(daemon, "status")[0], re.M)


def test_to(daemon):
    create(daemon, "One")
    file, folder = daemon.directory / "copy.db", daemon.directory / "folder"
    folder.mkdir()
    assert back_up(daemon, "--to", file)["path"] == str(file)
    assert read(file, "SELECT count(*) FROM room") == [(1,)] and file.stat().st_mode & 0o777 == 0o600
    create(daemon, "Two")
    back_up(daemon, "--to", file)
    assert read(file, "SELECT count(*) FROM room") == [(2,)]
    out = run(daemon, "backup", "--to", folder)[0]
    assert re.fullmatch(re.escape(f"{folder}/") + r"conclave-\w+\.db \(\d[\d.]* kB\)\n", out), out
    assert len(list(folder.iterdir())) == 1
    run(daemon, "backup", "--to", "/nonexistent/copy.db", code=74)
    run(daemon, "backup", "--to", "", code=2)
    run(daemon, "backup", "more", code=2)


def test_refused(daemon):
    (daemon.state / "backups").write_text("in the way")
    assert "store-failed" in run(daemon, "backup", code=1)[1]
    assert "backups" in daemon.log.read_text()
    for words in (["restore"], ["restore", "a", "b"], ["restore", ""], ["restore", "latest", "--json"], ["status", "--state", "x"]):
        run(daemon, *words, code=2)


def test_restore(daemon):
    create(daemon, "One")
    made = back_up(daemon)
    create(daemon, "Two")
    err = run(daemon, "restore", "latest", code=1)[1]
    assert "is in use by another conclaved. Stop it first." in err, err
    assert titles(daemon) == ["One", "Two"]
    assert daemon.stop() == 0
    before = (daemon.state / "conclave.db").read_bytes()

    for wrong in ("/nonexistent/x.db", str(daemon.config), str(daemon.directory)):
        run(daemon, "restore", wrong, code=74)
    assert (daemon.state / "conclave.db").read_bytes() == before and "conclave.db.restored" not in names(daemon)

    out = run(daemon, "restore", "latest")[0]
    aside = re.fullmatch(r"Restored: (\S+)\nWhat was there before is (\S+/conclave\.db\.replaced-\w+)\.\n", out)
    assert aside and aside[1] == made["path"], out
    assert open(aside[2], "rb").read() == before
    daemon.start()
    assert titles(daemon) == ["One"]
    assert read(daemon.state / "conclave.db", "SELECT actor, action, detail FROM audit WHERE action = 'database.restore'") == \
        [("admin", "database.restore", "replaced")]

    # and back again, by its path
    daemon.stop()
    run(daemon, "restore", aside[2], "--state", daemon.state)
    daemon.start()
    assert titles(daemon) == ["One", "Two"]


def test_damaged(daemon):
    create(daemon, "One")
    made = back_up(daemon)
    create(daemon, "Two")
    daemon.stop()
    database = daemon.state / "conclave.db"
    damaged = bytearray(database.read_bytes())
    damaged[4096 * 2:4096 * 3] = bytes(b ^ 0xff for b in damaged[4096 * 2:4096 * 3])
    database.write_bytes(damaged)
    daemon.start()
    assert titles(daemon) == ["One"]
    aside = [name for name in names(daemon) if name.startswith("conclave.db.corrupt-")]
    assert len(aside) == 1 and (daemon.state / aside[0]).read_bytes() == damaged, names(daemon)
    log = daemon.log.read_text()
    assert f"The backup {made['name']} takes its place" in log and aside[0] in log, log

    # none at all is good: it does not start, and touches nothing
    daemon.stop()
    database.write_bytes(b"short")
    (daemon.state / "backups" / made["name"]).write_bytes(damaged)
    done = subprocess.run([CONCLAVED, "--state", daemon.state, "--listen", "127.0.0.1:0"], capture_output=True, text=True, timeout=DEADLINE)
    assert done.returncode == 1 and "there is no good backup in" in done.stderr, done
    assert database.read_bytes() == b"short"


def test_killed(daemon):
    create(daemon, "One")
    made = back_up(daemon)
    daemon.stop()
    with sqlite3.connect(daemon.state / "conclave.db") as db:
        db.execute("CREATE TABLE ballast (a)")
        db.executemany("INSERT INTO ballast VALUES (zeroblob (1000000))", [()] * 80)
    db.close()
    backups = daemon.state / "backups"
    for _ in range(20):
        daemon.start()
        create(daemon, "Two")
        asking = subprocess.Popen([CONCLAVECTL, "--socket", daemon.socket, "backup"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while asking.poll() is None and not any(path.stat().st_size for path in backups.glob("*.part")):
            time.sleep(0.002)
        daemon.process.kill()
        daemon.process.wait()
        daemon.process.stdout.close()
        asking.wait(DEADLINE)
        if list(backups.glob("*.part")):
            break
    assert list(backups.glob("*.part")), "it was always too quick"
    # what is called a backup is one
    for path in backups.glob("*.db"):
        assert read(path, "PRAGMA integrity_check") == [("ok",)], path
    assert (backups / made["name"]).exists()
    daemon.start()
    assert {"One", "Two"} <= set(titles(daemon))
    assert not [name for name in names(daemon) if "corrupt" in name]
    back_up(daemon)
    assert not list(backups.glob("*.part"))


TESTS = [test_made, test_to, test_refused, test_restore, test_damaged, test_killed]
run_tests(TESTS, lambda: Daemon(CONCLAVED))
