#!/usr/bin/env python3
"""conclavectl against a real conclaved: every command, its exit codes, and that no secret stays anywhere.

Usage: test-conclavectl.py CONCLAVED CONCLAVECTL. Prints TAP.
"""
import json
import re
import subprocess
import sys

from daemon import DEADLINE, Daemon, Person, decode
from tap import run_tests_with

CONCLAVED, CONCLAVECTL = sys.argv[1:3]
ROOM = re.compile(r"[a-km-np-z2-9]{12}")


def run(daemon, *words, code=0, env=None):
    """stdout and stderr of conclavectl, which must exit with `code`."""
    socket = [] if daemon is None else ["--socket", daemon.socket]
    done = subprocess.run([CONCLAVECTL, *socket, *words], capture_output=True, text=True, timeout=DEADLINE, env=env)
    assert done.returncode == code, f"{words}: exit {done.returncode}, not {code}: {done.stdout}{done.stderr}"
    return done.stdout, done.stderr


def create(daemon, title="Weekly", kind="standard", *words):
    return json.loads(run(daemon, "room", "create", "--kind", kind, "--title", title, "--json", *words)[0])


def show(daemon, room):
    return json.loads(run(daemon, "room", "show", room["id"], "--json")[0])


def create_token(daemon, room, *words):
    return json.loads(run(daemon, "token", "create", room["id"], *words, "--json")[0])


def test_create_json(daemon):
    room = create(daemon, 'Zoë "W" </script>')
    assert list(room) == ["id", "kind", "title", "host_url", "join_url", "dial_in"] and room["dial_in"] is None, room
    assert ROOM.fullmatch(room["id"]) and room["kind"] == "standard" and room["title"] == 'Zoë "W" </script>', room
    secret = r"[A-Za-z0-9_-]{43}"
    assert re.fullmatch(re.escape(f"{daemon.url}/r/{room['id']}#") + secret, room["join_url"]), room
    assert re.fullmatch(re.escape(room["join_url"] + ".") + secret, room["host_url"]), room
    assert create(daemon)["join_url"] != room["join_url"]


def test_create_text(daemon):
    out, err = run(daemon, "room", "create", "--title", "Weekly")
    host = re.search(r"^For the host: +(\S+)$", out, re.M)[1]
    join = re.search(r"^For the others: +(\S+)$", out, re.M)[1]
    assert host.startswith(join + ".") and "“Weekly”" in out and not err, out


def knock(daemon, link):
    """Why one does not come in, or None."""
    person = Person(daemon, link)
    answer = person.next()
    person.close()
    return answer.get("error")


def test_off_the_record(daemon):
    """The server must not learn what it is called, and lists it nowhere."""
    room = json.loads(run(daemon, "room", "create", "--kind", "otr", "--json")[0])
    assert (room["kind"], room["title"]) == ("otr", "") and room["host_url"].startswith(room["join_url"] + "."), room
    out, _ = run(daemon, "room", "create", "--kind", "otr")
    assert re.search(r"^Room \S+$", out, re.M) and "For the host:" in out, out
    listed = json.loads(run(daemon, "room", "list", "--json")[0])["rooms"]
    assert room["id"] not in [other["id"] for other in listed], listed
    planned = json.loads(run(daemon, "room", "create", "--kind", "otr", "--days", "40", "--json")[0])
    assert "--days is for the kind “otr”" in run(daemon, "room", "create", "--title", "One", "--days", "4", code=2)[1]
    assert "399" in run(daemon, "room", "create", "--kind", "otr", "--days", "400", code=2)[1]
    assert daemon.stop() == 0
    daemon.start()
    assert knock(daemon, room["join_url"]) == "unknown-room" != knock(daemon, planned["join_url"])



def test_list_and_show(daemon):
    first, second = create(daemon, "One"), create(daemon, "Two")
    lines = run(daemon, "room", "list")[0].splitlines()
    assert lines[0].split() == ["ID", "KIND", "CREATED", "PEOPLE", "MEETING", "TITLE"], lines[0]
    assert [line.split()[0] for line in lines[1:3]] == [second["id"], first["id"]], lines
    rooms = json.loads(run(daemon, "room", "list", "--json")[0])["rooms"]
    assert rooms[0]["id"] == second["id"] and rooms[0]["title"] == "Two", rooms
    assert not any("url" in name or "verifier" in name for name in rooms[0]), rooms[0]
    shown = json.loads(run(daemon, "room", "show", first["id"], "--json")[0])
    assert shown == rooms[1], shown
    assert re.search(r"^Title: +One$", run(daemon, "room", "show", first["id"])[0], re.M)


