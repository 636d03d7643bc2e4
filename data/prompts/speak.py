#!/usr/bin/env python3
"""speak.py ESPEAK LANGUAGE TEXTS FOLDER: what callers hear. Speaks each line "NAME: words" of TEXTS by espeak-ng into
NAME.wav (mono, 16 bit, 16 kHz) of FOLDER, which is made anew."""
import io
import pathlib
import shutil
import subprocess
import sys
import warnings
import wave

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import audioop

RATE = 16000

espeak, language, texts, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]), pathlib.Path(sys.argv[4])


def speak(words):
    """Samples, 16 bit, of the rate that the voice has."""
    wav = subprocess.run([espeak, "-v", language, "-s", "150", "-a", "120", "--stdin", "--stdout"], input=words.encode(),
                         stdout=subprocess.PIPE, check=True).stdout
    # the length in its head is not that of a pipe
    with wave.open(io.BytesIO(wav)) as file:
        rate = file.getframerate()
    return audioop.ratecv(wav[44:], 2, 1, rate, RATE, None)[0]


shutil.rmtree(folder, ignore_errors=True)
folder.mkdir(parents=True)
for line in texts.read_text(encoding="utf-8").splitlines():
    if line.startswith("#") or not line.strip():
        continue
    name, words = line.split(": ", 1)
    with wave.open(str(folder / f"{name}.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(speak(words))
