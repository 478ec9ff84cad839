"""Syllables of pinyin: which there are, where the tone mark stands, how they are split."""

from __future__ import annotations

import unicodedata

import pytest
from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

from duben.read.syllables import (
    is_han,
    is_syllable,
    split_syllables,
    suggest_syllable,
    with_tone,
    without_tone,
)

#: Syllables of dialects that a dictionary gives for one or two rare characters.
OF_DIALECTS = {"bòng", "lèn", "wòng"}


def test_every_reading_of_the_dictionary_is_a_syllable() -> None:
    readings = {reading for written in PINYIN_DICT.values() for reading in written.split(",")}
    readings |= {reading for phrase in PHRASES_DICT.values() for given in phrase for reading in given}
    assert {reading for reading in readings if not is_syllable(reading)} == OF_DIALECTS


@pytest.mark.parametrize(
    ("base", "tone", "syllable"),
    [
        ("zha", 2, "zhá"),
        ("liu", 2, "liú"),
        ("gui", 4, "guì"),
        ("xiong", 2, "xióng"),
        ("lüe", 4, "lüè"),
        ("nü", 3, "nǚ"),
        ("ê", 4, "ề"),
        ("ng", 2, "ńg"),
        ("hm", 1, "hm̄"),
        ("zi", 0, "zi"),
        ("zi", 5, "zi"),
    ],
)
def test_the_tone_mark_has_one_place(base: str, tone: int, syllable: str) -> None:
    assert with_tone(base, tone) == syllable
    assert is_syllable(syllable)
    assert without_tone(syllable) == base


@pytest.mark.parametrize("syllable", ["Ān", "LǙ", "er", unicodedata.normalize("NFD", "lǚ")])
def test_capitals_and_decomposed_letters_are_pinyin(syllable: str) -> None:
    assert is_syllable(syllable)


@pytest.mark.parametrize(
    "token", ["", "r", "líu", "zhágāng", "zhǎá", "lü4", "lv", "jǜ", "bā，", "hǎo!", "轧"]
)
def test_what_is_no_syllable_is_none(token: str) -> None:
    assert not is_syllable(token)


@pytest.mark.parametrize(
    ("token", "meant"),
    [
        ("leng3", "lěng"),
        ("lv4", "lǜ"),
        ("lu:4", "lǜ"),
        ("zi5", "zi"),
        ("de0", "de"),
        ("líu", "liú"),
        ("lv", "lü"),
        ("zhágāng", ""),
        ("xyz3", ""),
    ],
)
def test_a_slip_has_its_right_spelling(token: str, meant: str) -> None:
    assert suggest_syllable(token) == meant


@pytest.mark.parametrize(
    ("pinyin", "syllables"),
    [
        ("lěng  zhá", ("lěng", "zhá")),
        ("huār", ("huā", "r")),
        ("huā r", ("huā", "r")),
        ("yì diǎnr", ("yì", "diǎn", "r")),
        ("nǚ ér", ("nǚ", "ér")),
        ("mùer", ("mùer",)),
        ("r", ("r",)),
        ("", ()),
    ],
)
def test_syllables_stand_between_spaces_and_erhua_is_its_own(pinyin: str, syllables: tuple[str, ...]) -> None:
    assert split_syllables(pinyin) == syllables


@pytest.mark.parametrize("char", "一轧〇㐀龥𠮷豈")
def test_a_chinese_character_is_told(char: str) -> None:
    assert is_han(char)


@pytest.mark.parametrize("char", "Aé1，。·々の한䷀\ufe00☯")
def test_anything_else_is_told_from_it(char: str) -> None:
    assert not is_han(char)
