"""What paper shows: no controls, what is folded away, black on white, nothing cut off; and the PDF itself."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterator

import pytest
from browser.built import OPEN, Built, OpenPage
from browser.test_layout import FAINT
from playwright.sync_api import Page

# The room for text between the margins, in CSS px: (width, height).
SHEETS = {
    "A4": (642, 948),
    "Letter": (665, 882),
    "A4 on its side": (971, 620),
    "A5": (408, 620),
}

CONTROLS = (
    ".skip, .top, .scripts, .site, .contents, .turn, .letters, nav, .back, .fnback, button, #card, "
    ".home .ways"
)

# [what it is, its text] of each element that matches and leaves ink.
SHOWN = """selector => [...document.querySelectorAll(selector)]
  .filter((element) => element.checkVisibility({visibilityProperty: true, opacityProperty: true}))
  .map((element) => [element.className || element.localName, element.textContent.trim().slice(0, 20)])"""

# Elements that match and do not show: folded away, without a height, or clipped to nothing.
UNSEEN = """selector => [...document.querySelectorAll(selector)].filter((element) => {
  const clipped = getComputedStyle(element).clipPath !== 'none';
  const box = element.getBoundingClientRect();
  return !element.checkVisibility({visibilityProperty: true}) || clipped || box.height < 5 || box.width < 5;
}).map((element) => element.textContent.trim().slice(0, 30))"""

# Text that reaches out of the sheet, or out of a box that cuts it off.
CUT = """() => {
  const cut = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    if (!walk.currentNode.data.trim() || !walk.currentNode.parentElement.checkVisibility()) continue;
    const range = document.createRange();
    range.selectNodeContents(walk.currentNode);
    const text = range.getBoundingClientRect();
    let [start, end] = [0, document.documentElement.clientWidth];
    for (let box = walk.currentNode.parentElement; box !== document.body; box = box.parentElement) {
      if (getComputedStyle(box).overflowX === 'visible') continue;
      const edge = box.getBoundingClientRect();
      [start, end] = [Math.max(start, edge.left), Math.min(end, edge.right)];
    }
    if (text.left < start - 1 || text.right > end + 1) {
      cut.push(`${text.left}–${text.right} of ${start}–${end}: ${walk.currentNode.data.slice(0, 20)}`);
    }
  }
  return cut;
}"""

# The text of elements that match, without the numbers and marks that are drawn after it.
BARE = """selector => [...document.querySelectorAll(selector)].map((element) => {
  const copy = element.cloneNode(true);
  for (const mark of copy.querySelectorAll('.num, .noteref, .fnref')) mark.remove();
  return copy.textContent;
})"""

# Makes each note some lines longer, with an end of its own.
LENGTHEN = """() => document.querySelectorAll('.notes .remark').forEach((remark, i) => {
  remark.append(`${'行'.repeat(160)}终${i}止`);
})"""

# Puts a table, a line of code and a concordance wider than any sheet into a page.
WIDEN = """() => {
  const long = '机床与钢铁'.repeat(9);
  const cells = `<td>${long} ${'x'.repeat(40)}</td>`.repeat(12);
  const line = `<li><a class="where">1</a><span class="left"><span>${long}</span></span>` +
    `<b class="key">${long}</b><span class="right">${long}</span></li>`;
  document.querySelector('main').insertAdjacentHTML('beforeend',
    `<div class="body"><div class="table"><table><tr>${cells}</tr></table></div>` +
    `<p><code>${'x'.repeat(300)}</code></p>` +
    `<p><a href="https://example.org/${'long/'.repeat(60)}">外</a></p></div>` +
    `<ol class="kwic">${line}</ol>`);
}"""


def on_paper(page: Page, address: str) -> None:
    page.emulate_media(media="screen")
    page.goto(address)
    page.emulate_media(media="print")


def test_the_controls_stay_off_paper(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page(locale="en-GB")
    for kind, path in site.kinds.items():
        if kind == "chooser":
            continue
        page.emulate_media(media="screen")
        page.goto(served + path)
        assert page.evaluate(SHOWN, CONTROLS), f"{path} has no controls on screen either"
        page.emulate_media(media="print")
        assert page.evaluate(SHOWN, CONTROLS) == [], path
        assert page.evaluate(UNSEEN, "h1") == [], path


def test_a_paragraph_stays_with_the_list_that_it_introduces(
    open_page: OpenPage, site: Built, served: str
) -> None:
    page = open_page()
    page.goto(served + site.text_with("<ul>"))
    page.emulate_media(media="print")
    ends = page.evaluate(
        "[...document.querySelectorAll('.body ul')].map((list) => list.previousElementSibling)"
        ".filter((before) => before?.localName === 'p').map((before) => getComputedStyle(before).breakAfter)"
    )
    assert ends and set(ends) == {"avoid"}


def test_the_choice_of_scripts_is_all_that_the_first_page_has(
    open_page: OpenPage, site: Built, served: str
) -> None:
    page = open_page(locale="en-GB")
    page.goto(served + site.kinds["chooser"])
    page.emulate_media(media="print")
    assert len(page.evaluate(SHOWN, "nav li")) == len(site.variants)


def test_an_open_card_is_not_printed(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page()
    page.goto(served + site.text)
    page.locator(".body a.term.first").first.hover()
    page.wait_for_selector(OPEN)
    page.emulate_media(media="print")
    assert page.evaluate(SHOWN, "#card") == []


@pytest.mark.parametrize("width", [390, 1440], ids=["from a phone", "from margin notes"])
def test_all_notes_and_words_follow_the_text(
    open_page: OpenPage, site: Built, served: str, width: int
) -> None:
    page = open_page(width)
    page.goto(served + site.text_with(r'class="noteref"'))
    assert page.evaluate("document.documentElement.classList.contains('margins')") == (width == 1440)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": SHEETS["A4"][0], "height": SHEETS["A4"][1]})
    assert page.evaluate(UNSEEN, ".notes > li, .notes .lemma, .notes .remark, .words > div, .words dd") == []
    tops = page.evaluate(
        "[...document.querySelectorAll('.notes > li')].map((note) => note.getBoundingClientRect())"
        ".map((box) => [box.top, box.bottom])"
    )
    end = page.evaluate("document.querySelector('.body').getBoundingClientRect().bottom")
    assert tops
    for top, bottom in tops:
        assert top >= end, "a note lies over what stands before it"
        end = bottom
    words = page.evaluate("document.querySelector('.words').getBoundingClientRect().top")
    assert words >= end


def test_what_is_folded_away_is_open_on_paper(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page()
    page.goto(served + site.kinds["entry"])
    inside = "details > dl, details dd"
    assert page.evaluate(UNSEEN, inside), "nothing is folded away on screen"
    page.emulate_media(media="print")
    assert page.locator(inside).count() > 1
    assert page.evaluate(UNSEEN, inside) == []


def test_a_dark_screen_prints_black_on_white(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page(color_scheme="dark", locale="en-GB")
    for path in site.kinds.values():
        on_paper(page, served + path)
        ground = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        assert ground == "rgb(255, 255, 255)", path
        assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)", path
        assert page.evaluate(FAINT) == [], path


@pytest.mark.parametrize("sheet", SHEETS)
def test_nothing_is_cut_off_on_paper(open_page: OpenPage, site: Built, served: str, sheet: str) -> None:
    width, height = SHEETS[sheet]
    page = open_page(width, height, locale="en-GB")
    for path in site.kinds.values():
        on_paper(page, served + path)
        if path != site.kinds["chooser"]:
            page.evaluate(WIDEN)
        assert page.evaluate(CUT) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_only_links_out_of_the_book_show_their_address(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page()
    outward = re.compile(r'<main.*<a href="http', re.DOTALL)
    path = next(path for path, html in site.sources.items() if outward.search(html))
    on_paper(page, served + path)
    links = page.evaluate(
        "[...document.querySelectorAll('main a[href]')].filter((link) => link.checkVisibility())"
        ".map((link) => [link.getAttribute('href'), getComputedStyle(link, '::after').content])"
    )
    assert {href.startswith("http") for href, _ in links} == {True, False}
    for href, after in links:
        assert (href in after) == href.startswith("http"), href


PAPERS = {"A4": (595, 842), "Letter": (612, 792)}  # in points


def streams(pdf: bytes) -> dict[bytes, tuple[bytes, bytes]]:
    """Objects of a PDF as Chromium writes it: number → (dictionary, unpacked stream or nothing)."""
    found = {}
    for number, body in re.findall(rb"(?:^|\n)(\d+) 0 obj\s(.*?)\nendobj", pdf, re.DOTALL):
        head, _, rest = body.partition(b"stream\n")
        packed = b"/FlateDecode" in head and rest
        found[number] = (head, zlib.decompressobj().decompress(packed) if packed else rest)
    return found


def letters(cmap: bytes) -> dict[str, str]:
    """A font's codes in hexadecimal, as they stand in the text → what they mean."""
    meaning: dict[str, str] = {}
    for kind, block in re.findall(rb"beginbf(char|range)(.*?)endbf", cmap, re.DOTALL):
        codes = re.findall(r"<(\w+)>", block.decode())
        if kind == b"char":
            for code, text in zip(codes[::2], codes[1::2], strict=True):
                meaning[code] = bytes.fromhex(text).decode("utf-16-be")
        else:
            for first, last, text in zip(codes[::3], codes[1::3], codes[2::3], strict=True):
                for step in range(int(last, 16) - int(first, 16) + 1):
                    meaning[f"{int(first, 16) + step:0{len(first)}X}"] = chr(int(text, 16) + step)
    return meaning


