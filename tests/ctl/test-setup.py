#!/usr/bin/env python3
"""conclavectl setup: what it shows, writes and keeps, below a root of its own; nginx, coturn, nft and the shell take what it wrote.

Usage: test-setup.py CONCLAVECTL. Prints TAP; what needs nginx, coturn or nft is skipped without them.
"""
import contextlib
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

from tap import Skip, run_tests

CONCLAVECTL = sys.argv[1]
HOST = "meet.example.net"
DEADLINE = 120
FILES = ["conclave/certificate-renewed", "conclave/conclave.conf", "conclave/nftables.conf", "conclave/secrets/turn",
         "letsencrypt/renewal-hooks/deploy/conclave", "nginx/sites-available/conclave.conf", "turnserver.conf"]


def need(program):
    """Services are where only root looks for them."""
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin:/sbin")
    if found is None:
        raise Skip(f"there is no {program}")
    return found


def setup(root, *words, code=0, host=HOST):
    done = subprocess.run([CONCLAVECTL, "setup", "--host", host, "--root", root, "--address", "127.0.0.1", *words],
                          capture_output=True, text=True, timeout=DEADLINE)
    assert done.returncode == code, f"exit {done.returncode}, not {code}: {done.stdout}{done.stderr}"
    return done.stdout if code == 0 else done.stderr


def run(*command, code=0, **more):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=DEADLINE, **more)
    assert done.returncode == code, f"{command}: exit {done.returncode}, not {code}: {done.stdout}"
    return done.stdout


def files(root):
    return sorted(str(path.relative_to(root / "etc")) for path in (root / "etc").rglob("*") if path.is_symlink() or path.is_file())


def read(root, name):
    return (root / "etc" / name).read_text()


def certify(root, *more):
    live = root / "etc/letsencrypt/live" / HOST
    live.mkdir(parents=True, exist_ok=True)
    run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", live / "privkey.pem",
        "-out", live / "fullchain.pem", "-subj", f"/CN={HOST}", "-addext", "subjectAltName=" + ",".join(f"DNS:{name}" for name in (HOST, *more)), "-days", "90")


def test_shown(root):
    before = read(root, "conclave/conclave.conf")
    out = setup(root)
    assert files(root) == ["conclave/conclave.conf"] and read(root, "conclave/conclave.conf") == before
    assert "Nothing was written." in out and f"+public-url = https://{HOST}\n" in out and "-tls = true\n" in out and "+tls = false\n" in out, out
    assert "static-auth-secret=(not shown)" in out and not re.search(r"[0-9a-f]{64}", out), out
    assert f"certbot certonly --webroot -w /var/www/html -d {HOST}" in out and "sites-enabled/conclave.conf" not in out, out


def test_written(root):
    before = read(root, "conclave/conclave.conf")
    out = setup(root, "--write")
    assert "That was written." in out and not re.search(r"[0-9a-f]{64}", out), out
    assert files(root) == sorted([*FILES, "conclave/conclave.conf.before-conclave"]), files(root)
    assert read(root, "conclave/conclave.conf.before-conclave") == before
    secret = read(root, "conclave/secrets/turn").strip()
    assert re.fullmatch(r"[0-9a-f]{64}", secret) and f"static-auth-secret={secret}\n" in read(root, "turnserver.conf")
    modes = {name: (root / "etc" / name).stat().st_mode & 0o777 for name in ("conclave/secrets", "conclave/secrets/turn", "turnserver.conf", "conclave/certificate-renewed")}
    assert modes == {"conclave/secrets": 0o700, "conclave/secrets/turn": 0o600, "turnserver.conf": 0o640, "conclave/certificate-renewed": 0o755}, modes
    # once more, and with a certificate
    assert "There is nothing to do." in setup(root, "--write") and "There is nothing to do." in setup(root)
    certify(root)
    out = setup(root, "--write")
    assert "new     /etc/nginx/sites-enabled/conclave.conf" in out and "systemctl restart coturn nginx conclave" in out, out
    assert (root / "etc/nginx/sites-enabled/conclave.conf").resolve() == (root / "etc/nginx/sites-available/conclave.conf").resolve()
    assert "There is nothing to do." in setup(root, "--write")
    assert read(root, "conclave/secrets/turn").strip() == secret


