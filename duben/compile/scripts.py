"""Script conversion that says what became of every character.

The only user of OpenCC's data and of opencc-python-reimplemented. A converter is told the variant
that a text is printed in and the one that is wanted; strongest first, it obeys the overrides given
with a paragraph, the edition's phrases, and the dictionary.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache, partial
from types import MappingProxyType
from typing import Protocol

from duben.compile.alignment import Decision, Weave, compose, inverse, merged, whole
from duben.compile.automaton import Automaton
from duben.compile.opencc_tables import configuration, convert_with, read_candidates, read_table
from duben.compile.phrases import CharTable
from duben.compile.quotation_marks import restyled_marks, style_of
from duben.model import Conversion, Override, Piece, Span, Unit, Variant

__all__ = [
    "ENGINES",
    "SEGMENTERS",
    "Converter",
    "SecondEngine",
    "compose",
    "convert_with",
    "converter",
    "fold_glyphs",
    "script_classes",
]

ENGINES = ("duben", "opencc-python-reimplemented")
#: How the duben engine finds words: `words` adds its own word tables to OpenCC's, `opencc` is exact.
SEGMENTERS = ("words", "opencc")

_HANS, _HANT, _TW, _HK = Variant.HANS, Variant.HANT, Variant.TW, Variant.HK

# What is run for each pair of variants; nothing: the text stays as printed.
_ROUTES: Mapping[tuple[Variant, Variant], tuple[str, ...]] = {
    (_HANS, _HANT): ("s2tw",),
    (_HANS, _TW): ("s2tw",),
    (_HANS, _HK): ("s2hk",),
    (_HANT, _HANS): ("tw2s",),
    (_HANT, _TW): ("t2tw",),
    (_HANT, _HK): ("tw2t", "t2hk"),  # what is zh-Hant mostly has the glyphs of Taiwan
    (_TW, _HANS): ("tw2s",),
    (_TW, _HK): ("tw2t", "t2hk"),
    (_HK, _HANS): ("hk2s",),
    (_HK, _HANT): ("hk2t", "t2tw"),
    (_HK, _TW): ("hk2t", "t2tw"),
}
# Where the target is one of the edition's `regional` variants: its own words as well as its characters.
_REGIONAL: Mapping[tuple[Variant, Variant], tuple[str, ...]] = {
    (_HANS, _TW): ("s2twp",),
    (_HANS, _HK): ("s2hkp",),
    (_TW, _HANS): ("tw2sp",),
    (_HK, _HANS): ("hk2sp",),
}


class Engine(Protocol):
    """Something that converts by one configuration, and tells the alignment and what decided."""

    def convert(self, text: str) -> Conversion: ...

    def rules(self, text: str) -> list[Decision]: ...


class Converter:
    """Converts paragraphs from one variant to another. Get it by `converter`."""

    def __init__(self, target: Variant, engines: Sequence[Engine], phrases: Mapping[str, str]) -> None:
        self._engines = engines
        self._style = style_of(target) if engines else None
        self._keys = [key for key in phrases if key]
        self._phrases = phrases
        self._automaton = Automaton(self._keys, kind="longest")

    def convert(self, text: str, overrides: Sequence[Override] = ()) -> Conversion:
        """The paragraph in the target variant, with its alignment.

        overrides: in any order; what they replace is not looked at again, and the characters beside
        them are converted as if they were not there. Raises ValueError where two of them overlap, or
        one is empty or reaches beyond the text.
        """
        settled = self._settled(text, overrides)
        conversion = self._plain(text)
        if self._style and (marks := restyled_marks(text, self._style)):
            conversion = _with_marks(conversion, marks)
        if not settled:
            return conversion
        weave = Weave()
        position = 0
        for (start, end), replacement, *_ in settled:
            self._keep(weave, text, conversion, position, start)
            weave.add(end - start, replacement, whole(end - start, replacement))
            position = end
        self._keep(weave, text, conversion, position, len(text))
        return weave.conversion()

    def explain(self, text: str, overrides: Sequence[Override] = ()) -> tuple[Piece, ...]:
        """What `convert` makes of each stretch of the paragraph, and why.

        The pieces cover the paragraph in order; their texts, put together, are the conversion's. A
        phrase that an override cuts through still answers for what is left of it.
        """
        conversion = self.convert(text, overrides)
        settled = self._settled(text, overrides)
        decisions = [Decision(span, rule, key) for span, _, rule, key in settled]
        weaker: list[Decision] = []
        if self._engines:
            if self._style:
                marks = restyled_marks(text, self._style)
                weaker = [Decision(Span(at, at + 1), "mark", "") for at, _ in marks]
            weaker = sorted([*weaker, *_outside(weaker, self._rules(text))])
        decisions = sorted([*decisions, *_outside(decisions, weaker)])
        pieces: list[Piece] = []
        position = 0
        for span, rule, key in [*decisions, Decision(Span(len(text), len(text)), "", "")]:
            pieces += _by_character(text, conversion, Span(position, span.start))
            if rule:
                pieces.append(Piece(span, _slice(conversion, *span), rule, key))
            position = span.end
        return tuple(pieces)

    def _settled(self, text: str, overrides: Sequence[Override]) -> list[Override]:
        """The overrides and, in what they leave of the text, the edition's phrases, ascending."""
        settled = sorted(overrides)
        if settled:
            _check(settled, len(text))
        if self._keys:
            settled = sorted([*settled, *self._phrase_overrides(text, settled)])
        return settled

    def _rules(self, text: str) -> list[Decision]:
        """The phrases that the engines match, in spans of the text; those that touch become one."""
        decisions: list[Decision] = []
        so_far = Conversion(text)
        for engine in self._engines:
            back = inverse(so_far, text)
            decisions += [
                decision._replace(span=back.span_of(decision.span)) for decision in engine.rules(so_far.text)
            ]
            so_far = compose(so_far, engine.convert(so_far.text))
        return merged(decisions, text) if len(self._engines) > 1 else decisions

    def _plain(self, text: str) -> Conversion:
        if not self._engines:
            return Conversion(text)
        first, *others = self._engines
        result = first.convert(text)
        for engine in others:
            result = compose(result, engine.convert(result.text))
        return result

    def _phrase_overrides(self, text: str, settled: Iterable[Override]) -> Iterator[Override]:
        """The edition's phrases, leftmost longest, in what the overrides leave of the text."""
        position = 0
        for start, end in [*(override.span for override in settled), Span(len(text), len(text))]:
            for index, match_start, match_end in self._automaton.find(text[position:start]):
                span = Span(position + match_start, position + match_end)
                yield Override(span, self._phrases[self._keys[index]], "edition", self._keys[index])
            position = end

    def _keep(self, weave: Weave, text: str, conversion: Conversion, start: int, end: int) -> None:
        """Adds the conversion of [start, end), which lies between two overrides.

        Of a unit that an override cuts, what remains is converted by itself.
        """
        first = bisect_right(conversion.units, start, key=lambda unit: unit.source.end)
        last = bisect_left(conversion.units, end, key=lambda unit: unit.source.start)
        position = start
        for unit in conversion.units[first:last]:
            unit_start, unit_end = max(unit.source.start, start), min(unit.source.end, end)
            weave.add(unit_start - position, _slice(conversion, position, unit_start))
            length = unit_end - unit_start
            if length == unit.source.end - unit.source.start:
                kept = conversion.text[unit.target.start : unit.target.end]
                weave.add(length, kept, whole(length, kept))
            else:
                piece = self._plain(text[unit_start:unit_end])
                weave.add(length, piece.text, piece.units)
            position = unit_end
        weave.add(end - position, _slice(conversion, position, end))


