#!/usr/bin/env python3
"""Which folder of src/ may include which, and no include cycles. The table is the architecture."""
import re
import sys

import tree

ALL_OF_THE_DAEMON = {"base", "documents", "ipc", "model", "store", "room", "signalling", "process", "library", "schedule", "summary", "oidc"}
MAY_INCLUDE = {
    "base": set(),
    "ipc": {"base"},
    "model": {"base"},
    "store": {"base", "ipc"},
    "process": {"base", "ipc"},
    "documents": {"base", "store"},
    "library": {"base", "ipc", "store", "process"},
    "oidc": {"base"},
    "room": {"base", "documents", "model", "store", "library", "process/media.h", "process/telephony.h"},
    "summary": {"base", "store", "documents"},
    "schedule": {"base", "store"},
    "signalling": {"base", "documents", "model", "store", "schedule", "library", "oidc", "room", "summary", "process/media.h"},
    "daemon": ALL_OF_THE_DAEMON,
    "pipeline": {"base"},
    "sandbox": {"base"},
    "rtp": {"base"},
    "media": {"base", "ipc", "pipeline", "rtp", "sandbox"},
    "sip": {"base", "ipc", "pipeline", "rtp", "sandbox"},
    "render": {"base", "ipc", "pipeline", "sandbox"},
    "doctor": {"base", "pipeline", "daemon/config.h", "library/disk.h", "oidc/discovery.h", "oidc/fetch.h", "signalling/turn.h"},
    "setup": {"base"},
    "ctl": {"base", "ipc", "doctor", "setup", "daemon/config.h", "store/audit-chain.h",
            "store/audit.h", "store/backup.h", "store/erasure.h", "store/erasures.h", "store/recovery.h"},
}
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.M)
GENERATED = re.compile(r"config\.h|cv-[\w-]+\.h")  # made by meson


def includes(name):
    return [path for path in INCLUDE.findall(tree.read(name)) if not GENERATED.fullmatch(path)]


def check_layers(name):
    folder = name.split("/")[1]
    if folder not in MAY_INCLUDE:
        yield f"{name}: the folder {folder} has no rule in tests/lint/layers.py"
        return
    allowed = MAY_INCLUDE[folder] | {folder}
    for path in includes(name):
        if "/" not in path:
            yield f'{name}: includes "{path}" without its folder'
        elif path.split("/")[0] not in allowed and path not in allowed:
            yield f"{name}: src/{folder} may not include {path}"


def check_cycles(names):
    graph = {name: ["src/" + path for path in includes(name)] for name in names}
    done, problems = set(), []

    def visit(name, above):
        if name in above:
            problems.append("include cycle: " + " → ".join(above[above.index(name):] + [name]))
        elif name not in done and name in graph:
            for other in graph[name]:
                visit(other, above + [name])
            done.add(name)

    for name in graph:
        visit(name, [])
    return problems


sys.setrecursionlimit(10000)
files = tree.find(".c", ".h", under="src/")
tree.report([p for name in files for p in check_layers(name)] + check_cycles(files), len(files))
