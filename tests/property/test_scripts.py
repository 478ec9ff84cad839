"""What holds of every conversion, whatever the text."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from duben.compile.alignment import compose
from duben.compile.automaton import Automaton
from duben.compile.opencc_tables import configuration
from duben.compile.phrases import Phrases
from duben.compile.scripts import converter, fold_glyphs
from duben.model import Conversion, Override, Span, Unit, Variant

few = settings(max_examples=150, deadline=None)

# Words that change their length, one-to-many characters, marks, sequences, characters beyond the BMP.
PIECES = """
    U盘 U 盘 全局 出租车 方便面 奶酪 信息 软件 硬盘 巧克力 冰激凌 博客 隨身碟 全域性 部落格 計程車 泡麵
    網際網路 发 展 头 干 后 里 面 台 著 着 只 系 裏 裡 説 說 産 豈 ⿰ ⿲ ⿱虫风 𠮷 😀 \U000e0100
    “ ” ‘ ’ 「 」 『 』 it’s OK ， 。 A 1
""".split()
texts = st.lists(
    st.sampled_from([*PIECES, "\n", " "]) | st.characters(exclude_categories=["Cs"]), max_size=25
).map("".join)
variants = st.sampled_from(list(Variant))
engines = st.sampled_from(["duben", "duben", "opencc-python-reimplemented"])


@st.composite
def overridden(draw: st.DrawFn) -> tuple[str, list[Override]]:
    """A text with overrides that lie apart, in any order."""
    text = draw(texts)
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    overrides = [
        Override(Span(start, end), draw(st.sampled_from(["", "甲", "甲乙", "“丙”", "甲乙丙丁"])))
        for start, end in pairwise(cuts)
        if draw(st.booleans())
    ]
    return text, draw(st.permutations(overrides))


@st.composite
def conversions(draw: st.DrawFn, length: int | None = None) -> Conversion:
    """A conversion of a text of this length."""
    if length is None:
        length = draw(st.integers(0, 12))
    cuts = sorted(draw(st.sets(st.integers(0, length), max_size=6)))
    units = []
    shift = 0
    for start, end in pairwise(cuts):
        grown = draw(st.integers(1 - (end - start), 3))
        if grown and draw(st.booleans()):
            units.append(Unit(Span(start, end), Span(start + shift, end + shift + grown)))
            shift += grown
    return Conversion("x" * (length + shift), tuple(units))


def assert_units_add_up(length: int, conversion: Conversion) -> None:
    source = target = 0
    for unit in conversion.units:
        assert unit.source.start >= source
        assert unit.target.start - target == unit.source.start - source
        assert unit.source.end > unit.source.start
        assert unit.target.end >= unit.target.start
        assert unit.target.end - unit.target.start != unit.source.end - unit.source.start
        source, target = unit.source.end, unit.target.end
    assert len(conversion.text) - target == length - source


@few
@given(texts, variants, variants, st.sets(variants), engines)
def test_units_and_single_characters_make_up_the_text(
    text: str, source: Variant, target: Variant, regional: set[Variant], engine: str
) -> None:
    conversion = converter(source, target, regional=frozenset(regional), engine=engine).convert(text)
    assert_units_add_up(len(text), conversion)


@few
@given(overridden(), variants, variants)
def test_overridden_conversions_add_up_as_well(
    case: tuple[str, list[Override]], source: Variant, target: Variant
) -> None:
    text, overrides = case
    conversion = converter(source, target, regional=frozenset(Variant)).convert(text, overrides)
    assert_units_add_up(len(text), conversion)
    for (start, end), replacement, *_ in overrides:
        at = conversion.end_of(start) if start else 0
        assert conversion.text[at : conversion.end_of(end)] == replacement


@few
@given(overridden(), variants, variants)
def test_beside_overrides_the_text_reads_as_without_them(
    case: tuple[str, list[Override]], source: Variant, target: Variant
) -> None:
    text, overrides = case
    convert = converter(source, target, regional=frozenset(Variant)).convert
    plain, settled = convert(text), convert(text, overrides)
    touched = {offset for (start, end), *_ in overrides for offset in range(start, end)}
    for start, end in (unit.source for unit in plain.units):
        if touched.intersection(range(start, end)):
            touched.update(range(start, end))  # what remains of a unit is converted by itself
        else:
            assert Unit(Span(start, end), settled.span_of(Span(start, end))) in settled.units
    for offset in set(range(len(text))) - touched:
        span = Span(offset, offset + 1)
        before, after = plain.span_of(span), settled.span_of(span)
        assert plain.text[before.start : before.end] == settled.text[after.start : after.end]


@few
@given(texts, st.sets(st.integers(0, 60), max_size=6), variants, variants)
def test_slices_at_any_cuts_join_to_the_whole_text(
    text: str, cuts: set[int], source: Variant, target: Variant
) -> None:
    conversion = converter(source, target, regional=frozenset(Variant)).convert(text)
    ends = [0, *sorted(cut for cut in cuts if 0 < cut < len(text)), len(text)]
    # A cut within a unit is moved to the unit's end for the piece before it and for the one behind.
    slices = [
        conversion.text[conversion.end_of(start) : conversion.end_of(end)] for start, end in pairwise(ends)
    ]
    assert "".join(slices) == conversion.text


@few
@given(texts, variants, variants, engines)
def test_no_overrides_are_as_none_given(text: str, source: Variant, target: Variant, engine: str) -> None:
    convert = converter(source, target, engine=engine).convert
    assert convert(text, []) == convert(text)


@few
@given(texts)
def test_a_text_in_its_own_variant_stays_as_printed(text: str) -> None:
    for variant in Variant:
        assert converter(variant, variant, regional=frozenset(Variant)).convert(text) == Conversion(text)


@few
@given(texts, st.sampled_from(["s2tw", "s2twp", "tw2sp", "hk2sp", "t2s"]))
def test_a_text_in_small_pieces_between_stops_converts_as_a_whole(text: str, name: str) -> None:
    # No phrase of OpenCC holds a full stop, and an operator of a sequence would take it as its part.
    pieces = [piece for piece in text.split("。") if not set(piece) & set("⿰⿱⿲")]
    convert = configuration(name).convert
    assert convert("。".join(pieces)).text == "。".join(convert(piece).text for piece in pieces)


@few
@given(st.data(), conversions())
def test_composed_alignments_agree_with_both(data: st.DataObject, first: Conversion) -> None:
    second = data.draw(conversions(len(first.text)))
    length = len(first.text) - sum(
        (target.end - target.start) - (source.end - source.start) for source, target in first.units
    )
    composed = compose(first, second)
    assert composed.text == second.text
    assert_units_add_up(length, composed)
    for offset in range(length + 1):
        between = first.start_of(offset)
        if between == first.end_of(offset) and second.start_of(between) == second.end_of(between):
            assert composed.start_of(offset) == composed.end_of(offset) == second.start_of(between)


keys = st.text("甲乙丙𠮷", min_size=1, max_size=4)


@few
@given(
    st.lists(st.dictionaries(keys, st.just("x"), max_size=6), max_size=3), st.text("甲乙丙𠮷", max_size=20)
)
def test_phrases_are_found_alike_by_look_up_and_by_automaton(layers: list[dict[str, str]], text: str) -> None:
    looked_up = Phrases(layers)._look_up(text)
    ranked = [key for layer in layers for key in sorted(layer, key=len, reverse=True)]
    found = Automaton(ranked, kind="first").find(text)
    assert [match[1:] for match in looked_up] == [match[1:] for match in found]


@few
@given(st.lists(keys, max_size=6), st.text("甲乙丙𠮷", max_size=20))
def test_every_occurrence_is_found(patterns: list[str], text: str) -> None:
    naive = [
        (index, start, start + len(pattern))
        for index, pattern in enumerate(patterns)
        for start in range(len(text))
        if text.startswith(pattern, start)
    ]
    assert sorted(Automaton(patterns, kind="all").find(text)) == sorted(naive)


@few
@given(st.text())
def test_folding_glyphs_keeps_the_length_and_is_done_once(text: str) -> None:
    folded = fold_glyphs(text)
    assert len(folded) == len(text)
    assert fold_glyphs(folded) == folded
