"""A conclaved over recordings that a test puts into its state: it is killed and started anew, and asked over its admin socket."""
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time

DEADLINE = 120  # seconds that a short meeting may take on a busy machine
# a command in front of the daemon's
UNDER = os.environ.get("CONCLAVE_UNDER", "").split()


class Admin(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=DEADLINE)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(DEADLINE)
        self.sock.connect(self.path)


class Daemon:
    """Runs conclaved; its state stays until remove()."""

    def __init__(self, program):
        self.program = program
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="conclave-library-"))
        self.state = self.directory / "state"
        self.recordings = self.state / "recordings"
        self.config = self.directory / "conclave.conf"
        self.configure("")
        self.process = None

    def configure(self, more):
        self.config.write_text("[media]\nports = 0\nwarm-spares = 0\n" + more)

    def start(self):
        with open(self.directory / "stderr", "ab") as log:
            self.process = subprocess.Popen(
                [*UNDER, self.program, "--config", self.config, "--state", self.state, "--listen", "127.0.0.1:0"],
                stdout=subprocess.PIPE, stderr=log, text=True)
        line = self.process.stdout.readline()
        assert line.startswith("listening on "), f"{line!r}\n{self.log()}"

    def log(self):
        return (self.directory / "stderr").read_text()

    def stop(self):
        self.process.terminate()
        self.process.stdout.close()
        assert self.process.wait(DEADLINE) == 0, self.log()

    def kill(self):
        self.process.kill()
        self.process.stdout.close()
        self.process.wait()

    def remove(self):
        if self.process is not None and self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.directory)

    def ask(self, method, where, body=None, headers=None):
        """Status and body; JSON is read."""
        admin = Admin(str(self.state / "admin.sock"))
        data = None if body is None else json.dumps(body)
        admin.request(method, "/api/v1" + where, data, {**({"Content-Type": "application/json"} if data else {}), **(headers or {})})
        answer = admin.getresponse()
        content = answer.read()
        admin.close()
        if answer.headers.get_content_type() == "application/json" and "/files/" not in where:
            content = json.loads(content)
        return answer.status, content

    def show(self, recording):
        status, content = self.ask("GET", f"/recordings/{recording}")
        assert status == 200, (status, content)
        return content

    def until(self, what, look):
        """Waits for a look that is true, and returns it."""
        end = time.monotonic() + DEADLINE
        while not (found := look()):
            if time.monotonic() > end:
                raise TimeoutError(f"waited in vain until {what}\n{self.log()[-4000:]}")
            time.sleep(0.05)
        return found

    def until_settled(self, recording):
        return self.until("it is settled", lambda: (shown := self.show(recording))["status"] in ("ready", "failed") and shown)

    def query(self, sql):
        with sqlite3.connect(self.state / "conclave.db") as db:
            return db.execute(sql).fetchall()

    def renderers(self):
        """Process ids of those that it runs."""
        found = []
        for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                head, rest = stat.read_text().rsplit(") ", 1)
            except OSError:
                continue
            if int(rest.split()[1]) == self.process.pid and head.endswith("(conclave-render") and rest[0] != "Z":
                found.append(int(stat.parent.name))
        return found

    def kill_renderer(self):
        process = self.until("there is a renderer", self.renderers)[0]
        os.kill(process, signal.SIGKILL)

    def put(self, folder, recording, room, status="processing"):
        """Rows and the folder of a recording that was stopped. While it does not run."""
        meeting = "m" + recording[1:]
        self.recordings.mkdir(mode=0o700, exist_ok=True)
        shutil.copytree(folder, self.recordings / recording)
        (self.recordings / recording / "files").mkdir(exist_ok=True)
        with sqlite3.connect(self.state / "conclave.db") as db:
            db.execute("INSERT OR IGNORE INTO room (id, kind, title, created, join_verifier, host_verifier) "
                       "VALUES (?, 'boardroom', 'Kitchen', 1, zeroblob (32), zeroblob (32))", [room])
            db.execute("INSERT INTO meeting (id, room, started, ended, reason) VALUES (?, ?, 1, 2, 'host')", [meeting, room])
            db.execute("INSERT INTO recording (id, room, meeting, title, started, ended, status) VALUES (?, ?, ?, 'Tea', 1000, ?, ?)",
                       [recording, room, meeting, None if status == "recording" else 2000, status])
