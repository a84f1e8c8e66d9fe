#!/usr/bin/env python3
"""Trains the tagger on text spoiled anew each time.

    train.py --corpora DIR... --lexicon DIR --syllables FILE --confusions FILE [--without NAME,...] --seconds N --out FILE [--from FILE]

Needs a GPU and `torch`, `numpy`, `numba` and `pyarrow`. FILE is a state dictionary in half precision.
"""
import argparse, json, math, multiprocessing, pathlib, queue, threading, time
import numpy as np
import torch
from torch.nn import functional as F
import noise
from corpus import Corpus, letters
from network import SPAN, Tagger
from text import FIRST, NONE, WIDTH, syllables


def engines(job):
    return noise.packed(*job)


class Batches:
    """Rows of spoiled text, made by threads beside the training."""

    def __init__(self, corpus, packs, rows, threads, device, span=SPAN):
        self.queue = queue.Queue(threads + 2)
        self.corpus, self.packs, self.rows, self.span, self.device = corpus, packs, rows, span, device
        for n in range(threads):
            threading.Thread(target=self.make, args=(n,), daemon=True).start()

    def one(self, rng, rows):
        c = self.corpus
        at = rng.integers(len(c.stream), size=rows)
        chars = np.zeros((rows, self.span, WIDTH), np.int64)
        out = np.zeros((rows, self.span, 3), np.int64)
        noise.spoil(c.stream, at, c.spelled, c.sizes, c.labels, c.sign_spelled, c.sign_sizes, noise.UPPER, noise.SWAP, noise.SMALL, noise.DIGITS, noise.SEPARATORS, *self.packs, int(rng.integers(1 << 31)), chars, out)
        return torch.from_numpy(chars.astype(np.uint8)), torch.from_numpy(out.astype(np.int16))

    def make(self, n):
        rng = np.random.default_rng(1000 + n + int(time.time()))
        while True:
            self.queue.put(tuple(t.pin_memory() if self.device == "cuda" else t for t in self.one(rng, self.rows)))

    def next(self):
        chars, out = self.queue.get()
        return chars.to(self.device, non_blocking=True).long(), out.to(self.device, non_blocking=True).long()


# Classes that are weighed against the right one beside those of the batch; what they stand for is made up for in their scores.
SAMPLED = 1024


def narrowed(model, labels):
    """The classes of the labels and a sample of all others: their numbers, by class where it is among them, and what is added to their scores."""
    count = model.classes.out_features
    there = torch.zeros(count, dtype=torch.bool, device=labels.device)
    there[labels] = True
    own, others = there.nonzero().squeeze(1), (~there).nonzero().squeeze(1)
    sample = others[torch.randperm(len(others), device=labels.device)[:SAMPLED]]
    chosen = torch.cat([own, sample])
    place = torch.full((count,), -1, device=labels.device)
    place[chosen] = torch.arange(len(chosen), device=labels.device)
    weight = torch.zeros(len(chosen), device=labels.device)
    weight[len(own):] = math.log(max(1, len(others)) / max(1, len(sample)))
    return chosen, place, model.classes.bias[chosen] + weight


def losses(model, x, out):
    """Cross entropy of the first syllable, of whether a second begins in the token and which, and of the case."""
    x, out = x.flatten(0, 1), out.flatten(0, 1)
    two, words = out[:, 1] != NONE, out[:, 0] >= FIRST
    chosen, place, bias = narrowed(model, torch.cat([out[:, 0], out[two, 1]]))
    weight = model.classes.weight[chosen]
    named = lambda layer, x, labels: F.cross_entropy(F.linear(layer(x), weight, bias), place[labels])
    loss = named(model.first, x, out[:, 0])
    loss = loss + F.binary_cross_entropy_with_logits(model.more(x).float().squeeze(-1), two.float())
    if two.any():
        loss = loss + named(model.second, x[two], out[two, 1]) * two.float().mean()
    return loss + 0.1 * F.cross_entropy(model.case(x[words]).float(), out[words, 2])


