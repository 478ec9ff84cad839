"""The pinyin of each text, word by word, in a script beside its page, loaded where a reader wants it.

A reading is that of the Simplified text. A variant has it where it shows the same characters in other
shapes; where it shows other words (隨身碟 for U盘, 雷射 for 激光), these are read for themselves. Tones are
those of a dictionary, as everywhere (see compile/pinyin.py). Words are those of compile/spoken_words.py,
an entry's as its own pinyin divides it, and where a correction of the edition begins or ends, so does a word.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import NamedTuple

from duben.compile.alignment import compose, inverse
from duben.compile.automaton import Automaton
from duben.compile.given_pinyin import Given, may_be_read, spread_pinyin
from duben.compile.glossary import Scripts
from duben.compile.pinyin import (
    Doubt,
    align_pinyin,
    doubtful_in_running_text,
    fold_corrections,
    is_known_phrase,
    readings_of,
)
from duben.compile.scripts import converter
from duben.compile.spoken_words import capitals, joints, particles
from duben.diagnostics import Report
from duben.memo import FORGETFUL, Memo
from duben.model import (
    Artifact,
    Conversion,
    Edition,
    EditionTerm,
    EditionText,
    Location,
    Passage,
    Settings,
    Span,
    Variant,
)
from duben.publish.addresses import pinyin_script
from duben.read.syllables import is_han, without_tone

#: Of each character of a text: "" where it is no Chinese one, else " " or, inside a word, ".", and its
#: syllable, which is empty where none is known.
Cells = list[str]

#: Place → whether its syllable goes on with the one before it; None where the words say so.
Settled = Mapping[int, bool | None]
NOTHING: Settled = MappingProxyType({})


def pinyin_scripts(
    edition: Edition, scripts: Scripts | None = None, memo: Memo = FORGETFUL
) -> Iterator[Artifact]:
    """A script for each text in each variant. Blocks have their readings by the ids of the page.

    In a reading each word stands for the next Chinese characters, with a full stop between its
    syllables: `guó.jiā de`. So it keeps to the page whatever stands between them.
    """
    settings, terms = edition.settings, edition.terms
    scripts = scripts or Scripts(settings)
    read = tuple((term.term.id, term.term.term, term.term.link, term.pinyin, term.forms) for term in terms)
    own = tuple(bool(term.term.pinyin) for term in terms)
    making = partial(_Reader, settings, terms, scripts)
    reader = memo.once("reader", (settings, read, own, scripts), making)
    for text in edition.texts:
        laying = partial(_scripts_of, text, settings.variants, reader)
        yield from memo.once(("pinyin", text.text.slug), (text, settings.variants, reader), laying)


def _scripts_of(text: EditionText, variants: Sequence[Variant], reader: _Reader) -> tuple[Artifact, ...]:
    blocks = {key: [reader.spoken(each) for each in group] for key, group in _blocks(text)}
    found = []
    for variant in variants:
        readings = {
            key: reading
            for key, group in blocks.items()
            if (reading := " ".join(filter(None, (reader.shown(each, variant) for each in group))))
        }
        payload = json.dumps(readings, ensure_ascii=False, separators=(",", ":"))
        path = f"{variant.folder}/{pinyin_script(text.text.slug)}"
        found.append(Artifact(path, f'duben.read("{variant}",{payload});\n'.encode()))
    return tuple(found)


class Said(NamedTuple):
    """A word of a passage in Simplified, its pinyin, and what decided on each of its Chinese characters.

    decided: (rule, key), each once: `entry` (its own pinyin; key: its id), `correction` (of scripts.yaml) or
    `phrase` (of the dictionary; key: the phrase), `character` (the first reading of a character),
    `neighbours` (what stands beside a character), `particle` (地 or 得 between words, de), `unknown`.
    """

    words: str
    pinyin: str
    decided: tuple[tuple[str, str], ...]


def explain_pinyin(edition: Edition, passage: Passage) -> tuple[Said, ...]:
    """The words of a passage in Simplified as they are read, and why; what is not read is left out."""
    reader = _Reader(edition.settings, edition.terms, Scripts(edition.settings))
    spoken = reader.spoken(passage)
    text = spoken.to_simplified.text
    decided = _decided(reader, spoken)
    return tuple(
        Said(text[slice(*span)], pinyin, tuple(dict.fromkeys(decided[slice(*span)])))
        for span, pinyin in _spelt(spoken.cells)
    )


class Unsure(NamedTuple):
    """A reading of a text's page that nothing decides. words, pinyin: the character with its neighbours."""

    slug: str
    location: Location
    words: str
    pinyin: str
    doubt: Doubt


