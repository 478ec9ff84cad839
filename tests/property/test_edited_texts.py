"""Notes after random edits: none at wrong words, every lost one told, and mostly with the right place first.

bench/edits.py does the same for 10,000 texts.
"""

from __future__ import annotations

from collections import Counter

import pytest
from edited_texts import KINDS, edited, measure, vocabulary


@pytest.fixture(scope="module")
def measured() -> Counter[str]:
    return measure(range(400))


def test_no_note_is_attached_to_other_words_than_its_own(measured: Counter[str]) -> None:
    assert measured["notes"] > 10_000
    assert measured["wrong"] == 0, dict(measured)


def test_every_note_is_accounted_for(measured: Counter[str]) -> None:
    states = ("holds", "moved", "doubtful", "lost")
    assert sum(measured[state] for state in states) == measured["notes"]
    assert all(measured[state] for state in states), dict(measured)


def test_of_what_is_lost_the_right_place_stands_first_in_nine_of_ten(measured: Counter[str]) -> None:
    judged = measured["first is right"] + measured["first is not right"]
    assert judged > 500
    share = measured["first is right"] / judged
    assert share >= 0.9, f"the right place stands first for {share:.1%} of {judged}: {dict(measured)}"
    assert measured["doubtful"] < measured["moved"] / 20, dict(measured)


def test_the_edits_are_those_of_editors_and_the_same_in_every_run() -> None:
    assert set(KINDS) >= {"insert", "delete", "substitute", "split", "merge", "move"}
    assert list(edited(7, vocabulary())) == list(edited(7, vocabulary()))
