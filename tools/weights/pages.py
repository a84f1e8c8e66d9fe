#!/usr/bin/env python3
"""pages.py --corpora DIR --lexicon DIR --out DIR [--first 0] [--pages 100]

Sets the pages that `dictionaries/certainty.tsv` is fitted on: OUT/good and OUT/poor hold NAME.png, as tools/pairs/make.py sets and damages pages,
OUT/truth holds NAME.gt.txt. The text are lines that the language model was not made from, with heads of letters, names and places of
the lexicon (tools/tagger/corpus.py) among them. A page depends on its number alone. Needs what tools/pairs and tools/tagger need.
"""
import argparse
import pathlib
import random
import subprocess
import sys
import unicodedata
import zlib

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path += [str(ROOT / "pairs"), str(ROOT / "tagger")]
import corpus
import make

# One paragraph in so many is of the heads of letters, names and places.
HEADS = 0.15


def held_out(corpora):
    """The lines that the language model was not made from, in an order fixed by their hash."""
    found = []
    for file in sorted(pathlib.Path(corpora).glob("*/*.txt.zst")):
        with subprocess.Popen(["zstd", "-dcq", file], stdout=subprocess.PIPE) as process:
            for raw in process.stdout:
                line = unicodedata.normalize("NFC", raw.decode("utf-8", "ignore")).strip()
                if 8 <= len(line) <= 900 and make.held_out(line):
                    found.append((zlib.crc32(raw), line))
    return [line for _, line in sorted(found)]


class Source(make.Source):
    def __init__(self, corpora, lexicon):
        super().__init__(corpora, lexicon, share=10_000)
        self.text = held_out(corpora)
        self.heads = corpus.letters(lexicon, 3000, seed=77)

    def paragraph(self, rng, page, index):
        if rng.random() < HEADS:
            return rng.choice(self.heads)
        return super().paragraph(rng, page, index)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("corpora", "lexicon", "out"):
        parser.add_argument("--" + name, required=True, type=pathlib.Path)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--pages", type=int, default=100)
    args = parser.parse_args()
    source = Source(args.corpora, args.lexicon)
    for folder in ("good", "poor", "truth"):
        (args.out / folder).mkdir(parents=True, exist_ok=True)
    for number in range(args.first, args.first + args.pages):
        for hard, name in ((False, "good"), (True, "poor")):
            rng = random.Random(f"cascade {name} {number}")
            dpi = rng.choices([150, 200, 240, 300], [20, 35, 15, 30] if hard else [3, 20, 17, 60])[0]
            # Good and poor pages hold different text.
            grey, lines = make.typeset(source, rng, number + (500 if hard else 0), dpi)
            make.degrade(grey, rng, hard).save(args.out / name / f"{name}{number:03}.png", dpi=(dpi, dpi))
            (args.out / "truth" / f"{name}{number:03}.gt.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
