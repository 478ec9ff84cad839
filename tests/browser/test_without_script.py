"""Without JavaScript every page reads, every link leads somewhere, and the lists serve as cards."""

from __future__ import annotations

import posixpath
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

from browser.built import Built, OpenPage
from playwright.sync_api import expect


class Addresses(HTMLParser):
    """Collects the ids of a page, and the addresses that it refers to."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.refers: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if "id" in found:
            self.ids.append(found["id"])
        for name in ("href", "src"):
            # canonical and alternates are absolute: they name the published site.
            if name in found and not (tag == "link" and found.get("rel") in {"canonical", "alternate"}):
                self.refers.append(found[name])
        for name in ("aria-describedby", "aria-labelledby"):
            self.refers.extend("#" + id for id in found.get(name, "").split())


def addresses_of(html: str) -> Addresses:
    parser = Addresses()
    parser.feed(html)
    return parser


def test_every_link_and_fragment_of_every_page_leads_somewhere(site: Built) -> None:
    pages = {path: addresses_of(html) for path, html in site.sources.items()}
    ids = {path: set(page.ids) for path, page in pages.items()}
    broken = []
    for path, page in pages.items():
        for address in page.refers:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(parts.path)))
            target = target if parts.path else path
            if not (site.root / target).is_file():
                broken.append(f"{path}: {address}")
            elif parts.fragment and unquote(parts.fragment) not in ids.get(target, set()):
                broken.append(f"{path}: {address}: no such fragment")
    assert not broken


def test_ids_are_unique_on_every_page(site: Built) -> None:
    for path, html in site.sources.items():
        ids = addresses_of(html).ids
        assert len(ids) == len(set(ids)), path


def test_no_page_has_inline_scripts_or_styles(site: Built) -> None:
    class Inline(HTMLParser):
        found = ""

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            names = dict(attrs)
            inline = tag == "script" and "src" not in names and names.get("type") != "application/ld+json"
            if inline or tag == "style" or any(name == "style" or name.startswith("on") for name in names):
                self.found = f"<{tag}> {names}"

    for path, html in site.sources.items():
        parser = Inline()
        parser.feed(html)
        assert not parser.found, f"{path}: {parser.found}"


def test_every_kind_of_page_reads(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page(java_script_enabled=False)
    for path in site.kinds.values():
        page.goto(served + path)
        expect(page.locator("h1")).to_be_visible()
        assert len(page.locator("main").inner_text()) > 20, path
        expect(page.locator("#card")).to_be_hidden()


def test_the_switch_is_a_plain_link(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(served + site.text)
    for lang in (*site.variants[1:], site.variants[0]):
        page.locator(f'.scripts a[hreflang="{lang}"]').click()
        expect(page.locator("html")).to_have_attribute("lang", lang)
        assert f"/{lang.lower()}/" in page.url


def test_a_word_leads_to_its_entry_and_the_entry_back(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(served + site.text)
    word = page.locator(".body a.term.first").first
    term = word.get_attribute("aria-describedby")
    headword = page.locator(f"#{term} dt a").inner_text()
    word.click()
    expect(page.locator("h1")).to_have_text(headword)
    folder, name = site.text.split("/texts/")
    page.locator(f'.kwic a.where[href^="../texts/{name}#"]').first.click()
    assert page.url.startswith(f"{served}{folder}/texts/{name}#")
    fragment = page.url.split("#")[1]
    expect(page.locator(f"#{fragment.replace('.', chr(92) + '.')}")).to_be_in_viewport()


def test_how_forms_came_to_be_is_folded_away(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(served + site.kinds["entry"])
    rows = page.locator(".origins dt")
    expect(rows.first).to_be_hidden()
    page.locator(".origins summary").focus()
    page.keyboard.press("Enter")
    expect(rows.first).to_be_visible()
    forms = page.locator(".forms dd").all_inner_texts()
    assert set(forms) <= set(page.locator(".origins dt > span").all_inner_texts())


def test_every_word_of_a_text_stands_in_its_list(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(served + site.text)
    marked = {word.get_attribute("aria-describedby") for word in page.locator(".body a.term").all()}
    assert marked
    for term in marked:
        expect(page.locator(f"#{term} dt a")).to_be_visible()
        expect(page.locator(f"#{term} dd")).to_be_visible()


def test_notes_are_a_list_with_ways_there_and_back(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page(1440, java_script_enabled=False)
    page.goto(served + site.text_with(r'class="noteref"'))
    marker = page.locator("a.noteref").first
    marker.click()
    note = page.locator(str(marker.get_attribute("href")))
    expect(note).to_be_in_viewport()
    note.locator("a.back").click()
    expect(marker).to_be_in_viewport()
