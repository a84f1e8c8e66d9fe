"""img2table_tesseract.py PAGE.png: the ruled tables that img2table finds, each cell cut out and read by Tesseract; a row a line, its cells parted by a TAB.

Its own TesseractOCR (2.0.0) loses every word that Tesseract marks as bold or slanted, and Tesseract run over a page with rules reads hardly a cell."""

import pathlib
import subprocess
import sys
import tempfile

import img2table.document
import PIL.Image

from rows import write

# Rules lie on the edges of the cells; Tesseract wants some paper around print.
EDGE, PAPER = 5, 20

page = PIL.Image.open(sys.argv[1]).convert("L")
tables = img2table.document.Image(sys.argv[1], detect_rotation=False).extract_tables()
boxes = {(c.bbox.x1, c.bbox.y1, c.bbox.x2, c.bbox.y2): "" for table in tables for cells in table.content.values() for c in cells}
with tempfile.TemporaryDirectory() as folder:
    names = []
    for n, (x1, y1, x2, y2) in enumerate(boxes):
        cell = page.crop((x1 + EDGE, y1 + EDGE, max(x1 + EDGE + 1, x2 - EDGE), max(y1 + EDGE + 1, y2 - EDGE)))
        with_paper = PIL.Image.new("L", (cell.width + 2 * PAPER, cell.height + 2 * PAPER), 255)
        with_paper.paste(cell, (PAPER, PAPER))
        names.append(f"{folder}/{n}.png")
        with_paper.save(names[-1], dpi=page.info.get("dpi", (300, 300)))
    pathlib.Path(folder, "list").write_text("\n".join(names) + "\n")
    if names:
        read = subprocess.run(["tesseract", f"{folder}/list", "-", "--psm", "6", "-l", "vie"], capture_output=True, text=True, check=True).stdout
        for box, text in zip(boxes, read.split("\f")):
            boxes[box] = text
for table in tables:
    # A merged cell comes once for each place that it takes.
    rows, seen = [], set()
    for cells in table.content.values():
        places = [(c.bbox.x1, c.bbox.y1, c.bbox.x2, c.bbox.y2) for c in cells]
        rows.append(["" if place in seen or places.index(place) < n else boxes[place] for n, place in enumerate(places)])
        seen.update(places)
    write(rows)
