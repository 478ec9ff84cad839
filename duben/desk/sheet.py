"""A text.yaml that an editor wrote, and what a tool adds to it: every other byte stays as it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from duben.desk.own_files import LINE_END, Lines, tree_of
from duben.diagnostics import Report
from duben.read.files import ContentFile, read_text
from duben.read.schema import TEXT
from duben.read.yaml_nodes import Mapped, Node, Scalar, Sequenced, parse_yaml

#: Before the first of these keys `next-id` is written.
ANNOTATIONS = ("notes", "entries", "convert")


@dataclass(slots=True)
class Sheet:
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
    def open(cls, file: ContentFile) -> Sheet | None:
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
            between = line_end_of(self.raw) + " " * (name.at.column - 1)
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
            end = line_end_of(self.raw)
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


def nodes_of(node: Node) -> Iterator[Node]:
    yield node
    below = node.items if isinstance(node, Sequenced) else ()
    if isinstance(node, Mapped):
        below = tuple(value for _, value in node.items)
    for child in below:
        yield from nodes_of(child)


def _insert(raw: str, insertions: Iterable[tuple[int, str]]) -> str:
    """The text with pieces put in at these offsets; of two at one offset the first stands first."""
    pieces: list[str] = []
    position = 0
    for offset, piece in sorted(insertions, key=lambda insertion: insertion[0]):
        pieces += [raw[position:offset], piece]
        position = offset
    return "".join([*pieces, raw[position:]])


def line_end_of(raw: str) -> str:
    match = LINE_END.search(raw)
    return match[0] if match else "\n"
