"""The card of a word or note: hover, focus, touch, and where it stands."""

from __future__ import annotations

import pytest
from browser.built import OPEN, Built, OpenPage, settle, wait_closed
from playwright.sync_api import Locator, Page, expect

FIRST = ".body a.term.first"


@pytest.fixture
def reading(open_page: OpenPage, site: Built, served: str) -> Page:
    """A reading page at 1000 px: cards for notes too, no bottom sheet."""
    page = open_page(1000)
    page.goto(served + site.text)
    return page


@pytest.fixture
def phone(open_page: OpenPage, site: Built, served: str) -> Page:
    page = open_page(390, 844, touch=True, is_mobile=True)
    page.goto(served + site.text)
    return page


def word_of(mark: Locator) -> str:
    """The headword, as the list of words has it."""
    return str(
        mark.evaluate(
            "a => document.querySelector(`#${a.getAttribute('aria-describedby')} dt a`).textContent"
        )
    )


def bounds(locator: Locator) -> tuple[float, float, float, float]:
    """Left, top, right, bottom in the window."""
    box = locator.bounding_box()
    assert box
    return box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]


def test_hovering_a_word_shows_its_card(reading: Page) -> None:
    word = reading.locator(FIRST).first
    word.hover()
    card = reading.locator(OPEN)
    expect(card.locator(".headword").first).to_contain_text(word_of(word))
    entry = word.evaluate(
        "a => document.querySelector(`#${a.getAttribute('aria-describedby')} dd`).innerText"
    )
    for line in filter(None, entry.splitlines()):
        expect(card).to_contain_text(line.strip())


def test_the_card_links_to_the_entry(reading: Page) -> None:
    word = reading.locator(FIRST).first
    target = word.evaluate("a => a.href")
    word.hover()
    reading.locator(f"{OPEN} .headword a").first.click()
    assert reading.url == target


def stop_the_clock(page: Page) -> None:
    """From now on the page's timers run only by `page.clock.run_for`, however slow the machine is."""
    page.clock.install(time=0)
    page.clock.pause_at(1)


def test_a_mouse_that_passes_over_a_word_opens_nothing(reading: Page) -> None:
    stop_the_clock(reading)
    reading.locator(FIRST).first.hover()
    reading.clock.run_for(60)
    expect(reading.locator(OPEN)).to_have_count(0)
    reading.mouse.move(2, 2)
    reading.clock.run_for(2000)
    expect(reading.locator(OPEN)).to_have_count(0)


def test_the_card_can_be_entered_and_stays(reading: Page) -> None:
    stop_the_clock(reading)
    reading.locator(FIRST).first.hover()
    reading.clock.run_for(400)
    left, top, right, bottom = bounds(reading.locator(OPEN))
    reading.mouse.move((left + right) / 2, (top + bottom) / 2)
    reading.clock.run_for(5000)
    expect(reading.locator(OPEN)).to_have_count(1)
    reading.mouse.move(2, 2)
    reading.clock.run_for(100)
    expect(reading.locator(OPEN)).to_have_count(1)  # time to come back
    reading.clock.run_for(2000)
    expect(reading.locator(OPEN)).to_have_count(0)


def test_another_word_takes_over_the_one_card(reading: Page) -> None:
    words = reading.locator(FIRST)
    words.nth(0).focus()
    words.nth(1).hover()
    expect(reading.locator(f"{OPEN} .headword").first).to_contain_text(word_of(words.nth(1)))
    expect(reading.locator(".open")).to_have_count(1)


def test_a_click_with_the_mouse_follows_the_link(reading: Page) -> None:
    word = reading.locator(FIRST).first
    target = word.evaluate("a => a.href")
    word.hover()
    reading.wait_for_selector(OPEN)
    word.click()
    assert reading.url == target


def focus_by_keyboard(page: Page, word: Locator) -> None:
    """Comes to the word as Tab does: :focus-visible holds."""
    page.keyboard.press("Shift")  # the last thing used is the keyboard
    word.focus()
    page.wait_for_selector(OPEN)


