#!/usr/bin/env python3
"""data/openapi.json describes the routes of api.c: each of them, no other, for whom they are, and the errors there are."""
import json
import re

import tree

PAGE, ROUTES, PROBLEMS = "data/openapi.json", "src/signalling/api.c", "src/signalling/problem.c"
FOR = {"PUBLIC": "public", "NEAR": "near", "SHARE": "share", "SUMMARY": "summary", "SIGNED_IN": "signed-in", "MEETING": "meeting", "HOST": "host", "PRODUCER": "producer",
       "ADMIN": "admin"}
METHODS = {"get", "put", "post", "patch", "delete", "head", "options", "trace"}
ALPHABET = "[a-km-np-z2-9]{12}"


def routes(text):
    """{(method, path with {} for each part that varies): (for whom, prefix of the id)}."""
    table = text.split("static const CvApiRoute routes[]", 1)[1].split("};", 1)[0]
    rows = re.findall(r'\{\s*"(\w+)",\s*"([^"]+)",\s*"(\w*)",\s*CV_AUTHORITY_(\w+),\s*\w+\s*\}', table)
    if len(rows) != table.count("{") - 1:
        raise SystemExit(f"{ROUTES}: a row of the table is not understood")
    return {(method, re.sub("[%*]", "{}", path)): (FOR[who], prefix) for method, path, prefix, who in rows}


def blank(path):
    """/calendar/* of the routes is what a description can only say as /calendar/{secret}.ics."""
    return re.sub(r"\{\w+\}", "{}", path).replace("/calendar/{}.ics", "/calendar/{}")


def operations(page):
    """{(method, path as above): operation}."""
    return {(method.upper(), blank(path)): operation
            for path, item in page["paths"].items() for method, operation in item.items() if method in METHODS}


def find(page, where):
    """What a $ref leads to, or None."""
    if not where.startswith("#/"):
        return None
    for part in where[2:].split("/"):
        if not isinstance(page, dict) or part not in page:
            return None
        page = page[part]
    return page


def references(part):
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        part = list(part.values())
    for value in part if isinstance(part, list) else []:
        yield from references(value)


def check_operation(page, path, name, operation, who, prefix):
    if operation.get("x-conclave-for") != who:
        yield f"{name} is for {operation.get('x-conclave-for')}, but {ROUTES} says {who}"
    security = operation.get("security", [{}])
    if (who in ("public", "near")) != (security == [] or {} in security):
        yield f"{name}: its security does not fit who may, {who}"
    for scheme in {scheme for choice in security for scheme in choice} - page["components"]["securitySchemes"].keys():
        yield f"{name}: unknown security scheme {scheme}"
    parameters = [find(page, p["$ref"]) or {} if "$ref" in p else p for p in operation.get("parameters", [])]
    given = [p["name"] for p in parameters if p.get("in") == "path"]
    if sorted(given) != sorted(re.findall(r"\{(\w+)\}", path)):
        yield f"{name}: its parameters do not fit its path"
    ids = [p["schema"].get("pattern") for p in parameters if p.get("in") == "path"]
    if "/api/v1/" in path and given and f"^{prefix}{ALPHABET}$" not in ids:
        yield f"{name}: no id that begins with {prefix!r}"
    if not any(status[0] in "23" for status in operation.get("responses", {})):
        yield f"{name}: no answer but errors"


def check(page, table, problems):
    described = operations(page)
    for method, path in sorted(table.keys() - described.keys()):
        yield f"does not have {method} {path}, which {ROUTES} has"
    for method, path in sorted(described.keys() - table.keys()):
        yield f"has {method} {path}, which {ROUTES} does not have"
    for path, item in page["paths"].items():
        for method in sorted(METHODS & item.keys()):
            key = method.upper(), blank(path)
            if key in table:
                yield from check_operation(page, path, f"{key[0]} {path}", item[method], *table[key])
    for where in sorted(set(references(page))):
        if find(page, where) is None:
            yield f"nothing is at {where}"
    names = [operation.get("operationId") for operation in described.values()]
    for name in sorted({str(n) for n in names if names.count(n) > 1}):
        yield f"two operations are called {name}"
    listed = set(page["components"]["schemas"]["Error"]["properties"]["error"]["enum"])
    for error in sorted(listed ^ problems):
        yield f"the error {error} is in only one of {PAGE} and {PROBLEMS}"


description = json.loads(tree.read(PAGE))
ids = set(re.findall(r'\{\s*"([a-z-]+)",\s*\d+,', tree.read(PROBLEMS)))
tree.report([f"{PAGE}: {text}" for text in check(description, routes(tree.read(ROUTES)), ids)], 3)
