"""Makes the tables in duben/compile/tables, which the segmenter `words` and the review read.

    python tools/word_tables.py LEXICON USAGE

LEXICON is a list of Simplified words, `word count …` a line: dict.txt of the package jieba (MIT).
USAGE is a list of Traditional words as they are written in Taiwan, `word<TAB>count` a line, different
spellings of one word side by side: the words of libchewing with their counts. Only counts are taken from
it: by which character a word is written, and how often.

words.tsv and characters.tsv hold, in OpenCC's standard characters,
- what tools/senses.tsv, written by hand, says of words and of single characters;
- the strings in which OpenCC's segmentation, the leftmost and longest phrase, goes wrong: two words
  that overlap (生发 and 发明 in 生发明), where the likelier way to cut them reads otherwise. How likely
  is the product of the words' shares in LEXICON, as in a unigram model; strings less likely than
  RAREST are left out.

alternatives.tsv holds what the review asks about: words with more than one spelling in use, and
characters whose meaning the words around them leave open, each with the other readings.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from duben.compile.automaton import Automaton
from duben.compile.opencc_tables import convert_with, read_candidates, read_table
from duben.compile.scripts import fold_glyphs

ROOT = Path(__file__).resolve().parent.parent
SENSES = ROOT / "tools" / "senses.tsv"
TABLES = ROOT / "duben" / "compile" / "tables"

#: An overlap is kept if it is expected at least once in as many words.
RAREST = math.log(1 / 300_000_000)
#: Words that LEXICON counts less often than this overlap with nothing.
LEAST_COUNT = 50
LONGEST_WORD = 8
LONGEST_OVERLAP = 6
#: The least share of another spelling, or of another sense, at which the review asks.
ANOTHER_SPELLING = 0.1
ANOTHER_SENSE = 0.004
#: A word is asked about if it holds a character whose commonest sense has less than 1 - RISKY of all its
#: occurrences, unless USAGE counts the word so often, in one spelling.
RISKY = 0.1
LEAST_SAFE = 30
#: A character is soft if of so many words at least that have it changed, this share have it unchanged, too.
SOFT_WORDS = 10
SOFT = 0.26
#: The least share of a character's occurrences in USAGE at which another one may be meant.
MEANT = 0.01
LEAST_WORD = 3

PHRASES = ("STPhrases.txt", "STPhrases_GeneratedFromRegionalPhrases.txt")


def converted(name: str, words: Iterable[str]) -> dict[str, str]:
    """Each word by itself, as OpenCC's configuration converts it."""
    listed = list(words)
    return dict(zip(listed, convert_with(name, "\n".join(listed)).split("\n"), strict=True))


class Reading:
    """What words and characters become, in OpenCC's standard characters: hand-written rows first."""

    def __init__(self, senses: Mapping[str, str], lexicon: Iterable[str]) -> None:
        phrases: dict[str, str] = {}
        for name in reversed(PHRASES):
            phrases |= read_table(name)
        self.chars = read_table("STCharacters.txt") | {k: v for k, v in senses.items() if len(k) == 1}
        self.phrases = {k: v for k, v in phrases.items() if len(k) == len(v)}
        self.phrases |= {k: v for k, v in senses.items() if len(k) > 1}
        self._keys = list(self.phrases)
        self._longest = Automaton(self._keys, kind="longest")
        self.words = {word: self.phrases.get(word) or self.segmented(word) for word in lexicon}
        self.words |= self.phrases

    def by_character(self, text: str) -> str:
        return "".join(self.chars.get(char, char) for char in text)

    def segmented(self, text: str) -> str:
        """The text by leftmost, longest phrases, as the engine reads it."""
        out, position = [], 0
        for index, start, end in self._longest.find(text):
            out += [self.by_character(text[position:start]), self.phrases[self._keys[index]]]
            position = end
        return "".join(out) + self.by_character(text[position:])


class Lattice:
    """The likeliest way to cut a text into words, under a unigram model of the lexicon's counts."""

    def __init__(self, counts: Mapping[str, float], reading: Reading) -> None:
        total = sum(counts.values())
        self._unknown = math.log(0.5 / total)
        self.shares = {word: math.log(max(count, 1) / total) for word, count in counts.items()}
        self._reading = reading
        # A phrase of the tables is a word: a little likelier than its parts.
        for phrase in sorted(reading.phrases, key=len):
            apart, _ = self._best(phrase, but=phrase)
            if apart >= self.shares.get(phrase, -math.inf):
                self.shares[phrase] = apart + 0.01

    def read(self, text: str) -> tuple[float, str]:
        """(logarithm of how likely, conversion) of the likeliest way."""
        likely, starts = self._best(text)
        out = []
        end = len(text)
        while end:
            word = text[starts[end] : end]
            out.append(self._reading.words.get(word) or self._reading.by_character(word))
            end = starts[end]
        return likely, "".join(reversed(out))

    def _best(self, text: str, but: str = "") -> tuple[float, list[int]]:
        scores = [0.0] + [-math.inf] * len(text)
        starts = [0] * (len(text) + 1)
        for start in range(len(text)):
            for end in range(start + 1, min(start + LONGEST_WORD, len(text)) + 1):
                word = text[start:end]
                share = self.shares.get(word) if word != but else None
                if share is None:
                    if end > start + 1:
                        continue
                    share = self._unknown
                if scores[start] + share > scores[end]:
                    scores[end] = scores[start] + share
                    starts[end] = start
        return scores[-1], starts


