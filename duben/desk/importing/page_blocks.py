"""A tree of HTML → blocks: what is a paragraph, a heading, a list, a verse, a table, a footnote."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from duben.desk.importing.manuscript import Block, ends_in_stop
from duben.desk.importing.page_notes import NoteIndex
from duben.desk.importing.sifting import VERSE_LENGTH
from duben.model import Container, Location, Mark, Span
from duben.read.inline import ALLOWED_SCHEMES, WEB_ADDRESS, WEB_SCHEMES, is_wide

#: No text of these is to be read.
SILENT = frozenset(
    """
    script style noscript template meta link title svg iframe object embed audio video canvas map rp rt
    """.split()
)
CONTROLS = frozenset("button select textarea option datalist progress meter".split())
BLOCKS = frozenset(
    """
    address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption
    figure footer form head h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre section
    summary table tbody td tfoot th thead tr ul
    """.split()
)
HEADINGS = {f"h{level}": level for level in range(1, 7)}
EMPHASIS = {"em": "em", "i": "em", "cite": "em", "strong": "strong", "b": "strong"}
SPACES = " \t\n\r\f\u00a0"
EDGES = SPACES + "\u3000\u2003\u2002"
PICTURE_SOURCES = ("src", "data-src", "data-original", "data-lazy-src", "data-actualsrc")
#: The one hint that counts amid a line, too, as of [edit] in a heading.
IN_A_LINE = "page control"
HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)


@dataclass(slots=True)
class _Inline:
    """Text that is being gathered, with its marks. breaks: offsets of line breaks that an indent follows."""

    text: str = ""
    marks: list[Mark] = field(default_factory=list)
    waiting: str = ""  # white space that is not written yet
    indents: set[int] = field(default_factory=set)
    linked: int = 0
    keep: bool = False  # spaces and line ends as they are: <pre>

    def add(self, raw: str) -> None:
        if self.keep:
            self.text += raw.replace("\r\n", "\n").replace("\r", "\n")
            return
        for match in re.finditer(rf"[{SPACES}]+|[^{SPACES}]+", raw):
            piece = match[0]
            if piece[0] in SPACES:
                self.waiting += piece
                continue
            self._settle(piece[0])
            if piece[0] == "\u3000" and (not self.text or self.text.endswith("\n")):
                self.indents.add(len(self.text))
                piece = piece.lstrip("\u3000")
            self.text += piece

    def _settle(self, following: str) -> None:
        """Writes the white space that waits before a character, as much as is meant of it."""
        waiting, self.waiting = self.waiting, ""
        if not self.text or self.text.endswith("\n"):
            if waiting.count("\u00a0") >= 2:
                self.indents.add(len(self.text))
        elif waiting and not ("\n" in waiting and (is_wide(self.text[-1]) or is_wide(following))):
            self.text += " "

    def break_line(self) -> None:
        if self.keep:
            self.text += "\n"
            return
        self.waiting = ""
        self.text = self.text.rstrip(EDGES.replace("\n", "")) + "\n"

    def position(self) -> int:
        return len(self.text)


@dataclass(slots=True)
class PageReader:
    """Walks a tree. picture: what becomes of a picture's address. hint_of: why an element is no article."""

    name: str
    picture: Callable[[str], str | None]
    notes: NoteIndex
    hint_of: Callable[[Any], str]
    place_of: Callable[[Any], Location]
    base: str = ""
    blocks: list[tuple[Block, Any]] = field(default_factory=list)
    footnotes: dict[str, list[Block]] = field(default_factory=dict)
    _counter: int = 0
    _within: tuple[Container, ...] = ()
    _hints: list[str] = field(default_factory=list)
    _inline: _Inline = field(default_factory=_Inline)
    _element: Any = None
    _kind: str = "paragraph"
    _level: int = 0
    _break: bool = False
    _label: str = ""

    def read(self, root: Any) -> None:
        """Adds the blocks of a tree to `blocks`, its footnotes to `footnotes`."""
        self._element = root
        self._block(root)
        self._flush()

    def noted_blocks(self) -> list[Block]:
        """The footnotes, in the order of their labels."""
        return [block for label in sorted(self.footnotes, key=int) for block in self.footnotes[label]]

    # --- blocks ----------------------------------------------------------------------------------

    def _block(self, element: Any) -> None:
        """The content of a block element: its text and inline elements, its blocks one by one."""
        if element.text:
            self._inline.add(element.text)
        for child in element:
            self._child(child, element)
            if child.tail:
                self._inline.add(child.tail)

    def _child(self, child: Any, parent: Any) -> None:
        tag = child.tag
        if not isinstance(tag, str):
            return  # a comment
        tag = tag.lower()
        if tag in SILENT:
            return
        label = self.notes.label_of_note(child)
        if label:
            self._note(child, label)
        elif tag in CONTROLS or "hidden" in child.attrib or HIDDEN.search(child.get("style") or ""):
            self._apart(child, IN_A_LINE if tag in CONTROLS else "hidden in the page")
        elif tag not in BLOCKS and self.hint_of(child) == IN_A_LINE:
            self._apart(child, IN_A_LINE)
        elif tag in BLOCKS or self._holds_blocks(child):
            self._flush()
            self._element = child
            hint = self.hint_of(child)
            if hint:
                self._hints.append(hint)
            self._open(child, tag)
            self._flush()
            if hint:
                self._hints.pop()
            self._element = parent
        else:
            self._phrase(child, tag)

    @staticmethod
    def _holds_blocks(element: Any) -> bool:
        """Whether an inline element holds blocks, as a <span> or <font> of careless pages may."""
        return any(
            isinstance(below.tag, str) and below.tag.lower() in BLOCKS for below in element.iterdescendants()
        )

    def _open(self, element: Any, tag: str) -> None:
        within, kind, level = self._within, self._kind, self._level
        if tag in HEADINGS and not self._label:
            self._kind, self._level = "heading", HEADINGS[tag]
        elif tag == "blockquote" and not self._label:
            self._within = (*within, self._container("quote"))
        elif tag in ("ul", "ol", "menu") and not self._label:
            start = element.get("start") or "1"
            self._within = (
                *within,
                self._container(
                    "ol" if tag == "ol" else "ul", int(start) if start.isdecimal() and len(start) < 8 else 1
                ),
            )
        elif tag == "li" and not self._label:
            if not within or within[-1].kind not in ("ul", "ol"):
                self._within = (*within, self._container("ul"))
            number = sum(
                1
                for other in element.itersiblings(preceding=True)
                if isinstance(other.tag, str) and other.tag == "li"
            )
            self._within = (*self._within, self._container("li", number + 1))
        elif tag == "hr":
            self._break = bool(self.blocks)
        elif tag == "table" and self._is_table(element) and not self._label:
            self._table(element)
            return
        if tag == "pre":
            self._inline.keep = True
        self._block(element)
        self._flush()
        self._inline.keep = False
        self._within, self._kind, self._level = within, kind, level

    def _container(self, kind: str, start: int = 1) -> Container:
        self._counter += 1
        return Container(kind, self._counter, start)

    def _apart(self, element: Any, hint: str) -> None:
        """The text of something that is none of the page's text, as a block that says so."""
        text = " ".join("".join(_texts(element)).split())
        if text:
            self.blocks.append((Block(text, self.place_of(element), hint=hint), element))

    def _note(self, element: Any, label: str) -> None:
        """A footnote: its blocks are kept apart until all are known."""
        self._flush()
        kept, self.blocks = self.blocks, []
        within, self._within, self._label = self._within, (), label
        hints, self._hints = self._hints, []
        before, self._element = self._element, element
        self._block(element)
        self._flush()
        found, self.blocks = self.blocks, kept
        self._within, self._label, self._hints, self._element = (within, "", hints, before)
        blocks = [
            replace(block, kind="footnote", label=label, level=0) for block, _ in found if not block.hint
        ]
        if blocks:
            first = self.notes.without_marker(blocks[0])
            self.footnotes.setdefault(label, []).extend([first, *blocks[1:]])

    # --- phrases ---------------------------------------------------------------------------------

    def _phrase(self, element: Any, tag: str) -> None:
        inline = self._inline
        if tag == "br":
            inline.break_line()
            return
        if tag == "wbr":
            return
        if tag == "img":
            self._image(element)
            return
        if tag == "a" and self.notes.is_back_link(element):
            return
        label = self.notes.label_of_reference(element) if tag == "a" else ""
        if label:
            inline.marks.append(Mark("footnote", Span(inline.position(), inline.position()), label))
            return
        if inline.waiting:
            # The space before an element stands outside of it.
            first = next((text.lstrip() for text in _texts(element) if text.strip()), "")
            if first:
                inline._settle(first[0])
        start = inline.position()
        if tag == "q":
            inline.add("“")
        self._block(element)
        if tag == "q":
            inline.add("”")
        kind = EMPHASIS.get(tag, "")
        if tag == "a":
            inline.linked += len(inline.text) - start
            target = self._address(element.get("href") or "")
            held = any(mark.kind == "footnote" and mark.span.start >= start for mark in inline.marks)
            kind = "link" if target and not held else ""
            if kind:
                self._mark(Mark("link", Span(start, inline.position()), target))
        elif kind and self._kind != "heading":
            self._mark(Mark(kind, Span(start, inline.position())))

    def _mark(self, mark: Mark) -> None:
        """Adds a mark, unless another of its kind says the same, or a block has come between."""
        marks = self._inline.marks
        if (
            mark.span.start >= mark.span.end
            or "\n" in self._inline.text[mark.span.start : mark.span.end].strip()
        ):
            return
        if any(other.kind == mark.kind and other.span.covers(mark.span) for other in marks):
            return
        marks[:] = [other for other in marks if other.kind != mark.kind or not mark.span.covers(other.span)]
        if (
            marks
            and marks[-1].kind == mark.kind
            and mark.kind != "link"
            and marks[-1].span.end == mark.span.start
        ):
            marks[-1] = mark._replace(span=Span(marks[-1].span.start, mark.span.end))
        else:
            marks.append(mark)

    def _image(self, element: Any) -> None:
        alt = " ".join((element.get("alt") or element.get("title") or "").split())
        addresses = [element.get(name) for name in PICTURE_SOURCES if element.get(name)]
        for address in addresses:
            found = self.picture(address)
            if found:
                inline = self._inline
                inline.marks.append(Mark("image", Span(inline.position(), inline.position()), found, alt))
                return
        if addresses:
            shown = addresses[0] if len(addresses[0]) < 200 else addresses[0][:40]
            hint = "picture that is not at hand"
            self.blocks.append((Block(f"{alt} {shown}".strip(), self.place_of(element), hint=hint), element))

    def _address(self, href: str) -> str:
        """Where a link leads, or "" where that is no place on the web."""
        href = href.strip()
        if not href or href.startswith("#"):
            return ""
        try:
            full = urljoin(self.base, href) if self.base else href
            scheme = urlsplit(full).scheme.lower() + ":"
        except ValueError:
            return ""
        if scheme not in ALLOWED_SCHEMES or (scheme in WEB_SCHEMES and not WEB_ADDRESS.match(full)):
            return ""
        return "" if re.search(r"[\s\x00-\x1f\x7f]", full) else full

    # --- the end of a block ----------------------------------------------------------------------

    def _flush(self) -> None:
        inline, self._inline = self._inline, _Inline(keep=self._inline.keep)
        points = [mark for mark in inline.marks if mark.kind in ("image", "footnote")]
        if not inline.text.strip(EDGES) and not points:
            return
        base = Block(
            inline.text,
            self.place_of(self._element),
            self._kind,
            tuple(sorted(inline.marks, key=lambda mark: (mark.span.start, -mark.span.end))),
            self._level,
            self._within,
            self._label,
            after_break=self._break,
            link=inline.linked / max(len(inline.text.strip()), 1),
            hint=self._hints[-1] if self._hints else "",
        )
        self._break = False
        for block in _divide(base, inline.indents, verbatim=inline.keep):
            self.blocks.append((block, self._element))

    # --- tables ----------------------------------------------------------------------------------

    @staticmethod
    def _is_table(element: Any) -> bool:
        """Whether a table holds what belongs into rows, rather than dividing a page into columns."""
        rows = list(element.iter("tr"))
        if len(rows) < 2 or any(True for _ in element.iterdescendants("table")):
            return False
        cells = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]
        if max(map(len, cells)) < 2:
            return False
        long = [
            cell
            for row in cells
            for cell in row
            if len("".join(_texts(cell)).strip()) > 400
            or sum(1 for _ in cell.iter("p", "div", "ul", "ol")) > 2
        ]
        return not long

    def _table(self, element: Any) -> None:
        rows: list[tuple[Block, ...]] = []
        for row in element.iter("tr"):
            cells: list[Block] = []
            for cell in row:
                if cell.tag in ("td", "th"):
                    cells.append(self._cell(cell))
                    span = cell.get("colspan") or "1"
                    extra = min(int(span), 50) - 1 if span.isdecimal() and len(span) < 5 else 0
                    cells += [Block("", cells[-1].place)] * extra
            if any(cell.text or cell.marks for cell in cells):
                rows.append(tuple(cells))
        for caption in element.iter("caption"):
            self._block(caption)
            self._flush()
        if rows:
            links = [cell.link * len(cell.text) for row in rows for cell in row]
            words = sum(len(cell.text) for row in rows for cell in row)
            block = Block(
                "",
                self.place_of(element),
                "table",
                within=self._within,
                rows=tuple(rows),
                after_break=self._break,
                link=sum(links) / max(words, 1),
                hint=self._hints[-1] if self._hints else "",
            )
            self._break = False
            self.blocks.append((block, element))

    def _cell(self, element: Any) -> Block:
        kept, self.blocks = self.blocks, []
        within, self._within = self._within, ()
        hints, self._hints = self._hints, []
        before, self._element = self._element, element
        self._block(element)
        self._flush()
        made, self.blocks = self.blocks, kept
        self._within, self._hints, self._element = within, hints, before
        # A control, or a picture that is not at hand, is told of beside the table.
        self.blocks += [(block, at) for block, at in made if block.hint]
        found = [block for block, _ in made if not block.hint]
        text = ""
        marks: list[Mark] = []
        for block in found:
            text += "　" if text else ""
            offset = len(text)
            text += block.text.replace("\n", "　")
            marks += [
                mark._replace(span=Span(mark.span.start + offset, mark.span.end + offset))
                for mark in block.marks
            ]
        return Block(
            text, self.place_of(element), "cell", tuple(marks), link=max((b.link for b in found), default=0.0)
        )


