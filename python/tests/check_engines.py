#!/usr/bin/env python3
"""The same 60 files, five in a hundred of them bad, by `sohoa read`, Spark and Ray: are all tables the same, row for row? (make test-engines)

    python3 python/tests/check_engines.py WORK SOHOA [--only spark,ray] [--text] [--documents N [--once]]

Each engine reads them three times: for the time, with nothing left to do, and into another folder while one of its children is killed. Prints wall time, documents a minute
after start-up beside `sohoa read`, and the memory of the processes; fails where a row differs. The pages are strips of the fixtures' scans,
which are recognised; with `--text` they are text layers, read in milliseconds. `--once` reads for the time only.
"""

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pyarrow.dataset as dataset

ROOT = Path(__file__).resolve().parents[2]
SCANS = sorted((ROOT / "fixtures/scans").glob("*.png")) + sorted((ROOT / "fixtures/scans").glob("*L[12].pdf"))
TABLES = "pages,figures,indicators,references,checks,tables,cells,stamps,diagnostics,texts".split(",")
# Where a file lay is each engine's own affair, and where several hold the same any of them is named.
PLACES = {"file", "name", "paths"}


def processes(parent):
    """PID, command line and resident MiB of each process below `parent`."""
    children, told = {}, {}
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            fields = dict(line.split(":", 1) for line in status.read_text().splitlines())
            args = (status.parent / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
        except (OSError, ValueError):
            continue
        pid = int(status.parent.name)
        children.setdefault(int(fields["PPid"]), []).append(pid)
        told[pid] = (args, int(fields.get("VmRSS", "0").split()[0]) / 1024)
    below, ask = [], [parent]
    while ask:
        for pid in children.get(ask.pop(), []):
            below.append((pid, *told[pid]))
            ask.append(pid)
    return below


def watched(what, command, allowed=(0,), kill=False):
    """Runs a command; the seconds from its start-up until all is read, as it says itself where it does."""
    began, peaks, killed = time.time(), {}, []
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def watch():
        seen = 0
        while process.poll() is None:
            sums = {}
            for pid, args, resident in processes(os.getpid()):
                reads = "--stdio" in args
                kind = "one child" if reads else "all beside the children"
                sums[kind] = max(sums.get(kind, 0), resident) if reads else sums.get(kind, 0) + resident
                seen += reads
                # It has read for a while.
                if kill and reads and seen > 40 and not killed:
                    os.kill(pid, signal.SIGKILL)
                    killed.append(pid)
            for kind, resident in sums.items():
                peaks[kind] = max(peaks.get(kind, 0), resident)
            time.sleep(0.1)

    thread = threading.Thread(target=watch)
    thread.start()
    out, err = process.communicate()
    thread.join()
    if process.returncode not in allowed:
        raise SystemExit(f"{what}: exit code {process.returncode}\n{out}\n{err[-4000:]}")
    assert bool(killed) == kill, f"{what}: no child was there to be killed"
    wall = time.time() - began
    memory = ", ".join(f"{kind} {resident:.0f} MiB" for kind, resident in sorted(peaks.items()))
    print(f"{what}: {wall:.1f} s wall, start-up included; at most {memory or 'little'}", flush=True)
    for line in out.strip().splitlines()[-13:]:
        print("   ", line)
    own = re.search(r"^read in ([\d.]+) s$", out, re.MULTILINE)
    return float(own[1]) if own else wall


def rows(table, nested=None):
    """The rows, sorted, without what names places; those of a nested column with their documents."""
    found = table.to_pylist()
    if nested:
        found = [{"document": row["document"], **inner} for row in found for inner in row[nested]]
    return sorted(repr(sorted((k, v) for k, v in row.items() if k not in PLACES)) for row in found)


def tables_of(engine, out):
    """The rows of each table that an engine wrote."""
    if engine == "spark":
        return {name: rows(dataset.dataset(out / name).to_table()) for name in ["documents", *TABLES]}
    nested = dataset.dataset(out / "nested").to_table()
    columns = {name: f"{name}_rows" if f"{name}_rows" in nested.schema.names else name for name in TABLES}
    found = {name: rows(nested.select(["document", column]), column) for name, column in columns.items()}
    return {"documents": rows(nested.drop_columns(list(columns.values()))), **found}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("sohoa")
    parser.add_argument("--only", default="spark,ray")
    parser.add_argument("--text", action="store_true")
    parser.add_argument("--documents", type=int, default=60)
    parser.add_argument("--once", action="store_true")
    args = parser.parse_args()
    shutil.rmtree(args.work, ignore_errors=True)
    files = args.work / "in"
    corpus = [sys.executable, str(ROOT / "tools/bulk/corpus.py"), str(files), "--documents", str(args.documents), "--big", "0", "--pages", "7" if args.text else "2"]
    subprocess.run(corpus + ([] if args.text else ["--scans", *map(str, SCANS)]), check=True)
    read = [args.sohoa, "read", str(files), "--out", str(args.work / "read"), "--engine", "tesseract", "--jobs", "2", "--tables", "parquet"]
    alone = watched("sohoa read", read, allowed=(6,))
    made = args.work / "read/tables"
    expected = {name: rows(dataset.dataset(made / f"{name}.parquet").to_table()) for name in ["documents", *TABLES]}
    documents = len(expected["documents"])
    failed = sum("('state', 'failed')" in row for row in expected["documents"])
    assert failed, "there are bad files among them"
    for engine in args.only.split(","):
        script = [sys.executable, str(ROOT / f"python/examples/{engine}_read.py"), str(files)]
        more = ["--engine", "tesseract", *(["--tables", ",".join(TABLES)] if engine == "spark" else [])]
        for what, out, kill in [(engine, args.work / engine, False), (f"{engine}, a child killed", args.work / f"{engine}-killed", True)]:
            # Text layers are read before a child could be found to be killed.
            if kill and (args.text or args.once):
                continue
            own = watched(what, [*script, str(out), *more], kill=kill)
            found = tables_of(engine, out)
            for name, wanted in expected.items():
                assert found[name] == wanted, f"{what}: {name} differ: {len(found[name])} rows and {len(wanted)}"
            print(f"{what}: {sum(map(len, found.values()))} rows of {len(found)} tables as those of sohoa read; {failed} of {documents} documents named as not read")
            if not kill:
                speed, beside = 60 * documents / own, 60 * documents / alone
                print(f"{what}: {speed:.0f} documents a minute from start-up until all is read, sohoa read {beside:.0f}: {speed / beside:.2f}")
                if args.once:
                    continue
                watched(f"{engine} again, with nothing left to do", [*script, str(out), *more])
                assert tables_of(engine, out) == found, f"{engine}: reading again changes the tables"


if __name__ == "__main__":
    main()
