#!/usr/bin/env python3
"""docs/releases.md: the newest is meson's version, each has the hash of its web client, and the newest one's is that of the sources.

Arguments: the file in which the build has put that hash, and the version."""
import re
import sys

import tree

PAGE, OPEN = "docs/releases.md", "*Not released yet.*"

with open(sys.argv[1]) as file:
    built = file.read().strip()
releases = re.findall(r"^## ([\d.]+)\n(.*?)(?=^## |\Z)", tree.read(PAGE), re.M | re.S)
problems = []
if [version for version, _ in releases[:1]] != [sys.argv[2]]:
    problems.append(f"{PAGE}: the newest is not {sys.argv[2]}, which meson.build says")
for i, (version, notes) in enumerate(releases):
    hashes = re.findall(r"^web client: ([0-9a-f]{64})$", notes, re.M)
    if OPEN in notes and i == 0 and not hashes:
        continue
    if OPEN in notes or len(hashes) != 1:
        problems.append(f"{PAGE}: {version} has no hash of its web client")
    elif i == 0 and hashes != [built]:
        problems.append(f"{PAGE}: {version} has another web client than these sources, {built}")
tree.report(problems, len(releases))
