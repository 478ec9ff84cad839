"""Where words that were quoted may stand after a text was edited: for people to choose from.

Nothing here attaches a note. A quote is found exactly or not at all (anchors.py); this room ranks what is
left of it, by the words themselves and by those that stood around them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from heapq import nlargest
from typing import NamedTuple

from duben.model import Span

#: How many places of a text are looked at closely.
_LOOKED_AT = 24
#: Below this share of what was remembered, a place does not resemble it.
_LEAST = 0.2
#: What a place in the same paragraph is worth more than one elsewhere.
_SAME_PARAGRAPH = 0.05


class Words(NamedTuple):
    """Words as they stood in a text, with what stood directly around them."""

    exact: str
    before: str = ""
    after: str = ""


class Candidate(NamedTuple):
    """A place that resembles words. paragraph: its index. score: 0 to 1, and a little more where it stood."""

    paragraph: int
    span: Span
    score: float


def candidates(
    words: Words, texts: Sequence[str], *, home: int | None = None, count: int = 3
) -> tuple[Candidate, ...]:
    """The places in these paragraphs that resemble the words most, best first, none over another.

    home: the index of the paragraph in which they stood.
    """
    pattern = words.before + words.exact + words.after
    ranked = [
        (votes + votes * _SAME_PARAGRAPH * (index == home), -index, -diagonal)
        for index, text in enumerate(texts)
        for diagonal, votes in _diagonals(pattern, text)
    ]
    found: list[Candidate] = []
    for _, index, diagonal in nlargest(_LOOKED_AT, ranked):
        found += _resembling(words, texts[-index], -diagonal, -index, at_home=-index == home)
    found.sort(key=lambda candidate: (-candidate.score, candidate.paragraph, candidate.span))
    best: list[Candidate] = []
    for candidate in found:
        if not any(
            other.paragraph == candidate.paragraph and other.span.overlaps(candidate.span) for other in best
        ):
            best.append(candidate)
        if len(best) == count:
            break
    return tuple(best)


def _resembling(
    words: Words, text: str, diagonal: int, paragraph: int, *, at_home: bool
) -> Iterator[Candidate]:
    """The place of a paragraph in which the pattern lies best along a diagonal, if it resembles the words."""
    pattern = words.before + words.exact + words.after
    start, end = len(words.before), len(words.before) + len(words.exact)
    slack = len(pattern) // 2 + 4
    left = max(diagonal - slack, 0)
    window = text[left : diagonal + len(pattern) + slack]
    blocks = SequenceMatcher(None, pattern, window, autojunk=False).get_matching_blocks()
    first, last = _carried(start, blocks, from_left=True), _carried(end, blocks, from_left=False)
    if first >= last:
        return
    inside = around = 0
    for at, _, size in blocks:
        shared = max(min(at + size, end) - max(at, start), 0)
        inside += shared
        around += size - shared
    score = (2 * inside + around) / (2 * len(words.exact) + len(pattern) - len(words.exact))
    if inside and score >= _LEAST:
        yield Candidate(paragraph, Span(left + first, left + last), score + _SAME_PARAGRAPH * at_home)


def _diagonals(pattern: str, text: str) -> list[tuple[int, int]]:
    """Where the pattern would start in the text, with the votes of its pairs of characters; the best ones.

    Linear in the text, whatever its length.
    """
    size = min(2, len(pattern))
    grams: dict[str, list[int]] = {}
    for index in range(len(pattern) - size + 1):
        grams.setdefault(pattern[index : index + size], []).append(index)
    votes: Counter[int] = Counter()
    for index in range(len(text) - size + 1):
        for offset in grams.get(text[index : index + size], ()):
            votes[index - offset] += 1
    return votes.most_common(_LOOKED_AT)


def _carried(offset: int, blocks: Sequence[tuple[int, int, int]], *, from_left: bool) -> int:
    """An edge of the words, carried over to the window by what agrees around it.

    from_left: of the start, which what stands before it holds more firmly than what follows.
    """
    before, there = 0, 0
    for at, window, size in blocks:
        if at <= offset <= at + size and (size or not from_left):
            inner = offset - at
            # At the seam of two blocks the start belongs to the later one, the end to the earlier.
            if not (from_left and inner == size):
                return window + inner
        if at > offset or not size:
            gap, room = offset - before, window - there
            return there + min(gap, room) if from_left else window - min(at - offset, room)
        before, there = at + size, window + size
    return there
