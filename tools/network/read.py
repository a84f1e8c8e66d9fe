#!/usr/bin/env python3
"""read.py REC.onnx META.json STRIPS OUT [--truth DIR] [--sure] [--not DIR]

Gathers the strips of a folder, as `examples/strips.rs` writes them, into OUT.strips and OUT.jsonl with what each says. That is looked up in
TRUTH/NAME.gt.txt, or in page PAGE of TRUTH/NAME.txt, by what the old network reads; strips that are not found there are left out. With --sure the text
is the program's own reading and believed only where the two hardly differ, and all strips are kept, those without text to be read as before.
Pages that read like a text of NOT are left out whole. Needs numpy, onnxruntime and edlib.
"""
import argparse
import json
import pathlib
import re
import unicodedata

import edlib
import numpy
import onnxruntime

from data import batch, strips
from lines import SAME


def reader(network, alphabet):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(network, options)

    def read(ink):
        shown, widths = batch([ink])
        ids, lengths = session.run(["ids", "lengths"], {"x": shown[:, None], "widths": widths.astype(numpy.int64)})
        best = ids[0][:lengths[0]].tolist()
        return "".join(alphabet[k - 1] for k, before in zip(best, [0] + best) if k and k != before)

    return read


def flat(text):
    return " ".join(unicodedata.normalize("NFC", text).translate(SAME).split())


def found(said, lines):
    """The line, or the whole words of one, that are most like what was read, and how many letters they differ by."""
    best = ("", len(said) + 1)
    for line in lines:
        if abs(len(line) - len(said)) <= 0.5 * len(line):
            distance = edlib.align(said, line, k=min(best[1], len(said)))["editDistance"]
            if 0 <= distance < best[1]:
                best = line, distance
    for line in lines:
        if best[1] > 2 and 3 < len(said) < 0.8 * len(line):
            seen = edlib.align(said, line, mode="HW", task="locations", k=best[1])
            if 0 <= seen["editDistance"] < best[1]:
                start, end = seen["locations"][0]
                start, end = line.rfind(" ", 0, start + 1) + 1, line.find(" ", end)
                part = line[start:end if end >= 0 else len(line)]
                distance = edlib.align(said, part)["editDistance"]
                if distance < best[1]:
                    best = part, distance
    return best


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("network", "alphabet", "folder", "out"):
        parser.add_argument(name, type=pathlib.Path)
    parser.add_argument("--truth", type=pathlib.Path)
    parser.add_argument("--sure", action="store_true")
    parser.add_argument("--not", dest="never", type=pathlib.Path, nargs="*", default=[])
    args = parser.parse_args()
    alphabet = json.loads(args.alphabet.read_text())["charset"]
    read = reader(args.network, alphabet)
    never = [{w for w in re.findall(r"\S+ \S+ \S+", flat(f.read_text()))} for d in args.never for f in d.glob("*.gt.txt")]
    kept = asked = 0
    with open(f"{args.out}.strips", "wb") as out, open(f"{args.out}.jsonl", "w") as rows:
        for file in sorted(args.folder.glob("*.strips")):
            name, page = file.stem.rsplit("@", 1)
            inks = strips(file) if file.stat().st_size else []
            said = [flat(read(ink)) for ink in inks]
            whole = " ".join(said)
            if any(sum(w in whole for w in words) > 0.3 * len(words) for words in never):
                print("left out, as it is one to measure on:", file.stem)
                continue
            lines = []
            if args.truth:
                exact = [f for f in (args.truth / f"{name}.gt.txt", args.truth / f"{name}-p{page}.gt.txt", args.truth / f"{name}-page{int(page):02}.gt.txt") if f.exists()]
                text = exact[0].read_text() if exact else ""
                if not exact and (args.truth / f"{name}.txt").exists():
                    text = (args.truth / f"{name}.txt").read_text().split("\f")[int(page) - 1]
                lines = [flat(p) for line in text.splitlines() for p in {line, *line.split("\t")} if flat(p)]
            for ink, said in zip(inks, said):
                if ink.shape[1] > 2600:
                    continue
                asked += 1
                text, distance = found(said, lines) if said else ("", 1)
                close = distance <= (0.15 if args.sure else 0.35) * len(text) and len(text) > (3 if args.sure else 0)
                row = {"text": text, "kind": "scan" if args.sure else "page"}
                if not close:
                    if not args.sure:
                        continue
                    row["text"] = ""
                if args.sure or not set(text) <= set(alphabet):
                    row["old"] = True
                kept += bool(row["text"])
                out.write(numpy.uint32(ink.shape[1]).tobytes() + ink.tobytes())
                rows.write(json.dumps(row, ensure_ascii=False) + "\n")
    print(f"{args.out}: {asked} strips, {kept} with text")


if __name__ == "__main__":
    main()
