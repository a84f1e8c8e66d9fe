#!/usr/bin/env python3
"""Makes training pairs for the channel: text is set as report pages, degraded like scans, and read with Tesseract.

    make.py --corpora DIR --lexicon DIR --out DIR --lang eng|vie|fra|... --first 0 --pages 60 [--work DIR]

Each page becomes OUT/LANG-NNNNN.tsv, one line of text a row: printed TAB observed. A page depends on its number and
language alone, so that a run can be continued or repeated; pages that exist are skipped. Needs pillow and numpy
(see README.md), the fonts named below, zstd, and tesseract with the language's data.
"""
import argparse, io, os, pathlib, random, subprocess, sys, unicodedata, zlib
import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

FONTS = "/usr/share/fonts"
# Family: (weight, regular, bold, italic, bold italic). Reports are set in Times by decree, so its look-alikes weigh most.
FAMILIES = [
    (6, *("truetype/liberation2/LiberationSerif-%s.ttf" % s for s in ("Regular", "Bold", "Italic", "BoldItalic"))),
    (3, *("truetype/freefont/FreeSerif%s.ttf" % s for s in ("", "Bold", "Italic", "BoldItalic"))),
    (1.5, *("opentype/linux-libertine/LinLibertine_%s.otf" % s for s in ("R", "RB", "RI", "RBI"))),
    (1, *("truetype/noto/NotoSerif-%s.ttf" % s for s in ("Regular", "Bold", "Italic", "BoldItalic"))),
    (0.7, *("truetype/gentiumplus/GentiumPlus-%s.ttf" % s for s in ("Regular", "Bold", "Italic", "BoldItalic"))),
    (0.5, *("truetype/dejavu/DejaVuSerif%s.ttf" % s for s in ("", "-Bold", "-Italic", "-BoldItalic"))),
    (1.5, *("truetype/liberation2/LiberationSans-%s.ttf" % s for s in ("Regular", "Bold", "Italic", "BoldItalic"))),
    (0.5, *("truetype/freefont/FreeSans%s.ttf" % s for s in ("", "Bold", "Oblique", "BoldOblique"))),
    (0.5, *("truetype/noto/NotoSans-%s.ttf" % s for s in ("Regular", "Bold", "Italic", "BoldItalic"))),
    (0.5, *("truetype/open-sans/OpenSans-%s.ttf" % s for s in ("Regular", "Bold", "Italic", "BoldItalic"))),
]


def fnv1a64(data):
    value = 0xCBF29CE484222325
    for byte in data:
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return value


def held_out(line):
    """Lines that the language model is measured on are never set."""
    return fnv1a64(line.encode()) % 200 == 0


