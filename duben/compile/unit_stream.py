"""A collection of texts as one string of units, and what is known of each edge between two of them."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from duben.compile.function_words import is_function_word, is_measure, is_quantity
from duben.model import Span
from duben.read.syllables import is_han

#: What stands between two stretches of units: a mark, a space, the end of a line.
BREAK = "\x00"
#: What stands between the parts of a foreign name, and nowhere at its edges.
DOTS = frozenset("·‧・•")
#: What an edge is for a candidate, beside nothing: words part there; but it would have a function word there.
OPEN, BARRED = 1, 2
_TOKEN = re.compile(r"[A-Za-z0-9]+(?:[.+%&'’·-]?[A-Za-z0-9]+)*%?")
_NUMBER = re.compile(r"[0-9][0-9.,%-]*")
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


class UnitStream:
    """The lines as one string of units, and what is known of each edge before a unit.

    A unit is a Chinese character, a dot between two of them, or a run of letters and digits, which has a
    private character of its own; all else parts. opens, closes: whether a candidate may start, or end, at
    this edge: OPEN where words part there, BARRED where it would start, or end, with a function word, a
    quantity or a dot. free: the edge is not inside a known term. tags: the part of speech, as its place in
    `tag_names`, of the word that starts here; 0 where none does.
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
        self._tokens: dict[str, str] = {}
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

    def decode(self, units: str) -> str:
        """The text that these units, without a break, stand for."""
        return "".join(self._tokens.get(unit, unit) for unit in units)

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
                joins = (
                    char in DOTS
                    and is_han(text[offset_ - 1 : offset_])
                    and is_han(text[offset_ + 1 : offset_ + 2])
                )
                yield (char if joins or is_han(char) else BREAK), offset_

    def _unit_of(self, token: str) -> str:
        if token not in self._private:
            if len(self._private) >= len(_PRIVATE):
                return BREAK
            self._private[token] = chr(_PRIVATE[len(self._private)])
            self._tokens[self._private[token]] = token
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
            framing = (
                counts or word in DOTS or is_function_word(word, tag) or (after_number and is_measure(word))
            )
            after_number = counts
            if start is not None:
                opens[start] = BARRED if framing else OPEN
            if end is not None:
                closes[end] = BARRED if framing else OPEN
        free = bytearray(b"\1" * (length + 1))
        for start_, end_ in line.known:
            first, last = at.get(start_, 0), at.get(end_, length)
            free[first + 1 : last] = bytes(max(last - first - 1, 0))
        # A break of its own ends the line; the edge after the last unit is that before the break.
        self.parts += [*(unit for unit, _ in units), BREAK]
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

    def is_token(self, unit: str) -> bool:
        """True for a run of letters and digits."""
        return unit >= chr(_PRIVATE[0])

    def place(self, first: int, last: int) -> Place:
        """The place between two edges."""
        return Place(bisect_right(self.starts, first) - 1, Span(self.offsets[first], self.offsets[last]))