def test_kept(root):
    setup(root, "--write")
    changed = read(root, "conclave/conclave.conf").replace("tls = false", "tls = true") + "# mine\n"
    (root / "etc/conclave/conclave.conf").write_text(changed)
    site = root / "etc/nginx/sites-available/conclave.conf"
    site.write_text("# mine\n")
    assert "conclave.conf was changed since" in setup(root, "--write", code=1)
    assert read(root, "conclave/conclave.conf") == changed and site.read_text() == "# mine\n"
    (root / "etc/conclave/conclave.conf.before-conclave").unlink()
    setup(root, "--write")
    assert site.with_name("conclave.conf.before-conclave").read_text() == "# mine\n"
    assert read(root, "conclave/conclave.conf").endswith("# mine\n") and "\ntls = false\n" in read(root, "conclave/conclave.conf")
    # another host
    site.with_name("conclave.conf.before-conclave").unlink()
    (root / "etc/conclave/conclave.conf.before-conclave").unlink()
    assert f"-  server_name {HOST};" in setup(root, "--write", host="other.example.net")


def test_refused(root):
    for words in (["--host", "https://a.example"], ["--host", "a b"], ["--address", "::1"], ["--address", "a"]):
        setup(root, *words, "--write", code=1)
    done = subprocess.run([CONCLAVECTL, "setup"], capture_output=True, text=True, timeout=DEADLINE)
    assert done.returncode == 2 and "needs --host NAME" in done.stderr, done
    assert files(root) == ["conclave/conclave.conf"]


def test_address(root):
    """One that is not this machine's: a NAT passes the ports on."""
    done = subprocess.run([CONCLAVECTL, "setup", "--host", HOST, "--root", root, "--address", "198.51.100.7", "--write"],
                          capture_output=True, text=True, timeout=DEADLINE)
    if "no way out" in done.stderr:
        raise Skip("this machine has no way out")
    assert done.returncode == 0, done
    assert re.search(r"^external-ip=198\.51\.100\.7/[\d.]+$", read(root, "turnserver.conf"), re.M)
    assert "\npublic-address = 198.51.100.7\n" in read(root, "conclave/conclave.conf")


def test_shared(root):
    """Port 443 for nginx and coturn: once all that it takes is there, and then for good."""
    def lacks(*words):
        out = setup(root, "--share-443", *words)
        assert "conclave-443" not in out and "turns:%h:5349" in read(root, "conclave/conclave.conf") or not words, out
        return "libnginx-mod-stream" in out, f"--expand -d {HOST} -d turn.{HOST}" in out

    assert lacks() == (True, True) and lacks("--write") == (True, True)
    certify(root)
    assert lacks("--write") == (True, True), "a certificate that is not for turn.HOST"
    certify(root, f"turn.{HOST}")
    assert lacks("--write") == (True, False)
    modules = root / "etc/nginx/modules-enabled"
    modules.mkdir()
    (modules / "50-mod-stream.conf").touch()
    for kept in root.rglob("*.before-conclave"):
        kept.unlink()
    out = setup(root, "--share-443", "--write")
    assert "lacks" not in out and "systemctl restart coturn nginx conclave" in out, out
    assert (modules / "90-conclave-443.conf").resolve() == (root / "etc/nginx/conclave-443.conf").resolve()
    assert f"turn.{HOST} 127.0.0.1:5350;" in read(root, "nginx/conclave-443.conf") and "proxy_pass 127.0.0.1:5349;" in read(root, "nginx/conclave-443.conf")
    assert "listen 127.0.0.1:4443 ssl http2 proxy_protocol;" in read(root, "nginx/sites-available/conclave.conf")
    assert f"turns:turn.{HOST}:443?transport=tcp" in read(root, "conclave/conclave.conf") and "5349" not in read(root, "conclave/nftables.conf")
    # once more, without the word, and without a certificate: a site that listens there itself would keep nginx from starting
    assert "There is nothing to do." in setup(root, "--write", "--share-443") and "There is nothing to do." in setup(root, "--write")
    certify(root)
    out = setup(root, "--write")
    assert "There is nothing to do." in out and f"--expand -d {HOST} -d turn.{HOST}" in out, out


