"""The pinyin beside a text's page: whose reading it is, in which words, and in every variant."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from duben.compile.edition import compile_edition
from duben.compile.given_pinyin import spread_pinyin
from duben.diagnostics import Report
from duben.model import Variant
from duben.publish.ruby import pinyin_scripts
from duben.read.load import load_content
from duben.read.syllables import is_han

Read = Callable[..., dict[str, dict[str, str]]]


@pytest.fixture
def read(tmp_path: Path, write_edition: Callable) -> Read:
    """`read({files})` → by variant and block, the pinyin of the words of a small edition's text."""

    def run(files: Mapping[str, str]) -> dict[str, dict[str, str]]:
        names = {
            "text.md": "texts/a/text.md",
            "text.yaml": "texts/a/text.yaml",
            "glossary.yaml": "glossary/all.yaml",
        }
        placed = {"edition.yaml": "title: 读本\n", "text.yaml": "title: 题\n", **files}
        folder = write_edition(tmp_path, {names.get(name, name): text for name, text in placed.items()})
        report = Report()
        content = load_content(folder, report)
        assert content is not None, report.found
        edition = compile_edition(content, report)
        assert not report.has_errors(strict=False), report.found
        found = {}
        for artifact in pinyin_scripts(edition):
            folder_name, texts, name = artifact.path.split("/")
            assert (texts, name) == ("texts", "a.pinyin.js")
            call = artifact.content.decode()
            assert call.startswith("duben.read(") and call.endswith(");\n")
            variant, readings = json.loads(f"[{call[len('duben.read(') : -3]}]")
            assert variant.lower() == folder_name
            found[variant] = readings
        return found

    return run


def test_words_are_written_together_and_signs_have_no_reading(read: Read) -> None:
    readings = read({"text.md": "在辽宁，A股和3个U盘的银行行长。 {#p1}\n"})
    for variant in ("zh-Hans", "zh-Hant", "zh-Hant-TW", "zh-Hant-HK"):
        assert readings[variant]["p1"] == "zài Liáo.níng gǔ hé gè pán de yín.háng háng.zhǎng"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("一九七〇", "yī.jiǔ.qī.líng"),
        ("在一九七〇年代", "zài yī.jiǔ.qī.líng nián.dài"),
        ("二〇二四年五月", "èr.líng.èr.sì nián wǔ.yuè"),
        ("一九九八年", "yī.jiǔ.jiǔ.bā nián"),
        ("二〇", "èr.líng"),
        # A number said with its units, and what is no number, as the segmenter has them.
        ("一五一十地说", "yī.wǔ.yī.shí dì.shuō"),
        ("五六十人", "wǔ.liù.shí rén"),
        ("一一说明", "yī.yī shuō.míng"),
    ],
)
def test_digits_said_one_by_one_are_one_word(read: Read, text: str, words: str) -> None:
    assert read({"text.md": f"{text}。 {{#p1}}\n"})["zh-Hans"]["p1"] == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("一百五十六项", "yī.bǎi wǔ.shí.liù xiàng"),
        ("四十多个", "sì.shí duō gè"),
        ("九十年代", "jiǔ.shí nián.dài"),
        ("一百三十八亿年", "yī.bǎi sān.shí.bā yì nián"),
        ("三亿人", "sān.yì rén"),
        ("成千上万个", "chéng.qiān.shàng.wàn gè"),
        ("万一", "wàn.yī"),
    ],
)
def test_a_number_is_written_by_its_places(read: Read, text: str, words: str) -> None:
    assert read({"text.md": f"{text} {{#p1}}\n"})["zh-Hans"]["p1"] == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("飞快地掠过", "fēi.kuài de lüè.guò"),
        ("长春等地也有", "Cháng.chūn děng dì yě yǒu"),
        ("走得更远", "zǒu de gèng yuǎn"),
        ("看得出", "kàn.de.chū"),
        ("取得成绩", "qǔ.dé chéng.jì"),
        ("不得不走", "bù.dé.bù zǒu"),
        ("除以三，得六", "chú.yǐ sān dé liù"),
    ],
)
def test_de_is_the_particle_where_it_is_one(read: Read, text: str, words: str) -> None:
    assert read({"text.md": f"{text} {{#p1}}\n"})["zh-Hans"]["p1"] == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("在江苏省", "zài Jiāng.sū Shěng"),
        ("中国科学院", "Zhōng.guó Kē.xué.yuàn"),
        ("宣告破产", "xuān.gào pò.chǎn"),
        ("奋起直追", "fèn.qǐ.zhí.zhuī"),
        ("物理学家", "wù.lǐ.xué.jiā"),
        ("习近平", "Xí Jìn.píng"),
        ("大同小异", "dà.tóng.xiǎo.yì"),
    ],
)
def test_a_name_has_a_capital_and_a_long_word_its_parts(read: Read, text: str, words: str) -> None:
    assert read({"text.md": f"{text} {{#p1}}\n"})["zh-Hans"]["p1"] == words