def unsure_readings(edition: Edition) -> Iterator[Unsure]:
    """The characters of the texts, their titles, summaries and notes whose reading deserves a look."""
    reader = _Reader(edition.settings, edition.terms, Scripts(edition.settings))
    for text in edition.texts:
        for passage in (each for _, group in _blocks(text) for each in group):
            spoken = reader.spoken(passage)
            simplified = spoken.to_simplified.text
            decided = _decided(reader, spoken)
            readings = readings_of(simplified, reader.corrections)
            printed = inverse(spoken.to_simplified, passage.paragraph.text)
            for doubt in doubtful_in_running_text(simplified, readings):
                if decided[doubt.offset][0] == "character":
                    around = range(max(doubt.offset - 1, 0), min(doubt.offset + 2, len(simplified)))
                    said = [place for place in around if readings[place].syllable]
                    if len(said) == 1:
                        continue  # named among others, it has its usual reading: 轻、中、重
                    yield Unsure(
                        text.text.slug,
                        passage.paragraph.locate(printed.start_of(doubt.offset)),
                        "".join(simplified[place] for place in said),
                        " ".join(readings[place].syllable or "" for place in said),
                        doubt,
                    )


def _decided(reader: _Reader, spoken: _Spoken) -> list[tuple[str, str]]:
    """(rule, key) of each character of a passage in Simplified, as in Said."""
    text = spoken.to_simplified.text
    decided: list[tuple[str, str]] = []
    for reading, cell in zip(readings_of(text, reader.corrections), spoken.cells, strict=True):
        if cell[1:].lower() != (reading.syllable or "").lower():
            decided.append(("particle", ""))
        elif reading.rule in ("character", "neighbours"):
            decided.append((reading.rule, ""))
        else:
            decided.append((reading.rule or "unknown", text[slice(*reading.phrase)]))
    for term in spoken.terms:
        if reader.has_own(term, text):
            decided[slice(*term.span)] = [("entry", term.entry.term.id)] * (term.span.end - term.span.start)
    return decided


def spell_with(edition: Edition) -> Callable[[str], str]:
    """What writes a string in Simplified as pinyin writes its words: joined, with capitals: Hēilóngjiāng."""
    reader = _Reader(edition.settings, (), Scripts(edition.settings))

    def spell(simplified: str) -> str:
        cells = reader.cells(simplified, align_pinyin(simplified, reader.corrections))
        parts: list[str] = []
        position = 0
        for span, pinyin in _spelt(cells):
            parts += [simplified[position : span.start], pinyin]
            position = span.end
        return " ".join(" ".join([*parts, simplified[position:]]).split())

    return spell


def _spelt(cells: Sequence[str]) -> list[tuple[Span, str]]:
    """The words that are read, in spans of the cells, with their pinyin."""
    words: list[tuple[Span, str]] = []
    for offset, cell in enumerate(cells):
        if cell.startswith(".") and words and words[-1][0].end == offset:
            span, pinyin = words[-1]
            apart = "’" if without_tone(cell[1:2]) in ("a", "e", "o") else ""
            words[-1] = (Span(span.start, offset + 1), f"{pinyin}{apart}{cell[1:]}")
        elif cell:
            words.append((Span(offset, offset + 1), cell[1:]))
    return words


def _blocks(text: EditionText) -> Iterator[tuple[str, Sequence[Passage]]]:
    """The passages of a text's page by the block that holds them.

    Prose of the editor has no ids of its own: it is one block, unless footnotes take it out of its order.
    """
    yield "title", [text.title]
    for passage in text.passages:
        yield passage.paragraph.id, [passage]
    for key, passages in [("summary", text.summary), *((f"n-{note.id}", note.body) for note in text.notes)]:
        if not any(passage.paragraph.label for passage in passages):
            yield key, passages


class _Term(NamedTuple):
    """A place in a Simplified text that has an entry's own pinyin."""

    span: Span
    entry: EditionTerm


class _Spoken:
    """A passage with the readings of its Simplified text. to_simplified: from what is printed."""

    def __init__(
        self, passage: Passage, to_simplified: Conversion, cells: Cells, terms: Sequence[_Term]
    ) -> None:
        self.passage = passage
        self.to_simplified = to_simplified
        self.cells = cells
        self.terms = terms
        self.readings = {to_simplified.text: _joined(cells)}  # by what is shown


