"""Leaf blocks → Paragraphs: ids, tables, footnotes."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from duben.diagnostics import Report, Severity
from duben.model import Location, Paragraph, SourceMap, Variant
from duben.read.inline import Source, locate_mark
from duben.read.kinds import PARAGRAPH_ID
from duben.read.markdown import ATTRIBUTES_ANYWHERE, Leaf, read_leaves, whole_file

#: Problems about something that is then missing among the paragraphs.
LOSSES = frozenset({"markdown-unsupported", "paragraph-too-long", "text-empty"})


def read_body(
    text: str, file: str, variant: Variant, next_id: int | None, report: Report
) -> tuple[Paragraph, ...]:
    """The paragraphs of a text's body, each with its permanent id.

    A missing, repeated, misplaced or wrong id is reported; so is a footnote without its other half.
    Empty where some of the body could not be read: what refers to the rest cannot be judged then.
    """
    before = len(report.found)
    leaves = read_leaves(whole_file(text, file), report)
    ids = _Ids(next_id, report)
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


@dataclass(slots=True)
class _Ids:
    """Checks the ids of one text."""

    next_id: int | None
    report: Report
    taken: dict[str, Location] = field(default_factory=dict)
    missing: list[tuple[Location, str]] = field(default_factory=list)  # with a hint to be filled in
    repeated: list[tuple[Location, str]] = field(default_factory=list)

    def take(self, leaf: Leaf) -> str:
        """The leaf's id, or "" where it has none that is good; `lend` tells what is missing or repeated."""
        attributes = leaf.attributes
        if attributes is None:
            return ""
        at = attributes.location
        wrong = [*attributes.unknown, *(id for id in attributes.was if not PARAGRAPH_ID.match(id))]
        if not PARAGRAPH_ID.match(attributes.id) or "." in attributes.id or wrong:
            self.report.error(
                at,
                "paragraph-id-invalid",
                f"`{' '.join(['#' + attributes.id, *wrong])}` is no paragraph id",
                "write {#p12}, {#p12 .verse} or {#p12 was=p13}",
            )
            return ""
        for id in (attributes.id, *attributes.was):
            if id in self.taken:
                self.repeated.append((at, id))
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
        numbers = [int(id[1:].partition(".")[0]) for id in self.taken]
        free = itertools.count(max([*numbers, (self.next_id or 1) - 1], default=0) + 1)
        for at, id in self.repeated:
            self.report.error(
                at,
                "paragraph-id-duplicate",
                f"{id} stands twice",
                f"it stands in line {self.taken[id].line} already; give this one {{#p{next(free)}}}",
            )
        if self.missing:
            at, hint = self.missing[0]
            also = f" (the first of {len(self.missing)} in this file)" if len(self.missing) > 1 else ""
            self.report.error(
                at,
                "paragraph-id-missing",
                f"this paragraph has no id{also}",
                hint.format(f"{{#p{next(free)}}}") + "; `duben check --fix` gives ids to all",
            )
        return [
            paragraph if paragraph.id else dataclasses.replace(paragraph, id=f"p{next(free)}")
            for paragraph in paragraphs
        ]


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
        ids.missing.append((leaf.source.locate(0), "end it with {}"))
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
        ids.missing.append(
            (cells[0].source.locate(0), "let {} stand alone in a line under the table's last row")
        )
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
