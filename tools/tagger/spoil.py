#!/usr/bin/env python3
"""Writes reports as made-up recognisers see them, each as another one, to measure restoration with.

    spoil.py --confusions FILE [--only NAME,...] [--seed N] --out DIR REPORT.txt...

DIR/REPORT.layer.txt has the same lines. FILE and NAME are of `confusions.py`; name those that the tagger was not trained with. Recognisers that misread
less than LEAST or more than MOST of the words are drawn anew. DIR/texts.tsv is what `tools/pairs/leave_out.py` takes as its texts.
"""
import argparse, json, pathlib, unicodedata
import numpy as np
import noise
from text import ALPHABET

LEAST, MOST = 0.45, 0.85


def seen(text, rng, sources):
    """The lines of a text, and the share of its words that are not as they were."""
    habits, table = noise.engine(rng, sources)
    ways = {c: (list(w), np.cumsum(list(w.values()))) for c, w in table.items()}
    lines, words, wrong = [], 0, 0
    for line in text.split("\n"):
        runs, joined = [], False
        for word in line.split():
            if rng.random() < habits["lost"]:
                continue
            made = ""
            for c in unicodedata.normalize("NFC", word):
                if c in ways:
                    strings, until = ways[c]
                    c = strings[min(np.searchsorted(until, rng.random() * until[-1]), len(strings) - 1)]
                made += c
                if rng.random() < habits["sign"]:
                    made += ALPHABET[rng.integers(3, len(ALPHABET))]
                if made and rng.random() < habits["torn"]:
                    made += " "
            words, wrong = words + 1, wrong + (made != word)
            if joined:
                runs[-1] += made
            else:
                runs.append(made)
            joined = rng.random() < habits["joined"]
        lines.append(" ".join(run for run in runs if run.strip()))
    return lines, wrong / max(1, words)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--confusions", required=True)
    parser.add_argument("--only")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("reports", nargs="+", type=pathlib.Path)
    args = parser.parse_args()
    sources = json.load(open(args.confusions, encoding="utf-8"))
    if args.only:
        sources = {name: sources[name] for name in args.only.split(",")}
    args.out.mkdir(parents=True, exist_ok=True)
    rng, rows = np.random.default_rng(args.seed), []
    for report in args.reports:
        text = report.read_text(encoding="utf-8")
        lines, wrong = seen(text, rng, sources)
        while not LEAST <= wrong <= MOST:
            lines, wrong = seen(text, rng, sources)
        layer = args.out / (report.stem + ".layer.txt")
        layer.write_text("\n".join(lines), encoding="utf-8")
        rows.append("%s\t%s\t%s\t%s\n" % (report.stem, report.stem, layer, report))
    (args.out / "texts.tsv").write_text("".join(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
