#!/usr/bin/env python3
"""lines.py --corpora DIR --lexicon DIR --faces LIST --alphabet META.json --out NAME [--first 0] [--blocks 1000]

Draws lines of print for the line network, a few to a block, damages the block as make.py of tools/pairs does and in some ways more, and cuts each line
as the detector would, a little off. NAME.strips holds them as `examples/strips.rs` writes them, NAME.jsonl a row a line: its text, what it is of, and
`old` where it is not the text but what the old network makes of the line that is to be learned, as for signs that the alphabet lacks.
LIST names font files, a line each. At least half is what pages of running text lack: words of other languages, codes, figures and letters that stand
alone, lists, signs, dots to write on, raised notes. A block depends on its number alone.
"""
import argparse
import io
import json
import pathlib
import random
import re
import sys

import numpy
from PIL import Image, ImageDraw, ImageFont

TOOLS = pathlib.Path(__file__).resolve().parents[1]
sys.path += [str(TOOLS / "pairs"), str(TOOLS / "tagger")]
import corpus
import make

HEIGHT = 96
# What is printed alike.
SAME = str.maketrans({"\u00a0": " ", "‑": "-"})
# What is to be read as the old network reads it: it lacks the sign, or knows it by other print than is drawn here.
KEPT_AS_READ = "raised", "dots", "sign", "dash"
FOREIGN = """the of and to in for is on that by this with you it not or be are from at as your all have new more an was we will home can us about if page my has search
free but our one other do no information time they site he up may what which their news out use any there see only so his when contact here business who web also
now help get view online first am been would how were services some these click its like service than find price date back top people list name just over state year
day into email two health world re next used go work last most products music buy data make them should product system post her city add policy number such please
available copyright support message after best software then good video well where info rights public books high school through each links she review years order
very privacy book items company read group need many user said does set under general research university january mail full map reviews program life know games way
days management part could great united hotel real item international center must store travel comments made development report off member details line terms before
did send right type because local those using results office education national car design take posted internet address community within states area want phone
les des une est dans pour que qui sur pas plus par avec ce cas cette son sont aux ans ses bien sans leur entre fait deux tout faire comme nous vous mais temps pays
ministère république général société développement santé école projet directeur été même après très région économie numéro privé aéroport thérapie
lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore magna aliqua enim ad minim veniam quis nostrud
Microsoft Windows Excel Word Google Facebook Zalo Samsung Toyota Honda Singapore Malaysia Thailand Indonesia Philippines Japan Korea China Australia France London Paris
Covid SARS-CoV-2 Astra Zeneca Pfizer Moderna vaccine ISO TCVN ASEAN WTO UNESCO UNICEF ODA FDI GDP GRDP PCI PAPI ICT CNTT wifi internet website email fax scan server
logo video clip game online marketing container photocopy computer laptop software hardware file USB PDF XML JSON Steven William Johnson Robert Maria Garcia Schmidt Keng
acid sulfuric clo ethanol paracetamol amoxicillin kg km ha ml mg cm mm kWh MW kV GHz Mbps""".split()
UNITS = "kg g m km ha tấn đồng % triệu tỷ người hộ ca cas vụ km2 m3 USD VNĐ đ/kg".split()
KINDS = "QĐ BC TB KH CV TTr NQ HD CT NĐ TT CĐ GM BB HĐ PL ĐT ĐA CTr QC TTLT VBHN PC KL GP GCN LĐTBXH".split()
BODIES = "UBND HĐND CP TTg BTC BNV BYT BTNMT BGDĐT STC SNV VP VPCP TU TW STNMT SKHĐT BKHCN BTP CAT SYT UBMTTQ ĐU ĐĐBQH BTTTT KSTTHC VX KT NC TH NN BXD BCT QLNH".split()
ROMAN = "I II III IV V VI VII VIII IX X XI XII XIII XIV XV XX XXI".split()
SIGNS = "- - - + * – — • o . , : / ) ( & ; ' … § = > <".split()


