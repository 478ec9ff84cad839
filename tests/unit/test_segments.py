"""Overlapping spans become flat segments, in any variant."""

from __future__ import annotations

import pytest

from duben.compile.segments import convert_segments, cut_segments
from duben.model import Anchor, Conversion, Mark, Segment, Span, Unit


def shown(segments: tuple[Segment, ...]) -> list[tuple]:
    return [(*s.span, s.notes, s.ends, s.hit, s.marks) for s in segments]


def note(id: str, start: int, end: int, **more) -> Anchor:
    return Anchor(id, "p1", Span(start, end), **more)


@pytest.mark.parametrize(
    ("length", "marks", "linked", "anchors", "expected"),
    [
        pytest.param(5, (), {}, (), [(0, 5, (), (), -1, ())], id="nothing"),
        pytest.param(0, (), {}, (), [], id="no text"),
        pytest.param(
            6,
            (),
            {7: Span(1, 4)},
            (note("n1", 3, 5),),
            [
                (0, 1, (), (), -1, ()),
                (1, 3, (), (), 7, ()),
                (3, 4, ("n1",), (), 7, ()),
                (4, 5, ("n1",), ("n1",), -1, ()),
                (5, 6, (), (), -1, ()),
            ],
            id="a note crosses a term",
        ),
        pytest.param(
            4,
            (Mark("em", Span(0, 2)), Mark("footnote", Span(2, 2), "1")),
            {},
            (),
            [(0, 2, (), (), -1, (0,)), (2, 2, (), (), -1, (1,)), (2, 4, (), (), -1, ())],
            id="a mark without width",
        ),
        pytest.param(
            4,
            (Mark("footnote", Span(2, 2), "1"),),
            {0: Span(1, 3)},
            (),
            [
                (0, 1, (), (), -1, ()),
                (1, 2, (), (), 0, ()),
                (2, 2, (), (), 0, (0,)),
                (2, 3, (), (), 0, ()),
                (3, 4, (), (), -1, ()),
            ],
            id="a footnote inside a term",
        ),
        pytest.param(
            3,
            (),
            {},
            (note("n1", 0, 3, whole=True),),
            [(0, 3, (), ("n1",), -1, ())],
            id="a note on the whole marks nothing",
        ),
        pytest.param(
            0, (), {}, (note("n1", 0, 0, whole=True),), [(0, 0, (), ("n1",), -1, ())], id="on a table"
        ),
        pytest.param(
            4,
            (),
            {},
            (note("n1", 2, 4, last=False), note("n2", 0, 4)),
            [(0, 2, ("n2",), (), -1, ()), (2, 4, ("n2", "n1"), ("n2",), -1, ())],
            id="a range that goes on",
        ),
    ],
)
def test_segments_are_flat_and_cover_the_paragraph(length, marks, linked, anchors, expected) -> None:
    assert shown(cut_segments(length, marks, linked, anchors)) == expected


@pytest.mark.parametrize(
    ("segments", "expected"),
    [
        # The unit is [2, 4) → [2, 5) of a text of 6.
        pytest.param([(0, 2, -1, ""), (2, 4, -1, ""), (4, 6, -1, "")], [(0, 2), (2, 5), (5, 7)], id="fits"),
        pytest.param([(0, 3, -1, ""), (3, 6, -1, "")], [(0, 5), (5, 7)], id="the left one takes it"),
        pytest.param(
            [(0, 3, -1, ""), (3, 6, 0, "")], [(0, 2), (2, 7)], id="a term takes it from the left one"
        ),
        pytest.param(
            [(0, 3, -1, ""), (3, 6, -1, "n")], [(0, 2), (2, 7)], id="a note takes it from plain text"
        ),
        pytest.param([(0, 3, -1, "n"), (3, 6, 0, "")], [(0, 2), (2, 7)], id="a term takes it from a note"),
        pytest.param(
            [(0, 2, -1, ""), (2, 3, -1, ""), (3, 4, 0, ""), (4, 6, -1, "")],
            [(0, 2), (2, 2), (2, 5), (5, 7)],
            id="swallowed",
        ),
    ],
)
def test_a_unit_goes_whole_to_one_segment(segments, expected) -> None:
    conversion = Conversion("甲乙丙丙丙戊己", (Unit(Span(2, 4), Span(2, 5)),))
    cut = [Segment(Span(start, end), notes=tuple(notes), hit=hit) for start, end, hit, notes in segments]
    assert [tuple(segment.span) for segment in convert_segments(cut, conversion)] == expected


def test_the_notes_of_a_swallowed_segment_pass_to_its_owner() -> None:
    conversion = Conversion("甲乙丙丙", (Unit(Span(1, 3), Span(1, 4)),))
    cut = [Segment(Span(0, 1)), Segment(Span(1, 2), hit=0), Segment(Span(2, 3), notes=("n1",), ends=("n1",))]
    first, owner, swallowed = convert_segments(cut, conversion)
    assert (tuple(first.span), tuple(owner.span), tuple(swallowed.span)) == ((0, 1), (1, 4), (4, 4))
    assert owner.notes == ("n1",)
    assert swallowed.ends == ("n1",)
