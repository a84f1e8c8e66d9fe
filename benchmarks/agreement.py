#!/usr/bin/env python3
"""agreement.py --shared DIR [--texts DIR] [--sohoa BIN]

Compares `sohoa eval` with the independent scorer in DIR/tools/score.py, and with jiwer and dinglehopper where they are
installed, on every reference text in DIR: reports against themselves stripped of their marks and against the bad text layer,
pages of scans against themselves damaged by two recipes of `sohoa degrade`, and against what --texts holds for them (files
named scans_synth_L2_001-page01.txt and the like). Exits 1 where a difference is over 0.05 points.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import unicodedata

KEYS = {"cer": "CER", "wer": "WER", "wer_tokens": "WER_punct", "syllable_accuracy": "syll_acc", "syllable_recall": "syll_recall",
        "tone_mark_error_rate": "diacritic_only", "letter_error_rate": "letter_err", "digit_exact": "digit_acc", "digit_found": "digit_bag"}


def stripped(text):
    text = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in text if not unicodedata.combining(c))


def pairs(shared, texts, damaged):
    """(name, reference text, other text)"""
    for clean in sorted((shared / "data/reports").glob("*.clean.txt")):
        text = clean.read_text()
        yield f"{clean.stem}, stripped", text, stripped(text)
        observed = clean.with_name(clean.name.replace(".clean", ".ocr"))
        if observed.exists():
            yield observed.stem, text, observed.read_text()
    for truth in sorted((shared / "data/scans").rglob("*.gt.txt")):
        folder = "_".join(truth.parent.relative_to(shared / "data").parts)
        name = f"{folder}_{truth.name[:-len('.gt.txt')]}"
        # The pages of the four levels of a report have the same text.
        if folder in ("scans_real", "scans_synth_L0"):
            for recipe in ("english", "worn"):
                yield f"{name}, {recipe}", truth.read_text(), damaged(truth, recipe)
        if texts and (texts / f"{name}.txt").exists():
            yield f"{name}, read", truth.read_text(), (texts / f"{name}.txt").read_text()


def others(scorer, truth, text):
    """The rates of jiwer and dinglehopper by the name of ours that they are compared with. Both define their rates on the text
    that they are given; it is given as we score it."""
    a, b = scorer.normalise(truth), scorer.normalise(text)
    found = {}
    try:
        import jiwer

        found |= {("jiwer", "cer"): jiwer.cer(a, b), ("jiwer", "wer_tokens"): jiwer.wer(a, b)}
        found[("jiwer, our syllables", "wer")] = jiwer.wer(" ".join(scorer.sylls(a)), " ".join(scorer.sylls(b)))
    except ImportError:
        pass
    try:
        from dinglehopper.character_error_rate import character_error_rate
        from dinglehopper.edit_distance import distance
        from dinglehopper.word_error_rate import words_normalized

        # Its own word_error_rate does not take text since multimethod 2; this is what stands in it.
        words = list(words_normalized(a))
        found |= {("dinglehopper", "cer"): character_error_rate(a, b), ("dinglehopper", "wer_words"): distance(words, list(words_normalized(b))) / len(words)}
    except ImportError:
        pass
    return found


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--shared", type=pathlib.Path, required=True)
    options.add_argument("--texts", type=pathlib.Path)
    options.add_argument("--sohoa", default=pathlib.Path(__file__).resolve().parents[1] / "target/release/sohoa")
    given = options.parse_args()
    sys.path.insert(0, str(given.shared / "tools"))
    import score as scorer

    def damaged(truth, recipe):
        return subprocess.run([given.sohoa, "degrade", truth, "--recipe", recipe], check=True, capture_output=True, text=True).stdout

    largest, count = {}, 0
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for name, truth, text in pairs(given.shared, given.texts, damaged):
            count += 1
            (folder / "truth.txt").write_text(truth)
            (folder / "text.txt").write_text(text)
            done = subprocess.run([given.sohoa, "eval", folder / "truth.txt", folder / "text.txt", "--json"], check=True, capture_output=True)
            ours = json.loads(done.stdout)["total"]
            theirs = scorer.score(text, truth, use_body=False)
            rates = {("score.py", key): theirs[name_there] for key, name_there in KEYS.items()} | others(scorer, truth, text)
            for (who, key), rate in rates.items():
                difference = abs(rate - ours[key])
                largest[(who, key)] = max(largest.get((who, key), (0.0, "")), (difference, name))
    print(f"{count} pairs; the largest differences in points:")
    for (who, key), (difference, name) in largest.items():
        print(f"  {who:22} {key:22} {100 * difference:.4f}  {name if difference else ''}")
    sys.exit(any(100 * difference > 0.05 for difference, _ in largest.values()))


if __name__ == "__main__":
    main()
