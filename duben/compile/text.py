"""One text, compiled: decisions, readings, terms, conversions, segments, notes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from duben.compile.alignment import compose, inverse
from duben.compile.anchors import Places
from duben.compile.glossary import Glossary, Prose, beside
from duben.compile.quotation_marks import report_unbalanced
from duben.compile.segments import cut_segments
from duben.compile.signs import report_mixed
from duben.compile.terms import SILENT, Rejection, Trace, choose_links, given_form
from duben.diagnostics import Report
from duben.model import (
    Anchor,
    Conversion,
    ConvertChoice,
    EditionText,
    Location,
    NotePassages,
    Override,
    Paragraph,
    Passage,
    Span,
    Target,
    TermHit,
    Text,
    Unit,
    Variant,
)

#: A lemma longer than this is shown by its two ends, as in a printed apparatus.
LEMMA = 24


def compile_text(
    text: Text, glossary: Glossary, prose: Prose, report: Report, trace: Trace | None = None
) -> EditionText:
    """One text in every variant. Needs the text and the glossary, and nothing of any other text.

    trace: gets what was decided against.
    """
    work = _Work(text, glossary, report)
    anchors: dict[str, list[Anchor]] = {}
    for note in text.notes:
        for anchor in work.places.anchors(note.id, note.target):
            anchors.setdefault(anchor.paragraph, []).append(anchor)
    hits = [
        work.find_hits(paragraph, rejected=trace.rejected.setdefault(paragraph.id, []) if trace else None)
        for paragraph in work.places.paragraphs
    ]
    work.report_needless(hits)
    flows = (work.places.paragraphs, text.summary, *(note.body for note in text.notes))
    report_unbalanced(flows, report, work.readings)
    report_mixed(
        text, ((paragraph, work.readings[paragraph.id]) for paragraph in work.places.paragraphs), report
    )
    # A title's terms read as in the text, and are neither linked nor counted.
    links = [
        frozenset[int](),
        *choose_links(
            list(zip(text.paragraphs, hits[1:], strict=True)),
            work.policy_of,
            trace.unlinked if trace else None,
        ),
    ]
    if trace:
        trace.claimed = work.claimed
    title, *passages = (
        work.passage(paragraph, found, linked, tuple(anchors.get(paragraph.id, ())))
        for paragraph, found, linked in zip(work.places.paragraphs, hits, links, strict=True)
    )
    return EditionText(
        text,
        title,
        prose.passages(text.summary, text.regional),
        tuple(passages),
        _number_notes(text, (title, *passages), prose),
    )


def convert_title(text: Text, glossary: Glossary) -> Mapping[Variant, str]:
    """A text's title in every variant, as links from elsewhere show it."""
    # What is wrong with its notes is told once, where the text itself is compiled.
    work = _Work(text, glossary, Report())
    hits = work.find_hits(text.title)
    return {variant: work.convert(text.title, hits, variant).text for variant in glossary.settings.variants}


@dataclass(slots=True)
class _Decisions:
    """An editor's decisions on single places, by paragraph, each with its place in the file."""

    vetoes: dict[str, list[tuple[Span, Location]]] = field(default_factory=dict)
    forced: dict[str, list[tuple[Span, str]]] = field(default_factory=dict)
    readings: dict[str, list[Override]] = field(default_factory=dict)
    converts: dict[str, list[tuple[Span, ConvertChoice]]] = field(default_factory=dict)


