"""Kinds of input by how a page is laid out, typed and turned: K01 to K13."""

import numpy
from PIL import Image, ImageFilter

from pages import MATTERS, PEOPLE, PLACES, Sheet, Typed, Writer, bilevel, coloured, grained, jpg, markers, pdf, png, scanned, stored, tilted, worn, face

PAPERS = [(250, 228, 120), (246, 192, 200), (178, 222, 188), (188, 206, 240), (222, 200, 160)]


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
