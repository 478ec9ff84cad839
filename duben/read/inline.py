"""The inline Markdown of one block → plain text, marks and a source map.

markdown-it's inline rules run on a state of ours that notes where each token stands, because an
editor's quote, a term and a problem all need a place, which its inline tokens do not keep.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Scanned
from markdown_it.token import Token

from duben.diagnostics import Report
from duben.model import Location, Mark, SourceMap, Span

WIKI_LINK = re.compile(r"\[\[([^\[\]|\n]+)(?:\|([^\[\]\n]+))?\]\]")
HTML = re.compile(r"</?[A-Za-z][^<>\n]*>|<!--|<[!?][A-Za-z]")
#: Marks that stand between two characters.
POINTS = frozenset({"image", "footnote"})
ALLOWED_SCHEMES = ("http:", "https:", "mailto:")
WEB_SCHEMES = ("http:", "https:")
WEB_ADDRESS = re.compile(r"https?://[^/\s]", re.IGNORECASE)
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
#: What is left standing of a link that was not read as one.
LINK_AS_TEXT = re.compile(r"\]\([^()\n]*\)")
INLINE_MARKUP = re.compile(r"[\\`*_\[\]<>&!\n]")


@dataclass(frozen=True, slots=True)
class Source:
    """Markdown to read: `origins` gives the (line, column) in the file of each of its lines.

    label_of: the words that stand for a link `[[target]]` that has none of its own; None where
    such links are not written (the body of a text).
    """

    text: str
    file: str
    origins: tuple[tuple[int, int], ...]
    label_of: Callable[[str], str] | None = None

    def place(self, line: int, column: int) -> Location:
        """The place in the file of a column of one of its lines, both from 0."""
        if not self.origins:
            return Location(self.file, 1, 1)
        number, first = self.origins[min(line, len(self.origins) - 1)]
        return Location(self.file, number, first + column)


@dataclass(frozen=True, slots=True)
class Places:
    """Where each line of a block's content stands: its offset, its line in the source, its column there."""

    offsets: tuple[int, ...]
    starts: tuple[tuple[int, int], ...]
    source: Source
    report: Report

    def locate(self, offset: int) -> Location:
        index = bisect_right(self.offsets, offset) - 1
        number, column = self.starts[index]
        return self.source.place(number, column + offset - self.offsets[index])


class _State(StateInline):
    """Inline parsing that notes the offset of each token in the source of its block."""

    def __init__(self, src: str, md: MarkdownIt, env: Any, tokens: list[Token]) -> None:
        super().__init__(src, md, env, tokens)
        self.places: dict[int, int] = {}
        self.pending_start = 0

    def append_pending(self, text: str) -> None:
        if not self.pending:
            self.pending_start = self.pos
        super().append_pending(text)

    def pushPending(self) -> Token:
        token = super().pushPending()
        self.places[id(token)] = self.pending_start
        return token

    def push(self, ttype: str, tag: str, nesting: Any) -> Token:
        previous = self.tokens[-1] if self.tokens else None
        token = super().push(ttype, tag, nesting)
        place = self.pos
        # A run of delimiters is pushed one by one before the position moves on.
        if ttype == "text" and previous is not None and previous.type == "text":
            place = max(place, self.places[id(previous)] + len(previous.content))
        self.places[id(token)] = place
        return token

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:
        """As CommonMark, but Han counts as a boundary beside punctuation.

        CommonMark's rule wants a space or punctuation outside of `**“新”**`, which Chinese does
        not have, and would leave the asterisks standing.
        """
        marker = self.src[start]
        pos = start
        while pos < self.posMax and self.src[pos] == marker:
            pos += 1
        before = self.src[start - 1] if start > 0 else " "
        after = self.src[pos] if pos < self.posMax else " "
        space_before, space_after = isWhiteSpace(ord(before)), isWhiteSpace(ord(after))
        mark_before, mark_after = _is_punctuation(before), _is_punctuation(after)
        edge_before = space_before or mark_before or is_wide(before)
        edge_after = space_after or mark_after or is_wide(after)
        left = not space_after and (not mark_after or edge_before)
        right = not space_before and (not mark_before or edge_after)
        if canSplitWord:
            return Scanned(left, right, pos - start)
        return Scanned(left and (not right or mark_before), right and (not left or mark_after), pos - start)


