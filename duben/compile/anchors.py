"""A quote → a span, exactly or not at all.

Short Han strings have near neighbours everywhere, so a fuzzy match would often attach a note to the
wrong words without a sign. Nearness only serves the hint.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from duben.diagnostics import Report
from duben.model import Anchor, Location, Paragraph, Quote, Span, Target, splits_character

MAX_CANDIDATES = 3
#: What a place in the note's own paragraph is worth more than one elsewhere.
HOME = 0.05
#: How much a place must resemble a quote to be named.
LEAST = 0.5
#: How many characters are shown on each side of a candidate.
MARGIN = 4


def find_quote(quote: Quote, text: str) -> tuple[Span, ...]:
    """All spans where the quote stands in its context, overlapping ones included; `nth` is not looked at."""
    spans = []
    start = text.find(quote.exact)
    while start >= 0:
        end = start + len(quote.exact)
        in_context = text.endswith(quote.before, 0, start) and text.startswith(quote.after, end)
        if in_context and not splits_character(text, end):
            spans.append(Span(start, end))
        start = text.find(quote.exact, start + 1)
    return tuple(spans)


def nearest(exact: str, text: str, count: int = MAX_CANDIDATES) -> tuple[Span, ...]:
    """Where most of the quote's pairs of characters stand in the same order, best first.

    Each pair of the quote votes for the start that it would give the quote; a start needs the votes
    of a third of the pairs. Linear in the text, whatever its length.
    """
    size = min(2, len(exact))
    grams: dict[str, list[int]] = {}
    for index in range(len(exact) - size + 1):
        grams.setdefault(exact[index : index + size], []).append(index)
    votes: Counter[int] = Counter()
    for index in range(len(text) - size + 1):
        for offset in grams.get(text[index : index + size], ()):
            votes[max(index - offset, 0)] += 1
    needed = max(1, (len(exact) - size + 1) / 3)
    ranked = sorted((-number, start) for start, number in votes.items() if number >= needed)
    found: list[Span] = []
    for _, start in ranked:
        span = Span(start, min(start + len(exact), len(text)))
        if not any(span.overlaps(other) for other in found):
            found.append(span)
        if len(found) == count:
            break
    return tuple(found)


@dataclass(slots=True)
class Places:
    """The paragraphs of one text, in order, its title first, and what they answer to."""

    paragraphs: Sequence[Paragraph]
    report: Report
    fold: Callable[[str], str]  # to Simplified, for hints: a quote may be typed in the other script
    by_id: Mapping[str, int] = field(init=False)
    folded: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        by_id: dict[str, int] = {}
        for index, paragraph in enumerate(self.paragraphs):
            for id in (*paragraph.was, paragraph.id):
                by_id[id] = index
        self.by_id = by_id

    def resolve(self, target: Target) -> tuple[tuple[int, Span], ...] | None:
        """(index of a paragraph, span) for each one that the target touches; None where it does not hold."""
        if target.start is None:
            index = self._index(target.paragraph, target.location, None)
            return None if index is None else ((index, Span(0, len(self.paragraphs[index].text))),)
        start = self._quote(target.start, target.location)
        if start is None or target.until is None:
            return None if start is None else (start,)
        end = self._quote(target.until, target.end or target.location)
        if end is None:
            return None
        (first, first_span), (last, last_span) = start, end
        if (last, last_span.end) < (first, first_span.end):
            self.report.error(
                target.location,
                "anchor-order",
                f"the range ends in {self.paragraphs[last].id}, before it starts",
                "exchange `on` and `until`",
            )
            return None
        if first == last:
            return ((first, Span(first_span.start, last_span.end)),)
        middle = [
            (index, Span(0, len(self.paragraphs[index].text)))
            for index in range(first + 1, last)
            if self.paragraphs[index].text
        ]
        head = (first, Span(first_span.start, len(self.paragraphs[first].text)))
        return (head, *middle, (last, Span(0, last_span.end)))

    def anchors(self, note: str, target: Target) -> tuple[Anchor, ...]:
        """The note's anchors, empty where its quote does not hold (a problem is then reported)."""
        found = self.resolve(target) or ()
        return tuple(
            Anchor(
                note,
                self.paragraphs[index].id,
                span,
                whole=target.start is None,
                last=number == len(found),
            )
            for number, (index, span) in enumerate(found, 1)
        )

    def _index(self, id: str, location: Location, quote: Quote | None) -> int | None:
        index = self.by_id.get(id)
        if index is None:
            ids = [paragraph.id for paragraph in self.paragraphs if paragraph.id != "title"]
            hint = f"its paragraphs are {_shorten(ids)}" if ids else ""
            self.report.error(
                location,
                "anchor-paragraph",
                f"this text has no paragraph {id}",
                (self._where_now(id, quote) if quote else "") or hint,
            )
        return index

    def _where_now(self, id: str, quote: Quote) -> str:
        """What to do where the quote stands in other paragraphs, or ""."""
        found = [
            (paragraph, spans[0])
            for paragraph in self.paragraphs
            if (spans := find_quote(quote, paragraph.text))
        ]
        places = ", ".join(_place(paragraph, span, 0) for paragraph, span in found[:MAX_CANDIDATES])
        if len(found) != 1 or found[0][0].kind in ("title", "cell"):
            return f"its words stand here: {places}" if found else ""
        now = found[0][0]
        attributes = " ".join(
            [f"#{now.id}", *[".verse"] * (now.kind == "verse"), f"was={','.join([*now.was, id])}"]
        )
        return (
            f"{places}: if {id} was put together with it, end it with {{{attributes}}}, "
            f"else write `in: {now.id}` here"
        )

    def _quote(self, quote: Quote, location: Location) -> tuple[int, Span] | None:
        if quote.paragraph:
            index = self._index(quote.paragraph, location, quote)
            return None if index is None else self._in_paragraph(quote, index, location)
        found = [
            (index, span)
            for index, paragraph in enumerate(self.paragraphs)
            for span in find_quote(quote, paragraph.text)
        ]
        if len(found) == 1:
            index = found[0][0]
            self.report.warning(
                location,
                "anchor-unpinned",
                f"“{quote.exact}” is not pinned to its paragraph",
                f"add `in: {self.paragraphs[index].id}`",
            )
            return found[0]
        if not found:
            self._report_missing(quote, range(len(self.paragraphs)), location, "in this text")
            return None
        ids = ", ".join(dict.fromkeys(self.paragraphs[index].id for index, _ in found))
        self.report.error(
            location,
            "anchor-ambiguous",
            f"“{quote.exact}” occurs {len(found)} times in this text",
            f"add `in:` with one of {ids}",
        )
        return None

    def _in_paragraph(self, quote: Quote, index: int, location: Location) -> tuple[int, Span] | None:
        paragraph = self.paragraphs[index]
        spans = find_quote(quote, paragraph.text)
        if quote.nth and spans:
            if quote.nth <= len(spans):
                return index, spans[quote.nth - 1]
            self.report.error(
                location,
                "anchor-missing",
                f"“{quote.exact}” occurs only {_times(len(spans))} in {paragraph.id}, not {quote.nth}",
                "lower `nth`",
            )
            return None
        if len(spans) == 1:
            return index, spans[0]
        if spans:
            contexts = ", ".join(f"“{_context(paragraph.text, span)}”" for span in spans[:MAX_CANDIDATES])
            self.report.error(
                location,
                "anchor-ambiguous",
                f"“{quote.exact}” occurs {_times(len(spans))} in {paragraph.id}",
                f"add `before:` or `after:` to tell them apart: {contexts}",
            )
            return None
        self._report_missing(quote, (index, *range(len(self.paragraphs))), location, f"in {paragraph.id}")
        return None

    def _nearest(self, exact: str, text: str) -> tuple[Span, ...]:
        """`nearest`, which also finds a quote typed in another script."""
        if text not in self.folded:
            self.folded[text] = self.fold(text)
        folded = self.folded[text]
        if len(folded) != len(text):
            return nearest(exact, text)
        return nearest(self.fold(exact), folded)

    def _likeness(self, quote: Quote, text: str, span: Span) -> float:
        """How much a place resembles a quote and what it says of its neighbours: 0 to 3."""
        words = self.fold(text[span.start : span.end])
        like = SequenceMatcher(None, self.fold(quote.exact), words, autojunk=False).ratio()
        before = bool(quote.before) and text.endswith(quote.before, 0, span.start)
        after = bool(quote.after) and text.startswith(quote.after, span.end)
        return like + before + after

    def _report_missing(self, quote: Quote, order: Sequence[int], location: Location, where: str) -> None:
        bare = quote._replace(before="", after="")
        context = " with this context" if quote.before or quote.after else ""
        paragraphs = [self.paragraphs[index] for index in dict.fromkeys(order)]
        inner = _inside_marks(quote.exact)
        if inner and any(inner in paragraph.text for paragraph in paragraphs):
            self.report.error(
                location,
                "anchor-missing",
                f"`{quote.exact}` does not occur{context} {where}",
                f"leave out the quotation marks, YAML needs none: `{inner}` is there",
            )
            return
        # Where the words are right, what stands around them is what the editor must look at.
        hints = [
            _place(paragraph, span, MARGIN)
            for paragraph in paragraphs
            for span in find_quote(bare, paragraph.text)
        ]
        if len(hints) < MAX_CANDIDATES:
            home = paragraphs[0] if quote.paragraph else None
            resembling = [
                (
                    self._likeness(quote, paragraph.text, span) + HOME * (paragraph is home),
                    paragraph,
                    span,
                )
                for paragraph in paragraphs
                if not find_quote(bare, paragraph.text)
                for span in self._nearest(quote.exact, paragraph.text)
            ]
            resembling = [found for found in resembling if found[0] >= LEAST]
            resembling.sort(key=lambda found: -found[0])
            hints += [_place(paragraph, span, 0) for _, paragraph, span in resembling]
        self.report.error(
            location,
            "anchor-missing",
            f"“{quote.exact}” does not occur{context} {where}",
            "near it: " + ", ".join(hints[:MAX_CANDIDATES])
            if hints
            else "quote the text exactly as it stands there",
        )


def _inside_marks(exact: str) -> str:
    """What a pair of quotation marks encloses, or ""."""
    enclosed = len(exact) > 2 and exact[0] + exact[-1] in ("“”", "‘’", "「」", "『』", "＂＂", '""', "””")
    return exact[1:-1].strip() if enclosed else ""


def _place(paragraph: Paragraph, span: Span, margin: int) -> str:
    words = _context(paragraph.text, span, margin)
    return f"“{words}” in {paragraph.id} ({paragraph.locate(span.start)})"


def _shorten(ids: Sequence[str]) -> str:
    shown = ids if len(ids) <= 12 else [*ids[:8], "…", *ids[-2:]]
    return ", ".join(shown)


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def _context(text: str, span: Span, margin: int = MARGIN) -> str:
    return text[max(span.start - margin, 0) : span.end + margin].replace("\n", " ")
