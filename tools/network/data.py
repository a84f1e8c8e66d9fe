"""Strips and what they say, as `lines.py` and `read.py` leave them."""
import json
import pathlib

import numpy

from net import HEIGHT


def strips(path):
    """The strips of a file, rows by columns, a byte of ink a place; they stay on disk until they are looked at."""
    raw, at, found = numpy.memmap(path, numpy.uint8, "r"), 0, []
    while at < len(raw):
        width = int(raw[at:at + 4].view("<u4")[0])
        found.append(raw[at + 4:at + 4 + HEIGHT * width].reshape(HEIGHT, width))
        at += 4 + HEIGHT * width
    return found


def told(name):
    """The strips of NAME.strips with the rows of NAME.jsonl."""
    rows = [json.loads(row) for row in pathlib.Path(f"{name}.jsonl").open(encoding="utf-8")]
    return list(zip(strips(f"{name}.strips"), rows, strict=True))


# Widths of batches are multiples of this: torch prepares itself anew for each shape.
WIDTHS = 128


def wide(ink):
    """The width that a strip is filled up to."""
    return (ink.shape[1] + 8 + WIDTHS - 1) // WIDTHS * WIDTHS


def batch(inks):
    """As the network wants them: ink from 0 to 1 with white to the right, and the widths."""
    widths = [i.shape[1] for i in inks]
    shown = numpy.zeros((len(inks), HEIGHT, max(map(wide, inks))), numpy.float32)
    for place, ink in zip(shown, inks):
        place[:, :ink.shape[1]] = ink
        if ink[32:64].mean() > 0.6 * 255:
            place[:, :ink.shape[1]] = 255 - ink
    return shown / 255, numpy.array(widths)
