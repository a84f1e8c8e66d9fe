"""Recognisers that never were: each sees letters in its own way, drawn from what real ones were seen to do and from the shapes of letters."""
import math, unicodedata
import numba
import numpy as np
from text import ALPHABET, FIRST, KEEP, LETTERS, NONE, NUMBER, WIDTH

# What a symbol may be seen as: so many strings of at most so many characters.
WAYS, LONGEST = 28, 3
# Letters whose print looks alike, or runs together when it is blurred.
ALIKE = {
    "a": "o d s 4 il e u", "b": "h 6 l lr o", "c": "e o ( G t", "d": "il cl a đ ct", "e": "c o s 6 é", "g": "q 9 s e p y", "h": "b li n lr ti rl tr",
    "i": "l 1 j ! t I f r ¡ í", "k": "lc h l< t", "l": "1 I i t ! |", "m": "rn ni in nt nr", "n": "ri r1 il m h u rr", "o": "c e 0 a s", "p": "n q f y", "q": "g d 9 e",
    "r": "t f i n l", "s": "r 5 e g S", "t": "l f i r 1 I d", "u": "ii n li v o a il", "v": "y w V r", "x": "r * z k", "y": "v V g r", "đ": "d tt ct it tl cl t a fl dd il D ð €",
    "A": "4 d Á Â i^ .A.", "B": "8 E R", "C": "G ( O c", "D": "I) E O P 0 Đ", "E": "F t B", "G": "C c 6", "H": "I-I ll Ii R N l{", "I": "l 1 J T ! r t", "K": "I( l( X", "L": "I t l",
    "M": "IVI N lv1 rvr", "N": "M H NI l\\ I\\", "O": "0 Q C", "P": "F p l", "Q": "O 0 (", "R": "n I{ l{ B", "S": "5 s $", "T": "l I J f 1' r", "U": "LI tl IJ V L1 u", "V": "Y v \\/", "X": "x K",
    "Y": "V y", "Đ": "D E Ð P B 0 f) I)",
    "0": "O o Q C D", "1": "l I i t ! | J", "2": "Z z 7", "3": "8 B J", "4": "A q", "5": "S s", "6": "b G", "7": "1 T /", "8": "B S 3 §", "9": "g q",
    ".": ", ' :", ",": ". ; '", ";": ": ,", ":": "; . i", "-": "_ ~ – .", "(": "[ { c", ")": "] } j", "/": "l I 1", "\"": "' “ ii", "“": "\" '", "”": "\" '",
}
# What stands for a letter with these marks where a recogniser has no such letter.
MARKS = {
    "\u0323": "q g p 4 ? Q $ @ j ! y 9 . e a u", "\u0302": "6 0 5 d 8 & A € e o a ê ô â é i6 fr", "\u031b": "u tr ir ri rr n ti w v o cr d s b ct tu r 1r d6 u' o' no vo",
    "\u0306": "d i[ [ à á ä ã dn 5 i", "\u0300": "d i ir d e u o n à", "\u0301": "d i 6 5 ri f (  ri fi é", "\u0309": "i d 6 & fi o e s", "\u0303": "5 6 d fi i 1",
}
ACCENTS = {"\u0300": "`", "\u0301": "´", "\u0302": "^", "\u0303": "~"}


def decomposed(letter):
    whole = unicodedata.normalize("NFD", letter)
    return ("d" if whole[0] == "đ" else "D" if whole[0] == "Đ" else whole[0]), whole[1:]


def latin(letter, rng):
    """The letter with one of the accents that Western alphabets have."""
    base, _ = decomposed(letter)
    found = [c for c in (unicodedata.normalize("NFC", base + m) for m in "\u0300\u0301\u0302\u0303\u0308") if len(c) == 1 and ord(c) < 256]
    return found or [base]


def shapes(letter, rng, engine):
    """What the shape of a letter may be taken for, weighed as this engine does."""
    base, marks = decomposed(letter)
    found = {}

    def add(seen, weight):
        found[seen] = found.get(seen, 0) + weight

    weights = lambda n: rng.gamma(0.4, 1.0, n)
    if not marks and letter not in "đĐ":
        add(letter, 1)
        alike = ALIKE.get(letter, "").split()
        for seen, w in zip(alike, weights(len(alike))):
            add(seen, engine["plain"] * w)
        if letter.isalpha():
            add(letter.swapcase(), engine["plain"] * 0.05)
            add("", engine["plain"] * engine["drop"])
            add(LETTERS[rng.integers(len(LETTERS))], engine["plain"] * 0.1)
        return found
    add(base, engine["bare"])
    alike = ALIKE.get(letter, "").split() + ALIKE.get(base, "").split()
    for seen, w in zip(alike, weights(len(alike))):
        add(seen, 0.15 * w)
    for mark in marks:
        signs = MARKS.get(mark, "").split()
        for seen, w in zip(signs, weights(len(signs))):
            add(seen.upper() if letter.isupper() and rng.random() < 0.5 else seen, engine["odd"] * w)
    accented = latin(letter, rng)
    for seen, w in zip(accented, weights(len(accented))):
        add(seen, engine["latin"] * w)
    add(letter, engine["right"] * rng.gamma(0.5))
    add("", engine["drop"] * rng.gamma(0.7))
    for _ in range(3):
        add(ALPHABET[rng.integers(3, len(ALPHABET))], 0.05 * rng.gamma(0.3))
    return found


