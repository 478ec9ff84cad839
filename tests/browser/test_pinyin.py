"""Pinyin above the words: put on, taken off, and in nobody's way."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from itertools import permutations

import pytest
from browser.built import OPEN, READING, Built, OpenPage, complaints_of, settle, switch_to
from playwright.sync_api import Page

CHOOSE = "mode => duben.set('pinyin', mode)"
#: Every word with pinyin: [its characters, its pinyin].
WORDS = """root => [...document.querySelector(root).querySelectorAll('ruby')].map(
  (word) => [word.textContent, word.querySelector('rt').dataset.pinyin])"""
MIXED = "他说“The reader’s guide”很好，她说“读者’s指南”不好，又有 it’s 和 “Latin quote” 中间。"
HAN = re.compile("[〇㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff]")


def choose(page: Page, mode: str) -> None:
    """Chooses how much pinyin there is, and waits until all of it is there."""
    page.evaluate(CHOOSE, mode)
    wait_for_words(page, mode)


def wait_for_words(page: Page, mode: str) -> None:
    page.wait_for_function(
        "mode => document.documentElement.classList.contains('ruby') === (mode !== '')", arg=mode
    )
    # What does not show comes when there is time: until no more comes.
    count = "() => document.querySelectorAll('ruby').length"
    before = -1
    while before != (now := page.evaluate(count)):
        before = now
        page.wait_for_timeout(900)
    settle(page)


def opened(served: str, site: Built, page: Page, path: str = "") -> Page:
    page.goto(served + (path or site.text))
    return page


def test_all_words_have_pinyin_and_the_text_is_as_before(
    served: str, site: Built, open_page: OpenPage
) -> None:
    page = open_page()
    heard = complaints_of(page)
    opened(served, site, page)
    texts = (
        "() => [...document.querySelectorAll('main [id]')].map((each) => [each.textContent, each.innerText])"
    )
    before = page.evaluate(texts)
    choose(page, "all")
    assert page.evaluate(texts) == before
    # Everything Chinese in the text stands under pinyin, word by word.
    for block in page.query_selector_all("h1, .summary, .body p, .body h2, .remark"):
        plain = "".join(HAN.findall(block.text_content() or ""))
        words = block.evaluate("root => [...root.querySelectorAll('ruby')].map((word) => word.textContent)")
        assert "".join(words) == plain
    words = page.evaluate(WORDS, ".body")
    assert any(len(characters) > 1 for characters, _ in words)
    assert all(HAN.fullmatch(characters[0]) and re.match(r"\w", pinyin) for characters, pinyin in words)
    assert heard == [] and page.evaluate("refused") == []


def test_a_number_is_as_far_from_the_words_on_both_its_sides(
    served: str, site: Built, open_page: OpenPage
) -> None:
    page = opened(served, site, open_page())
    choose(page, "all")
    # Before it the browser leaves room; behind it, where a line may break, the style sheet does.
    rooms = page.evaluate("""() => [...document.querySelectorAll('.body p > ruby')].filter((word) => {
      const after = word.nextSibling?.localName === 'wbr' ? word.nextSibling.nextSibling : word.nextSibling;
      return after?.nodeType === 3 && /^[0-9A-Za-z]/.test(after.data);
    }).map((word) => parseFloat(getComputedStyle(word).marginInlineEnd))""")
    assert rooms and min(rooms) > 1
    others = "[...document.querySelectorAll('ruby:not(.apart)')]"
    room = f"Math.max(...{others}.map((word) => parseFloat(getComputedStyle(word).marginInlineEnd)))"
    assert page.evaluate(room) == 0


def test_only_the_terms_have_pinyin_where_that_is_chosen(
    served: str, site: Built, open_page: OpenPage
) -> None:
    page = opened(served, site, open_page())
    choose(page, "words")
    outside = "() => [...document.querySelectorAll('ruby')].filter((word) => !word.closest('a.term')).length"
    assert page.evaluate(outside) == 0
    assert page.locator(".body a.term").count() == page.locator(".body a.term:has(ruby)").count() > 0


def test_taken_off_it_leaves_the_page_as_it_was(served: str, site: Built, open_page: OpenPage) -> None:
    page = opened(served, site, open_page())
    page.evaluate("() => { window.before = document.body.cloneNode(true); }")
    count = "() => document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)"
    nodes = f"() => {{ const all = ({count})(); let n = 0; while (all.nextNode()) n += 1; return n; }}"
    before = page.evaluate(nodes)
    for mode in ("all", "words", "all", ""):
        choose(page, mode)
    assert page.evaluate("() => document.body.isEqualNode(before)")
    assert page.evaluate(nodes) == before


def test_what_is_read_is_found_and_copied_over_the_edges_of_words(
    served: str, site: Built, open_page: OpenPage
) -> None:
    page = opened(served, site, open_page())
    choose(page, "all")
    texts = page.evaluate("() => [...document.querySelectorAll('.body p')].map((each) => each.textContent)")
    sought = max((run for text in texts for run in re.findall("[一-鿿]+", text)), key=len)
    assert len(sought) > 5
    find = "words => { getSelection().removeAllRanges(); return find(words) && getSelection().toString(); }"
    assert page.evaluate(find, sought) == sought
    copied = page.evaluate(
        """() => { const range = new Range();
          range.selectNodeContents(document.querySelector('.body'));
          getSelection().removeAllRanges(); getSelection().addRange(range);
          return getSelection().toString(); }"""
    )
    assert not re.search("[āáǎàēéěèīíǐìōóǒòūúǔù]", copied)
    assert (
        page.evaluate(find, page.evaluate("() => document.querySelector('rt').dataset.pinyin + ' '")) is False
    )


@pytest.mark.parametrize("width", [390, 1440])
def test_the_paragraph_being_read_stays_where_it_is(
    served: str, site: Built, open_page: OpenPage, width: int
) -> None:
    page = opened(served, site, open_page(width=width))
    for part in (0.2, 0.6):
        page.evaluate("part => scrollTo(0, document.querySelector('.body').scrollHeight * part)", part)
        settle(page)
        for mode in ("all", "", "words", "all", ""):
            id, top = page.evaluate(READING)
            choose(page, mode)
            assert page.evaluate(READING) == [id, pytest.approx(top, abs=2)]


def test_in_another_script_the_words_have_pinyin_again(served: str, site: Built, open_page: OpenPage) -> None:
    page = open_page()
    heard = complaints_of(page)
    opened(served, site, page)
    choose(page, "all")
    page.evaluate("scrollTo(0, 2000)")
    settle(page)
    counted = len(page.evaluate(WORDS, ".body"))
    for variant in (site.variants[2], site.variants[0]):
        id, top = page.evaluate(READING)
        switch_to(page, variant)
        wait_for_words(page, "all")
        assert page.evaluate(READING) == [id, pytest.approx(top, abs=2)]
        assert len(page.evaluate(WORDS, ".body")) > counted * 0.9
    assert heard == []


def test_it_is_there_when_a_page_is_opened_from_a_disk(site: Built, open_page: OpenPage) -> None:
    page = open_page()
    heard = complaints_of(page)
    page.goto((site.root / site.text).as_uri())
    choose(page, "all")
    page.reload()
    wait_for_words(page, "all")
    assert heard == [] and page.evaluate("refused") == []


def test_lines_with_and_without_pinyin_are_as_far_apart(
    served: str, site: Built, open_page: OpenPage
) -> None:
    page = opened(served, site, open_page())
    heights = """() => [...document.querySelectorAll('.body > p[id]:not(:has(img))')].map(
      (each) => each.clientHeight / parseFloat(getComputedStyle(each).lineHeight))"""
    for mode in ("words", "all"):
        choose(page, mode)
        for lines in page.evaluate(heights):
            assert lines == pytest.approx(round(lines), abs=0.05)


def test_a_page_without_its_pinyin_stays_as_it_is(served: str, site: Built, open_page: OpenPage) -> None:
    page = open_page()
    page.route("**/*.pinyin.js", lambda route: route.fulfill(status=404))
    opened(served, site, page)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.evaluate("() => { window.before = document.body.cloneNode(true); }")
    page.evaluate(CHOOSE, "all")
    page.wait_for_timeout(500)
    assert page.evaluate("() => document.body.isEqualNode(before) && !document.querySelector('.ruby')")
    assert faults == []


def test_readings_of_another_text_are_not_put_on(served: str, site: Built, open_page: OpenPage) -> None:
    page = open_page()
    page.route(
        "**/*.pinyin.js",
        lambda route: route.fulfill(
            body='duben.read("zh-Hans",{"p1":"yī èr","title":"sān"})', content_type="text/javascript"
        ),
    )
    opened(served, site, page)
    page.evaluate(CHOOSE, "all")
    page.wait_for_function("() => document.querySelector('html.ruby')")
    settle(page)
    assert page.query_selector("ruby") is None


def test_a_term_with_pinyin_has_its_card(served: str, site: Built, open_page: OpenPage) -> None:
    page = opened(served, site, open_page())
    term = page.locator(".body a.term").first
    term.hover()
    page.wait_for_selector(OPEN)
    label = page.locator(OPEN).get_attribute("aria-label")
    page.mouse.move(0, 0)
    page.wait_for_function("() => !document.querySelector('#card:popover-open')")
    choose(page, "words")
    term.hover()
    page.wait_for_selector(OPEN)
    assert page.locator(OPEN).get_attribute("aria-label") == label


def test_a_screen_reader_hears_the_words_once(served: str, site: Built, open_page: OpenPage) -> None:
    page = opened(served, site, open_page())
    tones = re.compile("[āáǎàēéěèīíǐìōóǒòūúǔù]")
    choose(page, "all")
    heard = page.locator(".body").aria_snapshot()
    assert HAN.search(heard) and not tones.search(heard)
    # What is not hidden would be heard.
    page.evaluate(
        """() => document.querySelectorAll('.body rt').forEach((each) => {
          each.removeAttribute('aria-hidden');
          each.textContent = each.dataset.pinyin;
        })"""
    )
    assert tones.search(page.locator(".body").aria_snapshot())


def test_what_is_highlighted_stays_highlighted(served: str, site: Built, open_page: OpenPage) -> None:
    page = opened(served, site, open_page())
    light = """() => {
      const all = document.createTreeWalker(document.querySelector('.body'), NodeFilter.SHOW_TEXT);
      while (all.nextNode().length < 9);
      const node = all.currentNode;
      const range = new Range();
      range.setStart(node, 1);
      range.setEnd(node, 4);
      CSS.highlights.set('found', new Highlight(range));
      return range.toString();
    }"""
    lit = "() => [...CSS.highlights.get('found')].map((range) => range.toString())"
    words = page.evaluate(light)
    assert len(words) == 3
    for mode in ("all", ""):
        choose(page, mode)
        assert page.evaluate(lit) == [words]


@pytest.fixture
def mixed(build_edition: Callable[..., Built], serve: Callable[[Built], str]) -> str:
    """A text with marks of quotation that are other ones, or lie on their side, in vertical print."""
    long = "光电子信息产业和人工智能、ABC电子商务网络（“中国”制造）发展。" * 6
    files = {
        "edition.yaml": "title: 集\nlang: zh-Hans\n",
        "texts/yinhao/text.md": f"{MIXED} {{#p1}}\n\n{MIXED}**{MIXED}** {{#p2}}\n\n{long} {{#p3}}\n",
        "texts/yinhao/text.yaml": "title: “引号”与it’s\n",
        "glossary/all.yaml": json.dumps(
            [{"id": "zhinan", "term": "指南", "kind": "other", "definition": "一本书。"}], ensure_ascii=False
        ),
    }
    return serve(build_edition("mixed", files)) + "zh-hans/texts/yinhao.html"


TEXTS = "() => [...document.querySelectorAll('main :is(h1, p[id])')].map((each) => each.textContent)"


def take_step(page: Page, step: str) -> None:
    """Does one thing of `setting=vertical`, `pinyin=all`, `print` and `script`."""
    name, _, value = step.partition("=")
    if name == "print":
        page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
        assert not re.search("[『』]", "".join(page.evaluate(TEXTS)))
        page.evaluate("() => dispatchEvent(new Event('afterprint'))")
    elif name == "script":
        switch_to(page, "zh-Hant")
        settle(page)
        switch_to(page, "zh-Hans")
    else:
        page.evaluate("([name, value]) => duben.set(name, value)", [name, value])
    wait = """() => {
      const down = duben.get('setting') === 'vertical';
      const words = document.querySelectorAll('.body ruby').length > 0;
      return duben.vertical() === down && words === (duben.get('pinyin') !== '') &&
        document.getElementById('p1').textContent.includes('『') === down;
    }"""
    page.wait_for_function(wait)


@pytest.mark.parametrize("between", ["", "print", "script", "pinyin=words"])
def test_in_whatever_order_pinyin_and_vertical_lines_come_and_go_the_text_stays(
    mixed: str, open_page: OpenPage, between: str
) -> None:
    page = open_page()
    heard = complaints_of(page)
    page.goto(mixed)
    before = page.evaluate(TEXTS)
    assert MIXED in before[1]
    steps = ("setting=vertical", "pinyin=all", "setting=", "pinyin=")
    orders = [order for order in permutations(steps) if order.index(steps[0]) < order.index(steps[2])]
    orders = [order for order in orders if order.index(steps[1]) < order.index(steps[3])]
    for order in orders:
        for step in order:
            take_step(page, step)
            if between.partition("=")[0] != "pinyin" or page.evaluate("duben.get('pinyin')"):
                take_step(page, between) if between else None
            if page.evaluate("duben.get('setting')") == "":
                assert page.evaluate(TEXTS) == before, order
        assert page.locator("ruby, .sideways, main wbr").count() == 0
        assert page.evaluate(TEXTS) == before, order
    # Both are chosen when the page comes.
    for order in ((steps[3], steps[2]), (steps[2], steps[3])):
        take_step(page, steps[0])
        take_step(page, steps[1])
        page.reload()
        for step in order:
            take_step(page, step)
        assert page.evaluate(TEXTS) == before
        assert page.locator("ruby, .sideways, main wbr").count() == 0
    assert heard == []


def test_no_word_breaks_and_lines_do_between_words(mixed: str, open_page: OpenPage) -> None:
    page = open_page(390, 844)
    page.goto(mixed)
    choose(page, "all")
    lines = """() => [...document.querySelectorAll('#p3 ruby')].map((word) => {
      const range = new Range();
      range.selectNodeContents(word.firstChild);
      return new Set([...range.getClientRects()].map(({bottom}) => Math.round(bottom))).size;
    })"""
    # Every character's line: what stands first on each.
    first = """() => {
      const all = document.createTreeWalker(document.getElementById('p3'), NodeFilter.SHOW_TEXT);
      const found = [];
      let last = 0;
      while (all.nextNode()) {
        const node = all.currentNode;
        if (node.parentElement.closest('.num')) continue;
        for (let i = 0; i < node.length; i += 1) {
          const range = new Range();
          range.setStart(node, i);
          range.setEnd(node, i + 1);
          const {bottom, width} = range.getBoundingClientRect();
          if (width && bottom > last + 15) found.push(node.data[i]);
          if (width) last = Math.max(last, bottom);
        }
      }
      return found;
    }"""
    for size in range(330, 400, 9):  # the lines end elsewhere each time
        page.set_viewport_size({"width": size, "height": 844})
        settle(page)
        assert set(page.evaluate(lines)) == {1}
        begins = page.evaluate(first)
        assert len(begins) > 8 and not re.search("[，。、）”]", "".join(begins))
        assert page.evaluate("() => p3.scrollWidth <= p3.clientWidth")
    # A line may break wherever it may without pinyin, but inside words.
    page.evaluate("() => { p3.style.inlineSize = '1px'; }")
    for start in ("电", "制", "“", "A", "网"):
        assert start in page.evaluate(first), start
