"""What deserves an editor's look in a conversion, and why.

No converter is right everywhere, and a round trip proves nothing: for a Simplified text it is without
a loss while the Traditional one is wrong. So a conversion is held against others (OpenCC's own, another
engine's, that of the words one by one, that with the words of the region), and searched for characters
that no word decides and words that are spelt in more than one way. What an editor has settled is
counted, and not asked again.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import chain, groupby, pairwise
from operator import itemgetter, ne
from typing import NamedTuple

from duben.compile.alignment import Weave
from duben.compile.opencc_tables import configuration, description_sequences, read_candidates, read_table
from duben.compile.scripts import Converter, converter, fold_glyphs
from duben.compile.words import Segmenter
from duben.model import Conversion, Override, Piece, Span, Variant

#: Why a place is shown, the strongest reason first.
REASONS: Mapping[str, str] = {
    "words": "its words, one by one, convert otherwise",
    "opencc": "OpenCC converts it otherwise",
    "engine": "another engine converts it otherwise",
    "name": "it stands in a person's name",
    "character": "no word decides which character is meant",
    "spelling": "more than one spelling is in use",
    "region": "the region has a word of its own",
    "foreign": "this script has no such character",
}
#: What a piece of a conversion was decided by, for people.
RULES: Mapping[str, str] = {
    "occurrence": "`convert:`",
    "entry": "the glossary",
    "edition": "scripts.yaml",
    "words": "duben's words",
    "phrase": "OpenCC's phrases",
    "engine": "the other engine",
    "mark": "its depth, as a quotation mark",
    "character": "the character table",
    "kept": "nothing, it is kept",
}
_SETTLED = frozenset({"occurrence", "entry", "edition"})
#: The legacy encodings hold what a script uses, and little else. Hong Kong's lacks its own standard glyphs.
_CHARSETS = {Variant.HANS: "gb2312", Variant.HANT: "big5", Variant.TW: "big5"}
_HAN = re.compile("[㐀-鿿豈-﫿\U00020000-\U0003ffff]")
#: Surnames that stand for another character as words, and where one stands without a given name.
_SURNAMES = frozenset("余于范岳云钟姜沈郁朴曲党后宁卜苏丰")
_SURNAME = re.compile(
    "(?:(?<=[姓老小阿“‘])(?=[{0}])|(?=[{0}](?:家|氏|某|老|总|太太|先生|女士)))(?P<name>[{0}])".format(
        "".join(sorted(_SURNAMES))
    )
)
#: What may follow a character that stands alone, in a phrase of the dictionary that decides nothing by it.
_PARTICLES = "了着过的得"
#: What tells a character after all that only such a phrase has decided: 干了三年, 干了一件事 are 幹.
_TOLD = {
    "干": re.compile(
        "干[了过](?:[一二两三四五六七八九十几半多好整大\\d]|什么|些|件|[这那][么件些]|不少|许多|很多)"
    ),
}
#: What says more than another engine does: duben's own words that have what dries, or who works, in them.
_KNOWN = {"乾": re.compile(".+干[了得]|.+没有?干|干[了得].+"), "幹": re.compile(".干[的得]|干得.+")}
#: Readings that a character has in few words, and where it stands in them.
_ONLY = {
    "闆": re.compile("(?<=老)板"),
    "硃": re.compile("朱(?=[砂笔批红墨卷])"),
    "穫": re.compile("(?<=收)获"),
}
#: What a place is within, 里 after it being 裡; in an alley's or a village's name it may be 里.
_PLACES = ("n", "t", "s", "vn", "an")
_ALLEYS = frozenset("弄巷坊程")
_MARKS = frozenset("“”‘’「」『』")
_PEER = "opencc-python-reimplemented"


class Doubt(NamedTuple):
    """A stretch of the source that deserves a look in one variant.

    reads: what it becomes. others: what else it may be. rules: those that decided on it, as in Pieces.
    settled: an editor has decided all of it. phrase: the words that a phrase of scripts.yaml would settle it
    with; a character alone has its neighbour with it, and what something stronger decides is left out.
    """

    span: Span
    reads: str
    others: tuple[str, ...]
    reasons: tuple[str, ...]
    rules: tuple[str, ...]
    settled: bool
    phrase: Span


class _Word(NamedTuple):
    span: Span
    text: str
    is_name: bool
    kind: str


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Looks at paragraphs printed in one variant as they read in another.

    settled: the converter with the edition's phrases. engine, segmenter, regional: those of the edition.
    """

    source: Variant
    target: Variant
    settled: Converter
    regional: frozenset[Variant]
    engine: str
    segmenter: str
    words: Segmenter
    _alone: dict[str, Conversion] = field(default_factory=dict)  # words that have been converted alone

    def doubts(self, text: str, overrides: Sequence[Override] = ()) -> list[Doubt]:
        """The places of a paragraph that deserve a look, ascending; they do not overlap."""
        return self.review(text, overrides)[0]

    def review(self, text: str, overrides: Sequence[Override] = ()) -> tuple[list[Doubt], Conversion]:
        """The doubts, and the conversion that they are about."""
        final = self.settled.convert(text, overrides)
        if self.source is self.target:
            return [], final
        plain = self._converter()
        conversion = plain.convert(text)
        words = self._cut(text)
        spots: dict[Span, dict[str, tuple[str, ...]]] = {}  # place → reason → what else it may be
        for reason, other in self._others(text, words, plain):
            for span in _differences(text, conversion, other):
                spots.setdefault(span, {})[reason] = (_slice(other, span),)
        plain_pieces = plain.explain(text)
        for reason, span, readings in self._risks(text, words, plain_pieces, conversion):
            spots.setdefault(span, {}).setdefault(reason, readings)
        kept = _Stretches(list(description_sequences(text)))
        for span in [span for span in spots if kept.touching(span) or text[slice(*span)] in _MARKS]:
            del spots[span]
        for span in [span for span in spots if _is_known(text, span, plain_pieces, conversion)]:
            del spots[span]
        pieces = self.settled.explain(text, overrides)
        return list(_doubts(spots, words, pieces, conversion, final)), final

    def _converter(self, **changes: object) -> Converter:
        options = {
            "regional": self.regional,
            "engine": self.engine,
            "segmenter": self.segmenter,
            **changes,
        }
        return converter(self.source, self.target, **options)  # type: ignore[arg-type]

    def _cut(self, text: str) -> list[_Word]:
        simplified = converter(self.source, Variant.HANS, segmenter="opencc").convert(text)
        if len(simplified.text) != len(text):
            simplified = Conversion(text)
        words: list[_Word] = []
        position = 0
        for word, kind in self.words.tag(simplified.text):
            span = Span(position, position + len(word))
            is_name = kind.startswith("nr") and len(word) > 1
            words.append(_Word(span, text[span.start : span.end], is_name, kind))
            position = span.end
        return words

    def _others(
        self, text: str, words: Sequence[_Word], plain: Converter
    ) -> Iterator[tuple[str, Conversion]]:
        weave = Weave()
        for word in words:
            if word.text not in self._alone:
                self._alone[word.text] = plain.convert(word.text)
            conversion = self._alone[word.text]
            weave.add(len(word.text), conversion.text, conversion.units)
        yield "words", weave.conversion()
        if self.target is Variant.HANS:
            # Words mode is exact from Traditional; but OpenCC has a configuration without a region's rules.
            yield "opencc", Converter(self.target, [configuration("t2s")], {}).convert(text)
        elif self.segmenter != "opencc" and self.engine != _PEER:
            yield "opencc", self._converter(segmenter="opencc").convert(text)
        if self.engine != _PEER:
            yield "engine", self._converter(engine=_PEER).convert(text)
        yield "region", self._converter(regional=self.regional ^ {self.target}).convert(text)

    def _risks(
        self, text: str, words: Sequence[_Word], pieces: Sequence[Piece], conversion: Conversion
    ) -> Iterator[tuple[str, Span, tuple[str, ...]]]:
        """(reason, place, what else it may be) of what one conversion alone gives away."""
        readings = _readings(self.source)
        in_target = _in_glyphs_of(self.target)
        alternatives = _alternatives() if self.source is Variant.HANS else {}
        undecided = {
            offset
            for piece in pieces
            if piece.rule in ("character", "kept")
            for offset in range(piece.source.start, piece.source.end)
        }
        undecided |= {word.span.start for word in _left_open(text, words, pieces)}
        before = _Word(Span(0, 0), "", False, "")
        for word in words:
            for offset in range(word.span.start, word.span.end):
                char = text[offset]
                span = Span(offset, offset + 1)
                if word.is_name and char in readings.get(char, ()) and _slice(conversion, span) != char:
                    yield "name", span, (char,)
                elif offset in undecided and (others := alternatives.get(char) or ()):
                    read = fold_glyphs(_slice(conversion, span))
                    possible = [
                        in_target(other)
                        for other in others
                        if fold_glyphs(other) != read
                        and _may_read(text, offset, other)
                        and not _is_within(text, word, before)
                    ]
                    if possible:
                        yield "character", span, tuple(possible)
            for spelling in alternatives.get(word.text, ()) if len(word.text) > 1 else ():
                for offset, char in enumerate(spelling, word.span.start):
                    span = Span(offset, offset + 1)
                    if fold_glyphs(char) != fold_glyphs(_slice(conversion, span)) and _may_read(
                        text, offset, char
                    ):
                        yield "spelling", span, (in_target(char),)
            before = word
        alone = {word.span.start for word in words if len(word.text) == 1}
        for found in _SURNAME.finditer(text) if self.source is Variant.HANS else ():
            offset = found.start("name")
            if offset in alone:
                read = _slice(conversion, Span(offset, offset + 1))
                meant = map(in_target, readings[text[offset]])
                yield "name", Span(offset, offset + 1), tuple(other for other in meant if other != read)
        for word, following in pairwise(words):
            char = word.text
            if following.is_name and char in _SURNAMES and _slice(conversion, word.span) != char:
                yield "name", word.span, (char,)
        charset = _CHARSETS.get(self.target)
        for character in _HAN.finditer(text):
            read = _slice(conversion, Span(*character.span()))
            if charset and not _encodes(read, charset) and not _encodes(fold_glyphs(read), charset):
                yield "foreign", Span(*character.span()), ()
        for fragment, other in _regional_fragments(self.target).items():
            for found in re.finditer(fragment, text):
                yield "region", Span(*found.span()), (other,)


