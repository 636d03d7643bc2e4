#!/usr/bin/env python3
"""Every key of conclave.conf is explained in docs/operator.md, and nothing else is; [sip-trunk] stands for each of them."""
import re

import tree

SOURCE, PAGE = "src/daemon/config.c", "docs/operator.md"

known = {f"{group.strip(chr(34))} {key}".replace("TRUNK", "sip-trunk") for group, key in re.findall(r'^\s*\{ ("[a-z]+"|TRUNK), "([a-z-]+)", CV_VALUE_', tree.read(SOURCE), re.M)}
explained = {f"{group} {key}" for group, key in re.findall(r"^\| `\[([a-z-]+)\]` \| `([a-z-]+)` \|", tree.read(PAGE), re.M)}
problems = [f"{PAGE}: does not explain {name}" for name in sorted(known - explained)]
problems += [f"{PAGE}: explains {name}, which {SOURCE} does not know" for name in sorted(explained - known)]
tree.report(problems, len(known))
