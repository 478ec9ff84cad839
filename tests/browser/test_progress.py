"""Where a reader stopped is remembered, shown on the home page in every script, and stays in the browser."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from browser.built import READING, Built, OpenPage, settle
from playwright.sync_api import Page, expect

STORED = (
    "JSON.parse(localStorage.getItem(Object.keys(localStorage).find((key) => key.startsWith('duben-read'))))"
)


def read_to(page: Page, share: float) -> str:
    """Scrolls to a share of the numbered paragraphs; the id of the one being read."""
    page.evaluate(
        """share => {
          const all = document.querySelectorAll('.body .num');
          const paragraph = all[Math.floor((all.length - 1) * share)].parentElement;
          paragraph.scrollIntoView({block: 'start', behavior: 'instant'});
        }""",
        share,
    )
    page.wait_for_function("() => document.querySelector('script[src$=\"progress.js\"]')")
    settle(page)
    found: list[Any] = page.evaluate(READING)
    return str(found[0])


def read_through(page: Page, share: float) -> None:
    """Reads from the beginning: screen by screen, each of them for some seconds."""
    bottom = """share => {
      const all = document.querySelectorAll('.body .num');
      return all[Math.floor((all.length - 1) * share)].parentElement.getBoundingClientRect().bottom;
    }"""
    page.evaluate("scrollTo({top: 1, behavior: 'instant'})")
    page.wait_for_function("() => document.querySelector('script[src$=\"progress.js\"]')")
    settle(page)
    page.clock.run_for(3000)
    while page.evaluate(bottom, share) > page.evaluate("innerHeight"):
        page.evaluate("scrollBy({top: innerHeight * .8, behavior: 'instant'})")
        page.clock.run_for(3000)


def base_of(site: Built, served: str, scheme: str) -> str:
    return served if scheme == "http" else site.root.as_uri() + "/"


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_the_home_page_leads_back_to_the_paragraph_in_every_script(
    open_page: OpenPage, site: Built, served: str, scheme: str
) -> None:
    page = open_page(locale="en-GB")
    base = base_of(site, served, scheme)
    page.goto(base + site.text)
    place = read_to(page, 0.5)
    title = page.locator("h1").evaluate("h1 => h1.firstChild.data")
    for lang in site.variants:
        page.goto(f"{base}{lang.lower()}/index.html")
        resume = page.locator(".resume a")
        expect(resume).to_be_visible()
        assert (resume.get_attribute("href") or "").endswith(f"#{place}")
        assert f"/{lang.lower()}/" in resume.evaluate("link => link.href")
        if lang == site.variants[0]:
            assert title in (resume.text_content() or "")
    resume.click()
    page.wait_for_url(f"**/texts/**#{place}")
    expect(page.locator(f"#{place}")).to_be_in_viewport()


def test_the_shelf_says_how_far_each_text_is_read_and_nothing_moves(
    open_page: OpenPage, site: Built, served: str
) -> None:
    page = open_page()
    home = served + site.kinds["home"]
    page.goto(home)
    before = page.locator(".shelf").bounding_box()
    expect(page.locator(".resume")).to_have_count(0)
    expect(page.locator(".read")).to_have_count(0)
    page.clock.install()
    page.goto(served + site.text)
    read_through(page, 0.5)
    page.goto(home)
    expect(page.locator(".read")).to_have_count(1)
    assert 45 <= int(re.sub(r"\D", "", page.locator(".read").inner_text())) <= 75
    after = page.locator(".shelf").bounding_box()
    assert before
    assert after
    assert before["y"] == after["y"]


def test_a_text_read_to_its_end_is_not_offered_again(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page()
    page.clock.install()
    page.goto(served + site.text)
    read_through(page, 1)
    page.goto(served + site.kinds["home"])
    expect(page.locator(".read")).to_have_count(1)
    expect(page.locator(".read")).not_to_contain_text("%")
    expect(page.locator(".resume")).to_have_count(0)


def test_a_jump_to_the_end_is_no_reading(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page()
    page.clock.install()
    page.goto(served + site.text)
    place = read_to(page, 1)
    page.clock.run_for(5000)
    page.goto(served + site.kinds["home"])
    expect(page.locator(".read")).to_contain_text("%")
    assert int(re.sub(r"\D", "", page.locator(".read").inner_text())) < 40
    assert (page.locator(".resume a").get_attribute("href") or "").endswith(f"#{place}")


def test_what_is_flown_past_is_not_read_and_visits_add_up(
    open_page: OpenPage, site: Built, served: str
) -> None:
    page = open_page(390, 800)
    page.clock.install()
    page.goto(served + site.text)
    share = "() => Object.values(" + STORED + ")[0][3]"
    read_through(page, 0.3)
    page.reload()
    first = page.evaluate(share)
    for _ in range(60):
        page.evaluate("scrollBy({top: 700, behavior: 'instant'})")
        page.clock.run_for(200)
    page.reload()
    assert page.evaluate(share) == pytest.approx(first, abs=0.1)
    read_to(page, 0.7)
    page.clock.run_for(3000)
    page.reload()
    assert page.evaluate(share) > first


def test_going_back_to_the_start_takes_nothing_from_what_is_read(
    open_page: OpenPage, site: Built, served: str
) -> None:
    page = open_page()
    page.clock.install()
    page.goto(served + site.text)
    read_through(page, 0.6)
    page.reload()
    share = next(iter(page.evaluate(STORED).values()))[3]
    page.evaluate("scrollTo({top: 0, behavior: 'instant'})")
    page.wait_for_function("() => document.querySelector('script[src$=\"progress.js\"]')")
    page.reload()
    number, again = next(iter(page.evaluate(STORED).values()))[2:4]
    assert again == share > 0.5
    assert int(number) <= 2


def test_who_does_not_scroll_leaves_no_trace(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page()
    page.goto(served + site.text)
    page.goto(served + site.kinds["home"])
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('duben-read'))") == []


def test_editions_of_one_origin_do_not_mix(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page()
    page.goto(served + site.text)
    read_to(page, 0.5)
    page.goto(served + site.kinds["home"])
    keys = page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('duben-read'))")
    assert keys == ["duben-read /reader/"]
    other = json.dumps({"texts/other.html": [1, "p1", "1", 0.5]})
    page.evaluate(
        "other => { localStorage.clear(); localStorage.setItem('duben-read /other/', other); }", other
    )
    page.reload()
    page.wait_for_function("() => document.querySelector('script[src$=\"progress.js\"]')")
    settle(page)
    expect(page.locator(".resume")).to_have_count(0)


def test_what_is_stored_by_another_hand_breaks_nothing(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    home = served + site.kinds["home"]
    path = site.text.split("/", 1)[1]
    for value in ("null", "[]", "7", "{", json.dumps({path: 5}), json.dumps({path: ["x", 1, None, "y"]})):
        page.goto(home)
        page.evaluate("value => localStorage.setItem('duben-read /reader/', value)", value)
        page.reload()
        page.wait_for_function("() => document.querySelector('script[src$=\"progress.js\"]')")
        settle(page)
        assert errors == [], value
        expect(page.locator(".resume")).to_have_count(0)


def test_the_line_under_the_head_grows_with_the_page(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page()
    page.goto(served + site.text)
    share = "new DOMMatrix(getComputedStyle(document.querySelector('.top'), '::after').transform).a"
    settle(page)
    assert page.evaluate(share) == pytest.approx(0, abs=0.01)
    page.evaluate("scrollTo({top: document.documentElement.scrollHeight, behavior: 'instant'})")
    settle(page)
    assert page.evaluate(share) == pytest.approx(1, abs=0.01)
