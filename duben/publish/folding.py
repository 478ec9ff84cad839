"""What a search compares in place of each character. templates/assets/search.js does the same."""

from __future__ import annotations

import unicodedata

from duben.compile.scripts import script_classes

#: Stands between the parts of a row, and is the only character that nothing is compared across.
PART = "\t"


class Folding(dict[int, str]):
    """A table for str.translate, which learns the characters that it is asked for.

    Case, width, accents and variation selectors are gone, and with them all that is neither a letter
    nor a digit: marks, spaces, line feeds. A Chinese character is the Simplified one of its class.
    """

    def __init__(self) -> None:
        super().__init__({ord(PART): PART})
        self._classes = script_classes()
        #: A table of each character's Simplified one, which changes no length.
        self.simplified = {ord(char): one for char, one in self._classes.items()}

    def __missing__(self, code: int) -> str:
        spelt = unicodedata.normalize("NFKD", chr(code)).lower()
        folded = "".join(self._classes.get(char, char) for char in spelt if is_letter(char))
        self[code] = folded
        return folded

    def fold(self, text: str) -> str:
        return text.translate(self)

    def partners(self, used: set[str]) -> str:
        """Character and class, in turn, of every character that differs from a class in `used`."""
        return "".join(char + one for char, one in sorted(self._classes.items()) if one in used)


def is_letter(char: str) -> bool:
    """True for a letter or digit of any script."""
    return unicodedata.category(char)[0] in "LN"
