"""What the word-by-word baselines share: a line is cut into words, each goes through a function in small letters, its case and
the punctuation around it are put back."""

import unicodedata


def bare(text):
    text = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in text if not unicodedata.combining(c))


def cased(before, after):
    """`after` in the case of `before`."""
    if before.isupper() and len(before) > 1:
        return after.upper()
    return after[:1].upper() + after[1:] if before[:1].isupper() else after


def each(line, restore):
    """The line with every word that is letters only replaced by restore(word in small letters)."""
    out = []
    for word in line.rstrip("\n").split(" "):
        core = word.strip(".,;:()\"'-/“”…")
        out.append(word.replace(core, cased(core, restore(core.lower())), 1) if core.isalpha() else word)
    return " ".join(out)


def counts(path):
    """Syllables with how often they occur, from a table of syllable, tab, count, or from dictionaries/syllables.tsv, whose classes
    are powers of two. A second count is added; a syllable whose fourth column is 0 is no syllable and left out."""
    with open(path, encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines if not line.startswith("#")]
    classes = any(row[:2] == ["syllable", "class"] for row in rows) or path.endswith("dictionaries/syllables.tsv")
    found = {}
    for syllable, first, *more in rows:
        if first.isdigit() and more[1:2] != ["0"]:
            found[syllable.lower()] = 2 ** (40 - int(first)) if classes else int(first) + sum(int(n) for n in more[:1] if n.isdigit())
    return found
