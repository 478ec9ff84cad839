"""The stages of compiling, in order: Content → Edition."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from duben.compile.anchors import Places
from duben.compile.concordance import collect_occurrences
from duben.compile.opencc_tables import compose
from duben.compile.pinyin import derive_pinyin
from duben.compile.scripts import Converter, converter, fold_glyphs
from duben.compile.segments import cut_segments
from duben.compile.terms import (
    SILENT,
    Forms,
    Matcher,
    check_claims,
    choose_links,
    derive_forms,
    given_form,
    in_all_variants,
)
from duben.diagnostics import Report
from duben.model import (
    Anchor,
    Content,
    Conversion,
    Edition,
    EditionPage,
    EditionTerm,
    EditionText,
    Location,
    Mark,
    NotePassages,
    Override,
    Paragraph,
    Passage,
    Settings,
    Span,
    TermHit,
    Text,
    Unit,
    Variant,
)

Progress = Callable[[int], object]


def compile_edition(content: Content, report: Report, progress: Progress | None = None) -> Edition:
    """The edition in every variant. Problems are reported; what is sound is compiled all the same.

    progress: called with 1 after each text.
    """
    scripts = Scripts(content.settings)
    glossary = _compile_glossary(content, scripts, report)
    texts = []
    for text in content.texts:
        texts.append(compile_text(text, glossary, report))
        if progress:
            progress(1)
    prose = glossary.prose
    settings = content.settings
    _report_unused(content, texts, report)
    return Edition(
        settings=settings,
        title=prose.passage(settings.title),
        description=prose.passages(settings.description),
        texts=tuple(texts),
        terms=tuple(
            EditionTerm(
                term,
                glossary.forms[term.id],
                term.pinyin or derive_pinyin(glossary.forms[term.id][0][Variant.HANS]),
                prose.passages(term.definition),
            )
            for term in content.terms
        ),
        pages=tuple(
            EditionPage(page, prose.passage(page.title), prose.passages(page.paragraphs))
            for page in content.pages
        ),
        occurrences=collect_occurrences(texts),
        static=content.static,
        absent=content.absent,
    )


class Scripts:
    """The converters of one edition, each made once."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._made: dict[tuple[Variant, Variant, frozenset[Variant]], Converter] = {}

    def between(
        self, source: Variant, target: Variant, regional: frozenset[Variant] | None = None
    ) -> Converter:
        key = (source, target, self.settings.regional if regional is None else regional)
        if key not in self._made:
            self._made[key] = converter(
                source,
                target,
                regional=key[2],
                phrases=self.settings.phrases,
                engine=self.settings.engine,
            )
        return self._made[key]

    def convert(self, text: str, source: Variant, target: Variant) -> str:
        return self.between(source, target).convert(text).text


@dataclass(frozen=True, slots=True)
class Prose:
    """Compiles what an editor writes: titles, notes, definitions, pages. Terms are not looked for there."""

    scripts: Scripts
    forms: Mapping[str, Forms]
    titles: Mapping[str, Mapping[Variant, str]]  # slug → the text's title
    variants: tuple[Variant, ...]

    def passages(self, paragraphs: Iterable[Paragraph]) -> tuple[Passage, ...]:
        return tuple(self.passage(paragraph) for paragraph in paragraphs)

    def passage(self, paragraph: Paragraph, anchors: tuple[Anchor, ...] = ()) -> Passage:
        conversions = {}
        for variant in self.variants:
            overrides = [
                Override(mark.span, words)
                for mark in paragraph.marks
                if (words := self._words(mark, variant)) is not None
            ]
            convert = self.scripts.between(paragraph.variant, variant)
            conversions[variant] = convert.convert(paragraph.text, overrides)
        segments = cut_segments(len(paragraph.text), paragraph.marks, anchors=anchors)
        alts = self.alts(paragraph)
        return Passage(paragraph, MappingProxyType(conversions), segments, anchors=anchors, alts=alts)

    def alts(self, paragraph: Paragraph) -> Mapping[Variant, Mapping[int, str]]:
        """The alternative texts of a paragraph's images."""
        images = [(index, mark) for index, mark in enumerate(paragraph.marks) if mark.kind == "image"]
        return MappingProxyType(
            {
                variant: {
                    index: self.scripts.convert(mark.alt, paragraph.variant, variant)
                    for index, mark in images
                }
                for variant in self.variants
            }
            if images
            else {}
        )

    def _words(self, mark: Mark, variant: Variant) -> str | None:
        """What a `[[…]]` without words of its own reads in a variant; None for any other mark."""
        if mark.kind == "headword" and mark.target in self.forms:
            return self.forms[mark.target][0][variant]
        if mark.kind in ("title", "place"):
            slug, _, paragraph = mark.target.partition("#")
            if slug in self.titles:
                title = self.titles[slug][variant]
                return f"《{title}》" + (f"¶{paragraph.removeprefix('p')}" if paragraph else "")
        return None


