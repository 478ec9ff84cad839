"""Finding many strings at once (Aho and Corasick 1975). The only user of ahocorasick_rs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from ahocorasick_rs import AhoCorasick, MatchKind

Kind = Literal["longest", "first", "all"]
Match = tuple[int, int, int]

_MATCH_KINDS = {
    "longest": MatchKind.LeftmostLongest,
    "first": MatchKind.LeftmostFirst,
    "all": MatchKind.Standard,
}


class Automaton:
    """Finds the occurrences of a fixed list of patterns in a text.

    kind: "longest": no two matches overlap, the leftmost wins, and of those that start together the
    longest; "first": the same, but of those that start together the one that stands first in
    `patterns`; "all": every occurrence of every pattern. Building takes about 2 µs a pattern.
    Raises ValueError for an empty pattern.
    """

    def __init__(self, patterns: Sequence[str], *, kind: Kind) -> None:
        self._overlapping = kind == "all"
        # The library takes an empty list, but an automaton that never matches need not be run at all.
        self._matcher = (
            AhoCorasick(patterns, matchkind=_MATCH_KINDS[kind], store_patterns=False) if patterns else None
        )

    def find(self, text: str) -> list[Match]:
        """(index of the pattern, start, end) of each match, in code points.

        Ascending by start; of those that start together the longest comes first, and of equal
        patterns the one that stands first.
        """
        if self._matcher is None:
            return []
        matches: list[Match] = self._matcher.find_matches_as_indexes(text, overlapping=self._overlapping)
        if self._overlapping:
            matches.sort(key=lambda match: (match[1], -match[2], match[0]))
        return matches
