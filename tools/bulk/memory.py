#!/usr/bin/env python3
"""Runs a command over many documents and watches the memory of its processes together.

    python3 tools/bulk/memory.py -- target/release/sohoa read FOLDER --out DIR --log json

Prints the peak (sum of the proportional set sizes of all processes) and its slope over the documents done, by least squares; and of which part they are.
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


KINDS = {"Pss_Anon": "of their own", "Pss_File": "mapped files", "Pss_Shmem": "shared"}


def memory(pid):
    """Bytes by process (the program, its workers) and kind; what several processes share is counted once."""
    found = {}
    for each in tree(pid):
        who = "program" if each == pid else "workers"
        try:
            for line in pathlib.Path(f"/proc/{each}/smaps_rollup").read_text().splitlines():
                name, _, value = line.partition(":")
                if name in KINDS:
                    found[who, KINDS[name]] = found.get((who, KINDS[name]), 0) + (int(value.split()[0]) << 10)
        except OSError:
            pass
    return found


def slope(points):
    """Of a line through the points, by least squares."""
    mean = [sum(v) / len(points) for v in zip(*points)]
    spread = sum((x - mean[0]) ** 2 for x, _ in points)
    return sum((x - mean[0]) * (y - mean[1]) for x, y in points) / spread if spread else 0.0


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
    peak = max(sum(m.values()) for _, m in samples)
    # The first tenth is the start.
    steady = [s for s in samples if s[0] >= done / 10]
    mib = 1 << 20
    print(f"{done} documents in {time.time() - began:.1f} s, exit code {process.returncode}")
    per = slope([(x, sum(m.values())) for x, m in steady]) * 100 / mib
    print(f"peak {peak / mib:.0f} MiB, slope {per:+.2f} MiB per 100 documents over {len(steady)} samples")
    for part in sorted({part for _, m in steady for part in m}):
        points = [(x, m.get(part, 0)) for x, m in steady]
        tenths = [max((m for x, m in points if x * 10 // (done + 1) == t), default=0) >> 20 for t in range(10)]
        print(f"  {' '.join(part)}: slope {slope(points) * 100 / mib:+.2f}, most in each tenth {tenths} MiB")


if __name__ == "__main__":
    main()
