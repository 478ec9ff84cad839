"""What an input is read into before it becomes a text: blocks, and what is known about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from duben.model import Container, Location, Mark

#: What ends a sentence, and what may close on it.
STOPS = "。！？…；"
CLOSERS = "”’」』）》】〕\"')"


class Refused(Exception):
    """An input that cannot be imported: the one line that says why, and what to do."""

    def __init__(self, code: str, message: str, hint: str = "", place: Location | None = None) -> None:
        super().__init__(message)
        self.code, self.message, self.hint, self.place = code, message, hint, place


@dataclass(frozen=True, slots=True)
class Block:
    """A leaf block of an input: a paragraph, or what may be none of the text.

    kind: paragraph | heading | verse | footnote | table | image; cell in the rows of a table. start, end:
    where it stands in a plain text. chunk: lines with no blank one between them have the same. parts: how
    many blocks a stanza was. link: how much of it is links, 0 to 1. hint: why its place in the page speaks
    against it (“navigation” …).
    """

    text: str
    place: Location
    kind: str = "paragraph"
    marks: tuple[Mark, ...] = ()
    level: int = 0
    within: tuple[Container, ...] = ()
    label: str = ""
    rows: tuple[tuple[Block, ...], ...] = ()
    after_break: bool = False
    start: int = 0
    end: int = 0
    indented: bool = False
    chunk: int = 0
    parts: int = 1
    link: float = 0.0
    hint: str = ""

    @property
    def shown(self) -> str:
        """All that is to be read in it."""
        return "　".join([self.text, *(cell.text for row in self.rows for cell in row)]).strip("　")

    @property
    def all_marks(self) -> tuple[Mark, ...]:
        """Its marks, and those of its cells."""
        return (*self.marks, *(mark for row in self.rows for cell in row for mark in cell.marks))


class Taken(NamedTuple):
    """A stretch of the input that is not in the text's body, with its place and why."""

    place: Location
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What an input says about its text. Empty where it says nothing."""

    title: str = ""
    author: tuple[str, ...] = ()
    publisher: str = ""
    date: str = ""
    url: str = ""
    series: str = ""
    credits: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Manuscript:
    """An input, read: its blocks in order, what was left out already, and what it says about itself.

    split: how the paragraphs of a plain text were found. remarks: (place, what deserves a look, what to do).
    order: its number among the texts of one book, or 0.
    """

    name: str
    blocks: tuple[Block, ...]
    facts: Facts
    taken: tuple[Taken, ...] = ()
    pictures: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))
    split: str = ""
    read_as: str = ""
    remarks: tuple[tuple[Location, str, str], ...] = ()
    order: int = 0


def ends_in_stop(text: str) -> bool:
    """True where a text ends as a sentence does."""
    bare = text.rstrip(CLOSERS)
    if not bare:
        return False
    return bare[-1] in STOPS or (bare.endswith(("?", "!", ".", ":", "：")) and len(bare) > 30)
