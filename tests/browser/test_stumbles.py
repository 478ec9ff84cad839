"""What readers stumbled over: letters too large, words too long, a file that failed once."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from browser.built import OPEN, Built, OpenPage, complaints_of, settle
from playwright.sync_api import Page, Route, expect

URL = "https://example.net/" + "a-long/path/without/end/" * 5
LONG_TITLE = "很长的篇名" * 40
HEBREW = "שלום עולם, זה פרק בעברית בלבד."
HEADINGS = "\n\n".join(f"{'#' * level} 第{level}级标题 {{#p{10 + level}}}" for level in range(1, 7))
SAID = "工厂在12月生产3万台机床，占85.5%，共1949台，第7号与A4纸。"

FILES = {
    "edition.yaml": "title: 碍脚读本\nlang: zh-Hans\nvariants: [zh-Hans, zh-Hant]\nlink: every\n",
    "glossary/all.yaml": "- {id: gong, term: 工厂, kind: concept, definition: 做工的地方。}\n",
    "texts/a/text.yaml": f"""
        title: {LONG_TITLE}
        notes:
          - {{id: n1, in: p1, on: 机床, note: {"一条很长的注，讲机床。" * 12}}}
        """,
    "texts/a/text.md": "\n\n".join(
        [
            f"{SAID} {{#p1}}",
            f"{HEBREW} {{#p2}}",
            f"见于这里的一处网址，其名甚长，{URL}，如此而已。 {{#p3}}",
            f"说到 {HEBREW} {{#p4}}",
            HEADINGS,
            f"| 名 | 址 | 说 |\n| --- | --- | --- |\n| 名字甲 | {URL} | 一段说明文字 |\n{{#p20}}",
            *(f"第{number}段，{'工厂与机床，生产高炉。' * 9} {{#p{number}}}" for number in range(30, 60)),
        ]
    )
    + "\n",
}


@pytest.fixture(scope="session")
def stumbles(build_edition: Callable[..., Built], serve: Callable[[Built], str]) -> str:
    return serve(build_edition("stumbles", FILES))


@pytest.fixture
def text(stumbles: str) -> str:
    return stumbles + "zh-hans/texts/a.html"


FOUND = "() => [...CSS.highlights.get('duben-found') ?? []].map((range) => range.toString())"


def all_ruby(page: Page) -> None:
    page.wait_for_function("() => document.querySelector('#p59 ruby')")


def test_what_a_search_found_is_marked_whenever_pinyin_comes_and_goes(open_page: OpenPage, text: str) -> None:
    page = open_page()
    page.add_init_script("localStorage.setItem('duben-settings', '{\"pinyin\": \"all\"}')")

    def late(route: Route) -> None:
        page.wait_for_timeout(700)  # the marks' style comes once pinyin is being laid
        route.continue_()

    page.route("**/found.css", late)
    page.goto(f"{text}?q={quote('高炉')}#p50")
    all_ruby(page)
    page.wait_for_function(f"() => ({FOUND})().length > 0")
    assert page.evaluate(FOUND) == ["高炉"] * 270
    expect(page.locator(".found")).to_be_visible()
    for mode in ("", "all", "words", "all"):
        page.evaluate("mode => duben.set('pinyin', mode)", mode)
        if mode == "all":
            all_ruby(page)
        else:
            page.wait_for_function("() => !document.querySelector('#p59 rt:not(.term *)')")
        page.wait_for_timeout(400)
        assert page.evaluate(FOUND) == ["高炉"] * 270, mode


def test_what_was_found_beside_a_number_stays_marked_in_vertical_lines(
    open_page: OpenPage, text: str
) -> None:
    page = open_page()
    page.goto(f"{text}?q={quote('在12月')}")
    page.wait_for_function(f"() => ({FOUND})().length > 0")
    for setting in ("vertical", "", "vertical"):
        page.evaluate("setting => duben.set('setting', setting)", setting)
        page.wait_for_function("down => duben.vertical() === down", arg=setting == "vertical")
        page.wait_for_function(f"() => ({FOUND})().join() === '在12月'")


def test_single_digits_stand_upright_in_vertical_lines_and_only_there(open_page: OpenPage, text: str) -> None:
    page = open_page()
    heard = complaints_of(page)
    page.goto(text)
    page.evaluate("() => { window.before = main.cloneNode(true); }")
    page.evaluate("duben.set('setting', 'vertical')")
    page.wait_for_function("() => document.querySelector('#p1 .upright')")
    assert page.locator("#p1 .upright").all_text_contents() == ["3", "7"]
    assert page.locator("#p1").evaluate("p => p.textContent.slice(1).replace('机床1', '机床')") == SAID
    height, size = page.locator("#p1 .upright").first.evaluate(
        "span => [span.getBoundingClientRect().height, parseFloat(getComputedStyle(span).fontSize)]"
    )
    assert height > 0.9 * size  # lying, it would take half of that
    for words in ("在12月生产3万台", "第7号"):  # the browser's own search finds them
        page.evaluate("getSelection().removeAllRanges()")
        assert page.evaluate("words => window.find(words)", words), words
    page.evaluate("duben.set('setting', '')")
    page.wait_for_function("() => !duben.vertical()")
    assert page.locator(".upright").count() == 0
    page.evaluate(
        "() => document.querySelectorAll('main [style]').forEach((each) => each.removeAttribute('style'))"
    )
    assert page.locator(".body").evaluate("body => body.isEqualNode(before.querySelector('.body'))")
    assert heard == []


def test_a_card_in_vertical_lines_leaves_the_line_of_its_note_in_sight(
    open_page: OpenPage, text: str
) -> None:
    page = open_page(1280, 800)
    page.add_init_script("localStorage.setItem('duben-settings', '{\"setting\": \"vertical\"}')")
    page.goto(text)
    page.wait_for_function("() => duben.vertical()")
    page.locator("#p1 .noteref").hover()
    page.wait_for_selector(OPEN)
    settle(page)
    card = page.locator(OPEN).bounding_box()
    assert card
    left, right = page.evaluate(
        """() => {
          const range = new Range();
          const text = document.querySelector('#p1 .noted').firstChild;
          range.selectNodeContents(text);
          const box = range.getBoundingClientRect();
          return [box.left, box.right];
        }"""
    )
    assert card["x"] + card["width"] <= left + 1 or card["x"] >= right - 1


def test_a_note_s_number_can_be_hit_and_moves_nothing(open_page: OpenPage, text: str) -> None:
    page = open_page(390, 844, touch=True)
    for size in ("", "1"):
        page.goto(text)
        page.evaluate("size => duben.set('size', size)", size)
        box = page.locator("#p1 .noteref").bounding_box()
        assert box
        assert box["width"] >= 24, size
        assert box["height"] >= 24, size
        # The text stands as if the number were no larger than it looks.
        line = "document.querySelector('#p1').clientHeight"
        tall = page.evaluate(line)
        page.evaluate("document.querySelector('#p1 .noteref').style.padding = '0'")
        page.evaluate("document.querySelector('#p1 .noteref').style.margin = '0 .2em'")
        assert page.evaluate(line) == tall


def test_only_the_first_line_of_a_note_s_sheet_leaves_room_for_its_button(
    open_page: OpenPage, text: str
) -> None:
    page = open_page(390, 844, touch=True)
    page.goto(text)
    page.locator("#p1 .noteref").tap()
    page.wait_for_selector(OPEN)
    free = page.locator(f"{OPEN} .remark").evaluate(
        """remark => {
          const edge = remark.closest('.leaf').getBoundingClientRect().right;
          const range = new Range();
          range.selectNodeContents(remark);
          const lines = new Map();
          for (const box of range.getClientRects()) {
            lines.set(Math.round(box.top), edge - box.right);
          }
          return [...lines.values()].slice(0, -1);
        }"""
    )
    assert len(free) > 2
    assert min(free[1:]) < 45 and max(free[1:]) < 60
    button = page.locator(f"{OPEN} .close").bounding_box()
    assert button


def test_a_phone_on_its_side_has_a_button_on_the_card(open_page: OpenPage, text: str) -> None:
    page = open_page(844, 390, touch=True, is_mobile=True)
    page.goto(text)
    page.locator("#p1 .noteref").tap()
    page.locator(f"{OPEN} .close").tap()
    page.wait_for_function("() => !document.querySelector('#card:popover-open')")


@pytest.mark.parametrize("kind", ["index", "texts/a", "search", "glossary/index", "offline"])
def test_with_a_large_font_in_the_browser_no_page_scrolls_sideways(
    open_page: OpenPage, stumbles: str, kind: str
) -> None:
    for width, size in ((320, 22), (320, 32), (390, 24), (390, 32)):
        page = open_page(width, 800)
        session = page.context.new_cdp_session(page)
        page.goto(f"{stumbles}zh-hans/{kind}.html")
        session.send("Page.enable")
        session.send("Page.setFontSizes", {"fontSizes": {"standard": size, "fixed": size}})
        settle(page)
        assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") == size
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (width, size)
        inside = page.locator(".top a, .top button").evaluate_all(
            "all => all.map((each) => each.getBoundingClientRect()).filter((box) => box.width)"
            ".every((box) => box.left >= 0 && box.right <= innerWidth)"
        )
        assert inside, (width, size)


def test_headings_are_smaller_level_by_level_and_the_contents_step_in(open_page: OpenPage, text: str) -> None:
    page = open_page(1440)
    page.goto(text)
    sizes = page.locator(".body :is(h2, h3, h4, h5, h6)").evaluate_all(
        "all => all.map((each) => parseFloat(getComputedStyle(each).fontSize))"
    )
    assert sizes == sorted(sizes, reverse=True)
    assert min(sizes) >= 16
    steps = page.locator(".contents li:not(.start)").evaluate_all(
        "all => all.map((each) => parseFloat(getComputedStyle(each).paddingInlineStart))"
    )
    assert steps[:5] == sorted(set(steps))


def test_before_the_first_heading_no_chapter_is_the_present_one(open_page: OpenPage, text: str) -> None:
    page = open_page(1440)
    page.goto(text)
    colours = """() => [...document.querySelectorAll('.contents a')].filter((link) => link.checkVisibility())
      .filter((link) => link.matches(':target-current')).map((link) => link.hash)"""
    settle(page)
    assert page.evaluate(colours) == ["#title"]
    page.locator("#p59").scroll_into_view_if_needed()
    settle(page)
    assert page.evaluate(colours) == ["#p16"]


def test_an_address_without_a_space_leaves_other_columns_their_room(open_page: OpenPage, text: str) -> None:
    page = open_page(820)
    page.goto(text)
    lines = page.locator("td").evaluate_all(
        "all => all.map((cell) => cell.clientWidth / parseFloat(getComputedStyle(cell).fontSize))"
    )
    assert min(lines) >= 4.5
    assert page.locator(".table").evaluate("box => box.scrollWidth <= box.clientWidth + 1")


def test_a_long_title_leaves_the_edition_its_name(open_page: OpenPage, text: str) -> None:
    page = open_page(1440)
    page.goto(text)
    page.evaluate("scrollTo({top: 2000, behavior: 'instant'})")
    assert page.locator(".top .edition").evaluate("name => name.scrollWidth <= name.clientWidth")


def test_a_paragraph_in_hebrew_runs_from_the_right(open_page: OpenPage, text: str) -> None:
    page = open_page(1440)
    page.goto(text)
    ways = {
        id: page.locator(f"#{id}").evaluate("p => getComputedStyle(p).direction") for id in ("p1", "p2", "p4")
    }
    assert ways == {"p1": "ltr", "p2": "rtl", "p4": "ltr"}
    numbers = [page.locator(f"#{id} > .num").bounding_box() for id in ("p1", "p2")]
    assert numbers[0] and numbers[1]
    assert numbers[0]["x"] == pytest.approx(numbers[1]["x"], abs=1)


def test_the_line_before_a_long_address_is_not_spread(open_page: OpenPage, text: str) -> None:
    page = open_page(390)
    page.goto(text)
    wide = page.locator("#p3").evaluate(
        """p => {
          const text = p.childNodes[1];
          const boxes = [...text.data].map((_, i) => {
            const range = new Range();
            range.setStart(text, i);
            range.setEnd(text, i + 1);
            return range.getBoundingClientRect();
          });
          return Math.max(...boxes.map((box) => box.width)) / parseFloat(getComputedStyle(p).fontSize);
        }"""
    )
    assert wide < 1.35


def test_no_line_of_facets_begins_with_a_point(open_page: OpenPage, stumbles: str) -> None:
    page = open_page(320)
    page.goto(stumbles + "zh-hans/index.html")
    marks = page.locator(".facets > *").evaluate_all(
        "all => all.map((each) => [getComputedStyle(each, '::before').content, each.matches(':last-child')])"
    )
    assert marks
    assert {before for before, _ in marks} == {"none"}


def test_the_way_back_from_a_note_is_never_alone_on_a_line(open_page: OpenPage, text: str) -> None:
    page = open_page(390)
    page.goto(text)
    for width in range(300, 420, 7):
        page.set_viewport_size({"width": width, "height": 800})
        alone = page.locator(".notes > li").evaluate_all(
            """all => all.filter((note) => {
              const words = new Range();
              const all = document.createTreeWalker(note.querySelector('.remark'), NodeFilter.SHOW_TEXT);
              let last;
              while (all.nextNode()) if (all.currentNode.data.trim()) last = all.currentNode;
              words.setStart(last, last.data.trimEnd().length - 1);
              words.setEnd(last, last.data.trimEnd().length);
              const back = note.querySelector('.back').getBoundingClientRect();
              const end = words.getBoundingClientRect();
              return Math.abs((back.top + back.bottom) / 2 - (end.top + end.bottom) / 2) > 8;
            }).length"""
        )
        assert alone == 0, width


def test_settings_whose_style_failed_once_open_at_the_next_press(open_page: OpenPage, text: str) -> None:
    for name in ("panel.css", "strings.zh-hans.js"):
        page = open_page(service_workers="block")
        page.goto(text)
        page.route(f"**/{name}", lambda route: route.abort())
        page.locator(".settings").click()
        page.wait_for_timeout(500)
        expect(page.locator("dialog.panel")).to_have_count(0)
        page.unroute(f"**/{name}")
        page.locator(".settings").click()
        expect(page.locator("dialog.panel h2")).to_have_text("阅读设置")


@pytest.mark.parametrize("stored", [False, True])
def test_vertical_lines_whose_style_failed_once_come_at_the_next_wish(
    open_page: OpenPage, text: str, stored: bool
) -> None:
    page = open_page(service_workers="block")
    page.route("**/vertical.css", lambda route: route.abort())
    page.goto(text)
    page.evaluate("duben.set('setting', 'vertical')")
    if stored:
        page.reload()
    page.wait_for_timeout(500)
    assert not page.evaluate("duben.vertical()")
    page.unroute("**/vertical.css")
    page.evaluate("duben.set('setting', '')")
    page.evaluate("duben.set('setting', 'vertical')")
    page.wait_for_function("() => duben.vertical()")


def test_who_only_touches_is_offered_no_keys(open_page: OpenPage, text: str) -> None:
    phone = open_page(390, 844, touch=True, is_mobile=True)
    phone.goto(text)
    phone.locator(".settings").tap()
    expect(phone.locator("dialog.panel input[name=theme]").first).to_have_count(1)
    expect(phone.locator("dialog.panel input[name=keys]")).to_have_count(0)
    phone.evaluate("duben.set('keys', 'off')")
    phone.keyboard.press("Escape")
    phone.locator(".settings").tap()
    expect(phone.locator("dialog.panel input[name=keys]")).to_have_count(2)
    desk = open_page()
    desk.goto(text)
    desk.locator(".settings").click()
    expect(desk.locator("dialog.panel input[name=keys]")).to_have_count(2)


def test_the_button_of_the_settings_stands_at_the_height_of_their_heading(
    open_page: OpenPage, text: str
) -> None:
    page = open_page()
    page.goto(text)
    page.locator(".settings").click()
    expect(page.locator("dialog.panel")).to_be_visible()
    middle = """selector => {
      const range = new Range();
      range.selectNodeContents(document.querySelector(selector));
      const {top, bottom} = range.getBoundingClientRect();
      return (top + bottom) / 2;
    }"""
    heading, button = (page.evaluate(middle, f"dialog.panel {part}") for part in ("h2", ".close"))
    assert heading == pytest.approx(button, abs=1.5)


def test_lines_of_a_hit_begin_at_one_edge(open_page: OpenPage, stumbles: str) -> None:
    page = open_page(390)
    page.goto(f"{stumbles}zh-hans/search.html?q={quote('高炉')}")
    page.wait_for_selector(".results mark")
    edges = page.locator(".results li a.text").first.evaluate(
        """hit => {
          const where = hit.querySelector('.where');
          const range = new Range();
          range.setStartAfter(where);
          range.setEndAfter(hit.lastChild);
          const lines = new Map();
          for (const {left, bottom} of range.getClientRects()) {
            const line = Math.round(bottom / 8);
            lines.set(line, Math.min(left, lines.get(line) ?? Infinity));
          }
          return [...lines.values()];
        }"""
    )
    assert len(edges) > 1
    assert max(edges) - min(edges) < 1
    families = page.evaluate(
        "() => ['.count', '.hint'].map((s) => getComputedStyle(document.querySelector(s)).fontFamily)"
    )
    assert families[0] == families[1]


def test_without_scripts_nothing_is_said_of_what_is_kept(open_page: OpenPage, stumbles: str) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(stumbles + "zh-hans/offline.html")
    expect(page.locator("#how")).to_be_hidden()
    assert re.search("脚本", page.locator("main").inner_text())
