#!/usr/bin/env python3
"""Adds up what meson wrote about its runs: count-tests.py BUILD-FOLDER…

A test that speaks TAP counts with each of its subtests, any other as one; one that failed as a whole (a crash, a
timeout) without a failed subtest counts as one failure. Prints what was measured (lines `# check N: …`), what was skipped
and what failed, then `N passed, N failed` as the last line. Leaves with 1 where anything failed or nothing ran.
"""
import itertools
import json
import pathlib
import re
import sys

SUBTEST = re.compile(r"^(not )?ok\b\s*\d*\s*-?\s*(.*?)\s*(?:#\s*(skip|todo)\b\s*(.*))?$", re.I)
FIGURE = re.compile(r"^\s*# (check \d+: .*)$", re.M)

DIAGNOSTIC_LINES = 30


def subtests(output):
    """(passed, skipped, name, diagnostic) of each subtest in TAP."""
    lines = output.splitlines()
    for number, line in enumerate(lines, 1):
        match = SUBTEST.match(line)
        if match:
            below = list(itertools.takewhile(lambda text: text.startswith(" "), lines[number:number + DIAGNOSTIC_LINES]))
            yield not match[1], (match[3] or "").lower() == "skip", match[2], below


def runs(folder):
    for log in sorted(pathlib.Path(folder, "meson-logs").glob("testlog*.json")):
        for line in log.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def main(folders):
    passed, failed, skipped, figures = 0, [], [], []
    for run in (run for folder in folders for run in runs(folder)):
        good = run["result"] in ("OK", "EXPECTEDFAIL")
        steps = list(subtests(run.get("stdout", "")))
        figures += [f"{run['name']}: {figure}" for figure in FIGURE.findall(run.get("stdout", ""))]
        skipped += [f"{run['name']}: {name}" for _, skip, name, _ in steps if skip]
        if run["result"] == "SKIP" and not steps:
            skipped.append(run["name"])
            continue
        bad = ["\n  ".join([f"{run['name']}: {name}", *below]) for ok, _, name, below in steps if not ok]
        passed += sum(1 for ok, skip, *_ in steps if ok and not skip) if steps else int(good)
        failed += bad if bad or good else [f"{run['name']}: {run['result'].lower()}"]
    for title, names in (("Figures", figures), ("Skipped", skipped), ("Failed", failed)):
        if names:
            print(f"\n{title}:")
            print("\n".join("  " + name for name in names))
    print(f"\n{passed} passed, {len(failed)} failed")
    return 1 if failed or not passed else 0


sys.exit(main(sys.argv[1:]))
