"""What a review asks about, what it leaves alone, and what settles it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path

import pytest
import rjieba
from conftest import Run

from duben.compile.review import REASONS, Doubt, Reviewer
from duben.compile.scripts import converter, fold_glyphs
from duben.model import Override, Span, Variant

HANS, HANT, TW, HK = Variant.HANS, Variant.HANT, Variant.TW, Variant.HK

Build = Callable[[Path, Mapping[str, str | bytes]], Path]


def review(
    text: str,
    source: Variant = HANS,
    target: Variant = TW,
    *,
    regional: bool = False,
    phrases: Mapping[str, str] | None = None,
    overrides: tuple[Override, ...] = (),
    segmenter: str = "words",
    engine: str = "duben",
) -> list[Doubt]:
    words = frozenset({target}) if regional else frozenset[Variant]()
    settled = converter(
        source,
        target,
        regional=words,
        phrases={target: phrases or {}},
        engine=engine,
        segmenter=segmenter,
    )
    reviewer = Reviewer(source, target, settled, words, engine, segmenter, rjieba)
    return reviewer.doubts(text, overrides)


def asked(text: str, doubts: list[Doubt]) -> dict[str, Doubt]:
    return {text[slice(*doubt.span)]: doubt for doubt in doubts if not doubt.settled}


@pytest.mark.parametrize(
    ("text", "source", "target", "regional", "word", "reason", "other"),
    [
        ("他们在等制造业回归。", HANS, TW, False, "回归", "opencc", "迴歸"),
        ("他们在等制造业回归。", HANS, TW, False, "回归", "engine", "迴歸"),
        ("会上，陈俊杰教授发了言。", HANS, TW, False, "陈俊杰", "name", "陳俊杰"),
        ("从全局看问题。", HANS, TW, True, "全局", "region", "全局"),
        ("从全局看问题。", HANS, TW, False, "全局", "region", "全域性"),
        ("加快工业化进程。", HANS, TW, True, "进程", "region", "進程"),
        ("他望着里出神", HANS, TW, False, "里", "character", "里"),
        ("不知为什么都干了。", HANS, TW, False, "干", "character", "乾"),
        ("一口气干了。", HANS, TW, False, "干", "character", "乾"),
        ("捡起干了的柿子。", HANS, TW, False, "干", "character", "乾"),
        ("面很干。", HANS, TW, False, "干", "words", "幹"),
        ("两人凭借经验。", HANS, TW, False, "凭借", "spelling", "憑借"),
        ("腦機介面", TW, HANS, False, "介面", "region", "界面"),
        ("這標誌著開始。", TW, HANS, False, "著", "opencc", "著"),
        ("乙太鋼", TW, HANS, False, "乙太", "region", "以太"),
        ("把麵搟得薄", TW, HANS, False, "搟", "foreign", None),
        ("掌握核心技術", TW, HANS, True, "核心技術", "region", "核心技术"),
    ],
)
def test_what_may_be_wrong_is_asked_about_and_why(
    text: str, source: Variant, target: Variant, regional: bool, word: str, reason: str, other: str | None
) -> None:
    found = [
        doubt
        for doubt in review(text, source, target, regional=regional)
        if word in text[slice(*doubt.span)] or text[slice(*doubt.span)] in word
    ]
    assert len(found) == 1
    assert reason in found[0].reasons
    assert not found[0].settled
    if other is None:
        assert found[0].others == ()
    else:
        assert any(other in one for one in found[0].others)


@pytest.mark.parametrize(
    "text",
    ["", "2024年", "plain English", "“。”", "今天天气很好，我们去公园。", "什么也没有发生。", "⿰氵干", "🙂"],
)
def test_what_is_plain_is_left_alone(text: str) -> None:
    assert review(text) == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("伞干了。", "傘乾了。"),
        ("衣服已经干了。", "衣服已經乾了。"),
        ("头发干了再出门。", "頭髮乾了再出門。"),
        ("干了的豆腐皮。", "乾了的豆腐皮。"),
        ("这是他干的。", "這是他幹的。"),
        ("干了一天活。", "幹了一天活。"),
        ("他们干了三年。", "他們幹了三年。"),
    ],
)
def test_a_dry_thing_and_work_done_are_told_apart_and_not_asked_about(text: str, wanted: str) -> None:
    assert converter(HANS, TW).convert(text).text == wanted
    assert "干" not in "".join(asked(text, review(text)))


@pytest.mark.parametrize("text", ["正月里很冷。", "银行里没有人。", "瓶子里的水", "一块钢板", "朱利亚的席位"])
def test_a_reading_that_the_place_rules_out_is_no_choice(text: str) -> None:
    assert {"里", "板", "朱"}.isdisjoint("".join(asked(text, review(text))))


def test_every_choice_differs_from_what_is_read_by_more_than_a_glyph() -> None:
    text = "正月里，他里屋外屋都干了，后面没有发，只表了态，面也系好了。"
    for target in (HANT, TW, HK):
        for doubt in review(text, HANS, target):
            assert fold_glyphs(doubt.reads) not in map(fold_glyphs, doubt.others)


def test_a_text_in_its_own_script_is_left_alone() -> None:
    assert review("制造业回归。", HANS, HANS) == []


SENTENCE = "他们在等制造业回归。"


def test_a_phrase_of_the_edition_settles_a_place() -> None:
    assert asked(SENTENCE, review(SENTENCE)).keys() >= {"回归"}
    doubts = review(SENTENCE, phrases={"回归": "回歸"})
    assert "回归" not in asked(SENTENCE, doubts)
    assert [doubt.reads for doubt in doubts if doubt.settled] == ["回歸"]


@pytest.mark.parametrize("rule", ["occurrence", "entry"])
def test_a_decision_on_the_place_or_a_form_of_the_glossary_settles_it(rule: str) -> None:
    span = Span(SENTENCE.index("回归"), SENTENCE.index("。"))
    doubts = review(SENTENCE, overrides=(Override(span, "迴歸", rule),))
    assert [doubt.reads for doubt in doubts if doubt.span == span] == ["迴歸"]
    assert "回归" not in asked(SENTENCE, doubts)


def test_half_a_word_that_is_settled_leaves_the_other_half_open() -> None:
    text = "买了复印纸。"
    doubts = review(text, overrides=(Override(Span(3, 5), "印紙", "entry", "yinzhi"),))
    (open_,) = [doubt for doubt in doubts if not doubt.settled]
    assert open_.phrase.start <= 2 < open_.phrase.end <= 3


def test_the_places_are_in_order_and_do_not_overlap() -> None:
    text = "凭借经验，他们在等制造业回归，从全局看待工业化进程，把里面的发展写进屋里。" * 3
    doubts = review(text, regional=True)
    assert len(doubts) > 9
    for doubt, following in pairwise(doubts):
        assert doubt.span.start < doubt.span.end <= following.span.start
        assert set(doubt.reasons) <= set(REASONS)


def test_the_second_engine_is_not_held_against_itself() -> None:
    doubts = review(SENTENCE, engine="opencc-python-reimplemented")
    assert not any("engine" in doubt.reasons for doubt in doubts)


# --- what the two articles do to the engines (their table stands in the design of the converter)


@pytest.mark.parametrize(
    ("article", "source", "target", "regional", "word", "times"),
    [
        (0, HANS, TW, False, "回归", 1),
        (0, HANS, TW, False, "东升", 1),
        (0, HANS, TW, True, "全局", 3),
        (0, HANS, TW, True, "进程", 1),
        (0, HANS, TW, True, "运行", 1),
        (0, HANS, TW, True, "通过", 1),
        (1, TW, HANS, False, "乙太", 1),
        (1, TW, HANS, True, "乙太", 1),
        (1, TW, HANS, False, "搟", 1),
        (1, TW, HANS, False, "著", 1),
        (1, TW, HANS, True, "核心", 2),
        (1, TW, HANS, True, "産線", 1),
        (1, TW, HANS, False, "介面", 1),
        (1, TW, HANS, True, "介面", 1),
    ],
)
def test_what_engines_get_wrong_in_the_articles_is_asked_about(
    article: int, source: Variant, target: Variant, regional: bool, word: str, times: int, sources: Path
) -> None:
    lines = sorted(sources.glob("*.txt"))[article].read_text("utf-8").splitlines()
    found: list[tuple[str, Doubt]] = [
        (line, doubt) for line in lines for doubt in review(line, source, target, regional=regional)
    ]
    touching = [doubt for line, doubt in found if word in line[slice(*doubt.span)]]
    assert len(touching) >= times
    characters = sum(len(re.findall("[㐀-鿿]", line)) for line in lines)
    questions = {(line[slice(*doubt.span)], doubt.reads) for line, doubt in found}
    assert 1000 * len(questions) / characters <= 25


# --- the command


@pytest.fixture
def edition(tmp_path: Path, write_edition: Build) -> Path:
    return write_edition(
        tmp_path / "content",
        {
            "edition.yaml": "title: 读本\nvariants: [zh-Hans, zh-Hant, zh-Hant-HK]\n",
            "texts/a/text.yaml": "title: 回归\nlang: zh-Hans\ncredits: {摄影: 虞东升}\n",
            "texts/a/text.md": "他们在等制造业回归。 {#p1}\n\n回归以后，他走进屋里。 {#p2}\n",
            "glossary/a.yaml": """
                - id: chongzhen
                  kind: concept
                  term: 重振旗鼓
                - id: lengzha
                  kind: concept
                  term: 冷轧
            """,
        },
    )


def check(edition: Path, run_duben: Callable[..., Run], *options: str) -> Run:
    return run_duben("check", "--scripts", *options, cwd=edition.parent)


def test_it_lists_the_places_with_the_line_that_settles_them(
    edition: Path, run_duben: Callable[..., Run]
) -> None:
    run = check(edition, run_duben)
    assert run.status == 0
    assert "content/texts/a/text.yaml:1:8: [回归], 3 times\n" in run.stdout
    assert "content/texts/a/text.md:3:10: 回归以后，他走进[屋里]。" not in run.stdout
    assert "  zh-Hant zh-Hant-HK: 回歸, or 迴歸\n" in run.stdout
    assert "\nzh-Hant:\n" in run.stdout
    assert "\n  回归: 回歸  # or 迴歸\n" in run.stdout
    assert "虞[东升]" in run.stdout
    assert re.search(r"scripts: zh-Hant \d+ open, 0 settled", run.stdout)


def test_strict_fails_while_anything_is_open(edition: Path, run_duben: Callable[..., Run]) -> None:
    assert check(edition, run_duben, "--strict", "-q").status == 1


def test_what_it_says_to_paste_settles_everything(edition: Path, run_duben: Callable[..., Run]) -> None:
    document = json.loads(check(edition, run_duben, "--format", "json").stdout)
    review = document["scripts"]
    assert review["questions"]
    assert all(question["settle"] for question in review["questions"])
    printed = check(edition, run_duben).stdout
    pasted = printed[printed.index("\nzh-Hant:\n") : printed.index("\nscripts: ")]
    pinyin = "\npinyin:\n  冷轧: lěng zhá\n  重振: chóng zhèn\n"
    (edition / "scripts.yaml").write_text(pasted + pinyin, encoding="utf-8")
    run = check(edition, run_duben, "--strict", "-q")
    assert run.status == 0, run.stdout
    assert re.search(r"zh-Hant 0 open, \d+ settled", run.stdout)


def test_json_holds_problems_and_questions(edition: Path, run_duben: Callable[..., Run]) -> None:
    document = json.loads(check(edition, run_duben, "--format", "json").stdout)
    assert {problem["code"] for problem in document["problems"]} == {"entry-unused"}
    question = next(one for one in document["scripts"]["questions"] if one["phrase"] == "回归")
    assert question["reads"] == {"zh-Hant": "回歸", "zh-Hant-HK": "回歸"}
    assert question["others"] == {"zh-Hant": ["迴歸"], "zh-Hant-HK": ["迴歸"]}
    assert question["settle"] == {"zh-Hant": {"回归": "回歸"}}
    assert (question["where"], question["line"]) == ("a", 1)
    (pinyin, *_) = [one for one in document["scripts"]["pinyin"] if one["word"] == "冷轧"]
    assert pinyin["character"] == "轧"


def test_errors_come_as_json_too(edition: Path, run_duben: Callable[..., Run]) -> None:
    (edition / "edition.yaml").write_text("title: 读本\nsegmenter: jieba\n", encoding="utf-8")
    run = check(edition, run_duben, "--format", "json")
    assert run.status == 1
    problem = json.loads(run.stdout)["problems"][0]
    assert (problem["code"], problem["file"], problem["line"]) == ("schema-value", "content/edition.yaml", 2)
    assert "words" in problem["message"] + problem["hint"]


def write_text(write_edition: Build, folder: Path, text: str, settings: str = "") -> Path:
    return write_edition(
        folder / "content",
        {
            "edition.yaml": f"title: 读本\n{settings}",
            "texts/a/text.yaml": "title: 甲\nlang: zh-Hans\n",
            "texts/a/text.md": text,
        },
    )


def test_a_phrase_that_reads_otherwise_elsewhere_is_not_proposed(
    tmp_path: Path, write_edition: Build, run_duben: Callable[..., Run]
) -> None:
    edition = write_text(write_edition, tmp_path, "干干干干净。这里干净。 {#p1}\n")
    run = check(edition, run_duben)
    assert "[干净]" in run.stdout
    assert "  干净: " not in run.stdout
    assert "settle it by `convert:` in text.yaml, or by a longer phrase" in run.stdout


def test_what_is_asked_in_one_variant_is_settled_in_that_one(
    tmp_path: Path, write_edition: Build, run_duben: Callable[..., Run]
) -> None:
    edition = write_text(write_edition, tmp_path, "激光照亮了天空。 {#p1}\n", "regional: [zh-Hant-TW]\n")
    run = check(edition, run_duben)
    assert "\nzh-Hant-TW:\n  激光: 雷射" in run.stdout
    assert "\nzh-Hant:\n" not in run.stdout


def test_quotation_marks_are_not_asked_about() -> None:
    for text in ("他说：“It’s fine”。", "他说：‘凭借’，‘天气’。", "“‘凭借’”"):
        for doubt in review(text):
            assert text[slice(*doubt.span)] == "凭借"
            assert doubt.rules


def test_a_review_of_a_long_paragraph_finds_what_that_of_a_short_one_does() -> None:
    sentence = "凭借经验，他们在等制造业回归，从全局看待工业化进程，把里面的发展写进屋里。"
    assert len(review(sentence * 1000)) == 1000 * len(review(sentence))


def test_json_is_utf_8_wherever_it_is_printed(edition: Path, run_duben_process: Callable[..., Run]) -> None:
    run = run_duben_process(
        "check", "--scripts", "--format", "json", cwd=edition.parent, env={"PYTHONIOENCODING": "latin-1"}
    )
    assert run.status == 0
    assert "回归" in run.stdout


def test_phrases_that_stand_nowhere_or_read_in_another_script_are_told(
    edition: Path, run_duben: Callable[..., Run]
) -> None:
    (edition / "scripts.yaml").write_text(
        "zh-Hant:\n  回归: 回歸\n  走进屋里: 走进屋裡\n  没有的词: 沒有的詞\n", encoding="utf-8"
    )
    run = check(edition, run_duben)
    assert "content/scripts.yaml:3:9: 走进屋裡: zh-Hant does not write 进\n" in run.stdout
    assert "content/scripts.yaml:4:9: 没有的词 stands nowhere in the edition\n" in run.stdout
    assert run.stdout.count("scripts.yaml:") == 3
    assert check(edition, run_duben, "--strict").status == 1


def test_a_segmenter_beside_another_engine_is_told_to_be_needless(
    edition: Path, run_duben: Callable[..., Run]
) -> None:
    settings = "title: 读本\nengine: opencc-python-reimplemented\nsegmenter: words\n"
    (edition / "edition.yaml").write_text(settings, encoding="utf-8")
    assert "edition.yaml:3:12: warning: `segmenter` has no use" in check(edition, run_duben).stderr
