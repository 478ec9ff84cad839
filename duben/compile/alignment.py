"""Conversions put together: stretch after stretch, and step after step."""

from __future__ import annotations

from collections.abc import Iterable

from duben.model import Conversion, Span, Unit


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


def growth(unit: Unit) -> int:
    """By how many characters a unit makes the text longer."""
    (start, end), (target_start, target_end) = unit
    return (target_end - target_start) - (end - start)
