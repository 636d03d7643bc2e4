#!/usr/bin/env python3
"""tools/bench sip: what callers by phone cost. Calls without their signalling (tests/bench/sip.c): the gateway's media in a process of
its own, and a real media process a room."""
import json
import subprocess

from figures import run_benchmark
import sip_flood

CALLERS, ROOMS, SPEAKERS = 200, 20, 3

FIGURES = {
    "plain_gateway": ("G.711, 20 rooms of 10, 3 speak: conclave-sip", "‰ a caller", None),
    "plain_media": ("the same: conclave-media", "‰ a caller", None),
    "plain_cpu": ("the same, both", "‰ a caller", 1.0),
    "plain_p50": ("from a sample spoken to its packet, p50", "ms", None),
    "plain_p99": ("the same, p99", "ms", 150),
    "plain_missing": ("packets that did not come", "%", None),
    "keys_cpu": ("the same with SRTP, both", "‰ a caller", None),
    "flood_up": ("a call beside INVITEs and RFC 4475: lost to the room", "%", 1.0),
    "flood_down": ("the same: lost to the caller", "%", 1.0),
    "flood_invites": ("the same: INVITEs", "a second", None),
    "recorded_cpu": ("the same with each caller's own track, both", "‰ a caller", None),
}


def run(build, quick, *, keys=False, recorded=False):
    command = [build / "tests/bench/conclave-phones", build / "src/media/conclave-media", CALLERS, ROOMS, SPEAKERS,
               5 if quick else 30, "PCMU", int(keys), int(recorded)]
    result = json.loads(subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, check=True).stdout)
    for name in ("gateway", "media"):
        result[name] *= 10  # of a core, in thousandths
    result["cpu"] = result["gateway"] + result["media"]
    return result


def measure_plain(build, quick):
    result = run(build, quick)
    return {"plain_gateway": result["gateway"], "plain_media": result["media"], "plain_cpu": result["cpu"],
            "plain_p50": result["p50"], "plain_p99": result["p99"], "plain_missing": 100 * result["missing"]}


def measure_keys(build, quick):
    return {"keys_cpu": run(build, quick, keys=True)["cpu"]}


def measure_recorded(build, quick):
    return {"recorded_cpu": run(build, quick, recorded=True)["cpu"]}


def measure_flood(build, quick):
    return sip_flood.measure(build, 5 if quick else 30)


run_benchmark("sip", FIGURES, {"plain": measure_plain, "keys": measure_keys, "recorded": measure_recorded, "flood": measure_flood})
