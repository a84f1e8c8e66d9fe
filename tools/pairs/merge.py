#!/usr/bin/env python3
"""Mixes what was learned of office scanners' layers into the weights of the English recogniser.

    merge.py BASE.tsv LAYERS.tsv OUT.tsv --letters 0.4 --parts 0.5

Both files are what `sohoa train channel` writes. A unit that both know gets the mixture of its two rows, in these shares of LAYERS; one
that one of them knows keeps its row. The rows of the Vietnamese recogniser are BASE's.
"""
import argparse, math

SIZES = ["letter", "onset", "rime", "syllable"]
# No probability below this is kept.
LEAST = 1e-7


def load(path):
    spaces, rows = None, {}
    for line in open(path, encoding="utf-8"):
        name, size, *fields = line.rstrip("\n").split("\t") if line.startswith("eng\t") else [None, None]
        chance = lambda cost: math.exp(-int(cost) / 100)
        if size == "space":
            spaces = [chance(field) for field in fields]
        elif name:
            rows[size, fields[0]] = chance(fields[1]), dict(zip(fields[2::2], map(chance, fields[3::2])))
    return spaces, rows


def mixed(base, layers, share):
    """The mixture of two rows, each a back-off weight and what is seen."""
    if base is None or layers is None:
        return base or layers
    blend = lambda a, b: (1 - share) * a + share * b
    seen = {s: blend(base[1].get(s, 0), layers[1].get(s, 0)) for s in [*base[1], *sorted(layers[1].keys() - base[1].keys())]}
    return blend(base[0], layers[0]), {s: p for s, p in seen.items() if p > LEAST}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base")
    parser.add_argument("layers")
    parser.add_argument("out")
    parser.add_argument("--letters", type=float, required=True)
    parser.add_argument("--parts", type=float, required=True)
    args = parser.parse_args()
    (spaces, base), (other_spaces, layers) = load(args.base), load(args.layers)
    cost = lambda p: str(max(0, round(-100 * math.log(max(p, 1e-20)))))
    lines = open(args.base, encoding="utf-8").read().splitlines()
    out = lines[:2] + ["\t".join(["eng", "space", *(cost(max(pair)) for pair in zip(spaces, other_spaces))])]
    units = [*base, *sorted(layers.keys() - base.keys())]
    for unit in sorted(units, key=lambda unit: SIZES.index(unit[0])):
        share = args.letters if unit[0] == "letter" else args.parts
        back_off, seen = mixed(base.get(unit), layers.get(unit), share)
        out.append("\t".join(["eng", *unit, cost(back_off), *(field for s, p in seen.items() for field in (s, cost(p)))]))
    out += [line for line in lines if line.startswith("vie\t")]
    open(args.out, "w", encoding="utf-8").write("\n".join(out) + "\n")


if __name__ == "__main__":
    main()
