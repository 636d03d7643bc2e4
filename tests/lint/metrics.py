#!/usr/bin/env python3
"""docs/operator.md lists the metrics of the code with their types, each once, and alerts are about metrics that there are."""
import re

import tree

SOURCES = tree.find(".c", under="src/daemon/metrics")
PAGE, ALERTS = "docs/operator.md", "data/prometheus/alerts.yml"
# what Prometheus has of each server itself
ITS_OWN = {"up"}


def kind(name):
    return "counter" if name.endswith("_total") else "gauge"


written = [name for file in SOURCES for name in re.findall(r'"(conclave_[a-z_]+)"', tree.read(file))]
rows = re.findall(r"^\| `(conclave_\w+)` \| (\w+) \|", tree.read(PAGE), re.M)
listed = [name for name, _ in rows]
problems = [f"{name} is written twice" for name in sorted({n for n in written if written.count(n) > 1})]
problems += [f"{PAGE}: {name} is listed twice" for name in sorted({n for n in listed if listed.count(n) > 1})]
problems += [f"{PAGE}: does not list {name}" for name in sorted(set(written) - set(listed))]
problems += [f"{PAGE}: lists {name}, which is nowhere in src/daemon" for name in sorted(set(listed) - set(written))]
problems += [f"{PAGE}: {name} is a {kind(name)}, not a {type_}" for name, type_ in rows if type_ != kind(name)]
expressions = re.findall(r"^\s+expr: (.+)$", tree.read(ALERTS), re.M)
for expression in expressions:
    names = set(re.findall(r"\b(?:conclave_[a-z_]+|up)\b", expression.replace('"conclave"', "")))
    problems += [f"{ALERTS}: {name} is no metric" for name in sorted(names - set(written) - ITS_OWN)]
    problems += [f"{ALERTS}: {expression}: only counters have a rate" for name, used in
                 ((n, re.search(rf"(?:rate|increase)\({n}\b", expression)) for n in names) if used and kind(name) != "counter"]
alerts = re.findall(r"^\s+- alert: (\w+)$", tree.read(ALERTS), re.M)
if len(alerts) != len(expressions) or len(set(alerts)) != len(alerts):
    problems.append(f"{ALERTS}: each alert has a name of its own and one expression")
tree.report(problems, len(written) + len(alerts) if written and alerts else 0)
