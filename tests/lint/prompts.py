#!/usr/bin/env python3
"""What callers hear is there in each language, all of what src/sip/CONTROL.md names and nothing else."""
import re

import tree

CONTRACT, LANGUAGES = "src/sip/CONTROL.md", ["de", "en", "fr", "nl"]

section = tree.read(CONTRACT).split("## Prompts", 1)[1].split("\n## ", 1)[0]
named = {name for name in re.findall(r"`([a-z-]+)`", section) if not name.startswith("tone-")}
problems = []
for language in LANGUAGES:
    file = f"data/prompts/{language}.txt"
    lines = [line for line in tree.read(file).splitlines() if line and not line.startswith("#")]
    names = [line.split(": ", 1)[0] for line in lines]
    problems += [f"{file}: no words: {line}" for line in lines if not re.fullmatch(r"[a-z-]+: \S.+[.!?]", line)]
    problems += [f"{file}: does not have {name}" for name in sorted(named - set(names))]
    problems += [f"{file}: has {name}, which {CONTRACT} does not name" for name in sorted(set(names) - named)]
    problems += [f"{file}: has {name} twice" for name in sorted({n for n in names if names.count(n) > 1})]
tree.report(problems, len(LANGUAGES))
