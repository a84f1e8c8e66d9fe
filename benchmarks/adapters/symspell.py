"""symspell.py COUNTS FILE: each word becomes the syllable that SymSpell finds nearest to it, the most frequent of the nearest."""

import sys

from symspellpy import SymSpell, Verbosity
from words import counts, each

speller = SymSpell(max_dictionary_edit_distance=2, prefix_length=7)
for syllable, count in counts(sys.argv[1]).items():
    speller.create_dictionary_entry(syllable, count)


def nearest(word):
    found = speller.lookup(word, Verbosity.TOP, max_edit_distance=2)
    return found[0].term if found else word


with open(sys.argv[2], encoding="utf-8") as text:
    for line in text:
        print(each(line, nearest))
