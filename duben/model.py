"""The edition's own types: frozen values that the stages hand to one another.

Nothing of ours is imported here. Three values mark the way through the house:
`Content` (what read/ returns), `Edition` (what compile/ returns) and `Artifact`
(what publish/ writes). All offsets are code points of one paragraph's text.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple


class Variant(StrEnum):
    """A Chinese script with its region. The value is the HTML `lang`."""

    HANS = "zh-Hans"
    HANT = "zh-Hant"
    TW = "zh-Hant-TW"
    HK = "zh-Hant-HK"

    @property
    def folder(self) -> str:
        """The variant's folder in the output: the lower-cased tag."""
        return self.value.lower()


class Span(NamedTuple):
    """A half-open range [start, end) of code points of one paragraph's text."""

    start: int
    end: int

    def covers(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """True where the two share at least one character."""
        return self.start < other.end and other.start < self.end


def splits_character(text: str, offset: int) -> bool:
    """True where a variation selector follows: what ends at this offset would tear it off its character."""
    return offset < len(text) and (
        "\ufe00" <= text[offset] <= "\ufe0f" or "\U000e0100" <= text[offset] <= "\U000e01ef"
    )


class Location(NamedTuple):
    """A place in a file. `line` and `column` count from 1; 0 means the whole file."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        if not self.line:
            return self.file
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class SourceMap:
    """Maps offsets of a text back to where it was written.

    `runs` are (offset, line, column), ascending by offset: from each offset on, the text
    stands character by character from that place until the next run.
    """

    file: str
    runs: tuple[tuple[int, int, int], ...]

    def locate(self, offset: int) -> Location:
        """The place of the character at `offset` (of the last one, past the end)."""
        index = max(bisect_right(self.runs, offset, key=lambda run: run[0]) - 1, 0)
        if not self.runs:
            return Location(self.file)
        start, line, column = self.runs[index]
        return Location(self.file, line, column + max(offset - start, 0))


class Mark(NamedTuple):
    """An author's or editor's markup on a span.

    kind: em | strong | code | link | image | footnote; entry, text or paragraph for `[[…|words]]`;
    headword, title or place for a `[[…]]` without words of its own, whose words are the entry's
    form, the text's title, or both title and paragraph, in whichever variant.
    target: the URL of a link or image, the label of a footnote, the id of an entry,
    `slug#p4` of a paragraph, the slug of a text. Images and footnote references have an
    empty span; `alt` is an image's alternative text.
    """

    kind: str
    span: Span
    target: str = ""
    alt: str = ""


class Container(NamedTuple):
    """A block that holds paragraphs: quote | ul | ol | li | table | head | body | row.

    `number` tells apart two neighbours of one kind. `start` is an ordered list's first number.
    """

    kind: str
    number: int
    start: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A leaf block, and anything else that a reader sees as text and that is converted.

    id: permanent, unique in its text, never derived from the content.
    kind: paragraph | heading | verse | image | footnote | table | cell | title | summary | note | definition
    | info. A table is a paragraph without text, before those of its cells, so that a note can stand on it.
    text: plain, after Markdown: entities decoded, a soft break between Han gone, a hard break a line feed.
    within: the containers around it, outermost first.
    was: ids that this paragraph also answers to (after a merge).
    """

    id: str
    kind: str
    variant: Variant
    text: str
    source: SourceMap
    marks: tuple[Mark, ...] = ()
    level: int = 0
    within: tuple[Container, ...] = ()
    was: tuple[str, ...] = ()
    label: str = ""  # of a footnote
    align: str = ""  # of a table cell: left | center | right
    after_break: bool = False  # a thematic break stands before it

    def locate(self, offset: int = 0) -> Location:
        return self.source.locate(offset)


class Quote(NamedTuple):
    """A quote as an editor writes it. `paragraph` is an id, "title", or "" (unique in the text)."""

    exact: str
    paragraph: str = ""
    before: str = ""
    after: str = ""
    nth: int = 0


@dataclass(frozen=True, slots=True)
class Target:
    """What an annotation stands on.

    start: None means the whole of `paragraph`. until: the quote that ends a range, else None.
    location: of the quote, or of the paragraph's name; end: of the quote that ends the range.
    """

    paragraph: str
    start: Quote | None
    until: Quote | None
    location: Location
    end: Location | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """An editor's note as written."""

    id: str
    target: Target
    body: tuple[Paragraph, ...]
    location: Location


@dataclass(frozen=True, slots=True)
class EntryChoice:
    """At this occurrence, link to `entry`; None: to nothing."""

    target: Target
    entry: str | None
    location: Location


@dataclass(frozen=True, slots=True)
class Reading:
    """The source is in error here: shown as printed, read (and converted) as `reading`."""

    target: Target
    reading: str
    location: Location


@dataclass(frozen=True, slots=True)
class ConvertChoice:
    """At this occurrence, in each of these variants, the text reads so."""

    target: Target
    forms: Mapping[Variant, str]
    why: str
    location: Location


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of a text. Empty strings where nothing is. Dates are ISO, possibly partial."""

    author: tuple[str, ...] = ()
    publisher: str = ""
    date: str = ""
    revised: str = ""
    url: str = ""
    rights: str = ""
    series: str = ""
    picture: str = ""
    credits: tuple[tuple[str, str], ...] = ()  # (role, names)


@dataclass(frozen=True, slots=True)
class Text:
    """One text with everything an editor wrote about it."""

    slug: str
    title: Paragraph
    summary: tuple[Paragraph, ...]
    variant: Variant
    metadata: Metadata
    paragraphs: tuple[Paragraph, ...]
    notes: tuple[Note, ...]
    entry_choices: tuple[EntryChoice, ...]
    readings: tuple[Reading, ...]
    converts: tuple[ConvertChoice, ...]
    entry_policies: Mapping[str, str]  # entry id → none | every | first-in-paragraph | first-in-text
    order: int
    regional: frozenset[Variant]
    republish: bool
    location: Location


class Citation(NamedTuple):
    """A source that an entry names."""

    title: str
    url: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """A glossary entry as written. `forms` holds only what the editor gave."""

    id: str
    kind: str
    term: str
    variant: Variant
    forms: Mapping[Variant, str]
    aliases: tuple[str, ...]
    not_in: tuple[str, ...]
    pinyin: str
    gloss: Mapping[str, str]  # language → gloss
    definition: tuple[Paragraph, ...]
    date: str
    coordinates: tuple[float, float] | None
    see: tuple[str, ...]
    sources: tuple[Citation, ...]
    link: str  # "" | never | every | first-in-paragraph | first-in-text
    location: Location
    places: Mapping[str, Location] = field(default_factory=lambda: MappingProxyType({}))  # of single values


@dataclass(frozen=True, slots=True)
class InfoPage:
    """A page about the edition, from pages/*.md."""

    name: str
    title: Paragraph
    variant: Variant
    paragraphs: tuple[Paragraph, ...]
    location: Location


@dataclass(frozen=True, slots=True)
class Settings:
    """edition.yaml and scripts.yaml, checked.

    pinyin: phrases, in whichever script, with a syllable for each Chinese character, syllables apart.
    places: where each of `phrases` is written. pinyin_places: where the reading of each of `pinyin` is.
    """

    title: Paragraph
    variant: Variant
    variants: tuple[Variant, ...]
    regional: frozenset[Variant] = frozenset()
    description: tuple[Paragraph, ...] = ()
    base_url: str = ""
    link: str = "first-in-paragraph"
    rights: str = ""
    editors: tuple[str, ...] = ()
    engine: str = "duben"
    segmenter: str = "words"
    phrases: Mapping[Variant, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    pinyin: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    places: Mapping[tuple[Variant, str], Location] = field(default_factory=lambda: MappingProxyType({}))
    pinyin_places: Mapping[str, Location] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Content:
    """A content folder, read and checked.

    texts: in reading order. absent: slugs of texts that were left out, whose source is not there.
    """

    settings: Settings
    texts: tuple[Text, ...]
    terms: tuple[Term, ...]
    pages: tuple[InfoPage, ...]
    static: tuple[tuple[str, str], ...]  # (path under static/, path on disk), sorted
    absent: frozenset[str] = frozenset()

    def shown(self) -> Iterator[Paragraph]:
        """Everything that readers see as running text."""
        yield from (self.settings.title, *self.settings.description)
        for text in self.texts:
            yield from (text.title, *text.paragraphs, *text.summary)
            for note in text.notes:
                yield from note.body
        for term in self.terms:
            yield from term.definition
        for page in self.pages:
            yield from (page.title, *page.paragraphs)


class Override(NamedTuple):
    """A span of the source whose conversion is settled by hand.

    rule, key: who settled it, as in a Piece.
    """

    span: Span
    text: str
    rule: str = "occurrence"
    key: str = ""


class Piece(NamedTuple):
    """A stretch of the source, what it reads in another variant, and why.

    rule, strongest first: `occurrence` (an editor's decision on this place), `entry` (a form of the
    glossary; key: the entry's id), `edition` (a phrase of scripts.yaml; key: the phrase), `words` or
    `phrase` (of duben's word tables, of OpenCC's; key: the phrase), `engine` (another engine, which does
    not tell), `mark` (a quotation mark by its depth), `character` (by the character table), `kept`.
    """

    source: Span
    text: str
    rule: str
    key: str = ""


class Unit(NamedTuple):
    """An atomic stretch of a conversion, whose length changed: U盘 → 隨身碟."""

    source: Span
    target: Span


@dataclass(frozen=True, slots=True)
class Conversion:
    """A text in another variant, with its alignment.

    `units` are the stretches whose length changed, ascending, not overlapping; everywhere
    else the two texts run character by character.
    """

    text: str
    units: tuple[Unit, ...] = ()

    def start_of(self, offset: int) -> int:
        """Where a span that starts at `offset` of the source starts in the target."""
        return self._map(offset, end=False)

    def end_of(self, offset: int) -> int:
        """Where a span that ends at `offset` of the source ends in the target."""
        return self._map(offset, end=True)

    def span_of(self, span: Span) -> Span:
        """The target of a span: a unit that it cuts is taken whole."""
        return Span(self.start_of(span.start), self.end_of(span.end))

    def _map(self, offset: int, *, end: bool) -> int:
        if not self.units:
            return offset
        # The last unit that starts before the offset holds it, or ends before it.
        index = bisect_right(self.units, offset - 1, key=lambda unit: unit.source.start) - 1
        if index < 0:
            return offset
        source, target = self.units[index]
        if offset >= source.end:
            return offset - source.end + target.end
        return target.end if end else target.start


class TermHit(NamedTuple):
    """An occurrence of a term.

    form: 0 for the headword, k for alias k. nested: it lies inside a longer hit.
    forced: an editor's `entry:` put it there.
    """

    term: str
    paragraph: str
    span: Span
    surface: str
    form: int = 0
    nested: bool = False
    forced: bool = False


class Anchor(NamedTuple):
    """Where a note stands, resolved. A range over several paragraphs has an anchor in each.

    whole: the note is on the paragraph as such; nothing in it is marked.
    last: the note's marker follows this span.
    """

    note: str
    paragraph: str
    span: Span
    whole: bool = False
    last: bool = True


class Segment(NamedTuple):
    """A stretch over which nothing changes. Segments are flat and cover the paragraph exactly.

    notes: ids of the notes whose span covers it; ends: ids of those whose marker follows it.
    hit: index of the linked term hit that covers it, or -1. marks: indexes of the paragraph's
    marks that cover it. A mark or marker with no width stands on an empty segment.
    """

    span: Span
    notes: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    hit: int = -1
    marks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph with everything that was found in it, ready for any variant.

    hits: terms in the order of the text, nested ones after the one that holds them. linked: indexes
    of the hits that are links. segments cover the paragraph; conversions has every variant built.
    alts: the alternative texts of its images, by variant, then by index of the mark.
    reading: what is read, aligned with what is printed. settled: what is decided by hand, by variant, in
    spans of what is read.
    """

    paragraph: Paragraph
    conversions: Mapping[Variant, Conversion]
    segments: tuple[Segment, ...]
    hits: tuple[TermHit, ...] = ()
    linked: frozenset[int] = frozenset()
    anchors: tuple[Anchor, ...] = ()
    alts: Mapping[Variant, Mapping[int, str]] = field(default_factory=lambda: MappingProxyType({}))
    reading: Conversion | None = None
    settled: Mapping[Variant, Sequence[Override]] = field(default_factory=lambda: MappingProxyType({}))

    def text_in(self, variant: Variant) -> str:
        return self.conversions[variant].text


@dataclass(frozen=True, slots=True)
class NotePassages:
    """A note with its number in the text, its lemma (None: a whole paragraph) and its body."""

    id: str
    number: int
    paragraph: str
    lemma: Mapping[Variant, str] | None
    body: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class EditionText:
    """A text compiled."""

    text: Text
    title: Passage
    summary: tuple[Passage, ...]
    passages: tuple[Passage, ...]
    notes: tuple[NotePassages, ...]


class Origin(NamedTuple):
    """How a headword came to its form in a variant.

    written: the string that it comes from, in the script `variant`. given: that is a form which the
    entry gives; else it is the headword. pieces: what the conversion made of each stretch of it; none
    where the form is that string itself.
    """

    written: str
    variant: Variant
    given: bool
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class EditionTerm:
    """An entry compiled. forms: the headword's, then each alias's, in every variant there is.

    origins: of the headword's forms, in every variant built. readings: the stretches of the Simplified
    headword that have pinyin, with their syllables. Their rules: `entry` (all of it is given there; key:
    the entry's id), `edition` (a phrase of scripts.yaml; key: the phrase), `dictionary`.
    """

    term: Term
    forms: tuple[Mapping[Variant, str], ...]
    origins: Mapping[Variant, Origin]
    pinyin: str
    readings: tuple[Piece, ...]
    definition: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class EditionPage:
    """A page about the edition, compiled."""

    page: InfoPage
    title: Passage
    passages: tuple[Passage, ...]


class Occurrence(NamedTuple):
    """Where a term occurs: a line of its concordance, in no variant yet.

    passage: index of the passage in its text. position: 0 to 1000, how far into the text.
    """

    text: str
    passage: int
    span: Span
    nested: bool
    position: int


@dataclass(frozen=True, slots=True)
class Edition:
    """Everything a reader can see, in every variant.

    occurrences: entry id → its occurrences, by text in reading order, then by place.
    """

    settings: Settings
    title: Passage
    description: tuple[Passage, ...]
    texts: tuple[EditionText, ...]
    terms: tuple[EditionTerm, ...]
    pages: tuple[EditionPage, ...]
    occurrences: Mapping[str, tuple[Occurrence, ...]]
    static: tuple[tuple[str, str], ...]
    absent: frozenset[str]


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file to write: its path under the output folder, with slashes, and its bytes.

    origin: the file that it is a copy of, for problems.
    """

    path: str
    content: bytes
    origin: str = ""
