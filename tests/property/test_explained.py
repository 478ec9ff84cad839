"""What `explain` says of a conversion is what `convert` does."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from duben.compile.scripts import ENGINES, SEGMENTERS, converter
from duben.model import Override, Span, Variant

RULES = {"occurrence", "entry", "edition", "words", "phrase", "engine", "mark", "character", "kept"}
WORDS = [
    *[
        "头发",
        "发展",
        "生发明",
        "干净",
        "U盘",
        "软件",
        "信息",
        "里",
        "乾隆",
        "“他说”",
        "⿰氵干",
        "葛󠄀",
        "𠮷",
        "🙂",
    ],
    *[
        "軟體",
        "裏面",
        "標誌著",
        "腦機介面",
        "瞭解",
        "「『甲』」",
        "A’s",
        " ",
        "\n",
        "鬱",
        "㐀",
        "为了解决",
        "回归",
    ],
]
TEXTS = st.lists(st.sampled_from(WORDS) | st.text(max_size=3), max_size=8).map("".join)
VARIANTS = st.sampled_from(list(Variant))


@st.composite
def overridden(draw: st.DrawFn) -> tuple[str, list[Override]]:
    text = draw(TEXTS)
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=4)))
    spans = [Span(start, end) for start, end in zip(cuts[::2], cuts[1::2], strict=False)]
    return text, [Override(span, draw(st.sampled_from(["", "某", "某物"])), "entry", "e") for span in spans]


@given(
    overridden(),
    VARIANTS,
    VARIANTS,
    st.sets(VARIANTS),
    st.sampled_from(ENGINES),
    st.sampled_from(SEGMENTERS),
)
def test_the_pieces_cover_the_text_and_spell_the_conversion(
    case: tuple[str, list[Override]],
    source: Variant,
    target: Variant,
    regional: set[Variant],
    engine: str,
    segmenter: str,
) -> None:
    text, overrides = case
    phrases = {target: {"发展": "發展了", "干": "乾"}}
    chosen = converter(
        source, target, regional=frozenset(regional), phrases=phrases, engine=engine, segmenter=segmenter
    )
    pieces = chosen.explain(text, overrides)
    conversion = chosen.convert(text, overrides)
    assert "".join(piece.text for piece in pieces) == conversion.text
    assert "".join(text[slice(*piece.source)] for piece in pieces) == text
    assert all(piece.rule in RULES for piece in pieces)
    assert {piece.source for piece in pieces if piece.rule == "entry"} == {span for span, *_ in overrides}
    for piece in pieces:
        if piece.rule == "kept":
            assert piece.text == text[slice(*piece.source)]
