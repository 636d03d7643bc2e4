#!/usr/bin/env python3
"""The unit is one that systemd understands, closed off as far as docs/operator.md says, and names pages that are there: service.py UNIT PROGRAM."""
import pathlib
import re
import subprocess
import sys
import tempfile

import tree

# What `systemd-analyze security` gives at most, in tenths: 0 is closed, 100 open.
EXPOSURE = 15


def analyze(*arguments):
    """What it found: an empty text where it is content."""
    done = subprocess.run(["systemd-analyze", "--no-pager", *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return "" if done.returncode == 0 and not (arguments[0] == "verify" and done.stdout) else done.stdout or f"exit code {done.returncode}"


unit, program = sys.argv[1:]
text = pathlib.Path(unit).read_text(encoding="utf-8")
started = re.search(r"^ExecStart=(\S+)", text, re.M)[1]
problems = [f"{unit}: refers to {page}({section}), which is not there" for page, section in re.findall(r"man:([\w.-]+)\((\d)\)", text)
            if not (tree.TOP / "data/man" / f"{page}.{section}").exists()]
with tempfile.TemporaryDirectory() as folder:
    # What is not installed here: the program, for which the built one stands, and its manual pages.
    copy = pathlib.Path(folder, "conclave.service")
    copy.write_text(text.replace(started, str(pathlib.Path(program).resolve())), encoding="utf-8")
    found = analyze("verify", "--man=no", str(copy))
    problems += [f"systemd-analyze verify: {line}" for line in found.splitlines()]
    found = analyze("security", "--offline=true", f"--threshold={EXPOSURE}", str(copy))
    # Its table: a cross where something is open, and what that counts.
    problems += [f"systemd-analyze security: {line}" for line in found.splitlines() if not line.startswith("✓")]
tree.report(problems, 1)
