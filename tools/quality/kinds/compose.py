#!/usr/bin/env python3
"""compose.py DIR [--kinds K01,K06] [--each 10]

Writes new inputs of the kinds that pipelines fail on: DIR/K01-00.png (.jpg, .pdf) with DIR/K01-00.gt.txt, the text that it shows. Where order is the point,
DIR/K01-00.order.txt has pairs `A<TAB>B`, of which A must be read before B; where a remark is what is right, DIR/K01-00.expect.json says which.

    sohoa read DIR/*.{png,jpg,pdf} --out OUT
    score.py DIR OUT

Kinds are numbered as the faults that they repeat: K01 upright print; K02 narrow lists and grids; K03 turned pages; K04 typed lines over a scan; K05 picture of text
on a typed page; K06 leaders and blanks; K07 raised digits; K09 columns and spreads; K10 skew; K11 eth for d with a stroke; K13 tiny picture with a large mask;
K14 wrong resolution told; K15 foot notes; K16 seal; K17 shaded rows; K19 hidden text; K21 upright heads; K22 lossless JPEG; K23 PNG without its end; K25 cut
linearized PDF; K26 close letterheads; K27 low resolution; K28 photographs; K29 edges and holes; K30 show-through. The same bytes every time with the same Pillow,
PyMuPDF and fonts (fonts-liberation2, fonts-noto-core, fonts-dejavu-extra, fonts-freefont-ttf of Debian 12).
"""

import argparse
import json
import pathlib
import random

import damages
import layouts

KINDS = {name[:3].upper(): make for name, make in [*vars(layouts).items(), *vars(damages).items()] if name[0] == "k" and name[1:3].isdigit()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--each", type=int, default=10)
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    for kind in args.kinds.split(","):
        for number in range(args.each):
            made = KINDS[kind](number, random.Random(f"{kind} {number}"))
            name = args.folder / f"{kind}-{number:02}"
            name.with_suffix("." + made.form).write_bytes(made.data)
            name.with_suffix(".gt.txt").write_text("\n".join(made.lines) + "\n")
            if made.order:
                name.with_suffix(".order.txt").write_text("".join(f"{a}\t{b}\n" for a, b in made.order))
            if made.expect:
                name.with_suffix(".expect.json").write_text(json.dumps(made.expect, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
