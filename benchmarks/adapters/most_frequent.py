"""most_frequent.py COUNTS FILE: each word becomes the most frequent syllable that has its letters, case kept; the baseline.

COUNTS is a table of syllable, tab, count. A word that already has a mark is left as it is.
"""

import sys
import unicodedata


def bare(text):
    text = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in text if not unicodedata.combining(c))


def main():
    best = {}
    with open(sys.argv[1], encoding="utf-8") as counts:
        for line in counts:
            syllable, _, count = line.rstrip("\n").partition("\t")
            count = count.split("\t")[0]
            if count.isdigit():
                key = bare(syllable.lower())
                best[key] = max(best.get(key, (0, "")), (int(count), syllable.lower()))
    with open(sys.argv[2], encoding="utf-8") as text:
        for line in text:
            out = []
            for word in line.split(" "):
                core = word.strip("\n.,;:()\"'-/")
                found = best.get(core.lower(), (0, core))[1]
                cased = found.upper() if core.isupper() and len(core) > 1 else found.capitalize() if core[:1].isupper() else found
                out.append(word.replace(core, cased, 1) if core else word)
            sys.stdout.write(" ".join(out))


main()
