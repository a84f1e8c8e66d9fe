"""pyvi_adapter.py FILE: pyvi's CRF for marks, line by line. It expects text without any and writes small letters, so a word that has
marks is kept and the case of the input is put back; a line on which it raises an error (a KeyError, where a word looks like no
other) or gives another number of words stays as it is."""

import sys

from words import bare, cased


def put_back(words, restored):
    if len(restored) != len(words):
        return words
    return [cased(before, after) if bare(before) == before else before for before, after in zip(words, restored)]


def main():
    from pyvi import ViUtils

    with open(sys.argv[1], encoding="utf-8") as text:
        for line in text:
            words = line.split()
            try:
                restored = ViUtils.add_accents(" ".join(words)).split() if words else []
            except KeyError:
                restored = words
            print(" ".join(put_back(words, restored)))


if __name__ == "__main__":
    main()
