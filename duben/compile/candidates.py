"""Strings of a collection that may deserve an entry of the glossary, by their statistics alone.

Nothing is looked up but the words of the segmenter: a string is counted, its inner cohesion measured
against chance, its edges by what stands beside them, and its spread over the texts. The measures are
those of the literature; docs/suggest.md names them and says what each can and cannot see.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import log2
from typing import NamedTuple, Protocol

from duben.compile.automaton import Automaton
from duben.compile.function_words import (
    JOINING_TAGS,
    is_function_word,
    is_measure,
    is_name,
    is_quantity,
    weight_of_tags,
)
from duben.model import Span
from duben.read.syllables import is_han

#: The longest candidate, in units: a Chinese character, or a run of letters and digits.
LONGEST = 12
#: A candidate that stands inside one longer candidate in such a share of its places is a fragment of it.
FRAGMENT = 0.75
#: Where words do not part at its edges, a candidate needs so many different neighbours on each side.
VARIETY = 3
#: So many candidates are looked at closely, where there are more: the likeliest by count and cohesion.
FINALISTS = 4000
#: What the keyness of a name counts at least, for a name may be looked up however common it is.
NAME = 0.7
#: What a verb with a candidate before or behind it is worth, and two candidates joined by a function word.
PHRASE = 0.4
#: Chinese characters to a word of running text.
UNITS_A_WORD = 1.6
#: In a million words, what is added to the frequency of each in the language at large, where many are unseen.
UNSEEN = 0.5

_TOKEN = re.compile(r"[A-Za-z0-9]+(?:[.+%&'’·-]?[A-Za-z0-9]+)*%?")
_NUMBER = re.compile(r"[0-9][0-9.,%-]*")
_BREAK = "\x00"
_OPEN, _BARRED = 1, 2
_PRIVATE = range(0xF0000, 0x10FFFE)


class Language(Protocol):
    """What is known of the language at large."""

    def tag(self, sentence: str) -> list[tuple[str, str]]:
        """(word, part of speech) of all of the text, in order."""

    def frequency(self, word: str) -> float:
        """How often a word stands in a million words, as far as a dictionary tells."""


class Line(NamedTuple):
    """A paragraph in Simplified. known: where terms of the glossary stand, apart and ascending."""

    text: str
    document: int
    known: Sequence[Span] = ()


class Word(NamedTuple):
    """A word of a candidate: where it starts in it, in units and in characters, and its part of speech."""

    unit: int
    offset: int
    tag: str


class Place(NamedTuple):
    """Where a candidate stands: the index of a line and a span of its text."""

    line: int
    span: Span


@dataclass(frozen=True, slots=True)
class Candidate:
    """A string that may be a term, with what speaks for it.

    count: its places outside of known terms. cohesion: the weakest link between its parts, 0 chance, 1
    never apart. left, right: how many different neighbours (accessor variety); entropy: that of the less
    varied side, in bits. dispersion: 0 all in the smallest text, 1 as the texts are long. keyness: how many
    times more frequent it is than in the language at large. words: as the segmenter cuts most of its places.
    """

    text: str
    count: int
    documents: int
    cohesion: float
    left: int
    right: int
    entropy: float
    dispersion: float
    keyness: float
    score: float
    words: tuple[Word, ...]
    places: tuple[Place, ...]


def least_count(units: int) -> int:
    """How often a string must stand in a collection of so many units: 2, and 1 more for each fourfold
    growth above 100,000."""
    return 2 + max(0, round(log2(max(units, 1) / 100_000) / 2 + 0.5))


def find_candidates(
    lines: Sequence[Line],
    known: Iterable[str],
    words: Language,
    *,
    min_count: int = 0,
    progress: Callable[[int, int], object] | None = None,
) -> list[Candidate]:
    """The candidates, best first; equal ones by their text.

    known: the strings of the glossary, in Simplified: none of them is a candidate. min_count: 0 for
    `least_count`. progress: (lines done, lines).
    """
    stream = _Stream()
    for number, line in enumerate(lines, 1):
        stream.add(line, words)
        if progress:
            progress(number, len(lines))
    least = min_count or least_count(len(stream.units))
    counted = _count(stream, least)
    entered = {stream.encode(string) for string in known}
    for gram in entered:
        counted.cut.pop(gram, None)
        counted.free.pop(gram, None)
    likely = sorted(
        counted.likely(), key=lambda gram: (-counted.weight(gram) * counted.cohesion(gram), gram)
    )[:FINALISTS]
    measured = _measure(stream, lines, likely, counted, words)
    return sorted(_without_fragments(measured, entered), key=lambda found: (-found.score, found.text))


# --- the collection as units ---------------------------------------------------------------------


class _Stream:
    """The lines as one string of units, and what is known of each edge before a unit.

    A unit is a Chinese character, or a run of letters and digits, which has a private character of its
    own; all else parts. opens, closes: whether a candidate may start, or end, at this edge: _OPEN where
    words part there, _BARRED where it would start, or end, with a function word or a quantity. free: the
    edge is not inside a known term. tags: the part of speech, as its place in `tag_names`, of the word that
    starts here; 0 where none does.
    """

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.opens, self.closes, self.free, self.tags = bytearray(), bytearray(), bytearray(), bytearray()
        self.offsets = array("I")
        self.starts = array("I")  # of each line
        self.tag_names: list[str] = [""]
        self._tag_numbers: dict[str, int] = {"": 0}
        self._private: dict[str, str] = {}
        self._numbers: set[str] = set()
        self._joined = ""

    @property
    def units(self) -> str:
        if self.parts:
            self._joined = "".join((self._joined, *self.parts))
            self.parts = []
        return self._joined

    def encode(self, text: str) -> str:
        """The text as units."""
        return "".join(unit for unit, _ in self._units(text))

    def _units(self, text: str) -> Iterator[tuple[str, int]]:
        """(unit, offset) of all of the text."""
        tokens = {match.start(): match[0] for match in _TOKEN.finditer(text)}
        offset = 0
        for offset_, char in enumerate(text):
            if offset_ < offset:
                continue
            token = tokens.get(offset_)
            if token:
                yield self._unit_of(token), offset_
                offset = offset_ + len(token)
            else:
                yield (char if is_han(char) else _BREAK), offset_

    def _unit_of(self, token: str) -> str:
        if token not in self._private:
            if len(self._private) >= len(_PRIVATE):
                return _BREAK
            self._private[token] = chr(_PRIVATE[len(self._private)])
            if _NUMBER.fullmatch(token):
                self._numbers.add(self._private[token])
        return self._private[token]

    def add(self, line: Line, words: Language) -> None:
        units = list(self._units(line.text))
        length = len(units)
        at = {offset: index for index, (_, offset) in enumerate(units)}
        at[len(line.text)] = length
        opens, closes, tags = bytearray(length + 1), bytearray(length + 1), bytearray(length + 1)
        position = 0
        after_number = False
        for word, tag in words.tag(line.text):
            start, end = at.get(position), at.get(position + len(word))
            position += len(word)
            if start is not None:
                tags[start] = self._tag(tag)
            counts = is_quantity(word) or _NUMBER.fullmatch(word) is not None
            framing = counts or is_function_word(word, tag) or (after_number and is_measure(word))
            after_number = counts
            if start is not None:
                opens[start] = _BARRED if framing else _OPEN
            if end is not None:
                closes[end] = _BARRED if framing else _OPEN
        free = bytearray(b"\1" * (length + 1))
        for start_, end_ in line.known:
            first, last = at.get(start_, 0), at.get(end_, length)
            free[first + 1 : last] = bytes(max(last - first - 1, 0))
        # A break of its own ends the line; the edge after the last unit is that before the break.
        self.parts += [*(unit for unit, _ in units), _BREAK]
        self.starts.append(self.length)
        self.length += length + 1
        self.offsets.extend([*(offset for _, offset in units), len(line.text)])
        self.opens += opens
        self.closes += closes
        self.free += free
        self.tags += tags

    def _tag(self, name: str) -> int:
        if name not in self._tag_numbers:
            if len(self.tag_names) == 256:
                return 0
            self._tag_numbers[name] = len(self.tag_names)
            self.tag_names.append(name)
        return self._tag_numbers[name]

    def line(self, number: int) -> tuple[int, int]:
        """Where a line's units start and end."""
        end = self.starts[number + 1] if number + 1 < len(self.starts) else self.length
        return self.starts[number], end - 1

    def words_of(self, start: int, end: int) -> tuple[Word, ...]:
        """The words that start between two edges."""
        return tuple(
            Word(edge - start, self.offsets[edge] - self.offsets[start], self.tag_names[self.tags[edge]])
            for edge in range(start, end)
            if self.tags[edge]
        )

    def is_number(self, unit: str) -> bool:
        return unit in self._numbers


