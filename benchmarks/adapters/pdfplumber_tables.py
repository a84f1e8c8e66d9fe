"""pdfplumber_tables.py FILE.pdf: the tables that pdfplumber finds; a row a line, its cells parted by a TAB."""

import sys

import pdfplumber

from rows import write

with pdfplumber.open(sys.argv[1]) as pdf:
    for page in pdf.pages:
        # Its own way for tables without rules, where it finds none that are ruled.
        found = page.extract_tables() or page.extract_tables({"vertical_strategy": "text", "horizontal_strategy": "text"})
        for table in found:
            write(table)
