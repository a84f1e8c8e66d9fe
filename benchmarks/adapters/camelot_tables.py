"""camelot_tables.py FILE.pdf: the tables that Camelot finds; a row a line, its cells parted by a TAB."""

import sys
import warnings

import camelot

from rows import write

warnings.simplefilter("ignore")
tables = camelot.read_pdf(sys.argv[1], pages="all", flavor="lattice")
if not len(tables):
    tables = camelot.read_pdf(sys.argv[1], pages="all", flavor="stream")
for table in tables:
    write(table.df.values.tolist())
