"""Whether the pinyin that an editor gives can be that of the headword."""

from __future__ import annotations

import importlib.util
import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from duben.diagnostics import Report
from duben.model import Term
from duben.read.syllables import LONGEST, MARKS, SYLLABLES, is_han, without_tone

#: (character, syllable) pairs that do not belong together.
Wrong = tuple[tuple[str, str], ...]


class _Laid(NamedTuple):
    """Syllables laid over the start of a headword: what is wrong, and the last of them.

    before: how it was before that. span: of the letters that the last character is read by.
    """

    wrong: Wrong = ()
    before: _Laid | None = None
    span: tuple[int, int] = (0, 0)


class Given(NamedTuple):
    """How a character of a headword is read. joined: its syllable stands in one word with the one before."""

    syllable: str
    joined: bool


#: Readings of Taiwan that pypinyin's table of characters does not have, without tones.
OF_TAIWAN = {
    "垃": "le",
    "圾": "se",
    "和": "han",
    "携": "xi",
    "攜": "xi",
    "崖": "yai",
    "液": "yi",
    "掖": "yi",
    "腋": "yi",
    "蜗": "gua",
    "蝸": "gua",
}


def check_pinyin(term: Term, simplified: str, report: Report) -> None:
    """Reports an entry's own pinyin that fits neither the headword nor its Simplified form."""
    if "<" in term.pinyin:
        return  # markup, which has been told of
    misfit = find_misfit(term.pinyin, term.term)
    if misfit and find_misfit(term.pinyin, simplified):
        report.warning(term.places.get("pinyin", term.location), "pinyin-mismatch", *misfit)


def find_misfit(pinyin: str, headword: str) -> tuple[str, str] | None:
    """What is wrong and what to do, where the pinyin cannot be that of the headword; else None.

    Words may be joined (shēngchǎnlì), capitals, apostrophes and punctuation stand where they like, tones
    are not compared, r may follow any syllable. What stands for letters and digits of the headword may
    be anything.
    """
    characters = sum(map(is_han, headword))
    letters, toned = _letters(pinyin)
    # A character is read in six letters at most, a digit in hardly more.
    too_long = len(letters) > 10 * (len(headword) + 1)
    laid = None if too_long else _lay_over(letters, toned, headword)
    wrong = laid and laid.wrong
    if not characters or wrong == ():
        return None
    syllables = 0
    for word, marks in _words(letters, toned):
        least = _fewest_syllables(word, marks)
        if least is None and (any(map(is_han, word)) or word not in headword.lower()):
            return f"`{word[:40]}` is no pinyin", "write it with tone marks: lěng zhá"
        syllables += least or 0
    if wrong and syllables == characters:
        char, syllable = wrong[0]
        return f"“{char}” is not read `{syllable}`", f"its readings are {', '.join(_readings_of(char))}"
    message = (
        f"the pinyin has {_count(syllables, 'syllable')},"
        f" and “{headword}” has {_count(characters, 'character')}"
    )
    return message, "write a syllable for each character; an apostrophe parts those that run together: Xī'ān"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _letters(pinyin: str) -> tuple[str, list[bool]]:
    """The small letters without tones, anything but letters and digits a space; and which had a mark."""
    letters: list[str] = []
    toned: list[bool] = []
    for char in unicodedata.normalize("NFC", pinyin.lower()):
        if char in MARKS and letters:  # on a letter with which it has no single character: m̀
            toned[-1] = True
            continue
        letter, marked = _letter(char)
        letters.append(letter)
        toned.append(marked)
    return "".join(letters), toned


@cache
def _letter(char: str) -> tuple[str, bool]:
    """The letter without its tone mark, a space for a sign; and whether it had a mark."""
    marked = any(mark in MARKS for mark in unicodedata.normalize("NFD", char))
    return without_tone(char) if char.isalnum() else " ", marked


def _syllables_at(letters: str, toned: Sequence[bool], start: int) -> Iterator[int]:
    """Where the syllables that start there may end; none has two tone marks."""
    for end in range(start + 1, min(start + LONGEST, len(letters)) + 1):
        if letters[start:end] in SYLLABLES and sum(toned[start:end]) < 2:
            yield end


