"""The matcher finds what a slow and obvious one finds."""

from __future__ import annotations

from types import MappingProxyType

from hypothesis import given, settings
from hypothesis import strategies as st
from slow_matcher import Entry, find_hits, longer_strings, occurrences

from duben.compile.terms import Matcher, Rejection
from duben.model import Location, Span, Term, Variant

PLACE = Location("glossary.yaml", 1, 1)
NOTHING: MappingProxyType = MappingProxyType({})

# Few characters, so that terms overlap, nest and guard one another in most examples; 産 folds to 產,
# and the last is a variation selector, which belongs to the character before it.
ALPHABET = "甲乙産產\ufe00"
FOLD = str.maketrans("産", "產")
WORDS = st.text(ALPHABET[:4], min_size=1, max_size=4)


def fold(text: str) -> str:
    return text.translate(FOLD)


@st.composite
def glossaries(draw: st.DrawFn) -> list[Entry]:
    strings = draw(st.lists(WORDS, unique_by=fold, min_size=1, max_size=8))
    entries = []
    while strings:
        own = [strings.pop() for _ in range(min(len(strings), draw(st.integers(1, 3))))]
        guards = draw(st.lists(st.text(ALPHABET[:4], min_size=2, max_size=6), max_size=2))
        link = draw(st.sampled_from(["every", "every", "never"]))
        entries.append(Entry(f"e{len(entries)}", [{string} for string in own], guards, link))
    return entries


def term(entry: Entry) -> Term:
    headword, *aliases = (next(iter(surfaces)) for surfaces in entry.forms)
    return Term(
        id=entry.id,
        kind="concept",
        term=headword,
        variant=Variant.HANT,
        forms=NOTHING,
        aliases=tuple(aliases),
        not_in=tuple(entry.not_in),
        pinyin="",
        gloss=NOTHING,
        definition=(),
        date="",
        coordinates=None,
        see=(),
        sources=(),
        link=entry.link,
        location=PLACE,
    )


def apart(spans: list[Span]) -> list[Span]:
    kept: list[Span] = []
    for span in spans:
        if not any(span.overlaps(other) for other in kept):
            kept.append(span)
    return kept


@settings(max_examples=1500, deadline=None)
@given(st.data())
def test_the_matcher_finds_what_a_naive_search_finds(data: st.DataObject) -> None:
    entries = data.draw(glossaries())
    text = data.draw(st.text(ALPHABET, max_size=30))
    spans = st.builds(lambda start, size: Span(start, start + size), st.integers(0, 25), st.integers(1, 5))
    inside = [span for span in data.draw(st.lists(spans, max_size=4)) if span.end <= len(text)]
    ids = [entry.id for entry in entries]
    silent = set(data.draw(st.lists(st.sampled_from(ids), max_size=2)))
    forced = {span: data.draw(st.sampled_from(ids)) for span in apart(inside[:2])}
    vetoes = inside[2:]
    matcher = Matcher(
        [term(entry) for entry in entries],
        {entry.id: tuple({Variant.HANT: next(iter(s))} for s in entry.forms) for entry in entries},
        {entry.id: entry.not_in for entry in entries},
        fold,
        "every",
    )
    hits = matcher.find("p1", text, dict.fromkeys(silent, "none"), vetoes, list(forced.items()))
    slow = find_hits(entries, text, fold, silent=silent, vetoes=vetoes, forced=forced)
    assert [(hit.span, hit.term, hit.form, hit.nested, hit.forced) for hit in hits] == [
        ((hit.start, hit.end), hit.entry, hit.form, hit.nested, hit.forced) for hit in slow
    ]
    rejected: list[Rejection] = []
    again = matcher.find("p1", text, dict.fromkeys(silent, "none"), vetoes, list(forced.items()), rejected)
    assert again == hits
    check_rejections(entries, text, rejected, silent, vetoes, forced)
    # Each place of a string is a hit or rejected, for one reason.
    told = [*((hit.term, hit.span) for hit in hits), *((each.term, each.span) for each in rejected)]
    assert len(told) == len(set(told))
    standing = {
        (entry.id, Span(start, end))
        for entry in entries
        for start, end, _ in occurrences(entry, fold(text), fold)
    }
    assert set(told) == standing | {(id, span) for span, id in forced.items()}


def check_rejections(
    entries: list[Entry],
    text: str,
    rejected: list[Rejection],
    silent: set[str],
    vetoes: list[Span],
    forced: dict[Span, str],
) -> None:
    """Each reason is what it says."""
    by_id = {entry.id: entry for entry in entries}
    for id, span, reason, by in rejected:
        if reason == "none":
            assert any(veto.covers(span) for veto in vetoes)
        elif reason == "forced":
            assert any(other.overlaps(span) and owner == by for other, owner in forced.items())
        elif reason == "character":
            assert text[span.end] == "\ufe00"
        elif reason == "silent":
            assert id in silent or by_id[id].link == by == "never"
        elif reason == "not_in":
            around = [Span(*place) for place in longer_strings(by_id[id], fold(text), fold)]
            assert any(fold(text)[slice(*place)] == by and place.covers(span) for place in around)
        elif reason == "alias":
            assert by != text[slice(*span)] and fold(text[slice(*span)]) in fold(by)
        else:
            assert reason == "crossing"
            assert by in by_id
