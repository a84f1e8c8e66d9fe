#!/usr/bin/env python3
"""train.py BASE.npz META.json OUT --lines NAME:SHARE ... --dev NAME ... [--minutes 40] [--rate 2e-4] [--keep 1.0]

Trains the line network on from BASE. A batch are lines of like width; what they say is learned with CTC, and strips marked `old` are to be read as BASE
reads them: the divergence of its letters at each step is added, KEEP times. OUT.npz is the mean of the weights on the way, OUT.last.npz the last ones.
Prints for each DEV set the letters wrong by the best path and, of strips marked `old`, how far they are from BASE.
"""
import argparse
import json
import math
import random
import time

import numpy
import torch
from torch.nn import functional as F

from data import batch, told, wide
from net import Net, greedy

COLUMNS = 20_480


def distance(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a):
        before, row[0] = row[0], i + 1
        for j, y in enumerate(b):
            before, row[j + 1] = row[j + 1], min(before + (x != y), row[j] + 1, row[j + 1] + 1)
    return row[-1]


def batches(sets, shares, rng):
    """Batches of lines of like width, for ever, as many of a width each time."""
    waiting = {}
    while True:
        line = rng.choice(rng.choices(sets, shares)[0])
        at = waiting.setdefault(wide(line[0]), [])
        at.append(line)
        if len(at) >= min(48, COLUMNS // wide(line[0])):
            yield waiting.pop(wide(line[0]))


def vary(ink, widths, rng):
    """A little up or down, narrower, paler or darker, noisier."""
    if rng.random() < 0.4:
        ink = numpy.roll(ink, rng.choice([-2, -1, 1, 2]), axis=1)
    ink = torch.tensor(ink)
    if rng.random() < 0.5:
        columns = ink.shape[2]
        wanted = round(columns * rng.uniform(0.86, 1))
        ink = F.interpolate(ink[:, None], (ink.shape[1], wanted), mode="bilinear", align_corners=False)[:, 0]
        ink = F.pad(ink, (0, columns - wanted))
        widths = numpy.maximum(4, numpy.ceil(widths * wanted / columns)).astype(numpy.int64)
    if rng.random() < 0.4:
        paper, print_ = rng.uniform(0, 0.12), rng.uniform(0.7, 1)
        ink = paper + ink * (print_ - paper)
        ink = ink * (torch.arange(ink.shape[2])[None, None] < torch.tensor(widths)[:, None, None])
    if rng.random() < 0.2:
        ink = (ink + torch.randn(ink.shape) * rng.uniform(0.01, 0.06)).clamp(0, 1)
    return ink, torch.tensor(widths)


def losses(net, base, lines, code, rng, keep):
    inks, widths = vary(*batch([ink for ink, _ in lines]), rng)
    logs, lengths = net(inks, widths)
    texts = [[code[c] for c in row["text"]] if row["text"] and set(row["text"]) <= code.keys() and (not row.get("old") or row["kind"] == "scan") else [] for _, row in lines]
    learn = [i for i, t in enumerate(texts) if t]
    old = [i for i, (_, row) in enumerate(lines) if row.get("old")]
    total, letters = 0.0, sum(map(len, texts)) + 8 * len(old)
    if learn:
        targets = torch.tensor([k for i in learn for k in texts[i]])
        sizes = torch.tensor([len(texts[i]) for i in learn])
        ctc = F.ctc_loss(logs[learn].transpose(0, 1), targets, lengths[learn], sizes, reduction="none", zero_infinity=True)
        total = total + ctc.sum()
    if old:
        with torch.no_grad():
            before, _ = base(inks[old], widths[old])
        mask = (torch.arange(logs.shape[1])[None] < lengths[old][:, None])
        # Where the program's own reading is known, the old network's is followed less.
        weight = torch.tensor([0.3 if texts[i] else 1.0 for i in old])
        total = total + keep * (((before.exp() * (before - logs[old])).sum(-1) * mask).sum(1) * weight).sum()
    return total / letters


@torch.no_grad()
def measure(net, base, dev, alphabet, most=500):
    for name, lines in dev.items():
        wrong = letters = apart = steps = 0
        for ink, row in lines[:: max(1, len(lines) // most)]:
            inks, widths = map(torch.tensor, batch([ink]))
            logs, length = net(inks, widths)
            if row.get("old"):
                before, _ = base(inks, widths)
                apart += float((before.exp() * (before - logs)).sum())
                steps += 1
            else:
                wrong += distance(greedy(logs[0], int(length[0]), alphabet).strip(), row["text"])
                letters += len(row["text"])
        print(f"  {name}: wrong {100 * wrong / max(1, letters):.2f} % of {letters}; apart {apart / max(1, steps):.3f} a strip of {steps}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("base", "alphabet", "out"):
        parser.add_argument(name)
    parser.add_argument("--lines", nargs="+", required=True)
    parser.add_argument("--dev", nargs="*", default=[])
    parser.add_argument("--minutes", type=float, default=40)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--keep", type=float, default=1.0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--from", dest="start", help="weights to go on from")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    alphabet = json.load(open(args.alphabet))["charset"]
    code = {letter: k + 1 for k, letter in enumerate(alphabet)}
    weights = dict(numpy.load(args.base))
    base, net = Net(weights), Net(dict(numpy.load(args.start)) if args.start else weights)
    net.train()
    sets = [told(name.rsplit(":", 1)[0]) for name in args.lines]
    shares = [float(name.rsplit(":", 1)[1]) for name in args.lines]
    dev = {name: told(name) for name in args.dev}
    print([len(s) for s in sets], {n: len(d) for n, d in dev.items()})
    rng, start, steps, seen, mean_loss = random.Random(1), time.time(), 0, 0, 0.0
    smooth = {name: value.detach().clone() for name, value in net.w.items()}
    optimiser = torch.optim.AdamW(net.parameters(), lr=args.rate, weight_decay=1e-4)
    told_at = next_eval = 0.0
    for lines in batches(sets, shares, rng):
        done = (time.time() - start) / (60 * args.minutes)
        if done >= 1:
            break
        rate = args.rate * min(1, (steps + 1) / 150) * (0.5 + 0.5 * math.cos(math.pi * done))
        for group in optimiser.param_groups:
            group["lr"] = rate
        loss = losses(net, base, lines, code, rng, args.keep)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 2.0)
        optimiser.step()
        steps, seen, mean_loss = steps + 1, seen + len(lines), mean_loss + float(loss)
        with torch.no_grad():
            for name, value in smooth.items():
                value.lerp_(net.w[name].detach(), max(0.004, 1 / steps))
        if done - told_at > 1 / 40:
            print(f"{100 * done:.0f} % {steps} batches {seen} lines loss {mean_loss / steps:.4f} rate {rate:.2e}", flush=True)
            told_at = done
            numpy.savez(args.out + ".npz", **{n: v.numpy() for n, v in smooth.items()})
        if done > next_eval + 0.25:
            next_eval += 0.25
            mean = Net({n: v.numpy() for n, v in smooth.items()})
            measure(mean, base, dev, alphabet, 150)
    numpy.savez(args.out + ".npz", **{n: v.numpy() for n, v in smooth.items()})
    numpy.savez(args.out + ".last.npz", **{n: v.detach().numpy() for n, v in net.w.items()})
    print(f"{steps} batches, {seen} lines")
    measure(Net(dict(numpy.load(args.out + ".npz"))), base, dev, alphabet)


if __name__ == "__main__":
    main()
