"""The policy holds on every kind of page, from a server and from a file, and refuses what it should."""

from __future__ import annotations

import pytest
from browser.built import OPEN, Built, OpenPage, complaints_of
from playwright.sync_api import Page

POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; object-src 'none'"

STYLED = "getComputedStyle(document.querySelector('a')).textUnderlineOffset !== 'auto'"


def base(site: Built, served: str, scheme: str) -> str:
    return served if scheme == "http" else site.root.as_uri() + "/"


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_no_page_complains(open_page: OpenPage, site: Built, served: str, scheme: str) -> None:
    page = open_page(1440, locale="en-GB")  # the root stays, too
    complaints = complaints_of(page)
    for path in site.kinds.values():
        page.goto(base(site, served, scheme) + path)
        page.wait_for_function("document.readyState === 'complete'")
        assert not complaints, path
        assert page.evaluate("window.refused") == [], path
        assert page.evaluate(STYLED), f"{path}: no stylesheet"


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_scripts_run_and_stay_within_the_policy(
    open_page: OpenPage, site: Built, served: str, scheme: str
) -> None:
    page = open_page(1000)
    complaints = complaints_of(page)
    page.goto(base(site, served, scheme) + site.text)
    page.locator(".body a.term.first").first.hover()
    page.wait_for_selector(OPEN)
    page.keyboard.press("Escape")
    page.set_viewport_size({"width": 1440, "height": 900})
    lang = site.variants[1]
    page.locator(f'.scripts a[hreflang="{lang}"]').click()
    page.wait_for_function("lang => document.documentElement.lang === lang", arg=lang)
    assert page.evaluate("window.refused") == []
    assert not complaints


def test_every_page_says_the_policy_before_anything_it_loads(site: Built) -> None:
    for path, html in site.sources.items():
        head = html[: html.index("</head>")]
        place = head.find(f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">')
        assert place > 0, path
        for loads in ("<link", "<script"):
            assert head.find(loads) > place, path


ATTACKS = {
    "an inline script": "const s = document.createElement('script'); s.textContent = 'window.hit = true';"
    "document.body.append(s);",
    "an inline handler": "document.body.insertAdjacentHTML('beforeend',"
    '\'<img src="data:," onerror="window.hit = true">\');',
    "a script from elsewhere": "const s = document.createElement('script'); s.src = 'https://evil.invalid/x.js';"
    "document.body.append(s);",
    "a base address": "const b = document.createElement('base'); b.href = 'https://evil.invalid/';"
    "document.head.append(b); window.hit = document.baseURI.includes('evil');",
    "a style attribute": "document.body.insertAdjacentHTML('beforeend',"
    '\'<i id="x" style="opacity:0">x</i>\');'
    "window.hit = getComputedStyle(document.getElementById('x')).opacity === '0';",
}


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_the_policy_refuses_what_it_should(
    open_page: OpenPage, site: Built, served: str, scheme: str
) -> None:
    page: Page = open_page()
    complaints_of(page)
    page.goto(base(site, served, scheme) + site.text)
    for name, attack in ATTACKS.items():
        page.evaluate(f"() => {{ window.refused = []; {attack} }}")
        page.wait_for_function("window.refused.length > 0")
        assert not page.evaluate("window.hit === true"), name
