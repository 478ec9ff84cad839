"""Signs that look right and are not: half-width marks, characters of the other script, lost characters."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from duben.compile.review import strange_characters
from duben.diagnostics import Report
from duben.model import Conversion, Paragraph, Text, Variant

_HAN = "〇々㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff"
_BEFORE = f"[{_HAN}”’」』》〉）】〕…—！？]"
_AFTER = f"[{_HAN}“‘「『《〈（【〔…—]"
#: A mark with Chinese on both sides, or behind Chinese at the end of a line.
_SINGLE = re.compile(
    rf'(?:(?<={_BEFORE})|(?<=[{_HAN}]\)))[,;:!?](?=[ ]?{_AFTER}|[ ]?"{_AFTER}|[”’」』）"]|\Z|\n)'
    rf'|(?:(?<=[{_HAN}”’」』》）])|(?<=[{_HAN}]\)))\.(?=[ ]?[{_HAN}]|[”’」』）"]|\Z|\n)'
)
_BRACKETS = re.compile(rf"(?<={_BEFORE})\((?=[{_HAN}《“「『])[^()\n]*(?<=[{_HAN}》”」』，。])\)")
#: Straight quotation marks around Chinese, but for those in the midst of Latin words.
_STRAIGHT = re.compile(
    rf'(?<![A-Za-z0-9])(?<![A-Za-z0-9] )"(?={_AFTER})[^"\n]*(?<=[{_HAN}”’」』》）…—，。！？；：,.!?;:])"'
    r"(?![ ]?[A-Za-z0-9])"
)
_FULL = dict(zip(",;:!?()", "，；：！？（）", strict=True))
#: How many characters a message names.
_NAMED = 8
#: So many characters of the other script do not yet make a text one of that script.
_FEW = 5
_PRIVATE = "\ue000-\uf8ff\U000f0000-\U0010ffff"
_UNSTABLE = re.compile(f"[\ufffd{_PRIVATE}\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f]")


class HalfWidth(NamedTuple):
    """A half-width mark of a paragraph. full: what to write there, "" where that is not certain."""

    offset: int
    sign: str
    full: str


def half_width_marks(text: str, variant: Variant) -> list[HalfWidth]:
    """The half-width marks between Chinese characters, ascending.

    A stop is certain at the end of a line only: between two characters it may part a foreign name's.
    """
    found = []
    for match in _SINGLE.finditer(text):
        sign = match[0]
        ends = text[match.end() : match.end() + 1] in '\n”’」』）"'
        found.append(HalfWidth(match.start(), sign, _FULL.get(sign, "。" if ends else "")))
    for match in _BRACKETS.finditer(text):
        found += [HalfWidth(match.start(), "(", "（"), HalfWidth(match.end() - 1, ")", "）")]
    opens, closes = "“”" if variant is Variant.HANS else "「」"
    for match in _STRAIGHT.finditer(text):
        found += [HalfWidth(match.start(), '"', opens), HalfWidth(match.end() - 1, '"', closes)]
    return sorted(found)


def report_signs(paragraphs: Iterable[Paragraph], report: Report) -> None:
    """Warns of half-width marks, once for each file, and of unstable characters, once each for each file."""
    by_file: defaultdict[str, list[Paragraph]] = defaultdict(list)
    for paragraph in paragraphs:
        by_file[paragraph.source.file].append(paragraph)
    for each in by_file.values():
        _report_marks(each, report)
        _report_unstable(each, report)


def _report_marks(paragraphs: Sequence[Paragraph], report: Report) -> None:
    found = [
        (paragraph, mark)
        for paragraph in paragraphs
        for mark in half_width_marks(paragraph.text, paragraph.variant)
    ]
    if not found:
        return
    paragraph, mark = found[0]
    report.warning(
        paragraph.locate(mark.offset),
        "punctuation-half-width",
        f"a half-width `{mark.sign}` stands between Chinese characters{_of_how_many(len(found))}",
        _how_to_mend(mark, paragraph.source.file),
    )


def _how_to_mend(mark: HalfWidth, file: str) -> str:
    if not file.endswith((".md", ".yaml", ".yml")):
        return "write `normalize: [fullwidth-punctuation]` under `source:`"
    if not mark.full:
        return "write 。, or · between the parts of a foreign name"
    return f"write {mark.full}; `duben check --fix punctuation` does so everywhere"


def _report_unstable(paragraphs: Sequence[Paragraph], report: Report) -> None:
    count: Counter[str] = Counter()
    first: dict[str, tuple[Paragraph, int]] = {}
    for paragraph in paragraphs:
        for match in _UNSTABLE.finditer(paragraph.text):
            char = match[0]
            if char == unicodedata.normalize("NFKC", char) and unicodedata.category(char) == "Lo":
                continue  # 﨎 and eleven more stand in that block and are characters of their own
            count[char] += 1
            first.setdefault(char, (paragraph, match.start()))
    for char, (paragraph, offset) in first.items():
        what, hint = _what_is_wrong(char)
        report.warning(paragraph.locate(offset), "character-unstable", what + _of_how_many(count[char]), hint)


def _what_is_wrong(char: str) -> tuple[str, str]:
    code = f"U+{ord(char):04X}"
    if char == "\ufffd":
        return "a character was lost here (�)", "type it anew; a program could not read it"
    if re.match(f"[{_PRIVATE}]", char):
        return (
            f"{code} is a private character, which other computers show otherwise, or not at all",
            "type the character that is meant, or describe it",
        )
    common = unicodedata.normalize("NFKC", char)
    if common == char:
        return f"“{char}” ({code}) is a radical, not a character", "type the character that is meant"
    return (
        f"“{char}” ({code}) looks like “{common}” and is another character to a computer",
        f"write {common} (U+{ord(common):04X})",
    )


def report_mixed(text: Text, read: Iterable[tuple[Paragraph, Conversion]], report: Report) -> None:
    """Warns of a text that holds characters which its script does not write.

    read: its paragraphs, with what is read of each: errors of the print that are mended do not count.
    """
    here = Variant.HANS if text.variant is Variant.HANS else Variant.HANT
    other = Variant.HANT if here is Variant.HANS else Variant.HANS
    strange: dict[str, tuple[Paragraph, int]] = {}
    proper: set[str] = set()
    for paragraph, reading in read:
        for char in strange_characters(reading.text, here):
            at = reading.text.index(char)
            strange.setdefault(char, (paragraph, paragraph.text.find(char) if reading.units else at))
        proper.update(strange_characters(reading.text, other))
    if not strange:
        return
    name, name_of_other = ("Simplified", "Traditional")[:: 1 if here is Variant.HANS else -1]
    chars = list(strange)
    named = "".join(chars[:_NAMED]) + ("…" if len(chars) > _NAMED else "")
    paragraph, offset = strange[chars[0]]
    if len(chars) > max(len(proper), _FEW):
        message = f"this text is in {text.variant}, but mostly written in {name_of_other}: {named}"
        hint = f"write `lang: {other}` in text.yaml"
    else:
        message = f"{_count(len(chars))} {name_of_other}, and this text is in {name}: {named}"
        hint = "write them in the text's script; an error of the print is mended by `reading:`"
    report.warning(paragraph.locate(max(offset, 0)), "script-mixed", message, hint)


def _count(number: int) -> str:
    return "1 character is" if number == 1 else f"{number} characters are"


def _of_how_many(number: int) -> str:
    return f" (the first of {number} in this file)" if number > 1 else ""
