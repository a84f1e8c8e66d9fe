#!/usr/bin/env python3
"""Runs a command over many documents and watches the memory of its processes together.

    python3 tools/bulk/memory.py -- target/release/sohoa read FOLDER --out DIR --log json

Prints the peak (sum of the proportional set sizes of all processes) and its slope over the documents done, by least squares.
"""

import pathlib
import subprocess
import sys
import threading
import time


def tree(pid):
    found, more = [], [pid]
    while more:
        pid = more.pop()
        found.append(pid)
        for task in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
            try:
                more += map(int, task.read_text().split())
            except OSError:
                pass
    return found


def memory(pid):
    """Bytes; what several processes share is counted once."""
    total = 0
    for pid in tree(pid):
        try:
            for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) << 10
        except OSError:
            pass
    return total


def main():
    process = subprocess.Popen(sys.argv[sys.argv.index("--") + 1 :], stderr=subprocess.PIPE, text=True)
    done = 0

    def count():
        nonlocal done
        for line in process.stderr:
            done += '"event":"document"' in line

    thread = threading.Thread(target=count)
    thread.start()
    samples, began = [], time.time()
    while process.poll() is None:
        samples.append((done, memory(process.pid)))
        time.sleep(0.25)
    thread.join()
    samples = [s for s in samples if s[1]]
    peak = max(m for _, m in samples)
    # The first tenth is the start.
    steady = [s for s in samples if s[0] >= done / 10]
    mean = [sum(v) / len(steady) for v in zip(*steady)]
    spread = sum((x - mean[0]) ** 2 for x, _ in steady)
    slope = sum((x - mean[0]) * (y - mean[1]) for x, y in steady) / spread if spread else 0.0
    mib = 1 << 20
    print(f"{done} documents in {time.time() - began:.1f} s, exit code {process.returncode}")
    print(f"peak {peak / mib:.0f} MiB, slope {slope * 100 / mib:+.2f} MiB per 100 documents over {len(steady)} samples")


if __name__ == "__main__":
    main()
