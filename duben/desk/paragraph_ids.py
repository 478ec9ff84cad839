"""Which blocks of a text.md have no id, where one goes, and which numbers are taken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from duben.desk.own_files import LINE_END
from duben.desk.sheet import Sheet, line_end_of, nodes_of
from duben.read.markdown import Leaf
from duben.read.yaml_nodes import Mapped, Scalar

#: Where an id stands, or is referred to: `{#p3 was=p4}`, `[words](#p3)`.
NAMED_ID = re.compile(r"[{(]#p([0-9]{1,7})\b")
FORMER_IDS = re.compile(r"\bwas=([p0-9,]+)")
PARAGRAPH_NUMBER = re.compile(r"p([0-9]{1,7})")
CLOSING_SIGNS = re.compile(r"[ \t]+#+[ \t]*\Z")
TAB = "\t"


def blocks_without_id(leaves: tuple[Leaf, ...]) -> Iterator[tuple[int, str]]:
    """(line at or after which the id goes, kind of the block) for each block without one."""
    table: list[Leaf] = []
    for leaf in (*leaves, None):
        if table and (leaf is None or leaf.kind != "cell" or leaf.within[:-2] != table[0].within[:-2]):
            last_row = [cell for cell in table if cell.within == table[-1].within]
            if not (last_row[0].attributes and not any(cell.text for cell in last_row)):
                # Under a head alone there still stands the line of dashes.
                bare = table[-1].within[-2].kind == "head"
                yield table[-1].last_line + bare, "table"
            table = []
        if leaf is None:
            continue
        if leaf.kind == "cell":
            table.append(leaf)
        elif leaf.attributes is None and (leaf.text or leaf.kind == "image"):
            yield leaf.last_line, leaf.kind


def used_numbers(text: str, sheet: Sheet) -> Iterator[int]:
    """The numbers of all paragraph ids that a text and what is written about it name."""
    for number in (*NAMED_ID.findall(text), *NAMED_ID.findall(sheet.raw)):
        yield int(number)
    for ids in FORMER_IDS.findall(text):
        yield from map(int, PARAGRAPH_NUMBER.findall(ids))
    for node in nodes_of(sheet.root):
        if isinstance(node, Mapped) and isinstance(place := node.get("in"), Scalar):
            yield from map(int, PARAGRAPH_NUMBER.findall(place.value.partition(".")[0]))


def with_ids(raw: str, places: Iterable[tuple[int, str]], number: int) -> str:
    """The file as it is, with ids from `number` on at these places."""
    # Lines and their ends in turn: a byte order mark and each line's own end stay.
    pieces = LINE_END.split(raw)
    lines, ends = pieces[::2], [*pieces[1::2], ""]
    line_end = line_end_of(raw)
    for count, (line, kind) in enumerate(places):
        index = line - 1
        id = f"{{#p{number + count}}}"
        old = lines[index]
        if kind == "table":
            prefix = re.match(r"[ \t>]*", old)
            # One piece of two lines, so that the numbers of the lines below still hold.
            lines[index] = f"{old}{ends[index] or line_end}{prefix[0] if prefix else ''}{id}"
            continue
        closing = CLOSING_SIGNS.search(old) if kind == "heading" else None
        kept, rest = (old[: closing.start()], closing[0]) if closing else (old, "")
        lines[index] = f"{kept}{'' if kept.endswith((' ', TAB)) else ' '}{id}{rest}"
    return "".join(piece for pair in zip(lines, ends, strict=True) for piece in pair)
