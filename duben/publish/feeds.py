"""What stands beside the pages: sitemap, robots.txt, a feed per variant, and the page for wrong addresses.

All of it consists of full addresses, so there is none of it without base_url. The forms are those of
the Sitemaps protocol 0.9 with Google's extension for alternates, RFC 4287 (Atom) and RFC 9309.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from duben.model import Artifact, Settings
from duben.publish.addresses import FEED, GLOSSARY, HOME
from duben.publish.interface import Catalogue, tongues
from duben.publish.views import Frame, Item, Link, Meta, MissingView, VariantLink

SITEMAP = "sitemap.xml"
ROBOTS = "robots.txt"
MISSING = "404.html"

#: What the protocol allows in one file: addresses, and bytes.
ADDRESSES_OF_A_SITEMAP = 50_000
BYTES_OF_A_SITEMAP = 50 * 1024 * 1024

SITEMAPS_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML_NAMESPACE = "http://www.w3.org/1999/xhtml"
ATOM_NAMESPACE = "http://www.w3.org/2005/Atom"
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'

# What no XML may hold, in whatever spelling: most controls, surrogates, two noncharacters.
FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

#: (hreflang, address) of each variant of one page, x-default last
Alternates = tuple[tuple[str, str], ...]


class Directory:
    """Is told of every page, and lists the files that stand beside them."""

    def __init__(self, settings: Settings) -> None:
        self.base_url = settings.base_url
        # A page in all its variants has the same alternates; the page that chooses, those of the homes.
        self.pages: dict[Alternates, list[str]] = {}
        self.homes: dict[str, tuple[Frame, Mapping[str, str]]] = {}  # by lang, with the interface
        self.told: dict[str, list[tuple[Item, str]]] = {}  # lang → texts, with their addresses
        own = settings.variant if settings.variant in settings.variants else settings.variants[0]
        self.own = own.value

    def add(self, frame: Frame, ui: Mapping[str, str]) -> None:
        """Takes in a page of the site."""
        meta = frame.meta
        if not meta.canonical:
            return
        if not meta.noindex:
            self.pages.setdefault(meta.alternates, []).append(meta.canonical)
        if frame.kind == "home":
            self.homes[frame.lang] = (frame, ui)
        elif meta.item and meta.item.updated:
            self.told.setdefault(frame.lang, []).append((meta.item, meta.canonical))

    def files(self) -> Iterator[Artifact]:
        """Sitemap, robots.txt and feeds; none without base_url."""
        if not self.base_url:
            return
        yield from list_sitemaps(self.pages, self.base_url)
        robots = f"User-agent: *\nDisallow:\n\nSitemap: {self.base_url}{SITEMAP}\n"
        yield Artifact(ROBOTS, robots.encode("utf-8"))
        for lang, told in self.told.items():
            home, _ = self.homes[lang]
            path = f"{lang.lower()}/{FEED}"
            yield Artifact(path, write_feed(home, told, self.base_url + path))

    def missing_page(self, catalogue: Catalogue) -> tuple[Frame, MissingView, Mapping[str, str]] | None:
        """The page for wrong addresses, in the edition's own variant, and its interface.

        None without base_url: a server shows it at any depth, where no relative link would hold.
        """
        if self.own not in self.homes:
            return None
        home, ui = self.homes[self.own]
        folder = f"{self.base_url}{self.own.lower()}/"
        view = MissingView(
            (Link(ui["home"], folder + HOME), Link(ui["glossary"], folder + GLOSSARY)),
            tuple(
                VariantLink(lang, label, f"{self.base_url}{lang.lower()}/{HOME}", False)
                for lang, label, _, current in home.variants
                if not current
            ),
            tongues(catalogue),
        )
        frame = Frame(
            lang=home.lang,
            kind="missing",
            title=ui["missing-page"],
            edition=home.edition,
            root=self.base_url,
            home=folder + HOME,
            nav=(),
            variants=(),
            meta=Meta("", noindex=True),
            rights=home.rights,
            styles=home.styles,
        )
        return frame, view, ui


def list_sitemaps(
    pages: Mapping[Alternates, Sequence[str]],
    base_url: str,
    most: int = ADDRESSES_OF_A_SITEMAP,
    size: int = BYTES_OF_A_SITEMAP,
) -> Iterator[Artifact]:
    """One sitemap, or an index of several where one would have more addresses or bytes than allowed.

    pages: the addresses that share each set of alternates. It says nothing of when a page changed: its
    words change with every entry and every text of the edition, so no date of a text would be true.
    """
    root = f'urlset xmlns="{SITEMAPS_NAMESPACE}" xmlns:xhtml="{XHTML_NAMESPACE}"'
    start, end = f"{DECLARATION}<{root}>\n".encode(), b"</urlset>\n"
    parts: list[list[bytes]] = [[]]
    room = size - len(start) - len(end)
    for block in _blocks(pages):
        if parts[-1] and (len(parts[-1]) == most or len(block) > room):
            parts.append([])
            room = size - len(start) - len(end)
        parts[-1].append(block)
        room -= len(block)
    written = [start + b"".join(part) + end for part in parts]
    if len(written) == 1:
        yield Artifact(SITEMAP, written[0])
        return
    names = [f"sitemap-{number}.xml" for number in range(1, len(written) + 1)]
    listed = "".join(f"<sitemap>{_element('loc', base_url + name)}</sitemap>\n" for name in names)
    index = f'{DECLARATION}<sitemapindex xmlns="{SITEMAPS_NAMESPACE}">\n{listed}</sitemapindex>\n'
    yield Artifact(SITEMAP, index.encode("utf-8"))
    for name, part in zip(names, written, strict=True):
        yield Artifact(name, part)


def _blocks(pages: Mapping[Alternates, Sequence[str]]) -> Iterator[bytes]:
    for alternates, addresses in pages.items():
        links = "".join(
            _element("xhtml:link", rel="alternate", hreflang=hreflang, href=href) + "\n"
            for hreflang, href in alternates
        )
        for address in addresses:
            yield f"<url>\n{_element('loc', address)}\n{links}</url>\n".encode()


def write_feed(home: Frame, told: Iterable[tuple[Item, str]], address: str) -> bytes:
    """The feed of one variant, newest first, as UTF-8. told: texts, with the addresses of their pages.

    An address is its text's id, too: it stays as long as the text's slug and the edition's address do.
    """
    whole = home.meta.item or Item(home.title)
    # Sorting is stable: texts of one date keep the order in which they are read.
    entries = sorted(told, key=lambda entry: moment(entry[0].updated), reverse=True)
    lines = [
        _element("title", whole.title),
        _element("subtitle", whole.summary),
        _element("id", address),
        _element("link", rel="self", type="application/atom+xml", href=address),
        _element("link", rel="alternate", type="text/html", hreflang=home.lang, href=home.meta.canonical),
        _element("updated", moment(entries[0][0].updated) if entries else ""),
        # Every entry must have an author, and this one is that of all which name none.
        *_authors(whole.authors or (whole.title,)),
        _element("rights", home.rights),
    ]
    for item, page in entries:
        lines += [
            "<entry>",
            _element("title", item.title),
            _element("id", page),
            _element("link", rel="alternate", type="text/html", hreflang=home.lang, href=page),
            _element("published", moment(item.published)),
            _element("updated", moment(item.updated)),
            *_authors(item.authors),
            _element("summary", item.summary),
            _element("rights", item.rights),
            "</entry>",
        ]
    body = "\n".join(filter(None, lines))
    root = f'feed xmlns="{ATOM_NAMESPACE}" xml:lang={quoteattr(home.lang)}'
    return f"{DECLARATION}<{root}>\n{body}\n</feed>\n".encode()


def moment(date: str) -> str:
    """An ISO date, possibly partial, as the moment of RFC 3339 at which it begins; "" for "".

    In UTC, as no text says where its day began.
    """
    if not date:
        return ""
    year, month, day = (*date.split("-"), "01", "01")[:3]
    return f"{year}-{month}-{day}T00:00:00Z"


def _authors(names: Iterable[str]) -> list[str]:
    return [f"<author>{_element('name', name)}</author>" for name in names]


def _element(name: str, content: str = "", **attributes: str) -> str:
    """An element of XML; "" where it would be empty."""
    if not content and not attributes:
        return ""
    shown = "".join(f" {key}={quoteattr(_clean(value))}" for key, value in attributes.items())
    return f"<{name}{shown}>{escape(_clean(content))}</{name}>" if content else f"<{name}{shown}/>"


def _clean(text: str) -> str:
    return FORBIDDEN.sub(" ", text)
