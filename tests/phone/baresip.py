"""A real phone: baresip, led by its keyboard."""
import itertools
import math
import os
import pathlib
import re
import select
import struct
import subprocess
import tempfile
import time

PATIENCE = 20
MODULES = "/usr/lib/baresip/modules"

CONFIG = """poll_method epoll
sip_listen 127.0.0.1:0
{certificate}
call_local_timeout 30
audio_source ausine,{tone}
audio_player aubridge,{name}
audio_alert aubridge,{name}
ausrc_srate 48000
ausrc_channels 2
audio_level no
rtp_stats no
jitter_buffer_delay 1-2
net_interface 127.0.0.1
module_path {modules}
module stdio.so
module ausine.so
module aubridge.so
{recorder}
module g711.so
module g722.so
module opus.so
module srtp.so
module dtls_srtp.so
module_app account.so
module_app menu.so
"""


def read_heard(folder):
    """The last second of what was heard, and how many samples that is; or None where it was not that long."""
    data = b"".join(path.read_bytes() for path in folder.glob("*-dec.wav"))
    if len(data) < 44:
        return None
    rate, = struct.unpack_from("<I", data, 24)
    channels, = struct.unpack_from("<H", data, 22)
    samples = struct.unpack(f"<{(len(data) - 44) // 2}h", data[44:44 + (len(data) - 44) // 2 * 2])[::channels][-rate:]
    return (samples, rate) if len(samples) == rate else None


def get_power(samples):
    return sum(sample * sample for sample in samples) / len(samples)


def hears(folder, tone):
    """Whether the last second of what was heard is mostly that tone."""
    if (heard := read_heard(folder)) is None:
        return False
    samples, rate = heard
    power = get_power(samples)
    re, im = (sum(s * f(2 * math.pi * tone * i / rate) for i, s in enumerate(samples)) for f in (math.cos, math.sin))
    return power > 1000 and 2 * (re * re + im * im) / rate / rate > power / 2


def find_loudest(samples, rate, tones):
    """Which of these is loudest, where most of it is that."""
    def power(tone):
        re, im = (sum(s * f(2 * math.pi * tone * i / rate) for i, s in enumerate(samples)) for f in (math.cos, math.sin))
        return 2 * (re * re + im * im) / len(samples) ** 2
    best = max(tones, key=power)
    return best if get_power(samples) > 1000 and power(best) > get_power(samples) / 2 else None


def heard_once(folder, tones):
    """Whether in the last second there was one of these tones after the other, each for 60 ms at least."""
    if (heard := read_heard(folder)) is None:
        return False
    samples, rate = heard
    n = rate // 50
    found = [find_loudest(samples[at:at + n], rate, tones) for at in range(0, rate - n, n)]
    runs = [(tone, sum(1 for _ in group)) for tone, group in itertools.groupby(found)]
    long = [tone for tone, length in runs if tone is not None and length >= 3]
    return tuple(long) == tones


def hears_nothing(folder):
    """Whether a second long there was nothing, neither people nor words of ours."""
    return (heard := read_heard(folder)) is not None and get_power(heard[0]) < 100


class Baresip:
    """`account`: parameters of it, such as "audio_codecs=pcma;dtmfmode=info"; `tone`: what it says, in Hz; `heard`: a folder for a WAV file of what it hears."""

    def __init__(self, account="", transport="udp", trusted=None, tone=440, heard=None):
        self.directory = tempfile.TemporaryDirectory(prefix="conclave-baresip-")
        folder = pathlib.Path(self.directory.name)
        certificate = f"sip_cafile {trusted}" if trusted else ""
        (folder / "config").write_text(CONFIG.format(
            name=folder.name, modules=MODULES, certificate=certificate, tone=tone,
            recorder=f"module sndfile.so\nsnd_path {heard}" if heard else ""))
        (folder / "accounts").write_text(f"<sip:+4930123456@127.0.0.1;transport={transport}>;regint=0;{account}\n")
        self.text = ""
        self.process = subprocess.Popen(["baresip", "-f", str(folder), "-v"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, env={**os.environ, "HOME": str(folder)})
        os.set_blocking(self.process.stdout.fileno(), False)
        self.wait("baresip is ready")

    def read(self, left):
        if select.select([self.process.stdout], [], [], left)[0]:
            more = self.process.stdout.read()
            if more:
                self.text += more.decode(errors="replace")
            elif self.process.poll() is not None:
                raise AssertionError(f"baresip ended\n{self.text[-3000:]}")

    def wait(self, pattern, patience=PATIENCE):
        """Until it has printed that; what came before is forgotten."""
        until = time.monotonic() + patience
        while not (found := re.search(pattern, self.text)):
            left = until - time.monotonic()
            if left <= 0:
                raise AssertionError(f"baresip did not print {pattern!r} in {patience} s\n{self.text[-3000:]}")
            self.read(left)
        self.text = self.text[found.end():]
        return found

    def keys(self, text, pause=0.12):
        """Presses keys, each for a moment."""
        for key in text:
            self.process.stdin.write(key.encode())
            self.process.stdin.flush()
            time.sleep(pause)

    def dial(self, uri):
        self.process.stdin.write(f"d{uri}\n".encode())
        self.process.stdin.flush()

    def hang_up(self):
        self.keys("b")

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
        self.directory.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *what):
        self.close()
