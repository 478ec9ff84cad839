"""The pinyin of headwords: derived, corrected by the edition, reviewed. The only user of pypinyin.

Tones are those of a dictionary. pypinyin's phrase table writes the sandhi of 不 and 一 in some of its
phrases (不是 bú shì, 一个 yí gè) and not in others (一样 yī yàng); here they are always bù and yī.
No other sandhi is in its tables. Words whose last syllable is weak, and some that it reads wrongly, are
read as in usual_readings.py. What an edition writes itself is left as it is.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Literal, NamedTuple

from duben.compile.automaton import Automaton
from duben.compile.given_pinyin import find_misfit, read_characters, read_phrases
from duben.compile.neighbours import is_asked_about, read_by_neighbours, ruled_characters
from duben.compile.polyphones import HAZARDS, SURNAMES
from duben.compile.usual_readings import USUAL
from duben.diagnostics import Report
from duben.model import Settings
from duben.read.syllables import is_han, without_tone

#: A reading is common where at least so many phrases of pypinyin's table have it, and such a share of
#: all that have the character. Of the places in that table where the first reading of a character is
#: the wrong one, 93 % have a common reading then; of all its characters 23 % have two common readings.
#: (One phrase fewer finds 96 % at 25 %, and takes single mistakes of the table for readings.)
COMMON_PHRASES = 2
COMMON_SHARE = 0.01

#: Han by its code point, but a bar between words where it is met: “甲丨乙”. As a radical it is gǔn.
BAR = "丨"

_WITHOUT_SANDHI = {("不", "bú"): "bù", ("一", "yí"): "yī", ("一", "yì"): "yī"}


class Reading(NamedTuple):
    """How one character of a string is read.

    syllable: None for what is no Chinese character, and for one that has no known reading.
    rule: what decided: correction | phrase | neighbours | character, "" where nothing did.
    phrase: what the correction or the phrase covers, as (start, end).
    """

    character: str
    syllable: str | None
    rule: str = ""
    phrase: tuple[int, int] = (0, 0)


class Doubt(NamedTuple):
    """A character whose derived reading an editor should look at.

    chosen: the reading given, "" where none is known. alternatives: the others, likeliest first.
    rule: character: only its first reading in the table of single characters decided; surname: it is read
    otherwise as a surname, which it may be here; word: a phrase decided that is known to be decided
    badly or to have two senses; crossing: a phrase decided, and another one, which crosses its edge,
    has another reading; unknown: the character is in no table.
    """

    offset: int
    character: str
    chosen: str
    alternatives: tuple[str, ...]
    rule: str


class Corrections:
    """The edition's own readings of phrases, in Simplified. The leftmost wins, then the longest."""

    def __init__(self, readings: Mapping[str, str] = MappingProxyType({})) -> None:
        """readings: phrase → a syllable for each of its Chinese characters, with spaces between them."""
        self._phrases = tuple(readings)
        self._syllables = tuple(reading.split() for reading in readings.values())
        self._automaton = Automaton(self._phrases, kind="longest")

    def find(self, text: str) -> Iterator[tuple[int, int, list[str]]]:
        """(start, end, syllables) of each phrase in a text, ascending."""
        for index, start, end in self._automaton.find(text):
            yield start, end, self._syllables[index]


def fold_corrections(settings: Settings, to_simplified: Callable[[str], str], report: Report) -> Corrections:
    """The corrections of scripts.yaml by their phrases as written and in Simplified.

    Two phrases that are one in Simplified (鬥 and 斗) and have two readings are reported, and so is a
    reading that a character never has.
    """
    readings: dict[str, str] = {}
    written: dict[str, str] = {}
    for phrase, reading in settings.pinyin.items():
        place = settings.pinyin_places.get(phrase, settings.title.locate())
        misfit = find_misfit(reading, phrase)
        if misfit and find_misfit(reading, to_simplified(phrase)):
            report.warning(place, "pinyin-mismatch", *misfit)
        for form in dict.fromkeys((phrase, to_simplified(phrase))):
            if readings.setdefault(form, reading) == reading:
                written.setdefault(form, phrase)
                continue
            report.error(
                place,
                "schema-value",
                f"under `pinyin`, `{written[form]}` and `{phrase}` are one phrase in Simplified, {form},"
                " with two readings",
                "write the longer words in which each is read so",
            )
    return Corrections(readings)


def derive_pinyin(simplified: str, corrections: Corrections) -> str:
    """Pinyin with tone marks, syllables apart, of a word in Simplified.

    From Simplified only: pypinyin's phrase tables, which decide polyphones, are in Simplified, and a
    Traditional string misses most of them. What is no Chinese character stands in it as it is.
    """
    words: list[str] = []
    joined = False
    for reading in readings_of(simplified, corrections):
        if reading.syllable is None:
            if joined:
                words[-1] += reading.character
            else:
                words.append(reading.character)
        elif reading.syllable == "r" and words:
            words[-1] += "r"
        else:
            words.append(reading.syllable)
        joined = reading.syllable is None
    return " ".join(" ".join(words).split())


