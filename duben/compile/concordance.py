"""Hits of every text → keyword-in-context lines by term."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from duben.model import Conversion, EditionText, Occurrence, Span

#: Characters of context on each side of the keyword: about a line on a phone.
CONTEXT = 18


def collect_occurrences(texts: Iterable[EditionText]) -> Mapping[str, tuple[Occurrence, ...]]:
    """Entry id → its occurrences, by text in the order given, then by place."""
    found: dict[str, list[Occurrence]] = {}
    for text in texts:
        total = max(sum(len(passage.paragraph.text) for passage in text.passages), 1)
        before = 0
        for index, passage in enumerate(text.passages):
            for hit in passage.hits:
                position = 1000 * (before + hit.span.start) // total
                found.setdefault(hit.term, []).append(
                    Occurrence(text.text.slug, index, hit.span, hit.nested, position)
                )
            before += len(passage.paragraph.text)
    return MappingProxyType({id: tuple(occurrences) for id, occurrences in found.items()})


def keyword_in_context(conversion: Conversion, span: Span) -> tuple[str, str, str]:
    """(left, keyword, right) of a span of the source, in the converted text, on one line."""
    start, end = conversion.span_of(span)
    text = conversion.text
    left, key, right = (
        text[cut].replace("\n", " ")
        for cut in (slice(max(start - CONTEXT, 0), start), slice(start, end), slice(end, end + CONTEXT))
    )
    return (
        ("…" if start > CONTEXT else "") + left,
        key,
        right + ("…" if end + CONTEXT < len(text) else ""),
    )
