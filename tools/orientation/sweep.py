#!/usr/bin/env python3
"""sweep.py DIR [--kinds prose,grid] [--every N] [--other-faces]

Makes the pages that orientation is measured on: 12 kinds of page, 6 faces, 4 damages and 3 resolutions, each upright, as
DIR/KIND-FACE-DAMAGE-DPI.png or .jpg. `cargo run --release --example orientation DIR/*` turns each in four ways and counts
what is found. The same bytes every time with Pillow as pinned in tools/fixtures/requirements.txt and the fonts of Debian 12
(fonts-liberation2, fonts-noto-core, fonts-dejavu-extra, fonts-freefont-ttf).
"""

import argparse
import io
import pathlib
import random

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

FACES = {
    "times": "/usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf",
    "arial": "/usr/share/fonts/truetype/liberation2/LiberationSans-Regular.ttf",
    "bold": "/usr/share/fonts/truetype/liberation2/LiberationSerif-Bold.ttf",
    "italic": "/usr/share/fonts/truetype/liberation2/LiberationSerif-Italic.ttf",
    "noto": "/usr/share/fonts/truetype/noto/NotoSerif-Regular.ttf",
    "mono": "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf",
}
# Six more, which no weight was set on.
OTHER_FACES = {
    "dserif": "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf",
    "dsans": "/usr/share/fonts/truetype/dejavu/DejaVuSansCondensed-Oblique.ttf",
    "fserif": "/usr/share/fonts/truetype/freefont/FreeSerif.ttf",
    "fsans": "/usr/share/fonts/truetype/freefont/FreeSansBold.ttf",
    "nsans": "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
    "nitalic": "/usr/share/fonts/truetype/noto/NotoSerif-Italic.ttf",
}
RESOLUTIONS = (100, 200, 300)
DAMAGES = ("none", "scan", "paper", "copy")

SENTENCES = [
    "Trong kỳ, bộ phận một cửa của xã đã tiếp nhận {a} hồ sơ, trong đó nộp trực tuyến {b} hồ sơ.",
    "Công tác tuyên truyền được thực hiện qua loa truyền thanh, bảng tin của thôn và trang thông tin điện tử.",
    "Đã giải quyết {b} hồ sơ trước hạn, {c} hồ sơ đúng hạn; còn {d} hồ sơ đang trong thời hạn xử lý.",
    "Việc bố trí công chức tại một số vị trí còn kiêm nhiệm nên tiến độ cập nhật dữ liệu chưa đều.",
    "Đề nghị Sở hỗ trợ {d} máy quét và mở lớp tập huấn cho cán bộ các thôn vùng xa.",
    "Thu phí, lệ phí đạt {e} đồng, bằng {p} % dự toán được giao từ đầu năm.",
    "Các cuộc họp giao ban được tổ chức vào sáng thứ Hai, có ghi biên bản và phân công rõ người thực hiện.",
    "Qua khảo sát {a} lượt người dân, tỷ lệ hài lòng đạt {p} %, tăng so với quý trước.",
]
NAMES = ["Gò Sỏi", "Bến Đá", "Cầu Ngang", "Suối Đục", "Đồng Lác", "Khe Mây", "Hòn Tre", "Ao Vuông", "Rừng Già", "Chợ Mới",
         "Thạch Bàn", "Láng Cát", "Đập Dừa", "Mỹ Hạnh", "Xóm Lò", "Phú Điền", "Tân Khê", "Vĩnh Quới", "An Thuận", "Kỳ Sơn"]
TOPICS = ["Hộ tịch", "Chứng thực", "Đất đai", "Xây dựng", "Bảo trợ xã hội", "Giáo dục", "Y tế cơ sở", "Nông nghiệp",
          "Thủy lợi nội đồng", "Thi đua khen thưởng", "Dân số", "An toàn thực phẩm"]
