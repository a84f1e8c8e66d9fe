"""most_frequent.py COUNTS FILE: each word becomes the most frequent syllable that has its letters; one that has a mark already
is left as it is."""

import sys

from words import bare, counts, each

best = {}
for syllable, count in counts(sys.argv[1]).items():
    best[bare(syllable)] = max(best.get(bare(syllable), (0, "")), (count, syllable))
with open(sys.argv[2], encoding="utf-8") as text:
    for line in text:
        print(each(line, lambda word: best.get(word, (0, word))[1]))
