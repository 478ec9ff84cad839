"""Citing: what each style writes for what is known of a text, what the menu copies, and how it is worked."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from browser.built import Built, OpenPage, complaints_of, settle, switch_to
from playwright.sync_api import Page, expect

BASE = "https://example.org/reader/"
TODAY = datetime.datetime(2026, 11, 2, 12, tzinfo=datetime.UTC)
MENU = "#cite:popover-open"

BODY = "甲。 {#p1}\n"
EDITION = {
    "edition.yaml": "title: 东北读本\neditors: [编辑部]\n",
    "glossary/all.yaml": "- {id: laba, term: 腊八, pinyin: là bā}\n",
    "texts/one/text.md": BODY,
    "texts/one/text.yaml": "title: 看“新”树\nauthor: 萧红\npublisher: 黑土书局\ndate: 2026-03-05\n",
    "texts/office/text.md": BODY,
    "texts/office/text.yaml": "title: 公报\nauthor: 国家统计局\npublisher: 国家统计局\ndate: 2024-02\n",
    "texts/two/text.md": BODY,
    "texts/two/text.yaml": "title: 读《商市街》！\nauthor: [萧红, 萧军]\ndate: 1936\nrevised: 2026-03-05\n",
    "texts/four/text.md": BODY,
    "texts/four/text.yaml": "title: 四人\nauthor: [甲一, 乙二, 丙三, 丁四]\ndate: 1999\n",
    "texts/nobody/text.md": BODY,
    "texts/nobody/text.yaml": "title: 无名\n",
    "texts/latin/text.md": BODY,
    "texts/latin/text.yaml": (
        "title: '100% {A_B} #1 & $~^\\'\nauthor: ['Doe, Jane Q.', World Bank]\ndate: 2020-05\n"
    ),
    "texts/forms/text.md": """
        # 头 {#p1}

        腊八，*发*展[^1]与头发。 {#p2}

        头一行\\
        发一行 {#p3}

        | 甲 | 乙 |
        | --- | --- |
        | 发 | 头 |
        {#p4}

        [^1]: 脚注。 {#p5}
        """,
    "texts/forms/text.yaml": """
        title: 头发
        author: 萧红
        date: 2026-03
        notes:
          - {in: p2, on: 头发, note: 注。}
        """,
}

# Text → style → what it writes for the first paragraph; ADDRESS stands for the paragraph's.
WRITTEN = {
    "one": {
        "gbt": "萧红. 看“新”树[EB/OL]. 黑土书局, 2026: 第1段(2026-03-05)[2026-11-02]. ADDRESS.",
        "mla": "萧红. “看‘新’树.” 东北读本, 黑土书局, 5 Mar. 2026, ADDRESS. Accessed 2 Nov. 2026.",
        "mla-text": "(萧红, par. 1)",
        "chicago-note": "萧红, “看‘新’树,” 东北读本, 黑土书局, March 5, 2026, par. 1, ADDRESS.",
        "chicago-list": "萧红. “看‘新’树.” 东北读本. 黑土书局. March 5, 2026. ADDRESS.",
    },
    "office": {
        "gbt": "国家统计局. 公报[EB/OL]. 2024: 第1段(2024-02)[2026-11-02]. ADDRESS.",
        "mla": "“公报.” 东北读本, 国家统计局, Feb. 2024, ADDRESS. Accessed 2 Nov. 2026.",
        "mla-text": "(“公报,” par. 1)",
        "chicago-note": "国家统计局, “公报,” 东北读本, February 2024, par. 1, ADDRESS.",
        "chicago-list": "国家统计局. “公报.” 东北读本. February 2024. ADDRESS.",
    },
    "two": {
        "gbt": "萧红, 萧军. 读《商市街》！[EB/OL]. 1936: 第1段(2026-03-05)[2026-11-02]. ADDRESS.",
        "mla": (
            "萧红, and 萧军. “读《商市街》！” 1936. 东北读本, 5 Mar. 2026, ADDRESS. Accessed 2 Nov. 2026."
        ),
        "mla-text": "(萧红 and 萧军, par. 1)",
        "chicago-note": (
            "萧红 and 萧军, “读《商市街》！,” 东北读本, last modified March 5, 2026, par. 1, ADDRESS."
        ),
        "chicago-list": "萧红, and 萧军. “读《商市街》！” 东北读本. Last modified March 5, 2026. ADDRESS.",
    },
    "four": {
        "gbt": "甲一, 乙二, 丙三, 等. 四人[EB/OL]. 1999: 第1段[2026-11-02]. ADDRESS.",
        "mla": "甲一, et al. “四人.” 东北读本, 1999, ADDRESS. Accessed 2 Nov. 2026.",
        "mla-text": "(甲一 et al., par. 1)",
        "chicago-note": "甲一 et al., “四人,” 东北读本, 1999, par. 1, ADDRESS.",
        "chicago-list": "甲一, 乙二, 丙三, and 丁四. “四人.” 东北读本. 1999. ADDRESS.",
    },
    "nobody": {
        "gbt": "无名[EB/OL]. 第1段[2026-11-02]. ADDRESS.",
        "mla": "“无名.” 东北读本, ADDRESS. Accessed 2 Nov. 2026.",
        "mla-text": "(“无名,” par. 1)",
        "chicago-note": "“无名,” 东北读本, accessed November 2, 2026, par. 1, ADDRESS.",
        "chicago-list": "东北读本. “无名.” Accessed November 2, 2026. ADDRESS.",
    },
    "latin": {
        "gbt": (
            "DOE J Q, World Bank. 100% {A_B} #1 & $~^\\[EB/OL]. 2020: 第1段(2020-05)[2026-11-02]. ADDRESS."
        ),
        "mla": (
            "Doe, Jane Q., and World Bank. “100% {A_B} #1 & $~^\\.” 东北读本, May 2020, ADDRESS. "
            "Accessed 2 Nov. 2026."
        ),
        "mla-text": "(Doe and World Bank, par. 1)",
        "chicago-note": (
            "Jane Q. Doe and World Bank, “100% {A_B} #1 & $~^\\,” 东北读本, May 2020, par. 1, ADDRESS."
        ),
        "chicago-list": "Doe, Jane Q., and World Bank. “100% {A_B} #1 & $~^\\.” 东北读本. May 2020. ADDRESS.",
    },
}

# The same, without a paragraph, where that is more than leaving the paragraph out
WHOLE = {
    "one": {
        "gbt": "萧红. 看“新”树[EB/OL]. 黑土书局, 2026(2026-03-05)[2026-11-02]. ADDRESS.",
        "mla-text": "(萧红)",
        "chicago-note": "萧红, “看‘新’树,” 东北读本, 黑土书局, March 5, 2026, ADDRESS.",
    },
    "two": {"gbt": "萧红, 萧军. 读《商市街》！[EB/OL]. 1936(2026-03-05)[2026-11-02]. ADDRESS."},
    "four": {"gbt": "甲一, 乙二, 丙三, 等. 四人[EB/OL]. (1999)[2026-11-02]. ADDRESS."},
    "nobody": {"gbt": "无名[EB/OL]. [2026-11-02]. ADDRESS.", "mla-text": "(“无名”)"},
}

BIBTEX = {
    "two": """@online{two-2026-p1,
  author = {{萧红} and {萧军}},
  editor = {{编辑部}},
  title = {{读《商市街》！}},
  titleaddon = {{东北读本}},
  date = {2026-03-05},
  origdate = {1936},
  url = {ADDRESS},
  urldate = {2026-11-02},
  langid = {chinese},
  note = {第1段},
}""",
    "nobody": """@online{nobody-p1,
  editor = {{编辑部}},
  title = {{无名}},
  titleaddon = {{东北读本}},
  url = {ADDRESS},
  urldate = {2026-11-02},
  langid = {chinese},
  note = {第1段},
}""",
    "latin": r"""@online{latin-2020-p1,
  author = {Doe, Jane Q. and {World Bank}},
  editor = {{编辑部}},
  title = {{100\% \textbraceleft{}A\_B\textbraceright{} \#1 \& \$\textasciitilde{}\textasciicircum{}"""
    r"""\textbackslash{}}},
  titleaddon = {{东北读本}},
  date = {2020-05},
  url = {ADDRESS},
  urldate = {2026-11-02},
  langid = {chinese},
  note = {第1段},
}""",
}

CSL = {
    "one": {"issued": {"date-parts": [[2026, 3, 5]]}, "publisher": "黑土书局"},
    "office": {"issued": {"date-parts": [[2024, 2]]}, "author": [{"literal": "国家统计局"}]},
    "two": {"issued": {"date-parts": [[2026, 3, 5]]}, "original-date": {"date-parts": [[1936]]}},
    "nobody": {"title": "无名", "editor": [{"literal": "编辑部"}]},
    "latin": {"author": [{"family": "Doe", "given": "Jane Q."}, {"literal": "World Bank"}]},
}
# Of CSL's schema for data, what an item of ours may have: name → kind of value.
CSL_FIELDS = {
    "id": str,
    "type": str,
    "title": str,
    "author": "names",
    "editor": "names",
    "container-title": str,
    "publisher": str,
    "issued": "date",
    "original-date": "date",
    "accessed": "date",
    "URL": str,
    "language": str,
    "note": str,
}


@pytest.fixture(scope="session")
def library(
    tmp_path_factory: pytest.TempPathFactory, write_edition: Callable[..., Path], run_duben: Callable
) -> Built:
    """An edition whose texts differ in what is known of them, with a `base_url`."""
    folder = tmp_path_factory.mktemp("library")
    write_edition(folder / "content", EDITION)
    run = run_duben("build", "--base-url", BASE, cwd=folder)
    assert run.status == 0, run.stderr
    return Built(folder / "site")


@pytest.fixture
def open_text(library: Built, open_page: OpenPage) -> Callable[..., Page]:
    """`open_text("one", variant="zh-hant")` → the page of a text, on the second of November 2026."""

    def open_it(slug: str, variant: str = "zh-hans", width: int = 1280, **options: object) -> Page:
        page = open_page(width, timezone_id="Asia/Shanghai", **options)
        page.clock.set_fixed_time(TODAY)
        page.goto((library.root / variant / "texts" / f"{slug}.html").as_uri())
        return page

    return open_it


def ask(page: Page, selector: str = ".body .num") -> None:
    """Opens the menu from the first element that matches."""
    page.locator(selector).first.click()
    page.wait_for_selector(MENU)


def written(page: Page, style: str) -> str:
    """What the open menu shows in a style."""
    page.locator(f"#cite input[value={style}]").check()
    return page.locator("#cite .preview").inner_text()


def address_of(slug: str, paragraph: str = "", variant: str = "zh-hans") -> str:
    return f"{BASE}{variant}/texts/{slug}.html{paragraph}"


def pasted(page: Page) -> str:
    """What the clipboard holds, read by pasting it."""
    page.evaluate(
        "() => { const area = document.createElement('textarea'); area.id = 'pasted';"
        " document.body.append(area); area.focus(); }"
    )
    page.keyboard.press("ControlOrMeta+v")
    text: str = page.evaluate(
        "() => { const a = document.getElementById('pasted'); a.remove(); return a.value; }"
    )
    return text


# --- styles ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", WRITTEN)
def test_every_style_says_what_is_known_of_a_text(slug: str, open_text: Callable[..., Page]) -> None:
    page = open_text(slug)
    ask(page)
    for style, expected in WRITTEN[slug].items():
        assert written(page, style) == expected.replace("ADDRESS", address_of(slug, "#p1")), style


@pytest.mark.parametrize("slug", WHOLE)
def test_a_text_as_a_whole_is_cited_without_a_paragraph(slug: str, open_text: Callable[..., Page]) -> None:
    page = open_text(slug)
    ask(page, ".cite")
    assert page.locator("#cite .acts button").all_inner_texts() == ["复制链接", "复制引文"]
    for style, expected in WHOLE[slug].items():
        assert written(page, style) == expected.replace("ADDRESS", address_of(slug)), style
    assert "note" not in json.loads(written(page, "csl"))[0]


@pytest.mark.parametrize("slug", BIBTEX)
def test_bibtex_is_an_entry_of_biblatex_with_nothing_that_breaks_it(
    slug: str, open_text: Callable[..., Page]
) -> None:
    page = open_text(slug)
    ask(page)
    entry = written(page, "bibtex")
    assert entry == BIBTEX[slug].replace("ADDRESS", address_of(slug, "#p1"))
    # BibTeX counts every brace, escaped or not.
    depth = 0
    for sign in entry:
        depth += {"{": 1, "}": -1}.get(sign, 0)
        assert depth >= 0
    assert depth == 0


@pytest.mark.parametrize("slug", WRITTEN)
def test_csl_json_is_a_list_of_one_item_of_the_schema(slug: str, open_text: Callable[..., Page]) -> None:
    page = open_text(slug)
    ask(page)
    (item,) = json.loads(written(page, "csl"))
    assert {"id", "type", "title", "accessed", "URL", "language"} <= item.keys() <= CSL_FIELDS.keys()
    assert item["type"] == "webpage"
    assert item["accessed"] == {"date-parts": [[2026, 11, 2]]}
    assert item["URL"] == address_of(slug, "#p1")
    assert (item["container-title"], item["language"], item["note"]) == ("东北读本", "zh-Hans", "第1段")
    for name, value in item.items():
        match CSL_FIELDS[name]:
            case "names":
                assert all(person.keys() in ({"literal"}, {"family", "given"}) for person in value)
            case "date":
                (parts,) = value["date-parts"]
                assert 1 <= len(parts) <= 3
                assert all(type(part) is int for part in parts)
            case kind:
                assert isinstance(value, kind)
                assert value
    assert CSL.get(slug, {}).items() <= item.items()


def test_a_citation_stands_in_the_script_of_the_page(open_text: Callable[..., Page]) -> None:
    page = open_text("one", "zh-hant")
    ask(page)
    address = address_of("one", "#p1", "zh-hant")
    assert written(page, "gbt") == (
        f"蕭紅. 看「新」樹[EB/OL]. 黑土書局, 2026: 第1段(2026-03-05)[2026-11-02]. {address}."
    )
    assert json.loads(written(page, "csl"))[0]["language"] == "zh-Hant"
    assert page.locator("#cite .acts button").first.inner_text() == "複製連結"


def test_a_reader_of_english_has_the_menu_in_english_and_the_same_citation(
    open_text: Callable[..., Page],
) -> None:
    page = open_text("one")
    page.evaluate("localStorage.setItem('duben-settings', JSON.stringify({ui: 'en'}))")
    page.reload()
    ask(page)
    assert page.locator("#cite").get_attribute("lang") == "en"
    assert page.get_by_role("dialog", name="Cite paragraph 1").is_visible()
    labels = page.locator("#cite button, #cite label, #cite legend").all_text_contents()
    assert not [label for label in labels if re.search("[\u4e00-\u9fff]", label)]
    expected = WRITTEN["one"]["gbt"].replace("ADDRESS", address_of("one", "#p1"))
    assert written(page, "gbt") == expected
    assert page.locator("#cite .preview").get_attribute("lang") == "zh-Hans"


def test_the_day_of_access_is_the_reader_s_own(open_text: Callable[..., Page]) -> None:
    page = open_text("nobody")
    page.clock.set_fixed_time(datetime.datetime(2026, 12, 31, 17, tzinfo=datetime.UTC))
    page.reload()
    ask(page)
    assert "[2027-01-01]" in written(page, "gbt")


# --- what is copied --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("paragraph", "words"), [("p2", "腊八，发展与头发。"), ("p3", "头一行\n发一行")], ids=["prose", "verse"]
)
def test_a_paragraph_is_copied_as_it_reads_with_its_source(
    paragraph: str, words: str, open_text: Callable[..., Page]
) -> None:
    page = open_text("forms")
    ask(page, f"#{paragraph} > .num")
    page.get_by_role("button", name="复制文字与出处").click()
    expect(page.locator("#cite [role=status]")).to_have_text("已复制")
    number = paragraph[1:]
    source = f"——萧红：《头发》，《东北读本》，第{number}段，{address_of('forms', f'#{paragraph}')}\n"
    assert pasted(page) == f"{words}\n{source}"


def test_pinyin_over_the_words_is_not_copied(open_text: Callable[..., Page]) -> None:
    page = open_text("forms")
    page.evaluate(
        "() => { const term = document.querySelector('#p2 .term');"
        " const ruby = document.createElement('ruby');"
        " const reading = document.createElement('rt'); reading.textContent = 'là bā';"
        " ruby.append(...term.childNodes, reading); term.append(ruby); }"
    )
    assert "là bā" in page.locator("#p2").inner_text()
    ask(page, "#p2 > .num")
    page.get_by_role("button", name="复制文字与出处").click()
    expect(page.locator("#cite [role=status]")).to_have_text("已复制")
    assert pasted(page).startswith("腊八，发展与头发。\n")


def test_only_paragraphs_that_have_a_number_offer_the_menu(open_text: Callable[..., Page]) -> None:
    # A heading and a cell have an address, but no number of their own to press.
    page = open_text("forms")
    assert page.locator("h2#p1, td[id^='p4']").count() > 1
    assert page.locator("h2 .num, td .num, th .num").count() == 0
    assert page.locator(".body .num").count() == 2


def test_a_published_page_gives_its_own_address_and_another_the_one_it_is_read_at(
    open_page: OpenPage, open_text: Callable[..., Page], site: Built, served: str
) -> None:
    page = open_text("one")
    ask(page)
    page.get_by_role("button", name="复制链接").click()
    expect(page.locator("#cite [role=status]")).to_have_text("已复制")
    assert pasted(page) == address_of("one", "#p1")
    page = open_page()
    page.goto(f"{served}{site.text}?q=x#p1")
    ask(page, "#p1 > .num, .body .num")
    number = page.locator(".body .num").first.get_attribute("href")
    page.get_by_role("button", name="复制链接").click()
    expect(page.locator("#cite [role=status]")).to_have_text("已复制")
    assert pasted(page) == f"{served}{site.text}{number}"


def test_a_page_on_a_disk_is_cited_without_its_address_there(open_page: OpenPage, site: Built) -> None:
    page = open_page()
    page.goto((site.root / site.text).as_uri())
    ask(page)
    for style in ("gbt", "mla", "mla-text", "chicago-note", "chicago-list", "bibtex", "csl"):
        shown = written(page, style)
        assert "file:" not in shown and ".." not in shown and ". ." not in shown, style


def test_who_wrote_a_text_is_not_named_again_as_the_edition_s_editor(
    build_edition: Callable[..., Built], serve: Callable[[Built], str], open_page: OpenPage
) -> None:
    files = {
        "edition.yaml": "title: 书\neditors: [甲, 乙]\n",
        "texts/wen/text.yaml": "title: 文\nauthor: 甲\nlang: zh-Hans\n",
        "texts/wen/text.md": "天晴。 {#p1}\n",
    }
    page = open_page()
    page.goto(serve(build_edition("own-editor", files)) + "zh-hans/texts/wen.html")
    ask(page)
    shown = written(page, "bibtex")
    assert "author = {{甲}}" in shown and "editor = {{乙}}" in shown


@pytest.mark.parametrize("way", ["the clipboard", "a selection"])
def test_what_is_shown_is_what_is_copied(way: str, open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    heard = complaints_of(page)
    if way == "a selection":
        page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.goto(served + site.text)
    ask(page)
    for style in ("gbt", "chicago-note", "bibtex", "csl"):
        shown = written(page, style)
        button = page.get_by_role("button", name="复制引文")
        button.click()
        expect(page.locator("#cite [role=status]")).to_have_text("已复制")
        expect(button).to_be_focused()
        page.keyboard.press("Escape")
        assert pasted(page).strip() == shown
        page.wait_for_timeout(300)
        ask(page)
    assert heard == []
    assert page.evaluate("window.refused") == []


def test_where_nothing_may_be_copied_the_words_are_selected(
    open_page: OpenPage, site: Built, served: str
) -> None:
    page = open_page()
    page.add_init_script(
        "Object.defineProperty(navigator, 'clipboard', {value: undefined});"
        "document.execCommand = () => false;"
    )
    page.goto(served + site.text)
    ask(page)
    page.get_by_role("button", name="复制文字与出处").click()
    expect(page.locator("#cite [role=status]")).to_contain_text("自行复制")
    assert "——" in page.evaluate("getSelection().toString()")


@pytest.mark.parametrize(("style", "ending"), [("bibtex", "bib"), ("csl", "json")])
def test_data_can_be_saved_as_a_file(style: str, ending: str, open_text: Callable[..., Page]) -> None:
    page = open_text("one")
    ask(page)
    shown = written(page, style)
    with page.expect_download() as download:
        page.locator("#cite .save").click()
    assert download.value.suggested_filename == f"one-2026-p1.{ending}"
    assert Path(download.value.path()).read_text("utf-8").strip() == shown
    written(page, "mla")
    assert page.locator("#cite .save").is_hidden()


# --- how it is worked ------------------------------------------------------------------------------


def test_the_keyboard_opens_walks_and_leaves_the_menu(open_text: Callable[..., Page]) -> None:
    page = open_text("one")
    number = page.locator(".body .num")
    number.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(MENU)
    expect(page.get_by_role("button", name="复制链接")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator("#cite input[value=gbt]")).to_be_focused()
    page.keyboard.press("ArrowRight")
    assert page.locator("#cite .preview").inner_text().startswith("萧红. “看")
    page.keyboard.press("Escape")
    expect(page.locator("#cite")).to_have_count(0)
    expect(number).to_be_focused()
    page.wait_for_timeout(300)
    page.keyboard.press("Enter")
    page.wait_for_selector(MENU)
    page.keyboard.press("Shift+Tab")
    expect(page.locator("#cite")).to_have_count(0)
    expect(number).to_be_focused()


def test_tab_at_the_end_of_the_menu_returns_to_the_number(open_text: Callable[..., Page]) -> None:
    page = open_text("one")
    ask(page)
    for _ in range(7):
        page.keyboard.press("Tab")
        page.wait_for_timeout(100)  # a menu that closes tells it a moment later
        if page.locator("#cite").count() == 0:
            break
    expect(page.locator("#cite")).to_have_count(0)
    expect(page.locator(".body .num")).to_be_focused()


def test_a_press_elsewhere_or_on_the_same_number_closes_it(open_text: Callable[..., Page]) -> None:
    page = open_text("one")
    for closing in ("h1", ".body .num"):
        ask(page)
        page.locator(closing).click()
        expect(page.locator("#cite")).to_have_count(0)
        page.wait_for_timeout(300)
        assert page.locator("#cite").count() == 0


def test_the_style_last_chosen_is_the_first_shown(open_text: Callable[..., Page]) -> None:
    page = open_text("one")
    ask(page)
    written(page, "bibtex")
    page.reload()
    ask(page)
    assert page.locator("#cite .preview").inner_text().startswith("@online{")


def test_a_click_for_a_new_tab_follows_the_number_as_a_link(
    open_page: OpenPage, site: Built, served: str
) -> None:
    page = open_page()
    page.goto(served + site.text)
    number = page.locator(".body .num").first
    with page.context.expect_page() as tab:
        number.click(modifiers=["ControlOrMeta"])
    assert tab.value.url.endswith(str(number.get_attribute("href")))
    assert page.locator("#cite").count() == 0


def test_after_a_switch_of_scripts_it_cites_the_other_page(
    open_page: OpenPage, site: Built, served: str
) -> None:
    page = open_page()
    page.goto(served + site.text)
    ask(page)
    page.keyboard.press("Escape")
    switch_to(page, "zh-Hant")
    page.wait_for_timeout(300)
    ask(page)
    assert "/zh-hant/" in written(page, "gbt")
    assert json.loads(written(page, "csl"))[0]["language"] == "zh-Hant"
    assert page.locator("#cite").get_attribute("lang") == "zh-Hant"


def test_on_a_phone_it_is_a_sheet_that_does_not_hide_the_number(open_text: Callable[..., Page]) -> None:
    page = open_text("one", width=390, touch=True, is_mobile=True)
    page.locator(".body .num").tap()
    page.wait_for_selector(MENU)
    settle(page)
    box = page.locator("#cite").bounding_box()
    number = page.locator(".body .num").bounding_box()
    size = page.viewport_size
    assert box
    assert number
    assert size
    assert (box["x"], box["width"]) == (0, 390)
    assert abs(box["y"] + box["height"] - size["height"]) <= 1
    assert number["y"] + number["height"] <= box["y"]
    for control in page.locator("#cite button, #cite label").all():
        target = control.bounding_box()
        assert target
        assert min(target["width"], target["height"]) >= 24, control
    page.locator("#cite .close").tap()
    expect(page.locator("#cite")).to_have_count(0)


@pytest.mark.parametrize("width", [500, 820, 1440])
def test_it_lies_inside_the_window_beside_its_number(
    open_page: OpenPage, site: Built, served: str, width: int
) -> None:
    page = open_page(width)
    page.goto(served + site.text)
    for number in (page.locator(".body .num").first, page.locator(".body .num").last):
        number.scroll_into_view_if_needed()
        number.click()
        page.wait_for_selector(MENU)
        settle(page)
        box = page.locator("#cite").bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= 900.5
        page.keyboard.press("Escape")


def test_without_script_a_number_is_a_link_and_nothing_offers_to_cite(
    open_page: OpenPage, site: Built, served: str
) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(served + site.text)
    assert page.locator(".cite").is_hidden()
    number = page.locator(".body .num").first
    number.click()
    assert page.url.endswith(str(number.get_attribute("href")))


def test_nothing_of_it_is_loaded_before_it_is_asked_for(
    open_page: OpenPage, site: Built, served: str
) -> None:
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(served + site.text)
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "cite" in url]
    ask(page)
    assert {url.rsplit("/", 1)[1] for url in asked if "cite" in url} == {"cite.js", "cite.css"}