def test_keyboard_focus_shows_the_card_and_escape_closes_it(reading: Page) -> None:
    word = reading.locator(FIRST).first
    focus_by_keyboard(reading, word)
    reading.keyboard.press("Escape")
    wait_closed(reading)
    assert word.evaluate("a => a === document.activeElement")


def test_escape_closes_a_card_that_the_mouse_opened(reading: Page) -> None:
    reading.locator(FIRST).first.hover()
    reading.wait_for_selector(OPEN)
    reading.keyboard.press("Escape")
    wait_closed(reading)


def test_escape_inside_the_card_gives_the_focus_back(reading: Page) -> None:
    word = reading.locator(FIRST).first
    focus_by_keyboard(reading, word)
    reading.keyboard.press("Tab")
    reading.keyboard.press("Escape")
    wait_closed(reading)
    assert word.evaluate("a => a === document.activeElement")


def test_tab_goes_through_the_card_and_on(reading: Page) -> None:
    words = reading.locator(FIRST)
    focus_by_keyboard(reading, words.first)
    links = reading.locator(f"{OPEN} a[href]").count()
    for _ in range(links):
        reading.keyboard.press("Tab")
        assert reading.evaluate("document.getElementById('card').contains(document.activeElement)")
    reading.keyboard.press("Tab")
    assert words.first.evaluate("a => a === document.activeElement")
    wait_closed(reading)
    reading.keyboard.press("Tab")
    assert not words.first.evaluate("a => a === document.activeElement")
    assert reading.evaluate("document.querySelector('main').contains(document.activeElement)")
    assert not reading.evaluate("document.getElementById('card').contains(document.activeElement)")


def test_shift_tab_goes_from_the_card_to_the_word_and_back_past_it(reading: Page) -> None:
    word = reading.locator(FIRST).nth(1)
    focus_by_keyboard(reading, word)
    reading.keyboard.press("Tab")
    reading.keyboard.press("Shift+Tab")
    assert word.evaluate("a => a === document.activeElement")
    reading.keyboard.press("Shift+Tab")
    assert word.evaluate(
        "a => Boolean(a.compareDocumentPosition(document.activeElement) & Node.DOCUMENT_POSITION_PRECEDING)"
    )


def test_the_card_is_a_named_dialog_without_repeated_ids(reading: Page) -> None:
    word = reading.locator(FIRST).first
    # An editor's definition may hold ids, of footnotes for one.
    word.evaluate(
        "a => { document.querySelector(`#${a.getAttribute('aria-describedby')} .brief`).id = 'within'; }"
    )
    word.hover()
    card = reading.locator(OPEN)
    expect(card).to_have_attribute("role", "dialog")
    expect(card).to_have_attribute("aria-label", word.inner_text())
    ids = reading.evaluate("[...document.querySelectorAll('[id]')].map((element) => element.id)")
    assert len(ids) == len(set(ids))


