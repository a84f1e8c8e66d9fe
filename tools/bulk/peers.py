#!/usr/bin/env python3
"""Pages an hour of sohoa and others over the same folder of page images, one after the other, on all cores.

    python3 tools/bulk/peers.py PAGES WORK --bin target/release/sohoa [--trueocr BIN] [--only NAME]

PAGES holds images of one page each. What is run: `find | xargs -P tesseract` (text only), OCRmyPDF with a sidecar over one PDF of all pages, a folder script over
TrueOCR, `sohoa read` with both recognisers (without a journal, with it, and with tables at the end) and with the line network alone. Needs tesseract with vie, ocrmypdf, img2pdf.
"""

import argparse
import os
import pathlib
import resource
import shutil
import subprocess
import time


def run(name, command, pages, check=True):
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.time()
    done = subprocess.run(command, shell=True, capture_output=True, text=True)
    wall, after = time.time() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    fault = "" if done.returncode in (0, 6) or not check else f"  ended with {done.returncode}: {done.stderr[-200:]}"
    print(f"{name:44} {3600 * pages / wall:8.0f} pages an hour, {wall:6.1f} s, {cpu / pages:5.2f} s of processor a page{fault}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=pathlib.Path)
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--bin", default="target/release/sohoa")
    parser.add_argument("--trueocr")
    parser.add_argument("--only", help="those whose name holds this")
    args = parser.parse_args()
    shutil.rmtree(args.work, ignore_errors=True)
    args.work.mkdir(parents=True)
    pages, work, cores = args.pages.resolve(), args.work.resolve(), os.cpu_count()
    count = len(list(pages.glob("*.png")))
    subprocess.run(f"mkdir -p {work}/tesseract {work}/trueocr && img2pdf --imgsize 210mmx297mm {pages}/*.png -o {work}/all.pdf", shell=True, check=True)
    systems = {
        "sohoa read, files named, no journal": f"{args.bin} read {pages}/*.png --out {work}/named --format json,txt",
        "sohoa read": f"{args.bin} read {pages} --out {work}/sohoa --format json,txt",
        "sohoa read, tables at the end": f"{args.bin} read {pages} --out {work}/tables --format json,txt --tables parquet",
        "sohoa read --engine fast": f"{args.bin} read {pages} --out {work}/fast --format txt --engine fast",
        f"find | xargs -P{cores} tesseract -l vie": f"cd {work}/tesseract && find {pages} -name '*.png' | OMP_THREAD_LIMIT=1 xargs -P{cores} -I@ sh -c 'tesseract @ $(basename @ .png) -l vie'",
        f"ocrmypdf --jobs {cores} --sidecar": f"ocrmypdf -q -l vie --jobs {cores} --output-type pdf --sidecar {work}/all.txt {work}/all.pdf {work}/ocrmypdf.pdf",
    }
    if args.trueocr:
        systems[f"find | xargs -P{cores} trueocr"] = f"cd {work}/trueocr && find {pages} -name '*.png' | xargs -P{cores} -I@ sh -c '{args.trueocr} @ --threads 1 > $(basename @ .png).txt'"
    print(f"{count} pages, {cores} cores")
    for name, command in systems.items():
        if not args.only or args.only in name:
            run(name, command, count)


if __name__ == "__main__":
    main()