@dataclass(frozen=True, slots=True)
class Glossary:
    """What the work on one text needs of everything else. Read-only."""

    settings: Settings
    scripts: Scripts
    forms: Mapping[str, Forms]
    matcher: Matcher
    policies: Mapping[str, str]
    prose: Prose


def _compile_glossary(content: Content, scripts: Scripts, report: Report) -> Glossary:
    forms = {term.id: derive_forms(term, scripts.convert) for term in content.terms}
    check_claims(content.terms, forms, fold_glyphs, report)
    not_in = {
        term.id: {
            form
            for string in term.not_in
            for form in (string, *in_all_variants(string, term.variant, scripts.convert).values())
        }
        for term in content.terms
    }
    settings = content.settings
    titles = {text.slug: _convert_title(text, scripts, settings.variants) for text in content.texts}
    return Glossary(
        settings,
        scripts,
        MappingProxyType(forms),
        Matcher(content.terms, forms, not_in, fold_glyphs, settings.link),
        MappingProxyType({term.id: term.link or settings.link for term in content.terms}),
        Prose(scripts, MappingProxyType(forms), MappingProxyType(titles), settings.variants),
    )


def _convert_title(text: Text, scripts: Scripts, variants: Iterable[Variant]) -> Mapping[Variant, str]:
    """A text's title in every variant, as links to it from elsewhere show it."""
    # What is wrong with its notes is told once, where the text itself is compiled.
    places = Places((text.title,), Report(), str)
    decisions = _Decisions.of(text, places, Report())
    reading = _read_as(text.title, decisions.readings.get("title", ()))
    converts = decisions.converts.get("title", ())
    return {
        variant: _convert(
            text, text.title, reading, _settled(reading, converts, variant, scripts), variant, scripts
        ).text
        for variant in variants
    }


def compile_text(text: Text, glossary: Glossary, report: Report) -> EditionText:
    """One text in every variant. Needs the text and the glossary, and nothing of any other text."""
    scripts = glossary.scripts
    places = Places(
        (text.title, *text.paragraphs),
        report,
        lambda words: scripts.convert(words, text.variant, Variant.HANS) if words.isprintable() else words,
    )
    anchors: dict[str, list[Anchor]] = {}
    for note in text.notes:
        for anchor in places.anchors(note.id, note.target):
            anchors.setdefault(anchor.paragraph, []).append(anchor)
    decisions = _Decisions.of(text, places, report)
    readings = {
        paragraph.id: _read_as(paragraph, decisions.readings.get(paragraph.id, ()))
        for paragraph in places.paragraphs
    }
    hits = [
        _find_hits(paragraph, readings[paragraph.id], decisions, text, glossary)
        for paragraph in text.paragraphs
    ]
    links = choose_links(
        list(zip(text.paragraphs, hits, strict=True)),
        lambda id: _policy(text, id, glossary),
    )
    title, *passages = (
        _passage(
            paragraph,
            readings[paragraph.id],
            found,
            linked,
            tuple(anchors.get(paragraph.id, ())),
            decisions.converts.get(paragraph.id, ()),
            text,
            glossary,
            report,
        )
        for paragraph, found, linked in zip(
            places.paragraphs, [(), *hits], [frozenset[int](), *links], strict=True
        )
    )
    return EditionText(
        text,
        title,
        glossary.prose.passages(text.summary),
        tuple(passages),
        _number_notes(text, {"title": title, **{p.paragraph.id: p for p in passages}}, glossary),
    )


def _policy(text: Text, id: str, glossary: Glossary) -> str:
    policy = text.entry_policies.get(id, glossary.policies.get(id, glossary.settings.link))
    # A silent entry is only found where it is forced, and then it is linked as any other.
    return glossary.settings.link if policy in SILENT else policy


