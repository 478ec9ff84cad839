"""Glossary → matcher → hits.

A term is looked for in every form: in each variant, under each alias. Text and forms are compared
after folding glyph variants (産 = 產), never after folding to Simplified: 乾 and 幹 stay apart.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from duben.compile.automaton import Automaton
from duben.diagnostics import Report
from duben.model import Location, Origin, Paragraph, Span, Term, TermHit, Variant, splits_character

#: (text, from, to) → the text in the other variant
Convert = Callable[[str, Variant, Variant], str]
Forms = tuple[Mapping[Variant, str], ...]


class Rejection(NamedTuple):
    """A place where a string of an entry stands that is no hit, and why.

    reason: `none` (an editor's `entry: none`), `forced` (an editor's `entry:` has the place; by: that
    entry), `character` (a variation selector follows), `silent` (the entry is not looked for in this text;
    by: its policy), `not_in` (by: the longer string), `homograph` (by: the entry that has the string here),
    `alias` (inside a longer form of its own entry; by: that form), `crossing` (by: the entry whose hit
    starts before and ends inside).
    """

    term: str
    span: Span
    reason: str
    by: str = ""


class Unlinked(NamedTuple):
    """Why a hit is no link. reason: `nested`, `own-link` (inside an author's link), or the policy under
    which an earlier hit has it; by: the paragraph of that hit."""

    reason: str
    by: str = ""


@dataclass(slots=True)
class Trace:
    """What was decided against in one text, by paragraph. unlinked: by the index of the hit.

    Who compiles a text with a trace gets the same text as without one.
    """

    rejected: dict[str, list[Rejection]] = field(default_factory=dict)
    unlinked: dict[str, dict[int, Unlinked]] = field(default_factory=dict)
    claimed: Mapping[tuple[str, str], Sequence[tuple[Span, Location]]] = field(default_factory=dict)


#: Policies under which a term is not looked for at all.
SILENT = frozenset({"none", "never"})


def derive_forms(term: Term, convert: Convert) -> Forms:
    """The headword's form in every variant, then each alias's.

    What the editor gave comes first; a form for zh-Hant also serves Taiwan and Hong Kong.
    """
    origins = {variant: find_origin(term, variant) for variant in Variant}
    headword = {
        variant: convert(origin.written, origin.variant, variant) for variant, origin in origins.items()
    }
    return (
        MappingProxyType(headword),
        *(in_all_variants(alias, term.variant, convert) for alias in term.aliases),
    )


def find_origin(term: Term, variant: Variant) -> Origin:
    """What the headword's form in a variant comes from, without the pieces of its conversion."""
    # A form for zh-Hant says nothing of a headword that is in Taiwan's or Hong Kong's script already.
    if variant is not term.variant or variant in term.forms:
        source = _given_source(term.forms, variant)
        if source is not None:
            return Origin(*source, given=True)
    return Origin(term.term, term.variant, given=False)


def given_form(forms: Mapping[Variant, str], variant: Variant, convert: Convert) -> str | None:
    """What an editor's forms say of a variant: its own, or for Taiwan and Hong Kong that of zh-Hant."""
    source = _given_source(forms, variant)
    return None if source is None else convert(*source, variant)


def _given_source(forms: Mapping[Variant, str], variant: Variant) -> tuple[str, Variant] | None:
    """The given form that serves a variant, and the script that it is in."""
    if variant in forms:
        return forms[variant], variant
    if variant in (Variant.TW, Variant.HK) and Variant.HANT in forms:
        return forms[Variant.HANT], Variant.HANT
    return None


def in_all_variants(text: str, variant: Variant, convert: Convert) -> Mapping[Variant, str]:
    return MappingProxyType({other: convert(text, variant, other) for other in Variant})


class Matcher:
    """Finds the terms of one glossary in any paragraph."""

    def __init__(
        self,
        terms: Sequence[Term],
        forms: Mapping[str, Forms],
        not_in: Mapping[str, Iterable[str]],
        fold: Callable[[str], str],
        default_policy: str,
    ) -> None:
        """forms, not_in: by entry id, in all variants. fold: one-to-one, keeps the length."""
        self.fold = fold
        self.default = {term.id: term.link or default_policy for term in terms}
        owners: dict[str, list[tuple[str, int]]] = {}
        for term in terms:
            for number, variants in enumerate(forms[term.id]):
                # A headword may also be printed as it is written in another variant's entry.
                for surface in dict.fromkeys([*variants.values(), *([term.term] if number == 0 else [])]):
                    claims = owners.setdefault(fold(surface), [])
                    if all(owner != term.id for owner, _ in claims):
                        claims.append((term.id, number))
        self.owners = tuple(tuple(claims) for claims in owners.values())
        self.surfaces = Automaton(list(owners), kind="all")
        self.form_of = {(id, surface): number for surface, claims in owners.items() for id, number in claims}
        guards: dict[str, list[str]] = {}
        for id, strings in not_in.items():
            for string in strings:
                guards.setdefault(fold(string), []).append(id)
        self.guard_strings = tuple(guards)
        self.guards = tuple(tuple(ids) for ids in guards.values())
        self.guard_surfaces = Automaton(list(guards), kind="all")

    def find(
        self,
        paragraph: str,
        text: str,
        policies: Mapping[str, str],
        vetoes: Sequence[Span] = (),
        forced: Sequence[tuple[Span, str]] = (),
        rejected: list[Rejection] | None = None,
    ) -> tuple[TermHit, ...]:
        """The hits in a paragraph's text, by place; those nested in another follow it.

        policies: what this text says of single entries. vetoes: no hit inside these spans.
        forced: exactly this entry at this span, and nothing else that overlaps it. rejected: gets what
        stands in the text and is no hit.
        """
        folded = self.fold(text)
        candidates = self._candidates(folded, policies, vetoes, forced, rejected)
        candidates += [(span.start, -span.end, id) for span, id in forced]
        candidates.sort()
        forced_at = dict(forced)
        hits: list[TermHit] = []
        holders: list[TermHit] = []
        top = Span(0, 0)
        for start, negative_end, id in candidates:
            span = Span(start, -negative_end)
            nested = False
            if span.start < top.end:
                # An alias inside a longer form of the same entry is no occurrence of its own.
                own = next((hit for hit in holders if hit.term == id and hit.span.covers(span)), None)
                if own or not top.covers(span):
                    if rejected is not None:
                        reason = ("alias", own.surface) if own else ("crossing", holders[0].term)
                        rejected.append(Rejection(id, span, *reason))
                    continue
                nested = True
            else:
                top = span
                holders.clear()
            form = self.form_of.get((id, folded[span.start : span.end]), -1)
            hit = TermHit(id, paragraph, span, text[span.start : span.end], form, nested, span in forced_at)
            hits.append(hit)
            holders.append(hit)
        return tuple(hits)

    def _candidates(
        self,
        folded: str,
        policies: Mapping[str, str],
        vetoes: Sequence[Span],
        forced: Sequence[tuple[Span, str]],
        rejected: list[Rejection] | None,
    ) -> list[tuple[int, int, str]]:
        """(start, -end, entry id): sorted, the longest of those that start together comes first."""
        matches = self.surfaces.find(folded)
        if not matches:
            return []
        guarded: dict[str, list[Span]] = {}
        for pattern, start, end in self.guard_surfaces.find(folded):
            for id in self.guards[pattern]:
                guarded.setdefault(id, []).append(Span(start, end))
        guard_starts = {id: [span.start for span in spans] for id, spans in guarded.items()}
        longest_guard = max((len(guard) for guard in self.guard_strings), default=0)

        def guard_of(id: str, span: Span) -> Span | None:
            """The longer string around the span that says that this is something else."""
            starts = guard_starts.get(id, ())
            first = bisect_left(starts, span.end - longest_guard)
            last = bisect_right(starts, span.start)
            around = guarded.get(id, ())[first:last]
            return next((guard for guard in around if guard.covers(span) and guard != span), None)

        def reject(ids: Iterable[str], span: Span, reason: str, by: str = "") -> None:
            if rejected is not None:
                rejected.extend(Rejection(id, span, reason, by) for id in ids)

        found = []
        for pattern, start, end in matches:
            span = Span(start, end)
            if any(veto.covers(span) for veto in vetoes):
                reject((id for id, _ in self.owners[pattern] if (span, id) not in forced), span, "none")
                continue
            holder = next((id for other, id in forced if other.overlaps(span)), None)
            if holder is not None:
                others = (id for id, _ in self.owners[pattern] if (span, id) not in forced)
                reject(others, span, "forced", holder)
                continue
            if splits_character(folded, end):
                reject((id for id, _ in self.owners[pattern]), span, "character")
                continue
            claims = []
            for id, _ in self.owners[pattern]:
                policy = policies.get(id, self.default[id])
                if policy in SILENT:
                    reject([id], span, "silent", policy)
                elif guard := guard_of(id, span):
                    reject([id], span, "not_in", folded[guard.start : guard.end])
                else:
                    claims.append(id)
            if len(claims) > 1:
                # Homographs: the one that this text asks for comes before the one that links everywhere.
                claims.sort(key=lambda id: (id not in policies, self.default[id] in SILENT))
                reject(claims[1:], span, "homograph", claims[0])
            if claims:
                found.append((start, -end, claims[0]))
        return found


def check_claims(
    terms: Sequence[Term], forms: Mapping[str, Forms], fold: Callable[[str], str], report: Report
) -> None:
    """Reports each string that two linking entries claim."""
    first: dict[str, Term] = {}
    told: set[tuple[str, str]] = set()
    for term in terms:
        if term.link == "never":
            continue
        for number, variants in enumerate(forms[term.id]):
            written = term.aliases[number - 1] if number else term.term
            place = term.places.get(written, term.places["term"]) if number else term.places["term"]
            for surface in variants.values():
                other = first.setdefault(fold(surface), term)
                if other is not term and (other.id, term.id) not in told:
                    told.add((other.id, term.id))
                    if not number and fold(other.term) == fold(written):
                        report.error(
                            place,
                            "alias-claimed",
                            f"“{written}” is the term of the entry `{other.id}`, too",
                            f"make one entry of this and that at {other.location}; if they are two words "
                            "with one spelling, write `link: never` in the rarer one",
                        )
                        continue
                    report.error(
                        place,
                        "alias-claimed",
                        f"“{written}” belongs to the entry `{other.id}` already",
                        f"remove it here or at {other.location}; all homographs but one say `link: never`",
                    )


def choose_links(
    paragraphs: Sequence[tuple[Paragraph, Sequence[TermHit]]],
    policy_of: Callable[[str], str],
    unlinked: dict[str, dict[int, Unlinked]] | None = None,
) -> tuple[frozenset[int], ...]:
    """For each paragraph, the indexes of its hits that become links.

    Nested hits never do, nor does a hit that touches an author's own link. A forced one always does.
    unlinked: gets, by paragraph and index, why the others do not.
    """
    in_text: dict[str, str] = {}
    chosen = []
    for paragraph, hits in paragraphs:
        links = [mark.span for mark in paragraph.marks if mark.kind == "link"]
        in_paragraph: set[str] = set()
        linked = set()
        for index, hit in enumerate(hits):
            policy = policy_of(hit.term)
            why = None
            if hit.nested:
                why = Unlinked("nested")
            elif any(span.overlaps(hit.span) for span in links):
                why = Unlinked("own-link")
            elif not hit.forced and (
                (policy == "first-in-paragraph" and hit.term in in_paragraph)
                or (policy == "first-in-text" and hit.term in in_text)
            ):
                why = Unlinked(policy, paragraph.id if hit.term in in_paragraph else in_text[hit.term])
            if why:
                if unlinked is not None:
                    unlinked.setdefault(paragraph.id, {})[index] = why
                continue
            linked.add(index)
            in_paragraph.add(hit.term)
            in_text.setdefault(hit.term, paragraph.id)
        chosen.append(frozenset(linked))
    return tuple(chosen)