def _is_punctuation(char: str) -> bool:
    return isMdAsciiPunct(ord(char)) or isPunctChar(char)


def is_wide(char: str) -> bool:
    """True for Han, kana and what is set as wide as they are, Chinese quotation marks included."""
    return unicodedata.east_asian_width(char) in "WF" or char in "“”‘’—…·"


def read_wiki_link(state: StateInline, silent: bool) -> bool:
    """`[[target]]` and `[[target|label]]`, before markdown-it's own links."""
    match = WIKI_LINK.match(state.src, state.pos, state.posMax)
    if not match:
        return False
    if not silent:
        token = state.push("wiki_link", "", 0)
        token.meta = {"target": match[1].strip(), "label": match[2], "at": match.start(2) if match[2] else -1}
    state.pos = match.end()
    return True


def read_inline(
    md: MarkdownIt,
    content: str,
    env: dict[str, Any],
    places: Places,
    *,
    verse: bool,
) -> tuple[str, tuple[Mark, ...], SourceMap]:
    """The text of a block's content, its marks and its source map. verse: line breaks are kept."""
    if not INLINE_MARKUP.search(content):
        place = places.locate(0)
        return content, (), SourceMap(place.file, ((0, place.line, place.column),))
    state = _State(content, md, env, [])
    md.inline.tokenize(state)
    for rule in md.inline.ruler2.getRules(""):
        rule(state)
    writer = _Writer(content, places, verse)
    for token in state.tokens:
        writer.write(token, state.places.get(id(token), 0))
    return writer.result()


class _Opened(NamedTuple):
    """Emphasis or a link that is not closed yet: where it starts in the text and where it is written.

    marks: how many marks there were before it.
    """

    name: str
    start: int
    target: str
    offset: int
    marks: int


