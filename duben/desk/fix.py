"""Gives an id to every paragraph and note that has none, and pins quotes to their paragraphs.

Nothing else in a file changes: every line keeps its bytes and its end. Each new file is read again
before it replaces the old one, and must say the same but for what was added.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from duben.compile.anchors import find_quote
from duben.desk.own_files import LINE_END, Lines, write_whole
from duben.desk.paragraph_ids import blocks_without_id, used_numbers, with_ids
from duben.desk.sheet import Sheet
from duben.diagnostics import Report, Severity
from duben.model import Paragraph, Quote, Text, Variant
from duben.read.files import ContentFile, list_files, read_text
from duben.read.load import load_content
from duben.read.markdown import Leaf, read_leaves, whole_file
from duben.read.paragraphs import lost_ids, read_body
from duben.read.records import standing_on
from duben.read.schema import TEXT
from duben.read.yaml_nodes import Mapped, Scalar, Sequenced

#: Where a paragraph of another text is referred to: `[[slug#p3]]`.
LINKED_ID = re.compile(r"\[\[[ \t]*([a-z0-9-]+)#p([1-9][0-9]{0,6})\b")
LAST_NUMBER = 9_999_999


class Fixed(NamedTuple):
    """What was done to a file: ids given, quotes pinned, next-id written (or 0), ids put right.

    left: why nothing was done although something is missing, else "".
    """

    name: str
    ids: int = 0
    pins: int = 0
    next_id: int = 0
    left: str = ""
    repaired: int = 0

    def __str__(self) -> str:
        if self.left:
            return f"{self.name}: left as it is: {self.left}"
        done = [
            f"{self.repaired} id{'s' * (self.repaired != 1)} put right" if self.repaired else "",
            f"{self.ids} id{'s' * (self.ids != 1)} written" if self.ids else "",
            f"{self.pins} quote{'s' * (self.pins != 1)} pinned" if self.pins else "",
            f"next-id is {self.next_id}" if self.next_id else "",
        ]
        return f"{self.name}: {', '.join(part for part in done if part)}"


def write_missing_ids(content: Path, sources: Sequence[Path] = (), shown: str = "") -> Iterator[Fixed]:
    """Gives ids to the paragraphs and notes of a content folder, and yields each file that is concerned.

    A new paragraph id is above every one that was ever used: those in the file, `was=` ids, those that a
    note, decision or link names, and `next-id`, which is written or raised. A paragraph that seems to have
    lost an id on which something stands gets none: which it is, the editor knows. A note gets the id that
    it has had in the pages until now. A quote without a paragraph that occurs once in its text is pinned.

    A file is replaced whole or left as it was. Left are texts of which text.md or text.yaml has errors of
    other kinds, as its paragraphs are uncertain then. sources, shown: as in `load_content`.
    """
    shown = shown or content.as_posix()
    folders: dict[tuple[str, ...], dict[str, ContentFile]] = {}
    linked: dict[str, set[int]] = {}
    for file in list_files(content, shown, Report()):
        if file.refused or not file.path.name.endswith((".md", ".yaml", ".yml")):
            continue
        for slug, number in LINKED_ID.findall(read_text(file.path, file.name, Report()) or ""):
            linked.setdefault(slug, set()).add(int(number))
        if file.parts[0] == "texts" and len(file.parts) > 2 and file.parts[-1] in ("text.md", "text.yaml"):
            folders.setdefault(file.parts[:-1], {})[file.parts[-1]] = file
    for parts, files in folders.items():
        if "text.md" in files:
            yield from _give_ids(files["text.md"], files.get("text.yaml"), linked.get(parts[-1], set()))
    report = Report()
    read = load_content(content, report, sources=sources, shown=shown)
    wrong = {problem.location.file for problem in report.found if problem.severity == Severity.ERROR}
    texts = {text.location.file: text for text in read.texts} if read else {}
    for files in folders.values():
        if "text.yaml" in files:
            name = files["text.yaml"].name
            # In a body with errors a paragraph may have its id for this run only.
            known = "text.md" not in files or files["text.md"].name not in wrong
            yield from _annotate(
                files["text.yaml"], texts.get(name) if known else None, sound=name not in wrong
            )


# --- paragraphs ----------------------------------------------------------------------------------


def _give_ids(body: ContentFile, settings: ContentFile | None, linked: set[int]) -> Iterator[Fixed]:
    report = Report()
    text = read_text(body.path, body.name, report)
    if text is None:
        return
    leaves = read_leaves(whole_file(text, body.name), Report())
    if any(leaf.attributes and leaf.attributes.slip for leaf in leaves):
        fixed = _put_right(body, leaves)
        yield fixed
        if fixed.left:
            return
        text = read_text(body.path, body.name, report) or ""
        leaves = read_leaves(whole_file(text, body.name), Report())
    places = list(blocks_without_id(leaves))
    if not places:
        return
    sheet = Sheet.open(settings) if settings else None
    if sheet is None:
        yield Fixed(body.name, left="its text.yaml is missing or has errors")
        return
    before = _read(text, sheet.next_id, body.name, report)
    if any(
        problem.code != "paragraph-id-missing"
        for problem in report.found
        if problem.severity == Severity.ERROR
    ):
        yield Fixed(body.name, left="it has errors of other kinds")
        return
    if any(problem.code == "paragraph-lines" for problem in report.found):
        # An id is for good, so it must be certain what a paragraph is.
        yield Fixed(body.name, left="lines stand together that look like paragraphs of their own")
        return
    former = _former_id(text, leaves, places, sheet, linked)
    if former:
        yield Fixed(body.name, left=former)
        return
    last = max(used_numbers(text, sheet), default=0)
    last = max(last, *linked, sheet.next_id - 1)
    number = last + len(places)
    if number > LAST_NUMBER:
        yield Fixed(body.name, left=f"its ids go up to p{last}")
        return
    written = with_ids(body.path.read_bytes().decode("utf-8"), places, last + 1)
    report = Report()
    after = _read(LINE_END.sub("\n", written).removeprefix("\ufeff"), number + 1, body.name, report)
    new_settings = sheet.with_next_id(number + 1)
    if report.has_errors() or after != before or new_settings is None:
        yield Fixed(body.name, left="the ids have no certain place in it; write them by hand")
        return
    # In this order: a next-id that is too high does no harm, one that is too low would.
    problem = write_whole(sheet.file.path, new_settings) or write_whole(body.path, written)
    if problem:
        yield Fixed(body.name, left=problem)
        return
    yield Fixed(body.name, ids=len(places))
    yield Fixed(sheet.file.name, next_id=number + 1)


def _put_right(body: ContentFile, leaves: Sequence[Leaf]) -> Fixed:
    """Writes ids as they were meant that have full-width signs, a capital or no #, if they are free."""
    written = [leaf.attributes for leaf in leaves if leaf.attributes]
    sound = [id for found in written if not found.slip for id in (found.id, *found.was)]
    slips = [found for found in written if found.slip]
    for slip in slips:
        if slip.id in sound or [other.id for other in slips].count(slip.id) > 1:
            place = slip.location.line
            return Fixed(body.name, left=f"`{slip.slip}` in line {place} names an id that stands elsewhere")
    raw = body.path.read_bytes().decode("utf-8")
    lines = Lines.of(raw)
    for slip in reversed(slips):
        start = lines.offset(slip.location.line, slip.location.column)
        if raw[start : start + len(slip.slip)] != slip.slip:
            return Fixed(body.name, left=f"`{slip.slip}` has no certain place in it; mend it by hand")
        between = "" if raw[start - 1 : start] in ("", " ", "\t", "\n", "\r", "\u3000", "\ufeff") else " "
        raw = f"{raw[:start]}{between}{slip.meant}{raw[start + len(slip.slip) :]}"
    problem = write_whole(body.path, raw)
    return Fixed(body.name, left=problem) if problem else Fixed(body.name, repaired=len(slips))