@dataclass(frozen=True, slots=True)
class _Decisions:
    """An editor's decisions on single places, by paragraph."""

    vetoes: Mapping[str, tuple[Span, ...]]
    forced: Mapping[str, tuple[tuple[Span, str], ...]]
    readings: Mapping[str, tuple[Override, ...]]
    converts: Mapping[str, tuple[tuple[Span, Mapping[Variant, str]], ...]]

    @classmethod
    def of(cls, text: Text, places: Places, report: Report) -> _Decisions:
        vetoes: dict[str, list[Span]] = {}
        forced: dict[str, list[tuple[Span, str]]] = {}
        readings: dict[str, list[Override]] = {}
        converts: dict[str, list[tuple[Span, Mapping[Variant, str]]]] = {}
        claimed: dict[tuple[str, str], list[Span]] = {}

        def claim(kind: str, id: str, span: Span, location: Location) -> bool:
            others = claimed.setdefault((kind, id), [])
            if any(span.overlaps(other) for other in others):
                report.error(
                    location,
                    "anchor-overlap",
                    f"another `{kind}` in {id} claims some of these characters already",
                    "keep one of them, or make the quotes shorter",
                )
                return False
            others.append(span)
            return True

        for reading in text.readings:
            for index, span in places.resolve(reading.target) or ():
                id = places.paragraphs[index].id
                if claim("reading", id, span, reading.location):
                    readings.setdefault(id, []).append(Override(span, reading.reading))

        def is_whole(id: str, span: Span, location: Location) -> bool:
            """False where a span cuts through a reading of another length, whose parts have no place."""
            for other, words in readings.get(id, ()):
                if span.overlaps(other) and not span.covers(other) and len(words) != other.end - other.start:
                    report.error(
                        location,
                        "anchor-overlap",
                        f"this cuts through a `reading` in {id}",
                        "quote the whole of what is read otherwise",
                    )
                    return False
            return True

        for choice in text.entry_choices:
            for index, span in places.resolve(choice.target) or ():
                id = places.paragraphs[index].id
                if id == "title":
                    report.error(
                        choice.location,
                        "anchor-paragraph",
                        "`entry` has no use in a title, where terms are not looked for",
                        "remove it",
                    )
                elif is_whole(id, span, choice.location) and claim("entry", id, span, choice.location):
                    if choice.entry is None:
                        vetoes.setdefault(id, []).append(span)
                    else:
                        forced.setdefault(id, []).append((span, choice.entry))
        for convert in text.converts:
            for index, span in places.resolve(convert.target) or ():
                id = places.paragraphs[index].id
                if is_whole(id, span, convert.location) and claim("convert", id, span, convert.location):
                    converts.setdefault(id, []).append((span, convert.forms))
        return cls(
            {id: tuple(sorted(found)) for id, found in vetoes.items()},
            {id: tuple(sorted(found)) for id, found in forced.items()},
            {id: tuple(sorted(found)) for id, found in readings.items()},
            {id: tuple(found) for id, found in converts.items()},
        )


def _read_as(paragraph: Paragraph, readings: Sequence[Override]) -> Conversion:
    """The paragraph with its errors mended, aligned with what is printed."""
    pieces: list[str] = []
    units: list[Unit] = []
    position = length = 0
    for (start, end), words in readings:
        pieces += [paragraph.text[position:start], words]
        length += start - position
        if len(words) != end - start:
            units.append(Unit(Span(start, end), Span(length, length + len(words))))
        length += len(words)
        position = end
    return Conversion("".join((*pieces, paragraph.text[position:])), tuple(units))


def _find_hits(
    paragraph: Paragraph,
    reading: Conversion,
    decisions: _Decisions,
    text: Text,
    glossary: Glossary,
) -> tuple[TermHit, ...]:
    """The terms of a paragraph: looked for in what is read, placed in what is printed."""
    if not paragraph.text:
        return ()
    return glossary.matcher.find(
        paragraph.id,
        reading.text,
        text.entry_policies,
        [reading.span_of(span) for span in decisions.vetoes.get(paragraph.id, ())],
        [(reading.span_of(span), id) for span, id in decisions.forced.get(paragraph.id, ())],
    )


def _passage(
    paragraph: Paragraph,
    reading: Conversion,
    hits: tuple[TermHit, ...],
    linked: frozenset[int],
    anchors: tuple[Anchor, ...],
    converts: Sequence[tuple[Span, Mapping[Variant, str]]],
    text: Text,
    glossary: Glossary,
    report: Report,
) -> Passage:
    """The paragraph in every variant. hits stand in the reading; in the passage they stand in print."""
    conversions: dict[Variant, Conversion] = {}
    for variant in glossary.settings.variants:
        overrides = _overrides(hits, reading, converts, variant, glossary)
        conversions[variant] = _convert(text, paragraph, reading, overrides, variant, glossary.scripts)
    printed = _in_print(hits, reading, paragraph.text)
    segments = cut_segments(
        len(paragraph.text),
        paragraph.marks,
        {index: printed[index].span for index in linked},
        anchors,
    )
    alts = glossary.prose.alts(paragraph)
    passage = Passage(paragraph, MappingProxyType(conversions), segments, printed, linked, anchors, alts)
    _report_cuts(passage, report)
    return passage


def _convert(
    text: Text,
    paragraph: Paragraph,
    reading: Conversion,
    overrides: Sequence[Override],
    variant: Variant,
    scripts: Scripts,
) -> Conversion:
    """A paragraph of a text in one variant: as printed in its own, else converted from what is read."""
    if variant is paragraph.variant:
        return Conversion(paragraph.text)
    engine = scripts.between(paragraph.variant, variant, text.regional)
    return compose(reading, engine.convert(reading.text, overrides))


