#!/usr/bin/env python3
"""sharpen.py BASE.npz WEIGHTS.npz OUT.npz --lines NAME [--most 400]

Makes the trained network as sure of what it reads as BASE is: what is weighed against it (language, the other recogniser) was fitted to BASE, and a
network trained for a short time on lines whose text is not always right says the same with less contrast. On the steps of the strips of NAME at which
both read the same letter, the log odds of that letter are compared by their medians, and the last layer is made so many times larger.
"""
import argparse

import numpy
import torch

from data import batch, told
from net import Net


@torch.no_grad()
def odds(net, base, lines):
    """The log odds of the letter at each step at which both read the same, by `net` and by `base`."""
    found = []
    for ink, _ in lines:
        inks, widths = map(torch.tensor, batch([ink]))
        (ours, length), (theirs, _) = net(inks, widths), base(inks, widths)
        ours, theirs = ours[0, : int(length)].double(), theirs[0, : int(length)].double()
        best = theirs.argmax(-1)
        same = (best == ours.argmax(-1)) & (best != 0)
        for logs in (ours, theirs):
            top = logs.gather(1, best[:, None])[:, 0]
            rest = logs.scatter(1, best[:, None], -torch.inf).logsumexp(-1)
            found.append((top - rest)[same])
    return torch.cat(found[::2]), torch.cat(found[1::2])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("base", "weights", "out"):
        parser.add_argument(name)
    parser.add_argument("--lines", required=True)
    parser.add_argument("--most", type=int, default=400)
    args = parser.parse_args()
    torch.set_num_threads(1)
    lines = told(args.lines)
    lines = lines[:: max(1, len(lines) // args.most)]
    base, weights = Net(numpy.load(args.base)), dict(numpy.load(args.weights))
    times = 1.0
    for _ in range(3):
        sharper = {k: v * (numpy.float32(times) if k.startswith("rec.head.") else 1) for k, v in weights.items()}
        ours, theirs = odds(Net(sharper), base, lines)
        print(f"{times:.3f}: {len(ours)} steps, quarters of the log odds {ours.quantile(torch.tensor([.25, .5, .75], dtype=torch.double)).tolist()}, before {theirs.quantile(torch.tensor([.25, .5, .75], dtype=torch.double)).tolist()}")
        times *= float(theirs.median() / ours.median())
    numpy.savez(args.out, **{k: v * (numpy.float32(times) if k.startswith("rec.head.") else 1) for k, v in weights.items()})
    print(f"{times:.3f} times")


if __name__ == "__main__":
    main()
