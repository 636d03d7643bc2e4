#!/usr/bin/env python3
"""channel.py COMMAND…: starts a media process as the daemon would, and lets a test speak to it by lines.

A line in: {"message": {…}, "sockets": N, "files": [PATH…]}: sends the message, with N UDP sockets on loopback and the files,
made empty, as descriptors; or {"copy": [FROM, TO]}, where this process sees other folders than the test.
Lines out: what the media process says, but for `alive`; {"type":"started","pid":…}, {"type":"sockets","ports":[…]},
{"type":"copied"}, at last {"type":"exited","code":…}. When the lines end the channel does.
"""
import json
import os
import shutil
import socket
import subprocess
import sys
import threading

ours, theirs = socket.socketpair()
kept = []  # sockets stay bound


def say(message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def prepare():
    os.dup2(theirs.fileno(), 3)
    os.set_inheritable(3, True)


def listen():
    for line in ours.makefile():
        if json.loads(line).get("type") != "alive":
            sys.stdout.write(line)
            sys.stdout.flush()


def make_sockets(n):
    sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(n)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    kept.extend(sockets)
    if n:
        say({"type": "sockets", "ports": [one.getsockname()[1] for one in sockets]})
    return [one.fileno() for one in sockets]


def send(order):
    files = [os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600) for path in order.get("files", [])]
    descriptors = make_sockets(order.get("sockets", 0)) + files
    message = order["message"]
    if message["type"] == "open":
        message["candidates"] = [{"address": "127.0.0.1", "port": one.getsockname()[1]} for one in kept]
    if descriptors:
        message["fds"] = len(descriptors)
    line = (json.dumps(message) + "\n").encode()
    try:
        if descriptors:
            socket.send_fds(ours, [line], descriptors)
        else:
            ours.sendall(line)
    except OSError:
        pass  # it is dead; `exited` follows
    for one in files:
        os.close(one)


child = subprocess.Popen(sys.argv[1:], preexec_fn=prepare, close_fds=False, stdin=subprocess.DEVNULL, stdout=sys.stderr)
theirs.close()
say({"type": "started", "pid": child.pid})
listener = threading.Thread(target=listen)
listener.start()
for text in sys.stdin:
    given = json.loads(text)
    if "copy" in given:
        shutil.copyfile(*given["copy"])
        say({"type": "copied"})
    else:
        send(given)
ours.shutdown(socket.SHUT_RDWR)
code = child.wait()
listener.join()
say({"type": "exited", "code": code})
