"""The site's root offers the scripts, the likely one first, and goes nowhere by itself."""

from __future__ import annotations

import json

from browser.built import Built, OpenPage, settle, switch_to
from playwright.sync_api import expect

OFFERED = "links => links.map((link) => link.hreflang)"

ASKED = {
    "zh-CN": "zh-Hans",
    "zh": "zh-Hans",
    "zh-SG": "zh-Hans",
    "zh-Hans-HK": "zh-Hans",
    "zh-TW": "zh-Hant-TW",
    "zh-Hant-TW": "zh-Hant-TW",
    "zh-HK": "zh-Hant-HK",
    "zh-MO": "zh-Hant-HK",
    "yue": "zh-Hant-HK",
    "zh-Hant": "zh-Hant",
    # The first Chinese one counts, whatever stands before it.
    "en-GB,zh-TW,zh-CN": "zh-Hant-TW",
}


def test_the_browser_is_asked(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page()
    browser = page.context.new_cdp_session(page)
    agent = page.evaluate("navigator.userAgent")
    for asked, variant in ASKED.items():
        assert variant in site.variants
        browser.send("Emulation.setUserAgentOverride", {"userAgent": agent, "acceptLanguage": asked})
        page.goto(served)
        expect(page.locator("main a").first).to_have_attribute("hreflang", variant)
        assert sorted(page.locator("main a").evaluate_all(OFFERED)) == sorted(site.variants)
        assert page.url == served


def test_without_a_chinese_wish_the_reader_chooses(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page(locale="en-GB")
    page.goto(served)
    links = page.locator("main a")
    expect(links).to_have_count(len(site.variants))
    assert tuple(link.get_attribute("hreflang") for link in links.all()) == site.variants
    links.last.click()
    assert page.url == f"{served}{site.variants[-1].lower()}/index.html"


def test_a_stored_choice_is_stronger(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page(locale="zh-CN")
    page.goto(served + site.kinds["home"])
    page.evaluate("localStorage.setItem('duben-script', 'zh-Hant-HK')")
    page.goto(served)
    expect(page.locator("main a").first).to_have_attribute("hreflang", "zh-Hant-HK")
    assert page.url == served


def test_an_unknown_stored_choice_is_passed_over(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page(locale="zh-TW")
    page.goto(served + site.kinds["home"])
    page.evaluate("localStorage.setItem('duben-script', 'zh-Latn')")
    page.goto(served)
    expect(page.locator("main a").first).to_have_attribute("hreflang", "zh-Hant-TW")


def test_it_chooses_from_a_file_too(open_page: OpenPage, site: Built) -> None:
    page = open_page(locale="zh-HK")
    page.goto((site.root / "index.html").as_uri())
    expect(page.locator("main a").first).to_have_attribute("hreflang", "zh-Hant-HK")


def test_without_scripts_it_offers_every_variant(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page(java_script_enabled=False, locale="zh-TW")
    page.goto(served)
    assert page.url == served
    for lang in site.variants:
        link = page.locator(f'main a[hreflang="{lang}"]')
        expect(link).to_be_visible()
        assert link.get_attribute("href") == f"{lang.lower()}/index.html"


def test_what_was_chosen_here_comes_first_the_next_time(
    open_page: OpenPage, site: Built, served: str
) -> None:
    page = open_page(locale="en-GB")
    page.goto(served)
    assert tuple(page.locator("main a").evaluate_all(OFFERED)) == site.variants
    page.locator('main a[hreflang="zh-Hant-TW"]').click()
    page.wait_for_url("**/zh-hant-tw/index.html")
    page.goto(served)
    assert page.locator("main a").evaluate_all(OFFERED)[0] == "zh-Hant-TW"
    expect(page.locator(".resume")).to_have_count(0)


def test_it_leads_back_to_the_text_that_was_being_read(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page(locale="en-GB")
    page.goto(served + site.text)
    title = page.locator("h1").evaluate("h1 => h1.firstChild.data")
    page.locator(".body .num").nth(12).evaluate("num => num.scrollIntoView({behavior: 'instant'})")
    page.wait_for_function("() => document.querySelector('script[src$=\"progress.js\"]')")
    switch_to(page, "zh-Hant")
    switch_to(page, site.variants[0])
    page.goto(served)
    link = page.locator(".resume a")
    expect(link).to_contain_text(title)
    expect(link).to_contain_text("Continue reading")
    link.click()
    page.wait_for_url(f"**/{site.text}#p*")
    page.go_back()
    assert page.url == served


def test_what_is_stored_by_another_hand_leads_nowhere(open_page: OpenPage, served: str) -> None:
    page = open_page(locale="zh-CN")
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    row = [1, "p1", "1", 0.5, "", "篇"]
    paths = ("javascript:alert(1)//.html", "//x.example/a.html", "texts/../../a:b.html")
    values = ["null", "7", "{", json.dumps({"texts/a.html": 5}), *(json.dumps({path: row}) for path in paths)]
    for value in values:
        page.goto(served)
        page.evaluate("value => localStorage.setItem('duben-read /reader/', value)", value)
        page.reload()
        page.wait_for_function("() => document.readyState === 'complete'")
        settle(page)
        expect(page.locator(".resume")).to_have_count(0)
    assert faults == []
