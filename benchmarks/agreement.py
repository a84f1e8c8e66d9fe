#!/usr/bin/env python3
"""agreement.py --shared DIR [--texts DIR] [--sohoa BIN]

Compares `sohoa eval` with the independent scorer in DIR/tools/score.py, and with jiwer and dinglehopper where they are
installed, on every pair of texts in DIR: each clean report against itself stripped of its marks, the bad text layer, each
page of each scan against what --texts holds for it (files named like the references). Exits 1 over 0.05 points.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import unicodedata


def stripped(text):
    text = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in text if not unicodedata.combining(c))


def pairs(shared, texts):
    """(name, reference text, other text)"""
    reports = shared / "data/reports"
    for clean in sorted(reports.glob("*.clean.txt")):
        text = clean.read_text()
        yield clean.stem, text, stripped(text)
        observed = clean.with_name(clean.name.replace(".clean", ".ocr"))
        if observed.exists():
            yield observed.stem, text, observed.read_text()
    for truth in sorted((shared / "data/scans").rglob("*.gt.txt")):
        folder = "_".join(truth.parent.relative_to(shared / "data").parts)
        text = texts and texts / f"{folder}_{truth.name[:-len('.gt.txt')]}.txt"
        if text and text.exists():
            yield f"{folder}/{truth.stem}", truth.read_text(), text.read_text()


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--shared", type=pathlib.Path, required=True)
    options.add_argument("--texts", type=pathlib.Path)
    options.add_argument("--sohoa", default=pathlib.Path(__file__).resolve().parents[1] / "target/release/sohoa")
    given = options.parse_args()
    sys.path.insert(0, str(given.shared / "tools"))
    import score as scorer

    try:
        import jiwer
    except ImportError:
        jiwer = None
    try:
        from dinglehopper.character_error_rate import character_error_rate
    except ImportError:
        character_error_rate = None
    keys = [("cer", "CER"), ("wer", "WER"), ("syllable_accuracy", "syll_acc"), ("syllable_recall", "syll_recall"), ("digit_exact", "digit_acc"),
            ("tone_mark_error_rate", "diacritic_only"), ("letter_error_rate", "letter_err")]
    largest = dict.fromkeys([key for key, _ in keys] + ["jiwer cer", "jiwer wer", "dinglehopper cer"], (0.0, "none"))
    count = 0
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for name, truth, text in pairs(given.shared, given.texts):
            count += 1
            (folder / "truth.txt").write_text(truth)
            (folder / "text.txt").write_text(text)
            done = subprocess.run([given.sohoa, "eval", folder / "truth.txt", folder / "text.txt", "--json"], check=True, capture_output=True)
            ours = json.loads(done.stdout)["total"]
            theirs = scorer.score(text, truth, use_body=False)
            differences = {key: abs(ours[key] - theirs[name_there]) for key, name_there in keys}
            # Both define their rates on the text that they are given; it is given as we score it.
            a, b = scorer.normalise(truth), scorer.normalise(text)
            if jiwer:
                differences["jiwer cer"] = abs(jiwer.cer(a, b) - ours["cer"])
                differences["jiwer wer"] = abs(jiwer.wer(" ".join(scorer.sylls(a)), " ".join(scorer.sylls(b))) - ours["wer"])
            if character_error_rate:
                differences["dinglehopper cer"] = abs(character_error_rate(a, b) - ours["cer"])
            for key, difference in differences.items():
                largest[key] = max(largest[key], (difference, name))
    print(f"{count} pairs; the largest differences in points:")
    for key, (difference, name) in largest.items():
        print(f"  {key:22} {100 * difference:.4f}  {name}")
    sys.exit(any(100 * difference > 0.05 for difference, _ in largest.values()))


if __name__ == "__main__":
    main()
