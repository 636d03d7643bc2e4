#!/usr/bin/env python3
"""docs/privacy.md has every table of the database, each with all of its columns, and none that is not there."""
import re
import sqlite3

import tree

PAGE, FOLDER = "docs/privacy.md", "src/store/migrations/"

db = sqlite3.connect(":memory:")
db.create_function("sha256", 1, lambda text: "0" * 64)
for path in sorted(tree.find(".sql", under=FOLDER)):
    db.executescript(tree.read(path))
kept = {table: {column[1] for column in db.execute(f"PRAGMA table_info (\"{table}\")")}
        for (table,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")}
chapter = tree.read(PAGE).split("## In the database\n", 1)[1].split("\n## ", 1)[0]
rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \|", chapter, re.M)
told = {table: set(re.findall(r"`(\w+)`", re.sub(r"\([^()]*\)", "", columns))) for table, columns in rows}
problems = [f"{PAGE}: table {table} is missing" for table in sorted(kept.keys() - told.keys())]
problems += [f"{PAGE}: there is no table {table}" for table in sorted(told.keys() - kept.keys())]
for table in sorted(kept.keys() & told.keys()):
    problems += [f"{PAGE}: {table} has a column {column}, which is missing" for column in sorted(kept[table] - told[table])]
    problems += [f"{PAGE}: {table} has no column {column}" for column in sorted(told[table] - kept[table])]
tree.report(problems, sum(map(len, kept.values())))
