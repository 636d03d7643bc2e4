#!/usr/bin/env python3
"""Somebody is exported, and erased: nothing of them is left in the state directory, wherever else things are kept, and in the log, also
after a backup of before was restored.

Usage: test-person.py CONCLAVED CONCLAVECTL FAKE-RENDER. Prints TAP.
"""
import json
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import time

from daemon import DEADLINE, Daemon
from tap import run_tests

LIB = pathlib.Path(__file__).resolve().parents[1] / "lib"
sys.path.insert(0, str(LIB))
import recording as fixture

CONCLAVED, CONCLAVECTL, RENDERER = (str(pathlib.Path(name).absolute()) for name in sys.argv[1:4])
MEETING, LOGIN, ZOE, RAFAEL, SAID = "mabcdefghijkm", "zoe@example.org", "pbcdefghjkmnp", "pzyxwvutsrqpn", "I said this and nobody else"
FILES = {"meeting.mp4": ["video", 5000], f"tracks/001-{ZOE}-microphone-1.mkv": ["track", 3000, ZOE, "microphone"],
         f"tracks/001-{RAFAEL}-microphone-1.mkv": ["track", 3000, RAFAEL, "microphone"]}


def run(daemon, *words, code=0, socket=True):
    done = subprocess.run([CONCLAVECTL, *(["--socket", daemon.socket] if socket else []), *words], capture_output=True, text=True, timeout=DEADLINE * 3)
    assert done.returncode == code, f"{words}: exit {done.returncode}, not {code}: {done.stdout}{done.stderr}"
    return done.stdout, done.stderr


def run_json(daemon, *words):
    return json.loads(run(daemon, *words, "--json")[0])


def query(daemon, sql, *values):
    with sqlite3.connect(daemon.state / "conclave.db", timeout=DEADLINE) as db:
        rows = db.execute(sql, values).fetchall()
    db.close()
    return rows


def wait(what, ask):
    end = time.monotonic() + DEADLINE * 2
    while not ask():
        assert time.monotonic() < end, f"waited in vain until {what}"
        time.sleep(0.05)


def place(daemon, name):
    """Where recordings, documents or backups are kept."""
    elsewhere = daemon.directory / "elsewhere"
    return (elsewhere if elsewhere.exists() else daemon.state) / name


def register(value):
    return [value, 900, ZOE]


def write_objects(db, people):
    """As browsers would: who said something is who is called so; and what Zoë said, and what was said to her."""
    for key, kind, state in db.execute("SELECT id, type, state FROM content").fetchall():
        fields = json.loads(state)
        for whose, name in ("from", "name"), ("by", "name"), ("by", "sender"):
            if whose in fields and name in fields and kind != "poll":
                fields[whose][0] = people.get(fields[name][0], "pnnnnnnnnnnnn")
        db.execute("UPDATE content SET state = ? WHERE id = ?", (json.dumps(fields, ensure_ascii=False), key))
    for key, kind, fields in (
            ("z1", "message", {"from": ZOE, "name": "Zoë Lindqvist", "text": SAID, "reply": "", "at": 1795698500000, "edited": False}),
            ("z2", "message", {"from": RAFAEL, "name": "Rafael Ortega", "text": "Well said, Zoë Lindqvist!", "reply": "z1", "at": 1795698600000, "edited": False}),
            ("z3", "reaction", {"from": ZOE, "message": "z2", "sign": "heart", "on": True}),
            ("z4", "caption", {"by": ZOE, "name": "Zoë Lindqvist", "text": SAID, "lang": "en", "at": 1795698700000}),
            (f"{ZOE}.5", "block", {"by": ZOE, "kind": "text", "text": "The figures are good. (Zoë Lindqvist)", "owner": "", "due": "", "order": "zz"})):
        db.execute("INSERT INTO content (meeting, id, type, state) VALUES (?, ?, ?, ?)",
                   (MEETING, key, kind, json.dumps({name: register(value) for name, value in fields.items()}, ensure_ascii=False)))