def test_nginx(root):
    nginx = need("nginx")
    certify(root)
    setup(root, "--write")
    site = root / "etc/nginx/sites-enabled/conclave.conf"
    # below the root, on ports that are nobody's
    text = re.sub(r"listen (\[::\]:)?(80|443)\b[^;]*;", lambda m: f"listen unix:{root}/{m[2]}{'-6' if m[1] else ''}.sock{' ssl' if m[2] == '443' else ''};", site.read_text())
    (root / "etc/nginx/nginx.conf").write_text(
        f"pid {root}/nginx.pid;\nerror_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\n" +
        "".join(f"{kind}_temp_path {root}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) +
        text.replace("/etc/letsencrypt", f"{root}/etc/letsencrypt") + "}\n")
    assert "syntax is ok" in run(nginx, "-t", "-p", root, "-c", root / "etc/nginx/nginx.conf")


def test_coturn(root):
    coturn = need("turnserver")
    certify(root)
    setup(root, "--write")
    live = root / "etc/letsencrypt/live" / HOST
    ports = []
    for _ in range(2):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            ports.append(free.getsockname()[1])
    text = read(root, "turnserver.conf").replace("=3478\n", f"={ports[0]}\n").replace("=5349\n", f"={ports[1]}\n").replace("/var/lib/turn", str(root))
    text = text.replace("/etc/conclave/turn/certificate.pem", f"{live}/fullchain.pem").replace("/etc/conclave/turn/key.pem", f"{live}/privkey.pem")
    (root / "turn.conf").write_text(text)
    # what doctor says of it: its own part of the configuration, with these ports
    config = root / "etc/conclave/conclave.conf"
    config.write_text(read(root, "conclave/conclave.conf").replace(
        "servers = turn:%h:3478?transport=udp;turn:%h:3478?transport=tcp;turns:%h:5349?transport=tcp",
        f"servers = turn:127.0.0.1:{ports[0]}?transport=udp;turn:127.0.0.1:{ports[0]}?transport=tcp;turns:127.0.0.1:{ports[1]}?transport=tcp"))
    with open(root / "coturn.log", "wb") as log:
        process = subprocess.Popen([coturn, "-c", root / "turn.conf"], stdout=log, stderr=log)
    try:
        end = time.monotonic() + DEADLINE
        for port in ports:
            while socket.socket().connect_ex(("127.0.0.1", port)) != 0:
                assert time.monotonic() < end and process.poll() is None, (root / "coturn.log").read_text()
                time.sleep(0.05)
        done = subprocess.run([CONCLAVECTL, "doctor", "--config", config, "--state", root / "state"], capture_output=True, text=True, timeout=DEADLINE)
        rows = [line for line in done.stdout.splitlines() if " turn " in line]
        assert [row.split()[0] for row in rows] == ["ok", "ok", "fail"], done.stdout
        # nobody vouches for that certificate, and it is for a name
        assert "its certificate" in rows[2], rows
    finally:
        process.kill()
        process.wait()


def test_firewall(root):
    nft = need("nft")
    setup(root, "--write")
    # it asks the kernel, in a network of its own
    probe = subprocess.run(["unshare", "--net", nft, "list", "ruleset"], capture_output=True, check=False)
    if probe.returncode != 0:
        raise Skip("no rules can be made here")
    run("unshare", "--net", nft, "-c", "-f", root / "etc/conclave/nftables.conf")


def test_hook(root):
    certify(root)
    setup(root, "--write")
    tools = root / "tools"
    tools.mkdir()
    for name, text in {"systemctl": f'echo "$*" >>{root}/asked', "getent": "exit 0", "install": f'echo "install $*" >>{root}/asked'}.items():
        (tools / name).write_text(f"#!/bin/sh\n{text}\n")
        (tools / name).chmod(0o755)
    hook = root / "etc/conclave/certificate-renewed"
    run(hook, env={"PATH": f"{tools}:/usr/bin:/bin", "RENEWED_LINEAGE": "/etc/letsencrypt/live/other.example"})
    assert not (root / "asked").exists()
    run(hook, env={"PATH": f"{tools}:/usr/bin:/bin"})
    asked = (root / "asked").read_text()
    for line in (f"install -m 0640 -g turnserver /etc/letsencrypt/live/{HOST}/privkey.pem /etc/conclave/turn/key.pem", "reload nginx",
                 "kill --signal=SIGUSR2 coturn", "reload conclave"):
        assert f"{line}\n" in asked, asked


@contextlib.contextmanager
def place():
    """A folder in a root's place, with the configuration that the package brings."""
    with tempfile.TemporaryDirectory(prefix="conclave-setup-") as folder:
        root = pathlib.Path(folder)
        (root / "etc/conclave").mkdir(parents=True)
        (root / "etc/conclave/conclave.conf").write_text("# as it came\n[server]\nlisten = 127.0.0.1:8443\ntls = true\n")
        yield root


TESTS = [test_shown, test_written, test_kept, test_refused, test_address, test_shared, test_nginx, test_coturn, test_firewall, test_hook]
run_tests(TESTS, place)
