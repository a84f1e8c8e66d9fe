#!/usr/bin/env python3
"""Kills the desk while corrections are being saved, and looks whether any is lost that it had said was saved.

    kills.py FOLDER --bin target/release/sohoa [--times 50]

FOLDER is one that `sohoa desk` has read documents into; its corrections are added to. Two threads send corrections as fast as they are
answered; the desk is ended by SIGKILL at a random moment, and started again.
"""

import argparse
import json
import pathlib
import random
import signal
import subprocess
import threading
import time
import urllib.request


def started(program, folder):
    desk = subprocess.Popen([program, "desk", folder, "--who", "kills"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return desk, desk.stdout.readline().strip()


def ask(address, body=None):
    request = urllib.request.Request(address, data=None if body is None else json.dumps(body).encode())
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.loads(answer.read())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--bin", default="target/release/sohoa")
    parser.add_argument("--times", type=int, default=50)
    args = parser.parse_args()
    chance = random.Random(1)
    saved, number, lock = set(), 0, threading.Lock()
    for _ in range(args.times):
        desk, address = started(args.bin, args.folder)
        document = ask(f"{address}api/documents?limit=1")["documents"][0]["id"]
        line = ask(f"{address}api/documents/{document}")["pages"][0]["lines"][-1]
        word = line["words"][0]

        def send():
            nonlocal number
            while True:
                with lock:
                    number += 1
                    after = f"sửa{number}"
                said = {"page": 1, "rect": word["rect"], "before": word["text"], "after": after, "left": "", "right": ""}
                try:
                    ask(f"{address}api/documents/{document}/corrections", said)
                except Exception:
                    return
                saved.add(after)

        threads = [threading.Thread(target=send) for _ in range(2)]
        for thread in threads:
            thread.start()
        time.sleep(chance.uniform(0.02, 0.6))
        desk.send_signal(signal.SIGKILL)
        desk.wait()
        for thread in threads:
            thread.join()
    lines = (args.folder / "corrections.jsonl").read_text().splitlines()
    kept = set()
    for line in lines:
        try:
            kept.add(json.loads(line)["after"])
        except (json.JSONDecodeError, KeyError):
            continue
    lost = saved - kept
    print(f"{args.times} kills; {len(saved)} corrections told as saved, {len(lost)} of them lost; {len(lines)} lines in the log")
    raise SystemExit(bool(lost))


if __name__ == "__main__":
    main()
