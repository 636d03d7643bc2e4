"""A receiver of webhooks that checks their signatures."""
import hashlib
import hmac
import http.server
import json
import threading


class Receiver:
    """`calls`: (id, event, recording) of those that it took; the first ones it answers with `refusals`."""

    def __init__(self, secret, refusals):
        self.calls, self.refused, self.problems = [], [], []
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = receiver.take(secret, self.headers, body, refusals)
                self.send_response(status)
                self.end_headers()

            def log_message(self, *words):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def take(self, secret, headers, body, refusals):
        stamp, signature = (part.split("=", 1)[1] for part in headers["Conclave-Signature"].split(","))
        expected = hmac.new(secret, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        call = json.loads(body)
        if signature != expected or call["id"] != headers["Conclave-Delivery"]:
            self.problems.append((dict(headers), body))
        if refusals:
            self.refused.append(call["id"])
            return refusals.pop(0)
        self.calls.append((call["id"], call["event"], call["recording"]))
        return 204

    def close(self):
        self.server.shutdown()
        self.server.server_close()
