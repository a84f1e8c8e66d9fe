"""img2table_tesseract.py PAGE.png: the tables that img2table finds, ruled and without rules, read by Tesseract; a row a line, its cells parted by a TAB."""

import sys

from img2table.document import Image
from img2table.ocr import TesseractOCR

from rows import write

tables = Image(sys.argv[1], detect_rotation=False).extract_tables(
    ocr=TesseractOCR(n_threads=1, lang="vie"), implicit_rows=False, implicit_columns=False, borderless_tables=True
)
for table in tables:
    # A merged cell comes once for each place that it takes.
    rows, seen = [], set()
    for cells in table.content.values():
        rows.append([])
        for cell in cells:
            box = (cell.bbox.x1, cell.bbox.y1, cell.bbox.x2, cell.bbox.y2)
            rows[-1].append("" if box in seen else cell.value)
            seen.add(box)
    write(rows)
