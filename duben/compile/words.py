"""Where the words of a text in Simplified are. The only user of rjieba."""

from __future__ import annotations

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