def test_recorded_rooms(daemon):
    def get(room):
        return [show(daemon, room)[name] for name in ("recording", "consent", "keep_days")]

    assert get(create(daemon)) == [False, "announce", None]
    room = create(daemon, "R", "boardroom", "--recording", "on", "--consent", "require", "--keep-days", "0")
    assert get(room) == [True, "require", 0]
    assert re.search(r"^Recorded: on, people have to agree$", run(daemon, "room", "show", room["id"])[0], re.M)
    assert get(create(daemon, "R", "standard", "--recording", "off")) == [False, "announce", None]
    err = run(daemon, "room", "create", "--title", "x", "--recording", "on", code=1)[1]
    assert "“standard” cannot be recorded" in err and "not-allowed" in err, err


def test_lobby(daemon):
    assert show(daemon, create(daemon))["lobby"] is False
    assert show(daemon, create(daemon, "R", "standard", "--lobby", "on"))["lobby"] is True
    assert show(daemon, create(daemon, "R", "standard", "--lobby", "off"))["lobby"] is False
    assert show(daemon, create(daemon, "R", "standard", "--dial-in", "off"))["dial_in"] is None


def test_change(daemon):
    room = create(daemon, "R", "boardroom")
    run(daemon, "room", "change", room["id"], "--title", "S", "--lobby", "on", "--summary", "hosts", "--dial-in", "off")
    changed = show(daemon, room)
    assert (changed["title"], changed["lobby"], changed["summary"], changed["dial_in"]) == ("S", True, "hosts", None), changed
    # nothing answers calls here
    for args in (("change", room["id"]), ("create", "--title", "R", "--kind", "boardroom")):
        err = run(daemon, "room", *args, "--dial-in", "on", code=1)[1]
        assert "This server cannot be called by phone" in err and "no-dial-in" in err, err


def test_recording(daemon):
    room = create(daemon, "R", "boardroom", "--recording", "on")
    for word in ("start", "pause", "resume", "stop"):
        assert "recording-state" in run(daemon, "recording", word, room["id"], code=1)[1]
    person = Person(daemon, room["host_url"])
    assert person.next()["recording"]["state"] == "off"
    started = json.loads(run(daemon, "recording", "start", room["id"], "--json")[0])
    assert re.fullmatch(r"r[a-km-np-z2-9]{12}", started["recording"]) and started["state"] == "on", started
    out = run(daemon, "recording", "pause", room["id"])[0]
    assert out == f"Recording {started['recording']} is paused.\n", out
    run(daemon, "recording", "resume", room["id"])
    assert run(daemon, "recording", "stop", room["id"])[0] == "Nothing is recorded now.\n"
    states = []
    while "off" not in states:
        message = person.next()
        states += [message["state"]] if message["type"] == "recording" else []
    assert states == ["on", "paused", "on", "off"], states
    person.close()
    assert "recording-off" in run(daemon, "recording", "start", create(daemon)["id"], code=1)[1]


def test_end(daemon):
    room = create(daemon)
    assert run(daemon, "room", "end", room["id"])[0] == "No meeting is running in this room.\n"
    assert json.loads(run(daemon, "room", "end", room["id"], "--json")[0]) == {"id": room["id"], "meeting": None}
    person = Person(daemon, room["host_url"])
    joined = person.next()
    assert joined["type"] == "joined" and joined["host"] is True, joined
    shown = json.loads(run(daemon, "room", "show", room["id"], "--json")[0])
    assert shown["people"] == 1 and shown["meeting"] == joined["meeting"], shown
    assert run(daemon, "room", "end", room["id"])[0] == joined["meeting"] + "\n"
    ended = person.next()
    assert (ended["type"], ended["reason"]) == ("ended", "admin"), ended
    person.close()


def test_delete(daemon):
    room = create(daemon)
    person = Person(daemon, room["join_url"])
    assert person.next()["host"] is False
    run(daemon, "room", "delete", room["id"])
    assert person.next()["type"] == "ended"
    person.close()
    assert "unknown-room" in run(daemon, "room", "show", room["id"], code=1)[1]
    assert "unknown-room" in run(daemon, "room", "delete", room["id"], code=1)[1]
    assert "unknown-room" in run(daemon, "room", "end", room["id"], code=1)[1]


