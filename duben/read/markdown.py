"""Markdown → leaf blocks of plain text with marks, each character of which knows where it was written.

With inline.py the only user of markdown-it, whose block rules cut the source into leaves.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from duben.diagnostics import Report
from duben.model import Container, Location, Mark, SourceMap
from duben.read.inline import SCHEME, Places, Source, read_inline, read_wiki_link

MAX_CHARACTERS = 1_000_000
#: How many lists, items and quotations may stand inside one another.
MAX_NESTING = 20

#: `{#p12 .verse was=p13}` at the end of a block.
ATTRIBUTES = re.compile(r"[ \t\u3000]*\{#([^\s{}]*)((?:[ \t]+[^\s{}]+)*)[ \t]*\}\s*\Z")
#: What is almost that: `｛#p12｝`, `{p12}`, `{#P12}`, with full-width signs or without the #.
NEAR_ATTRIBUTES = re.compile(
    r"((?:[{｛][ \t]*(?:[#＃][ \t]*)?|（[ \t]*[#＃][ \t]*)[pPｐＰ][ \t]*[0-9０-９]{1,7}(?:[ \t]+\.verse)?"
    r"(?:[ \t]*[}｝）])?)\s*\Z"
)
ATTRIBUTES_ANYWHERE = re.compile(r"\{#p[0-9]+[^{}\n]*\}")

#: A line that ends as a paragraph does, and one that is short enough for a line of verse.
STOPPED = re.compile(r"[。！？…][”’」』）》]*[ \t]*\Z")
SHORT_LINE = 16
SLIPS = (
    (re.compile(r"\A#{1,6}(?=[^\s#])"), "a heading has a space after the #"),
    (re.compile(r"[｛（]#p[0-9]+[｝）]?|｛#p[0-9]+"), "an id is written with half-width signs: {#p2}"),
    (re.compile("【【|［［"), "a link is written with half-width brackets: [[id]]"),
    (
        re.compile(r"(?<!\\)\[\[[^\[\]\n]+\](?![\](])(?![^\[\n]*\])"),
        "a link ends in two brackets: [[id]]; write `\\[` if the sign itself is meant",
    ),
    (
        re.compile(r"(?:^|(?<=\]))[^\[\]\n]*?(?<!\\)(?P<slip>\[(?!\^)[^\[\]\n]+\]\])", re.MULTILINE),
        "a link begins with two brackets: [[id]]; write `\\[` if the sign itself is meant",
    ),
    (re.compile(r"\[\^[^\]\n]+\]："), "a footnote has a half-width colon and a space: `[^1]: …`"),
)

# Blocks that hold others, by the token that opens them. A table's sections and rows count as well.
CONTAINERS = {
    "blockquote_open": "quote",
    "bullet_list_open": "ul",
    "ordered_list_open": "ol",
    "list_item_open": "li",
    "table_open": "table",
    "thead_open": "head",
    "tbody_open": "body",
    "tr_open": "row",
}
CODE = re.compile(r"(`+)[^`\n]+\1(?!`)")
CLOSERS = {name.replace("_open", "_close") for name in CONTAINERS}


@dataclass(frozen=True, slots=True)
class Attributes:
    """What an editor wrote in `{#…}`: the id, `.classes` and `was=` ids, with the place of it.

    slip: the whole of it where its signs are not quite right, and `meant` what it should be, else "".
    """

    id: str
    classes: tuple[str, ...]
    was: tuple[str, ...]
    unknown: tuple[str, ...]
    location: Location
    slip: str = ""
    meant: str = ""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf block. kind: paragraph | heading | verse | footnote | cell | image.

    last_line: the line of the file, from 1, on which its source ends.
    """

    kind: str
    text: str
    marks: tuple[Mark, ...]
    source: SourceMap
    attributes: Attributes | None = None
    level: int = 0
    within: tuple[Container, ...] = ()
    label: str = ""
    align: str = ""
    after_break: bool = False
    last_line: int = 0


def whole_file(text: str, file: str, label_of: Callable[[str], str] | None = None) -> Source:
    return Source(text, file, tuple((line, 1) for line in range(1, text.count("\n") + 2)), label_of)


