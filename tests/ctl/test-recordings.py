#!/usr/bin/env python3
"""conclavectl's commands about recordings and keys against a real conclaved with recordings put beside it.

Usage: test-recordings.py CONCLAVED CONCLAVECTL FAKE-RENDER. Prints TAP.
"""
import fcntl
import json
import pathlib
import re
import ssl
import subprocess
import sys
import urllib.error
import urllib.request

from daemon import DEADLINE, Daemon, decode
from tap import run_tests_with

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import recording as fixture

CONCLAVED, CONCLAVECTL, RENDERER = (str(pathlib.Path(name).absolute()) for name in sys.argv[1:4])
NOBODY = "raaaaaaaaaaaa"
TRACK = f"tracks/001-{fixture.ZOE}-camera-1.mkv"
SECRETS = []


def run(daemon, *words, code=0, stdin=""):
    """stdout and stderr of conclavectl, which must exit with `code`."""
    done = subprocess.run([CONCLAVECTL, "--socket", daemon.socket, *words], capture_output=True, text=True, timeout=DEADLINE, input=stdin)
    assert done.returncode == code, f"{words}: exit {done.returncode}, not {code}: {done.stdout}{done.stderr}"
    return done.stdout, done.stderr


def run_json(daemon, *words, **more):
    return json.loads(run(daemon, *words, "--json", **more)[0])


def make(daemon, **more):
    room = run_json(daemon, "room", "create", "--kind", "classroom", "--title", "Kitchen")["id"]
    return {"room": room, **fixture.make(daemon.state, room, **more)}


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


def test_none(daemon):
    assert run(daemon, "recording", "list")[0] == "There are no recordings.\n"
    assert run_json(daemon, "recording", "list") == {"recordings": []}
    assert run(daemon, "key", "list")[0] == "There are no keys.\n"


def test_list(daemon):
    made = [make(daemon, title=f"Tea {n}", started=1790000000000 + n) for n in range(3)]
    for n in range(60):
        fixture.make(daemon.state, made[0]["room"], title="Many", status="failed", files={})
    lines = run(daemon, "recording", "list", "--room", made[1]["room"])[0].splitlines()
    assert lines[0].split() == ["ID", "STARTED", "LENGTH", "SIZE", "PEOPLE", "STATUS", "TITLE"], lines
    assert len(lines) == 2 and re.fullmatch(made[1]["id"] + r"  [-\d]{10} [:\d]{5}  1 min 0 s +1.0 MB +1  ready +Tea 1", lines[1]), lines
    everything = run_json(daemon, "recording", "list")["recordings"]
    assert len(everything) == 63 and len({one["id"] for one in everything}) == 63
    one = run_json(daemon, "recording", "list", "--query", "Tea 2", "--status", "ready")["recordings"]
    assert [r["id"] for r in one] == [made[2]["id"]], one
    assert {"id", "room", "meeting", "status", "files"} <= set(one[0]) and one[0]["room"] == made[2]["room"], one
    files = {file["name"]: file for file in one[0]["files"]}
    assert set(files) == set(fixture.FILES), files
    for name, sum in made[2]["files"].items():
        assert files[name]["sha256"] == sum and files[name]["bytes"] == fixture.FILES[name][1], files[name]
        assert files[name]["kind"] == fixture.FILES[name][0], files[name]


def test_show(daemon):
    made = make(daemon, title="Zoë's")
    out = run(daemon, "recording", "show", made["id"])[0]
    assert re.search(r"^Title: +Zoë's$", out, re.M) and re.search(r"^  video +700 kB  meeting.mp4$", out, re.M), out
    assert run_json(daemon, "recording", "show", made["id"])["renders"] == []
    assert "not-found" in run(daemon, "recording", "show", NOBODY, code=1)[1]


def test_export(daemon):
    made = make(daemon)
    folder = daemon.directory / "out"
    folder.mkdir()
    wanted = b"".join(fixture.content("meeting.mp4", 700000))
    export = ["recording", "export", made["id"], "--file", "meeting.mp4", "--to"]
    assert run(daemon, *export, folder)[0] == f"{folder}/meeting.mp4\n"
    assert (folder / "meeting.mp4").read_bytes() == wanted and (folder / "meeting.mp4").stat().st_mode & 0o777 == 0o600
    # in place of what was there
    (folder / "other").write_text("old")
    run(daemon, *export, folder / "other")
    assert (folder / "other").read_bytes() == wanted
    run(daemon, "recording", "export", made["id"], "--file", TRACK, "--to", folder)
    assert (folder / TRACK.split("/")[1]).stat().st_size == 300000
    assert not list(folder.glob("*.part"))
    assert "has no file “x”" in run(daemon, "recording", "export", made["id"], "--file", "x", "--to", folder, code=1)[1]
    assert "No such file" in run(daemon, *export, folder / "no" / "where", code=74)[1]


