#!/usr/bin/env python3
"""tools/bench otr: what a meeting off the record costs people's browsers, where the server has no part in it."""
import json
import os
import pathlib
import statistics
import subprocess

from figures import percentile, run_benchmark

TOP = pathlib.Path(__file__).resolve().parents[2]
BROWSERS = ("chromium", "firefox")
PAIRS = 200
JOINS = 20
OTHERS = 3
DOCUMENT = 200_000_000

# name: (what, unit, target; None: for information)
FIGURES = {
    "pair_p50": ("handshake of a pair, both sides: processor, p50", "ms", 10),
    "pair_p95": ("the same, p95", "ms", None),
}
for browser in BROWSERS:
    name = browser.capitalize()
    FIGURES |= {
        f"frame_{browser}_p50": (f"{name}: join to first verified frame, 4 in, p50", "ms", 1500),
        f"frame_{browser}_p95": ("the same, p95", "ms", None),
        f"frame_{browser}_all": ("until all three others show, p50", "ms", None),
        f"document_{browser}": (f"{name}: a document of 200 MB", "s", 4),
        f"document_{browser}_rate": ("the same", "MB/s", None),
        f"document_{browser}_bare": ("a bare data channel, for comparison", "MB/s", None),
        f"document_{browser}_cpu": ("processor for it, all processes", "s", None),
        f"document_{browser}_bare_cpu": ("the same of the bare channel", "s", None),
        f"document_{browser}_giver": ("who gives it: memory of the page, growth", "MB", 64),
        f"document_{browser}_getter": ("who gets it: the same", "MB", 64),
    }


def run(build, script, *arguments, browsers=True):
    """The last line of what a script beside this one prints."""
    namespace = [str(TOP / "tests/browser/namespace")] if browsers else []
    command = namespace + ["node", str(TOP / "tests/bench" / script), *map(str, arguments)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=900, env={**os.environ, "CONCLAVE_BUILD": str(build)})
    return json.loads(done.stdout)


def measure_pair(build, _quick):
    """In Node.js: its WebCrypto is OpenSSL's, as slow or quick as the browsers' BoringSSL and NSS."""
    took = run(build, "handshake.mjs", PAIRS, browsers=False)
    return {"pair_p50": statistics.median(took), "pair_p95": percentile(took, 0.95)}


def measure_frame(build, quick):
    figures = {}
    for browser in () if quick else BROWSERS:
        took = run(build, "first-frame.mjs", browser, JOINS, OTHERS, "otr")
        first = [one["first"] for one in took]
        figures |= {f"frame_{browser}_p50": statistics.median(first), f"frame_{browser}_p95": percentile(first, 0.95),
                    f"frame_{browser}_all": statistics.median(one["all"] for one in took)}
    return figures


def measure_document(build, quick):
    figures = {}
    for browser in () if quick else BROWSERS:
        bare = run(build, "bare.mjs", browser, DOCUMENT)
        got = run(build, "document.mjs", browser, DOCUMENT)
        figures |= {f"document_{browser}": got["seconds"], f"document_{browser}_rate": DOCUMENT / got["seconds"] / 1e6,
                    f"document_{browser}_bare": DOCUMENT / bare["seconds"] / 1e6, f"document_{browser}_cpu": got["cpu"],
                    f"document_{browser}_bare_cpu": bare["cpu"], f"document_{browser}_giver": got["giver"],
                    f"document_{browser}_getter": got["getter"]}
    return figures


MEASUREMENTS = {"pair": measure_pair, "frame": measure_frame, "document": measure_document}

run_benchmark("otr", FIGURES, MEASUREMENTS)
