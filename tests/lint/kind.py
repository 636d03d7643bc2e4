#!/usr/bin/env python3
"""What a kind of room does stands in its policy table only: nothing else may compare a kind with a name."""
import re

import tree

KINDS = "standard|otr|boardroom|classroom"
RULES = [
    (re.compile(r"\bkind\s*[=!]=(?!=)(?!\s*NULL)"), "compares a kind"),
    (re.compile(r"CV_(ROOM_)?KIND_\w+\s*[=!]=|[=!]=\s*CV_(ROOM_)?KIND_"), "compares a kind"),
    (re.compile(r"\bcase\s+CV_(ROOM_)?KIND_"), "switches on a kind"),
    (re.compile(rf'(strcmp0?|strn?cmp|str_equal|strcasecmp)\s*\([^;]*"({KINDS})"'), "compares with a kind's name"),
]
WEB_RULES = [
    (re.compile(rf"""[=!]==?\s*['"`]({KINDS})['"`]|['"`]({KINDS})['"`]\s*[=!]=="""), "compares with a kind's name"),
    (re.compile(rf"""\bcase\s+['"`]({KINDS})['"`]"""), "switches on a kind"),
]


def check(name, rules):
    for number, line in enumerate(tree.read(name).split("\n"), 1):
        for pattern, what in rules:
            if pattern.search(line):
                yield f"{name}:{number}: {what}; ask the policy table instead"


# In src/media/ a kind is that of a medium, audio or video; rooms are not known there (layers.py sees to it).
code = [n for n in tree.find(".c", ".h", under="src/") if not re.match(r"src/(room/policy[-.]|media/)", n)]
web = [n for n in tree.find(".js", under="data/web/") if not n.startswith("data/web/vendor/")]
found = [p for n in code for p in check(n, RULES)] + [p for n in web for p in check(n, WEB_RULES)]
tree.report(found, len(code) + len(web))
