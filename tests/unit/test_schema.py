"""What may be written in YAML: values, records, and one problem a mistake."""

from __future__ import annotations

from typing import Any

import pytest

from duben.diagnostics import Report
from duben.model import Variant
from duben.read.schema import (
    EDITION,
    ENTRY,
    SCRIPTS,
    SEARCHED_LENGTH,
    TEXT,
    Boolean,
    Coordinates,
    Date,
    EntryId,
    EntryOrNone,
    Integer,
    ListOf,
    ParagraphRef,
    Slug,
    Str,
    Url,
    VariantName,
)
from duben.read.yaml_nodes import Scalar, parse_yaml


def read(kind: Any, text: str) -> tuple[Any, list[str]]:
    report = Report()
    node = parse_yaml(text, "f", report)
    assert node is not None
    value = kind.read(node, report)
    return value, [f"{found.location.line}:{found.location.column} {found.code}" for found in report.found]


def shown(value: Any) -> Any:
    if isinstance(value, Scalar):
        return value.value
    return tuple(map(shown, value)) if isinstance(value, tuple) else value


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Str(), "no", "no"),
        (Str(), "'~'", "~"),
        (Str(most=3), "一二三", "一二三"),
        (Slug(), "a-1", "a-1"),
        (Slug(), "none", "none"),
        (EntryOrNone(), "none", "none"),
        (ParagraphRef(), "p12", "p12"),
        (ParagraphRef(), "p12.3.4", "p12.3.4"),
        (ParagraphRef(), "title", "title"),
        (Date(), "2026", "2026"),
        (Date(), "2026-02", "2026-02"),
        (Date(), "2024-02-29", "2024-02-29"),
        (Url(), "https://example.org/?a#b", "https://example.org/?a#b"),
        (Integer(), "-3", -3),
        (Integer(least=1), "+1", 1),
        (Boolean(), "true", True),
        (Boolean(), "false", False),
        (Coordinates(), "[41.29, -123.77]", (41.29, -123.77)),
        (VariantName(), "zh-Hant-TW", Variant.TW),
        (ListOf(Str()), "[a, b]", ("a", "b")),
        (ListOf(Str()), "[]", ()),
        (ListOf(Str(), one_will_do=True), "a", ("a",)),
    ],
)
def test_what_is_right_is_read(kind: Any, text: str, value: Any) -> None:
    found, told = read(kind, text)
    assert (shown(found), told) == (value, [])


