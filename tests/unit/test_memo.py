"""What a build remembers of the last one."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import pytest

from duben.diagnostics import Report
from duben.memo import Memo, is_same
from duben.model import Location, Span, Variant
from duben.publish.interface import Dated, Wording


@dataclass(frozen=True)
class One:
    name: str
    parts: tuple[object, ...] = ()


@dataclass(frozen=True)
class Other:
    name: str
    parts: tuple[object, ...] = ()


class Unknown:
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("词", "".join(["词"])),
        ((1, "a", None), (1, "a", None)),
        (One("a", (Span(0, 1),)), One("a", (Span(0, 1),))),
        (MappingProxyType({"a": 1, "b": 2}), MappingProxyType({"a": 1, "b": 2})),
        (frozenset({"a"}), frozenset({"a"})),
        (Wording("三处", "count", "3"), Wording("三处", "count", "3")),
        (41.5, 41.5),
        (b"x", bytes([120])),
        (Variant.HANS, Variant.HANS),
    ],
)
def test_what_cannot_be_told_apart_is_the_same(one: object, two: object) -> None:
    assert is_same(one, two)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("a", "b"),
        (1, True),
        (1, 1.0),
        (0.0, -0.0),
        ((1,), (1, 2)),
        ((0, 1), Span(0, 1)),
        (One("a"), Other("a")),
        (One("a", (One("b"),)), One("a", (One("c"),))),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ({"a": 1}, {"a": 2}),
        (MappingProxyType({"a": 1}), {"a": 1}),
        (Wording("三处", "count"), Wording("三处", "sum")),
        (Wording("三处", "count", "3"), Wording("三处", "count")),
        (Wording("三处", "count"), "三处"),
        (Dated("去年", "2023"), Dated("去年", "2022")),
        (Variant.HANS, "zh-Hans"),
        (Unknown(), Unknown()),
        ("x", b"x"),
        (None, ()),
    ],
)
def test_what_can_be_told_apart_is_not_the_same(one: object, two: object) -> None:
    assert not is_same(one, two)
    assert not is_same((one,), (two,))


def test_a_result_is_made_again_only_when_an_input_is_another_and_its_problems_are_told_each_time() -> None:
    memo = Memo()
    made = []

    def make(word: str, number: int, report: Report) -> str:
        made.append((word, number))
        report.warning(Location("a.yaml", number, 1), "file-unknown", word)
        return word * number

    for word, number in [("甲", 2), ("甲", 2), ("乙", 2), ("乙", 3), ("甲", 2)]:
        report = Report()
        assert memo.recall("slot", make, (word, number), report) == word * number
        assert [(found.message, found.location.line) for found in report.found] == [(word, number)]
    assert made == [("甲", 2), ("乙", 2), ("乙", 3), ("甲", 2)]


def test_what_a_build_does_not_ask_for_is_let_go() -> None:
    memo = Memo()
    made = []
    for slot in ("a", "b"):
        memo.once(slot, (), lambda slot=slot: made.append(slot))
    memo.forget_unused()
    memo.once("a", (), lambda: made.append("a again"))
    memo.forget_unused()
    memo.once("b", (), lambda: made.append("b again"))
    assert made == ["a", "b", "b again"]


def test_what_fails_is_not_kept() -> None:
    memo = Memo()

    def fail() -> int:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        memo.once("slot", (), fail)
    assert memo.once("slot", (), lambda: 1) == 1


def test_without_a_memory_all_is_made_and_nothing_kept() -> None:
    memo = Memo(keep=False)
    made = [memo.once("slot", (), object) for _ in range(2)]
    assert made[0] is not made[1]
    assert memo._kept == {}
