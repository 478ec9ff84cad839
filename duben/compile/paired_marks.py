"""Which quotation marks of a text are partners, how deep they stand, and which mark something else.

The marks are read as they are printed, whatever their style. 〝 〞, straight quotes and the marks of
titles 《 〈 〉 》 are no concern of this room.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

MARK = re.compile("[“”‘’「」『』]")
CLOSES = dict(zip("“‘「『", "”’」』", strict=True))
OPENS = {closing: opening for opening, closing in CLOSES.items()}
_OTHER_STYLE = dict(zip("“‘「『", "「『“‘", strict=True))
_RANK = {mark: rank for rank, marks in enumerate(("“”「」", "‘’『』")) for mark in marks}

# The first character of East Asia: from here on, letters take no apostrophe.
_CJK = "⺀"
# What ’ and ” may be behind digits: 30’’, 27”. A year is no inches.
_PRIME = "(?<=[0-9]’)’|(?<=[0-9])(?<![0-9]{3})”"
# A prime which a mark behind it, that closes nothing else, shows not to have closed: the first ” of
# “27”显示器”, that of “5’10”，…”.
_GIVES_WAY = r"(?<=[0-9])(?<![0-9]{3})”(?=[\w”])|(?:(?<=[0-9]’[0-9])|(?<=[0-9]’[0-9]{2}))”"
_DECADE = "[0-9]{2}"
_STOPS = "，。、；：！？"
# An opening mark that can only close: nothing begins before a stop, unless it is the stop that is quoted.
_TURNED_CLOSE = rf"[“‘「『](?![{_STOPS}…—]{{1,3}}[”’」』])(?=[{_STOPS}）》〉】〕\n]|\Z)"
_TURNED_OPEN = rf"(?<![^\n：（])[”’」』](?![{_STOPS}）\n]|\Z)"
_LATIN_LETTER = "[A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ]"
_LEADING_A_LINE = r"(?<=\n)[ \u3000]*([“‘「『]+)"

ALONE = -1  # has no partner
NO_QUOTE = -2  # an apostrophe, a prime
REPEATS = -3  # says once more that a quotation is open


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """The pattern, compiled when it is first needed: marks as they should be need none."""
    return re.compile(pattern)


def _letter_at(text: str, at: int) -> bool:
    """Whether a letter or digit of any script but those of East Asia stands there."""
    return 0 <= at < len(text) and text[at] < _CJK and text[at].isalnum()


def is_apostrophe(text: str, at: int) -> bool:
    """Whether the ’ at `at` stands inside a word: it’s."""
    return _letter_at(text, at - 1) and _letter_at(text, at + 1)


def _is_apostrophe_or_prime(text: str, at: int) -> bool:
    """What ’ and ” may be where they close nothing: students’, ’90s, 5’, 30’’, 27”."""
    if text[at] == "’" and (_letter_at(text, at - 1) or _letter_at(text, at + 1)):
        return True
    return _compiled(_PRIME).match(text, at) is not None


def _is_okina(text: str, at: int) -> bool:
    """Hawai‘i, and ‘90s with the wrong mark."""
    return (_letter_at(text, at - 1) and _letter_at(text, at + 1)) or _compiled(_DECADE).match(
        text, at + 1
    ) is not None


@dataclass(slots=True, repr=False, eq=False)
class Marks:
    """The quotation marks of a text. Lists run by mark; the marks are named by their index.

    at: offsets. roles: as which mark each is read, itself or the other of its pair. partner: the other of
    the pair, or one of ALONE, NO_QUOTE, REPEATS. open: those still open at the end. doubled: openings
    inside which the same mark opens again. repeats: a mark that begins a line → the one that it repeats.
    blames: a closing without partner → the opening that it seems to close.
    """

    text: str
    at: list[int] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    partner: list[int] = field(default_factory=list)
    open: set[int] = field(default_factory=set)
    doubled: set[int] = field(default_factory=set)
    repeats: dict[int, int] = field(default_factory=dict)
    blames: dict[int, int] = field(default_factory=dict)

    def faults(self) -> int:
        """How many marks are alone, and how many are not what they should be."""
        return self.partner.count(ALONE) + sum(
            partner >= 0 and self.text[at] != self._wanted(role, partner)
            for at, role, partner in zip(self.at, self.roles, self.partner, strict=True)
        )

    def _wanted(self, role: str, partner: int) -> str:
        return role if role in CLOSES else CLOSES[self.roles[partner]]


def read_marks(text: str) -> Marks:
    """The marks of a text, paired as each of them stands, or else in the way that leaves fewest faults.

    Other ways are that some marks were turned round (“山“), and that a quotation opens again with each
    line. Linear in the text's length.
    """
    best = _pair(text, {}, turning=False)
    if ALONE not in best.partner:
        return best
    leading = _leading_lines(text)
    ways = [(leading, False), ({}, True), (leading, True)] if leading else [({}, True)]
    return min([best, *(_pair(text, lines, turning=turning) for lines, turning in ways)], key=Marks.faults)


def _leading_lines(text: str) -> dict[int, int]:
    """The opening marks with which lines begin, but for the first line: offset → number in its row."""
    return {
        at: at - found.start(1)
        for found in _compiled(_LEADING_A_LINE).finditer(text)
        for at in range(found.start(1), found.end(1))
    }


def _pair(text: str, leading: Mapping[int, int], *, turning: bool) -> Marks:
    """The marks of a text, each paired with the nearest that can be its partner.

    leading: marks that may repeat the one which is open, instead of opening another. turning: whether a
    mark may be read as the other of its pair, where it can only be that.
    """
    marks = Marks(text)
    waiting: list[tuple[int, str]] = []  # opening marks: (index, role)
    count = dict.fromkeys(CLOSES, 0)  # of them by role
    last = [ALONE]  # inside each of them, and outside: the opening of the pair that was closed last

    def join(opening: int, closing: int) -> None:
        marks.partner[opening], marks.partner[closing] = closing, opening
        last[-1] = opening

    def drop() -> int:
        index, role = waiting.pop()
        count[role] -= 1
        last.pop()
        return index

    for found in MARK.finditer(text):
        at, role = found.start(), found.group()
        if role == "’" and is_apostrophe(text, at):
            continue
        top = waiting[-1][1] if waiting else ""
        if turning and role in CLOSES:
            if role == top and marks.at[waiting[-1][0]] < at - 1 and _compiled(_TURNED_CLOSE).match(text, at):
                role = CLOSES[role]
        elif (
            turning
            and not count[OPENS[role]]
            and top != _OTHER_STYLE[OPENS[role]]
            and _compiled(_TURNED_OPEN).match(text, at)
            and not _is_apostrophe_or_prime(text, at)
        ):
            role = OPENS[role]
        index = len(marks.at)
        marks.at.append(at)
        marks.roles.append(role)
        marks.partner.append(ALONE)

        if role in CLOSES:
            number = leading.get(at, len(waiting))
            if number < len(waiting) and waiting[number][1] == role:
                marks.repeats[index] = waiting[number][0]
                marks.partner[index] = REPEATS
                continue
            if role == top:
                marks.doubled.add(waiting[-1][0])
            waiting.append((index, role))
            last.append(ALONE)
            count[role] += 1
            continue

        opening = OPENS[role]
        no_quote = _is_apostrophe_or_prime(text, at)
        if top == opening or (count[opening] and not (no_quote and role == "’")):
            while waiting[-1][1] != opening:
                drop()
            join(drop(), index)
        elif top == _OTHER_STYLE[opening] and not no_quote:
            join(drop(), index)
        elif no_quote:
            marks.partner[index] = NO_QUOTE
        elif last[-1] >= 0 and _gives_way(marks, marks.partner[last[-1]], role):
            marks.partner[marks.partner[last[-1]]] = NO_QUOTE
            join(last[-1], index)
        elif waiting:
            marks.blames[index] = waiting[-1][0]

    marks.open = {index for index, _ in waiting}
    for index, at in enumerate(marks.at):
        if marks.partner[index] == ALONE:
            marks.roles[index] = text[at]
            if text[at] == "‘" and _is_okina(text, at):
                marks.partner[index] = NO_QUOTE
    first: dict[int, int] = {}
    for closing, index in marks.blames.items():
        alone = marks.partner[index] == marks.partner[closing] == ALONE
        # One that was turned round in vain is what it is printed as.
        if alone and marks.roles[index] in CLOSES and marks.roles[closing] in OPENS:
            first.setdefault(index, closing)
    marks.blames = {closing: index for index, closing in first.items()}
    return marks


def _gives_way(marks: Marks, closing: int, role: str) -> bool:
    """Whether a mark that closes may have been an apostrophe or a prime, as another like it follows."""
    text, at = marks.text, marks.at[closing]
    if text[at] != role:
        return False
    # The first ’ of ‘students’ books’.
    return (role == "’" and _letter_at(text, at - 1)) or _compiled(_GIVES_WAY).match(text, at) is not None


def levels_of(marks: Marks) -> list[int]:
    """How deep each mark stands, outermost 0. Where that is not certain, at least odd or even is right.

    Not certain is what may stand inside a quotation whose other end is missing: behind an opening
    without partner, or before such a closing, up to the end of the pair around both. Ranks tell it:
    “ and ‘ are one inside the other.
    """
    outside = -1
    around: list[int] = []  # of each mark: the opening of the pair in which it stands
    last_closing: dict[int, int] = {}  # of each pair: the last closing without partner directly in it
    stack = [outside]
    for index, (role, partner) in enumerate(zip(marks.roles, marks.partner, strict=True)):
        if 0 <= partner < index:
            stack.pop()
        around.append(stack[-1])
        if partner > index:
            stack.append(index)
        elif partner == ALONE and role in OPENS:
            last_closing[stack[-1]] = index

    levels: list[int] = []
    opened = set()  # pairs, directly in which an opening without partner stands before
    for index, (role, partner) in enumerate(zip(marks.roles, marks.partner, strict=True)):
        inside = around[index]
        if partner == REPEATS:
            level = levels[marks.repeats[index]]
        elif 0 <= partner < index:
            level = levels[partner]
        elif partner == ALONE or inside in opened or index < last_closing.get(inside, -1):
            turned = 0 if inside == outside else levels[inside] + _RANK[marks.roles[inside]]
            level = (_RANK[role] + turned) % 2
        else:
            level = 0 if inside == outside else levels[inside] + 1
        if partner == ALONE and role in CLOSES:
            opened.add(inside)
        levels.append(level)
    return levels


def may_be_latin(text: str, at: int) -> bool:
    """Whether the mark at `at`, by its neighbours, may open a pair that belongs to Latin script."""
    return (
        text[at] in "“‘" and (at == 0 or text[at - 1] < _CJK) and (at + 1 == len(text) or text[at + 1] < _CJK)
    )


def latin_marks(marks: Marks) -> set[int]:
    """The curly marks that belong to Latin script: pairs around such words, in the midst of others."""
    text, at = marks.text, marks.at
    found: set[int] = set()
    if not _compiled(_LATIN_LETTER).search(text):
        return found
    # Of each mark: how many stretches between marks up to it hold Chinese, and Latin; and what stands
    # before it, spaces and opening marks apart. So each stretch is looked at once.
    chinese, letters, before = [0], [0], [""]
    starts = [0, *(offset + 1 for offset in at)]
    ends = [*at, len(text)]
    for index, (start, end) in enumerate(zip(starts, ends, strict=True)):
        previous = text[start - 1] if index else ""
        corner = index > 0 and previous in "「」『』"
        chinese.append(chinese[-1] + (corner or any(char >= _CJK for char in text[start:end])))
        letters.append(letters[-1] + (_compiled(_LATIN_LETTER).search(text, start, end) is not None))
        stretch = text[start:end].rstrip(" ")
        before.append(stretch[-1:] or (before[-1] if not index or previous in "“‘「『" else previous))
    after = [""]
    for index in range(len(at), 0, -1):
        following = text[at[index]] if index < len(at) else ""
        stretch = text[starts[index] : ends[index]].lstrip(" ’")
        after.append(stretch[:1] or (after[-1] if not following or following in "”’」』" else following))
    after.reverse()
    for index, partner in enumerate(marks.partner):
        if partner < index or text[at[index]] not in "“‘":
            continue
        first, end = index + 1, partner + 1  # the stretches between the two
        wholly = chinese[first] == chinese[end] and letters[first] < letters[end]
        if wholly and before[first] < _CJK and after[partner] < _CJK:
            found |= {index, partner}
    return found
