#!/usr/bin/env python3
"""From stopped to ready and gone again, with the real renderer, while everything is killed on the way.

Usage: test-recordings.py CONCLAVED MAKE-MEETING CONCLAVECTL. Prints TAP.
"""
import hashlib
import json
import shutil
import sqlite3
import subprocess
import sys
import traceback

from daemon import Daemon
from receiver import Receiver

CONCLAVED, MAKE_MEETING, CONCLAVECTL = sys.argv[1:4]
ROOM, OTHER_ROOM = "abcdefghijkm", "bbcdefghijkm"
RECORDING, OTHER = "rabcdefghijkm", "rbbcdefghijkm"
# of a whole rendering, besides the tracks' own
MADE = {"meeting.mp4", "audio.m4a", "audio.opus", "poster.jpg", "thumbnails.jpg", "thumbnails.vtt", "waveform.json", "chapters.vtt",
        "timeline.otio", "timeline.json", "manifest.json"}


def make_meeting(seconds):
    return subprocess.run([MAKE_MEETING, str(seconds)], capture_output=True, text=True, check=True).stdout.strip()


def probe(path):
    """Seconds."""
    out = subprocess.run(["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", path],
                         capture_output=True, text=True)
    assert out.returncode == 0 and not out.stderr, out.stderr
    return float(out.stdout)


def assert_ready(daemon, recording, seconds):
    """Everything is there, whole, and as the database says."""
    shown = daemon.until_settled(recording)
    folder = daemon.recordings / recording
    assert shown["status"] == "ready" and shown["error"] is None and shown["progress"] is None, shown
    assert abs(shown["duration"] - seconds * 1000) < 150 and shown["people"] >= 0, shown
    names = {file["name"] for file in shown["files"]}
    assert MADE <= names, MADE - names
    assert sum(name.startswith("tracks/") for name in names) == 4 and sum(name.endswith(".flac") for name in names) == 2, names
    assert shown["bytes"] == sum(file["bytes"] for file in shown["files"]), shown
    for file in shown["files"]:
        data = (folder / (file["name"] if file["name"].startswith("tracks/") else "files/" + file["name"])).read_bytes()
        assert len(data) == file["bytes"] and hashlib.sha256(data).hexdigest() == file["sha256"], file
    assert abs(probe(folder / "files/meeting.mp4") - seconds) < 0.15
    left = [path.name for path in (folder / "files").iterdir() if path.name.startswith(".")]
    assert not left, left
    assert daemon.ask("POST", f"/recordings/{recording}/verify") == (
        200, {"ok": True, "files": [{"name": file["name"], "ok": True} for file in shown["files"]]})
    return shown


def until_composing(daemon, recording, done):
    """It works on the film, and is so far with all of it."""
    def look():
        progress = daemon.show(recording)["progress"]
        return progress is not None and progress["stage"] == "composing" and progress["done"] >= done

    daemon.until("it composes", look)


def test_ready(daemon, short, long):
    daemon.put(short, RECORDING, ROOM)
    daemon.start()
    shown = daemon.show(RECORDING)
    assert shown["status"] == "processing", shown
    tracks = daemon.until("its tracks are listed", lambda: [f for f in daemon.show(RECORDING)["files"] if f["kind"] == "track"])
    status, data = daemon.ask("GET", f"/recordings/{RECORDING}/files/{tracks[0]['name']}")
    assert status == 200 and data[:4] == b"\x1a\x45\xdf\xa3", status
    shown = assert_ready(daemon, RECORDING, 3)
    assert [render["status"] for render in shown["renders"]] == ["done"], shown["renders"]