def fill(daemon):
    """A meeting of an hour, its documents, its recording, a backup, and a database that was set aside."""
    user = run_json(daemon, "user", "add", LOGIN, "--name", "Zoë Lindqvist")["id"]
    run(daemon, "user", "role", LOGIN, "--role", "producer")
    room = run_json(daemon, "room", "create", "--kind", "classroom", "--title", "Product council")["id"]
    recording = fixture.make(daemon.state, room, people={ZOE: "Zoë Lindqvist", RAFAEL: "Rafael Ortega"}, files=FILES)["id"]
    daemon.stop()
    folder = place(daemon, "recordings") / recording
    (daemon.state / "recordings" / recording).rename(folder)
    script = (LIB / "staged-meeting.sql").read_text().replace("'abcdefghijkm'", f"'{room}'").replace("uaaaaaaaaaaaa", user)
    script = script.replace("p000000000001", ZOE).replace("p000000000006", RAFAEL)
    with sqlite3.connect(daemon.state / "conclave.db") as db:
        db.executescript(script)
        db.execute("DELETE FROM recording WHERE id = 'rabcdefghijkm'")
        write_objects(db, dict(db.execute("SELECT name, person FROM attendance").fetchall()))
        db.execute("UPDATE document SET person = ifnull ((SELECT person FROM attendance WHERE name = by_name), person)")
        db.execute("UPDATE recording SET meeting = ? WHERE id = ?", (MEETING, recording))
        db.execute("UPDATE room SET owner = ?", (user,))
        db.execute("INSERT INTO sign_in (id, hash, user, created, seen, expires, agent) VALUES ('n', zeroblob (32), ?, 1, 1, 9e12, 'Firefox')", (user,))
        db.execute("INSERT INTO call (id, room, meeting, person, caller, trunk, started) VALUES ('c', ?, ?, ?, '+49 30 …67', 't', ?)",
                   (room, MEETING, ZOE, int(time.time() * 1000)))
        db.execute("INSERT INTO delivery (id, created, event, body) VALUES ('d', ?, 'participant.joined', ?)",
                   (int(time.time() * 1000), json.dumps({"participant": {"id": ZOE, "name": "Zoë Lindqvist"}}, ensure_ascii=False)))
        documents = db.execute("SELECT id, by_name FROM document").fetchall()
    db.close()
    (folder / "events.jsonl").write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in (
        {"t": 0, "type": "start", "version": 1, "recording": recording, "room": room, "meeting": MEETING, "title": "Product council", "kind": "boardroom", "at": 1},
        {"t": 0, "type": "person", "person": ZOE, "name": "Dr. Lindqvist", "stage": True}, {"t": 0, "type": "person", "person": RAFAEL, "name": "Rafael Ortega", "stage": True},
        {"t": 5, "type": "person", "person": ZOE, "name": "Zoë Lindqvist", "stage": True}, {"t": 9, "type": "speaker", "people": [ZOE, RAFAEL]})) +
        '{"t":10,"type":"leave","person":"' + ZOE)
    (folder / f"tracks/001-{ZOE}-microphone-1.mkv").write_text("the voice of Zoë Lindqvist")
    (folder / "files/meeting.mp4").write_text("the face of Zoë Lindqvist")
    (place(daemon, "documents") / MEETING).mkdir(parents=True)
    for key, name in documents:
        (place(daemon, "documents") / MEETING / key).write_text(f"written by {name}")
    daemon.start()
    wait("there is a summary", lambda: query(daemon, "SELECT 1 FROM summary"))
    backup = pathlib.Path(run_json(daemon, "backup")["path"])
    assert backup.parent == place(daemon, "backups"), backup
    daemon.stop()
    run(daemon, "restore", backup)
    daemon.start()
    return user, recording, documents


def hits(daemon, *markers):
    """In all that is kept. The log is an operator's, and forgets by itself; words of people are in none."""
    paths = [path for top in (daemon.state, daemon.directory / "elsewhere") for path in sorted(top.rglob("*")) if path.is_file()]
    found = [(str(path.relative_to(daemon.directory)), marker) for path in paths
             for marker in markers if marker.encode() in path.read_bytes() or marker in str(path)]
    log = daemon.log.read_text()
    return found + [("the log", word) for word in ("Lindqvist", "Ortega", LOGIN, SAID, "+49 30") if word in log]


def erase(daemon, who, code=0):
    return run(daemon, "person", "erase", who, "--config", daemon.config, code=code)


