"""Conversions put together: stretch after stretch, and step after step."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from duben.model import Conversion, Span, Unit


class Decision(NamedTuple):
    """Which rule of a dictionary decides on a stretch of the source. rule, key: as in a Piece."""

    span: Span
    rule: str
    key: str


def merged(decisions: Iterable[Decision], text: str) -> list[Decision]:
    """The decisions ascending, each with what it stands on as its key; those that overlap as one."""
    found: list[Decision] = []
    for decision in sorted(decisions):
        span, rule = decision.span, decision.rule
        if found and span.start < found[-1].span.end:
            last = found.pop()
            span, rule = Span(last.span.start, max(last.span.end, span.end)), last.rule
        found.append(Decision(span, rule, text[span.start : span.end]))
    return found


class Weave:
    """Puts a conversion together from the conversions of neighbouring stretches."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._units: list[Unit] = []
        self._source = 0
        self._target = 0

    def add(self, length: int, text: str, units: Iterable[Unit] = ()) -> None:
        """Appends `text`, which stands for the next `length` characters of the source.

        The offsets of `units` count from the start of this stretch.
        """
        for (start, end), (target_start, target_end) in units:
            self._units.append(
                Unit(
                    Span(start + self._source, end + self._source),
                    Span(target_start + self._target, target_end + self._target),
                )
            )
        self._out.append(text)
        self._source += length
        self._target += len(text)

    def conversion(self) -> Conversion:
        return Conversion("".join(self._out), tuple(self._units))


Change = tuple[int, int, int]  # start and end of a stretch, and the length of what replaces it


def aligned(changes: Iterable[Change]) -> tuple[Unit, ...]:
    """The units of a text in which these stretches, ascending, are replaced and the rest keeps its length."""
    units = []
    shift = 0
    for start, end, length in changes:
        target = start + shift
        units.append(Unit(Span(start, end), Span(target, target + length)))
        shift += length - (end - start)
    return tuple(units)


def changes_of(units: Iterable[Unit], offset: int = 0) -> list[Change]:
    """What the units of a stretch that starts at `offset` change."""
    return [
        (start + offset, end + offset, target_end - target_start)
        for (start, end), (target_start, target_end) in units
    ]


def whole(length: int, text: str) -> tuple[Unit, ...]:
    """The units of a stretch that is replaced by `text`: none where the lengths agree, else one."""
    return () if length == len(text) else (Unit(Span(0, length), Span(0, len(text))),)


def compose(first: Conversion, second: Conversion) -> Conversion:
    """The conversion that does `first` and, on its text, `second`.

    Units that touch the same characters of the text between become one unit.
    """
    if not first.units:
        return second
    if not second.units:
        return Conversion(second.text, first.units)
    # Each unit as (its span in the text between, shift it adds before, shift it adds after): what is
    # left of a unit is where the others have moved it.
    between = sorted(
        [(*unit.target, growth(unit), 0) for unit in first.units]
        + [(*unit.source, 0, growth(unit)) for unit in second.units]
    )
    units: list[Unit] = []
    before = after = 0  # target minus source of all units so far, of `first` and of `second`
    index = 0
    while index < len(between):
        start, end = between[index][:2]
        source_start, target_start = start - before, start + after
        while index < len(between) and (between[index][0] < end or between[index][0] == start):
            end = max(end, between[index][1])
            before += between[index][2]
            after += between[index][3]
            index += 1
        if before + after != (target_start - source_start):
            units.append(Unit(Span(source_start, end - before), Span(target_start, end + after)))
    return Conversion(second.text, tuple(units))


def inverse(conversion: Conversion, source: str) -> Conversion:
    """The alignment the other way: from the target's spans to those of the source."""
    return Conversion(source, tuple(Unit(unit.target, unit.source) for unit in conversion.units))


def growth(unit: Unit) -> int:
    """By how many characters a unit makes the text longer."""
    (start, end), (target_start, target_end) = unit
    return (target_end - target_start) - (end - start)
