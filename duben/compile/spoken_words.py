"""The words of a text as pinyin writes them: what is joined, what has a capital, and 地 and 得.

The segmenter says where words are. Pinyin (GB/T 16159) writes numbers by their places (yībǎi wǔshíliù),
parts long words that are made of words (宣告破产), and begins names with a capital.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from duben.compile.names import BODIES, NAMES, UNITS, second_word
from duben.compile.words import segmenter
from duben.read.syllables import is_han

#: Whether the reading of a word is known as a whole, so that no rule should change it.
Known = Callable[[str], bool]

_DIGIT = "一二三四五六七八九两几"
_ALL = f"〇零十百千万亿{_DIGIT}"
#: Digits said one by one (一九七〇), which segmenters part anywhere. Beside a unit (三百五十) they are not.
_DIGITS = re.compile(
    "(?<![〇零一二三四五六七八九十百千万亿])[〇零一二三四五六七八九]+(?![〇零一二三四五六七八九十百千万亿])"
)
#: Numbers of two places or more: each digit is one word with its 十, 百, 千; tens, 万 and 亿 begin another.
_PLACE = f"(?:[{_DIGIT}]?十[{_DIGIT}]?|[{_DIGIT}][百千]|零[{_DIGIT}]|[{_DIGIT}](?=[万亿])|[万亿])"
_NUMBER = re.compile(f"(?<![{_ALL}第])(?=[{_DIGIT}十]){_PLACE}(?:{_PLACE})*(?![{_ALL}])")
_PLACES = re.compile(_PLACE)

#: Before 得, a single character is a verb, but in these: 取得, 不得不, 难得, 总得.
_NO_VERB = frozenset("不取获值所难心总非只必求自免赢博还须可应才已亦又既未")


def joints(text: str, known: Known) -> list[bool]:
    """For each character of a text in Simplified, whether it goes on with the word before it."""
    return [joined for joined, _ in _written(text, known)]


def capitals(text: str, known: Known) -> list[int]:
    """Where in a text in Simplified a word is that begins with a capital, ascending."""
    return [offset for offset, (_, capital) in enumerate(_written(text, known)) if capital]


def particles(text: str, known: Known) -> Iterator[int]:
    """Where 地 and 得 are particles, read `de`: 飞快地, 走得远, 看得出."""
    start = 0
    previous = ""
    words = segmenter().cut(text)
    for number, word in enumerate(words):
        follows = words[number + 1][:1] if number + 1 < len(words) else ""
        goes_on = bool(follows) and is_han(follows)
        if word == "地":
            if len(previous) > 1 and is_han(previous[-1]) and goes_on:
                yield start
        elif word == "得":
            if previous and is_han(previous[-1]) and previous[-1] not in _NO_VERB and goes_on:
                yield start
        elif word[1:2] == "得" and word[0] not in _NO_VERB:
            complement = len(word) == 3 or (len(word) == 2 and goes_on and not known(word))
            if complement:
                yield start + 1
        start += len(word)
        previous = word


def _written(text: str, known: Known) -> list[tuple[bool, bool]]:
    """(joined, capital) for each character of a text."""
    joined = [False] * len(text)
    capital = [False] * len(text)
    start = 0
    for word, marks in _words(text, known):
        joined[start + 1 : start + len(word)] = [True] * (len(word) - 1)
        for offset, (joint, large) in enumerate(marks):
            joined[start + offset], capital[start + offset] = joint, large
        start += len(word)
    for number in _NUMBER.finditer(text):
        start, end = number.span()
        if end - start < 2 or (end - start == 2 and number[0][0] != "十" and joined[start]):
            continue
        _lay_number(joined, number[0], start)
        # 一百多年 is three words; a word that follows stays one: 九十 年代.
        for offset in range(end, min(end + 2, len(text))):
            if not joined[offset]:
                break
            joined[offset] = False
            if text[offset] not in "多余来":
                break
    for digits in _DIGITS.finditer(text):
        start, end = digits.span()
        # Two that are no year may be “five or six”.
        if end - start > 2 or (end - start == 2 and "〇" in digits[0]):
            joined[start:end] = [False] + [True] * (end - start - 1)
            if end < len(text):
                joined[end] = False
    return list(zip(joined, capital, strict=True))


def _lay_number(joined: list[bool], number: str, start: int) -> None:
    last = ""
    for place in _PLACES.finditer(number):
        at = start + place.start()
        # 一万, 三亿: one digit before it is one word with it. 十五 万 is two.
        joined[at] = place[0] in "万亿" and len(last) == 1
        joined[at + 1 : at + len(place[0])] = [True] * (len(place[0]) - 1)
        last = place[0]


def _words(text: str, known: Known) -> Iterator[tuple[str, list[tuple[bool, bool]]]]:
    for word in segmenter().cut(text):
        yield word, _marks(word, known) if len(word) > 1 and is_han(word[0]) else [(False, False)]


@cache
def _marks(word: str, known: Known) -> list[tuple[bool, bool]]:
    """(joined, capital) for each character of a word of the segmenter."""
    name = next((word[:end] for end in range(len(word), 1, -1) if word[:end] in NAMES), "")
    rest = word[len(name) :]
    starts = {0}
    large: set[int] = set()
    pieces = _pieces(word, known)
    if len(pieces) > 1:
        at = 0
        for piece in pieces:
            starts.add(at)
            at += len(piece)
    if name and (not rest or rest in UNITS or len(pieces) > 1 or rest in _AFTER):
        large = {0}
        if second := second_word(name):
            starts.add(second)
            large.add(second)
        if rest in UNITS:
            starts.add(len(name))
            large.add(len(name))
        if rest and word.endswith(BODIES):
            large |= starts
    return [(offset not in starts, offset in large) for offset in range(len(word))]


#: What goes on with a name in one word: Zhōngguórén, Zhōngguóhuà.
_AFTER = frozenset("人 话 语 文 式 菜 籍 队 军 史 化 省".split())


def _pieces(word: str, known: Known) -> list[str]:
    """The words that a word of four characters or more is made of; itself, where it is one."""
    if len(word) < 4 or word.endswith("学家") or set(word[:2]) <= set(_ALL):
        return [word]
    cutter = segmenter()
    if known(word) and cutter.tag(word)[0][1] == "i":
        return [word]  # an idiom
    inside = set(cutter.cut_for_search(word)) - {word}
    # The cuts that reach each place, by words of two or three characters.
    reached: dict[int, list[str]] = {0: []}
    for start in range(len(word)):
        if start in reached:
            for length in (2, 3):
                piece = word[start : start + length]
                if piece in inside and len(piece) == length:
                    reached.setdefault(start + length, [*reached[start], piece])
    return reached.get(len(word), [word])
