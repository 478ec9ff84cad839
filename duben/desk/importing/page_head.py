"""What the head of a page says of its article: <title>, <meta>, JSON-LD, the address it was saved from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from duben.desk.importing.bylines import find_date, read_byline
from duben.desk.importing.manuscript import Facts
from duben.desk.importing.sifting import strip_site

SAVED_FROM = re.compile(r"saved from url=\([0-9]+\)\s*(https?://[^\s<>\"]+)")
ADDRESS = re.compile(r"https?://[^\s<>\"]+\Z")
#: Names of <meta>, the strongest first.
TITLES = ("og:title", "articletitle")
AUTHORS = ("author", "article:author", "dc.creator")
DATES = ("article:published_time", "publishdate", "pubdate", "datepublished", "og:pubdate", "dc.date", "date")
PUBLISHERS = ("contentsource", "source", "og:site_name")


def page_facts(root: Any, text: str) -> Facts:
    """What the head of a page says of its text. text: the page as it is written."""
    metas: dict[str, str] = {}
    for meta in root.iter("meta"):
        key = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        value = " ".join((meta.get("content") or "").split())
        if key and value:
            metas.setdefault(key, value)
    linked = _linked_facts(root)
    title, site = strip_site(title_of_page(root))
    saved = SAVED_FROM.search(text[:4096])
    canonical = next(
        (link.get("href") or "" for link in root.iter("link") if link.get("rel") == "canonical"), ""
    )
    addresses = (canonical, metas.get("og:url", ""), saved[1] if saved else "", linked.get("url", ""))
    author = _first(metas, AUTHORS) or linked.get("author", "")
    publisher = _first(metas, PUBLISHERS) or linked.get("publisher", "")
    byline = read_byline(publisher)
    dates = [metas.get(key, "") for key in DATES] + [linked.get("date", "")]
    return Facts(
        title=_first(metas, TITLES) or linked.get("title") or title,
        author=_names(author),
        publisher=(byline.publisher if byline else publisher) or metas.get("sitename") or site,
        date=next((found for date in dates if (found := find_date(date))), ""),
        url=next((address for address in addresses if ADDRESS.match(address)), ""),
    )


def title_of_page(root: Any) -> str:
    """What a browser shows as the page's title."""
    return next((" ".join("".join(element.itertext()).split()) for element in root.iter("title")), "")


def _first(metas: Mapping[str, str], keys: tuple[str, ...]) -> str:
    return next((metas[key] for key in keys if key in metas), "")


def _names(author: str) -> tuple[str, ...]:
    if len(author) > 30 or author.startswith("http"):
        return ()
    joint = r"[、，,;；\s]+" if re.search(r"[\u4e00-\u9fff]", author) else r"[、，,;；]+"
    return tuple(name.strip() for name in re.split(joint, author) if name.strip())


def _linked_facts(root: Any) -> dict[str, str]:
    """What JSON-LD says of an article."""
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or ""):
            continue
        try:
            document = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        for item in _articles(document):
            found = {
                "title": item.get("headline"),
                "date": item.get("datePublished"),
                "url": item.get("url"),
                "author": _named(item.get("author")),
                "publisher": _named(item.get("publisher")),
            }
            return {
                key: " ".join(value.split())
                for key, value in found.items()
                if isinstance(value, str) and value
            }
    return {}


def _articles(document: Any) -> Iterator[dict[str, Any]]:
    items = document if isinstance(document, list) else [document]
    for item in items:
        if isinstance(item, dict):
            if isinstance(item.get("@graph"), list):
                yield from (
                    below for below in item["@graph"] if isinstance(below, dict) and "headline" in below
                )
            if "headline" in item:
                yield item


def _named(value: Any) -> str | None:
    values = value if isinstance(value, list) else [value]
    names = [item.get("name") if isinstance(item, dict) else item for item in values]
    return "、".join(name for name in names if isinstance(name, str)) or None
