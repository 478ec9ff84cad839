"""Which links of a page are references to footnotes, and which blocks are those footnotes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote

from duben.desk.importing.manuscript import Block
from duben.model import Span

#: How a reference looks: [1], ①, *, 注1.
MARKER = re.compile(
    r"[\[［(（〔【]?\s*(?:[0-9]{1,4}|[\u2460-\u2473\u3251-\u32bf]|[*＊†‡]{1,3}|[a-z]|[ivx]{1,6}"
    r"|[注註][释釋]?\s*[0-9一二三四五六七八九十]*)\s*[\]］)）〕】]?"
)
LEADING = re.compile(rf"\s*(?:[\^↑↩]\s*)?{MARKER.pattern}[\s.．、:：]*(?=\S)")
BACK = re.compile(r"[\^↑↩⏎\ufe0e\s]*(?:返回|back)?", re.IGNORECASE)
NOTE_BLOCKS = frozenset("li p div aside dd td section".split())
EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"


@dataclass(slots=True)
class NoteIndex:
    """The footnotes of one page, or of a book whose pages refer to one another.

    labels: by the identity of a note's element. references: by that of a link.
    """

    labels: dict[int, str] = field(default_factory=dict)
    references: dict[int, str] = field(default_factory=dict)
    back: set[int] = field(default_factory=set)
    kept: list[Any] = field(default_factory=list)  # so that identities stay theirs

    @classmethod
    def of(cls, pages: Sequence[tuple[str, Any]]) -> NoteIndex:
        """pages: (path in the book, root) in reading order; the path of a single page is ""."""
        index = cls()
        order: dict[Any, int] = {}
        targets: dict[tuple[str, str], Any] = {}
        links: list[tuple[str, Any]] = []
        for path, root in pages:
            for element in root.iter():
                if not isinstance(element.tag, str):
                    continue
                order[element] = len(order)
                for name in (element.get("id"), element.get("name") if element.tag == "a" else None):
                    if name:
                        targets.setdefault((path, name), element)
                if element.tag == "a" and "#" in (element.get("href") or ""):
                    links.append((path, element))
        index.kept = list(order)
        found: dict[Any, list[Any]] = {}
        aimed = {}
        for path, link in links:
            target = targets.get(_target_of(path, link.get("href")))
            if target is None:
                continue
            aimed[link] = target
            block = _note_block(target)
            if block is not None and order[block] > order[link] and _is_reference(link):
                found.setdefault(block, []).append(link)
        index._settle(found, aimed, order)
        return index

    def _settle(self, found: dict[Any, list[Any]], aimed: dict[Any, Any], order: dict[Any, int]) -> None:
        # A block that holds another one's note, or the text itself, is none.
        notes = {block for block in found if not any(below in found for below in block.iterdescendants())}
        first = {block: min(order[link] for link in found[block]) for block in notes}
        for number, block in enumerate(sorted(notes, key=lambda block: first[block]), 1):
            self.labels[id(block)] = str(number)
            for link in found[block]:
                self.references[id(link)] = str(number)
            for link in block.iter("a"):
                target = aimed.get(link)
                words = "".join(link.itertext()).strip()
                if (
                    target is not None
                    and order[target] < order[block]
                    and (BACK.fullmatch(words) or MARKER.fullmatch(words))
                ):
                    self.back.add(id(link))

    def label_of_note(self, element: Any) -> str:
        return self.labels.get(id(element), "")

    def label_of_reference(self, element: Any) -> str:
        return self.references.get(id(element), "")

    def is_back_link(self, element: Any) -> bool:
        return id(element) in self.back

    @staticmethod
    def without_marker(block: Block) -> Block:
        """A footnote without the number that stands before it."""
        match = LEADING.match(block.text)
        # A word of one letter, or a year, may begin the note itself.
        if (
            not match
            or match[0].strip().isalpha()
            or re.match(r"\s*[0-9]+(?=[^\s.．、:：\]］)）〕】])", block.text)
        ):
            return block
        cut = match.end()
        marks = tuple(
            mark._replace(span=Span(max(mark.span.start - cut, 0), mark.span.end - cut))
            for mark in block.marks
            if mark.span.end > cut or mark.span.start >= cut
        )
        return replace(block, text=block.text[cut:], marks=marks)


def _target_of(path: str, href: str) -> tuple[str, str]:
    from posixpath import dirname, join, normpath

    file, _, fragment = href.partition("#")
    if not file or not path:
        # A saved page may name itself by its address.
        return path, unquote(fragment)
    return normpath(join(dirname(path), unquote(file))), unquote(fragment)


def _is_reference(link: Any) -> bool:
    kind = f"{link.get(EPUB_TYPE) or link.get('epub:type') or ''} {link.get('role') or ''}"
    if "noteref" in kind:
        return True
    return bool(MARKER.fullmatch("".join(link.itertext()).strip()))


def _note_block(target: Any) -> Any:
    """The block that a footnote is, where its target is that block, or stands in it."""
    for element in (target, *target.iterancestors()):
        if element.tag in NOTE_BLOCKS:
            return element
        if element.tag in ("body", "html", "article", "main"):
            return None
    return None
