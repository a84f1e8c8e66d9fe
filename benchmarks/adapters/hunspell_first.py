"""hunspell_first.py FILE: a word that Hunspell's Vietnamese dictionary does not know becomes its first suggestion."""

import functools
import subprocess
import sys

from words import each

speller = subprocess.Popen(["hunspell", "-d", "vi_VN", "-i", "utf-8", "-a"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")
speller.stdout.readline()


@functools.cache
def first(word):
    speller.stdin.write(f"^{word}\n")
    speller.stdin.flush()
    answer = speller.stdout.readline().strip()
    if answer:
        speller.stdout.readline()
    # `& word count offset: suggestion, suggestion`
    return answer.partition(": ")[2].split(", ")[0] if answer.startswith("&") else word


with open(sys.argv[1], encoding="utf-8") as text:
    for line in text:
        print(each(line, first))
speller.stdin.close()
sys.exit(speller.wait())
