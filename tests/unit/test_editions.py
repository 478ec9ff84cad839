"""Small editions, from their files to their pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from conftest import Run
from sitecheck import check_site, visible_paragraphs

Build = Callable[..., "Site"]


class Site:
    """A built edition."""

    def __init__(self, folder: Path, run: Run) -> None:
        self.folder, self.run = folder, run

    def html(self, path: str) -> str:
        return (self.folder / path).read_text("utf-8")

    def text(self, variant: str = "zh-hans", slug: str = "a") -> str:
        return self.html(f"{variant}/texts/{slug}.html")

    def body(self, variant: str = "zh-hans", slug: str = "a") -> str:
        found = re.search(
            r'<div class="body">\n(.*?)\n</div>\n(?:</article>|<p class="source">)',
            self.text(variant, slug),
            re.DOTALL,
        )
        assert found is not None
        # Paragraph numbers are on every line and say nothing here.
        return re.sub(r'<a class="num".*?</a>', "", found[1])


@pytest.fixture
def build(tmp_path: Path, write_edition: Callable, run_duben: Callable[..., Run]) -> Build:
    """`build({"text.md": …, "glossary.yaml": …, other files}, "--option")` → Site, built without errors."""

    def make(files: Mapping[str, str], *options: str) -> Site:
        places = {
            "text.md": "texts/a/text.md",
            "text.yaml": "texts/a/text.yaml",
            "glossary.yaml": "glossary/all.yaml",
        }
        placed = {"edition.yaml": "title: 读本\n", "text.yaml": "title: 题\n", **files}
        write_edition(tmp_path / "content", {places.get(name, name): text for name, text in placed.items()})
        run = run_duben("build", *options, cwd=tmp_path)
        assert run.status == 0, run.stderr
        assert check_site(tmp_path / "site") == []
        return Site(tmp_path / "site", run)

    return make


ENTRIES = """
    - {id: t1, term: 新质生产力, gloss: {en: forces}}
    - {id: t2, term: 生产力}
    - {id: t3, term: 中部, not_in: [其中部分]}
    """


def linked(html: str) -> list[tuple[str, str]]:
    """(entry, words) of each link to an entry."""
    found = re.findall(r'<a class="term[^"]*" href="[^"]*"[^>]* aria-describedby="w-([^"]*)">(.*?)</a>', html)
    return [(entry, re.sub(r"<[^>]*>", "", words)) for entry, words in found]


def test_a_term_is_found_in_every_script_and_glyph_variant(build: Build) -> None:
    site = build(
        {
            "text.md": "新质生产力 {#p1}\n\n新質生產力 {#p2}\n\n新質生産力 {#p3}\n\n其中部分在中部 {#p4}\n",
            "glossary.yaml": ENTRIES,
        }
    )
    body = site.body()
    assert linked(body) == [("t1", "新质生产力"), ("t1", "新質生產力"), ("t1", "新質生産力"), ("t3", "中部")]
    assert 'data-nested="t2"' in body


@pytest.mark.parametrize(
    ("policy", "expected"),
    [("every", 4), ("first-in-paragraph", 2), ("first-in-text", 1)],
)
def test_the_policy_says_which_occurrences_are_links(policy: str, expected: int, build: Build) -> None:
    site = build(
        {
            "edition.yaml": f"title: 读本\nlink: {policy}\n",
            "text.md": "中部和中部 {#p1}\n\n中部和中部 {#p2}\n",
            "glossary.yaml": ENTRIES,
        }
    )
    assert len(linked(site.body())) == expected
    assert len(re.findall('class="term first"', site.body())) == 1
    entry = site.html("zh-hans/glossary/t3.html")
    assert entry.count('<li id="k') == 4 or entry.count("../texts/a.html#p") >= 4


@pytest.mark.parametrize(
    ("notes", "expected"),
    [
        ("- {in: p1, on: 中部, after: 甲, entry: none}", [("t3", "中部")]),
        ("- {in: p1, on: 甲, entry: t3}", [("t3", "中部"), ("t3", "甲")]),
        ("- {in: p1, on: 中部甲, entry: t2}", [("t2", "中部甲")]),
    ],
)
def test_a_single_occurrence_is_vetoed_or_forced(notes: str, expected: list, build: Build) -> None:
    site = build(
        {
            "edition.yaml": "title: 读本\nlink: every\n",
            "text.yaml": f"title: 题\nnotes:\n  {notes}\n",
            "text.md": "中部甲 {#p1}\n\n乙中部 {#p2}\n" if "none" in notes else "中部甲 {#p1}\n",
            "glossary.yaml": ENTRIES,
        }
    )
    assert linked(site.body()) == expected


def test_homographs_are_told_apart_by_the_text_and_by_the_place(build: Build) -> None:
    site = build(
        {
            "text.yaml": "title: 题\nnotes:\n  - {in: p2, on: 解放, entry: truck}\n",
            "text.md": "解放 {#p1}\n\n解放 {#p2}\n",
            "glossary.yaml": "- {id: event, term: 解放}\n- {id: truck, term: 解放, link: never}\n",
            "texts/b/text.yaml": "title: 二\nentries: {truck: every, event: none}\n",
            "texts/b/text.md": "解放 {#p1}\n",
        }
    )
    assert linked(site.body()) == [("event", "解放"), ("truck", "解放")]
    assert linked(site.body(slug="b")) == [("truck", "解放")]


def test_forms_aliases_and_decisions_decide_in_this_order(build: Build) -> None:
    site = build(
        {
            "edition.yaml": "title: 读本\nlink: every\n",
            "text.yaml": "title: 题\nconvert:\n  - {in: p2, on: 激光, to: {zh-Hant: 鐳射}}\n",
            "text.md": "激光 {#p1}\n\n激光 {#p2}\n\n镭射 {#p3}\n\n回归 {#p4}\n",
            "glossary.yaml": "- {id: laser, term: 激光, aliases: [镭射], forms: {zh-Hant-TW: 雷射}}\n",
            "scripts.yaml": "zh-Hant: {回归: 回歸, 激光: 激X}\n",
        }
    )
    shown = {v: visible_paragraphs(site.text(v)) for v in ("zh-hans", "zh-hant", "zh-hant-tw", "zh-hant-hk")}
    assert [shown["zh-hant"][p] for p in ("p1", "p2", "p3", "p4")] == ["激X", "鐳射", "鐳射", "回歸"]
    assert [shown["zh-hant-tw"][p] for p in ("p1", "p2", "p3", "p4")] == ["雷射", "鐳射", "鐳射", "回歸"]
    assert [shown["zh-hans"][p] for p in ("p1", "p2", "p3", "p4")] == ["激光", "激光", "镭射", "回归"]
    assert linked(site.body("zh-hant-tw"))[0] == ("laser", "雷射")


def test_a_reading_is_shown_as_printed_and_converted_as_read(build: Build) -> None:
    site = build(
        {
            "edition.yaml": "title: 读本\nlang: zh-Hans\n",
            "text.yaml": """
                title: 題
                lang: zh-Hant-TW
                notes:
                  - {in: p1, on: 乙太鋼, reading: 以太鋼, note: 错}
                """,
            "text.md": "乙太鋼為材 {#p1}\n",
            "glossary.yaml": "- {id: taigang, term: 太钢}\n",
        }
    )
    assert visible_paragraphs(site.text("zh-hant-tw"))["p1"] == "乙太鋼為材"
    assert visible_paragraphs(site.text("zh-hans"))["p1"] == "以太钢为材"
    assert linked(site.body("zh-hans")) == [("taigang", "太钢")]
    assert linked(site.body("zh-hant-tw")) == [("taigang", "太鋼")]


def test_notes_stand_where_they_are_anchored(build: Build) -> None:
    site = build(
        {
            "text.yaml": """
            title: 题目
            notes:
              - {id: t, in: title, on: 目, note: 一}
              - {id: range, in: p1, on: 丁, until: {in: p3, on: 甲}, note: 二}
              - {id: whole, in: p2, note: 三}
              - {id: term, in: p3, on: 甲中, note: 四}
            """,
            "text.md": "甲乙丙丁 {#p1}\n\n## 头 {#p2}\n\n甲中部 {#p3}\n",
            "glossary.yaml": ENTRIES,
        }
    )
    assert visible_paragraphs(site.text())["title"] == "题目"
    body = site.body()
    assert '甲乙丙<span class="noted" data-note="range">丁</span>' in body
    assert (
        '<h2 id="p2"><span class="noted" data-note="range">头</span><a class="noteref" id="r-whole"' in body
    )
    # The term's link is whole; the crossing note is cut at its edge, and its marker follows the link.
    assert re.search(
        r'data-note="range term">甲</span><a class="noteref" id="r-range"[^>]*>3</a>'
        r'<a class="term first"[^>]*><span class="noted" data-note="term">中</span>部</a>'
        r'<a class="noteref" id="r-term"[^>]*>4</a>',
        body,
    )
    assert [int(n) for n in re.findall(r'<li id="n-[a-z]+"[^>]* value="(\d+)"', site.text())] == [1, 2, 3, 4]


def test_blocks_of_every_kind_have_their_markup(build: Build) -> None:
    site = build(
        {
            "text.md": """
            # 大 {#p1}

            > 引 {#p2}

            3. 甲 {#p3}
               - 乙 {#p4}

            一
            二 {#p5 .verse was=p50}

            ***

            | 头 | 数 |
            |----|---:|
            | *甲* | 1 |
            {#p6}

            文[^x]与*重*与[链](https://example.org/) {#p7}

            ![图](static/a.png) {#p8}

            [^x]: 脚 {#p9}
            """,
            "static/a.png": "png",
            "static/CNAME": "example.org",
        }
    )
    body = site.body()
    for wanted in (
        '<h2 id="p1">大</h2>',
        '<blockquote>\n<p id="p2">引</p>\n</blockquote>',
        '<ol start="3">\n<li>\n<p id="p3">甲</p>\n<ul>\n<li>\n<p id="p4">乙</p>',
        '<p class="verse" id="p5"><a class="was" id="p50"></a>一<br>二</p>',
        '<hr class="break">',
        '<div class="table" id="p6" role="region" tabindex="0" aria-label="表格" data-t-label="table">',
        '<th scope="col" class="right" id="p6.1.2">数</th>',
        '<td id="p6.2.1"><em>甲</em></td>',
        '<a class="fnref" id="f-1" href="#p9"',
        "与<em>重</em>与",
        '<a class="link" href="https://example.org/">链</a>',
        '<img src="../../a.png" alt="图" loading="lazy">',
        '<li id="p9">脚<a class="fnback" href="#f-1"',
    ):
        assert wanted in body
    assert site.html("CNAME") == "example.org"


def test_links_in_notes_and_definitions_read_in_the_page_s_script(build: Build) -> None:
    site = build(
        {
            "text.yaml": """
                title: 题
                notes:
                  - {id: n1, in: p1, note: '[[laser]]、[[laser|此词]]、[[b#]]、[[b#p1]]'}
                """,
            "text.md": "文 {#p1}\n",
            "texts/b/text.yaml": "title: 後來\nlang: zh-Hant\n",
            "texts/b/text.md": "文 {#p1}\n",
            "glossary.yaml": "- {id: laser, term: 激光, forms: {zh-Hant-TW: 雷射}}\n",
        }
    )

    def remark(variant: str) -> str:
        return re.sub(r"<[^>]*>", "", re.findall(r'<div class="remark">(.*?)</div>', site.text(variant))[0])

    assert remark("zh-hans") == "激光、此词、《后来》、《后来》¶1"
    assert remark("zh-hant-tw") == "雷射、此詞、《後來》、《後來》¶1"


def test_terms_read_in_prose_as_in_the_texts(build: Build) -> None:
    site = build(
        {
            "text.yaml": "title: 激光\nsummary: 激光\nnotes:\n  - {id: n1, in: p1, note: 激光}\n",
            "text.md": "激光 {#p1}\n",
            "glossary.yaml": "- {id: laser, term: 激光, forms: {zh-Hant-TW: 雷射}, definition: 激光也}\n",
        }
    )
    page = site.text("zh-hant-tw")
    assert "激光" not in page
    assert visible_paragraphs(page)["title"] == "雷射"
    assert "雷射也" in site.html("zh-hant-tw/glossary/laser.html")
    assert "激光" in site.text("zh-hans")


def test_an_entry_shows_all_that_its_editor_wrote(build: Build) -> None:
    site = build(
        {
            "edition.yaml": "title: 读本\neditors: [甲, 乙]\n",
            "text.md": "豆浆 {#p1}\n",
            "glossary.yaml": """
                - id: doujiang
                  kind: product
                  term: 豆浆
                  aliases: [豆汁]
                  gloss: {en: soy milk, fr: lait de soja}
                  definition: |
                    饮料。[^1]

                    - 甜
                    - 咸

                    [^1]: 一说。
                  date: 1958-05
                  coordinates: [41.29, -123.5]
                  sources: [{title: 书名, url: "https://example.org/", date: 2024-05}]
                """,
        }
    )
    page = site.html("zh-hant/glossary/doujiang.html")
    for wanted in (
        "dòu jiāng",
        "豆汁",
        '<p class="gloss" lang="fr">lait de soja</p>',
        '飲料。<a class="fnref" id="f-1" href="#fn-1"',
        "<li>\n<p>甜</p>",
        "1958年5月",
        "41.29° N, 123.5° W",
        '<a href="https://example.org/">書名</a> <span class="date"><time',
        '<time datetime="2024-05">2024年5月</time>',
    ):
        assert wanted in page
    # In a card the definition stands without its footnotes.
    assert "飲料。</" in site.text("zh-hant")
    assert "甲、乙" in site.html("zh-hant/pages/about.html")


def test_a_paragraph_s_link_leads_to_its_text_from_anywhere(build: Build) -> None:
    site = build({"text.yaml": "title: 题\nsummary: '[二](#p2)'\n", "text.md": "一 {#p1}\n\n二 {#p2}\n"})
    assert '<a class="link" href="texts/a.html#p2">二</a>' in site.html("zh-hans/index.html")
    assert '<a class="link" href="#p2">二</a>' in site.text()


def test_html_is_text_in_every_field(build: Build) -> None:
    bad = "<script>alert(1)</script>"
    site = build(
        {
            "edition.yaml": f"title: 读本{bad}\ndescription: '{bad}'\nrights: '{bad}'\n",
            "text.yaml": f"title: 题{bad}\nauthor: '{bad}'\nsummary: '{bad}'\ncredits: {{'{bad}': '{bad}'}}\n"
            f"notes:\n  - {{id: n1, in: p1, note: '{bad}'}}\n",
            "text.md": f"文{bad} {{#p1}}\n",
            "glossary.yaml": f"- id: t\n  term: '文{bad}'\n  aliases: ['{bad}']\n  pinyin: '{bad}'\n"
            f"  gloss: {{en: '{bad}'}}\n  definition: '{bad}'\n  sources: [{{title: '{bad}'}}]\n",
            "pages/about.md": f"# {bad}\n\n{bad}\n",
        }
    )
    for path in site.folder.rglob("*.html"):
        assert "<script>" not in path.read_text("utf-8")
    assert visible_paragraphs(site.text())["p1"] == f"文{bad}"
    more = re.search(r"([0-9]+) markdown-html\)", site.run.stderr)
    assert more and site.run.stderr.count("[markdown-html]") + int(more[1]) >= 12


def test_addresses_are_named_only_with_a_base_url(build: Build) -> None:
    site = build({"text.md": "文 {#p1}\n"})
    assert "canonical" not in site.text()
    assert site.run.stderr.count("[base-url-missing]") == 1


def test_every_page_names_its_address_and_its_alternates(build: Build) -> None:
    site = build({"text.md": "文 {#p1}\n"}, "--base-url", "https://example.org/reader")
    head = site.text("zh-hant-hk")
    assert '<link rel="canonical" href="https://example.org/reader/zh-hant-hk/texts/a.html">' in head
    assert (
        '<link rel="alternate" hreflang="zh-Hans" href="https://example.org/reader/zh-hans/texts/a.html">'
        in head
    )
    assert '<p class="address" lang="en">https://example.org/reader/zh-hant-hk/texts/a.html</p>' in head
    assert head.count('hreflang="x-default"') == 1
    assert "[base-url-missing]" not in site.run.stderr


def test_the_page_that_chooses_a_script_has_a_head_like_the_others(build: Build) -> None:
    site = build({"text.md": "文 {#p1}\n"}, "--base-url", "https://example.org/reader/")
    chooser, home = site.html("index.html"), site.html("zh-hant/index.html")
    assert '<link rel="canonical" href="https://example.org/reader/">' in chooser
    for page in (chooser, home):
        assert '<link rel="alternate" hreflang="x-default" href="https://example.org/reader/">' in page
        assert '<meta property="og:title"' in page
        assert '"@type": "WebSite"' in page


def test_only_the_variants_asked_for_are_built(build: Build) -> None:
    site = build(
        {"text.md": "文 {#p1}\n", "text.yaml": "title: 題\nlang: zh-Hant\n"}, "--variants", "zh-hans"
    )
    assert sorted(path.name for path in site.folder.iterdir() if path.is_dir()) == [
        ".duben",
        "assets",
        "offline",
        "search",
        "zh-hans",
    ]
    assert "zh-hant/" not in site.text()


def test_the_second_engine_can_be_chosen(build: Build) -> None:
    site = build(
        {
            "edition.yaml": "title: 读本\nengine: opencc-python-reimplemented\n",
            "text.md": "头发发展 {#p1}\n",
        }
    )
    assert visible_paragraphs(site.text("zh-hant"))["p1"] == "頭髮發展"


def test_an_edition_may_be_nearly_empty(build: Build) -> None:
    site = build({"text.md": "文 {#p1}\n"})
    assert (site.folder / "zh-hans/glossary/index.html").is_file()
    assert (site.folder / "zh-hans/pages/about.html").is_file()