def _left_open(text: str, words: Sequence[_Word], pieces: Sequence[Piece]) -> Iterator[_Word]:
    """Words of one character that a phrase has decided in which there is nothing else but particles: 干了."""
    spans = _Stretches([piece.source for piece in pieces])
    for word in words:
        if len(word.text) > 1:
            continue
        for index in spans.touching(word.span):
            piece = pieces[index]
            start, end = piece.source
            rest = text[start + 1 : end]
            if (
                piece.rule in ("words", "phrase")
                and start == word.span.start
                and rest.strip(_PARTICLES) == ""
            ):
                told = _TOLD.get(word.text)
                if rest and not (told and told.match(text, start)):
                    yield word


def _is_known(text: str, span: Span, pieces: Sequence[Piece], conversion: Conversion) -> bool:
    """Whether one of duben's own words decides 干 by what stands beside it."""
    known = _KNOWN.get(_slice(conversion, span)) if text[slice(*span)] == "干" else None
    return known is not None and any(
        piece.rule == "words" and piece.source.covers(span) and known.fullmatch(text[slice(*piece.source)])
        for piece in pieces
    )


def _may_read(text: str, offset: int, reading: str) -> bool:
    """Whether a character can have this reading where it stands, as far as its neighbours tell."""
    home = _ONLY.get(reading)
    return home is None or home.match(text, offset) is not None


