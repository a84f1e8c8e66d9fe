"""pyvi_adapter.py FILE: pyvi's CRF for marks, line by line. It writes small letters, so the case of the input is put back; a line
on which it raises an error (a KeyError, where a word looks like no other) stays as it is."""

import sys

from pyvi import ViUtils
from words import cased

with open(sys.argv[1], encoding="utf-8") as text:
    for line in text:
        words = line.split()
        try:
            restored = ViUtils.add_accents(" ".join(words)).split() if words else []
        except KeyError:
            restored = words
        if len(restored) == len(words):
            restored = [cased(before, after) for before, after in zip(words, restored)]
        print(" ".join(restored))
