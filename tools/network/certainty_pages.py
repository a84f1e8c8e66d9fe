#!/usr/bin/env python3
"""certainty_pages.py --corpora DIR --lexicon DIR --out DIR --program SOHOA [--first 0] [--pages 60]

Pages beside those of tools/weights/pages.py to fit the certainty of a trained network on: unlike those that it was trained on. A third of the
paragraphs are words of other languages, codes, figures, lists and signs (lines.py) around text that nothing was trained on; half of the pages are in
faces that were kept; all are damaged in other ways, some at a low resolution. OUT/odd holds NAME.png, OUT/truth NAME.gt.txt.
"""
import argparse
import pathlib
import random
import subprocess
import sys

TOOLS = pathlib.Path(__file__).resolve().parents[1]
sys.path += [str(TOOLS / d) for d in ("pairs", "tagger", "weights")]
import lines
import make
import pages

KEPT = "gentium", "open-sans"


class Source(pages.Source):
    def __init__(self, corpora, lexicon):
        super().__init__(corpora, lexicon)
        self.texts = lines.Texts.__new__(lines.Texts)
        self.texts.source, self.texts.heads = self, self.heads

    def paragraph(self, rng, page, index):
        if rng.random() < 0.4:
            return self.texts.line(rng)[0].replace("\v", "")
        return super().paragraph(rng, page, index)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("corpora", "lexicon", "out", "program"):
        parser.add_argument("--" + name, required=True, type=pathlib.Path)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--pages", type=int, default=60)
    args = parser.parse_args()
    kept, known = ([f for f in make.FAMILIES if any(k in f[1] for k in KEPT) == is_kept] for is_kept in (True, False))
    source = Source(args.corpora, args.lexicon)
    for folder in ("odd", "truth"):
        (args.out / folder).mkdir(parents=True, exist_ok=True)
    for number in range(args.first, args.first + args.pages):
        rng = random.Random(f"odd {number}")
        make.FAMILIES[:] = rng.choice([kept, known])
        recipe = rng.choice([None, None, "L1", "L2", "L3", "fax"])
        dpi = 300 if recipe else rng.choice([90, 110, 130, 150, 200, 300])
        grey, said = make.typeset(source, rng, 1200 + number, dpi)
        out = args.out / "odd" / f"odd{number:03}.png"
        if recipe:
            clean = out.with_suffix(".clean.png")
            make.Image.fromarray(grey.astype("uint8")).save(clean, dpi=(dpi, dpi), compress_level=1)
            subprocess.run([args.program, "degrade", "--recipe", recipe, "--seed", str(number), clean, "--out", out], check=True)
            clean.unlink()
        else:
            a = lines.damage(make.Image.fromarray(grey.astype("uint8")), rng, dpi)
            make.Image.fromarray(a.clip(0, 255).astype("uint8")).save(out, dpi=(dpi, dpi), compress_level=1)
        (args.out / "truth" / f"odd{number:03}.gt.txt").write_text("\n".join(said) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