class _Reader:
    """Reads the passages of one edition."""

    def __init__(self, settings: Settings, terms: Sequence[EditionTerm], scripts: Scripts) -> None:
        self.scripts = scripts
        self.corrections = fold_corrections(
            settings, lambda phrase: self.scripts.convert(phrase, Variant.HANT, Variant.HANS), Report()
        )
        self.entries = {term.term.id: term for term in terms if term.term.pinyin}
        # Of homographs only one is linked, and that one is meant.
        ordered = sorted(self.entries.values(), key=lambda term: term.term.link == "never")
        headwords: dict[str, EditionTerm] = {}
        for term in ordered:
            headwords.setdefault(term.forms[0][Variant.HANS], term)
        self.headwords = tuple(headwords.values())
        self.finder = Automaton(list(headwords), kind="longest")
        self._given: dict[tuple[str, str], Cells | None] = {}
        self._read: dict[tuple[Variant, str], Cells] = {}
        self._fit: set[tuple[str, str]] = set()  # characters with cells that they may have

    # --- in Simplified ---------------------------------------------------------------------------

    def spoken(self, passage: Passage) -> _Spoken:
        """The passage read in Simplified."""
        to_simplified = self._to_simplified(passage)
        text = to_simplified.text
        syllables = align_pinyin(text, self.corrections)
        cells: Cells = []
        terms, edges = self._terms(passage, to_simplified)
        given = {term.span: term for term in terms}
        corrected = [Span(start, end) for start, end, _ in self.corrections.find(text)]
        settled = {
            place: _joint_given(syllables[span.start : place + 1])
            for span in corrected
            for place in range(*span)
        }
        # A correction of a word says where it is, too.
        inside = {place for term in terms for place in range(term.span.start + 1, term.span.end)}
        parted = {place for span in corrected if span.end - span.start > 1 for place in span}
        edges = sorted({*edges, *parted} - inside - {0})
        start = 0
        for end in edges:
            stretch = text[start:end]
            term = given.get(Span(start, end))
            cells += (term and self._spread(term.entry, stretch)) or self.cells(
                stretch,
                syllables[start:end],
                {place - start: joint for place, joint in settled.items() if start <= place < end},
            )
            start = end
        return _Spoken(passage, to_simplified, cells, terms)

    def _to_simplified(self, passage: Passage) -> Conversion:
        """What is read of the passage in Simplified, aligned with what is printed."""
        paragraph = passage.paragraph
        reading = passage.reading or Conversion(paragraph.text)
        if paragraph.variant is Variant.HANS:
            return reading
        if Variant.HANS in passage.conversions:
            return passage.conversions[Variant.HANS]
        return compose(reading, self.scripts.between(paragraph.variant, Variant.HANS).convert(reading.text))

    def _terms(self, passage: Passage, to_simplified: Conversion) -> tuple[list[_Term], list[int]]:
        """The places that have an entry's own pinyin, and the ends of the stretches that are read apart.

        An entry's place outside the texts is not known, so its headword is looked for.
        """
        text = to_simplified.text
        terms: list[_Term] = []
        edges = {len(text)} if text else set()
        if passage.reading is None:
            terms = [
                _Term(Span(start, end), self.headwords[index]) for index, start, end in self.finder.find(text)
            ]
        for hit in passage.hits:
            span = to_simplified.span_of(hit.span)
            if terms and span.start < terms[-1].span.end:
                continue
            entry = self.entries.get(hit.term) if hit.form == 0 else None
            if entry:
                terms.append(_Term(span, entry))
            elif not hit.nested:
                edges.update(span)
        for term in terms:
            edges.update(term.span)
        return terms, sorted(edges - {0})

    def _spread(self, entry: EditionTerm, surface: str) -> Cells | None:
        """An entry's own pinyin over its word as it is shown; None where it is not the pinyin of that."""
        key = (entry.term.id, surface)
        if key not in self._given:
            trusted = surface == entry.term.term
            spread = spread_pinyin(entry.pinyin, surface, trusted=trusted)
            self._given[key] = None if spread is None else _spread_cells(spread, surface)
        return self._given[key]

    def has_own(self, term: _Term, text: str) -> bool:
        """Whether a place of a Simplified text is read as the entry says."""
        return self._spread(term.entry, text[slice(*term.span)]) is not None

    def cells(self, text: str, given: Sequence[str | None], settled: Settled = NOTHING) -> Cells:
        """The cells of a text in Simplified, by its words. settled: what corrections say."""
        syllables = list(given)
        joined = joints(text, is_known_phrase)
        for place in capitals(text, is_known_phrase):
            syllables[place] = _capital(syllables[place])
        for place, joint in settled.items():
            joined[place] = joined[place] if joint is None else joint
        if "地" in text or "得" in text:
            for place in particles(text, is_known_phrase):
                if place not in settled:
                    syllables[place] = "de"
        cells: Cells = []
        before = ""
        for char, joint, syllable in zip(text, joined, syllables, strict=True):
            if syllable is None:
                before = " " if is_han(char) else ""
            else:
                # A word goes on only after a character that was read.
                before = ("." if joint and len(before) > 1 else " ") + syllable
            cells.append(before)
        return cells

    # --- in a variant ----------------------------------------------------------------------------

    def shown(self, spoken: _Spoken, variant: Variant) -> str:
        """The readings of a passage as a variant shows it."""
        shown = spoken.passage.conversions[variant]
        # Variants often show the same.
        if shown.text not in spoken.readings:
            spoken.readings[shown.text] = self._shown(spoken, shown, variant)
        return spoken.readings[shown.text]

    def _shown(self, spoken: _Spoken, shown: Conversion, variant: Variant) -> str:
        back = inverse(spoken.to_simplified, spoken.passage.paragraph.text)
        across = compose(back, shown)
        strange = self._strange(spoken, across)
        if not strange:
            return spoken.readings[spoken.to_simplified.text]
        cells: Cells = []
        position = 0
        for span in strange:
            cells += spoken.cells[position : span.start]
            start, end = across.span_of(span)
            entry = next((term.entry for term in spoken.terms if term.span == span), None)
            cells += self._read_shown(across.text[start:end], variant, entry)
            position = span.end
        return _joined(cells + spoken.cells[position:])

    def _strange(self, spoken: _Spoken, across: Conversion) -> list[Span]:
        """Where the variant shows other words than the Simplified text, ascending, by whole words."""
        text, cells = spoken.to_simplified.text, spoken.cells
        places = [unit.source for unit in across.units]
        start = shift = 0
        for unit in (*across.units, None):
            end = unit.source.start if unit else len(text)
            shown = across.text[start + shift : end + shift]
            # Most stretches hold nothing but pairs that were met before.
            if shown != text[start:end] and not self._fit.issuperset(
                zip(shown, cells[start:end], strict=True)
            ):
                places += (
                    Span(offset, offset + 1)
                    for offset, (char, other, cell) in enumerate(
                        zip(text[start:end], shown, cells[start:end], strict=True), start
                    )
                    if not self._may_have(other, cell) and char != other
                )
            if unit:
                start, shift = unit.source.end, unit.target.end - unit.source.end
        if not places:
            return []
        whole = [term.span for term in spoken.terms] + [unit.source for unit in across.units]
        found: list[Span] = []
        for place in sorted(places):
            span = _widened(place, cells, whole)
            if found and span.start < found[-1].end:
                span = Span(found[-1].start, max(found.pop().end, span.end))
            found.append(span)
        return found

    def _may_have(self, char: str, cell: str) -> bool:
        """Whether a character that is shown can have the reading of the Simplified one in its place."""
        if (char, cell) in self._fit:
            return True
        fits = is_han(char) == bool(cell) and (not cell or may_be_read(char, cell[1:].rstrip("-")))
        if fits:
            self._fit.add((char, cell))
        return fits

    def _read_shown(self, words: str, variant: Variant, entry: EditionTerm | None) -> Cells:
        """The cells of words that only this variant shows."""
        given = self._spread(entry, words) if entry else None
        if given is not None:
            return given
        key = (variant, words)
        if key not in self._read:
            # By characters: the words of the region must not come back as those of another.
            simplified = converter(variant, Variant.HANS).convert(words).text
            if list(map(is_han, simplified)) != list(map(is_han, words)):
                simplified = words
            syllables = [
                one or other
                for one, other in zip(
                    align_pinyin(simplified, self.corrections),
                    align_pinyin(words, self.corrections),
                    strict=True,
                )
            ]
            self._read[key] = self.cells(simplified, syllables)
        return self._read[key]


