"""Problems for people: with colours, and with the line of the file in which they stand."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TextIO

from duben.desk.columns import first, width
from duben.diagnostics import Diagnostic, Severity, one_line
from duben.model import Location

_COLOURS = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.NOTICE: "1;36"}
_PLACE = "1"
_FAINT = "2"
_CARET = "1;32"
#: How wide a line is taken to be where no terminal says.
_WIDTH = 100


def wants_colour(stream: TextIO, asked: str, environment: Mapping[str, str]) -> bool:
    """Whether to print in colour. asked: always | never | auto, which is: on a terminal.

    As is the custom, NO_COLOR switches it off and FORCE_COLOR on, unless they are empty.
    """
    if asked != "auto":
        return asked == "always"
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return environment["FORCE_COLOR"] != "0"
    return stream.isatty() and environment.get("TERM") != "dumb"


def shown(found: Iterable[Diagnostic], *, colour: bool, context: bool) -> Iterator[str]:
    """Each problem as it is printed. context: with its line of the file, a caret under the place."""
    lines = _Lines()
    for problem in found:
        pieces = [_headline(problem, colour=colour)]
        if context:
            pieces += _excerpt(problem.location, lines, colour=colour)
        if problem.hint:
            pieces.append(f"  {_in(_FAINT, 'hint:', colour=colour)} {problem.hint}")
        yield "\n".join(pieces)


def _headline(problem: Diagnostic, *, colour: bool) -> str:
    place = _in(_PLACE, one_line(str(problem.location)), colour=colour)
    severity = _in(_COLOURS[problem.severity], problem.severity, colour=colour)
    return f"{place}: {severity}: {problem.message} {_in(_FAINT, f'[{problem.code}]', colour=colour)}"


def _in(code: str, text: str, *, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour else text


class _Lines:
    """The lines of the file that was asked for last."""

    def __init__(self) -> None:
        self.file = ""
        self.lines: list[str] = []

    def find(self, place: Location) -> str | None:
        if place.file != self.file:
            self.file = place.file
            try:
                text = Path(place.file).read_bytes().decode("utf-8").removeprefix("\ufeff")
            except (OSError, ValueError):
                text = ""
            self.lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        return self.lines[place.line - 1] if 0 < place.line <= len(self.lines) else None


def _excerpt(place: Location, lines: _Lines, *, colour: bool) -> list[str]:
    line = lines.find(place)
    if not line or not place.column or place.column > len(line) + 1:
        return []
    number = f"{place.line:5} | "
    room = max(shutil.get_terminal_size((_WIDTH, 24)).columns - len(number) - 1, 20)
    before, rest = _visible(line[: place.column - 1]), _visible(line[place.column - 1 :])
    kept = _last(before, room * 2 // 3) if width(before) + width(rest) > room else before
    kept = kept if kept == before else f"…{kept}"
    follows = first(rest, max(room - width(kept), 1))
    follows = follows if follows == rest else f"{follows}…"
    margin = " " * (len(number) - 2) + "| "
    return [
        _in(_FAINT, number, colour=colour) + kept + follows,
        _in(_FAINT, margin, colour=colour) + " " * width(kept) + _in(_CARET, "^", colour=colour),
    ]


def _visible(text: str) -> str:
    return one_line(text.replace("\t", " "))


def _last(text: str, room: int) -> str:
    return first(text[::-1], room)[::-1]


def coloured_diff(lines: Iterable[str], *, colour: bool) -> Iterator[str]:
    """The lines of a unified diff, with nothing in them that a terminal would obey."""
    colours = {"+": "32", "-": "31", "@": "36"}
    for line in lines:
        shows = "\n".join(one_line(part.replace("\t", "    ")) for part in line.split("\n"))
        head = line.startswith(("+++ ", "--- "))
        code = _PLACE if head else colours.get(line[:1])
        yield _in(code, shows, colour=colour) if code else shows
