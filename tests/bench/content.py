#!/usr/bin/env python3
"""tools/bench content: what people share in a meeting, from who writes to everybody else."""
import http.client
import json
import os
import ssl
import time

from daemon import Daemon, Load
from figures import run_benchmark

EDITORS = 30
EACH = 4  # changes of each of them a second: faster than people type, as each is sent when the one before was taken
UPLOAD = 100_000_000
BLOCK = os.urandom(1 << 20)  # sent over and over; of bytes that nothing makes smaller

# name: (what, unit, target; None: for information)
FIGURES = {
    "editors_p50": (f"{EDITORS} write minutes at once, p50", "ms", None),
    "editors_p99": (f"{EDITORS} write minutes at once, p99", "ms", 100),
    "editors_cpu": ("processor meanwhile", "% of a core", None),
    "upload_growth": ("a document of 100 MB: memory that it takes, at most", "MB", 12),
    "upload_rate": ("the same, over TLS", "MB/s", None),
    "upload_cpu": ("processor for it", "s", None),
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


class Sharer:
    """Who shares documents, as a page does, on one connection."""

    def __init__(self, daemon, joined):
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        self.connection = http.client.HTTPSConnection("127.0.0.1", daemon.port, timeout=300, context=context)
        self.path = f"/api/v1/meetings/{joined['meeting']}/documents"
        self.headers = {"Authorization": f"Bearer {joined['badge']}"}

    def ask(self, method, path, body, headers):
        self.connection.request(method, path, body, self.headers | headers)
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status not in (200, 201):
            raise RuntimeError(f"{method} {path}: {answer.status} {text}")
        return json.loads(text)

    def share(self, name, n):
        """Seconds from the first byte until it is whole: written, hashed, and on the disk for good."""
        wish = json.dumps({"name": name, "bytes": n, "media_type": ""})
        document = self.ask("POST", self.path, wish, {"Content-Type": "application/json"})["id"]
        pieces = (BLOCK[: min(len(BLOCK), n - at)] for at in range(0, n, len(BLOCK)))
        began = time.monotonic()
        answer = self.ask("PATCH", f"/api/v1/documents/{document}", pieces, {"Content-Length": str(n), "Upload-Offset": "0"})
        if answer["status"] != "ready":
            raise RuntimeError(f"the upload ended with {answer}")
        return time.monotonic() - began


def measure_upload(build, quick):
    """The kernel's own mark of the most that was resident, set back when the connection stands and has carried a small one."""
    n = UPLOAD // 5 if quick else UPLOAD
    with Daemon(build) as daemon, Load(daemon, 1, 1, kind="boardroom") as load:
        sharer = Sharer(daemon, load.joined)
        sharer.share("small", 1000)
        daemon.forget_peak()
        before, busy = daemon.resident("VmRSS"), daemon.cpu()
        seconds = sharer.share("large", n)
        return {"upload_growth": (daemon.resident("VmHWM") - before) * 1024 / 1e6, "upload_rate": n / seconds / 1e6,
                "upload_cpu": daemon.cpu() - busy}


MEASUREMENTS = {"editors": measure_editors, "upload": measure_upload}

run_benchmark("content", FIGURES, MEASUREMENTS)
