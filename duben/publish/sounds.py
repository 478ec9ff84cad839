"""How what is searched sounds: the syllables of a reading, as a query spells them."""

from __future__ import annotations

import unicodedata
from itertools import compress

from duben.compile.pinyin import Corrections, align_pinyin
from duben.publish.folding import Folding
from duben.publish.search_rows import Row
from duben.read.syllables import MARKS


class Sounds:
    """Finds the syllables of readings. used: those that it found, without their tones."""

    def __init__(self, corrections: Corrections, folding: Folding) -> None:
        self._corrections = corrections
        self._folding = folding
        self._spelling = _Spelling()

    @property
    def used(self) -> set[str]:
        return {spelt[:-1] for spelt in self._spelling.values() if spelt}

    def of(self, row: Row, reading: str) -> list[str]:
        """A syllable for each character of a reading, or ""."""
        text = row.simplified(row.readings[reading])
        given = align_pinyin(text, self._corrections)
        spelling, folding = self._spelling, self._folding
        compared = map(folding.__getitem__, map(ord, text))
        found = list(compress(map(spelling.__getitem__, given), compared))
        if len(found) < len(reading):
            # A character that stands for several (㎞) has no syllable.
            found = [
                spelling[syllable]
                for char, syllable in zip(text, given, strict=True)
                for _ in folding[ord(char)]
            ]
        return found


class _Spelling(dict[str | None, str]):
    """Syllable → as `spell` spells it. "" for None."""

    def __missing__(self, syllable: str | None) -> str:
        self[syllable] = spelt = spell(syllable) if syllable else ""
        return spelt


def spell(syllable: str) -> str:
    """A syllable in small letters with v for ü and its tone as a digit, 5 for the neutral one: lǜ → lv4."""
    letters, tone = "", 5
    for char in unicodedata.normalize("NFD", syllable.lower()):
        if char in MARKS:
            tone = MARKS.index(char) + 1
        elif char == "\u0308":
            letters = letters[:-1] + "v"
        elif char.isalpha():
            letters += char
    return f"{letters}{tone}"
