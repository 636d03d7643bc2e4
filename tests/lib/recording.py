#!/usr/bin/env python3
"""A finished recording for tests, without a meeting: its folder and its rows, put beside a conclaved that runs.

As a program: recording.py STATE ROOM reads {title, status, started, people: {ID: NAME}, files: {NAME: [KIND, BYTES, PERSON?, SOURCE?]}}
(all optional) from stdin and prints {id, files: {NAME: SHA256}}. A file's bytes are those of `content`.
"""
import hashlib
import json
import pathlib
import random
import sqlite3
import sys
import time

ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
ZOE = "pabcdefghijkm"
FILES = {"meeting.mp4": ["video", 700000], "timeline.json": ["timeline", 2000], "timeline.otio": ["timeline", 1000],
         f"tracks/001-{ZOE}-camera-1.mkv": ["track", 300000, ZOE, "camera"]}
PIECE = 1 << 20


def make_id(prefix):
    return prefix + "".join(random.choice(ALPHABET) for _ in range(12))


def content(name, size):
    """In pieces; each file has its own, and no two pieces of one are alike. What should be JSON is."""
    if name.endswith((".json", ".otio")):
        yield b'"' + b"x" * (size - 2) + b'"'
        return
    for at in range(0, size, PIECE):
        seed = hashlib.sha256(f"{name} {at}".encode()).digest()
        yield random.Random(seed).randbytes(min(PIECE, size - at))


def write(path, name, size):
    digest = hashlib.sha256()
    with open(path, "wb") as file:
        for piece in content(name, size):
            digest.update(piece)
            file.write(piece)
    return digest.hexdigest()


def make(state, room, title="Tea", status="ready", started=None, people=None, files=None):
    recording, meeting = make_id("r"), make_id("m")
    folder = pathlib.Path(state) / "recordings" / recording
    for name in ("tracks", "files"):
        (folder / name).mkdir(mode=0o700, parents=True)
    (folder / "events.jsonl").write_text("{}\n")
    started = started or int(time.time() * 1000)
    files = FILES if files is None else files
    sums = {}
    database = sqlite3.connect(pathlib.Path(state) / "conclave.db", timeout=10, isolation_level=None)
    database.execute("BEGIN IMMEDIATE")
    database.execute("INSERT INTO meeting (id, room, started) VALUES (?, ?, ?)", (meeting, room, started))
    database.execute(
        "INSERT INTO recording (id, room, meeting, title, started, ended, status, duration, people) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (recording, room, meeting, title, started, None if status == "recording" else started + 60000, status, 60000, 1))
    for person, name in (people or {ZOE: "Zoë"}).items():
        database.execute("INSERT INTO consent (recording, person, name, answer, at) VALUES (?, ?, ?, 'announced', ?)",
                         (recording, person, name, started))
    for name, (kind, size, *whose) in files.items():
        person, source = whose or ("", "")
        sums[name] = write(folder / ("" if name.startswith("tracks/") else "files") / name, name, size)
        database.execute("INSERT INTO recording_file (recording, name, kind, bytes, sha256, person, source) VALUES (?, ?, ?, ?, ?, ?, ?)",
                         (recording, name, kind, size, sums[name], person, source))
    database.execute("UPDATE recording SET bytes = (SELECT ifnull (sum (bytes), 0) FROM recording_file WHERE recording = id) WHERE id = ?",
                     (recording,))
    database.execute("COMMIT")
    database.close()
    return {"id": recording, "files": sums}


if __name__ == "__main__":
    print(json.dumps(make(*sys.argv[1:3], **json.load(sys.stdin))))