class _Work:
    """What is done on one text."""

    def __init__(self, text: Text, glossary: Glossary, report: Report) -> None:
        self.text = text
        self.glossary = glossary
        self.report = report
        self.places = Places((text.title, *text.paragraphs), report, self._simplified)
        self.claimed: dict[tuple[str, str], list[tuple[Span, Location]]] = {}  # by kind and paragraph
        self.decisions = _Decisions()
        self._decide()
        self.readings = {
            paragraph.id: _read_as(paragraph, self.decisions.readings.get(paragraph.id, ()))
            for paragraph in self.places.paragraphs
        }

    def _simplified(self, words: str) -> str:
        """For hints: length kept, so that places hold."""
        converted = self.glossary.scripts.convert(words, self.text.variant, Variant.HANS)
        return converted if len(converted) == len(words) else words

    # --- decisions -------------------------------------------------------------------------------

    def _decide(self) -> None:
        decisions = self.decisions
        for reading in self.text.readings:
            for id, span in self._claims("reading", reading.target, reading.location):
                decisions.readings.setdefault(id, []).append(Override(span, reading.reading))
        for choice in self.text.entry_choices:
            if choice.target.paragraph == "title":
                self.report.error(
                    choice.location,
                    "anchor-paragraph",
                    "`entry` has no use in a title, where terms are not linked",
                    "remove it",
                )
                continue
            for id, span in self._claims("entry", choice.target, choice.location):
                if choice.entry is None:
                    decisions.vetoes.setdefault(id, []).append((span, choice.location))
                elif choice.entry in self.glossary.forms:
                    decisions.forced.setdefault(id, []).append((span, choice.entry))
        for convert in self.text.converts:
            for id, span in self._claims("convert", convert.target, convert.location):
                decisions.converts.setdefault(id, []).append((span, convert))
        for overrides in decisions.readings.values():
            overrides.sort()

    def _claims(self, kind: str, target: Target, location: Location) -> Iterable[tuple[str, Span]]:
        """The places of a decision, if no other of its kind has them and no reading is cut through."""
        for index, span in self.places.resolve(target) or ():
            id = self.places.paragraphs[index].id
            others = self.claimed.setdefault((kind, id), [])
            if any(span.overlaps(other) for other, _ in others):
                self.report.error(
                    location,
                    "anchor-overlap",
                    f"another `{kind}` in {id} claims some of these characters already",
                    "keep one of them, or make the quotes shorter",
                )
            elif kind != "reading" and self._cuts_reading(id, span):
                self.report.error(
                    location,
                    "anchor-overlap",
                    f"this cuts through a `reading` in {id}",
                    "quote the whole of what is read otherwise",
                )
            else:
                others.append((span, location))
                yield id, span

    def _cuts_reading(self, id: str, span: Span) -> bool:
        """Whether the span cuts through a reading of another length, whose parts have no place."""
        return any(
            span.overlaps(other) and not span.covers(other) and len(words) != other.end - other.start
            for other, words, *_ in self.decisions.readings.get(id, ())
        )

    def report_needless(self, hits: Sequence[Sequence[TermHit]]) -> None:
        """Says which decisions change nothing. hits: of each paragraph, the title first."""
        policies = self.text.entry_policies
        found = {hit.term for each in hits for hit in each}
        for paragraph, each in zip(self.places.paragraphs, hits, strict=True):
            vetoes = self.decisions.vetoes.get(paragraph.id, ())
            unless = self.find_hits(paragraph, obey=False) if vetoes or "none" in policies.values() else ()
            found |= {hit.term for hit in unless}
            for span, location in vetoes:
                read = self.readings[paragraph.id].span_of(span)
                if not any(read.covers(hit.span) for hit in unless):
                    self._needless(location, "no term stands there, so there is nothing to leave unlinked")
            for span, convert in self.decisions.converts.get(paragraph.id, ()):
                self._report_convert(paragraph, each, span, convert)
        for entry in policies:
            if entry in self.glossary.forms and entry not in found:
                self._needless(self.text.location, f"`entries: {entry}` says how to link what is not found")

    def _report_convert(
        self, paragraph: Paragraph, hits: Sequence[TermHit], span: Span, convert: ConvertChoice
    ) -> None:
        """Warns of a `convert` that changes nothing in any of the variants built for which it is given.

        One that says why is an editor's signature, and may say what the converter says.
        """
        if convert.why:
            return
        compared = False
        for variant in self.glossary.settings.variants:
            form = given_form(convert.forms, variant, self.glossary.scripts.convert)
            if form is None or variant is paragraph.variant:
                continue
            without = self.convert(paragraph, hits, variant, obey=False)
            start, end = without.span_of(span)
            if without.text[start:end] != form:
                return
            compared = True
        if compared:
            self._needless(convert.location, "the text reads so without this `convert`")

    def _needless(self, location: Location, message: str) -> None:
        self.report.warning(location, "decision-needless", message, "remove it, or correct the quote")

    # --- terms and conversions -------------------------------------------------------------------

    def policy_of(self, entry: str) -> str:
        """How an entry's hits become links in this text."""
        policy = self.text.entry_policies.get(entry, self.glossary.policies[entry])
        # A silent entry is only found where it is forced, and then it is linked as any other.
        return self.glossary.settings.link if policy in SILENT else policy

    def find_hits(
        self, paragraph: Paragraph, *, obey: bool = True, rejected: list[Rejection] | None = None
    ) -> tuple[TermHit, ...]:
        """The terms of a paragraph, in what is read. obey: False to find also what an editor vetoed.

        rejected: gets the places that are no hits, in what is read.
        """
        if not paragraph.text:
            return ()
        reading, decisions = self.readings[paragraph.id], self.decisions
        policies = self.text.entry_policies
        if not obey:
            policies = {entry: policy for entry, policy in policies.items() if policy != "none"}
        return self.glossary.matcher.find(
            paragraph.id,
            reading.text,
            policies,
            [reading.span_of(span) for span, _ in decisions.vetoes.get(paragraph.id, ()) if obey],
            [(reading.span_of(span), entry) for span, entry in decisions.forced.get(paragraph.id, ())],
            rejected,
        )

    def convert(
        self, paragraph: Paragraph, hits: Iterable[TermHit], variant: Variant, *, obey: bool = True
    ) -> Conversion:
        """A paragraph in one variant: as printed in its own, else converted from what is read.

        What decides, strongest first: a `convert:` (unless told not to obey it), an entry's form, the
        edition's phrases, the dictionary.
        """
        if variant is paragraph.variant:
            return Conversion(paragraph.text)
        reading = self.readings[paragraph.id]
        engine = self.glossary.scripts.between(paragraph.variant, variant, self.text.regional)
        overrides = self.settled(paragraph, hits, variant, obey=obey)
        return compose(reading, engine.convert(reading.text, overrides))

    def settled(
        self, paragraph: Paragraph, hits: Iterable[TermHit], variant: Variant, *, obey: bool = True
    ) -> list[Override]:
        """What is settled in what is read of a paragraph, before scripts.yaml and the dictionary."""
        glossary, reading = self.glossary, self.readings[paragraph.id]
        settled = [
            Override(reading.span_of(span), form)
            for span, convert in self.decisions.converts.get(paragraph.id, ())
            if obey and (form := given_form(convert.forms, variant, glossary.scripts.convert)) is not None
        ]
        return [*settled, *beside(settled, glossary.settled_by(hits, variant))]

    def passage(
        self,
        paragraph: Paragraph,
        hits: tuple[TermHit, ...],
        linked: frozenset[int],
        anchors: tuple[Anchor, ...],
    ) -> Passage:
        """The paragraph in every variant. hits stand in what is read; in the passage, in what is printed."""
        variants = self.glossary.settings.variants
        conversions = {variant: self.convert(paragraph, hits, variant) for variant in variants}
        printed = _in_print(hits, self.readings[paragraph.id], paragraph.text)
        segments = cut_segments(
            len(paragraph.text),
            paragraph.marks,
            {index: printed[index].span for index in linked},
            anchors,
        )
        alts = self.glossary.alts(paragraph)
        passage = Passage(
            paragraph,
            MappingProxyType(conversions),
            segments,
            printed,
            linked,
            anchors,
            alts,
            self.readings[paragraph.id],
            MappingProxyType({variant: self.settled(paragraph, hits, variant) for variant in variants}),
        )
        _report_cuts(passage, self.report)
        return passage


