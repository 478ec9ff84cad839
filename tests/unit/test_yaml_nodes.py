"""YAML with places: what is text stays text, and every character knows its line and column."""

from __future__ import annotations

from typing import Any

import pytest

from duben.diagnostics import Report
from duben.model import Location
from duben.read.yaml_nodes import MAX_DEPTH, Mapped, Node, Scalar, Sequenced, parse_yaml


def read(text: str) -> Node | None:
    report = Report()
    node = parse_yaml(text, "f", report)
    assert report.found == []
    return node


def problems(text: str) -> list[str]:
    report = Report()
    parse_yaml(text, "f", report)
    return [f"{found.location.line}:{found.location.column} {found.code}" for found in report.found]


def plain(node: Node | None) -> Any:
    if isinstance(node, Mapped):
        return {key.value: plain(value) for key, value in node.items}
    if isinstance(node, Sequenced):
        return [plain(item) for item in node.items]
    return node.value if node else None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: no", {"a": "no"}),
        ("a: 12:30", {"a": "12:30"}),
        ("a: 1e3", {"a": "1e3"}),
        ("a: 007", {"a": "007"}),
        ("a: 2026-03-05", {"a": "2026-03-05"}),
        ("a: ~", {"a": "~"}),
        ("a:", {"a": ""}),
        ("a: 'it''s'", {"a": "it's"}),
        ('a: "\\u65b0\\n"', {"a": "新\n"}),
        ("{a: [b, {c: d}], e: []}", {"a": ["b", {"c": "d"}], "e": []}),
        ("# none\n", None),
        ("", None),
        ("---\na: b\n...\n", {"a": "b"}),
        ("no: yes\n? x\n: y", {"no": "yes", "x": "y"}),
    ],
)
def test_scalars_stay_as_they_are_written(text: str, value: Any) -> None:
    assert plain(read(text)) == value


@pytest.mark.parametrize(
    ("text", "null"),
    [
        ("a:", True),
        ("a: ~", True),
        ("a: null", True),
        ("a: ''", False),
        ("a: '~'", False),
        ("a: Null!", False),
    ],
)
def test_only_what_is_plain_can_be_nothing(text: str, null: bool) -> None:
    node = read(text)
    assert isinstance(node, Mapped)
    value = node.get("a")
    assert isinstance(value, Scalar)
    assert value.is_null is null


#: (YAML with one key `a`, an offset of its value, the character there, its line and column)
PLACES = [
    ("a: 新质", 1, "质", (1, 5)),
    ("x: y\na:   新质", 0, "新", (2, 6)),
    ("a: '新质'", 1, "质", (1, 6)),
    ('a: "新质"', 0, "新", (1, 5)),
    ("a: 𠀀新质", 2, "质", (1, 6)),
    ("a: |\n  一二\n  三四\n", 0, "一", (2, 3)),
    ("a: |\n  一二\n  三四\n", 1, "二", (2, 4)),
    ("a: |\n  一二\n  三四\n", 4, "四", (3, 4)),
    ("a: |\n  一\n\n  三四\n", 4, "四", (4, 4)),
    ("a: |\n\n  一二\n", 2, "二", (3, 4)),
    ("a: |2\n    一\n", 2, "一", (2, 5)),
    ("a: |-\n  一\n  二", 2, "二", (3, 3)),
    ("a: | # why\n  一\n  二\n", 2, "二", (3, 3)),
    ("a: >\n  一二\n  三四\n", 1, "二", (2, 4)),
    ("x:\n  - a: |\n      一\n      二\n", 2, "二", (4, 7)),
    ("{x: y, a: 新质}", 1, "质", (1, 12)),
]


def find(node: Node | None, key: str) -> Scalar:
    if isinstance(node, Mapped):
        for name, value in node.items:
            if name.value == key:
                assert isinstance(value, Scalar)
                return value
            if not isinstance(value, Scalar):
                return find(value, key)
    assert isinstance(node, Sequenced)
    return find(node.items[0], key)


