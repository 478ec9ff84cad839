"""Too much of everything, nothing at all, and readers who set their browser in their own way."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest
from browser.built import OPEN, Built, OpenPage, complaints_of, settle
from browser.editions import CROWDED, NOTHING, ONE_WORD
from playwright.sync_api import Page

# What reaches out of the window and is not inside a box that scrolls by itself.
WIDE = """() => {
  const wide = [];
  for (const element of document.querySelectorAll('body *')) {
    if (!element.checkVisibility({visibilityProperty: true})) continue;
    const box = element.getBoundingClientRect();
    // The number of a paragraph stands in the middle of its box, which may begin outside.
    if (box.left >= -4.5 && box.right <= innerWidth + 1 || box.width < 2) continue;
    let holder = element.parentElement;
    while (holder && getComputedStyle(holder).overflowX === 'visible') holder = holder.parentElement;
    if (!holder || holder === document.documentElement) {
      wide.push(`${element.localName}.${element.className} ${box.left}–${box.right}`);
    }
  }
  return wide.slice(0, 5);
}"""

# Text that its own box cuts off, which is not there to scroll.
CUT = """() => [...document.querySelectorAll('body *')].filter((element) => {
  const style = getComputedStyle(element);
  const hides = [style.overflowX, style.overflowY].some((way) => way === 'hidden' || way === 'clip');
  return hides && element.checkVisibility() && style.clipPath === 'none' && style.textOverflow === 'clip' &&
    !element.closest('.kwic') &&
    (element.scrollHeight > element.clientHeight + 2 || element.scrollWidth > element.clientWidth + 2);
}).map((element) => element.className)"""

# WCAG 1.4.12: what a reader may set, and nothing is lost.
SPACING = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
    word-spacing: .16em !important; } p { margin-block-end: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""


class Standing(NamedTuple):
    """An edition on a web server."""

    built: Built
    address: str


@pytest.fixture(scope="session")
def crowded(build_edition: Callable[..., Built], serve: Callable[[Built], str]) -> Standing:
    built = build_edition("crowded", CROWDED)
    return Standing(built, serve(built))


def hostile_pages(built: Built) -> dict[str, str]:
    """One page of each kind, and that of the entry that is hostile itself."""
    return {**built.kinds, "hostile": "zh-hans/glossary/hostile.html"}


@pytest.mark.parametrize("width", [195, 320, 390, 820, 1440])
def test_nothing_is_wider_than_the_window(open_page: OpenPage, crowded: Standing, width: int) -> None:
    """195 px is a phone at 200 %, 320 px what WCAG 1.4.10 asks for."""
    page = open_page(width, 800, locale="en-GB")
    for kind, path in hostile_pages(crowded.built).items():
        page.goto(crowded.address + path)
        page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, kind
        assert page.evaluate(WIDE) == [], kind


def test_nothing_that_an_editor_typed_runs_or_is_filled_in(open_page: OpenPage, crowded: Standing) -> None:
    page = open_page(1000, locale="en-GB")
    complaints = complaints_of(page)
    for kind, path in hostile_pages(crowded.built).items():
        page.goto(crowded.address + path)
        assert page.evaluate("'hit' in window") is False, kind
        assert page.evaluate("window.refused") == [], kind
        shown = page.evaluate("document.body.innerText")
        if kind != "chooser":
            assert "<script>window.hit = 1</script>${window.hit = 1}{{ 7 * 7 }}" in shown, kind
    page.goto(crowded.address + crowded.built.text)
    for mark in ('a.term[aria-describedby="w-hostile"]', "a.noteref"):
        page.locator(f".body {mark}").first.hover()
        page.wait_for_selector(OPEN)
        assert page.evaluate("document.querySelectorAll('#card script').length") == 0
        page.keyboard.press("Escape")
    page.locator('.scripts a[hreflang="zh-Hant"]').click()
    page.wait_for_function("() => document.documentElement.lang === 'zh-Hant'")
    assert page.evaluate("'hit' in window") is False
    # Who leaves a page before it is all there calls off the rest.
    assert [line for line in complaints if "ERR_ABORTED" not in line] == []


def card_of(page: Page, selector: str, number: int = 0) -> dict[str, float]:
    """Opens the card of a word by keyboard: where it stands in the window."""
    page.keyboard.press("Escape")
    page.keyboard.press("Shift")
    page.locator(selector).nth(number).focus()
    page.wait_for_selector(OPEN)
    settle(page)
    box: dict[str, float] = page.evaluate(
        "(({left, top, right, bottom}) => ({left, top, right, bottom}))"
        "(document.querySelector('#card').getBoundingClientRect())"
    )
    return box


@pytest.mark.parametrize(("width", "height"), [(1000, 700), (760, 360), (390, 700), (195, 350)])
def test_a_card_longer_than_the_screen_stays_in_it_and_scrolls(
    open_page: OpenPage, crowded: Standing, width: int, height: int
) -> None:
    page = open_page(width, height)
    page.goto(crowded.address + crowded.built.text)
    for number in (0, 1):
        box = card_of(page, '.body a.term[aria-describedby="w-long"]', number)
        assert box["left"] >= 0
        assert box["top"] >= 0
        assert box["right"] <= width
        assert box["bottom"] <= height + 1
        leaf = page.locator(f"{OPEN} .leaf")
        assert leaf.evaluate("leaf => leaf.scrollHeight > leaf.clientHeight")
        assert leaf.evaluate("leaf => leaf.scrollWidth <= leaf.clientWidth")
        assert leaf.evaluate("leaf => leaf.scrollTop") == 0


@pytest.mark.parametrize("width", [760, 1000, 1440])
def test_the_card_of_a_word_that_is_broken_over_lines_does_not_hide_it(
    open_page: OpenPage, crowded: Standing, width: int
) -> None:
    page = open_page(width, 700)
    page.goto(crowded.address + crowded.built.text)
    broken = 0
    for number in range(6):
        selector = '.body a.term[aria-describedby="w-broken"]'
        box = card_of(page, selector, number)
        word = page.locator(selector).nth(number)
        pieces = word.evaluate("a => [...a.getClientRects()].map((box) => box.toJSON())")
        broken += len(pieces) > 1
        assert 0 <= box["left"] <= box["right"] <= width
        assert 0 <= box["top"] <= box["bottom"] <= 700
        first = pieces[0]
        covers = (
            box["left"] < first["right"]
            and first["left"] < box["right"]
            and box["top"] < first["bottom"]
            and first["top"] < box["bottom"]
        )
        assert not covers, f"word {number}"
    assert broken, "no word is broken over two lines"


def test_a_paragraph_of_words_only_can_be_read_by_keyboard(open_page: OpenPage, crowded: Standing) -> None:
    page = open_page()
    page.goto(crowded.address + crowded.built.text)
    words = page.locator("#p1 a.term")
    assert words.count() == 120
    for number in (0, 60, 119):
        card_of(page, "#p1 a.term", number)
        assert page.locator(f"{OPEN} .headword").first.inner_text().startswith(words.nth(number).inner_text())


@pytest.mark.parametrize("name", ["nothing", "one word"])
def test_an_edition_of_next_to_nothing_reads(
    open_page: OpenPage, build_edition: Callable[..., Built], serve: Callable[[Built], str], name: str
) -> None:
    built = build_edition(name.replace(" ", "-"), NOTHING if name == "nothing" else ONE_WORD)
    address = serve(built)
    page = open_page(390, 800, locale="en-GB")
    complaints = complaints_of(page)
    assert {"home", "chooser"} <= set(built.kinds)
    for kind, path in built.kinds.items():
        page.goto(address + path)
        assert page.locator("h1").is_visible(), kind
        # An id or a role is there for a script, which says something later.
        empty = "main :is(ul, ol, dl, nav, section, header, h2, h3, p):empty:not([id], [role])"
        assert page.locator(empty).count() == 0, kind
        headings = page.locator("main h2").all()
        assert all(heading.evaluate("h => Boolean(h.nextElementSibling)") for heading in headings), kind
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, kind
    assert complaints == []


def test_who_wants_no_motion_gets_none(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page(reduced_motion="reduce", locale="en-GB")
    for kind, path in site.kinds.items():
        page.goto(served + path)
        if kind == "text":
            card_of(page, ".body a.term")
        assert page.evaluate("document.getAnimations().length") == 0, kind
        moving = page.evaluate(
            "[...document.querySelectorAll('*')].filter((element) => {"
            "const {transitionDuration, animationName} = getComputedStyle(element);"
            "return parseFloat(transitionDuration) > 0 || animationName !== 'none'; }).length"
        )
        assert moving == 0, kind
        assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


@pytest.mark.parametrize("width", [320, 1280])
def test_a_reader_s_own_spacing_cuts_nothing_off(
    open_page: OpenPage, site: Built, served: str, width: int
) -> None:
    page = open_page(width, 800, locale="en-GB")
    for kind, path in site.kinds.items():
        page.goto(served + path)
        page.evaluate(SPACING)
        if kind == "text":
            card_of(page, ".body a.term")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, kind
        assert page.evaluate(WIDE) == [], kind
        assert page.evaluate(CUT) == [], kind


def test_forced_colours_leave_marks_and_edges(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page(1000, forced_colors="active")
    page.goto(served + site.text_with(r'class="noteref"'))
    card_of(page, ".body a.term.first")
    style = "(selector, name) => getComputedStyle(document.querySelector(selector))[name]"
    look = f"([selector, name]) => ({style})(selector, name)"
    assert page.evaluate(look, [".body a.term.first", "textDecorationLine"]) == "underline"
    assert page.evaluate(look, [".noted", "textDecorationLine"]) == "underline"
    assert page.evaluate(look, ["#card", "borderTopStyle"]) == "solid"
    here = page.evaluate(look, [".scripts [aria-current]", "borderBottomColor"])
    others = page.evaluate(look, [".scripts a:not([aria-current])", "borderBottomColor"])
    assert here != others
