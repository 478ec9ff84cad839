"""The two articles that content/ annotates and that are kept outside the repository.

What is expected of them is written as lengths, counts and hashes: no sentence of theirs is here.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from articles import PRINTED, SLUGS
from conftest import CHECKOUT, Run
from sitecheck import check_site, visible_paragraphs

HALF_WIDTH = re.compile(r"(?<=[\u4e00-\u9fff])[,:;!?]|[,;!?](?=[\u4e00-\u9fff])")


@pytest.fixture(scope="module")
def built(
    sources: Path, tmp_path_factory: pytest.TempPathFactory, run_duben: Callable[..., Run]
) -> tuple[Path, Run]:
    site = tmp_path_factory.mktemp("articles") / "site"
    run = run_duben("build", "--sources", sources, "--require-sources", "--out", site, cwd=CHECKOUT)
    assert run.status == 0, run.stderr
    return site, run


def page(site: Path, variant: str, slug: str) -> str:
    return (site / variant / "texts" / f"{slug}.html").read_text("utf-8")


@pytest.mark.parametrize("slug", SLUGS)
def test_only_the_body_is_there_and_its_paragraphs_are_right(slug: str, built: tuple[Path, Run]) -> None:
    variant, lengths, digest = PRINTED[slug]
    shown = visible_paragraphs(page(built[0], variant, slug))
    title = shown.pop("title")
    assert title
    assert list(shown) == [f"p{n}" for n in range(1, len(shown) + 1)]
    assert [len(text) for text in shown.values()] == [int(length) for length in lengths.split()]
    assert hashlib.sha256("\n".join(shown.values()).encode()).hexdigest() == digest


@pytest.mark.parametrize("slug", SLUGS)
def test_what_is_around_the_body_stays_out(slug: str, built: tuple[Path, Run]) -> None:
    variant, _, _ = PRINTED[slug]
    body = "\n".join(visible_paragraphs(page(built[0], variant, slug)).values())
    for left_out in ("分享让", "版权", "许可证", "正文", "首頁", "來源", "編輯", "策划", "撰文", "http", "@"):
        assert left_out not in body


def test_credits_are_metadata(built: tuple[Path, Run]) -> None:
    first = page(built[0], "zh-hans", "yijian-dongbei")
    second = page(built[0], "zh-hant-tw", "changjiangyun-zhongbu")
    for name in ("俞珩盛", "杜尚泽", "虞东升", "谢环驰", "安博文", "朱利"):
        assert name in first.partition('<div class="body">')[0]
    for name in ("馮啟坤", "岑卓", "劉徵", "羅峰", "蔣艷"):
        assert name in second.partition('<div class="body">')[0]


def test_punctuation_of_the_second_is_full_width(built: tuple[Path, Run]) -> None:
    for variant in ("zh-hans", "zh-hant", "zh-hant-tw", "zh-hant-hk"):
        shown = visible_paragraphs(page(built[0], variant, "changjiangyun-zhongbu"))
        assert [text for text in shown.values() if HALF_WIDTH.search(text)] == []


def test_the_closing_verse_is_one_stanza_and_old_ids_lead_to_it(built: tuple[Path, Run]) -> None:
    html = page(built[0], "zh-hant-tw", "changjiangyun-zhongbu")
    assert html.count('<p class="verse"') == 1
    assert visible_paragraphs(html)["p22"].count("\n") == 8
    assert 'id="p30"' in html


def test_a_term_is_found_in_another_glyph_variant(built: tuple[Path, Run]) -> None:
    entry = (built[0] / "zh-hans" / "glossary" / "xin-zhi-shengchanli.html").read_text("utf-8")
    lines = re.findall(r'href="\.\./texts/changjiangyun-zhongbu\.html#(p\d+)"', entry)
    assert lines[:2] == ["p1", "p2"]
    printed = page(built[0], "zh-hant-tw", "changjiangyun-zhongbu")
    assert re.search(r'aria-describedby="w-xin-zhi-shengchanli">新質生産力</a>', printed)


@pytest.mark.parametrize(
    ("slug", "paragraph", "variant", "wanted"),
    [
        ("yijian-dongbei", "p20", "zh-hant", "製造業回歸"),
        ("yijian-dongbei", "p20", "zh-hant-tw", "工業化進程"),
        ("yijian-dongbei", "p1", "zh-hant-tw", "運行情況"),
        ("yijian-dongbei", "p2", "zh-hant-tw", "通過"),
        ("yijian-dongbei", "p21", "zh-hant-tw", "從全局謀一域"),
        ("changjiangyun-zhongbu", "p14", "zh-hans", "擀得"),
        ("changjiangyun-zhongbu", "p15", "zh-hans", "标志着"),
        ("changjiangyun-zhongbu", "p15", "zh-hans", "以太钢"),
        ("changjiangyun-zhongbu", "p15", "zh-hant-tw", "乙太鋼"),
        ("changjiangyun-zhongbu", "p12", "zh-hans", "关键核心技术"),
        ("changjiangyun-zhongbu", "p14", "zh-hans", "关键核心材料"),
        ("changjiangyun-zhongbu", "p20", "zh-hans", "产线上"),
        ("changjiangyun-zhongbu", "p17", "zh-hans", "脑机接口"),
    ],
)
def test_conversions_that_engines_get_wrong_are_right(
    slug: str, paragraph: str, variant: str, wanted: str, built: tuple[Path, Run]
) -> None:
    assert wanted in visible_paragraphs(page(built[0], variant, slug))[paragraph]


def test_the_name_in_the_credits_keeps_its_character(built: tuple[Path, Run]) -> None:
    for variant in ("zh-hant", "zh-hant-tw", "zh-hant-hk"):
        assert "虞東升" in page(built[0], variant, "yijian-dongbei")


def test_pages_that_may_not_be_republished_are_not_indexed(built: tuple[Path, Run]) -> None:
    for slug in SLUGS:
        assert '<meta name="robots" content="noindex">' in page(built[0], "zh-hans", slug)
    assert "noindex" not in page(built[0], "zh-hans", "dongbei-xinya")


def test_the_site_is_whole(built: tuple[Path, Run]) -> None:
    assert check_site(built[0]) == []


def test_without_the_sources_the_rest_is_built(tmp_path: Path, run_duben: Callable[..., Run]) -> None:
    site = tmp_path / "site"
    run = run_duben("build", "--out", site, cwd=CHECKOUT)
    assert run.status == 0
    notices = [line for line in run.stderr.splitlines() if "[source-missing]" in line]
    assert len(notices) == len(SLUGS)
    for slug in SLUGS:
        assert not (site / "zh-hans" / "texts" / f"{slug}.html").exists()
    assert (site / "zh-hans" / "texts" / "dongbei-xinya.html").is_file()
    assert check_site(site) == []
