"""Strings that may be terms: what is counted, what is left out, what the measures say."""

from __future__ import annotations

from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duben.compile.candidates import Candidate, Line, find_candidates, least_count
from duben.compile.function_words import is_function_word, is_quantity, weight_of_tags
from duben.compile.words import Language
from duben.model import Span


class Bare:
    """A language of which nothing is known: each character is a word, and as rare as the others."""

    def tag(self, sentence: str) -> list[tuple[str, str]]:
        return [(char, "n") for char in sentence]

    def frequency(self, word: str) -> float:
        return 0.0 * len(word)


TEA = (
    "云雾茶长在半山腰，采茶戏唱在晒谷场。",
    "老人说云雾茶要用泉水泡，年轻人却只爱听采茶戏。",
    "那年大雪，云雾茶冻坏了一半；采茶戏照样开锣。",
    "石板桥边卖云雾茶，石板桥上看采茶戏。",
)


def found(
    *texts: str, known: tuple[str, ...] = (), language: object = None, **options: int
) -> dict[str, Candidate]:
    """The candidates by their text, each text a document of one line."""
    lines = [Line(text, number) for number, text in enumerate(texts)]
    candidates = find_candidates(lines, known, language or Bare(), **options)  # type: ignore[arg-type]
    return {candidate.text: candidate for candidate in candidates}


def test_words_that_stand_together_everywhere_are_found_whole() -> None:
    candidates = found(*TEA)
    assert {"云雾茶", "采茶戏", "石板桥"} <= candidates.keys()
    assert not {"云雾", "雾茶", "采茶", "茶戏", "石板", "板桥"} & candidates.keys()


def test_the_measures_are_those_of_the_literature() -> None:
    tea = found(*TEA)["云雾茶"]
    assert (tea.count, tea.documents) == (4, 4)
    total = sum("一" <= char <= "鿿" for text in TEA for char in text)
    # 茶 stands by itself in 采茶戏, so the weakest split is 云雾 | 茶.
    tea_alone = sum(text.count("茶") for text in TEA)
    expected = log2((4 / total) / ((4 / total) * (tea_alone / total))) / -log2(4 / total)
    assert tea.cohesion == pytest.approx(expected)
    # Left: the start of a text, 说, a comma, 卖. Right: 长, 要, 冻 and a comma.
    assert (tea.left, tea.right) == (4, 4)
    assert tea.entropy == pytest.approx(2.0)


def test_dispersion_is_1_where_the_spread_is_that_of_the_texts_and_0_in_the_smallest() -> None:
    even = found("甲乙丙，丁戊", "甲乙丙，丁戊")["甲乙丙"]
    assert even.dispersion == pytest.approx(1.0)
    uneven = found("甲乙丙，甲乙丙", "丁戊己，庚辛壬癸子丑寅卯", min_count=2)["甲乙丙"]
    assert uneven.dispersion == pytest.approx(0.0)


@pytest.mark.parametrize("between", ["，", "。", " ", "\n", "“", "/", "　", "（"])
def test_no_candidate_stands_across_a_mark(between: str) -> None:
    candidates = found(*(f"{start}山川{between}湖海{end}" for start, end in ("甲乙", "丙丁", "戊己")))
    assert candidates.keys() == {"山川", "湖海"}


def test_no_candidate_stands_across_the_end_of_a_paragraph() -> None:
    lines = [Line(text, 0) for text in ("甲山川", "湖海乙", "丙山川", "湖海丁")]
    assert {each.text for each in find_candidates(lines, (), Bare())} == {"山川", "湖海"}


def test_letters_and_digits_are_one_unit() -> None:
    candidates = found(
        "买了5G基站，C919起飞。", "建了5G基站；C919降落。", "拆了5G基站！C919入库。", language=Language()
    )
    assert {"5G基站", "C919"} <= candidates.keys()
    assert not {"5", "G基站", "C9"} & candidates.keys()


def test_a_dot_joins_a_foreign_name_and_stands_at_no_edge() -> None:
    texts = ("玛丽·采茶来了。", "见过玛丽·采茶吗？", "玛丽·采茶走了，·三·。")
    candidates = found(*texts, language=Language())
    assert "玛丽·采茶" in candidates
    assert not [text for text in candidates if text[0] == "·" or text[-1] == "·"]


def test_words_of_english_alone_are_no_terms() -> None:
    candidates = found(*["他写道the Tea Shop，又写道the Tea Shop。"] * 3, language=Language())
    assert {"Tea", "Shop"} <= candidates.keys()
    assert "the" not in candidates