@pytest.mark.parametrize(("text", "offset", "char", "place"), PLACES)
def test_each_character_of_a_value_knows_its_place(
    text: str, offset: int, char: str, place: tuple[int, int]
) -> None:
    value = find(read(text), "a")
    assert value.value[offset] == char
    assert value.source.locate(offset) == Location("f", *place)
    line, column = place
    assert text.split("\n")[line - 1][column - 1] == char


def test_collections_and_keys_know_where_they_start() -> None:
    node = read("a:\n  - b: c\n    d: [e]\n")
    assert isinstance(node, Mapped)
    assert node.at == Location("f", 1, 1)
    items = node.get("a")
    assert isinstance(items, Sequenced)
    assert items.at == Location("f", 2, 3)
    first = items.items[0]
    assert isinstance(first, Mapped)
    assert [(key.value, key.at.line, key.at.column) for key, _ in first.items] == [("b", 2, 5), ("d", 3, 5)]
    assert first.get("nothing") is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: b: c", ["1:5 yaml-syntax"]),
        ("a: [b\nc: d\n", ["1:4 yaml-syntax"]),
        ("a: {b\n", ["1:4 yaml-syntax"]),
        ("a: [\n", ["1:4 yaml-syntax"]),
        ("a: [b, {c: d]\n", ["1:8 yaml-syntax"]),
        ("a: [b]\nc: [d, {e: f}\ng: h\n", ["2:4 yaml-syntax"]),
        ("a: [b\n", ["1:4 yaml-syntax"]),
        ("a: 'b\n", ["1:4 yaml-syntax"]),
        ('a: "\\q"\n', ["1:5 yaml-syntax"]),
        ("a: b\n c: d\n", ["2:3 yaml-syntax"]),
        ("a: @b", ["1:4 yaml-syntax"]),
        ("a: `b`", ["1:4 yaml-syntax"]),
        ("a: %b", ["1:4 yaml-syntax"]),
        ("a: b\nc\n", ["2:1 yaml-syntax"]),
        ("a: - b", ["1:4 yaml-syntax"]),
        ("a: b\n---\nc: d\n", ["2:1 yaml-syntax"]),
        ("[a]: b", ["1:1 yaml-syntax"]),
        ("a:\n\t- b\n", ["2:1 yaml-tab"]),
        ("a: \n  b: c\n\td: e\n", ["3:1 yaml-tab"]),
        ("a: &b c", ["1:4 yaml-alias"]),
        ("a: *b", ["1:4 yaml-alias"]),
        ("a: !b c", ["1:4 yaml-alias"]),
        ("a: !!str c", ["1:4 yaml-alias"]),
        ("<<: {a: b}", []),
        ("a: b\na: c\nd: e\na: f\n", ["2:1 yaml-duplicate-key", "4:1 yaml-duplicate-key"]),
        ("a: {b: 1, 'b': 2}", ["1:11 yaml-duplicate-key"]),
        ("[" * (MAX_DEPTH + 1), [f"1:{MAX_DEPTH + 1} yaml-depth"]),
        ("[" * MAX_DEPTH + "]" * MAX_DEPTH, []),
    ],
)
def test_each_mistake_is_told_once_at_its_place(text: str, told: list[str]) -> None:
    assert problems(text) == told


def test_of_two_equal_keys_the_first_counts() -> None:
    report = Report()
    assert plain(parse_yaml("a: b\na: c\n", "f", report)) == {"a": "b"}
    assert report.found[0].hint == "it stands in line 1 already; keep one of them"


@pytest.mark.parametrize("text", ["[" * 200_000, "{a: " * 100_000, "- " * 200_000, "? " * 200_000])
def test_no_nesting_overflows_the_stack(text: str) -> None:
    assert [found.partition(" ")[2] for found in problems(text)] in (["yaml-depth"], ["yaml-syntax"])
