"""Pinyin of headwords: derived, corrected, reviewed; and whether what an editor gives can be right."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

from duben.compile import given_pinyin
from duben.compile.given_pinyin import find_misfit
from duben.compile.neighbours import read_by_neighbours
from duben.compile.pinyin import (
    Corrections,
    Doubt,
    align_pinyin,
    derive_pinyin,
    doubtful_in_running_text,
    doubtful_readings,
    fold_corrections,
    readings_of,
)
from duben.compile.polyphones import HAZARDS, SURNAMES
from duben.compile.scripts import converter
from duben.compile.usual_readings import USUAL
from duben.diagnostics import Report
from duben.model import Location, Settings, SourceMap, Variant
from duben.read.load import load_content
from duben.read.paragraphs import plain_paragraph
from duben.read.syllables import is_han, is_syllable

NONE = Corrections()


def settings_with(pinyin: Mapping[str, str]) -> Settings:
    title = plain_paragraph("title", "title", "题", SourceMap("ji/edition.yaml", ((0, 1, 8),)), Variant.HANS)
    places = {phrase: Location("ji/scripts.yaml", line, 3) for line, phrase in enumerate(pinyin, 2)}
    return Settings(title, Variant.HANS, (Variant.HANS,), pinyin=pinyin, pinyin_places=places)


def folded(pinyin: Mapping[str, str], report: Report) -> Corrections:
    to_simplified = converter(Variant.HANT, Variant.HANS)
    return fold_corrections(settings_with(pinyin), lambda text: to_simplified.convert(text).text, report)


# --- derived


@pytest.mark.parametrize(
    ("simplified", "pinyin"),
    [
        ("银行行长", "yín háng háng zhǎng"),
        ("绿地", "lǜ dì"),
        ("A股", "A gǔ"),
        ("3D打印", "3D dǎ yìn"),
        ("甲 — 乙", "jiǎ — yǐ"),
        ("NATO", "NATO"),
        ("〇", "líng"),
        ("", ""),
    ],
)
def test_pinyin_is_derived(simplified: str, pinyin: str) -> None:
    assert derive_pinyin(simplified, NONE) == pinyin


@pytest.mark.parametrize("word", ["不是", "不要", "一个", "一丝不挂", "一样", "不一定", "十一", "统一"])
def test_bu_and_yi_have_the_tones_of_a_dictionary(word: str) -> None:
    for char, syllable in zip(word, align_pinyin(word, NONE), strict=True):
        assert syllable == {"不": "bù", "一": "yī"}.get(char, syllable)


def read_by_pypinyin(text: str) -> list[str | None]:
    """pypinyin's own readings, 不 and 一 in the tones of a dictionary."""
    read = lazy_pinyin(text, style=Style.TONE, errors=lambda chars: [""] * len(chars))
    tones = {"不bú": "bù", "一yí": "yī", "一yì": "yī"}
    return [tones.get(char + given, given) or None for char, given in zip(text, read, strict=True)]


def test_readings_are_those_of_pypinyin() -> None:
    chance = random.Random(16159)
    phrases = sorted(PHRASES_DICT)
    for _ in range(4000):
        pieces = []
        for phrase in chance.sample(phrases, chance.randint(1, 4)):
            cut = chance.randint(1, len(phrase))
            pieces.append(chance.choice([phrase, phrase[:cut], phrase[cut:], f"{phrase[:cut]}，"]))
        text = "".join(pieces)
        if not any(word[:2] in text for word in USUAL):
            pairs = zip(align_pinyin(text, NONE), read_by_pypinyin(text), strict=True)
            for offset, (ours, theirs) in enumerate(pairs):
                assert ours == theirs or ours == read_by_neighbours(text, offset), text


@pytest.mark.parametrize(
    ("text", "char", "wanted"),
    [
        ("路很长", "长", "cháng"),
        ("孩子长高了", "长", "zhǎng"),
        ("他重了三斤", "重", "zhòng"),
        ("要重做", "重", "chóng"),
        ("很重", "重", "zhòng"),
        ("伞干了", "干", "gān"),
        ("衣服已经干了", "干", "gān"),
        ("头发干了再出门", "干", "gān"),
        ("干了的豆腐皮", "干", "gān"),
        ("他干了三年", "干", "gàn"),
        ("还钱", "还", "huán"),
        ("我还去", "还", "hái"),
        ("约为三成", "为", "wéi"),
        ("为他", "为", "wèi"),
    ],
)
def test_neighbours_tell_where_no_word_does(text: str, char: str, wanted: str) -> None:
    assert align_pinyin(text, NONE)[text.index(char)] == wanted


def test_a_word_and_a_correction_are_stronger_than_neighbours() -> None:
    assert align_pinyin("很长进", NONE)[1:] == ("zhǎng", "jìn")
    assert align_pinyin("路很长", Corrections({"很长": "hěn zhǎng"}))[2] == "zhǎng"


