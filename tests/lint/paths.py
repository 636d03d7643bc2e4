#!/usr/bin/env python3
"""No tracked file names a machine's folders, a package registry's host or what is not part of the project."""
import re

import tree

# Written so that this file does not match itself.
RULES = [
    (re.compile(r"(?<![\w.-])/(work|root)/"), "a folder of some machine"),
    (re.compile(r"/tm[p]/build"), "a folder of some machine"),
    (re.compile(r"/hom[e]/\w+/"), "somebody's home folder"),
    (re.compile(r"https?://(?!www\.)[\w.-]*(npmjs|npmmirror|debian)\.(org|com|net)"), "a package registry's host"),
    (re.compile(r'"resolved"\s*:\s*"'), "a download address"),
]
DOC_RULES = [(re.compile(r"(?<![\w-])share[d]/"), "a folder that is not part of the project")]
OWN = "tests/lint/paths.py"


def check(name):
    data = (tree.TOP / name).read_bytes()
    if b"\0" in data:
        return
    for number, line in enumerate(data.decode("utf-8", "replace").split("\n"), 1):
        for pattern, what in RULES + (DOC_RULES if name.endswith(".md") else []):
            if pattern.search(line):
                yield f"{name}:{number}: names {what}"


files = [name for name in tree.tracked() if name != OWN]
tree.report([problem for name in files for problem in check(name)], len(files))