def _settled(
    reading: Conversion,
    converts: Sequence[tuple[Span, Mapping[Variant, str]]],
    variant: Variant,
    scripts: Scripts,
) -> list[Override]:
    """What an editor settled for single occurrences, in this variant."""
    return [
        Override(reading.span_of(span), form)
        for span, forms in converts
        if (form := given_form(forms, variant, scripts.convert)) is not None
    ]


def _overrides(
    hits: Sequence[TermHit],
    reading: Conversion,
    converts: Sequence[tuple[Span, Mapping[Variant, str]]],
    variant: Variant,
    glossary: Glossary,
) -> list[Override]:
    """What is settled in this variant: single occurrences first, then headwords and aliases."""
    overrides = _settled(reading, converts, variant, glossary.scripts)
    settled = [override.span for override in overrides]
    for hit in hits:
        if hit.nested or hit.form < 0 or any(hit.span.overlaps(span) for span in settled):
            continue
        overrides.append(Override(hit.span, glossary.forms[hit.term][hit.form][variant]))
    return overrides


def _in_print(hits: tuple[TermHit, ...], reading: Conversion, text: str) -> tuple[TermHit, ...]:
    if reading.text == text:
        return hits
    back = Conversion(text, tuple(Unit(unit.target, unit.source) for unit in reading.units))
    found = []
    for hit in hits:
        span = back.span_of(hit.span)
        found.append(hit._replace(span=span, surface=text[span.start : span.end]))
    return tuple(found)


def _report_cuts(passage: Passage, report: Report) -> None:
    """Says where a note's or a term's edge cuts through characters that are converted together."""
    spans = [(anchor.span, f"the note {anchor.note}") for anchor in passage.anchors if not anchor.whole]
    spans += [
        (passage.hits[index].span, f"the term “{passage.hits[index].surface}”") for index in passage.linked
    ]
    for variant, conversion in passage.conversions.items():
        for unit in conversion.units:
            for span, what in spans:
                if any(unit.source.start < edge < unit.source.end for edge in span):
                    source = passage.paragraph.text[unit.source.start : unit.source.end]
                    target = conversion.text[unit.target.start : unit.target.end]
                    report.notice(
                        passage.paragraph.locate(unit.source.start),
                        "anchor-cuts-conversion",
                        f"{what} ends inside “{source}”, which {variant} writes “{target}”",
                        "quote the whole of it, or settle it with `convert:`",
                    )


def _number_notes(
    text: Text, passages: Mapping[str, Passage], glossary: Glossary
) -> tuple[NotePassages, ...]:
    """The notes in the order of their markers."""
    order = {id: index for index, id in enumerate(passages)}
    placed: dict[str, tuple[int, int, int]] = {}
    lemmas: dict[str, list[tuple[Passage, Span]]] = {}
    first: dict[str, str] = {}
    for id, passage in passages.items():
        for anchor in passage.anchors:
            first.setdefault(anchor.note, id)
            if anchor.last:
                end = len(passage.paragraph.text) + 1 if anchor.whole else anchor.span.end
                placed[anchor.note] = (order[id], end, anchor.span.start)
            if not anchor.whole:
                lemmas.setdefault(anchor.note, []).append((passage, anchor.span))
    notes = [note for note in text.notes if note.id in placed]
    notes.sort(key=lambda note: placed[note.id])
    return tuple(
        NotePassages(
            note.id,
            number,
            first[note.id],
            MappingProxyType(
                {variant: _lemma(lemmas[note.id], variant) for variant in glossary.settings.variants}
            )
            if note.id in lemmas
            else None,
            glossary.prose.passages(note.body),
        )
        for number, note in enumerate(notes, 1)
    )


#: A lemma longer than this is shown by its two ends, as in a printed apparatus.
LEMMA = 24


def _lemma(pieces: Sequence[tuple[Passage, Span]], variant: Variant) -> str:
    words = []
    for passage, span in pieces:
        conversion = passage.conversions[variant]
        start, end = conversion.span_of(span)
        words.append(conversion.text[start:end].replace("\n", " "))
    lemma = "".join(words)
    return lemma if len(lemma) <= LEMMA else f"{lemma[:8]}……{lemma[-8:]}"


def _report_unused(content: Content, texts: Sequence[EditionText], report: Report) -> None:
    """A notice for each entry that no text uses, unless texts were left out, which may use it."""
    if content.absent:
        return
    used = {hit.term for text in texts for passage in text.passages for hit in passage.hits}
    for term in content.terms:
        if term.id not in used:
            report.notice(
                term.places["term"],
                "entry-unused",
                f"“{term.term}” does not occur in any text",
                "add an alias under which it does, or leave it as a cross-reference",
            )
