"""HTML that an editor writes, in whatever field, is shown as the text it is, and is warned about."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from sitecheck import check_site

#: Fields of YAML without Markdown, by file, in the order in which they are written.
PLAIN = {
    "edition.yaml": ("title", "rights", "editors"),
    "texts/liu-an/text.yaml": ("title", "author", "publisher", "rights", "series"),
    "glossary/liu.yaml": ("aliases", "pinyin"),
}


def probe(name: str) -> str:
    """Markup that, were it read, would leave an element `x-<name>` or an attribute `onprobe`."""
    return f"""<x-{name} onprobe="1" title='&quot;'></script><svg onprobe=1>{{{{ 7 * 7 }}}}"""


def quoted(name: str) -> str:
    return json.dumps(probe(name))


FILES = {
    "edition.yaml": f"""
        title: {quoted("title")}
        rights: {quoted("rights")}
        editors: {quoted("editors")}
        description: {quoted("description")}
        base_url: https://example.org/
        """,
    "glossary/liu.yaml": f"""
        id: liu
        term: 柳
        aliases: {quoted("aliases")}
        pinyin: {quoted("pinyin")}
        gloss: {{en: {quoted("gloss")}}}
        definition: {quoted("definition")}
        forms: {{zh-Hant-HK: {quoted("forms")}}}
        sources: [{{title: {quoted("citation")}, url: "https://example.org/\\"onprobe='1'"}}]
        """.replace('"https://example.org/\\"onprobe=\'1\'"', "https://example.net/'onprobe='1'"),
    "texts/liu-an/text.yaml": f"""
        title: {quoted("title")}
        author: {quoted("author")}
        publisher: {quoted("publisher")}
        rights: {quoted("rights")}
        series: {quoted("series")}
        credits: {{{quoted("role")}: {quoted("names")}}}
        summary: {quoted("summary")}
        notes:
          - in: p1
            on: 落花
            note: {quoted("note")}
          - in: p1
            on: 无声
            reading: {quoted("reading")}
        convert:
          - in: p1
            on: 流水
            to: {{zh-Hant: {quoted("convert")}}}
        """,
    "texts/liu-an/text.md": "柳，落花无声，流水无情"
    + probe("body").replace("\n", " ")
    + "[^<x-label>]。 {#p1}\n\n"
    "图：!["
    + probe("alt")
    + '](static/a.svg "<x-link-title>")，[字](https://example.net/"onprobe="1)。 {#p2}\n\n'
    "`" + probe("code") + "` \\<x-escaped> &lt;x-entity> {#p3}\n\n"
    "| " + probe("cell") + " |\n|---|\n| {#p4} |\n\n"
    "[^<x-label>]: " + probe("footnote") + " {#p5}\n",
    "pages/about.md": f"# {probe('heading')}\n\n> {probe('page')}\n",
    "static/a.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
}
SHOWN = (
    "title rights description aliases pinyin gloss definition citation author publisher role names summary "
    "note reading convert body code escaped entity cell footnote heading page"
).split()
WARNED = (
    "title rights editors description aliases pinyin gloss definition forms citation author publisher series "
    "role names summary note reading convert body alt cell footnote heading page"
).split()


class Elements(HTMLParser):
    """The tags, attributes' names and text of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text: list[str] = []
        self.scripts: list[str] = []
        self.in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.in_script = tag == "script"

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self.in_script = False

    def handle_data(self, data: str) -> None:
        (self.scripts if self.in_script else self.text).append(data)


@pytest.fixture(scope="module")
def built(
    tmp_path_factory: pytest.TempPathFactory, write_edition: Callable, run_duben: Callable
) -> tuple[Path, str]:
    """The site, and what was printed."""
    folder = tmp_path_factory.mktemp("markup")
    write_edition(folder / "content", FILES)
    run = run_duben("build", "--content", "content", "--out", "site", cwd=folder)
    assert run.status == 0, run.stderr
    # A build tells the first warnings of a kind.
    return folder / "site", run_duben("check", "--content", "content", cwd=folder).stderr


@pytest.fixture(scope="module")
def pages(built: tuple[Path, str]) -> list[Elements]:
    found = []
    for path in sorted(built[0].rglob("*.html")):
        elements = Elements()
        elements.feed(path.read_text("utf-8"))
        elements.close()
        found.append(elements)
    assert len(found) > 20
    return found


def test_no_element_and_no_attribute_comes_of_it(pages: list[Elements]) -> None:
    for page in pages:
        assert not [tag for tag in page.tags if tag.startswith("x-")]
        assert "onprobe" not in page.attributes


def test_the_site_is_sound(built: tuple[Path, str]) -> None:
    assert check_site(built[0], "https://example.org/") == []


@pytest.mark.parametrize("field", SHOWN)
def test_it_is_shown_as_text(field: str, pages: list[Elements]) -> None:
    assert any(f"<x-{field}" in "".join(page.text) for page in pages)


def test_templates_of_the_editor_s_are_not_filled_in(pages: list[Elements]) -> None:
    words = "".join(word for page in pages for word in page.text)
    assert "{{ 7 * 7 }}" in words
    assert "49" not in words


def test_metadata_for_machines_hold_it_as_data(pages: list[Elements]) -> None:
    found = [json.loads(script) for page in pages for script in page.scripts if script.strip()]
    assert found
    assert any(probe("title") in json.dumps(one, ensure_ascii=False).replace('\\"', '"') for one in found)


@pytest.mark.parametrize("field", WARNED)
def test_it_is_warned_about_at_its_place(field: str, built: tuple[Path, str]) -> None:
    folder = built[0].parent / "content"
    signs = f"<x-{field} "
    places = set()
    for name in FILES:
        for number, line in enumerate((folder / name).read_text("utf-8").splitlines(), 1):
            if signs in line:
                places.add((f"content/{name}", number, line.index(signs) + 1))
    told = {
        (match[1], int(match[2]), int(match[3]))
        for match in re.finditer(
            r"^(\S+?):(\d+):(\d+): warning: `<x-.*\[markdown-html\]$", built[1], re.MULTILINE
        )
    }
    assert places
    # An escape in a quoted scalar, and an alternative text, are found by their start.
    near = {(name, line, column - shift) for name, line, column in places for shift in (0, 2)}
    assert near & told


@pytest.mark.parametrize("meant", ["code", "escaped", "entity"])
def test_a_sign_that_is_meant_is_not_warned_about(meant: str, built: tuple[Path, str]) -> None:
    assert f"<x-{meant}" not in built[1]
