"""Made-up text and the paper it stands on, for compose.py: a pen for pictures and one for PDF pages, tables, and the damage that devices do.

Whatever a pen writes is kept in its `lines`, which so are the truth. Lengths are millimetres, print is measured in points.
"""

import collections
import io
import struct

import numpy
import pymupdf
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

FONTS = "/usr/share/fonts/truetype/"
FACES = {name: FONTS + path for name, path in {
    "times": "liberation2/LiberationSerif-Regular.ttf", "arial": "liberation2/LiberationSans-Regular.ttf",
    "nserif": "noto/NotoSerif-Regular.ttf", "nsans": "noto/NotoSans-Regular.ttf",
    "dserif": "dejavu/DejaVuSerifCondensed.ttf", "dsans": "dejavu/DejaVuSansCondensed.ttf",
    "fserif": "freefont/FreeSerif.ttf", "fsans": "freefont/FreeSans.ttf",
    "display": "noto/NotoSansDisplay-Regular.ttf", "italic": "liberation2/LiberationSerif-Italic.ttf"}.items()}
BOLD = {name: FONTS + path for name, path in {
    "times": "liberation2/LiberationSerif-Bold.ttf", "arial": "liberation2/LiberationSans-Bold.ttf",
    "nserif": "noto/NotoSerif-Bold.ttf", "nsans": "noto/NotoSans-Bold.ttf",
    "dserif": "dejavu/DejaVuSerifCondensed-Bold.ttf", "dsans": "dejavu/DejaVuSansCondensed-Bold.ttf",
    "fserif": "freefont/FreeSerifBold.ttf", "fsans": "freefont/FreeSansBold.ttf",
    "display": "noto/NotoSansDisplay-Bold.ttf", "italic": "liberation2/LiberationSerif-BoldItalic.ttf"}.items()}

