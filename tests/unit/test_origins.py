"""How the forms of a headword and its pinyin came to be: as compiled, and as an entry's page says it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from conftest import Run

from duben.compile.edition import compile_edition
from duben.diagnostics import Report
from duben.model import EditionTerm, Variant
from duben.read.load import load_content

Compile = Callable[..., EditionTerm]
SCRIPTS = "zh-Hant: {回归: 回歸}\npinyin: {长子: zhǎng zǐ}\n"


def files_of(entry: str, settings: str = "") -> Mapping[str, str]:
    return {
        "edition.yaml": f"title: 读本\n{settings}",
        "scripts.yaml": SCRIPTS,
        "glossary/one.yaml": f"id: e\n{entry}",
        "texts/a/text.yaml": "title: 题\n",
        "texts/a/text.md": "文 {#p1}\n",
    }


@pytest.fixture
def compiled(tmp_path: Path, write_edition: Callable) -> Compile:
    """`compiled("term: 激光")` → the entry, compiled."""

    def run(entry: str, settings: str = "") -> EditionTerm:
        report = Report()
        content = load_content(write_edition(tmp_path, files_of(entry, settings)), report)
        assert content is not None
        (term,) = compile_edition(content, report).terms
        assert not report.has_errors(), report.found
        return term

    return run


@pytest.mark.parametrize(
    ("entry", "variant", "written", "given", "rules"),
    [
        ("term: 激光", "zh-Hans", "激光 zh-Hans", False, ""),
        ("term: 激光", "zh-Hant", "激光 zh-Hans", False, "kept"),
        ("term: 雷射\nlang: zh-Hant-TW", "zh-Hant-TW", "雷射 zh-Hant-TW", False, ""),
        ("term: 裡\nlang: zh-Hant-TW", "zh-Hant", "裡 zh-Hant-TW", False, "kept"),
        ("term: 激光\nforms: {zh-Hant-TW: 雷射}", "zh-Hant-TW", "雷射 zh-Hant-TW", True, ""),
        ("term: 激光\nforms: {zh-Hant-TW: 雷射}", "zh-Hant-HK", "激光 zh-Hans", False, "kept"),
        ("term: 光\nforms: {zh-Hant: 裏}", "zh-Hant", "裏 zh-Hant", True, ""),
        ("term: 光\nforms: {zh-Hant: 裏}", "zh-Hant-TW", "裏 zh-Hant", True, "character"),
        ("term: 光\nforms: {zh-Hant: 裏}", "zh-Hant-HK", "裏 zh-Hant", True, "kept"),
        ("term: 光\nforms: {zh-Hant: 裏, zh-Hant-HK: 裡}", "zh-Hant-HK", "裡 zh-Hant-HK", True, ""),
        ("term: 裡\nlang: zh-Hant-TW\nforms: {zh-Hant: 裏}", "zh-Hant-TW", "裡 zh-Hant-TW", False, ""),
        ("term: 裡\nlang: zh-Hant-TW\nforms: {zh-Hant: 裏}", "zh-Hant-HK", "裏 zh-Hant", True, "kept"),
        ("term: 光\nforms: {zh-Hans: 日光}", "zh-Hans", "日光 zh-Hans", True, ""),
        ("term: 回归与发展", "zh-Hant", "回归与发展 zh-Hans", False, "edition character phrase"),
        ("term: 计划", "zh-Hant-HK", "计划 zh-Hans", False, "words"),
        ("term: “光”", "zh-Hant", "“光” zh-Hans", False, "mark kept mark"),
    ],
)
def test_a_form_comes_from_the_headword_or_from_a_given_form(
    entry: str, variant: str, written: str, given: bool, rules: str, compiled: Compile
) -> None:
    term = compiled(entry)
    origin = term.origins[Variant(variant)]
    assert f"{origin.written} {origin.variant}" == written
    assert origin.given is given
    assert [piece.rule for piece in origin.pieces] == rules.split()


@pytest.mark.parametrize(
    "settings", ["", "regional: [zh-Hant-TW]\n", "engine: opencc-python-reimplemented\n"]
)
@pytest.mark.parametrize(
    "entry",
    [
        "term: 长子重振制造业回归与U盘“里程”",
        "term: 製造業回歸與隨身碟「裡程」\nlang: zh-Hant-TW",
        "term: 说明里面\nforms: {zh-Hant: 説明裏面, zh-Hans: 说里面}",
    ],
)
def test_an_origin_spells_the_form(entry: str, settings: str, compiled: Compile) -> None:
    term = compiled(entry, settings)
    assert set(term.origins) == set(Variant)
    for variant, origin in term.origins.items():
        spelt = "".join(piece.text for piece in origin.pieces) if origin.pieces else origin.written
        assert spelt == term.forms[0][variant]
        assert bool(origin.pieces) is (origin.variant is not variant)


def test_origins_are_told_of_the_variants_that_are_built(compiled: Compile) -> None:
    term = compiled("term: 激光", "variants: [zh-Hans, zh-Hant-HK]\n")
    assert set(term.origins) == {Variant.HANS, Variant.HK}


@pytest.mark.parametrize(
    ("entry", "readings"),
    [
        ("term: 长子\npinyin: Zhǎngzǐ", [("长子", "Zhǎngzǐ", "entry", "e")]),
        ("term: 年代", [("年代", "nián dài", "dictionary", "")]),
        ("term: 長子\nlang: zh-Hant", [("长子", "zhǎng zǐ", "edition", "长子")]),
        (
            "term: 的长子年代",
            [
                ("的", "de", "dictionary", ""),
                ("长子", "zhǎng zǐ", "edition", "长子"),
                ("年代", "nián dài", "dictionary", ""),
            ],
        ),
        ("term: 长子U", [("长子", "zhǎng zǐ", "edition", "长子")]),
        ("term: NATO", []),
    ],
)
def test_each_stretch_of_the_pinyin_has_its_source(entry: str, readings: list, compiled: Compile) -> None:
    term = compiled(entry)
    simplified = term.forms[0][Variant.HANS]
    assert [(simplified[slice(*one.source)], *one[1:]) for one in term.readings] == readings
    spelt = " ".join(one.text for one in term.readings)
    # What is no Chinese character has no reading, and stands in the pinyin as it is.
    assert spelt == re.sub("[A-Z]{2,}| U$", "", term.pinyin)


@pytest.fixture
def page_of(tmp_path: Path, write_edition: Callable, run_duben: Callable[..., Run]) -> Callable[..., str]:
    """`page_of("term: 激光", "zh-hant")` → the entry's page in that variant."""

    def run(entry: str, variant: str = "zh-hans", settings: str = "") -> str:
        write_edition(tmp_path / "content", files_of(entry, settings))
        done = run_duben("build", cwd=tmp_path)
        assert done.status == 0, done.stderr
        return (tmp_path / "site" / variant / "glossary" / "e.html").read_text("utf-8")

    return run