def test_export_goes_on(daemon):
    made = make(daemon)
    folder = daemon.directory / "parts"
    folder.mkdir()
    path, part = folder / "a.mp4", folder / "a.mp4.part"
    wanted = b"".join(fixture.content("meeting.mp4", 700000))
    export = ["recording", "export", made["id"], "--file", "meeting.mp4", "--to", path]
    for prefix in (wanted[:1], wanted[:400000], wanted, wanted + b"more", b"x" * 700000):
        part.write_bytes(prefix)
        run(daemon, *export)
        assert path.read_bytes() == wanted and not part.exists(), len(prefix)
        path.unlink()
    # what is there is not fetched again: then the whole has a wrong checksum, and nothing of it is kept
    part.write_bytes(b"x" + wanted[1:400000])
    assert "wrong checksum" in run(daemon, *export, code=74)[1]
    assert not path.exists() and not part.exists()
    run(daemon, *export)
    # somebody else is at it
    with open(part, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert "written already" in run(daemon, *export, code=74)[1]


def test_damaged(daemon):
    made = make(daemon)
    verify = ["recording", "verify", made["id"]]
    assert run_json(daemon, *verify)["ok"] is True
    assert re.search(r"^ok +meeting.mp4$", run(daemon, *verify)[0], re.M)
    stored = daemon.state / "recordings" / made["id"] / "files" / "meeting.mp4"
    with open(stored, "r+b") as file:
        file.seek(300000)
        file.write(b"\0\0\0\0")
    out, err = run(daemon, *verify, code=1)
    assert re.search(r"^DAMAGED +meeting.mp4$", out, re.M) and re.search(r"^ok +timeline.json$", out, re.M) and "Not all" in err, out
    path = daemon.directory / "damaged.mp4"
    assert "wrong checksum" in run(daemon, "recording", "export", made["id"], "--file", "meeting.mp4", "--to", path, code=74)[1]
    assert not path.exists()


def test_delete(daemon):
    made = make(daemon)
    assert "deleted" in run(daemon, "recording", "delete", made["id"])[0]
    assert "not-found" in run(daemon, "recording", "delete", made["id"], code=1)[1]
    assert not (daemon.state / "recordings" / made["id"]).exists()


def test_render(daemon):
    made = make(daemon)
    order = run_json(daemon, "recording", "render", made["id"], "--layout", "speaker", "--from", "0:10", "--to", "1:02:03.5",
                     "--without", fixture.ZOE, "--without", "pbbbbbbbbbbbb")
    assert (order["layout"], order["from"], order["to"]) == ("speaker", 10000, 3723500), order
    assert order["without"] == [fixture.ZOE, "pbbbbbbbbbbbb"] and order["id"][0] == "j", order
    out = run(daemon, "recording", "render", made["id"], "--layout", "grid")[0]
    assert re.match(r"j\w{12} is queued\.", out), out
    assert len(run_json(daemon, "recording", "show", made["id"])["renders"]) == 2
    assert "not-found" in run(daemon, "recording", "render", NOBODY, "--layout", "grid", code=1)[1]


def test_share(daemon):
    made = make(daemon)
    share = run_json(daemon, "recording", "share", made["id"], "--hours", "2", "--downloads")
    SECRETS.append(share["secret"])
    assert share["url"] == f"{daemon.url}/s/{share['id']}#{share['secret']}" and share["expires"] - share["created"] == 7200000, share
    assert request(daemon, "POST", f"/api/v1/shares/{share['id']}/open", {"secret": share["secret"]})[0] == 200
    out = run(daemon, "recording", "share", made["id"], "--password-stdin", stdin="tea at five\nmore\n")[0]
    link = re.search(r"^Link: +\S+/s/(\w+)#(\S+)$", out, re.M)
    SECRETS.extend([link[2], "tea at five"])
    assert re.search(r"^Password: +yes$", out, re.M) and re.search(r"^Expires: +never$", out, re.M), out
    where = f"/api/v1/shares/{link[1]}/open"
    assert request(daemon, "POST", where, {"secret": link[2], "password": "tea"})[:1] == (401,)
    assert request(daemon, "POST", where, {"secret": link[2], "password": "tea at five"})[0] == 200
    assert "no password" in run(daemon, "recording", "share", made["id"], "--password-stdin", code=1)[1]
    assert re.search(rf"^  {link[1]}  expires never, password$", run(daemon, "recording", "show", made["id"])[0], re.M)


def test_keys(daemon):
    key = run_json(daemon, "key", "add", "--role", "producer", "Zoë's desk", "--days", "2")
    assert key["url"] == f"{daemon.url}/recordings#{key['key']}" and len(decode(key["key"])) == 32, key
    assert (key["name"], key["role"], key["expires"] - key["created"]) == ("Zoë's desk", "producer", 2 * 86400000), key
    out = run(daemon, "key", "add", "Desk 2")[0]
    text = re.search(r"^Sign in: +" + re.escape(daemon.url) + r"/recordings#(\S+)$", out, re.M)[1]
    SECRETS.extend([key["key"], text])
    lines = run(daemon, "key", "list")[0].splitlines()
    assert lines[0].split() == ["ID", "ROLE", "CREATED", "EXPIRES", "NAME"] and len(lines) == 3, lines
    status, session, cookie = request(daemon, "POST", "/api/v1/session", {"key": key["key"]})
    assert (status, session["role"], session["name"]) == (200, "producer", "Zoë's desk"), session
    assert request(daemon, "GET", "/api/v1/recordings", Cookie=cookie)[0] == 200
    assert request(daemon, "GET", "/api/v1/recordings", Authorization=f"Bearer {text}")[0] == 200
    assert "is out" in run(daemon, "key", "revoke", key["id"])[0]
    assert request(daemon, "GET", "/api/v1/recordings", Cookie=cookie)[0] == 401
    assert re.search(key["id"] + r" .* revoked +Zoë's desk$", run(daemon, "key", "list")[0], re.M)
    assert "not-found" in run(daemon, "key", "revoke", "kaaaaaaaaaaaa", code=1)[1]


def test_usage(daemon):
    for words in [["recording"], ["recording", "show"], ["recording", "show", "aaaaaaaaaaaa"], ["recording", "list", NOBODY],
                  ["recording", "list", "--status", "x"], ["recording", "list", "--query", ""], ["recording", "export", NOBODY],
                  ["recording", "export", NOBODY, "--file", "a"], ["recording", "export", NOBODY, "--to", "/tmp"],
                  ["recording", "render", NOBODY], ["recording", "render", NOBODY, "--layout", "pie"],
                  *[["recording", "render", NOBODY, "--layout", "grid", *wrong] for wrong in
                    (["--from", "x"], ["--from", "1:60"], ["--from", "-1"], ["--to", "1:2:3:4"], ["--from", "20", "--to", "10"], ["--to", "1e9"])],
                  ["recording", "share", NOBODY, "--hours", "0"], ["recording", "delete", NOBODY, "--json"], ["key", "add"],
                  ["key", "add", " "], ["key", "add", "a", "b"], ["key", "add", "a", "--role", "admin"], ["key", "add", "a", "--days", "0"],
                  ["key", "revoke", NOBODY], ["key", "list", "x"], ["recording", "verify", NOBODY, "--layout", "grid"]]:
        out, err = run(daemon, *words, code=2)
        assert not out and err.startswith("conclavectl: ") and "--help" in err, (words, out, err)


def test_no_trace(daemon):
    """Keys, secrets and passwords stay nowhere."""
    assert daemon.stop() == 0 and len(SECRETS) == 5
    for name, data in daemon.traces():
        for secret in SECRETS:
            raw = decode(secret) if len(secret) == 43 else secret.encode()
            assert secret.encode() not in data and raw not in data, f"a secret in {name}"


TESTS = [test_none, test_list, test_show, test_export, test_export_goes_on, test_damaged, test_delete, test_render, test_share, test_keys,
         test_usage, test_no_trace]
run_tests_with(TESTS, Daemon(CONCLAVED, f"render-program = {RENDERER}\n"))
