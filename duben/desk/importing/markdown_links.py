"""Links and pictures of a Markdown file that comes in and would lead nowhere in an edition."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from duben.desk.importing.manuscript import Taken
from duben.desk.own_files import Lines
from duben.diagnostics import Report
from duben.model import Location, Mark, Variant
from duben.read.inline import ALLOWED_SCHEMES, locate_mark
from duben.read.paragraphs import read_body

#: What follows the words of a link: its address, and perhaps its title.
ADDRESS = (
    r"\]\([ \t]*(?:<[^>\n]*>|(?:[^\s()\\]|\\.|\([^\s()]*\))*)(?:\s+(?:\"[^\"]*\"|'[^']*'|\([^()]*\)))?\s*\)"
)
LINK_END = re.compile(ADDRESS)
#: A link of which a picture was all that was to be seen.
EMPTY = re.compile(r"(?<![!\\])\[[ \t]*" + ADDRESS)
PICTURE = re.compile(r"!\[(?:[^\[\]\\]|\\.|\[[^\[\]]*\])*" + ADDRESS, re.DOTALL)

WHAT = {"image": "picture", "link": "address of a link"}


class _Dead(NamedTuple):
    """A link or picture that leads nowhere. cuts: what to take out of the text, if that is sure."""

    place: Location
    mark: Mark
    cuts: tuple[tuple[int, int], ...]


def without_dead_links(
    text: str, name: str, ids: frozenset[str], is_there: Callable[[str], bool]
) -> tuple[str, list[Taken], list[tuple[Location, str, str]]]:
    """The text in which all leads somewhere; what was taken out of it, and what could not be.

    ids: those that are written in it. is_there: whether the edition has a file of this name.
    """

    def leads(mark: Mark) -> bool:
        if mark.kind == "image":
            return is_there(mark.target)
        address = mark.target
        if not address or address.lower().startswith(ALLOWED_SCHEMES):
            return True
        return address[1:] in ids if address.startswith("#") else is_there(address)

    if "](" not in text:
        return text, [], []
    taken: list[Taken] = []
    # Pictures first: one may stand within a link.
    for kind, what in WHAT.items():
        for match in reversed([*EMPTY.finditer(text)]):
            start, end = match.span()
            place = Location(name, text[:start].count("\n") + 1, 1)
            taken.append(Taken(place, match[0], "link without words"))
            text = text[:start] + text[end:]
        dead = [found for found in _dead(text, name, kind, leads) if found.cuts]
        cuts = sorted({cut for found in dead for cut in found.cuts}, reverse=True)
        taken += [Taken(found.place, found.mark.target, f"{what} that leads nowhere here") for found in dead]
        for start, end in cuts:
            text = text[:start] + text[end:]
    remarks = [
        (
            found.place,
            f"`{found.mark.target}` leads nowhere here, and could not be taken out",
            "take it out of text.md by hand: until then the edition cannot be built",
        )
        for kind in WHAT
        for found in _dead(text, name, kind, leads)
    ]
    return text, taken, remarks


def _dead(text: str, name: str, kind: str, leads: Callable[[Mark], bool]) -> Iterator[_Dead]:
    lines = Lines.of(text)
    for paragraph in read_body(text, name, Variant.HANS, None, Report()):
        for index, mark in enumerate(paragraph.marks):
            if mark.kind != kind or leads(mark):
                continue
            place = locate_mark(paragraph.source, paragraph.marks, index)
            if kind == "image":
                cuts = _picture_cuts(text, lines.offset(place.line, place.column))
            else:
                last = paragraph.locate(max(mark.span.end - 1, mark.span.start))
                start = lines.offset(place.line, place.column)
                end = lines.offset(last.line, last.column) + 1
                if mark.span.start == mark.span.end:
                    # Around a picture alone: its place is what follows it.
                    start = text.rfind("[![", 0, start) + 1
                    picture = PICTURE.match(text, start)
                    end = picture.end() if picture else start
                cuts = _link_cuts(text, start, end)
            yield _Dead(place, mark, cuts)


def _picture_cuts(text: str, offset: int) -> tuple[tuple[int, int], ...]:
    match = PICTURE.match(text, offset)
    return (match.span(),) if match else ()


def _link_cuts(text: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """The bracket before the words and all that follows them. start, end: of the words."""
    while start and text[start - 1] in "*_\\":
        start -= 1
    while text[end : end + 1] in ("*", "_"):
        end += 1
    match = LINK_END.match(text, end)
    if not match or text[start - 1 : start] != "[":
        return ()
    return (start - 1, start), match.span()
