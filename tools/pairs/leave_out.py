#!/usr/bin/env python3
"""How layers of engines never learned from are restored: leaves one engine out of the channel at a time, and restores its texts.

    leave_out.py --base BASE.tsv --pairs DIR --texts TEXTS.tsv [--bin target/release/sohoa]

BASE.tsv holds the weights before anything was learned of layers; DIR the pairs that `layers.py` made, eng-NAME.tsv each; TEXTS.tsv a
line a text: its name, its engine, its layer and its truth (files), by TABs. The pairs of documents whose engine is that of the text are left out; which
engine a file of pairs has says the line of the same NAME. Prints, a text a line: syllables found again in any order, with the channel as shipped and with
the engine left out; tokens with digits found; and how far the posteriors hold, as what they promise, what is right and the expected
error in twenty bins, of words aligned in order. Needs `rapidfuzz` 3.
"""
import argparse, collections, json, pathlib, re, subprocess, sys, tempfile, unicodedata
from rapidfuzz.distance import Levenshtein

HERE = pathlib.Path(__file__).resolve().parent
# A run of so many words that the truth has not is a block that stands elsewhere, and says nothing of the words in it.
ELSEWHERE = 3


def weights(args, engines, without, folder):
    """The channel learned of all layers but those of an engine."""
    pairs = folder / "pairs"
    pairs.mkdir()
    for file in sorted(args.pairs.glob("eng-*.tsv")):
        if engines.get(file.stem.removeprefix("eng-")) != without:
            (pairs / file.name).write_bytes(file.read_bytes())
    # The recogniser that knows Vietnamese keeps the weights of BASE; learning asks for a pair of it.
    (pairs / "vie-none.tsv").write_text("và\tva\n", encoding="utf-8")
    learned, out = folder / "layers.tsv", folder / "channel.tsv"
    subprocess.run([args.bin, "train", "channel", pairs, "--out", learned], check=True)
    subprocess.run([sys.executable, HERE / "merge.py", args.base, learned, out, "--letters", "0.4", "--parts", "0.7"], check=True)
    return out


def words(text):
    return re.findall(r"\w+", unicodedata.normalize("NFC", text))


def restored(args, layer, channel=None):
    command = [args.bin, "restore", "--json", *(["--channel", channel] if channel else []), layer]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return [json.loads(line) for line in lines]


def recall(truth, tokens, wanted=lambda word: True):
    want = collections.Counter(filter(wanted, truth))
    got = collections.Counter(word for token in tokens for word in words(token["after"]))
    return sum(min(n, got[word]) for word, n in want.items()), sum(want.values())


def graded(truth, tokens):
    """Posterior and rightness of each token with letters, aligned in order, case apart."""
    seen = [(word.lower(), at) for at, token in enumerate(tokens) for word in words(token["after"])]
    right = {}
    for op in Levenshtein.opcodes([word.lower() for word in truth], [word for word, _ in seen]):
        if op.tag == "insert" and op.dest_end - op.dest_start >= ELSEWHERE:
            continue
        for _, at in seen[op.dest_start:op.dest_end]:
            right[at] = right.get(at, True) and op.tag == "equal"
    letters = lambda at: any(c.isalpha() for c in tokens[at]["before"])
    return [(tokens[at]["posterior"], ok) for at, ok in right.items() if letters(at)]


def expected_error(grades):
    bins = collections.defaultdict(float)
    for p, right in grades:
        bins[min(int(20 * p), 19)] += p - right
    return sum(map(abs, bins.values())) / max(1, len(grades))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=pathlib.Path, required=True)
    parser.add_argument("--pairs", type=pathlib.Path, required=True)
    parser.add_argument("--texts", type=pathlib.Path, required=True)
    parser.add_argument("--bin", default="target/release/sohoa")
    args = parser.parse_args()
    texts = [line.split("\t") for line in args.texts.read_text(encoding="utf-8").splitlines()]
    engines = {name: engine for name, engine, _, _ in texts}
    channels, pooled = {}, []
    with tempfile.TemporaryDirectory() as folder:
        for number, engine in enumerate(dict.fromkeys(engines.values())):
            place = pathlib.Path(folder) / str(number)
            place.mkdir()
            channels[engine] = weights(args, engines, engine, place)
        for name, engine, layer, truth in texts:
            truth = words(open(truth, encoding="utf-8").read())
            shipped, out = restored(args, layer), restored(args, layer, channels[engine])
            shares = ["%.2f" % (100 * ok / max(1, n)) for ok, n in (recall(truth, shipped), recall(truth, out))]
            digits = recall(truth, out, lambda word: any(c.isdigit() for c in word))
            grades = graded(truth, out)
            pooled += grades
            promised, right = (sum(x[i] for x in grades) / max(1, len(grades)) for i in (0, 1))
            print("%-16s %-10s shipped %s  left out %s  digits %d/%d  promised %.3f right %.3f error %.4f" % (name, engine, *shares, *digits, promised, right, expected_error(grades)))
    print("posteriors with the engine left out: %d words, expected error %.4f" % (len(pooled), expected_error(pooled)))


if __name__ == "__main__":
    main()
