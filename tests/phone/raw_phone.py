"""A phone that says exactly what a test wants: SIP over one UDP socket, no media."""
import random
import re
import socket
import time

SDP = """v=0
o=- 1 1 IN IP4 127.0.0.1
s=-
c=IN IP4 127.0.0.1
t=0 0
m=audio {port} RTP/AVP 8 0 101
a=rtpmap:8 PCMA/8000
a=rtpmap:0 PCMU/8000
a=rtpmap:101 telephone-event/8000
a=sendrecv
""".replace("\n", "\r\n")


def token():
    return f"{random.getrandbits(60):x}"


class Answer:
    def __init__(self, data):
        head, _, self.body = data.decode("latin1").partition("\r\n\r\n")
        lines = head.split("\r\n")
        self.first = lines[0]
        self.status = int(lines[0].split()[1]) if lines[0].startswith("SIP/2.0 ") else None
        self.method = None if self.status else lines[0].split()[0]
        self.fields = [tuple(part.strip() for part in line.split(":", 1)) for line in lines[1:] if ":" in line]

    def get(self, name, default=""):
        return next((value for field, value in self.fields if field.lower() == name.lower()), default)


class RawPhone:
    """`port`: where conclave-sip listens. One dialog at a time."""

    def __init__(self, port, user="+4930123456", address="127.0.0.1"):
        self.target, self.user, self.address = port, user, address
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((address, 0))
        self.port = self.socket.getsockname()[1]
        self.media = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.media.bind((address, 0))
        self.forget()

    def forget(self):
        self.call_id, self.tag, self.to_tag, self.seq = token(), token(), None, 0

    def sdp(self, **more):
        return SDP.format(port=self.media.getsockname()[1])

    def build(self, method, body="", headers=(), uri=None, seq=None, branch=None, content_type="application/sdp", contact=True):
        """The request's text, and its branch."""
        if seq is None:
            self.seq += method != "ACK"
            seq = self.seq
        branch = branch or "z9hG4bK" + token()
        to = f"<sip:room@127.0.0.1:{self.target}>" + (f";tag={self.to_tag}" if self.to_tag else "")
        lines = [f"{method} {uri or f'sip:room@127.0.0.1:{self.target}'} SIP/2.0", f"Via: SIP/2.0/UDP {self.address}:{self.port};rport;branch={branch}",
                 "Max-Forwards: 70", f"From: <sip:{self.user}@example.org>;tag={self.tag}", f"To: {to}", f"Call-ID: {self.call_id}",
                 f"CSeq: {seq} {method}"]
        if contact:
            lines.append(f"Contact: <sip:{self.user}@{self.address}:{self.port}>")
        lines += headers
        if body:
            lines.append(f"Content-Type: {content_type}")
        lines.append(f"Content-Length: {len(body.encode())}")
        return "\r\n".join(lines) + "\r\n\r\n" + body

    def send(self, text):
        self.socket.sendto(text.encode("latin1") if isinstance(text, str) else text, ("127.0.0.1", self.target))

    def receive(self, patience=10):
        """What comes next, or None."""
        self.socket.settimeout(patience)
        try:
            return Answer(self.socket.recv(65536))
        except socket.timeout:
            return None

    def wait(self, status=None, method=None, patience=15):
        """The next final answer, the answer with that status, or the next request of that method."""
        until = time.monotonic() + patience
        while (left := until - time.monotonic()) > 0:
            one = self.receive(left)
            if one is None:
                break
            if method is not None and one.method == method:
                return one
            if method is None and one.status is not None and (one.status == status if status else one.status >= 200):
                return one
        raise AssertionError(f"{status or method or 'an answer'} did not come in {patience} s")

    def transact(self, text, patience=15):
        """Sends a request until it is answered, as phones do over UDP (RFC 3261 §17.1): some may be lost, or not be looked at."""
        fields = Answer(text.encode("latin1"))
        until, pause = time.monotonic() + patience, 0.5
        while (now := time.monotonic()) < until:
            self.send(text)
            again = now + pause
            pause *= 2
            while (left := min(again, until) - time.monotonic()) > 0 and (one := self.receive(left)) is not None:
                if one.status is not None and one.status >= 200 and all(one.get(name) == fields.get(name) for name in ("CSeq", "Call-ID")):
                    return one
        raise AssertionError(f"no answer to {fields.first} in {patience} s")

    def ask(self, method, **more):
        return self.transact(self.build(method, **more))

    def answer(self, request, line="200 OK", headers=(), body=""):
        """Answers a request that came."""
        fields = [f"{name}: {value}" for name, value in request.fields if name.lower() in ("via", "v", "from", "f", "to", "t", "call-id", "i", "cseq")]
        more = list(headers) + (["Content-Type: application/sdp"] if body else [])
        self.send("\r\n".join([f"SIP/2.0 {line}", *fields, *more, f"Content-Length: {len(body)}"]) + "\r\n\r\n" + body)

    def invite(self, body=None, **more):
        """The final answer to an INVITE; its dialog is this phone's."""
        answer = self.transact(self.build("INVITE", body=self.sdp() if body is None else body, **more))
        found = re.search(r";tag=([^;>\s]+)", answer.get("To"))
        if answer.status < 300 and found:
            self.to_tag = found[1]
        if answer.status >= 300:
            tag, self.to_tag = self.to_tag, found[1] if found else None
            branch = re.search(r"branch=([^;\s]+)", answer.get("Via"))[1]
            self.send(self.build("ACK", seq=self.seq, branch=branch))
            self.to_tag = tag
        return answer

    def ack(self, body=""):
        self.send(self.build("ACK", seq=self.seq, body=body))

    def call(self, **more):
        """INVITE, 200, ACK. The answer."""
        answer = self.invite(**more)
        assert answer.status == 200, answer.first
        self.ack()
        return answer

    def bye(self):
        answer = self.ask("BYE")
        self.forget()
        return answer

    def press(self, digits):
        """By INFO."""
        for digit in digits:
            answer = self.ask("INFO", body=f"Signal={digit}\r\nDuration=160\r\n", content_type="application/dtmf-relay")
            assert answer.status == 200, answer.first

    def close(self):
        self.socket.close()
        self.media.close()