@dataclass(slots=True)
class _Writer:
    """Writes tokens out as text, marks and runs of a source map."""

    content: str
    places: Places
    verse: bool
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    runs: list[tuple[int, int, int]] = field(default_factory=list)
    points: list[tuple[int, int, int]] = field(default_factory=list)  # as runs, of marks without width
    marks: list[Mark] = field(default_factory=list)
    literal: list[Span] = field(default_factory=list)  # where a `<` is meant: escapes, entities, code
    open: list[_Opened] = field(default_factory=list)
    joint: int = -1  # where a soft break waits to be a space or nothing

    def add(self, text: str, offset: int) -> None:
        """Adds text that stands at `offset` of the content."""
        if self.joint >= 0:
            text_start = text.lstrip(" \t\u3000")
            offset += len(text) - len(text_start)
            text = text_start
            if not text:
                return
            last = self.pieces[-1][-1] if self.pieces and self.pieces[-1] else ""
            if self.verse:
                self._append("\n", self.joint)
            elif last and last != "\n" and not is_wide(last) and not is_wide(text[0]):
                self._append(" ", self.joint)
            self.joint = -1
        self._append(text, offset)

    def _append(self, text: str, offset: int) -> None:
        if not text:
            return
        place = self.places.locate(offset)
        if self.runs:
            start, line, column = self.runs[-1]
            if line == place.line and column + self.length - start == place.column:
                self.pieces.append(text)
                self.length += len(text)
                return
        self.runs.append((self.length, place.line, place.column))
        self.pieces.append(text)
        self.length += len(text)

    def write(self, token: Token, offset: int) -> None:
        kind = token.type
        if kind == "text" or kind == "text_special":
            start = self.length
            self.add(token.content, offset)
            if kind == "text_special":
                self.literal.append(Span(start, self.length))
        elif kind == "softbreak":
            self._trim()
            self.joint = offset
        elif kind == "hardbreak":
            self._trim()
            self.joint = -1
            self._append("\n", offset)
        elif kind == "code_inline":
            start = self.length
            self.add(token.content, self.content.find(token.content, offset))
            self.marks.append(Mark("code", Span(start, self.length)))
            self.literal.append(Span(start, self.length))
        elif kind in ("em_open", "strong_open"):
            self._open(kind.removesuffix("_open"), "", offset)
        elif kind == "link_open":
            self._open("link", self._checked_url(str(token.attrGet("href") or ""), offset) or "", offset)
        elif kind in ("em_close", "strong_close", "link_close"):
            self._close()
        elif kind == "image":
            self._flush_joint()
            url = self._checked_url(str(token.attrGet("src") or ""), offset)
            if url is None:
                return
            alt = _plain(token.children or [])
            self._note_point(offset)
            self.marks.append(Mark("image", Span(self.length, self.length), url, alt))
        elif kind == "footnote_ref":
            self._flush_joint()
            self._note_point(offset)
            self.marks.append(Mark("footnote", Span(self.length, self.length), str(token.meta["label"])))
        elif kind == "wiki_link":
            self._wiki(token, offset)

    def _open(self, name: str, target: str, offset: int) -> None:
        self.open.append(_Opened(name, self.length, target, offset, len(self.marks)))

    def _close(self) -> None:
        opened = self.open.pop()
        span = Span(min(opened.start, self.length), self.length)
        mark = Mark(opened.name, span, opened.target)
        if opened.name != "link":
            self.marks.append(mark)
            return
        pictures = {other.span for other in self.marks[opened.marks :] if other.kind == "image"}
        if "".join(self.pieces)[span.start :].strip():
            self.marks.append(mark)
        elif not pictures:
            self.places.report.error(
                self.places.locate(opened.offset),
                "markdown-unsupported",
                "this link has no words",
                "write [words](address)",
            )
        # A picture has no width: at the link's edges it would stand outside, and gets the link for itself.
        self.marks += [
            mark._replace(span=at) for at in sorted(pictures) if at.start in (span.start, span.end)
        ]

    def _note_point(self, offset: int) -> None:
        """Notes the place of something without width: see `locate_mark`."""
        place = self.places.locate(offset)
        self.points.append((self.length, place.line, place.column))

    def _flush_joint(self) -> None:
        """Settles a waiting soft break before something that has no width."""
        if self.joint >= 0 and self.verse:
            self._append("\n", self.joint)
            self.joint = -1

    def _trim(self) -> None:
        """Spaces at the end of a line are no text."""
        while self.pieces:
            kept = self.pieces[-1].rstrip(" \t\u3000")
            self.length -= len(self.pieces[-1]) - len(kept)
            if kept:
                self.pieces[-1] = kept
                break
            self.pieces.pop()
            while self.runs and self.runs[-1][0] > self.length:
                self.runs.pop()
        # What stood between those spaces now stands at the end.
        for index in range(len(self.marks) - 1, -1, -1):
            if self.marks[index].span.end <= self.length:
                break
            self.marks[index] = _clip(self.marks[index], self.length)
        for index in range(len(self.points) - 1, -1, -1):
            start, line, column = self.points[index]
            if start <= self.length:
                break
            self.points[index] = (self.length, line, column)

    def _wiki(self, token: Token, offset: int) -> None:
        target, label = token.meta["target"], token.meta["label"]
        label_of = self.places.source.label_of
        if label_of is None:
            place = self.places.locate(offset)
            self.places.report.warning(
                place,
                "markdown-unsupported",
                f"`[[{target}]]` is shown as it stands",
                "in a text's body terms link by themselves; [[…]] belongs in notes and definitions",
            )
            raw = f"[[{target}|{label}]]" if label else f"[[{target}]]"
            self.add(raw, offset)
            return
        start = self.length
        at = token.meta["at"]
        self.add(label or label_of(target), at if at >= 0 else offset + 2)
        kinds = ("entry", "text", "paragraph") if label else ("headword", "title", "place")
        slug, hash_mark, paragraph = target.partition("#")
        kind = kinds[0] if not hash_mark else kinds[2] if paragraph else kinds[1]
        self.marks.append(
            Mark(
                kind,
                Span(min(start, self.length), self.length),
                slug if kind in ("text", "title") else target,
            )
        )

    def _checked_url(self, url: str, offset: int) -> str | None:
        """The URL of a link or image; None, with a problem, for one that may run something."""
        scheme = SCHEME.match(url)
        if scheme and scheme[0].lower() not in ALLOWED_SCHEMES:
            name = scheme[0].lower()
        elif url.startswith(("//", "\\")):
            name = "//"
        elif scheme and scheme[0].lower() in WEB_SCHEMES and not WEB_ADDRESS.match(url):
            name = url[:20]
        else:
            return url
        self.places.report.error(
            self.places.locate(offset),
            "markdown-link",
            f"a link with `{name}` is not allowed",
            "use https:, http:, mailto:, `#p3` or a file under static/",
        )
        return None

    def result(self) -> tuple[str, tuple[Mark, ...], SourceMap]:
        """The text, its marks and its source map; HTML in it is reported on the way."""
        text = "".join(self.pieces)
        stripped = text.rstrip(" \t\u3000\n")
        end = len(stripped)
        marks = tuple(
            _clip(mark, end)
            for mark in sorted(self.marks, key=lambda mark: (mark.span.start, -mark.span.end))
        )
        points = [(min(start, end), line, column) for start, line, column in self.points]
        runs = sorted([*points, *(run for run in self.runs if run[0] < end)], key=lambda run: run[0])
        runs = runs or [(0, *self.places.locate(0)[1:])]
        source = SourceMap(self.places.source.file, tuple(runs))
        self._warn_about_text(stripped, marks, source)
        return stripped, marks, source

    def _warn_about_text(self, text: str, marks: Sequence[Mark], source: SourceMap) -> None:
        """Reports markup that is shown as it stands: HTML, and links that are none."""
        signs = list(text)
        for start, end in self.literal:
            signs[start:end] = " " * len(signs[start:end])
        bare = "".join(signs)
        report = self.places.report
        link = LINK_AS_TEXT.search(bare)
        if link:
            report.warning(
                source.locate(link.start()),
                "markdown-unsupported",
                f"`{link[0][:40]}` is shown as it stands: this is not read as a link",
                "a link holds no other link and no footnote, and an address with spaces stands in < >; "
                "write `\\]` if the sign itself is meant",
            )
        hint = "use Markdown; write `\\<` if the sign itself is meant"
        if not warn_about_html(bare, source, report, hint):
            for index, mark in enumerate(marks):
                if mark.kind == "image":
                    place = locate_mark(source, marks, index)
                    warn_about_html(
                        mark.alt, SourceMap(place.file, ((0, place.line, place.column),)), report, hint
                    )


