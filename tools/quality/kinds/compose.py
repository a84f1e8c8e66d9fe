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
import struct
import zlib

import numpy
import pymupdf
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from pages import FACES, MATTERS, PEOPLE, PLACES, Made, Sheet, Typed, Writer, bilevel, coloured, grained, jpg, linearized, lossless, markers, pdf, png, scanned, sealed, stored, tilted, worn

NAMES = list(FACES)
PAPERS = [(250, 228, 120), (246, 192, 200), (178, 222, 188), (188, 206, 240), (222, 200, 160)]


def face(n, of=NAMES):
    return of[n % len(of)]


def k01_print(n, c):
    w, dpi = Writer(c), 200
    if n < 3:
        s = Sheet(["arial", "nserif", "nsans"][n], dpi, 210, 80)
        s.paragraph(30, 20, 150, w.text(1 + n % 2), 12, 6.5)
        return png(bilevel(s.image), dpi, s.lines)
    if n < 6:
        s = Sheet(["times", "arial", "nserif"][n - 3], dpi)
        s.letter(w)
        return jpg(coloured(scanned(s.image, dpi, c, 0.6), PAPERS[n - 3]), dpi, s.lines, 70)
    if n < 8:
        s = Sheet(["times", "dserif"][n - 6], dpi)
        for r in range(26):
            for x in range(7):
                s.put(48 + 23 * x, 35 + 8 * r, w.thousands(), 12, "rs")
        return png(bilevel(tilted(s.image, c.choice([-0.6, 0.5]))), dpi, s.lines)
    s = Sheet(["arial", "fserif"][n - 8], dpi)
    s.letter(w)
    page = Typed(s.face)
    page.picture(bilevel(s.image), 0, 0, 210, 297)
    # The layer as a recogniser leaves it: invisible, in place, one word without its marks.
    spoilt = c.randrange(8, len(s.placed) - 8)
    for at, (x, y, text, points, anchor, bold) in enumerate(s.placed):
        shown = text.replace("ộ", "o", 1) if at == spoilt else text
        page.put(x, y, shown, points, anchor, bold, mode=3, told=False)
    page.lines = s.lines
    return pdf(page)


