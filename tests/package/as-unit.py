#!/usr/bin/env python3
"""Runs a command closed off as a unit of systemd says, where systemd does not run: as-unit.py UNIT [--write DIR]… [--read DIR]… -- COMMAND…

It becomes the command. What the unit says of files is done in a mount namespace, what it says of system calls with libseccomp, by systemd's
own sets of them; a key that this knows nothing of is an error. As whom it runs stays as it is, but without any capability. --write: folders
that the unit would name in ReadWritePaths=, for what tests have in temporary folders; --read: programs, wherever they were built.
Needs root, libseccomp and systemd-analyze."""
import ctypes
import errno
import os
import pathlib
import resource
import sys

import filters

# What is not about closing off, or is of a manager that runs: who starts it, when, and what it is given.
ELSEWHERE = {"After", "Description", "Documentation", "ExecReload", "ExecStart", "ExecStartPre", "Group", "KillMode", "LoadCredential", "OOMPolicy",
             "OOMScoreAdjust", "RemoveIPC", "Restart", "RestartPreventExitStatus", "RestartSec", "RuntimeDirectory", "RuntimeDirectoryMode",
             "StateDirectory", "StateDirectoryMode", "TasksMax", "TimeoutStopSec", "Type", "User", "WantedBy", "Wants", "WatchdogSec"}
DEVICES = ["null", "zero", "full", "random", "urandom", "tty"]

CLONE_NEWNS, CLONE_NEWUSER = 0x20000, 0x10000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_REC, MS_SLAVE = 1, 2, 4, 8, 4096, 16384, 1 << 19
MOUNT_SETATTR, AT_FDCWD, AT_RECURSIVE, ATTR_RDONLY = 442, -100, 0x8000, 1
PR_CAPBSET_READ, PR_CAPBSET_DROP, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 23, 24, 47, 4

libc = ctypes.CDLL(None, use_errno=True)


def must(result, what):
    if result != 0:
        raise OSError(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")


def mount(source, target, kind=None, flags=0, options=None):
    texts = [None if text is None else os.fsencode(text) for text in (source, target, kind)]
    must(libc.mount(*texts, ctypes.c_ulong(flags), None if options is None else options.encode()), f"mount {target}")


def set_read_only(path, yes=True):
    attributes = (ctypes.c_uint64 * 4)(ATTR_RDONLY if yes else 0, 0 if yes else ATTR_RDONLY, 0, 0)
    must(libc.syscall(MOUNT_SETATTR, AT_FDCWD, os.fsencode(path), AT_RECURSIVE, attributes, ctypes.sizeof(attributes)), f"mount_setattr {path}")


def read_unit(path):
    """Each key with its values, in order."""
    unit = {}
    for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines():
        if line and line[0] not in "#;[":
            key, value = line.split("=", 1)
            unit.setdefault(key, []).append(value)
    return unit


class Folders:
    """What stays to be seen is opened before anything is put over it."""

    def __init__(self, kept):
        self.kept = {os.path.realpath(path): os.open(path, os.O_PATH) for path in kept}

    def cover(self, path, mode):
        """Nothing is in there any more but what is kept."""
        if not os.path.isdir(path):
            return
        mount("tmpfs", path, "tmpfs", MS_NOSUID | MS_NODEV, f"mode={mode}")
        for folder, descriptor in self.kept.items():
            if folder.startswith(path + "/"):
                os.makedirs(folder)
                mount(f"/proc/self/fd/{descriptor}", folder, None, MS_BIND | MS_REC)


def make_devices():
    opened = {name: os.open(f"/dev/{name}", os.O_PATH) for name in [*DEVICES, "shm"]}
    mount("tmpfs", "/dev", "tmpfs", MS_NOSUID, "mode=755")
    for name, descriptor in opened.items():
        (os.mkdir if name == "shm" else lambda path: os.close(os.open(path, os.O_CREAT)))(f"/dev/{name}")
        mount(f"/proc/self/fd/{descriptor}", f"/dev/{name}", None, MS_BIND)
    for name, target in (("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"), ("stderr", "/proc/self/fd/2")):
        os.symlink(target, f"/dev/{name}")
    mount(None, "/dev", None, MS_BIND | 32 | MS_RDONLY | MS_NOSUID | MS_NOEXEC)


def shut_files(unit, says, writable, readable):
    must(libc.unshare(CLONE_NEWNS), "unshare")
    mount(None, "/", None, MS_REC | MS_SLAVE)
    folders = Folders([*writable, *readable])
    for path in ("/home", "/root", "/run/user") if says("ProtectHome") else ():
        folders.cover(path, "000" if not any(kept.startswith(path + "/") for kept in folders.kept) else "755")
    for path in ("/tmp", "/var/tmp") if says("PrivateTmp") else ():
        folders.cover(path, "1777")
    for path in ("/lib/modules", "/usr/lib/modules") if says("ProtectKernelModules") else ():
        if os.path.isdir(path) and not os.path.islink(path):
            folders.cover(path, "000")
    temporary = ["/tmp", "/var/tmp"] if says("PrivateTmp") else []
    if unit.get("ProtectSystem") == ["strict"]:
        for path in (*temporary, *map(os.path.realpath, writable)):
            mount(path, path, None, MS_BIND | MS_REC)
        set_read_only("/")
        for path in (*temporary, *map(os.path.realpath, writable)):
            set_read_only(path, False)
    if says("PrivateDevices"):
        make_devices()
    hidden = {"invisible": "hidepid=invisible", "default": None, None: None}[unit.get("ProtectProc", [None])[0]]
    subset = "subset=pid" if unit.get("ProcSubset") == ["pid"] else None
    mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, ",".join(filter(None, (hidden, subset))))


