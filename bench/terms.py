"""Term lists: made once in the work folder, the same from the same seed."""

import hashlib
import os
import random
import re
from dataclasses import dataclass

DICTIONARY = "/usr/share/dict/american-english-insane"
WORDNET = "/usr/share/wordnet"
SHORTEST = 4  # characters of a word


@dataclass(frozen=True)
class TermList:
    """A file with a term a line (or tsv). phrases: some hold white space."""

    path: str
    n: int
    phrases: bool = False


def made(path, write):
    """Makes a file by write(file) unless it is there, never half of one."""
    if not os.path.exists(path):
        with open(path + ".new", "wb") as file:
            write(file)
        os.rename(path + ".new", path)
    return path


def count_lines(path):
    with open(path, "rb") as file:
        return sum(
            block.count(b"\n")
            for block in iter(lambda: file.read(1 << 20), b"")
        )


class Terms:
    def __init__(self, folder, seed, dictionary=DICTIONARY, wordnet=WORDNET):
        self.folder = os.path.join(folder, "terms")
        self.seed = seed
        self.dictionary = dictionary
        self.wordnet = wordnet
        os.makedirs(self.folder, exist_ok=True)

    def words(self, n=None):
        """A random sample of n words of the dictionary, or all of them. A
        larger sample holds the smaller ones."""
        name = f"words-{self.seed}-{n or 'all'}-{self._source_key()}.txt"
        return self._list(name, lambda file: self._write_words(file, n))

    def phrases(self):
        """Every word and phrase of WordNet, as it is spelled there."""
        name = f"wordnet-{self._source_key()}.txt"
        return self._list(name, self._write_phrases, phrases=True)

    def hex_digits(self, n):
        """Strings of 32 random hex digits."""

        def write(file):
            digits = hashlib.shake_128(self._salt("hex")).digest(16 * n).hex()
            for at in range(0, len(digits), 32 << 10):
                block = digits[at : at + (32 << 10)]
                lines = [block[i : i + 32] for i in range(0, len(block), 32)]
                file.write(("\n".join(lines) + "\n").encode())

        return self._list(f"hex-{self.seed}-{n}.txt", write)

    def entries(self, n):
        """A tsv of terms with values, about 100 bytes an entry."""
        words = self._all_words()
        draw = random.Random(f"{self.seed} entries")

        def write(file):
            for at in range(0, n, 10000):
                count = min(10000, n - at)
                tail = draw.randbytes(8 * count).hex()
                value = " ".join(draw.choices(words, k=20))[:69]
                file.write(
                    "".join(
                        f"{words[i % len(words)][:12]}_{tail[16 * (i - at):16 * (i - at) + 16]}"
                        f"\t{value[(i % 40):]}{value[:(i % 40)]}{i:08d}\n"
                        for i in range(at, at + count)
                    ).encode()
                )

        return self._list(
            f"entries-{self.seed}-{n}-{self._source_key()}.tsv", write
        )

    def alike(self, n):
        """Terms that share their length, first eight and last eight bytes."""
        return self._numbered(f"alike-{n}.txt", n, alike_term)

    def unlike(self, n):
        """As many terms as long as those, at random."""
        return self._numbered(f"unlike-{n}.txt", n, unlike_term)

    def _numbered(self, name, n, term):
        # Every other number: a text of all numbers then hits with half.
        return self._list(
            name,
            lambda file: file.writelines(term(2 * i) + b"\n" for i in range(n)),
        )

    def _list(self, name, write, phrases=False):
        path = made(os.path.join(self.folder, name), write)
        return TermList(path, count_lines(path), phrases)

    def _salt(self, purpose):
        return f"{self.seed} {purpose} ".encode()

    def _source_key(self):
        """Another dictionary makes other lists."""
        stat = os.stat(self.dictionary)
        key = f"{self.dictionary} {stat.st_size} {stat.st_mtime_ns} {self.wordnet}"
        return hashlib.sha256(key.encode()).hexdigest()[:8]

    def _all_words(self):
        with open(self.dictionary, encoding="utf-8") as file:
            lines = file.read().split("\n")
        return [word for word in lines if len(word) >= SHORTEST]

    def _write_words(self, file, n):
        words = [word.encode() for word in self._all_words()]
        if n is not None:
            salt = self._salt("words")
            words.sort(key=lambda word: hashlib.sha256(salt + word).digest())
        file.writelines(word + b"\n" for word in words[:n])

    def _write_phrases(self, file):
        phrases = set()
        for part in ("adj", "adv", "noun", "verb"):
            path = os.path.join(self.wordnet, "data." + part)
            with open(path, encoding="utf-8") as lines:
                for line in lines:
                    if not line.startswith("  "):
                        phrases.update(_spellings(line.split(" ")))
        file.writelines(phrase.encode() + b"\n" for phrase in sorted(phrases))


def _spellings(fields):
    """The words of a line of WordNet's data files: their number in hex, then
    each with a sense number behind it, some with a marker in parentheses."""
    for i in range(int(fields[3], 16)):
        yield re.sub(r"\((a|p|ip)\)$", "", fields[4 + 2 * i]).replace("_", " ")


def alike_term(i):
    return b"customer_%08d_records" % i


def unlike_term(i):
    return hashlib.sha256(b"%d" % i).hexdigest()[:25].encode()