def test_numbers_and_quantities_stand_at_no_edge() -> None:
    candidates = found(
        *("共有2023年冬小麦三千亩。", "种下2023年冬小麦三千亩，", "收获2023年冬小麦三千亩；"),
        language=Language(),
    )
    assert candidates.keys() == {"冬小麦"}


def test_function_words_stand_at_no_edge() -> None:
    candidates = found(
        *("在晒谷场的和云雾茶的。", "从晒谷场的到云雾茶的！", "把晒谷场的与云雾茶的？"), language=Language()
    )
    assert {"晒谷场", "云雾茶"} <= candidates.keys()
    assert not [text for text in candidates if text[0] in "在从把和到与的" or text.endswith("的")]


def test_what_is_known_is_not_found_nor_is_a_part_of_it() -> None:
    lines = [
        Line(text, number, [Span(at, at + 3)])
        for number, text in enumerate(TEA)
        if (at := text.find("云雾茶")) >= 0
    ]
    texts = {each.text for each in find_candidates(lines, ("云雾茶",), Bare())}
    assert "采茶戏" in texts
    assert not [text for text in texts if text in "云雾茶" or ("雾茶" in text and "云雾茶" not in text)]


def test_what_holds_a_known_term_may_be_a_term() -> None:
    lines = [
        Line(f"{start}云雾茶馆{end}", number, [Span(1, 4)])
        for number, (start, end) in enumerate(["甲，", "乙。", "丙；"])
    ]
    assert [each.text for each in find_candidates(lines, ("云雾茶",), Bare())] == ["云雾茶馆"]


def test_a_verb_beside_a_term_counts_less() -> None:
    texts = ("茶农发展云雾茶。", "乡里发展云雾茶，", "老人爱喝云雾茶；", "泉水泡云雾茶！", "云雾茶出山了")
    candidates = found(*texts, language=Language())
    phrase = candidates.get("发展云雾茶")
    assert phrase is None or phrase.score < candidates["云雾茶"].score / 2


def test_the_least_count_grows_with_the_collection() -> None:
    assert [least_count(units) for units in (0, 9_000, 100_000, 200_000, 3_800_000)] == [2, 2, 2, 3, 5]


def test_a_string_too_rare_is_no_candidate() -> None:
    assert "云雾茶" in found(*TEA, min_count=4)
    assert "云雾茶" not in found(*TEA, min_count=5)


@pytest.mark.parametrize("word", "的 在 以及 我们 这个 因为 正在 已经 不断".split())
def test_a_function_word_is_known_as_one(word: str) -> None:
    assert is_function_word(word, "")


@pytest.mark.parametrize("word", "十 三 二十 三百五十 两千多亩 第三个 几十年 一个 二〇二四年 十五".split())
def test_a_quantity_is_known_as_one(word: str) -> None:
    assert is_quantity(word)


@pytest.mark.parametrize("word", "十四五 一五 三一 一带一路 两会 三大工程 百年老店 千里马".split())
def test_a_name_that_starts_with_a_number_is_no_quantity(word: str) -> None:
    assert not is_quantity(word)


def test_a_name_weighs_more_than_a_verb() -> None:
    assert weight_of_tags(["ns"], "辽宁") > weight_of_tags(["n"], "轴承") > weight_of_tags(["v"], "来到")
    # The segmenter takes 卫星 for a person.
    assert weight_of_tags(["nr"], "卫星") == weight_of_tags(["n"], "卫星")


@given(st.lists(st.text("甲乙丙丁，。A1 \n\U000f0000", max_size=30), max_size=6))
def test_a_candidate_stands_at_each_of_its_places(texts: list[str]) -> None:
    lines = [Line(text, number % 2) for number, text in enumerate(texts)]
    for candidate in find_candidates(lines, (), Bare()):
        assert candidate.count == len(candidate.places) == len(set(candidate.places)) >= 2
        for place in candidate.places:
            assert lines[place.line].text[slice(*place.span)] == candidate.text
        assert not set(candidate.text) & set("，。 \n\U000f0000")
        assert 0 <= candidate.cohesion <= 1
        assert 0 <= candidate.dispersion <= 1
        assert 1 <= candidate.left <= candidate.count
        assert 1 <= candidate.right <= candidate.count


@given(st.lists(st.text("甲乙丙，", max_size=20), min_size=1, max_size=5))
def test_the_counts_are_those_of_a_slow_search(texts: list[str]) -> None:
    """What is found stands as often as a plain search says."""
    lines = [Line(text, 0) for text in texts]
    for candidate in find_candidates(lines, (), Bare()):
        slow = sum(text.startswith(candidate.text, offset) for text in texts for offset in range(len(text)))
        assert candidate.count == slow