def _former_id(
    text: str, leaves: Sequence[Leaf], places: Sequence[tuple[int, str]], sheet: Sheet, linked: set[int]
) -> str:
    """Why no paragraph gets a new id: one of them seems to have lost its own; else ""."""
    fields = TEXT.read(sheet.root, Report())
    standing = {f"p{number}": "a link" for number in sorted(linked)}
    standing |= standing_on(fields, text) if fields else {}
    with_id = [(found.location.line, found.id) for leaf in leaves if (found := leaf.attributes)]
    kept = {id for leaf in leaves if leaf.attributes for id in leaf.attributes.was}
    order = sorted([*with_id, *((line, "") for line, _ in places)])
    former = lost_ids([id for _, id in order], standing.keys() - kept)
    said = [
        f"{id} is missing, and {standing[id]} stands on it: end the paragraph in line {order[index][0]} "
        f"with {{#{id}}} if it is that one, else with a new id"
        for index, id in former.items()
    ]
    return said[0] if said else ""


def _read(text: str, next_id: int, file: str, report: Report) -> list[tuple[Any, ...]]:
    """All that a body says, but for its ids and where it is written."""
    return [
        (
            paragraph.kind,
            paragraph.text,
            paragraph.marks,
            paragraph.level,
            paragraph.was,
            paragraph.label,
            paragraph.align,
            paragraph.after_break,
            [(container.kind, container.start) for container in paragraph.within],
        )
        for paragraph in read_body(text, file, Variant.HANS, next_id or None, report)
    ]


