"""What is looked for under an entry, and what is found: `duben explain ENTRY`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from duben.compile.edition import compile_edition
from duben.compile.review import RULES
from duben.compile.scripts import fold_glyphs
from duben.compile.terms import Trace
from duben.desk.columns import padded, width, wrapped
from duben.diagnostics import Report
from duben.model import Content, EditionTerm, Location, Variant


@dataclass(frozen=True, slots=True)
class FormFound:
    """What is looked for. number: 0 for the headword, k for alias k. origin: given | written | converted;
    of: the string that it comes from; pieces: (words, becomes, rule, key) of its conversion."""

    number: int
    variant: str
    words: str
    origin: str
    of: str
    pieces: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True, slots=True)
class InText:
    """How often the entry was met in a text: linked, found but no link and rejected, by reason, with the
    first paragraph of each."""

    text: str
    linked: int
    unlinked: tuple[tuple[str, int, str], ...]
    rejected: tuple[tuple[str, int, str], ...]
    policy: str


@dataclass(frozen=True, slots=True)
class EntryExplanation:
    """Everything that an entry does. rivals: (string, entry) that another entry has, too."""

    entry: str
    term: str
    file: str
    line: int
    policy: str
    policy_from: str
    forms: tuple[FormFound, ...]
    not_in: tuple[str, ...]
    rivals: tuple[tuple[str, str], ...]
    pinyin: str
    readings: tuple[tuple[str, str, str], ...]
    texts: tuple[InText, ...]


def explain_entry(content: Content, id: str, report: Report) -> EntryExplanation:
    """What an entry that is there does in all texts. report: gets the problems of compiling."""
    traces = {text.slug: Trace() for text in content.texts}
    edition = compile_edition(content, report, traces=traces)
    entry = next(term for term in edition.terms if term.term.id == id)
    term = entry.term
    simplified = entry.forms[0][Variant.HANS]
    own = {fold_glyphs(words) for forms in entry.forms for words in forms.values()}
    rivals = {
        (words, other.term.id)
        for other in edition.terms
        if other.term.id != id
        for forms in other.forms
        for words in forms.values()
        if fold_glyphs(words) in own
    }
    texts = []
    for text in edition.texts:
        trace = traces[text.text.slug]
        linked = 0
        unlinked: dict[str, tuple[int, str]] = {}
        rejected: dict[str, tuple[int, str]] = {}
        for passage in text.passages:
            paragraph = passage.paragraph.id
            for index, hit in enumerate(passage.hits):
                if hit.term == id:
                    why = trace.unlinked.get(paragraph, {}).get(index)
                    linked += why is None
                    if why:
                        _add(unlinked, why.reason, paragraph)
            for rejection in trace.rejected.get(paragraph, ()):
                if rejection.term == id:
                    _add(rejected, rejection.reason, paragraph)
        texts.append(
            InText(
                text.text.slug,
                linked,
                tuple((reason, *each) for reason, each in unlinked.items()),
                tuple((reason, *each) for reason, each in rejected.items()),
                text.text.entry_policies.get(id, ""),
            )
        )
    return EntryExplanation(
        id,
        term.term,
        term.location.file,
        term.location.line,
        term.link or edition.settings.link,
        "entry" if term.link else "edition.yaml",
        tuple(_forms(entry, edition.settings.variants)),
        term.not_in,
        tuple(sorted(rivals)),
        entry.pinyin,
        tuple((simplified[slice(*piece.source)], piece.text, piece.rule) for piece in entry.readings),
        tuple(texts),
    )


def _add(counts: dict[str, tuple[int, str]], reason: str, paragraph: str) -> None:
    count, first = counts.get(reason, (0, paragraph))
    counts[reason] = (count + 1, first)


def _forms(entry: EditionTerm, variants: tuple[Variant, ...]) -> Iterator[FormFound]:
    for variant in variants:
        origin = entry.origins[variant]
        words = entry.forms[0][variant]
        how = "given" if origin.given else "written" if origin.variant is variant else "converted"
        pieces = tuple(
            (origin.written[slice(*piece.source)], piece.text, piece.rule, piece.key)
            for piece in origin.pieces
        )
        yield FormFound(0, variant, words, how, origin.written, pieces)
    for number, alias in enumerate(entry.term.aliases, 1):
        for variant in variants:
            words = entry.forms[number][variant]
            how = "written" if variant is entry.term.variant else "converted"
            yield FormFound(number, variant, words, how, alias, ())


# --- for people ----------------------------------------------------------------------------------

_REASONS = {
    "nested": "inside a longer term",
    "own-link": "in a link of the text's own",
    "first-in-paragraph": "not the first in its paragraph",
    "first-in-text": "not the first in the text",
    "none": "`entry: none`",
    "forced": "an `entry:` gives the place to another entry",
    "character": "a variation selector follows",
    "silent": "not looked for",
    "not_in": "`not_in`",
    "homograph": "another entry has the characters",
    "alias": "a part of a longer form of this entry",
    "crossing": "crosses the edge of another term",
}


def list_entry(found: EntryExplanation) -> Iterator[str]:
    """The explanation as lines of text."""
    yield str(Location(found.file, found.line, 1))
    yield from wrapped(f"{found.entry}: {found.term}  {found.pinyin}", "", "  ")
    source = "the entry says so" if found.policy_from == "entry" else "edition.yaml says so"
    yield f"linked: {found.policy} ({source})"
    yield ""
    yield "Looked for"
    groups: dict[tuple[int, str, str, str, tuple[tuple[str, str, str, str], ...]], list[str]] = {}
    for form in found.forms:
        key = (form.number, form.words, form.origin, form.of, form.pieces)
        groups.setdefault(key, []).append(form.variant)
    for (number, words, origin, of, pieces), variants in groups.items():
        what = "alias " if number else ""
        how = {"given": "given under `forms`", "written": "as written", "converted": f"converted from {of}"}
        by = "  ".join(f"{piece[0]}→{piece[1]}, {RULES[piece[2]]}" for piece in pieces if piece[2] != "kept")
        line = f"{what}{words}  ({', '.join(variants)}): {how[origin]}{f': {by}' if by else ''}"
        yield from wrapped(line, "  ", "    ")
    for string in found.not_in:
        yield from wrapped(f"but not in {string}", "  ", "    ")
    for words, other in found.rivals:
        yield from wrapped(f"{words} is a form of {other}, too", "  ", "    ")
    yield ""
    yield "Found"
    columns = max((width(each.text) for each in found.texts), default=0)
    for each in found.texts:
        parts = [f"{each.linked} linked"]
        parts += [f"{count} {_REASONS[why]} (first in {first})" for why, count, first in each.unlinked]
        parts += [
            f"no term: {count} {_REASONS[why]} (first in {first})" for why, count, first in each.rejected
        ]
        if each.policy:
            parts.append(f"text.yaml says {each.policy}")
        yield from wrapped(f"{padded(each.text, columns)}  {'; '.join(parts)}", "  ", "    ")