def figure(rng):
    kind = rng.random()
    if kind < 0.15:
        return str(rng.randint(0, 9))
    if kind < 0.3:
        return "%02d" % rng.randint(0, 99)
    if kind < 0.45:
        return "%d,%s" % (rng.randint(0, 999), "".join(rng.choice("0123456789") for _ in range(rng.randint(1, 3))))
    if kind < 0.65:
        return "{:,}".format(int(10 ** rng.uniform(3, 11))).replace(",", rng.choice(".... "))
    if kind < 0.75:
        return "%02d/%02d/%d" % (rng.randint(1, 31), rng.randint(1, 12), rng.randint(1945, 2030))
    if kind < 0.8:
        return "%d%%" % rng.randint(0, 300)
    if kind < 0.85:
        return "%d.%d%s" % (rng.randint(1, 12), rng.randint(1, 20), rng.choice(["", ".", ".%d" % rng.randint(1, 9)]))
    if kind < 0.9:
        return "0%d%s" % (rng.choice([2, 3, 9]), "".join(rng.choice("0123456789. "[:10 + 2 * (i % 4 == 3)]) for i in range(rng.randint(8, 10))))
    if kind < 0.95:
        return "".join(rng.choice("0123456789") for _ in range(rng.randint(5, 16)))
    return "%d/%d" % (rng.randint(1, 40), rng.randint(1, 60))


