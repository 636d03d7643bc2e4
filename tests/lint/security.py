#!/usr/bin/env python3
"""Whoever checks the encryption finds what docs/security.md and LINK-1.md send them to: files, the functions in them, tests that meson knows."""
import re
import subprocess

import tree

GUIDE, PROTOCOL = "docs/security.md", "src/signalling/LINK-1.md"
TICKED = re.compile(r"`([^`\n]+)`")
FILE = re.compile(r"^[\w.-]+(/[\w.-]+)*\.(js|mjs|c|h|py|md|json)$|^[\w-]+(/[\w-]+)*/$")
NAME = re.compile(r"^#?\w+$")
# Where a name without its folder may be.
NEAR = ("data/web/core/", "data/web/", "tests/web/", "tests/browser/", "src/signalling/")
SECTION = "## Reading order"
STATION = re.compile(r"^### \d.*: (\d+) minutes?$", re.MULTILINE)
HOUR_MINUTES, HOUR_LINES = 54, 660
COMMAND = re.compile(r"meson test -C build ([\w -]+)")

tracked = tree.tracked()


def located(name):
    """Tracked paths that a name in the text may mean."""
    if name.endswith("/"):
        return [path for path in tracked if path.startswith(name)]
    return [path for path in (name, *(folder + name for folder in NEAR)) if path in tracked]


def check_files(document, text):
    for name in filter(FILE.match, TICKED.findall(text)):
        if not located(name):
            yield f"{document}: there is no {name}"


def check_functions(text):
    """In the table of what to read each name is in a file of its row."""
    rows = [line for line in text.split(SECTION)[1].split("\n## ")[0].split("\n") if line.startswith("| `")]
    if not rows:
        yield f"{GUIDE}: nothing under {SECTION}"
    for row in rows:
        words = TICKED.findall(row)
        sources = [tree.read(path) for word in words if FILE.match(word) for path in located(word)]
        for name in filter(NAME.match, words):
            if not any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", source) for source in sources):
                yield f"{GUIDE}: {name} is in no file of its row"


def check_tests(text):
    known = "\n".join(tree.read(path) for path in tracked if path.endswith("meson.build"))
    for name in (name for command in COMMAND.findall(text) for name in command.split()):
        if f"'{name}'" not in known:
            yield f"{GUIDE}: meson knows no test {name}"


def check_hour(text):
  """The tool finds all that it is to print, and it can be read in that time: claims and the test beside it take some minutes."""
  minutes = sum(int(found) for found in STATION.findall(text))
  printed = subprocess.run([tree.TOP / "tools/audit", "--lines"], capture_output=True, text=True)
  lines = [int(line.split()[0]) for line in printed.stdout.splitlines()]
  if printed.returncode or 0 in lines or not lines:
    yield f"tools/audit: {printed.stderr.strip() or 'a station without code'}"
  elif lines[-1] > HOUR_LINES or not 0 < minutes <= HOUR_MINUTES:
    yield f"{GUIDE}: its hour has {lines[-1]} lines (at most {HOUR_LINES}) and stations of {minutes} minutes (at most {HOUR_MINUTES})"


guide, protocol = tree.read(GUIDE), tree.read(PROTOCOL)
tree.report([*check_files(GUIDE, guide), *check_files(PROTOCOL, protocol), *check_functions(guide), *check_tests(guide), *check_hour(guide)], 2)