def folded(text: str) -> str:
    """Without spaces and invisible characters, and with one form for what looks alike (⽼ for 老)."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(sign for sign in plain if not sign.isspace() and unicodedata.category(sign) != "Cf")


def loosely(text: str) -> str:
    """A pattern for the text, where a sign can stand as a radical that no fold makes whole (⻓ for 长)."""
    return "".join(f"(?:{re.escape(sign)}|[\u2e80-\u2ef3])" for sign in text)


def texts_of(pdf: bytes) -> Iterator[str]:
    """The text of each page, folded, in the order in which it is drawn."""
    objects = streams(pdf)
    fonts = {}
    for number, (head, _) in objects.items():
        if meaning := re.search(rb"/ToUnicode (\d+) 0 R", head):
            fonts[number] = letters(objects[meaning[1]][1])
    for head, _ in objects.values():
        if not re.search(rb"/Type /Page\b", head):
            continue
        contents = re.search(rb"/Contents (\d+) 0 R", head)
        assert contents
        named = dict(re.findall(rb"/(F\d+) (\d+) 0 R", head))
        drawn, font = "", dict[str, str]()
        for name, codes in re.findall(rb"/(F\d+) [\d.]+ Tf|<(\w+)>(?= Tj)", objects[contents[1]][1]):
            if name:
                font = fonts[named[name]]
                continue
            size = len(next(iter(font), "00"))
            run = codes.decode()
            drawn += "".join(font.get(run[at : at + size], "") for at in range(0, len(run), size))
        yield folded(drawn)


@pytest.mark.parametrize("paper", PAPERS)
def test_pages_have_their_size_their_number_and_the_title_but_the_first(
    open_page: OpenPage, site: Built, served: str, paper: str
) -> None:
    page = open_page(color_scheme="dark")
    page.goto(served + site.text)
    pdf = page.pdf(format=paper)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    sheets = list(texts_of(pdf))
    assert len(boxes) == len(sheets) > 2
    for box in boxes:
        assert [float(side) for side in box] == pytest.approx(PAPERS[paper], abs=1)
    title = folded(page.title())
    for number, text in enumerate(sheets, 1):
        head = title if number > 1 else ""
        assert text.startswith(f"{head}{number}"), f"page {number}: {text[:60]}"


@pytest.mark.parametrize("kind", ["text", "entry", "glossary", "home"])
def test_the_pdf_has_every_word_of_the_page(open_page: OpenPage, site: Built, served: str, kind: str) -> None:
    page = open_page()
    for tag in site.variants:
        page.goto(served + site.kinds[kind].replace(site.variants[0].lower(), tag.lower(), 1))
        printed = "".join(texts_of(page.pdf(format="A4")))
        page.emulate_media(media="print")
        page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
        wanted = page.evaluate(
            "[...document.querySelectorAll('h1, h2, h3, .num, .notes .remark, .words dt, .words .brief, "
            ".headword, .definition, details dd, .kwic span, .kwic b, .summary')]"
            ".filter((piece) => piece.checkVisibility()).map((piece) => piece.innerText)"
        )
        assert wanted
        # Only how each begins: further on a page can end, or a mark come between.
        lines = [folded(line)[:6] for text in wanted for line in text.split("\n")]
        assert [line for line in lines if not re.search(loosely(line), printed)] == [], tag


@pytest.mark.parametrize("lines", [0, 2])
@pytest.mark.parametrize("paper", ["A4", "A5"])
def test_no_page_ends_inside_a_note_or_a_verse_or_after_a_heading(
    open_page: OpenPage, site: Built, served: str, paper: str, lines: int
) -> None:
    page = open_page()
    page.goto(served + site.text_with('class="verse"'))
    # A note of few lines is whole anyway, because no line of a paragraph stands alone.
    page.evaluate(LENGTHEN)
    # Moves all by some lines, and with it where the pages end.
    page.evaluate(
        "lines => { document.querySelector('.body').style.marginBlockStart = `${lines}lh`; }", lines
    )
    sheets = list(texts_of(page.pdf(format=paper)))
    page.emulate_media(media="print")
    whole = [folded(text) for text in page.evaluate(BARE, ".notes .remark, .body .verse")]
    assert len(whole) > 2
    for text in whole:
        ends = re.compile(f"{loosely(text[:6])}.*{loosely(text[-5:])}")
        assert any(ends.search(sheet) for sheet in sheets), text
    for heading in page.locator("h2, h3").all_inner_texts():
        # The numbers of paragraphs and the marks are drawn last.
        last = re.compile(loosely(folded(heading)) + r"[\d.\[\]]*$")
        assert not any(last.search(sheet) for sheet in sheets), heading


def test_the_line_of_rights_never_stands_alone_on_a_page(
    open_page: OpenPage, site: Built, served: str
) -> None:
    page = open_page()
    page.goto(served + site.kinds["home"])
    rights = folded(page.locator(".foot p").last.text_content() or "")
    assert rights
    ends = []
    for lines in range(12, 24):
        page.evaluate(
            "lines => document.querySelector('main').replaceChildren("
            "...Array.from({length: lines}, (_, i) => {"
            " const line = document.createElement('p'); line.textContent = `行${i}止`; return line; }))",
            lines,
        )
        *_, last = texts_of(page.pdf(format="A5"))
        assert rights in last
        ends.append(f"行{lines - 1}止" in last)
    assert all(ends), ends
