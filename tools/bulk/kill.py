#!/usr/bin/env python3
"""Ends a run over a folder with kill -9 at random moments, lets the same command go on each time, and compares what comes out.

    python3 tools/bulk/kill.py FOLDER WORK --bin target/release/sohoa [--times 25] [--seed 1] [-- more arguments of read]

Half of the times it is the program that is killed, half of them one of the processes that see pages. Prints how often pages were seen, and whether results and tables are the
same bytes as those of a run that nothing ended.
"""

import argparse
import hashlib
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time


def workers(pid):
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True).stdout
    return [int(line) for line in found.split()]


def digests(out):
    names = sorted(p for p in out.rglob("*") if p.is_file() and not p.name.startswith("journal"))
    return {str(p.relative_to(out)): hashlib.sha256(p.read_bytes()).hexdigest() for p in names}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--bin", default="target/release/sohoa")
    parser.add_argument("--times", type=int, default=25)
    parser.add_argument("--seed", type=int, default=1)
    own, more = sys.argv[1:], []
    if "--" in own:
        own, more = own[: own.index("--")], own[own.index("--") + 1 :]
    args = parser.parse_args(own)
    shutil.rmtree(args.work, ignore_errors=True)
    rng = random.Random(args.seed)
    whole, out = args.work / "whole", args.work / "ended"

    def command(to):
        tables = ["--tables", "parquet,sqlite,csv,jsonl"]
        return [args.bin, "read", str(args.folder), "--out", str(to), "--log", "json", *tables, *more]

    began = time.time()
    done = subprocess.run(command(whole), stderr=subprocess.PIPE, text=True)
    took = time.time() - began
    pages = done.stderr.count('"event":"page"')
    print(f"uninterrupted: {took:.1f} s, exit code {done.returncode}, {pages} pages")

    seen = killed_workers = killed = 0
    while killed + killed_workers < args.times:
        log = args.work / "log"
        with log.open("w") as stderr:
            process = subprocess.Popen(command(out), stderr=stderr)
            time.sleep(rng.uniform(0.1, max(0.2, 2.5 * took / args.times)))
            found = workers(process.pid)
            if rng.random() < 0.5 and found:
                # The program starts another in its place, and goes on; a moment later it is its turn.
                try:
                    os.kill(rng.choice(found), signal.SIGKILL)
                    killed_workers += 1
                except ProcessLookupError:
                    pass
                time.sleep(rng.uniform(0.0, 0.5))
            ended = process.poll() is not None
            process.send_signal(signal.SIGKILL) if not ended else None
            process.wait()
            killed += not ended
        seen += log.read_text().count('"event":"page"')
        if ended:
            # All was done before the time was over; begin again.
            shutil.rmtree(out)
            seen = 0
    last = subprocess.run(command(out), stderr=subprocess.PIPE, text=True)
    seen += last.stderr.count('"event":"page"')
    with sqlite3.connect(out / "journal.sqlite") as db:
        check = db.execute("PRAGMA integrity_check").fetchone()[0]
    same = digests(whole) == digests(out)
    print(f"killed: the program {killed} times, a process that sees pages {killed_workers} times")
    print(f"at last: exit code {last.returncode}, {seen} pages were told of since the last beginning, journal {check}")
    print(f"results, lists and tables: {len(digests(out))} files, {'the same bytes' if same else 'DIFFERENT'}")
    if not same:
        one, other = digests(whole), digests(out)
        print([name for name in sorted(one.keys() | other.keys()) if one.get(name) != other.get(name)][:20])
    raise SystemExit(0 if same and last.returncode == done.returncode else 1)


if __name__ == "__main__":
    main()
