#!/usr/bin/env python3
"""tools/bench signalling: measures the daemon as PROTOCOL.md's clients meet it, and compares with the targets.

One measurement is one function that returns figures; the table of targets says what is asked of them. The server's cost
is read from /proc; what the clients need is not counted, but does compete for the same processors.
"""
import json
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

import page
from daemon import Daemon, Load
from figures import percentile, run_benchmark

TOP = pathlib.Path(__file__).resolve().parents[2]

# name: (what, unit, target; None: for information)
FIGURES = {
    "idle_tls_kib": ("memory per idle person, TLS", "KiB", 40),
    "idle_tls_cpu": ("processor while they idle, TLS", "% of a core", 1),
    "idle_plain_kib": ("memory per idle person, behind a proxy", "KiB", 40),
    "idle_plain_cpu": ("processor while they idle, behind a proxy", "% of a core", 1),
    "chat_2_p50": ("chat to 300 people, 2 messages/s, p50", "ms", None),
    "chat_2_p99": ("chat to 300 people, 2 messages/s, p99", "ms", 20),
    "chat_2_cpu": ("processor meanwhile", "% of a core", None),
    "chat_10_p50": ("chat to 300 people, 10 messages/s, p50", "ms", None),
    "chat_10_p99": ("chat to 300 people, 10 messages/s, p99", "ms", 20),
    "chat_10_cpu": ("processor meanwhile", "% of a core", None),
    "start_cold": ("start with an empty state directory", "ms", 300),
    "start_warm": ("start with an old state directory", "ms", 300),
    "page_kb": ("meeting page, compressed", "KB", 200),
    "page_requests": ("requests for it", "", None),
    "join_cpu": ("processor per join, TLS handshake included", "ms", None),
    "join_p50": ("join one after another, p50", "ms", None),
    "join_p99": ("join one after another, p99", "ms", None),
    "rooms_rate": ("new rooms one after another", "1/s", None),
    "rooms_p99": ("new room, p99", "ms", None),
    "frame_chromium_p50": ("join to first remote frame, Chromium, p50", "ms", 1000),
    "frame_chromium_p95": ("join to first remote frame, Chromium, p95", "ms", None),
    "frame_firefox_p50": ("join to first remote frame, Firefox, p50", "ms", None),
    "frame_firefox_p95": ("join to first remote frame, Firefox, p95", "ms", None),
}


def measure_idle(build, quick, tls):
    """People who say nothing: 8 in a room."""
    rooms, settle, seconds = (50, 4, 5) if quick else (250, 30, 60)
    name = "tls" if tls else "plain"
    with Daemon(build, tls) as daemon:
        empty, _ = daemon.memory()
        with Load(daemon, 8 * rooms, rooms, parallel=8):
            time.sleep(settle)
            before, began = daemon.cpu(), time.monotonic()
            time.sleep(seconds)
            busy = (daemon.cpu() - before) / (time.monotonic() - began)
            full, _ = daemon.memory()
    return {f"idle_{name}_kib": (full - empty) / (8 * rooms), f"idle_{name}_cpu": 100 * busy}


def measure_idle_tls(build, quick):
    return measure_idle(build, quick, True)


def measure_idle_plain(build, quick):
    return measure_idle(build, quick, False)


def measure_chat(build, quick):
    """300 in one room, each of whom writes in turn; from the sender's socket to each other receiver's."""
    figures = {}
    for rate in (2, 10):
        count = rate * (3 if quick else 30)
        with Daemon(build) as daemon, Load(daemon, 300, 1, parallel=8, chat=(rate, count), kind="classroom") as load:
            before, began = daemon.cpu(), time.monotonic()
            chat = load.report()
            busy = (daemon.cpu() - before) / (time.monotonic() - began)
        if chat["samples"] != 299 * count:
            raise RuntimeError(f"{299 * count - chat['samples']} of {299 * count} chat messages were lost")
        figures |= {f"chat_{rate}_p50": chat["p50_ms"], f"chat_{rate}_p99": chat["p99_ms"], f"chat_{rate}_cpu": 100 * busy}
    return figures


def measure_start(build, quick):
    """From the fork to the line "listening on …"."""
    cold, warm = [], []
    for _ in range(3 if quick else 10):
        with Daemon(build) as daemon:
            cold.append(daemon.start_ms)
    with tempfile.TemporaryDirectory(prefix="conclave-bench-") as state:
        for _ in range(4 if quick else 11):
            with Daemon(build, state=state) as daemon:
                warm.append(daemon.start_ms)
    return {"start_cold": statistics.median(cold), "start_warm": statistics.median(warm[1:])}


def measure_page(build, _quick):
    with Daemon(build) as daemon:
        sizes = page.measure(daemon.port)
    return {"page_kb": sum(sizes.values()) / 1000, "page_requests": len(sizes)}


def measure_join(build, quick):
    """One person after another, as many to a room as fit."""
    people = 48 if quick else 200
    with Daemon(build) as daemon:
        before = daemon.cpu()
        with Load(daemon, people, people // 8, parallel=1) as load:
            busy = daemon.cpu() - before
    return {"join_cpu": 1000 * busy / people, "join_p50": load.joined["p50_ms"], "join_p99": load.joined["p99_ms"]}


def measure_rooms(build, quick):
    took = []
    with Daemon(build) as daemon:
        for _ in range(100 if quick else 1000):
            began = time.monotonic()
            daemon.make_room("standard")
            took.append(1000 * (time.monotonic() - began))
    return {"rooms_rate": 1000 / statistics.mean(took), "rooms_p99": percentile(took, 0.99)}


def measure_frame(build, quick):
    """Two browsers of a kind; see first-frame.mjs."""
    figures = {}
    for browser in () if quick else ("chromium", "firefox"):
        command = [str(TOP / "tests/browser/namespace"), "node", str(TOP / "tests/bench/first-frame.mjs"), browser, "20"]
        run = subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=600,
                             env={**os.environ, "CONCLAVE_BUILD": str(build)})
        took = [one["first"] for one in json.loads(run.stdout)]
        figures |= {f"frame_{browser}_p50": statistics.median(took), f"frame_{browser}_p95": percentile(took, 0.95)}
    return figures


MEASUREMENTS = {
    "idle-tls": measure_idle_tls,
    "idle-plain": measure_idle_plain,
    "chat": measure_chat,
    "start": measure_start,
    "page": measure_page,
    "join": measure_join,
    "rooms": measure_rooms,
    "frame": measure_frame,
}

run_benchmark("signalling", FIGURES, MEASUREMENTS)
