"""A reading page set vertically: geometry, moving, places kept, marks of quotation, cards."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from browser.built import OPEN, OpenPage, settle, switch_to
from browser.varied import LONG, MANY, MARKS
from playwright.sync_api import Page, Route, expect

from duben.compile.paired_marks import NO_QUOTE, latin_marks, read_marks

TEXT = "ma-tou.html"
CHOSEN = """if (!localStorage.getItem('duben-settings')) {
  localStorage.setItem('duben-settings', '{"setting": "vertical"}');
}"""

# The paragraph being read: the first from the right that shows. [id, its right edge]
READ_DOWN = """() => {
  for (const p of document.querySelectorAll('.body p[id], .body h2[id]')) {
    const box = p.getBoundingClientRect();
    if (box.left < innerWidth - 2) return [p.id, box.right];
  }
  return null;
}"""
RIGHT_OF = "id => document.getElementById(id).getBoundingClientRect().right"
TURNED = "() => getComputedStyle(document.documentElement).writingMode === 'vertical-rl'"

OpenDown = Callable[..., Page]


def have_pictures(page: Page) -> None:
    """Pictures that come later would push what is measured."""
    page.evaluate(
        """() => Promise.all([...document.images].map((image) => {
          image.loading = 'eager';
          return image.decode();
        }))"""
    )


@pytest.fixture
def open_down(open_page: OpenPage, varied: str) -> OpenDown:
    """Opens the text, set vertically."""

    def make(width: int = 1280, height: int = 900, *, at: str = "", lang: str = "", **options: Any) -> Page:
        page = open_page(width, height, **options)
        page.add_init_script(CHOSEN)
        page.goto(varied.replace("/zh-hans/", f"/{lang or 'zh-hans'}/") + TEXT + at)
        page.wait_for_function(TURNED)
        # vertical.js has run once the marks are set, or it has nothing to set.
        page.wait_for_function(
            "() => document.documentElement.lang !== 'zh-Hans' || !/“好”/.test(main.textContent)"
        )
        have_pictures(page)
        return page

    return make


def scroll_down(page: Page, share: float) -> None:
    """Scrolls to a share of the text."""
    page.evaluate(
        """share => {
          const body = document.querySelector('.body').getBoundingClientRect();
          const left = scrollX - (innerWidth - body.right) - body.width * share;
          scrollTo({left, behavior: 'instant'});
        }""",
        share,
    )
    settle(page)


def bounds(page: Page, selector: str) -> tuple[float, float, float, float]:
    """Left, top, right, bottom in the window, as the page itself knows them."""
    left, top, right, bottom = page.locator(selector).evaluate(
        "node => [node.getBoundingClientRect()].flatMap((box) => [box.left, box.top, box.right, box.bottom])"
    )
    return left, top, right, bottom


def rest(page: Page) -> float:
    """Where the page has come to rest."""
    page.evaluate(
        """() => new Promise((done) => {
          let last = NaN;
          const look = () => (scrollX === last ? done() : (last = scrollX, setTimeout(look, 120)));
          look();
        })"""
    )
    return float(page.evaluate("scrollX"))


# --- The sheet


def test_nothing_is_painted_before_the_lines_run_down(open_page: OpenPage, varied: str) -> None:
    page = open_page()
    page.add_init_script(CHOSEN)

    def slowly(route: Route) -> None:
        time.sleep(0.7)
        route.continue_()

    page.route("**/vertical.css", slowly)
    page.goto(varied + TEXT)
    page.wait_for_function("() => performance.getEntriesByType('paint').length > 0")
    painted, had = page.evaluate(
        """() => [performance.getEntriesByType('paint')[0].startTime,
          performance.getEntriesByType('resource').find(({name}) => /vertical.css/.test(name)).responseEnd]"""
    )
    assert had > 600
    assert painted >= had


@pytest.mark.parametrize("lang", ["zh-hans", "zh-hant", "zh-hant-tw", "zh-hant-hk"])
def test_the_page_scrolls_sideways_only_from_the_right(open_down: OpenDown, lang: str) -> None:
    page = open_down(lang=lang)
    for width, height in ((1440, 900), (820, 1180), (390, 844), (844, 390), (640, 360)):
        page.set_viewport_size({"width": width, "height": height})
        settle(page)
        facts = page.evaluate(
            """() => [document.documentElement.scrollHeight - document.documentElement.clientHeight,
              document.querySelector('.top').getBoundingClientRect().toJSON(),
              document.querySelector('#p2').getBoundingClientRect().right -
                document.querySelector('#p3').getBoundingClientRect().right,
              Math.min(...[...document.querySelectorAll('.body > *, .body .num')]
                .map((block) => block.getBoundingClientRect().top)),
              Math.max(...[...document.querySelectorAll('.body > *')]
                .map((block) => block.getBoundingClientRect().bottom)),
              document.documentElement.scrollWidth > 4 * innerWidth]"""
        )
        over, head, step, top, bottom, long = facts
        assert over <= 0, f"{over} px too high at {width} × {height}"
        assert (head["x"], head["y"], head["width"], head["height"]) == (0, 0, width, 52)
        assert step > 0
        assert top >= head["height"], f"something of the text lies below the head at {width} × {height}"
        assert bottom <= height
        assert long


def test_a_table_and_pictures_fit_into_the_window(open_down: OpenDown) -> None:
    page = open_down()
    for width, height in ((1440, 900), (390, 844), (844, 390)):
        page.set_viewport_size({"width": width, "height": height})
        settle(page)
        boxes = page.evaluate(
            """[...document.querySelectorAll('.body :is(.table, img)')]
              .map((box) => box.getBoundingClientRect()).map((box) => [box.width, box.height, box.top])"""
        )
        assert len(boxes) == 3
        for wide, high, top in boxes:
            assert 0 < wide <= width
            assert 0 < high <= height - 52
            assert top >= 52
        ratios = page.evaluate(
            """[...document.querySelectorAll('.body img')]
              .map((image) => image.width / image.height / (image.naturalWidth / image.naturalHeight))"""
        )
        assert ratios == pytest.approx([1, 1], rel=0.02)
    # The rows of a table stay rows.
    first, second = page.evaluate(
        "[...document.querySelectorAll('.body tr')].slice(0, 2).map((tr) => tr.getBoundingClientRect().top)"
    )
    assert second > first


def test_dots_stand_to_the_right_and_paper_stays_as_it_is(open_down: OpenDown) -> None:
    page = open_down()
    position = page.locator(".body em").first.evaluate("em => getComputedStyle(em).textEmphasisPosition")
    assert "left" not in position
    page.emulate_media(media="print")
    assert not page.evaluate(TURNED)


def test_dialogs_are_set_as_ever(open_down: OpenDown) -> None:
    page = open_down()
    page.locator(".settings").click()
    dialog = page.locator("dialog[open]")
    expect(dialog).to_be_visible()
    assert dialog.evaluate("dialog => getComputedStyle(dialog).writingMode") == "horizontal-tb"


def test_notes_leave_the_margin(open_down: OpenDown) -> None:
    page = open_down(1440)
    expect(page.locator("html.margins")).to_have_count(0)
    page.evaluate("duben.set('setting', '')")
    page.wait_for_selector("html.margins", state="attached")
    page.evaluate("duben.set('setting', 'vertical')")
    expect(page.locator("html.margins")).to_have_count(0)
    assert page.evaluate(
        "[...document.querySelectorAll('.notes > li')].every((note) => !note.style.insetBlockStart)"
    )


def test_words_and_numbers_are_found_by_the_browser(open_down: OpenDown) -> None:
    page = open_down()
    for words in ("船队有30条船", "1949年12月", "这是it’s与", "said “yes” to"):
        page.evaluate("getSelection().removeAllRanges()")
        assert page.evaluate("words => window.find(words)", words), words


# --- Places


def test_links_lead_to_the_right_edge(open_down: OpenDown) -> None:
    page = open_down(at="#p30")
    edge = page.evaluate("innerWidth")
    assert edge - 40 <= page.evaluate(RIGHT_OF, "p30") <= edge
    for link, target in (
        ('.contents a[href="#p10"]', "p10"),
        ("a.fnref", "p60"),
        ('.lemma a[href="#p3"]', "p3"),
    ):
        page.locator(link).first.evaluate("link => link.click()")
        assert edge - 40 <= page.evaluate(RIGHT_OF, target) <= edge, link
    page.goto(page.url.split("#")[0] + "#p11")
    assert edge - 60 <= page.evaluate(RIGHT_OF, "p11") <= edge


@pytest.mark.parametrize("width", [390, 1440])
def test_turning_the_page_keeps_the_place(open_down: OpenDown, width: int) -> None:
    page = open_down(width)
    for share in (0.25, 0.5):
        scroll_down(page, share)
        paragraph, _ = page.evaluate(READ_DOWN)
        page.evaluate("duben.set('setting', '')")
        settle(page)
        assert not page.evaluate(TURNED)
        top, bottom = page.evaluate(
            """id => [document.getElementById(id).getBoundingClientRect()]
              .flatMap((box) => [box.top, box.bottom])""",
            paragraph,
        )
        assert top < 900
        assert bottom > 52
        page.evaluate("duben.set('setting', 'vertical')")
        settle(page)
        assert page.evaluate(TURNED)
        left, right = page.evaluate(
            """id => [document.getElementById(id).getBoundingClientRect()]
              .flatMap((box) => [box.left, box.right])""",
            paragraph,
        )
        assert left < width
        assert right > 0


def test_the_first_turn_keeps_the_place_and_the_top_of_the_page(open_page: OpenPage, varied: str) -> None:
    page = open_page()
    page.goto(varied + TEXT)
    page.evaluate("duben.set('setting', 'vertical')")
    page.wait_for_function(TURNED)
    assert page.evaluate("scrollX") == 0
    page.evaluate("duben.set('setting', '')")
    page.reload()
    page.goto(varied + TEXT)
    have_pictures(page)
    page.evaluate("document.getElementById('p30').scrollIntoView({behavior: 'instant'})")
    page.evaluate("duben.set('setting', 'vertical')")
    page.wait_for_function(TURNED)
    settle(page)
    right = page.evaluate(RIGHT_OF, "p30")
    assert 1280 - 80 < right <= 1281


@pytest.mark.parametrize(("width", "size"), [(390, ""), (1440, ""), (1440, "5")])
def test_the_paragraph_being_read_stays_when_the_script_changes(
    open_down: OpenDown, width: int, size: str
) -> None:
    page = open_down(width)
    page.evaluate("size => duben.set('size', size)", size)
    for share in (0.2, 0.5):
        scroll_down(page, share)
        for lang in ("zh-Hant", "zh-Hant-TW", "zh-Hans"):
            paragraph, before = page.evaluate(READ_DOWN)
            switch_to(page, lang)
            after = page.evaluate(RIGHT_OF, paragraph)
            assert abs(after - before) <= 2, f"{paragraph} moved by {after - before} px in {lang}"


def test_reloading_and_going_back_keep_the_place(open_down: OpenDown) -> None:
    page = open_down()
    scroll_down(page, 0.4)
    before = page.evaluate("scrollX")
    page.reload()
    page.wait_for_function("(before) => Math.abs(scrollX - before) < 3", arg=before)
    page.locator("dl.words dt a").first.evaluate("link => link.click()")
    page.wait_for_url("**/glossary/**")
    page.go_back()
    page.wait_for_function("(before) => Math.abs(scrollX - before) < 3", arg=before)


# --- Moving


def test_keys_move_along_the_text(open_down: OpenDown) -> None:
    page = open_down(reduced_motion="reduce")
    for key, least, most in (
        ("Space", -1280, -1100),
        ("PageDown", -2560, -2200),
        ("Shift+Space", -1280, -1100),
        ("PageUp", 0, 0),
        ("ArrowDown", -40, -40),
        ("ArrowUp", 0, 0),
        ("ArrowLeft", -60, -20),
        ("Home", 0, 0),
    ):
        page.keyboard.press(key)
        assert least <= rest(page) <= most, key
    page.keyboard.press("End")
    end = page.evaluate("innerWidth - document.documentElement.scrollWidth")
    assert rest(page) == pytest.approx(end, abs=2)


def test_keys_of_a_control_stay_with_it(open_down: OpenDown) -> None:
    page = open_down()
    page.locator(".settings").focus()
    page.keyboard.press("Space")
    expect(page.locator("dialog[open]")).to_be_visible()
    page.keyboard.press("ArrowDown")
    assert rest(page) == 0


def test_the_wheel_moves_along_the_text_and_a_finger_sideways_as_ever(open_down: OpenDown) -> None:
    page = open_down(reduced_motion="reduce")
    page.mouse.move(600, 500)
    page.mouse.wheel(0, 240)
    assert rest(page) == pytest.approx(-240, abs=2)
    page.mouse.wheel(0, -240)
    assert rest(page) == pytest.approx(0, abs=2)
    page.mouse.wheel(0, 30)
    assert rest(page) == pytest.approx(-30, abs=2)
    page.mouse.wheel(-300, 20)
    assert rest(page) == pytest.approx(-330, abs=2)


# --- Quotation marks


def vertical(text: str) -> str:
    """The text with the marks of vertical print, by the reading of the marks that conversion relies on."""
    marks = read_marks(text)
    latin = latin_marks(marks)
    turned = list(text)
    table = dict(zip("“”‘’", "『』「」", strict=True))
    for index, (at, role) in enumerate(zip(marks.at, marks.roles, strict=True)):
        if role in table and marks.partner[index] != NO_QUOTE and index not in latin:
            turned[at] = table[role]
    return "".join(turned)


def quoted(depth: int, number: int) -> str:
    """Some text with quotations down to a depth, of every kind by turns."""
    pair = ("“”", "‘’", "「」", "『』")[(depth + number) % 4]
    words = ("好", "it’s好", "5G", "AI与“人”", "27”屏", "students’ books", "’90s", "《书》")[number % 8]
    inside = quoted(depth - 1, number * 3 + 1) if depth else words
    return f"山{pair[0]}{inside}{words}{pair[1]}，" if number % 5 else f"see {pair[0]}{words}{pair[1]} for"


TEXT_OF = """node => {
  const copy = node.cloneNode(true);
  for (const aside of copy.querySelectorAll('.num')) aside.remove();
  return copy.textContent;
}"""


def test_a_page_in_simplified_has_the_marks_of_vertical_print(open_down: OpenDown) -> None:
    page = open_down()
    for number, (text, expected) in enumerate(MARKS.items()):
        assert vertical(text) == expected
        assert page.locator(f"#p{15 + number}").evaluate(TEXT_OF) == expected
    assert page.locator("h1").inner_text().startswith("三道湾的『码头』与灯")
    page.evaluate("duben.set('setting', '')")
    settle(page)
    for number, text in enumerate(MARKS):
        assert page.locator(f"#p{15 + number}").evaluate(TEXT_OF) == text
    assert page.locator(".sideways").count() == 0


def test_other_scripts_have_one_set_of_marks_both_ways(open_down: OpenDown) -> None:
    page = open_down(lang="zh-hant-tw")
    down = page.locator("main").inner_text()
    assert "『" in down or "「" in down
    page.evaluate("duben.set('setting', '')")
    settle(page)
    flat = [char for char in page.locator("main").text_content() or "" if char in "“”‘’「」『』"]
    page.evaluate("duben.set('setting', 'vertical')")
    settle(page)
    assert [char for char in page.locator("main").text_content() or "" if char in "“”‘’「」『』"] == flat


def test_the_browser_reads_marks_as_conversion_does(open_down: OpenDown) -> None:
    page = open_down()
    texts = [quoted(number % 4, number) + quoted(number % 3, number + 7) for number in range(160)]
    page.evaluate(
        """texts => {
          const body = document.querySelector('.body');
          for (const textContent of texts) {
            body.append(Object.assign(document.createElement('p'), {textContent, className: 'try'}));
          }
          duben.set('setting', '');
          duben.set('setting', 'vertical');
        }""",
        texts,
    )
    for text, got in zip(texts, page.locator(".try").all_text_contents(), strict=True):
        assert got == vertical(text), text


def test_after_a_switch_the_marks_are_set_again(open_down: OpenDown) -> None:
    page = open_down(lang="zh-hant")
    switch_to(page, "zh-Hans")
    assert page.locator("#p15").evaluate(TEXT_OF) == next(iter(MARKS.values()))


# --- Cards


@pytest.mark.parametrize(("width", "height"), [(820, 1180), (1440, 900)])
def test_a_card_stands_beside_its_word_and_in_the_window(
    open_down: OpenDown, width: int, height: int
) -> None:
    page = open_down(width, height)
    words = page.locator(".body a.term")
    page.keyboard.press("Shift")
    for turn, number in enumerate(range(0, words.count(), words.count() // 12)):
        word = words.nth(number)
        inline = ("start", "end", "center")[turn % 3]
        word.evaluate("(a, block) => a.scrollIntoView({block, behavior: 'instant'})", inline)
        settle(page)
        word.evaluate("a => a.focus({preventScroll: true})")
        page.wait_for_selector(OPEN)
        settle(page)
        left, top, right, bottom = bounds(page, OPEN)
        assert 0 <= left < right <= width
        assert 0 <= top < bottom <= height
        piece = word.evaluate("a => [a.getClientRects()[0]].flatMap((box) => [box.left, box.right])")
        assert right <= piece[0] or left >= piece[1], f"word {number} is hidden by its card"
        assert page.locator(OPEN).evaluate("card => getComputedStyle(card).writingMode") == "vertical-rl"
        page.keyboard.press("Escape")


def test_on_a_phone_a_card_is_a_sheet_that_leaves_the_word_in_sight(open_down: OpenDown) -> None:
    page = open_down(390, 844, touch=True, is_mobile=True)
    assert page.evaluate("visualViewport.scale") == 1
    whole = page.locator(".body a.term").evaluate_all(
        """words => words.map((word, number) => [word.getClientRects().length, number])
          .filter(([pieces]) => pieces === 1).map(([, number]) => number)"""
    )
    for number in (whole[0], whole[len(whole) // 3], whole[-1]):
        word = page.locator(".body a.term").nth(number)
        word.evaluate("a => a.scrollIntoView({block: 'end', behavior: 'instant'})")
        settle(page)
        x, y = word.evaluate("a => [a.getClientRects()[0]].flatMap((box) => [box.x + 9, box.y + 9])")
        page.touchscreen.tap(x, y)
        page.wait_for_selector(OPEN)
        settle(page)
        left, top, right, bottom = bounds(page, OPEN)
        assert (left, top, bottom) == (0, 0, 844)
        assert right <= 390 * 0.6
        assert word.evaluate("a => a.getBoundingClientRect().left") >= right
        button = page.locator(f"{OPEN} .close")
        page.locator(f"{OPEN} .leaf").evaluate("leaf => leaf.scrollTo(-9999, 0)")
        expect(button).to_be_in_viewport(ratio=1)
        left, top, right, bottom = bounds(page, f"{OPEN} .close")
        page.touchscreen.tap((left + right) / 2, (top + bottom) / 2)
        expect(page.locator(OPEN)).to_have_count(0)


def test_a_card_longer_than_its_room_scrolls_by_wheel_and_key(open_down: OpenDown) -> None:
    page = open_down(820, 700)
    word = page.locator(".body a.term", has_text=LONG).nth(4)
    word.evaluate("a => a.scrollIntoView({block: 'center', behavior: 'instant'})")
    page.keyboard.press("Shift")
    word.evaluate("a => a.focus({preventScroll: true})")
    left, top, right, bottom = bounds(page, f"{OPEN} .leaf")
    before = page.evaluate("scrollX")
    page.mouse.move((left + right) / 2, (top + bottom) / 2)
    page.mouse.wheel(0, 90)
    page.wait_for_function("() => document.querySelector('#card .leaf').scrollLeft < -20")
    assert page.evaluate("scrollX") == before


def test_every_one_of_many_words_in_a_paragraph_has_its_card(open_down: OpenDown) -> None:
    page = open_down(1440)
    words = page.locator("#p14 a.term")
    expect(words).to_have_count(len(MANY))
    words.nth(119).evaluate("a => a.scrollIntoView({block: 'center', behavior: 'instant'})")
    words.nth(119).hover()
    expect(page.locator(f"{OPEN} .headword").first).to_contain_text(MANY[119])
