"""What became of one paragraph, and why: `duben explain TEXT PARAGRAPH`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from duben.compile.alignment import inverse
from duben.compile.anchors import find_quote
from duben.compile.edition import compile_edition
from duben.compile.glossary import Scripts
from duben.compile.review import RULES
from duben.compile.scripts import fold_glyphs
from duben.compile.terms import Rejection, Trace, Unlinked
from duben.desk.columns import clipped, wrapped
from duben.diagnostics import Report
from duben.model import (
    Anchor,
    Content,
    Conversion,
    ConvertChoice,
    Edition,
    EditionTerm,
    EntryChoice,
    Location,
    Note,
    Paragraph,
    Passage,
    Quote,
    Reading,
    Span,
    TermHit,
    Text,
)
from duben.publish.ruby import explain_pinyin


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file."""

    file: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class TermFound:
    """A place of a term. start, end: in the paragraph as printed.

    state: linked | unlinked | rejected. why: for the last two, a word of Unlinked or Rejection; by: the
    paragraph, string or entry that it names. form: headword | alias | other (a forced hit of other words).
    variants: those in which the entry reads so; folded: pairs of glyphs that count as one, as printed and as
    in the entry. policy: how the entry is linked here; policy_from: who says so.
    """

    words: str
    start: int
    end: int
    entry: str
    state: str
    why: str
    by: str
    form: str
    alias: str
    variants: tuple[str, ...]
    folded: tuple[tuple[str, str], ...]
    nested: bool
    forced: bool
    policy: str
    policy_from: str
    place: Place


@dataclass(frozen=True, slots=True)
class NoteFound:
    """A note that stands on the paragraph. how: whole | only-place | context | count | unpinned | range."""

    id: str
    words: str
    start: int
    end: int
    how: str
    times: int
    place: Place


@dataclass(frozen=True, slots=True)
class Decision:
    """An editor's decision on a place of the paragraph. kind: entry | reading | convert; says: its value."""

    kind: str
    words: str
    start: int
    end: int
    says: str
    why: str
    place: Place


@dataclass(frozen=True, slots=True)
class PieceFound:
    """A stretch of what is read, what it becomes, and by which rule: see model.Piece."""

    words: str
    start: int
    end: int
    becomes: str
    rule: str
    key: str


