"""Finding many strings at once."""

from __future__ import annotations

import pytest

from duben.compile.automaton import Automaton, Kind


@pytest.mark.parametrize(
    ("kind", "patterns", "text", "matches"),
    [
        pytest.param("longest", ["生产", "生产力", "力量"], "生产力量", [(1, 0, 3)], id="the longest wins"),
        pytest.param("longest", ["产力量", "生产"], "生产力量", [(1, 0, 2)], id="the leftmost wins first"),
        pytest.param("longest", ["中", "中中"], "中中中", [(1, 0, 2), (0, 2, 3)], id="no overlap"),
        pytest.param("first", ["生产", "生产力"], "生产力", [(0, 0, 2)], id="the first pattern wins"),
        pytest.param("first", ["产力", "生产"], "生产力", [(1, 0, 2)], id="the place before the order"),
        pytest.param(
            "all",
            ["力", "生产", "生产力", "产力"],
            "生产力",
            [(2, 0, 3), (1, 0, 2), (3, 1, 3), (0, 2, 3)],
            id="every occurrence, by start, the longest first",
        ),
        pytest.param("all", ["甲", "甲"], "甲", [(0, 0, 1), (1, 0, 1)], id="equal patterns both occur"),
        pytest.param(
            "longest", ["盘", "𠮷野"], "😀𠮷野盘", [(1, 1, 3), (0, 3, 4)], id="code points, not UTF-16"
        ),
        pytest.param("longest", ["盘"], "", [], id="empty text"),
        pytest.param("longest", ["盘"], "没有", [], id="nothing found"),
    ],
)
def test_matches_are(kind: Kind, patterns: list[str], text: str, matches: list[tuple[int, int, int]]) -> None:
    assert Automaton(patterns, kind=kind).find(text) == matches


@pytest.mark.parametrize("kind", ["longest", "first", "all"])
def test_without_patterns_nothing_is_found(kind: Kind) -> None:
    assert Automaton([], kind=kind).find("什么都没有") == []


@pytest.mark.parametrize("kind", ["longest", "first", "all"])
def test_an_empty_pattern_is_refused(kind: Kind) -> None:
    with pytest.raises(ValueError, match="empty"):
        Automaton(["盘", ""], kind=kind)