# --- counts --------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Counted:
    """How often strings of units stand: anywhere (`all`), outside of known terms without function
    words at the edges (`free`), and of these between the edges of words (`cut`)."""

    total: int
    least: int
    all: dict[str, int] = field(default_factory=dict)
    free: dict[str, int] = field(default_factory=dict)
    cut: dict[str, int] = field(default_factory=dict)

    def likely(self) -> Iterator[str]:
        """The strings that may be candidates, fragments among them."""
        for gram, cut in self.cut.items():
            if cut >= self.least:
                yield gram
        for gram, free in self.free.items():
            # Words part elsewhere at most of its places: only its neighbours can speak for it.
            if free >= max(self.least, VARIETY) and self.cut.get(gram, 0) < self.least:
                yield gram

    def weight(self, gram: str) -> float:
        return log2(1 + max(self.cut.get(gram, 0), self.free.get(gram, 0) / 2))

    def cohesion(self, gram: str) -> float:
        """Normalised pointwise mutual information of the weakest split, not below 0."""
        together = self.all[gram] / self.total
        if len(gram) == 1 or together >= 1:
            return 1.0
        strongest_chance = max(self.all[gram[:i]] * self.all[gram[i:]] for i in range(1, len(gram)))
        chance = strongest_chance / self.total**2
        return min(max(log2(together / chance) / -log2(together), 0.0), 1.0)