@dataclass(frozen=True, slots=True)
class InVariant:
    """The paragraph as a variant shows it, in pieces."""

    variant: str
    text: str
    pieces: tuple[PieceFound, ...]


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its pinyin; decided: see publish.ruby.Said."""

    words: str
    pinyin: str
    decided: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem of the paragraph, or of what is written on it."""

    severity: str
    code: str
    message: str
    hint: str
    place: Place


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything that was decided on one paragraph. reads: what is read, where it is not what is printed."""

    text: str
    paragraph: str
    kind: str
    variant: str
    place: Place
    printed: str
    reads: str
    terms: tuple[TermFound, ...]
    notes: tuple[NoteFound, ...]
    decisions: tuple[Decision, ...]
    variants: tuple[InVariant, ...]
    pinyin: tuple[Word, ...]
    problems: tuple[Problem, ...]


def explain_paragraph(content: Content, slug: str, id: str, report: Report) -> Explanation:
    """What became of a paragraph of a text that is there. Compiles that text alone.

    id: of a paragraph, or `title`. report: with the problems of reading; gets those of the text.
    """
    text = next(text for text in content.texts if text.slug == slug)
    others = {other.slug for other in content.texts} - {slug}
    trace = Trace()
    edition = compile_edition(
        replace(content, texts=(text,), pages=(), absent=content.absent | others),
        report,
        traces={slug: trace},
    )
    compiled = edition.texts[0]
    passage = next(passage for passage in (compiled.title, *compiled.passages) if passage.paragraph.id == id)
    paragraph = passage.paragraph
    reading = passage.reading or Conversion(paragraph.text)
    return Explanation(
        slug,
        id,
        paragraph.kind,
        paragraph.variant,
        _place(paragraph.locate()),
        paragraph.text,
        reading.text if reading.text != paragraph.text else "",
        tuple(_terms(edition, text, passage, trace)),
        tuple(_notes(text, passage)),
        tuple(_decisions(text, paragraph, trace)),
        tuple(_variants(edition, text, passage)),
        tuple(Word(*said) for said in explain_pinyin(edition, passage)),
        tuple(_problems(text, paragraph, report)),
    )


def as_mapping(explanation: object) -> dict[str, Any]:
    """An explanation as plain values, for JSON."""
    return asdict(explanation)  # type: ignore[call-overload,no-any-return]


def _place(location: Location) -> Place:
    return Place(*location)


# --- terms ---------------------------------------------------------------------------------------


def _terms(edition: Edition, text: Text, passage: Passage, trace: Trace) -> Iterator[TermFound]:
    paragraph = passage.paragraph
    entries = {term.term.id: term for term in edition.terms}
    unlinked = trace.unlinked.get(paragraph.id, {})
    found = []
    for index, hit in enumerate(passage.hits):
        why = unlinked.get(index)
        if paragraph.id == "title":
            why = Unlinked("title")
        found.append(_hit(edition, text, paragraph, entries[hit.term], hit, why))
    reading = passage.reading or Conversion(paragraph.text)
    back = inverse(reading, paragraph.text)
    for rejection in trace.rejected.get(paragraph.id, ()):
        span = back.span_of(rejection.span)
        found.append(_rejection(edition, text, paragraph, entries[rejection.term], rejection, span))
    yield from sorted(found, key=lambda each: (each.start, -each.end, each.state, each.entry))


def _hit(
    edition: Edition, text: Text, paragraph: Paragraph, entry: EditionTerm, hit: TermHit, why: Unlinked | None
) -> TermFound:
    variants, folded = _as_written(entry, hit.form, hit.surface)
    form = "headword" if hit.form == 0 else "alias" if hit.form > 0 else "other"
    return TermFound(
        hit.surface,
        *hit.span,
        hit.term,
        "unlinked" if why else "linked",
        why.reason if why else "",
        why.by if why else "",
        form,
        entry.term.aliases[hit.form - 1] if hit.form > 0 else "",
        variants,
        folded,
        hit.nested,
        hit.forced,
        *_policy(edition, text, entry),
        _place(paragraph.locate(hit.span.start)),
    )


def _rejection(
    edition: Edition,
    text: Text,
    paragraph: Paragraph,
    entry: EditionTerm,
    rejection: Rejection,
    span: Span,
) -> TermFound:
    words = paragraph.text[slice(*span)]
    number = next(
        (
            number
            for number, forms in enumerate(entry.forms)
            if fold_glyphs(words) in map(fold_glyphs, forms.values())
        ),
        -1,
    )
    variants, folded = _as_written(entry, number, words)
    return TermFound(
        words,
        *span,
        entry.term.id,
        "rejected",
        rejection.reason,
        rejection.by,
        "headword" if number == 0 else "alias" if number > 0 else "other",
        entry.term.aliases[number - 1] if number > 0 else "",
        variants,
        folded,
        False,
        False,
        *_policy(edition, text, entry),
        _place(paragraph.locate(span.start)),
    )


def _as_written(
    entry: EditionTerm, number: int, surface: str
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """In which variants a form reads so; and, where none has these very glyphs, which count as which."""
    if number < 0:
        return (), ()
    forms = entry.forms[number]
    exact = tuple(str(variant) for variant, form in forms.items() if form == surface)
    if exact or (number == 0 and surface == entry.term.term):
        return exact, ()
    for variant, form in forms.items():
        if fold_glyphs(form) == fold_glyphs(surface):
            pairs = zip(surface, form, strict=True)
            return (str(variant),), tuple(dict.fromkeys(pair for pair in pairs if pair[0] != pair[1]))
    return (), ()


def _policy(edition: Edition, text: Text, entry: EditionTerm) -> tuple[str, str]:
    """How an entry's hits are linked in a text, and who says so."""
    own = text.entry_policies.get(entry.term.id)
    if own:
        return own, "text.yaml"
    if entry.term.link:
        return entry.term.link, "entry"
    return edition.settings.link, "edition.yaml"


# --- notes and decisions -------------------------------------------------------------------------


def _notes(text: Text, passage: Passage) -> Iterator[NoteFound]:
    written = {note.id: note for note in text.notes}
    for anchor in passage.anchors:
        note = written[anchor.note]
        how, times = _how(note, anchor, passage.paragraph)
        words = passage.paragraph.text[slice(*anchor.span)] if not anchor.whole else ""
        yield NoteFound(note.id, words, *anchor.span, how, times, _place(note.location))


def _how(note: Note, anchor: Anchor, paragraph: Paragraph) -> tuple[str, int]:
    """By what the note's quote has its place, and how often its words stand in the paragraph."""
    start = note.target.start
    if anchor.whole or start is None:
        return "whole", 0
    times = len(find_quote(Quote(start.exact), paragraph.text))
    if note.target.until is not None:
        return "range", times
    if not start.paragraph:
        return "unpinned", times
    if start.nth:
        return "count", times
    return ("context" if times > 1 else "only-place"), times