PLACES = """Nậm Khao,Bản Lướt,Thượng Sơn Khê,Vũng Trầm,Đầm Ngọc,Cồn Sẻ,Lũng Đẩu,Hạ Kiều,Yên Trạch,Đông Phấn,Rạch Nhum,Quỳnh Đôi Hạ,Tà Lốt,Phiêng Mựt,
Gia Hưởng,Bình Ngãi,Ngọc Quế,Trà Vỉ,Hữu Lễ,Khuổi Đeng,Xuân Giản,Mường Tỉa,Diên Thọ,Kẻ Gỗ,Láng Thẻ,Thới Mỹ,Ea Sút,Vạn Cù,Cẩm Thịnh Đông,Ô Quế""".replace("\n", "").split(",")
PEOPLE = """Lò Thị Khuyên,Đặng Hữu Quyết,Vi Văn Thưởng,Trịnh Ngọc Diễm,Phùng Bá Nghị,Hà Thị Mẫn,Kiều Đức Thuyên,Nông Văn Ruộng,Tạ Thúy Hường,Lưu Xuân Độ,
Giàng A Chử,Mạc Thị Nhẫn,Đoàn Công Hiển,Thạch Sóc Kha,Bùi Quý Phượng,Cao Thị Lựu""".replace("\n", "").split(",")
MATTERS = """Thu gom rác thải,Sửa chữa cầu dân sinh,Hỗ trợ hộ cận nghèo,Trợ cấp người cao tuổi,Nạo vét kênh tưới,Chi lương công chức,Mua vật tư văn phòng,Tiền điện chiếu sáng,
Phụ cấp dân quân,Khám sức khỏe học sinh,Tủ sách pháp luật,Bảo dưỡng trạm bơm,Tập huấn chăn nuôi,Quỹ đền ơn đáp nghĩa,Thẩm định bản vẽ,Đo đạc thửa đất,Giống ngô lai,Vắc xin gia cầm""".replace("\n", "").split(",")
SENTENCES = """Đến hết ngày {y}, toàn xã có {t} hộ với {u} nhân khẩu, phân bố ở {m} thôn và khu dân cư.
Nguồn vốn sự nghiệp giao cho xã {p} là {v} đồng, mới giải ngân được {q} do chờ thẩm tra quyết toán.
Căn cứ Kế hoạch số {s}, phòng chuyên môn đã phân công {d} tổ xuống từng khu dân cư để rà soát.
Hợp tác xã {p} thu mua {n} tấn thóc, giá bình quân cao hơn vụ trước {m} đồng mỗi cân.
Qua kiểm đếm còn {n} hộ chưa ký cam kết bảo vệ rừng, chủ yếu ở bản {p}.
Trường mầm non {p} huy động {n} cháu ra lớp, đạt {q} so với số trẻ trong độ tuổi.
Mực nước hồ chứa {p} thấp hơn mức thiết kế {m} phân, đủ tưới cho {t} mét vuông lúa mùa.
Ông {h} được giao chủ trì việc nghiệm thu, hoàn thành trước ngày {y}.
Tổ hòa giải ở cơ sở đã giải quyết {m} vụ việc, chuyển Tòa án {d} vụ không thành.
Giá trị sản xuất tiểu thủ công nghiệp ước {v} đồng, vượt {q} chỉ tiêu nghị quyết.
Việc số hóa sổ hộ tịch đã nhập được {t} trang, còn {n} trang mờ chữ phải đối chiếu lại.
Văn phòng tổng hợp ý kiến của {d} đơn vị và trình lãnh đạo xem xét theo Tờ trình số {s}.
Đợt rét đậm làm chết {m} con trâu nghé; xã đã hỗ trợ người dân mua bạt che chuồng trại.
Cử tri khu {p} phản ánh đoạn kè bị xói dài {n} mét, đề nghị gia cố trước mùa lũ.
Bà {h} nộp đủ hồ sơ chuyển mục đích sử dụng thửa đất số {n}, tờ bản đồ số {m}.
Các khoản thu tại chợ {p} đều có biên lai, số tiền {v} đồng đã nộp vào kho bạc.
Tỷ lệ trẻ được uống vitamin A đạt {q}; trạm y tế còn tồn {n} liều chuyển sang đợt sau.
Lớp học nghề may công nghiệp khai giảng với {m} học viên, trong đó {d} học viên là người khuyết tật.
Công an xã nhắc nhở {n} trường hợp không đội mũ bảo hiểm, lập biên bản {m} trường hợp.
Số giờ phát sóng của đài truyền thanh tăng {q}, song loa ở xóm {p} hay bị nhiễu.
Ban quản lý đề nghị lùi thời hạn bàn giao mặt bằng thêm {m} ngày vì còn vướng hành lang lưới điện.
Mỗi thôn cử {d} người tham gia diễn tập, mang theo xuồng, dây thừng và áo phao.
Quỹ khuyến học nhận ủng hộ {v} đồng từ {n} gia đình và {d} doanh nghiệp đóng trên địa bàn.
Kết quả chấm điểm cho thấy tiêu chí giao thông đạt {q}, tiêu chí môi trường chưa đạt.
Đoàn kiểm tra ghi nhận {m} cơ sở chế biến đủ điều kiện, yêu cầu khắc phục đối với {d} cơ sở.""".split("\n")
SUBJECTS = """Tình hình sản xuất vụ mùa và phòng chống thiên tai;Kết quả rà soát hộ nghèo, hộ cận nghèo;Việc bố trí kinh phí duy tu đường liên thôn;
Phân công trực cơ quan dịp nghỉ lễ;Công tác chuyển đổi số tại bộ phận tiếp dân;Quản lý, sử dụng quỹ đất công ích;Chăm sóc sức khỏe người cao tuổi""".replace("\n", "").split(";")


class Writer:
    """What is written; numbers of three digits and more do not come twice on a page, so that each can be looked for, nor sentences before all have come."""

    def __init__(self, chance):
        self.chance, self.told, self.deck = chance, set(), []

    def fresh(self, low, high, form="{}"):
        for _ in range(500):
            number = self.chance.randint(low, high)
            if number not in self.told:
                break
        self.told.add(number)
        return form.format(number)

    def thousands(self):
        return f"{int(self.fresh(1001, 98999)):,}".replace(",", ".")

    def money(self):
        return f"{int(self.fresh(12000, 987000)) * 1000:,}".replace(",", ".")

    def percent(self):
        return f"{self.chance.randint(51, 99)},{self.chance.randint(1, 9)}"

    def date(self):
        return f"{self.chance.randint(1, 28):02}/{self.chance.randint(1, 12):02}/2025"

    def act(self):
        return f"{self.fresh(101, 999)}/{self.chance.choice(['KH', 'TTr', 'BC', 'CV', 'QĐ'])}-UBND"

    def place(self):
        return self.chance.choice(PLACES)

    def figure(self):
        return self.chance.choice([lambda: self.fresh(100, 999), self.thousands, self.percent, lambda: self.fresh(10, 99)])()

    def sentence(self):
        self.deck = self.deck or self.chance.sample(SENTENCES, len(SENTENCES))
        return self.deck.pop().format(
            p=self.place(), h=self.chance.choice(PEOPLE), n=self.fresh(100, 999), m=self.fresh(10, 99), d=f"{self.chance.randint(2, 9):02}",
            t=self.thousands(), u=self.thousands(), v=self.money(), q=self.percent() + "%", y=self.date(), s=self.act())

    def text(self, count):
        return " ".join(self.sentence() for _ in range(count))


