"""Quotation marks by depth: “ ‘ ’ ” in Simplified texts, 「 『 』 」 in Traditional ones.

The converter's dictionaries leave them alone, and a character table cannot do it: which mark is
meant depends on how deep the quotation stands.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from duben.model import Variant


class Style(NamedTuple):
    """How quotations are marked: the pair outside, the pair inside it."""

    outer: str
    inner: str


CURLY = Style("“”", "‘’")
CORNER = Style("「」", "『』")

_MARK = re.compile("[“”‘’「」『』]")
_CLOSES = {pair[0]: pair[1] for style in (CURLY, CORNER) for pair in style}  # “ → ”
# A mark that cannot be paired keeps its rank: “ ↔ 「, ‘ ↔ 『.
_COUNTERPART = dict(zip("“”‘’「」『』", "「」『』“”‘’", strict=True))
_LATIN = "0-9A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ"
_APOSTROPHE = re.compile(f"(?<=[{_LATIN}])’(?=[{_LATIN}])")
_BESIDE_LATIN = re.compile(f"(?<=[{_LATIN}])’|’(?=[{_LATIN}])")
_LATIN_LETTER = re.compile("[A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ]")
_FROM_CJK_ON = re.compile("[⺀-\U0010ffff]")


def style_of(variant: Variant) -> Style:
    return CURLY if variant is Variant.HANS else CORNER


def restyled_marks(text: str, style: Style) -> list[tuple[int, str]]:
    """(offset, mark) for each quotation mark of the text that reads otherwise in `style`.

    A text that has no mark of the other style stays as it is. Otherwise the outermost pairs get the
    outer marks, the next the inner ones, and so on in turn; where the marks do not pair, each is
    replaced by the one of its own rank. Apostrophes stay, and curly marks around words in Latin script
    in the midst of others; “5G” in a Chinese sentence is marked as the sentence is.
    """
    foreign = CORNER if style is CURLY else CURLY
    if not any(mark in text for pair in foreign for mark in pair):
        return []
    marks, pairs = _pairs(text)
    if pairs is None:
        own = style.outer + style.inner
        return [(at, _COUNTERPART[text[at]]) for at in marks if text[at] not in own]
    changed = []
    for start, end, depth in pairs:
        if text[start] in "“‘" and _is_latin(text[start + 1 : end]) and _amid_latin(text, start, end):
            continue
        pair = style.inner if depth % 2 else style.outer
        if text[start] != pair[0]:
            changed += [(start, pair[0]), (end, pair[1])]
    return sorted(changed)


def _pairs(text: str) -> tuple[list[int], list[tuple[int, int, int]] | None]:
    """The offsets of the quotation marks without the apostrophes, and the pairs that they form.

    A pair is (start, end, depth), depth from 0. None for the pairs where some mark has no partner.
    """
    marks: list[int] = []
    pairs: list[tuple[int, int, int]] = []
    waiting: list[int] = []
    balanced = True
    for found in _MARK.finditer(text):
        at, mark = found.start(), found.group()
        if mark == "’" and _APOSTROPHE.match(text, at):
            continue
        if mark in _CLOSES:
            waiting.append(at)
        elif waiting and _CLOSES[text[waiting[-1]]] == mark:
            start = waiting.pop()
            pairs.append((start, at, len(waiting)))
        elif mark == "’" and _BESIDE_LATIN.match(text, at):
            continue  # the ’ of students’ and of ’90s
        else:
            balanced = False
        marks.append(at)
    return marks, pairs if balanced and not waiting else None


def _amid_latin(text: str, start: int, end: int) -> bool:
    """Whether nothing Chinese stands beside a pair of marks, spaces and other marks apart."""
    before, after = text[:start].rstrip(" “‘「『")[-1:], text[end + 1 :].lstrip(" ”’」』")[:1]
    return not _FROM_CJK_ON.match(before) and not _FROM_CJK_ON.match(after)


def _is_latin(text: str) -> bool:
    return bool(_LATIN_LETTER.search(text)) and not _FROM_CJK_ON.search(text)