# --- text.yaml -----------------------------------------------------------------------------------


def _annotate(file: ContentFile, text: Text | None, *, sound: bool) -> Iterator[Fixed]:
    """Ids for the notes of a text.yaml, and paragraphs for its quotes, where `text` is known.

    sound: whether the file is without errors, those included that are found only beside the text.
    """
    sheet = Sheet.open(file)
    if sheet is None:
        return
    notes, converts = (
        [item for item in found.items if isinstance(item, Mapped)] if isinstance(found, Sequenced) else []
        for found in (sheet.root.get("notes"), sheet.root.get("convert"))
    )
    ids = _number_notes(notes, sheet)
    pins = sum(_pin(item, text, sheet) for item in (*notes, *converts)) if text else 0
    if not sheet.added:
        return
    if not sound:
        yield Fixed(file.name, left="it has errors of other kinds")
        return
    written = sheet.written()
    problem = "the ids have no certain place in it; write them by hand"
    if written is not None:
        problem = write_whole(file.path, written)
    yield Fixed(file.name, left=problem) if problem else Fixed(file.name, ids=ids, pins=pins)


def _number_notes(notes: Iterable[Mapped], sheet: Sheet) -> int:
    """Gives n1, n2 … to the notes without an id, as the pages have counted them; returns how many."""
    taken = {node.value for note in notes if isinstance(node := note.get("id"), Scalar)}
    number = given = 0
    for note in notes:
        if note.get("note") and not note.get("id"):
            number += 1
            while f"n{number}" in taken:
                number += 1
            sheet.add(note, "id", f"n{number}")
            given += 1
    return given


def _pin(item: Mapped, text: Text, sheet: Sheet) -> int:
    """Writes the paragraphs of a quote, and of the one that ends its range, where both are certain."""
    if item.get("in") or not item.get("on"):
        return 0
    start = _only_place(item, text)
    if not start:
        return 0
    pins = [(item, start)]
    until = item.get("until")
    if isinstance(until, Mapped) and not until.get("in"):
        end = _only_place(until, text)
        if not end:
            return 0
        # Without `in:` of its own it would be looked for where the range starts.
        pins += [(until, end)] if end != start else []
    for mapping, id in pins:
        sheet.add(mapping, "in", id)
    return len(pins)


def _only_place(item: Mapped, text: Text) -> str:
    """The id of the one paragraph in which a quote stands once, if there is no other; else ""."""
    words = {
        key: node.value for key in ("on", "before", "after") if isinstance(node := item.get(key), Scalar)
    }
    if item.get("nth") or not words.get("on"):
        return ""
    quote = Quote(words["on"], "", words.get("before", ""), words.get("after", ""))
    shown: Sequence[Paragraph] = (text.title, *text.paragraphs)
    found = [paragraph.id for paragraph in shown for _ in find_quote(quote, paragraph.text)]
    return found[0] if len(found) == 1 else ""
