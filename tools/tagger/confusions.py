#!/usr/bin/env python3
"""How recognisers see letters, out of pairs of print and what was seen (`tools/pairs/`), as one JSON for `noise.py`.

    confusions.py NAME=FILE... > confusions.json

FILE has a pair a line, printed TAB seen, words or lines. Each word is aligned letter by letter: a letter is seen as none to three characters,
by Viterbi training over the counts of the round before.
"""
import collections, json, math, pathlib, sys
sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "pairs"))
from layers import bare, pairs, squashed

ROUNDS, LONGEST = 4, 3


def words(file):
    found = collections.Counter()
    for line in open(file, encoding="utf-8"):
        printed, _, seen = line.rstrip("\n").partition("\t")
        for word, made in pairs(squashed(printed), squashed(seen)):
            if " " not in word and " " not in made and len(word) <= 12 and len(made) <= 16:
                found[word, made] += 1
    return found


def first_cost(letter, seen):
    if letter == seen:
        return 0.1
    if len(seen) == 1 and bare(letter) == bare(seen):
        return 0.7
    return 4 + 1.5 * abs(len(seen) - 1) if seen else 5


def aligned(word, made, cost):
    """What each letter of the word became."""
    best = {0: (0.0, ())}
    for letter in word:
        then = {}
        for at, (sum_, path) in best.items():
            for size in range(LONGEST + 1):
                if at + size <= len(made):
                    total = sum_ + cost(letter, made[at:at + size])
                    if at + size not in then or total < then[at + size][0]:
                        then[at + size] = (total, path + (made[at:at + size],))
        best = then
    return best.get(len(made), (0, None))[1]


def learned(counts):
    table = None
    for _ in range(ROUNDS):
        sums = table and {letter: sum(seen.values()) for letter, seen in table.items()}

        def cost(letter, seen):
            if table is None or letter not in table:
                return first_cost(letter, seen)
            return -math.log((table[letter].get(seen, 0) + 0.3 * math.exp(-first_cost(letter, seen))) / (sums[letter] + 1))

        then = collections.defaultdict(collections.Counter)
        for (word, made), count in counts.items():
            path = aligned(word, made, cost)
            if path:
                for letter, seen in zip(word, path):
                    then[letter][seen] += count
        table = then
    return {letter: {s: n for s, n in seen.most_common(40)} for letter, seen in sorted(table.items())}


def main():
    sources = collections.defaultdict(collections.Counter)
    for argument in sys.argv[1:]:
        name, _, file = argument.partition("=")
        sources[name] += words(file)
    json.dump({name: learned(counts) for name, counts in sources.items()}, sys.stdout, ensure_ascii=False, indent=0)


if __name__ == "__main__":
    main()
