"""How the adapters write tables: a row a line, its cells parted by a TAB, empty ones left out, the printed lines of a cell joined by a space."""


def write(rows):
    for row in rows:
        cells = [" ".join(str(cell).split()) for cell in row if cell is not None]
        line = "\t".join(cell for cell in cells if cell)
        if line:
            print(line)
