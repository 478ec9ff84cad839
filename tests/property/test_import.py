"""What holds for any import: nothing is lost unseen, and what is written is read as it was meant."""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from duben.desk.importing.body import differences, readable, with_sound_marks, write_body
from duben.desk.importing.decoding import decode_any
from duben.desk.importing.manuscript import Block, Manuscript, Refused
from duben.desk.importing.new_sheet import write_sheet
from duben.desk.importing.page_blocks import SILENT
from duben.desk.importing.pictures import Album
from duben.desk.importing.plain_text import SPLITS, as_stanzas, read_plain
from duben.desk.importing.sifting import sift
from duben.desk.importing.web_page import parse, read_page
from duben.diagnostics import Report
from duben.model import Location, Mark, Span, Variant
from duben.read.paragraphs import read_body
from duben.read.yaml_nodes import Mapped, Node, Scalar, Sequenced, parse_yaml

HERE = Location("x", 1, 1)
SIGNS = st.sampled_from(list("天地人，。a1 -+*_#>`[]()!&<|\\~^:=.{}pn;\"'“”　/@$%"))
LINES = st.sampled_from(
    [
        "天还没有全亮，巷口的早市已经热闹起来了。",
        "　　卖豆浆的老人支起炉子，旁边的面摊也冒出了热气，",
        "早市",
        "首页 > 生活 > 正文",
        "2024-05-06 07:30 来源：江畔晚报 责任编辑：何清",
        "分享到：微信 微博",
        "- 12 -",
        "13",
        "相关阅读",
        "版权所有 江畔网",
        "林小满",
        "一、清晨",
        "水流千里",
        "",
        " ",
        "\u200b",
        "***",
        "open source software and its readers",
    ]
)


def signs_of(text: str) -> Counter[str]:
    return Counter(text) - Counter({char: 10**6 for char in set(text) if char.isspace()})


def all_signs(manuscript: Manuscript) -> Counter[str]:
    """What a manuscript holds, and what it says was taken out."""
    found: Counter[str] = Counter()
    for block in as_stanzas(manuscript.blocks):
        found += signs_of(block.shown)
    for taken in manuscript.taken:
        found += signs_of(taken.text)
    return found


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.one_of(LINES, st.text(alphabet=SIGNS, max_size=30)), max_size=14),
    st.sampled_from(["\n", "\n\n", " ", "。 "]),
    st.sampled_from(["", *SPLITS]),
)
def test_of_a_plain_text_every_sign_is_in_the_text_or_told(lines: list[str], joint: str, split: str) -> None:
    text = joint.join(lines)
    try:
        decoded = decode_any(text.encode(), "x")
    except Refused:
        assert not signs_of(text)
        return
    assert all_signs(sift(read_plain(decoded, "x", split))) == signs_of(text)


TAGS = st.sampled_from(
    """
    p div span b em a h2 ul ol li blockquote table tr td th br hr pre section nav aside footer button figure
    img q font article main center sup
    """.split()
)
NODES = st.recursive(
    st.one_of(LINES, st.text(alphabet="天地人，。a ", max_size=12)).map(
        lambda text: text.replace("<", "&lt;")
    ),
    lambda inner: st.builds(
        lambda tag, attributes, children: f"<{tag}{attributes}>{''.join(children)}</{tag}>",
        TAGS,
        st.sampled_from(
            [
                "",
                ' class="share"',
                ' class="comment"',
                ' id="n1"',
                ' href="#n1"',
                ' style="display:none"',
                " hidden",
            ]
        ),
        st.lists(inner, max_size=4),
    ),
    max_leaves=20,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(NODES, min_size=1, max_size=6))
def test_of_a_page_every_sign_is_in_the_text_or_told(nodes: list[str]) -> None:
    page = f"<html><body>{''.join(nodes)}</body></html>"
    decoded = decode_any(page.encode(), "x")
    tree = parse(page)
    wanted: Counter[str] = Counter()
    for element in tree.iter():
        if isinstance(element.tag, str) and element.tag not in SILENT:
            wanted += signs_of(element.text or "")
        wanted += signs_of(element.tail or "")
    found = all_signs(sift(read_page(decoded, "x", Album())))
    # Quotation marks stand for <q>; the number of a footnote is its label.
    lost = wanted - found - Counter("\u200b" * 99)
    assert set(lost) <= set("0123456789[]"), lost


MARKS = st.lists(
    st.tuples(st.sampled_from(["em", "strong", "link"]), st.integers(0, 12), st.integers(1, 8)), max_size=3
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(
            st.text(alphabet=SIGNS, min_size=1, max_size=16).map(lambda text: text.strip(" 　")).filter(bool),
            st.sampled_from(["paragraph", "heading", "verse"]),
            MARKS,
        ),
        min_size=1,
        max_size=4,
    )
)
def test_what_is_written_is_read_as_it_was_meant(
    items: list[tuple[str, str, list[tuple[str, int, int]]]],
) -> None:
    blocks = []
    for text, kind, marks in items:
        words = f"{text}\n{text}" if kind == "verse" else text
        spans = [(name, Span(start, min(start + length, len(text)))) for name, start, length in marks]
        kept: list[Mark] = []
        for name, span in spans:
            nested = all(
                not span.overlaps(m.span) or span.covers(m.span) or m.span.covers(span) for m in kept
            )
            if (
                span.start < span.end
                and nested
                and all(m.kind != name or not m.span.overlaps(span) for m in kept)
            ):
                kept.append(Mark(name, span, "https://example.org/" if name == "link" else ""))
        blocks.append(Block(words, HERE, kind, tuple(kept), level=2 if kind == "heading" else 0))
    sound, _ = with_sound_marks(blocks)
    ids = [f"p{number}" for number in range(1, len(sound) + 1)]
    report = Report()
    read = read_body(write_body(sound, ids), "x", Variant.HANS, None, report)
    assert differences(sound, read) == []
    assert [paragraph.id for paragraph in read] == ids
    assert not report.has_errors()


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.lists(st.text(alphabet=SIGNS, max_size=10), min_size=1, max_size=3), min_size=1, max_size=3)
)
def test_a_table_is_read_as_it_was_meant(rows: list[list[str]]) -> None:
    columns = max(map(len, rows))
    cells = tuple(
        tuple(Block(text.strip(" 　"), HERE, "cell") for text in [*row, *[""] * (columns - len(row))])
        for row in rows
    )
    if not any(cell.text for cell in cells[-1]):
        return  # the last row would be the one that holds the id
    body = write_body([Block("", HERE, "table", rows=cells)], ["p1"])
    read = read_body(body, "x", Variant.HANS, None, Report())
    assert [p.text for p in read if p.kind == "cell"] == [
        readable(cell.text) for row in cells for cell in row
    ]


def plain(node: Node | None) -> object:
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequenced):
        return [plain(item) for item in node.items]
    assert isinstance(node, Mapped)
    return {name.value: plain(value) for name, value in node.items}


VALUES = st.text(
    alphabet=st.one_of(SIGNS, st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])),
    min_size=1,
    max_size=20,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(VALUES, st.dictionaries(VALUES, VALUES, max_size=3), st.lists(VALUES, max_size=3))
def test_a_sheet_says_what_it_was_told_to_say(title: str, roles: dict[str, str], authors: list[str]) -> None:
    values = {"title": title, "author": authors, "credits": roles, "next-id": 3}
    written = write_sheet(values)
    wanted = {key: value for key, value in values.items() if value} | {"next-id": "3"}
    assert plain(parse_yaml(written, "x", Report())) == wanted