@pytest.mark.parametrize(
    ("text", "asked"), [("也干了", "干"), ("却长在树上", "长"), ("收卷了", "卷"), ("还有三种，都好了", "")]
)
def test_running_text_is_asked_about_where_nothing_tells(text: str, asked: str) -> None:
    doubts = list(doubtful_in_running_text(text, readings_of(text, NONE)))
    assert "".join(doubt.character for doubt in doubts) == asked
    settled = Corrections({text: " ".join(filter(None, align_pinyin(text, NONE)))}) if asked else NONE
    assert list(doubtful_in_running_text(text, readings_of(text, settled))) == []


def test_pypinyin_reads_an_unfinished_phrase_by_characters() -> None:
    unfinished = [
        phrase[:-1]
        for phrase in PHRASES_DICT
        if len(phrase) > 3
        and not any(phrase[:end] in PHRASES_DICT for end in range(2, len(phrase)))
        and any(phrase[start:-1] in PHRASES_DICT for start in range(1, len(phrase) - 2))
    ]
    told = [rest for rest in unfinished if align_pinyin(rest, NONE) != align_pinyin(rest + "甲", NONE)[:-1]]
    assert len(told) > 20
    for rest in told:
        assert list(align_pinyin(rest, NONE)) == read_by_pypinyin(rest)


def test_each_character_has_its_own_syllable() -> None:
    text = "冷轧A股，第3期：\ufe00花儿𠮷"
    syllables = align_pinyin(text, Corrections({"花儿": "huā r"}))
    assert syllables == ("lěng", "yà", None, "gǔ", None, "dì", None, "qī", None, None, "huā", "r", None)


# --- corrected


@pytest.mark.parametrize(
    ("corrections", "simplified", "pinyin"),
    [
        ({"冷轧": "lěng zhá"}, "冷轧钢板", "lěng zhá gāng bǎn"),
        ({"冷轧": "lěng zhá"}, "热轧", "rè yà"),
        ({"轧": "gá", "冷轧": "lěng zhá"}, "冷轧轧", "lěng zhá gá"),  # longest
        ({"冷轧": "lěng zhá", "轧钢板": "gá gāng bǎn"}, "冷轧钢板", "lěng zhá gāng bǎn"),  # leftmost
        ({"行长": "xíng cháng"}, "银行行长", "yín háng xíng cháng"),
        ({"重": "chóng"}, "重要", "chóng yào"),
        ({"花儿": "huā r"}, "花儿", "huār"),
        ({"A股": "gǔ"}, "A股", "A gǔ"),
        ({"鞍钢": "Ān Gāng"}, "鞍钢", "Ān Gāng"),
        ({"不是": "bú shì"}, "不是", "bú shì"),
    ],
)
def test_a_correction_wins(corrections: dict[str, str], simplified: str, pinyin: str) -> None:
    assert derive_pinyin(simplified, Corrections(corrections)) == pinyin


def test_a_correction_in_traditional_serves_the_simplified_headword() -> None:
    report = Report()
    corrections = folded({"冷軋": "lěng zhá", "显著": "xiǎn zhù"}, report)
    assert derive_pinyin("冷轧", corrections) == "lěng zhá"
    assert derive_pinyin("显著", corrections) == "xiǎn zhù"
    assert report.found == []


def test_two_corrections_of_one_phrase_are_told() -> None:
    report = Report()
    folded({"鬥": "dòu", "斗": "dǒu", "冷軋": "lěng zhá", "冷轧": "lěng zhá"}, report)
    assert [(str(found.location), found.code) for found in report.found] == [
        ("ji/scripts.yaml:3:3", "schema-value")
    ]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("冷轧: lěng zhá", []),
        ("花儿: huār", []),
        ("一点儿: yì diǎn r", []),
        ("A股: gǔ", []),
        ("鞍钢: Ān Gāng", []),
        ("冷轧: lěng", ["2:7 schema-value"]),
        ("冷轧: lěng zhá gāng", ["2:7 schema-value"]),
        ("冷轧: leng3 zha2", ["2:7 schema-value"]),
        ("冷轧: lěngzhá", ["2:7 schema-value"]),
        ("儿歌: r gē", ["2:7 schema-value"]),
        ("花园: huār", ["2:7 schema-value"]),
        ("abc: ā", ["2:3 schema-value"]),
        ("冷轧: [lěng, zhá]", ["2:7 schema-type"]),
        ("冷轧:", ["2:6 schema-type"]),
        ("冷轧: lěng zhá\n  冷轧: lěng yà", ["3:3 yaml-duplicate-key"]),
    ],
)
def test_corrections_are_checked(line: str, told: list[str], tmp_path: Path, write_edition: Callable) -> None:
    write_edition(tmp_path, {"edition.yaml": "title: 题\n", "scripts.yaml": f"pinyin:\n  {line}\n"})
    report = Report()
    content = load_content(tmp_path, report)
    assert content is not None
    assert [f"{found.location.line}:{found.location.column} {found.code}" for found in report.found] == told
    assert all(found.hint for found in report.found)
    sound = not told or told == ["3:3 yaml-duplicate-key"]
    assert len(content.settings.pinyin) == sound
    for phrase, reading in content.settings.pinyin.items():
        assert len(reading.split()) == sum(map(is_han, phrase))