def _is_within(text: str, word: _Word, before: _Word) -> bool:
    """Whether a word is 里 behind the name of a thing, a place or a time: 银行里, 正月里."""
    after = text[word.span.end : word.span.end + 1]
    return word.text == "里" and before.kind in _PLACES and after not in _ALLEYS


class _Stretches:
    """Spans in order that do not overlap, for finding those that another span touches."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans = spans
        self._ends = [span.end for span in spans]

    def touching(self, span: Span) -> range:
        """The indexes of the spans that share a character with this one."""
        first = bisect_right(self._ends, span.start)
        last = first
        while last < len(self._spans) and self._spans[last].start < span.end:
            last += 1
        return range(first, last)

    def ending_at(self, offset: int) -> Span | None:
        index = bisect_left(self._ends, offset)
        return self._spans[index] if index < len(self._ends) and self._ends[index] == offset else None

    def starting_at(self, offset: int) -> Span | None:
        index = bisect_right(self._ends, offset)
        return self._spans[index] if index < len(self._ends) and self._spans[index].start == offset else None


def _doubts(
    spots: Mapping[Span, Mapping[str, tuple[str, ...]]],
    words: Sequence[_Word],
    pieces: Sequence[Piece],
    conversion: Conversion,
    final: Conversion,
) -> Iterator[Doubt]:
    """The spots as doubts, each on the whole words in which it stands; those in one word are one."""
    word_spans = _Stretches([word.span for word in words])
    chinese = _Stretches([word.span for word in words if _HAN.match(word.text)])
    piece_spans = _Stretches([piece.source for piece in pieces])
    grown: list[tuple[Span, list[Span]]] = []
    for spot in sorted(spots):
        inside = word_spans.touching(spot)
        span = Span(words[inside[0]].span.start, words[inside[-1]].span.end)
        if grown and grown[-1][0].overlaps(span):
            last, held = grown.pop()
            grown.append((Span(min(last.start, span.start), max(last.end, span.end)), [*held, spot]))
        else:
            grown.append((span, [spot]))
    for span, held in grown:
        found = {reason for spot in held for reason in spots[spot]}
        touching = [pieces[index] for index in piece_spans.touching(span)]
        reads = _slice(final, span)
        others = []
        for spot in held:
            for other in chain.from_iterable(spots[spot].values()):
                whole = _slice(conversion, Span(span.start, spot.start)) + other
                others.append(whole + _slice(conversion, Span(spot.end, span.end)))
        open_ = [
            piece
            for piece in touching
            if piece.rule not in _SETTLED and any(piece.source.overlaps(spot) for spot in held)
        ]
        different = tuple(dict.fromkeys(other for other in others if other != reads))
        if not open_ or different or "foreign" in found:
            yield Doubt(
                span,
                reads,
                different,
                tuple(reason for reason in REASONS if reason in found),
                tuple(dict.fromkeys(piece.rule for piece in touching if piece.rule != "mark")),
                not open_,
                _phrase(span, open_[0].source, chinese, piece_spans, pieces) if open_ else span,
            )


def _phrase(
    span: Span, place: Span, words: _Stretches, piece_spans: _Stretches, pieces: Sequence[Piece]
) -> Span:
    """The words to settle a place with: whole words, and no part of what something stronger decides."""
    phrase = _with_phrases(_without_stronger(span, place, piece_spans, pieces), piece_spans, pieces)
    if phrase.end - phrase.start == 1:
        before, after = words.ending_at(phrase.start), words.starting_at(phrase.end)
        for start, end in ((before and before.start, phrase.end), (phrase.start, after and after.end)):
            wider = Span(phrase.start if start is None else start, phrase.end if end is None else end)
            beside = range(wider.start, phrase.start) or range(phrase.end, wider.end)
            if (
                beside
                and wider == _without_stronger(wider, place, piece_spans, pieces)
                and all(pieces[index].rule != "mark" for index in piece_spans.touching(wider))
            ):
                return _with_phrases(wider, piece_spans, pieces)
    return phrase


def _without_stronger(span: Span, place: Span, piece_spans: _Stretches, pieces: Sequence[Piece]) -> Span:
    """The part of a span around a place in which nothing is decided more strongly than by scripts.yaml."""
    start, end = span
    for index in piece_spans.touching(span):
        piece = pieces[index]
        if piece.rule in ("occurrence", "entry"):
            if piece.source.end <= place.start:
                start = max(start, piece.source.end)
            elif piece.source.start >= place.end:
                end = min(end, piece.source.start)
    return Span(start, end)


def _with_phrases(span: Span, piece_spans: _Stretches, pieces: Sequence[Piece]) -> Span:
    """The span with the phrases of the edition that reach into it: one that starts earlier would win."""
    touched = [
        pieces[index].source for index in piece_spans.touching(span) if pieces[index].rule == "edition"
    ]
    return Span(
        min([span.start, *(other.start for other in touched)]), max([span.end, *(o.end for o in touched)])
    )


def _differences(text: str, one: Conversion, other: Conversion) -> Iterator[Span]:
    """The stretches of the source that two conversions read otherwise, glyph variants apart."""
    position = 0
    for span in sorted({unit.source for conversion in (one, other) for unit in conversion.units}):
        yield from _by_character(position, span.start, one, other)
        rest = Span(max(span.start, position), span.end)
        if rest.start < rest.end and _slice(one, rest) != _slice(other, rest):
            yield rest
        position = max(position, span.end)
    yield from _by_character(position, len(text), one, other)


def _by_character(start: int, end: int, one: Conversion, other: Conversion) -> Iterator[Span]:
    """The runs of characters that differ, in a stretch without units."""
    if start >= end:
        return
    reads = (fold_glyphs(_slice(conversion, Span(start, end))) for conversion in (one, other))
    differs = enumerate(map(ne, *reads), start)
    for different, run in groupby(differs, key=itemgetter(1)):
        if different:
            offsets = [offset for offset, _ in run]
            yield Span(offsets[0], offsets[-1] + 1)


def _slice(conversion: Conversion, span: Span) -> str:
    start, end = conversion.span_of(span)
    return conversion.text[start:end]


@cache
def _alternatives() -> Mapping[str, tuple[str, ...]]:
    """Words spelt in more ways than one, and characters that stand for several, with the other readings."""
    return read_candidates("alternatives.tsv")


@cache
def _regional_fragments(target: Variant) -> Mapping[str, str]:
    """What is left of a Taiwanese word when a machine has put it into another one: 乙太 of 乙太網."""
    fragments: dict[str, str] = {}
    if target is Variant.HANS:
        for word, other in read_table("TWPhrasesRev.txt").items():
            differing = [
                index for index, (one, two) in enumerate(zip(word, other, strict=False)) if one != two
            ]
            if len(word) == len(other) > 2 and len(differing) == 1 and differing[0] < len(word) - 1:
                place = slice(differing[0], differing[0] + 2)
                fragments[word[place]] = other[place]
    return fragments


_candidates = cache(read_candidates)


@cache
def _readings(source: Variant) -> Mapping[str, tuple[str, ...]]:
    """The characters of a script that stand for several of the other, with all of them."""
    many = _candidates("STCharacters.txt" if source is Variant.HANS else "TSCharacters.txt")
    return {char: readings for char, readings in many.items() if len(set(map(fold_glyphs, readings))) > 1}


def strange_characters(text: str, variant: Variant) -> list[str]:
    """The characters of a text that the variant does not write: 软 in Taiwan, 軟 on the mainland."""
    table = "TSCharacters.txt" if variant is Variant.HANS else "STCharacters.txt"
    others = _candidates(table)
    charset = _CHARSETS.get(variant, "big5")
    return [
        char
        for char in dict.fromkeys(text)
        if char not in others.get(char, char) and not _encodes(char, charset)
    ]


@cache
def _in_glyphs_of(target: Variant) -> Callable[[str], str]:
    """Characters in OpenCC's standard glyphs → in those of a variant."""
    if target is Variant.HANS:
        return str
    name = "t2hk" if target is Variant.HK else "t2tw"
    return lambda text: configuration(name).convert(text).text


def _encodes(char: str, charset: str) -> bool:
    try:
        char.encode(charset)
    except UnicodeEncodeError:
        return False
    return True
