#!/usr/bin/env python3
"""calibrate.py OUT TRUTH [OUT TRUTH ...]: whether pages are as sure as they are right

OUT is what `sohoa read FILES --out OUT --format json,txt` wrote, TRUTH a folder in which or below which NAME-pN.gt.txt or NAME-pageNN.gt.txt has what is printed on page N of
NAME, or NAME.gt.txt or NAME.txt what is on its only one. Pages without such a text are left aside. Prints, by confidence, how many pages there are, their mean confidence, and the share of the printed syllables that were read, in any order.
"""

import collections
import json
import pathlib
import re
import sys
import unicodedata

EDGES = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 1.01)


def syllables(text):
    return collections.Counter(re.findall(r"\w+", unicodedata.normalize("NFC", text).lower()))


def pages(out, truth):
    texts = {path.name: path for path in truth.rglob("*.txt")}
    for path in sorted(out.glob("*.json")):
        report = json.loads(path.read_text())
        text = path.with_suffix(".txt")
        read = text.read_text().split("\f") if "pages" in report and text.exists() else []
        for page, text in zip(report.get("pages", []), read):
            # Of files of one name in several folders the results are told apart by what they hold.
            number, stem = page["page"], re.sub(r"-[0-9a-f]{8}$", "", path.stem)
            names = [f"{stem}-p{number}.gt.txt", f"{stem}-page{number:02}.gt.txt"]
            names += [f"{stem}.gt.txt", f"{stem}.txt"] if len(read) == 1 else []
            printed = next((texts[name] for name in names if name in texts), None)
            if printed:
                want, got = syllables(printed.read_text()), syllables(text)
                right = sum((want & got).values()) / max(1, sum(want.values()))
                yield page["confidence"] or 0.0, right, f"{path.stem} {number}"


def main():
    folders = [pathlib.Path(a) for a in sys.argv[1:]]
    found = [page for out, truth in zip(folders[::2], folders[1::2]) for page in pages(out, truth)]
    off = 0.0
    for low, high in zip(EDGES, EDGES[1:]):
        own = [p for p in found if low <= p[0] < high]
        if own:
            sure, right = (sum(p[i] for p in own) / len(own) for i in (0, 1))
            off += abs(sure - right) * len(own)
            print(f"{low:.2f} to {min(high, 1):.2f}: {len(own)} pages, confidence {sure:.3f}, syllables read {right:.3f} {'#' * round(40 * right)}")
    print(f"{len(found)} pages, expected error {off / max(1, len(found)):.3f}")
    for sure, right, name in sorted(found, key=lambda p: p[1] - p[0])[:8]:
        print(f"  {name}: {sure:.3f} sure, {right:.3f} read")


main()