@pytest.mark.parametrize(
    ("kind", "text", "told"),
    [
        (Str(), "~", "1:1 schema-type"),
        (Str(), "'　'", "1:1 schema-type"),
        (Str(), "[a]", "1:1 schema-type"),
        (Str(most=3), "一二三四", "1:1 schema-value"),
        (Str(), '"a\\0"', "1:1 file-control-character"),
        (Str(), '"a\\u2028"', "1:1 file-control-character"),
        (Slug(), "A", "1:1 slug-invalid"),
        (Slug(), "a--b", "1:1 slug-invalid"),
        (Slug(), "-a", "1:1 slug-invalid"),
        (Slug(), "../x", "1:1 slug-invalid"),
        (Slug(), "a/b", "1:1 slug-invalid"),
        (Slug(), "a.b", "1:1 slug-invalid"),
        (Slug(), "新", "1:1 slug-invalid"),
        (Slug(), "a" * 81, "1:1 slug-invalid"),
        (Slug(), "com1", "1:1 slug-invalid"),
        (Slug(), '"a\\n"', "1:1 slug-invalid"),
        (EntryId(), "index", "1:1 slug-invalid"),
        (EntryId(), "none", "1:1 slug-invalid"),
        (ParagraphRef(), "12", "1:1 schema-type"),
        (ParagraphRef(), "p0", "1:1 schema-type"),
        (ParagraphRef(), "p٣", "1:1 schema-type"),
        (Date(), "2026-13", "1:1 schema-date"),
        (Date(), "2025-02-29", "1:1 schema-date"),
        (Date(), "0000", "1:1 schema-date"),
        (Date(), "٢٠٢٦", "1:1 schema-date"),
        (Date(), "2026-3", "1:1 schema-date"),
        (Url(), "example.org", "1:1 schema-type"),
        (Url(), "javascript:alert", "1:1 schema-type"),
        (Url(), "'https://a b'", "1:1 schema-type"),
        (Integer(), "3.5", "1:1 schema-type"),
        (Integer(), "'3'", "1:1 schema-type"),
        (Integer(), "9" * 400, "1:1 schema-type"),
        (Integer(), "٣", "1:1 schema-type"),
        (Integer(least=1), "0", "1:1 schema-type"),
        (Boolean(), "yes", "1:1 schema-type"),
        (Boolean(), "'true'", "1:1 schema-type"),
        (Coordinates(), "[91, 0]", "1:1 schema-type"),
        (Coordinates(), "[nan, 0]", "1:1 schema-type"),
        (Coordinates(), "[1, 2, 3]", "1:1 schema-type"),
        (VariantName(), "zh-hant", "1:1 schema-value"),
        (ListOf(Str()), "a", "1:1 schema-type"),
        (ListOf(Str()), "[a, ~]", "1:5 schema-type"),
        (ListOf(Str(), least=1), "[]", "1:1 schema-value"),
        (SCRIPTS, "{zh: {a: b}}", "1:2 schema-unknown-key"),
        (SCRIPTS, "{zh-Hant: {a: [b]}}", "1:15 schema-type"),
        (EDITION, "[title]", "1:1 schema-type"),
    ],
)
def test_what_is_wrong_is_told_once_at_its_place(kind: Any, text: str, told: str) -> None:
    assert read(kind, text)[1] == [told]


def test_a_wrong_value_is_left_out_and_the_rest_is_read() -> None:
    fields, told = read(TEXT, "title: 题\norder: x\ndate: 2026\nauthor: [甲, ~]\n")
    assert told == ["2:8 schema-type", "4:13 schema-type"]
    assert (fields.order, fields.date.value, shown(fields.author)) == (None, "2026", ("甲",))


def test_a_record_without_what_it_needs_is_none() -> None:
    assert read(TEXT, "author: 甲\n") == (None, ["1:1 schema-missing-key"])
    assert read(TEXT, "title: []\n") == (None, ["1:8 schema-type"])


def test_a_slip_in_a_needed_key_is_told_once() -> None:
    assert read(ENTRY, "id: a\nterms: 花\n") == (None, ["2:1 schema-unknown-key"])


@pytest.mark.parametrize("wrong", ["befor: x", "nth: x", "before: [x]", "in: x", "id: X", "until: {on: ~}"])
def test_a_note_with_a_mistake_is_not_looked_for_without_it(wrong: str) -> None:
    notes = f"title: 题\nnotes:\n  - {{on: 花, note: 一, {wrong}}}\n  - {{on: 柳, note: 二}}\n"
    fields, told = read(TEXT, notes)
    assert len(told) == 1
    assert [note.on.value for note in fields.notes] == ["柳"]


def test_a_text_whose_source_is_wrong_is_not_read_without_it() -> None:
    assert read(TEXT, "title: 题\nsource: {file: a}\n") == (None, ["2:9 schema-missing-key"])


def test_what_is_searched_for_has_a_limit() -> None:
    long = "花" * (SEARCHED_LENGTH + 1)
    for key in ("term", "aliases", "not_in", "forms"):
        value = f"{{zh-Hant: {long}}}" if key == "forms" else long
        lines = ["id: a", *([] if key == "term" else ["term: 花"]), f"{key}: {value}"]
        told = read(ENTRY, "\n".join(lines))[1]
        assert [code.partition(" ")[2] for code in told] == ["schema-value"]


def test_html_in_a_plain_value_is_a_warning_at_its_place() -> None:
    fields, told = read(ENTRY, "id: a\nterm: 花\ngloss: {en: a <b>flower</b>}\ndefinition: <b>\n")
    assert told == ["3:15 markdown-html"]
    assert fields.gloss["en"].value == "a <b>flower</b>"