def test_account(daemon):
    user, recording, documents = fill(daemon)
    markers = ["Zoë Lindqvist", "Dr. Lindqvist", LOGIN, user, ZOE, SAID, "+49 30"]
    found = hits(daemon, *markers)
    assert {marker for _, marker in found} == set(markers) and len({path for path, _ in found}) >= 6, found
    before = run_json(daemon, "audit", "list")["entries"]
    assert len(run_json(daemon, "audit", "list", "--of", user)["entries"]) == 3
    head = run(daemon, "audit", "head")[0].split()[1]
    (backup,) = place(daemon, "backups").glob("*.db")
    outside = daemon.directory / "outside.db"
    shutil.copy(backup, outside)

    assert "Stop it first" in erase(daemon, user, code=1)[1]
    daemon.stop()
    out = erase(daemon, user)[0]
    assert out.startswith("Erased, from 2 copies of the database too."), out
    assert hits(daemon, *markers) == []
    assert [path.name for path in (place(daemon, "recordings") / recording / "tracks").iterdir()] == [f"001-{RAFAEL}-microphone-1.mkv"]
    assert not list(place(daemon, "backups").glob("*-wal")) and (daemon.state / "erasures").stat().st_mode & 0o777 == 0o600

    # who did something is not known any longer, what was done is; and it is the same
    after = run_json(daemon, "audit", "list")["entries"]
    assert after[:-1] == before and (after[-1]["action"], after[-1]["object"]) == ("person.erase", ""), after[-1]
    assert "whole" in run(daemon, "audit", "verify", "--head", head)[0]
    assert run_json(daemon, "audit", "list", "--of", user)["entries"] == []

    # nobody else is missing
    assert query(daemon, "SELECT count (*) FROM attendance WHERE name = 'A participant'") == [(1,)]
    assert query(daemon, "SELECT count (*) FROM attendance") == [(11,)] and query(daemon, "SELECT login FROM user") == []
    messages = dict(query(daemon, "SELECT id, state ->> '$.text[0]' FROM content WHERE type = 'message'"))
    assert messages["z2"] == "Well said, A participant!" and "z1" not in messages and len(messages) > 5
    assert [text for (text,) in query(daemon, "SELECT state ->> '$.text[0]' FROM content WHERE type = 'block' AND state LIKE '%figures are good%'")] \
        == ["The figures are good. (A participant)"]
    bodies = [json.loads(body) for (body,) in query(daemon, "SELECT body FROM summary")]
    chat = {entry["text"]: entry for entry in bodies[0]["chat"]}
    assert chat["Well said, A participant!"]["reply_name"] == "A participant" and chat["Well said, A participant!"]["reply_text"] == ""
    assert sorted(entry["name"] for entry in bodies[0]["attendance"]).count("A participant") == 1 and len(bodies[0]["documents"]) == 2
    left = {path.name for path in (place(daemon, "documents") / MEETING).iterdir()}
    assert left == {key for key, name in documents if name != "Zoë Lindqvist"}

    # the film is made anew, of what is left
    daemon.start()
    wait("it is rendered", lambda: query(daemon, "SELECT status FROM recording") == [("ready",)])
    names = {name for (name,) in query(daemon, "SELECT name FROM recording_file")}
    assert f"tracks/001-{RAFAEL}-microphone-1.mkv" in names and "meeting.mp4" in names and not any(ZOE in name for name in names), names
    assert json.loads(run(daemon, "meeting", "summary", MEETING, "--format", "json", "--to", "-")[0])["body"]["chat"]
    assert hits(daemon, *markers) == []

    # a backup that lay elsewhere does not bring them back
    daemon.stop()
    assert any(marker.encode() in outside.read_bytes() for marker in markers)
    run(daemon, "restore", str(outside))
    daemon.start()
    wait("it is rendered again", lambda: query(daemon, "SELECT status FROM recording") == [("ready",)])
    assert hits(daemon, *markers) == []
    daemon.stop()
    assert "Nothing is kept" in erase(daemon, user, code=1)[1]
    assert hits(daemon, *markers) == []


def test_elsewhere(daemon):
    """The same, where recordings, documents and backups are kept outside of the state directory."""
    daemon.stop()
    for name in "recordings", "documents", "backups":
        (daemon.directory / "elsewhere" / name).mkdir(parents=True)
    with daemon.config.open("a") as file:
        file.write("".join(f"[{group}]\ndirectory = {place(daemon, name)}\n"
                           for group, name in (("recording", "recordings"), ("documents", "documents"), ("backup", "backups"))))
    daemon.start()
    test_account(daemon)


