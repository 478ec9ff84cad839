"""A body that takes the place of another one: ids that stay, and annotations that must not be lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from duben.desk.importing.body import readable, write_body
from duben.desk.importing.manuscript import Block, Refused
from duben.desk.paragraph_ids import used_numbers
from duben.desk.sheet import Sheet
from duben.diagnostics import Report
from duben.model import Paragraph, Variant
from duben.read.files import ContentFile, read_text
from duben.read.paragraphs import read_body
from duben.read.schema import TEXT, ConvertFields, NoteFields


class Body(NamedTuple):
    """The new text.md and text.yaml; kept: how many paragraphs keep their ids."""

    text: str
    sheet: str
    next_id: int
    kept: int


def new_body(blocks: Sequence[Block], files: Mapping[str, ContentFile], there: str) -> Body:
    """What the files of a text are to hold, with these blocks as its body.

    A paragraph of the same kind and words keeps its id, any other one gets a new id. Raises Refused where
    an annotation stands on a paragraph that does not stay, or where the files are in no state for this.
    """
    if "text.md" not in files or "text.yaml" not in files:
        message = f"{there} has no text.md and text.yaml that could be replaced"
        raise Refused("import-exists", message, "choose another name with --slug, or move that folder away")
    report = Report()
    sheet = Sheet.open(files["text.yaml"])
    text = read_text(files["text.md"].path, files["text.md"].name, report)
    old = read_body(text or "", files["text.md"].name, Variant.HANS, None, report)
    if sheet is None or text is None or report.has_errors():
        raise Refused("import-exists", f"{there} has errors", "mend them first: `duben check` lists them")
    first = max([*used_numbers(text, sheet), sheet.next_id - 1, 0]) + 1
    ids = _ids(blocks, old, first)
    _refuse_lost_notes(sheet, {paragraph.id for paragraph in old} - set(ids), there)
    next_id = max([first - 1, *(int(id[1:]) for id in ids)]) + 1
    written = sheet.with_next_id(next_id)
    if written is None:
        raise Refused(
            "import-exists", f"next-id has no certain place in {there}/text.yaml", "write it by hand"
        )
    return Body(write_body(blocks, ids), written, next_id, sum(int(id[1:]) < first for id in ids))


def _ids(blocks: Sequence[Block], old: Sequence[Paragraph], first: int) -> list[str]:
    free: dict[tuple[str, str], list[str]] = {}
    for paragraph in old:
        if paragraph.kind not in ("cell", "table", "image"):
            free.setdefault((paragraph.kind, paragraph.text), []).append(paragraph.id)
    ids = []
    for block in blocks:
        same = free.get((block.kind, readable(block.text)))
        if same:
            ids.append(same.pop(0))
        else:
            ids.append(f"p{first}")
            first += 1
    return ids


def _refuse_lost_notes(sheet: Sheet, lost: set[str], there: str) -> None:
    fields = TEXT.read(sheet.root, Report())
    standing: list[NoteFields | ConvertFields] = []
    if fields:
        standing += [*(fields.notes or ()), *(fields.convert or ())]
    for item in standing:
        until = item.until if isinstance(item, NoteFields) else None
        places = [item.in_, until.in_ if until else None]
        gone = next((place for place in places if place and place.value.partition(".")[0] in lost), None)
        if item.in_ is None or gone:
            why = f"stands on {gone.value}, which would not stay" if gone else "is not pinned to a paragraph"
            raise Refused(
                "import-exists",
                f"an annotation in {there}/text.yaml, line {item.at.line}, {why}",
                "--force loses no note: import under another --slug, and move the notes over",
            )
