"""What is searched, as rows: a paragraph, a note, an entry, a paragraph of a page, in every variant.

A row reads differently in the variants: a reading is what is compared of it (see folding.py). Most rows
have one reading; those with words of a region have more, and are found by each of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import groupby
from typing import NamedTuple

from duben.compile.alignment import compose, inverse, whole
from duben.compile.glossary import Scripts
from duben.memo import FORGETFUL, Memo
from duben.model import Conversion, Edition, EditionTerm, EditionText, Passage, Span, Unit, Variant
from duben.publish.addresses import GLOSSARY, info_page, text_page
from duben.publish.folding import PART, Folding

#: Kinds of rows, as a page names them: a number is their place here.
KINDS = ("text", "note", "entry", "page")


class Part(NamedTuple):
    """A stretch of a row: what it was converted from, and what it reads in each variant.

    Every part has Simplified; what it lacks reads as that.
    """

    source: str
    conversions: Mapping[Variant, Conversion]

    def reads(self, variant: Variant) -> Conversion:
        return self.conversions.get(variant) or self.conversions[Variant.HANS]


class Splice(NamedTuple):
    """In a row's text, `text` in place of [start, start + length): another variant's reading."""

    start: int
    length: int
    text: str


class Row:
    """A place that can be found. anchor: its id on the page, without the letters of its kind; or ""."""

    def __init__(self, anchor: str, parts: Sequence[Part], folding: Folding) -> None:
        self.anchor = anchor
        self.parts = parts
        self._folding = folding
        self._once: dict[str, str] = {}  # text → folded

    def text_in(self, variant: Variant) -> str:
        if len(self.parts) == 1:
            return self.parts[0].reads(variant).text.replace(PART, " ")
        return PART.join(part.reads(variant).text.replace(PART, " ") for part in self.parts)

    @cached_property
    def readings(self) -> Mapping[str, Variant]:
        """Its readings, each with the first variant that has it: that of Simplified first."""
        found: dict[str, Variant] = {}
        for variant in Variant:
            found.setdefault(self._folded(variant), variant)
        return found

    def _folded(self, variant: Variant) -> str:
        text = self.text_in(variant)
        if text not in self._once:
            self._once[text] = self._folding.fold(text)
        return self._once[text]

    def simplified(self, variant: Variant) -> str:
        """The row as it reads in a variant, in Simplified characters: of the same length."""
        text = self.text_in(variant)
        if variant is Variant.HANS:
            return text
        return text.translate(self._folding.simplified)

    def others(self, variant: Variant) -> list[list[Splice] | None]:
        """For each reading what makes it of the text in this variant; None for the one that is its own."""
        own = self._folded(variant)
        return [
            None if reading == own else self._splices(variant, other)
            for reading, other in self.readings.items()
        ]

    def _splices(self, variant: Variant, other: Variant) -> list[Splice]:
        found: list[Splice] = []
        offset = 0
        for part in self.parts:
            here, there = part.reads(variant), part.reads(other)
            across = compose(inverse(here, part.source), there)
            found += (
                splice._replace(start=splice.start + offset)
                for splice in self._differences(here.text, across)
            )
            offset += len(here.text) + 1
        return found

    def _differences(self, text: str, across: Conversion) -> Iterator[Splice]:
        """Where the two differ once folded. across: from `text` to the other text."""
        folding = self._folding
        position = shift = 0
        last = Unit(Span(len(text), len(text)), Span(len(across.text), len(across.text)))
        for source, target in (*across.units, last):
            # Between units the two run character by character.
            here, there = text[position : source.start], across.text[position + shift : target.start]
            places = [
                place
                for place, (char, other) in enumerate(zip(here, there, strict=True))
                if char != other and folding[ord(char)] != folding[ord(other)]
            ]
            for _, run in groupby(enumerate(places), key=lambda pair: pair[1] - pair[0]):
                start, *more = (place for _, place in run)
                length = len(more) + 1
                yield Splice(position + start, length, there[start : start + length])
            here, there = text[slice(*source)], across.text[slice(*target)]
            if folding.fold(here) != folding.fold(there):
                yield Splice(source.start, len(here), there)
            position, shift = source.end, target.end - source.end


class Group(NamedTuple):
    """Rows of one kind on one page; of all entries. path: the page's, inside its variant.

    kept: of a text that may be read here, but not be taken elsewhere (`republish: false`).
    """

    kind: str
    path: str
    title: Mapping[Variant, str]
    rows: tuple[Row, ...]
    kept: bool = False


def list_groups(edition: Edition, scripts: Scripts, folding: Folding, memo: Memo = FORGETFUL) -> list[Group]:
    """Everything that is searched, in the order in which it is shown."""
    make = memo.once("rows", (scripts, folding), partial(_Rows, scripts, folding))
    groups: list[Group] = []
    for text in edition.texts:
        path, kept = text_page(text.text.slug), not text.text.republish
        title = {variant: text.title.text_in(variant) for variant in edition.settings.variants}
        slot, inputs = text.text.slug, (text, make)
        words = memo.once(("rows of text", slot), inputs, partial(make.of_text, text))
        notes = memo.once(("rows of notes", slot), inputs, partial(make.of_notes, text))
        groups.append(Group("text", path, title, words, kept))
        groups.append(Group("note", path, title, notes, kept))
    entries = memo.once(
        "rows of entries", (edition.terms, make), lambda: tuple(map(make.of_entry, edition.terms))
    )
    groups.append(Group("entry", GLOSSARY, {}, entries))
    for page in edition.pages:
        title = {variant: page.title.text_in(variant) for variant in edition.settings.variants}
        rows = tuple(make.of_passages("", [passage]) for passage in (page.title, *page.passages))
        groups.append(Group("page", info_page(page.page.name), title, rows))
    shown = (
        group._replace(
            rows=tuple(row for row in group.rows if any(reading.strip(PART) for reading in row.readings))
        )
        for group in groups
    )
    return [group for group in shown if group.rows]


class _Rows:
    """Makes the rows of an edition."""

    def __init__(self, scripts: Scripts, folding: Folding) -> None:
        self.scripts = scripts
        self.folding = folding

    def of_text(self, text: EditionText) -> tuple[Row, ...]:
        return (
            self.of_passages("title", [text.title]),
            *(self.of_passages("", [passage]) for passage in text.summary),
            *(self.of_passages(passage.paragraph.id, [passage]) for passage in text.passages),
        )

    def of_notes(self, text: EditionText) -> tuple[Row, ...]:
        return tuple(self.of_passages(note.id, note.body) for note in text.notes)

    def of_entry(self, term: EditionTerm) -> Row:
        glosses = [_plain({Variant.HANS: gloss}) for gloss in term.term.gloss.values()]
        parts = (*map(_plain, term.forms), *glosses, *map(self._part, term.definition))
        return Row(term.term.id, parts, self.folding)

    def of_passages(self, anchor: str, passages: Iterable[Passage]) -> Row:
        return Row(anchor, tuple(map(self._part, passages)), self.folding)

    def _part(self, passage: Passage) -> Part:
        paragraph, conversions = passage.paragraph, passage.conversions
        if Variant.HANS not in conversions:
            read = passage.reading or Conversion(paragraph.text)
            simplified = self.scripts.between(paragraph.variant, Variant.HANS).convert(read.text)
            conversions = {**conversions, Variant.HANS: compose(read, simplified)}
        return Part(paragraph.text, conversions)


def _plain(forms: Mapping[Variant, str]) -> Part:
    """A part whose forms are no conversions of one another."""
    source = forms[Variant.HANS]
    return Part(
        source,
        {variant: Conversion(form, whole(len(source), form)) for variant, form in forms.items()},
    )