def test_another(daemon, short, long):
    """Rendered again without somebody, beside what is there."""
    daemon.put(short, RECORDING, ROOM)
    daemon.start()
    before = assert_ready(daemon, RECORDING, 3)
    status, render = daemon.ask("POST", f"/recordings/{RECORDING}/renders",
                                {"layout": "speaker", "width": 320, "height": 180, "from": 500, "to": 2500, "without": ["pbbbbbbbbbbbb"],
                                 "products": ["video", "manifest"]})
    assert status == 202 and render["suffix"] == "-2", (status, render)
    daemon.until("it is made", lambda: daemon.show(RECORDING)["renders"][1]["status"] == "done")
    after = daemon.show(RECORDING)
    assert {f["name"] for f in after["files"]} - {f["name"] for f in before["files"]} == {"meeting-2.mp4", "manifest-2.json"}, after
    assert after["duration"] == before["duration"] and after["status"] == "ready", after
    assert abs(probe(daemon.recordings / RECORDING / "files/meeting-2.mp4") - 2) < 0.15


def test_erased(daemon, short, long):
    """Somebody is: the film is made anew of what the others sent, and shows and says nothing of them."""
    who = "pbbbbbbbbbbbb"
    daemon.put(short, RECORDING, ROOM)
    daemon.start()
    before = assert_ready(daemon, RECORDING, 3)
    daemon.stop()
    events = daemon.recordings / RECORDING / "events.jsonl"
    name = "Barbara Testperson"
    lines = [{**line, "name": name} if line["type"] == "person" and line["person"] == who else line
             for line in map(json.loads, events.read_text().splitlines())]
    events.write_text("".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines))
    with sqlite3.connect(daemon.state / "conclave.db") as db:
        db.execute("INSERT INTO consent (recording, person, name, answer, at) VALUES (?, ?, ?, 'announced', 1)", (RECORDING, who, name))
    db.close()
    film = daemon.recordings / RECORDING / "files/meeting.mp4"
    old = film.read_bytes()
    erased = subprocess.run([CONCLAVECTL, "person", "erase", who, "--state", daemon.state], capture_output=True, text=True)
    assert erased.returncode == 0 and not film.exists(), erased
    daemon.start()
    shown = daemon.until_settled(RECORDING)
    assert shown["status"] == "ready" and shown["error"] is None and abs(shown["duration"] - 3000) < 150, shown
    gone = {file["name"] for file in before["files"]} - {file["name"] for file in shown["files"]}
    assert any(part.startswith("tracks/") for part in gone) and all(who in part or part.endswith(".flac") for part in gone), gone
    assert abs(probe(film) - 3) < 0.15 and film.read_bytes() != old
    for path in daemon.state.rglob("*"):
        assert who not in str(path) and not (path.is_file() and (who.encode() in path.read_bytes() or name.encode() in path.read_bytes())), path
    assert "A participant" in events.read_text() and len(events.read_text().splitlines()) == len(lines)


def test_renderer_killed(daemon, short, long):
    daemon.put(long, RECORDING, ROOM)
    daemon.start()
    until_composing(daemon, RECORDING, 0.3)
    daemon.kill_renderer()
    daemon.until("it is noticed", lambda: daemon.query("SELECT attempts FROM render") == [(1,)])
    shown = assert_ready(daemon, RECORDING, 20)
    assert [render["status"] for render in shown["renders"]] == ["done"], shown["renders"]


def test_daemon_killed(daemon, short, long):
    """Twice; its renderer goes with it, and the same job goes on. Nobody recorded it to the end, either."""
    daemon.put(long, RECORDING, ROOM, "recording")
    daemon.start()
    for done in (0.2, 0.5):
        until_composing(daemon, RECORDING, done)
        job = daemon.query("SELECT id, status FROM render")
        daemon.kill()
        assert len(job) == 1 and job[0][1] == "running", job
        daemon.start()
    shown = assert_ready(daemon, RECORDING, 20)
    assert [render["id"] for render in shown["renders"]] == [job[0][0]], shown["renders"]
    assert shown["people"] == 2, shown
    assert daemon.query("SELECT attempts FROM render") == [(0,)]