def test_a_correction_says_where_a_word_is_and_has_its_capitals(read: Read) -> None:
    files = {
        "scripts.yaml": "pinyin: {中间: zhōng jiān, 用完: yòng wán, 马新强: Mǎ Xīn qiáng, 科尔奈: Kē ěr nài}"
        "\n",
        "text.md": "中间隔着，也有用完的时候，马新强说科尔奈 {#p1}\n",
    }
    expected = "zhōng.jiān gé zhe yě yǒu yòng wán de shí.hou Mǎ Xīn.qiáng shuō Kē.ěr.nài"
    assert read(files)["zh-Hans"]["p1"] == expected


def test_a_bar_between_words_has_no_reading(read: Read) -> None:
    assert read({"text.md": "甲丨乙 {#p1}\n"})["zh-Hans"]["p1"] == "jiǎ  yǐ"


def test_each_block_of_the_page_has_its_readings(read: Read) -> None:
    readings = read(
        {
            "text.md": """
                ## 标题 {#p1}

                - 甲 {#p2}
                - 乙 {#p3}

                诗一行\\
                诗二行 {#p4}

                见注[^1]。 {#p5}

                [^1]: 脚注。 {#p6}

                | 左 | 右 |
                | --- | --- |
                | 上 | 下 |
                {#p7}
                """,
            "text.yaml": """
                title: 题目
                summary: 提要
                notes:
                  - in: p3
                    on: 乙
                    note: |
                      注文

                      又一段
                """,
        }
    )["zh-Hans"]
    assert readings == {
        "title": "tí.mù",
        "p1": "biāo.tí",
        "p2": "jiǎ",
        "p3": "yǐ",
        "p4": "shī yī.xíng shī.èr.xíng",
        "p5": "jiàn.zhù",
        "p6": "jiǎo.zhù",
        "p7.1.1": "zuǒ",
        "p7.1.2": "yòu",
        "p7.2.1": "shàng",
        "p7.2.2": "xià",
        "summary": "tí.yào",
        "n-n1": "zhù.wén yòu yī.duàn",
    }


def test_a_correction_of_the_edition_is_read_in_every_variant(read: Read) -> None:
    files = {
        "text.md": "冷轧钢板。 {#p1}\n",
        "scripts.yaml": "pinyin:\n  冷軋: lěng zhá\n",
    }
    assert {each["p1"].split(" ")[0] for each in read(files).values()} == {"lěng.zhá"}


GLOSSARY = """
    - {id: a, term: 新质生产力, pinyin: xīn zhì shēngchǎnlì, aliases: [新力]}
    - {id: b, term: 西安, pinyin: Xī'ān}
    - {id: c, term: 京津冀, pinyin: Jīng-Jīn-Jì}
    - {id: d, term: 都会, pinyin: dūhuì}
    - {id: e, term: 都会区, pinyin: Dōu huì qū}
    - {id: f, term: A股, pinyin: A gǔ}
    """


def test_an_entrys_own_pinyin_wins_with_its_words_and_capitals(read: Read) -> None:
    readings = read(
        {"glossary.yaml": GLOSSARY, "text.md": "新质生产力在西安，京津冀是都会，A股是都会区。 {#p1}\n"}
    )
    for variant in readings:
        assert readings[variant]["p1"] == (
            "xīn zhì shēng.chǎn.lì zài Xī.ān Jīng-.Jīn-.Jì shì dū.huì gǔ shì Dōu huì qū"
        )


def test_an_alias_does_not_take_the_pinyin_of_its_headword(read: Read) -> None:
    assert read({"glossary.yaml": GLOSSARY, "text.md": "新力。 {#p1}\n"})["zh-Hant"]["p1"] == "xīn lì"


def test_in_prose_of_the_editor_an_entry_is_read_as_in_the_text(read: Read) -> None:
    files = {
        "glossary.yaml": GLOSSARY,
        "text.md": "甲 {#p1}\n",
        "text.yaml": "title: 西安\nsummary: 往西安\n",
    }
    for readings in read(files).values():
        assert readings["title"] == "Xī.ān"
        assert readings["summary"] == "wǎng Xī.ān"


def test_a_term_inside_a_word_of_the_segmenter_is_a_word_of_its_own(read: Read) -> None:
    files = {"glossary.yaml": "- {id: a, term: 人民}\n", "text.md": "中华人民共和国。 {#p1}\n"}
    assert read(files)["zh-Hans"]["p1"] == "Zhōng.huá rén.mín gòng.hé.guó"


