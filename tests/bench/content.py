#!/usr/bin/env python3
"""tools/bench content: what people share in a meeting, from who writes to everybody else."""
import time

from daemon import Daemon, Load
from figures import run_benchmark

EDITORS = 30
EACH = 4  # changes of each of them a second: faster than people type, as each is sent when the one before was taken

# name: (what, unit, target; None: for information)
FIGURES = {
    "editors_p50": (f"{EDITORS} write minutes at once, p50", "ms", None),
    "editors_p99": (f"{EDITORS} write minutes at once, p99", "ms", 100),
    "editors_cpu": ("processor meanwhile", "% of a core", None),
}


def measure_editors(build, quick):
    """Each changes a paragraph of their own, all at even distances; from the writer's socket to each other one's."""
    count = EDITORS * EACH * (3 if quick else 30)
    with Daemon(build) as daemon, Load(daemon, EDITORS, 1, chat=(EDITORS * EACH, count), kind="boardroom", edits=True) as load:
        before, began = daemon.cpu(), time.monotonic()
        report = load.report()
        busy = (daemon.cpu() - before) / (time.monotonic() - began)
    if report["samples"] != (EDITORS - 1) * count:
        raise RuntimeError(f"{(EDITORS - 1) * count - report['samples']} of {(EDITORS - 1) * count} changes were lost")
    return {"editors_p50": report["p50_ms"], "editors_p99": report["p99_ms"], "editors_cpu": 100 * busy}


MEASUREMENTS = {"editors": measure_editors}

run_benchmark("content", FIGURES, MEASUREMENTS)
