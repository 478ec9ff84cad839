"""Strings of a collection that may deserve an entry of the glossary, by their statistics alone.

Nothing is looked up but the words of the segmenter: a string is counted, its inner cohesion measured
against chance, its edges by what stands beside them, and its spread over the texts. The measures are
those of the literature; docs/suggest.md names them and says what each can and cannot see.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import log2

from duben.compile.automaton import Automaton
from duben.compile.function_words import (
    JOINING_CHARACTERS,
    JOINING_TAGS,
    is_function_word,
    is_name,
    is_quantity,
    weight_of_tags,
)
from duben.compile.unit_stream import BARRED, BREAK, OPEN, Language, Line, Place, UnitStream, Word
from duben.read.syllables import is_han

__all__ = ["Candidate", "Line", "Place", "find_candidates", "least_count"]

#: The longest candidate, in units: a Chinese character, or a run of letters and digits.
LONGEST = 12
#: A candidate that stands inside one longer candidate in such a share of its places is a fragment of it.
FRAGMENT = 0.75
#: Where words do not part at its edges, a candidate needs so many different neighbours on each side.
VARIETY = 3
#: So many candidates are looked at closely, where there are more: the likeliest by count and cohesion.
FINALISTS = 4000
#: At so many of a candidate's places it is looked up how its words are cut.
SAMPLE = 100
#: What the keyness of a name counts at least, for a name may be looked up however common it is.
NAME = 0.7
#: What a verb with a candidate before or behind it is worth, and two candidates joined by a function word.
PHRASE = 0.4
#: Chinese characters to a word of running text.
UNITS_A_WORD = 1.6
#: In a million words, what is added to the frequency of each in the language at large, where many are unseen.
UNSEEN = 0.5


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
    limit: int = 0,
    progress: Callable[[int, int], object] | None = None,
) -> list[Candidate]:
    """The candidates, best first; equal ones by their text.

    known: the strings of the glossary, in Simplified: none of them is a candidate. min_count: 0 for
    `least_count`. limit: how many, 0 for all. progress: (lines done, lines).
    """
    stream = UnitStream()
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
    likely = counted.likely()
    promises = {gram: counted.promise(gram, stream.decode(gram), words) for gram in likely}
    finalists = sorted(promises, key=lambda gram: (-promises[gram], gram))[:FINALISTS]
    measured = _measure(stream, lines, finalists, counted, words)
    remaining = list(_without_fragments(measured, entered))
    remaining.sort(key=lambda pair: (-pair[1].score, pair[1].text))
    return [
        replace(candidate, places=tuple(stream.place(at, at + len(gram)) for at in measured[gram].at))
        for gram, candidate in remaining[: limit or None]
    ]


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

    def likely(self) -> set[str]:
        """The strings that may be candidates, without those that never stand outside of a longer one."""
        likely = {gram for gram, cut in self.cut.items() if cut >= self.least}
        # Where words part elsewhere at most of its places, only its neighbours can speak for a string.
        likely |= {gram for gram, free in self.free.items() if free >= max(self.least, VARIETY)}
        inner: set[str] = set()
        for gram in likely:
            count = self.free[gram]
            if self.cut.get(gram, 0) < self.least or not JOINING_CHARACTERS.isdisjoint(gram):
                continue
            for length in range(1, len(gram)):
                for start in range(len(gram) - length + 1):
                    part = gram[start : start + length]
                    if self.free.get(part) == count:
                        inner.add(part)
        return likely - inner

    def promise(self, gram: str, text: str, words: Language) -> float:
        """What a string's counts alone make it worth."""
        count = max(self.cut.get(gram, 0), self.free[gram] / 2)
        return log2(1 + count) * self.cohesion(gram) * min(log2(1 + self.keyness(count, text, words)), 10)

    def keyness(self, count: float, text: str, words: Language) -> float:
        """How many times more frequent a string is than in the language at large."""
        return count * 1e6 * UNITS_A_WORD / self.total / (words.frequency(text) + UNSEEN)

    def cohesion(self, gram: str) -> float:
        """Normalised pointwise mutual information of the weakest split, not below 0."""
        together = self.all[gram] / self.total
        if len(gram) == 1 or together >= 1:
            return 1.0
        strongest_chance = max(self.all[gram[:i]] * self.all[gram[i:]] for i in range(1, len(gram)))
        chance = strongest_chance / self.total**2
        return min(max(log2(together / chance) / -log2(together), 0.0), 1.0)