def align_pinyin(simplified: str, corrections: Corrections) -> tuple[str | None, ...]:
    """A syllable for each character of a text in Simplified; None for what is no Chinese character.

    The erhua that a correction gives is "r", on its own character. A character in no table has None.
    """
    syllables: list[str | None] = list(map(_tables().first.get, simplified))
    for offset in ruled_characters(simplified):
        syllables[offset] = read_by_neighbours(simplified, offset) or syllables[offset]
    for start, end, given, _ in _decided(simplified, corrections):
        syllables[start:end] = given
    return tuple(syllables)


def doubtful_readings(simplified: str, corrections: Corrections) -> tuple[Doubt, ...]:
    """The characters of a headword in Simplified whose derived reading an editor should look at.

    Not those that a correction covers, those with one common reading (see COMMON_PHRASES), and those
    that a phrase of pypinyin's table decides, unless a Doubt's rule says why.
    """
    readings = readings_of(simplified, corrections)
    found = []
    for offset, reading in enumerate(readings):
        if not is_han(reading.character) or reading.rule == "correction" or reading.character == BAR:
            continue
        chosen = reading.syllable or ""
        rule, others = _doubt(simplified, offset, reading)
        alternatives = tuple(dict.fromkeys(other for other in others if other != chosen))
        if rule:
            found.append(Doubt(offset, reading.character, chosen, alternatives, rule))
    return tuple(found)


def doubtful_in_running_text(text: str, readings: Sequence[Reading]) -> Iterator[Doubt]:
    """The characters of a text in Simplified whose reading neither a word nor its neighbours decide.

    Of a headword every common reading is asked about; in a text that would be one character in ten.
    """
    for offset, reading in enumerate(readings):
        if reading.rule == "character" and reading.syllable and is_asked_about(text, offset):
            common = _common_readings(reading.character)
            if others := tuple(other for other in common if other != reading.syllable):
                yield Doubt(offset, reading.character, reading.syllable, others, "character")


def _doubt(text: str, offset: int, reading: Reading) -> tuple[str, Sequence[str]]:
    """The rule by which a reading is doubtful, with other readings; "" where it is not."""
    char, chosen = reading.character, reading.syllable
    if chosen is None:
        return "unknown", ()
    if reading.rule == "phrase":
        start, end = reading.phrase
        hazard = HAZARDS.get(text[start:end])
        if hazard and (other := hazard.split()[offset - start]) != chosen:
            return "word", (other, *_common_readings(char))
        crossing = [other for other in _crossing_readings(text, offset, reading.phrase) if other != chosen]
        return ("crossing", crossing) if crossing else ("", ())
    common = _common_readings(char)
    surname = SURNAMES.get(char, chosen)
    if surname != chosen and offset == 0 and 2 <= sum(map(is_han, text)) <= 3:
        return "surname", (surname, *common)
    if char == "儿" and offset and is_han(text[offset - 1]):
        return "character", ("r",)
    # Alone, 的 is the particle; its other readings stand in phrases (目的, 的确).
    return ("character", common) if char != "的" and set(common) - {chosen} else ("", ())


def readings_of(text: str, corrections: Corrections) -> list[Reading]:
    """A reading for each character, with what decided it."""
    first = _tables().first
    found = [
        Reading(char, syllable, "character", (offset, offset + 1))
        if (syllable := first.get(char))
        else Reading(char, None)
        for offset, char in enumerate(text)
    ]
    for offset in ruled_characters(text):
        if syllable := read_by_neighbours(text, offset):
            found[offset] = Reading(text[offset], syllable, "neighbours", (offset, offset + 1))
    for start, end, syllables, rule in _decided(text, corrections):
        found[start:end] = [
            Reading(char, syllable, rule, (start, end))
            for char, syllable in zip(text[start:end], syllables, strict=True)
        ]
    return found


def _decided(
    text: str, corrections: Corrections
) -> Iterator[tuple[int, int, Sequence[str | None], Literal["correction", "phrase"]]]:
    """(start, end, a syllable for each character, rule) of what is not read character by character.

    A correction is a word; between them the phrases of pypinyin's table are found.
    """
    position = 0
    for start, end, syllables in corrections.find(text):
        for first, last, read in _phrases_in(text[position:start]):
            yield position + first, position + last, read, "phrase"
        left = iter(syllables)
        yield start, end, [next(left) if is_han(char) else None for char in text[start:end]], "correction"
        position = end
    for first, last, read in _phrases_in(text[position:] if position else text):
        yield position + first, position + last, read, "phrase"