def find_overlaps(
    starting: Mapping[str, Sequence[str]],
    ending: Mapping[str, Sequence[str]],
    reading: Reading,
    ambiguous: set[str],
) -> Iterator[str]:
    """The strings of two overlapping words: a phrase of the tables, and one that starts or ends so."""
    telling = {word for word, read in reading.words.items() if read != reading.by_character(word)}
    for phrase in reading.phrases:
        if len(phrase) > 4:
            continue
        for size in range(1, len(phrase)):
            shared = phrase[-size:]
            if phrase in telling or set(shared) & ambiguous:
                yield from (
                    phrase + word[size:]
                    for word in starting.get(shared, ())
                    if phrase in telling or word in telling
                )
            if phrase in telling:
                yield from (word + phrase[size:] for word in ending.get(phrase[:size], ()))


def index_words(words: Iterable[str], *, at_end: bool = False) -> dict[str, list[str]]:
    """Every beginning (or ending) of a word, shorter than the word → the words that have it."""
    index: defaultdict[str, list[str]] = defaultdict(list)
    for word in words:
        for size in range(1, len(word)):
            index[word[-size:] if at_end else word[:size]].append(word)
    return dict(index)


def make_words(senses: Mapping[str, str], counts: Mapping[str, float], ambiguous: set[str]) -> dict[str, str]:
    reading = Reading(senses, [word for word in counts if 1 < len(word) <= LONGEST_WORD])
    lattice = Lattice(counts, reading)
    least = math.log(LEAST_COUNT / sum(counts.values()))
    common = [word for word, share in lattice.shares.items() if 2 <= len(word) <= 4 and share >= least]
    starting, ending = index_words(common), index_words(common, at_end=True)
    words = dict(senses)
    for string in set(find_overlaps(starting, ending, reading, ambiguous)):
        if len(string) > LONGEST_OVERLAP or string in words:
            continue
        likely, read = lattice.read(string)
        if likely >= RAREST and fold_glyphs(read) != fold_glyphs(reading.segmented(string)):
            words[string] = read
    # A string that is put in may bite: 为了解 (为了, 了解) would take 解 from 为了解决. So it is read on.
    new = [string for string in words if string not in senses]
    while new:
        so_far = Reading(words, ())
        longer: dict[str, str] = {}
        for string in new:
            for size in range(1, len(string)):
                for word in starting.get(string[-size:], ()):
                    other = string + word[size:]
                    if len(other) > LONGEST_WORD or other in words or other in longer:
                        continue
                    likely, read = lattice.read(other)
                    if likely >= RAREST and fold_glyphs(read) != fold_glyphs(so_far.segmented(other)):
                        longer[other] = read
        words |= longer
        new = list(longer)
    return words


def make_alternatives(
    words: Mapping[str, str], counts: Mapping[str, float], usage: Mapping[str, float], ambiguous: set[str]
) -> dict[str, tuple[str, ...]]:
    """word → other readings that an editor may want; character → others that it may stand for.

    Of USAGE only counts are used: which character a word is written with, and how often.
    """
    reading = Reading(words, [word for word in counts if 1 < len(word) <= LONGEST_WORD])
    written = count_spellings(usage, ambiguous)
    meant = find_meant(written)
    shares: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for word, read in reading.words.items():
        for char, other in zip(word, read, strict=True):
            if char in ambiguous:
                shares[char][fold_glyphs(other)] += int(counts.get(word, 1))
    found: dict[str, tuple[str, ...]] = {}
    for char in ambiguous:
        alone = fold_glyphs(reading.by_character(char))
        others = tuple(other for other in meant[char] if fold_glyphs(other) != alone)
        if others and 1 - shares[char][alone] / max(shares[char].total(), 1) >= ANOTHER_SENSE:
            found[char] = others
    risks = {char: 1 - max(read.values()) / read.total() for char, read in shares.items()}
    soft = find_soft(written)
    for word, read in reading.words.items():
        places = written.get(word)
        asked = []
        for index, char in enumerate(word):
            ways = places[index] if places else Counter[str]()
            divided = ways.total() - max(ways.values(), default=0) >= ANOTHER_SPELLING * ways.total() > 0
            safe = ways.total() >= LEAST_SAFE and char not in soft
            if divided or (counts.get(word, 0) >= LEAST_WORD and risks.get(char, 0) >= RISKY and not safe):
                asked.append(index)
        readings = tuple(
            read[:index] + other + read[index + 1 :]
            for index in asked
            for other in meant.get(word[index], ())
            if fold_glyphs(other) != fold_glyphs(read[index])
        )
        if readings:
            found[word] = readings
    return found


