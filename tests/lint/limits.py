#!/usr/bin/env python3
"""docs/limits.md has every limit of signalling/bounds.h and of [limits], and each number of it is the code's."""
import re

import tree

PAGE, BOUNDS, CONFIG = "docs/limits.md", "src/signalling/bounds.h", "src/daemon/config.c"
UNITS = {"": 1, "Ki": 1024, "KiB": 1024, "MiB": 1024 * 1024, "s": 1000, "min": 60 * 1000}


def read_defines(text):
    text = text.replace("\\\n", " ")
    return dict(re.findall(r"^#define (CV_\w+)\s+([\d()* ]+?)\s*(?:/\*.*)?$", text, re.M))


def evaluate(expression):
    product = 1
    for number in re.findall(r"\d+", expression):
        product *= int(number)
    return product


def check_value(name, shown):
    number, unit = re.fullmatch(r"(\d+) ?(\w*)", shown).groups()
    if name not in known:
        return f"{PAGE}: {name} is no limit of src/"
    if int(number) * UNITS.get(unit, 0) != evaluate(known[name]):
        return f"{PAGE}: {name} is {known[name]}, not {shown}"
    return None


page = tree.read(PAGE)
known = {}
for file in tree.find(".h", ".c", under="src/"):
    known.update(read_defines(tree.read(file)))
rows = dict(re.findall(r"^\| `(CV_\w+)` \| ([^|]+?) \|", page, re.M))
problems = [problem for row in rows.items() if (problem := check_value(*row))]
problems += [f"{PAGE}: does not list {name}" for name in re.findall(r"^#define (CV_LIMIT_\w+)", tree.read(BOUNDS), re.M) if name not in rows]
keys = dict(re.findall(r'\{ "limits", "([a-z-]+)", CV_VALUE_\w+, AT \(\w+\), "(\d+)"', tree.read(CONFIG)))
shown = dict(re.findall(r"^\| `([a-z-]+)` \| (\d+) \|", page, re.M))
problems += [f"{PAGE}: [limits] {name} is {keys.get(name)} in {CONFIG}, {shown.get(name)} here"
             for name in sorted(keys.keys() | shown.keys()) if keys.get(name) != shown.get(name)]
tree.report(problems, len(rows) + len(keys))
