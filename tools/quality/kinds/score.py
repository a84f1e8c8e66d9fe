#!/usr/bin/env python3
"""score.py DIR OUT [-v]

Of what `sohoa read DIR/*.{png,jpg,pdf} --out OUT` made of the inputs of compose.py: by kind how many are right, and the shares of words and of tokens with digits
that were read. Right is where both are 97 % or more, the pairs of NAME.order.txt stand in order, and what NAME.expect.json asks is so: `enough` in place of 97 %, `absent` words are not in
the text, `diagnostic` is found in a message or hint, `exit` 6 by a page that is partly read or failed, `refused` that the file was not read and the report says
this, or that it was read. Words are counted, wherever they stand; raised digits are not, nor rows of dots. -v says for each that falls short what is missing.
"""

import argparse
import collections
import json
import pathlib
import re
import unicodedata

ENOUGH = 0.97


def words(text):
    text = unicodedata.normalize("NFC", text)
    text = re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹]", "", text)
    # A blank or a leader parts the words at its ends.
    text = re.sub(r"(\. ?){3,}|…+|_{2,}", " ", text)
    text = re.sub("[–—‑−]", "-", text)
    text = re.sub(r"(?<=\d)\s+%", "%", text)
    stripped = (re.sub(r"^[^\w]+|[^\w%]+$", "", word) for word in text.split())
    return [word for word in stripped if word]


def recall(want, got):
    """The share that was read, and what was not. All of nothing was read."""
    lost = collections.Counter(want) - collections.Counter(got)
    return 1 - lost.total() / len(want) if want else 1.0, list(lost.elements())


def numbers(found):
    return [word for word in found if any(letter.isdigit() for letter in word)]


def messages(report):
    """All that the report says, wherever it says it."""
    if isinstance(report, dict):
        for key, value in report.items():
            if isinstance(value, str) and key in ("message", "hint", "error", "reason", "remedy"):
                yield value
            else:
                yield from messages(value)
    elif isinstance(report, list):
        for value in report:
            yield from messages(value)


def disordered(pairs, got):
    """What is wrong in the order. Markers that were not read are left to the words, as long as one pair is there."""
    wrong, seen = [], 0
    for line in pairs.splitlines():
        a, b = ((words(side) or [side])[0] for side in line.split("\t"))
        if a in got and b in got:
            seen += 1
            if got.index(a) > got.index(b):
                wrong.append(f"{a} after {b}")
    return wrong if seen else ["no marker found"]


def unmet(expect, got, report):
    said, wrong = list(messages(report)), []
    found = lambda pattern: any(re.search(pattern, message, re.IGNORECASE) for message in said)
    wrong += [f"{word} is in the text" for word in expect.get("absent", []) if word in got]
    if "diagnostic" in expect and not found(expect["diagnostic"]):
        wrong.append(f"no remark on {expect['diagnostic']}")
    if expect.get("exit") == 6 and not any(page["status"] in ("partly", "failed") for page in report.get("pages", [])):
        wrong.append("all pages are `read`")
    if "refused" in expect and not got and report and not found(expect["refused"]):
        wrong.append(f"refused, not for {expect['refused']}")
    return wrong


def judge(truth, out):
    """The shares of words and numbers, how many words too many, and what is wrong."""
    name = truth.name.removesuffix(".gt.txt")
    beside = lambda ending: truth.with_name(name + ending)
    text, report = out / (name + ".txt"), out / (name + ".json")
    got = words(text.read_text()) if text.exists() else []
    report = json.loads(report.read_text()) if report.exists() else {}
    expect = json.loads(beside(".expect.json").read_text()) if beside(".expect.json").exists() else {}
    want = words(truth.read_text())
    all_words, lost = recall(want, got)
    figures, lost_figures = recall(numbers(want), numbers(got))
    more = (collections.Counter(got) - collections.Counter(want)).total()
    wrong = unmet(expect, got, report)
    if "refused" in expect and not got:
        # That a file is not read is right where it is said; without a report (it was the only one) nothing can be told.
        return (None, None, 0, wrong)
    if min(all_words, figures) < expect.get("enough", ENOUGH):
        wrong.append("missing: " + " ".join(lost[:25]) + (f" ... {len(lost)} words, {len(lost_figures)} with digits" if len(lost) > 25 else ""))
    if beside(".order.txt").exists():
        wrong += disordered(beside(".order.txt").read_text(), got)
    return all_words, figures, more, wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("-v", "--verbose", action="store_true")
    args = parser.parse_args()
    kinds = collections.defaultdict(list)
    for truth in sorted(args.folder.glob("*.gt.txt")):
        kinds[truth.name.split("-")[0]].append((truth.name.removesuffix(".gt.txt"), *judge(truth, args.out)))
    mean = lambda rows, at: (lambda known: f"{100 * sum(known) / len(known):5.1f} %" if known else "      -")([row[at] for row in rows if row[at] is not None])
    for kind, rows in [*kinds.items(), ("all", sum(kinds.values(), []))]:
        right = sum(not row[4] for row in rows)
        print(f"{kind:4} {right:3} of {len(rows):3} right; words {mean(rows, 1)}, with digits {mean(rows, 2)}, {sum(row[3] for row in rows)} words too many")
        for name, all_words, figures, _, wrong in rows if args.verbose and kind != "all" else ():
            if wrong:
                shares = "" if all_words is None else f"{100 * all_words:.1f} % / {100 * figures:.1f} %; "
                print(f"     {name}: {shares}{'; '.join(wrong)}")


if __name__ == "__main__":
    main()
