"""Where each page lives, and how another page links to it. Serves its whole floor.

Every page of a variant lies one folder deep in it (`texts/`, `glossary/` …) or at its top, so a
relative link needs no more than the page's depth. Links name the file: from file:// a link to a
folder would show a listing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from duben.model import Variant

CHOOSER = "index.html"
HOME = "index.html"
GLOSSARY = "glossary/index.html"
FEED = "feed.xml"
OFFLINE = "offline.html"
SEARCH = "search.html"
#: The end of the name of a script with words of texts that may not be republished.
KEPT = "-kept.js"
STATIC = "static/"
#: How an editor names a page of the edition.
PAGE = re.compile(r"pages/([a-z0-9-]+)\.md\Z")


def text_page(slug: str) -> str:
    return f"texts/{slug}.html"


def pinyin_script(slug: str) -> str:
    """The pinyin of a text, beside its page."""
    return f"texts/{slug}.pinyin.js"


def entry_page(id: str) -> str:
    return f"glossary/{id}.html"


def kind_page(kind: str) -> str:
    return f"index/{kind}.html"


def info_page(name: str) -> str:
    return f"pages/{name}.html"


def static_path(url: str) -> str:
    """The path of `static/…` in the site, as an address spells it."""
    return quote(url.removeprefix(STATIC), safe="/")


@dataclass(frozen=True, slots=True)
class Addresses:
    """Links from one page, which stands at `path` inside its variant's folder.

    absent: slugs of texts that were left out: nothing links to them.
    """

    variant: Variant
    path: str
    absent: frozenset[str] = frozenset()

    @property
    def up(self) -> str:
        """The way to the variant's folder."""
        return "../" * self.path.count("/")

    @property
    def root(self) -> str:
        """The way to the site's root."""
        return self.up + "../"

    def to(self, path: str) -> str:
        """A page of the same variant."""
        return self.up + path

    def to_variant(self, variant: Variant) -> str:
        """The same page in another variant."""
        return f"{self.root}{variant.folder}/{self.path}"

    def static(self, url: str) -> str:
        """A file of the edition's own, which an editor names `static/…`: it lies at the site's root."""
        return self.root + static_path(url)

    def link(self, url: str) -> str:
        """What an editor's link leads to: a file or page of the edition, or an address elsewhere."""
        if url.startswith(STATIC):
            return self.static(url)
        page = PAGE.match(url)
        return self.to(info_page(page[1])) if page else url

    def entry(self, id: str) -> str:
        return self.to(entry_page(id))

    def text(self, slug: str, paragraph: str = "") -> str:
        """A text, or a paragraph of it; "" where the text was left out."""
        if slug in self.absent:
            return ""
        return self.to(text_page(slug)) + (f"#{paragraph}" if paragraph else "")
