"""A body's paragraphs: ids, tables, footnotes."""

from __future__ import annotations

import pytest

from duben.diagnostics import Report
from duben.model import Paragraph, Variant
from duben.read.paragraphs import read_body


def read(text: str, next_id: int | None = None) -> tuple[tuple[Paragraph, ...], list[str]]:
    report = Report()
    found = read_body(text, "f", Variant.HANS, next_id, report)
    problems = [f"{one.location.line}:{one.location.column} {one.code}" for one in report.in_order()]
    return found, problems


def test_paragraphs_answer_to_their_ids_and_to_those_of_before() -> None:
    found, told = read("# 甲 {#p1}\n\n乙 {#p3 was=p2}\n\n丙\n丁 {#p9 .verse}\n", 10)
    assert told == []
    assert [(one.id, one.kind, one.text, one.was) for one in found] == [
        ("p1", "heading", "甲", ()),
        ("p3", "paragraph", "乙", ("p2",)),
        ("p9", "verse", "丙\n丁", ()),
    ]


@pytest.mark.parametrize(
    ("text", "next_id", "told"),
    [
        ("甲\n", None, ["1:1 paragraph-id-missing"]),
        ("甲\n\n乙\n\n丙 {#p1}\n", None, ["1:1 paragraph-id-missing"]),
        ("甲 {#p1}\n\n乙 {#p1}\n", None, ["3:3 paragraph-id-duplicate"]),
        ("甲 {#p1 was=p2}\n\n乙 {#p2}\n", None, ["3:3 paragraph-id-duplicate"]),
        ("甲 {#p1}\n\n乙 {#p2 was=p1}\n", None, ["3:3 paragraph-id-duplicate"]),
        ("甲 {#p1}\n乙 {#p2}\n", None, ["1:3 paragraph-id-misplaced"]),
        ("甲 {#p1}乙\n", None, ["1:3 paragraph-id-misplaced"]),
        ("甲 {#a}\n", None, ["1:3 paragraph-id-invalid"]),
        ("甲 {#}\n", None, ["1:3 paragraph-id-invalid"]),
        ("甲 {#p01}\n", None, ["1:3 paragraph-id-invalid"]),
        ("甲 {#p1.1.1}\n", None, ["1:3 paragraph-id-invalid"]),
        ("甲 {#p1 verse}\n", None, ["1:3 paragraph-id-invalid"]),
        ("甲 {#p1 was=x}\n", None, ["1:3 paragraph-id-invalid"]),
        ("甲 {#p5}\n", 5, ["1:3 paragraph-id-reused"]),
        ("甲 {#p4}\n", 5, []),
        ("{#p1}\n", None, ["1:1 text-empty"]),
        ("", None, ["0:0 text-empty"]),
        ("甲[^1] {#p1}\n", None, ["1:2 markdown-footnote"]),
        ("甲 {#p1}\n\n[^1]: 乙 {#p2}\n", None, ["3:7 markdown-footnote"]),
        ("甲[^1]\n\n[^1]: 乙 {#p2}\n", None, ["1:1 paragraph-id-missing"]),
        ("|甲|\n|-|\n|乙|\n", None, ["1:2 paragraph-id-missing"]),
        ("|甲 {#p1}|\n|-|\n|{#p2}|\n", None, ["1:4 paragraph-id-misplaced"]),
    ],
)
def test_each_mistake_in_an_id_is_told_once(text: str, next_id: int | None, told: list[str]) -> None:
    assert read(text, next_id)[1] == told


def test_the_hints_name_ids_that_are_free() -> None:
    report = Report()
    read_body("甲 {#p7}\n\n乙 {#p7}\n\n丙 {#p8}\n\n丁\n\n戊\n", "f", Variant.HANS, 12, report)
    assert [found.hint for found in report.found] == [
        "it stands in line 1 already; give this one {#p12}",
        "end it with {#p13}; `duben check --fix` gives ids to all",
    ]


def test_paragraphs_with_a_wrong_id_are_kept_under_another_for_this_run() -> None:
    found, told = read("甲 {#p1}\n\n乙\n\n丙 {#p1}\n\n丁 {#x}\n")
    assert len(told) == 3
    assert [one.text for one in found] == ["甲", "乙", "丙", "丁"]
    assert len({one.id for one in found}) == 4


def test_a_misplaced_id_still_names_its_paragraph() -> None:
    found, _ = read("甲 {#p1}\n乙 {#p2}\n")
    assert [(one.id, one.was) for one in found] == [("p2", ("p1",))]


def test_a_table_is_a_paragraph_before_its_cells() -> None:
    found, told = read("|甲|乙|\n|:-|-:|\n|丙| |\n|{#p4}| |\n")
    assert told == []
    assert [(one.id, one.kind, one.text, one.align) for one in found] == [
        ("p4", "table", "", ""),
        ("p4.1.1", "cell", "甲", "left"),
        ("p4.1.2", "cell", "乙", "right"),
        ("p4.2.1", "cell", "丙", "left"),
        ("p4.2.2", "cell", "", "right"),
    ]


def test_two_tables_are_not_one() -> None:
    found, told = read("|甲|\n|-|\n|{#p1}|\n\n|乙|\n|-|\n|{#p2}|\n")
    assert told == []
    assert [one.id for one in found] == ["p1", "p1.1.1", "p2", "p2.1.1"]


def test_where_some_of_the_body_is_lost_nothing_is_said_of_the_rest() -> None:
    assert read("甲 {#p1}\n\n```\n乙\n```\n") == ((), ["3:1 markdown-unsupported"])
