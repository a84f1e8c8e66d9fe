#!/usr/bin/env python3
"""How much of the text comes back out of searchable PDFs, by the readers that others use.

    lines.py DIR [--show]

DIR holds x.json, x.txt and x.pdf, as `sohoa read --format json,txt,pdf` writes them. For every page that got a layer: how many
lines of x.txt come back exactly and in order by `pdftotext -raw`, `pdftotext`, MuPDF (PyMuPDF) and PDFium (pypdfium2); how many
words by `pdftotext -raw`, in order; how far words begin from where they were read (`pdftotext -bbox`), in pixels at 300 dpi.
--show prints the lines that `pdftotext -raw` gives differently. It needs poppler-utils; pip install pymupdf pypdfium2.
"""

import difflib
import html
import json
import pathlib
import re
import subprocess
import sys

import pymupdf
import pypdfium2


def lines(text):
    squeezed = (" ".join(line.split()) for line in text.replace("\r", "").split("\n"))
    return [line for line in squeezed if line]


def common(a, b):
    return sum(block.size for block in difflib.SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks())


def poppler(pdf, *options):
    run = subprocess.run(["pdftotext", *options, pdf, "-"], capture_output=True, check=True)
    return run.stdout.decode("utf-8", "replace").split("\f")


def boxes(pdf, page):
    found = poppler(pdf, "-bbox", "-f", str(page), "-l", str(page))[0]
    word = r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>'
    return [(html.unescape(m[5]), *map(float, m.groups()[:4])) for m in re.finditer(word, found)]


def alto_words(path, page):
    """Words with their boxes in pixels, where ALTO was written beside."""
    if not path.exists():
        return [], 0
    text = path.read_text()
    pages = text.split("<Page ")[1:]
    width = int(re.search(r'WIDTH="(\d+)"', pages[page - 1])[1])
    string = r'<String ID="[^"]*" CONTENT="([^"]*)"[^>]*HPOS="(\d+)" VPOS="(\d+)"'
    return [(html.unescape(m[1]), float(m[2]), float(m[3])) for m in re.finditer(string, pages[page - 1])], width


def main():
    folder, show = pathlib.Path(sys.argv[1]), "--show" in sys.argv
    totals = {reader: [0, 0] for reader in ("pdftotext -raw", "pdftotext", "MuPDF", "PDFium")}
    words, offsets = [0, 0], []
    for report in sorted(folder.glob("*.json")):
        pdf = report.with_suffix(".pdf")
        if not pdf.exists():
            continue
        pages = json.loads(report.read_text())["pages"]
        wanted = report.with_suffix(".txt").read_text().split("\f")
        raw, plain = poppler(pdf, "-raw"), poppler(pdf)
        mupdf, pdfium = pymupdf.open(pdf), pypdfium2.PdfDocument(pdf)
        for index, page in enumerate(pages):
            want = lines(wanted[index])
            if page["origin"] in (None, "text_layer") or not want:
                continue
            got = {
                "pdftotext -raw": lines(raw[index]),
                "pdftotext": lines(plain[index]),
                "MuPDF": lines(mupdf[index].get_text()),
                "PDFium": lines(pdfium[index].get_textpage().get_text_range()),
            }
            for reader, found in got.items():
                totals[reader][0] += common(want, found)
                totals[reader][1] += len(want)
            a, b = " ".join(want).split(), " ".join(got["pdftotext -raw"]).split()
            words[0] += common(a, b)
            words[1] += len(a)
            if show:
                for line in difflib.unified_diff(want, got["pdftotext -raw"], lineterm="", n=0):
                    if not line.startswith(("---", "+++", "@@")):
                        print(f"{pdf.name} {index + 1}: {line}")
            read, width = alto_words(report.with_suffix(".alto.xml"), index + 1)
            if read and not mupdf[index].rotation:
                shown = boxes(pdf, index + 1)
                scale = width / mupdf[index].rect.width
                at_300 = 300 / (page["size"]["dpi"] or 300)
                match = difflib.SequenceMatcher(None, [w[0] for w in read], [w[0] for w in shown], autojunk=False)
                for i, j, n in match.get_matching_blocks():
                    offsets += [abs(read[i + k][1] - shown[j + k][1] * scale) * at_300 for k in range(n)]
    for reader, (found, all_) in totals.items():
        print(f"{reader:15} {found} of {all_} lines, {100 * found / max(1, all_):.2f} %")
    print(f"words in order  {words[0]} of {words[1]}, {100 * words[0] / max(1, words[1]):.3f} %")
    if offsets:
        offsets.sort()
        within = sum(o <= 3 for o in offsets)
        at = lambda share: offsets[min(len(offsets) - 1, int(share * len(offsets)))]
        print(f"x of words      {within} of {len(offsets)} within 3 px at 300 dpi; median {at(.5):.2f}, 99 % {at(.99):.2f} px")


if __name__ == "__main__":
    main()