def _count(stream: _Stream, least: int) -> _Counted:
    """Counts by growing length: of what is rare nothing longer can be frequent."""
    units = stream.units
    counted = _Counted(sum(unit != _BREAK for unit in units), least)
    active = array("I", (at for at, unit in enumerate(units) if unit != _BREAK))
    free, opens, closes = stream.free, stream.opens, stream.closes
    for length in range(1, LONGEST + 1):
        counts = Counter(units[at : at + length] for at in active)
        kept = {gram: count for gram, count in counts.items() if count >= least}
        del counts
        if not kept:
            break
        counted.all |= kept
        active = array("I", (at for at in active if units[at : at + length] in kept))
        if length > 1 or any(unit >= chr(_PRIVATE[0]) for unit in kept):
            outside = [
                at
                for at in active
                if free[at] and free[at + length] and _BARRED not in (opens[at], closes[at + length])
            ]
            counted.free |= Counter(units[at : at + length] for at in outside)
            counted.cut |= Counter(
                units[at : at + length] for at in outside if opens[at] and closes[at + length]
            )
        active = array("I", (at for at, after in pairwise(active) if after == at + 1))
    for counts_ in (counted.free, counted.cut):
        for gram in [gram for gram in counts_ if len(gram) == 1 and is_han(gram)]:
            del counts_[gram]
    for gram in [gram for gram in counted.free if _has_number_edge(gram, stream)]:
        del counted.free[gram]
        counted.cut.pop(gram, None)
    return counted


def _has_number_edge(gram: str, stream: _Stream) -> bool:
    return stream.is_number(gram[0]) or stream.is_number(gram[-1])


# --- the likely ones, measured -------------------------------------------------------------------


@dataclass(slots=True)
class _Seen:
    """What was seen at the places of one string."""

    places: list[Place] = field(default_factory=list)
    cut: int = 0
    barred: int = 0
    left: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    words: Counter[tuple[Word, ...]] = field(default_factory=Counter)
    documents: Counter[int] = field(default_factory=Counter)


def _measure(
    stream: _Stream, lines: Sequence[Line], grams: Sequence[str], counted: _Counted, words: Language
) -> dict[str, Candidate]:
    """The candidates by their units."""
    seen: defaultdict[str, _Seen] = defaultdict(_Seen)
    sizes: Counter[int] = Counter()
    finder = Automaton(grams, kind="all")
    units = stream.units
    for number, line in enumerate(lines):
        begin, stop = stream.line(number)
        sizes[line.document] += stop - begin
        for index, start, end in finder.find(units[begin:stop]):
            first, last = begin + start, begin + end
            if not (stream.free[first] and stream.free[last]):
                continue
            found = seen[grams[index]]
            span = Span(stream.offsets[first], stream.offsets[last])
            found.places.append(Place(number, span))
            # A stop, and the start or end of a paragraph, is another neighbour each time.
            for beside, neighbour, side in (
                (first - 1, units[first - 1] if start else _BREAK, found.left),
                (last, units[last], found.right),
            ):
                side[neighbour if neighbour != _BREAK else f"{_BREAK}{beside}"] += 1
            edges = (stream.opens[first], stream.closes[last])
            found.cut += edges == (_OPEN, _OPEN)
            found.barred += _BARRED in edges
            found.words[stream.words_of(first, last)] += 1
            found.documents[line.document] += 1
    measured = {}
    for gram in grams:
        if gram in seen and (candidate := _judge(gram, seen[gram], counted, sizes, lines, words)):
            measured[gram] = candidate
    return measured


