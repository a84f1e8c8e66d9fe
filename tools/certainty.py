#!/usr/bin/env python3
"""certainty.py --bin target/release/sohoa [--shared ../shared] [--read DIR]

Lists every wrong value that the program is sure of: a confidence over 0.9 and no failing check. Two kinds of truth:
the indicators of data/gold, and the figures of a scan's transcription (NAME-pageNN.gt.txt), found in it by
`sohoa figures` and compared page by page as printed. Without --read the scans are read anew; with it DIR holds one
folder of reports per set (L0, L1, L2, L3, real), as `sohoa read` wrote them. Exits 1 where there is such a value.
Standard library only.
"""
import argparse
import collections
import json
import pathlib
import re
import subprocess
import sys
import tempfile

SURE = 0.9
SCANS = {"001": "truong-thi-2023q2", "003": "cam-giang-2026h1"}


def figures(binary, text):
    out = subprocess.run([binary, "figures"], input=text.encode(), capture_output=True, check=True).stdout
    return json.loads(out)


def sure_figures(report):
    """Figures over the threshold of which no check fails, by id."""
    failing = {c["id"] for c in report["checks"] if c["status"] == "fail"}
    sure = (f for f in report["figures"] if f["confidence"] > SURE and not failing & set(f["checks"]))
    return {f["id"]: f for f in sure}


def against_gold(name, report, gold):
    """Sure indicators whose value is not the one that was found by hand, or that are not there by hand."""
    sure, wrong = sure_figures(report), []
    for indicator, got in report["indicators"].items():
        want = gold["indicators"].get(indicator)
        if got["figure"] in sure and (want is None or abs(got["value"] - want) > 1e-6):
            wrong.append(f"{name}: {indicator} = {got['value']}, by hand {want}, confidence {sure[got['figure']]['confidence']}")
    return wrong, sum(i["figure"] in sure for i in report["indicators"].values())


def against_text(name, binary, report, page, truth):
    """Sure figures of a page whose value and unit are not among those of the page's transcription."""
    # A page's own number is its first line, which only a document of several pages can tell from a figure.
    first, _, rest = truth.partition("\n")
    truth = rest if first.strip() == str(page) else truth
    value = lambda f: (f["value"], f["unit"] == "%")
    printed = collections.Counter(map(value, figures(binary, truth)["figures"]))
    wrong, seen = [], 0
    for figure in sure_figures(report).values():
        if figure["place"]["page"] != page:
            continue
        seen += 1
        if printed[value(figure)] > 0:
            printed[value(figure)] -= 1
        else:
            wrong.append(f"{name}: figure `{figure['raw']}` ({figure['label'][-60:]}), confidence {figure['confidence']}")
    return wrong, seen


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", default="target/release/sohoa")
    parser.add_argument("--shared", type=pathlib.Path, default=pathlib.Path("../shared"))
    parser.add_argument("--read", type=pathlib.Path)
    args = parser.parse_args()
    data, wrong, seen = args.shared / "data", [], 0
    for name in SCANS.values():
        report = figures(args.bin, (data / f"reports/{name}.clean.txt").read_text())
        found, count = against_gold(name, report, json.loads((data / f"gold/{name}.clean.json").read_text()))
        wrong, seen = wrong + found, seen + count
    truth = figures(args.bin, (data / "reports/dai-son-part1.clean.txt").read_text())
    clean = {"indicators": {name: i["value"] for name, i in truth["indicators"].items()}}
    found, count = against_gold("dai-son-part1.ocr", figures(args.bin, (data / "reports/dai-son-part1.ocr.txt").read_text()), clean)
    wrong, seen = wrong + found, seen + count
    for group in ("L0", "L1", "L2", "L3", "real"):
        folder = data / "scans" / (group if group == "real" else f"synth/{group}")
        out = args.read / group if args.read else pathlib.Path(tempfile.mkdtemp())
        if not args.read:
            scans = sorted(p for p in folder.iterdir() if p.suffix in (".pdf", ".png"))
            subprocess.run([args.bin, "read", *scans, "--out", out, "--format", "json"], capture_output=True)
        for truth in sorted(folder.glob("*.gt.txt")):
            stem = truth.name.removesuffix(".gt.txt")
            document, page = re.fullmatch(r"(.+)-p(?:age)?(\d+)", stem).groups()
            path, number = out / f"{document}.json", int(page)
            if not path.exists():
                path, number = out / f"{stem}.json", 1
            if not path.exists():
                print(f"{group}/{stem}: not read", file=sys.stderr)
                continue
            report = json.loads(path.read_text())
            found, count = against_text(f"{group}/{stem}", args.bin, report, number, truth.read_text())
            wrong, seen = wrong + found, seen + count
        for scan, name in SCANS.items():
            path = out / f"{scan}.json"
            if path.exists():
                gold = json.loads((data / f"gold/{name}.scan.json").read_text())
                found, count = against_gold(f"{group}/{scan}", json.loads(path.read_text()), gold)
                wrong, seen = wrong + found, seen + count
    print("\n".join(wrong))
    print(f"{len(wrong)} of {seen} values over {SURE} are wrong")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
