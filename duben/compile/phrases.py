"""Strings and characters with their replacements, and how they are found in a text."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property, partial
from operator import add

from duben.compile.automaton import Automaton

# So many characters are translated before it is worth while to make a table quicker.
_FEW_PAGES = 0x10000
# A table that changes no more characters than these is searched for: they are rare in a text.
_SPARSE = 100
# After so many characters for each phrase, looking up has taken as long as it takes to build an automaton.
_LOOKED_UP_PER_PHRASE = 3
# So many are counted from the start, because a page of text will come: with 2,000 phrases or fewer the
# automaton is built at once.
_EXPECTED = 6_000

Found = tuple[str, int, int]  # a phrase's replacement, and where the phrase starts and ends


class CharTable(dict[int, str]):
    """A table of single characters for str.translate, which learns which characters it keeps.

    Without it translate raises and catches a KeyError for every character that is not there,
    which costs more than all its other work.
    """

    _translated = 0
    _quick: Callable[[str], str] | None = None

    def __missing__(self, code: int) -> str:
        kept = self[code] = chr(code)
        return kept

    def translate(self, text: str) -> str:
        """text.translate(self), in half the time or less once more has come than a few pages."""
        if self._quick:
            return self._quick(text)
        self._translated += len(text)
        if self._translated >= _FEW_PAGES:
            changed = {chr(code): char for code, char in self.items() if chr(code) != char}
            self._quick = _replacing(changed) if len(changed) <= _SPARSE else self._listed(changed)
        return text.translate(self)

    def _listed(self, changed: Mapping[str, str]) -> Callable[[str], str]:
        """What puts these characters for those, by a list of what becomes of each code up to U+FFFF."""
        codes = list(range(0x10000))
        for char, other in changed.items():
            if ord(char) < len(codes):
                codes[ord(char)] = ord(other)
        # A character beyond the end of a list is kept.
        if ord(max(changed)) < len(codes):
            return lambda text: text.translate(codes)
        return lambda text: text.translate(self if _has_astral(text) else codes)


def _replacing(changed: Mapping[str, str]) -> Callable[[str], str]:
    """What puts these characters for those, quickly where few of them occur."""
    return partial(any_of(changed).sub, lambda found: changed[found[0]])


def _has_astral(text: str) -> bool:
    """Whether a character lies beyond U+FFFF: it takes two units of UTF-16. No search tells it as fast."""
    return len(text.encode("utf-16-le", "surrogatepass")) > 2 * len(text)


def any_of(chars: Iterable[str]) -> re.Pattern[str]:
    """A pattern for one of these characters, written in ranges: they are searched much faster."""
    ranges: list[list[int]] = []
    for code in sorted({ord(char) for char in chars}):
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    listed = "".join(f"{re.escape(chr(low))}-{re.escape(chr(high))}" for low, high in ranges)
    return re.compile(f"[{listed}]" if listed else "(?!)")


class Table:
    """Strings with their replacements, as rows: a key, a tab, its value and perhaps other values.

    The rows stay whole, in UTF-8, and are sorted: a page needs few of them, and to take all 50,000 of
    the largest table to pieces takes longer than to convert the page.
    """

    def __init__(self, *lists: Sequence[bytes]) -> None:
        """`lists`: rows, each list sorted. Of equal keys the one in the first list counts."""
        self._lists = lists[::-1]
        self._single = cache(self._rows_of)

    @classmethod
    def of(cls, entries: Mapping[str, str] | Table) -> Table:
        if isinstance(entries, Table):
            return entries
        return cls(sorted(f"{key}\t{value}".encode() for key, value in entries.items()))

    def __len__(self) -> int:
        return sum(map(len, self._lists))

    def starting_with(self, head: str) -> dict[str, str]:
        """The entries that a text may match which starts with these two characters."""
        found = [*self._single(head[0]), *self._rows_from(head)]
        return first_values(found) if found else {}

    def _rows_of(self, char: str) -> list[bytes]:
        """The rows of a key that is this character alone."""
        return self._rows_from(f"{char}\t")

    def _rows_from(self, start: str) -> list[bytes]:
        """The rows that start so."""
        found = []
        sought = start.encode()
        for rows in self._lists:
            index = bisect_left(rows, sought)
            while index < len(rows) and rows[index].startswith(sought):
                found.append(rows[index])
                index += 1
        return found

    def entries(self) -> dict[str, str]:
        return first_values([row for rows in self._lists for row in rows])

    def characters(self) -> dict[str, str] | None:
        """The entries, if each of them puts one character for one."""
        if any(len(rows[0].decode().partition("\t")[0]) > 1 for rows in self._lists if rows):
            return None  # most phrase tables are known by their first row
        entries = self.entries()
        return entries if {*map(len, entries), *map(len, entries.values())} <= {1} else None


class Phrases:
    """Strings with their replacements, in layers: where two match at one place, the stronger layer wins,
    and within a layer the longer string.

    Many phrases are looked up at first, by each two characters of the text, and an automaton is built
    once that has taken as long as building it: for one page it would cost more than the page.
    """

    def __init__(self, layers: Sequence[Mapping[str, str] | Table]) -> None:
        """`layers`: key → replacement, the strongest layer first."""
        self._layers = [Table.of(layer) for layer in layers]
        self._size = sum(map(len, self._layers))
        self._looked_up = _EXPECTED
        self._candidates = cache(self._starting_with)
        self._automaton: Automaton | None = None
        self._values: list[str] = []  # those of the automaton's patterns

    @cached_property
    def replacements(self) -> dict[str, str]:
        return {key: value for layer in reversed(self._layers) for key, value in layer.entries().items()}

    def find(self, text: str) -> list[Found]:
        """(replacement, start, end) of each phrase that is replaced, ascending; the leftmost wins."""
        if not self._automaton:
            self._looked_up += len(text)
            if self._looked_up <= _LOOKED_UP_PER_PHRASE * self._size:
                return self._look_up(text)
            self._automaton = self._built()
        values = self._values
        return [(values[index], start, end) for index, start, end in self._automaton.find(text)]

    def _look_up(self, text: str) -> list[Found]:
        candidates = self._candidates
        found: list[Found] = []
        position = 0
        # No key holds a newline: it gives the last character a second one.
        for start, head in enumerate(map(add, text, text[1:] + "\n")):
            if start < position:
                continue
            for key, value in candidates(head):
                if text.startswith(key, start):
                    position = start + len(key)
                    found.append((value, start, position))
                    break
        return found

    def _starting_with(self, head: str) -> list[tuple[str, str]]:
        """The entries that may match where these two characters stand, the preferred ones first."""
        found: list[tuple[str, str]] = []
        for layer in self._layers:
            if entries := layer.starting_with(head):
                found += sorted(entries.items(), key=_length, reverse=True)
        return found

    def _built(self) -> Automaton:
        ranked = [
            entry
            for layer in self._layers
            for entry in sorted(layer.entries().items(), key=_length, reverse=True)
        ]
        self._values = [value for _, value in ranked]
        self._candidates.cache_clear()
        return Automaton([key for key, _ in ranked], kind="first")


def first_values(rows: Sequence[bytes]) -> dict[str, str]:
    """The entries of these rows, the last where keys are equal."""
    return {key: values.partition(" ")[0] if " " in values else values for key, values in cells_of(rows)}


def cells_of(rows: Sequence[bytes]) -> Iterator[tuple[str, str]]:
    """(key, values) of each row."""
    if not rows:
        return iter(())
    cells = b"\t".join(rows).decode().split("\t")  # all at once: by row it would take three times as long
    return zip(cells[::2], cells[1::2], strict=True)


def _length(entry: tuple[str, str]) -> int:
    return len(entry[0])
