#!/usr/bin/env python3
"""What data/web takes of other projects is what VENDOR.json says, byte for byte, with its licence; and every icon that the
page names is in the sprite, and the other way round."""
import hashlib
import json
import re

import tree

WEB = "data/web/"
RECORD = WEB + "vendor/VENDOR.json"


def check_files(record):
    known = {"vendor/VENDOR.json"}
    for package in record["packages"]:
        for key in ("name", "version", "licence"):
            if not package.get(key):
                yield f"{RECORD}: a package without its {key}"
        if not any(file["path"].endswith("/LICENSE") for file in package["files"]):
            yield f"{RECORD}: {package['name']} without its licence's text"
        for file in package["files"]:
            known.add(file["path"])
            path = tree.TOP / WEB / file["path"]
            if not path.is_file():
                yield f"{WEB}{file['path']}: missing"
            elif hashlib.sha256(path.read_bytes()).hexdigest() != file["sha256"]:
                yield f"{WEB}{file['path']}: differs from {package['name']} {package['version']}"
    for name in tree.find("", under=WEB + "vendor/"):
        if name.removeprefix(WEB) not in known:
            yield f"{name}: not in {RECORD}"


def check_icons():
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', tree.read(WEB + "icons/icons.svg")))
    text = "".join(tree.read(name) for name in tree.find(".js", under=WEB + "app/"))
    words = set(re.findall(r"'([a-z][a-z0-9-]*)'", text)) | {f"{name}-off" for name in ("mic", "video")}
    for name in sorted(drawn - words):
        yield f"{WEB}icons/icons.svg: nobody uses {name}"
    for name in sorted(set(re.findall(r"icon\('([\w-]+)'", text)) - drawn):
        yield f"{WEB}icons/icons.svg: lacks {name}"


contents = json.loads(tree.read(RECORD))
problems = [*check_files(contents), *check_icons()]
tree.report(problems, sum(len(package["files"]) for package in contents["packages"]))