def test_deleted_while_rendered(daemon, short, long):
    daemon.put(long, RECORDING, ROOM)
    daemon.put(short, OTHER, OTHER_ROOM)
    daemon.start()
    until_composing(daemon, RECORDING, 0.2)
    assert daemon.ask("DELETE", f"/recordings/{RECORDING}")[0] == 204
    assert not (daemon.recordings / RECORDING).exists()
    assert daemon.ask("GET", f"/recordings/{RECORDING}")[0] == 404
    assert_ready(daemon, OTHER, 3)
    assert daemon.ask("DELETE", f"/rooms/{OTHER_ROOM}")[0] == 204
    assert not any(daemon.recordings.iterdir())
    assert daemon.query("SELECT actor, action, id FROM audit JOIN pseudonym ON name = object ORDER BY n") == [
        ("admin", "recording.delete", RECORDING), ("admin", "recording.delete", OTHER), ("admin", "room.delete", OTHER_ROOM)]
    for table in ("recording", "recording_file", "render"):
        assert daemon.query(f"SELECT count (*) FROM {table}") == [(0,)], table
    assert [row[0] for row in daemon.query("SELECT id FROM room")] == [ROOM]


def test_crashed_recording(daemon, short, long):
    """Tracks that end in the middle, and a log without an end."""
    daemon.put(short, RECORDING, ROOM, "recording")
    folder = daemon.recordings / RECORDING
    for track in (folder / "tracks").iterdir():
        data = track.read_bytes()
        track.write_bytes(data[:len(data) * 3 // 4])
    log = (folder / "events.jsonl").read_text().splitlines()
    (folder / "events.jsonl").write_text("".join(line + "\n" for line in log[:-2]) + '{"t":3000,"ty')
    daemon.start()
    shown = daemon.until_settled(RECORDING)
    assert shown["status"] == "ready" and shown["error"] is None and 1000 < shown["duration"] < 3000, shown
    for file in shown["files"]:
        if file["kind"] == "track":
            assert probe(folder / file["name"]) > 1
    assert json.loads((folder / "files/manifest.json").read_text())


def test_webhooks(daemon, short, long):
    """Told once of each thing, though the first call is refused; that one later."""
    receiver = Receiver(b"tea and biscuits", [500])
    secret = daemon.directory / "secret"
    secret.write_text("tea and biscuits\n")
    secret.chmod(0o600)
    daemon.configure(f"[webhooks]\nurl = {receiver.url}\nsecret-file = {secret}\n")
    daemon.put(short, RECORDING, ROOM)
    daemon.start()
    daemon.until_settled(RECORDING)
    daemon.until("the first call is made again", lambda: len(receiver.calls) == 2)
    assert daemon.ask("DELETE", f"/recordings/{RECORDING}")[0] == 204
    daemon.until("the deletion is told", lambda: len(receiver.calls) == 3)
    assert not receiver.problems, receiver.problems
    calls = {event: (call, recording) for call, event, recording in receiver.calls}
    assert set(calls) == {"recording.stopped", "recording.ready", "recording.deleted"}, receiver.calls
    assert receiver.refused == [calls["recording.stopped"][0]], receiver.refused
    ready = calls["recording.ready"][1]
    assert ready["id"] == RECORDING and ready["status"] == "ready" and MADE <= {file["name"] for file in ready["files"]}, ready
    # the last answer is on its way back yet
    daemon.until("nothing is left to be told", lambda: daemon.query("SELECT count (*) FROM delivery") == [(0,)])
    receiver.close()


TESTS = [test_ready, test_another, test_erased, test_renderer_killed, test_daemon_killed, test_deleted_while_rendered, test_crashed_recording,
         test_webhooks]


def main():
    failed = 0
    print(f"1..{len(TESTS)}")
    short, long = make_meeting(3), make_meeting(20)
    for number, test in enumerate(TESTS, 1):
        daemon = Daemon(CONCLAVED)
        try:
            daemon.start()  # makes the database
            daemon.stop()
            test(daemon, short, long)
            daemon.stop()
            print(f"ok {number} - {test.__name__}", flush=True)
        except Exception:
            failed += 1
            print(f"not ok {number} - {test.__name__}", flush=True)
            print("".join(f"# {line}\n" for line in traceback.format_exc().splitlines()), end="")
        finally:
            daemon.remove()
    for folder in (short, long):
        shutil.rmtree(folder)
    return 1 if failed else 0


sys.exit(main())
