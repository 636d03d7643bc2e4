#!/usr/bin/env python3
"""conclavectl doctor: a server that is well, one that is not there, a wrong configuration, a certificate that has run out, and coturn.

Usage: test-doctor.py CONCLAVED CONCLAVECTL COTURN. COTURN: tools/coturn. Prints TAP; what needs coturn is skipped without it.
"""
import json
import os
import shutil
import socket
import subprocess
import sys
import time

from daemon import DEADLINE, Daemon
from tap import Skip, run_tests

CONCLAVED, CONCLAVECTL, COTURN = sys.argv[1:4]
# However full this machine's disk is.
DISK = "[recording]\nwarn-below-percent = 0\nstop-below-percent = 0\nstop-below-bytes = 0\n"
IDS = ["server", "configuration", "permissions", "gstreamer", "ports", "certificate", "address", "turn", "clock", "disk", "telephony"]
# Where many look at once, all is slow.
PATIENCE = DEADLINE * 6


def examine(daemon, code=0):
    """The rows of a whole examination, by id."""
    done = subprocess.run([CONCLAVECTL, "--socket", daemon.socket, "doctor", "--config", daemon.config, "--json"],
                          capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == code, f"exit {done.returncode}, not {code}: {done.stdout}{done.stderr}"
    answer = json.loads(done.stdout)
    assert set(answer) == {"status", "checks"}, answer
    rows = {}
    for row in answer["checks"]:
        assert set(row) == {"id", "status", "text", "advice"} and row["status"] in ("ok", "skipped", "warn", "fail"), row
        assert isinstance(row["text"], str) and "\n" not in row["text"], row
        assert (row["advice"] is None) == (row["status"] == "ok"), row
        rows.setdefault(row["id"], []).append(row)
    states = {row["status"] for row in answer["checks"]}
    assert answer["status"] == ("fail" if "fail" in states else "warn" if "warn" in states else "ok"), answer
    assert (code == 1) == ("fail" in states), answer
    return rows


def assert_row(rows, name, status, text):
    assert any(row["status"] == status and text in row["text"] for row in rows[name]), rows[name]


def configure(daemon, text):
    daemon.config.write_text(f"[media]\nports = 0\n{DISK}{text}")


def test_well(daemon):
    configure(daemon, f"[server]\nlisten = 127.0.0.1:{daemon.port}\npublic-url = https://localhost:{daemon.port}\n")
    rows = examine(daemon)
    assert list(rows) == IDS, list(rows)
    assert_row(rows, "server", "ok", "runs")
    assert_row(rows, "configuration", "ok", "can be read")
    assert_row(rows, "permissions", "ok", "closed")
    assert_row(rows, "gstreamer", "ok", "pipelines")
    assert_row(rows, "ports", "ok", "the server listens")
    assert_row(rows, "certificate", "warn", "vouches for itself")
    assert_row(rows, "address", "warn", "vouches for itself")
    assert not [row for row in rows["address"] if row["status"] == "fail"]
    assert_row(rows, "turn", "warn", "no TURN server")
    assert_row(rows, "disk", "ok", "free")
    assert_row(rows, "telephony", "ok", "nobody is to call")
    # another port than the one that it was started with
    configure(daemon, "[server]\nlisten = 127.0.0.1:0\n")
    assert_row(examine(daemon), "configuration", "warn", "by what address")
    daemon.state.chmod(0o755)
    assert_row(examine(daemon, 1), "permissions", "fail", "others than its owner")


def test_text(daemon):
    done = subprocess.run([CONCLAVECTL, "--socket", daemon.socket, "doctor", "--config", daemon.config],
                          capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode in (0, 1), done
    assert "ok       server" in done.stdout and "not looked at\n" in done.stdout, done.stdout
    refused = subprocess.run([CONCLAVECTL, "doctor", "--title", "x"], capture_output=True, text=True, timeout=PATIENCE)
    assert refused.returncode == 2 and "does not take --title" in refused.stderr, refused


def test_down(daemon):
    configure(daemon, "[sip]\nlisten = udp:127.0.0.1:5060\nnumbers = 123\ntrunk-addresses = 192.0.2.1\n")
    daemon.stop()
    rows = examine(daemon)
    assert list(rows) == IDS, list(rows)
    assert_row(rows, "server", "warn", "cannot reach conclaved")
    assert_row(rows, "telephony", "skipped", "only a running server")
    assert_row(rows, "address", "skipped", "not known where")


def test_broken(daemon):
    for text, words in (("[server]\ntls = perhaps\n", "tls = perhaps: must be true or false"), ("[server]\ntsl = true\n", "unknown key"),
                        ("[turn]\nservers = turn:a\nsecret-file = /nonexistent\n", "No such file")):
        daemon.config.write_text(text)
        rows = examine(daemon, 1)
        assert_row(rows, "configuration", "fail", words)
        assert list(rows) == ["server", "configuration", "all else"], list(rows)
        assert_row(rows, "server", "ok", "runs")


def test_others(daemon):
    """Who may not read secrets is told so, and nothing is said to be wrong."""
    if os.geteuid() != 0:
        raise Skip("only root can be somebody else")
    secrets = daemon.directory / "secrets"
    secrets.mkdir(mode=0o700)
    (secrets / "turn").write_text("a secret\n")
    (secrets / "turn").chmod(0o600)
    daemon.config.write_text("[turn]\nservers = turn:127.0.0.1:9\nsecret-file = secret_turn\n")
    daemon.config.chmod(0o644)
    daemon.directory.chmod(0o755)
    program = shutil.copy(CONCLAVECTL, daemon.directory / "conclavectl")
    done = subprocess.run([program, "--socket", daemon.socket, "doctor", "--config", daemon.config, "--json"], capture_output=True, text=True,
                          timeout=PATIENCE, user=65534, group=65534, extra_groups=[], cwd="/")
    assert done.returncode == 0, done
    rows = {row["id"]: row for row in json.loads(done.stdout)["checks"]}
    assert rows["configuration"]["status"] == rows["all else"]["status"] == "skipped", rows
    assert rows["configuration"]["advice"] == "Run this as root" and "Permission denied" in rows["server"]["text"], rows
    assert_row(examine(daemon, 1), "turn", "fail", "turn:127.0.0.1:9")


def make_certificate(daemon, days):
    key, certificate = daemon.directory / "key.pem", daemon.directory / "certificate.pem"
    request = daemon.directory / "request.pem"
    subprocess.run(["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", request,
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True)
    # `req -x509` takes no days that are over
    subprocess.run(["openssl", "x509", "-req", "-in", request, "-key", key, "-copy_extensions", "copy", "-days", str(days), "-out", certificate],
                   check=True, capture_output=True)
    key.chmod(0o600)
    return f"[server]\ncertificate-file = {certificate}\nkey-file = {key}\n"


def test_run_out(daemon):
    text = make_certificate(daemon, -1)
    daemon.stop()
    configure(daemon, text)
    daemon.start()
    configure(daemon, f"{text}public-url = https://localhost:{daemon.port}\nlisten = 127.0.0.1:{daemon.port}\n")
    rows = examine(daemon, 1)
    assert_row(rows, "certificate", "fail", "has run out")
    assert_row(rows, "address", "fail", "it has run out")
    # a new one is there, and the server has not read it
    configure(daemon, make_certificate(daemon, 90) + f"public-url = https://localhost:{daemon.port}\n")
    rows = examine(daemon, 1)
    assert not [row for row in rows["certificate"] if row["status"] == "fail"], rows["certificate"]
    assert_row(rows, "address", "fail", "it has run out")
    configure(daemon, make_certificate(daemon, 90) + "public-url = https://other.invalid\n")
    assert_row(examine(daemon, 1), "certificate", "fail", "is not for other.invalid")


class Coturn:
    """tools/coturn on a free port, or what it wrote with other lines."""

    def __init__(self, daemon, more=None):
        self.state = daemon.directory / "turn"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.log = open(daemon.directory / "coturn.log", "ab")
        self.process = self.run([COTURN, self.state, "127.0.0.1", str(self.port)])
        if more is not None:
            self.stop()
            lines = [line for line in (self.state / "coturn.conf").read_text().splitlines() if not line.startswith("denied-peer-ip")]
            (self.state / "open.conf").write_text("\n".join([*lines, more, ""]))
            self.process = self.run(["turnserver", "-c", self.state / "open.conf"])

    def run(self, command):
        process = subprocess.Popen(command, stdout=self.log, stderr=self.log)
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return process
            if process.poll() is not None:
                break
            time.sleep(0.05)
        process.kill()
        process.wait()
        raise RuntimeError("coturn does not listen")

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        return self

    def servers(self):
        return f"turn:%h:{self.port}?transport=udp;turn:127.0.0.1:{self.port}?transport=tcp"

    def configuration(self, secret="turn-secret"):
        return f"[turn]\nservers = {self.servers()}\nsecret-file = {self.state / secret}\n[server]\npublic-url = https://localhost:9\n"


def test_turn(daemon):
    if shutil.which("turnserver") is None:
        raise Skip("there is no coturn")
    coturn = Coturn(daemon)
    try:
        configure(daemon, coturn.configuration())
        rows = examine(daemon)["turn"]
        assert [row["status"] for row in rows] == ["ok", "ok"], rows
        assert [row["text"].split(": ")[0] for row in rows] == [url.replace("%h", "localhost") for url in coturn.servers().split(";")], rows
        other = coturn.state / "other"
        other.write_text("another secret\n")
        other.chmod(0o600)
        configure(daemon, coturn.configuration("other"))
        rows = examine(daemon, 1)["turn"]
        assert all(row["status"] == "fail" and "401" in row["text"] and "static-auth-secret" in row["advice"] for row in rows), rows
        coturn.stop()
        configure(daemon, coturn.configuration())
        rows = examine(daemon, 1)["turn"]
        assert all(row["status"] == "fail" and "firewall" in row["advice"] for row in rows), rows
    finally:
        coturn.stop()


def test_open(daemon):
    """Without the list of denied peers it is a way into the network that it stands in."""
    if shutil.which("turnserver") is None:
        raise Skip("there is no coturn")
    coturn = Coturn(daemon, more="")
    try:
        configure(daemon, coturn.configuration())
        rows = examine(daemon, 1)["turn"]
        assert all(row["status"] == "fail" and "can reach 10.0.0.1 through it" in row["text"] for row in rows), rows
    finally:
        coturn.stop()


def test_secure(daemon):
    """Over TLS, with a certificate that nobody vouches for."""
    if shutil.which("turnserver") is None:
        raise Skip("there is no coturn")
    make_certificate(daemon, 90)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    first = Coturn(daemon).stop()
    text = (first.state / "coturn.conf").read_text().replace("no-tls\n", f"tls-listening-port={port}\ncert={daemon.directory}/certificate.pem\npkey={daemon.directory}/key.pem\n")
    (first.state / "tls.conf").write_text(text)
    process = first.run(["turnserver", "-c", first.state / "tls.conf"])
    try:
        configure(daemon, first.configuration().replace(first.servers(), f"turns:localhost:{port}?transport=tcp"))
        rows = examine(daemon, 1)["turn"]
        assert len(rows) == 1 and "its certificate: nobody whom this machine trusts" in rows[0]["text"], rows
    finally:
        process.kill()
        process.wait()


os.environ.pop("CREDENTIALS_DIRECTORY", None)
# tests/lib/sanitizer.c says why; what leaks and what does not, the unit tests of each check see
os.environ["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":intercept_tls_get_addr=0:detect_leaks=0"
TESTS = [test_well, test_text, test_down, test_broken, test_others, test_run_out, test_turn, test_open, test_secure]
run_tests(TESTS, lambda: Daemon(CONCLAVED))