def inside_yaml(text: str, source: SourceMap, label_of: Callable[[str], str] | None) -> Source:
    """A scalar of YAML: its lines stand where its source map says."""
    origins: list[tuple[int, int]] = []
    offset = 0
    for line in text.split("\n"):
        place = source.locate(offset)
        origins.append((place.line, place.column))
        offset += len(line) + 1
    return Source(text, source.file, tuple(origins), label_of)


def _any_link(url: str) -> bool:  # noqa: ARG001  (markdown-it gives the address)
    return True


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).enable("table")
    # Raw HTML is shown as text; indented lines are paragraphs (an indent is a habit of Chinese
    # typing, not code); a line under a paragraph never turns it into a heading.
    # Definitions of references would vanish: `[注]: …` at the start of a line is text in Chinese.
    md.disable(["html_block", "html_inline", "code", "lheading", "reference", "fragments_join"])
    md.use(footnote_plugin, inline=False, move_to_end=False, always_match_refs=True)
    md.inline.ruler.before("link", "wiki_link", read_wiki_link)
    # Links are checked by us, with a place and a hint, instead of being dropped in silence.
    md.validateLink = _any_link  # type: ignore[method-assign]
    encoded = md.normalizeLink

    def address(url: str) -> str:
        """An address on the web, encoded; what lies in the edition as its file is named."""
        return encoded(url) if SCHEME.match(url) else unquote(url)

    md.normalizeLink = address  # type: ignore[method-assign]
    return md


@dataclass(slots=True)
class _Reader:
    """Builds leaves from tokens; holds what changes on the way."""

    source: Source
    report: Report
    lines: list[str] = field(default_factory=list)
    leaves: list[Leaf] = field(default_factory=list)
    within: list[Container] = field(default_factory=list)
    counter: int = 0
    after_break: bool = False
    footnote: str = ""
    search_from: dict[int, int] = field(default_factory=dict)


def read_leaves(source: Source, report: Report) -> tuple[Leaf, ...]:
    """The leaf blocks of a piece of Markdown, in order."""
    md = _parser()
    env: dict[str, Any] = {}
    tokens: list[Token] = []
    md.block.parse(source.text, md, env, tokens)
    reader = _Reader(source, report, source.text.split("\n"))
    kind, level, align = "paragraph", 0, ""
    for token in tokens:
        if token.nesting == 1 and token.level >= MAX_NESTING - 1:
            # What lies deeper has been passed over by the parser.
            report.error(
                reader.source.place(token.map[0] if token.map else 0, 0),
                "markdown-unsupported",
                f"more than {MAX_NESTING - 1} lists, items and quotations stand inside one another",
                "nest less deeply",
            )
            return ()
        if token.type in CONTAINERS:
            reader.counter += 1
            start = token.attrGet("start")
            start = 1 if start is None else int(start)
            reader.within.append(Container(CONTAINERS[token.type], reader.counter, start))
        elif token.type in CLOSERS:
            reader.within.pop()
        elif token.type == "heading_open":
            kind, level = "heading", int(token.tag[1])
        elif token.type in ("th_open", "td_open"):
            kind, align = "cell", str(token.attrGet("style") or "").removeprefix("text-align:")
        elif token.type in ("heading_close", "th_close", "td_close"):
            kind, level, align = "paragraph", 0, ""
        elif token.type == "footnote_reference_open":
            reader.footnote = str(token.meta["label"])
        elif token.type == "footnote_reference_close":
            reader.footnote = ""
        elif token.type == "hr":
            # A break that nothing follows divides nothing, and is not shown.
            reader.after_break = True
        elif token.type == "fence":
            line = token.map[0] if token.map else 0
            report.error(
                reader.source.place(line, 0),
                "markdown-unsupported",
                "a block of code has no place in a reading edition",
                "remove the line of ``` before and after it",
            )
        elif token.type == "inline":
            _read_inline(md, token, env, reader, kind, level, align)
    return tuple(reader.leaves)


