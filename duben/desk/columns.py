"""Text for a terminal: a Chinese character is two columns wide."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from duben.diagnostics import one_line

#: What every terminal has.
COLUMNS = 80
#: What does not stand at the start of a line, and what not at its end (the plainest rules of line breaking).
_NOT_FIRST = frozenset("，。、；：？！”’）》〉」』】…—·％,.;:?!)]}%")
_NOT_LAST = frozenset("“‘（《〈「『【([{")


def width(text: str) -> int:
    """How many columns of a terminal the text takes: two for a wide character, none for a combining one."""
    return sum(map(_width, text))


def _width(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in ("Cf", "Me", "Mn"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def padded(text: str, columns: int) -> str:
    """The text with spaces after it, up to so many columns."""
    return text + " " * max(columns - width(text), 0)


def clipped(text: str, columns: int) -> str:
    """The text on one line in so many columns at most; what is left out stands as “…”."""
    text = one_line(text)
    if width(text) <= columns:
        return text
    return first(text, columns - 1) + "…"


def first(text: str, columns: int) -> str:
    """As much of the text's start as so many columns hold."""
    for index, char in enumerate(text):
        columns -= _width(char)
        if columns < 0:
            return text[:index]
    return text


def wrapped(text: str, indent: str = "", hanging: str | None = None, columns: int = COLUMNS) -> Iterator[str]:
    """The text in lines of so many columns, broken at spaces and between Chinese characters.

    indent: before the first line; hanging: before the others, by default the same.
    """
    margin, rest = indent, one_line(text)
    following = indent if hanging is None else hanging
    while width(margin) + width(rest) > columns:
        end = _break(rest, columns - width(margin))
        yield (margin + rest[:end]).rstrip()
        margin, rest = following, rest[end:].lstrip(" ")
    yield margin + rest


def _break(text: str, room: int) -> int:
    """Where a line of so many columns ends, best; somewhere at least."""
    used = fits = 0
    for fits, char in enumerate(text):  # noqa: B007  (it is wanted after the loop)
        used += _width(char)
        if used > room:
            break
    for end in range(fits, fits // 2, -1):
        before, after = text[end - 1], text[end]
        if before in _NOT_LAST or after in _NOT_FIRST:
            continue
        if " " in (before, after) or 2 in (_width(before), _width(after)):
            return end
    return max(fits, 1)
