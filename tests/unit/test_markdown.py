"""Markdown → plain text, marks and places."""

from __future__ import annotations

import pytest

from duben.diagnostics import Report
from duben.model import SourceMap
from duben.read.inline import locate_mark
from duben.read.markdown import Leaf, inside_yaml, read_leaves, whole_file


def leaves(text: str, *, notes: bool = False) -> tuple[Leaf, ...]:
    return read_leaves(whole_file(text, "f", (lambda target: f"‹{target}›") if notes else None), Report())


def only(text: str, *, notes: bool = False) -> Leaf:
    (leaf,) = leaves(text, notes=notes)
    return leaf


def told(text: str) -> list[str]:
    report = Report()
    read_leaves(whole_file(text, "f"), report)
    return [f"{found.location.line}:{found.location.column} {found.code}" for found in report.found]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("新\n质", "新质"),
        ("新\n  质", "新质"),
        ("新　\n　质", "新质"),
        ("new\nquality", "new quality"),
        ("new\n质", "new质"),
        ("新\nquality", "新quality"),
        ("“新”\n“质”", "“新”“质”"),
        ("カナ\nカナ", "カナカナ"),
        ("新，\n质", "新，质"),
        ("3\n月", "3月"),
        ("*new*\n*quality*", "new quality"),
        ("*新*\n*质*", "新质"),
        ("新\\\n质", "新\n质"),
        ("新  \n质", "新\n质"),
        ("新\n质 {#p1 .verse}", "新\n质"),
        ("新\r质", "新\r质"),
        ("　　新质", "新质"),
        ("    新质", "新质"),
        ("新质\n---", "新质"),
        ("新质\n===", "新质==="),
        ("&lt;新&gt;&amp;&#x65b0;", "<新>&新"),
        ("\\*新\\*", "*新*"),
        ("<b>新</b>", "<b>新</b>"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("新_质_生", "新_质_生"),
        ("snake_case_name", "snake_case_name"),
    ],
)
def test_the_text_is_what_a_reader_sees(source: str, text: str) -> None:
    assert leaves(source)[0].text == text


@pytest.mark.parametrize(
    ("source", "text", "marks"),
    [
        ("甲**乙**丙", "甲乙丙", [("strong", 1, 2)]),
        ("**“新”**字", "“新”字", [("strong", 0, 3)]),
        ("字**“新”**", "字“新”", [("strong", 1, 4)]),
        ("甲**（乙）**丙", "甲（乙）丙", [("strong", 1, 4)]),
        ("甲**乙。**丙", "甲乙。丙", [("strong", 1, 3)]),
        ("**甲**，**乙**", "甲，乙", [("strong", 0, 1), ("strong", 2, 3)]),
        ("***甲***", "甲", [("em", 0, 1), ("strong", 0, 1)]),
        ("*甲**乙**丙*", "甲乙丙", [("em", 0, 3), ("strong", 1, 2)]),
        ("`<b>`", "<b>", [("code", 0, 3)]),
        ("[甲*乙*](#p1)", "甲乙", [("link", 0, 2), ("em", 1, 2)]),
        ("甲![图](static/a.svg)乙", "甲乙", [("image", 1, 1)]),
        ("<https://example.org/>", "https://example.org/", [("link", 0, 20)]),
    ],
)
def test_marks_cover_their_words(source: str, text: str, marks: list[tuple[str, int, int]]) -> None:
    leaf = only(source)
    assert leaf.text == text
    assert sorted((mark.kind, *mark.span) for mark in leaf.marks) == sorted(marks)


@pytest.mark.parametrize(
    ("source", "text", "mark"),
    [
        ("见[[liu]]。", "见‹liu›。", ("headword", "liu")),
        ("见[[liu|柳树]]。", "见柳树。", ("entry", "liu")),
        ("见[[a#p4]]。", "见‹a#p4›。", ("place", "a#p4")),
        ("见[[a#p4|此]]。", "见此。", ("paragraph", "a#p4")),
        ("见[[a#]]。", "见‹a#›。", ("title", "a")),
        ("见[[a#|文]]。", "见文。", ("text", "a")),
    ],
)
def test_double_brackets_are_links_in_what_an_editor_writes(
    source: str, text: str, mark: tuple[str, str]
) -> None:
    leaf = only(source, notes=True)
    assert leaf.text == text
    assert [(found.kind, found.target) for found in leaf.marks] == [mark]