def _joint_given(syllables: Sequence[str | None]) -> bool | None:
    """Whether the last syllable goes on with the one before it, where a correction has capitals.

    With a capital at its start it is a name, and in a name each word has one: Cháng jiāng Yún.
    """
    first, last = syllables[0] or "", syllables[-1] or ""
    return not last[:1].isupper() if first[:1].isupper() else None


def _capital(syllable: str | None) -> str | None:
    return syllable and syllable[0].upper() + syllable[1:]


def _spread_cells(spread: Sequence[Given], surface: str) -> Cells | None:
    syllables = iter(spread)
    cells: Cells = []
    after_han = False
    for char in surface:
        if is_han(char):
            given = next(syllables, None)
            if given is None:
                return None
            cells.append(("." if given.joined and after_han else " ") + given.syllable)
        else:
            cells.append("")
        after_han = is_han(char)
    return cells


def _widened(span: Span, cells: Cells, whole: Iterable[Span]) -> Span:
    """The span with the words that it touches, and those of `whole` that it overlaps."""
    start, end = span
    while True:
        while start and cells[start].startswith("."):
            start -= 1
        while end < len(cells) and cells[end].startswith("."):
            end += 1
        reach = [other for other in whole if other.overlaps(Span(start, end))]
        wider = Span(min([start, *(each.start for each in reach)]), max([end, *(each.end for each in reach)]))
        if wider == (start, end):
            return wider
        start, end = wider


def _joined(cells: Cells) -> str:
    return "".join(cells)[1:]
