"""EPUB → the blocks of its chapters: a text for each document of substance, in reading order."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote

from duben.desk.importing.archives import Archive
from duben.desk.importing.bylines import find_date, fold, read_byline
from duben.desk.importing.decoding import decode_any
from duben.desk.importing.manuscript import Block, Facts, Manuscript, Refused, Taken
from duben.desk.importing.page_blocks import PageReader, text_of
from duben.desk.importing.page_notes import EPUB_TYPE, NoteIndex
from duben.desk.importing.pictures import Album
from duben.desk.importing.sifting import is_prose, junk_reason
from duben.desk.importing.web_page import parse
from duben.model import Location

#: A document with so many characters in its paragraphs is more than a cover, a half-title or the like.
SUBSTANCE = 60
#: A block with a greater share of links leads to texts, and is none.
LINKS = 0.6
HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
#: What the page says that tells whose book it is.
IMPRINT = re.compile(r"版权|版權|ISBN|CIP|翻印|翻版|©|rights reserved", re.IGNORECASE)
NO_TEXT = "page of the book without a text"
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
    left: list[int] = []
    for document, blocks, album in read:
        words = sum(len(block.shown) for block in blocks if block.kind != "heading")
        unlinked = sum(len(block.shown) for block in blocks if block.link <= LINKS)
        place = Location(f"{name}/{document.path}")
        shown = " ".join(block.shown for block in blocks)
        why = document.skipped
        if chapters:
            why = "" if document.number in chapters else "chapter that was not asked for"
        elif not why and words < SUBSTANCE and not _is_short_text(blocks, package):
            why = NO_TEXT
        if why or not shown.strip():
            if shown.strip() or words:
                if (
                    not chapters
                    and unlinked
                    and HAN.search(shown)
                    and "toc" not in why
                    and "table of" not in why
                ):
                    left.append(document.number)
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
        heading: list[Taken] = []
        if words < SUBSTANCE and blocks[0].kind == "heading" and _as_title(blocks[0]) == facts.title:
            # In so short a text it is not certain for others what is prose, and so what stands before it.
            heading = [Taken(blocks[0].place, blocks[0].text, "title")]
        own = [block for label in labels for block in notes.get(label, ())]
        manuscript = Manuscript(
            name,
            (*blocks[len(heading) :], *own),
            facts,
            tuple(heading),
            album.pictures,
            read_as=f"EPUB, document {document.number} of {len(read)} ({document.path})",
            order=document.number,
        )
        found.append(manuscript)
    if not found:
        raise Refused(
            "import-empty",
            f"no chapter with a text was found in this book, which has {len(read)} documents",
            "choose some with --chapters",
        )
    if len(found) == 1 and not chapters:
        only = found[0]
        title = only.facts.title
        found[0] = replace(only, facts=replace(only.facts, title=package.title or title, series=""), order=0)
    remarks = found[0].remarks
    if left:
        message = f"left out as no text of the book: document {', '.join(map(str, left))} of {len(read)}"
        hint = f"see below what is in it; --chapters {','.join(map(str, left))} takes it all the same"
        remarks = (*remarks, (Location(name), message, hint))
    found[0] = replace(found[0], taken=(*found[0].taken, *taken), remarks=remarks)
    return found


def _is_short_text(blocks: Sequence[Block], package: _Package) -> bool:
    """Whether these few words are a text, such as a poem: not links, names of the book or its rights."""
    shown = " ".join(block.shown for block in blocks)
    if IMPRINT.search(shown):
        return False
    names = {fold(name) for name in (package.title, package.publisher, *package.author)}
    headings = [block for block in blocks if block.kind == "heading" and fold(block.text) not in names]
    lines = [
        block
        for block in blocks
        if block.kind not in ("heading", "image", "footnote")
        and block.link <= LINKS
        and HAN.search(block.shown)
        and fold(block.text.strip()) not in names
        and not junk_reason(block.text)
        and not read_byline(block.text)
    ]
    return bool(lines) and (bool(headings) or any(is_prose(block) for block in lines))


def _marks(block: Block) -> list[Any]:
    return [*block.marks, *(mark for row in block.rows for cell in row for mark in cell.marks)]


def _package(archive: Archive) -> _Package:
    """What the book says about itself, and its documents in reading order."""
    container = archive.tree("META-INF/container.xml")
    path = next(
        (element.get("full-path") or "" for element in container.iter() if _local(element) == "rootfile"), ""
    )
    if not path:
        raise Refused("import-unreadable", "this book does not say where its contents are", "save it anew")
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


def _as_title(heading: Block) -> str:
    return heading.text.replace("\n", "　")


def _chapter_title(document: _Document, blocks: Sequence[Block], package: _Package) -> str:
    before = next((index for index, block in enumerate(blocks) if is_prose(block)), len(blocks))
    headings = [block for block in blocks[: before + 1] if block.kind == "heading"]
    if headings:
        return _as_title(headings[0])
    known = package.titles.get(document.path, "")
    own = next((text_of(element) for element in document.root.iter("title")), "")
    return known or (own if own != package.title else "") or f"{package.title} {document.number}".strip()


def _picture(archive: Archive, at: str, address: str, album: Album) -> str | None:
    """A picture of the book: only what is in its archive can be named."""
    if address.startswith("data:"):
        return album.take(address)
    path = posixpath.normpath(posixpath.join(posixpath.dirname(at), unquote(address.partition("#")[0])))
    return album.add(path, archive.read(path)) if path in archive.names else None