# --- reviewed


@pytest.mark.parametrize(
    ("simplified", "doubts"),
    [
        ("钢板", []),
        ("重要", []),  # a phrase decided
        ("我的书", []),  # the particle
        ("冷轧", [Doubt(1, "轧", "yà", ("zhá", "gá"), "character")]),
        ("长光卫星", [Doubt(0, "长", "zhǎng", ("cháng",), "character")]),
        ("重赠", [Doubt(0, "重", "zhòng", ("chóng",), "character")]),
        (
            "墨子号",
            [Doubt(1, "子", "zi", ("zǐ",), "character"), Doubt(2, "号", "hào", ("háo",), "character")],
        ),
        ("马尾儿", [Doubt(2, "儿", "ér", ("r",), "character")]),
        ("任弼时", [Doubt(0, "任", "rèn", ("rén",), "surname")]),
        ("华工科技", []),  # too long for a name
        ("分行", [Doubt(1, "行", "háng", ("xíng",), "word")]),
        ("还款", []),  # the table of usual readings has it
        ("大夫", [Doubt(0, "大", "dà", ("dài",), "word"), Doubt(1, "夫", "fū", ("fu",), "word")]),
        ("𠮷", [Doubt(0, "𠮷", "", (), "unknown")]),
        ("A，1", []),
    ],
)
def test_an_editor_is_shown_what_to_look_at(simplified: str, doubts: list[Doubt]) -> None:
    assert list(doubtful_readings(simplified, NONE)) == doubts


def test_a_phrase_that_another_one_crosses_is_doubtful() -> None:
    # 执行 is cut first; in 行业, which starts inside it, the character has another reading.
    doubts = doubtful_readings("执行业务", NONE)
    assert doubts == (Doubt(1, "行", "xíng", ("háng",), "crossing"),)


def test_a_correction_settles_a_doubt() -> None:
    assert doubtful_readings("冷轧", Corrections({"冷轧": "lěng yà"})) == ()
    assert len(doubtful_readings("冷轧轧钢", Corrections({"冷轧": "lěng zhá"}))) == 0
    assert len(doubtful_readings("热轧与冷轧", Corrections({"冷轧": "lěng zhá"}))) > 0


def test_what_is_derived_wrongly_for_the_shipped_glossary_is_doubtful() -> None:
    content = load_content(Path(__file__).parents[2] / "content", Report())
    assert content is not None
    to_simplified = {variant: converter(variant, Variant.HANS) for variant in Variant}
    wrong = []
    for term in content.terms:
        simplified = to_simplified[term.variant].convert(term.term).text
        given = term.pinyin.lower().replace(" ", "").replace("'", "")
        if derive_pinyin(simplified, NONE).replace(" ", "") != given:
            wrong.append(simplified)
    assert "冷轧" in wrong
    assert [word for word in wrong if not doubtful_readings(word, NONE)] == []


#: Characters of the language that are read in several ways, each in words that no dictionary of phrases has.
POLYPHONES = (
    "重行长调轧还都着了得为载薄卡壳咽钻扎供给相应将传曝刨朝乐率处当系斗血露中种数揣"
    "差模削弹量卷倒转强担散冲缝夹挑铺塞更称降间尽劲累空角干圈蒙难分片好教觉"
)


@pytest.mark.parametrize("char", POLYPHONES)
def test_a_polyphone_alone_is_doubtful(char: str) -> None:
    assert char in [doubt.character for doubt in doubtful_readings(char, NONE)]


def test_most_headwords_need_no_look() -> None:
    two = [word for word in PHRASES_DICT if len(word) == 2]
    flagged = sum(bool(doubtful_readings(word, NONE)) for word in two)
    assert flagged < len(two) / 100  # only the table of hazards


def test_the_table_of_hazards_says_what_pypinyin_does_not() -> None:
    for word, reading in HAZARDS.items():
        syllables = tuple(reading.split())
        assert len(syllables) == len(word) and all(map(is_syllable, syllables)), word
        assert syllables != align_pinyin(word, NONE), word


