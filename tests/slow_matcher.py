"""The rules of term matching, written as plainly as they can be, to compare the real matcher with.

Loops and `str.startswith` only: no automaton, no regular expression, nothing of duben's. Slow on
purpose; right by reading.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

Range = tuple[int, int]


class Entry(NamedTuple):
    """A glossary entry, as far as matching goes.

    forms: the surface strings over all variants, of the headword (0) and of alias k (k).
    not_in: longer strings in which these characters are something else, in every variant's form.
    link: "never" takes the entry out, unless a hit of it is forced.
    """

    id: str
    forms: tuple[frozenset[str], ...]
    not_in: tuple[str, ...] = ()
    link: str = ""


class Hit(NamedTuple):
    """An occurrence [start, end) of an entry; nested: inside a longer hit.

    form: 0 for the headword, k for alias k, -1 where a forced hit's characters are none of them.
    """

    start: int
    end: int
    entry: str
    form: int
    nested: bool = False
    forced: bool = False


def find_hits(
    entries: Sequence[Entry],
    text: str,
    fold: Callable[[str], str],
    *,
    silent: Collection[str] = (),
    vetoes: Sequence[Range] = (),
    forced: Mapping[Range, str] | None = None,
) -> list[Hit]:
    """The hits in `text`, by start, then the longer first, then by entry.

    silent: ids of entries that are not linked in this text. vetoes: a hit wholly inside one is
    dropped. forced: there that entry hits, and every other hit that overlaps it is dropped.
    Raises ValueError where forced ranges overlap or `fold` changes the length of the text.
    """
    forced = forced or {}
    folded = fold(text)
    if len(folded) != len(text):
        raise ValueError("folding changed the length of the text")
    for one in forced:
        for other in forced:
            if one != other and overlap(one, other):
                raise ValueError(f"forced ranges overlap: {one}, {other}")

    candidates: set[Hit] = set()
    for entry in entries:
        if entry.link == "never" or entry.id in silent:
            continue
        for start, end, form in occurrences(entry, folded, fold):
            here = (start, end)
            if any(covers(there, here) and there != here for there in longer_strings(entry, folded, fold)):
                continue
            if any(covers(veto, here) for veto in vetoes):
                continue
            if end < len(text) and is_variation_selector(text[end]):
                continue
            if any(overlap(place, here) for place in forced):
                continue
            candidates.add(Hit(start, end, entry.id, form))

    top: list[Hit] = []
    position = 0
    while position < len(text):
        starting = [hit for hit in candidates if hit.start == position]
        if starting:
            longest = max(starting, key=lambda hit: hit.end)
            top.append(longest)
            position = longest.end
        else:
            position += 1

    inside = [
        hit for hit in candidates if hit not in top and any(covers(outer[:2], hit[:2]) for outer in top)
    ]
    # An alias inside a longer form of its own entry says nothing new.
    nested = [
        hit._replace(nested=True)
        for hit in inside
        if not any(
            other != hit and other.entry == hit.entry and covers(other[:2], hit[:2])
            for other in [*top, *inside]
        )
    ]
    by_force = [
        Hit(start, end, entry_id, form_at(entries, entry_id, folded[start:end], fold), forced=True)
        for (start, end), entry_id in forced.items()
    ]
    return sorted([*top, *nested, *by_force], key=lambda hit: (hit.start, -hit.end, hit.entry))


def occurrences(entry: Entry, folded: str, fold: Callable[[str], str]) -> list[tuple[int, int, int]]:
    """Where the entry's strings stand: (start, end, form), the lowest form where two are one string."""
    found: dict[Range, int] = {}
    for form, surfaces in enumerate(entry.forms):
        for surface in surfaces:
            for start in range(len(folded)):
                if surface and folded.startswith(fold(surface), start):
                    place = (start, start + len(surface))
                    found[place] = min(form, found.get(place, form))
    return [(start, end, form) for (start, end), form in found.items()]


def longer_strings(entry: Entry, folded: str, fold: Callable[[str], str]) -> list[Range]:
    """Where the strings stand in which the entry is something else."""
    return [
        (start, start + len(string))
        for string in entry.not_in
        for start in range(len(folded))
        if string and folded.startswith(fold(string), start)
    ]


def form_at(entries: Sequence[Entry], entry_id: str, folded: str, fold: Callable[[str], str]) -> int:
    """The form that a forced hit's characters are, or -1 where they are none."""
    for entry in entries:
        if entry.id == entry_id:
            for form, surfaces in enumerate(entry.forms):
                if any(fold(surface) == folded for surface in surfaces):
                    return form
    return -1


def is_variation_selector(char: str) -> bool:
    """It belongs to the character before it, so nothing can end there."""
    return 0xFE00 <= ord(char) <= 0xFE0F or 0xE0100 <= ord(char) <= 0xE01EF


def covers(outer: Range, inner: Range) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def overlap(one: Range, other: Range) -> bool:
    return one[0] < other[1] and other[0] < one[1]