HEADS = ["ỦY BAN NHÂN DÂN", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "BÁO CÁO", "KẾT QUẢ CẢI CÁCH HÀNH CHÍNH", "PHỤ LỤC II",
         "DANH SÁCH CÁC THÔN", "KẾ HOẠCH TRIỂN KHAI", "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "THÔNG BÁO LỊCH HỌP"]
ENGLISH = ["The committee received two hundred files during the quarter and closed most of them in time.",
           "Training was held in three villages; a fourth session has been moved to the following month.",
           "No complaint was made about the conduct of staff, and one request for guidance was answered."]


class Sheet:
    """A page of paper, its pen and its chance."""

    def __init__(self, face, dpi, chance):
        self.dpi, self.chance = dpi, chance
        self.image = Image.new("L", (round(8.27 * dpi), round(11.69 * dpi)), 255)
        self.draw = ImageDraw.Draw(self.image)
        self.face = {**FACES, **OTHER_FACES}[face]

    def font(self, points):
        return ImageFont.truetype(self.face, points * self.dpi / 72, layout_engine=ImageFont.Layout.BASIC)

    def mm(self, value):
        return value * self.dpi / 25.4

    def put(self, x, y, text, points, anchor="ls"):
        """Base line at `y` millimetres."""
        self.draw.text((self.mm(x), self.mm(y)), text, font=self.font(points), fill=20, anchor=anchor)

    def width(self, text, points):
        return self.font(points).getlength(text) / self.mm(1)

    def rule(self, x0, y0, x1, y1):
        self.draw.line([self.mm(v) for v in (x0, y0, x1, y1)], fill=20, width=max(1, round(self.mm(0.25))))

    def paragraph(self, x, y, wide, text, points, lead):
        line = ""
        for word in text.split():
            longer = (line + " " + word).strip()
            if self.width(longer, points) > wide and line:
                self.put(x, y, line, points)
                y, line = y + lead, word
            else:
                line = longer
        self.put(x, y, line, points)
        return y + lead

    def sentence(self):
        n = self.chance.randint
        return self.chance.choice(SENTENCES).format(
            a=f"{n(1, 9)}.{n(100, 999)}", b=n(100, 999), c=n(20, 99), d=f"{n(2, 9):02}", e=f"{n(10, 99)}.{n(100, 999)}.000", p=f"{n(70, 99)},{n(0, 9)}")

    def number(self):
        n = self.chance.randint
        return self.chance.choice([str(n(2, 9)), str(n(10, 99)), str(n(100, 999)), f"{n(1, 99)}.{n(100, 999)}", f"{n(1, 99)},{n(1, 9)}"])


def prose(s):
    y = 30
    while y < 270:
        y = s.paragraph(30, y, 155, " ".join(s.sentence() for _ in range(3)), 13, 7) + 2


def few(s):
    for i in range(3):
        s.put(30, 40 + 9 * i, s.sentence()[:62].rsplit(" ", 1)[0], 13)


def names(s):
    for i, name in enumerate(s.chance.sample(NAMES, 18)):
        s.put(40, 40 + 9 * i, name, 13)


def numbered(s):
    for i in range(14):
        s.put(30, 35 + 8 * i, f"{i + 1}. {s.chance.choice(TOPICS)}, thôn {s.chance.choice(NAMES)}", 12)


def grid(s):
    for r in range(26):
        for c in range(7):
            s.put(50 + 23 * c, 40 + 8 * r, s.number(), 12, "rs")


def column(s):
    for r in range(24):
        s.put(60, 40 + 9 * r, s.number(), 13, "rs")


def table(s):
    edges = [20, 32, 90, 115, 140, 165, 190]
    for r in range(23):
        y = 40 + 9 * r
        s.rule(20, y, 190, y)
        if r == 22:
            break
        s.put(26, y + 6, str(r + 1), 12, "ms")
        s.put(34, y + 6, s.chance.choice(TOPICS), 12)
        for right in edges[3:]:
            s.put(right - 3, y + 6, s.number(), 12, "rs")
    for x in edges:
        s.rule(x, 40, x, 40 + 9 * 22)


def capitals(s):
    for i, head in enumerate(s.chance.sample(HEADS, 8)):
        s.put(105, 40 + 14 * i, head, 14, "ms")


def letter(s):
    s.put(60, 25, "ỦY BAN NHÂN DÂN", 12, "ms")
    s.put(60, 31, "XÃ " + s.chance.choice(NAMES).upper(), 12, "ms")
    s.put(145, 25, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 11, "ms")
    s.put(145, 31, "Độc lập - Tự do - Hạnh phúc", 12, "ms")
    s.put(105, 50, "GIẤY MỜI", 14, "ms")
    y = s.paragraph(30, 65, 155, s.sentence() + " " + s.sentence(), 13, 7)
    s.put(150, y + 12, "TM. ỦY BAN NHÂN DÂN", 12, "ms")
    s.put(150, y + 18, "CHỦ TỊCH", 12, "ms")
    s.put(30, y + 12, "Nơi nhận:", 11)
    s.put(30, y + 17, "- Như trên;", 10)
    s.put(30, y + 22, "- Lưu: VT.", 10)


def leaders(s):
    for i in range(12):
        label, number = s.chance.choice(TOPICS), s.number()
        s.put(30, 40 + 10 * i, label, 13)
        x = 30 + s.width(label, 13) + 2
        while x < 165:
            s.put(x, 40 + 10 * i, ".", 13)
            x += 1.6
        s.put(185, 40 + 10 * i, number, 13, "rs")


def columns(s):
    for x in (22, 110):
        y = 30
        while y < 255:
            y = s.paragraph(x, y, 78, s.sentence(), 11, 5.5)


def english(s):
    y = 35
    while y < 200:
        y = s.paragraph(30, y, 150, " ".join(s.chance.sample(ENGLISH, 3)), 12, 6.5) + 3


KINDS = {f.__name__: f for f in (prose, few, names, numbered, grid, column, table, capitals, letter, leaders, columns, english)}


def damaged(image, damage, dpi, chance):
    """The page as a device leaves it: picture, and how it is stored."""
    seed = chance.randint(0, 1 << 30)
    if damage == "none":
        return image.point(lambda v: 0 if v < 140 else 255).convert("1"), "png"
    if damage == "copy":
        grain = noise(image.size, seed, 40)
        image = ImageChops.add(image.filter(ImageFilter.GaussianBlur(dpi / 280)), grain, 1, -128)
        image = image.rotate(chance.choice([-0.7, 0.5, 1.2]), fillcolor=255, resample=Image.Resampling.BICUBIC)
        draw = ImageDraw.Draw(image)
        draw.rectangle([0, 0, round(dpi * 0.2), image.height], fill=0)
        for _ in range(120):
            x, y = chance.randrange(image.width), chance.randrange(image.height)
            draw.ellipse([x, y, x + dpi / 120, y + dpi / 120], fill=0)
        return image.point(lambda v: 0 if v < 120 else 255).convert("1"), "png"
    angle = chance.choice([-2.2, -1.1, 0.4, 1.6, 3.0])
    image = image.rotate(angle, fillcolor=255, resample=Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(dpi / 350))
    image = ImageChops.add(image, noise(image.size, seed, 14), 1, -128)
    if damage == "paper":
        ground = chance.choice([(238, 222, 130), (245, 190, 195), (180, 220, 190), (190, 205, 235)])
        return Image.merge("RGB", [image.point(lambda v, g=g: v * g // 255) for g in ground]), "jpg"
    return image, "jpg"


def noise(size, seed, spread):
    """Grain around 128."""
    chance = random.Random(seed)
    tile = Image.frombytes("L", (256, 256), bytes(min(255, max(0, round(chance.gauss(128, spread)))) for _ in range(65536)))
    out = Image.new("L", size)
    for y in range(0, size[1], 256):
        for x in range(0, size[0], 256):
            out.paste(tile, (x, y))
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[2])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--every", type=int, default=1, help="make each N-th page only")
    parser.add_argument("--other-faces", action="store_true")
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    number = 0
    for kind in args.kinds.split(","):
        for face in OTHER_FACES if args.other_faces else FACES:
            for damage in DAMAGES:
                for dpi in RESOLUTIONS:
                    number += 1
                    if number % args.every:
                        continue
                    chance = random.Random(f"{kind} {face} {damage} {dpi}")
                    sheet = Sheet(face, dpi, chance)
                    KINDS[kind](sheet)
                    image, form = damaged(sheet.image, damage, dpi, chance)
                    out = io.BytesIO()
                    options = {"quality": 55} if form == "jpg" else {}
                    image.save(out, "JPEG" if form == "jpg" else "PNG", dpi=(dpi, dpi), **options)
                    (args.folder / f"{kind}-{face}-{damage}-{dpi}.{form}").write_bytes(out.getvalue())


if __name__ == "__main__":
    main()
