"""The benchmark's table reports: eight kinds, each as offices set them, with seeded names and figures whose sums are true.

`compose(kind, index)` gives a `.report` of tools/fixtures/typeset.py, `digital(pages, path)` its pages as a PDF that no scanner has seen.
"""

import random

KINDS = ["grid", "level", "open", "outer", "heads", "long", "one_stop", "upright"]
VILLAGES = ["Nà Pheo", "Bản Lướt", "Khe Giữa", "Đồng Chằm", "Cây Thị", "Suối Đá", "Tân Tiến", "Hòa Phú", "Làng Vạc", "Bến Trên", "Phiêng Bay", "Gò Mít", "Xóm Chùa", "Đầm Vông",
            "Trại Cau", "Thung Lau", "Nậm Mòn", "Cầu Ván", "Đông Hạ", "Tây Thượng", "Bãi Soi", "Lũng Pù", "Vườn Ươm", "Quán Dốc", "Ao Sen", "Rộc Lớn", "Mỏ Nước", "Ngòi Ong",
            "Đá Mài", "Sơn Lộc", "An Bình", "Phú Gia", "Cò Nòi", "Chợ Mới", "Kim Sơn", "Tràng Đông"]
FIELDS = ["Đất đai", "Hộ tịch", "Chứng thực", "Xây dựng", "Bảo trợ xã hội", "Đăng ký kinh doanh", "Giao thông đường bộ", "Lao động, việc làm", "Giáo dục", "Môi trường"]
WORKS = ["Nâng cấp đường trục thôn {v}, đoạn từ nhà văn hóa đến cầu tràn", "Kênh mương nội đồng {v} (giai đoạn 2)", "Trường tiểu học {v}: sửa chữa mái, nền 6 phòng học",
         "Nhà văn hóa thôn {v}", "Hệ thống cấp nước sinh hoạt tập trung {v}", "Trạm biến áp 180 kVA - 22/0,4 kV thôn {v}", "Kè chống sạt lở bờ suối {v}, dài 320 m", "Trạm y tế, điểm lẻ {v}"]
TARGETS = [("Diện tích gieo trồng", "ha"), ("Sản lượng lương thực có hạt", "tấn"), ("Bình quân lương thực đầu người", "kg/người"), ("Đàn trâu, bò", "con"), ("Trồng rừng mới", "ha"),
           ("Thu ngân sách trên địa bàn", "triệu đồng"), ("Tỷ lệ hộ nghèo giảm", "%"), ("Lao động được tạo việc làm mới", "người"), ("Tỷ lệ người dân tham gia bảo hiểm y tế", "%"),
           ("Số hộ đạt danh hiệu gia đình văn hóa", "hộ"), ("Tỷ lệ trẻ em dưới 5 tuổi suy dinh dưỡng", "%"), ("Thôn có đường ô tô đến trung tâm", "thôn")]
SPENDING = ["Chi đầu tư phát triển", "Chi sự nghiệp giáo dục, đào tạo", "Chi sự nghiệp y tế", "Chi quản lý hành chính, Đảng, đoàn thể", "Chi bảo đảm xã hội", "Chi quốc phòng, an ninh",
            "Chi sự nghiệp kinh tế", "Chi văn hóa, thông tin, thể dục thể thao", "Dự phòng ngân sách"]
PETITIONS = ["Đơn khiếu nại", "Đơn tố cáo", "Kiến nghị, phản ánh về đất đai của các hộ thôn {v}", "Đơn đề nghị cấp giấy chứng nhận quyền sử dụng đất", "Đơn xin hỗ trợ do thiên tai",
             "Phản ánh về môi trường tại khu chăn nuôi {v}", "Đơn khác"]
TALK = ["Số liệu trên do các thôn báo cáo, đã được công chức chuyên môn kiểm tra trước khi tổng hợp.", "Một số chỉ tiêu đạt thấp do mưa lũ kéo dài và giá vật tư tăng so với đầu năm.",
        "Các đơn vị chưa đạt kế hoạch phải nêu rõ nguyên nhân, thời hạn khắc phục và người chịu trách nhiệm.", "Việc theo dõi, đôn đốc được thực hiện hằng tuần tại cuộc họp giao ban."]


