#!/usr/bin/env python3
"""pages.py --corpora DIR --lexicon DIR --out DIR --program SOHOA [--first 0] [--pages 100]

Sets and damages the pages that the line network is trained on: OUT/NAME.png and OUT/NAME.gt.txt. They are set as tools/pairs/make.py does, of text
that neither the language model nor the certainty is measured on, in all faces but two that are kept for measuring; half of them are damaged by
`sohoa degrade`, half by make.py. A page depends on its number alone.
"""
import argparse
import pathlib
import random
import subprocess
import sys

TOOLS = pathlib.Path(__file__).resolve().parents[1]
sys.path += [str(TOOLS / "pairs"), str(TOOLS / "tagger")]
import corpus
import make

KEPT = "gentium", "open-sans"


class Source(make.Source):
    def __init__(self, corpora, lexicon):
        super().__init__(corpora, lexicon, share=24)
        self.heads = corpus.letters(lexicon, 6000, seed=2024)

    def paragraph(self, rng, page, index):
        return rng.choice(self.heads) if rng.random() < 0.2 else super().paragraph(rng, page, index)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("corpora", "lexicon", "out", "program"):
        parser.add_argument("--" + name, required=True, type=pathlib.Path)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--pages", type=int, default=100)
    args = parser.parse_args()
    make.FAMILIES[:] = [f for f in make.FAMILIES if not any(k in f[1] for k in KEPT)]
    source = Source(args.corpora, args.lexicon)
    args.out.mkdir(parents=True, exist_ok=True)
    for number in range(args.first, args.first + args.pages):
        rng = random.Random(f"network {number}")
        hard, recipe = rng.random() < 0.6, rng.choice([None, None, None, "L1", "L2", "L3", "L3", "fax"])
        dpi = 300 if recipe else rng.choices([100, 150, 200, 240, 300], [10, 25, 30, 10, 25] if hard else [0, 5, 20, 15, 60])[0]
        grey, lines = make.typeset(source, rng, 9000 + number, dpi)
        out = args.out / f"t{number:04}.png"
        if recipe:
            clean = out.with_suffix(".clean.png")
            make.Image.fromarray(grey.astype("uint8")).save(clean, dpi=(dpi, dpi), compress_level=1)
            subprocess.run([args.program, "degrade", "--recipe", recipe, "--seed", str(number), clean, "--out", out], check=True)
            clean.unlink()
        else:
            make.degrade(grey, rng, hard).save(out, dpi=(dpi, dpi), compress_level=1)
        out.with_suffix(".gt.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
