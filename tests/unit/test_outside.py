"""A text kept outside: hash, cut, split, merges."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from duben.diagnostics import Report
from duben.model import Paragraph, Variant
from duben.read.outside import full_width_punctuation, read_outside
from duben.read.schema import TEXT
from duben.read.yaml_nodes import parse_yaml


def cut(tmp_path: Path, text: str, more: str = "") -> tuple[tuple[Paragraph, ...] | None, list[str]]:
    data = text.encode()
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    report = Report()
    written = (
        f"title: 题\nsource:\n  file: a.txt\n  sha256: {hashlib.sha256(data).hexdigest().upper()}\n{more}"
    )
    node = parse_yaml(written, "f", report)
    assert node is not None
    fields = TEXT.read(node, report)
    assert fields is not None
    assert fields.source is not None
    found = read_outside(fields.source, path, Variant.HANS, report)
    return found, [f"{one.location.line}:{one.location.column} {one.code}" for one in report.found]


SPLITS = [
    ("blank-line", "一\n二\n\n三\n \n　\n四", ["一二", "三", "四"]),
    ("line", "一\n　　二　\n\n三", ["一", "二", "三"]),
    ("space-after-stop", "一二。  三四！”  五 六。\n七", ["一二。", "三四！”", "五 六。", "七"]),
    ("space-after-stop", "一：  二……  三；  四", ["一：", "二……", "三；", "四"]),
    ("line", "one\ntwo", ["one", "two"]),
    ("blank-line", "one\ntwo\n\n三\nfour", ["one two", "三four"]),
]


@pytest.mark.parametrize(("how", "text", "wanted"), SPLITS)
def test_the_body_is_split_as_it_says(how: str, text: str, wanted: list[str], tmp_path: Path) -> None:
    found, told = cut(tmp_path, text, f"  split: {how}\n")
    assert told == []
    assert found is not None
    assert [one.text for one in found] == wanted
    assert [one.id for one in found] == [f"p{number}" for number in range(1, len(wanted) + 1)]


@pytest.mark.parametrize(("how", "text"), [(how, text) for how, text, _ in SPLITS])
def test_every_character_of_the_cut_knows_its_place(how: str, text: str, tmp_path: Path) -> None:
    found, _ = cut(tmp_path, text, f"  split: {how}\n")
    lines = text.split("\n")
    for paragraph in found or ():
        for offset, char in enumerate(paragraph.text):
            if char != " ":
                place = paragraph.locate(offset)
                assert lines[place.line - 1][place.column - 1] == char


@pytest.mark.parametrize(
    ("body", "wanted", "told"),
    [
        ("{after: 头, before: 尾}", "身", []),
        ("{after: 头}", "身尾脚", []),
        ("{before: 尾}", "首头身", []),
        ("{after: 腰}", None, ["5:17 source-cut"]),
        ("{after: 尾, before: 头}", None, ["5:28 source-cut"]),
        ("{after: 头身, before: 尾}", None, ["3:3 text-empty"]),
    ],
)
def test_the_body_lies_between_two_quotes(
    body: str, wanted: str | None, told: list[str], tmp_path: Path
) -> None:
    found, problems = cut(tmp_path, "首头身尾脚", f"  body: {body}\n")
    assert problems == told
    assert (found[0].text if found else None) == wanted


def test_a_quote_that_occurs_twice_cuts_nothing(tmp_path: Path) -> None:
    assert cut(tmp_path, "一头二头三", "  body: {after: 头}\n") == (None, ["5:17 source-cut"])


def test_another_file_is_refused_with_its_own_hash(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("别的", encoding="utf-8")
    report = Report()
    node = parse_yaml("title: 题\nsource: {file: a.txt, sha256: abc}\n", "f", report)
    assert node is not None
    fields = TEXT.read(node, report)
    assert fields is not None
    assert fields.source is not None
    assert read_outside(fields.source, path, Variant.HANS, report) is None
    assert [one.code for one in report.found] == ["source-hash"]
    assert hashlib.sha256("别的".encode()).hexdigest() in report.found[0].message


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("一,二;三:四?五!六(七)八.", "一，二；三：四？五！六（七）八。"),
        ("at 12:30, 3.5 and a.b", "at 12:30, 3.5 and a.b"),
        ("GDP(国内)增长3.5.", "GDP（国内）增长3.5."),
        ("一.html", "一.html"),
        ("", ""),
    ],
)
def test_half_width_marks_beside_han_become_full_width_one_for_one(text: str, wanted: str) -> None:
    assert full_width_punctuation(text) == wanted
    assert len(text) == len(wanted)


@pytest.mark.parametrize(
    ("block", "texts", "kinds"),
    [
        ("{join: [p1, p2]}", ["一二", "three", "four"], ["paragraph"] * 3),
        ("{join: [p1, p2], kind: verse}", ["一\n二", "three", "four"], ["verse", "paragraph", "paragraph"]),
        ("{join: [p3, p4]}", ["一", "二", "three four"], ["paragraph"] * 3),
        (
            "{join: [p2, p2], kind: heading}",
            ["一", "二", "three", "four"],
            ["paragraph", "heading", "paragraph", "paragraph"],
        ),
    ],
)
def test_merges_join_and_type_what_the_cut_made(
    block: str, texts: list[str], kinds: list[str], tmp_path: Path
) -> None:
    found, told = cut(tmp_path, "一\n二\nthree\nfour", f"  split: line\n  blocks: [{block}]\n")
    assert told == []
    assert found is not None
    assert [one.text for one in found] == texts
    assert [one.kind for one in found] == kinds
    assert [id for one in found for id in one.was] == ([] if "[p2, p2]" in block else [block[12:14]])
