#!/usr/bin/env python3
"""Whoever is closed off by as-unit.py as the unit says can do what the server does and nothing else. Usage: test-as-unit.py UNIT. Prints TAP.

Runs itself in there (--inside FOLDER), where each line is something that is tried, and how that ended."""
import ctypes
import errno
import mmap
import os
import pathlib
import socket
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
PYTHON = "/usr/bin/python3"  # there, wherever homes are
libc = ctypes.CDLL(None, use_errno=True)


def call(name, *arguments):
    ctypes.set_errno(0)
    if getattr(libc, name)(*arguments) < 0:
        raise OSError(ctypes.get_errno(), name)


def write(path):
    pathlib.Path(path).write_text("x", encoding="utf-8")
    os.unlink(path)


def set_group_bit(folder):
    file = pathlib.Path(folder, "file")
    file.touch()
    file.chmod(0o2644)


def make_executable():
    page = mmap.mmap(-1, mmap.PAGESIZE)
    call("mprotect", ctypes.c_void_p(ctypes.addressof(ctypes.c_char.from_buffer(page))), mmap.PAGESIZE, 5)


def expect(value, wanted):
    if value != wanted:
        raise ValueError(f"{value}, not {wanted}")


def look(folder, *kept):
    """There is nothing in it but the way to what is kept, if that is in there; else nobody may look."""
    ways = {pathlib.Path(path).relative_to(folder).parts[0] for path in kept if path.startswith(folder + "/")}
    try:
        expect(set(os.listdir(folder)), ways)
    except PermissionError:
        expect(set(), ways)


def status(key):
    return [line.split()[1] for line in pathlib.Path("/proc/self/status").read_text(encoding="utf-8").splitlines() if line.startswith(key)]


TRIED = [
    ("it writes where it may", None, lambda folder: write(f"{folder}/mine")),
    ("and in temporary folders of its own", None, lambda folder: (look("/tmp", folder, str(HERE)), write("/tmp/x"), write("/var/tmp/x"))),
    ("not in /etc", errno.EROFS, lambda _: write("/etc/conclave-probe")),
    ("not in /var/lib", errno.EROFS, lambda _: write("/var/lib/conclave-probe")),
    ("homes are not there", None, lambda _: look("/home", str(HERE))),
    ("nor the administrator's", None, lambda _: look("/root", str(HERE))),
    ("nor devices", None, lambda _: expect(sorted(os.listdir("/dev")), ["fd", "full", "null", "random", "shm", "stderr", "stdin", "stdout", "tty", "urandom", "zero"])),
    ("nor modules of the kernel", None, lambda _: [look(path) for path in ("/lib/modules", "/usr/lib/modules") if os.path.exists(path)]),
    ("nothing is but processes", errno.ENOENT, lambda _: os.stat("/proc/meminfo")),
    ("it speaks IP", None, lambda _: [socket.socket(family, socket.SOCK_DGRAM).close() for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, socket.AF_NETLINK)]),
    ("and no packets", errno.EAFNOSUPPORT, lambda _: socket.socket(socket.AF_PACKET, socket.SOCK_RAW)),
    ("nor anything between", errno.EAFNOSUPPORT, lambda _: socket.socket(socket.AF_BLUETOOTH if hasattr(socket, "AF_BLUETOOTH") else 31, socket.SOCK_RAW)),
    ("no bits are set for users and groups", errno.EPERM, set_group_bit),
    ("no memory is for writing and running", errno.EPERM, lambda _: mmap.mmap(-1, mmap.PAGESIZE, prot=7)),
    ("nor becomes it", errno.EPERM, lambda _: make_executable()),
    ("no namespaces are made", errno.EPERM, lambda _: call("unshare", 0x10000000)),
    ("nobody is traced", errno.EPERM, lambda _: call("ptrace", 0, 0, 0, 0)),
    ("nothing changes hands", errno.EPERM, lambda folder: os.chown(folder, 0, 0)),
    # nobody at all, whom the kernel itself would miss
    ("nothing runs in real time", errno.EPERM, lambda _: os.sched_setscheduler(1 << 30, os.SCHED_FIFO, os.sched_param(1))),
    ("the personality stays", errno.EPERM, lambda _: call("personality", 8)),
    ("there are no capabilities", None, lambda _: expect(set(status("Cap")), {"0000000000000000"})),
    ("and none to be got", None, lambda _: expect(status("NoNewPrivs"), ["1"])),
    ("there is nobody else", None, lambda _: expect(pathlib.Path("/proc/self/uid_map").read_text(encoding="utf-8").split(), [str(os.getuid()), str(os.getuid()), "1"])),
    ("files are closed to others", None, lambda _: expect(os.umask(0o27), 0o27)),
]


REFUSED = [("a key that it does not know is an error", "DynamicUser=yes", "['DynamicUser']: not known here"),
           ("so is a value", "ProtectHome=tmpfs", "ProtectHome=tmpfs is not known here"),
           ("and a list that allows what another key refuses", "SystemCallFilter=syslog", "['syslog'] are in SystemCallFilter")]


def try_all(folder):
    for what, wanted, function in TRIED:
        error = None
        try:
            function(folder)
        except OSError as failure:
            error = failure.errno
        except ValueError as failure:
            error = str(failure)
        print("ok" if error == wanted else "not ok", "-", what, "" if error == wanted else f"({error}, not {wanted})")


def main(unit):
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-B", str(HERE / "as-unit.py")]
        tail = ["--write", folder, "--read", str(HERE), "--", PYTHON, "-B", __file__, "--inside", folder]
        done = subprocess.run([*command, unit, *tail], capture_output=True, text=True, check=False)
        print(done.stdout, end="")
        lines = done.stdout.count("\n")
        print("ok" if lines == len(TRIED) and done.returncode == 0 else "not ok", "- all of that was tried", done.stderr.replace("\n", " "))
        for what, line, said in REFUSED:
            other = pathlib.Path(folder, "unit")
            other.write_text(pathlib.Path(unit).read_text(encoding="utf-8") + line + "\n", encoding="utf-8")
            done = subprocess.run([*command, str(other), *tail], capture_output=True, text=True, check=False)
            print("ok" if done.returncode == 1 and said in done.stderr else "not ok", "-", what)
    print(f"1..{len(TRIED) + 1 + len(REFUSED)}")


if sys.argv[1] == "--inside":
    try_all(sys.argv[2])
else:
    main(sys.argv[1])
