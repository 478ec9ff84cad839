"""Single keys: what they do, where they do nothing, and that a reader can turn them off."""

from __future__ import annotations

import re

import pytest
from browser.built import OPEN, Built, OpenPage, choose
from playwright.sync_api import Page, expect


def focused_term(page: Page) -> int:
    """The number of the focused word among those of the text; -1 where none is."""
    number: int = page.evaluate(
        "[...document.querySelectorAll('article :is(.title, .body) a.term')].indexOf(document.activeElement)"
    )
    return number


def test_the_question_mark_lists_the_keys_that_the_page_has_a_use_for(
    open_page: OpenPage, site: Built, served: str
) -> None:
    page = open_page()
    page.goto(served + site.text)
    page.keyboard.press("?")
    sheet = page.locator("dialog.help")
    expect(sheet).to_be_visible()
    keys = sheet.locator("kbd").all_text_contents()
    assert {"n", "p", "s", ",", "?"} <= set(keys)
    assert ("/" in keys) == (page.locator("a.search").count() > 0)
    assert all(text.strip() for text in sheet.locator("dd").all_text_contents())
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    page.goto(served + site.kinds["info"])
    page.keyboard.press("?")
    expect(sheet).to_be_visible()
    assert not {"n", "p"} & set(sheet.locator("kbd").all_text_contents())


def test_n_and_p_go_from_term_to_term_and_open_the_cards(
    open_page: OpenPage, site: Built, served: str
) -> None:
    page = open_page()
    page.goto(served + site.text)
    page.keyboard.press("n")
    page.wait_for_selector(OPEN)
    assert focused_term(page) == 0
    for expected in (1, 2):
        page.keyboard.press("n")
        page.wait_for_function(
            "n => document.activeElement === "
            "document.querySelectorAll('article :is(.title, .body) a.term')[n]",
            arg=expected,
        )
        expect(page.locator("a.term.open")).to_be_focused()
    page.keyboard.press("p")
    expect(page.locator("a.term.open")).to_be_focused()
    assert focused_term(page) == 1
    page.keyboard.press("Tab")  # into the card
    page.keyboard.press("n")
    expect(page.locator("a.term.open")).to_be_focused()
    assert focused_term(page) == 2


def test_n_begins_where_the_reader_is(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page()
    page.goto(served + site.text)
    terms = page.locator("article .body a.term")
    middle = terms.count() // 2
    terms.nth(middle).evaluate("term => term.scrollIntoView({block: 'center', behavior: 'instant'})")
    top = page.evaluate("scrollY")
    page.keyboard.press("n")
    page.wait_for_selector(OPEN)
    expect(page.locator("a.term.open")).to_be_in_viewport()
    assert abs(page.evaluate("scrollY") - top) < 450
    assert focused_term(page) > 0


def test_s_takes_the_next_script_and_comes_round(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page()
    page.goto(served + site.text)
    for lang in (*site.variants[1:], site.variants[0]):
        page.keyboard.press("s")
        page.wait_for_function("lang => document.documentElement.lang === lang", arg=lang)


def test_comma_opens_the_settings_and_the_focus_comes_back(
    open_page: OpenPage, site: Built, served: str
) -> None:
    page = open_page()
    page.goto(served + site.text)
    term = page.locator(".body a.term").first
    term.focus()
    page.keyboard.press(",")
    expect(page.locator("dialog.panel")).to_be_visible()
    page.keyboard.press(",")
    expect(page.locator("dialog.panel")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog.panel")).to_have_count(0)
    expect(term).to_be_focused()


def test_slash_goes_to_the_search(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page()
    page.goto(served + site.text)
    if not page.locator("a.search").count():
        pytest.skip("the edition has no search")
    page.keyboard.press("/")
    page.wait_for_url(re.compile("search"))


def test_keys_that_are_turned_off_do_nothing(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page()
    page.goto(served + site.text)
    page.keyboard.press(",")
    page.locator('dialog.panel input[name="keys"][value="off"]').click()
    page.keyboard.press("Escape")
    for key in ("?", ",", "n", "s", "p"):
        page.keyboard.press(key)
    page.wait_for_timeout(300)
    expect(page.locator("dialog")).to_have_count(0)
    assert focused_term(page) == -1
    assert page.evaluate("document.documentElement.lang") == site.variants[0]
    page.reload()
    page.keyboard.press("?")
    page.wait_for_timeout(300)
    expect(page.locator("dialog")).to_have_count(0)


def test_keys_with_a_modifier_are_the_browsers(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page()
    choose(page, theme="light")
    page.goto(served + site.text)
    page.keyboard.press("Alt+n")
    page.keyboard.press("Control+,")
    page.wait_for_timeout(300)
    expect(page.locator("dialog")).to_have_count(0)
    assert focused_term(page) == -1
