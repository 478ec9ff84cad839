"""Quotation marks by depth: “ ‘ ’ ” in Simplified texts, 「 『 』 」 in Traditional ones.

The converter's dictionaries leave them alone, and a character table cannot do it: which mark is
meant depends on how deep the quotation stands. The same reading of the marks tells which have no
partner. 〝 〞, straight quotes and the marks of titles 《 〈 〉 》 are no concern of this room.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from duben.compile.paired_marks import (
    ALONE,
    CLOSES,
    MARK,
    NO_QUOTE,
    OPENS,
    is_apostrophe,
    latin_marks,
    levels_of,
    may_be_latin,
    read_marks,
)
from duben.diagnostics import Report
from duben.model import Conversion, Location, Paragraph, Unit, Variant


class Style(NamedTuple):
    """How quotations are marked: the pair outside, the pair inside it."""

    outer: str
    inner: str


CURLY = Style("“”", "‘’")
CORNER = Style("「」", "『』")

_MARKS_OF = {style: (*style.outer, *style.inner) for style in (CURLY, CORNER)}
_WELL_FORMED = {
    style: re.compile("(?:{}(?:{}{})*{})*".format(style.outer[0], *style.inner, style.outer[1]))
    for style in (CURLY, CORNER)
}
_COUNTERPART = dict(zip("“”‘’「」『』", "「」『』“”‘’", strict=True))
_LEADING = re.compile(r"\s*([“‘「『]*)")


def style_of(variant: Variant) -> Style:
    return CURLY if variant is Variant.HANS else CORNER


def restyled_marks(text: str, style: Style) -> list[tuple[int, str]]:
    """(offset, mark) for each quotation mark of the text that reads otherwise in `style`.

    A text that has no mark of the other style stays as it is. Otherwise the outermost pairs get the
    outer marks, the next the inner ones, and so on in turn. A mark without a partner, and a pair that
    may stand inside one, keep their rank (“ ↔ 「, ‘ ↔ 『). Apostrophes stay, and curly marks around
    words in Latin script in the midst of others; “5G” in a Chinese sentence is marked as the sentence is.
    """
    foreign = CORNER if style is CURLY else CURLY
    first, second, third, fourth = _MARKS_OF[foreign]
    if not (first in text or second in text or third in text or fourth in text):
        return []
    found = _quotation_marks(text)
    row = "".join([mark for _, mark in found])
    if _WELL_FORMED[foreign].fullmatch(row) and not any(may_be_latin(text, at) for at, _ in found):
        # Most paragraphs: marks as they should be. Each has its counterpart, and nothing need be read.
        return [(at, _COUNTERPART[mark]) for at, mark in found]
    marks = read_marks(text)
    latin = latin_marks(marks)
    changed = []
    for index, level in enumerate(levels_of(marks)):
        if marks.partner[index] == NO_QUOTE or index in latin:
            continue
        pair = style.inner if level % 2 else style.outer
        mark = pair[0] if marks.roles[index] in CLOSES else pair[1]
        if text[marks.at[index]] != mark:
            changed.append((marks.at[index], mark))
    return changed


def _quotation_marks(text: str) -> list[tuple[int, str]]:
    """(offset, mark) for each mark of the text but apostrophes."""
    return [
        (at, mark)
        for at, mark in [(found.start(), found.group()) for found in MARK.finditer(text)]
        if mark != "’" or not is_apostrophe(text, at)
    ]


def report_unbalanced(
    flows: Iterable[Sequence[Paragraph]],
    report: Report,
    readings: Mapping[str, Conversion] = MappingProxyType({}),
) -> None:
    """Warns of each quotation mark that has no partner, or a wrong one, at its place.

    flows: paragraphs that are read one after the other: a text, a note. readings: by paragraph id, what
    is read instead of what is printed, whose marks then count.

    A quotation may run over several paragraphs if each of them opens with its marks again (GB/T
    15834—2011, 4.8). In verse and lists, whose lines are parts of one sentence, it may go on without.
    """
    for flow in flows:
        pending: dict[str, list[_Open]] = {}  # by footnote; "" for the text itself
        in_parts = False
        for paragraph in flow:
            reading = readings.get(paragraph.id, Conversion(paragraph.text))
            if paragraph.kind in _BY_THEMSELVES:
                for mark, location in _check_paragraph(paragraph, reading, [], report):
                    _tell_unclosed(mark, location, report)
                continue
            before, in_parts = in_parts, _has_parts(paragraph)
            left = _resumed(reading.text, pending.get(paragraph.label, []), before or in_parts, report)
            pending[paragraph.label] = _check_paragraph(paragraph, reading, left, report)
        for left in pending.values():
            _tell_open(left, report)


class _Open(NamedTuple):
    """A quotation that is still open at the end of a paragraph."""

    mark: str
    location: Location


_BY_THEMSELVES = frozenset(("title", "heading", "cell", "table", "image"))


def _has_parts(paragraph: Paragraph) -> bool:
    """Whether it is verse or stands in a list."""
    return paragraph.kind == "verse" or any(container.kind in ("ul", "ol") for container in paragraph.within)


def _resumed(text: str, left: list[_Open], runs_on: bool, report: Report) -> list[_Open]:
    """The quotations that go on in a paragraph without being opened again; the others are done with."""
    if not left:
        return left
    found = _LEADING.match(text)
    again = 0
    for mark, (wanted, _) in zip(found.group(1) if found else "", left, strict=False):
        if mark != wanted:
            break
        again += 1
    if runs_on and not again:
        return left
    _tell_open(left[again:], report)
    return []


_IN_PRINT = "; if it is so in print, mend it by `reading:`"


def _tell_open(left: Iterable[_Open], report: Report) -> None:
    for mark, location in left:
        _tell_unclosed(mark, location, report, f"; if it goes on, begin the next paragraph with {mark}, too")


def _tell_unclosed(mark: str, location: Location, report: Report, unless: str = "") -> None:
    hint = f"write {CLOSES[mark]} where the quotation ends{unless}{_IN_PRINT}"
    report.warning(location, "quotation-unbalanced", f"{mark} is not closed", hint)


def _check_paragraph(
    paragraph: Paragraph, reading: Conversion, left: Sequence[_Open], report: Report
) -> list[_Open]:
    """The quotations that are open at the end of a paragraph; what is wrong in it is reported.

    reading: the paragraph as it is read. left: the quotations that were open at its start.
    """
    text = reading.text
    if not MARK.search(text):
        return list(left)
    carried = "".join(mark for mark, _ in left)
    marks = read_marks(carried + text)
    back = Conversion(paragraph.text, tuple(Unit(unit.target, unit.source) for unit in reading.units))

    def locate(index: int) -> Location:
        at = marks.at[index]
        if at < len(carried):
            return left[at].location
        return paragraph.locate(back.start_of(at - len(carried)))

    still_open = []
    blamed = set(marks.blames.values())
    for index, (at, role, partner) in enumerate(zip(marks.at, marks.roles, marks.partner, strict=True)):
        mark = marks.text[at]
        if partner == ALONE and role in CLOSES:
            # One that its own mark follows should have been closed before it.
            if index in marks.open and index not in marks.doubled and index not in blamed:
                still_open.append(_Open(mark, locate(index)))
            elif index not in blamed:
                _tell_unclosed(mark, locate(index), report)
            continue
        message, hint = "", ""
        if partner == ALONE:
            message = f"{mark} closes nothing"
            hint = f"write {OPENS[mark]} where the quotation begins, or remove the mark{_IN_PRINT}"
        elif partner > ALONE and role != mark and role in CLOSES:
            message, hint = f"{mark} stands where a quotation opens", f"write {role}"
        elif 0 <= partner < index and mark != CLOSES[marks.roles[partner]]:
            opening = marks.roles[partner]
            message, hint = f"{opening} is closed by {mark}", f"write {CLOSES[opening]}"
        if index in marks.blames:
            opening = marks.text[marks.at[marks.blames[index]]]
            message, hint = f"{opening} is closed by {mark}", f"write {CLOSES[opening]}"
        if message:
            report.warning(locate(index), "quotation-unbalanced", message, hint)
    return still_open
