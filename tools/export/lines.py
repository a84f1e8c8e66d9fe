#!/usr/bin/env python3
"""How much of the text comes back out of searchable PDFs, by the readers that others use.

    lines.py DIR [--show READER] [--pdfjs FOLDER]

DIR holds x.json, x.txt, x.alto.xml and x.pdf, as `sohoa read --format json,txt,alto,pdf` writes them. For every page that got a layer: how
many lines of x.txt come back exactly and in order, how many of those that are no row of a table (x.txt writes a row's cells on one line, the
PDF a cell's printed lines each on its own), and how many syllables in order, by `pdftotext -raw`, `pdftotext`, MuPDF (PyMuPDF), PDFium
(pypdfium2) and pdf.js (where FOLDER has node_modules/pdfjs-dist); how far words begin from where they were read (`pdftotext -bbox`), in pixels
at 300 dpi, and whether their middles stand inside the box of their line. --show prints the lines that a reader (`raw`, `pdftotext`, `MuPDF`,
`PDFium`, `pdf.js`) gives differently. It needs poppler-utils; pip install pymupdf pypdfium2.
"""

import argparse
import difflib
import html
import json
import pathlib
import re
import subprocess

import pymupdf
import pypdfium2


def lines(text):
    squeezed = (" ".join(line.split()) for line in text.replace("\r", "").split("\n"))
    return [line for line in squeezed if line]


def matched(a, b):
    """Which of a are in b, in order."""
    blocks = difflib.SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
    return [i for block in blocks for i in range(block.a, block.a + block.size)]


def poppler(pdf, *options):
    run = subprocess.run(["pdftotext", *options, pdf, "-"], capture_output=True, check=True)
    return run.stdout.decode("utf-8", "replace").split("\f")


def boxes(pdf, page):
    found = poppler(pdf, "-raw", "-bbox", "-f", str(page), "-l", str(page))[0]
    word = r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>'
    return [(html.unescape(m[5]), *map(float, m.groups()[:4])) for m in re.finditer(word, found)]


def alto_words(path, page):
    """Words with the left edge, upper edge and height of their box and their line's upper and lower edge, in pixels, and the page's width."""
    if not path.exists():
        return [], 0
    of_page = path.read_text().split("<Page ")[page]
    words = []
    for line in of_page.split("<TextLine ")[1:]:
        top, height = (float(re.search(rf'{k}="(\d+)"', line)[1]) for k in ("VPOS", "HEIGHT"))
        string = r'<String ID="[^"]*" CONTENT="([^"]*)"[^>]*HPOS="(\d+)"'
        words += [(html.unescape(m[1]), float(m[2]), top, top + height) for m in re.finditer(string, line)]
    return words, int(re.search(r'WIDTH="(\d+)"', of_page)[1])


def pdfjs(folder, pdf):
    script = pathlib.Path(__file__).with_name("pdfjs.mjs").resolve()
    run = subprocess.run(["node", script, pdf.resolve()], capture_output=True, check=True, cwd=folder, text=True)
    return json.loads(run.stdout)


def scan_box(page, width):
    """Where the scan lies on the page: the whole page, or the place of the one image that has its pixels."""
    images = [i["bbox"] for i in page.get_image_info() if i["width"] == width]
    return images[0] if len(images) == 1 else page.rect


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--show", default="")
    parser.add_argument("--pdfjs", type=pathlib.Path)
    args = parser.parse_args()
    readers = ["raw", "pdftotext", "MuPDF", "PDFium"] + (["pdf.js"] if args.pdfjs else [])
    lines_of, words_of = ({reader: [0] * 4 for reader in readers} for _ in "lw")
    offsets, inside = [], 0
    for report in sorted(args.folder.glob("*.json")):
        pdf = report.with_suffix(".pdf")
        if not pdf.exists() or report.name.endswith(".record.json"):
            continue
        pages = json.loads(report.read_text())["pages"]
        wanted = report.with_suffix(".txt").read_text().split("\f")
        raw, plain = poppler(pdf, "-raw"), poppler(pdf)
        mupdf, pdfium = pymupdf.open(pdf), pypdfium2.PdfDocument(pdf)
        js = pdfjs(args.pdfjs, pdf) if args.pdfjs else []
        for index, page in enumerate(pages):
            want = lines(wanted[index])
            rows = {at for at, line in enumerate(filter(str.split, wanted[index].split("\n"))) if "\t" in line.strip()}
            if page["origin"] in (None, "text_layer") or not want:
                continue
            got = {
                "raw": lines(raw[index]),
                "pdftotext": lines(plain[index]),
                "MuPDF": lines(mupdf[index].get_text()),
                "PDFium": lines(pdfium[index].get_textpage().get_text_range()),
            }
            if js:
                got["pdf.js"] = lines(js[index])
            for reader, found in got.items():
                right = matched(want, found)
                lines_of[reader][0] += len(right)
                lines_of[reader][1] += len(want)
                lines_of[reader][2] += len(set(right) - rows)
                lines_of[reader][3] += len(want) - len(rows)
                a, b = " ".join(want).split(), " ".join(found).split()
                words_of[reader][0] += len(matched(a, b))
                words_of[reader][1] += len(a)
            if args.show:
                for line in difflib.unified_diff(want, got[args.show], lineterm="", n=0):
                    if not line.startswith(("---", "+++", "@@")):
                        print(f"{pdf.name} {index + 1}: {line}")
            read, width = alto_words(report.with_suffix(".alto.xml"), index + 1)
            if read and not mupdf[index].rotation:
                shown = boxes(pdf, index + 1)
                x0, y0, x1, _ = scan_box(mupdf[index], width)
                scale = width / (x1 - x0)
                at_300 = 300 / (page["size"]["dpi"] or 300)
                match = difflib.SequenceMatcher(None, [w[0] for w in read], [w[0] for w in shown], autojunk=False)
                for i, j, n in match.get_matching_blocks():
                    for (_, x, top, bottom), (_, left, up, _, down) in zip(read[i : i + n], shown[j : j + n], strict=True):
                        offsets.append(abs(x - (left - x0) * scale) * at_300)
                        inside += top <= ((up + down) / 2 - y0) * scale <= bottom
    for reader in readers:
        (found, all_, found_text, of_text), (words, of_words, *_) = lines_of[reader], words_of[reader]
        print(
            f"{reader:10} {found} of {all_} lines, {100 * found / max(1, all_):.2f} %; "
            f"outside tables {found_text} of {of_text}, {100 * found_text / max(1, of_text):.2f} %; "
            f"{words} of {of_words} syllables in order, {100 * words / max(1, of_words):.3f} %"
        )
    if offsets:
        offsets.sort()
        within = sum(o <= 3 for o in offsets)
        at = lambda share: offsets[min(len(offsets) - 1, int(share * len(offsets)))]
        print(f"x of words {within} of {len(offsets)} within 3 px at 300 dpi; median {at(.5):.2f}, 99 % {at(.99):.2f} px")
        print(f"y of words {inside} of {len(offsets)} inside the box of their line")


if __name__ == "__main__":
    main()