class Pen:
    """What both pens can: set paragraphs, tables and lists from a base line on."""

    lines: list

    def fitted(self, text, points, wide, bold=False):
        """The size at which the text is no wider."""
        return points * min(1, wide / self.width(text, points, bold))

    def wrapped(self, text, points, wide):
        lines, line = [], ""
        for word in text.split():
            longer = f"{line} {word}".strip()
            if line and self.width(longer, points) > wide:
                lines.append(line)
                longer = word
            line = longer
        return lines + [line]

    def paragraph(self, x, y, wide, text, points, lead=None):
        for line in self.wrapped(text, points, wide):
            self.put(x, y, line, points)
            y += lead or points * 0.53
        return y

    def table(self, x, y, widths, rows, points, high=8, ruled=True, shaded=(), shade=210, right_from=2, bold=(), headed=True):
        """Shades go under, then rules, then cells; those from column `right_from` on stand to the right."""
        edges = [x + sum(widths[:at]) for at in range(len(widths) + 1)]
        for r in shaded:
            self.fill(x, y + r * high, edges[-1], y + (r + 1) * high, shade)
        for r in range(len(rows) + 1) if ruled else ():
            self.rule(x, y + r * high, edges[-1], y + r * high)
        for edge in edges if ruled else ():
            self.rule(edge, y, edge, y + len(rows) * high)
        for r, row in enumerate(rows):
            for c, cell in ((c, cell) for c, cell in enumerate(row) if cell):
                size = self.fitted(cell, points, widths[c] - 3, r in bold)
                at, anchor = (edges[c + 1] - 1.5, "rs") if c >= right_from and (r or not headed) else (edges[c] + 1.5, "ls")
                self.put(at, y + r * high + high * 0.68, cell, size, anchor, r in bold)
        return y + len(rows) * high

    def letterhead(self, w, y=22, points=12, left=60, right=145):
        place = w.place()
        for text, bold, dy in (("ỦY BAN NHÂN DÂN", False, 0), (f"XÃ {place.upper()}", True, 6)):
            self.put(left, y + dy, text, self.fitted(text, points, 70, bold), "ms", bold)
        for text, bold, dy in (("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", True, 0), ("Độc lập - Tự do - Hạnh phúc", True, 6)):
            self.put(right, y + dy, text, self.fitted(text, points, 84, bold), "ms", bold)
        self.put(left, y + 14, f"Số: {w.act()}", points, "ms")
        day = f"{place}, ngày {w.chance.randint(10, 28)} tháng {w.chance.randint(3, 12)} năm 2025"
        self.put(right, y + 14, day, self.fitted(day, points, 80), "ms")
        return y + 28

    def letter(self, w, points=13, upto=240, count=None, y=22):
        """A letter with its head, body and signature."""
        y, count = self.letterhead(w, y, points - 1), count or w.chance.randint(2, 5)
        title = w.chance.choice(["BÁO CÁO", "THÔNG BÁO", "TỜ TRÌNH", "KẾ HOẠCH"])
        self.put(105, y, title, points + 1, "ms", True)
        subject = w.chance.choice(SUBJECTS)
        self.put(105, y + 7, subject, self.fitted(subject, points, 150, True), "ms", True)
        y += 18
        for at, matter in enumerate(w.chance.sample(MATTERS, count)):
            if y > upto - 40:
                break
            self.put(28, y, f"{at + 1}. {matter}", points, bold=True)
            y = self.paragraph(28, y + points * 0.55, 155, w.text(2), points) + 2
        self.put(150, y + 8, "CHỦ TỊCH", points, "ms", True)
        self.put(150, y + 28, w.chance.choice(PEOPLE), points, "ms", True)
        for at, text in enumerate(["Nơi nhận:", "- Như trên;", "- Lưu: VT."]):
            self.put(28, y + 8 + 5 * at, text, points - 2)
        return y + 30


