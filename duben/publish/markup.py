"""Passages → markup: the only room that writes HTML by hand.

Text reaches the page through `escape` alone. A term's link is never split and holds no other link:
what stands inside it with a link of its own (a marker, a footnote's number) follows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from unicodedata import bidirectional

from markupsafe import Markup, escape

from duben.compile.segments import convert_segments
from duben.model import Container, Mark, Passage, Segment, Variant
from duben.publish.addresses import Addresses
from duben.publish.interface import Wording, labelled

WRAPPED = {"em": "em", "strong": "strong", "code": "code"}
LINKED = frozenset({"link", "entry", "headword", "text", "title", "paragraph", "place"})
OPEN = {
    "quote": "<blockquote>",
    "ul": "<ul>",
    "li": "<li>",
    "head": "<thead>",
    "body": "<tbody>",
    "row": "<tr>",
}
CLOSE = {
    "quote": "</blockquote>",
    "ul": "</ul>",
    "ol": "</ol>",
    "li": "</li>",
    "table": "</table></div>",
    "head": "</thead>",
    "body": "</tbody>",
    "row": "</tr>",
}
ALIGNS = frozenset({"left", "center", "right"})
#: An address or the like, escaped already: a line may break anywhere in it.
LONG = re.compile(r"(?:(?!&lt;|&gt;)[!-;=?-~]){30,}")
#: All that is written from right to left.
LEFTWARD = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")


@dataclass(slots=True)
class Writer:
    """Writes the passages of one page, in one variant.

    numbers: note id → its number. ids: whether paragraphs carry their ids (a text's body does, an
    editor's prose does not). heading: the level of the topmost heading. scope: tells the footnotes of
    one piece of prose from those of another on the same page. text: the address of the text to which
    `#p3` belongs, where that is another page. seen: entries that the page has linked already. openings:
    the tags of links that were made already, which pages of one depth and variant can share.
    """

    addresses: Addresses
    ui: Mapping[str, Wording]
    numbers: Mapping[str, int] = field(default_factory=dict)
    ids: bool = False
    heading: int = 2
    scope: str = ""
    text: str = ""
    seen: set[str] = field(default_factory=set)
    openings: dict[tuple[str, bool, tuple[str, ...]], str] = field(default_factory=dict)
    footnotes: dict[str, int] = field(default_factory=dict)
    footnote_ids: dict[str, str] = field(default_factory=dict)
    referred: set[str] = field(default_factory=set)

    @property
    def variant(self) -> Variant:
        return self.addresses.variant

    # --- blocks ----------------------------------------------------------------------------------

    def blocks(self, passages: Iterable[Passage]) -> Markup:
        """The passages as blocks, footnotes last."""
        shown = list(passages)
        self._number_footnotes(shown)
        body = [passage for passage in shown if not passage.paragraph.label]
        notes = [passage for passage in shown if passage.paragraph.label]
        return Markup("\n".join(piece for piece in (*self._flow(body), self._footnotes(notes)) if piece))

    def _flow(self, passages: Sequence[Passage]) -> list[str]:
        """Blocks in their containers, each line or tag by itself."""
        lowest = min((p.paragraph.level for p in passages if p.paragraph.kind == "heading"), default=1)
        out: list[str] = []
        within: tuple[Container, ...] = ()
        table: Passage | None = None
        for passage in passages:
            paragraph = passage.paragraph
            common = _common(within, paragraph.within)
            out += [CLOSE[container.kind] for container in reversed(within[common:])]
            if paragraph.after_break:
                out.append('<hr class="break">')
            out += [self._open(container, table) for container in paragraph.within[common:]]
            within = paragraph.within
            if paragraph.kind == "table":
                table = passage  # its tags are opened by its first cell
            else:
                out.append(self._block(passage, lowest))
        out += [CLOSE[container.kind] for container in reversed(within)]
        return out

    def _open(self, container: Container, table: Passage | None) -> str:
        if container.kind == "ol":
            return "<ol>" if container.start == 1 else f'<ol start="{container.start}">'
        if container.kind != "table":
            return OPEN[container.kind]
        id = caption = ""
        if table is not None and self.ids:
            id = f' id="{escape(table.paragraph.id)}"'
            marker = self.inline(table)
            caption = f"<caption>{marker}</caption>" if marker else ""
        # A wide table scrolls by itself on a phone, so the keyboard must reach it.
        return (
            f'<div class="table"{id} role="region" tabindex="0"{labelled(self.ui["table"])}><table>{caption}'
        )

    def _block(self, passage: Passage, lowest: int) -> str:
        paragraph = passage.paragraph
        # A Markup would escape what is joined to it.
        content = str(self.inline(passage))
        if self.ids:
            content = "".join(f'<a class="was" id="{escape(id)}"></a>' for id in paragraph.was) + content
        id = f' id="{escape(paragraph.id)}"' if self.ids else ""
        way = ' dir="auto"' if _runs_left(passage.text_in(self.variant)) else ""
        if paragraph.kind == "heading":
            level = min(max(paragraph.level - lowest + self.heading, 2), 6)
            return f"<h{level}{id}{way}>{content}</h{level}>"
        if paragraph.kind == "cell":
            head = any(container.kind == "head" for container in paragraph.within)
            tag = "th" if head else "td"
            scope = ' scope="col"' if head else ""
            align = f' class="{paragraph.align}"' if paragraph.align in ALIGNS else ""
            return f"<{tag}{scope}{align}{id}{way}>{content}</{tag}>"
        kind = {"verse": ' class="verse"', "image": ' class="picture"'}.get(paragraph.kind, "")
        number = "" if paragraph.label else self._number(paragraph.id)
        return f"<p{kind}{id}{way}>{number}{content}</p>"

    def _number(self, id: str) -> str:
        """The paragraph's number, a link to itself."""
        if not self.ids:
            return ""
        number = id.removeprefix("p")
        label = self.ui["paragraph-n"].of(number)
        return f'<a class="num" href="#{escape(id)}" aria-label="{escape(label)}">{escape(number)}</a>'

    def _number_footnotes(self, passages: Sequence[Passage]) -> None:
        """Footnotes are numbered in the order in which the text refers to them."""
        for passage in passages:
            for mark in passage.paragraph.marks:
                if mark.kind == "footnote":
                    self._footnote_number(mark.target)
        for passage in passages:
            paragraph = passage.paragraph
            if paragraph.label:
                number = self._footnote_number(paragraph.label)
                id = paragraph.id if self.ids else f"fn{self.scope}-{number}"
                self.footnote_ids.setdefault(paragraph.label, id)

    def _footnotes(self, passages: Sequence[Passage]) -> str:
        if not passages:
            return ""
        by_label: dict[str, list[Passage]] = {}
        for passage in passages:
            by_label.setdefault(passage.paragraph.label, []).append(passage)
        items = []
        for label in sorted(by_label, key=self._footnote_number):
            number = self._footnote_number(label)
            first, *more = by_label[label]
            back = (
                f'<a class="fnback" href="#f{self.scope}-{number}" role="doc-backlink"'
                f"{labelled(self.ui['footnote-back-n'].of(number))}>↩</a>"
            )
            if first.paragraph.kind == "footnote" and not first.paragraph.within:
                was = "".join(f'<a class="was" id="{escape(old)}"></a>' for old in first.paragraph.was)
                content = f"{was}{self.inline(first)}" + "".join(self._flow(more))
                items.append(f'<li id="{escape(self.footnote_ids[label])}">{content}{back}</li>')
            else:
                # It starts with a list or a quotation, whose first block has the id.
                items.append(f"<li>{''.join(self._flow(by_label[label]))} {back}</li>")
        label = labelled(self.ui["footnotes"])
        return f'<section class="footnotes" role="doc-endnotes"{label}><ol>{"".join(items)}</ol></section>'

    def _footnote_number(self, label: str) -> int:
        return self.footnotes.setdefault(label, len(self.footnotes) + 1)

    # --- inline ----------------------------------------------------------------------------------

    def inline(self, passage: Passage) -> Markup:
        """The passage's text with its marks, terms and notes."""
        conversion = passage.conversions[self.variant]
        segments = convert_segments(passage.segments, conversion)
        if not passage.paragraph.marks and not passage.anchors:
            return Markup(self._terms_alone(passage, conversion.text, segments))
        out: list[str] = []
        for (kind, index), group in groupby(segments, key=lambda segment: self._owner(segment, passage)):
            pieces: list[str] = []
            after: list[str] = []
            inside_link = kind != ""
            for segment in group:
                text = conversion.text[segment.span.start : segment.span.end]
                pieces.append(self._piece(segment, text, passage, after if inside_link else pieces))
                (after if inside_link else pieces).extend(self._markers(segment))
            content = "".join(pieces)
            if kind == "hit":
                content = self._term(passage, index, content)
            elif kind == "mark":
                content = self._link(passage.paragraph.marks[index], content)
            out += [content, *after]
        return Markup("".join(out))

    def _terms_alone(self, passage: Passage, text: str, segments: Sequence[Segment]) -> str:
        """As `inline`, for a passage with nothing but terms in it, as most are in a large edition."""
        if not text:
            return ""
        text_is_markup = str(escape(text)) == text and "\n" not in text
        out: list[str] = []
        for (start, end), _, _, hit, _ in segments:
            content = text[start:end]
            if not text_is_markup:
                content = str(escape(content)).replace("\n", "<br>")
            content = _breakable(content)
            out.append(content if hit < 0 else self._term(passage, hit, content))
        return "".join(out)

    def _owner(self, segment: Segment, passage: Passage) -> tuple[str, int]:
        """What link a segment belongs to: an author's own before a term's."""
        for index in segment.marks:
            if passage.paragraph.marks[index].kind in LINKED:
                return "mark", index
        return ("hit", segment.hit) if segment.hit >= 0 else ("", -1)

    def _piece(self, segment: Segment, text: str, passage: Passage, links: list[str]) -> str:
        """A segment's own markup. links: where what is itself a link goes."""
        marks = [passage.paragraph.marks[index] for index in segment.marks]
        content = _breakable(str(escape(text))).replace("\n", "<br>") if text else ""
        for index, mark in zip(segment.marks, marks, strict=True):
            if mark.kind == "image":
                content += self._image(mark, passage.alts[self.variant][index])
            elif mark.kind == "footnote":
                links.append(self._footnote_reference(mark))
        if not content:
            return ""
        for mark in reversed(marks):
            if mark.kind in WRAPPED:
                content = f"<{WRAPPED[mark.kind]}>{content}</{WRAPPED[mark.kind]}>"
        notes = [id for id in segment.notes if id in self.numbers]
        if notes:
            content = f'<span class="noted" data-note="{escape(" ".join(notes))}">{content}</span>'
        return content

    def _markers(self, segment: Segment) -> Iterable[str]:
        for id in segment.ends:
            number = self.numbers.get(id)
            if number is not None:
                label = escape(self.ui["note-n"].of(number))
                yield (
                    f'<a class="noteref" id="r-{escape(id)}" href="#n-{escape(id)}" data-note="{escape(id)}"'
                    f' role="doc-noteref" aria-label="{label}">{number}</a>'
                )

    def _term(self, passage: Passage, index: int, content: str) -> str:
        hits = passage.hits
        term = hits[index].term
        nested: dict[str, None] = {}
        for position in range(index + 1, len(hits)):
            if not hits[position].nested:
                break
            if hits[position].term != term:
                nested[hits[position].term] = None
        key = (term, term not in self.seen, tuple(nested))
        self.seen.add(term)
        if key not in self.openings:
            self.openings[key] = self._opening(*key)
        return f"{self.openings[key]}{content}</a>"

    def _opening(self, term: str, first: bool, nested: Sequence[str]) -> str:
        """The tag of a term's link. first: on this page. nested: entries inside of it."""
        style = "term first" if first else "term"
        inside = f' data-nested="{escape(" ".join(nested))}"' if nested else ""
        href = escape(self.addresses.entry(term))
        return f'<a class="{style}" href="{href}"{inside} aria-describedby="w-{escape(term)}">'

    def _link(self, mark: Mark, content: str) -> str:
        slug, _, paragraph = mark.target.partition("#")
        if mark.kind in ("entry", "headword"):
            href = self.addresses.entry(mark.target)
        elif mark.kind == "link":
            href = (
                self.text + mark.target if mark.target.startswith("#") else self.addresses.link(mark.target)
            )
        else:
            href = self.addresses.text(slug, paragraph)
        if not href or not content:
            return content
        style = "link" if mark.kind == "link" else "ref"
        return f'<a class="{style}" href="{escape(href)}">{content}</a>'

    def _image(self, mark: Mark, alt: str) -> str:
        return f'<img src="{escape(self.addresses.static(mark.target))}" alt="{escape(alt)}" loading="lazy">'

    def _footnote_reference(self, mark: Mark) -> str:
        if mark.target not in self.footnote_ids:
            return ""  # a piece of prose that is shown without its footnotes
        number = self._footnote_number(mark.target)
        # Only the first reference has the id to which the footnote leads back.
        id = "" if mark.target in self.referred else f' id="f{self.scope}-{number}"'
        self.referred.add(mark.target)
        label = escape(self.ui["footnote-n"].of(number))
        return (
            f'<a class="fnref"{id} href="#{escape(self.footnote_ids[mark.target])}"'
            f' role="doc-noteref" aria-label="{label}">{number}</a>'
        )


def write_kwic(
    context: tuple[str, str, str], href: str, where: str, ui: Mapping[str, Wording], *, nested: bool
) -> str:
    """A line of a concordance. context: left, keyword, right. where: the number of its paragraph.

    A large edition has millions of these, so they are written here and not by a template.
    """
    left, key, right = context
    label = f' aria-label="{escape(ui["paragraph-n"].of(where))}"' if where.isdigit() else ""
    inside = f' class="nested"{labelled(ui["nested"], "title")}' if nested else ""
    return (
        f'<li{inside}><a class="where" href="{escape(href)}"{label}>{escape(where)}</a>'
        f'<span class="left"><span>{escape(left)}</span></span><b class="key">{escape(key)}</b>'
        f'<span class="right">{escape(right)}</span></li>'
    )


def _breakable(content: str) -> str:
    """Escaped text, in which long runs without a space are marked: lines may break anywhere in them."""
    return LONG.sub(r'<span class="url">\g<0></span>', content) if len(content) >= 30 else content


def _runs_left(text: str) -> bool:
    """Is the first letter of the text of a script that is written from right to left?"""
    if not LEFTWARD.search(text):
        return False
    return next((kind for kind in map(bidirectional, text) if kind in ("L", "R", "AL")), "L") != "L"


def _common(one: Sequence[Container], other: Sequence[Container]) -> int:
    """How many containers the two share, from the outside."""
    length = 0
    while length < min(len(one), len(other)) and one[length] == other[length]:
        length += 1
    return length
