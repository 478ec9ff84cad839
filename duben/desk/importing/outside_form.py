"""A plain text that stays where it is: the `source:` that cuts the same paragraphs out of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from duben.desk.importing.manuscript import Block, Refused
from duben.read.files import sha256_of
from duben.read.outside import as_one_line, cut_pieces, full_width_punctuation, line_starts

#: The longest of the quotes that enclose the body.
QUOTE_LENGTH = 12
SHORTEST_QUOTE = 3


class Outside(NamedTuple):
    """What stands under `source:`, and the ids that the paragraphs get by it."""

    source: Mapping[str, object]
    ids: tuple[str, ...]


def keep_outside(
    file: str, data: bytes, text: str, blocks: Sequence[Block], split: str, *, normalize: bool
) -> Outside:
    """The cut that gives these blocks. Raises Refused where no cut does.

    text: the file's, decoded. split: as the blocks were found.
    """
    start, end = blocks[0].start, blocks[-1].end
    body: dict[str, object] = {}
    normal = full_width_punctuation(text) if normalize else text
    after, start = _quote_before(normal, text, start)
    before, end = _quote_behind(normal, text, start, end)
    body |= {"after": after} if after else {}
    body |= {"before": before} if before else {}
    ways = ("space-after-stop",) if split == "space-after-stop" else ("blank-line", "line")
    for how in ways if split != "line" else reversed(ways):
        found = _joins(normal, start, end, how, blocks)
        if found is not None:
            ids, joins = found
            source: dict[str, object] = {"file": file, "sha256": sha256_of(data), "body": body, "split": how}
            source |= {"normalize": ["fullwidth-punctuation"]} if normalize else {}
            source |= {"blocks": joins} if joins else {}
            return Outside(source, ids)
    raise Refused(
        "import-outside",
        "no cut of the file gives these paragraphs: something amid them is no part of the text",
        "leave --keep-outside away, or take it out of the file",
    )


def _quote_before(normal: str, text: str, start: int) -> tuple[str, int]:
    """A short quote that stands once and after which the body starts, and where it does; "" at the start.

    The line ends between the two belong to it only where the words alone stand elsewhere, too.
    """
    end = len(normal[:start].rstrip())
    if not end:
        return "", 0
    for stop in (end, start):
        for at in range(max(end - SHORTEST_QUOTE, 0), max(stop - QUOTE_LENGTH, 0) - 1, -1):
            quote = normal[at:stop]
            if not quote[0].isspace() and _once(quote, normal, text, 0) == at:
                return quote, start
    raise _no_quote("before")


def _quote_behind(normal: str, text: str, start: int, end: int) -> tuple[str, int]:
    """As `_quote_before`, for the end of the body."""
    first = len(normal) - len(normal[end:].lstrip())
    if first == len(normal):
        return "", first
    for begin in (first, end):
        for stop in range(
            min(first + SHORTEST_QUOTE, len(normal)), min(begin + QUOTE_LENGTH, len(normal)) + 1
        ):
            quote = normal[begin:stop]
            if not quote[-1].isspace() and _once(quote, normal, text, start) == begin:
                return quote, begin
    raise _no_quote("behind")


def _once(quote: str, normal: str, text: str, start: int) -> int:
    """Where the quote stands, if it does so once from `start` on; else -1."""
    for haystack in (normal, text):
        found = haystack.find(quote, start)
        if found >= 0:
            return -1 if haystack.find(quote, found + 1) >= 0 else found
    return -1


def _no_quote(where: str) -> Refused:
    return Refused(
        "import-outside",
        f"no {QUOTE_LENGTH} characters directly {where} the body stand only once in the file",
        "leave --keep-outside away, or write `source:` by hand",
    )


def _joins(
    text: str, start: int, end: int, how: str, blocks: Sequence[Block]
) -> tuple[tuple[str, ...], list[Mapping[str, object]]] | None:
    """The ids of the blocks in this cut, and the pieces to join; None where the cut gives others."""
    pieces = list(_pieces(text, start, end, how))
    ids: list[str] = []
    joins: list[Mapping[str, object]] = []
    number = 0
    for block in blocks:
        first = number
        lines = block.text.split("\n") if block.kind == "verse" else [block.text]
        read = ""
        while number < len(pieces) and len(read) < len(block.text):
            read += ("\n" if block.kind == "verse" and read else "") + pieces[number]
            number += 1
        if read != block.text or number == first or (block.kind == "verse" and number - first != len(lines)):
            return None
        ids.append(f"p{first + 1}")
        if number - first > 1 or block.kind != "paragraph":
            ends = [f"p{first + 1}"] + ([f"p{number}"] if number - first > 1 else [])
            joins.append({"join": ends, "kind": block.kind})
    return (tuple(ids), joins) if number == len(pieces) else None


def _pieces(text: str, start: int, end: int, how: str) -> Iterator[str]:
    lines = line_starts(text)
    for piece in cut_pieces(text, start, end, how):
        plain, _ = as_one_line(text, *piece, lines, "")
        if plain:
            yield plain