def measured(model, batches, rows=96):
    """Shares named right: of words, of all else, of whether a second syllable begins, of cases."""
    with torch.no_grad():
        chars, out = (t.to(batches.device).long() for t in batches.one(np.random.default_rng(5), rows))
        x = model(chars)
        first, more, case = model.named(x), model.more(x).squeeze(-1), model.case(x)
        words = out[..., 0] >= FIRST
        right = (first.argmax(-1) == out[..., 0]).float()
        return "loss %.4f words %.4f others %.4f second %.4f case %.4f" % (
            F.cross_entropy(first.flatten(0, 1), out[..., 0].flatten()), right[words].mean(), right[~words].mean(),
            ((more > 0) == (out[..., 1] != NONE)).float().mean(), (case.argmax(-1) == out[..., 2]).float()[words].mean())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", nargs="+", required=True)
    for name in ("lexicon", "syllables", "confusions", "out"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--without", default="")
    parser.add_argument("--from", dest="start")
    parser.add_argument("--seconds", type=float, default=500)
    parser.add_argument("--rows", type=int, default=512)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--engines", type=int, default=2048)
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--workers", type=int, default=14)
    args = parser.parse_args()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.set_float32_matmul_precision("high")
    torch.set_num_threads(args.threads)
    began = time.time()
    known = syllables(args.syllables)
    sources = {n: s for n, s in json.load(open(args.confusions, encoding="utf-8")).items() if n not in args.without.split(",")}
    files = sorted(f for d in args.corpora for f in pathlib.Path(d).rglob("*.txt.zst"))
    corpus = Corpus(files, letters(args.lexicon, 60_000), known, args.workers)
    print("%d words, %.0f s" % (len(corpus.stream), time.time() - began), flush=True)
    jobs = [(seed, args.engines // args.workers + 1, sources) for seed in range(args.workers)]
    with multiprocessing.get_context("fork").Pool(args.workers) as pool:
        packs = [np.concatenate(arrays) for arrays in zip(*pool.map(engines, jobs, chunksize=1))]
    held = noise.packed(999, 64, sources)
    print("%d engines of %s, %.0f s" % (len(packs[0]), ", ".join(sources), time.time() - began), flush=True)
    model = Tagger(FIRST + len(known)).to(device)
    if args.start:
        model.load_state_dict({k: v.float() for k, v in torch.load(args.start).items()})
    batches = Batches(corpus, packs, args.rows, max(1, args.workers - 2), device)
    unseen = Batches(corpus, held, 1, 0, device)
    if not args.start:
        counts = np.bincount(corpus.labels[corpus.stream[:, 0], 0], minlength=FIRST + len(known)) + 0.5
        model.classes.bias.data = torch.from_numpy(np.log(counts / counts.sum())).float().to(device)
    decay = [p for p in model.parameters() if p.dim() > 1]
    others = [p for p in model.parameters() if p.dim() <= 1]
    optimiser = torch.optim.AdamW([{"params": decay, "weight_decay": 0.05}, {"params": others, "weight_decay": 0.0}], lr=args.rate, betas=(0.9, 0.98), fused=device == "cuda")
    run = torch.compile(model) if args.compile else model
    step, start, total = 0, None, 0.0
    while True:
        chars, out = batches.next()
        with torch.autocast(device, torch.bfloat16):
            loss = losses(model, run(chars), out)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        # The clock begins with the second step: the first compiles.
        start = start or (time.time() if step else None)
        done = min(1.0, (time.time() - start) / args.seconds) if start else 0.0
        for group in optimiser.param_groups:
            group["lr"] = args.rate * min(1, (step + 1) / 400) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done)))
        optimiser.step()
        step += 1
        if step % 250 == 0 or done >= 1:
            print("step %d, %.0f s, loss %.4f; unseen engines: %s" % (step, time.time() - began, loss.item(), measured(model, unseen)), flush=True)
        if step % 1000 == 0 or done >= 1:
            torch.save({k: v.half() for k, v in model.state_dict().items()}, args.out)
        if done >= 1:
            break


if __name__ == "__main__":
    main()
