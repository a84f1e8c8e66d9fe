"""Kinds of input by what was done to a page or its file: K14 to K30."""

import struct
import zlib

import numpy
import pymupdf
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from pages import MATTERS, Made, Sheet, Typed, Writer, bilevel, coloured, grained, jpg, linearized, lossless, pdf, png, scanned, sealed, stored, tilted, worn, face


def k14_tagged(n, c):
    w = Writer(c)
    dpi, tag = [(100, 300), (110, 300), (120, 400), (150, 600), (100, 200), (200, 72), (130, 300), (300, 96), (120, 300), (100, 300)][n]
    s = Sheet(face(n, ["times", "arial", "nserif", "dserif", "fserif"]), dpi, 210, c.choice([297, 180]))
    s.letter(w, upto=150 if s.image.height < 200 * dpi / 25.4 else 230, count=2)
    image = s.image if n % 2 else grained(s.image.filter(ImageFilter.GaussianBlur(0.3)), 6, c)
    return png(image, tag, s.lines) if n % 3 else jpg(image, tag, s.lines, 85)


def k15_foot_notes(n, c):
    w, dpi = Writer(c), [200, 300, 200][n % 3]
    s, small = Sheet(face(n), dpi), [9, 8.5, 10, 8][n % 4] if n % 3 == 1 else [9, 10][n % 2]
    if n % 2:
        s.put(105, 25, c.choice(["PHỤ LỤC", "BÁO CÁO TỔNG HỢP"]), 14, "ms", True)
    y = 38
    for note in range(1, 4):
        lines = s.wrapped(w.text(2), 13, 155)
        for line in lines:
            s.put(28, y, line, 13)
            y += 7
        s.put(28.3 + s.width(lines[-1], 13), y - 7 - 2, "¹²³"[note - 1] if n % 2 else str(note), 13 if n % 2 else 7.5)
        s.lines[-1] = "¹²³"[note - 1]
        y += 3
    y = c.choice([y + 15, 250])
    s.rule(28, y, 78, y)
    for note in range(1, 4):
        text = [f"Theo Công văn số {w.act()} ngày {w.date()}.", f"Trong đó xã {w.place()} có {w.fresh(100, 999)} hộ.",
                f"Chưa gồm số chuyển nguồn {w.money()} đồng.", f"Số liệu tính đến ngày {w.date()}."][(note + n) % 4]
        s.put(28, y + 5 * note, f"{note} {text}", small)
    return worn(s, n // 2, c)


def k16_seal(n, c):
    w, dpi = Writer(c), [200, 300, 150][n % 3]
    s = Sheet(face(n), dpi)
    y = s.letter(w)
    x, y = (c.randint(60, 150), c.randint(80, 150)) if n % 2 else (135, y - 12)
    image = scanned(s.image, dpi, c, 0.6, 0.4)
    image = sealed(image, dpi, x, y, c.randint(16, 19), face(n, ["arial", "times"]), f"ỦY BAN NHÂN DÂN XÃ {w.place().upper()}",
                   [(205, 35, 45), (220, 60, 80), (180, 30, 40)][n % 3], c.uniform(0.6, 0.95))
    # What the seal says may be read or not; it is not of the text.
    return jpg(image, dpi, s.lines, 80)


def k17_shaded(n, c):
    w, dpi = Writer(c), [200, 300, 200][n % 3]
    s = Sheet(face(n), dpi)
    s.put(105, 28, "BẢNG TỔNG HỢP NĂM 2025", 14, "ms", True)
    rows = [["TT", "Địa bàn", "Số hộ", "Đã thu", "Tỷ lệ (%)"]]
    rows += [[str(r + 1), w.place(), w.fresh(100, 999), w.thousands(), w.percent()] for r in range(c.randint(5, 14))] + [["", "Tổng cộng", w.thousands(), w.money(), w.percent()]]
    shaded = [range(1, len(rows), 2), [0, len(rows) - 1], range(0, len(rows), 2)][n % 3]
    y = s.table(25, 38, [12, 55, 26, 40, 28], rows, 12, high=c.choice([8, 9]), shaded=shaded, shade=[215, 190, 228, 170, 205][n % 5], bold=(0, len(rows) - 1), ruled=n % 4 != 3)
    s.paragraph(25, y + 12, 160, w.text(2), 12)
    # Every other one in black and white, its shade as dots.
    return png(s.image if n % 4 < 3 else s.image.convert("1"), dpi, s.lines) if n % 2 else jpg(scanned(s.image, dpi, c, 0.6, 0.4), dpi, s.lines)


def k19_hidden(n, c):
    w, page = Writer(c), Typed(face(n))
    y = page.letter(w, 12, upto=200)
    number = f"{c.randint(3, 9)}.{c.randint(100, 999)}.{c.randint(100, 999)}"
    text, y = f"MẬT {number} đồng", min(y + 14, 270)
    put = lambda x, color=(0, 0, 0): page.put(x, y, text, 12, color=color, told=False)
    bar = lambda shade: page.fill(26, y - 6, 120, y + 3, shade)
    expect = {"absent": [number], "diagnostic": "do not show|hidden|covered|nothing is printed"}
    how = n % 7
    if how == 2:
        # Nobody loses anything by what lies outside.
        put(-150 if n == 2 else 300)
        del expect["diagnostic"]
    elif how == 1:
        put(30, (1, 1, 1))
    elif how in (4, 5):
        shade = [(0.1, 0.2, 0.5), (0.8, 0.1, 0.1)][how - 4]
        bar(shade)
        put(30, shade)
    elif how == 6:
        put(30)
        page.picture(Image.new("L", (94, 9), 120), 26, y - 6, 120, y + 3)
    else:
        put(30)
        bar((0, 0, 0) if how == 0 else (1, 1, 1))
    return pdf(page, expect=expect)


def k21_heads(n, c):
    w, dpi = Writer(c), [200, 300, 150][n % 3]
    s = Typed(face(n)) if n % 5 < 3 else Sheet(face(n), dpi)
    heads = ["TT", "Địa bàn"] + c.sample(["Số hộ dân", "Hộ nghèo", "Cận nghèo", "Đã cấp nước", "Chưa đóng phí", "Trẻ đến trường", "Nhà tạm"], 4)
    widths, rows, y = [12, 50, 22, 22, 22, 22], c.randint(4, 12), 75
    edges = [20 + sum(widths[:at]) for at in range(7)]
    s.put(105, 22, "KẾT QUẢ RÀ SOÁT", 14, "ms", True)
    for at, head in enumerate(heads):
        s.turned(edges[at] + widths[at] / 2 + 1.5, y - 4, head, 12)
    if n % 2 == 0:
        s.rule(20, 36, edges[-1], 36)
        for edge in edges:
            s.rule(edge, 36, edge, y)
    table = [[str(r + 1), w.place(), *(w.fresh(100, 999) for _ in range(4))] for r in range(rows)]
    s.table(20, y, widths, table, 12, ruled=n % 2 == 0, headed=False)
    order = [(head.split()[-1], table[0][2]) for head in heads[2:]]
    s.paragraph(25, y + 8 * rows + 12, 160, w.text(2), 12)
    if n % 5 < 3:
        return pdf(s, order=order)
    made = worn(s, n // 2 + n % 5, c)
    made.order = order
    return made


def k22_rare_jpeg(n, c):
    w = Writer(c)
    s = Sheet(face(n), [150, 200][n % 2], 210, 90)
    s.paragraph(28, 20, 155, w.text(3), 13)
    return Made("jpg", lossless(scanned(s.image, s.dpi, c, 0.5) if n % 3 else s.image), s.lines, expect={"refused": "kind of JPEG"})


def k23_no_end(n, c):
    w, dpi = Writer(c), [200, 150, 300][n % 3]
    s = Sheet(face(n), dpi, 210, 180)
    y = 20
    while y < 150:
        y = s.paragraph(28, y, 155, w.text(2), 13) + 2
    image = [bilevel(s.image), s.image, s.image.convert("RGB")][n % 3]
    data = stored(image, "PNG", dpi=(dpi, dpi))
    if n % 2 == 0:
        return Made("png", data[:-12], s.lines, expect={"diagnostic": "lacks its end|damaged|cut"})
    data = data[:int(len(data) * c.uniform(0.35, 0.85))]
    packed, at = b"", 8
    while at + 8 < len(data):
        length, name = struct.unpack(">I4s", data[at:at + 8])
        packed += data[at + 8:at + 8 + length] if name == b"IDAT" else b""
        at += length + 12
    row = {"1": (image.width + 7) // 8, "L": image.width, "RGB": 3 * image.width}[image.mode] + 1
    found = len(zlib.decompressobj().decompress(packed)) // row * 25.4 / dpi
    # A line that is cut through may be read or not.
    return Made("png", data, [text for _, y, text, *_ in s.placed if y + 2 < found], expect={"diagnostic": "damaged|cut", "exit": 6})


def k25_cut(n, c):
    """A linearized file whose second part is missing; odd ones lose the list of their pages too."""
    w, count = Writer(c), c.randint(4, 9)
    page, ends = None, []
    for at in range(count):
        page = Typed(face(n), page and page.document)
        y = page.letterhead(w) if at == 0 else 25
        if n % 3 == 2:
            s = Sheet(page.face, 100)
            s.paragraph(25, y, 160, w.text(4), 13)
            # Under the letterhead, which would be hidden else.
            page.page.insert_image(page.area(0, 0, 210, 297), stream=stored(s.image), keep_proportion=False, overlay=False)
            page.lines += s.lines
        else:
            page.paragraph(25, y, 160, w.text(4), 13)
        page.put(105, 285, str(at + 1), 11, "ms")
        ends.append(page.lines)
    source = pymupdf.open("pdf", page.bytes())
    later = [number for page in list(source)[1:] for number in (page.xref, *page.get_contents(), *(image[0] for image in page.get_images()))]
    kept = c.randint(1, count - 1)
    cut = source[kept].xref
    if n % 2:
        later.append(int(source.xref_get_key(source.pdf_catalog(), "Pages")[1].split()[0]))
    data, places = linearized(source, later)
    data = data[:places[cut] + 12] + (b"" if n % 5 == 4 else b"\nstartxref\n0\n%%EOF\n")
    return Made("pdf", data, sum(ends[:kept], []), expect={"diagnostic": "missing|only .* can be found", "exit": 6})


def k26_close_heads(n, c):
    w, dpi = Writer(c), [200, 300, 150][n % 3]
    s = Typed(face(n)) if n == 9 else Sheet(face(n), dpi)
    rows = [(["ỦY BAN NHÂN DÂN HUYỆN", "SỞ NỘI VỤ TỈNH", "ĐẢNG ỦY XÃ"][n % 3] + f" {w.place().upper()}", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
            (f"VĂN PHÒNG XÃ {w.place().upper()}", "Độc lập - Tự do - Hạnh phúc"),
            (f"Số: {w.act()}", f"{w.place()}, ngày {c.randint(10, 28)} tháng {c.randint(3, 12)} năm 2025")]
    gap, points, bold = [3, 4, 5, 7][n % 4], 12, ((False, True), (True, True), (False, False))
    wide = lambda side: max(s.width(row[side], points, b[side]) for row, b in zip(rows, bold))
    while wide(0) + gap + wide(1) > 178:
        points -= 0.25
    left, right = wide(0), wide(1)
    x = 105 - (left + gap + right) / 2
    for at, row in enumerate(rows):
        # The right column may stand half a line lower.
        for side, middle in ((0, x + left / 2), (1, x + left + gap + right / 2)):
            s.put(middle, 22 + 6 * at + side * [0, 0, 1.2][n % 3], row[side], points, "ms", bold[at][side])
    s.put(105, 52, "GIẤY MỜI", 14, "ms", True)
    s.paragraph(28, 64, 155, w.text(c.randint(2, 6)), 13)
    return pdf(s) if n == 9 else worn(s, n, c)


def k27_coarse(n, c):
    w, dpi = Writer(c), [72, 80, 90, 96, 100, 110, 120, 130, 140, 150][n]
    s = Sheet(face(n, ["times", "arial", "nserif", "nsans", "dserif"]), 2 * dpi)
    s.letter(w, 14 if dpi < 100 else 13)
    # As a device samples: from finer print, not drawn on the grid.
    image = s.image.resize((s.image.width // 2, s.image.height // 2), Image.Resampling.BOX)
    return jpg(grained(image, 4, c), dpi, s.lines, 85) if n % 2 else png(image, dpi, s.lines)


def k28_photo(n, c):
    w, dpi = Writer(c), [200, 170, 240][n % 3]
    s = Sheet(face(n), dpi)
    s.letter(w)
    wide, high = s.image.size
    desk = Image.new("RGB", (round(wide * 1.14), round(high * 1.12)), [(92, 66, 45), (60, 64, 70), (140, 120, 96)][n % 3])
    paper = coloured(s.image, (248, 246, 238))
    off = lambda part: c.uniform(0.02, 0.02 + part)
    corners = [(desk.width * off(0.06), desk.height * off(0.05)), (desk.width * (1 - off(0.06)), desk.height * off(0.05)),
               (desk.width * (1 - off(0.06)), desk.height * (1 - off(0.05))), (desk.width * off(0.06), desk.height * (1 - off(0.05)))]
    rows, goal = [], []
    for (x, y), (u, v) in zip(corners, [(0, 0), (wide, 0), (wide, high), (0, high)]):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        goal += [u, v]
    how = (desk.size, Image.Transform.PERSPECTIVE, list(numpy.linalg.solve(numpy.array(rows), numpy.array(goal))), Image.Resampling.BICUBIC)
    desk = Image.composite(paper.transform(*how), desk, Image.new("L", s.image.size, 255).transform(*how))
    y, x = numpy.mgrid[0:desk.height, 0:desk.width]
    # A lamp at one side, and on every other one the shadow of who holds the camera.
    light = 1 - c.uniform(0.25, 0.5) * numpy.hypot(x / desk.width - c.random(), y / desk.height - c.random()) / 1.4
    if n % 2:
        light *= 1 - 0.3 / (1 + numpy.exp(-(x / desk.width * 3 - y / desk.height - c.uniform(0.8, 1.6)) * 14))
    image = Image.fromarray(numpy.clip(numpy.asarray(desk) * light[..., None], 0, 255).astype("uint8")).filter(ImageFilter.GaussianBlur(dpi / 320))
    return jpg(image, [72, dpi][n % 2], s.lines, 70)


def k29_edges(n, c):
    w, dpi = Writer(c), [200, 300, 150][n % 3]
    s = Sheet(face(n), dpi)
    s.letter(w)
    image = tilted(s.image, c.uniform(-1.2, 1.2))
    draw, mm = ImageDraw.Draw(image), dpi / 25.4
    edge = lambda: c.uniform(2, 9) * mm
    wide, high = image.size
    for at in c.sample(range(4), c.randint(1, 4)):
        a, b = edge(), edge()
        draw.polygon([[(0, 0), (a, 0), (b, high), (0, high)], [(wide, 0), (wide - a, 0), (wide - b, high), (wide, high)],
                      [(0, 0), (0, a), (wide, b), (wide, 0)], [(0, high), (0, high - a), (wide, high - b), (wide, high)]][at], fill=c.choice([0, 25]))
    for y in [[108, 188], [68, 108, 188, 228], [148]][n % 3]:
        draw.ellipse([13 * mm, (y - 3) * mm, 19 * mm, (y + 3) * mm], fill=[0, 40][n % 2])
    image = grained(image.filter(ImageFilter.GaussianBlur(dpi / 400)), 9, c)
    return png(bilevel(image), dpi, s.lines) if n % 2 else jpg(image, dpi, s.lines)


def k30_show_through(n, c):
    w, dpi = Writer(c), [200, 300, 150][n % 3]
    s, back = Sheet(face(n), dpi), Sheet(face(n), dpi)
    s.letter(w)
    back.letter(Writer(c)) if n % 2 else back.table(30, 30, [14, 70, 30, 34], [[str(r), c.choice(MATTERS), w.thousands(), w.percent()] for r in range(1, 24)], 13, high=9, headed=False)
    faint = c.uniform(0.15, 0.4)
    behind = ImageOps.mirror(back.image).filter(ImageFilter.GaussianBlur(dpi / 130)).point(lambda v: round(255 - (255 - v) * faint))
    behind = ImageChops.offset(behind, c.randint(-20, 20), c.randint(-30, 30))
    return jpg(scanned(ImageChops.multiply(s.image, behind), dpi, c, 0.8), dpi, s.lines)