def _read_as(paragraph: Paragraph, readings: Sequence[Override]) -> Conversion:
    """The paragraph with its errors mended, aligned with what is printed."""
    pieces: list[str] = []
    units: list[Unit] = []
    position = length = 0
    for (start, end), words, *_ in readings:
        pieces += [paragraph.text[position:start], words]
        length += start - position
        if len(words) != end - start:
            units.append(Unit(Span(start, end), Span(length, length + len(words))))
        length += len(words)
        position = end
    return Conversion("".join((*pieces, paragraph.text[position:])), tuple(units))


def _in_print(hits: tuple[TermHit, ...], reading: Conversion, text: str) -> tuple[TermHit, ...]:
    if reading.text == text:
        return hits
    back = inverse(reading, text)
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


def _number_notes(text: Text, passages: Sequence[Passage], prose: Prose) -> tuple[NotePassages, ...]:
    """The notes in the order of their markers."""
    placed: dict[str, tuple[int, int, int]] = {}
    lemmas: dict[str, list[tuple[Passage, Span]]] = {}
    first: dict[str, str] = {}
    for index, passage in enumerate(passages):
        for anchor in passage.anchors:
            first.setdefault(anchor.note, passage.paragraph.id)
            if anchor.last:
                end = len(passage.paragraph.text) + 1 if anchor.whole else anchor.span.end
                placed[anchor.note] = (index, end, anchor.span.start)
            if not anchor.whole:
                lemmas.setdefault(anchor.note, []).append((passage, anchor.span))
    notes = sorted((note for note in text.notes if note.id in placed), key=lambda note: placed[note.id])
    variants = prose.glossary.settings.variants
    return tuple(
        NotePassages(
            note.id,
            number,
            first[note.id],
            MappingProxyType({variant: _lemma(lemmas[note.id], variant) for variant in variants})
            if note.id in lemmas
            else None,
            prose.passages(note.body),
        )
        for number, note in enumerate(notes, 1)
    )


def _lemma(pieces: Sequence[tuple[Passage, Span]], variant: Variant) -> str:
    words = []
    for passage, span in pieces:
        conversion = passage.conversions[variant]
        start, end = conversion.span_of(span)
        words.append(conversion.text[start:end].replace("\n", " "))
    lemma = "".join(words)
    return lemma if len(lemma) <= LEMMA else f"{lemma[:8]}……{lemma[-8:]}"
