"""duben serve: open pages follow what is saved, keep their place, and show what is wrong."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from browser.built import READING, WATCH_POLICY, OpenPage, switch_to
from playwright.sync_api import Locator, Page, expect

from duben.desk.build import Options
from duben.desk.serve import open_folder, open_server, serve

BODY = [f"第{number}段，{'说来话长，' * 30}到此为止。 {{#p{number}}}" for number in range(1, 31)]
PLAIN = [f"第{number}节，没有编号，{'也说来话长，' * 30}完。" for number in range(1, 31)]
EDITION: Mapping[str, str | bytes] = {
    "edition.yaml": "title: 小书\nvariants: [zh-Hans, zh-Hant]\n",
    "texts/yi/text.yaml": "title: 一篇\n",
    "texts/yi/text.md": "\n\n".join(BODY) + "\n",
    "pages/about.md": "# 关于\n\n" + "\n\n".join(PLAIN) + "\n",
    "templates/assets/own.css": "p { color: black }\n",
}
TEXT = "zh-hans/texts/yi.html"
ABOUT = "zh-hans/pages/about.html"
LONG = 30  # seconds: a busy machine is slow; what works does not wait


class Preview:
    def __init__(self, content: Path, url: str, open_page: OpenPage) -> None:
        self.content = content
        self.url = url
        self.open_page = open_page

    def write(self, name: str, text: str) -> None:
        (self.content / name).write_text(text, encoding="utf-8")

    def show(self, path: str, *size: int, **options: object) -> Page:
        page = self.open_page(*size, **options)
        page.add_init_script(WATCH_POLICY)
        page.goto(self.url + path)
        page.evaluate("window.unloaded = false")  # gone after a reload
        return page


@pytest.fixture
def preview(
    tmp_path: Path, open_page: OpenPage, write_edition: Callable[..., Path]
) -> Iterator[Callable[..., Preview]]:
    """`preview({...})` serves EDITION with these files in it, as soon as the first build was tried."""
    stop = threading.Event()
    threads: list[threading.Thread] = []

    def start(files: Mapping[str, str | bytes]) -> Preview:
        content = write_edition(tmp_path / "content", {**EDITION, **files})
        ready: queue.Queue[str] = queue.Queue()

        def work() -> None:
            with open_folder(None) as out, open_server(out, "127.0.0.1", 0) as server:
                serve(Options(content, out), server.stage, lambda _: ready.put(server.url), stop)

        threads.append(threading.Thread(target=work, daemon=True))
        threads[-1].start()
        return Preview(content, ready.get(timeout=LONG), open_page)

    yield start
    stop.set()
    for thread in threads:
        thread.join(LONG)


def overlay(page: Page) -> Locator:
    return page.locator("duben-live .box")


def scroll_to(page: Page, number: int) -> None:
    page.evaluate(
        "number => scrollTo(0, document.querySelectorAll('main p:has(+ p)')[number].offsetTop + 20)", number
    )


def test_a_text_changes_in_place_and_the_line_that_is_read_stays(preview: Callable[..., Preview]) -> None:
    shown = preview({})
    page = shown.show(TEXT)
    other = shown.show(TEXT.replace("hans", "hant"))
    scroll_to(page, 20)
    before = page.evaluate(READING)
    assert before[0] not in ("p1", "p2")
    above = [f"新的一段，{'插在上面，' * 40}。 {{#p{number}}}" for number in (31, 32)]
    shown.write("texts/yi/text.md", "\n\n".join([*above, *BODY]) + "\n")
    expect(page.locator("#p32")).to_be_attached(timeout=LONG * 1000)
    identity, top = page.evaluate(READING)
    assert identity == before[0]
    assert abs(top - before[1]) < 1
    assert page.evaluate("window.unloaded") is False
    expect(other.locator("#p32")).to_contain_text("新的一段", timeout=LONG * 1000)
    for each in (page, other):
        assert each.evaluate("window.refused") == []
        assert each.evaluate("duben.worker") is None


def test_a_page_without_ids_and_a_page_that_is_loaded_anew_keep_their_place(
    preview: Callable[..., Preview],
) -> None:
    shown = preview({})
    page = shown.show(ABOUT)
    scroll_to(page, 20)
    read = """() => {
      const edge = document.querySelector('header.top').getBoundingClientRect().bottom;
      const blocks = [...document.querySelectorAll('main p')];
      const block = blocks.find((p) => p.getBoundingClientRect().bottom > edge + 1);
      return [block.textContent.slice(0, 12), block.getBoundingClientRect().top];
    }"""
    before = page.evaluate(read)
    shown.write("pages/about.md", "# 关于\n\n" + "\n\n".join(["插在上面。", *PLAIN]) + "\n")
    expect(page.locator("main")).to_contain_text("插在上面", timeout=LONG * 1000)
    words, top = page.evaluate(read)
    assert (words, round(top)) == (before[0], round(before[1]))

    shown.write("templates/assets/own.css", "p { color: rgb(1, 2, 3); margin-block-end: 40px }\n")
    page.wait_for_function(
        "() => getComputedStyle(document.querySelector('main p')).color === 'rgb(1, 2, 3)'"
    )
    page.wait_for_load_state()
    assert page.evaluate("window.unloaded") is None
    page.wait_for_function(
        f"([words, top]) => {{ const now = ({read})(); return now[0] === words && "
        "Math.abs(now[1] - top) < 2; }",
        arg=before,
    )


def test_a_switch_shows_what_was_saved_since_the_other_page_was_fetched(
    preview: Callable[..., Preview],
) -> None:
    shown = preview({})
    page = shown.show(TEXT)
    with page.expect_response(lambda response: "zh-hant/texts" in response.url):
        page.locator('.top .scripts a[hreflang="zh-Hant"]').hover()
    shown.write("texts/yi/text.md", "只剩这一个词。 {#p1}\n")
    expect(page.locator("#p1")).to_contain_text("只剩这一个词", timeout=LONG * 1000)
    switch_to(page, "zh-Hant")
    expect(page.locator("#p1")).to_contain_text("只剩這一個詞")


def test_what_is_wrong_is_shown_with_its_place_until_it_is_mended(preview: Callable[..., Preview]) -> None:
    shown = preview({})
    page = shown.show(TEXT)
    scroll_to(page, 10)
    before = page.evaluate(READING)
    hostile = "<img src=x onerror='window.hit=1'>"
    shown.write("texts/yi/text.yaml", f'title: 一篇\n"{hostile}": 1\n')
    box = overlay(page)
    expect(box).to_be_visible(timeout=LONG * 1000)
    assert box.get_attribute("role") == "alertdialog"
    expect(box.locator(".place code")).to_have_text(f"{shown.content.as_posix()}/texts/yi/text.yaml:2:1")
    expect(box.locator(".message")).to_contain_text(hostile)
    expect(box.locator(".code")).to_have_text("[schema-unknown-key]")
    expect(box.get_by_role("heading")).to_have_text("1 error")
    assert page.evaluate(READING) == before
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    page.locator("duben-live .pill").click()
    expect(box).to_be_visible()
    shown.write("texts/yi/text.yaml", "title: 另一篇\n")
    expect(page.locator("h1")).to_have_text("另一篇", timeout=LONG * 1000)
    expect(box).to_have_count(0)
    assert page.evaluate("[window.hit, window.refused]") == [None, []]


def test_a_first_build_that_fails_shows_its_problems_and_then_the_page(
    preview: Callable[..., Preview],
) -> None:
    shown = preview({"edition.yaml": "titel: 小书\n"})
    page = shown.show(TEXT)
    nowhere = shown.show("zh-hans/texts/nowhere.html")
    expect(overlay(page)).to_contain_text("did you mean `title`?")
    shown.write("edition.yaml", str(EDITION["edition.yaml"]))
    expect(page.locator("h1")).to_have_text("一篇", timeout=LONG * 1000)
    expect(overlay(page)).to_have_count(0)
    expect(nowhere.locator("main")).to_contain_text("Nothing is at this address", timeout=LONG * 1000)


def test_warnings_are_a_number_that_opens_their_list(preview: Callable[..., Preview]) -> None:
    page = preview({"stray.txt": "x"}).show(TEXT)
    expect(overlay(page)).to_be_hidden()
    page.locator("duben-live .pill").click()
    expect(overlay(page)).to_contain_text("nothing reads this file")
    assert overlay(page).get_attribute("role") == "dialog"
