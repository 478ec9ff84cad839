"""How what is searched sounds: the syllables of a reading, as a query spells them."""

from __future__ import annotations

import unicodedata

from duben.compile.pinyin import Corrections, align_pinyin
from duben.publish.folding import Folding
from duben.publish.search_rows import Row
from duben.read.syllables import MARKS


class Sounds:
    """Finds the syllables of readings. used: those that it found, without their tones."""

    def __init__(self, corrections: Corrections, folding: Folding) -> None:
        self._corrections = corrections
        self._folding = folding
        self._spelt: dict[str | None, str] = {None: ""}
        self.used: set[str] = set()

    def of(self, row: Row, reading: str) -> list[str]:
        """A syllable for each character of a reading, or ""."""
        text = row.simplified(row.readings[reading])
        found: list[str] = []
        spelt, folding = self._spelt, self._folding
        for char, syllable in zip(text, align_pinyin(text, self._corrections), strict=True):
            width = len(folding[ord(char)])
            if width == 1:
                if syllable not in spelt:
                    self._learn(syllable or "")
                found.append(spelt[syllable])
            elif width:
                found += [""] * width
        return found

    def _learn(self, syllable: str) -> None:
        spelt = spell(syllable)
        self._spelt[syllable] = spelt
        self.used.add(spelt[:-1])


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
