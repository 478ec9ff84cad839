"""What a template may see: plain, frozen values, one view per kind of page.

A page's view holds everything that its template may use and nothing else, so its digest is the
page's whole list of dependencies. Strings are text and are escaped by the template; only fields
typed `Markup` are markup, and only markup.py makes them. Every href is relative to the page and
names its file. All text stands in the page's variant already.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from markupsafe import Markup


class Link(NamedTuple):
    label: str
    href: str
    current: bool = False


class VariantLink(NamedTuple):
    """The same page in another variant. `label` is in that variant's own script (简体, 繁體, 臺灣, 香港)."""

    lang: str
    label: str
    href: str
    current: bool


class Tongue(NamedTuple):
    """A language of the interface, with its own name, and all it says, by key."""

    lang: str
    name: str
    ui: Mapping[str, str]


class Tag(NamedTuple):
    """A <meta>: `name` or `property`, its name, its content."""

    attribute: str
    name: str
    content: str


@dataclass(frozen=True, slots=True)
class Item:
    """What a feed says about a page: a text's, or, for the feed as a whole, the home page's.

    published and updated: ISO dates, possibly partial; "" where there is none.
    """

    title: str
    summary: str = ""
    authors: tuple[str, ...] = ()
    rights: str = ""
    published: str = ""
    updated: str = ""


@dataclass(frozen=True, slots=True)
class Meta:
    """What the head says about the page. canonical and alternates are empty without base_url.

    item: what a feed says about it, if it does.
    """

    description: str
    tags: tuple[Tag, ...] = ()
    canonical: str = ""
    alternates: tuple[tuple[str, str], ...] = ()  # (hreflang, absolute URL), x-default last
    json_ld: Markup = Markup()  # safe inside <script type="application/ld+json">
    noindex: bool = False
    item: Item | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page has.

    kind: chooser | home | text | glossary | entry | kind | info | search | offline | missing: a class of
    <body>, too.
    root: the way up to the site's root: "", "../" or "../../"; its address on the page for wrong
    addresses. styles: the edition's own style sheets, by their path below the root. feeds: those of
    the page's variant; of all, on the page that chooses one. search: where the search is; "" on a page
    of no variant.
    """

    lang: str
    kind: str
    title: str
    edition: str
    root: str
    home: str
    nav: tuple[Link, ...]
    variants: tuple[VariantLink, ...]
    meta: Meta
    rights: str = ""
    styles: tuple[str, ...] = ()
    feeds: tuple[Link, ...] = ()
    search: str = ""


class Figure(NamedTuple):
    """A labelled fact: author, date, publisher …"""

    label: str
    value: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """An entry in the list "words on this page", from which its card is filled."""

    id: str
    href: str
    term: str
    pinyin: str
    gloss: str  # English, or ""
    kind: str  # label
    brief: Markup  # the first paragraph of the definition, links relative to this page


class NoteView(NamedTuple):
    id: str
    number: int
    quote: str  # the lemma; "" for a note on a whole paragraph
    body: Markup  # one or more <p>
    place: str  # href of the paragraph: "#p3"
    where: str  # how the paragraph is named in a list: "第3段", "标题"


class Heading(NamedTuple):
    level: int
    title: str
    href: str


@dataclass(frozen=True, slots=True)
class TextView:
    """printed: this page shows the text as printed; else it is converted from `original`.

    original.href is empty where that variant is not built.
    """

    title: Markup
    printed: bool
    original: Link  # label of the script it was written in, and its page
    facts: tuple[Figure, ...]
    summary: Markup
    body: Markup
    headings: tuple[Heading, ...]
    notes: tuple[NoteView, ...]
    words: tuple[Word, ...]
    previous: Link | None
    next: Link | None
    picture: str = ""
    source: Figure | None = None  # where a text kept outside was first published


@dataclass(frozen=True, slots=True)
class EntryLine:
    href: str
    term: str
    pinyin: str
    gloss: str
    kind: str
    date: str
    count: int


class EntryGroup(NamedTuple):
    """A letter of the glossary, or a year of an index of events. `anchor` is its id on the page."""

    label: str
    anchor: str
    entries: tuple[EntryLine, ...]


@dataclass(frozen=True, slots=True)
class ListView:
    """The glossary, and each index by kind. `kinds` are the indexes, with their counts."""

    title: str
    groups: tuple[EntryGroup, ...]
    total: int
    kinds: tuple[tuple[Link, int], ...]


class Form(NamedTuple):
    lang: str
    label: str
    form: str


class Step(NamedTuple):
    """What one rule did: (before, after) of each stretch that it decided."""

    label: str
    changes: tuple[tuple[str, str], ...] = ()


class Derivation(NamedTuple):
    """How a form, or the pinyin, came to be. steps: of the rules that converted or read it, if any did.

    labels: (lang, label) of the variants that have this form by this way. before: lang of what was
    converted.
    """

    form: str
    lang: str
    labels: tuple[tuple[str, str], ...]
    source: str
    before: str = ""
    steps: tuple[Step, ...] = ()


class KwicText(NamedTuple):
    """The occurrences in one text. `positions`: per mille of its length, for the dispersion plot."""

    title: str
    href: str
    lines: Markup  # an <li> for each keyword in context
    positions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class EntryView:
    term: str
    pinyin: str
    kind: Link
    forms: tuple[Form, ...]
    derivations: tuple[Derivation, ...]  # of the forms, then of the pinyin
    aliases: tuple[str, ...]
    glosses: tuple[tuple[str, str], ...]  # (lang, gloss)
    definition: Markup
    facts: tuple[Figure, ...]  # date, coordinates
    see: tuple[Link, ...]
    seen_from: tuple[Link, ...]  # entries that refer to this one
    sources: tuple[Figure, ...]
    concordance: tuple[KwicText, ...]
    total: int


class TextLine(NamedTuple):
    title: str
    href: str
    byline: str
    date: str
    summary: Markup
    paragraphs: int
    printed: bool  # the page's variant is the one it was written in
    original: str  # label of that variant


@dataclass(frozen=True, slots=True)
class HomeView:
    title: str
    description: Markup
    texts: tuple[TextLine, ...]
    ways: tuple[tuple[Link, int], ...]  # glossary and indexes, with the number of entries


@dataclass(frozen=True, slots=True)
class InfoView:
    """An editor's page; the about page also lists the texts with their credits."""

    title: Markup
    body: Markup
    facts: tuple[Figure, ...] = ()  # of the edition
    colophon: tuple[tuple[Link, tuple[Figure, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class SearchView:
    """What the search page says before its script has done anything. The script finds the rest.

    ways: where a reader can go on who runs no scripts.
    """

    title: str
    ways: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class ChooserView:
    """The root page: one line per variant, in its own script."""

    title: str
    lines: tuple[VariantLink, ...]
    names: Mapping[str, str] = field(default_factory=dict)  # lang → the edition's title in that variant
    tongues: tuple[Tongue, ...] = ()


@dataclass(frozen=True, slots=True)
class OfflineView:
    """The page shown without a network. What the reader has kept only the browser knows."""

    title: str


@dataclass(frozen=True, slots=True)
class MissingView:
    """The page for wrong addresses. Every href is absolute: it is shown at any depth."""

    ways: tuple[Link, ...]  # home and glossary
    scripts: tuple[VariantLink, ...]  # the home of each other variant
    tongues: tuple[Tongue, ...] = ()
