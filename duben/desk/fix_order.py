"""The notes of a text.yaml in the order of the text. Comments go with the note below them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from duben.compile.anchors import Places
from duben.desk.own_files import LINE_END, tree_of, write_whole
from duben.diagnostics import Report
from duben.model import Quote, Target, Text
from duben.read.files import ContentFile, list_files, read_text
from duben.read.load import load_content
from duben.read.schema import TEXT, NoteFields, TextFields
from duben.read.yaml_nodes import Mapped, Scalar, Sequenced, parse_yaml


class Sorted(NamedTuple):
    """What was done to a file. left: why nothing was, although its notes are not in order."""

    name: str
    left: str = ""

    def __str__(self) -> str:
        return f"{self.name}: left as it is: {self.left}" if self.left else f"{self.name}: notes put in order"


def sort_notes(
    content: Path, sources: Sequence[Path] = (), shown: str = "", *, numbered_later: bool = False
) -> Iterator[Sorted]:
    """Puts the notes of each text into the order of the text, and yields each file that is concerned.

    Of two at one place, the one that was first stays first. Left is a file of which a note has no certain
    place, or no id: its page would count it otherwise. numbered_later: notes of a text of which none has an
    id are put in order, too: they get their numbers by it. sources, shown: as in `load_content`.
    """
    shown = shown or content.as_posix()
    read = load_content(content, Report(), sources=sources, shown=shown)
    texts = {text.location.file: text for text in read.texts} if read else {}
    for file in list_files(content, shown, Report()):
        if file.name in texts:
            yield from _sort(file, texts[file.name], numbered_later=numbered_later)


def _sort(file: ContentFile, text: Text, *, numbered_later: bool) -> Iterator[Sorted]:
    root = _root(read_text(file.path, file.name, Report()) or "", file.name)
    fields = TEXT.read(root, Report()) if root else None
    notes = root.get("notes") if root else None
    if not isinstance(fields, TextFields) or not isinstance(notes, Sequenced) or root is None:
        return
    if len(fields.notes or ()) != len(notes.items):
        return  # one of them is wrong, which is told
    places = [_place(item, text) for item in fields.notes or ()]
    certain = [place for place in places if place is not None]
    if certain == sorted(certain):
        return
    if len(certain) < len(places):
        yield Sorted(file.name, "the quote of a note does not hold")
        return
    written_notes = [item for item in fields.notes or () if item.note]
    fresh = numbered_later and not any(item.id for item in written_notes)
    if not fresh and not all(item.id for item in written_notes):
        yield Sorted(file.name, "a note has no id yet")
        return
    order = sorted(range(len(places)), key=lambda index: certain[index])
    written = _reordered(file.path.read_bytes().decode("utf-8"), root, notes, order)
    problem = "its notes are not written one below the other"
    if written is not None and _is_reordered(written, root, order, file.name):
        problem = write_whole(file.path, written)
    yield Sorted(file.name, problem)


def _root(text: str, name: str) -> Mapped | None:
    root = parse_yaml(text, name, Report())
    return root if isinstance(root, Mapped) else None


def _place(item: NoteFields, text: Text) -> tuple[int, int, int] | None:
    """(paragraph, end, start): by this the pages number notes. None where it is not certain."""
    paragraph = item.in_.value if item.in_ else ""
    start = _quote(item.on, paragraph, item.before, item.after, item.nth)
    until = item.until
    end = None
    if until:
        where = until.in_.value if until.in_ else paragraph
        end = _quote(until.on, where, until.before, until.after, until.nth)
    if start is None and not paragraph:
        return None
    shown = (text.title, *text.paragraphs)
    found = Places(shown, Report(), str).resolve(Target(paragraph, start, end, item.at))
    if not found:
        return None
    index, span = found[-1]
    return index, span.end + (start is None), span.start


def _quote(
    on: Scalar | None, paragraph: str, before: Scalar | None, after: Scalar | None, nth: int | None
) -> Quote | None:
    if on is None:
        return None
    return Quote(on.value, paragraph, str(before or ""), str(after or ""), nth or 0)


def _reordered(raw: str, root: Mapped, notes: Sequenced, order: Sequence[int]) -> str | None:
    """The file with its notes in this order, or None where they do not stand in lines of their own.

    What lies between two notes, blank lines, stays where it is.
    """
    pieces = LINE_END.split(raw)
    lines = [text + end for text, end in zip(pieces[::2], [*pieces[1::2], ""], strict=True)]
    starts = [item.at.line - 1 for item in notes.items]
    marks = [re.match(r"\ufeff?( *)-[ \t]", lines[start]) for start in starts]
    if not all(marks) or len(set(starts)) < len(starts):
        return None
    indents = {len(mark[1]) for mark in marks if mark}
    if len(indents) > 1:
        return None
    comment = re.compile(rf" {{0,{indents.pop()}}}#")
    heads = [_with_comments(lines, start, comment) for start in starts]
    below = [name.at.line - 1 for name, _ in root.items if name.at.line - 1 > starts[0]]
    last = min(below, default=len(lines))
    ends = [*heads[1:], _with_comments(lines, last, re.compile(r"#|[ \t]*\r?\n?\Z"))]
    chunks: list[list[str]] = []
    gaps: list[list[str]] = []
    for head, end in zip(heads, ends, strict=True):
        kept = end
        while kept > head and not lines[kept - 1].strip():
            kept -= 1
        chunks.append(lines[head:kept])
        gaps.append(lines[kept:end])
    line_end = LINE_END.search(raw)
    mixed: list[str] = []
    for position, index in enumerate(order):
        chunk = chunks[index]
        if position < len(order) - 1 and not LINE_END.search(chunk[-1]):
            chunk = [*chunk[:-1], chunk[-1] + (line_end[0] if line_end else "\n")]
        mixed += [*chunk, *gaps[position]]
    return "".join([*lines[: heads[0]], *mixed, *lines[ends[-1] :]])


def _with_comments(lines: Sequence[str], start: int, comment: re.Pattern[str]) -> int:
    while start > 0 and comment.match(lines[start - 1]):
        start -= 1
    return start


def _is_reordered(written: str, root: Mapped, order: Sequence[int], name: str) -> bool:
    """Whether the new file says the same, but for the order of its notes."""
    report = Report()
    text = LINE_END.sub("\n", written).removeprefix("\ufeff")
    now = parse_yaml(text, name, report)
    if report.found or not isinstance(now, Mapped):
        return False
    before, after = tree_of(root), tree_of(now)
    if not isinstance(before, dict) or not isinstance(after, dict):
        return False
    notes = before.pop("notes")
    return [notes[index] for index in order] == after.pop("notes") and before == after
