#!/usr/bin/env python3
"""certainty.py PLACES TRUTH

Fits the weights of `dictionaries/certainty.tsv`: a network of one hidden layer, apart for words, figures and codes, that says whether what the line
network reads at a place by itself is right. PLACES holds a folder a set with NAME@PAGE.json, as `cargo run --release --example certainty OUT PAGE...`
writes them; TRUTH holds NAME.gt.txt, what is printed. Each line of a page is looked up in the truth wherever it stands there; what is not found is
no print and teaches nothing. Prints what each bar leaves to the slow recogniser and what it leaves wrong, on documents that were not fitted
on (four folds by document), then the file's rows fitted on all. Needs numpy, scipy and edlib (requirements.txt).
"""
import argparse
import json
import pathlib
import re

import edlib
import numpy
from scipy.optimize import minimize

from fit import normal

KINDS = ["word", "figure", "code"]
# Hidden units by kind: there are few figures and codes to learn from.
UNITS = [16, 4, 4]
BARS = [(0.9, 0.99), (0.95, 0.99), (0.95, 0.999), (0.98, 0.99), (0.98, 0.999), (0.99, 0.999), (0.995, 0.999), (0.999, 0.9995)]
FOLDS = 4
RIDGE = 1.0


def places(lines, truth):
    """The places of the lines that are found in the truth, each with whether it is right."""
    truth = " " + " ".join(normal(truth).split()) + " "
    for line in lines:
        line = [p for p in line if p["text"]]
        text, spans = "", []
        for place in line:
            first = normal(place["text"])
            text += " " if text else ""
            spans.append((len(text) + 1, len(text) + 1 + len(first)))
            text += first
        found = edlib.align(" " + text + " ", truth, mode="HW", task="path")
        if not line or found["editDistance"] > max(3, 0.3 * len(text)):
            continue
        lies, at = [], found["locations"][0][0]
        for count, step in re.findall(r"(\d+)(.)", found["cigar"]):
            for _ in range(int(count)):
                if step in "=XMI":
                    lies.append(at)
                at += step != "I"
        lies.append(at)
        for (start, end), place in zip(spans, line):
            start, end = lies[start], lies[end]
            # A truth begins and ends with a word: two letters are as much as an alignment is off.
            head, tail = truth.rfind(" ", 0, start) + 1, truth.find(" ", end)
            start = head if start - head <= 2 else start
            tail = len(truth) if tail < 0 else tail
            end = tail if tail - end <= 2 else end
            yield {**place, "right": truth[start:end].strip() == normal(place["text"]), "letters": len(place["text"])}


def read(folder, truths):
    for file in sorted(folder.glob("*/*.json")):
        name = file.stem.rsplit("@", 1)[0]
        truth = (truths / f"{name}.gt.txt").read_text()
        for place in places(json.loads(file.read_text()), truth):
            yield {**place, "set": file.parent.name, "document": re.sub(r"-p(age)?\d+$", "", name)}


class Judge:
    """A hidden layer of hyperbolic tangents over numbers of mean 0 and spread 1, and the sum of it: the log odds of being right."""

    def __init__(self, numbers, right, units):
        self.mean, self.scale = numbers.mean(0), numbers.std(0)
        self.scale[self.scale == 0] = 1
        scaled = (numbers - self.mean) / self.scale
        inputs = scaled.shape[1]
        chance = numpy.random.default_rng(0)
        start = numpy.r_[chance.normal(0, inputs**-0.5, inputs * units), chance.normal(0, 0.3, units), numpy.zeros(units + 1)]

        def parts(all):
            return numpy.split(all, [inputs * units, (inputs + 1) * units, (inputs + 2) * units])

        def loss(all):
            weights, offsets, outer, constant = parts(all)
            weights = weights.reshape(inputs, units)
            hidden = numpy.tanh(scaled @ weights + offsets)
            sums = hidden @ outer + constant
            slope = 1 / (1 + numpy.exp(-sums)) - right
            inner = numpy.outer(slope, outer) * (1 - hidden**2)
            slopes = [(scaled.T @ inner + 2 * RIDGE * weights).ravel(), inner.sum(0), hidden.T @ slope + 2 * RIDGE * outer, [slope.sum()]]
            return numpy.logaddexp(0, -sums * (2 * right - 1)).sum() + RIDGE * ((weights**2).sum() + (outer**2).sum()), numpy.concatenate(slopes)

        found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
        self.weights, self.offsets, self.outer, self.constant = parts(found)
        self.weights = self.weights.reshape(inputs, units)

    def __call__(self, numbers):
        sums = numpy.tanh((numbers - self.mean) / self.scale @ self.weights + self.offsets) @ self.outer + self.constant
        return 1 / (1 + numpy.exp(-sums))

    def rows(self):
        """What the program reads, the scaling worked into the weights."""
        weights = self.weights / self.scale[:, None]
        yield "constant", [self.constant[0]]
        for outer, offset, unit in zip(self.outer, self.offsets - self.mean @ weights, weights.T):
            yield "unit", [outer, offset, *unit]


def fit(data, kind):
    mine = [p for p in data if p["kind"] == kind]
    return Judge(numpy.array([p["signs"] for p in mine], float), numpy.array([p["right"] for p in mine], float), UNITS[kind])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("places", type=pathlib.Path)
    parser.add_argument("truth", type=pathlib.Path)
    args = parser.parse_args()
    data = list(read(args.places, args.truth))
    documents = sorted({p["document"] for p in data})
    for fold in range(FOLDS):
        held = set(documents[fold::FOLDS])
        for kind in range(len(KINDS)):
            judge = fit([p for p in data if p["document"] not in held], kind)
            mine = [p for p in data if p["document"] in held and p["kind"] == kind]
            for place, certainty in zip(mine, judge(numpy.array([p["signs"] for p in mine], float)) if mine else []):
                place["certainty"] = certainty
    for name in sorted({p["set"] for p in data}):
        mine = [p for p in data if p["set"] == name]
        letters = sum(p["letters"] for p in mine)
        print(f"{name}: {len(mine)} places, wrong {[sum(not p['right'] for p in mine if p['kind'] == k) for k in range(3)]}")
        for word, other in BARS:
            stands = [p for p in mine if p["certainty"] >= (other if p["kind"] else word)]
            wrong = [sum(not p["right"] for p in stands if p["kind"] == k) for k in range(3)]
            left = 1 - sum(p["letters"] for p in stands) / letters
            print(f"  bars {word:g}, {other:g}: {100 * left:.1f} % of letters are asked for; of what stands is wrong {wrong}")
    for kind, name in enumerate(KINDS):
        for row, numbers in fit(data, kind).rows():
            print(name, row, *(f"{n:.5g}" for n in numbers), "fitted", sep="\t")


if __name__ == "__main__":
    main()
