"""axe-core finds nothing on any kind of page, in any theme, whatever a reader has opened or chosen."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from browser.built import OPEN, PUBLISHED, Built, OpenPage
from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"

# Every rule but those of level AAA, which no tag of WCAG A or AA has: an edition does not promise it.
EVERYTHING = {
    "runOnly": {
        "type": "tag",
        "values": [
            *("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"),
            *("best-practice", "experimental"),
        ],
    }
}
# A theme changes colours, and nothing else.
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}

RUN = """options => axe.run(document, {...options, resultTypes: ['violations']}).then(({violations}) =>
  violations.flatMap(({id, nodes}) => nodes.map((node) =>
    `${id}: ${node.target} ${node.failureSummary}`)))"""


@cache
def source() -> str:
    assert AXE.is_file(), "no axe-core: make test sees to it, or .ci/node"
    return AXE.read_text(encoding="utf-8")


def violations(page: Page, options: object = EVERYTHING) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(source())
    found: list[str] = page.evaluate(RUN, options)
    return found


def themes_of(built: Built) -> list[str]:
    """The themes that a reader can choose beside light and dark, as the style sheets have them."""
    sheets = (built.root / "assets").glob("*.css")
    named = (re.findall(r'\[data-theme="?(\w+)"?\]', sheet.read_text(encoding="utf-8")) for sheet in sheets)
    found = {theme for themes in named for theme in themes}
    assert {"light", "dark"} < found
    return sorted(found - {"light", "dark"})


def judge(page: Page, themes: list[str], where: str) -> None:
    """Fails with what axe-core finds on the page on a light screen, on a dark one, and in other themes."""
    page.emulate_media(color_scheme="light")
    assert violations(page) == [], where
    page.emulate_media(color_scheme="dark")
    assert violations(page, COLOURS) == [], f"{where}, dark"
    page.emulate_media(color_scheme="light")
    for theme in themes:
        page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
        assert violations(page, COLOURS) == [], f"{where}, {theme}"
    page.evaluate("() => { delete document.documentElement.dataset.theme; }")


@pytest.mark.parametrize("variant", [0, -1], ids=["the first variant", "the last variant"])
def test_no_kind_of_page_has_a_fault(open_published: OpenPage, published: Built, variant: int) -> None:
    page = open_published(1280, 900, locale="en-GB")  # the root stays
    assert {"text", "home", "glossary", "entry", "kind", "info", "chooser", "missing"} <= set(published.kinds)
    for kind, path in published.kinds.items():
        page.goto(PUBLISHED + published.in_variant(path, published.variants[variant]))
        page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
        judge(page, themes_of(published), kind)
        page.evaluate("localStorage.clear()")  # the root chose English


def open_card(page: Page, mark: str) -> None:
    word = page.locator(f".body {mark}").first
    word.scroll_into_view_if_needed()
    word.hover()
    page.wait_for_selector(OPEN)


def open_dialog(page: Page, opener: str) -> None:
    page.locator(opener).first.click()
    page.wait_for_selector("dialog[open]")


def cite(page: Page) -> None:
    page.locator(".body .num").first.click()
    page.wait_for_selector("#cite:popover-open")


def press(page: Page, key: str) -> None:
    page.keyboard.press(key)
    page.wait_for_selector("dialog[open]")


def choose(page: Page, name: str, value: str, seen: str) -> None:
    """Makes a setting, and waits for what is seen of it."""
    page.evaluate("([name, value]) => duben.set(name, value)", [name, value])
    page.wait_for_selector(seen)
    page.wait_for_load_state("networkidle")


def speak_english(page: Page) -> None:
    choose(page, "ui", "en", 'a.skip:text("text"), main [lang=en][data-t]')


def spell(page: Page, what: str) -> None:
    choose(page, "pinyin", what, ".body ruby")


def set_vertically(page: Page) -> None:
    choose(page, "setting", "vertical", "main")
    page.wait_for_function("getComputedStyle(document.querySelector('.body')).writingMode === 'vertical-rl'")


def search(page: Page) -> None:
    page.locator("input[type=search]").fill("生产力")
    page.keyboard.press("Enter")
    page.wait_for_selector(".results mark")


class State(NamedTuple):
    """What a reader can bring about: the kind of page, its width, the act, the file of the theme."""

    kind: str
    width: int
    act: Callable[[Page], None]
    asset: str


STATES = {
    "the card of a word": State(
        "text", 1000, lambda page: open_card(page, "a.term[data-nested]"), "cards.js"
    ),
    "the card of a note": State("text", 1000, lambda page: open_card(page, "a.noteref"), "cards.js"),
    "the sheet on a phone": State("text", 390, lambda page: open_card(page, "a.term"), "cards.js"),
    "notes in the margin": State("text", 1440, lambda page: page.wait_for_selector(".margins"), "notes.js"),
    "settings": State("text", 1000, lambda page: open_dialog(page, ".settings"), "panel.js"),
    "settings on a phone": State("home", 390, lambda page: open_dialog(page, ".settings"), "panel.js"),
    "a citation": State("text", 1000, cite, "cite.js"),
    "help": State("text", 1000, lambda page: press(page, "?"), "keys.js"),
    "a text in English": State("text", 1000, speak_english, "interface.js"),
    "an entry in English": State("entry", 1000, speak_english, "interface.js"),
    "pinyin on words": State("text", 1000, lambda page: spell(page, "words"), "pinyin.js"),
    "pinyin on all": State("text", 1000, lambda page: spell(page, "all"), "pinyin.js"),
    "hits of a search": State("search", 1000, search, "search.js"),
    "vertical": State("text", 1000, set_vertically, "vertical.js"),
}


@pytest.mark.parametrize("name", STATES)
def test_no_state_has_a_fault(open_published: OpenPage, published: Built, name: str) -> None:
    state = STATES[name]
    if not published.has(state.asset):
        pytest.skip(f"the theme has no {state.asset}")
    page = open_published(state.width, 900, locale="en-GB")
    path = published.kinds[state.kind]
    if state.kind == "text":
        path = published.text_with(r'(?s)data-nested=.*class="noteref"')
    page.goto(PUBLISHED + path)
    state.act(page)
    judge(page, themes_of(published), name)


def test_a_fault_is_found(open_published: OpenPage, published: Built) -> None:
    page = open_published()
    page.goto(PUBLISHED + published.text)
    page.evaluate("""() => {
      document.querySelector('.body p').style.color = '#bbb';
      document.querySelector('main').insertAdjacentHTML('beforeend',
        '<button></button><div tabindex="3">x</div><h6>x</h6>' +
        '<a href="#a" class="small">a</a><a href="#b" class="small">b</a>');
      for (const link of document.querySelectorAll('.small')) {
        link.style.cssText = 'display: inline-block; width: 8px; height: 8px; overflow: hidden';
      }
    }""")
    found = {line.partition(":")[0] for line in violations(page)}
    assert {"button-name", "tabindex", "heading-order", "color-contrast", "target-size"} <= found
