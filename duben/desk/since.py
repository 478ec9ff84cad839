"""What an edit did to the notes since the last build: `check --since`.

A build leaves a record of where each note stood, beside its other records of the site. Nothing depends on
it: without it, or with a damaged one, everything but `--since` goes on as before.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, NamedTuple

from duben.compile.anchors import Places
from duben.compile.relocate import Candidate, Words, candidates
from duben.desk.own_files import write_whole
from duben.diagnostics import Report, one_line
from duben.model import Anchor, Content, Edition, EditionText, Location, Note, Paragraph, Span, Text

RECORD = Path(".duben", "anchors.json")
FORMAT = 1
#: How much of what stands around a quote is remembered on each side.
CONTEXT = 16
#: A quote stands where it stood if so much beside it, on one side, is what it was; a long one by itself.
_SIDE = 4
_LONG = 8
#: Shorter runs are in any two paragraphs.
_RUN = 3
STATES = ("holds", "moved", "doubtful", "lost")


class Place(NamedTuple):
    """Where a quote stood. paragraph: its id. exact: "" for all of it; then `after` is its head."""

    paragraph: str
    exact: str
    before: str
    after: str


class Remembered(NamedTuple):
    """A text as it was built. paragraphs: id → digest, in order. notes: id → the ends of its range."""

    paragraphs: Mapping[str, str]
    notes: Mapping[str, tuple[Place, ...]]


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a note. near: the places that resemble what it stood on, for one that does not hold.

    location: of its quote in text.yaml. place: what it stood on. stands: (paragraph, place) of what it stands
    on now; None for one that is lost.
    """

    state: str
    slug: str
    note: str
    location: Location
    place: Place
    near: tuple[tuple[Paragraph, Span], ...] = ()
    stands: tuple[str, Location] | None = None


@dataclass(frozen=True, slots=True)
class Since:
    """All notes that were there at the last build and still are; how many were added and removed."""

    fates: tuple[Fate, ...]
    added: int
    removed: int

    def count(self, state: str) -> int:
        return sum(fate.state == state for fate in self.fates)


# --- the record ----------------------------------------------------------------------------------


def remember(edition: Edition, site: Path) -> None:
    """Leaves the record of a build beside the site. That it cannot be written is no reason to stop."""
    record = {"format": FORMAT, "texts": {text.text.slug: _remembered(text) for text in edition.texts}}
    write_whole(site / RECORD, json.dumps(record, ensure_ascii=False, separators=(",", ":")))


def _remembered(text: EditionText) -> dict[str, Any]:
    shown = [text.title.paragraph, *(passage.paragraph for passage in text.passages)]
    by_id = {paragraph.id: paragraph for paragraph in shown}
    anchors: dict[str, list[Anchor]] = {}
    for passage in (text.title, *text.passages):
        for anchor in passage.anchors:
            anchors.setdefault(anchor.note, []).append(anchor)
    return {
        "paragraphs": {paragraph.id: digest(paragraph.text) for paragraph in shown},
        "notes": {
            note.id: places_of(note, anchors[note.id], by_id)
            for note in text.text.notes
            if note.id in anchors
        },
    }


def digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def places_of(note: Note, anchors: Sequence[Anchor], by_id: Mapping[str, Paragraph]) -> tuple[Place, ...]:
    """The ends of what a note stands on: one for a quote or a whole paragraph, two for a range."""
    first, last = anchors[0], anchors[-1]
    if note.target.start is None:
        return (Place(first.paragraph, "", "", by_id[first.paragraph].text[: 2 * CONTEXT]),)
    start = first.span.start
    found = [place_at(by_id[first.paragraph], Span(start, start + len(note.target.start.exact)))]
    if note.target.until:
        end = last.span.end
        found.append(place_at(by_id[last.paragraph], Span(end - len(note.target.until.exact), end)))
    return tuple(found)


def place_at(paragraph: Paragraph, span: Span) -> Place:
    text = paragraph.text
    before, after = text[max(span.start - CONTEXT, 0) : span.start], text[span.end : span.end + CONTEXT]
    return Place(paragraph.id, text[span.start : span.end], before, after)


