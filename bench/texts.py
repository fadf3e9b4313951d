"""Texts that are made up: in several scripts, and full of tokens."""

import os
import random
from itertools import accumulate

from terms import TermList, alike_term, made, unlike_term

# Letters, the share of words by length from one letter on, and what stands
# between words. Chinese has no spaces: its words are clauses.
SCRIPTS = {
    "ascii": (
        "etaoinshrdlcumwfgypbvk",
        (3, 17, 21, 16, 11, 9, 8, 6, 4, 3, 2),
        " ",
    ),
    "russian": (
        "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэф",
        (9, 8, 10, 9, 12, 11, 10, 9, 7, 6, 4, 3, 2),
        " ",
    ),
    "greek": (
        "αοιετσνηυρπκμλωδγχθφβξζψςάέήίόύώ",
        (3, 12, 19, 9, 10, 9, 8, 8, 7, 5, 4, 3),
        " ",
    ),
    "chinese": (
        "".join(map(chr, range(0x4E00, 0x4E00 + 3000))),
        (1, 2, 4, 7, 9, 10, 10, 9, 8, 6, 5, 4, 3, 2, 2, 1, 1),
        "，。",
    ),
}
VOCABULARY = 50000
LINE = 12  # words


class Texts:
    def __init__(self, work, seed):
        self.folder = os.path.join(work, "texts")
        self.seed = seed
        os.makedirs(self.folder, exist_ok=True)

    def script(self, name, size):
        """About size bytes of words of that script, frequent ones more often."""
        return made(
            self._path(f"{name}-{size}.txt"),
            lambda file: self._write_words(file, name, size),
        )

    def script_terms(self, name, n):
        """Every so many words of that script's vocabulary."""
        words = self._vocabulary(name)[:: max(1, VOCABULARY // n)]
        path = made(
            self._path(f"{name}-terms-{n}.txt"),
            lambda file: file.writelines(
                word.encode() + b"\n" for word in words
            ),
        )
        return TermList(path, len(words))

    def tokens(self, kind, n, size):
        """About size bytes of tokens, half of which are among n terms of
        Terms.alike or Terms.unlike (kind)."""
        term = {"alike": alike_term, "unlike": unlike_term}[kind]
        draw = random.Random(f"{self.seed} tokens")

        def write(file):
            tokens = [term(i) for i in range(2 * n)]
            while file.tell() < size:
                file.write(_lines(draw.choices(tokens, k=10000), b" "))

        return made(self._path(f"{kind}-{n}-{size}.txt"), write)

    def _path(self, name):
        return os.path.join(self.folder, f"{self.seed}-{name}")

    def _vocabulary(self, name):
        letters, lengths, _ = SCRIPTS[name]
        draw = random.Random(f"{self.seed} {name}")
        sizes = list(range(1, len(lengths) + 1))
        words = {}
        while len(words) < VOCABULARY:
            (size,) = draw.choices(sizes, lengths)
            # A short word may be taken; then a longer one has to do.
            word = "".join(draw.choices(letters, k=size))
            words.setdefault(word)
        return list(words)

    def _write_words(self, file, name, size):
        words = [word.encode() for word in self._vocabulary(name)]
        draw = random.Random(f"{self.seed} {name} text")
        weights = list(accumulate(1 / (rank + 2) for rank in range(len(words))))
        gaps = [gap.encode() for gap in SCRIPTS[name][2]]
        while file.tell() < size:
            chosen = draw.choices(words, cum_weights=weights, k=10000)
            file.write(_lines(chosen, draw.choice(gaps)))


def _lines(words, gap):
    lines = (words[i : i + LINE] for i in range(0, len(words), LINE))
    return b"".join(gap.join(line) + b"\n" for line in lines)
