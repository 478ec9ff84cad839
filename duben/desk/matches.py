"""Terms that were found where words lie otherwise: `check --matches`.

中部 stands in 其中部分 as characters, and is no word there: a word segmenter finds 其中 and 部分. Where a
word holds a part of a match and goes on beyond it, the match is doubtful. It is not where it lies inside of
one word (东北 in 东北虎), nor where what goes beyond it is a word of its own (华工科技 before 产业, which the
segmenter takes together as 科技产业): these are compounds of the term.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from duben.compile.glossary import Scripts
from duben.compile.words import Language
from duben.diagnostics import Report
from duben.model import Edition, EditionText, Location, Passage, Span, TermHit, Variant


class Doubt(NamedTuple):
    """A match that words cross. around: those words, from the first to the last, in what is printed."""

    hit: TermHit
    around: Span
    words: tuple[str, ...]


def report_doubtful(edition: Edition, report: Report) -> None:
    """A warning for each term and the words that cross it, once in each text, with what settles it.

    Settled is what the entry's `not_in` or an `entry:` on the place has decided: it is no match any more, or
    one that the editor wants.
    """
    scripts, language = Scripts(edition.settings), Language()
    for text in edition.texts:
        found: dict[tuple[str, str], list[Location]] = {}
        doubts: dict[tuple[str, str], tuple[Passage, Doubt]] = {}
        for passage in text.passages:
            for doubt in _doubts(passage, scripts, language):
                key = doubt.hit.term, passage.paragraph.text[slice(*doubt.around)]
                found.setdefault(key, []).append(passage.paragraph.locate(doubt.hit.span.start))
                doubts.setdefault(key, (passage, doubt))
        for key, (passage, doubt) in doubts.items():
            _report(text, passage, doubt, found[key], report)


def _report(
    text: EditionText, passage: Passage, doubt: Doubt, places: Iterable[Location], report: Report
) -> None:
    first, *others = places
    longer = passage.paragraph.text[slice(*doubt.around)]
    more = f" (the first of {len(others) + 1} in {text.text.slug})" if others else ""
    term, surface, paragraph = doubt.hit.term, doubt.hit.surface, passage.paragraph.id
    report.warning(
        first,
        "match-doubtful",
        f"“{surface}” is found in “{longer}”, whose words seem to be {' '.join(doubt.words)}{more}",
        f"if it is another word, add `not_in: [{longer}]` to the entry {term};"
        f" if it is right, write `- {{in: {paragraph}, on: {surface}, entry: {term}}}` into the notes",
    )


def _doubts(passage: Passage, scripts: Scripts, language: Language) -> Iterator[Doubt]:
    hits = [hit for hit in passage.hits if not hit.nested and not hit.forced]
    if not hits:
        return
    paragraph = passage.paragraph
    simplified = scripts.between(paragraph.variant, Variant.HANS).convert(paragraph.text)
    words: list[tuple[Span, str]] = []
    for word in language.known_words(simplified.text):
        start = words[-1][0].end if words else 0
        words.append((Span(start, start + len(word)), word))
    for hit in hits:
        span = simplified.span_of(hit.span)
        touching = [(at, word) for at, word in words if at.overlaps(span)]
        if any(_crosses(at, word, span, language) for at, word in touching):
            around = Span(touching[0][0].start, touching[-1][0].end)
            printed = _printed(around, span, hit.span)
            if printed.end <= len(paragraph.text):
                yield Doubt(hit, printed, tuple(word for _, word in touching))


def _crosses(at: Span, word: str, span: Span, language: Language) -> bool:
    """Whether a word holds a part of a match and goes on beyond it with what is no word of its own."""
    if at.covers(span) or span.covers(at):
        return False
    beyond = word[: span.start - at.start] if at.start < span.start else word[span.end - at.start :]
    return len(beyond) == 1 or language.known_words(beyond) != [beyond]


def _printed(around: Span, span: Span, printed: Span) -> Span:
    """The span around a match in what is printed: Simplified has as many characters beside it."""
    return Span(max(printed.start - (span.start - around.start), 0), printed.end + (around.end - span.end))