def _texts(element: Any) -> Iterator[str]:
    """The text under an element, but for scripts and styles."""
    if not isinstance(element.tag, str) or element.tag.lower() in SILENT:
        return
    if element.text:
        yield element.text
    for child in element:
        yield from _texts(child)
        if child.tail:
            yield child.tail


def text_of(element: Any) -> str:
    """The words under an element, in one line."""
    return " ".join("".join(_texts(element)).split())


def _divide(block: Block, indents: set[int], *, verbatim: bool) -> Iterator[Block]:
    """The blocks that a piece of text with line breaks is."""
    lines = list(_pieces(block, indents))
    if not lines:
        return
    if len(lines) == 1:
        piece, indented, _ = lines[0]
        only_picture = not piece.text and any(mark.kind == "image" for mark in piece.marks)
        kind = "image" if only_picture and block.kind == "paragraph" else block.kind
        yield replace(piece, kind=kind, indented=indented)
        return
    if block.kind == "heading" or block.label:
        yield _joined([piece for piece, _, _ in lines], "　" if block.kind == "heading" else "\n", block.kind)
        return
    groups: list[list[tuple[Block, bool]]] = []
    for piece, indented, apart in lines:
        if apart or not groups:
            groups.append([])
        groups[-1].append((piece, indented))
    for group in groups:
        pieces = [piece for piece, _ in group]
        prose = [len(piece.text) > VERSE_LENGTH for piece in pieces]
        own = sum(ends_in_stop(piece.text) for piece in pieces[:-1])
        if len(pieces) == 1:
            yield replace(pieces[0], indented=group[0][1])
        elif any(indented for _, indented in group[1:]) or (
            any(prose) and own * 2 >= len(pieces) - 1 and not verbatim
        ):
            for piece, indented in group:
                yield replace(piece, indented=indented)
        elif verbatim or not any(prose):
            yield _joined(pieces, "\n", "verse")
        else:
            yield _joined(pieces, "\n", "paragraph")


