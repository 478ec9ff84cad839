"""Leaf blocks → Paragraphs: ids, tables, footnotes."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from duben.diagnostics import Report, Severity
from duben.model import Location, Paragraph, SourceMap, Variant
from duben.read.inline import Source, locate_mark
from duben.read.kinds import PARAGRAPH_ID
from duben.read.markdown import ATTRIBUTES_ANYWHERE, Leaf, read_leaves, whole_file

#: Problems about something that is then missing among the paragraphs.
NOTHING: Mapping[str, str] = MappingProxyType({})
LOSSES = frozenset({"markdown-unsupported", "paragraph-too-long", "text-empty"})


def read_body(
    text: str,
    file: str,
    variant: Variant,
    next_id: int | None,
    report: Report,
    standing: Mapping[str, str] = NOTHING,
) -> tuple[Paragraph, ...]:
    """The paragraphs of a text's body, each with its permanent id.

    standing: what stands on which id (“n2”), so that a paragraph that lost one can have it back.

    A missing, repeated, misplaced or wrong id is reported; so is a footnote without its other half.
    Empty where some of the body could not be read: what refers to the rest cannot be judged then.
    """
    before = len(report.found)
    leaves = read_leaves(whole_file(text, file), report)
    ids = _Ids(next_id, report, standing)
    paragraphs: list[Paragraph] = []
    for group in _split_tables(leaves):
        if group[0].kind == "cell":
            paragraphs += _table(group, variant, ids, report)
        else:
            paragraph = _paragraph(group[0], variant, ids)
            if paragraph:
                paragraphs.append(paragraph)
    paragraphs = ids.lend(paragraphs)
    _check_footnotes(paragraphs, report)
    if any(
        problem.code in LOSSES and problem.severity == Severity.ERROR for problem in report.found[before:]
    ):
        return ()
    if not paragraphs:
        report.error(Location(file), "text-empty", "this text has no paragraph", "write one, ending in {#p1}")
    return tuple(paragraphs)


def read_prose(source: Source, kind: str, variant: Variant, report: Report) -> tuple[Paragraph, ...]:
    """The paragraphs of an editor's prose (a note, a definition …), numbered, without ids of their own."""
    found = []
    for number, leaf in enumerate(read_leaves(source, report), 1):
        leaf_kind = kind if leaf.kind == "paragraph" else leaf.kind
        if leaf.text or leaf.kind in ("image", "cell"):
            found.append(_make(leaf, str(number), leaf_kind, variant))
    _check_footnotes(found, report)
    return tuple(found)


def lost_ids(ids: Sequence[str], standing: Iterable[str]) -> dict[int, str]:
    """Index of a paragraph without an id → the one that it has lost, as far as that can be told.

    ids: of the paragraphs in their order, "" for one that has none. An id on which something stands, and
    which none of them has, is that of the only paragraph without one between its neighbours in number.
    """
    numbers = [int(id[1:].partition(".")[0]) if PARAGRAPH_ID.match(id) else 0 for id in ids]
    absent = {int(id[1:]) for id in standing if PARAGRAPH_ID.match(id) and "." not in id} - set(numbers)
    found: dict[int, str] = {}
    start = 0
    while start < len(ids):
        if ids[start]:
            start += 1
            continue
        end = start
        while end < len(ids) and not ids[end]:
            end += 1
        first = numbers[start - 1] if start else 0
        last = numbers[end] if end < len(ids) else 10**8
        fitting = [number for number in absent if first < number < last]
        if end - start == 1 and len(fitting) == 1:
            found[start] = f"p{fitting[0]}"
        start = end
    return found


def plain_paragraph(id: str, kind: str, text: str, source: SourceMap, variant: Variant) -> Paragraph:
    """A paragraph of one line without Markdown: a title, a headword."""
    return Paragraph(id, kind, variant, text, source)


def _make(leaf: Leaf, id: str, kind: str, variant: Variant, was: tuple[str, ...] = ()) -> Paragraph:
    return Paragraph(
        id,
        kind,
        variant,
        leaf.text,
        leaf.source,
        leaf.marks,
        leaf.level,
        leaf.within,
        was,
        leaf.label,
        leaf.align,
        leaf.after_break,
    )


class _Lost(NamedTuple):
    """Where a paragraph has no good id. code: what to report, or "" where it is told already.

    about: of a repeated id, that id; of a missing one, the hint to be filled in.
    """

    at: Location
    code: str = ""
    about: str = ""