def told(page: str) -> list[str]:
    """The rows of the page on how forms came to be: `form labels: source`."""
    found = re.search(r'<details class="origins">\n<summary>.*?</summary>(.*?)</details>', page, re.DOTALL)
    assert found is not None
    rows = re.findall(r'<dt>(.*?)</dt><dd class="facets">(.*?)</dd>', found[1], re.DOTALL)
    return [re.sub(r"<[^>]*>", "", f"{form}: {source}") for form, source in rows]


@pytest.mark.parametrize(
    ("entry", "settings", "rows"),
    [
        (
            "term: 回归与“光”",
            "variants: [zh-Hans, zh-Hant]\n",
            [
                "回归与“光” 简体: 词条原文",
                "回歸與「光」 繁體: 由简体字转换 本书词表 回归→回歸 字表 与→與 引号 “→「 ”→」",
            ],
        ),
        (
            "term: 激光\nforms: {zh-Hant: 裏}",
            "",
            [
                "激光 简体: 词条原文",
                "裏 繁體: 编者给定",
                "裡 臺灣: 编者为繁体字给定 字表 裏→裡",
                "裏 香港: 编者为繁体字给定 字形不变",
            ],
        ),
        (
            "term: 激光\nforms: {zh-Hant-TW: 激光}",
            "",
            [
                "激光 简体: 词条原文",
                "激光 繁體 香港: 由简体字转换 字形不变",
                "激光 臺灣: 编者给定",
            ],
        ),
        (
            "term: 发展",
            "",
            ["发展 简体: 词条原文", "發展 繁體 臺灣 香港: 由简体字转换 OpenCC词表 发展→發展"],
        ),
        (
            "term: 计划",
            "variants: [zh-Hans, zh-Hant-TW]\nsegmenter: words\n",
            ["计划 简体: 词条原文", "計劃 臺灣: 由简体字转换 duben词表 计划→計劃"],
        ),
        (
            "term: 计划",
            "variants: [zh-Hans, zh-Hant-TW]\nengine: opencc-python-reimplemented\n",
            ["计划 简体: 词条原文", "計劃 臺灣: 由简体字转换 引擎opencc-python-reimplemented 计划→計劃"],
        ),
    ],
)
def test_a_page_says_how_each_form_came_to_be(
    entry: str, settings: str, rows: list[str], page_of: Callable[..., str]
) -> None:
    assert [row for row in told(page_of(entry, settings=settings)) if " 拼音: " not in row] == rows


@pytest.mark.parametrize(
    ("entry", "row"),
    [
        ("term: 年代\npinyin: niándài", "niándài 拼音: 编者给定"),
        ("term: 年代", "nián dài 拼音: 据简体字推定 词典"),
        ("term: 长子", "zhǎng zǐ 拼音: 据简体字推定 本书读音"),
        (
            "term: 的长子",
            "de zhǎng zǐ 拼音: 据简体字推定 本书读音 长子→zhǎng zǐ 其余据词典",
        ),
    ],
)
def test_a_page_says_how_the_pinyin_came_to_be(entry: str, row: str, page_of: Callable[..., str]) -> None:
    assert told(page_of(entry))[-1] == row


def test_the_page_says_it_in_its_own_script_and_marks_the_others(page_of: Callable[..., str]) -> None:
    page = page_of("term: 裡\nlang: zh-Hant-TW", "zh-hant")
    assert told(page)[1] == "裡 繁體: 由臺灣繁體字轉換 字形不變"
    assert "詞條原文" in page and "词条原文" not in page
    converted = page_of("term: 回归", "zh-hant-tw")
    assert '<span lang="zh-Hans">回归</span>→<span lang="zh-Hant">回歸</span>' in converted


def test_a_headword_without_pinyin_says_nothing_of_it(page_of: Callable[..., str]) -> None:
    assert "拼音" not in page_of("term: NATO")