def _pieces(block: Block, indents: set[int]) -> Iterator[tuple[Block, bool, bool]]:
    """(line, whether it is indented, whether a blank one is before it) for each line with something in it."""
    position = 0
    apart = False
    first = True
    raws = block.text.split("\n")
    for number, raw in enumerate(raws):
        start = position + len(raw) - len(raw.lstrip(EDGES))
        end = position + len(raw.rstrip(EDGES))
        start = min(start, max(end, position))
        end = max(end, start)
        last = number == len(raws) - 1
        limit = position + len(raw)
        marks = []
        for mark in block.marks:
            if mark.kind in ("image", "footnote"):
                inside = position <= mark.span.start and (
                    mark.span.start < limit + 1 if last else mark.span.start <= limit
                )
                if inside:
                    at = min(max(mark.span.start, start), end) - start
                    marks.append(mark._replace(span=Span(at, at)))
            elif mark.span.start < end and mark.span.end > start:
                span = Span(max(mark.span.start, start) - start, min(mark.span.end, end) - start)
                marks.append(mark._replace(span=span))
        indented = position in indents or raw[:1] == "\u3000"
        position = limit + 1
        if start == end and not marks:
            apart = apart or not first
            continue
        piece = replace(
            block, text=block.text[start:end], marks=tuple(marks), after_break=block.after_break and first
        )
        yield piece, indented, apart
        apart = first = False


def _joined(pieces: list[Block], joint: str, kind: str) -> Block:
    text = ""
    marks: list[Mark] = []
    for number, piece in enumerate(pieces):
        text += joint if number else ""
        offset = len(text)
        marks += [
            mark._replace(span=Span(mark.span.start + offset, mark.span.end + offset)) for mark in piece.marks
        ]
        text += piece.text
    return replace(pieces[0], text=text, marks=tuple(marks), kind=kind)


def fragment_of(href: str) -> str:
    """The fragment of a link, decoded."""
    return unquote(href.partition("#")[2])
