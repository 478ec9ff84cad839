"""The stages of compiling, in order: Content → Edition."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from functools import partial
from types import MappingProxyType

from duben.compile.concordance import collect_occurrences
from duben.compile.given_pinyin import check_pinyin
from duben.compile.glossary import Glossary, Prose, Scripts, compile_glossary, matching_part
from duben.compile.pinyin import Corrections, align_pinyin, derive_pinyin, fold_corrections
from duben.compile.quotation_marks import report_unbalanced
from duben.compile.signs import report_signs
from duben.compile.terms import SILENT, Trace, find_origin
from duben.compile.text import compile_text, convert_title
from duben.diagnostics import Report
from duben.memo import FORGETFUL, Made, Memo
from duben.model import (
    Content,
    Edition,
    EditionPage,
    EditionTerm,
    EditionText,
    InfoPage,
    Piece,
    Settings,
    Span,
    Term,
    Variant,
)


def compile_edition(
    content: Content,
    report: Report,
    progress: Callable[[int], object] | None = None,
    traces: Mapping[str, Trace] = MappingProxyType({}),
    memo: Memo = FORGETFUL,
) -> Edition:
    """The edition in every variant. Problems are reported; what is sound is compiled all the same.

    progress: called with 1 after each text. traces: by slug, what gets the decisions on a text.
    """
    settings = memo.same("settings", content.settings)
    read = [memo.same(("text as read", text.slug), text) for text in content.texts]
    terms = tuple(memo.same(("term as read", term.id), term) for term in content.terms)

    def recall(slot: Hashable, make: Callable[..., Made], *inputs: object) -> Made:
        return memo.recall(slot, make, inputs, report)

    scripts = keep_scripts(settings, memo)
    glossary = recall("glossary", compile_glossary, terms, settings, scripts)
    # A definition that is another changes no text: for these the glossary is the one that it was.
    matching = tuple(map(matching_part, terms))
    glossary = memo.once("matching", (matching, settings, scripts), partial(_itself, glossary))
    corrections = recall("corrections", _corrections, settings, scripts)
    titles = MappingProxyType(
        {
            text.slug: memo.once(
                ("title", text.slug), (text, glossary), partial(convert_title, text, glossary)
            )
            for text in read
        }
    )
    prose = memo.once("prose", (glossary, titles), partial(Prose, glossary, titles))
    texts = []
    for text in read:
        trace = traces.get(text.slug)
        if trace is None:
            texts.append(recall(("text", text.slug), compile_text, text, glossary, prose))
        else:
            texts.append(compile_text(text, glossary, prose, report, trace))
        if progress:
            progress(1)
    _report_unused(content, texts, report)
    report_signs(content.shown(), report)
    report_unbalanced(
        [
            (settings.title, *settings.description),
            *(term.definition for term in content.terms),
            *((page.title, *page.paragraphs) for page in content.pages),
        ],
        report,
    )
    return Edition(
        settings=settings,
        title=prose.passage(settings.title),
        description=prose.passages(settings.description),
        texts=tuple(texts),
        terms=tuple(
            recall(("term", term.id), _compile_term, term, glossary, prose, corrections) for term in terms
        ),
        pages=tuple(recall(("page", page.name), _compile_page, page, prose) for page in content.pages),
        occurrences=collect_occurrences(texts),
        static=content.static,
        absent=content.absent,
    )


def keep_scripts(settings: Settings, memo: Memo) -> Scripts:
    """The converters of an edition, those of the last build where its settings are the same."""
    return memo.once("scripts", (settings,), partial(Scripts, settings))


def _corrections(settings: Settings, scripts: Scripts, report: Report) -> Corrections:
    return fold_corrections(
        settings, lambda phrase: scripts.convert(phrase, Variant.HANT, Variant.HANS), report
    )


def _itself(glossary: Glossary) -> Glossary:
    return glossary


def _compile_page(page: InfoPage, prose: Prose, _: Report) -> EditionPage:
    return EditionPage(page, prose.passage(page.title), prose.passages(page.paragraphs))


def _compile_term(
    term: Term, glossary: Glossary, prose: Prose, corrections: Corrections, report: Report
) -> EditionTerm:
    forms = glossary.forms[term.id]
    simplified = forms[0][Variant.HANS]
    if term.pinyin:
        check_pinyin(term, simplified, report)
    origins = {}
    for variant in glossary.settings.variants:
        origin = find_origin(term, variant)
        if origin.variant is not variant:
            between = glossary.scripts.between(origin.variant, variant)
            origin = origin._replace(pieces=between.explain(origin.written))
        origins[variant] = origin
    return EditionTerm(
        term,
        forms,
        MappingProxyType(origins),
        term.pinyin or derive_pinyin(simplified, corrections),
        tuple(_readings(term, simplified, corrections)),
        prose.passages(term.definition),
    )


def _readings(term: Term, simplified: str, corrections: Corrections) -> Iterator[Piece]:
    """Where the pinyin of each stretch of a headword comes from: see EditionTerm."""
    if term.pinyin:
        yield Piece(Span(0, len(simplified)), term.pinyin, "entry", term.id)
        return
    syllables = align_pinyin(simplified, corrections)

    def read(start: int, end: int) -> str:
        return " ".join(filter(None, syllables[start:end]))

    position = 0
    for start, end, _ in [*corrections.find(simplified), (len(simplified), len(simplified), [])]:
        if derived := read(position, start):
            yield Piece(Span(position, start), derived, "dictionary")
        if start < end:
            yield Piece(Span(start, end), read(start, end), "edition", simplified[start:end])
        position = end


def _report_unused(content: Content, texts: Sequence[EditionText], report: Report) -> None:
    """A notice for each entry that no text uses, unless texts were left out, which may use it."""
    if content.absent:
        return
    used = {hit.term for text in texts for passage in text.passages for hit in passage.hits}
    # Of two entries for one word only the first is found, which is told already.
    claimed = {found.location for found in report.found if found.code == "alias-claimed"}
    for term in content.terms:
        if term.id not in used and term.link not in SILENT and term.places["term"] not in claimed:
            report.notice(
                term.places["term"],
                "entry-unused",
                f"“{term.term}” is not found in any text",
                "add an alias under which it is, or leave it as a cross-reference",
            )
