#!/usr/bin/env python3
"""A folder of made-up reports to try runs over many files on: PDFs with a right text layer, which are read in milliseconds, or
short scanned pages.

    python3 tools/bulk/corpus.py FOLDER --documents 500 [--seed 1] [--bad 0.05] [--duplicates 0.02] [--big 1] [--scans FILE...]

A document has one to `--pages` pages. Of the files, the share `--bad` cannot be read: cut off, empty, of another kind, far too large, protected by a password
(if fixtures/broken is there); the share `--duplicates` holds what another holds. `--big` files have 60 pages. The same seed gives the same bytes.
With `--scans` (images, and PDFs that hold images; several pages each), the pages are strips cut out of them at random, six to fourteen lines each, which must be
recognised; every fifth file stays one of text.
Needs reportlab, for scans Pillow and pdfimages, and a font with Vietnamese letters (DejaVu).
"""

import argparse
import io
import pathlib
import random
import shutil
import struct
import subprocess
import tempfile
import zlib

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen import canvas

FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf"
BROKEN = pathlib.Path(__file__).resolve().parents[2] / "fixtures/broken"
PLACES = ["Suối Ngần", "Vĩnh Lạc", "Bến Thuyền", "Đồng Mây", "Thạch Khê Thượng", "Cồn Sậy", "Hòa Lĩnh", "Tân Ruộng"]


def report(rng, first):
    """The lines of a page; the first one's sums are right, the others are talk."""
    place, year = rng.choice(PLACES), rng.randint(2022, 2026)
    new, carried = rng.randint(200, 5000), rng.randint(1, 80)
    online = rng.randint(100, new)
    total = new + carried
    late = rng.randint(0, 9)
    resolved = rng.randint(total // 2, total - 10)
    early = rng.randint(0, resolved - late)
    lines = [
        f"ỦY BAN NHÂN DÂN XÃ {place.upper()}",
        f"Số: {rng.randint(1, 400)}/BC-UBND",
        f"{place}, ngày {rng.randint(1, 28)} tháng {rng.randint(1, 12)} năm {year}",
        "BÁO CÁO",
        f"Kết quả giải quyết thủ tục hành chính quý {rng.randint(1, 4)} năm {year}",
        f"- Tổng số hồ sơ TTHC đã tiếp nhận trong kỳ báo cáo: {total:,} hồ sơ; trong đó tiếp nhận mới:".replace(",", "."),
        f"{new:,} hồ sơ (trực tuyến {online:,} hồ sơ), từ kỳ trước chuyển qua: {carried} hồ sơ.".replace(",", "."),
        f"- Số hồ sơ đã giải quyết: {resolved:,} hồ sơ; trong đó trước hạn: {early:,} hồ sơ,".replace(",", "."),
        f"đúng hạn: {resolved - early - late:,} hồ sơ, quá hạn: {late} hồ sơ.".replace(",", "."),
    ]
    filler = [
        "Công tác tuyên truyền được thực hiện thường xuyên trên hệ thống loa của thôn và bảng tin của xã.",
        "Bộ phận một cửa bố trí đủ người trực, hướng dẫn người dân điền tờ khai và nộp hồ sơ qua mạng.",
        f"Trong kỳ đã tổ chức {rng.randint(1, 9)} buổi tập huấn cho {rng.randint(20, 300)} lượt cán bộ thôn, tổ dân phố.",
        f"Kinh phí sửa chữa phòng tiếp dân là {rng.randint(20, 900)}.{rng.randint(100, 999)}.000 đồng.",
        "Còn một số hộ chưa quen nộp hồ sơ trực tuyến, cần được cán bộ hỗ trợ tại chỗ.",
        f"Tỷ lệ hài lòng của người dân đạt {rng.randint(90, 99)},{rng.randint(0, 9)}%.",
    ]
    rng.shuffle(filler)
    return lines + filler if first else filler


def pdf(rng, pages):
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=A4, invariant=1)
    for number in range(pages):
        page.setFont("F", 11)
        for row, line in enumerate(report(rng, number == 0)):
            page.drawString(60, 780 - 22 * row, line)
        page.showPage()
    page.save()
    return out.getvalue()


def scanned_pages(files):
    """The images of the files, grey."""
    from PIL import Image, ImageSequence

    for file in files:
        with tempfile.TemporaryDirectory() as folder:
            if file.suffix == ".pdf":
                subprocess.run(["pdfimages", "-png", file, f"{folder}/page"], check=True)
            else:
                (pathlib.Path(folder) / file.name).symlink_to(file.resolve())
            for path in sorted(pathlib.Path(folder).iterdir()):
                with Image.open(path) as image:
                    for frame in ImageSequence.Iterator(image):
                        dpi = round(frame.width / 8.27)
                        yield frame.convert("L"), dpi


def huge(number):
    """A PNG that says that it has 120,000 by 120,000 pixels."""

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", 120_000, 120_000, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"tEXt", b"number\0%d" % number) + chunk(b"IDAT", zlib.compress(bytes(1000)))


def scan(rng, images, pages):
    out, strips = io.BytesIO(), []
    for _ in range(pages):
        image, dpi = rng.choice(images)
        height = round(rng.uniform(0.12, 0.28) * image.height)
        top = rng.randint(0, image.height - height)
        strips.append((image.crop((0, top, image.width, top + height)), dpi))
    first, dpi = strips[0]
    first.save(out, "PDF", save_all=True, append_images=[s for s, _ in strips[1:]], resolution=dpi, quality=80, creationDate=None, modDate=None)
    return out.getvalue()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--documents", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bad", type=float, default=0.05)
    parser.add_argument("--duplicates", type=float, default=0.02)
    parser.add_argument("--big", type=int, default=1)
    parser.add_argument("--pages", type=int, default=7, help="the most pages of a document")
    parser.add_argument("--scans", type=pathlib.Path, nargs="+", default=[])
    args = parser.parse_args()
    images = list(scanned_pages(args.scans))
    pdfmetrics.registerFont(TTFont("F", FONT))
    rng = random.Random(args.seed)
    good, pages_in_all, bad, copies = [], 0, 0, 0
    for number in range(args.documents):
        folder = args.folder / f"{number // 100:03}"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"report-{number:05}.pdf"
        kind = rng.random()
        if kind < args.bad:
            bad += 1
            which = bad % 5
            if which == 0:
                path.write_bytes(pdf(rng, 1)[:200])
            elif which == 1:
                path.write_bytes(b"")
            elif which == 2 and (BROKEN / "user-password.pdf").exists():
                path.write_bytes((BROKEN / "user-password.pdf").read_bytes() + b"\n%" + str(number).encode())
            elif which == 3:
                path.write_bytes(huge(number))
            else:
                path.write_bytes(b"PK\x03\x04 an office document, number " + str(number).encode())
        elif kind < args.bad + args.duplicates and good:
            copies += 1
            shutil.copyfile(rng.choice(good), path)
        else:
            pages = 60 if number < args.big else rng.randint(1, args.pages)
            pages_in_all += pages
            path.write_bytes(scan(rng, images, pages) if images and number % 5 else pdf(rng, pages))
            good.append(path)
    print(f"{args.documents} files: {len(good)} good with {pages_in_all} pages, {copies} copies of them, {bad} bad")


if __name__ == "__main__":
    main()
