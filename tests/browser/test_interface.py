"""The interface in the reader's language: all of it, nothing else, and without a flash."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping

import pytest
from browser.built import OPEN, Built, OpenPage, complaints_of, settle, switch_to
from playwright.sync_api import Page, Route, expect

SPEAK = "language => duben.set('ui', language)"
SAID = "() => document.documentElement.classList.contains('said')"
IN_ENGLISH = "localStorage.setItem('duben-settings', JSON.stringify({ui: 'en'}))"

# What an editor wrote, or the names of scripts, each in its own: all that stays Chinese. What the build
# itself says is marked, wherever it stands.
WRITTEN = """
  .edition, .running, .scripts a, .foot, h1, h3, .body, .summary, .brief, .definition, .remark, .quote,
  .contents a, .site a, dt a, .headword, .entries a, .words dt, .kwic span, .kwic b, .forms dd, .aliases span,
  .origins dt > span, .origins dd span span[lang], .ways a, .sources a, .sources li, .facts dt, .facts dd,
  .facets > span, .source a, .turn a, .chooser .label, .chooser .name, .chooser button
"""

# Han characters that are left: in marked words anywhere, and in all words that no editor wrote.
LEFT = (
    """() => {
  const han = /\\p{Script=Han}/u;
  const written = `"""
    + WRITTEN
    + """`;
  const left = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const {data, parentElement: at} = walk.currentNode;
    if (!han.test(data) || at.closest('script, noscript, #pages')) continue;
    if (at.matches('[data-t], time') || !at.closest(written)) left.push(`${at.className}: ${data.trim()}`);
  }
  for (const element of document.querySelectorAll('*')) {
    for (const name of ['aria-label', 'title', 'placeholder', 'data-nested']) {
      const value = element.getAttribute(name) ?? '';
      if (han.test(value)) left.push(`${element.localName}.${element.className} ${name}: ${value}`);
    }
  }
  return left;
}"""
)

# Words of the interface that stand unmarked where an editor's words may stand, too.
UNMARKED = """words => [...document.querySelectorAll(
    '.site a, .ways a, .facts dt, .turn a, .source, .facets > *, .entries p, .lemma a, h2, h3, ' +
    'html:not(.info) h1')]
  .flatMap((element) => [...element.childNodes])
  .filter((node) => node.nodeType === Node.TEXT_NODE && !node.parentElement.matches('[data-t], time'))
  .map((node) => node.data.trim()).filter((text) => words.includes(text))"""

# All that the page says, with the languages it says it in.
EVERYTHING = """() => [document.title, document.documentElement.dataset.title,
  ...[...document.querySelectorAll('body *:not(#pages *)')].map((element) => [element.localName, element.lang,
    element.title, element.ariaLabel, element.dataset.nested,
    element.childElementCount ? '' : element.textContent])]"""

# Marked words whose language is not said, or wrong.
MISNAMED = """language => [...document.querySelectorAll('[data-t], time')]
  .filter((element) => element.closest('[lang]').lang !== language).map((element) => element.outerHTML)"""


def base(site: Built, served: str, scheme: str) -> str:
    return served if scheme == "http" else site.root.as_uri() + "/"


def words_in(site: Built, lang: str) -> list[str]:
    """Every string of the interface in a script."""
    script = (site.root / f"assets/strings.{lang.lower()}.js").read_text(encoding="utf-8")
    return list(json.loads(script.removeprefix("duben.say(").removesuffix(");\n"))["strings"].values())


def speak(page: Page, language: str) -> None:
    """Picks a language, and waits until the page is in it."""
    page.evaluate(SPEAK, language)
    expected = language or page.evaluate("document.documentElement.lang")
    page.wait_for_function(
        "lang => document.querySelector('[data-t]').closest('[lang]').lang === lang", arg=expected
    )


def hold(held: list[Route]) -> Callable[[Route], None]:
    """Keeps what is asked for waiting, in the list."""

    def keep(route: Route) -> None:
        held.append(route)

    return keep


def english_page(open_page: OpenPage, width: int = 1280, **options: str) -> Page:
    """A page of a reader who has picked English before."""
    page = open_page(width, **options)
    page.add_init_script(IN_ENGLISH)
    return page


@pytest.mark.parametrize("scheme", ["http", "file"])
@pytest.mark.parametrize("lang", ["zh-Hans", "zh-Hant", "zh-Hant-TW", "zh-Hant-HK"])
def test_in_english_nothing_of_the_interface_is_chinese(
    open_page: OpenPage, site: Built, served: str, scheme: str, lang: str
) -> None:
    page = english_page(open_page, locale="en-GB")
    complaints = complaints_of(page)
    for kind, path in site.kinds.items():
        if kind == "missing":
            continue  # without scripts: it says all in both languages
        page.goto(base(site, served, scheme) + path.replace(site.variants[0].lower(), lang.lower(), 1))
        page.wait_for_function(SAID)
        assert page.evaluate(LEFT) == [], path
        assert page.evaluate(UNMARKED, words_in(site, lang)) == [], path
        assert page.evaluate(MISNAMED, "en") == [], path
    # An icon that is left behind with its page is no complaint of the interface.
    assert not [complaint for complaint in complaints if not complaint.startswith("request:")]


def test_every_entry_is_said_in_english(open_page: OpenPage, site: Built, served: str) -> None:
    """Kinds, dates, origins: an entry's page has most of the strings, and no two entries the same."""
    page = english_page(open_page)
    folder = site.variants[-1].lower() + "/glossary/"
    entries = sorted(
        (path for path in site.sources if path.startswith(folder)), key=lambda p: len(site.sources[p])
    )
    for path in entries[::9]:
        page.goto(served + path)
        page.wait_for_function(SAID)
        assert page.evaluate(LEFT) == [], path


