"""Switching script: in place over http, by a plain link where that cannot be."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from browser.built import OPEN, READING, TOP_OF, Built, OpenPage, settle, switch_to
from playwright.sync_api import Page, Route, expect


def scroll_to(page: Page, share: float) -> None:
    """Scrolls to a share of the text's height."""
    page.evaluate(
        """share => {
          const body = document.querySelector('.body').getBoundingClientRect();
          scrollTo({top: scrollY + body.top + body.height * share, behavior: 'instant'});
        }""",
        share,
    )


def hold(held: list[Route]) -> Callable[[Route], None]:
    """Keeps what is asked for waiting, in the list."""

    def keep(route: Route) -> None:
        held.append(route)

    return keep


@pytest.mark.parametrize("width", [390, 820, 1440])
def test_the_paragraph_being_read_stays(open_page: OpenPage, site: Built, served: str, width: int) -> None:
    page = open_page(width)
    page.goto(served + site.text)
    for share in (0.13, 0.6):
        scroll_to(page, share)
        for lang in (*site.variants[1:], site.variants[0]):
            paragraph, before = page.evaluate(READING)
            switch_to(page, lang)
            after = page.evaluate(TOP_OF, paragraph)
            assert abs(after - before) <= 2, f"{paragraph} moved by {after - before} px in {lang}"


@pytest.mark.parametrize("height", [-90, 230])
def test_it_stays_where_the_pages_differ_in_height(
    open_page: OpenPage, site: Built, served: str, height: int
) -> None:
    """What stands above the paragraph is higher, or lower, in the other variant."""
    page = open_page()
    page.goto(served + site.text)
    page.evaluate("height => { document.querySelector('.body').style.marginTop = `${height}px`; }", height)
    scroll_to(page, 0.4)
    paragraph, before = page.evaluate(READING)
    switch_to(page, site.variants[1])
    assert abs(page.evaluate(TOP_OF, paragraph) - before) <= 2


def test_address_title_language_and_head_follow(open_page: OpenPage, site: Built, served: str) -> None:
    page, plain = open_page(), open_page()
    page.goto(served + site.text + "#p1")
    facts = """() => [document.documentElement.lang, document.title, document.documentElement.className,
      ...[...document.head.querySelectorAll('link[rel=canonical], link[rel=alternate], meta[name], ' +
         'meta[property], script[type="application/ld+json"]')].map((node) => node.outerHTML).sort(),
      ...[...document.querySelectorAll('body a')].map((link) => link.href),
      document.querySelector('main').innerText]"""
    for lang in site.variants[1:]:
        switch_to(page, lang)
        path = site.text.replace(site.variants[0].lower(), lang.lower(), 1)
        assert page.url == served + path + "#p1"
        plain.goto(served + path)
        assert page.evaluate(facts) == plain.evaluate(facts)


