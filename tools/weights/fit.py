#!/usr/bin/env python3
"""fit.py DIR [--hold NAME,NAME...]

Fits the weights of `ocr/fusion/weights.rs`: a conditional logit over the candidates of each place, apart for words, figures and
codes, by maximum likelihood with a ridge around the values in PRIOR (L-BFGS).

DIR holds a pair of files a page: NAME.json, the candidates as `cargo run --release --example evidence NAME.png` writes them (a list of lines, a line a list of
places {"k": kind, "c": [[text, [numbers]], ...]}), and NAME.gt.txt, what is printed. Places are aligned with the truth through
the whole page; a place whose truth nobody proposed teaches nothing. Prints the weights as Rust and the share of places
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
# Network, distance, Tesseract's, network's first, plausible, rare, length, unknown letters, case, dirt, joints, section, numeration, document number, mixture, tight stops, strokes.
PRIOR = numpy.array([0.5, 0.7, 0.3, 0.3, 0.5, 0.2, 0.2, 0.8, 0.5, 1.0, 0.6, 1.5, 1.0, 9.0, 6.0, 2.0, 6.0])
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
    for row in weights:
        print("    [" + ", ".join(f"{w:.3f}" for w in row) + "],")
    judge(seen, weights)
    if unseen:
        print("held back:")
        judge(unseen, weights)


if __name__ == "__main__":
    main()
