#!/usr/bin/env python3
"""scanned.py DIR [NAME ...] [--recipe L2] [--face liberation] [--every N] [--bin target/release/sohoa]

Sets reports of fixtures/reports/variety as pages (tools/fixtures/typeset.py), wears them (`sohoa degrade`), reads them, and compares the
indicators with those that `sohoa figures` finds in the text: a line a report in which something is lost, wrong or more, and the sums.
So what is lost between the paper and the figures is seen, whatever the figures are worth. The same pages every time with Pillow as pinned in
tools/fixtures/requirements.txt and the fonts of Debian 12.
"""

import argparse
import json
import pathlib
import random
import re
import subprocess
import sys

from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools/fixtures"))
import typeset

# Wide tables are set small, as offices do that do not turn the page: more columns than the first, at most so many points.
SIZES = ((11, 10), (9, 11), (7, 12), (0, 14))


class Setter(typeset.Setter):
    """Without a letterhead of its own: the report's first lines are part of its text."""

    def head(self, keys):
        pass


def is_of_numbers(row):
    return sum(bool(re.fullmatch(r"[\d.,%\- –+()=/x*]+", cell)) for cell in row) >= max(1, len(row) / 2)


def table(rows):
    """Rows as `typeset` takes them, with the cells of a head of several levels grown together."""
    count = max(map(len, rows))
    rows = [[*row, *[""] * (count - len(row))] for row in rows]
    word = lambda column: max(max(map(len, row[column].split()), default=0) for row in rows)
    widths = [max(3.2, 1.6 + 1.25 * word(c), min(22, 0.35 * max(len(row[c]) for row in rows))) for c in range(count)]
    head = next((at for at, row in enumerate(rows) if is_of_numbers(row)), 1)
    printed = [list(row) for row in rows]
    for at, row in enumerate(rows[:head] if head > 1 else []):
        for column in range(count):
            below = any(printed[under][column] for under in range(at + 1, head))
            if not row[column] and below and column and row[column - 1] not in ("", "^"):
                row[column] = "<"
            elif not row[column] and at:
                row[column] = "^"
    yield "|= " + " ".join(f"{100 * width / sum(widths):.1f}" for width in widths)
    for at, row in enumerate(rows):
        yield ("|* " if at < head else "| ") + " | ".join(cell.replace("|", "/") for cell in row)


def body(text):
    lines, found = text.split("\n"), []
    while lines:
        if "\t" in lines[0]:
            rows = []
            while lines and "\t" in lines[0]:
                rows.append([cell.strip() for cell in lines.pop(0).split("\t")])
            # Two cells side by side are a letterhead.
            found += table(rows) if len(rows[0]) > 2 or len(rows) > 3 else map(" ".join, rows)
            continue
        line = lines.pop(0).strip().lstrip("#>|").strip()
        if line.isupper() and len(line) < 90:
            found.append("> " + line)
        elif line:
            found.append(("# " if re.match(r"([IVX]+|[A-D])\. ", line) else "") + line)
    return "issuer: X / Y\nnumber: 1\nplace: Z\nkind: K\ntitle: T\n---\n" + "\n".join(found)


def scan(binary, report, out, recipe, face):
    text = report.read_text(encoding="utf-8")
    columns = max(line.count("\t") for line in text.split("\n")) + 1
    most = next(size for least, size in SIZES if columns > least)
    size = min(most, random.Random(report.stem).choice([12, 13, 13, 14]))
    pages = []
    for number, page in enumerate(typeset.typeset(body(text), face, size, 300, False)):
        clean, worn, manifest = (out / f"{report.stem}.{number}.{kind}" for kind in ("clean.png", "png", "recipe"))
        page.image.convert("RGB").save(clean, compress_level=1)
        command = [binary, "degrade", clean, "--recipe", recipe, "--seed", str(number + len(report.stem)), "--out", worn, "--manifest", manifest]
        subprocess.run(command, check=True)
        dpi = json.loads(manifest.read_text())["recipe"]["dpi"] or 300
        with Image.open(worn) as image:
            pages.append(image.convert("L"))
        for file in (clean, worn, manifest):
            file.unlink()
    file = out / f"{report.stem}.pdf"
    pages[0].save(file, save_all=True, append_images=pages[1:], resolution=dpi, quality=75)
    return file


def values(report):
    return {name: float(found["value"]) for name, found in report["indicators"].items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--recipe", default="L2")
    parser.add_argument("--face", default="liberation")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--bin", default=ROOT / "target/release/sohoa")
    args = parser.parse_args()
    typeset.Setter = Setter
    args.folder.mkdir(parents=True, exist_ok=True)
    reports = sorted((ROOT / "fixtures/reports/variety").glob("*.txt"))[:: args.every]
    reports = [r for r in reports if not args.names or any(r.stem.startswith(name) for name in args.names)]
    scans = [scan(args.bin, report, args.folder, args.recipe, args.face) for report in reports]
    subprocess.run([args.bin, "read", *scans, "--out", args.folder / "read"], capture_output=True)
    told = right = wrong = more = 0
    for report in reports:
        text = json.loads(subprocess.run([args.bin, "figures", report], capture_output=True, check=True).stdout)
        read = json.loads((args.folder / "read" / f"{report.stem}.json").read_text())
        of_text, of_scan = values(text), values(read)
        lost = sorted(of_text.keys() - of_scan.keys())
        others = {name: (of_scan[name], of_text[name]) for name in sorted(of_text.keys() & of_scan.keys()) if of_scan[name] != of_text[name]}
        added = {name: of_scan[name] for name in sorted(of_scan.keys() - of_text.keys())}
        told, wrong, more = told + len(of_text), wrong + len(others), more + len(added)
        right += len(of_text) - len(lost) - len(others)
        if lost or others or added:
            print(f"{report.stem}: {len(of_text) - len(lost) - len(others)}/{len(of_text)} lost {lost} wrong {others} more {added}")
    print(f"of the text's {told} indicators {right} are read ({100 * right / max(1, told):.2f} %), {wrong} are wrong, {more} are more")


if __name__ == "__main__":
    main()
