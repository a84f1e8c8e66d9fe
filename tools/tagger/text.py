"""Text as the tagger sees it: words with the signs around them, syllables as classes, and the characters that a token is made of."""
import re, unicodedata

# A token is read by this many of its characters.
WIDTH = 12
# Labels beside the syllables: what is none (a number, a code, a foreign word), and what begins no syllable (the rest of one that was torn).
KEEP, NONE, FIRST = 0, 1, 2
LETTERS = "abcdefghijklmnopqrstuvwxyz" + "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
SIGNS = ".,;:-/()%\"'“”+*&=!?[]_–…§°~|^$€¢£¥@#<>{}\\©®«»·•’‘`¬¡¿×÷±²³¹ºª"
LATIN = "àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿþðßšžœ"
# Characters by number, from 1; 0 is where a token has ended, and 2 is a character that is none of these.
ALPHABET = ["\0", " ", "\ufffd"] + sorted(set(LETTERS + LETTERS.upper() + LATIN + LATIN.upper().replace("SS", "") + "0123456789" + SIGNS))
UNKNOWN = 2
NUMBER = {c: i for i, c in enumerate(ALPHABET)}
OLD = {a: b for a, b in zip("oà oá oả oã oạ oè oé oẻ oẽ oẹ uỳ uý uỷ uỹ uỵ".split(), "òa óa ỏa õa ọa òe óe ỏe õe ọe ùy úy ủy ũy ụy".split())}
TOKEN = re.compile(r"^([^\w]*)(.*?)([^\w]*)$", re.S)


def plain(word):
    """A syllable with its tone where documents of state write it: `hòa` for `hoà`."""
    end = word[-2:]
    return word[:-2] + OLD[end] if end in OLD and not word.startswith("qu") else word


def parts(token):
    """Signs before, the word, signs behind."""
    return TOKEN.match(token).groups()


def case(word):
    """0 small, 1 a capital first, 2 capitals, 3 something else."""
    if word.islower() or not any(c.isalpha() for c in word):
        return 0
    if word.isupper() and len(word) > 1:
        return 2
    return 1 if word[:1].isupper() and word[1:] == word[1:].lower() else 3


def syllables(path):
    return [line.split("\t")[0] for line in open(path, encoding="utf-8") if line[0] != "#" and not line.startswith("syllable\t")]


def encoded(token):
    """A token by the numbers of its characters, as wide as all."""
    numbers = [NUMBER.get(c, UNKNOWN) for c in unicodedata.normalize("NFC", token)[:WIDTH]]
    return numbers + [0] * (WIDTH - len(numbers))
