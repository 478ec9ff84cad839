"""An independent check of a built site: links, ids, markup, and what a reader sees.

It shares no code with duben and uses the standard library only, so that a fault in duben's own
rendering cannot hide itself. Not a validator of HTML: it knows the rules that a static, script-free,
relocatable site must keep.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from html.parser import HTMLParser
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
OPTIONAL_END = frozenset(
    "html head body p li dt dd rt rp option optgroup colgroup caption thead tbody tfoot tr td th".split()
)
FOREIGN = frozenset({"svg", "math"})
CLOSES_P = frozenset(
    "address article aside blockquote details dialog div dl fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hgroup hr main menu nav ol p pre search section table ul".split()
)
# A start tag in the first place closes open elements of the second, up to one of the third.
IMPLIED_ENDS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "li": (frozenset({"li"}), frozenset({"ul", "ol", "menu"})),
    "dt": (frozenset({"dt", "dd"}), frozenset({"dl"})),
    "dd": (frozenset({"dt", "dd"}), frozenset({"dl"})),
    "td": (frozenset({"td", "th"}), frozenset({"tr", "table"})),
    "th": (frozenset({"td", "th"}), frozenset({"tr", "table"})),
    "tr": (frozenset({"tr", "td", "th", "caption", "colgroup"}), frozenset({"table"})),
    "thead": (frozenset({"caption", "colgroup"}), frozenset({"table"})),
    "tbody": (frozenset({"thead", "tbody", "tr", "td", "th", "caption", "colgroup"}), frozenset({"table"})),
    "tfoot": (frozenset({"thead", "tbody", "tr", "td", "th", "caption", "colgroup"}), frozenset({"table"})),
    "rt": (frozenset({"rt", "rp"}), frozenset({"ruby"})),
    "rp": (frozenset({"rt", "rp"}), frozenset({"ruby"})),
    "option": (frozenset({"option"}), frozenset({"select", "datalist", "optgroup"})),
    "optgroup": (frozenset({"option", "optgroup"}), frozenset({"select"})),
    "body": (frozenset({"head"}), frozenset({"html"})),
}
PHRASING_ONLY = frozenset(
    "p h1 h2 h3 h4 h5 h6 a span em strong b i q cite code small sub sup mark ruby rt time button "
    "label".split()
)
UNWANTED = frozenset("applet base embed frame frameset iframe object style".split())
INTERACTIVE = frozenset({"a", "button", "label", "select", "textarea"})

IDREF = frozenset(
    "aria-describedby aria-labelledby aria-controls aria-owns aria-details aria-flowto aria-errormessage "
    "aria-activedescendant for headers form list popovertarget commandfor itemref".split()
)
URL_ATTRIBUTES = frozenset("href src action formaction poster data xlink:href".split())
DOWNLOADED = frozenset({"src", "poster", "data"})  # what the browser fetches without being asked
LANG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


class Reference(NamedTuple):
    """A URL as written: the element and attribute that hold it, and its line."""

    tag: str
    attribute: str
    url: str
    line: int


class Page(HTMLParser):
    """One HTML file, parsed: its ids, its references and the problems that stand in it alone."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.problems: list[tuple[int, str]] = []
        self.ids: Counter[str] = Counter()
        self.references: list[Reference] = []
        self.idrefs: list[tuple[int, str, str]] = []
        self.tags: Counter[str] = Counter()
        self.open: list[tuple[str, int]] = []
        self.has_doctype = False
        self.lang = ""
        self.title = ""
        self.ld_json: list[str] = []
        self._script: tuple[bool, int] | None = None  # is it data (application/ld+json)? and its line
        self.feed(html)
        self.close()
        for tag, line in self.open:
            if tag not in OPTIONAL_END:
                self.problems.append((line, f"<{tag}> is never closed"))
        self._judge_whole()

    def _fault(self, message: str) -> None:
        self.problems.append((self.getpos()[0], message))

    def _judge_whole(self) -> None:
        if not self.has_doctype:
            self.problems.append((1, "no <!DOCTYPE html>"))
        if not LANG.fullmatch(self.lang):
            self.problems.append((1, f"<html> has no sound lang: {self.lang!r}"))
        if self.tags["h1"] != 1:
            self.problems.append((1, f"{self.tags['h1']} <h1> instead of one"))
        if not self.title.strip():
            self.problems.append((1, "no <title>"))
        for name, count in self.ids.items():
            if count > 1:
                self.problems.append((0, f"id {name!r} stands {count} times"))
        for line, attribute, name in self.idrefs:
            if name not in self.ids:
                self.problems.append((line, f"{attribute} names {name!r}, which is not there"))

    # Nesting

    def _in_foreign(self) -> bool:
        return any(tag in FOREIGN for tag, _ in self.open)

    def _imply_ends(self, tag: str) -> None:
        """Closes what a browser would close before `tag` starts."""
        if tag in CLOSES_P and self.open and self.open[-1][0] == "p":
            self.open.pop()
        if tag not in IMPLIED_ENDS:
            return
        closed, scope = IMPLIED_ENDS[tag]
        inner = list(takewhile(lambda name: name not in scope, reversed([name for name, _ in self.open])))
        last = max((depth for depth, name in enumerate(inner, 1) if name in closed), default=0)
        if all(name in OPTIONAL_END for name in inner[:last]):
            del self.open[len(self.open) - last :]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._start(tag, attrs)
        if tag not in VOID:
            self.open.append((tag, self.getpos()[0]))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._start(tag, attrs)
        if tag not in VOID and not self._in_foreign() and tag not in FOREIGN:
            self._fault(f"<{tag}/> does not close itself in HTML")

    def _start(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self._in_foreign():
            self._imply_ends(tag)
            names = [name for name, _ in self.open]
            if tag in CLOSES_P:
                holder = next((name for name in reversed(names) if name in PHRASING_ONLY - {"a"}), None)
                if holder is not None:
                    self._fault(f"<{tag}> stands inside <{holder}>")
            if tag in INTERACTIVE and any(name in INTERACTIVE for name in names):
                self._fault(f"<{tag}> stands inside <{next(n for n in names if n in INTERACTIVE)}>")
            if tag == "li" and (not names or names[-1] not in {"ul", "ol", "menu"}):
                self._fault("<li> stands outside a list")
        self.tags[tag] += 1
        self._judge_attributes(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._script = None
        if tag in VOID:
            self._fault(f"</{tag}> closes an element that has no end")
            return
        names = [name for name, _ in self.open]
        if tag not in names:
            self._fault(f"</{tag}> closes nothing")
            return
        while (top := self.open.pop())[0] != tag:
            if top[0] not in OPTIONAL_END:
                self._fault(f"</{tag}> comes before </{top[0]}>, opened in line {top[1]}")

    # What stands in tags

    def _judge_attributes(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line = self.getpos()[0]
        given = {name: value or "" for name, value in reversed(attrs)}
        for name, count in Counter(name for name, _ in attrs).items():
            if count > 1:
                self._fault(f"<{tag}> has {name} {count} times")
            if name == "style":
                self._fault(f"<{tag}> has a style attribute")
            elif name.startswith("on"):
                self._fault(f"<{tag}> has the event attribute {name}")
        if tag == "html":
            self.lang = given.get("lang", "")
        elif "lang" in given and not LANG.fullmatch(given["lang"]):
            self._fault(f"<{tag}> has an unsound lang: {given['lang']!r}")
        if "id" in given:
            if not given["id"] or re.search(r"\s", given["id"]):
                self._fault(f"<{tag}> has an unsound id: {given['id']!r}")
            self.ids[given["id"]] += 1
        for name in IDREF & given.keys():
            if not given[name].split():
                self._fault(f"<{tag}> has an empty {name}")
            self.idrefs += [(line, name, target) for target in given[name].split()]
        for name in sorted(URL_ATTRIBUTES & given.keys()):
            self.references.append(Reference(tag, name, given[name], line))
        for part in filter(None, map(str.strip, given.get("srcset", "").split(","))):
            self.references.append(Reference(tag, "src", part.split()[0], line))
        self._judge_element(tag, given, line)

    def _judge_element(self, tag: str, given: dict[str, str], line: int) -> None:
        if tag in UNWANTED:
            self._fault(f"<{tag}> stands in the page")
        elif tag == "script":
            is_data = given.get("type", "").lower() == "application/ld+json"
            if "src" not in given and not is_data:
                self._fault("an inline <script> stands in the page")
            if is_data:
                self.ld_json.append("")
            self._script = (is_data, line)
        elif tag == "img" and "alt" not in given:
            self._fault("<img> has no alt")
        elif tag == "link":
            kinds = set(given.get("rel", "").lower().split())
            needs_address = "canonical" in kinds or ("alternate" in kinds and "hreflang" in given)
            if needs_address and not is_absolute(given.get("href", "")):
                self._fault(f"{given['rel']} is not an absolute address: {given.get('href', '')!r}")
        elif tag == "meta":
            if given.get("property") in {"og:url", "og:image"} and not is_absolute(given.get("content", "")):
                self._fault(f"{given['property']} is not an absolute address")
            if given.get("http-equiv", "").lower() == "refresh":
                _, _, url = given.get("content", "").partition("=")
                self.references.append(Reference(tag, "href", url.strip("'\" "), line))

    def handle_data(self, data: str) -> None:
        if self._script is not None and self._script[0]:
            self.ld_json[-1] += data
        elif self.open and self.open[-1][0] == "title" and not self._in_foreign():
            self.title += data

    def handle_decl(self, decl: str) -> None:
        self.has_doctype = self.has_doctype or decl.lower().startswith("doctype html")


def is_absolute(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def check_site(folder: Path, base_url: str = "") -> list[str]:
    """The problems of every HTML file under `folder`, as "path:line: what is wrong", in order.

    Line 0 is left out. With `base_url` an address that starts with it must be a file of the site, too.
    """
    folder = folder.resolve()
    pages: dict[Path, Page] = {}
    problems: list[str] = []
    base_url = base_url and base_url.rstrip("/") + "/"

    def tell(path: Path, line: int, message: str) -> None:
        place = path.relative_to(folder).as_posix()
        problems.append(f"{place}:{line}: {message}" if line else f"{place}: {message}")

    paths = sorted(path for path in folder.rglob("*") if path.suffix in {".html", ".htm"})
    if not paths:
        return [f"{folder.name}: no HTML file"]
    for path in paths:
        try:
            html = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            tell(path, 0, f"not UTF-8 at byte {error.start}")
            continue
        pages[path] = page = Page(html)
        for line, message in sorted(page.problems):
            tell(path, line, message)
        for block in page.ld_json:
            try:
                json.loads(block)
            except ValueError as error:
                tell(path, 0, f"application/ld+json is not JSON: {error}")

    ids: dict[Path, Collection[str]] = {path: page.ids.keys() for path, page in pages.items()}
    for path, page in pages.items():
        for reference in page.references:
            fault = judge_url(reference, path, folder, ids, base_url)
            if fault:
                what = f"{reference.attribute}={reference.url!r} of <{reference.tag}>"
                tell(path, reference.line, f"{what} {fault}")
    for path in sorted(path for path in folder.rglob("*") if path.suffix in REFERRING):
        try:
            references = REFERRING[path.suffix](path.read_bytes().decode("utf-8"))
        except (ValueError, ElementTree.ParseError) as error:
            tell(path, 0, f"cannot be read: {error}")
            continue
        for reference in references:
            if fault := judge_url(reference, path, folder, ids, base_url):
                tell(path, 0, f"{reference.url!r} in {reference.tag} {fault}")
    return problems


def addresses_of_xml(text: str) -> list[Reference]:
    """What a sitemap or a feed refers to."""
    found = []
    for element in ElementTree.fromstring(text).iter():
        name = element.tag.rpartition("}")[2]
        if name in {"loc", "id"} and element.text:
            found.append(Reference(name, "href", element.text, 0))
        found += [Reference(name, "href", url, 0) for key, url in element.items() if key in {"href", "src"}]
    return found


def addresses_of_manifest(text: str) -> list[Reference]:
    """What the manifest of a web application refers to."""

    def walk(value: object, key: str) -> Iterator[Reference]:
        if isinstance(value, dict):
            for name, inner in value.items():
                yield from walk(inner, name)
        elif isinstance(value, list):
            for inner in value:
                yield from walk(inner, key)
        elif key in {"src", "start_url", "url"}:
            yield Reference(key, "src" if key == "src" else "href", str(value), 0)

    return list(walk(json.loads(text), ""))


#: Files beside the pages that refer to files of the site, by their ending.
REFERRING: dict[str, Callable[[str], list[Reference]]] = {
    ".xml": addresses_of_xml,
    ".webmanifest": addresses_of_manifest,
    ".txt": lambda text: [
        Reference("robots.txt", "href", url, 0) for url in re.findall(r"(?m)^Sitemap: (.*)$", text)
    ],
}


def judge_url(
    reference: Reference, page: Path, folder: Path, ids: dict[Path, Collection[str]], base_url: str
) -> str:
    """What is wrong with a reference, or "". `ids` caches the ids of files by path."""
    # Browsers drop these before they look at the scheme: "java\tscript:" runs.
    url = re.sub(r"[\t\r\n]", "", reference.url).strip("".join(map(chr, range(33))))
    scheme = SCHEME.match(url)
    if base_url and url.startswith(base_url):
        url, start = url[len(base_url) :] or "index.html", folder
        if url.endswith("/"):
            url += "index.html"
    elif scheme:
        if scheme[0].lower() in {"http:", "https:"}:
            if reference.attribute in DOWNLOADED:
                return "is fetched from elsewhere"
            return "" if is_absolute(url) else "has no host"
        if scheme[0].lower() == "mailto:" and reference.attribute == "href":
            return ""
        return f"has a scheme that is not allowed: {scheme[0]}"
    elif url.startswith("//"):
        return "has no scheme"
    elif url.startswith("/") or "\\" in url:
        return "is an absolute path" if url.startswith(("/", "\\")) else "holds a backslash"
    else:
        start = page.parent
    parts = urlsplit(url)
    target = (start / unquote(parts.path)).resolve() if parts.path else page
    if not target.is_relative_to(folder):
        return "leads out of the site"
    if target.is_dir():
        return "is a folder, not a file"
    if not target.is_file():
        return "leads to no file"
    if "#" not in url:
        return "" if url else "is empty"
    fragment = unquote(parts.fragment)
    if not fragment:
        return "has an empty fragment"
    if target not in ids:
        if target.suffix not in {".svg", ".xml", ".xhtml"}:
            return "has a fragment, but leads to no page"
        ids[target] = set(re.findall(r"""\bid\s*=\s*["']([^"']+)["']""", target.read_text("utf-8")))
    return "" if fragment in ids[target] else f"leads to no id {fragment!r}"


PARAGRAPH_ID = re.compile(r"p\d+(\.\d+\.\d+)?")
UNSEEN_CLASSES = frozenset({"num", "noteref", "fnref", "fnback"})


class _Reading(HTMLParser):
    """Collects the visible text of each element whose id is a paragraph's, and of the <h1>."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: dict[str, list[str]] = {}
        self._open: list[tuple[str, str, bool]] = []  # tag, paragraph id or "", unseen?
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        classes = set(given.get("class", "").split())
        if tag == "br":
            self.handle_data("\n")
        if tag in VOID:
            return
        name = given.get("id", "")
        if tag == "h1":
            name = "title"
        elif not PARAGRAPH_ID.fullmatch(name) or "was" in classes:
            name = ""
        if name:
            self.texts.setdefault(name, [])
        unseen = tag in {"rt", "rp", "script", "style", "template"} or bool(classes & UNSEEN_CLASSES)
        self._open.append((tag, name, unseen))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        while any(name == tag for name, _, _ in self._open) and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if any(unseen for _, _, unseen in self._open):
            return
        for _, name, _ in self._open:
            if name:
                self.texts[name].append(data)


def visible_paragraphs(html: str) -> dict[str, str]:
    """What a reader sees of each paragraph, by id ("title" for the <h1>), in the page's order.

    Without numbers, markers of notes and footnotes, and ruby text; a <br> is a line feed, an image
    is nothing. ASCII white space around a paragraph is dropped. A table's text is that of its cells.
    """
    return {name: "".join(parts).strip(" \t\r\n") for name, parts in _Reading(html).texts.items()}


def main() -> int:
    """Prints the problems of the site folder that is named: `python tests/sitecheck.py site`."""
    found = check_site(Path(sys.argv[1]), *sys.argv[2:3])
    for problem in found:
        print(problem)
    print(f"{len(found)} problems")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
