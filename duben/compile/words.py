"""Where the words of a text in Simplified are. The only user of rjieba."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Protocol


class Segmenter(Protocol):
    """A word segmenter for Simplified text."""

    def cut(self, text: str) -> list[str]:
        """The words, signs and spaces of all of the text, in order."""

    def cut_for_search(self, text: str) -> list[str]:
        """The words, and the shorter ones inside them."""

    def tag(self, sentence: str) -> list[tuple[str, str]]:
        """(word, part of speech) of all of the text, in order. Names of persons have `nr…`."""


@cache
def segmenter() -> Segmenter:
    """rjieba, with its own dictionary."""
    import rjieba  # imported late: it unpacks its dictionary at once

    found: Segmenter = rjieba
    return found


class Language:
    """What rjieba's dictionary says of the language at large."""

    #: How many words its counts are of.
    COUNTED = 60_101_967

    def __init__(self) -> None:
        import rjieba

        self._tag: Callable[[str], list[tuple[str, str]]] = rjieba.tag
        self._count: Callable[[str], int] = rjieba.suggest_freq

        self._cut: Callable[[str, bool], list[str]] = rjieba.cut

    def known_words(self, text: str) -> list[str]:
        """The words of all of the text, in order, none but those of the dictionary and single characters."""
        return self._cut(text, False)

    def tag(self, sentence: str) -> list[tuple[str, str]]:
        """(word, part of speech) of all of the text, in order."""
        return self._tag(sentence)

    def frequency(self, word: str) -> float:
        """How often the word stands in a million; one that is not in the dictionary, how often at most."""
        return 1e6 * self._count(word) / self.COUNTED
