"""What the work on any one text needs of everything else: converters, forms, the matcher. Read-only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from duben.compile.scripts import Converter, converter, fold_glyphs
from duben.compile.segments import cut_segments
from duben.compile.terms import Forms, Matcher, check_claims, derive_forms, in_all_variants
from duben.diagnostics import Report
from duben.model import (
    Mark,
    Override,
    Paragraph,
    Passage,
    Settings,
    Term,
    TermHit,
    Variant,
)


class Scripts:
    """The converters of one edition, each made once."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._made: dict[tuple[Variant, Variant, frozenset[Variant]], Converter] = {}

    def between(
        self, source: Variant, target: Variant, regional: frozenset[Variant] | None = None
    ) -> Converter:
        """The converter between two variants. regional: the edition's own, unless a text has others."""
        key = (source, target, self.settings.regional if regional is None else regional)
        if key not in self._made:
            self._made[key] = converter(
                source,
                target,
                regional=key[2],
                phrases=self.settings.phrases,
                engine=self.settings.engine,
                segmenter=self.settings.segmenter,
            )
        return self._made[key]

    def convert(
        self, text: str, source: Variant, target: Variant, regional: frozenset[Variant] | None = None
    ) -> str:
        return self.between(source, target, regional).convert(text).text


@dataclass(frozen=True, slots=True)
class Glossary:
    """The compiled glossary. forms and policies: by entry id."""

    settings: Settings
    scripts: Scripts
    forms: Mapping[str, Forms]
    matcher: Matcher
    policies: Mapping[str, str]

    def settled_by(self, hits: Iterable[TermHit], variant: Variant) -> list[Override]:
        """What the hits read in a variant: a headword its own form, an alias its own conversion."""
        return [
            Override(hit.span, self.forms[hit.term][hit.form][variant], "entry", hit.term)
            for hit in hits
            if not hit.nested and hit.form >= 0
        ]

    def alts(self, paragraph: Paragraph) -> Mapping[Variant, Mapping[int, str]]:
        """The alternative texts of a paragraph's images, by variant and index of the mark."""
        images = [(index, mark) for index, mark in enumerate(paragraph.marks) if mark.kind == "image"]
        if not images:
            return MappingProxyType({})
        return MappingProxyType(
            {
                variant: {
                    index: self.scripts.convert(mark.alt, paragraph.variant, variant)
                    for index, mark in images
                }
                for variant in self.settings.variants
            }
        )


def compile_glossary(terms: Sequence[Term], settings: Settings, scripts: Scripts, report: Report) -> Glossary:
    """The glossary of an edition. A string that two linking entries claim is reported."""
    forms = {term.id: derive_forms(term, scripts.convert) for term in terms}
    check_claims(terms, forms, fold_glyphs, report)
    not_in = {term.id: _guards(term, forms[term.id], scripts, report) for term in terms if term.not_in}
    return Glossary(
        settings,
        scripts,
        MappingProxyType(forms),
        Matcher(terms, forms, not_in, fold_glyphs, settings.link),
        MappingProxyType({term.id: term.link or settings.link for term in terms}),
    )


def matching_part(term: Term) -> tuple[object, ...]:
    """All of an entry that a compiled glossary holds."""
    return term.id, term.term, term.variant, term.forms, term.aliases, term.not_in, term.link


def _guards(term: Term, forms: Forms, scripts: Scripts, report: Report) -> set[str]:
    """An entry's `not_in` strings in every variant."""
    surfaces = {fold_glyphs(surface) for variants in forms for surface in variants.values()}
    found = set()
    for string in term.not_in:
        strings = {string, *in_all_variants(string, term.variant, scripts.convert).values()}
        if not any(surface in fold_glyphs(guard) for guard in strings for surface in surfaces):
            report.warning(
                term.location,
                "decision-needless",
                f"`not_in: {string}` does not hold “{term.term}” or an alias",
                "write the longer string, in which it is something else",
            )
        found |= strings
    return found


@dataclass(frozen=True, slots=True)
class Prose:
    """Compiles what an editor writes: summaries, notes, definitions, pages.

    Terms are not linked there, but read as they do in the texts. titles: slug → the text's title.
    """

    glossary: Glossary
    titles: Mapping[str, Mapping[Variant, str]]

    def passages(
        self, paragraphs: Iterable[Paragraph], regional: frozenset[Variant] | None = None
    ) -> tuple[Passage, ...]:
        """regional: that of the text to which the paragraphs belong."""
        return tuple(self.passage(paragraph, regional) for paragraph in paragraphs)

    def passage(self, paragraph: Paragraph, regional: frozenset[Variant] | None = None) -> Passage:
        glossary = self.glossary
        hits = glossary.matcher.find(paragraph.id, paragraph.text, {})
        settled = {variant: self.settled(paragraph, hits, variant) for variant in glossary.settings.variants}
        conversions = {
            variant: glossary.scripts.between(paragraph.variant, variant, regional).convert(
                paragraph.text, overrides
            )
            for variant, overrides in settled.items()
        }
        segments = cut_segments(len(paragraph.text), paragraph.marks)
        return Passage(
            paragraph,
            MappingProxyType(conversions),
            segments,
            alts=glossary.alts(paragraph),
            settled=MappingProxyType(settled),
        )

    def settled(self, paragraph: Paragraph, hits: Iterable[TermHit], variant: Variant) -> list[Override]:
        """What is settled in a paragraph: the words of links without words of their own, then its terms."""
        overrides = [
            Override(mark.span, words, "entry", mark.target)
            for mark in paragraph.marks
            if (words := self._words(mark, variant)) is not None
        ]
        if variant is not paragraph.variant:
            overrides += beside(overrides, self.glossary.settled_by(hits, variant))
        return overrides

    def _words(self, mark: Mark, variant: Variant) -> str | None:
        """What a `[[…]]` without words of its own reads in a variant; None for any other mark."""
        if mark.kind == "headword" and mark.target in self.glossary.forms:
            return self.glossary.forms[mark.target][0][variant]
        if mark.kind in ("title", "place"):
            slug, _, paragraph = mark.target.partition("#")
            if slug in self.titles:
                title = f"《{self.titles[slug][variant]}》"
                number = paragraph.removeprefix("p")
                return f"{title}¶{number}" if paragraph and paragraph != "title" else title
        return None


def beside(settled: Sequence[Override], weaker: Iterable[Override]) -> list[Override]:
    """The weaker overrides that touch none of those that are settled."""
    return [
        override for override in weaker if not any(override.span.overlaps(other.span) for other in settled)
    ]