def test_words_of_a_region_are_read_as_they_are_shown(read: Read) -> None:
    files = {
        "glossary.yaml": """
            - {id: a, term: U盘, pinyin: U pán, forms: {zh-Hant-TW: 隨身碟}}
            - {id: b, term: 激光, pinyin: jīguāng, forms: {zh-Hant-TW: 雷射}}
            - {id: c, term: 程序员, forms: {zh-Hant-TW: 程式設計師}}
            """,
        "text.md": "一个U盘，用激光的程序员说着话。 {#p1}\n",
    }
    readings = read(files)
    assert readings["zh-Hans"]["p1"] == "yī.gè pán yòng jī.guāng de chéng.xù.yuán shuō zhe huà"
    assert (
        readings["zh-Hant-TW"]["p1"] == "yī.gè suí.shēn dié yòng léi.shè de chéng.shì shè.jì.shī shuō zhe huà"
    )
    assert readings["zh-Hant"]["p1"] == readings["zh-Hant-HK"]["p1"] == readings["zh-Hans"]["p1"]


def test_a_text_in_traditional_is_read_by_its_simplified_words(read: Read) -> None:
    files = {"text.yaml": "title: 題\nlang: zh-Hant-TW\n", "text.md": "他乾脆說著話，頭髮乾了。 {#p1}\n"}
    readings = read(files)
    assert {each["p1"] for each in readings.values()} == {"tā gān.cuì shuō zhe huà tóu.fa gān le"}


def test_an_edition_without_simplified_is_read_by_it_all_the_same(read: Read) -> None:
    files = {
        "edition.yaml": "title: 讀本\nlang: zh-Hant-TW\nvariants: [zh-Hant-TW]\n",
        "text.yaml": "title: 題\n",
        "text.md": "頭髮乾了。 {#p1}\n",
    }
    assert read(files) == {"zh-Hant-TW": {"title": "tí", "p1": "tóu.fa gān le"}}


def test_an_error_of_the_source_is_read_as_it_is_shown(read: Read) -> None:
    files = {
        "text.md": "自已说以太鋼。 {#p1}\n",
        "text.yaml": """
            title: 题
            notes:
              - {in: p1, on: 自已, reading: 自己}
              - {in: p1, on: 以太鋼, reading: 太钢集团}
            """,
    }
    readings = read(files)
    assert readings["zh-Hans"]["p1"] == "zì.yǐ shuō yǐ.tài gāng"
    assert readings["zh-Hant"]["p1"] == "zì.jǐ shuō tài.gāng jí.tuán"


def test_a_character_without_a_known_reading_keeps_its_place(read: Read) -> None:
    assert read({"text.md": "国\U0002fa1d家，甲 {#p1}\n"})["zh-Hans"]["p1"] == "guó  jiā jiǎ"


@pytest.mark.parametrize(
    ("pinyin", "word", "spread"),
    [
        ("xīn zhì shēngchǎnlì", "新质生产力", "xīn zhì shēng.chǎn.lì"),
        ("Xī'ān", "西安", "Xī.ān"),
        ("Kǎ'ěr Mǎkèsī", "卡尔·马克思", "Kǎ.ěr Mǎ.kè.sī"),
        ("dì-yī", "第一", "dì-.yī"),
        ("cǎoméi, guǒjiàng", "草莓，果酱", "cǎo.méi guǒ.jiàng"),
        ("huār", "花儿", "huā.r"),
        ("yīdiǎnr", "一点", "yī.diǎnr"),
        ("yāo líng wǔ guódào", "105国道", "guó.dào"),
        ("fāngàn", "方案", "fāng.àn"),
        ("U pán", "隨身碟", None),
        ("jīguāng", "雷射", None),
        ("lěng", "冷轧", None),
        ("<b>", "粗", None),
    ],
)
def test_pinyin_is_spread_over_its_characters(pinyin: str, word: str, spread: str | None) -> None:
    given = spread_pinyin(pinyin, word)
    found = given and "".join((("." if joined else " ") + syllable) for syllable, joined in given)[1:]
    assert found == spread
    assert given is None or len(given) == sum(map(is_han, word))


def test_a_reading_that_no_dictionary_has_is_taken_from_the_headword_alone() -> None:
    assert spread_pinyin("lěnggá", "冷柜") is None
    assert [each.syllable for each in spread_pinyin("lěnggá", "冷柜", trusted=True) or ()] == ["lěng", "gá"]


def test_the_files_are_the_same_each_time(read: Read) -> None:
    files = {"glossary.yaml": GLOSSARY, "text.md": "西安的都会。 {#p1}\n"}
    assert json.dumps(read(files)) == json.dumps(read(files))
    assert set(read(files)) == {variant.value for variant in Variant}