def code(rng):
    kind = rng.random()
    if kind < 0.5:
        tail = "-".join([rng.choice(KINDS)] + rng.sample(BODIES, rng.choice([1, 1, 2])))
        return "%s/%s" % (rng.randint(1, 9999), rng.choice(["%d/%s" % (rng.randint(1995, 2026), tail), tail]))
    if kind < 0.65:
        return "%s-%s" % (rng.choice(KINDS + BODIES), rng.choice(["", str(rng.randint(1, 99)), rng.choice(BODIES)]))
    if kind < 0.8:
        return "".join(rng.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZĐ") for _ in range(rng.randint(2, 5)))
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZĐ0123456789012345678901234567890123456789"
    return "".join(rng.choice(letters) for _ in range(rng.randint(3, 12))) + rng.choice(["", "", "-%d" % rng.randint(0, 99), ".%d" % rng.randint(0, 99)])


def foreign(rng):
    if rng.random() < 0.65:
        word = rng.choice(FOREIGN)
    else:
        word = "".join(rng.choice(["bcdfghjklmnpqrstvwxyz", "aeiou"][(i + rng.randint(0, 3)) % 2]) for i in range(rng.randint(2, 11)))
    return rng.choice([str, str, str, str.capitalize, str.upper])(word)


class Texts:
    """What the lines say: pairs of a text and what it is of."""

    def __init__(self, corpora, lexicon):
        self.source = make.Source(corpora, lexicon, share=24)
        self.heads = corpus.letters(lexicon, 6000, seed=4096)

    def words(self, rng, least=1, most=14):
        words = rng.choice(self.source.text).split()
        count = min(len(words), rng.randint(least, most))
        at = rng.randint(0, len(words) - count)
        return " ".join(words[at:at + count])[:130]

    def line(self, rng):
        kind = rng.choices(range(13), [30, 9, 9, 9, 8, 7, 5, 5, 4, 5, 4, 3, 5])[0]
        some = lambda made, least, most: " ".join(made(rng) for _ in range(rng.randint(least, most)))
        if kind == 0:
            text = self.words(rng, rng.choice([1, 5, 9]), 18)
            return (text.upper() if rng.random() < 0.12 else text), "text"
        if kind == 1:
            words = rng.choice(self.heads).split()
            at, count = rng.randrange(len(words)), rng.randint(1, 10)
            text = " ".join(words[at:at + count])
            return (text.upper() if rng.random() < 0.15 else text), "head"
        if kind == 2:
            text = some(foreign, 1, 9)
            return (text if rng.random() < 0.5 else "%s %s%s" % (self.words(rng, 1, 5), text, rng.choice(["", " " + self.words(rng, 1, 5)]))), "foreign"
        if kind == 3:
            text = code(rng)
            return rng.choice([text, text, "Số: " + text, "%s %s %s" % (self.words(rng, 1, 5), text, self.words(rng, 1, 5)), some(code, 2, 4)]), "code"
        if kind == 4:
            text = figure(rng)
            return rng.choice([text, text, some(figure, 2, 7), "%s %s %s" % (self.words(rng, 1, 5), text, rng.choice(UNITS)), "%s %s" % (text, rng.choice(UNITS))]), "figure"
        if kind == 5:
            mark = rng.choice([rng.choice(ROMAN), str(rng.randint(1, 30)), str(rng.choice([1, 1, 11, 2, 7])), rng.choice("abcdđeghiklmn"), rng.choice("ABCDIX"), "%d.%d" % (rng.randint(1, 9), rng.randint(1, 12))])
            mark += rng.choice(["", "", ".", ")", "/", ".", ",", ":", "-"])
            return rng.choice([mark, mark, "(%s)" % mark.rstrip(".)/,:-"), "%s %s" % (mark, self.words(rng, 1, 8)), "%s %s" % (rng.choice(["Điều", "Khoản", "Chương", "Mục", "Phụ lục", "Biểu số", "quý", "lớp", "loại"]), mark)]), "mark"
        if kind == 6:
            return rng.choice(SIGNS), "sign"
        if kind == 7:
            sign = rng.choice(["-", "-", "-", "+", "+", "*", "–", "—", "•"])
            return rng.choice(["%s %s" % (sign, self.words(rng, 1, 10)), "%s %s %s" % (self.words(rng, 1, 4), sign, self.words(rng, 1, 4)), "%s%s%s" % (rng.randint(1, 2030), rng.choice(["-", "–", " - "]), rng.randint(1, 2030)), "%s%s" % (sign, self.words(rng, 1, 3))]), "dash"
        if kind == 8:
            word = rng.choice([rng.choice(self.source.syllables), rng.choice(self.source.syllables), "".join(rng.choice("abcdefghiklmnopqrstuvxyABCDEGHIKLMNOPQRSTUVXY") for _ in range(rng.randint(1, 3))), rng.choice(UNITS)])
            return rng.choice([str, str, str.capitalize, str.upper])(word), "short"
        if kind == 9:
            dots = rng.choice([".", ".", ".", "…", ". "]) * rng.randint(3, 40)
            return rng.choice([dots, "%s%s%s" % (self.words(rng, 1, 4), rng.choice(["", " ", ": "]), dots), "%s %s %s" % (self.words(rng, 1, 3), dots, self.words(rng, 1, 3)), "%s %s %d" % (self.words(rng, 2, 6), dots, rng.randint(1, 99))]), "dots"
        if kind == 10:
            raised = rng.choice("¹²³123*") + rng.choice(["", "", "", ")", "0"])
            return "%s\v%s\v%s" % (rng.choice([self.words(rng, 1, 6), figure(rng) + rng.choice(["m", " m", "km"])]), raised, rng.choice(["", " " + self.words(rng, 1, 6), ",", "."])), "raised"
        if kind == 11:
            name = "".join(rng.choice("abcdefghiklmnopqrstuvxyz") for _ in range(rng.randint(3, 9)))
            end = rng.choice([".gov.vn", ".com", ".vn", ".com.vn", ".edu.vn", ".org"])
            return rng.choice(["", "", "Email: ", "Website: "]) + rng.choice(["%s@%s%s" % (name, foreign(rng).lower(), end), "http://%s%s" % (name, end), "www.%s%s" % (name, end), "https://%s%s/%s" % (name, end, foreign(rng))]), "address"
        return rng.choice([
            "%s “%s” %s" % (self.words(rng, 1, 4), self.words(rng, 1, 5), self.words(rng, 1, 3)), "\"%s\"" % self.words(rng, 1, 6), "(%s)" % self.words(rng, 1, 6),
            "%s (%s)" % (self.words(rng, 1, 5), figure(rng)), "%s?" % self.words(rng, 1, 6), "%s; %s" % (self.words(rng, 1, 4), self.words(rng, 1, 4)), "%s‰" % figure(rng),
            "%s!" % self.words(rng, 1, 4), "[%d] %s" % (rng.randint(1, 99), self.words(rng, 1, 4)), "%s = %s" % (figure(rng), figure(rng)), "%s%%" % figure(rng), "%s & %s" % (foreign(rng), foreign(rng)),
            "%s/%s" % (self.words(rng, 1, 2), self.words(rng, 1, 2)), "%s °C" % figure(rng), "%s: %s" % (self.words(rng, 1, 3), figure(rng))]), "stops"


class Face:
    def __init__(self, path):
        self.path, self.sizes = path, {}

    def at(self, size):
        return self.sizes.setdefault(size, ImageFont.truetype(self.path, size, layout_engine=ImageFont.Layout.BASIC))


def faces(names):
    """The faces with their weights: those that are like Times most, what is hardly ever printed not at all."""
    found = []
    for name in names:
        if re.search("Thin|Hairline|ExtraLight|Black|Display|LinLibertine_RZ", name):
            continue
        weight = 6 if re.search("LiberationSerif|FreeSerif", name) else 1.5 if re.search("Serif|Libertine|LiberationSans|Doulos|Charis|Garamond", name) else 0.35
        found.append((Face(name), weight * (0.4 if "Italic" in name or "Oblique" in name else 1)))
    return found


def block(texts, rng, all_faces):
    """A grey block, and for each of its lines its text, its kind, its left and right end, its base line and its size."""
    dpi = rng.choices([90, 120, 150, 200, 300], [6, 10, 24, 35, 25])[0]
    face = rng.choices(all_faces, [w for _, w in all_faces])[0][0]
    count, size = rng.randint(3, 6), max(12, round(rng.choice([11, 12, 13, 13, 14, 14, 15, 18]) * dpi / 72))
    leading = size * rng.uniform(1.12, 1.9)
    said, top, left = [], size * 2.0, size * 2.0
    for index in range(count):
        text, kind = texts.line(rng)
        font = face.at(size)
        parts = text.split("\v")
        while len(text) > 3 and font.getlength(text) > 7 * dpi:
            text = text[:-1].rstrip()
            parts = text.split("\v")
        if text.strip():
            said.append((parts, kind, left + rng.choice([0, 0, 0, size, rng.uniform(0, 6 * size)]), top + index * leading))
    font = face.at(size)
    width = int(max((x + sum(font.getlength(p) for p in parts) for parts, _, x, _ in said), default=0) + left)
    image = Image.new("L", (width, int(top * 2 + count * leading + size)), 255)
    draw = ImageDraw.Draw(image)
    ascent = font.getmetrics()[0]
    lines, space = [], rng.choice([1, 1, 1, 1, rng.uniform(0.7, 1.1)])
    for parts, kind, x, y in said:
        start = x
        for number, part in enumerate(parts):
            if number == 1 and not part[0] in "¹²³":
                small = face.at(max(8, int(size * rng.uniform(0.55, 0.7))))
                draw.text((x, y + ascent - size * rng.uniform(0.35, 0.45) - small.getmetrics()[0] + 0.2 * size), part, 0, small)
                x += small.getlength(part)
            else:
                draw.text((x, y), part, 0, font)
                x += font.getlength(part)
        lines.append(("".join(parts), kind, start, x, y + ascent, size))
        if rng.random() < 0.04:
            under = y + ascent + size * rng.uniform(0.1, 0.35)
            draw.line((start, under, x, under), 0, max(1, size // 18))
    if rng.random() < 0.1:
        for _ in range(rng.randint(1, 3)):
            x, y = rng.uniform(0, width), rng.uniform(0, image.height)
            draw.line((x, 0, x, image.height) if rng.random() < 0.5 else (0, y, width, y), rng.randint(0, 120), max(1, size // 15))
    return image, lines, dpi


def flatten(a, rng, dpi):
    """As scanners that part print from paper do: print of one grey in blocks on a blurred ground."""
    small = Image.fromarray(a.astype(numpy.uint8))
    mask = numpy.asarray(small) < rng.uniform(110, 170)
    ground = make.blur(a, 6)
    return numpy.where(mask, rng.uniform(0, 70), numpy.maximum(ground, rng.uniform(215, 255)))


def damage(image, rng, dpi):
    a = numpy.asarray(image, numpy.float32)
    kind = rng.random()
    if kind < 0.15:
        return a if rng.random() < 0.5 else make.blur(a, rng.uniform(0.3, 0.8))
    if kind < 0.3:
        a = make.blur(a, rng.uniform(0.4, 1.0))
        if rng.random() < 0.5:
            a = a + numpy.random.default_rng(rng.getrandbits(32)).standard_normal(a.shape, numpy.float32) * rng.uniform(2, 12)
        a = flatten(numpy.clip(a, 0, 255), rng, dpi)
        buffer = io.BytesIO()
        Image.fromarray(numpy.clip(a, 0, 255).astype(numpy.uint8)).save(buffer, "JPEG", quality=rng.randint(20, 80))
        return numpy.asarray(Image.open(buffer), numpy.float32)
    # A finer picture bears more.
    return numpy.asarray(make.degrade(a, Level(rng.getrandbits(64)), dpi >= 150 and rng.random() < 0.6), numpy.float32)


class Level(random.Random):
    """Chance that never turns the picture: the block is cut where it was drawn."""

    def uniform(self, low, high):
        return 0.0 if (low, high) == (-0.5, 0.5) else super().uniform(low, high)


def cut(a, line, rng):
    """The line as the detector would cut it, a byte of ink a place."""
    _, _, start, end, base, size = line
    height = size * (UP + DOWN) * rng.choice([1, 1, rng.uniform(0.85, 1.3)]) * rng.uniform(0.93, 1.08)
    middle = base - size * (UP - DOWN) / 2 + size * rng.gauss(0, 0.04)
    x0, x1 = start - size * rng.uniform(-0.03, 0.12) - 0.3 * height, end + size * rng.uniform(-0.03, 0.12) + 0.3 * height
    rows = 4.2 * height
    width = max(8, round((x1 - x0) / rows * HEIGHT))
    scale, slope = rows / HEIGHT, rng.choice([0, 0, rng.gauss(0, 0.004)])
    image = Image.fromarray(numpy.clip(255 - a, 0, 255).astype(numpy.uint8))
    y0 = middle - rows / 2
    if scale > 1:
        whole = Image.new("L", (int(x1) + 2 - int(x0) + 1, int(rows) + 3))
        whole.paste(image, (-int(numpy.floor(x0)), -int(numpy.floor(y0))))
        dx, dy = x0 - numpy.floor(x0), y0 - numpy.floor(y0)
        if slope:
            whole = whole.transform(whole.size, Image.AFFINE, (1, 0, 0, slope, 1, -slope * whole.width / 2), Image.BILINEAR)
        strip = whole.resize((width, HEIGHT), Image.BOX, box=(dx, dy, min(whole.width, dx + width * scale), min(whole.height, dy + rows)))
    else:
        strip = image.transform((width, HEIGHT), Image.AFFINE, (scale, 0, x0, slope * scale, scale, y0 - slope * width * scale / 2), Image.BILINEAR)
    return numpy.asarray(strip)


# Above and below the base line, in sizes of the face, the detector's lines reach so far.
UP, DOWN = 0.85, 0.22


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("corpora", "lexicon", "faces", "alphabet", "out"):
        parser.add_argument("--" + name, required=True, type=pathlib.Path)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--blocks", type=int, default=1000)
    args = parser.parse_args()
    texts, alphabet = Texts(args.corpora, args.lexicon), set(json.loads(args.alphabet.read_text())["charset"])
    all_faces = faces(args.faces.read_text().split("\n")[:-1])
    with open(f"{args.out}.strips", "wb") as strips, open(f"{args.out}.jsonl", "w") as rows:
        for number in range(args.first, args.first + args.blocks):
            rng = random.Random(f"lines {number}")
            image, lines, dpi = block(texts, rng, all_faces)
            a = damage(image, rng, dpi)
            for line in lines:
                text = " ".join(line[0].translate(SAME).split())
                ink = cut(a, line, rng)
                if ink.shape[1] > 1500 or not text:
                    continue
                old = line[1] in KEPT_AS_READ or not set(text) <= alphabet
                strips.write(numpy.uint32(ink.shape[1]).tobytes() + ink.tobytes())
                rows.write(json.dumps({"text": text, "kind": line[1], **({"old": True} if old else {})}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