def test_nested_words_stand_in_the_card(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page(1000)
    page.goto(served + site.text_with(r"data-nested="))
    word = page.locator(".body a.term[data-nested]").first
    word.scroll_into_view_if_needed()
    word.hover()
    page.wait_for_selector(OPEN)
    ids = (word.get_attribute("data-nested") or "").split()
    links = page.locator(f"{OPEN} .nested .headword a")
    assert [str(link.get_attribute("href")).split("/")[-1] for link in links.all()] == [
        f"{id}.html" for id in ids
    ]


def test_a_note_has_the_same_card(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page(1000)
    page.goto(served + site.text_with(r'class="noteref"'))
    marker = page.locator("a.noteref").first
    marker.hover()
    page.wait_for_selector(OPEN)
    note = marker.evaluate("a => document.querySelector(`${a.getAttribute('href')} .remark`).textContent")
    assert page.locator(f"{OPEN} .remark").text_content() == note
    expect(page.locator(f"{OPEN} .back")).to_have_count(0)


def test_notes_stand_in_the_margin_of_a_wide_window(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page(1440)
    page.goto(served + site.text_with(r'class="noteref"'))
    body = page.locator(".body").bounding_box()
    assert body
    free = 0.0
    for note in page.locator(".notes > li").all():
        left, top, right, bottom = bounds(note)
        assert left >= body["x"] + body["width"]
        assert right <= 1440
        assert top >= free
        free = bottom
    first = page.locator(".notes > li").first
    marker = page.locator(f"#r-{first.get_attribute('data-note')}")
    assert abs(bounds(first)[1] - bounds(marker)[1]) < 24
    marker.hover()
    expect(first).to_have_class("shown")
    expect(page.locator(OPEN)).to_have_count(0)


@pytest.mark.parametrize("width", [760, 1000, 1440])
def test_cards_stay_in_the_window_and_off_their_word(
    open_page: OpenPage, site: Built, served: str, width: int
) -> None:
    height = 700
    page = open_page(width, height)
    page.goto(served + site.text)
    words = page.locator(".body a.term")
    for turn, number in enumerate(range(0, words.count(), max(1, words.count() // 9))):
        word = words.nth(number)
        # At the window's lower edge, upper edge and middle by turns.
        block = ("end", "start", "center")[turn % 3]
        word.evaluate("(a, block) => a.scrollIntoView({block, behavior: 'instant'})", block)
        focus_by_keyboard(page, word)
        settle(page)
        left, top, right, bottom = bounds(page.locator(OPEN))
        assert left >= 0
        assert right <= width
        assert top >= 0
        assert bottom <= height
        pieces = word.evaluate(
            "a => [...a.getClientRects()].map((box) => [box.left, box.top, box.right, box.bottom])"
        )
        piece = pieces[0]
        covers = left < piece[2] and piece[0] < right and top < piece[3] and piece[1] < bottom
        assert not covers, f"word {number} is hidden by its card"


def test_a_first_tap_opens_and_a_second_follows(phone: Page) -> None:
    word = phone.locator(FIRST).first
    before, target = phone.url, word.evaluate("a => a.href")
    word.tap()
    phone.wait_for_selector(OPEN)
    assert phone.url == before
    word.tap()
    phone.wait_for_url(target)


def test_a_tap_on_another_word_moves_the_card(phone: Page) -> None:
    words = phone.locator(FIRST)
    words.nth(0).tap()
    phone.wait_for_selector(OPEN)
    words.nth(1).tap()
    expect(phone.locator(f"{OPEN} .headword").first).to_contain_text(word_of(words.nth(1)))


def test_a_tap_outside_closes_the_card(phone: Page) -> None:
    phone.locator(FIRST).first.tap()
    phone.wait_for_selector(OPEN)
    phone.locator("h1").tap(position={"x": 3, "y": 3})
    wait_closed(phone)


def test_a_tap_inside_keeps_the_card_and_its_button_closes_it(phone: Page) -> None:
    phone.locator(FIRST).first.tap()
    phone.locator(f"{OPEN} .brief").tap()
    expect(phone.locator(OPEN)).to_have_count(1)
    phone.locator(f"{OPEN} .close").tap()
    wait_closed(phone)


def test_on_a_phone_the_card_is_a_sheet_that_leaves_the_word_in_sight(phone: Page) -> None:
    words = phone.locator(FIRST)
    for number in range(min(4, words.count())):
        word = words.nth(number)
        word.evaluate("a => a.scrollIntoView({block: 'end', behavior: 'instant'})")
        word.tap()
        expect(phone.locator(f"{OPEN} .headword").first).to_contain_text(word_of(word))
        settle(phone)
        left, top, right, bottom = bounds(phone.locator(OPEN))
        assert (left, right) == (0, 390)
        assert bottom == pytest.approx(844, abs=1)
        assert bounds(word)[3] <= top
        phone.keyboard.press("Escape")
        wait_closed(phone)


def test_the_button_of_a_card_taller_than_its_sheet_stays_in_sight(open_page: OpenPage, varied: str) -> None:
    page = open_page(390, 600, touch=True, is_mobile=True)
    page.goto(varied + "ma-tou.html")
    page.locator("#p33 a.term").first.tap()
    leaf = page.locator(f"{OPEN} .leaf")
    assert leaf.evaluate("leaf => leaf.scrollHeight - leaf.clientHeight") > 100
    leaf.evaluate("leaf => leaf.scrollTo(0, 9999)")
    button = page.locator(f"{OPEN} .close")
    expect(button).to_be_in_viewport(ratio=1)
    button.tap()
    wait_closed(page)


def test_a_word_over_two_lines_has_its_card_at_the_piece_pointed_at(open_page: OpenPage, varied: str) -> None:
    page = open_page(1000, 700)
    page.goto(varied + "ma-tou.html")
    broken = page.locator(".body a.term").evaluate_all(
        "words => words.map((word) => word.getClientRects().length).findIndex((pieces) => pieces === 2)"
    )
    assert broken >= 0
    word = page.locator(".body a.term").nth(broken)
    word.evaluate("a => a.scrollIntoView({block: 'center', behavior: 'instant'})")
    left, top, right, bottom = word.evaluate(
        "a => [a.getClientRects()[1]].flatMap((box) => [box.left, box.top, box.right, box.bottom])"
    )
    page.mouse.move((left + right) / 2, (top + bottom) / 2)
    page.wait_for_selector(OPEN)
    settle(page)
    card = bounds(page.locator(OPEN))
    assert 0 < card[1] - bottom < 20 or 0 < top - card[3] < 20
    assert 0 <= card[0] < card[2] <= 1000
    # It goes with its word when the page is scrolled.
    before, after = page.evaluate(
        """() => [0, 40].map((way) => {
          scrollBy({top: way, behavior: 'instant'});
          return document.querySelector('#card').getBoundingClientRect().top;
        })"""
    )
    assert before - after == pytest.approx(40, abs=1)


def test_escape_closes_the_card_and_nothing_else(reading: Page) -> None:
    reading.evaluate(
        """() => addEventListener('keydown', (event) => {
          if (event.key === 'Escape' && !event.defaultPrevented) document.body.dataset.heard = 'yes';
        })"""
    )
    focus_by_keyboard(reading, reading.locator(FIRST).first)
    reading.keyboard.press("Escape")
    wait_closed(reading)
    assert reading.evaluate("document.body.dataset.heard") is None
    reading.keyboard.press("Escape")
    assert reading.evaluate("document.body.dataset.heard") == "yes"


def test_notes_come_back_from_the_margin_to_their_list(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page(1440)
    page.goto(served + site.text_with(r'class="noteref"'))
    page.wait_for_selector("html.margins", state="attached")
    page.set_viewport_size({"width": 900, "height": 900})
    page.wait_for_selector("html:not(.margins)", state="attached")
    settle(page)
    free = 0.0
    for note in page.locator(".notes > li").all():
        _, top, _, bottom = bounds(note)
        assert top >= free
        free = bottom
    assert bounds(page.locator("#words"))[1] >= free


def test_forced_colours_show_the_script_and_the_open_word(
    open_page: OpenPage, site: Built, served: str
) -> None:
    page = open_page(1000, forced_colors="active")
    page.goto(served + site.text)
    current, other = (
        page.locator(f".scripts a{which}").first.evaluate("a => getComputedStyle(a).borderBlockEndColor")
        for which in ("[aria-current]", ":not([aria-current])")
    )
    assert current != other
    word = page.locator(FIRST).first
    focus_by_keyboard(page, word)
    assert word.evaluate("a => getComputedStyle(a).outlineStyle") != "none"