def test_participant(daemon):
    """A guest, by who they were in one meeting: who has an account stays."""
    user, recording, documents = fill(daemon)
    found = run(daemon, "person", "find", "Rafael%")[0]
    assert RAFAEL in found and MEETING in found and re.search(rf"^{user} ", run(daemon, "person", "find", "zoe@%")[0], re.M)
    daemon.stop()
    erase(daemon, RAFAEL)
    assert hits(daemon, "Rafael Ortega", RAFAEL) == []
    assert hits(daemon, SAID, ZOE, LOGIN)
    assert query(daemon, "SELECT count (*) FROM document") == [(2,)]
    daemon.start()
    wait("it is rendered", lambda: query(daemon, "SELECT status FROM recording") == [("ready",)])


def test_interrupted(daemon):
    """Whatever it was cut short at, it is done again."""
    user, recording, documents = fill(daemon)
    markers = ["Zoë Lindqvist", LOGIN, user, ZOE, SAID]
    daemon.stop()
    for ms in 5, 20, 60, 150, 400:
        asked = subprocess.Popen([CONCLAVECTL, "--socket", daemon.socket, "person", "erase", user], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            asked.wait(ms / 1000)
        except subprocess.TimeoutExpired:
            asked.kill()
            asked.wait()
    subprocess.run([CONCLAVECTL, "--socket", daemon.socket, "person", "erase", user], capture_output=True, timeout=DEADLINE * 3)
    assert hits(daemon, *markers) == []
    daemon.start()
    run(daemon, "audit", "verify")


def test_export(daemon):
    user, recording, documents = fill(daemon)
    to = daemon.directory / "export"
    run(daemon, "person", "export", user, "--to", to)
    assert to.stat().st_mode & 0o777 == 0o700 and (to / "person.json").stat().st_mode & 0o777 == 0o600
    kept = json.loads((to / "person.json").read_text())
    assert (kept["accounts"][0]["login"], kept["attendance"][0]["name"], kept["consents"][0]["answer"]) == (LOGIN, "Zoë Lindqvist", "announced")
    assert {"z1", "z2", "z3", "z4", f"{ZOE}.5"} <= {entry["id"] for entry in kept["content"]}
    assert all("Zoë Lindqvist" in entry["state"] or ZOE in entry["state"] for entry in kept["content"])
    assert [entry["id"] for entry in kept["recordings"]] == [recording] and kept["summaries_with_them"][0]["meeting"] == MEETING
    assert [entry["action"] for entry in kept["audit"]] == ["user.create", "user.code", "user.role"]
    texts = {path.read_text() for path in to.rglob("*") if path.is_file() and path.name != "person.json"}
    assert texts == {"written by Zoë Lindqvist", "the voice of Zoë Lindqvist"}, texts
    run(daemon, "person", "export", "unnnnnnnnnnnn", "--to", to, code=1)
    run(daemon, "room", "create", "--title", "And then")
    assert [entry["action"] for entry in run_json(daemon, "audit", "list")["entries"]][-2:] == ["person.export", "room.create"]
    assert run_json(daemon, "audit", "list", "--of", user)["entries"][-1]["action"] == "person.export"
    run(daemon, "audit", "verify")


def test_usage(daemon):
    for words in (["person", "erase"], ["person", "erase", "Zoë"], ["person", "erase", "rabcdefghijkm"], ["person", "export", "uabcdefghijkm"], ["person", "find"]):
        run(daemon, *words, code=2)
    daemon.stop()
    assert "Nothing is kept" in erase(daemon, "uabcdefghijkm", code=1)[1]
    run(daemon, "person", "erase", "uabcdefghijkm", "--config", "/nonexistent", code=74)
    (daemon.state / "conclave.db.corrupt-1").write_text("not a database")
    out, err = erase(daemon, "uabcdefghijkm", code=1)
    assert "conclave.db.corrupt-1 cannot be written anew" in err and "1 copies" in err, err


TESTS = [test_account, test_elsewhere, test_participant, test_interrupted, test_export, test_usage]
run_tests(TESTS, lambda: Daemon(CONCLAVED, f"render-program = {RENDERER}\n[backup]\nhours = 0\n"))
