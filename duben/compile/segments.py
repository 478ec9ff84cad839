"""Overlapping spans → flat segments, and flat segments in another variant."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from duben.model import Anchor, Conversion, Mark, Segment, Span


def cut_segments(
    length: int,
    marks: Sequence[Mark] = (),
    linked: Mapping[int, Span] | None = None,
    anchors: Sequence[Anchor] = (),
) -> tuple[Segment, ...]:
    """Segments that cover [0, length) exactly, in order.

    linked: index of a hit → its span; these do not overlap. A mark without width stands on an empty
    segment of its own, before the character at its place. A paragraph without text has one empty
    segment if a note stands on it, or a mark.
    """
    links = sorted((span, index) for index, span in (linked or {}).items())
    if not marks and not anchors:
        return _around(links, length)
    points: dict[int, list[int]] = {}
    opening: dict[int, list[_Open]] = {}
    ends: dict[int, list[str]] = {}
    for index, mark in enumerate(marks):
        if mark.span.start == mark.span.end:
            points.setdefault(mark.span.start, []).append(index)
        else:
            opening.setdefault(mark.span.start, []).append(_Open(mark.span.end, mark=index))
    for anchor in anchors:
        if not anchor.whole and anchor.span.start < anchor.span.end:
            opening.setdefault(anchor.span.start, []).append(_Open(anchor.span.end, note=anchor.note))
        if anchor.last:
            ends.setdefault(length if anchor.whole else anchor.span.end, []).append(anchor.note)
    edges = {0, length, *points, *opening}
    edges.update(open_.end for opened in opening.values() for open_ in opened)
    edges.update(edge for span, _ in links for edge in span)
    ordered = sorted(edges)

    segments: list[Segment] = []
    active: list[_Open] = []
    next_link = 0
    for start, end in pairwise([*ordered, length]):
        while next_link < len(links) and links[next_link][0].end <= start:
            next_link += 1
        inside = next_link < len(links) and links[next_link][0].start <= start
        hit = links[next_link][1] if inside else -1
        active = [open_ for open_ in active if open_.end > start]
        if start in points:
            # A point at a link's first character stands before it.
            before = inside and links[next_link][0].start == start
            around = [open_.mark for open_ in active if open_.mark >= 0]
            segments.append(
                Segment(
                    Span(start, start),
                    hit=-1 if before else hit,
                    marks=tuple(sorted([*around, *points[start]])),
                )
            )
        if start == end:
            continue
        active += opening.get(start, ())
        segments.append(
            Segment(
                Span(start, end),
                notes=tuple(dict.fromkeys(open_.note for open_ in active if open_.note)),
                ends=tuple(ends.get(end, ())),
                hit=hit,
                marks=tuple(sorted(open_.mark for open_ in active if open_.mark >= 0)),
            )
        )
    if length == 0 and ends:
        segments.append(Segment(Span(0, 0), ends=tuple(ends.get(0, ()))))
    return tuple(segments)


def _around(links: Sequence[tuple[Span, int]], length: int) -> tuple[Segment, ...]:
    """The segments of a paragraph with nothing but links, as most are in a large edition."""
    segments = []
    position = 0
    for span, index in links:
        if position < span.start:
            segments.append(Segment(Span(position, span.start)))
        segments.append(Segment(span, hit=index))
        position = span.end
    if position < length:
        segments.append(Segment(Span(position, length)))
    return tuple(segments)


class _Open(NamedTuple):
    """A mark or a note that goes on until `end`."""

    end: int
    mark: int = -1
    note: str = ""


def convert_segments(segments: Sequence[Segment], conversion: Conversion) -> tuple[Segment, ...]:
    """The segments with their spans in the converted text, which they cover exactly.

    A unit that several segments share goes whole to one of them: one under a term first, then one
    under a note, then the left one. The others end before it or start after it; one that lies wholly
    inside is left empty, and its notes pass to the owner.
    """
    if not conversion.units:
        return tuple(segments)
    spans = [conversion.span_of(segment.span) for segment in segments]
    notes = [segment.notes for segment in segments]
    ends = [segment.span.end for segment in segments]
    for unit in conversion.units:
        sharing = []
        for index in range(bisect_right(ends, unit.source.start), len(segments)):
            if segments[index].span.start >= unit.source.end:
                break
            if segments[index].span.overlaps(unit.source):
                sharing.append(index)
        if len(sharing) < 2:
            continue
        owner = min(sharing, key=lambda i: (segments[i].hit < 0, not segments[i].notes, i))
        for index in sharing:
            if index == owner:
                continue
            start, end = spans[index]
            if index < owner:
                end = unit.target.start
                start = min(start, end)
            else:
                start = unit.target.end
                end = max(start, end)
            if start == end:
                notes[owner] = tuple(dict.fromkeys((*notes[owner], *notes[index])))
            spans[index] = Span(start, end)
    # Empty segments (marks without width, and what a unit swallowed) stand between their neighbours.
    position = 0
    placed = []
    for segment, span, ids in zip(segments, spans, notes, strict=True):
        place = span if span.start < span.end else Span(position, position)
        placed.append(segment._replace(span=place, notes=ids))
        position = place.end
    return tuple(placed)