class Sheet(Pen):
    """Paper of a scanner: a grey picture."""

    def __init__(self, face, dpi, wide=210, high=297, ink=20):
        self.face, self.dpi, self.ink, self.lines, self.placed = face, dpi, ink, [], []
        self.image = Image.new("L", (round(wide * dpi / 25.4), round(high * dpi / 25.4)), 255)
        self.draw = ImageDraw.Draw(self.image)

    def mm(self, value):
        return value * self.dpi / 25.4

    def font(self, points, bold=False):
        return ImageFont.truetype((BOLD if bold else FACES)[self.face], points * self.dpi / 72, layout_engine=ImageFont.Layout.BASIC)

    def width(self, text, points, bold=False):
        return self.font(points, bold).getlength(text) / self.mm(1)

    def put(self, x, y, text, points, anchor="ls", bold=False, ink=None):
        at, font = (self.mm(x), self.mm(y)), self.font(points, bold)
        box = self.draw.textbbox(at, text, font=font, anchor=anchor)
        if box[0] < 0 or box[1] < 0 or box[2] > self.image.width or box[3] > self.image.height:
            raise ValueError(f"off the paper: {text}")
        self.draw.text(at, text, font=font, fill=self.ink if ink is None else ink, anchor=anchor)
        self.lines.append(text)
        self.placed.append((x, y, text, points, anchor, bold))

    def turned(self, x, y, text, points):
        """From the base line's beginning upwards."""
        font = self.font(points)
        word = Image.new("L", (round(font.getlength(text)) + 4, round(self.mm(points * 0.55))), 255)
        ImageDraw.Draw(word).text((2, word.height * 0.75), text, font=font, fill=self.ink, anchor="ls")
        word = word.transpose(Image.Transpose.ROTATE_90)
        at = (round(self.mm(x) - word.width * 0.75), round(self.mm(y)) - word.height)
        self.image.paste(ImageChops.darker(word, self.image.crop((*at, at[0] + word.width, at[1] + word.height))), at)
        self.lines.append(text)

    def rule(self, x0, y0, x1, y1):
        self.draw.line([self.mm(v) for v in (x0, y0, x1, y1)], fill=self.ink, width=max(1, round(self.mm(0.25))))

    def fill(self, x0, y0, x1, y1, grey):
        self.draw.rectangle([round(self.mm(v)) for v in (x0, y0, x1, y1)], fill=grey)


class Typed(Pen):
    """A page of a PDF whose text is text."""

    def __init__(self, face, document=None, wide=210, high=297):
        self.face, self.lines = face, []
        self.document = document or pymupdf.open()
        self.page = self.document.new_page(width=wide * 72 / 25.4, height=high * 72 / 25.4)
        self.fonts = {bold: pymupdf.Font(fontfile=(BOLD if bold else FACES)[face]) for bold in (False, True)}

    def mm(self, value):
        return value * 72 / 25.4

    def width(self, text, points, bold=False):
        return self.fonts[bold].text_length(text, points) / self.mm(1)

    def put(self, x, y, text, points, anchor="ls", bold=False, color=(0, 0, 0), mode=0, angle=0, told=True):
        x -= self.width(text, points, bold) * {"l": 0, "m": 0.5, "r": 1}[anchor[0]]
        name, file = f"{self.face}{'b' * bold}", (BOLD if bold else FACES)[self.face]
        self.page.insert_text((self.mm(x), self.mm(y)), text, fontsize=points, fontname=name, fontfile=file, color=color, render_mode=mode, rotate=angle)
        if told:
            self.lines.append(text)

    def turned(self, x, y, text, points):
        self.put(x, y, text, points, angle=90)

    def rule(self, x0, y0, x1, y1):
        self.page.draw_line((self.mm(x0), self.mm(y0)), (self.mm(x1), self.mm(y1)), width=0.6)

    def area(self, x0, y0, x1, y1):
        return pymupdf.Rect(*map(self.mm, (x0, y0, x1, y1)))

    def fill(self, x0, y0, x1, y1, grey):
        shade = (grey / 255,) * 3 if isinstance(grey, int) else grey
        self.page.draw_rect(self.area(x0, y0, x1, y1), color=shade, fill=shade)

    def picture(self, image, x0, y0, x1, y1, form="PNG", **options):
        self.page.insert_image(self.area(x0, y0, x1, y1), stream=stored(image, form, **options), keep_proportion=False)

    def bytes(self):
        self.document.subset_fonts()
        return self.document.tobytes(garbage=3, deflate=True, no_new_id=True)


