#!/usr/bin/env python3
"""Pairs of what is printed and what an office scanner's software made of it, out of scanned PDFs with a bad text layer.

    layers.py DOC.pdf READ.txt [--skip 1,3] > eng-DOC.tsv

READ.txt is what `sohoa read DOC.pdf --text-layer ignore` made of the image, its pages separated by form feeds. Each page's layer is aligned
with it letter by letter, marks and case apart; a chunk between two spaces that both have is a pair where it is one or two words and most of
its letters agree. Pages that were read badly, and pages that something is measured on, are left out with --skip. Needs `rapidfuzz` 3 and,
from Debian, `poppler-utils`.
"""
import argparse, re, subprocess, unicodedata
from rapidfuzz.distance import Levenshtein

# Of a chunk at most this share of letters may differ; beyond it the two are hardly the same word.
MOST_DIFFERENT = 0.6


def bare(c):
    return unicodedata.normalize("NFD", c.replace("đ", "d").replace("Đ", "d"))[0].lower()


def squashed(text):
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()


def pairs(printed, seen):
    """The chunks of two texts that stand in each other's place."""
    a, b = "".join(map(bare, printed)), "".join(map(bare, seen))
    cuts = [(0, 0)]
    for op in Levenshtein.opcodes(a, b):
        if op.tag == "equal":
            cuts += [(i, op.dest_start + i - op.src_start) for i in range(op.src_start, op.src_end) if a[i] == " "]
    cuts.append((len(printed), len(seen)))
    for (i, j), (k, l) in zip(cuts, cuts[1:]):
        word, made = printed[i:k].strip(), seen[j:l].strip()
        if not word or not made or word.count(" ") > 1 or made.count(" ") > 1:
            continue
        longest = max(len(word), len(made))
        different = Levenshtein.distance("".join(map(bare, word)), "".join(map(bare, made)))
        if longest <= 2 or different <= MOST_DIFFERENT * longest:
            yield word, made


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pdf")
    parser.add_argument("read")
    parser.add_argument("--skip", default="", help="pages to leave out, numbered from 1")
    args = parser.parse_args()
    skip = {int(page) for page in args.skip.split(",") if page}
    for page, printed in enumerate(open(args.read, encoding="utf-8").read().split("\f"), 1):
        if page in skip:
            continue
        layer = ["pdftotext", "-f", str(page), "-l", str(page), args.pdf, "-"]
        seen = subprocess.run(layer, capture_output=True, text=True, check=True).stdout
        for word, made in pairs(squashed(printed), squashed(seen)):
            print(f"{word}\t{made}")


if __name__ == "__main__":
    main()