def _judge(
    gram: str,
    seen: _Seen,
    counted: _Counted,
    sizes: Mapping[int, int],
    lines: Sequence[Line],
    words: Language,
) -> Candidate | None:
    """The candidate with its score, or None where its edges are nothing's edges."""
    count = len(seen.places)
    is_cut = seen.cut >= max(counted.least, count / 2)
    varied = min(len(seen.left), len(seen.right))
    cohesion = counted.cohesion(gram)
    if not is_cut and (varied < VARIETY or cohesion < 0.5 or seen.barred > count / 2):
        return None
    first = seen.places[0]
    text = lines[first.line].text[slice(*first.span)]
    if is_function_word(text, "") or is_quantity(text):
        return None
    entropy = min(_entropy(seen.left), _entropy(seen.right))
    dispersion = _dispersion(seen.documents, sizes)
    cut = max(seen.words.items(), key=lambda item: (item[1], item[0]))[0]
    tags = tuple(word.tag for word in cut)
    per_million = count * 1e6 / (counted.total / UNITS_A_WORD)
    keyness = per_million / (words.frequency(text) + UNSEEN)
    edges = 0.5 + 0.5 * entropy / log2(count) if count > 1 else 0.5
    score = (
        log2(1 + seen.cut if is_cut else 1 + count / 2)
        * (0.25 + 0.75 * cohesion)
        * edges
        * (0.75 + 0.25 * dispersion)
        * (1 if is_cut else 0.5)
        * max(min(log2(1 + keyness) / 10, 1), NAME if is_name(tags, text) else 0)
        * weight_of_tags(tags, text)
    )
    return Candidate(
        text,
        count,
        len(seen.documents),
        cohesion,
        len(seen.left),
        len(seen.right),
        entropy,
        dispersion,
        keyness,
        score,
        cut,
        tuple(seen.places),
    )


def _entropy(neighbours: Mapping[str, int]) -> float:
    total = sum(neighbours.values())
    return -sum(count / total * log2(count / total) for count in neighbours.values()) + 0.0


def _dispersion(documents: Mapping[int, int], sizes: Mapping[int, int]) -> float:
    """1 less Gries's normalised deviation of proportions: 1 where the spread is that of the texts."""
    if len(sizes) < 2:
        return 1.0
    count, size = sum(documents.values()), sum(sizes.values())
    deviation = sum(abs(documents.get(text, 0) / count - part / size) for text, part in sizes.items()) / 2
    most = 1 - min(part for part in sizes.values()) / size
    return min(max(1 - deviation / most, 0.0), 1.0)


def _without_fragments(measured: Mapping[str, Candidate], entered: Set[str]) -> Iterator[Candidate]:
    """The candidates that do not mostly stand inside one longer candidate, weighed by what is left.

    What stands inside several longer ones counts for less, by the mean of these (C-value).
    """
    around: defaultdict[str, list[int]] = defaultdict(list)
    phrases = {gram for gram, candidate in measured.items() if _is_phrase(gram, candidate, measured, entered)}
    for gram, candidate in measured.items():
        for length in range(1, len(gram)):
            for start in range(len(gram) - length + 1):
                inner = gram[start : start + length]
                # That a term stands with a verb does not make it a part of a longer one.
                if inner in measured and gram not in phrases:
                    around[inner].append(candidate.count)
    for gram, candidate in measured.items():
        longer = around.get(gram, [])
        score = candidate.score * (PHRASE if gram in phrases else 1)
        if longer:
            if max(longer) >= FRAGMENT * candidate.count:
                continue
            alone = candidate.count - sum(longer) / len(longer)
            score *= log2(1 + alone) / log2(1 + candidate.count)
        yield replace(candidate, score=score)


def _is_phrase(gram: str, candidate: Candidate, measured: Mapping[str, Candidate], entered: Set[str]) -> bool:
    """Whether a candidate is a sentence's way with a term: a verb beside it, or two terms joined."""
    words = candidate.words
    if any(word.tag[:1] in JOINING_TAGS for word in words[1:-1]):
        return True

    def is_term(part: str) -> bool:
        return part in entered or (part in measured and measured[part].count > candidate.count)

    return len(words) > 1 and (
        (words[0].tag.startswith("v") and is_term(gram[words[1].unit :]))
        or (words[-1].tag.startswith("v") and is_term(gram[: words[-1].unit]))
    )