#: Each sign 甲…癸 of the source is found at its own line and column.
PLACED = [
    "甲*乙*丙**丁**戊",
    "甲`乙`丙[丁](#p1)戊",
    "甲&amp;乙&#x65b0;丙",
    "甲\\*乙\\_丙",
    "甲\n乙\n  丙",
    "甲  \n乙\\\n丙",
    "　　甲乙",
    "> 甲\n> 乙\n丙",
    "> > 甲\n> > *乙*",
    "- 甲\n  乙\n- 丙\n  - 丁",
    "1. 甲\n\n   乙\n2. 丙",
    "# 甲*乙*",
    "| 甲 | 乙 |\n|---|---|\n| **丙** | 丁 |",
    "| 甲 | 甲乙 |\n|---|---|\n| 丙 | 丁戊 |",
    "- > 甲\n  > 乙",
    "甲[^1]乙\n\n[^1]: 丙*丁*",
    "甲![图](static/a.svg)乙![图](static/b.svg)丙",
    "𠀀甲*𠀀乙*",
    "甲<b>乙</b>丙",
    "甲**“乙”**丙",
    "甲\n乙\n丙\n{#p1 .verse}",
    "甲 ![图](a) \n乙",
]


@pytest.mark.parametrize("source", PLACED)
def test_every_character_knows_its_line_and_column(source: str) -> None:
    lines = source.split("\n")
    seen = 0
    for leaf in leaves(source):
        for offset, char in enumerate(leaf.text):
            if char in "甲乙丙丁戊":
                place = leaf.source.locate(offset)
                assert lines[place.line - 1][place.column - 1] == char
                seen += 1
    assert seen == sum(source.count(char) for char in "甲乙丙丁戊")


def test_a_repeated_cell_is_found_at_its_own_place() -> None:
    cells = leaves("| 甲 | 甲 | 甲甲 |\n|---|---|---|\n")
    assert [cell.source.locate(0).column for cell in cells] == [3, 7, 11]


def test_places_inside_a_block_scalar_are_the_file_s() -> None:
    source = SourceMap("f", ((0, 7, 5), (4, 8, 5)))
    (leaf,) = read_leaves(inside_yaml("一*二\n三*四\n", source, None), Report())
    assert leaf.text == "一二三四"
    assert [tuple(leaf.source.locate(offset)[1:]) for offset in range(4)] == [(7, 5), (7, 7), (8, 5), (8, 7)]


@pytest.mark.parametrize(
    ("source", "columns"),
    [
        ("甲 ![a](b) ![c](d) 乙[^1]", [3, 11, 20]),
        ("![a](b)![c](d)", [1, 8]),
        ("甲[^1][^2]", [2, 6]),
        ("甲 ![a](b)", [3]),
        ("甲 ![a](b) \n乙", [3]),
    ],
)
def test_marks_without_width_know_their_place(source: str, columns: list[int]) -> None:
    leaf = leaves(source + "\n\n[^1]: 注\n\n[^2]: 注")[0]
    places = [locate_mark(leaf.source, leaf.marks, index) for index in range(len(leaf.marks))]
    assert [place.column for place in places] == columns


@pytest.mark.parametrize(
    ("source", "id", "classes", "was", "column"),
    [
        ("文。 {#p1}", "p1", (), (), 4),
        ("文。{#p1}", "p1", (), (), 3),
        ("文。　{#p1 }", "p1", (), (), 4),
        ("文。 {#p1 .verse}", "p1", ("verse",), (), 4),
        ("文。 {#p1 was=p2,p3 was=p4}", "p1", (), ("p2", "p3", "p4"), 4),
        ("# 文 {#p1}", "p1", (), (), 5),
        ("*文* {#p1}", "p1", (), (), 5),
        ("- 文 {#p1}", "p1", (), (), 5),
    ],
)
def test_an_id_ends_its_block(source: str, id: str, classes: tuple, was: tuple, column: int) -> None:
    leaf = only(source)
    assert leaf.text in ("文。", "文")
    assert leaf.attributes is not None
    assert (leaf.attributes.id, leaf.attributes.classes, leaf.attributes.was) == (id, classes, was)
    assert leaf.attributes.location.column == column


@pytest.mark.parametrize("source", ["文 `{#p1}`", "文 {#p1} 文", "文 {p1} 文", "文 (#p1)", "文 #p1"])
def test_what_only_looks_like_an_id_is_text(source: str) -> None:
    assert only(source).attributes is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("｛#p2｝", "{#p2}"),
        ("{p12}", "{#p12}"),
        ("{#P2}", "{#p2}"),
        ("（#p2）", "{#p2}"),
        ("｛＃ｐ２ .verse｝", "{#p2 .verse}"),
    ],
)
def test_an_id_with_wrong_signs_is_told_from_the_text(written: str, meant: str) -> None:
    leaf = only(f"文 {written}")
    assert leaf.text == "文"
    assert leaf.attributes is not None
    assert (leaf.attributes.slip, leaf.attributes.meant, leaf.attributes.location.column) == (
        written,
        meant,
        3,
    )


