"""What a unit of systemd says of system calls, as filters of libseccomp: as systemd's own seccomp-util.c has them, one filter a key."""
import ctypes
import errno
import functools
import platform
import stat
import subprocess

ALLOW, ERRNO, KILL = 0x7FFF0000, 0x00050000, 0x80000000
NE, EQ, MASKED_EQ = 1, 4, 7
# Keys that say more than yes or no.
TEXTS = {"RestrictAddressFamilies", "SystemCallArchitectures", "SystemCallErrorNumber", "SystemCallFilter"}
FAMILIES = {"AF_UNIX": 1, "AF_INET": 2, "AF_INET6": 10, "AF_NETLINK": 16}
NAMESPACES = 0x20000 | 0x2000000 | 0x4000000 | 0x8000000 | 0x10000000 | 0x20000000 | 0x40000000
REAL_TIME = [1, 2, 6]
PROT_WRITE, PROT_EXEC, SHM_EXEC, O_CREAT, O_TMPFILE = 2, 4, 0o100000, 0o100, 0o20000000

seccomp = ctypes.CDLL("libseccomp.so.2")
seccomp.seccomp_init.restype = ctypes.c_void_p


class Comparison(ctypes.Structure):
    _fields_ = [("argument", ctypes.c_uint), ("operator", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64)]


class Filter:
    def __init__(self, otherwise):
        self.context = ctypes.c_void_p(seccomp.seccomp_init(ctypes.c_uint32(otherwise)))

    def add(self, action, name, *comparisons):
        """Each comparison: argument, operator, value, or mask and value. What this machine does not have is passed over."""
        number = seccomp.seccomp_syscall_resolve_name(name.encode())
        if number < 0:
            return
        array = (Comparison * max(len(comparisons), 1))(*(Comparison(*comparison) for comparison in comparisons))
        code = seccomp.seccomp_rule_add_array(self.context, ctypes.c_uint32(action), number, len(comparisons), array)
        if code != 0:
            raise OSError(-code, f"seccomp: {name}")

    def load(self):
        code = seccomp.seccomp_load(self.context)
        if code != 0:
            raise OSError(-code, "seccomp_load")


def refuse(number):
    return ERRNO | number


@functools.lru_cache
def expand(word):
    """The system calls of a set, or the one."""
    if not word.startswith("@"):
        return {word}
    text = subprocess.run(["systemd-analyze", "--no-pager", "syscall-filter", word], check=True, capture_output=True, text=True).stdout
    words = [line.strip() for line in text.splitlines()[1:] if line.strip() and not line.strip().startswith("#")]
    return set().union(*map(expand, words))


# What these refuse is in no list that one would write.
UNLISTED = {"PrivateDevices": ["@raw-io"], "ProtectClock": ["@clock"], "ProtectHostname": ["sethostname", "setdomainname"],
            "ProtectKernelLogs": ["syslog"], "ProtectKernelModules": ["@module"]}


def make_list(values, code, unlisted):
    allowed = set(expand("@default"))
    assert not values[0].startswith("~"), "a list that begins with what is refused is not known here"
    for value in values:
        calls = set().union(*map(expand, value.removeprefix("~").split()))
        allowed = allowed - calls if value.startswith("~") else allowed | calls
    more = allowed & set().union(*map(expand, unlisted))
    if more:
        raise ValueError(f"{sorted(more)} are in SystemCallFilter and refused by another key: not known here")
    one = Filter(refuse(code))
    # whoever begins the command
    for name in sorted(allowed | {"execve"}):
        one.add(ALLOW, name)
    return one


def make_families(words):
    one = Filter(ALLOW)
    numbers = sorted(FAMILIES[word] for word in words.split())
    for low, high in zip([-1, *numbers], [*numbers, None]):
        if high is None:
            one.add(refuse(errno.EAFNOSUPPORT), "socket", (0, 6, low, 0))  # more than the last one
        for family in range(low + 1, high or 0):
            one.add(refuse(errno.EAFNOSUPPORT), "socket", (0, EQ, family, 0))
    return one


def make_no_modes():
    one = Filter(ALLOW)
    for bit in (stat.S_ISUID, stat.S_ISGID):
        for name, mode in (("chmod", 1), ("fchmod", 1), ("fchmodat", 2), ("mkdir", 1), ("mkdirat", 2), ("mknod", 1), ("mknodat", 2), ("creat", 1)):
            one.add(refuse(errno.EPERM), name, (mode, MASKED_EQ, bit, bit))
        for flag in (O_CREAT, O_TMPFILE):
            one.add(refuse(errno.EPERM), "open", (1, MASKED_EQ, flag, flag), (2, MASKED_EQ, bit, bit))
            one.add(refuse(errno.EPERM), "openat", (2, MASKED_EQ, flag, flag), (3, MASKED_EQ, bit, bit))
    one.add(refuse(errno.ENOSYS), "openat2")
    one.add(refuse(errno.ENOSYS), "fchmodat2")
    return one


def make_no_namespaces():
    one = Filter(ALLOW)
    one.add(refuse(errno.ENOSYS), "clone3")
    one.add(refuse(errno.EPERM), "setns")
    for bit in (1 << n for n in range(32) if NAMESPACES >> n & 1):
        one.add(refuse(errno.EPERM), "unshare", (0, MASKED_EQ, bit, bit))
        one.add(refuse(errno.EPERM), "clone", (0, MASKED_EQ, bit, bit))
    return one


def make_no_code():
    one = Filter(ALLOW)
    one.add(refuse(errno.EPERM), "mmap", (2, MASKED_EQ, PROT_EXEC | PROT_WRITE, PROT_EXEC | PROT_WRITE))
    for name in ("mprotect", "pkey_mprotect"):
        one.add(refuse(errno.EPERM), name, (2, MASKED_EQ, PROT_EXEC, PROT_EXEC))
    one.add(refuse(errno.EPERM), "shmat", (2, MASKED_EQ, SHM_EXEC, SHM_EXEC))
    return one


def make_no_real_time():
    one = Filter(ALLOW)
    for policy in REAL_TIME:
        one.add(refuse(errno.EPERM), "sched_setscheduler", (1, EQ, policy, 0))
    return one


def make_one_personality():
    one = Filter(ALLOW)
    one.add(refuse(errno.EPERM), "personality", (0, NE, 0, 0))
    return one


SWITCHES = {
    "LockPersonality": make_one_personality,
    "MemoryDenyWriteExecute": make_no_code,
    "RestrictNamespaces": make_no_namespaces,
    "RestrictRealtime": make_no_real_time,
    "RestrictSUIDSGID": make_no_modes,
}


def make(unit, says):
    """Those of all keys; the list of what is allowed comes last, as it may not allow more of them."""
    unlisted = [word for key, words in UNLISTED.items() if says(key) for word in words]
    made = [function() for key, function in SWITCHES.items() if says(key)]
    if "RestrictAddressFamilies" in unit:
        made.append(make_families(unit["RestrictAddressFamilies"][0]))
    if unit.get("SystemCallArchitectures", ["native"]) != ["native"]:
        raise ValueError("only SystemCallArchitectures=native is known here")
    made.append(make_list(unit["SystemCallFilter"], errno.__dict__[unit["SystemCallErrorNumber"][0]], unlisted))
    return made
