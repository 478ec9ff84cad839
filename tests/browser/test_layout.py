"""What every page keeps to: width, headings, landmarks, contrast, sizes of targets, weight."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from browser.built import OPEN, Built, OpenPage, choose
from playwright.sync_api import expect

# Text whose contrast with what lies behind it is below the ratio that WCAG AA asks.
FAINT = """() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgba = (colour, under) => {
    canvas.fillStyle = `rgb(${under.join(',')})`;
    canvas.fillRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => (c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
  const behind = (element) => element
    ? rgba(getComputedStyle(element).backgroundColor, behind(element.parentElement)) : [255, 255, 255];
  const faint = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !element.checkVisibility({visibilityProperty: true})) continue;
    const style = getComputedStyle(element);
    const under = behind(element);
    const [one, two] = [light(rgba(style.color, under)), light(under)].sort((a, b) => b - a);
    const ratio = (one + .05) / (two + .05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    if (ratio < (large ? 3 : 4.5)) {
      faint.push([element.className, ratio.toFixed(2), walk.currentNode.data.trim()].join(' '));
    }
  }
  return faint;
}"""

# Opens what a page has folded away.
UNFOLD = "() => { for (const fold of document.querySelectorAll('details')) fold.open = true; }"

# Controls below 24 × 24 px that do not stand in a line of text (WCAG 2.2, 2.5.8).
SMALL = """() => [...document.querySelectorAll(
    '.top a, .site a, .foot a, .letters a, .ways a, .contents a, .turn a, a.num, button, summary')]
  .filter((link) => link.checkVisibility())
  .map((link) => [link.className + link.textContent, link.getBoundingClientRect()])
  .filter(([, box]) => box.width < 24 || box.height < 24)
  .map(([name, box]) => `${name} ${box.width} × ${box.height}`)"""


@pytest.mark.parametrize("lang", ["zh-Hans", "zh-Hant", "zh-Hant-TW", "zh-Hant-HK"])
def test_no_page_scrolls_sideways(open_page: OpenPage, site: Built, served: str, lang: str) -> None:
    page = open_page(locale="en-GB")
    for path in site.kinds.values():
        page.goto(served + path.replace(site.variants[0].lower(), lang.lower(), 1))
        page.evaluate(UNFOLD)
        for width in (1440, 820, 390, 320):
            page.set_viewport_size({"width": width, "height": 800})
            over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert over <= 0, f"{path} is {over} px too wide at {width} px"


def test_every_page_has_one_h1_and_no_gap_in_its_headings(site: Built) -> None:
    for path, html in site.sources.items():
        levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", html)]
        assert levels.count(1) == 1, path
        assert levels[0] == 1, path
        for upper, lower in pairwise(levels):
            assert lower - upper <= 1, f"{path}: h{lower} follows h{upper}"


def test_every_kind_of_page_has_its_landmarks(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page(locale="en-GB")
    for kind, path in site.kinds.items():
        page.goto(served + path)
        expect(page.get_by_role("main")).to_have_count(1)
        if kind == "chooser":
            continue
        expect(page.get_by_role("banner")).to_have_count(1)
        expect(page.get_by_role("contentinfo")).to_have_count(1)
        names = [nav.get_attribute("aria-label") for nav in page.get_by_role("navigation").all()]
        assert all(names), f"{path}: a navigation without a name"
        assert len(names) == len(set(names)), path


def test_the_first_tab_skips_to_the_text(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page()
    page.goto(served + site.text)
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


@pytest.mark.parametrize("theme", ["light", "sepia", "dark"])
def test_all_text_has_contrast(open_page: OpenPage, site: Built, served: str, theme: str) -> None:
    page = open_page(1000, locale="en-GB", color_scheme="light" if theme == "dark" else "dark")
    choose(page, theme=theme)
    for path in site.kinds.values():
        page.goto(served + path)
        page.evaluate(UNFOLD)
        if path == site.text:
            page.locator(".body a.term.first").first.hover()
            page.wait_for_selector(OPEN)
            assert page.evaluate(FAINT) == [], f"{path}, with a card"
            page.keyboard.press("Escape")
        if path != site.kinds["chooser"]:
            page.locator(".settings").click()
            page.wait_for_selector("dialog.panel[open]")
        assert page.evaluate(FAINT) == [], path


@pytest.mark.parametrize("width", [390, 1440])
def test_targets_can_be_hit(open_page: OpenPage, site: Built, served: str, width: int) -> None:
    page = open_page(width, locale="en-GB")
    for path in site.kinds.values():
        page.goto(served + path)
        assert page.evaluate(SMALL) == [], path


def test_focus_is_seen(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page()
    page.goto(served + site.text)
    for _ in range(12):
        page.keyboard.press("Tab")
        width = page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
        assert width >= 2, page.evaluate("document.activeElement.outerHTML")


def test_a_fragment_is_not_hidden_by_the_head(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page(390)
    page.goto(served + site.text)
    ids = page.evaluate("[...document.querySelectorAll('.body p[id]')].map((p) => p.id)")
    middle = ids[len(ids) // 2]
    page.goto(f"{served}{site.text}#{middle}")
    top = page.evaluate("id => document.getElementById(id).getBoundingClientRect().top", middle)
    edge = page.evaluate("document.querySelector('.top').getBoundingClientRect().bottom")
    assert top >= edge - 1


def test_the_lines_of_a_text_are_whole_characters_wide(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page()
    page.goto(served + site.text)
    for width in (320, 390, 820, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        measure, size = page.evaluate(
            "(body => [body.clientWidth, parseFloat(getComputedStyle(body).fontSize)])"
            "(document.querySelector('.body'))"
        )
        assert measure / size == pytest.approx(round(measure / size), abs=0.06), f"at {width} px"


def test_latin_words_say_their_language(site: Built) -> None:
    html = site.sources[site.text]
    assert re.search(r'class="pinyin" lang="zh-Latn-pinyin"', html)
    assert re.search(r'class="gloss" lang="en"', html)


def test_print_leaves_out_the_controls_and_keeps_the_lists(
    open_page: OpenPage, site: Built, served: str
) -> None:
    page = open_page(1440)
    page.goto(served + site.text_with(r'class="noteref"'))
    page.emulate_media(media="print")
    for selector in (".top", ".site", "#card"):
        expect(page.locator(selector)).to_be_hidden()
    for selector in (".notes > li", "dl.words > div"):
        expect(page.locator(selector).first).to_be_visible()
    notes = page.locator(".notes > li")
    assert notes.first.evaluate("note => getComputedStyle(note).position") != "absolute"