def stored(image, form="PNG", **options):
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def bilevel(image, threshold=140):
    return image.point(lambda v: 255 * (v >= threshold)).convert("1")


def grained(image, spread, chance):
    """Adds grain of this deviation."""
    noise = numpy.random.default_rng(chance.randint(0, 1 << 30)).normal(0, spread, (image.height, image.width))
    return Image.fromarray(numpy.clip(numpy.asarray(image, float) + noise, 0, 255).astype("uint8"))


def tilted(image, angle):
    return image.rotate(angle, fillcolor=255, resample=Image.Resampling.BICUBIC)


def scanned(image, dpi, chance, amount=1.0, skew=0.8):
    """What a flatbed makes of it: a little skew, blur, grain, and paper that is not white."""
    image = tilted(image, chance.uniform(-skew, skew)).filter(ImageFilter.GaussianBlur(dpi / 380 * amount))
    return grained(image.point(lambda v: 14 + v * 232 // 255), 7 * amount, chance)


def copied(image, dpi, chance):
    """A copy of a copy: black and white, with dust."""
    image = bilevel(grained(tilted(image, chance.uniform(-0.7, 0.7)).filter(ImageFilter.GaussianBlur(dpi / 320)), 28, chance), 128)
    draw = ImageDraw.Draw(image)
    for _ in range(60):
        x, y = chance.randrange(image.width), chance.randrange(image.height)
        draw.ellipse([x, y, x + dpi / 150, y + dpi / 150], fill=0)
    return image


def coloured(image, ground):
    return Image.merge("RGB", [image.point(lambda v, g=g: v * g // 255) for g in ground])


def sealed(image, dpi, x, y, radius, face, words, red=(205, 35, 45), strength=0.8):
    """A round seal around (x, y) millimetres, pressed onto the print, which shows through."""
    side = round(radius * 2 * dpi / 25.4)
    stamp = Image.new("L", (side, side), 0)
    draw, thick = ImageDraw.Draw(stamp), max(2, round(side / 55))
    draw.ellipse([2, 2, side - 3, side - 3], outline=255, width=thick)
    draw.ellipse([side * 0.16, side * 0.16, side * 0.84, side * 0.84], outline=255, width=thick)
    draw.regular_polygon((side / 2, side / 2, side * 0.13), 5, fill=255)
    font = ImageFont.truetype(BOLD[face], side * 0.09)
    for at, letter in enumerate(words):
        tile = Image.new("L", stamp.size, 0)
        ImageDraw.Draw(tile).text((side / 2, side * 0.125), letter, font=font, fill=255, anchor="ms")
        stamp = ImageChops.lighter(stamp, tile.rotate(110 - at * 220 / max(1, len(words) - 1), resample=Image.Resampling.BICUBIC))
    full = Image.new("L", image.size, 0)
    full.paste(stamp.point(lambda v: round(v * strength)), (round(x * dpi / 25.4 - side / 2), round(y * dpi / 25.4 - side / 2)))
    base = image.convert("RGB")
    return Image.composite(ImageChops.multiply(base, Image.new("RGB", image.size, red)), base, full)


class Made:
    """An input: its form and bytes, the text that it shows, and what else is asked of its reading."""

    def __init__(self, form, data, lines, order=(), expect=None):
        self.form, self.data, self.lines, self.order, self.expect = form, data, list(lines), list(order), expect


def png(image, dpi, lines, **more):
    return Made("png", stored(image, "PNG", dpi=(dpi, dpi)), lines, **more)


def jpg(image, dpi, lines, quality=75, **more):
    return Made("jpg", stored(image, "JPEG", dpi=(dpi, dpi), quality=quality), lines, **more)


def pdf(page, **more):
    return Made("pdf", page.bytes(), page.lines, **more)


def worn(sheet, n, c):
    """One of four amounts of damage, by number."""
    if n % 4 == 0:
        return png(bilevel(sheet.image), sheet.dpi, sheet.lines)
    if n % 4 == 1:
        return jpg(scanned(sheet.image, sheet.dpi, c), sheet.dpi, sheet.lines, 80)
    if n % 4 == 2:
        return png(copied(sheet.image, sheet.dpi, c), sheet.dpi, sheet.lines)
    return jpg(scanned(sheet.image, sheet.dpi, c, 1.4), sheet.dpi, sheet.lines, 60)


def markers(before, after, count=3):
    """Pairs of numbers that occur once, of which all of `before` stand ahead of all of `after`; the nearest first, since those are what reading across exchanges."""
    words = lambda lines: [word.strip(".,;:()") for line in lines for word in line.split()]
    counts = collections.Counter(words([*before, *after]))
    first, second = ([word for word in words(lines) if counts[word] == 1 and len(word) > 2 and word.replace(".", "").isdigit()] for lines in (before, after))
    return list(zip(first[::-1][:count], second[:count]))


def lossless(image):
    """A JPEG of process 14 (SOF3, each sample from its left neighbour), which most readers lack."""
    grey = numpy.asarray(image.convert("L"), int)
    before = numpy.column_stack([numpy.concatenate([[128], grey[:-1, 0]]), grey[:, :-1]])
    steps = (grey - before).ravel()
    size = numpy.ceil(numpy.log2(numpy.abs(steps) + 1)).astype(int)
    # Nine codes of four bits, the category its own code.
    value, length = (size << size) + numpy.where(steps < 0, steps + (1 << size) - 1, steps), 4 + size
    owner = numpy.repeat(numpy.arange(len(steps)), length)
    place = numpy.arange(len(owner)) - numpy.repeat(numpy.cumsum(length) - length, length)
    bits = (value[owner] >> (length[owner] - 1 - place)) & 1
    bits = numpy.concatenate([bits, numpy.ones(-len(bits) % 8, int)])
    body = numpy.packbits(bits.astype("uint8")).tobytes().replace(b"\xff", b"\xff\0")
    part = lambda mark, data: b"\xff" + bytes([mark]) + struct.pack(">H", len(data) + 2) + data
    return (b"\xff\xd8" + part(0xC3, struct.pack(">BHHB3B", 8, image.height, image.width, 1, 1, 0x11, 0))
            + part(0xC4, bytes([0, 0, 0, 0, 9] + [0] * 12 + list(range(9)))) + part(0xDA, bytes([1, 1, 0, 1, 0, 0])) + body + b"\xff\xd9")


def linearized(source, later):
    """The file with the objects of its first page ahead of `later`, those of the others, as for slow lines; and where each of these begins."""
    count, objects = source.xref_length(), {}
    for number in range(1, count):
        body = source.xref_object(number, compressed=True).encode()
        if source.xref_is_stream(number):
            body += b"\nstream\n" + source.xref_stream_raw(number) + b"\nendstream"
        objects[number] = b"%d 0 obj\n%s\nendobj\n" % (number, body)
    first = [number for number in objects if number not in later]
    # A table's lines are of one length, so that it can be laid out before the places are known.
    entries = lambda numbers, places: b"".join(b"%d 1\n%010d 00000 n \n" % (number, places.get(number, 0)) for number in numbers)
    places, whole, main = {}, 0, 0
    for _ in range(2):
        head = b"%%PDF-1.5\n%%\xe2\xe3\xcf\xd3\n%d 0 obj\n<</Linearized 1/L %010d/H[0 0]/O %d/E %010d/N %d/T %010d>>\nendobj\n" % (
            count, whole, source[0].xref, main, source.page_count, main)
        table = len(head)
        head += b"xref\n" + entries(first, places) + b"trailer\n<</Size %d/Root %d 0 R/Prev %010d>>\nstartxref\n0\n%%%%EOF\n" % (count + 1, source.pdf_catalog(), main)
        main = len(head)
        for number in [*first, *later]:
            places[number] = main
            main += len(objects[number])
        end = b"xref\n0 1\n0000000000 65535 f \n" + entries(later, places) + b"trailer\n<</Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (count + 1, table)
        whole = main + len(end)
    return head + b"".join(objects[number] for number in [*first, *later]) + end, places


NAMES = list(FACES)


def face(n, of=NAMES):
    return of[n % len(of)]