def k02_narrow(n, c):
    w, dpi = Writer(c), [200, 150, 300][n % 3]
    s = Sheet(face(n, ["times", "arial", "nserif", "dsans", "fserif"]), dpi)
    count = c.randint(16, 30)
    for r in range(count):
        y = 28 + 8.5 * r
        if n % 5 < 2:
            s.put([90, 30][n % 2], y, c.choice(PLACES), 12)
        elif n % 5 == 2:
            s.put(70, y, w.thousands(), 12, "rs")
        elif n % 5 == 3:
            for x in range(4):
                s.put(60 + 30 * x, y, w.figure(), 12, "rs")
        else:
            s.put(80, y, c.choice(PEOPLE), 13)
    return worn(s, n // 2, c)


def k03_turned(n, c):
    w, dpi = Writer(c), [200, 150, 300][n % 3]
    s = Sheet(face(n), dpi)
    y = 25
    while y < 215:
        y = s.paragraph(28, y, 155, w.text(3), 13) + 2
    angle = [180, 90, 180, 270, 180, 90, 180, 270, 180, 180][n]
    image = scanned(s.image, dpi, c, 0.7).rotate(angle, expand=True)
    return jpg(image, dpi, s.lines) if n % 2 else png(bilevel(image), dpi, s.lines)


def k04_over_scan(n, c):
    w, dpi = Writer(c), [200, 150, 300][n % 3]
    s = Sheet(face(n), dpi)
    s.letter(w, y=42, upto=225)
    page = Typed(["arial", "times", "dsans"][n % 3])
    page.picture(scanned(s.image, dpi, c, 0.6), 0, 0, 210, 297, "JPEG", quality=80)
    page.lines += s.lines
    place, day = w.place(), w.date()
    if n % 3 == 0:
        for at, line in enumerate([f"Người ký: Ủy ban nhân dân xã {place}", "Email: hopthu@example.vn", f"Cơ quan: Huyện {w.place()}",
                                   f"Thời gian ký: {day} {c.randint(8, 16):02}:{c.randint(10, 59)}"]):
            page.put([12, 130][n % 2], 10 + 3.6 * at, line, 7.5)
    elif n % 3 == 1:
        page.put(25, 287, f"Văn bản đã ký số, lưu tại kho điện tử của xã {place} từ {day}", 9)
    else:
        page.put(195, 12, f"Văn bản đến số {w.fresh(1000, 9999)}, chuyển ngày {day}", 10, "rs")
        page.put(105, 288, f"Trang 1/{c.randint(2, 9)}", 9, "ms")
    return pdf(page)


def k05_picture_of_text(n, c):
    w, dpi = Writer(c), [150, 200, 300][n % 3]
    page = Typed(face(n))
    y = page.letterhead(w)
    y = page.paragraph(28, y, 155, w.text(3), 12)
    s = Sheet(face(n + 3), dpi, 155, 78)
    if n % 3 == 2:
        rows = [["TT", "Khoản mục", "Kế hoạch", "Đạt (%)"]] + [[str(r + 1), m, w.thousands(), w.percent()] for r, m in enumerate(c.sample(MATTERS, 7))]
        s.table(4, 4, [12, 75, 32, 28], rows, 11, bold=(0,))
    else:
        s.paragraph(4, 10, 146, w.text(4), 12, 6.3)
    image = s.image if n % 2 else grained(s.image.filter(ImageFilter.GaussianBlur(dpi / 400)), 8, c)
    page.picture(image, 28, y + 2, 183, y + 80, "PNG" if n % 2 else "JPEG")
    page.lines += s.lines
    page.paragraph(28, y + 90, 155, w.text(2), 12)
    return pdf(page)


def k06_leaders(n, c):
    w, dpi = Writer(c), [200, 300, 150][n % 3]
    s = Typed(face(n)) if n > 7 else Sheet(face(n), dpi)
    plain = {"told": False} if n > 7 else {}
    dots = lambda x, y, wide, sign=".": s.put(x, y, sign * int(wide / s.width(sign, 13)), 13, **plain)
    lines, y = [], 40
    if n % 2 == 0:
        for label in c.sample(MATTERS, c.randint(4, 11)):
            number = w.thousands() if c.random() < 0.7 else w.percent()
            s.put(28, y, label, 13)
            s.put(182, y, number, 13, "rs")
            left, right = 30 + s.width(label, 13), 180 - s.width(number, 13)
            dots(left, y, right - left)
            lines.append(f"{label} {number}")
            y += 9
    else:
        sign = "." if n % 4 == 1 else "…"
        form = [[("Tôi tên là:", 120)], [("Sinh ngày:", 45), ("tại", 60)], [("Số căn cước:", 60), ("cấp ngày", 30)], [("Nơi thường trú:", 115)],
                [(f"Đề nghị xác nhận cho thửa đất số {w.fresh(100, 999)}, diện tích {w.thousands()} mét vuông.", 0)],
                [(f"Mức hỗ trợ đề nghị: {w.money()} đồng, bằng chữ", 45)], [("Kính mong Ủy ban nhân dân xã xem xét, giải quyết.", 0)], [("Ngày", 12), ("tháng", 12), ("năm 2025", 0)]]
        s.put(105, 28, "ĐƠN ĐỀ NGHỊ", 14, "ms", True)
        lines.append("ĐƠN ĐỀ NGHỊ")
        for row in form:
            x = 28
            for label, wide in row:
                s.put(x, y, label, 13)
                x += s.width(label, 13) + 1.5
                if wide:
                    dots(x, y, wide, sign)
                x += wide + 2
            lines.append(" ".join(label for label, _ in row))
            y += 10
    s.lines = lines
    if n > 7:
        return pdf(s)
    return worn(s, n // 2, c)


def k07_notes(n, c):
    w, page = Writer(c), Typed(face(n))
    y, told = 30, []
    size, up, at = c.choice([6.5, 7, 8]), c.choice([1.3, 1.6, 1.9]), 0
    for r in range(7):
        x, line = 25, ""
        for part in (f"{c.choice(MATTERS)} đạt {w.thousands()}", None, f" lượt, bằng {w.percent()}%", None if r % 2 else "", " so với năm trước."):
            if part is None:
                at += 1
                sign = str(at % 10) if at % 10 else "1"
                page.put(x, y - up, sign, size, told=False)
                x, line = x + page.width(sign, size), line + "⁰¹²³⁴⁵⁶⁷⁸⁹"[int(sign)]
            else:
                page.put(x, y, part, 12, told=False)
                x, line = x + page.width(part, 12), line + part
        page.lines.append(line)
        y += 8
    page.paragraph(25, y + 4, 160, w.text(3), 12)
    page.rule(25, 240, 75, 240)
    for r in range(3):
        page.put(25, 246 + 5 * r - 1, str(r + 1), 6.5, told=False)
        text = f"Theo Công văn số {w.act()} ngày {w.date()}."
        page.put(27, 246 + 5 * r, text, 9, told=False)
        page.lines.append("¹²³"[r] + " " + text)
    return pdf(page)


def k09_columns(n, c):
    w, dpi = Writer(c), [300, 200, 200][n % 3]
    if n < 7:
        s = Typed(face(n)) if n < 4 else Sheet(face(n), dpi)
        gap, points = c.choice([6, 8, 11]), c.choice([10, 11, 12])
        wide = (170 - gap) / 2
        if n % 2:
            s.put(105, 22, f"BẢN TIN XÃ {w.place().upper()}", 15, "ms", True)
        start = len(s.lines)
        s.paragraph(20, 34, wide, w.text(c.randint(5, 8)), points)
        middle = len(s.lines)
        s.paragraph(20 + wide + gap, 34, wide, w.text(c.randint(5, 8)), points)
        order = markers(s.lines[start:middle], s.lines[middle:])
        if n < 4:
            return pdf(s, order=order)
        made = png(bilevel(s.image), dpi, s.lines) if n % 2 else jpg(scanned(s.image, dpi, c), dpi, s.lines)
        made.order = order
        return made
    s = Sheet(face(n, ["times", "nserif", "arial"]), 200, 297, 210)
    for side in range(2):
        middle = len(s.lines)
        s.paragraph(16 + 146 * side, 22, 120, w.text(c.randint(7, 9)), 11)
        s.put(75 + 146 * side, 200, str(40 + 2 * n + side), 11, "ms")
    image = scanned(s.image, 200, c)
    # The fold.
    dark = numpy.clip(1 - 0.35 * numpy.exp(-((numpy.arange(image.width) - image.width / 2) / 28) ** 2), 0, 1)
    image = Image.fromarray((numpy.asarray(image) * dark).astype("uint8"))
    return jpg(image, 200, s.lines, order=markers(s.lines[:middle], s.lines[middle:]))


def k10_skew(n, c):
    w, dpi = Writer(c), [200, 300, 150][n % 3]
    s = Sheet(face(n), dpi, 210, 130)
    s.letterhead(w, 20)
    s.paragraph(28, 52, 155, w.text(4), 13)
    angle = c.choice([-1, 1]) * (10 + 12 * n / 9)
    image = s.image.rotate(angle, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)
    return png(bilevel(image), dpi, s.lines) if n % 2 else jpg(grained(image, 8, c), dpi, s.lines)


def k11_eth(n, c):
    w, page = Writer(c), Typed(face(n))
    put = page.put
    def eths(x, y, text, *rest, **more):
        put(x, y, text.replace("Đ", "Ð").replace("đ", "ð" if n % 3 else "đ"), *rest, **more)
        page.lines[-1] = text
    page.put = eths
    if n % 3 == 2:
        rows = [["TT", "Địa bàn", "Đã cấp", "Đạt (%)"]] + [[str(r + 1), "Đội " + w.place(), w.thousands(), w.percent()] for r in range(8)]
        page.put(105, 24, "ĐỀ ÁN ĐIỆN CHIẾU SÁNG ĐƯỜNG ĐÊ", 14, "ms", True)
        page.paragraph(28, page.table(28, 34, [14, 70, 36, 34], rows, 12, bold=(0,)) + 10, 155, w.text(3), 12)
    else:
        page.letter(w, c.choice([11, 12, 13]))
    # A few letters in many words: each counts.
    return pdf(page, expect={"enough": 1})


def k13_mask(n, c):
    w, dpi = Writer(c), [200, 300, 150][n % 3]
    s = Sheet(face(n), dpi)
    s.letter(w)
    page = Typed("times")
    side = [1, 2, 10, 40, 64][n % 5]
    if n > 6:
        page.picture(Image.new("RGB", (210, 297), PAPERS[n % 5]), 0, 0, 210, 297)
    alpha = s.image.point(lambda v: 255 - v) if n % 2 else s.image.point(lambda v: 255 * (v < 140))
    ink = c.choice([(0, 0, 0), (20, 20, 70), (40, 20, 20)])
    page.page.insert_image(page.page.rect, stream=stored(Image.new("RGB", (side, side), ink)), mask=stored(alpha), keep_proportion=False)
    # PyMuPDF gives a mask the profile that the format forbids.
    for image in page.page.get_images():
        if image[1]:
            page.document.xref_set_key(image[1], "ColorSpace", "/DeviceGray")
    page.lines = s.lines
    return pdf(page)


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


KINDS = {name[:3].upper(): make for name, make in list(globals().items()) if name[0] == "k" and name[1:3].isdigit()}


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