def _read_inline(
    md: MarkdownIt, token: Token, env: dict[str, Any], reader: _Reader, kind: str, level: int, align: str
) -> None:
    content = token.content.strip(" \t\n\u3000")
    first_line = token.map[0] if token.map else 0
    places = _find_places(content, first_line, reader)
    if len(content) > MAX_CHARACTERS:
        reader.report.error(
            places.locate(0),
            "paragraph-too-long",
            f"this paragraph has {len(content):,} characters, more than {MAX_CHARACTERS:,}",
            "divide it with blank lines",
        )
        return
    attributes = None
    match = ATTRIBUTES.search(content[max(0, len(content) - 200) :])
    near = NEAR_ATTRIBUTES.search(content) if reader.source.label_of is None else None
    if near and (not match or match[1].startswith("P")):
        attributes = _meant(near, places.locate(near.start(1)))
        content = content[: near.start()].rstrip(" \t\u3000")
    elif match and "`" not in match[0]:
        cut = max(0, len(content) - 200) + match.start()
        brace = content.index("{", cut)
        attributes = _attributes(match, places.locate(brace))
        content = content[:cut]
    if attributes and "verse" in attributes.classes and kind == "paragraph":
        kind = "verse"
    if reader.footnote and kind == "paragraph":
        kind = "footnote"
    text, marks, source = read_inline(md, content, env, places, verse=kind == "verse")
    if kind == "paragraph" and reader.source.label_of is None:
        # In notes and definitions, a line for each sentence is a good habit.
        _warn_about_lines(content, places)
    _warn_about_slips(content, places)
    if any(mark.kind == "image" for mark in marks) and not text.strip() and kind == "paragraph":
        kind = "image"
    reader.leaves.append(
        Leaf(
            kind,
            text,
            marks,
            source,
            attributes,
            level,
            tuple(reader.within),
            reader.footnote,
            align,
            reader.after_break,
            reader.source.place(token.map[1] - 1 if token.map else 0, 0).line,
        )
    )
    reader.after_break = False


def _warn_about_lines(content: str, places: Places) -> None:
    """Reports lines that look like paragraphs, or verses, of their own: Markdown joins them."""
    lines = content.split("\n")
    if len(lines) < 2 or ATTRIBUTES_ANYWHERE.search(content):
        return  # an id inside is told of, and says the same
    indented = any(line.startswith("\u3000\u3000") for line in lines[1:])
    stopped = all(STOPPED.search(line) for line in lines[:-1])
    short = max(map(len, lines)) <= SHORT_LINE
    if indented or stopped or short:
        places.report.warning(
            places.locate(len(lines[0]) + 1),
            "paragraph-lines",
            f"these {len(lines)} lines become one paragraph",
            "put a blank line between paragraphs, or join the lines; a poem ends in {#p3 .verse}",
        )


def _warn_about_slips(content: str, places: Places) -> None:
    """Reports markup that is almost right, and therefore shown as text."""
    bare = CODE.sub(lambda code: " " * len(code[0]), content)
    for slip, hint in SLIPS:
        match = slip.search(bare)
        if match:
            part = "slip" if "slip" in match.re.groupindex else 0
            places.report.warning(
                places.locate(match.start(part)),
                "markdown-slip",
                f"`{match[part]}` is shown as it stands",
                hint,
            )


def _meant(match: re.Match[str], location: Location) -> Attributes:
    """What signs that are almost right were meant to be: an id that is none until they are mended."""
    words = unicodedata.normalize("NFKC", match[1]).lower()
    number = re.search("[0-9]+", words)
    assert number is not None
    verse = ".verse" in words
    id = f"p{int(number[0])}"
    meant = f"{{#{id}{' .verse' * verse}}}"
    return Attributes(id, ("verse",) * verse, (), (), location, match[1], meant)


def _attributes(match: re.Match[str], location: Location) -> Attributes:
    classes, was, unknown = [], [], []
    for word in match[2].split():
        if word == ".verse":
            classes.append("verse")
        elif word.startswith("was="):
            was += [part for part in word[4:].split(",") if part]
        else:
            unknown.append(word)
    return Attributes(match[1], tuple(classes), tuple(was), tuple(unknown), location)


def _find_places(content: str, first_line: int, reader: _Reader) -> Places:
    offsets, starts = [], []
    offset = 0
    for number, line in enumerate(content.split("\n"), first_line):
        source = reader.lines[min(number, len(reader.lines) - 1)]
        # Cells share a line, so each is looked for behind the one before.
        column = source.find(line, reader.search_from.get(number, 0))
        column = max(column, source.find(line), 0)
        reader.search_from[number] = column + len(line)
        offsets.append(offset)
        starts.append((number, column))
        offset += len(line) + 1
    return Places(tuple(offsets), tuple(starts), reader.source, reader.report)
