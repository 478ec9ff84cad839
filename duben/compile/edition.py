"""The stages of compiling, in order: Content → Edition."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import MappingProxyType

from duben.compile.concordance import collect_occurrences
from duben.compile.glossary import Glossary, Prose, Scripts, compile_glossary
from duben.compile.pinyin import derive_pinyin
from duben.compile.terms import SILENT
from duben.compile.text import compile_text, convert_title
from duben.diagnostics import Report
from duben.model import (
    Content,
    Edition,
    EditionPage,
    EditionTerm,
    EditionText,
    Term,
    Variant,
)


def compile_edition(
    content: Content, report: Report, progress: Callable[[int], object] | None = None
) -> Edition:
    """The edition in every variant. Problems are reported; what is sound is compiled all the same.

    progress: called with 1 after each text.
    """
    settings = content.settings
    glossary = compile_glossary(content, Scripts(settings), report)
    titles = {text.slug: convert_title(text, glossary) for text in content.texts}
    prose = Prose(glossary, MappingProxyType(titles))
    texts = []
    for text in content.texts:
        texts.append(compile_text(text, glossary, prose, report))
        if progress:
            progress(1)
    _report_unused(content, texts, report)
    return Edition(
        settings=settings,
        title=prose.passage(settings.title),
        description=prose.passages(settings.description),
        texts=tuple(texts),
        terms=tuple(_compile_term(term, glossary, prose) for term in content.terms),
        pages=tuple(
            EditionPage(page, prose.passage(page.title), prose.passages(page.paragraphs))
            for page in content.pages
        ),
        occurrences=collect_occurrences(texts),
        static=content.static,
        absent=content.absent,
    )


def _compile_term(term: Term, glossary: Glossary, prose: Prose) -> EditionTerm:
    forms = glossary.forms[term.id]
    pinyin = term.pinyin or derive_pinyin(forms[0][Variant.HANS])
    return EditionTerm(term, forms, pinyin, prose.passages(term.definition))


def _report_unused(content: Content, texts: Sequence[EditionText], report: Report) -> None:
    """A notice for each entry that no text uses, unless texts were left out, which may use it."""
    if content.absent:
        return
    used = {hit.term for text in texts for passage in text.passages for hit in passage.hits}
    for term in content.terms:
        if term.id not in used and term.link not in SILENT:
            report.notice(
                term.places["term"],
                "entry-unused",
                f"“{term.term}” is not found in any text",
                "add an alias under which it is, or leave it as a cross-reference",
            )
