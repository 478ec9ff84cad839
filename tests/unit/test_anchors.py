"""A quote → a span, exactly or not at all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from duben.compile.anchors import Places, find_quote, nearest
from duben.diagnostics import Report
from duben.model import Location, Paragraph, Quote, SourceMap, Span, Target, Variant

HERE = Location("text.yaml", 1, 1)


def paragraph(id: str, text: str, was: tuple[str, ...] = ()) -> Paragraph:
    number = int(id[1:]) if id != "title" else 0
    return Paragraph(
        id, "paragraph", Variant.HANS, text, SourceMap("text.md", ((0, number + 1, 1),)), was=was
    )


TEXT = (
    paragraph("title", "柳暗花明"),
    paragraph("p1", "花开花落，花又开。", ("p9",)),
    paragraph("p2", ""),
    paragraph("p3", "落花无声，\n流水有意。"),
)


def resolve(target: Target) -> tuple[object, list[str]]:
    report = Report()
    found = Places(TEXT, report, lambda text: text.replace("無聲", "无声")).resolve(target)
    return found, [f"{one.severity}: {one.code}: {one.message}; {one.hint}" for one in report.found]


def on(exact: str, paragraph: str = "p1", **context: str | int) -> Target:
    return Target(paragraph, Quote(exact, paragraph, **context), None, HERE)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("quote", "text", "spans"),
    [
        (Quote("花"), "花开花落", [(0, 1), (2, 3)]),
        (Quote("哈哈"), "哈哈哈", [(0, 2), (1, 3)]),
        (Quote("花", before="开"), "花开花落", [(2, 3)]),
        (Quote("花", after="开"), "花开花落", [(0, 1)]),
        (Quote("花", before="开", after="开"), "花开花落", []),
        (Quote("花", before="长长的上文"), "花", []),
        (Quote("花开花落"), "花开", []),
        (Quote("声，\n流"), "无声，\n流水", [(1, 5)]),
        (Quote("乾"), "干幹乾", [(2, 3)]),
        (Quote("𠀀"), "一𠀀", [(1, 2)]),
    ],
)
def test_a_quote_is_found_exactly_and_in_its_context(
    quote: Quote, text: str, spans: list[tuple[int, int]]
) -> None:
    assert find_quote(quote, text) == tuple(Span(*span) for span in spans)


@pytest.mark.parametrize(
    ("target", "found"),
    [
        (on("落，"), ((1, Span(3, 5)),)),
        (on("花", after="落"), ((1, Span(2, 3)),)),
        (on("花", nth=3), ((1, Span(5, 6)),)),
        (on("花", before="，", nth=1), ((1, Span(5, 6)),)),
        (on("落，", "p9"), ((1, Span(3, 5)),)),
        (on("暗", "title"), ((0, Span(1, 2)),)),
        (Target("p3", None, None, HERE), ((3, Span(0, 11)),)),
        (
            Target("p1", Quote("落，", "p1"), Quote("流水", "p3"), HERE),
            ((1, Span(3, 9)), (3, Span(0, 8))),
        ),
        (Target("p1", Quote("落，", "p1"), Quote("又开", "p1"), HERE), ((1, Span(3, 8)),)),
        (Target("p1", Quote("开花落", "p1"), Quote("落，花", "p1"), HERE), ((1, Span(1, 6)),)),
    ],
)
def test_a_target_is_resolved(target: Target, found: object) -> None:
    assert resolve(target) == (found, [])


@pytest.mark.parametrize(
    ("target", "told"),
    [
        (on("花"), "error: anchor-ambiguous: “花” occurs 3 times in p1; add `before:` or `after:`"),
        (on("花开"), None),
        (on("桃"), "error: anchor-missing: “桃” does not occur in p1; quote the text exactly"),
        (
            on("花", before="桃"),
            "error: anchor-missing: “花” does not occur with this context in p1; near it: “花开花落，”",
        ),
        (on("花", nth=4), "error: anchor-missing: “花” occurs only 3 times in p1, not 4; lower `nth`"),
        (on("落，", nth=2), "error: anchor-missing: “落，” occurs only once in p1, not 2"),
        (
            on("花", "p7"),
            "error: anchor-paragraph: this text has no paragraph p7; its words stand here: “花” in title",
        ),
        (
            on("落花无声"),
            "error: anchor-missing: “落花无声” does not occur in p1; near it: “落花无声， 流水”",
        ),
        (
            on("落花無聲"),
            "error: anchor-missing: “落花無聲” does not occur in p1; near it: “落花无声” in p3 (text.md:4:1)",
        ),
        (
            Target("p3", Quote("流水", "p3"), Quote("又开", "p1"), HERE),
            "error: anchor-order: the range ends in p1, before it starts",
        ),
        (
            Target("p1", Quote("又开", "p1"), Quote("落，", "p1"), HERE),
            "error: anchor-order: the range ends in p1, before it starts",
        ),
        (
            Target("", Quote("流水"), None, HERE),
            "warning: anchor-unpinned: “流水” is not pinned to its paragraph; add `in: p3`",
        ),
        (
            Target("", Quote("花"), None, HERE),
            "error: anchor-ambiguous: “花” occurs 5 times in this text; add `in:` with one of title, p1, p3",
        ),
        (Target("", Quote("桃"), None, HERE), "error: anchor-missing: “桃” does not occur in this text"),
    ],
)
def test_what_does_not_hold_is_told_with_what_is_near(target: Target, told: str | None) -> None:
    found, problems = resolve(target)
    if told is None:
        assert problems == []
        return
    assert len(problems) == 1
    assert problems[0].startswith(told)
    assert (found is None) == told.startswith("error")


@pytest.mark.parametrize(
    ("exact", "text", "words"),
    [
        ("老树发新芽", "那棵老树又发新芽了", ["树又发新芽"]),
        ("花明柳暗", "柳暗花明", ["柳暗花明"]),
        ("新质生产力", "生产力新质", ["生产力新质"]),
        ("花", "落花", ["花"]),
        ("桃李", "花开花落", []),
        ("花", "", []),
    ],
)
def test_the_nearest_words_share_most_pairs_of_characters(exact: str, text: str, words: list[str]) -> None:
    found = [text[span.start : span.end] for span in nearest(exact, text)]
    assert found[: len(words)] == words if words else found == []


def test_candidates_do_not_overlap_and_are_few() -> None:
    spans = nearest("花开花落", "花开花落" * 50)
    assert len(spans) == 3
    assert all(not one.overlaps(other) for one in spans for other in spans if one != other)


def test_a_note_over_several_paragraphs_has_one_marker() -> None:
    places = Places(TEXT, Report(), str)
    target = Target("p1", Quote("落，", "p1"), Quote("流水", "p3"), HERE)
    assert [(one.paragraph, one.last, one.whole) for one in places.anchors("n1", target)] == [
        ("p1", False, False),
        ("p3", True, False),
    ]
    assert places.anchors("n2", on("桃")) == ()


def test_of_what_is_near_the_likeliest_place_comes_first_wherever_it_stands() -> None:
    paragraphs = [
        replace(TEXT[1], id=id, text=text)
        for id, text in (("p1", "他只卖两样东西"), ("p2", "豆浆和油条要热的"), ("p3", "油条要现炸才香"))
    ]
    report = Report()
    for words, context in (("油条要现炸的", {}), ("油条要凉的", {"before": "豆浆和"})):
        target = Target("p1", Quote(words, "p1", **context), None, HERE)
        assert Places(paragraphs, report, str).resolve(target) is None
    first, second = (found.hint for found in report.found)
    assert first.startswith("near it: “油条要现炸才” in p3")
    assert second.startswith("near it: “油条要热的” in p2")