def paragraphs(corpora, share):
    """One in `share` of the paragraphs (administrative ones thrice as often), in an order fixed by their hash."""
    found = []
    for file in sorted(pathlib.Path(corpora).glob("*/*.txt.zst")):
        admin = file.parent.name == "admin"
        with subprocess.Popen(["zstd", "-dcq", file], stdout=subprocess.PIPE) as process:
            for raw in process.stdout:
                key = zlib.crc32(raw)
                if key % (share if admin else 3 * share) == 0:
                    line = unicodedata.normalize("NFC", raw.decode("utf-8", "ignore")).strip()
                    if 8 <= len(line) <= 900 and not held_out(line):
                        found.append((key // share, line))
    found.sort()
    return [line for _, line in found]


def column(file, *columns):
    rows = [line.rstrip("\n").split("\t") for line in open(file, encoding="utf-8")]
    at = [rows[0].index(c) for c in columns]
    return [tuple(row[i] for i in at) for row in rows[1:] if len(row) > max(at)]


class Source:
    """Paragraphs of a page: from the corpora, with names, places and rare syllables strewn in."""

    def __init__(self, corpora, lexicon, share):
        lexicon = pathlib.Path(lexicon)
        self.text = paragraphs(corpora, share)
        self.places = column(lexicon / "admin_units_2026.tsv", "ward", "province") + column(
            lexicon / "admin_units_legacy_pre2025.tsv", "ward", "district")
        self.surnames = [s for s, in column(lexicon / "names_surname.tsv", "surname")]
        self.given = [g for g, in column(lexicon / "names_given_compound.tsv", "given")]
        self.syllables = [s for s, a, v in column(lexicon / "syllable_freq.tsv", "syllable", "admin_count", "valid")
                          if v == "1" and int(a) >= 5]

    def paragraph(self, rng, page, index):
        kind = rng.random()
        if kind < 0.05:
            return ", ".join("%s, %s" % rng.choice(self.places) for _ in range(4))
        if kind < 0.09:
            return "; ".join("%s %s" % (rng.choice(self.surnames), rng.choice(self.given)) for _ in range(6))
        if kind < 0.13:
            return " ".join(rng.choice(self.syllables) for _ in range(rng.randint(20, 60))).capitalize() + "."
        line = self.text[(page * 40 + index) % len(self.text)]
        if kind < 0.20 and len(line) < 160:
            return line.upper()
        if kind < 0.25:
            return "%s\t%d\t%s\t%d,%d" % (line[:50].rsplit(" ", 1)[0], rng.randint(0, 9999), rng.choice("x-"), rng.randint(0, 99), rng.randint(0, 9))
        return rng.choice(["", "", "", "- ", "+ ", "%d. " % rng.randint(1, 20), "%s) " % rng.choice("abcde")]) + line


def typeset(source, rng, number, dpi):
    """The page as a grey array and its printed lines. Style may change from paragraph to paragraph, never in a line."""
    family = rng.choices(FAMILIES, [f[0] for f in FAMILIES])[0][1:]
    size = int(rng.choice([12, 13, 13, 14, 14]) * dpi / 72)
    fonts = [ImageFont.truetype(os.path.join(FONTS, f), size, layout_engine=ImageFont.Layout.BASIC)
             if os.path.exists(os.path.join(FONTS, f)) else None for f in family]
    width = int(rng.uniform(6.0, 7.0) * dpi)
    leading = int(size * rng.uniform(1.25, 1.7))
    margin = dpi // 3
    image = Image.new("L", (width + 2 * margin, leading * 42 + 2 * margin), 255)
    draw = ImageDraw.Draw(image)
    lines, y, index = [], margin, 0
    while len(lines) < 40:
        text = source.paragraph(rng, number, index)
        index += 1
        style = rng.choices([0, 1, 2, 3], [70, 15, 10, 5] if not text.isupper() else [30, 60, 5, 5])[0]
        font = fonts[style] or fonts[0]
        if "\t" in text:
            x = margin
            cells = text.split("\t")
            for cell in cells:
                draw.text((x, y), cell, 0, font)
                x += max(width // 6, int(font.getlength(cell) + 2 * size))
            lines.append(" ".join(cells))
            y += leading
            continue
        at, indent = "", rng.choice([0, dpi // 2])
        centred = text.isupper() and rng.random() < 0.7
        wrapped = []
        for word in text.split():
            longer = (at + " " + word).strip()
            if at and font.getlength(longer) > width - (0 if wrapped else indent):
                wrapped.append(at)
                at = word
            else:
                at = longer
        wrapped.append(at)
        for i, line in enumerate(wrapped[: 40 - len(lines)]):
            x = margin + ((width - font.getlength(line)) / 2 if centred else 0 if i else indent)
            draw.text((max(0, x), y), line, 0, font)
            lines.append(line)
            y += leading
        y += rng.choice([0, leading // 4])
    return np.asarray(image.crop((0, 0, image.width, y + margin)), np.float32), lines


def blur(a, sigma):
    """Gaussian blur of an array or an image in grey levels from 0 to 255."""
    image = a if isinstance(a, Image.Image) else Image.fromarray(np.clip(a, 0, 255).astype(np.uint8))
    return np.asarray(image.filter(ImageFilter.GaussianBlur(sigma)), np.float32)


def degrade(a, rng, hard):
    """Print, paper and scanner: ink spread, blur, skew, shading, bleed-through, noise, then threshold or JPEG."""
    noise = np.random.default_rng(rng.getrandbits(32))
    if rng.random() < 0.5 + 0.3 * hard:  # ink that spread or wore thin
        soft = blur(a, rng.uniform(0.6, 1.1))
        a = np.clip((soft - rng.uniform(60, 150)) * 2.2, 0, 255)
    if rng.random() < 0.6:
        image = Image.fromarray(a.astype(np.uint8)).rotate(rng.uniform(-0.5, 0.5), Image.BICUBIC, fillcolor=255)
        a = np.asarray(image, np.float32)
    a = blur(a, rng.uniform(0.5, 1.9 if hard else 1.2))
    ink, paper = rng.uniform(10, 90), rng.uniform(205, 250)
    a = ink + a * (paper - ink) / 255
    if hard and rng.random() < 0.4:
        a = np.minimum(a, 255 - (255 - blur(a[:, ::-1], 2.5)) * rng.uniform(0.1, 0.3))
    if rng.random() < 0.7:
        speck = noise.standard_normal(a.shape, np.float32) * rng.uniform(2, 22 if hard else 12)
        a = a + (1.6 * (blur(speck + 128, 0.7) - 128) if rng.random() < 0.5 else speck)
    if rng.random() < (0.35 if hard else 0.3):
        level = rng.uniform(0.45, 0.7) * paper + 0.1 * ink
        return Image.fromarray(np.where(a > level, 255, 0).astype(np.uint8))
    image = Image.fromarray(np.clip(a, 0, 255).astype(np.uint8))
    if rng.random() < 0.6:
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=rng.randint(18 if hard else 40, 80))
        image = Image.open(io.BytesIO(buffer.getvalue())).convert("L")
    return image


def bigrams(line):
    letters = [c for c in unicodedata.normalize("NFD", line.lower().replace("đ", "d")) if c.isalnum()]
    return {a + b for a, b in zip(letters, letters[1:])} or set(letters)


def match(printed, observed):
    """Pairs printed lines with observed ones, in order; lines without a likeness stay out."""
    p, o = [bigrams(x) for x in printed], [bigrams(x) for x in observed]
    alike = [[2 * len(a & b) / max(1, len(a) + len(b)) for b in o] for a in p]
    best = [[0.0] * (len(o) + 1) for _ in range(len(p) + 1)]
    for i in range(len(p) - 1, -1, -1):
        for j in range(len(o) - 1, -1, -1):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + alike[i][j] - 0.25)
    i = j = 0
    while i < len(p) and j < len(o):
        if best[i][j] == best[i + 1][j + 1] + alike[i][j] - 0.25 and alike[i][j] > 0.25:
            yield printed[i], observed[j]
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("corpora", "lexicon", "out"):
        ap.add_argument("--" + name, required=True)
    ap.add_argument("--lang", required=True, help="data that Tesseract reads with: vie of poor pages, any other of good ones")
    ap.add_argument("--first", type=int, default=0)
    ap.add_argument("--pages", type=int, default=60)
    ap.add_argument("--work", default="/dev/shm")
    args = ap.parse_args()
    out, hard = pathlib.Path(args.out), args.lang == "vie"
    out.mkdir(parents=True, exist_ok=True)
    source = Source(args.corpora, args.lexicon, share=24)
    print("%d paragraphs to choose from" % len(source.text), file=sys.stderr)
    work = pathlib.Path(args.work)
    for batch in range(args.first, args.first + args.pages, 10):
        todo = [n for n in range(batch, min(batch + 10, args.first + args.pages)) if not (out / ("%s-%05d.tsv" % (args.lang, n))).exists()]
        if not todo:
            continue
        pages, images = [], []
        for number in todo:
            rng = random.Random("%s %d" % (args.lang, number))
            dpi = rng.choices([150, 200, 240, 300], [20, 35, 15, 30] if hard else [3, 20, 17, 60])[0]
            # The engines read different text, so that a pair of one is no hint for the other's.
            grey, lines = typeset(source, rng, number + (50_000 if hard else 0), dpi)
            path = work / ("pairs-%s-%05d.pgm" % (args.lang, number))
            degrade(grey, rng, hard).save(path, dpi=(dpi, dpi))
            pages.append(lines)
            images.append((path, dpi))
        # One call a resolution would be truer; Tesseract takes the resolution from the size of the letters anyway.
        names = work / ("pairs-%s-%05d.list" % (args.lang, batch))
        names.write_text("".join("%s\n" % p for p, _ in images))
        read = subprocess.run(["tesseract", names, "-", "-l", args.lang, "--psm", "6", "--dpi", "300"],
                              capture_output=True, text=True, env={**os.environ, "OMP_THREAD_LIMIT": "1"})
        texts = read.stdout.split("\f")
        if len(texts) < len(todo):
            sys.exit("tesseract gave %d of %d pages: %s" % (len(texts), len(todo), read.stderr[-300:]))
        for number, lines, text in zip(todo, pages, texts):
            observed = [unicodedata.normalize("NFC", " ".join(line.split())) for line in text.splitlines() if line.strip()]
            rows = ["%s\t%s\n" % pair for pair in match(lines, observed)]
            temporary = out / ("%s-%05d.part" % (args.lang, number))
            temporary.write_text("".join(rows), encoding="utf-8")
            temporary.rename(out / ("%s-%05d.tsv" % (args.lang, number)))
        for path, _ in images:
            path.unlink()
        names.unlink()
        print("%s: up to page %d" % (args.lang, todo[-1]), file=sys.stderr)


if __name__ == "__main__":
    main()