def _clip(mark: Mark, end: int) -> Mark:
    """The mark, within a text that ends at `end`."""
    if mark.span.end <= end:
        return mark
    return mark._replace(span=Span(min(mark.span.start, end), end))


def locate_mark(source: SourceMap, marks: Sequence[Mark], index: int) -> Location:
    """Where a mark is written.

    A mark without width has a run of its own in the source map, before the run of the text that
    follows it at the same offset; several such marks have theirs in their order.
    """
    start, end = marks[index].span
    if start < end or marks[index].kind not in POINTS:
        return source.locate(start)
    number = sum(mark.span == marks[index].span and mark.kind in POINTS for mark in marks[:index])
    first = bisect_left(source.runs, start, key=lambda run: run[0])
    if first + number >= len(source.runs):
        return source.locate(start)
    _, line, column = source.runs[first + number]
    return Location(source.file, line, column)


def _plain(tokens: Sequence[Token]) -> str:
    """The text of inline tokens, for an image's alternative text."""
    parts = []
    for token in tokens:
        if token.type in ("text", "text_special", "code_inline"):
            parts.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif token.type == "wiki_link":
            parts.append(token.meta["label"] or token.meta["target"])
        elif token.children:
            parts.append(_plain(token.children))
    return "".join(parts)


def warn_about_html(text: str, source: SourceMap, report: Report, hint: str) -> bool:
    """Whether there is markup of HTML, which is shown as text; the first of it is reported."""
    match = HTML.search(text) if "<" in text else None
    if match:
        report.warning(
            source.locate(match.start()),
            "markdown-html",
            f"`{match[0][:40]}` is shown as text: HTML is not read",
            hint,
        )
    return match is not None
