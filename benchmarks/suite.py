#!/usr/bin/env python3
"""suite.py --out DIR [--sohoa BIN] [--levels L0,L1,L2,L3,fax] [--documents N]

Composes the benchmark: four families of reports (families/*.txt) with seeded names and figures whose sums are true, set as
official documents are, their text damaged by every text recipe and their pages by every page recipe of `sohoa degrade`.
The same bytes every time. DIR then holds

    reports/NAME.report   truth/text/NAME.txt   truth/pages/NAME-pageNN.gt.txt
    text/RECIPE/NAME.txt  scans/LEVEL/NAME-pageNN.png  manifests/...
    truth/tables/NAME.gt.txt, truth/table-pages/NAME-pageNN.gt.txt   tables/LEVEL/NAME-pageNN.png   tables/digital/NAME.pdf   (tables.py)
"""

import argparse
import pathlib
import random
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools/fixtures"))

TEXT_RECIPES = ["stripped", "half", "dropped", "english", "worn"]
PERIODS = [("quý I", "Quý I"), ("quý II", "Quý II"), ("quý III", "Quý III"), ("6 tháng đầu năm", "Sáu tháng đầu năm"), ("9 tháng", "Chín tháng")]
# Made-up names in the forms that names of places and people have.
PLACES = ["Đồng Vải", "Thạch Khê Hạ", "Mường Phiêng", "Tân Lập Đông", "Vĩnh Sơn Thượng", "Hòa Lương", "Cẩm Đường", "Yên Bạch", "Phú Thuận An", "Quỳnh Lãng",
          "Bình Khương", "Trà Giác", "Ea Hleo Nam", "Kỳ Trung Bắc", "Diên Xuân Tây", "Long Hựu", "Nghĩa Thuỷ", "Xuân Giục", "Lũng Vài", "Mỹ Chánh Hòa"]
SURNAMES = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Lò", "Hồ"]
MIDDLES = ["Văn", "Thị", "Đức", "Minh", "Hữu", "Ngọc", "Quang", "Thúy"]
GIVEN = ["Hưởng", "Quyên", "Thắng", "Nghiệp", "Diễm", "Khuê", "Toản", "Vượng", "Xuyến", "Đoàn"]
TAXES = ["Thuế ngoài quốc doanh", "Lệ phí trước bạ", "Phí, lệ phí", "Tiền sử dụng đất", "Thuế thu nhập cá nhân", "Thu khác"]


