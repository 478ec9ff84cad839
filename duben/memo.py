"""What earlier builds made, each thing with all that it was made from.

A stage asks for its results through `Memo.recall`, which makes them, or hands out those of the last build
where nothing that they are made from is another. What a stage reports is kept, too, and told again. So a
build that remembers runs the same code as one that does not, and makes the same.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Hashable, Mapping
from pathlib import PurePath
from types import MappingProxyType
from typing import Any, TypeVar

from duben.diagnostics import Diagnostic, Report

Made = TypeVar("Made")


class Memo:
    """The results of one edition's last build, by slot. `Memo(keep=False)` makes everything anew."""

    def __init__(self, *, keep: bool = True) -> None:
        self.keep = keep
        self._kept: dict[Hashable, tuple[tuple[object, ...], Any]] = {}
        self._used: set[Hashable] = set()

    def recall(
        self, slot: Hashable, make: Callable[..., Made], inputs: tuple[object, ...], report: Report
    ) -> Made:
        """What `make` makes of the inputs and a report, which it gets after them.

        slot: which result it is: there is one of each in a build.
        """

        def make_and_tell() -> tuple[Made, tuple[Diagnostic, ...]]:
            own = Report()
            return make(*inputs, own), tuple(own.found)

        made, found = self.once(slot, inputs, make_and_tell)
        for diagnostic in found:
            report.repeat(diagnostic)
        return made

    def same(self, slot: Hashable, value: Made) -> Made:
        """The value, as the very object that it was in the last build where it is alike: quick to compare."""
        return self.once(slot, (value,), lambda: value)

    def once(self, slot: Hashable, inputs: tuple[object, ...], make: Callable[[], Made]) -> Made:
        """What `make` makes, which nothing but the inputs must decide, and which is not told to a report."""
        if not self.keep:
            return make()
        self._used.add(slot)
        kept = self._kept.get(slot)
        if kept is None or not is_same(kept[0], inputs):
            kept = self._kept[slot] = inputs, make()
        made: Made = kept[1]
        return made

    def forget_unused(self) -> None:
        """Lets go what the build that has ended did not ask for."""
        self._kept = {slot: kept for slot, kept in self._kept.items() if slot in self._used}
        self._used = set()


#: For a build that nothing follows.
FORGETFUL = Memo(keep=False)


def is_same(one: object, two: object) -> bool:
    """Whether two frozen values are alike in everything that can be seen of them.

    Unlike `==` it looks at types, at the order of mappings, and at what strings carry beside their
    characters. What it does not know is the same only as itself.
    """
    if one is two:
        return True
    kind = type(one)
    if kind is not type(two):
        return False
    if kind in _PLAIN:
        return one == two
    if isinstance(one, tuple | list):
        assert isinstance(two, tuple | list)
        return len(one) == len(two) and all(map(is_same, one, two))
    if isinstance(one, str):
        return str.__eq__(one, two) is True and all(
            is_same(getattr(one, name), getattr(two, name)) for name in getattr(kind, "__slots__", ())
        )
    if isinstance(one, dict | MappingProxyType):
        assert isinstance(two, Mapping)
        return (
            len(one) == len(two)
            and all(map(is_same, one, two))
            and all(map(is_same, one.values(), two.values()))
        )
    if isinstance(one, frozenset | PurePath):
        return one == two
    if isinstance(one, float):
        return repr(one) == repr(two)
    names = _fields(kind)
    return bool(names) and all(is_same(getattr(one, name), getattr(two, name)) for name in names)


_PLAIN = frozenset({str, int, bool, bytes, type(None)})
_FIELDS: dict[type, tuple[str, ...]] = {}


def _fields(kind: type) -> tuple[str, ...]:
    """The names of a frozen dataclass's fields; none of any other type."""
    if kind not in _FIELDS:
        frozen = dataclasses.is_dataclass(kind) and getattr(kind, "__dataclass_params__").frozen  # noqa: B009
        _FIELDS[kind] = tuple(field.name for field in dataclasses.fields(kind)) if frozen else ()
    return _FIELDS[kind]