def converter(
    source: Variant,
    target: Variant,
    *,
    regional: frozenset[Variant] = frozenset(),
    phrases: Mapping[Variant, Mapping[str, str]] = MappingProxyType({}),
    engine: str = "duben",
    segmenter: str = SEGMENTERS[0],
) -> Converter:
    """The converter from one variant to another.

    regional: the variants that get the words of their region, not only its characters.
    phrases: the edition's own, by target; those of zh-Hant also serve Taiwan as they are and Hong Kong
    in its characters, where these have none of their own under the same key.
    engine: one of ENGINES; segmenter: one of SEGMENTERS, for the engine of duben. Raises ValueError for
    another.
    """
    if engine not in ENGINES:
        raise ValueError(f"engine {engine!r} is none of {', '.join(ENGINES)}")
    if segmenter not in SEGMENTERS:
        raise ValueError(f"segmenter {segmenter!r} is none of {', '.join(SEGMENTERS)}")
    route = _ROUTES.get((source, target), ())
    if target in regional:
        route = _REGIONAL.get((source, target), route)
    common: Mapping[str, str] = {}
    own: Mapping[str, str] = {}
    if source is not target:
        own = phrases.get(target, own)
        if target in (_TW, _HK):
            common = phrases.get(_HANT, common)
    return _converter(target, route, frozenset(common.items()), frozenset(own.items()), engine, segmenter)