def engine(rng, sources):
    """A recogniser: its table of letters, and how often it does what is no matter of letters."""
    often = lambda share, least, most: math.exp(rng.uniform(math.log(least), math.log(most))) if rng.random() < share else 0.0
    kind = rng.random()
    e = {
        "plain": often(1, 0.004, 0.12), "bare": rng.gamma(1.0), "odd": often(0.9, 0.05, 1.0), "latin": often(0.6, 0.05, 1.5), "right": often(0.4, 0.05, 1.0),
        "drop": often(0.6, 0.02, 1.2), "torn": often(0.7, 0.002, 0.06), "joined": often(0.7, 0.002, 0.07), "garbled": often(0.6, 0.002, 0.04), "lost": often(0.4, 0.002, 0.02),
        "case": often(0.5, 0.002, 0.05), "sign": often(0.6, 0.002, 0.03),
    }
    if kind < 0.08:  # almost right
        e.update(plain=0.001, torn=0.0, joined=0.0, garbled=0.0, lost=0.0, case=0.0, sign=0.0)
    # Shares of the real recognisers beside the shapes.
    names = list(sources)
    mixed = rng.choice(len(names), size=min(len(names), int(rng.integers(1, 4))), replace=False) if names else []
    share = rng.dirichlet(np.full(len(mixed) + 1, 0.7))
    own, power = share[-1], rng.uniform(0.7, 1.2)
    if kind < 0.08 or rng.random() < 0.15:
        own = 1.0
    table = {}
    for symbol in SYMBOLS:
        ways = {s: own * w for s, w in normal(shapes(symbol, rng, e)).items()}
        for at, weight in zip(mixed, share):
            real = sources[names[at]].get(symbol)
            if real and own < 1 and sum(real.values()) >= 3:
                for seen, n in normal(real).items():
                    ways[seen] = ways.get(seen, 0) + weight * n
        if kind < 0.08:
            ways = {symbol: 1.0, **{s: 0.003 * w for s, w in normal(ways).items() if s != symbol}}
        elif kind < 0.16 and symbol.isalpha():  # marks gone, and little else
            base, marks = decomposed(symbol)
            if marks or symbol in "đĐ":
                ways = {base: 1.0, symbol: e["right"], **{s: 0.02 * w for s, w in normal(ways).items() if s not in (base, symbol)}}
        else:
            ways = {s: w ** power * (rng.gamma(0.8) + 0.02) if s != symbol else w ** power for s, w in normal(ways).items() if w > 1e-4}
        table[symbol] = normal(ways)
    return e, table


def normal(weights):
    total = sum(weights.values()) or 1
    return {s: w / total for s, w in weights.items()}


SYMBOLS = sorted(set(LETTERS + LETTERS.upper() + "0123456789.,;:-/()%\"“”'+*&=!?"))
RATES = ["torn", "joined", "garbled", "lost", "case", "sign"]


def packed(seed, count, sources):
    """Engines as arrays: what each symbol becomes with which cumulative probability, and the rates of the rest."""
    rng = np.random.default_rng(seed)
    seen = np.zeros((count, len(ALPHABET), WAYS, LONGEST), np.uint8 if len(ALPHABET) < 256 else np.uint16)
    until = np.ones((count, len(ALPHABET), WAYS), np.float32)
    rates = np.zeros((count, len(RATES)), np.float32)
    for n in range(count):
        e, table = engine(rng, sources)
        rates[n] = [e[r] for r in RATES]
        for i, c in enumerate(ALPHABET):
            ways = sorted(table.get(c, {c: 1.0}).items(), key=lambda w: -w[1])[:WAYS]
            total, sum_ = sum(w for _, w in ways), 0.0
            for k, (s, w) in enumerate(ways):
                sum_ += w / total
                until[n, i, k] = sum_
                for j, x in enumerate(s[:LONGEST]):
                    seen[n, i, k, j] = NUMBER.get(x, 2)
            until[n, i, len(ways) - 1:] = 1.0
    return seen, until, rates


UPPER = np.arange(len(ALPHABET))
for _c, _i in list(NUMBER.items()):
    if len(_c.upper()) == 1 and _c.upper() in NUMBER:
        UPPER[_i] = NUMBER[_c.upper()]
