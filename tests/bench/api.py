#!/usr/bin/env python3
"""tools/bench api: programs that make many rooms, and a lecture hall that fills at once, at a rate that does not wait.

What is due is sent when it is due, or as soon as a connection is free: the time that it takes counts from when it was due,
so that a server which falls behind cannot hide it.
"""
import collections
import json
import selectors
import socket
import ssl
import time

from daemon import Daemon, Load
from figures import percentile, run_benchmark

ROOMS_A_SECOND, JOINS_A_SECOND = 1000, 200
CONNECTIONS = 16
SETTLE = 2  # seconds: what a daemon does when it has just started is another figure

FIGURES = {
    "rooms_rate": ("new rooms by a key, TLS, 16 connections", "1/s", None),
    "rooms_lost": ("of 1,000 a second, not made", "", 0),
    "rooms_p50": ("from when one was due to its answer, p50", "ms", None),
    "rooms_p99": ("the same, p99", "ms", 20),
    "rooms_cpu": ("processor meanwhile", "% of a core", None),
    "joins_rate": ("joins, TLS, 8 to a room", "1/s", None),
    "joins_lost": ("of 200 a second, not in", "", 0),
    "joins_p50": ("from when one was due to joined, p50", "ms", None),
    "joins_p99": ("the same, p99", "ms", None),
    "joins_cpu": ("processor meanwhile", "% of a core", None),
}


class Client:
    """One connection kept alive, one request at a time."""

    def __init__(self, port):
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        plain = socket.create_connection(("127.0.0.1", port))
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = context.wrap_socket(plain)
        self.socket.setblocking(False)
        self.due, self.answer = None, b""

    def fileno(self):
        return self.socket.fileno()

    def ask(self, request, due):
        self.due, self.answer = due, b""
        self.socket.sendall(request)  # far below what the kernel takes at once

    def read(self):
        """The status of a whole answer, or None."""
        try:
            while data := self.socket.recv(65536):
                self.answer += data
        except ssl.SSLWantReadError:
            pass
        else:
            raise RuntimeError("the server ended a connection")
        head, end, body = self.answer.partition(b"\r\n\r\n")
        length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
        return int(head.split()[1]) if end and len(body) >= length else None


def make_rooms(clients, request, count):
    """Sends `count` of them at the rate. Returns (ms of each that was made, seconds of all)."""
    selector, waiting, took, answered, sent = selectors.DefaultSelector(), collections.deque(), [], 0, 0
    free = collections.deque(clients)  # in turn: the server ends a connection that is idle for 10 s
    for client in clients:
        selector.register(client, selectors.EVENT_READ, client)
    began = time.monotonic()
    while answered < count:
        now = time.monotonic()
        while sent < count and began + sent / ROOMS_A_SECOND <= now:
            waiting.append(began + sent / ROOMS_A_SECOND)
            sent += 1
        while waiting and free:
            free.popleft().ask(request, waiting.popleft())
        wait = max(began + sent / ROOMS_A_SECOND - time.monotonic(), 0) if sent < count else 10
        ready = selector.select(wait)
        if not ready and sent == count:
            break
        for key, _ in ready:
            status = key.data.read()
            if status is None:
                continue
            answered += 1
            free.append(key.data)
            if status == 201:
                took.append(1000 * (time.monotonic() - key.data.due))
    return took, time.monotonic() - began


def measure_rooms(build, quick):
    """By a program with a key, as docs/api.md says; the server draws the secrets."""
    count = ROOMS_A_SECOND * (3 if quick else 20)
    body = json.dumps({"kind": "classroom", "title": "Bench"})
    with Daemon(build) as daemon:
        request = (f"POST /api/v1/rooms HTTP/1.1\r\nHost: 127.0.0.1:{daemon.port}\r\nAuthorization: Bearer {daemon.make_key('host')}\r\n"
                   f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}").encode()
        clients = [Client(daemon.port) for _ in range(CONNECTIONS)]
        time.sleep(SETTLE)
        before = daemon.cpu()
        took, seconds = make_rooms(clients, request, count)
        busy = (daemon.cpu() - before) / seconds
        kept = daemon.ask_again("GET", "/api/v1/status")[1]["rooms"]
    if kept != len(took):
        raise RuntimeError(f"{len(took)} rooms were made, {kept} are there")
    return {"rooms_rate": len(took) / seconds, "rooms_lost": count - len(took), "rooms_p50": percentile(took, 0.5),
            "rooms_p99": percentile(took, 0.99), "rooms_cpu": 100 * busy}


def measure_joins(build, quick):
    """Into Standard rooms; who is in stays, answers and acknowledges. One that is refused or cut off ends the benchmark."""
    people = JOINS_A_SECOND * (4 if quick else 30)
    with Daemon(build) as daemon:
        time.sleep(SETTLE)
        before = daemon.cpu()
        with Load(daemon, people, people // 8, join_rate=JOINS_A_SECOND) as load:
            busy = (daemon.cpu() - before) / load.joined["seconds"]
            inside = daemon.ask_again("GET", "/api/v1/status")[1]["people"]
    return {"joins_rate": people / load.joined["seconds"], "joins_lost": people - inside, "joins_p50": load.joined["p50_ms"],
            "joins_p99": load.joined["p99_ms"], "joins_cpu": 100 * busy}


run_benchmark("api", FIGURES, {"rooms": measure_rooms, "joins": measure_joins})
