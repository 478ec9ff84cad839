"""Gives an id to every paragraph and note that has none, and pins quotes to their paragraphs.

Nothing else in a file changes: every line keeps its bytes and its end. Each new file is read again
before it replaces the old one, and must say the same but for what was added.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from duben.compile.anchors import find_quote
from duben.desk.own_files import LINE_END, Lines, tree_of, write_whole
from duben.diagnostics import Report, Severity
from duben.model import Paragraph, Quote, Text, Variant
from duben.read.files import ContentFile, list_files, read_text
from duben.read.load import load_content
from duben.read.markdown import Leaf, read_leaves, whole_file
from duben.read.paragraphs import read_body
from duben.read.schema import TEXT
from duben.read.yaml_nodes import Mapped, Node, Scalar, Sequenced, parse_yaml

#: Where an id stands, or is referred to: `{#p3 was=p4}`, `[words](#p3)`, `[[slug#p3]]`.
NAMED_ID = re.compile(r"[{(]#p([0-9]{1,7})\b")
FORMER_IDS = re.compile(r"\bwas=([p0-9,]+)")
LINKED_ID = re.compile(r"\[\[[ \t]*([a-z0-9-]+)#p([0-9]{1,7})\b")
PARAGRAPH_NUMBER = re.compile(r"p([0-9]{1,7})")
CLOSING_SIGNS = re.compile(r"[ \t]+#+[ \t]*\Z")
TAB = "\t"
LAST_NUMBER = 9_999_999
#: Before the first of these keys `next-id` is written.
ANNOTATIONS = ("notes", "entries", "convert")


class Fixed(NamedTuple):
    """What was done to a file: ids given, quotes pinned, next-id written (or 0).

    left: why nothing was done although something is missing, else "".
    """

    name: str
    ids: int = 0
    pins: int = 0
    next_id: int = 0
    left: str = ""

    def __str__(self) -> str:
        if self.left:
            return f"{self.name}: left as it is: {self.left}"
        done = [
            f"{self.ids} id{'s' * (self.ids != 1)} written" if self.ids else "",
            f"{self.pins} quote{'s' * (self.pins != 1)} pinned" if self.pins else "",
            f"next-id is {self.next_id}" if self.next_id else "",
        ]
        return f"{self.name}: {', '.join(part for part in done if part)}"


def write_missing_ids(content: Path, sources: Sequence[Path] = (), shown: str = "") -> Iterator[Fixed]:
    """Gives ids to the paragraphs and notes of a content folder, and yields each file that is concerned.

    A new paragraph id is above every one that was ever used: those in the file, `was=` ids, those that a
    note, decision or link names, and `next-id`, which is written or raised. A note gets the id that it has
    had in the pages until now. A quote without a paragraph that occurs once in its text is pinned.

    A file is replaced whole or left as it was. Left are texts of which text.md or text.yaml has errors of
    other kinds, as its paragraphs are uncertain then. sources, shown: as in `load_content`.
    """
    shown = shown or content.as_posix()
    folders: dict[tuple[str, ...], dict[str, ContentFile]] = {}
    linked: dict[str, int] = {}
    for file in list_files(content, shown, Report()):
        if file.refused or not file.path.name.endswith((".md", ".yaml", ".yml")):
            continue
        for slug, number in LINKED_ID.findall(read_text(file.path, file.name, Report()) or ""):
            linked[slug] = max(linked.get(slug, 0), int(number))
        if file.parts[0] == "texts" and len(file.parts) > 2 and file.parts[-1] in ("text.md", "text.yaml"):
            folders.setdefault(file.parts[:-1], {})[file.parts[-1]] = file
    for parts, files in folders.items():
        if "text.md" in files:
            yield from _give_ids(files["text.md"], files.get("text.yaml"), linked.get(parts[-1], 0))
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


def _give_ids(body: ContentFile, settings: ContentFile | None, linked: int) -> Iterator[Fixed]:
    report = Report()
    text = read_text(body.path, body.name, report)
    if text is None:
        return
    places = list(_missing(read_leaves(whole_file(text, body.name), Report())))
    if not places:
        return
    sheet = _Sheet.open(settings) if settings else None
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
    last = max(_used_numbers(text, sheet), default=0)
    last = max(last, linked, sheet.next_id - 1)
    number = last + len(places)
    if number > LAST_NUMBER:
        yield Fixed(body.name, left=f"its ids go up to p{last}")
        return
    written = _with_ids(body.path.read_bytes().decode("utf-8"), places, last + 1)
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


def _missing(leaves: tuple[Leaf, ...]) -> Iterator[tuple[int, str]]:
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


def _used_numbers(text: str, sheet: _Sheet) -> Iterator[int]:
    """The numbers of all paragraph ids that a text and what is written about it name."""
    for number in (*NAMED_ID.findall(text), *NAMED_ID.findall(sheet.raw)):
        yield int(number)
    for ids in FORMER_IDS.findall(text):
        yield from map(int, PARAGRAPH_NUMBER.findall(ids))
    for node in _nodes(sheet.root):
        if isinstance(node, Mapped) and isinstance(place := node.get("in"), Scalar):
            yield from map(int, PARAGRAPH_NUMBER.findall(place.value.partition(".")[0]))


def _with_ids(raw: str, places: Iterable[tuple[int, str]], number: int) -> str:
    """The file as it is, with ids from `number` on at these places."""
    # Lines and their ends in turn: a byte order mark and each line's own end stay.
    pieces = LINE_END.split(raw)
    lines, ends = pieces[::2], [*pieces[1::2], ""]
    line_end = _line_end(raw)
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


# --- text.yaml -----------------------------------------------------------------------------------


@dataclass(slots=True)
class _Sheet:
    """A text.yaml without errors of its own: its bytes as text, its nodes, and what is to be written into it.

    added: by the identity of a mapping, the keys that it gets.
    """

    file: ContentFile
    raw: str
    lines: Lines
    root: Mapped
    next_id: int
    insertions: list[tuple[int, str]] = field(default_factory=list)
    added: dict[int, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def open(cls, file: ContentFile) -> _Sheet | None:
        report = Report()
        text = read_text(file.path, file.name, report)
        root = parse_yaml(text, file.name, report) if text is not None else None
        fields = TEXT.read(root, report) if root else None
        if report.has_errors() or fields is None or not isinstance(root, Mapped):
            return None
        raw = file.path.read_bytes().decode("utf-8")
        return cls(file, raw, Lines.of(raw), root, fields.next_id or 0)

    def add(self, mapping: Mapped, key: str, value: str) -> None:
        """Puts a key into a mapping, as its first or behind its id."""
        name = next((name for name, _ in mapping.items if name.value != "id"), mapping.items[0][0])
        if self.raw[self.offset(mapping.at.line, mapping.at.column)] == "{":
            between = ", "
        else:
            between = _line_end(self.raw) + " " * (name.at.column - 1)
        self.insertions.append((self.offset(name.at.line, name.at.column), f"{key}: {value}{between}"))
        self.added.setdefault(id(mapping), {})[key] = value

    def written(self) -> str | None:
        """The file with what was added, or None where it would not say the same but for that."""
        return self._checked(_insert(self.raw, self.insertions))

    def with_next_id(self, number: int) -> str | None:
        """The file with this next-id and nothing else added, or None where there is no place for it."""
        self.added = {id(self.root): {"next-id": str(number)}}
        old = self.root.get("next-id")
        if isinstance(old, Scalar):
            start = self.offset(old.at.line, old.at.column)
            return self._checked(f"{self.raw[:start]}{number}{self.raw[start + len(old.value) :]}")
        if self.raw[self.offset(self.root.at.line, self.root.at.column)] == "{":
            first = self.root.items[0][0].at
            return self._checked(
                _insert(self.raw, [(self.offset(first.line, first.column), f"next-id: {number}, ")])
            )
        line = f"{' ' * (self.root.at.column - 1)}next-id: {number}"
        for offset in self._places_for_next_id():
            end = _line_end(self.raw)
            joined = offset == 0 or self.raw[offset - 1] in "\r\n\ufeff"
            found = self._checked(_insert(self.raw, [(offset, line + end if joined else end + line)]))
            if found is not None:
                return found
        return None

    def _places_for_next_id(self) -> Iterator[int]:
        """Offsets of lines before which it can be written, the best first."""
        heads = [name.at.line for name, _ in self.root.items if name.value in ANNOTATIONS]
        if heads:
            lines = LINE_END.split(self.raw)[::2]
            line = min(heads)
            # Above the comment that belongs to the notes, and the blank line above that.
            while line > 1 and re.match(r"#|[ \t]*\Z", lines[line - 2]):
                line -= 1
            yield self.offset(line, 1)
            yield self.offset(min(heads), 1)
        yield len(self.raw)

    def _checked(self, raw: str) -> str | None:
        report = Report()
        root = parse_yaml(LINE_END.sub("\n", raw).removeprefix("\ufeff"), self.file.name, report)
        if root is None or report.has_errors() or tree_of(root) != tree_of(self.root, self.added):
            return None
        return raw

    def offset(self, line: int, column: int) -> int:
        return self.lines.offset(line, column)


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    below = node.items if isinstance(node, Sequenced) else ()
    if isinstance(node, Mapped):
        below = tuple(value for _, value in node.items)
    for child in below:
        yield from _nodes(child)


def _annotate(file: ContentFile, text: Text | None, *, sound: bool) -> Iterator[Fixed]:
    """Ids for the notes of a text.yaml, and paragraphs for its quotes, where `text` is known.

    sound: whether the file is without errors, those included that are found only beside the text.
    """
    sheet = _Sheet.open(file)
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


def _number_notes(notes: Iterable[Mapped], sheet: _Sheet) -> int:
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


def _pin(item: Mapped, text: Text, sheet: _Sheet) -> int:
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


# --- files ---------------------------------------------------------------------------------------


def _insert(raw: str, insertions: Iterable[tuple[int, str]]) -> str:
    """The text with pieces put in at these offsets; of two at one offset the first stands first."""
    pieces: list[str] = []
    position = 0
    for offset, piece in sorted(insertions, key=lambda insertion: insertion[0]):
        pieces += [raw[position:offset], piece]
        position = offset
    return "".join([*pieces, raw[position:]])


def _line_end(raw: str) -> str:
    match = LINE_END.search(raw)
    return match[0] if match else "\n"
