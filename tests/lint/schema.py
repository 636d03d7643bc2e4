#!/usr/bin/env python3
"""PROTOCOL.md and protocol.schema.json speak of the same messages, members and errors."""
import json
import re

import tree

PAGE, SCHEMA = "src/signalling/PROTOCOL.md", "src/signalling/protocol.schema.json"
SECTIONS = {"client": "### 4.2", "server": "### 4.3"}


def rows(text, heading):
    """{type: members cell} of the table under a heading."""
    section = text.split(heading, 1)[1].split("\n#", 1)[0]
    cells = [[c.strip() for c in line.strip().strip("|").split("|")] for line in section.split("\n")
             if line.startswith("| `")]
    return {row[0].strip("`"): row[1] for row in cells}


def members(cell):
    return {m for m in re.findall(r"[a-z_]+", " ".join(re.findall(r"`([^`]+)`", cell)))}


def compare(side, table, defs):
    prefix = side + "."
    defined = {name[len(prefix):]: value for name, value in defs.items() if name.startswith(prefix)}
    for name in sorted(table.keys() - defined.keys()):
        yield f"{SCHEMA}: no $defs/{prefix}{name}, which {PAGE} names"
    for name in sorted(defined.keys() - table.keys()):
        yield f"{PAGE}: does not name {name} ({side}), which {SCHEMA} defines"
    for name in sorted(table.keys() & defined.keys()):
        unknown = set(defined[name].get("properties", {})) - {"type"} - members(table[name])
        for member in sorted(unknown):
            yield f"{PAGE}: {name} ({side}) has no member {member}, which {SCHEMA} defines"
        if not defined[name].get("properties"):
            yield f"{SCHEMA}: {prefix}{name} has no properties"


page, schema = tree.read(PAGE), json.loads(tree.read(SCHEMA))
problems = []
for key, head in SECTIONS.items():
    problems += compare(key, rows(page, head), schema["$defs"])
tree.report(problems, 2)