@dataclass(slots=True)
class _Ids:
    """Checks the ids of one text."""

    next_id: int | None
    report: Report
    standing: Mapping[str, str]
    taken: dict[str, Location] = field(default_factory=dict)
    lost: list[_Lost] = field(default_factory=list)  # in order, as the paragraphs without a good id

    def take(self, leaf: Leaf) -> str:
        """The leaf's id, or "" where it has none that is good; `lend` tells what is missing or repeated."""
        attributes = leaf.attributes
        if attributes is None:
            self.lost.append(_Lost(leaf.source.locate(0)))
            return ""
        at = attributes.location
        if attributes.slip:
            self.report.error(
                at,
                "paragraph-id-invalid",
                f"`{attributes.slip}` is no paragraph id",
                f"write {attributes.meant}; `duben check --fix` does it where that id is free",
            )
            self.lost.append(_Lost(at))
            return ""
        wrong = [*attributes.unknown, *(id for id in attributes.was if not PARAGRAPH_ID.match(id))]
        if not PARAGRAPH_ID.match(attributes.id) or "." in attributes.id or wrong:
            self.report.error(
                at,
                "paragraph-id-invalid",
                f"`{' '.join(['#' + attributes.id, *wrong])}` is no paragraph id",
                "write {#p12}, {#p12 .verse} or {#p12 was=p13}",
            )
            self.lost.append(_Lost(at))
            return ""
        for id in (attributes.id, *attributes.was):
            if id in self.taken:
                self.lost.append(_Lost(at, "paragraph-id-duplicate", id))
                return ""
            self.taken[id] = at
        number = int(attributes.id[1:])
        if self.next_id is not None and number >= self.next_id:
            self.report.error(
                at,
                "paragraph-id-reused",
                f"{attributes.id} is not below `next-id: {self.next_id}`",
                f"if it is new, write `next-id: {number + 1}` in text.yaml",
            )
        return attributes.id

    def lend(self, paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
        """The paragraphs, those without a good id with one for this run; what was wrong is reported.

        So the quotes and footnotes in them hold, and a mistake in an id is told once.
        """
        numbers = [int(id[1:].partition(".")[0]) for id in (*self.taken, *self.standing) if id != "title"]
        free = itertools.count(max([*numbers, (self.next_id or 1) - 1], default=0) + 1)
        lent = [f"p{next(free)}" for _ in self.lost]
        for lost, id in zip(self.lost, lent, strict=True):
            if lost.code == "paragraph-id-duplicate":
                self.report.error(
                    lost.at,
                    lost.code,
                    f"{lost.about} stands twice",
                    f"it stands in line {self.taken[lost.about].line} already; give this one {{#{id}}}",
                )
        self._report_missing(paragraphs, lent)
        own = iter(lent)
        return [
            paragraph
            if paragraph.id
            else dataclasses.replace(
                paragraph, id=f"p{next(free)}" if paragraph.kind == "cell" else next(own)
            )
            for paragraph in paragraphs
        ]

    def _report_missing(self, paragraphs: Sequence[Paragraph], lent: Sequence[str]) -> None:
        """Tells of the first paragraph without an id, and of each that seems to have lost its own."""
        missing = [
            (number, lost) for number, lost in enumerate(self.lost) if lost.code == "paragraph-id-missing"
        ]
        shown = [paragraph.id for paragraph in paragraphs if paragraph.kind != "cell"]
        # The paragraphs without a good id, in order, are those of which `lost` tells.
        without = [index for index, id in enumerate(shown) if not id]
        former = lost_ids(shown, (id for id in self.standing if id not in self.taken))
        for count, (number, lost) in enumerate(missing):
            old = former.get(without[number], "")
            if count and not old:
                continue
            also = f" (the first of {len(missing)} in this file)" if len(missing) > 1 and not count else ""
            hint = lost.about.format(f"{{#{lent[number]}}}") + "; `duben check --fix` gives ids to all"
            if old:
                back = lost.about.format(f"{{#{old}}}")
                hint = (
                    f"{old} is missing, and {self.standing[old]} stands on it: if this is that paragraph, "
                    f"{back}; if it is a new one, with {{#{lent[number]}}}"
                )
            self.report.error(lost.at, "paragraph-id-missing", f"this paragraph has no id{also}", hint)


def _paragraph(leaf: Leaf, variant: Variant, ids: _Ids) -> Paragraph | None:
    if not leaf.text and leaf.kind != "image":
        if leaf.attributes:
            ids.report.error(
                leaf.attributes.location, "text-empty", "this paragraph has no text", "remove it"
            )
        return None
    misplaced = ATTRIBUTES_ANYWHERE.findall(leaf.text)
    if misplaced:
        ids.report.error(
            leaf.source.locate(leaf.text.index(misplaced[0])),
            "paragraph-id-misplaced",
            f"{misplaced[0]} stands inside a paragraph",
            "an id ends its paragraph, and a blank line follows",
        )
        # What stands on these ids is about this paragraph.
        id = ids.take(leaf)
        was = tuple(id for id in re.findall("p[0-9]+", " ".join(misplaced)) if PARAGRAPH_ID.match(id))
        for other in was:
            ids.taken.setdefault(other, leaf.source.locate(0))
        return _make(leaf, id, leaf.kind, variant, was)
    if leaf.attributes is None:
        ids.lost.append(_Lost(leaf.source.locate(0), "paragraph-id-missing", "end it with {}"))
        return _make(leaf, "", leaf.kind, variant)
    id = ids.take(leaf)
    return _make(leaf, id, leaf.kind, variant, leaf.attributes.was if id else ())


def _split_tables(leaves: Sequence[Leaf]) -> Iterable[list[Leaf]]:
    """Leaves one by one, but the cells of a table together."""
    table: list[Leaf] = []
    for leaf in leaves:
        if table and (leaf.kind != "cell" or _table_number(leaf) != _table_number(table[0])):
            yield table
            table = []
        if leaf.kind == "cell":
            table.append(leaf)
        else:
            yield [leaf]
    if table:
        yield table


def _table_number(leaf: Leaf) -> int:
    return next(container.number for container in leaf.within if container.kind == "table")


def _table(cells: list[Leaf], variant: Variant, ids: _Ids, report: Report) -> list[Paragraph]:
    """A paragraph for the table as such, then one for each cell.

    The table's id stands alone in a last row; its cells answer to p14.<row>.<column>, from 1.
    """
    rows: dict[int, list[Leaf]] = {}
    for cell in cells:
        rows.setdefault(cell.within[-1].number, []).append(cell)
    last = list(rows.values())[-1]
    if last[0].attributes and not any(cell.text for cell in last):
        id = ids.take(last[0])
        del rows[last[0].within[-1].number]
    else:
        hint = "let {} stand alone in a line under the table's last row"
        ids.lost.append(_Lost(cells[0].source.locate(0), "paragraph-id-missing", hint))
        id = ""
    for cell in cells:
        if cell.text and cell.attributes:
            report.error(
                cell.attributes.location,
                "paragraph-id-misplaced",
                "a cell has no id of its own",
                "the table's id stands alone in a line under its last row",
            )
    first = cells[0]
    attributes = last[0].attributes
    found = [
        Paragraph(
            id,
            "table",
            variant,
            "",
            first.source,
            within=first.within[: [container.kind for container in first.within].index("table")],
            was=attributes.was if id and attributes else (),
            label=first.label,
            after_break=first.after_break,
        )
    ]
    for row, line in enumerate(rows.values(), 1):
        for column, cell in enumerate(line, 1):
            made = _make(cell, f"{id}.{row}.{column}" if id else "", "cell", variant)
            found.append(dataclasses.replace(made, after_break=False))
    return found


def _check_footnotes(paragraphs: Sequence[Paragraph], report: Report) -> None:
    """Each footnote is written once and referred to."""
    defined: dict[str, Paragraph] = {}
    previous = ""
    for paragraph in paragraphs:
        if paragraph.label and paragraph.label in defined and paragraph.label != previous:
            report.error(
                paragraph.locate(),
                "markdown-footnote",
                f"the footnote [^{paragraph.label}] is written twice",
                "give one of them another label",
            )
        if paragraph.label:
            defined.setdefault(paragraph.label, paragraph)
        previous = paragraph.label
    referred = set()
    for paragraph in paragraphs:
        for index, mark in enumerate(paragraph.marks):
            if mark.kind == "footnote":
                referred.add(mark.target)
                if mark.target not in defined:
                    report.error(
                        locate_mark(paragraph.source, paragraph.marks, index),
                        "markdown-footnote",
                        f"there is no footnote [^{mark.target}]",
                        f"write `[^{mark.target}]: …` in a paragraph of its own",
                    )
    for label, paragraph in defined.items():
        if label not in referred:
            report.error(
                paragraph.locate(),
                "markdown-footnote",
                f"nothing refers to the footnote [^{label}]",
                f"write [^{label}] where it belongs, or remove it",
            )