def shut_user():
    """A user namespace in which there is nobody but who runs it."""
    user, group = os.getuid(), os.getgid()
    parent, child = os.pipe(), os.pipe()
    # Who maps them has to be outside.
    if os.fork() == 0:
        os.read(parent[0], 1)
        for name, text in (("uid_map", f"{user} {user} 1\n"), ("gid_map", f"{group} {group} 1\n")):
            os.write(os.open(f"/proc/{os.getppid()}/{name}", os.O_WRONLY), text.encode())
        os._exit(0)
    must(libc.unshare(CLONE_NEWUSER), "unshare")
    os.write(parent[1], b"x")
    _, status = os.wait()
    if status != 0:
        raise OSError(errno.EPERM, "no user namespace")
    for descriptor in (*parent, *child):
        os.close(descriptor)


def drop_capabilities():
    capability = 0
    while libc.prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0:
        must(libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0), "prctl")
        capability += 1
    must(libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0), "prctl")
    header, none = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    must(libc.capset(header, none), "capset")


def shut(unit, writable, readable):
    def says(key):
        known.add(key)
        value = unit.get(key, ["no"])[-1]
        if value not in ("yes", "no"):
            raise ValueError(f"{key}={value} is not known here")
        return value == "yes"

    known = {*ELSEWHERE, "ProtectSystem", "ProtectProc", "ProcSubset", "CapabilityBoundingSet", "AmbientCapabilities", "UMask", "LimitNOFILE", "LimitCORE",
             "ReadWritePaths", *filters.TEXTS}
    # what is read-only, or a system call that is not in the list, anyhow
    implied = [key for key in ("ProtectKernelTunables", "ProtectControlGroups") if says(key)]
    if implied and unit.get("ProtectSystem") != ["strict"]:
        raise ValueError(f"{implied} without ProtectSystem=strict is not known here")
    made = filters.make(unit, says)
    shut_files(unit, says, writable, readable)
    os.umask(int(unit.get("UMask", ["0022"])[0], 8))
    for key, which in (("LimitNOFILE", resource.RLIMIT_NOFILE), ("LimitCORE", resource.RLIMIT_CORE)):
        if key in unit:
            # a container may not raise it
            most = resource.getrlimit(which)[1]
            wanted = int(unit[key][0])
            resource.setrlimit(which, (wanted if most == resource.RLIM_INFINITY else min(wanted, most),) * 2)
    if says("PrivateUsers"):
        shut_user()
    if unit.get("CapabilityBoundingSet") == [""] and unit.get("AmbientCapabilities") == [""]:
        drop_capabilities()
    # libseccomp does it by itself
    says("NoNewPrivileges")
    unknown = unit.keys() - known
    if unknown:
        raise ValueError(f"{sorted(unknown)}: not known here")
    for one in made:
        one.load()


def main(path, *words):
    split = words.index("--")
    folders = {"--write": [], "--read": []}
    for option, folder in zip(words[:split:2], words[1:split:2]):
        folders[option].append(folder)
    shut(read_unit(path), folders["--write"], folders["--read"])
    os.execvp(words[split + 1], words[split + 1:])


main(*sys.argv[1:])
