#!/usr/bin/env python3
"""ruin.py DIR [--each N]           DIR/RUIN-NN.png: pages on which hardly anything can be read any more
ruin.py --judge OUT               of what `sohoa read DIR --out OUT` wrote: by ruin how many pages are `read`, and how sure

Ruins: `mirrored`, `upended` (bottom to top, which no turning mends), `grain`, `coarse` (20 dpi), `striped` (seven of ten rows white), `halved` (the lower half
of each line white), `blurred`, `scrambled` (tiles exchanged), `greek`, `cyrillic`. The pages are those of tools/orientation/sweep.py; the same bytes every time with
Pillow as pinned in tools/fixtures/requirements.txt and the fonts of Debian 12.
"""

import argparse
import collections
import json
import pathlib
import random
import sys

from PIL import Image, ImageChops, ImageFilter, ImageOps

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "orientation"))
import sweep

DPI = 150
LAYOUTS = ("few", "letter", "numbered", "names", "table", "prose")
# Between the rules of a table no row is without ink.
NO_RULES = ("few", "letter", "numbered", "names", "prose")
GREEK = "αβγδεζηθικλμνξοπρστυφχψω"
CYRILLIC = "абвгдежзийклмнопрстуфхцчшщыэюя"


def page(layout, face, chance):
    sheet = sweep.Sheet(face, DPI, chance)
    sweep.KINDS[layout](sheet)
    return sheet.image


def foreign(letters, face, chance):
    """Words of another script; none of them means anything."""
    sheet = sweep.Sheet(face, DPI, chance)
    word = lambda: "".join(chance.choice(letters) for _ in range(chance.randint(2, 9)))
    y = 30
    while y < 30 + 40 * chance.randint(1, 4):
        y = sheet.paragraph(30, y, 155, " ".join(word() for _ in range(40)) + ".", 13, 7) + 3
    return sheet.image


def striped(image, period, from_row):
    out = image.copy()
    for y in range(0, image.height, period):
        out.paste(255, (0, y + from_row, image.width, y + period))
    return out


def halved(image):
    """Rows of ink are found as the eye finds them; of each the lower three fifths go."""
    out, ink = image.copy(), [min(image.crop((0, y, image.width, y + 1)).tobytes()) < 128 for y in range(image.height)]
    y = 0
    while y < image.height:
        end = y
        while end < image.height and ink[end]:
            end += 1
        if end > y:
            out.paste(255, (0, y + (end - y) * 2 // 5, image.width, end))
        y = end + 1
    return out


def scrambled(image, chance, tile=10):
    places = [(x, y) for y in range(0, image.height - tile, tile) for x in range(0, image.width - tile, tile)
              if min(image.crop((x, y, x + tile, y + tile)).tobytes()) < 128]
    out, order = image.copy(), places[:]
    chance.shuffle(order)
    for (x, y), (u, v) in zip(places, order):
        out.paste(image.crop((u, v, u + tile, v + tile)), (x, y))
    return out


def grain(image, chance):
    return ImageChops.add(image.filter(ImageFilter.GaussianBlur(2)), sweep.noise(image.size, chance.randint(0, 1 << 30), 150), 1, -128)


def coarse(image):
    small = image.resize((image.width * 20 // DPI, image.height * 20 // DPI), Image.Resampling.BOX)
    return small.resize(image.size, Image.Resampling.BICUBIC)


RUINS = {
    "mirrored": lambda i, f, c: ImageOps.mirror(i),
    "upended": lambda i, f, c: ImageOps.flip(i),
    "grain": lambda i, f, c: grain(i, c),
    "coarse": lambda i, f, c: coarse(i),
    "striped": lambda i, f, c: striped(i, 10, 3).filter(ImageFilter.GaussianBlur(2)),
    "halved": lambda i, f, c: halved(i),
    "blurred": lambda i, f, c: i.filter(ImageFilter.GaussianBlur(5)),
    "scrambled": lambda i, f, c: scrambled(i, c),
    "greek": lambda i, f, c: foreign(GREEK, f, c),
    "cyrillic": lambda i, f, c: foreign(CYRILLIC, f, c),
}


def make(folder, each):
    folder.mkdir(parents=True, exist_ok=True)
    faces = list(sweep.FACES) + list(sweep.OTHER_FACES)
    for ruin, spoil in RUINS.items():
        for number in range(each):
            chance = random.Random(f"{ruin} {number}")
            face = faces[number % len(faces)]
            layouts = NO_RULES if ruin == "halved" else LAYOUTS
            image = page(layouts[number % len(layouts)], face, chance)
            spoil(image, face, chance).save(folder / f"{ruin}-{number:02}.png", dpi=(DPI, DPI))


def judge(out):
    found = collections.defaultdict(list)
    for path in sorted(out.glob("*.json")):
        report = json.loads(path.read_text())
        if "pages" in report:
            for told in report["pages"]:
                found[path.name.split("-")[0]].append((told["status"], told.get("quality"), told.get("confidence") or 0.0, path.name))
    sure = []
    for ruin, pages in found.items():
        states = collections.Counter(status for status, *_ in pages)
        over = [p for p in pages if p[0] == "read" and p[2] > 0.6]
        sure += over
        print(f"{ruin}: {len(pages)} pages, {dict(states)}, read above 0.6: {len(over)}")
    for status, quality, confidence, name in sure:
        print(f"  {name}: quality {quality}, confidence {confidence}")
    print(f"{len(sure)} of {sum(map(len, found.values()))} read above 0.6")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--each", type=int, default=50)
    parser.add_argument("--judge", action="store_true")
    args = parser.parse_args()
    judge(args.folder) if args.judge else make(args.folder, args.each)


if __name__ == "__main__":
    main()
