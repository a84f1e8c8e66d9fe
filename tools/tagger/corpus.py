"""Clean text as the stream that is spoiled: a row a word, with its case and the signs around it."""
import collections, multiprocessing, pathlib, random, unicodedata
import numba
import numpy as np
import pyarrow as pa
from text import FIRST, KEEP, NONE, NUMBER, case, parts, plain, syllables

WORDS, SIGNS = 60_000, 250
LONGEST, LONGEST_SIGN = 14, 5
# Lines with this hash are never learned from: what is held out of the language model is held out here.
HELD_OUT = 200


@numba.njit
def fnv1a64(data):
    value = np.uint64(0xCBF29CE484222325)
    for byte in data:
        value = (value ^ np.uint64(byte)) * np.uint64(0x100000001B3)
    return value


def lines(path):
    with pa.CompressedInputStream(pa.OSFile(str(path)), "zstd") as stream:
        text = stream.read().decode("utf-8", "ignore")
    return text.split("\n")


def tokens(block):
    for line in block:
        data = line.encode()
        if data and fnv1a64(np.frombuffer(data, np.uint8)) % HELD_OUT:
            for token in unicodedata.normalize("NFC", line).split():
                before, word, behind = parts(token)
                yield plain(word.lower()), case(word), before[:LONGEST_SIGN], behind[:LONGEST_SIGN]


def counted(at):
    """How often each word and each run of signs comes in a block."""
    words, signs = collections.Counter(), collections.Counter()
    for word, _, before, behind in tokens(BLOCKS[at]):
        words[word] += 1
        signs[before] += 1
        signs[behind] += 1
    return words, signs


def numbered(job):
    at, words, signs = job
    rows = [(words[w], c, signs.get(b, 0), signs.get(e, 0)) for w, c, b, e in tokens(BLOCKS[at]) if w in words]
    return np.array(rows, np.uint16).reshape(-1, 4)


# The text, which forked workers share.
BLOCKS = []


class Corpus:
    def __init__(self, files, extra, known, workers):
        BLOCKS.extend(extra[i:i + 4000] for i in range(0, len(extra), 4000))
        for file in files:
            text = lines(file)
            BLOCKS.extend(text[i:i + 5000] for i in range(0, len(text), 5000))
        fnv1a64(np.zeros(1, np.uint8))
        with multiprocessing.get_context("fork").Pool(workers) as pool:
            words, signs = collections.Counter(), collections.Counter()
            for w, s in pool.imap_unordered(counted, range(len(BLOCKS))):
                words.update(w)
                signs.update(s)
            signs.pop("", None)
            order = lambda counter, most: [w for w, _ in sorted(counter.items(), key=lambda x: (-x[1], x[0]))[:most] if w]
            self.words, self.signs = [""] + order(words, WORDS), [""] + order(signs, SIGNS)
            word_ids, sign_ids = {w: i for i, w in enumerate(self.words)}, {s: i for i, s in enumerate(self.signs)}
            self.stream = np.concatenate(pool.map(numbered, [(at, word_ids, sign_ids) for at in range(len(BLOCKS))], chunksize=8))
        BLOCKS.clear()
        classes = {s: i + FIRST for i, s in enumerate(known)}
        self.labels = np.array([self.label(w, classes) for w in self.words], np.int64)
        self.spelled, self.sizes = spelled(self.words, LONGEST)
        self.sign_spelled, self.sign_sizes = spelled(self.signs, LONGEST_SIGN)

    @staticmethod
    def label(word, classes):
        """The one or two syllables of a word; a number or code has none."""
        if word in classes:
            return classes[word], NONE
        for mark in "-–/.,":
            left, found, right = word.partition(mark)
            if found and plain(left) in classes and plain(right) in classes:
                return classes[plain(left)], classes[plain(right)]
        return KEEP, NONE


def spelled(strings, width):
    ids = np.zeros((len(strings), width), np.int64)
    sizes = np.zeros(len(strings), np.int64)
    for n, string in enumerate(strings):
        numbers = [NUMBER.get(c, 2) for c in string[:width]]
        ids[n, :len(numbers)], sizes[n] = numbers, len(numbers)
    return ids, sizes


def table(path, *columns):
    rows = [line.rstrip("\n").split("\t") for line in open(path, encoding="utf-8")]
    at = [rows[0].index(c) for c in columns]
    return [tuple(row[i] for i in at) for row in rows[1:] if len(row) > max(at)]