def _decisions(text: Text, paragraph: Paragraph, trace: Trace) -> Iterator[Decision]:
    says: dict[Location, tuple[str, str]] = {}
    for choice in text.entry_choices:
        says[choice.location] = (choice.entry or "none", "")
    for reading in text.readings:
        says[reading.location] = (reading.reading, "")
    for convert in text.converts:
        forms = ", ".join(f"{variant}: {form}" for variant, form in convert.forms.items())
        says[convert.location] = (forms, convert.why)
    for kind in ("reading", "entry", "convert"):
        for span, location in trace.claimed.get((kind, paragraph.id), ()):
            yield Decision(
                kind, paragraph.text[slice(*span)], *span, *says.get(location, ("", "")), _place(location)
            )


def _problems(text: Text, paragraph: Paragraph, report: Report) -> Iterator[Problem]:
    lines = {line for _, line, _ in paragraph.source.runs}
    annotations: Sequence[Note | EntryChoice | Reading | ConvertChoice] = (
        *text.notes,
        *text.entry_choices,
        *text.readings,
        *text.converts,
    )
    written = {
        item.location.line for item in annotations if item.target.paragraph in (paragraph.id, *paragraph.was)
    }
    for found in report.in_order():
        here = found.location.file == paragraph.source.file and found.location.line in lines
        on_it = found.location.file == text.location.file and found.location.line in written
        if (here and paragraph.source.file != text.location.file) or on_it:
            yield Problem(str(found.severity), found.code, found.message, found.hint, _place(found.location))


# --- scripts -------------------------------------------------------------------------------------


def _variants(edition: Edition, text: Text, passage: Passage) -> Iterator[InVariant]:
    scripts = Scripts(edition.settings)
    paragraph = passage.paragraph
    reading = passage.reading or Conversion(paragraph.text)
    for variant in edition.settings.variants:
        shown = passage.conversions[variant].text
        if variant is paragraph.variant:
            yield InVariant(variant, shown, ())
            continue
        pieces = scripts.between(paragraph.variant, variant, text.regional).explain(
            reading.text, passage.settled[variant]
        )
        yield InVariant(
            variant,
            shown,
            tuple(
                PieceFound(
                    reading.text[slice(*piece.source)], *piece.source, piece.text, piece.rule, piece.key
                )
                for piece in pieces
            ),
        )


# --- for people ----------------------------------------------------------------------------------

_WHY = {
    "nested": "it lies inside a longer term",
    "own-link": "it stands in a link of the text's own",
    "title": "terms are not linked in a title",
    "first-in-paragraph": "the first in the paragraph is linked ({policy}, says {policy_from})",
    "first-in-text": "the first in the text is linked, in {by} ({policy}, says {policy_from})",
    "none": "an `entry: none` stands there",
    "forced": "an `entry:` gives the place to {by}",
    "character": "a variation selector belongs to its last character",
    "silent": "not looked for: its policy is {policy}, says {policy_from}",
    "not_in": "`not_in`: it stands in {by}",
    "homograph": "{by} has these characters here",
    "alias": "it is a part of {by}, of the same entry",
    "crossing": "it crosses the edge of {by}, which starts before it",
}
_FROM = {"text.yaml": "text.yaml", "entry": "the entry", "edition.yaml": "edition.yaml"}
_HOW = {
    "whole": "on the whole paragraph",
    "only-place": "its words stand once in the paragraph",
    "context": "its words stand {times} times; `before:` or `after:` tells them apart",
    "count": "its words stand {times} times; `nth:` counts",
    "unpinned": "without `in:`; its words stand once in the text",
    "range": "a range from `on` to `until`",
}
_PINYIN = {
    "entry": "the pinyin of entries",
    "correction": "scripts.yaml",
    "neighbours": "what stands beside them",
    "particle": "rule, as particles",
    "unknown": "no table",
}


def list_explanation(found: Explanation) -> Iterator[str]:
    """The explanation as lines of text, 80 columns wide where words can be broken."""
    yield _shown(found.place)
    yield f"{found.text}#{found.paragraph}: {found.kind}, {found.variant}, {len(found.printed)} characters"
    yield ""
    yield from wrapped(found.printed, "  ")
    if found.reads:
        yield "Read as"
        yield from wrapped(found.reads, "  ")
    for head, lines in (
        ("Problems", _problem_lines(found)),
        ("Decisions", _decision_lines(found)),
        ("Terms", _term_lines(found)),
        ("Notes", _note_lines(found)),
    ):
        rows = list(lines)
        if rows:
            yield ""
            yield head
            yield from rows
    yield from _variant_lines(found)
    yield from _pinyin_lines(found)


