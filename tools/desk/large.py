#!/usr/bin/env python3
"""A folder of many results for the desk, made from those of a few documents: large.py FROM TO --documents 2000

FROM holds x.json and x.txt as `sohoa read` writes them. Each copy gets a hash, a number and a place of its own.
"""

import argparse
import hashlib
import json
import pathlib


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--documents", type=int, default=2000)
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    reports = [p for p in sorted(args.source.glob("*.json")) if p.with_suffix(".txt").exists()]
    for number in range(args.documents):
        source = reports[number % len(reports)]
        report = json.loads(source.read_text())
        name = f"{source.stem}-{number:05}"
        report["source"] |= {"sha256": hashlib.sha256(name.encode()).hexdigest(), "file": f"{name}.pdf"}
        text = source.with_suffix(".txt").read_text() + f"\nHồ sơ lưu số {number}\n"
        (args.folder / f"{name}.json").write_text(json.dumps(report, ensure_ascii=False))
        (args.folder / f"{name}.txt").write_text(text)


if __name__ == "__main__":
    main()