def count_spellings(usage: Mapping[str, float], ambiguous: set[str]) -> dict[str, list[Counter[str]]]:
    """Simplified word of USAGE → for each of its characters, how often each Traditional one is written."""
    simplified = converted("tw2s", usage)
    standard = converted("tw2t", usage)
    written: dict[str, list[Counter[str]]] = {}
    for word, count in usage.items():
        key = simplified[word]
        if 1 < len(word) == len(key) and set(key) & ambiguous:
            places = written.setdefault(key, [Counter() for _ in key])
            for place, char in zip(places, standard[word], strict=True):
                place[fold_glyphs(char)] += int(count)
    return written


def find_meant(written: Mapping[str, list[Counter[str]]]) -> dict[str, list[str]]:
    """Character → those of its readings that are written at all often."""
    ways: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for word, places in written.items():
        for char, place in zip(word, places, strict=True):
            ways[char].update(place)
    return {
        char: [
            other for other in many if ways[char][fold_glyphs(other)] >= MEANT * max(ways[char].total(), 1)
        ]
        for char, many in read_candidates("STCharacters.txt").items()
    }


def find_soft(written: Mapping[str, list[Counter[str]]]) -> set[str]:
    """The characters that many words have both changed and as they are."""
    changed: Counter[tuple[str, str]] = Counter()
    divided: Counter[tuple[str, str]] = Counter()
    for word, places in written.items():
        for char, place in zip(word, places, strict=True):
            ways = {(char, way) for way in place if way != char}
            changed.update(ways)
            if char in place:
                divided.update(ways)
    return {
        char
        for (char, way), count in changed.items()
        if count >= SOFT_WORDS and divided[char, way] >= SOFT * count
    }


def read_senses() -> dict[str, str]:
    """tools/senses.tsv in OpenCC's standard characters. Raises SystemExit for a row that is wrong."""
    rows: dict[str, str] = {}
    for number, line in enumerate(SENSES.read_text("utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        word, tab, read = line.partition("\t")
        if not tab or len(word) != len(read) or word in rows:
            sys.exit(f"{SENSES.name}:{number}: not a word, a tab, and as many Traditional characters, once")
        rows[word] = read
    standard = {word: convert_with("tw2t", read) for word, read in rows.items()}
    for word, read in rows.items():
        if convert_with("t2tw", standard[word]) != read:
            standard[word] = read
    return standard


def read_counts(path: Path) -> dict[str, float]:
    counts: Counter[str] = Counter()
    for line in path.read_text("utf-8").splitlines():
        cells = line.split()
        if len(cells) > 1 and cells[1].isdigit():
            counts[cells[0]] += int(cells[1])
    return dict(counts)


def write(name: str, rows: Mapping[str, str]) -> None:
    """The rows by the bytes of their keys, as the tables are searched."""
    TABLES.mkdir(exist_ok=True)
    lines = sorted(f"{key}\t{value}".encode() for key, value in rows.items())
    (TABLES / name).write_bytes(b"\n".join(lines) + b"\n")
    print(f"{name}: {len(lines)} rows, {sum(map(len, lines)) // 1000} kB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("lexicon", type=Path)
    parser.add_argument("usage", type=Path)
    arguments = parser.parse_args()
    candidates = read_candidates("STCharacters.txt")
    ambiguous = {char for char, many in candidates.items() if len(set(map(fold_glyphs, many))) > 1}
    counts = read_counts(arguments.lexicon)
    usage = read_counts(arguments.usage)
    senses = read_senses()
    words = make_words(senses, counts, ambiguous)
    write("words.tsv", {word: read for word, read in words.items() if len(word) > 1})
    write("characters.tsv", {char: read for char, read in words.items() if len(char) == 1})
    alternatives = make_alternatives(words, counts, usage, ambiguous)
    write("alternatives.tsv", {key: " ".join(others) for key, others in alternatives.items()})


if __name__ == "__main__":
    main()