def test_tokens(daemon):
    room = create(daemon, kind="classroom")
    assert run(daemon, "token", "list", room["id"])[0] == "This room has no tokens.\n"
    camera = create_token(daemon, room, "--publish", "--hours", "2", "--name", "Zoë's camera")
    player = create_token(daemon, room, "--watch")
    assert (camera["kind"], camera["name"], camera["room"]) == ("publish", "Zoë's camera", room["id"]), camera
    assert (player["kind"], player["name"], player["expires"]) == ("watch", "Player", 0), player
    assert camera["expires"] - camera["created"] == 2 * 3600 * 1000, camera
    assert re.fullmatch(r"t[a-km-np-z2-9]{12}", camera["id"]) and re.fullmatch(r"[A-Za-z0-9_-]{43}", camera["token"]), camera
    assert (camera["consents"], player["consents"]) == (False, False)
    assert create_token(daemon, create(daemon, kind="boardroom"), "--publish", "--consents")["consents"] is True
    assert camera["url"] == f"{daemon.url}/whip/{room['id']}" and player["url"] == f"{daemon.url}/whep/{room['id']}"
    tokens = json.loads(run(daemon, "token", "list", room["id"], "--json")[0])["tokens"]
    assert tokens == [{k: v for k, v in t.items() if k not in ("token", "url")} for t in (player, camera)], tokens
    run(daemon, "token", "revoke", camera["id"])
    lines = run(daemon, "token", "list", room["id"])[0].splitlines()
    assert lines[0].split() == ["ID", "USE", "CREATED", "EXPIRES", "NAME"], lines
    assert "never" in lines[1] and "revoked" in lines[2] and lines[2].endswith("Zoë's camera"), lines
    out = run(daemon, "token", "create", room["id"], "--publish")[0]
    assert re.search(r"^Token: +[A-Za-z0-9_-]{43}$", out, re.M) and re.search(r"^WHIP: +https://", out, re.M), out
    assert "not-allowed" in run(daemon, "token", "create", create(daemon)["id"], "--watch", code=1)[1]
    assert "unknown-room" in run(daemon, "token", "create", "aaaaaaaaaaaa", "--watch", code=1)[1]
    assert "unknown-room" in run(daemon, "token", "list", "aaaaaaaaaaaa", code=1)[1]
    assert "not-found" in run(daemon, "token", "revoke", "taaaaaaaaaaaa", code=1)[1]
    assert "bad-message" in run(daemon, "token", "create", room["id"], "--watch", "--name", "x\u202e", code=1)[1]


def test_tickets(daemon):
    room = create(daemon, kind="classroom")
    out = run(daemon, "ticket", "create", room["id"], "--role", "cohost", "--name", "Zoë")[0]
    assert re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]+\n", out), out
    claims = json.loads(decode(out.split(".")[1]))
    assert (claims["room"], claims["role"], claims["name"]) == (room["id"], "cohost", "Zoë"), claims
    answer = json.loads(run(daemon, "ticket", "create", room["id"], "--role", "viewer", "--json")[0])
    claims = json.loads(decode(answer["ticket"].split(".")[1]))
    assert claims["role"] == "viewer" and "name" not in claims and answer["expires"] == 1000 * claims["exp"], claims
    assert "unknown-room" in run(daemon, "ticket", "create", "aaaaaaaaaaaa", "--role", "host", code=1)[1]
    assert "not-allowed" in run(daemon, "ticket", "create", create(daemon)["id"], "--role", "viewer", code=1)[1]


def test_status(daemon):
    create(daemon)
    status = json.loads(run(daemon, "status", "--json")[0])
    assert status["rooms"] == len(json.loads(run(daemon, "room", "list", "--json")[0])["rooms"]) > 0, status
    assert status["url"] == daemon.url and status["uptime_ms"] >= 0, status
    assert {"version", "rooms", "meetings", "people", "sockets"} <= set(status), status
    assert re.search(r"^Address: +" + re.escape(daemon.url) + "$", run(daemon, "status")[0], re.M)


def test_refused(daemon):
    err = run(daemon, "room", "create", "--title", "x", "--kind", "party", code=1)[1]
    assert err == "conclavectl: This message does not fit the protocol. (bad-message)\n", err
    err = run(daemon, "room", "show", "aaaaaaaaaaaa", code=1)[1]
    assert err == "conclavectl: There is no such room. It may have been deleted. (unknown-room)\n", err


