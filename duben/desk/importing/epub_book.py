"""EPUB → the blocks of its chapters: a text for each document of substance, in reading order."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote

from duben.desk.importing.archives import Archive
from duben.desk.importing.bylines import find_date, fold
from duben.desk.importing.decoding import decode_any
from duben.desk.importing.manuscript import Block, Facts, Manuscript, Refused, Taken
from duben.desk.importing.page_blocks import PageReader, text_of
from duben.desk.importing.page_notes import EPUB_TYPE, NoteIndex
from duben.desk.importing.pictures import Album
from duben.desk.importing.sifting import is_prose
from duben.desk.importing.web_page import parse
from duben.model import Location

#: A document with fewer characters in its paragraphs is a cover, a half-title or the like.
SUBSTANCE = 60
#: Documents that are none of the book's text, by what they say they are, and by their names.
TYPES = re.compile(
    r"\b(?:cover|titlepage|halftitlepage|copyright-page|toc|landmarks|loi|lot|index|colophon)\b"
)
TITLES = re.compile(
    r"\A(?:封面|目录|版权(?:页|信息|声明)?|扉页|书名页|封底|cover|contents|table of contents|copyright)\Z",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Document:
    path: str
    root: Any
    encoding: str
    number: int
    skipped: str = ""


@dataclass(slots=True)
class _Package:
    title: str = ""
    author: tuple[str, ...] = ()
    publisher: str = ""
    date: str = ""
    spine: list[tuple[str, str]] = field(default_factory=list)  # (path, its properties)
    titles: dict[str, str] = field(default_factory=dict)


def read_book(archive: Archive, name: str, chapters: frozenset[int]) -> Sequence[Manuscript]:
    """A manuscript for each document of substance, or for those whose numbers are in `chapters`."""
    if "META-INF/encryption.xml" in archive.names and b"EncryptedData" in archive.read(
        "META-INF/encryption.xml"
    ):
        encrypted = archive.read("META-INF/encryption.xml")
        if re.search(rb"\.x?html?\"", encrypted):
            raise Refused("import-unreadable", "this book is locked", "import a copy without a lock")
    package = _package(archive)
    documents = []
    for number, (path, properties) in enumerate(package.spine, 1):
        decoded = decode_any(archive.read(path), f"{name}/{path}")
        document = _Document(path, parse(decoded.text), decoded.encoding, number)
        document.skipped = _why_skipped(document, properties, package)
        documents.append(document)
    missing = sorted(chapters - {document.number for document in documents})
    if missing:
        raise Refused(
            "import-unreadable",
            f"this book has no document {missing[0]}: it has {len(documents)}",
            "leave --chapters away with --dry-run to see them",
        )
    index = NoteIndex.of([(document.path, document.root) for document in documents])
    notes: dict[str, list[Block]] = {}
    read: list[tuple[_Document, list[Block], Album]] = []
    for document in documents:
        album = Album()
        reader = PageReader(
            name,
            lambda address, at=document.path, album=album: _picture(archive, at, address, album),  # type: ignore[misc]
            index,
            lambda _: "",
            lambda element, at=document.path: Location(f"{name}/{at}", element.sourceline or 1, 1),  # type: ignore[misc]
        )
        body = document.root.find("body")
        reader.read(document.root if body is None else body)
        notes |= reader.footnotes
        read.append((document, [block for block, _ in reader.blocks], album))
    return list(_manuscripts(name, package, read, notes, chapters))


def _manuscripts(
    name: str,
    package: _Package,
    read: Sequence[tuple[_Document, list[Block], Album]],
    notes: dict[str, list[Block]],
    chapters: frozenset[int],
) -> Sequence[Manuscript]:
    found: list[Manuscript] = []
    taken: list[Taken] = []
    for document, blocks, album in read:
        words = sum(len(block.shown) for block in blocks if block.kind != "heading")
        place = Location(f"{name}/{document.path}")
        shown = " ".join(block.shown for block in blocks)
        why = document.skipped
        if chapters:
            why = "" if document.number in chapters else "chapter that was not asked for"
        elif not why and words < SUBSTANCE:
            why = "page of the book without a text"
        if why or not shown.strip():
            if shown.strip() or words:
                taken.append(Taken(place, shown, f"{why or 'nothing in it'} (document {document.number})"))
            continue
        labels = list(
            dict.fromkeys(
                mark.target for block in blocks for mark in _marks(block) if mark.kind == "footnote"
            )
        )
        facts = Facts(
            title=_chapter_title(document, blocks, package),
            author=package.author,
            publisher=package.publisher,
            date=package.date,
            series=package.title,
        )
        own = [block for label in labels for block in notes.get(label, ())]
        manuscript = Manuscript(
            name,
            (*blocks, *own),
            facts,
            pictures=album.pictures,
            read_as=f"EPUB, document {document.number} of {len(read)} ({document.path})",
            order=document.number,
        )
        found.append(manuscript)
    if not found:
        raise Refused(
            "import-empty", "no chapter with a text was found in this book", "choose with --chapters"
        )
    if len(found) == 1 and not chapters:
        only = found[0]
        title = only.facts.title
        found[0] = replace(only, facts=replace(only.facts, title=package.title or title, series=""), order=0)
    found[0] = replace(found[0], taken=(*found[0].taken, *taken))
    return found


def _marks(block: Block) -> list[Any]:
    return [*block.marks, *(mark for row in block.rows for cell in row for mark in cell.marks)]


def _package(archive: Archive) -> _Package:
    """What the book says about itself, and its documents in reading order."""
    container = archive.tree("META-INF/container.xml")
    path = next(
        (element.get("full-path") or "" for element in container.iter() if _local(element) == "rootfile"), ""
    )
    path = posixpath.normpath(path)
    tree = archive.tree(path)
    folder = posixpath.dirname(path)
    package = _Package()
    items: dict[str, tuple[str, str, str]] = {}
    authors = []
    spine: list[str] = []
    for element in tree.iter():
        kind, text = (
            _local(element),
            " ".join((element.text or "").split()) if isinstance(element.tag, str) else "",
        )
        if kind == "title" and not package.title:
            package.title = text
        elif kind == "creator" and text:
            authors.append(text)
        elif kind == "publisher":
            package.publisher = package.publisher or text
        elif kind == "date":
            package.date = (
                package.date or find_date(text) or (text[:4] if re.match(r"[12][0-9]{3}\b", text) else "")
            )
        elif kind == "item":
            href = posixpath.normpath(posixpath.join(folder, unquote(element.get("href") or "")))
            items[element.get("id") or ""] = (
                href,
                element.get("properties") or "",
                element.get("media-type") or "",
            )
        elif kind == "itemref":
            spine.append(element.get("idref") or "")
    package.author = tuple(authors)
    for id in spine:
        href, properties, media = items.get(id, ("", "", ""))
        if href in archive.names and "html" in (media or "html"):
            package.spine.append((href, properties))
    if not package.spine:
        raise Refused("import-empty", "this book names no documents", "save it anew")
    for href, properties, media in items.values():
        if href in archive.names and ("nav" in properties.split() or media == "application/x-dtbncx+xml"):
            _read_titles(archive, href, package)
    return package


def _read_titles(archive: Archive, path: str, package: _Package) -> None:
    """The titles of the documents, by the book's table of contents."""
    root = parse(decode_any(archive.read(path), path).text)
    folder = posixpath.dirname(path)
    for link in root.iter("a"):
        _add_title(package, folder, link.get("href") or "", text_of(link))
    for point in root.iter("navpoint"):
        label = next((text_of(text) for text in point.iter("text")), "")
        source = next((content.get("src") or "" for content in point.iter("content")), "")
        _add_title(package, folder, source, label)


