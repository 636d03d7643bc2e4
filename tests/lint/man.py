#!/usr/bin/env python3
"""Every program that is installed has a manual page, which is installed too, has its sections, and refers to pages that are there."""
import re

import tree

SECTIONS = ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "SEE ALSO"]

installed = set(re.findall(r"'man/([\w.-]+)'", tree.read("data/meson.build")))
pages = {path.split("/")[-1]: tree.read(path) for path in tree.find("", under="data/man/")}
programs = {name for path in tree.find("meson.build", under="src/")
            for name in re.findall(r"executable\('(conclave[\w-]*)'(?:[^()]|\([^()]*\))*install: true", tree.read(path))}
problems = [f"data/man: no page of {name}" for name in sorted(programs - {page.rsplit(".", 1)[0] for page in pages})]
problems += [f"data/meson.build: {name} is installed, or is a page, and not the other" for name in sorted(installed ^ set(pages))]
for name, text in sorted(pages.items()):
    headings = re.findall(r'^\.SH "?([^"\n]+)"?', text, re.M)
    wanted = [] if name.endswith(".5") else SECTIONS
    problems += [f"data/man/{name}: has no section {one}" for one in wanted if one not in headings]
    for page, section in re.findall(r"^\.BR (conclave[\w.\\-]*) \((\d)\)", text, re.M):
        other = f"{page.replace(chr(92), '')}.{section}"
        if other not in pages:
            problems.append(f"data/man/{name}: refers to {other}, which is not there")
tree.report(problems, len(pages) + len(programs))
