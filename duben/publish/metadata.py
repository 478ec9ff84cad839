"""What the head of a page says about it: Open Graph, Dublin Core, Highwire and schema.org.

Highwire's `citation_*` names are those that Zotero and Google Scholar read, with dates as 2026/3/5.
Dublin Core's are the fifteen elements of DCMES 1.1, under the prefix that `<link rel="schema.DC">`
declares: what can be said with them needs no DCTERMS. There is no DC.source for the first publication:
Zotero takes it for the name of a journal (it stands in JSON-LD, as isBasedOn), and no DC.type, which it
would show. `z:itemType` tells it that a text is a web page; it would guess a journal's article. The types
and properties of JSON-LD are schema.org's; templates/assets/cite.js makes its citations of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from duben.model import Metadata, Variant
from duben.publish.addresses import Addresses, static_path
from duben.publish.views import Item, Meta, Tag

#: Open Graph knows a language by its territory.
LOCALES = {Variant.HANS: "zh_CN", Variant.HANT: "zh_TW", Variant.TW: "zh_TW", Variant.HK: "zh_HK"}
DESCRIPTION = 160

JSON_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a page is about. work: the metadata of a text, in the page's variant, else None.

    editors: of the edition, on its home page and on its texts.
    """

    type: str  # of schema.org: Article, DefinedTerm, CollectionPage, WebSite, WebPage
    title: str
    description: str
    edition: str
    work: Metadata | None = None
    more: Mapping[str, Any] | None = None
    noindex: bool = False
    editors: tuple[str, ...] = ()


def describe(subject: Subject, addresses: Addresses, variants: Sequence[Variant], base_url: str) -> Meta:
    """The metadata of a page. Whatever needs an absolute address is left out without base_url."""
    folders = {variant: f"{base_url}{variant.folder}/{addresses.path}" for variant in variants}
    # The homes meet in the page that chooses a script; it stands for readers of any other language.
    default = base_url if subject.type == "WebSite" else folders[variants[0]]
    return _describe(subject, addresses.variant, folders[addresses.variant], folders, default, base_url)


def describe_chooser(subject: Subject, homes: Mapping[Variant, str], base_url: str) -> Meta:
    """The metadata of the page that chooses a script. homes: the path of each variant's home."""
    addresses = {variant: base_url + path for variant, path in homes.items()}
    return _describe(subject, next(iter(homes)), base_url, addresses, base_url, base_url)


def _describe(
    subject: Subject,
    variant: Variant,
    canonical: str,
    alternates: Mapping[Variant, str],
    default: str,
    base_url: str,
) -> Meta:
    if not base_url:
        canonical = ""
    description = shorten(subject.description)
    tags = (
        *_open_graph(subject, description, variant, alternates, canonical, base_url),
        *_citation(subject, description, variant, canonical),
    )
    named = [*((other.value, address) for other, address in alternates.items()), ("x-default", default)]
    return Meta(
        description,
        tags,
        canonical,
        tuple(named) if base_url else (),
        _json_ld(subject, description, variant, canonical, base_url),
        subject.noindex,
        _item(subject) if base_url else None,
    )


def last_told(work: Metadata, *, noindex: bool) -> str:
    """The date under which a feed tells of a text; "" where it does not."""
    return "" if noindex else work.revised or work.date


def _item(subject: Subject) -> Item | None:
    work = subject.work
    if work is None:
        whole = subject.type == "WebSite"
        return Item(subject.title, subject.description, subject.editors) if whole else None
    updated = last_told(work, noindex=subject.noindex)
    if not updated:
        return None
    return Item(subject.title, subject.description, work.author, work.rights, work.date, updated)


def shorten(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= DESCRIPTION else text[: DESCRIPTION - 1] + "…"


def _open_graph(
    subject: Subject,
    description: str,
    variant: Variant,
    variants: Iterable[Variant],
    canonical: str,
    base_url: str,
) -> tuple[Tag, ...]:
    work = subject.work
    # Two of our variants share a territory, and none may be named twice.
    locales = dict.fromkeys(LOCALES[other] for other in variants)
    locales.pop(LOCALES[variant], None)
    properties = [
        ("og:type", "article" if work else "website"),
        ("og:title", subject.title),
        ("og:description", description),
        ("og:site_name", subject.edition),
        ("og:locale", LOCALES[variant]),
        *(("og:locale:alternate", locale) for locale in locales),
        ("og:url", canonical),
    ]
    if work:
        # Its moments are whole days at least. Its authors are addresses of profiles, not names.
        moments = [("article:published_time", work.date), ("article:modified_time", work.revised)]
        properties += [(name, date) for name, date in moments if date.count("-") == 2]
        properties.append(("og:image", _picture(work, base_url)))
    return tuple(Tag("property", name, value) for name, value in properties if value)


def _picture(work: Metadata, base_url: str) -> str:
    """The address of a text's picture, or ""."""
    return base_url + static_path(work.picture) if work.picture and base_url else ""


def _citation(subject: Subject, description: str, variant: Variant, canonical: str) -> tuple[Tag, ...]:
    work = subject.work
    if work is None:
        return ()
    names = [
        *(("author", author) for author in work.author),
        ("z:itemType", "webpage"),
        ("citation_title", subject.title),
        *(("citation_author", author) for author in work.author),
        ("citation_publication_date", work.date.replace("-", "/")),
        ("citation_publisher", work.publisher),
        ("citation_language", variant.value),
        ("citation_public_url", canonical),
        ("citation_fulltext_html_url", canonical),
        ("DC.title", subject.title),
        *(("DC.creator", author) for author in work.author),
        ("DC.publisher", work.publisher),
        ("DC.date", work.date),
        ("DC.description", description),
        ("DC.language", variant.value),
        ("DC.rights", work.rights),
        ("DC.identifier", canonical),
        ("DC.relation", subject.edition),
        ("DC.relation", work.series),
        ("DC.relation", work.url),
    ]
    return tuple(Tag("name", name, value) for name, value in names if value)


def _json_ld(subject: Subject, description: str, variant: Variant, canonical: str, base_url: str) -> Markup:
    work = subject.work
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": subject.type,
        "name": subject.title,
        "description": description,
        "url": canonical,
    }
    whole: dict[str, Any] = {"editor": [{"name": editor} for editor in subject.editors]}
    if subject.type == "WebSite":
        found |= whole
    elif subject.type != "DefinedTerm":
        whole = {"@type": "WebSite", "name": subject.edition, "url": base_url, **whole}
        found["isPartOf"] = {key: value for key, value in whole.items() if value}
    # A term is no work: it has no language and is part of a set only.
    if subject.type != "DefinedTerm":
        found["inLanguage"] = variant.value
    if work:
        found |= {
            "headline": subject.title,
            # Whether an author is a person or an office is not known.
            "author": [{"name": author} for author in work.author],
            "publisher": {"@type": "Organization", "name": work.publisher} if work.publisher else None,
            "datePublished": work.date,
            "dateModified": work.revised,
            "isBasedOn": work.url,
            "copyrightNotice": work.rights,
            "image": _picture(work, base_url),
        }
    found |= subject.more or {}
    text = json.dumps({key: value for key, value in found.items() if value}, ensure_ascii=False)
    # Inside <script> neither text nor an address may look like its end or a comment.
    return Markup("".join(JSON_ESCAPES.get(char, char) for char in text))