def _count(stream: UnitStream, least: int) -> _Counted:
    """Counts by growing length: of what is rare nothing longer can be frequent."""
    units = stream.units
    counted = _Counted(sum(unit != BREAK for unit in units), least)
    active = array("I", (at for at, unit in enumerate(units) if unit != BREAK))
    free, opens, closes = stream.free, stream.opens, stream.closes
    for length in range(1, LONGEST + 1):
        counts = Counter(units[at : at + length] for at in active)
        kept = {gram: count for gram, count in counts.items() if count >= least}
        del counts
        if not kept:
            break
        counted.all |= kept
        active = array("I", (at for at in active if units[at : at + length] in kept))
        if length > 1 or any(map(stream.is_token, kept)):
            outside = [
                at
                for at in active
                if free[at] and free[at + length] and BARRED not in (opens[at], closes[at + length])
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


def _has_number_edge(gram: str, stream: UnitStream) -> bool:
    return stream.is_number(gram[0]) or stream.is_number(gram[-1])


# --- the likely ones, measured -------------------------------------------------------------------


@dataclass(slots=True)
class _Seen:
    """What was seen at the places of one string. at: the edges where it starts.

    left, right: its neighbours. A mark, and the start or end of a paragraph, is another one each time:
    these are counted apart.
    """

    at: array[int] = field(default_factory=lambda: array("I"))
    cut: int = 0
    barred: int = 0
    left: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    documents: Counter[int] = field(default_factory=Counter)
    candidate: Candidate | None = None


def _measure(
    stream: UnitStream, lines: Sequence[Line], grams: Sequence[str], counted: _Counted, words: Language
) -> dict[str, _Seen]:
    """What was seen of those that are candidates, by their units."""
    seen = [_Seen() for _ in grams]
    sizes: Counter[int] = Counter()
    finder = Automaton(grams, kind="all")
    units, free, opens, closes = stream.units, stream.free, stream.opens, stream.closes
    for number, line in enumerate(lines):
        begin, stop = stream.line(number)
        sizes[line.document] += stop - begin
        for index, start, end in finder.find(units[begin:stop]):
            first, last = begin + start, begin + end
            if not (free[first] and free[last]):
                continue
            found = seen[index]
            found.at.append(first)
            found.left[units[first - 1] if start else BREAK] += 1
            found.right[units[last]] += 1
            found.documents[line.document] += 1
            opening, closing = opens[first], closes[last]
            if opening == OPEN == closing:
                found.cut += 1
            elif BARRED in (opening, closing):
                found.barred += 1
    measured = {}
    for gram, found in zip(grams, seen, strict=True):
        found.candidate = _judge(gram, found, stream, counted, sizes, words) if found.at else None
        if found.candidate:
            measured[gram] = found
    return measured


def _judge(
    gram: str,
    seen: _Seen,
    stream: UnitStream,
    counted: _Counted,
    sizes: Mapping[int, int],
    words: Language,
) -> Candidate | None:
    """The candidate with its score, or None where its edges are nothing's edges."""
    count = len(seen.at)
    is_cut = seen.cut >= max(counted.least, count / 2)
    left, right = _variety(seen.left), _variety(seen.right)
    cohesion = counted.cohesion(gram)
    if not is_cut and (min(left, right) < VARIETY or cohesion < 0.5 or seen.barred > count / 2):
        return None
    text = stream.decode(gram)
    if is_function_word(text, "") or is_quantity(text):
        return None
    entropy = min(_entropy(seen.left), _entropy(seen.right))
    dispersion = _dispersion(seen.documents, sizes)
    cuts = Counter(stream.words_of(at, at + len(gram)) for at in seen.at[:SAMPLE])
    cut = max(cuts.items(), key=lambda item: (item[1], item[0]))[0]
    tags = tuple(word.tag for word in cut)
    keyness = counted.keyness(count, text, words)
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
    documents = len(seen.documents)
    return Candidate(
        text, count, documents, cohesion, left, right, entropy, dispersion, keyness, score, cut, ()
    )


def _variety(neighbours: Mapping[str, int]) -> int:
    """How many different neighbours there are."""
    breaks = neighbours.get(BREAK, 0)
    return len(neighbours) + (breaks - 1 if breaks else 0)


def _entropy(neighbours: Mapping[str, int]) -> float:
    """The entropy of the neighbours, in bits."""
    total = sum(neighbours.values())
    breaks = neighbours.get(BREAK, 0)
    bits = sum(count * log2(total / count) for unit, count in neighbours.items() if unit != BREAK)
    return (bits + breaks * log2(total)) / total


def _dispersion(documents: Mapping[int, int], sizes: Mapping[int, int]) -> float:
    """1 less Gries's normalised deviation of proportions: 1 where the spread is that of the texts."""
    if len(sizes) < 2:
        return 1.0
    count, size = sum(documents.values()), sum(sizes.values())
    deviation = sum(abs(documents.get(text, 0) / count - part / size) for text, part in sizes.items()) / 2
    most = 1 - min(part for part in sizes.values()) / size
    return min(max(1 - deviation / most, 0.0), 1.0)


def _without_fragments(measured: Mapping[str, _Seen], entered: Set[str]) -> Iterator[tuple[str, Candidate]]:
    """The candidates that do not mostly stand inside one longer candidate, weighed by what is left.

    What stands inside several longer ones counts for less, by the mean of these (C-value).
    """
    candidates = {gram: seen.candidate for gram, seen in measured.items() if seen.candidate}
    around: defaultdict[str, list[int]] = defaultdict(list)
    phrases = {gram for gram, each in candidates.items() if _is_phrase(gram, each, candidates, entered)}
    # That a term stands with a verb does not make it a part of a longer one.
    for gram in candidates.keys() - phrases:
        for length in range(1, len(gram)):
            for start in range(len(gram) - length + 1):
                inner = gram[start : start + length]
                if inner in candidates:
                    around[inner].append(candidates[gram].count)
    for gram, candidate in candidates.items():
        longer = around.get(gram, [])
        score = candidate.score * (PHRASE if gram in phrases else 1)
        if longer:
            if max(longer) >= FRAGMENT * candidate.count:
                continue
            alone = candidate.count - sum(longer) / len(longer)
            score *= log2(1 + alone) / log2(1 + candidate.count)
        yield gram, replace(candidate, score=score)


def _is_phrase(
    gram: str, candidate: Candidate, candidates: Mapping[str, Candidate], entered: Set[str]
) -> bool:
    """Whether a candidate is a sentence's way with a term: a verb beside it, or two terms joined."""
    words = candidate.words
    if any(word.tag[:1] in JOINING_TAGS for word in words[1:-1]):
        return True

    def is_term(part: str) -> bool:
        return part in entered or (part in candidates and candidates[part].count > candidate.count)

    return len(words) > 1 and (
        (words[0].tag.startswith("v") and is_term(gram[words[1].unit :]))
        or (words[-1].tag.startswith("v") and is_term(gram[: words[-1].unit]))
    )