def _add_title(package: _Package, folder: str, href: str, title: str) -> None:
    path, _, fragment = href.partition("#")
    full = posixpath.normpath(posixpath.join(folder, unquote(path)))
    if title and (not fragment or full not in package.titles):
        package.titles.setdefault(full, title)


def _local(element: Any) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _why_skipped(document: _Document, properties: str, package: _Package) -> str:
    if "nav" in properties.split():
        return "table of contents"
    kinds = " ".join(
        f"{element.get('epub:type') or ''} {element.get(EPUB_TYPE) or ''} {element.get('role') or ''}"
        for element in document.root.iter("body", "section", "nav")
    )
    match = TYPES.search(kinds)
    if match and not re.search(r"\b(?:chapter|bodymatter|preface|introduction|foreword)\b", kinds):
        return f"{match[0]} of the book"
    title = package.titles.get(document.path, "")
    return f"page “{title}” of the book" if TITLES.match(fold(title)) else ""


def _chapter_title(document: _Document, blocks: Sequence[Block], package: _Package) -> str:
    before = next((index for index, block in enumerate(blocks) if is_prose(block)), len(blocks))
    headings = [block for block in blocks[: before + 1] if block.kind == "heading"]
    if headings:
        return headings[0].text.replace("\n", "　")
    known = package.titles.get(document.path, "")
    own = next((text_of(element) for element in document.root.iter("title")), "")
    return known or (own if own != package.title else "") or f"{package.title} {document.number}".strip()


def _picture(archive: Archive, at: str, address: str, album: Album) -> str | None:
    """A picture of the book: only what is in its archive can be named."""
    if address.startswith("data:"):
        return album.take(address)
    path = posixpath.normpath(posixpath.join(posixpath.dirname(at), unquote(address.partition("#")[0])))
    return album.add(path, archive.read(path)) if path in archive.names else None
