"""The site's root chooses a script, and never moves who needs no choice."""

from __future__ import annotations

from browser.built import Built, OpenPage
from playwright.sync_api import expect

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
    page.add_init_script("localStorage.clear()")
    browser = page.context.new_cdp_session(page)
    agent = page.evaluate("navigator.userAgent")
    for asked, variant in ASKED.items():
        assert variant in site.variants
        browser.send("Emulation.setUserAgentOverride", {"userAgent": agent, "acceptLanguage": asked})
        page.goto(served)
        page.wait_for_url(f"{served}{variant.lower()}/index.html")


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
    page.wait_for_url(f"{served}zh-hant-hk/index.html")


def test_an_unknown_stored_choice_is_passed_over(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page(locale="zh-TW")
    page.goto(served + site.kinds["home"])
    page.evaluate("localStorage.setItem('duben-script', 'zh-Latn')")
    page.goto(served)
    page.wait_for_url(f"{served}zh-hant-tw/index.html")


def test_it_chooses_from_a_file_too(open_page: OpenPage, site: Built) -> None:
    page = open_page(locale="zh-HK")
    page.goto((site.root / "index.html").as_uri())
    page.wait_for_url("**/zh-hant-hk/index.html")


def test_without_scripts_it_offers_every_variant(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page(java_script_enabled=False, locale="zh-TW")
    page.goto(served)
    assert page.url == served
    for lang in site.variants:
        link = page.locator(f'main a[hreflang="{lang}"]')
        expect(link).to_be_visible()
        assert link.get_attribute("href") == f"{lang.lower()}/index.html"


def test_going_back_does_not_end_in_a_circle(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page(locale="zh-CN")
    page.goto(served + site.text)
    page.goto(served)
    page.wait_for_url(f"{served}zh-hans/index.html")
    page.go_back()
    assert page.url == served + site.text


def test_what_was_chosen_here_is_gone_to_the_next_time(open_page: OpenPage, served: str) -> None:
    page = open_page(locale="en-GB")
    page.goto(served)
    page.locator('main a[hreflang="zh-Hant-TW"]').click()
    page.wait_for_url("**/zh-hant-tw/index.html")
    page.wait_for_function("() => localStorage.getItem('duben-script')")
    page.goto(served)
    page.wait_for_url("**/zh-hant-tw/index.html")