def test_the_page_is_not_loaded_again(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page()
    page.goto(served + site.text)
    page.evaluate("window.same = true")
    switch_to(page, site.variants[1])
    assert page.evaluate("window.same === true")


def test_an_open_card_stays_open_on_the_same_word(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page()
    page.goto(served + site.text)
    words = page.locator(".body a.term")
    number = words.count() // 2
    term = words.nth(number).get_attribute("aria-describedby")
    page.keyboard.press("Shift")
    words.nth(number).focus()
    page.wait_for_selector(OPEN)
    switch_to(page, site.variants[1])
    opened = page.locator("a.term.open")
    expect(opened).to_have_count(1)
    assert opened.get_attribute("aria-describedby") == term
    own = page.locator(f"#{term} dt a").inner_text()
    expect(page.locator(f"{OPEN} .headword").first).to_contain_text(own)
    page.keyboard.press("Escape")
    expect(page.locator(OPEN)).to_have_count(0)


def test_on_a_phone_an_open_card_stays_open(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page(390, 844, touch=True, is_mobile=True)
    page.goto(served + site.text)
    word = page.locator(".body a.term").first
    term = word.get_attribute("aria-describedby")
    word.tap()
    page.wait_for_selector(OPEN)
    page.locator(f'.scripts a[hreflang="{site.variants[1]}"]').tap()
    page.wait_for_function("lang => document.documentElement.lang === lang", arg=site.variants[1])
    expect(page.locator(OPEN)).to_have_count(1)
    assert page.locator("a.term.open").get_attribute("aria-describedby") == term


def test_the_focus_stays_on_the_switch(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page()
    page.goto(served + site.text)
    page.locator(f'.scripts a[hreflang="{site.variants[1]}"]').focus()
    page.keyboard.press("Enter")
    page.wait_for_function("lang => document.documentElement.lang === lang", arg=site.variants[1])
    assert page.evaluate("document.activeElement.hreflang") == site.variants[1]
    assert page.evaluate("document.activeElement.getAttribute('aria-current')") == "true"


@pytest.mark.parametrize(
    "focused", [".body a.term >> nth=7", ".body .num >> nth=3", ".turn a >> nth=0", ".cite"]
)
def test_the_focus_stays_on_the_same_thing_from_the_original_and_back(
    focused: str, open_page: OpenPage, site: Built, served: str
) -> None:
    page = open_page()
    page.goto(served + site.text)
    tell = (
        "[document.activeElement.localName, document.activeElement.classList[0], "
        "document.activeElement.getAttribute('href'), "
        "[...document.querySelectorAll('.body a.term')].indexOf(document.activeElement)]"
    )
    page.keyboard.press("Shift")
    page.locator(focused).focus()
    before = page.evaluate(tell)
    for variant in (site.variants[1], site.variants[2], site.variants[0]):
        page.evaluate(f"document.querySelector('.scripts a[hreflang=\"{variant}\"]').click()")
        page.wait_for_function("lang => document.documentElement.lang === lang", arg=variant)
        assert page.evaluate(tell) == before, variant


def test_the_focus_in_a_card_goes_to_its_word_and_in_a_menu_to_its_button(
    open_page: OpenPage, site: Built, served: str
) -> None:
    page = open_page()
    page.goto(served + site.text)
    page.keyboard.press("Shift")
    word = page.locator(".body a.term").nth(5)
    term = word.get_attribute("aria-describedby")
    word.focus()
    page.wait_for_selector(OPEN)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#card') !== null")
    page.evaluate("document.querySelector('.scripts a:not([aria-current])').click()")
    page.wait_for_function("lang => document.documentElement.lang !== lang", arg=site.variants[0])
    assert page.evaluate("document.activeElement.getAttribute('aria-describedby')") == term
    expect(page.locator(OPEN)).to_have_count(1)
    page.keyboard.press("Escape")
    page.locator(".cite").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#cite button")
    page.evaluate("document.querySelector('.scripts a').click()")
    page.wait_for_function("lang => document.documentElement.lang === lang", arg=site.variants[0])
    assert page.evaluate("document.activeElement.className") == "cite"


def test_the_choice_is_kept(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page()
    page.goto(served + site.text)
    switch_to(page, site.variants[-1])
    page.goto(served)
    page.wait_for_url(f"**/{site.variants[-1].lower()}/index.html")
    # … but does not move who comes by a link to a page.
    page.goto(served + site.text)
    assert page.evaluate("document.documentElement.lang") == site.variants[0]


def test_back_leads_to_the_page_before(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page()
    home = served + site.kinds["home"]
    page.goto(home)
    page.goto(served + site.text)
    switch_to(page, site.variants[1])
    switch_to(page, site.variants[-1])
    page.go_back()
    assert page.url == home
    page.go_forward()
    page.wait_for_function("lang => document.documentElement.lang === lang", arg=site.variants[-1])
    assert f"/{site.variants[-1].lower()}/" in page.url


def test_links_of_the_new_content_lead_into_the_new_variant(
    open_page: OpenPage, site: Built, served: str
) -> None:
    page = open_page()
    page.goto(served + site.text)
    switch_to(page, site.variants[1])
    page.locator("dl.words dt a").first.click()
    assert f"/{site.variants[1].lower()}/glossary/" in page.url
    assert page.evaluate("document.documentElement.lang") == site.variants[1]


def test_of_two_quick_switches_the_last_one_wins(open_page: OpenPage, site: Built, served: str) -> None:
    slow, quick = site.variants[1], site.variants[-1]
    page = open_page()
    page.goto(served + site.text)
    held: list[Route] = []
    page.route(f"**/{slow.lower()}/**", hold(held))
    page.locator(f'.scripts a[hreflang="{slow}"]').click()
    switch_to(page, quick)
    assert held, "the first switch asked for nothing"
    path = site.text.replace(site.variants[0].lower(), slow.lower(), 1)
    held[0].fulfill(body=site.sources[path], content_type="text/html; charset=utf-8")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.lang") == quick
    assert f"/{quick.lower()}/" in page.url


def test_the_variant_on_show_calls_off_a_switch(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page()
    page.goto(served + site.text)
    held: list[Route] = []
    page.route(f"**/{site.variants[1].lower()}/**", hold(held))
    page.locator(f'.scripts a[hreflang="{site.variants[1]}"]').click()
    page.locator(".scripts [aria-current]").click()
    path = site.text.replace(site.variants[0].lower(), site.variants[1].lower(), 1)
    held[0].fulfill(body=site.sources[path], content_type="text/html; charset=utf-8")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.lang") == site.variants[0]
    assert page.evaluate("localStorage.getItem('duben-script')") == site.variants[0]


@pytest.mark.parametrize("failure", ["status 500", "another page"])
def test_where_another_page_comes_the_link_is_followed(
    open_page: OpenPage, site: Built, served: str, failure: str
) -> None:
    page = open_page()
    page.goto(served + site.text)

    def fail(route: Route) -> None:
        if route.request.resource_type != "fetch":
            route.continue_()
        elif failure == "status 500":
            route.fulfill(status=500, body="")
        else:
            route.fulfill(body="<!doctype html><title>Log in</title>", content_type="text/html")

    page.route("**/*", fail)
    scroll_to(page, 0.4)
    paragraph, _ = page.evaluate(READING)
    page.locator(f'.scripts a[hreflang="{site.variants[1]}"]').click()
    page.wait_for_url(f"**/{site.variants[1].lower()}/**#{paragraph}")
    assert page.evaluate("document.documentElement.lang") == site.variants[1]
    assert page.evaluate(READING)[0] == paragraph


def test_without_a_network_the_page_stays_and_says_so(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page()
    page.goto(served + site.text)
    scroll_to(page, 0.4)
    paragraph, before = page.evaluate(READING)
    words = page.get_by_role("status").locator("span").first
    expect(words).to_be_hidden()
    page.context.set_offline(True)
    page.locator(f'.scripts a[hreflang="{site.variants[1]}"]').click()
    expect(words).to_be_visible()
    assert page.url == served + site.text
    assert page.evaluate("document.documentElement.lang") == site.variants[0]
    assert page.evaluate(TOP_OF, paragraph) == before
    # Once there is a network again, the same link does what it should.
    page.context.set_offline(False)
    switch_to(page, site.variants[1])
    expect(words).to_be_hidden()


def test_the_page_is_fetched_when_its_link_is_pointed_at(
    open_page: OpenPage, site: Built, served: str
) -> None:
    page = open_page()
    page.goto(served + site.text)
    link = page.locator(f'.scripts a[hreflang="{site.variants[1]}"]')
    path = site.text.replace(site.variants[0].lower(), site.variants[1].lower(), 1)
    with page.expect_response(served + path):
        link.hover()
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    link.click()
    page.wait_for_function("lang => document.documentElement.lang === lang", arg=site.variants[1])


def test_who_saves_data_fetches_nothing_in_advance(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page()
    page.add_init_script(
        "Object.defineProperty(navigator, 'connection', {value: {saveData: true}, configurable: true})"
    )
    page.goto(served + site.text)
    asked: list[str] = []
    page.on("request", lambda request: request.url.endswith(".html") and asked.append(request.url))
    link = page.locator(f'.scripts a[hreflang="{site.variants[1]}"]')
    link.hover()
    link.focus()
    settle(page)
    assert asked == []
    switch_to(page, site.variants[1])
    assert asked


def test_from_a_file_the_link_leads_to_the_paragraph(open_page: OpenPage, site: Built) -> None:
    page = open_page()
    page.goto((site.root / site.text).as_uri())
    scroll_to(page, 0.4)
    paragraph, _ = page.evaluate(READING)
    page.locator(f'.scripts a[hreflang="{site.variants[1]}"]').click()
    page.wait_for_url(re.compile(rf"/{site.variants[1].lower()}/.*#{paragraph}$"))
    assert page.evaluate(READING)[0] == paragraph


def test_at_the_top_of_a_file_the_link_names_no_paragraph(open_page: OpenPage, site: Built) -> None:
    page = open_page()
    page.goto((site.root / site.text).as_uri())
    page.locator(f'.scripts a[hreflang="{site.variants[1]}"]').click()
    page.wait_for_url(re.compile(rf"/{site.variants[1].lower()}/"))
    assert "#" not in page.url


def test_a_click_for_a_new_tab_leaves_the_page(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page()
    page.goto(served + site.text)
    with page.context.expect_page() as tab:
        page.locator(f'.scripts a[hreflang="{site.variants[1]}"]').click(modifiers=["ControlOrMeta"])
    tab.value.wait_for_load_state()
    assert tab.value.evaluate("document.documentElement.lang") == site.variants[1]
    assert page.evaluate("document.documentElement.lang") == site.variants[0]


def test_every_kind_of_page_switches(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page()
    for kind, path in site.kinds.items():
        if kind == "chooser":
            continue
        page.goto(served + path)
        switch_to(page, site.variants[1])
        assert page.url.startswith(f"{served}{site.variants[1].lower()}/"), kind
        assert page.locator("h1").count() == 1


def test_margin_notes_follow(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page(1440)
    page.goto(served + site.text_with(r'class="noteref"'))
    switch_to(page, site.variants[1])
    note = page.locator(".notes > li").first
    marker = page.locator(f"#r-{note.get_attribute('data-note')}")
    here, there = note.bounding_box(), marker.bounding_box()
    assert here
    assert there
    assert abs(here["y"] - there["y"]) < 24


def test_what_was_unfolded_stays_so(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page()
    page.goto(served + site.kinds["entry"])
    page.locator("summary").first.click()
    switch_to(page, site.variants[1])
    assert page.locator("details").first.evaluate("fold => fold.open")


def test_the_head_on_paper_follows(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page()
    page.goto(served + site.text)
    switch_to(page, site.variants[1])
    page.reload()
    fresh = page.evaluate("document.documentElement.dataset.title")
    page.goto(served + site.text)
    switch_to(page, site.variants[1])
    assert page.evaluate("document.documentElement.dataset.title") == fresh
