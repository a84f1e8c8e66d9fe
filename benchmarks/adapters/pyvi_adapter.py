"""pyvi_adapter.py FILE: pyvi's CRF for marks, line by line; it writes small letters, so the case of the input is put back."""

import sys

from pyvi import ViUtils

with open(sys.argv[1], encoding="utf-8") as text:
    for line in text:
        words = line.split()
        restored = ViUtils.add_accents(" ".join(words)).split() if words else []
        if len(restored) == len(words):
            cased = []
            for before, after in zip(words, restored):
                upper = before.isupper() and len(before) > 1
                cased.append(after.upper() if upper else after[:1].upper() + after[1:] if before[:1].isupper() else after)
            restored = cased
        print(" ".join(restored))
