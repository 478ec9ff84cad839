"""Hits of every text → keyword-in-context lines by term."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from duben.model import Conversion, EditionText, Occurrence, Span

#: Characters of context on each side of the keyword: about a line on a phone.
CONTEXT = 18
#: What is not cut in two: a number with its signs (1.6, 2026-03, 80%), a word in Latin letters.
_WHOLE = re.compile(r"[0-9A-Za-z\u00c0-\u024f]+(?:[.,:/×'’-][0-9A-Za-z\u00c0-\u024f]+)*[%‰]?")


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
    first, inner = _around(text, max(start - CONTEXT, 0))
    if start - first >= 2 * CONTEXT:
        first = min(inner, start)
    inner, last = _around(text, min(end + CONTEXT, len(text)))
    if last - end >= 2 * CONTEXT:
        last = max(inner, end)
    left, key, right = (
        text[cut].replace("\n", " ") for cut in (slice(first, start), slice(start, end), slice(end, last))
    )
    return "…" * (first > 0) + left, key, right + "…" * (last < len(text))


def _around(text: str, place: int) -> tuple[int, int]:
    """Where the number or word begins and ends that a cut would part; the place itself, if it parts none."""
    for whole in _WHOLE.finditer(text, max(place - 2 * CONTEXT, 0)):
        start, end = whole.span()
        if start < place < end:
            return start, end
    return place, place