def recall(site: Path) -> Mapping[str, Remembered] | None:
    """The record of the last build, by slug, or None where there is none that can be read."""
    try:
        record = json.loads((site / RECORD).read_bytes())
        if record["format"] != FORMAT:
            return None
        return {
            slug: Remembered(
                dict(text["paragraphs"]),
                {note: tuple(Place(*place) for place in places) for note, places in text["notes"].items()},
            )
            for slug, text in record["texts"].items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


# --- what became of each note ----------------------------------------------------------------------


def compare(content: Content, before: Mapping[str, Remembered]) -> Since:
    """What became of every note that the record knows. Texts that are not there now are passed over."""
    fates: list[Fate] = []
    added = removed = 0
    for text in content.texts:
        old = before.get(text.slug, Remembered({}, {}))
        found = list(fates_of(text, old))
        fates += found
        added += len(text.notes) - len(found)
        removed += len(old.notes) - len(found)
    return Since(tuple(fates), added, removed)


def fates_of(text: Text, before: Remembered) -> Iterator[Fate]:
    shown = (text.title, *text.paragraphs)
    places = Places(shown, Report(), str)
    by_id = {paragraph.id: paragraph for paragraph in shown}
    moved = _moved(list(before.paragraphs), [paragraph.id for paragraph in shown])
    for note in text.notes:
        old = before.notes.get(note.id)
        if not old:
            continue
        anchors = places.anchors(note.id, note.target)
        if not anchors:
            words = old[0] if len(old) == 1 else _lost_end(old, note, places)
            yield Fate("lost", text.slug, note.id, note.target.location, words, _near(words, shown))
            continue
        state, words = _state(places_of(note, anchors, by_id), old, by_id, before, moved)
        near = _near(words, shown) if state == "doubtful" else ()
        first = anchors[0]
        stands = (first.paragraph, by_id[first.paragraph].locate(first.span.start))
        yield Fate(state, text.slug, note.id, note.target.location, words, near, stands)


def _lost_end(old: Sequence[Place], note: Note, places: Places) -> Place:
    """Of a range, the end that is lost."""
    starts = places.resolve(replace(note.target, until=None))
    return old[1] if starts else old[0]


def _state(
    now: Sequence[Place],
    old: Sequence[Place],
    by_id: Mapping[str, Paragraph],
    before: Remembered,
    moved: frozenset[str],
) -> tuple[str, Place]:
    """How a note that is found stands, and the end of it that decides that."""
    if len(now) != len(old) or any(new.exact != was.exact for new, was in zip(now, old, strict=True)):
        return "moved", old[0]  # the editor has given it another quote
    worst = ("holds", old[0])
    for new, was in zip(now, old, strict=True):
        same = new.paragraph == was.paragraph
        if same and digest(by_id[new.paragraph].text) == before.paragraphs.get(was.paragraph):
            state = "holds" if new == was and new.paragraph not in moved else "moved"
        elif not was.exact:
            state = "moved" if same and _is_left(was.after, by_id[new.paragraph].text) else "doubtful"
        else:
            state = "moved" if _stands_as_before(new, was) else "doubtful"
        worst = max(worst, (state, was), key=lambda found: STATES.index(found[0]))
    return worst


def _is_left(head: str, text: str) -> bool:
    """Whether so much of a paragraph's head is in a text that this is the paragraph still."""
    blocks = SequenceMatcher(None, head, text, autojunk=False).get_matching_blocks()
    kept = sum(block.size for block in blocks if block.size >= min(_RUN, len(head)))
    return kept * 4 >= len(head)


def _stands_as_before(new: Place, was: Place) -> bool:
    """Whether what stands beside a quote, on one side at least, is what stood there."""
    if len(was.exact) >= _LONG:
        return True
    before, after = was.before[-_SIDE:], was.after[:_SIDE]
    return (len(before) > 1 and new.before.endswith(before)) or (
        len(after) > 1 and new.after.startswith(after)
    )


def _moved(old: list[str], new: list[str]) -> frozenset[str]:
    """The ids that are in both lists and have changed their order."""
    left = [id for id in old if id in set(new)]
    right = [id for id in new if id in set(old)]
    blocks = SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks()
    kept = {id for block in blocks for id in left[block.a : block.a + block.size]}
    return frozenset(left) - kept


def _near(place: Place, shown: Sequence[Paragraph]) -> tuple[tuple[Paragraph, Span], ...]:
    home = next((index for index, paragraph in enumerate(shown) if paragraph.id == place.paragraph), None)
    words = Words(place.exact, place.before, place.after) if place.exact else Words(place.after)
    found: Sequence[Candidate] = candidates(words, [paragraph.text for paragraph in shown], home=home)
    return tuple((shown[candidate.paragraph], candidate.span) for candidate in found)


# --- for people and programs -----------------------------------------------------------------------


def list_since(since: Since) -> Iterator[str]:
    """Lines: each note that does not hold, with where it stands or may belong, then the counts."""
    for fate in since.fates:
        if fate.state == "holds":
            continue
        what = f"“{one_line(fate.place.exact)}”" if fate.place.exact else "all"
        line = f"{fate.location}: {fate.state}: {fate.note}, on {what} in {fate.place.paragraph}"
        if fate.state == "moved":
            yield f"{line}{_where_now(fate)}"
            continue
        yield line
        if fate.state == "doubtful" and not fate.place.exact and fate.stands:
            id, place = fate.stands
            yield f"  {id} reads otherwise now ({place}): see whether the note still speaks of it"
        elif fate.state == "doubtful":
            yield "  the words are there, but nothing beside them is what it was: see whether they are meant"
        for paragraph, span in fate.near:
            yield f"  near it: “{_shown(paragraph, span)}” in {paragraph.id} ({paragraph.locate(span.start)})"
        if not fate.near and fate.state == "lost":
            yield "  nothing in the text resembles it"
    counts = ", ".join(f"{since.count(state)} {state}" for state in STATES).replace("holds", "holding")
    others = ((since.added, "new"), (since.removed, "removed"))
    more = [f"{number} {what}" for number, what in others if number]
    yield f"notes since the last build: {', '.join([counts, *more])}"


def _where_now(fate: Fate) -> str:
    if fate.stands is None:
        return ""
    paragraph, place = fate.stands
    return f", now {f'in {paragraph} ' * (paragraph != fate.place.paragraph)}at {place}"


def _shown(paragraph: Paragraph, span: Span) -> str:
    return one_line(paragraph.text[span.start : span.end].replace("\n", " "))


def as_mapping(since: Since) -> dict[str, Any]:
    """For JSON."""
    return {
        **{state: since.count(state) for state in STATES},
        "new": since.added,
        "removed": since.removed,
        "notes": [
            {
                "state": fate.state,
                "text": fate.slug,
                "note": fate.note,
                "file": fate.location.file,
                "line": fate.location.line,
                "column": fate.location.column,
                "paragraph": fate.place.paragraph,
                "words": fate.place.exact,
                "near": [
                    {"paragraph": paragraph.id, "words": paragraph.text[span.start : span.end]}
                    for paragraph, span in fate.near
                ],
            }
            for fate in since.fates
            if fate.state != "holds"
        ],
    }