def _shown(place: Place) -> str:
    return str(Location(place.file, place.line, place.column))


def _problem_lines(found: Explanation) -> Iterator[str]:
    for each in found.problems:
        yield from wrapped(f"{each.severity}: {each.message} [{each.code}]", "  ", "    ")
        if each.hint:
            yield from wrapped(f"hint: {each.hint}", "    ", "    ")


def _decision_lines(found: Explanation) -> Iterator[str]:
    for each in found.decisions:
        why = f" ({each.why})" if each.why else ""
        yield from wrapped(f"{each.words}  `{each.kind}: {each.says}`{why}", "  ", "    ")
        yield f"    {_shown(each.place)}"


def _term_lines(found: Explanation) -> Iterator[str]:
    # A term that stands ten times for one reason is told once.
    groups: dict[tuple[object, ...], list[TermFound]] = {}
    for each in found.terms:
        key = (each.words, each.entry, each.state, each.why, each.by, each.form, each.variants)
        groups.setdefault(key, []).append(each)
    for group in groups.values():
        each = group[0]
        times = f", {len(group)} times" if len(group) > 1 else ""
        state = {"linked": "linked", "unlinked": "found, no link", "rejected": "no term here"}[each.state]
        forced = ", by `entry:`" if each.forced else ""
        yield from wrapped(f"{each.words}  {each.entry}: {state}{forced}{times}", "  ", "    ")
        if each.why:
            why = _WHY[each.why].format(by=each.by, policy=each.policy, policy_from=_FROM[each.policy_from])
            yield from wrapped(f"because {why}", "    ", "    ")
        if each.state != "rejected":
            yield from wrapped(_form_line(each), "    ", "    ")


def _form_line(each: TermFound) -> str:
    what = {"headword": "the headword", "alias": f"the alias {each.alias}", "other": "other words"}[each.form]
    line = f"{what}, as in {', '.join(each.variants)}" if each.variants else f"{what}, as it is written"
    if each.form == "other":
        line = what
    if each.folded:
        line += "; " + ", ".join(f"{printed} counts as {own}" for printed, own in each.folded)
    return line


def _note_lines(found: Explanation) -> Iterator[str]:
    for each in found.notes:
        words = clipped(each.words, 50) if each.words else "(whole)"
        yield from wrapped(f"{each.id}  {words}: {_HOW[each.how].format(times=each.times)}", "  ", "    ")
        yield f"    {_shown(each.place)}"


def _variant_lines(found: Explanation) -> Iterator[str]:
    groups: dict[tuple[str, tuple[PieceFound, ...]], list[str]] = {}
    for each in found.variants:
        if each.variant != found.variant:
            groups.setdefault((each.text, each.pieces), []).append(each.variant)
    for (text, pieces), variants in groups.items():
        yield ""
        yield f"In {', '.join(variants)}"
        yield from wrapped(text, "  ")
        for rule, words in RULES.items():
            changes = _counted(_change(piece) for piece in pieces if piece.rule == rule)
            if changes and rule != "kept":
                yield from wrapped(f"by {words}: {'  '.join(changes)}", "    ", "      ")


def _change(piece: PieceFound) -> str:
    change = f"{piece.words}→{piece.becomes}" if piece.words != piece.becomes else piece.words
    return f"{change} ({piece.key})" if piece.key and piece.key != piece.words else change


def _counted(words: Iterable[str]) -> list[str]:
    counts: dict[str, int] = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return [f"{word} ×{count}" if count > 1 else word for word, count in counts.items()]


def _pinyin_lines(found: Explanation) -> Iterator[str]:
    if not found.pinyin:
        return
    yield ""
    yield "Pinyin"
    yield from wrapped(" ".join(word.pinyin or "?" for word in found.pinyin), "  ")
    by_rule: dict[str, dict[str, list[str]]] = {}
    for word in found.pinyin:
        for rule, key in word.decided:
            said = by_rule.setdefault(rule, {}).setdefault(key, [])
            if word.pinyin not in said:
                said.append(word.pinyin)
    for rule, label in _PINYIN.items():
        # What the dictionary decides is nearly everything, and stands in the JSON.
        if rule in by_rule:
            keys = "; ".join(f"{key} {' '.join(said)}" for key, said in by_rule[rule].items())
            yield from wrapped(f"by {label}: {keys}", "    ", "      ")