def test_numbers_are_said_by_the_rules_of_english(open_page: OpenPage, site: Built, served: str) -> None:
    page = english_page(open_page)
    page.goto(served + site.kinds["glossary"])
    page.wait_for_function(SAID)
    counts = page.locator('[data-t="count-n"]').all_inner_texts()
    assert "1\u00a0occurrence" in counts
    assert any(count.endswith("\u00a0occurrences") for count in counts)
    assert all(count.endswith("occurrence") == count.startswith("1\u00a0") for count in counts)
    chinese = site.sources[site.kinds["glossary"]]
    assert [count.split()[0] for count in counts] == re.findall(r'data-t="count-n"[^>]*>\D*(\d+)', chinese)


@pytest.mark.parametrize(
    ("iso", "shown"), [("2023", "2023"), ("2023-09", "September 2023"), ("2023-09-07", "7 September 2023")]
)
def test_dates_are_said_as_far_as_they_are_known(
    open_page: OpenPage, site: Built, served: str, iso: str, shown: str
) -> None:
    page = open_page(timezone_id="America/Los_Angeles")  # where that day has not begun in UTC
    page.goto(served + site.kinds["home"])
    page.evaluate(
        """iso => {
          const time = Object.assign(document.createElement('time'), {dateTime: iso, textContent: iso});
          time.id = 'when';
          document.querySelector('main').append(time);
        }""",
        iso,
    )
    speak(page, "en")
    expect(page.locator("#when")).to_have_text(shown)


