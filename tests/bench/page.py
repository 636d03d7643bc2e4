"""What a browser loads for a meeting's page: the page, what it names, the graph of its modules, the sprite that a module
names, and the largest translation. Knows the web client's way of naming things, not its files."""
import http.client
import json
import re
import ssl
import urllib.parse

IMPORT = re.compile(r"""(?:^|;)(?:import\s*|(?:import|export)\b[^'";(=]*\bfrom\s*)['"]([^'"]+)['"]""", re.M)
BESIDE = re.compile(r"""new URL\(['"]([^'"]*[^'"/])['"],\s*import\.meta\.url\)""")
IN_PAGE = re.compile(r"""<(?:link|script)\b[^>]*\b(?:href|src)="([^"]+)""")
IN_STYLE = re.compile(r"""(?:url\(|@import\s+)['"]?([^'")\s]+)""")
MAP = re.compile(r"""<script type="importmap">(.*?)</script>""")
LANGUAGES = ("de", "fr", "nl")


class Fetcher:
    """One connection; counts what comes over it, heads included, TLS left out."""

    def __init__(self, port):
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        self.connection = http.client.HTTPSConnection("127.0.0.1", port, context=context)
        self.plain = http.client.HTTPSConnection("127.0.0.1", port, context=context)
        self.sizes = {}

    def get(self, path):
        """The text of a file, which is counted as a browser gets it, compressed. '' where there is none."""
        size = self.ask(self.connection, path, "gzip")[1]
        text, _ = self.ask(self.plain, path, "identity")
        if size:
            self.sizes[path] = size
        return text

    def ask(self, connection, path, encoding):
        connection.request("GET", path, headers={"Accept-Encoding": encoding})
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            return "", 0
        head = sum(len(name) + len(value) + 4 for name, value in answer.getheaders()) + len("HTTP/1.1 200 OK\r\n\r\n")
        return body.decode("utf-8", "replace"), head + len(body)


def resolve(name, base, imports):
    """An import's path, by the import map and the importer's place."""
    for prefix in sorted(imports, key=len, reverse=True):
        if name == prefix or (prefix.endswith("/") and name.startswith(prefix)):
            return imports[prefix] + name[len(prefix):]
    return urllib.parse.urljoin(base, name)


def references(path, text, imports):
    if path.endswith(".js"):
        return [resolve(name, path, imports) for name in IMPORT.findall(text)] + \
            [urllib.parse.urljoin(path, name) for name in BESIDE.findall(text)]
    if path.endswith(".css"):
        return [urllib.parse.urljoin(path, name) for name in IN_STYLE.findall(text)]
    return []


def measure(port):
    """Returns {path: bytes} of everything that /r/ID loads, in the language that costs most."""
    fetcher = Fetcher(port)
    page = fetcher.get("/r/aaaaaaaaaaaa")
    imports = json.loads(MAP.search(page)[1])["imports"]
    waiting = IN_PAGE.findall(page)
    while waiting:
        path = waiting.pop()
        if path not in fetcher.sizes:
            waiting += references(path, fetcher.get(path), imports)
    base = imports["lit-html"].split("/vendor/")[0]
    sizes = {path: fetcher.ask(fetcher.connection, path, "gzip")[1] for path in (f"{base}/po/{lang}.json" for lang in LANGUAGES)}
    largest = max(sizes, key=sizes.get)
    if sizes[largest]:
        fetcher.sizes[largest] = sizes[largest]
    return fetcher.sizes