def test_the_table_of_usual_readings_says_what_pypinyin_does_not() -> None:
    for word, syllables in USUAL.items():
        assert len(syllables) == len(word) and all(map(is_syllable, syllables)), word
        assert align_pinyin(word, NONE) == syllables, word
        inside = any(other in word for other in USUAL if other != word)
        assert inside or list(syllables) != read_by_pypinyin(word), word


def test_a_weak_syllable_is_weak() -> None:
    assert derive_pinyin("名字和时候", NONE) == "míng zi hé shí hou"
    assert derive_pinyin("这个地方的地方政府", NONE) == "zhè ge dì fang de dì fāng zhèng fǔ"


def test_a_bar_between_words_is_not_read() -> None:
    assert align_pinyin("嘱托丨发展", NONE) == ("zhǔ", "tuō", None, "fā", "zhǎn")
    assert doubtful_readings("嘱托丨发展", NONE) == ()


def test_the_table_of_surnames_says_what_pypinyin_does_not() -> None:
    for char, reading in SURNAMES.items():
        assert is_syllable(reading) and reading != PINYIN_DICT[ord(char)].partition(",")[0], char


# --- given


@pytest.mark.parametrize(
    ("pinyin", "headword"),
    [
        ("xīn zhì shēngchǎnlì", "新质生产力"),
        ("Hā'ěrbīn", "哈尔滨"),
        ("Hā’ěrbīn", "哈尔滨"),
        ("Xīān", "西安"),  # two tone marks are two syllables
        ("fāngàn", "方案"),
        ("fǎngǎn", "反感"),
        ("yībǎi wǔshíliù xiàng", "一百五十六项"),
        ("lǎo zìhao", "老字号"),
        ("xin zhi", "新质"),
        ("huār", "花儿"),
        ("huā'ér", "花儿"),
        ("huār", "花"),
        ("yīdiǎnr", "一点"),
        ("nǚ'ér", "女儿"),
        ("Kǎ'ěr Mǎkèsī", "卡尔·马克思"),
        ("dì-yī", "第一"),
        ("cǎoméi, guǒjiàng", "草莓，果酱"),
        ("U pán", "U盘"),
        ("yōupán", "U盘"),
        ("yāo líng wǔ guódào", "105国道"),
        ("105 guódào", "105国道"),
        ("lèsè", "垃圾"),  # in Taiwan
        ("dòuzhēng", "鬥爭"),
        ("ḿ", "呣"),
        ("tǔ kǒu", "𠮷口"),  # in no table
        ("whatever", "NATO"),
        ("jiàntóu", "→"),
    ],
)
def test_pinyin_that_can_be_right_is(pinyin: str, headword: str) -> None:
    assert find_misfit(pinyin, headword) is None


@pytest.mark.parametrize(
    ("pinyin", "headword", "message"),
    [
        ("lěng", "冷轧", "the pinyin has 1 syllable, and “冷轧” has 2 characters"),
        ("běn gāng gāng", "本钢", "the pinyin has 3 syllables, and “本钢” has 2 characters"),
        ("lěng bà", "冷轧", "“轧” is not read `ba`"),
        ("Dōngbèifāng", "东北方", None),
        ("dōngxīfāng", "东北方", "“北” is not read `xi`"),
        ("leng3 zha2", "冷轧", "`leng3` is no pinyin"),
        ("lǜdì", "律地", None),
        ("lv4 dì", "绿地", "`lv4` is no pinyin"),
        ("Liao-ning Province", "辽宁", "`province` is no pinyin"),
        ("105", "105国道", "the pinyin has 0 syllables, and “105国道” has 2 characters"),
        ("105 guóshù", "105国道", "“道” is not read `shu`"),
        ("新质", "新质", "`新质` is no pinyin"),
        (
            "ā " * 20_000,
            "啊1" * 100,
            "the pinyin has 20000 syllables, and “" + "啊1" * 100 + "” has 100 characters",
        ),
    ],
)
def test_pinyin_that_cannot_be_right_is_told(pinyin: str, headword: str, message: str | None) -> None:
    misfit = find_misfit(pinyin, headword)
    assert (misfit and misfit[0]) == message
    assert misfit is None or misfit[1]


def test_readings_are_found_without_pypinyins_phrases() -> None:
    script = (
        "import sys; from duben.compile.given_pinyin import find_misfit; import duben.compile.edition;"
        "assert find_misfit('lěng bà', '冷轧'); assert 'pypinyin' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=Path(__file__).parents[2])


def test_the_readings_of_an_older_pypinyin_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    new, phrases = dict(given_pinyin.read_characters()), given_pinyin.read_phrases()
    given_pinyin.read_characters.cache_clear()
    monkeypatch.setattr(given_pinyin.importlib.util, "find_spec", lambda _: None)
    assert dict(given_pinyin.read_characters()) == new
    assert given_pinyin.read_phrases() == phrases
    given_pinyin.read_characters.cache_clear()