@lru_cache(maxsize=256)
def _converter(
    target: Variant,
    route: tuple[str, ...],
    common: frozenset[tuple[str, str]],
    own: frozenset[tuple[str, str]],
    engine: str,
    segmenter: str,
) -> Converter:
    """`common`: phrases of zh-Hant, `own`: of the target; as pairs, so that equal ones share a converter."""
    find_engine: Callable[[str], Engine] = (
        partial(configuration, words=segmenter == "words") if engine == "duben" else _second_engine
    )
    if target is _HK and common:
        to_hong_kong = _converter(_HK, _ROUTES[_HANT, _HK], frozenset(), frozenset(), "duben", "opencc")
        common = frozenset((key, to_hong_kong.convert(value).text) for key, value in common)
    return Converter(target, [find_engine(name) for name in route], {**dict(common), **dict(own)})


def _check(overrides: Sequence[Override], length: int) -> None:
    """Raises ValueError unless the overrides, sorted, lie apart and within a text of this length."""
    position = 0
    for (start, end), *_ in overrides:
        if start < position or not start < end <= length:
            raise ValueError(f"override [{start}, {end}) is empty, overlaps another or leaves the text")
        position = end


def _outside(stronger: Sequence[Decision], weaker: Iterable[Decision]) -> Iterator[Decision]:
    """What the stronger decisions, ascending, leave of each weaker one."""
    for span, rule, key in weaker:
        position = span.start
        first = bisect_right(stronger, span.start, key=lambda decision: decision.span.end)
        for other in stronger[first:]:
            if other.span.start >= span.end:
                break
            if position < other.span.start:
                yield Decision(Span(position, other.span.start), rule, key)
            position = other.span.end
        if position < span.end:
            yield Decision(Span(position, span.end), rule, key)


def _by_character(text: str, conversion: Conversion, span: Span) -> Iterator[Piece]:
    """The pieces of a stretch in which no phrase stands: runs of what is kept and what is not."""
    start = position = span.start
    while position < span.end:
        changed = _slice(conversion, position, position + 1) != text[position]
        position += 1
        if position == span.end or changed != (_slice(conversion, position, position + 1) != text[position]):
            rule = "character" if changed else "kept"
            yield Piece(Span(start, position), _slice(conversion, start, position), rule)
            start = position


def _slice(conversion: Conversion, start: int, end: int) -> str:
    """The target of [start, end), which cuts no unit."""
    return conversion.text[conversion.start_of(start) : conversion.end_of(end)] if start < end else ""


def _with_marks(conversion: Conversion, marks: Iterable[tuple[int, str]]) -> Conversion:
    """The conversion with these quotation marks, at their offsets in the source, in place of its own."""
    out = []
    position = 0
    for offset, mark in marks:
        at = conversion.start_of(offset)
        out += [conversion.text[position:at], mark]
        position = at + 1
    out.append(conversion.text[position:])
    return Conversion("".join(out), conversion.units)


# --- the second engine

_SECOND_KNOWS = frozenset("hk2s s2hk s2t s2tw s2twp t2hk t2s t2tw tw2s tw2sp".split())
# It converts what stands between two of these by itself, so a piece can be aligned by itself.
_BETWEEN_PIECES = r"([\s，。、；：？！…“”‘’「」『』（）《》])"
_LONGEST_ALIGNED = 500


