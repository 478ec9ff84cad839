"""What a reader sets has its effect at once, on every page, from the first paint on, and is kept."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from browser.built import READING, TOP_OF, Built, OpenPage, choose, settle, switch_to
from playwright.sync_api import Locator, Page, Route, expect

BACKGROUND = "getComputedStyle(document.documentElement).backgroundColor"
DARK, LIGHT, SEPIA = "rgb(24, 23, 21)", "rgb(250, 248, 242)", "rgb(244, 236, 216)"

# How the text is set: [size of a letter, line height in letters, letters in a line].
SET = """() => {
  const style = getComputedStyle(document.querySelector('.body'));
  const size = parseFloat(style.fontSize);
  return [size, parseFloat(style.lineHeight) / size, parseFloat(style.width) / size];
}"""

# The colour that the browser is told to paint around the page.
AROUND = """() => [...document.querySelectorAll('meta[name=theme-color]')]
  .filter((meta) => matchMedia(meta.media || 'all').matches)
  .map((meta) => {
    const [red, green, blue] = meta.content.match(/[0-9a-f]{2}/g).map((part) => parseInt(part, 16));
    return `rgb(${red}, ${green}, ${blue})`;
  })"""

# Run before a page's own scripts: what the root looks like in each frame that is drawn.
FRAMES = """
  window.frames_seen = [];
  const look = () => {
    const style = getComputedStyle(document.documentElement);
    if (document.body) window.frames_seen.push(style.backgroundColor + ' ' + style.fontSize);
    if (window.frames_seen.length < 30) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
"""


def open_panel(page: Page) -> Locator:
    page.locator(".settings").click()
    panel = page.locator("dialog.panel")
    expect(panel).to_be_visible()
    return panel


def pick(page: Page, name: str, value: str) -> None:
    """Chooses in the open panel, as a pointer does."""
    page.locator(f'dialog.panel input[name="{name}"][value="{value}"]').click()


def stored(page: Page) -> dict[str, str]:
    settings: dict[str, str] = json.loads(page.evaluate("localStorage.getItem('duben-settings') ?? '{}'"))
    return settings


@pytest.mark.parametrize(("theme", "colour"), [("light", LIGHT), ("sepia", SEPIA), ("dark", DARK)])
@pytest.mark.parametrize("system", ["light", "dark"])
def test_a_theme_holds_on_every_kind_of_page_whatever_the_system_prefers(
    open_page: OpenPage, site: Built, served: str, theme: str, colour: str, system: str
) -> None:
    page = open_page(locale="en-GB", color_scheme=system)
    choose(page, theme=theme)
    for path in site.kinds.values():
        page.goto(served + path)
        assert page.evaluate(BACKGROUND) == colour, path
        assert page.evaluate(AROUND) == [colour], path


@pytest.mark.parametrize(("system", "colour"), [("light", LIGHT), ("dark", DARK)])
def test_without_a_choice_the_system_decides_the_theme(
    open_page: OpenPage, site: Built, served: str, system: str, colour: str
) -> None:
    page = open_page(color_scheme=system)
    page.goto(served + site.text)
    assert page.evaluate(BACKGROUND) == colour
    assert page.evaluate(AROUND) == [colour]
    open_panel(page)
    pick(page, "theme", "sepia")
    assert page.evaluate(AROUND) == [SEPIA]
    pick(page, "theme", "")
    assert page.evaluate(BACKGROUND) == colour
    assert page.evaluate(AROUND) == [colour]


def test_no_frame_is_drawn_otherwise_than_was_set(open_page: OpenPage, site: Built, served: str) -> None:
    seen = {}
    for case in ("sound", "without boot.js"):
        page = open_page(color_scheme="light")
        choose(page, theme="dark", size="5")
        page.add_init_script(FRAMES)

        def slowly(route: Route) -> None:
            time.sleep(0.25)
            route.continue_()

        page.route("**/style.css", slowly)
        if case != "sound":
            page.route("**/boot.js", lambda route: route.abort())
        page.goto(served + site.text)
        page.wait_for_function("() => window.frames_seen.length >= 30")
        seen[case] = set(page.evaluate("window.frames_seen"))
    assert len(seen["sound"]) == 1
    assert next(iter(seen["sound"])).startswith(DARK)
    assert not any(frame.startswith(DARK) for frame in seen["without boot.js"])


def test_text_size_line_height_and_measure_set_the_text(
    open_page: OpenPage, site: Built, served: str
) -> None:
    page = open_page(1440)
    page.goto(served + site.text)
    head = page.locator(".top").bounding_box()
    open_panel(page)
    assert page.evaluate(SET) == pytest.approx([18, 1.9, 38], abs=0.01)
    for value, size in [("1", 16), ("3", 20), ("4", 22), ("5", 26), ("", 18)]:
        pick(page, "size", value)
        measured = page.evaluate(SET)
        assert measured[0] == pytest.approx(size, abs=0.01)
        assert measured[1] == pytest.approx(1.9, abs=0.01)
        assert measured[2] == pytest.approx(round(measured[2]), abs=0.06)
        assert page.locator(".top").bounding_box() == head, "what is pressed keeps its size"
    for value, lead in [("tight", 1.65), ("loose", 2.2), ("", 1.9)]:
        pick(page, "lead", value)
        assert page.evaluate(SET)[1] == pytest.approx(lead, abs=0.01)
    for value, letters in [("narrow", 28), ("wide", 46), ("", 38)]:
        pick(page, "measure", value)
        assert page.evaluate(SET)[2] == pytest.approx(letters, abs=0.06)


def test_the_place_being_read_stays_while_the_text_is_set_anew(
    open_page: OpenPage, site: Built, served: str
) -> None:
    page = open_page(1280)
    page.goto(served + site.text)
    page.evaluate(
        "document.querySelectorAll('.body .num')[9].parentElement"
        ".scrollIntoView({block: 'start', behavior: 'instant'})"
    )
    settle(page)
    place, top = page.evaluate(READING)
    open_panel(page)
    for name, value in [
        ("size", "5"),
        ("measure", "narrow"),
        ("lead", "loose"),
        ("notes", "off"),
        ("size", "1"),
    ]:
        pick(page, name, value)
        settle(page)
        assert page.evaluate(TOP_OF, place) == pytest.approx(top, abs=2), f"{name} {value}"


@pytest.mark.parametrize("width", [320, 390, 820, 1440])
def test_the_largest_text_fits_every_window(
    open_page: OpenPage, site: Built, served: str, width: int
) -> None:
    page = open_page(width, locale="en-GB")
    choose(page, size="5", measure="wide", lead="loose")
    for path in site.kinds.values():
        page.goto(served + path)
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert over <= 0, f"{path} is {over} px too wide"
    page.goto(served + site.text)
    left = page.evaluate(
        "Math.min(...[...document.querySelectorAll('.num, .contents')]"
        ".map((part) => part.getBoundingClientRect().left))"
    )
    assert left >= -6, "something hangs out of the window"
    assert page.evaluate(SET)[2] == pytest.approx(round(page.evaluate(SET)[2]), abs=0.06)


def test_notes_that_are_hidden_leave_no_trace_and_no_margin(
    open_page: OpenPage, site: Built, served: str
) -> None:
    page = open_page(1440)
    page.goto(served + site.text_with(r'class="noteref"'))
    expect(page.locator("html.margins")).to_have_count(1)
    shown = page.locator("main").evaluate("main => parseFloat(getComputedStyle(main).paddingInlineEnd)")
    open_panel(page)
    pick(page, "notes", "off")
    for selector in (".noteref", ".annotations"):
        expect(page.locator(selector).first).to_be_hidden()
    expect(page.locator("html.margins")).to_have_count(0)
    noted = page.locator(".noted").first
    assert noted.evaluate("piece => getComputedStyle(piece).backgroundColor") == "rgba(0, 0, 0, 0)"
    hidden = page.locator("main").evaluate("main => parseFloat(getComputedStyle(main).paddingInlineEnd)")
    assert hidden < shown
    pick(page, "notes", "")
    expect(page.locator(".notes > li").first).to_be_visible()
    expect(page.locator("html.margins")).to_have_count(1)


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_settings_are_kept_over_pages_and_told_to_other_tabs(
    open_page: OpenPage, site: Built, served: str, scheme: str
) -> None:
    base = served if scheme == "http" else site.root.as_uri() + "/"
    page = open_page(color_scheme="light")
    page.goto(base + site.text)
    other = page.context.new_page()
    other.goto(base + site.kinds["home"])
    open_panel(other)
    open_panel(page)
    pick(page, "theme", "dark")
    pick(page, "size", "4")
    other.wait_for_function(f"() => {BACKGROUND} === '{DARK}'")
    expect(other.locator('dialog.panel input[name="theme"][value="dark"]')).to_be_checked()
    page.reload()
    assert page.evaluate(BACKGROUND) == DARK
    assert page.evaluate(SET)[0] == pytest.approx(22, abs=0.01)
    page.goto(base + site.kinds["entry"])
    assert page.evaluate(BACKGROUND) == DARK


def test_a_page_that_comes_back_as_it_was_left_takes_the_settings_of_now(
    open_page: OpenPage, site: Built, served: str
) -> None:
    page = open_page(color_scheme="light")
    page.goto(served + site.text)
    page.evaluate("localStorage.setItem('duben-settings', JSON.stringify({theme: 'dark'}))")
    assert page.evaluate(BACKGROUND) == LIGHT
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    assert page.evaluate(BACKGROUND) == DARK


def test_reset_forgets_everything(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page(color_scheme="light")
    choose(page, theme="dark", size="5", lead="loose", measure="wide", notes="off", keys="off")
    page.goto(served + site.text)
    panel = open_panel(page)
    expect(panel.locator('input[name="measure"][value="wide"]')).to_be_checked()
    panel.locator(".reset").click()
    assert stored(page) == {}
    assert page.evaluate(BACKGROUND) == LIGHT
    expect(panel.locator('input[value=""]:checked')).to_have_count(panel.get_by_role("radiogroup").count())


def test_the_panel_is_worked_by_keyboard(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page(color_scheme="light")
    page.goto(served + site.text)
    button = page.locator(".settings")
    button.focus()
    page.keyboard.press("Enter")
    panel = page.locator("dialog.panel")
    expect(panel).to_be_visible()
    assert panel.get_attribute("aria-label")
    for group in panel.get_by_role("radiogroup").all():
        assert group.get_attribute("aria-label")
    page.keyboard.press("Tab")
    expect(panel.locator('input[name="theme"][value=""]')).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(panel.locator('input[name="theme"][value="sepia"]')).to_be_focused()
    assert page.evaluate(BACKGROUND) == SEPIA
    page.keyboard.press("Tab")
    expect(panel.locator('input[name="size"][value=""]')).to_be_focused()
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(button).to_be_focused()


def test_the_panel_is_a_sheet_on_a_phone_that_a_tap_elsewhere_closes(
    open_page: OpenPage, site: Built, served: str
) -> None:
    page = open_page(390, 844, touch=True)
    page.goto(served + site.text)
    page.locator(".settings").tap()
    panel = page.locator("dialog.panel")
    expect(panel).to_be_visible()
    box = panel.bounding_box()
    assert box
    assert (box["x"], box["width"]) == (0, 390)
    assert box["y"] + box["height"] == pytest.approx(844, abs=1)
    assert box["height"] <= 844 * 0.7 + 1, "what the settings change must be seen above them"
    small = panel.locator("label, button, a").evaluate_all(
        "all => all.map((part) => part.getBoundingClientRect())"
        ".filter((box) => box.width < 24 || box.height < 24).length"
    )
    assert small == 0
    panel.locator('input[name="theme"][value="dark"]').tap()
    assert page.evaluate(BACKGROUND) == DARK
    page.touchscreen.tap(200, 120)
    expect(panel).to_have_count(0)


def test_the_panel_stays_open_while_the_script_is_switched(
    open_page: OpenPage, site: Built, served: str
) -> None:
    page = open_page()
    page.goto(served + site.text)
    page.locator(".settings").focus()
    page.keyboard.press("Enter")
    panel = page.locator("dialog.panel")
    expect(panel).to_be_visible()
    before = panel.locator("h2").text_content()
    lang = next(tag for tag in site.variants if tag != site.variants[0])
    panel.locator(f'.scripts a[hreflang="{lang}"]').click()
    page.wait_for_function("lang => document.documentElement.lang === lang", arg=lang)
    expect(panel).to_be_visible()
    expect(panel).to_have_attribute("lang", lang)
    expect(panel.locator("h2")).not_to_have_text(before or "")
    expect(panel.locator(f'.scripts a[hreflang="{lang}"]')).to_have_attribute("aria-current", "true")
    expect(panel.locator(f'.scripts a[hreflang="{lang}"]')).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".settings")).to_be_focused()


def test_settings_stay_when_the_script_is_switched(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page(1440)
    choose(page, theme="sepia", size="4", notes="off")
    page.goto(served + site.text_with(r'class="noteref"'))
    switch_to(page, site.variants[1])
    assert page.evaluate(BACKGROUND) == SEPIA
    assert page.evaluate(SET)[0] == pytest.approx(22, abs=0.01)
    expect(page.locator(".noteref").first).to_be_hidden()
    expect(page.locator("html.margins")).to_have_count(0)


def test_the_panel_speaks_the_language_of_the_interface(
    open_page: OpenPage, site: Built, served: str
) -> None:
    page = open_page()
    page.goto(served + site.text)
    panel = open_panel(page)
    pick(page, "ui", "en")
    expect(panel).to_have_attribute("lang", "en")
    expect(panel.locator("h2")).to_have_text("Reading settings")
    expect(panel.locator('input[name="ui"][value="en"]')).to_be_focused()
    pick(page, "ui", "")
    expect(panel).to_have_attribute("lang", site.variants[0])


def test_every_page_offers_what_texts_can_have_and_says_that_it_is_for_them(
    open_page: OpenPage, site: Built, served: str
) -> None:
    page = open_page()
    for kind, path in site.kinds.items():
        if kind == "chooser":
            continue
        page.goto(served + path)
        panel = open_panel(page)
        for name in ("pinyin", "setting", "notes"):
            expect(panel.locator(f'input[name="{name}"]').first).to_have_count(1)
        expect(panel.locator("p.hint")).to_have_count(0 if kind == "text" else 1)
        expect(panel.locator('input[name="theme"]')).to_have_count(4)


def test_a_copy_to_keep_is_offered_only_where_one_can_be_kept(
    open_page: OpenPage, site: Built, served: str
) -> None:
    page = open_page()
    page.goto(served + site.text)
    expect(open_panel(page).locator(".keep")).to_be_visible()
    page.goto(site.root.as_uri() + "/" + site.text)
    panel = open_panel(page)
    expect(panel.locator(".reset")).to_be_visible()
    expect(panel.locator(".keep")).to_have_count(0)


def test_the_button_is_there_only_where_it_works(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(served + site.text)
    expect(page.locator("button.settings")).to_be_hidden()


def test_where_colours_are_forced_the_choice_is_still_seen(
    open_page: OpenPage, site: Built, served: str
) -> None:
    page = open_page(forced_colors="active")
    page.goto(served + site.text)
    panel = open_panel(page)
    line = "label => getComputedStyle(label).borderBlockEndColor"
    chosen = panel.locator("label:has(:checked)").first.evaluate(line)
    others = {label.evaluate(line) for label in panel.locator("label:not(:has(:checked))").all()}
    assert chosen not in others


def test_the_head_keeps_the_title_on_a_phone(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page(390)
    page.goto(served + site.text)
    title = page.locator(".edition")
    assert title.evaluate("title => title.clientWidth / parseFloat(getComputedStyle(title).fontSize)") >= 4
    over = page.locator(".top").evaluate("top => top.scrollWidth - top.clientWidth")
    assert over <= 0


def test_the_contents_stay_at_the_side_of_a_wide_window(
    open_page: OpenPage, site: Built, served: str
) -> None:
    page = open_page(1440)
    page.goto(served + site.text_with(r'<nav class="contents"'))
    contents = page.locator(".contents")
    page.locator(".body h2, .body h3").last.evaluate("heading => heading.scrollIntoView({block: 'center'})")
    settle(page)
    expect(contents).to_be_in_viewport()
    box, text = contents.bounding_box(), page.locator(".body").bounding_box()
    assert box
    assert text
    assert box["x"] >= 0
    assert box["x"] + box["width"] < text["x"] - 24, "not over the numbers of the paragraphs"
    contents.locator("a").first.click()
    expect(page.locator(".body h2, .body h3").first).to_be_in_viewport()


def test_no_colour_is_written_twice() -> None:
    sheet = (Path(__file__).resolve().parents[2] / "templates/assets/style.css").read_text(encoding="utf-8")
    themes = sheet[: sheet.index("[data-size")]
    names = [line.split(":")[0].strip() for line in themes.splitlines() if "light-dark(" in line]
    assert len(names) == len(set(names)) >= 8
    assert "prefers-color-scheme" not in sheet
    for name in names:
        assert themes.count(f"{name}:") == 2, f"{name} is set once for light and dark, once for sepia"