SWAP = np.arange(len(ALPHABET))
for _c, _i in list(NUMBER.items()):
    if len(_c.swapcase()) == 1 and _c.swapcase() in NUMBER:
        SWAP[_i] = NUMBER[_c.swapcase()]
SMALL = np.array([NUMBER[c] for c in LETTERS])
DIGITS = np.array([NUMBER[c] for c in "0123456789"])
SEPARATORS = np.array([NUMBER[c] for c in "..,,/-%"])


@numba.njit(nogil=True, cache=True)
def spoil(stream, at, words, sizes, labels, signs, sign_sizes, upper, swap, small, digits, separators, seen, until, rates, seed, chars, out):
    """Fills rows of tokens as engines see the text from the given places on: `chars` row, token, character; `out` row, token, (the first and
    second syllable that begin in it, case of the first). `stream` has a row a word: its number, its case, the numbers of the signs before
    and behind it."""
    np.random.seed(seed)
    rows, tokens, width = chars.shape
    for r in range(rows):
        own = np.random.randint(until.shape[0])
        torn, joined, garbled, lost, cased, signed = rates[own, 0], rates[own, 1], rates[own, 2], rates[own, 3], rates[own, 4], rates[own, 5]
        place, t, size, named, shout = at[r], 0, 0, 0, 0
        out[r, 0, 0], out[r, 0, 1], out[r, 0, 2] = 0, 1, 0
        # Tables hold numbers, and cells of which one says little of the next.
        figures = np.random.random() * 0.25 if np.random.random() < 0.25 else 0.0
        jumps = np.random.random() * 0.2 if np.random.random() < 0.25 else 0.002
        while t < tokens:
            if np.random.random() < jumps:
                place = np.random.randint(stream.shape[0])
            if place >= stream.shape[0]:
                place = 0
            word, how, before, behind = stream[place, 0], stream[place, 1], stream[place, 2], stream[place, 3]
            place += 1
            if np.random.random() < lost:
                continue
            number = np.random.random() < figures
            if number:
                place -= 1
                word, before, behind = 0, 0, 0
            # Heads are set in capitals.
            if shout > 0:
                shout -= 1
                how = 2
            elif np.random.random() < 0.005:
                shout = np.random.randint(4, 30)
            first, end = sign_sizes[before], sign_sizes[before] + sizes[word]
            if number:
                end = np.random.randint(1, 8)
            total = end + sign_sizes[behind]
            garble = np.random.random() < garbled
            engine = np.random.randint(until.shape[0]) if garble else own
            for k in range(total):
                if k == first:
                    if named == 0:
                        out[r, t, 0], out[r, t, 1], out[r, t, 2] = labels[word, 0], labels[word, 1], how
                        named = 1 if labels[word, 1] == 1 else 2
                    elif named == 1:
                        out[r, t, 1] = labels[word, 0]
                        named = 2
                if k < first:
                    symbol = signs[before, k]
                elif number:
                    separates = 0 < k < end - 1 and np.random.random() < 0.2
                    symbol = separators[np.random.randint(separators.size)] if separates else digits[np.random.randint(10)]
                elif k < end:
                    symbol = words[word, k - first]
                    if how == 2 or (how == 1 and k == first):
                        symbol = upper[symbol]
                else:
                    symbol = signs[behind, k - end]
                if garble and np.random.random() < 0.4:
                    symbol = small[np.random.randint(small.size)]
                if cased > 0 and np.random.random() < cased:
                    symbol = swap[symbol]
                if not (garble and np.random.random() < 0.2):
                    x, way = np.random.random(), 0
                    while x > until[engine, symbol, way]:
                        way += 1
                    for j in range(seen.shape[3]):
                        c = seen[engine, symbol, way, j]
                        if c == 0:
                            break
                        if size < width:
                            chars[r, t, size] = c
                            size += 1
                if signed > 0 and np.random.random() < signed and size < width:
                    chars[r, t, size] = np.random.randint(3, upper.size)
                    size += 1
                # A space where none was printed: the rest begins no syllable.
                if torn > 0 and k + 1 < total and size > 0 and np.random.random() < torn:
                    t += 1
                    if t == tokens:
                        break
                    size, named = 0, 0
                    out[r, t, 0], out[r, t, 1], out[r, t, 2] = (1 if first <= k < end else 0), 1, 0
            if t == tokens:
                break
            follows = stream[place, 0] if place < stream.shape[0] else 0
            if size > 0 and named == 1 and labels[follows, 1] == 1 and np.random.random() < joined:
                continue
            if size > 0:
                t += 1
            size, named = 0, 0
            if t < tokens:
                out[r, t, 0], out[r, t, 1], out[r, t, 2] = 0, 1, 0
