"""The plain matcher keeps the rules that it is the measure of."""

from __future__ import annotations

import pytest
from slow_matcher import Entry, Hit, find_hits

GLYPHS = str.maketrans("産説", "產說")


def fold(text: str) -> str:
    return text.translate(GLYPHS)


def entry(name: str, *forms: str, not_in: tuple[str, ...] = (), link: str = "") -> Entry:
    return Entry(name, tuple(frozenset(form.split("|")) for form in forms), not_in, link)


CASES = {
    "every occurrence": ([entry("a", "光谷")], "光谷光谷", {}, [(0, 2, "a", 0), (2, 4, "a", 0)]),
    "an overlap with itself counts once": ([entry("a", "哈哈")], "哈哈哈", {}, [(0, 2, "a", 0)]),
    "any variant": ([entry("a", "产业|產業")], "產業", {}, [(0, 2, "a", 0)]),
    "a glyph variant": ([entry("a", "产业|產業")], "産業", {}, [(0, 2, "a", 0)]),
    "an alias": ([entry("a", "本溪钢铁", "本钢")], "本钢", {}, [(0, 2, "a", 1)]),
    "headword before alias": ([entry("a", "说|說", "説")], "說", {}, [(0, 1, "a", 0)]),
    "the longest at one start": (
        [entry("a", "产业"), entry("b", "产业链")],
        "产业链",
        {},
        [(0, 3, "b", 0), (0, 2, "a", 0, True)],
    ),
    "the leftmost before the longest": (
        [entry("a", "甲乙"), entry("b", "乙丙丁")],
        "甲乙丙丁",
        {},
        [(0, 2, "a", 0)],
    ),
    "a crossing candidate frees what follows": (
        [entry("a", "甲乙"), entry("b", "乙丙丁"), entry("c", "丙丁")],
        "甲乙丙丁",
        {},
        [(0, 2, "a", 0), (2, 4, "c", 0)],
    ),
    "nested ones may overlap": (
        [entry("a", "甲乙丙"), entry("b", "甲乙"), entry("c", "乙丙")],
        "甲乙丙",
        {},
        [(0, 3, "a", 0), (0, 2, "b", 0, True), (1, 3, "c", 0, True)],
    ),
    "an alias inside its own entry says nothing new": (
        [entry("a", "本溪钢铁", "本溪"), entry("b", "溪钢")],
        "本溪钢铁",
        {},
        [(0, 4, "a", 0), (1, 3, "b", 0, True)],
    ),
    "an alias inside its own entry, both nested": (
        [entry("a", "甲乙", "乙"), entry("b", "甲乙丙")],
        "甲乙丙",
        {},
        [(0, 3, "b", 0), (0, 2, "a", 0, True)],
    ),
    "not in a longer string": (
        [entry("a", "中部", not_in=("其中部分",))],
        "其中部分在中部",
        {},
        [(5, 7, "a", 0)],
    ),
    "a string that only touches does not forbid": (
        [entry("a", "中部", not_in=("部分",))],
        "其中部分",
        {},
        [(1, 3, "a", 0)],
    ),
    "what forbids one entry leaves the other": (
        [entry("a", "中部", not_in=("其中部分",)), entry("b", "部分")],
        "其中部分",
        {},
        [(2, 4, "b", 0)],
    ),
    "never": ([entry("a", "光谷", link="never")], "光谷", {}, []),
    "silent in this text": ([entry("a", "光谷")], "光谷", {"silent": {"a"}}, []),
    "a veto": ([entry("a", "光谷"), entry("b", "光")], "光谷光", {"vetoes": [(0, 2)]}, [(2, 3, "b", 0)]),
    "a veto that cuts a hit leaves it": (
        [entry("a", "光谷"), entry("b", "谷")],
        "光谷",
        {"vetoes": [(1, 2)]},
        [(0, 2, "a", 0)],
    ),
    "a forced entry that never links": (
        [entry("a", "三一"), entry("b", "三一", link="never")],
        "三一和三一",
        {"forced": {(0, 2): "b"}},
        [(0, 2, "b", 0, False, True), (3, 5, "a", 0)],
    ),
    "a forced entry on words of its own": (
        [entry("a", "光谷")],
        "那座城",
        {"forced": {(0, 3): "a"}},
        [(0, 3, "a", -1, False, True)],
    ),
    "a forced entry drives out what it touches": (
        [entry("a", "甲乙"), entry("b", "丙丁"), entry("c", "乙")],
        "甲乙丙丁",
        {"forced": {(1, 3): "c"}},
        [(1, 3, "c", -1, False, True)],
    ),
    "nothing in nothing": ([entry("a", "光谷")], "", {}, []),
}


@pytest.mark.parametrize(("entries", "text", "choices", "hits"), CASES.values(), ids=CASES.keys())
def test_the_rules_of_matching(entries, text, choices, hits):
    assert find_hits(entries, text, fold, **choices) == [Hit(*hit) for hit in hits]


def test_forced_ranges_that_overlap_are_refused():
    with pytest.raises(ValueError, match="overlap"):
        find_hits([entry("a", "甲")], "甲乙丙", fold, forced={(0, 2): "a", (1, 3): "a"})


def test_a_fold_that_changes_the_length_is_refused():
    with pytest.raises(ValueError, match="length"):
        find_hits([], "甲", lambda text: text * 2)
