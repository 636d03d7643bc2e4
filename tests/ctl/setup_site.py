"""A whole site as `conclavectl setup` writes it, in a network of the test's own (tests/browser/namespace): nginx, coturn and conclaved
at the ports that they have on a server, with files below a folder of the test's.
"""
import json
import os
import pathlib
import shutil
import socket
import ssl
import subprocess
import tempfile
import time

HOST = "meet.example.net"
TURN_HOST = f"turn.{HOST}"
ADDRESS, ADDRESS6 = os.environ.get("CONCLAVE_TEST_ADDRESS", ""), "fd77::1"
# where somebody else is
CALLER, CALLER6 = "10.77.0.50", "fd77::50"
DEADLINE = 60


def find(program):
    """Services are where only root looks for them. None: not installed."""
    return shutil.which(program) or shutil.which(program, path="/usr/sbin:/sbin")


def run(*command, code=0, **more):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=DEADLINE, check=False, **more)
    assert code is None or done.returncode == code, f"{command}: exit {done.returncode}, not {code}: {done.stdout}"
    return done.stdout


def until(what, ask):
    end = time.monotonic() + DEADLINE
    while not (answer := ask()):
        assert time.monotonic() < end, f"waited in vain until {what}"
        time.sleep(0.05)
    return answer


def stream_module():
    """What nginx needs to share a port, or None."""
    for folder in ("/usr/lib/nginx/modules", "/usr/lib64/nginx/modules"):
        if (path := pathlib.Path(folder) / "ngx_stream_module.so").exists():
            return path
    return None


class Site:
    def __init__(self, conclaved, conclavectl, shared):
        self.conclaved, self.conclavectl, self.shared = conclaved, conclavectl, shared
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="conclave-site-"))
        self.state = self.root / "state"
        self.processes = []
        self.daemon = None

    def path(self, name):
        return self.root / "etc" / name

    def log(self, name):
        return (self.root / f"{name}.log").read_text(errors="replace")

    def change(self, name, *pairs):
        text = self.path(name).read_text()
        for old, new in pairs:
            assert old in text, f"no {old!r} in {name}"
            text = text.replace(old, new)
        self.path(name).write_text(text)

    def write(self):
        """All files, and in them only paths other than on a server."""
        live = self.path(f"letsencrypt/live/{HOST}")
        for folder in (live, self.path("nginx/modules-enabled"), self.path("conclave"), self.root / "documents", self.root / "recordings"):
            folder.mkdir(parents=True)
        self.state.mkdir(mode=0o700)
        self.path("turnserver.conf").touch()  # whose it is stays: nobody in here is in coturn's group
        run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "9", "-subj", f"/CN={HOST}",
            "-keyout", live / "privkey.pem", "-out", live / "fullchain.pem", "-addext", f"subjectAltName=DNS:{HOST},DNS:{TURN_HOST}")
        if self.shared:
            self.path("nginx/modules-enabled/50-mod-stream.conf").write_text(f"load_module {stream_module()};\n")
        run(self.conclavectl, "setup", "--host", HOST, "--root", self.root, "--address", ADDRESS, "--write", *["--share-443"] * self.shared)
        self.change("nginx/sites-available/conclave.conf", ("/etc/letsencrypt", f"{self.root}/etc/letsencrypt"),
                    ("/var/lib/conclave-documents/", f"{self.root}/documents/"), ("/var/lib/conclave-recordings/", f"{self.root}/recordings/"))
        self.change("turnserver.conf", ("/var/lib/turn", str(self.root)), ("/etc/conclave/turn/certificate.pem", f"{live}/fullchain.pem"),
                    ("/etc/conclave/turn/key.pem", f"{live}/privkey.pem"))
        config = self.path("conclave/conclave.conf")
        config.write_text(config.read_text() + f"\n[documents]\ndirectory = {self.root}/documents\naccel-prefix = /shared-files/\n"
                          f"[recording]\ndirectory = {self.root}/recordings\naccel-prefix = /recorded-files/\n")
        # as Debian's, of which it is told that nothing is anywhere else
        self.path("nginx/nginx.conf").write_text(
            f"user root;\ndaemon off;\nworker_processes 1;\npid {self.root}/nginx.pid;\nerror_log stderr;\ninclude {self.root}/etc/nginx/modules-enabled/*.conf;\n"
            "events {}\nhttp {\naccess_log off;\n" +
            "".join(f"{kind}_temp_path {self.root}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) +
            f"include {self.root}/etc/nginx/sites-enabled/*;\n}}\n")

    def spawn(self, name, *command, **env):
        with open(self.root / f"{name}.log", "wb") as log:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env={**os.environ, **env})
        self.processes.append(process)
        return process

    def wait(self, name, process, address, port):
        def listens():
            assert process.poll() is None, f"{name} ended with {process.returncode}: {self.log(name)}"
            with socket.socket() as probe:
                return probe.connect_ex((address, port)) == 0
        until(f"{name} listens", listens)

    def start(self):
        self.write()
        secrets = self.root / "credentials"
        secrets.mkdir(mode=0o700)
        shutil.copy(self.path("conclave/secrets/turn"), secrets / "secret_turn")
        self.daemon = self.spawn("conclaved", self.conclaved, "--config", self.path("conclave/conclave.conf"), "--state", self.state,
                                 CREDENTIALS_DIRECTORY=str(secrets))
        self.wait("conclaved", self.daemon, "127.0.0.1", 8080)
        self.wait("coturn", self.spawn("coturn", find("turnserver"), "-c", self.path("turnserver.conf")), ADDRESS, 5349)
        self.wait("nginx", self.spawn("nginx", find("nginx"), "-p", self.root, "-c", self.path("nginx/nginx.conf")), ADDRESS, 443)

    def ctl(self, *words):
        return json.loads(run(self.conclavectl, "--socket", self.state / "admin.sock", *words, "--json"))

    def stop(self):
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            try:
                process.wait(DEADLINE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        log = self.log("conclaved") if self.daemon else ""
        shutil.rmtree(self.root)
        assert self.daemon is None or self.daemon.returncode == 0, f"conclaved ended with {self.daemon.returncode}: {log[-4000:]}"


def connect(name=HOST, address=ADDRESS, caller=CALLER, port=443):
    """TLS as somebody at `caller`; `name`: the one that is asked for, or None."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(socket.create_connection((address, port), DEADLINE, (caller, 0)), server_hostname=name)


def ask(method, path, body=b"", head=(), **where):
    """(status, headers, body) of one request on a connection of its own."""
    with connect(**where) as connection:
        lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", "Connection: close", *head, *[f"Content-Length: {len(body)}"] * bool(body), "", ""]
        connection.sendall("\r\n".join(lines).encode() + body)
        answer = b""
        while more := connection.recv(65536):
            answer += more
    top, _, rest = answer.partition(b"\r\n\r\n")
    status, *headers = top.decode("latin-1").split("\r\n")
    return int(status.split()[1]), {name.lower(): value for name, value in (line.split(": ", 1) for line in headers)}, rest