def _lay_over(letters: str, toned: Sequence[bool], headword: str) -> _Laid | None:
    """How the pinyin lies best over the headword; None where it cannot be laid over it."""
    # By where the syllables laid so far end.
    fits: dict[int, _Laid] = {}

    def reach(end: int, laid: _Laid) -> None:
        while letters[end : end + 1] == " ":
            end += 1
        if end not in fits or len(laid.wrong) < len(fits[end].wrong):
            fits[end] = laid

    reach(0, _Laid())
    for han, run in groupby(headword, is_han):
        text = "".join(run)
        if not han:
            if any(map(str.isalnum, text)):
                best = None
                for place in range(len(letters) + 1):
                    if place in fits and (best is None or len(fits[place].wrong) < len(best.wrong)):
                        best = fits[place]
                    if best is not None:
                        reach(place, best)
            continue
        for char in text:
            so_far = fits.copy()
            fits.clear()
            readings = _toneless_readings_of(char)
            for start, before in so_far.items():
                wrong = before.wrong
                if char in "儿兒" and letters[start : start + 1] == "r":
                    reach(start + 1, _Laid(wrong, before, (start, start + 1)))
                for end in _syllables_at(letters, toned, start):
                    syllable = letters[start:end]
                    after = wrong if syllable in readings or not readings else (*wrong, (char, syllable))
                    reach(end, _Laid(after, before, (start, end)))
                    if letters[end : end + 1] == "r":  # erhua that the headword does not write
                        reach(end + 1, _Laid(after, before, (start, end + 1)))
    return fits.get(len(letters))


def spread_pinyin(pinyin: str, headword: str, *, trusted: bool = False) -> tuple[Given, ...] | None:
    """The pinyin cut up: how each Chinese character of the headword is read.

    Capitals and hyphens stay, a hyphen with the syllable before it; an apostrophe goes. None where it
    cannot be laid over the headword, or, unless it is trusted, a character is never read so.
    """
    written = unicodedata.normalize("NFC", pinyin)
    letters, toned = _letters(written)
    # Signs that have no single character with their mark (m̀) are in no table of this kind: rare enough.
    if len(letters) != len(written) or len(letters) > 10 * (len(headword) + 1):
        return None
    laid = _lay_over(letters, toned, headword)
    if laid is None or (laid.wrong and not trusted):
        return None
    spans: list[tuple[int, int]] = []
    while laid.before is not None:
        spans.append(laid.span)
        laid = laid.before
    spans.reverse()
    found = []
    last = 0
    for number, (start, end) in enumerate(spans):
        between = written[last:start]
        follows = spans[number + 1][0] if number + 1 < len(spans) else end
        hyphen = "-" if written[end:follows] in "-‐" and follows > end else ""
        joined = number > 0 and between in ("", "'", "’", "-", "‐")
        found.append(Given(written[start:end] + hyphen, joined))
        last = end
    return tuple(found)


def _words(letters: str, toned: Sequence[bool]) -> Iterator[tuple[str, Sequence[bool]]]:
    start = 0
    for word in letters.split(" "):
        if word:
            yield word, toned[start : start + len(word)]
        start += len(word) + 1


def _fewest_syllables(word: str, toned: Sequence[bool]) -> int | None:
    """How many syllables a word has at least, the r of erhua aside; None where it is not made of any."""
    least: dict[int, int] = {0: 0}
    for start in range(len(word)):
        if start in least:
            for end in _syllables_at(word, toned, start):
                least[end] = min(least.get(end, len(word)), least[start] + 1)
                if word[end : end + 1] == "r":
                    least[end + 1] = min(least.get(end + 1, len(word)), least[start] + 1)
    return least.get(len(word))


def may_be_read(char: str, syllable: str) -> bool:
    """Whether a character is ever read so, in whatever tone."""
    return without_tone(syllable) in _toneless_readings_of(char) or (syllable == "r" and char in "儿兒")


def _readings_of(char: str) -> tuple[str, ...]:
    """Every reading of a character, rare ones and Taiwan's included; () where it is in no table."""
    known = read_characters().get(str(ord(char)), "")
    if not known:
        return ()
    return (*known.split(","), *filter(None, [OF_TAIWAN.get(char)]))


@cache
def _toneless_readings_of(char: str) -> frozenset[str]:
    return frozenset(map(without_tone, _readings_of(char)))


@cache
def read_characters() -> Mapping[str, str]:
    """pypinyin's table of characters: code point → readings, with commas between them."""
    table: Mapping[str, str] | None = _read_table("pinyin_dict.json")
    if table is None:
        # Before 0.55 it was a module.
        from pypinyin.constants import PINYIN_DICT

        table = {str(code): readings for code, readings in PINYIN_DICT.items()}
    return table


def read_phrases() -> Mapping[str, Sequence[Sequence[str]]]:
    """pypinyin's table of phrases: phrase → the readings of each of its characters."""
    table: Mapping[str, Sequence[Sequence[str]]] | None = _read_table("phrases_dict.json")
    if table is None:
        from pypinyin.constants import PHRASES_DICT

        table = PHRASES_DICT
    return table


def _read_table(name: str) -> Any:
    # pypinyin loads its tables together, and more beside them, in ten times the time of this one alone.
    spec = importlib.util.find_spec("pypinyin")
    for folder in spec.submodule_search_locations or () if spec else ():
        file = Path(folder) / name
        if file.is_file():
            return json.loads(file.read_bytes())
    return None