class Writer:
    """Fills a family's template for one document."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.mark = self.chance.choice([".", ".", ",", ""])
        self.comma = "," if self.mark == "." else self.chance.choice([",", "."]) if self.mark == "" else "."

    def number(self, n):
        return f"{n:,}".replace(",", self.mark)

    def decimal(self, value, places):
        return f"{value:.{places}f}".replace(".", self.comma)

    def date(self):
        day, month = self.chance.randint(1, 28), self.chance.randint(1, 6)
        return self.chance.choice([f"{day:02}/{month}/{self.year}", f"{day:02} tháng {month:02} năm {self.year}" if month < 3 else f"{day:02} tháng {month} năm {self.year}"])

    def split(self, total, parts):
        cuts = sorted(self.chance.randint(0, total) for _ in range(parts - 1))
        return [b - a for a, b in zip([0, *cuts], [*cuts, total])]

    def sums(self):
        pick = self.chance.randint
        new, carried, pending = pick(900, 9000), pick(5, 90), pick(3, 80)
        online, counter = self.split(new, 2)
        overdue = pick(0, 9)
        early, on_time = self.split(new + carried - pending - overdue, 2)
        visits, letters = self.split(pick(80, 420), 2), self.split(pick(40, 160), 3)
        named = dict(received=new + carried, new=new, carried=carried, online=online, counter=counter, pending=pending, overdue=overdue,
                     early=early, on_time=on_time, resolved=early + on_time + overdue, visits=sum(visits), visits_a=visits[0], visits_b=visits[1],
                     letters=sum(letters), letters_a=letters[0], letters_b=letters[1], letters_c=letters[2])
        plan = [pick(120, 4800) for _ in TAXES]
        done = [p * pick(30, 118) // 100 for p in plan]
        rows = [f"| {k} | {tax} | {self.number(p)} | {self.number(d)} | {self.decimal(100 * d / p, 2)}" for k, (tax, p, d) in enumerate(zip(TAXES, plan, done), 1)]
        words = {key: self.number(value) for key, value in named.items()}
        return words | dict(plan=self.number(sum(plan)), done=self.number(sum(done)), ratio=self.decimal(100 * sum(done) / sum(plan), 2), rows="\n".join(rows))

    def fill(self, line, named):
        def slot(match):
            body = match[1]
            if body in named:
                return named[body]
            if body.startswith("n:"):
                low, high = map(int, body[2:].split("-"))
                n = self.chance.randint(low, high)
                return self.number(n // 1000 * 1000 if n > 1_000_000 else n)
            if body == "p":
                return self.decimal(self.chance.uniform(41, 100), self.chance.choice([1, 2])) + self.chance.choice(["%", "%", " %"])
            if body == "q":
                return self.decimal(self.chance.uniform(0.2, 14), 1)
            if body == "q2":
                return self.decimal(self.chance.uniform(2, 68), 2)
            if body == "date":
                return self.date()
            if "|" in body:
                return self.chance.choice(body.split("|"))
            raise SystemExit(f"unknown slot {{{body}}} in: {line}")

        return re.sub(r"\{([^}]*)\}", slot, line)

    def report(self, template, place, index):
        self.year = self.chance.choice([2022, 2023, 2024, 2025, 2026])
        period, capital = PERIODS[index % len(PERIODS)]
        period, capital = (f"{text} năm {self.year}".replace("năm năm", "năm") for text in (period, capital))
        kind = self.chance.choice(["xã", "phường"])
        named = self.sums() | dict(period=period, period_cap=capital, issuer_short=f"UBND {kind} {place}")
        title, *body = template.splitlines()
        lines, kept = [], []
        for line in body:
            # A paragraph in seven is left out, so that no two documents of a family read alike throughout.
            if line[0] not in "#>|{" and line[0] != "1" and self.chance.random() < 1 / 7:
                continue
            kept.append(line)
        lines = [self.fill(line, named) for line in kept]
        signer = " ".join(self.chance.choice(names) for names in (SURNAMES, MIDDLES, GIVEN))
        deputy = self.chance.random() < 0.5
        head = [
            "above: ỦY BAN NHÂN DÂN", f"issuer: {(kind + ' ' + place).upper()}", f"number: {self.chance.randint(10, 480)}/BC-UBND",
            f"place: {place}, ngày {self.chance.randint(1, 28):02} tháng {self.chance.randint(3, 9)} năm {self.year}",
            "kind: BÁO CÁO", "title: " + self.fill(title.removeprefix("title: "), named),
            f"recipients: Thường trực HĐND {kind}; / Các ban, ngành, đoàn thể; / Lưu: VT.",
            "authority: TM. ỦY BAN NHÂN DÂN / " + ("KT. CHỦ TỊCH / PHÓ CHỦ TỊCH" if deputy else "CHỦ TỊCH"), f"signer: {signer}",
        ]
        end = f"Trên đây là báo cáo {period} của {named['issuer_short']}./."
        return "\n".join(head) + "\n---\n" + "\n".join([*lines, end]) + "\n"


def damage(given, sheets, name, levels, seed, folder):
    """The pages at every level, the next page on the back of each."""
    clean = []
    for number, sheet in enumerate(sheets, 1):
        clean.append(given.out / "manifests" / f"{name}-{number}.png")
        sheet.image.save(clean[-1], compress_level=1)
    for number, sheet in enumerate(clean, 1):
        for level in levels:
            made = given.out / folder / level / f"{name}-page{number:02}.png"
            subprocess.run([given.sohoa, "degrade", sheet, "--recipe", level, "--seed", str(100 * seed + number), "--back", clean[number % len(clean)],
                            "--out", made, "--manifest", given.out / "manifests" / f"{made.stem}-{level}.json"], check=True)
    for sheet in clean:
        sheet.unlink()


def table_reports(given, levels):
    """Reports with a table each, as scans and as born-digital files."""
    import tables
    from typeset import typeset

    for folder in ["truth/tables", "truth/table-pages", "tables/digital", *(f"tables/{level}" for level in levels)]:
        (given.out / folder).mkdir(parents=True, exist_ok=True)
    for kind_index, kind in enumerate(tables.KINDS):
        for index in range(given.tables):
            name, seed = f"{kind}-{index + 1}", 50_000 + 100 * kind_index + index
            report = tables.compose(kind, index, PLACES[(kind_index * 3 + index) % len(PLACES)])
            (given.out / "reports" / f"{name}.report").write_text(report)
            face, size = [("liberation", 13), ("liberation", 12), ("noto", 12)][index % 3]
            sheets = typeset(report, face, min(size, 12) if kind == "one_stop" else size)
            printed = ["\n".join(sheet.text()) + "\n" for sheet in sheets]
            for number, page in enumerate(printed, 1):
                (given.out / "truth/table-pages" / f"{name}-page{number:02}.gt.txt").write_text(page)
            (given.out / "truth/tables" / f"{name}.gt.txt").write_text("".join(printed))
            tables.digital(sheets, given.out / "tables/digital" / f"{name}.pdf")
            damage(given, sheets, name, levels, seed, "tables")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--out", type=pathlib.Path, required=True)
    options.add_argument("--sohoa", default=ROOT / "target/release/sohoa")
    options.add_argument("--levels", default="L0,L1,L2,L3,fax", help="page recipes; empty for text only")
    options.add_argument("--documents", type=int, default=6, help="documents a family")
    options.add_argument("--scanned", type=int, default=6, help="documents a family whose pages are damaged")
    options.add_argument("--tables", type=int, default=3, help="documents of each kind of table; 0 for none")
    options.add_argument("--only-tables", action="store_true")
    given = options.parse_args()
    out = given.out
    levels = [level for level in given.levels.split(",") if level]
    for folder in ["reports", "truth/text", "truth/pages", "manifests", *(f"text/{r}" for r in TEXT_RECIPES), *(f"scans/{l}" for l in levels)]:
        (out / folder).mkdir(parents=True, exist_ok=True)
    if levels:
        from typeset import typeset
    if levels and given.tables:
        table_reports(given, levels)
    if given.only_tables:
        return
    pages = syllables = 0
    for family_index, family in enumerate(sorted((ROOT / "benchmarks/families").glob("*.txt"))):
        for index in range(given.documents):
            seed = 1000 * (family_index + 1) + index
            place = PLACES[(family_index * 5 + index) % len(PLACES)]
            report = Writer(seed).report(family.read_text(), place, index)
            name = f"{family.stem}-{index + 1}"
            (out / "reports" / f"{name}.report").write_text(report)
            body = [line for line in report.split("\n---\n")[1].splitlines() if not line.startswith("|=")]
            plain = "\n".join(re.sub(r"^(#+|>+|\|\*?)[\s|]*", "", line).replace(" | ", " ") for line in body) + "\n"
            truth = out / "truth/text" / f"{name}.txt"
            truth.write_text(plain)
            syllables += len(plain.split())
            for recipe in TEXT_RECIPES:
                subprocess.run([given.sohoa, "degrade", truth, "--recipe", recipe, "--seed", str(seed), "--out", out / "text" / recipe / f"{name}.txt",
                                "--manifest", out / "manifests" / f"{name}-{recipe}.json"], check=True)
            if not levels or index >= given.scanned:
                continue
            face, size = [("liberation", 14), ("liberation", 13), ("noto", 12.5)][index % 3]
            sheets = typeset(report, face, size)
            pages += len(sheets)
            for number, sheet in enumerate(sheets, 1):
                (out / "truth/pages" / f"{name}-page{number:02}.gt.txt").write_text("\n".join(sheet.lines()) + "\n")
            damage(given, sheets, name, levels, seed, "scans")
    print(f"{4 * given.documents} reports, {syllables} syllables; {pages} pages at {len(levels)} levels")


if __name__ == "__main__":
    main()
