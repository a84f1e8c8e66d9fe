#!/usr/bin/env python3
"""Makes the folder of a large run out of that of a small one, to measure `sohoa tables` and `sohoa status` on.

    python3 tools/bulk/large.py SMALL LARGE --figures 1000000     reports with so many figures in all, and their journal
    python3 tools/bulk/large.py SMALL LARGE --pages 1000000       a journal with so many pages, without reports
"""

import argparse
import hashlib
import json
import pathlib
import shutil
import sqlite3


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("small", type=pathlib.Path)
    parser.add_argument("large", type=pathlib.Path)
    parser.add_argument("--figures", type=int, default=0)
    parser.add_argument("--pages", type=int, default=0)
    args = parser.parse_args()
    shutil.rmtree(args.large, ignore_errors=True)
    args.large.mkdir(parents=True)
    with sqlite3.connect(args.small / "journal.sqlite") as old, sqlite3.connect(args.large / "journal.sqlite") as new:
        for (sql,) in old.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"):
            new.execute(sql)
        for pragma in ("application_id", "user_version"):
            new.execute(f"PRAGMA {pragma} = {old.execute(f'PRAGMA {pragma}').fetchone()[0]}")
        run = old.execute("SELECT * FROM runs").fetchall()
        new.executemany(f"INSERT INTO runs VALUES ({','.join('?' * len(run[0]))})", run)
        columns = [row[1] for row in old.execute("PRAGMA table_info(inputs)")]
        reports = [p for p in sorted(args.small.glob("*.json")) if json.loads(p.read_text())["figures"]]
        figures = pages = number = 0
        while figures < args.figures or pages < args.pages:
            sha256 = hashlib.sha256(str(number).encode()).hexdigest()
            name = f"large-{number:07}"
            report = json.loads(reports[number % len(reports)].read_text())
            if args.figures:
                report["source"]["sha256"] = sha256
                figures += len(report["figures"])
                (args.large / f"{name}.json").write_text(json.dumps(report, ensure_ascii=False, indent=2))
            count = 5 if args.pages else report["source"]["pages"]
            pages += count
            new.execute(
                "INSERT INTO documents (document, sha256, bytes, pages, state, seconds, score, reasons) VALUES (?, ?, 1000, ?, 'read', 0.1, ?, '[]')",
                (number + 1, sha256, count, number % 100 / 100),
            )
            values = dict.fromkeys(columns) | {
                "path": f"/in/{name}.pdf", "name": name, "folded": name, "size": 1000, "modified": 0, "run": 1, "state": "done",
                "attempts": 0, "document": number + 1, "products": "[]", "products_bytes": 1000,
            }
            new.execute(f"INSERT INTO inputs VALUES ({','.join('?' * len(columns))})", [values[c] for c in columns])
            if args.pages:
                rows = [(number + 1, p, "seen", "0123456789abcdef", 1, 1.0 + (number + p) % 97 / 10, None, None) for p in range(1, count + 1)]
                new.executemany("INSERT INTO pages VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
            number += 1
    print(f"{number} documents, {figures} figures, {pages} pages")


if __name__ == "__main__":
    main()