def _phrases_in(text: str) -> Iterator[tuple[int, int, Sequence[str]]]:
    """The phrases of pypinyin's table in a text, as pypinyin finds them.

    It cuts off the longest phrase that the rest of the text starts with, again and again. One of its
    ways is odd: where that rest, up to what is no Chinese character, is the start of a phrase and no
    phrase starts it, it looks no further, and reads the rest character by character.
    """
    tables = _tables()
    starts, longest = tables.starts, tables.longest
    position = 0  # what is before it has been cut off
    for index, start, end in tables.automaton.find(text):
        if start < position:
            continue
        for offset in range(max(position, start - longest), start):
            if text[offset : offset + 3] in starts and (stop := _unfinished(text, offset, end)):
                position = stop
                break
        else:
            yield start, end, tables.syllables_of(index)
            position = end


def _unfinished(text: str, start: int, end: int) -> int:
    """Where the rest from `start` on ends, if it is the start of a phrase and reaches `end`; else 0."""
    tables = _tables()
    rest = text[start : start + tables.longest]
    stop = start + next((length for length, char in enumerate(rest) if not is_han(char)), len(rest))
    if stop < end:
        return 0
    rest = text[start:stop]
    place = bisect_left(tables.sorted, rest)
    return stop if place < len(tables.sorted) and tables.sorted[place].startswith(rest) else 0


def _without_sandhi(char: str, syllable: str) -> str:
    return _WITHOUT_SANDHI.get((char, syllable), syllable)


def _crossing_readings(text: str, offset: int, phrase: tuple[int, int]) -> Iterator[str]:
    """How the character is read in phrases of the table that cross the edge of the one that decided it."""
    phrases = _tables().phrases
    for start in range(max(offset - LONGEST_CROSSING + 1, 0), offset + 1):
        for end in range(offset + 1, min(start + LONGEST_CROSSING, len(text)) + 1):
            crosses = start < phrase[0] < end < phrase[1] or phrase[0] < start < phrase[1] < end
            given = phrases.get(text[start:end]) if crosses else None
            if given:
                yield _without_sandhi(text[offset], given[offset - start][0])


def is_known_phrase(word: str) -> bool:
    """True for a word whose reading stands in the table of phrases, so that no rule should change it."""
    return word in _tables().phrases


#: Longer phrases are idioms, which are cut first.
LONGEST_CROSSING = 4


class _Tables:
    """pypinyin's phrases, and its characters with the first reading of each."""

    def __init__(self, phrases: Mapping[str, Sequence[Sequence[str]]], characters: Mapping[str, str]) -> None:
        """characters: code point → readings, with commas between them."""
        self.phrases = phrases
        self.first: dict[str, str | None] = {
            char: readings.partition(",")[0]
            for code, readings in characters.items()
            if is_han(char := chr(int(code))) and readings and char != BAR
        }
        # Words of one character are decided by the other table.
        self.sorted = sorted(phrase for phrase in phrases if len(phrase) > 1)
        self.longest = max(map(len, self.sorted))
        #: A rest that is no phrase yet, and holds one, has three characters at least.
        self.starts = frozenset(phrase[:3] for phrase in self.sorted if len(phrase) > 3)
        self.automaton = Automaton(self.sorted, kind="longest")
        self._read: dict[int, tuple[str, ...]] = {}

    def syllables_of(self, index: int) -> tuple[str, ...]:
        """A syllable for each character of a phrase, by its place in `sorted`."""
        if index not in self._read:
            phrase = self.sorted[index]
            self._read[index] = tuple(
                _without_sandhi(char, given[0])
                for char, given in zip(phrase, self.phrases[phrase], strict=True)
            )
        return self._read[index]


@cache
def _tables() -> _Tables:
    usual = {word: [[syllable] for syllable in syllables] for word, syllables in USUAL.items()}
    return _Tables({**read_phrases(), **usual}, read_characters())


@cache
def _counted_readings() -> Mapping[str, Counter[str]]:
    """How many phrases of the table have a character in each of its readings."""
    phrases = _tables().phrases
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for phrase, readings in phrases.items():
        for char, given in zip(phrase, readings, strict=False):
            found[char][_without_sandhi(char, given[0])] += 1
    return found


def _common_readings(char: str) -> tuple[str, ...]:
    """The common readings of a character, the most frequent first.

    A neutral tone is no reading of its own, but the weakening of another one, if there is one (子 zǐ, zi).
    """
    counts = _counted_readings().get(char, Counter())
    merged: Counter[str] = Counter()
    for reading, count in counts.items():
        strong = [other for other in counts if other != reading and without_tone(other) == reading]
        merged[max(strong, key=counts.__getitem__) if strong else reading] += count
    least = max(COMMON_PHRASES, COMMON_SHARE * counts.total())
    return tuple(reading for reading, count in merged.most_common() if count >= least)