@pytest.mark.parametrize(
    ("source", "slip"),
    [
        ("见[[doujiang]。", "[[doujiang]"),
        ("见[doujiang]]。", "[doujiang]]"),
        ("见［［doujiang］］。", "［［"),
        ("见[[you]]和[doujiang]]。", "[doujiang]]"),
    ],
)
def test_a_link_that_lost_a_bracket_is_told(source: str, slip: str) -> None:
    report = Report()
    read_leaves(whole_file(source, "f", lambda target: target), report)
    told = [found.message for found in report.found if found.code == "markdown-slip"]
    assert told == [f"`{slip}` is shown as it stands"]


@pytest.mark.parametrize(
    "source", ["见[[doujiang]]。", "`[[doujiang]`", "[[注] 一]", "[文[^1]]", "\\[[注]", "[[注](pages/a.md)"]
)
def test_brackets_that_are_meant_are_no_slip(source: str) -> None:
    report = Report()
    read_leaves(whole_file(source, "f", lambda target: target), report)
    assert [found for found in report.found if found.code == "markdown-slip"] == []


@pytest.mark.parametrize(
    ("source", "kinds"),
    [
        ("# 甲\n\n乙\n\n> 丙\n\n- 丁\n", ["heading", "paragraph", "paragraph", "paragraph"]),
        ("![a](b)", ["image"]),
        ("甲![a](b)", ["paragraph"]),
        ("|a|\n|-|\n|b|\n", ["cell", "cell"]),
        ("甲[^1]\n\n[^1]: 乙\n\n    丙", ["paragraph", "footnote", "footnote"]),
        ("甲\n乙 {#p1 .verse}", ["verse"]),
        ("    甲", ["paragraph"]),
    ],
)
def test_blocks_have_their_kind(source: str, kinds: list[str]) -> None:
    assert [leaf.kind for leaf in leaves(source)] == kinds


def test_containers_are_named_from_the_outside_in() -> None:
    (leaf,) = leaves("> 3. 甲\n")
    assert [container.kind for container in leaf.within] == ["quote", "ol", "li"]
    assert leaf.within[1].start == 3
    assert leaves("0. 甲\n")[0].within[0].start == 0
    first, second = leaves("- 甲\n\n乙\n\n- 丙\n")[::2]
    assert first.within[0] != second.within[0]


def test_a_break_stands_before_the_block_that_follows() -> None:
    assert [leaf.after_break for leaf in leaves("甲\n\n---\n\n乙\n\n丙")] == [False, True, False]


@pytest.mark.parametrize(
    ("source", "problems"),
    [
        ("甲<b>乙", ["1:2 markdown-html"]),
        ("甲\n乙<!-- c -->", ["2:2 markdown-html", "2:1 paragraph-lines"]),
        ("甲\\<b>乙", []),
        ("甲&lt;b&gt;乙", []),
        ("甲`<b>`乙", []),
        ("甲 < 乙 > 丙", []),
        ("甲<https://example.org/>", []),
        ("甲<乙>丙", []),
        ("*甲*<a href='x_y_z'>", ["1:4 markdown-html"]),
        ("甲![<b>](static/a.svg)", ["1:2 markdown-html"]),
        ("[甲](javascript:a)", ["1:2 markdown-link"]),
        ("甲[乙](JAVASCRIPT:a)", ["1:3 markdown-link"]),
        ("[甲](&#106;avascript:a)", ["1:2 markdown-link"]),
        ("![甲](data:image/png;base64,x)", ["1:1 markdown-link"]),
        ("[甲](//example.org)", ["1:2 markdown-link"]),
        ("[甲](mailto:a@example.org)", []),
        ("```\n甲\n```", ["1:1 markdown-unsupported"]),
        ("甲[[liu]]", ["1:2 markdown-unsupported"]),
        ("> " * 30 + "甲", ["1:1 markdown-unsupported"]),
        ("> " * 15 + "甲", []),
        ("甲" * 1_000_001, ["1:1 paragraph-too-long"]),
        ("甲" * 1_000_000, []),
    ],
)
def test_what_has_no_place_in_an_edition_is_told(source: str, problems: list[str]) -> None:
    assert told(source) == problems