def letters(lexicon, count, seed=1):
    """Heads and ends of letters, lists of names and of places, with all that is in the lexicon."""
    rng = random.Random(seed)
    lexicon = pathlib.Path(lexicon)
    places = table(lexicon / "admin_units_2026.tsv", "ward", "province")
    old = table(lexicon / "admin_units_legacy_pre2025.tsv", "ward", "district", "province")
    surnames = [s for s, in table(lexicon / "names_surname.tsv", "surname")]
    common = surnames[:25]
    given = [g for g, in table(lexicon / "names_given_compound.tsv", "given")]
    person = lambda: "%s %s" % (rng.choice(common if rng.random() < 0.8 else surnames), rng.choice(given))
    kinds = "Quyết định|Báo cáo|Công văn|Kế hoạch|Thông báo|Tờ trình|Nghị quyết|Hướng dẫn|Giấy mời|Chương trình|Biên bản".split("|")
    bodies = "Sở Nội vụ|Sở Tài chính|Sở Tư pháp|Sở Y tế|Sở Giáo dục và Đào tạo|Sở Xây dựng|Sở Công Thương|Sở Khoa học và Công nghệ|Sở Nông nghiệp và Môi trường|Thanh tra tỉnh|Cục Thuế|Kho bạc Nhà nước|Bảo hiểm xã hội|Công an tỉnh|Trường Đại học Sư phạm|Học viện Hành chính|Bệnh viện Đa khoa|Ban Quản lý các khu công nghiệp|Văn phòng Hội đồng nhân dân".split("|")
    ends = "Như trên|Như Điều 3|Lưu: VT|Thường trực Tỉnh ủy|Thường trực HĐND|Chủ tịch và các Phó Chủ tịch|Các phòng, ban liên quan|Các sở, ban, ngành|UBND các huyện, thành phố|Văn phòng UBND tỉnh|Cổng thông tin điện tử|Đài Phát thanh và Truyền hình".split("|")
    offices = "CHỦ TỊCH|PHÓ CHỦ TỊCH|GIÁM ĐỐC|PHÓ GIÁM ĐỐC|CHÁNH VĂN PHÒNG|HIỆU TRƯỞNG|PHÓ HIỆU TRƯỞNG|TRƯỞNG PHÒNG|TỔNG GIÁM ĐỐC|CỤC TRƯỞNG|BỘ TRƯỞNG|THỨ TRƯỞNG".split("|")
    found = []
    for _ in range(count):
        ward, province = rng.choice(places)
        kind = rng.random()
        date = "ngày %02d tháng %02d năm %d" % (rng.randint(1, 28), rng.randint(1, 12), rng.randint(2005, 2026))
        if kind < 0.2:
            found.append(", ".join(", ".join(rng.choice(old if rng.random() < 0.6 else places)) for _ in range(8)))
        elif kind < 0.35:
            found.append(" ".join("%d. %s%s" % (n, person(), rng.choice(["", ",", ";", " - %s" % rng.choice(offices).capitalize()])) for n in range(1, 12)))
        else:
            body = rng.choice([rng.choice(bodies).upper(), "ỦY BAN NHÂN DÂN " + ward.upper(), "ỦY BAN NHÂN DÂN " + province.upper(), "HỘI ĐỒNG NHÂN DÂN " + province.upper()])
            head = [body, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
            if rng.random() < 0.5:
                head = [head[1], body, head[2]]
            number = "Số: %d/%s" % (rng.randint(1, 3000), rng.choice(["QĐ-UBND", "BC-UBND", "TB-SNV", "KH-UBND", "TTr-STC", "NQ-HĐND", "UBND-VP"]))
            place = rng.choice([ward, province]).split(" ", 1)[-1] + ", " + date
            tail = ["Nơi nhận:"] + ["- %s%s" % (e, rng.choice([";", ";", ",", "."])) for e in rng.sample(ends, rng.randint(3, 7))]
            sign = [rng.choice(["KT. ", "TM. ỦY BAN NHÂN DÂN ", "TL. ", ""]) + rng.choice(offices), "(Đã ký)" if rng.random() < 0.3 else "", person()]
            about = [rng.choice(kinds).upper(), "Kính gửi: %s" % rng.choice(bodies)]
            pieces = [head, rng.sample([number, place], 2), about] if rng.random() < 0.6 else [tail, sign]
            found.append(" ".join(" ".join(p) for p in pieces))
    return found
