#!/usr/bin/env python3
"""meeting.py STATE ROOM PEOPLE WIDTH HEIGHT SECONDS: a recording that was just stopped, for the renderer, beside a conclaved that does not run.

Everybody has a camera with a picture that moves and a microphone with a voice-like sound; each of them speaks in turn. Prints its id.
"""
import json
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys

ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
TURN_MS = 7000


def make_id(prefix):
    return prefix + "".join(random.choice(ALPHABET) for _ in range(12))


def encode(path, *arguments):
    subprocess.run(["ffmpeg", "-v", "error", "-y", *arguments, str(path)], check=True, stdin=subprocess.DEVNULL)


def make_tracks(folder, width, height, seconds):
    """One picture and one sound, which everybody gets a copy of."""
    source = f"testsrc2=size={width}x{height}:rate=30,noise=alls=6:allf=t"
    encode(folder / "camera.mkv", "-f", "lavfi", "-i", source, "-t", seconds, "-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8",
           "-b:v", f"{width * height * 3 // 2 // 1000}k", "-g", "300", "-pix_fmt", "yuv420p")
    encode(folder / "microphone.mkv", "-f", "lavfi", "-i", "anoisesrc=color=pink:amplitude=0.2:sample_rate=48000", "-t", seconds,
           "-c:a", "libopus", "-b:a", "32k")


def write_log(folder, recording, room, meeting, people, files, seconds):
    end = int(seconds) * 1000
    lines = [{"t": 0, "type": "start", "version": 1, "recording": recording, "room": room, "meeting": meeting, "title": "Bench", "kind": "boardroom",
              "at": 1_700_000_000_000}]
    lines += [{"t": 0, "type": "person", "person": person, "name": f"Person {i + 1}", "stage": True} for i, person in enumerate(people)]
    lines += [{"t": 0, "type": "segment", "segment": 1}]
    lines += [{"t": 0, "type": "sending", "person": person, "microphone": True, "camera": True, "screen": False} for person in people]
    lines += [{"t": 0, "type": "track", "segment": 1, "file": name, "person": person, "source": source,
               "codec": "VP8" if source == "camera" else "opus"} for name, person, source in files]
    lines += [{"t": t, "type": "speaker", "people": [people[t // TURN_MS % len(people)]]} for t in range(0, end, TURN_MS)]
    lines += [{"t": end, "type": "segment-end", "segment": 1, "reason": "stop"}, {"t": end, "type": "stop", "reason": "host"}]
    (folder / "events.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))


def main(state, room, count, width, height, seconds):
    recording, meeting = make_id("r"), make_id("m")
    folder = pathlib.Path(state) / "recordings" / recording
    tracks = folder / "tracks"
    tracks.mkdir(mode=0o700, parents=True)
    (folder / "files").mkdir(mode=0o700)
    make_tracks(folder, int(width), int(height), seconds)
    people = [make_id("p") for _ in range(int(count))]
    files = [(f"001-{person}-{source}-1.mkv", person, source) for person in people for source in ("camera", "microphone")]
    for name, _, source in files:
        shutil.copy(folder / f"{source}.mkv", tracks / name)
    for source in ("camera", "microphone"):
        (folder / f"{source}.mkv").unlink()
    write_log(folder, recording, room, meeting, people, files, seconds)
    with sqlite3.connect(pathlib.Path(state) / "conclave.db", timeout=10) as database:
        database.execute("INSERT INTO meeting (id, room, started, ended, reason) VALUES (?, ?, 1, 2, 'host')", (meeting, room))
        database.execute("INSERT INTO recording (id, room, meeting, title, started, ended, status) VALUES (?, ?, ?, 'Bench', 1, 2, 'processing')",
                         (recording, room, meeting))
    print(recording)


if __name__ == "__main__":
    main(*sys.argv[1:])
