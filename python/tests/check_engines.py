#!/usr/bin/env python3
"""The same 60 files by `sohoa read`, Spark and Ray: are the tables the same, row for row? (make test-engines)

    python3 python/tests/check_engines.py WORK SOHOA [--only spark,ray]

Prints wall time and rows of each, and fails where they differ.
"""

import argparse
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.dataset as dataset

ROOT = Path(__file__).resolve().parents[2]


def timed(what, command, allowed=(0,)):
    began = time.time()
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode not in allowed:
        raise SystemExit(f"{what}: exit code {done.returncode}\n{done.stdout}\n{done.stderr[-4000:]}")
    print(f"{what}: {time.time() - began:.1f} s wall, start-up included")
    print("   ", "\n    ".join(done.stdout.strip().splitlines()[-4:]))


def figures(table, column=None):
    """Document, figure and value of each row, sorted."""
    if column is None:
        rows = table.to_pylist()
        return sorted((r["document"], r["figure_id"], r["value"], r["label"], r["confidence"]) for r in rows)
    return sorted(
        (r["document"], f["figure_id"], f["value"], f["label"], f["confidence"]) for r in table.to_pylist() for f in r[column]
    )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("work", type=Path)
    parser.add_argument("sohoa")
    parser.add_argument("--only", default="spark,ray")
    args = parser.parse_args()
    shutil.rmtree(args.work, ignore_errors=True)
    files = args.work / "in"
    timed("corpus", [sys.executable, str(ROOT / "tools/bulk/corpus.py"), str(files), "--documents", "60", "--big", "0"])
    read = [args.sohoa, "read", str(files), "--out", str(args.work / "read"), "--engine", "tesseract", "--jobs", "2", "--tables", "parquet"]
    timed("sohoa read", read, allowed=(6,))
    tables = args.work / "read/tables"
    expected = figures(dataset.dataset(tables / "figures.parquet").to_table())
    states = {r["document"]: r["state"] for r in dataset.dataset(tables / "documents.parquet").to_table().to_pylist()}
    for engine in args.only.split(","):
        out = args.work / engine
        command = [sys.executable, str(ROOT / f"python/examples/{engine}_read.py"), str(files), str(out), "--engine", "tesseract"]
        timed(engine, command)
        timed(f"{engine} again, with nothing left to do", command)
        if engine == "spark":
            found = figures(dataset.dataset(out / "figures").to_table())
            documents = dataset.dataset(out / "documents").to_table()
        else:
            nested = dataset.dataset(out / "nested").to_table()
            first = {r["document"]: r for r in nested.to_pylist()}
            found = sorted(
                (r["document"], f["figure_id"], f["value"], f["label"], f["confidence"]) for r in first.values() for f in r["figures"]
            )
            documents = nested
        assert found == expected, f"{engine}: figures differ: {len(found)} and {len(expected)}"
        assert {r["document"]: r["state"] for r in documents.to_pylist()} == states, f"{engine}: documents differ"
        print(f"{engine}: {len(found)} figures of {len(states)} documents as those of sohoa read")


if __name__ == "__main__":
    main()
