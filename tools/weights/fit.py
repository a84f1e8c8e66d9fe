#!/usr/bin/env python3
"""fit.py DIR [--hold NAME,NAME...]

Fits the weights of `dictionaries/fusion.tsv`: a conditional logit over the candidates of each place, apart for words, figures and
codes, by maximum likelihood with a ridge around the values in PRIOR (L-BFGS).

DIR holds a pair of files a page: NAME.json, the candidates as `cargo run --release --example evidence NAME.png` writes them (a list of lines, a line a list of
places {"k": kind, "c": [[text, [numbers]], ...]}), and NAME.gt.txt, what is printed. Places are aligned with the truth through
the whole page; a place whose truth nobody proposed teaches nothing. Prints the rows of `dictionaries/fusion.tsv` and the share of places
that are right before and after. Needs numpy, scipy and edlib (requirements.txt).
"""
import argparse
import json
import pathlib
import re
import unicodedata

import edlib
import numpy
from scipy.optimize import minimize

KINDS = ["words", "figures", "codes"]
# By the names of `dictionaries/fusion.tsv`, in the order of `Features` in `ocr/fusion/features.rs`.
PRIORS = {
    "network": 0.5, "distance": 0.7, "tesseract": 0.3, "network_first": 0.3, "plausible": 0.5, "rarity": 0.2, "length": 0.2,
    "unknown_letters": 0.8, "case_changes": 0.5, "odd_signs": 1.0, "joints": 0.6, "section_number": 1.5, "numeration": 1.0,
    "document_number": 9.0, "mixtures": 6.0, "tight_stops": 2.0, "strokes": 6.0, "agreed": 0.3,
}
PRIOR = numpy.array(list(PRIORS.values()))
RIDGE = 1e-3


def normal(text):
    text = unicodedata.normalize("NFC", text)
    return text.translate({ord(c): "-" for c in "–—−"} | {ord(c): '"' for c in "“”„"} | {ord(c): "'" for c in "’‘"})


def places(folder, name):
    """The page's places with their truths: (kind, truth, [(text, numbers)])."""
    truth = " ".join(normal((folder / f"{name}.gt.txt").read_text()).split())
    text, spans, found = "", [], []
    for line in json.loads((folder / f"{name}.json").read_text()):
        for place in line:
            if place["c"]:
                first = normal(place["c"][0][0])
                text += " " if text else ""
                spans.append((len(text), len(text) + len(first)))
                text += first
                found.append(place)
    path = edlib.align(text, truth, mode="NW", task="path")["cigar"]
    lies, at = [], 0
    for count, step in re.findall(r"(\d+)(.)", path):
        for _ in range(int(count)):
            if step in "=XMI":
                lies.append(at)
            at += step != "I"
    lies.append(len(truth))
    for (start, end), place in zip(spans, found):
        start, end = lies[start], lies[end]
        # A truth begins and ends with a word: two letters are as much as an alignment is off.
        head = truth.rfind(" ", 0, start) + 1
        start = head if start - head <= 2 else start
        tail = truth.find(" ", end)
        tail = len(truth) if tail < 0 else tail
        end = tail if tail - end <= 2 else end
        yield place["k"], truth[start:end].strip(), [(normal(t), x) for t, x in place["c"]]


def groups(data, kind):
    for k, truth, candidates in data:
        right = [i for i, c in enumerate(candidates) if c[0] == truth]
        if k == kind and right and len(candidates) > 1:
            yield numpy.array([c[1] for c in candidates], float), right[0]


def loss(weights, all_groups):
    total, slope = 0.0, numpy.zeros_like(weights)
    for numbers, right in all_groups:
        sums = numbers @ weights
        shares = numpy.exp(sums - sums.max())
        shares /= shares.sum()
        total -= numpy.log(shares[right] + 1e-30)
        slope -= numbers[right] - shares @ numbers
    off = weights - PRIOR
    return total / len(all_groups) + RIDGE * off @ off, slope / len(all_groups) + 2 * RIDGE * off


def judge(data, weights):
    for kind, name in enumerate(KINDS):
        ours = [(t, c) for k, t, c in data if k == kind]
        first = sum(c[0][0] == t for t, c in ours)
        chosen = sum(c[int(numpy.argmax(numpy.array([x for _, x in c]) @ weights[kind]))][0] == t for t, c in ours)
        best = sum(any(x == t for x, _ in c) for t, c in ours)
        n = max(1, len(ours))
        print(f"{name}: {len(ours)} places, first {first / n:.2%}, chosen {chosen / n:.2%}, proposed {best / n:.2%}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--hold", default="")
    args = parser.parse_args()
    held = set(filter(None, args.hold.split(",")))
    names = sorted(p.stem for p in args.folder.glob("*.json"))
    seen = [p for n in names if n not in held for p in places(args.folder, n)]
    unseen = [p for n in names if n in held for p in places(args.folder, n)]
    weights = []
    for kind in range(len(KINDS)):
        fitted = minimize(loss, PRIOR, args=(list(groups(seen, kind)),), jac=True, method="L-BFGS-B")
        weights.append(fitted.x)
    for name, row in zip(PRIORS, zip(*weights)):
        print("\t".join([name, *(f"{w:.3f}" for w in row), "fitted"]))
    judge(seen, weights)
    if unseen:
        print("held back:")
        judge(unseen, weights)


if __name__ == "__main__":
    main()
