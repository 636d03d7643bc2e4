#!/usr/bin/env python3
"""How long files and C functions may be. JavaScript functions: javascript.mjs, which has a parser."""
import re
import statistics

import tree

FILE_LINES = {".c": 800, ".h": 100, ".js": 800, ".mjs": 800, ".css": 800, ".py": 300, ".sh": 300}
FUNCTION_LINES = 80
OTHERS_WORK = ("data/web/vendor/",)
NAME = re.compile(r"^(\w+) \(")


def functions(text):
    """(name, lines) of each function: clang-format puts its brace alone in the first column."""
    lines = text.split("\n")
    for start, line in enumerate(lines):
        if line != "{":
            continue
        end = next((i for i in range(start, len(lines)) if lines[i].startswith("}")), len(lines))
        name = next((m[1] for m in map(NAME.match, reversed(lines[:start])) if m), "?")
        yield name, end - start + 1


problems, c_lines, c_functions, checked = [], [], [], 0
for file in tree.tracked():
    suffix = "." + file.rsplit(".", 1)[-1]
    if suffix not in FILE_LINES or file.startswith(OTHERS_WORK):
        continue
    checked += 1
    content = tree.read(file)
    length = content.count("\n")
    if length > FILE_LINES[suffix]:
        problems.append(f"{file}: {length} lines, at most {FILE_LINES[suffix]}")
    if suffix == ".c":
        c_lines.append(length)
        for function, n in functions(content):
            c_functions.append(n)
            if n > FUNCTION_LINES:
                problems.append(f"{file}: {function}() has {n} lines, at most {FUNCTION_LINES}")
if c_lines and c_functions:
    p90 = sorted(c_functions)[int(len(c_functions) * 0.9)]
    print(f".c files: median {statistics.median(c_lines):.0f} lines; functions: median "
          f"{statistics.median(c_functions):.0f}, p90 {p90}, longest {max(c_functions)}")
tree.report(problems, checked)
