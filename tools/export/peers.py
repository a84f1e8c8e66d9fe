#!/usr/bin/env python3
"""Searchable PDFs of the same pages by sohoa, OCRmyPDF and Tesseract.

    peers.py FOLDER WORK --sohoa BIN [--ocrmypdf BIN] [--verapdf FOLDER]

FOLDER holds pages, x.pdf of one page each, and what is printed on them, x.gt.txt line by line. For each system: lines that `pdftotext -raw`
gives exactly, in order; hits of 50 phrases (runs of four words of a printed line, spread evenly over all pages) searched without regard to
capitals as a viewer's search does, spaces as one; size over the original; how many pass veraPDF as PDF/A (see `make test-pdfa`); processor
seconds and wall time, one page after the other on one thread. Needs poppler-utils and tesseract with vie.
"""

import argparse
import difflib
import os
import pathlib
import resource
import shutil
import subprocess
import time
import unicodedata


def lines(text):
    squeezed = (" ".join(unicodedata.normalize("NFC", line).split()) for line in text.splitlines())
    return [line for line in squeezed if line]


def phrases(pages, wanted=50):
    """Runs of four words, evenly over all that there are, none of them with handwriting's marks."""
    runs = []
    for name, printed in pages.items():
        for line in printed:
            words = line.split()
            runs += [(name, " ".join(words[at : at + 4])) for at in range(0, len(words) - 3, 4)]
    return [runs[len(runs) * n // wanted] for n in range(wanted)]


def run(command):
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.time()
    environment = os.environ | {"OMP_THREAD_LIMIT": "1", "RAYON_NUM_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 6, 10):
        print(f"  {command[0]} ended with {done.returncode}: {done.stderr[-300:]}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.time() - began


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--sohoa", required=True)
    parser.add_argument("--ocrmypdf", default="ocrmypdf")
    parser.add_argument("--verapdf")
    parser.add_argument("--only", help="the one system of this name")
    args = parser.parse_args()
    originals = sorted(args.folder.glob("*.pdf"))
    printed = {o.stem: lines(o.with_suffix(".gt.txt").read_text()) for o in originals}
    searched = phrases(printed)
    shutil.rmtree(args.work, ignore_errors=True)

    def sohoa(*options):
        def make(original, out):
            return run([args.sohoa, "read", str(original), "--out", str(out.parent), "--format", "pdf", "--jobs", "1", *options])

        return make

    def tesseract(original, out):
        picture = out.with_suffix("")
        listed = subprocess.run(["pdfimages", "-list", original], capture_output=True, text=True).stdout.splitlines()[2:]
        dpi = max((int(line.split()[12]) for line in listed), default=300)
        cpu, wall = run(["pdftoppm", "-r", str(dpi), "-png", "-singlefile", str(original), str(picture)])
        more = run(["tesseract", f"{picture}.png", str(picture), "-l", "vie", "--dpi", str(dpi), "pdf"])
        return cpu + more[0], wall + more[1]

    systems = {
        "sohoa": sohoa(),
        "sohoa --pdfa": sohoa("--pdfa"),
        "OCRmyPDF": lambda original, out: run([args.ocrmypdf, "-l", "vie", "--jobs", "1", "--force-ocr", "--invalidate-digital-signatures", str(original), str(out)]),
        "Tesseract's PDF": tesseract,
    }
    if args.only:
        systems = {args.only: systems[args.only]}
    print("| system | lines right | of 50 phrases | size over the original | PDF/A-2b, 2u | s of processor a page | s a page |")
    print("|---|---|---|---|---|---|---|")
    for name, make in systems.items():
        folder = args.work / name.replace(" ", "").replace("'", "")
        folder.mkdir(parents=True)
        right = hits = grown = cpu = wall = 0
        texts, made = {}, []
        for original in originals:
            out = folder / original.name
            used = make(original, out)
            cpu, wall = cpu + used[0], wall + used[1]
            if not out.exists():
                continue
            made.append(str(out))
            text = subprocess.run(["pdftotext", "-raw", out, "-"], capture_output=True).stdout.decode("utf-8", "replace")
            found = lines(text.replace("\f", "\n"))
            blocks = difflib.SequenceMatcher(None, printed[original.stem], found, autojunk=False).get_matching_blocks()
            right += sum(block.size for block in blocks)
            texts[original.stem] = " ".join(found).casefold()
            grown += out.stat().st_size - original.stat().st_size
        hits = sum(phrase.casefold() in texts.get(page, "") for page, phrase in searched)
        verdicts = []
        for flavour in ("2b", "2u") if args.verapdf else ():
            command = ["java", "-cp", f"{args.verapdf}/*:{args.verapdf}", "ValidatePdfa", flavour, *made]
            said = subprocess.run(command, capture_output=True, text=True).stdout
            verdicts.append(str(said.count("PASS ")))
        all_lines, pages = sum(map(len, printed.values())), len(originals)
        print(
            f"| {name} | {right} of {all_lines} | {hits} | {grown / pages / 1000:+.1f} KB a page "
            f"| {', '.join(verdicts) or '?'} of {pages} | {cpu / pages:.1f} | {wall / pages:.1f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
