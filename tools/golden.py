#!/usr/bin/env python3
"""Holds a program's outputs against those of the program as it was, byte for byte.

    tools/golden.py record  --bin target/release/sohoa --into target/golden.txt [--all]
    tools/golden.py compare --bin target/release/sohoa --into target/golden.txt [--all]

Outputs are recorded as one line each: a digest and the name of what was asked. What differs is named, and the exit code is 1.
`make golden` records where nothing is recorded yet, and compares otherwise; a change that means to alter outputs is looked at
under its names and then recorded anew. Reading takes long: only one scan is read with each engine, all of them with --all.
"""

import argparse
import hashlib
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPORTS = sorted((ROOT / "fixtures/reports").glob("*.txt"))
SCANS = ROOT / "fixtures/scans"
RECIPES = ["stripped", "half", "dropped", "english", "worn"]
COMMANDS = ["degrade", "dict", "eval", "figures", "inspect", "read", "restore", "schema", "train"]


def asked(everything):
    """What is asked of the program: a name, its arguments (OUT stands for a folder of its own), and its input."""
    yield "help", ["--help"], None
    for command in COMMANDS:
        yield f"help {command}", [command, "--help"], None
    yield "schema", ["schema"], None
    dictionaries = sorted(str(f.relative_to(ROOT)) for f in (ROOT / "dictionaries").rglob("*.t[so][vm]*"))
    yield "dict check", ["dict", "check", *dictionaries], None
    for report in REPORTS:
        name = str(report.relative_to(ROOT))
        yield f"figures {report.stem}", ["figures", name], None
        yield f"figures --format csv {report.stem}", ["figures", "--format", "csv", name], None
        for recipe in RECIPES:
            damaged = ["degrade", "--recipe", recipe, "--seed", "3", name]
            yield f"degrade {recipe} {report.stem}", damaged, None
            yield f"restore --json {recipe} {report.stem}", ["restore", "--json"], damaged
            yield f"figures {recipe} {report.stem}", ["figures"], damaged
            yield f"eval --json {recipe} {report.stem}", ["eval", "--json", name, "OUT/x.txt"], damaged
    scans = sorted(f for f in SCANS.iterdir() if not f.name.endswith(".gt.txt")) if everything else []
    for engine in ["both", "tesseract", "fast"]:
        for scan in scans or [SCANS / "suoi-ngan-2025q3-L1.pdf"]:
            options = ["--engine", engine, "--format", "json,txt,csv", "--out", "OUT"]
            yield f"read --engine {engine} {scan.name}", ["read", *options, str(scan.relative_to(ROOT))], None


def run(program, arguments, given=None):
    done = subprocess.run([program, *arguments], input=given, cwd=ROOT, capture_output=True)
    return done.stdout, done.returncode


def without_build(output):
    """A report without what it says of the program: its data's hashes change with every row of a dictionary."""
    return re.sub(rb'"tool": \{[^{}]*\}', b'"tool": {}', output)


def outputs(program, everything):
    """The name and digest of each output."""
    for name, arguments, source in asked(everything):
        with tempfile.TemporaryDirectory() as folder:
            given = run(program, source)[0] if source else b""
            (Path(folder) / "x.txt").write_bytes(given)
            written, code = run(program, [a.replace("OUT", folder) for a in arguments], given)
            written = written.replace(folder.encode(), b"OUT").replace(Path(program).name.encode(), b"sohoa")
            made = hashlib.sha256(without_build(written) + str(code).encode())
            for file in sorted(f for f in Path(folder).rglob("*") if f.is_file() and f.name != "x.txt"):
                made.update(file.name.encode() + b"\0" + without_build(file.read_bytes()))
            yield name, made.hexdigest()[:16]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["record", "compare"])
    parser.add_argument("--bin", required=True, type=lambda p: str(Path(p).resolve()), help="the program")
    parser.add_argument("--into", required=True, type=Path, help="the file of digests")
    parser.add_argument("--all", action="store_true", help="also read every scan of fixtures/scans with every engine")
    options = parser.parse_args()
    if options.what == "record":
        lines = [f"{digest} {name}\n" for name, digest in outputs(options.bin, options.all)]
        options.into.write_text("".join(lines))
        print(f"{len(lines)} outputs recorded in {options.into}")
        return 0
    recorded = dict(reversed(line.rstrip("\n").split(" ", 1)) for line in options.into.read_text().splitlines())
    seen = 0
    differing = []
    for name, digest in outputs(options.bin, options.all):
        seen += 1
        if recorded.get(name) != digest:
            differing.append(name)
            print("differs:" if name in recorded else "not recorded:", name, flush=True)
    print(f"{seen - len(differing)} of {seen} outputs are the same bytes")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