class SecondEngine:
    """opencc-python-reimplemented, which returns a bare string, aligned against our own conversion."""

    def __init__(self, name: str) -> None:
        from opencc import OpenCC

        self._peer = OpenCC(name)
        self._own = configuration(name)
        self._between_pieces = re.compile(_BETWEEN_PIECES)

    def convert(self, text: str) -> Conversion:
        weave = Weave()
        for piece in self._between_pieces.split(text):
            if piece:
                weave.add(len(piece), *self._aligned(piece, self._peer.convert(piece)))
        return weave.conversion()

    def _aligned(self, piece: str, other: str) -> tuple[str, tuple[Unit, ...]]:
        """Its conversion of a piece with units: one for the whole piece where ours does not tell more."""
        own = self._own.convert(piece)
        if len(other) == len(piece) and not own.units:
            return other, ()
        if len(piece) > _LONGEST_ALIGNED:
            return other, whole(len(piece), other)
        from difflib import SequenceMatcher

        units = []
        matcher = SequenceMatcher(None, own.text, other, autojunk=False)
        for kind, start, end, other_start, other_end in matcher.get_opcodes():
            if kind in ("insert", "delete"):
                return other, whole(len(piece), other)
            if end - start != other_end - other_start:
                units.append(Unit(Span(start, end), Span(other_start, other_end)))
        aligned = compose(own, Conversion(other, tuple(units)))
        return aligned.text, aligned.units

    def rules(self, text: str) -> list[Decision]:
        """It does not tell: all of the text, as one."""
        return [Decision(Span(0, len(text)), "engine", "")] if text else []


@cache
def _second_engine(name: str) -> Engine:
    # What it has no configuration for (tw2t, hk2t, the Hong Kong phrases) is left to ours.
    return SecondEngine(name) if name in _SECOND_KNOWS else configuration(name)


# --- glyph variants


def fold_glyphs(text: str) -> str:
    """The text with one glyph for each set of variants (産 = 產, 説 = 說, 裏 = 裡), its length kept.

    A Simplified character is folded only where it is also the glyph of Taiwan or Hong Kong for the very
    same word (床 = 牀); what Simplified merges stays apart (乾 ≠ 幹, 台 ≠ 臺, 发 ≠ 發).
    """
    return _glyph_variants().translate(text)


@cache
def script_classes() -> Mapping[str, str]:
    """Character → the Simplified one that stands for it in every script, where that is another.

    For comparing, not for converting: what Simplified merges is one here (發 = 髮 = 发), and so are 著
    and 着, which Taiwan does not tell apart. No character is both a key and a value.
    """
    simplified = read_table("TSCharacters.txt")
    one = {"著": "着", **simplified}
    for code, glyph in _glyph_variants().items():
        one.setdefault(chr(code), simplified.get(glyph, glyph))
    one = {char: simple for char, simple in one.items() if char != simple}
    for char in one:
        seen = {char}
        while one[char] in one and one[char] not in seen:
            seen.add(one[char])
            one[char] = one[one[char]]
    return MappingProxyType(one)


@cache
def _glyph_variants() -> CharTable:
    simplified = read_table("TSCharacters.txt")
    traditional = read_candidates("STCharacters.txt")
    fold: dict[str, str] = {}
    # Traditional characters with the same Simplified one, where that stands for one character only.
    for char, simple in simplified.items():
        meant = traditional.get(simple, ())
        if len(meant) == 1 and simple not in (char, *meant) and char not in meant:
            fold[char] = meant[0]
    for name in ("TWVariants.txt", "HKVariants.txt"):
        for char, regional in read_table(name).items():
            if char != regional and _is_one_word(char, regional, simplified, traditional):
                fold.setdefault(regional, fold.get(char, char))
    for char, unified in read_table("CJK_Compatibility_Ideographs.txt").items():
        fold[char] = fold.get(unified, unified)
    return CharTable({ord(char): glyph for char, glyph in fold.items()})


def _is_one_word(
    char: str, regional: str, simplified: Mapping[str, str], traditional: Mapping[str, Sequence[str]]
) -> bool:
    """True where a region's glyph for `char` never means another word."""
    if regional == "著":
        return False  # Simplified writes both 着 and 著, but its tables say so only by phrases
    if regional not in simplified and regional not in traditional:
        return True  # Simplified has nothing to do with it: 衞
    simple = simplified.get(char, char)
    meant = traditional.get(simple, ())
    if simplified.get(regional, regional) != simple or {char, regional} <= set(meant):
        return False
    return len(meant) <= 1 or simple not in (char, regional)
