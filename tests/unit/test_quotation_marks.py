"""Quotation marks: which become which, in which setting, and which have no partner."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duben.compile import quotation_marks
from duben.compile.quotation_marks import (
    CORNER,
    CURLY,
    Style,
    report_unbalanced,
    restyled_marks,
)
from duben.compile.scripts import converter
from duben.diagnostics import Report
from duben.model import Container, Conversion, Location, Paragraph, SourceMap, Span, Unit, Variant

HANS, HANT, TW, HK = Variant.HANS, Variant.HANT, Variant.TW, Variant.HK
MARKS = "“”‘’「」『』"


def replaced(text: str, marks: list[tuple[int, str]]) -> str:
    chars = list(text)
    for at, mark in marks:
        chars[at] = mark
    return "".join(chars)


def restyled(text: str, style: Style) -> str:
    return replaced(text, restyled_marks(text, style))


def paragraph(text: str, line: int = 1, kind: str = "paragraph", **more: Any) -> Paragraph:
    return Paragraph(f"p{line}", kind, HANS, text, SourceMap("text.md", ((0, line, 1),)), **more)


def told(*paragraphs: str | Paragraph, readings: dict[str, Conversion] | None = None) -> list[str]:
    """What is told of a text, `line:column message`; strings are paragraphs, numbered from 1."""
    report = Report()
    flow = [
        paragraph(each, line) if isinstance(each, str) else each for line, each in enumerate(paragraphs, 1)
    ]
    report_unbalanced([flow], report, readings or {})
    assert {found.code for found in report.found} <= {"quotation-unbalanced"}
    assert all(found.severity == "warning" and found.hint for found in report.found)
    return [f"{found.location.line}:{found.location.column} {found.message}" for found in report.in_order()]


# --- restyled


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Depth decides.
        ("“外‘内“里”内’外”", "「外『内「里」内』外」"),
        ("‘单用’和“双用”", "「单用」和「双用」"),
        ("“”", "「」"),
        ("用“，”和“。”断句", "用「，」和「。」断句"),
        # Other marks are let be, and do not count.
        ("“《山〈水〉》”", "「《山〈水〉》」"),
        ("《“山”》〈‘水’〉", "《「山」》〈「水」〉"),
        ("〝山“水”人〞", "〝山「水」人〞"),
        ("\"山\" '水' “人”", "\"山\" '水' 「人」"),
        # Mixed styles.
        ("“山”和「水」", "「山」和「水」"),
        ("「山“水”人」", "「山『水』人」"),
        # Apostrophes.
        ("it’s “好”", "it’s 「好」"),
        ("the students’ “好”", "the students’ 「好」"),
        ("生于’90s，“好”", "生于’90s，「好」"),
        ("生于‘90s，“好”", "生于‘90s，「好」"),
        ("Hawai‘i “好”", "Hawai‘i 「好」"),
        ("Д’Артаньян说“好”", "Д’Артаньян说「好」"),
        ("他说‘students’的书’吧", "他说「students’的书」吧"),
        # Inches, feet, minutes and seconds.
        ("27”的“屏”", "27”的「屏」"),
        ("“27”屏幕”", "「27”屏幕」"),
        ("高5’10”，“好”", "高5’10”，「好」"),
        ("“高5’10”，真高”", "「高5’10”，真高」"),
        ("“高5’10””", "「高5’10”」"),
        ("“‘高5’10”", "「『高5’10」"),
        ("用时12’30’’，“好”", "用时12’30’’，「好」"),
        # Latin quotations.
        ("He said “yes” to me.", "He said “yes” to me."),
        ("rock ‘n’ roll和“山”", "rock ‘n’ roll和「山」"),
        ("他说“yes”吧", "他说「yes」吧"),
        ("使用API‘GET’方法", "使用API「GET」方法"),
        ("“2035”", "「2035」"),
        # What has no partner keeps its rank, and the rest goes on by depth.
        ("‘山’和“水", "「山」和「水"),
        ("水”和‘山’", "水」和「山」"),
        ("“山‘水", "「山『水"),
        ("“山‘水’人", "「山『水』人"),
        ("山‘水’人”", "山『水』人」"),
        ("“山“水”", "「山「水」"),
        ("“山”水”", "「山」水」"),
        ("“山‘水”人", "「山『水」人"),
        ("‘山“水’人", "「山『水」人"),
        ("“山‘水“人‘石’人”土", "「山『水「人『石』人」土"),
        ("He said “yes” to me，他说“好", "He said “yes” to me，他说「好"),
        # Pairs of which one mark is the wrong one.
        ("“山」，水", "「山」，水"),
        ("“山“，水", "「山」，水"),
        ("他说：”山。”水", "他说：「山。」水"),
        # A line opens its quotation again.
        ("“山\n“水‘人’\n“石”", "「山\n「水『人』\n「石」"),
        ("“‘山\n“‘水’”", "「『山\n「『水』」"),
    ],
)
def test_simplified_marks_become_corners(text: str, expected: str) -> None:
    assert restyled(text, CORNER) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("「外『內「裡」內』外」", "“外‘內“裡”內’外”"),
        ("『山「水」』", "“山‘水’”"),
        ("「山」『水』", "“山”“水”"),
        ("『山』和「水", "“山”和“水"),
        ("「山『水』人", "“山‘水’人"),
        ("「it’s」", "“it’s”"),
        ("He said “yes” to 「山」", "He said “yes” to “山”"),
        ("〝山〞「水」", "〝山〞“水”"),
        ("《山》「〈水〉」", "《山》“〈水〉”"),
        ("「山”，水", "“山”，水"),
        ("“只有‘弯’的”", "“只有‘弯’的”"),
    ],
)
def test_corners_become_simplified_marks(text: str, expected: str) -> None:
    assert restyled(text, CURLY) == expected


# --- told


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("他说“山。", ["1:3 “ is not closed"]),
        ("他说山”。", ["1:4 ” closes nothing"]),
        ("“山」，水", ["1:3 “ is closed by 」"]),
        ("『山’，水", ["1:3 『 is closed by ’"]),
        ("“山’，水", ["1:3 “ is closed by ’"]),
        ("“山』", ["1:3 “ is closed by 』"]),
        ("“山“，水", ["1:3 “ is closed by “"]),
        ("（“山“）水", ["1:4 “ is closed by “"]),
        ("他说“山“", ["1:5 “ is closed by “"]),
        ("他说：”山。”", ["1:4 ” stands where a quotation opens"]),
        ("”山“", ["1:1 ” closes nothing", "1:3 “ is not closed"]),
        ("“山‘水”人", ["1:3 ‘ is not closed"]),
        ("“山‘水”人’", ["1:3 ‘ is not closed", "1:7 ’ closes nothing"]),
        ("“山“水”", ["1:1 “ is not closed"]),
        ("“山”水”", ["1:5 ” closes nothing"]),
        ("到2035”，“好”", ["1:6 ” closes nothing"]),
        ("“山”\n水”", ["1:6 ” closes nothing"]),
        # Two that no turning round helps are told as they are printed.
        ("”’水‘山‘", ["1:1 ” closes nothing", "1:2 ’ closes nothing", "1:6 ‘ is closed by ‘"]),
    ],
)
def test_a_mark_without_its_partner_is_told_at_its_place(text: str, expected: list[str]) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "“外‘内“里”内’外”",
        "‘单用’和『双』",
        "“山”和「水」",
        "用“，”和“。”断句，逗号“，”是一种",
        "《“山”》〈‘水’〉（“人”）",
        "〝山，《水，\"人，'石",
        "it’s the students’ ’90s，Hawai‘i，‘90s，rock ‘n’ roll",
        "27”屏，高5’10”，15.6”，12’30’’",
        "“27”屏幕”，“高5’10”，真高”，“高5’10””",
        "“山\n“水\n“石”",
        "“山\n水\n石”",
        "「山「，水」\n」",
    ],
)
def test_what_is_no_mistake_is_not_told(text: str) -> None:
    assert told(text) == []


IN_LIST = (Container("ul", 1), Container("li", 1))


@pytest.mark.parametrize(
    ("paragraphs", "expected"),
    [
        # Each paragraph opens again, and the last closes.
        (("他说：“山。", "“水。", "“石。”"), []),
        (("他说：“山‘水。", "“‘人’石。”"), []),
        (("“山。", paragraph("水", 2, "image"), paragraph("石", 3, "heading"), "“人。”"), []),
        (("“山。", paragraph("注", 2, "footnote", label="1"), "“人。”"), []),
        # Or one of them does not.
        (("他说：“山。", "水。", "“石。”"), ["1:4 “ is not closed"]),
        (("他说：“山。", "水。”"), ["1:4 “ is not closed", "2:3 ” closes nothing"]),
        (("“山", "“水", "“石"), ["3:1 “ is not closed"]),
        (("“山‘水", "“石”"), ["1:3 ‘ is not closed"]),
        (("「山", "“水”"), ["1:1 「 is not closed"]),
        # What its own mark follows does not run over.
        (("“山。然后“水”", "“石。”"), ["1:1 “ is not closed"]),
        (("他说“山’，水。", "“石。”"), ["1:5 “ is closed by ’"]),
        # A heading, a cell, a footnote stands for itself.
        ((paragraph("“山", 1, "heading"), "“水”"), ["1:1 “ is not closed"]),
        ((paragraph("“山", 1, "cell"), paragraph("“水”", 2, "cell")), ["1:1 “ is not closed"]),
        (("“山", paragraph("“水”", 2, "footnote", label="1")), ["1:1 “ is not closed"]),
        # Verse and lists may go on without.
        ((paragraph("“山\n水", 1, "verse"), paragraph("石\n人”", 2, "verse")), []),
        ((paragraph("“山\n水", 1, "verse"), paragraph("石\n人", 2, "verse")), ["1:1 “ is not closed"]),
        (("他说：“山", paragraph("水", 2, within=IN_LIST), paragraph("石‘土’”", 3, within=IN_LIST)), []),
        ((paragraph("“山", 1, within=IN_LIST), paragraph("“水”", 2, within=IN_LIST)), []),
        (
            (paragraph("“山", 1, within=IN_LIST), paragraph("水’", 2, within=IN_LIST)),
            ["2:2 “ is closed by ’"],
        ),
        (
            (paragraph("山”", 1, within=IN_LIST), paragraph("“水", 2, within=IN_LIST)),
            ["1:2 ” closes nothing", "2:1 “ is not closed"],
        ),
    ],
)
def test_a_quotation_may_run_over_paragraphs(
    paragraphs: tuple[str | Paragraph, ...], expected: list[str]
) -> None:
    assert told(*paragraphs) == expected


def test_a_quotation_does_not_run_over_from_one_note_to_the_next() -> None:
    report = Report()
    report_unbalanced([[paragraph("“山", 1)], [paragraph("“水”", 2)]], report)
    assert [found.location for found in report.found] == [Location("text.md", 1, 1)]


def test_what_is_read_counts_and_what_is_printed_is_the_place() -> None:
    # 3 characters, read as 6, before a mark that closes nothing.
    reading = Conversion("“好的呀”人”", (Unit(Span(0, 2), Span(0, 5)),))
    assert told("好的人”", readings={"p1": reading}) == ["1:4 ” closes nothing"]
    assert told("“山", readings={"p1": Conversion("“山”", (Unit(Span(1, 2), Span(1, 3)),))}) == []


def test_the_hint_names_the_mark_to_write() -> None:
    report = Report()
    report_unbalanced([[paragraph("「山”，『水", 1), paragraph("石", 2)]], report)
    assert [found.hint for found in report.found] == [
        "write 」",
        (
            "write 』 where the quotation ends; if it goes on, begin the next paragraph with 『, too; "
            "if it is so in print, mend it by `reading:`"
        ),
    ]


# --- whatever the text

ANY = st.text(st.sampled_from(MARKS + "山水，。：a7 \n’’””"), max_size=40)
WORDS = st.sampled_from(["山", "水。", "，人", "it’s", "5’10", "《石》", "2035年", " "])


def nested(style: Style) -> st.SearchStrategy[str]:
    """Quotations with words around and within, the outer marks outside and in turn the inner ones."""

    def level(depth: int) -> st.SearchStrategy[str]:
        if depth == 4:
            return WORDS
        opening, closing = tuple(style[depth % 2])
        inside = st.lists(level(depth + 1), max_size=3).map("".join)
        quotation = inside.map(lambda words: f"{opening}山{words}水{closing}")
        return st.one_of(WORDS, quotation)

    return st.lists(level(0), max_size=6).map("".join)


@settings(max_examples=300, deadline=None)
@given(ANY, st.sampled_from([CURLY, CORNER]))
def test_number_and_places_of_the_marks_are_kept(text: str, style: Style) -> None:
    marks = restyled_marks(text, style)
    places = [at for at, _ in marks]
    assert places == sorted(set(places))
    assert all(text[at] in MARKS and text[at] != mark for at, mark in marks)
    assert {mark for _, mark in marks} <= set(style.outer + style.inner)
    # A conversion touches nothing else.
    converted = converter(HANS, TW).convert(text).text
    assert [(found.start(), found.end()) for found in re.finditer(f"[{MARKS}]", converted)] == [
        (found.start(), found.end()) for found in re.finditer(f"[{MARKS}]", text)
    ]


@settings(max_examples=300, deadline=None)
@given(st.lists(ANY, max_size=3))
def test_each_mark_is_told_once_at_most(paragraphs: list[str]) -> None:
    places = [message.partition(" ")[0] for message in told(*paragraphs)]
    assert len(places) == len(set(places))
    # Lines and columns count from 1; a column that is no mark's would be a wrong place.
    for line, column in (map(int, place.split(":")) for place in places):
        assert paragraphs[line - 1][column - 1] in MARKS


@settings(max_examples=300, deadline=None)
@given(st.one_of(ANY, nested(CURLY), nested(CORNER)))
def test_marks_as_they_should_be_are_restyled_without_being_read(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quotation_marks, "_WELL_FORMED", dict.fromkeys((CURLY, CORNER), re.compile("(?!)")))
        read = [restyled_marks(text, style) for style in (CURLY, CORNER)]
    assert [restyled_marks(text, style) for style in (CURLY, CORNER)] == read


@settings(max_examples=200, deadline=None)
@given(nested(CURLY))
def test_there_and_back_gives_balanced_marks_back(text: str) -> None:
    there = converter(HANS, TW).convert(text).text
    assert not set("“”‘") & set(there)
    assert converter(TW, HANS).convert(there).text == text
    assert told(text) == told(there) == []


@settings(max_examples=200, deadline=None)
@given(nested(CORNER), st.data())
def test_a_mark_taken_away_is_missed(text: str, data: st.DataObject) -> None:
    places = [at for at, char in enumerate(text) if char in "「」『』"]
    if places:
        at = data.draw(st.sampled_from(places))
        assert told(text[:at] + text[at + 1 :])


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("「」『』山\n"), max_size=8))
def test_what_a_plain_stack_balances_is_not_told(text: str) -> None:
    rest, count = text.replace("\n", "山"), 1
    while count:
        rest, count = re.subn("「山*」|『山*』", "", rest)
    if not set("「」『』") & set(rest):
        assert told(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "“‘" * 6_000 + "yes" + "’”" * 6_000,
        "“‘" * 6_000 + "山" + "’”" * 6_000,
        "He said “yes” to me. " * 12_000,
        "他说“好”。" * 40_000,
        "“" + " " * 250_000 + "yes”",
        "山”" * 12_000,
        "“山\n" * 12_000,
        "“27”屏”" * 7_500,
        "“山‘水”人’" * 7_500,
    ],
    ids=["latin", "nested", "latin pairs", "pairs", "spaces", "closings", "lines", "inches", "crossing"],
)
def test_a_long_paragraph_is_read_in_one_go(text: str) -> None:
    began = time.process_time()
    restyled_marks(text, CORNER)
    told(text)
    # About half a second at most; what grows with the square of the length takes ten and more.
    assert time.process_time() - began < 5
