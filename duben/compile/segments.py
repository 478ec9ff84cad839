"""Overlapping spans → flat segments, and flat segments in another variant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
    wide = [(index, mark) for index, mark in enumerate(marks) if mark.span.start < mark.span.end]
    points = [
        (mark.span.start, index) for index, mark in enumerate(marks) if mark.span.start == mark.span.end
    ]
    shown = [anchor for anchor in anchors if not anchor.whole]
    edges = {0, length}
    for span in (*(span for span, _ in links), *(mark.span for _, mark in wide), *(a.span for a in shown)):
        edges.update(span)
    edges.update(point for point, _ in points)
    ordered = sorted(edges)
    ends: dict[int, list[str]] = {}
    for anchor in anchors:
        if anchor.last:
            ends.setdefault(length if anchor.whole else anchor.span.end, []).append(anchor.note)
    at_point: dict[int, list[int]] = {}
    for point, index in points:
        at_point.setdefault(point, []).append(index)

    segments: list[Segment] = []
    next_link = 0
    for start, end in zip(ordered, [*ordered[1:], length], strict=True):
        while next_link < len(links) and links[next_link][0].end <= start:
            next_link += 1
        inside = next_link < len(links) and links[next_link][0].start <= start
        hit = links[next_link][1] if inside else -1
        if start in at_point:
            # A point at a link's first character stands before it.
            before = inside and links[next_link][0].start == start
            segments.append(
                Segment(Span(start, start), hit=-1 if before else hit, marks=tuple(at_point[start]))
            )
        if start == end:
            continue
        span = Span(start, end)
        segments.append(
            Segment(
                span,
                notes=tuple(dict.fromkeys(a.note for a in shown if a.span.covers(span))),
                ends=tuple(ends.get(end, ())),
                hit=hit,
                marks=tuple(index for index, mark in wide if mark.span.covers(span)),
            )
        )
    if length == 0 and ends:
        segments.append(Segment(Span(0, 0), ends=tuple(ends.get(0, ()))))
    return tuple(segments)


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
    for unit in conversion.units:
        sharing = [index for index, segment in enumerate(segments) if segment.span.overlaps(unit.source)]
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