def test_usage(daemon):
    for words in [[], ["room"], ["rooms"], ["room", "make"], ["room create", "--title", "x"], ["room", "create"],
                  ["room", "create", "--title", ""], ["room", "create", "--kind", "otr", "--title", "x"], ["room", "create", "x", "--title", "x"], ["room", "show"],
                  ["room", "show", "../status"], ["room", "show", "aaaaaaaaaaaa", "bbbbbbbbbbbb"], ["status", "now"],
                  ["room", "delete", "aaaaaaaaaaaa", "--json"], ["room", "list", "--title", "x"], ["--nonsense"],
                  ["ticket"], ["ticket", "create", "aaaaaaaaaaaa"], ["ticket", "create", "aaaaaaaaaaaa", "--role", "producer"],
                  ["token"], ["token", "create"], ["token", "create", "aaaaaaaaaaaa"], ["token", "list"],
                  ["token", "create", "aaaaaaaaaaaa", "--publish", "--watch"], ["room", "list", "--publish"],
                  ["token", "create", "aaaaaaaaaaaa", "--watch", "--hours", "0"], ["room", "list", "--name", "x"],
                  *[["token", "create", "aaaaaaaaaaaa", "--watch", *wrong] for wrong in
                    (["--hours", "87841"], ["--name", "x" * 61], ["--name", " "])],
                  ["token", "create", "aaaaaaaaaaaa", "--watch", "--hours", "x"], ["token", "revoke", "aaaaaaaaaaaa"],
                  ["token", "create", "aaaaaaaaaaaa", "--watch", "--consents"], ["room", "list", "--consents"],
                  *[["room", "create", "--title", "x", *wrong] for wrong in
                    (["--recording", "yes"], ["--lobby", "maybe"], ["--dial-in", "maybe"], ["--consent", "ask"], ["--keep-days", "-2"], ["--keep-days", "36501"])],
                  ["recording"], ["recording", "start"], ["recording", "stop", "x"], ["room", "list", "--recording", "on"], ["token", "list", "taaaaaaaaaaaa"]]:
        out, err = run(daemon, *words, code=2)
        assert not out and err.startswith("conclavectl: ") and "--help" in err, (words, out, err)
    assert "room create [--title TITLE]" in run(None, "--help")[0]
    assert re.fullmatch(r"conclavectl \d+\.\d+\.\d+\n", run(None, "--version")[0])


def test_socket(daemon):
    assert "no-such" in run(None, "--socket", "/tmp/no-such/admin.sock", "status", code=69)[1]
    run(None, "status", env={"CONCLAVE_SOCKET": str(daemon.socket)})
    assert "no-such" in run(None, "status", code=69, env={"CONCLAVE_SOCKET": "/tmp/no-such/x"})[1]
    run(None, "--socket", "/tmp/" + "x" * 200, "status", code=2)


def assert_no_trace(daemon, rooms):
    """Neither S nor H, in any form that one might write them in."""
    traces = list(daemon.traces())
    assert any(name == "conclave.db" or name.endswith("-wal") for name, _ in traces), traces
    assert any(room["id"].encode() in data for room in rooms for _, data in traces)
    for room in rooms:
        for text in room["host_url"].split("#")[1].split("."):
            raw = decode(text)
            forms = [raw, text.encode(), raw.hex().encode(), raw.hex().upper().encode()]
            forms.append(text.replace("-", "+").replace("_", "/").encode())
            for name, data in traces:
                assert not any(form in data for form in forms), f"a secret of {room['id']} in {name}"


def test_no_trace(daemon):
    rooms = [create(daemon) for _ in range(3)]
    token = create_token(daemon, create(daemon, kind="classroom"), "--publish")["token"]
    people = [Person(daemon, rooms[0]["host_url"]), Person(daemon, rooms[0]["join_url"])]
    assert all(person.next()["type"] == "joined" for person in people)
    assert_no_trace(daemon, rooms)
    run(daemon, "room", "end", rooms[0]["id"])
    for person in people:
        person.close()
    assert daemon.stop() == 0
    assert_no_trace(daemon, rooms)
    for name, data in daemon.traces():
        assert token.encode() not in data and decode(token) not in data, f"a token in {name}"


def test_empty(daemon):
    assert run(daemon, "room", "list")[0] == "There are no rooms.\n"


TESTS = [test_empty, test_create_json, test_create_text, test_off_the_record, test_list_and_show, test_recorded_rooms, test_lobby, test_change, test_recording, test_end, test_delete, test_tokens, test_tickets, test_status, test_refused,
         test_usage, test_socket, test_no_trace]
run_tests_with(TESTS, Daemon(CONCLAVED))