class Table:
    """The rows of one report, in one convention for numbers."""

    def __init__(self, kind, index):
        self.chance = random.Random(f"{kind}-{index}")
        self.mark = [".", ".", ""][index % 3]
        self.index = index

    def number(self, n):
        return f"{n:,}".replace(",", self.mark)

    def decimal(self, value, places=2):
        whole, rest = f"{value:.{places}f}".split(".")
        return f"{self.number(int(whole))},{rest}"

    def share(self, part, whole):
        return self.decimal(100 * part / whole) if whole else "-"

    def split(self, total, parts):
        cuts = sorted(self.chance.randint(0, total) for _ in range(parts - 1))
        return [b - a for a, b in zip([0, *cuts], [*cuts, total])]

    def or_dash(self, n):
        return self.number(n) if n else "-"

    # Plans and results, in groups, with units of their own.
    def grid(self):
        rows, chosen = ["|= 7 41 15 13 13 11", "|* TT | Chỉ tiêu | Đơn vị tính | Kế hoạch năm | Thực hiện | Đạt (%)"], self.chance.sample(TARGETS, 9)
        for roman, title, part in zip(["I", "II", "III"], ["Kinh tế", "Xã hội", "Môi trường và đời sống"], [chosen[:4], chosen[4:7], chosen[7:]]):
            rows.append(f"|* {roman} | {title} | | | |")
            for n, (target, unit) in enumerate(part, 1):
                plan = self.chance.randint(300, 45_000)
                if unit == "%":
                    plan, done = self.chance.uniform(4, 96), self.chance.uniform(4, 96)
                    cells = [self.decimal(plan, 1), self.decimal(done, 1), self.share(done, plan)]
                else:
                    done = plan * self.chance.randint(61, 119) // 100
                    cells = [self.number(plan), self.number(done), self.share(done, plan)]
                rows.append(f"| {n} | {target} | {unit} | " + " | ".join(cells))
        return "Kết quả thực hiện các chỉ tiêu kinh tế - xã hội", "", rows

    # Spending, ruled from left to right only.
    def level(self):
        chosen = self.chance.sample(SPENDING, 7)
        plan = [self.chance.randint(90, 9_800) * 100 for _ in chosen]
        done = [p * self.chance.randint(22, 108) // 100 for p in plan]
        rows = ["|= 7 45 17 17 14; level", "|* STT | Nội dung chi | Dự toán | Thực hiện | So sánh (%)"]
        rows.append(f"|* | Tổng số | {self.number(sum(plan))} | {self.number(sum(done))} | {self.share(sum(done), sum(plan))}")
        rows += [f"| {n} | {name} | {self.number(p)} | {self.number(d)} | {self.share(d, p)}" for n, (name, p, d) in enumerate(zip(chosen, plan, done), 1)]
        return "Tình hình chi ngân sách", "Đơn vị tính: triệu đồng", rows

    # Villages in columns that nothing but their edges tells.
    def open(self):
        rows, sums = ["|= 26 16 20 20 18; open", "|* Thôn | Số hộ | Diện tích lúa | Sản lượng | Hộ nghèo"], [0, 0, 0, 0]
        for village in self.chance.sample(VILLAGES, 10):
            homes, area = self.chance.randint(60, 420), self.chance.randint(80, 990)
            yields, poor = area * self.chance.randint(44, 63), self.chance.randint(0, 40)
            sums = [a + b for a, b in zip(sums, [homes, area, yields, poor])]
            rows.append(f"| {village} | {self.number(homes)} | {self.decimal(area / 10, 1)} | {self.decimal(yields / 100, 2)} | {self.or_dash(poor)}")
        rows.append(f"|* Toàn xã | {self.number(sums[0])} | {self.decimal(sums[1] / 10, 1)} | {self.decimal(sums[2] / 100, 2)} | {self.number(sums[3])}")
        return "Sản xuất vụ mùa theo thôn", "", rows

    # Works and their money, in a frame.
    def outer(self):
        rows, sums = ["|= 7 47 16 16 14; outer", "|* TT | Công trình | Tổng mức đầu tư | Đã giải ngân | Tỷ lệ (%)"], [0, 0]
        for n, work in enumerate(self.chance.sample(WORKS, 6), 1):
            cost = self.chance.randint(180, 8_800)
            paid = cost * self.chance.randint(0, 100) // 100
            sums = [sums[0] + cost, sums[1] + paid]
            rows.append(f"| {n} | {work.format(v=self.chance.choice(VILLAGES))} | {self.number(cost)} | {self.or_dash(paid)} | {self.share(paid, cost)}")
        rows.append(f"|* | Cộng | {self.number(sums[0])} | {self.number(sums[1])} | {self.share(sums[1], sums[0])}")
        return "Tiến độ các công trình đầu tư công", "Đơn vị tính: triệu đồng", rows

    # Petitions by kind, with upright rules only.
    def upright(self):
        rows, kinds = ["|= 8 40 18 18 16; upright", "|* STT | Loại đơn và nơi gửi | Nhận trong kỳ | Đã xử lý | Còn lại"], []
        sums = [0, 0, 0]
        for n, (kind, village) in enumerate(zip(PETITIONS, self.chance.sample(VILLAGES, len(PETITIONS))), 1):
            got = self.chance.randint(0, 1_300)
            done = self.chance.randint(0, got)
            sums = [sums[0] + got, sums[1] + done, sums[2] + got - done]
            kinds.append(f"| {n} | {kind.format(v=village)} | {self.or_dash(got)} | {self.or_dash(done)} | {self.or_dash(got - done)}")
        return "Kết quả tiếp nhận, xử lý đơn thư", "Đơn vị tính: đơn", [*rows, *kinds, "|* | Tổng cộng | " + " | ".join(map(self.number, sums))]

    # A head of two levels with the row that numbers the columns.
    def heads(self):
        rows = ["|= 7 25 12 11 11 12 11 11", "|* TT | Lĩnh vực | Số hồ sơ tiếp nhận | < | < | Số hồ sơ đã giải quyết | < | <",
                "|* ^ | ^ | Tổng số | Trực tuyến | Trực tiếp, bưu chính | Tổng số | Trước và đúng hạn | Quá hạn", "|* (1) | (2) | (3)=(4)+(5) | (4) | (5) | (6)=(7)+(8) | (7) | (8)"]
        sums = [0] * 6
        for n, field in enumerate(self.chance.sample(FIELDS, 7), 1):
            online, counter = self.chance.randint(0, 1_900), self.chance.randint(0, 260)
            done = self.chance.randint(0, online + counter)
            late = self.chance.choice([0, 0, 0, 1, 2, 4]) if done > 9 else 0
            values = [online + counter, online, counter, done, done - late, late]
            sums = [a + b for a, b in zip(sums, values)]
            rows.append(f"| {n} | {field} | " + " | ".join(map(self.number, values)))
        rows.append("|* Tổng cộng | < | " + " | ".join(map(self.number, sums)))
        return "Kết quả tiếp nhận, giải quyết hồ sơ theo lĩnh vực", "Đơn vị tính: hồ sơ", rows

    # More rows than a page holds.
    def long(self):
        rows = ["|= 8 28 15 16 16 17" + ("; repeat" if self.index % 2 == 0 else ""), "|* STT | Tên thôn | Số khẩu | Kế hoạch thu | Đã thu | Ghi chú"]
        notes = ["", "", "", "", "nộp chậm", "miễn 02 hộ", "tách thôn"]
        sums = [0, 0, 0]
        for n, village in enumerate(self.chance.sample(VILLAGES, 34), 1):
            people, plan = self.chance.randint(120, 1_400), self.chance.randint(2_000, 60_000) * 1000
            paid = plan * self.chance.randint(55, 100) // 100 // 1000 * 1000
            sums = [a + b for a, b in zip(sums, [people, plan, paid])]
            rows.append(f"| {n} | {village} | {self.number(people)} | {self.number(plan)} | {self.number(paid)} | {self.chance.choice(notes)}")
        rows.append("|* | Cộng | " + " | ".join(map(self.number, sums)) + " |")
        return "Thu quỹ phòng, chống thiên tai", "Đơn vị tính: đồng", rows

    # The official form: narrow columns under a head of three levels.
    def one_stop(self):
        rows = ["|= 6 22 10 9 9 9 9 9 9 8", "|* STT | Lĩnh vực, công việc giải quyết | Hồ sơ nhận giải quyết | < | < | Hồ sơ đã giải quyết | < | < | Hồ sơ đang giải quyết | <",
                "|* ^ | ^ | Tổng số | Trong đó | < | Tổng số | Trước hạn | Quá hạn | Trong hạn | Quá hạn", "|* ^ | ^ | ^ | Kỳ trước | Trong kỳ | ^ | ^ | ^ | ^ | ^"]
        fields, sums, lines = self.chance.sample(FIELDS, 8), [0] * 8, []
        for n, field in enumerate(fields, 1):
            carried, new = self.chance.randint(0, 40), self.chance.randint(3, 1_600)
            pending = self.chance.randint(0, (carried + new) // 6)
            done = carried + new - pending
            late, overdue = self.chance.choice([0, 0, 1, 3]) if done > 9 else 0, self.chance.choice([0, 0, 0, 1]) if pending else 0
            values = [carried + new, carried, new, done, done - late, late, pending - overdue, overdue]
            sums = [a + b for a, b in zip(sums, values)]
            lines.append(f"| {n} | {field} | " + " | ".join(map(self.number, values)))
        rows += [f"|* A | Cấp xã | " + " | ".join(map(self.number, sums)), *lines]
        return "Tình hình, kết quả giải quyết thủ tục hành chính", "Đơn vị tính: hồ sơ", rows


def compose(kind, index, place):
    """A report of one page or two with one table of this kind."""
    table = Table(kind, index)
    title, unit, rows = getattr(table, kind)()
    chance, year = table.chance, table.chance.choice([2023, 2024, 2025])
    head = ["above: ỦY BAN NHÂN DÂN", f"issuer: XÃ {place.upper()}", f"number: {chance.randint(10, 480)}/BC-UBND", f"place: {place}, ngày {chance.randint(1, 28):02} tháng {chance.randint(3, 9)} năm {year}",
            "kind: BÁO CÁO", f"title: {title} năm {year}"]
    before, after = chance.sample(TALK, 2)
    body = [f"Ủy ban nhân dân xã {place} báo cáo như sau:", before, f"> Bảng {index + 1}. {title}", *([f">> {unit}"] if unit else []), *rows, after, f"Trên đây là báo cáo của Ủy ban nhân dân xã {place}./."]
    return "\n".join(head) + "\n---\n" + "\n".join(body) + "\n"


def digital(pages, path):
    """The pages as a PDF: words and rules where they stand, fonts embedded."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen import canvas

    scale, height = 72 / pages[0].dpi, pages[0].image.height
    sheet = canvas.Canvas(str(path), pagesize=(pages[0].image.width * scale, height * scale), invariant=1)
    for page in pages:
        for x, baseline, word, face, _ in page.drawn:
            name = "".join(part for part in face.path.rpartition("/")[2] if part.isalnum())
            if name not in pdfmetrics.getRegisteredFontNames():
                pdfmetrics.registerFont(TTFont(name, face.path))
            sheet.setFont(name, face.size * scale)
            sheet.drawString(x * scale, (height - baseline) * scale, word)
        for x0, y0, x1, y1, width in page.rules:
            sheet.setLineWidth(width * scale)
            sheet.line(x0 * scale, (height - y0) * scale, x1 * scale, (height - y1) * scale)
        sheet.showPage()
    sheet.save()
