"""Which kind of file an input is, and who reads it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from duben.desk.importing.decoding import Decoded, decode_any
from duben.desk.importing.manuscript import Block, Manuscript, Refused
from duben.desk.importing.markdown_file import MarkdownFile, read_markdown
from duben.desk.importing.pictures import Album
from duben.desk.importing.plain_text import read_plain
from duben.desk.importing.sifting import sift
from duben.read.outside import full_width_punctuation

MARKDOWN = frozenset((".md", ".markdown", ".mdown", ".mkd"))
PAGES = frozenset((".html", ".htm", ".xhtml", ".shtml", ".xht"))
#: What begins a page; a text may well speak of <p> further down.
PAGE_START = re.compile(
    r"\A\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|div|p|article|table)\b",
    re.IGNORECASE | re.DOTALL,
)
DECLARED = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)", re.IGNORECASE)


def read_input(
    name: str,
    path: Path | None,
    data: bytes,
    *,
    split: str,
    chapters: frozenset[int],
    normalize: bool,
    is_there: Callable[[str], bool],
) -> Sequence[Manuscript | MarkdownFile]:
    """The texts of an input: several of a book, else one. Raises Refused for what cannot be read.

    is_there: whether the edition has a file of this name.
    """
    suffix = path.suffix.lower() if path else ""
    if data.startswith(b"PK\x03\x04"):
        if split:
            raise _no_split()
        return [_normalized(found) if normalize else found for found in _read_archive(name, data, chapters)]
    if chapters:
        raise Refused(
            "import-unreadable", "only an EPUB has chapters to choose from", "leave --chapters away"
        )
    declared = DECLARED.search(data[:4096])
    decoded = decode_any(data, name, declared[1].decode("ascii") if declared else "")
    if suffix in PAGES or (
        suffix not in MARKDOWN and suffix != ".txt" and PAGE_START.match(decoded.text[:4096])
    ):
        from duben.desk.importing.web_page import read_page

        if split:
            raise _no_split()
        found = sift(read_page(decoded, name, Album(path.parent if path else None)))
        return [_normalized(found) if normalize else found]
    if suffix in MARKDOWN:
        if split:
            raise _no_split()
        if normalize:
            decoded = _normalized_text(decoded)
        album = Album(path.parent if path else None)
        markdown = read_markdown(decoded, name, album.take, is_there)
        return [replace(markdown, manuscript=replace(markdown.manuscript, pictures=album.pictures))]
    if normalize:
        decoded = _normalized_text(decoded)
    return [sift(read_plain(decoded, name, split))]


def _read_archive(name: str, data: bytes, chapters: frozenset[int]) -> Sequence[Manuscript]:
    from duben.desk.importing.archives import Archive

    archive = Archive(data)
    if "word/document.xml" in archive.names or "[Content_Types].xml" in archive.names:
        if chapters:
            raise Refused(
                "import-unreadable", "only an EPUB has chapters to choose from", "leave --chapters away"
            )
        from duben.desk.importing.word_file import read_word

        return [sift(read_word(archive, name))]
    if "META-INF/container.xml" in archive.names:
        from duben.desk.importing.epub_book import read_book

        return [sift(found) for found in read_book(archive, name, chapters)]
    raise Refused(
        "import-unreadable", "this archive is neither DOCX nor EPUB", "unpack it, and import the files in it"
    )


def _no_split() -> Refused:
    return Refused(
        "import-unreadable",
        "this file says itself where its paragraphs are",
        "leave --split away: it is for plain text",
    )


def _normalized_text(decoded: Decoded) -> Decoded:
    return decoded._replace(text=full_width_punctuation(decoded.text))


def _normalized(manuscript: Manuscript) -> Manuscript:
    """The manuscript with full-width punctuation. One character for one, so that marks hold."""
    return replace(
        manuscript,
        blocks=tuple(_normalized_block(block) for block in manuscript.blocks),
        facts=replace(manuscript.facts, title=full_width_punctuation(manuscript.facts.title)),
    )


def _normalized_block(block: Block) -> Block:
    rows = tuple(tuple(_normalized_block(cell) for cell in row) for row in block.rows)
    return replace(block, text=full_width_punctuation(block.text), rows=rows)
