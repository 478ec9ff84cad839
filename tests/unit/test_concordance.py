"""A line of the concordance: the keyword, and what stands beside it."""

from __future__ import annotations

import pytest

from duben.compile.concordance import CONTEXT, keyword_in_context
from duben.model import Conversion, Span


def around(text: str) -> tuple[str, str]:
    """What stands on the left and the right of 词."""
    place = text.index("词")
    left, key, right = keyword_in_context(Conversion(text), Span(place, place + 1))
    assert key == "词"
    return left, right


def test_a_line_has_so_many_characters_on_each_side() -> None:
    text = "甲" * 30 + "词" + "乙" * 30
    assert around(text) == ("…" + "甲" * CONTEXT, "乙" * CONTEXT + "…")
    assert around("甲词乙") == ("甲", "乙")


@pytest.mark.parametrize("whole", ["1.6", "300", "GDP", "10:30", "80%", "empower", "2026-03-09"])
def test_a_number_or_a_word_is_not_cut_in_two(whole: str) -> None:
    for shift in range(1, len(whole)):
        left = "甲" * 9 + whole + "万" * (CONTEXT - shift)
        assert around(f"{left}词")[0] == "…" + left[9:]
        right = "万" * (CONTEXT - shift) + whole
        assert around(f"词{right}{'乙' * 9}")[1] == f"{right}…"


def test_what_is_too_long_for_a_line_is_left_out() -> None:
    address = "a" * 60
    assert around(f"{address}万万词万万{address}") == ("…万万", "万万…")
