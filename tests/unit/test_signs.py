"""Half-width marks, characters of the other script, characters that are lost: what is told."""

from __future__ import annotations

import pytest

from duben.compile.review import strange_characters
from duben.compile.signs import half_width_marks, report_signs
from duben.diagnostics import Report
from duben.model import SourceMap, Variant
from duben.read.paragraphs import plain_paragraph


def full_width(text: str, variant: Variant = Variant.HANS) -> str:
    chars = list(text)
    for mark in half_width_marks(text, variant):
        assert chars[mark.offset] == mark.sign
        chars[mark.offset] = mark.full or mark.sign
    return "".join(chars)


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("天亮了,市开了.", "天亮了，市开了。"),
        ("他说:“来!”", "他说：“来！”"),
        ("他说:“来.”", "他说：“来。”"),
        ("他说:「来」;走了?", "他说：「来」；走了？"),
        ("早市(清晨的集市)开了", "早市（清晨的集市）开了"),
        ("早市(“清晨”)", "早市（“清晨”）"),
        ('他说:"来。"走了', "他说：“来。”走了"),
        ('他说"来"', "他说“来”"),
        ("天亮了, 市开了", "天亮了， 市开了"),
        ("天亮了,\n市开了", "天亮了，\n市开了"),
        # Not certain, so the sign stays.
        ("卡尔.马克思", "卡尔.马克思"),
    ],
)
def test_marks_between_chinese_characters_get_their_full_form(text: str, mended: str) -> None:
    assert full_width(text) == mended


def test_straight_quotes_become_those_of_the_script() -> None:
    assert full_width('他說:"來"', Variant.HANT) == "他說：「來」"


@pytest.mark.parametrize(
    "text",
    [
        "9:30开市，比例1:2，2.5元",
        "Apple, Inc.与Co., Ltd.",
        "见Smith (1998)和（1999）",
        "U.S.军",
        "他说：“来！”",
        "豆浆(soy milk)",
        "a,柳",
        "柳,a",
        'the "老周" brand',
        '5"屏幕',
        "",
        "……",
        "https://example.org/?a=1",
    ],
)
def test_marks_beside_latin_letters_and_digits_are_left_in_peace(text: str) -> None:
    assert half_width_marks(text, Variant.HANS) == []


@pytest.mark.parametrize(
    ("text", "variant", "strange"),
    [
        ("乾坤与干净，著名的瞭望台，藉口", Variant.HANS, ""),
        ("皇后在後面，一里路，干支，征伐", Variant.HANT, ""),
        ("长街無人", Variant.HANS, "無"),
        ("长街無人", Variant.HANT, "长"),
        ("説與說、裏與裡、羣與群", Variant.HANT, ""),
    ],
)
def test_characters_that_both_scripts_write_are_not_strange(
    text: str, variant: Variant, strange: str
) -> None:
    assert "".join(strange_characters(text, variant)) == strange


def codes_of(text: str) -> list[str]:
    report = Report()
    paragraph = plain_paragraph("p1", "paragraph", text, SourceMap("a.md", ((0, 1, 1),)), Variant.HANS)
    report_signs([paragraph], report)
    return [f"{found.location.column} {found.code}" for found in report.found]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("木字旁", []),
        ("⽊字旁", ["1 character-unstable"]),
        ("字\ufffd", ["2 character-unstable"]),
        ("字\ue000字\U000f0000", ["2 character-unstable", "4 character-unstable"]),
        ("\uf900\uf900", ["1 character-unstable"]),
        ("\U0002f800", ["1 character-unstable"]),
        ("\ufa0e\ufa29", []),  # two of the twelve in that block that have no other form
        ("⻌", ["1 character-unstable"]),
        ("𠀀〇々葛\U000e0100", []),
    ],
)
def test_characters_that_are_not_what_they_look_like_are_told_once(text: str, told: list[str]) -> None:
    assert codes_of(text) == told


def test_a_file_with_many_half_width_marks_is_told_once() -> None:
    assert codes_of("天,地,人,山") == ["2 punctuation-half-width"]


def test_prose_as_it_is_printed_has_hardly_a_mark_that_is_strange(conformance) -> None:
    """Precision on 1,000 sentences of encyclopaedic prose and 2,994 lines of essays, both scripts."""
    strange = 0
    for line in (conformance / "s2t-hk-literature.tsv").read_text("utf-8").splitlines():
        for text, variant in zip(line.split("\t"), (Variant.HANS, Variant.HANT), strict=False):
            strange += len(strange_characters(text, variant))
    assert strange <= 1
    for line in (conformance / "s2t-ud-gsd.tsv").read_text("utf-8").splitlines():
        for text, variant in zip(line.split("\t"), (Variant.HANS, Variant.HANT), strict=False):
            assert half_width_marks(text, variant) == []
            assert strange_characters(text, variant) == []