def test_the_page_s_own_strings_come_back(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page()
    for kind, path in site.kinds.items():
        if kind in ("missing", "chooser"):
            continue
        page.goto(served + path)
        before = page.evaluate(EVERYTHING)
        speak(page, "en")
        assert page.evaluate(EVERYTHING) != before
        speak(page, "")
        assert page.evaluate(EVERYTHING) == before, path


def test_a_heading_of_the_interface_is_in_the_title_too(
    open_page: OpenPage, site: Built, served: str
) -> None:
    page = english_page(open_page)
    page.goto(served + site.kinds["glossary"])
    page.wait_for_function(SAID)
    for _ in range(2):
        title = page.title()
        assert title.startswith("Glossary · ")
        assert title == page.evaluate("document.documentElement.dataset.title")
        switch_to(page, site.variants[-1])
        assert page.title().startswith("Glossary · ")


@pytest.mark.parametrize("kind", ["text", "entry", "glossary", "home"])
def test_a_switched_page_is_said_again(open_page: OpenPage, site: Built, served: str, kind: str) -> None:
    page = english_page(open_page)
    page.goto(served + site.kinds[kind])
    page.wait_for_function(SAID)
    switch_to(page, site.variants[-1])
    assert page.evaluate(LEFT) == []
    speak(page, "")
    there = page.evaluate(EVERYTHING)
    fresh = open_page()
    fresh.goto(page.url)
    assert there == fresh.evaluate(EVERYTHING)


def test_the_card_is_said(open_page: OpenPage, site: Built, served: str) -> None:
    page = english_page(open_page)
    page.goto(served + site.text_with("data-nested="))
    page.wait_for_function(SAID)
    page.locator(".body a.term[data-nested]").first.hover()
    page.wait_for_selector(OPEN)
    label = page.locator("#card .label")
    expect(label).to_have_text("Also in this term")
    assert label.get_attribute("lang") == "en"
    assert page.evaluate(MISNAMED, "en") == []


def test_no_chinese_label_is_painted_before_the_english_one(
    open_page: OpenPage, site: Built, served: str
) -> None:
    page = english_page(open_page)
    held: list[Route] = []
    page.route("**/strings.en.js", hold(held))
    animations = page.context.new_cdp_session(page)
    animations.send("Animation.enable")
    animations.send("Animation.setPlaybackRate", {"playbackRate": 0.001})  # a moment that is long enough
    page.goto(served + site.text, wait_until="commit")
    page.wait_for_selector("footer", state="attached")
    hidden = "getComputedStyle(document.querySelector('main [data-t]')).visibility"
    assert page.evaluate(hidden) == "hidden"
    assert page.evaluate("getComputedStyle(document.querySelector('.body p')).visibility") == "visible"
    # It does not stay so, if the strings are slow.
    animations.send("Animation.setPlaybackRate", {"playbackRate": 1})
    page.wait_for_function(f"() => {hidden} === 'visible'")
    for route in held:
        route.continue_()
    page.wait_for_function(SAID)
    assert page.evaluate(LEFT) == []


@pytest.mark.parametrize("lost", ["interface.js", "strings.en.js"])
def test_where_it_cannot_be_loaded_the_page_s_own_strings_show(
    open_page: OpenPage, site: Built, served: str, lost: str
) -> None:
    page = english_page(open_page)
    page.route(f"**/{lost}", lambda route: route.abort())
    page.goto(served + site.text)
    label = page.locator("main [data-t]").first
    expect(label).to_be_visible()
    page.wait_for_timeout(1200)
    assert page.evaluate("getComputedStyle(document.querySelector('main [data-t]')).visibility") == "visible"


def test_a_language_that_is_not_there_leaves_the_page_as_it_is(
    open_page: OpenPage, site: Built, served: str
) -> None:
    page = open_page()
    page.goto(served + site.text)
    before = page.evaluate(EVERYTHING)
    page.evaluate(SPEAK, "xx")
    page.wait_for_function(SAID)
    assert page.evaluate(EVERYTHING) == before


def test_the_last_of_two_quick_picks_wins(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page()
    page.goto(served + site.text)
    before = page.evaluate(EVERYTHING)
    page.evaluate("() => { duben.set('ui', 'en'); duben.set('ui', ''); }")
    page.wait_for_load_state("networkidle")
    settle(page)
    assert page.evaluate(EVERYTHING) == before


def test_nothing_of_it_is_loaded_by_who_reads_chinese(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(served + site.text)
    page.wait_for_load_state("networkidle")
    assert asked
    assert not [url for url in asked if "interface.js" in url or "strings." in url]


@pytest.mark.parametrize("width", [320, 390, 820, 1440])
def test_longer_words_fit(open_page: OpenPage, site: Built, served: str, width: int) -> None:
    page = english_page(open_page, width, locale="en-GB")
    for path in site.kinds.values():
        page.goto(served + path)
        page.evaluate("() => { for (const fold of document.querySelectorAll('details')) fold.open = true; }")
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert over <= 0, f"{path} is {over} px too wide"


# --- the page that chooses ---------------------------------------------------------------------------


def test_each_script_has_an_english_name(site: Built) -> None:
    names: Mapping[str, str] = {
        "zh-Hans": "Simplified",
        "zh-Hant": "Traditional",
        "zh-Hant-TW": "Traditional (Taiwan)",
        "zh-Hant-HK": "Traditional (Hong Kong)",
    }
    for lang in site.variants:
        assert f'<span class="name" lang="en">{names[lang]}</span></a></li>' in site.sources["index.html"]


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_who_asks_for_no_chinese_gets_english_and_can_give_it_up(
    open_page: OpenPage, site: Built, served: str, scheme: str
) -> None:
    page = open_page(locale="de-DE")
    root = base(site, served, scheme) + "index.html"
    page.goto(root)
    button = page.get_by_role("button", name="Interface in English")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(page.locator("main nav")).to_have_attribute("aria-label", "Choose a script")
    page.locator("main a").first.click()
    page.wait_for_function(SAID)
    assert page.evaluate(LEFT) == []
    # The page that chooses is left at once by who has chosen, so the choice is forgotten first.
    page.wait_for_function("() => localStorage.getItem('duben-script')")
    page.evaluate("localStorage.removeItem('duben-script')")
    page.goto(root)
    button.click()  # on it is, and on it stays
    expect(button).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="中文界面").click()
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(page.locator("main nav")).not_to_have_attribute("aria-label", "Choose a script")
    # Given up is given up: the next visit does not put it on again.
    page.goto(root)
    expect(button).to_have_attribute("aria-pressed", "false")
    page.locator("main a").first.click()
    page.wait_for_url("**/zh-*/index.html")
    assert page.evaluate("duben.get('ui')") == ""
    button_again = open_page(locale="en-GB")
    button_again.goto(root)
    expect(button_again.get_by_role("button", name="Interface in English")).to_have_attribute(
        "aria-pressed", "true"
    )


def test_who_asks_for_chinese_too_keeps_the_page_s_own(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page()
    browser = page.context.new_cdp_session(page)
    agent = page.evaluate("navigator.userAgent")
    browser.send("Emulation.setUserAgentOverride", {"userAgent": agent, "acceptLanguage": "en-GB,zh-CN"})
    page.goto(served)
    page.wait_for_url(f"{served}{site.variants[0].lower()}/index.html")
    assert page.evaluate("duben.get('ui')") == ""


def test_without_scripts_the_choice_of_language_is_not_offered(open_page: OpenPage, served: str) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(served)
    expect(page.locator(".tongues")).to_be_hidden()
