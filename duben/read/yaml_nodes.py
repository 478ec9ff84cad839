"""YAML → nodes that know their line and column.

PyYAML's own constructors hide an editor's mistakes: of two equal keys the last one wins, `no`
becomes False and 12:30 becomes 750. So scalars stay text here, as written, and the schema gives
them their type. Nodes are built from the parser's events, without recursion in the parser's C
code, so that no nesting can overflow a stack.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from duben.diagnostics import Report
from duben.model import Location, SourceMap

MAX_DEPTH = 32
LOADER: Any = getattr(yaml, "CLoader", yaml.Loader)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A scalar as written. `source` maps offsets of `value` to the file: exact for `|` and for one line."""

    value: str
    at: Location
    plain: bool
    source: SourceMap

    def __str__(self) -> str:
        return self.value

    @property
    def is_null(self) -> bool:
        return self.plain and self.value in ("", "~", "null", "Null", "NULL")


@dataclass(frozen=True, slots=True)
class Sequenced:
    """A list."""

    items: tuple[Node, ...]
    at: Location


@dataclass(frozen=True, slots=True)
class Mapped:
    """A mapping, in the order of the file; keys are unique."""

    items: tuple[tuple[Scalar, Node], ...]
    at: Location

    def get(self, key: str) -> Node | None:
        return next((node for name, node in self.items if name.value == key), None)


Node = Scalar | Sequenced | Mapped


class _Refused(Exception):
    """YAML that is valid but not wanted here."""

    def __init__(self, mark: Any, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.mark, self.code, self.message, self.hint = mark, code, message, hint


def parse_yaml(text: str, file: str, report: Report) -> Node | None:
    """The file's one document; None where it is empty, or where it is wrong, which is reported."""
    lines = text.split("\n")

    def place(mark: Any) -> Location:
        # At the end of a stream libyaml's mark may lie one line past the last one.
        return Location(file, min(mark.line, len(lines) - 1) + 1, mark.column + 1)

    # Open collections: (start event, children); a mapping's children are keys and values in turn.
    stack: list[tuple[Any, list[Node]]] = []
    try:
        return _build(text, lines, file, report, stack)
    except _Refused as refused:
        report.error(place(refused.mark), refused.code, refused.message, refused.hint)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = lines[min(mark.line, len(lines) - 1)] if mark else ""
        if mark and "\t" in line[: mark.column + 1]:
            column = line.index("\t") + 1
            report.error(
                Location(file, mark.line + 1, column),
                "yaml-tab",
                "a tab stands where YAML wants spaces",
                "replace it with spaces, two for each level",
            )
        elif dash := _dash_without_space(lines[: mark.line + 1] if mark else ()):
            report.error(
                Location(file, *dash[:2]),
                "yaml-syntax",
                "a space is missing after this dash",
                f"write `- {dash[2]}: …`",
            )
        elif colon := _full_width_colon(lines[: mark.line + 1] if mark else ()):
            report.error(Location(file, *colon), "yaml-syntax", *FULL_WIDTH_COLON)
        else:
            message, hint, opened = _explain(error, line, lines)
            if "flow" in f"{error.context}" and stack and stack[-1][0].flow_style:
                mark = stack[-1][0].start_mark
                message, hint = FLOW[isinstance(stack[-1][0], yaml.MappingStartEvent)]
            elif opened and error.context_mark:
                mark = error.context_mark
            report.error(place(mark) if mark else Location(file), "yaml-syntax", message, hint)
    except yaml.YAMLError as error:
        report.error(Location(file), "yaml-syntax", str(error), "check the characters of this file")
    return None


#: A key whose colon a Chinese keyboard made full-width: to YAML the line is a value.
FULL_WIDTH_KEY = re.compile(r"[ ]*(?:- )*[{]?[a-z_][a-z0-9_-]*(：)")
FULL_WIDTH_COLON = ("this colon is full-width", "write `: `, a half-width colon and a space")


#: The first key of an item of a list whose dash has no space behind it.
DASHED_KEY = re.compile(r"( *)-(id|in|on|term|note|title|file|join)(?::[ ]|:\Z)")


def _dash_without_space(lines: Sequence[str]) -> tuple[int, int, str] | None:
    """(line, column, key) of the last item with such a dash, from 1; of the item with the mistake alone."""
    for number in range(len(lines), 0, -1):
        match = DASHED_KEY.match(lines[number - 1])
        if match:
            return number, len(match[1]) + 1, match[2]
        if re.match(r" *- ", lines[number - 1]):
            return None
    return None


def _full_width_colon(lines: Sequence[str]) -> tuple[int, int] | None:
    """(line, column) of the last key with a full-width colon, from 1."""
    for number in range(len(lines), 0, -1):
        match = FULL_WIDTH_KEY.match(lines[number - 1])
        if match:
            return number, match.start(1) + 1
    return None


#: What is wrong and what to do inside [ ] and { }.
FLOW = (
    ("this [ is not closed", "close it with ], and put commas between the items"),
    ("this { is not closed", "close it with }, and put commas between the pairs"),
)
#: (in libyaml's words, what is wrong, what to do, whether the place is where the thing was opened)
SYNTAX = (
    ("quoted scalar & end of stream", "this quotation mark is not closed", "close it", True),
    (
        "quoted scalar",
        "an escape in these quotation marks is none of YAML's",
        "write the character itself; a backslash is written twice",
        False,
    ),
    (
        "cannot start any token",
        "a value cannot start with this sign",
        "put the value in quotation marks",
        False,
    ),
    (
        "mapping values are not allowed",
        "a colon and a space stand inside a value",
        "put the value in quotation marks",
        False,
    ),
    (
        "could not find expected ':'",
        "this line is no `key: value`",
        "write a colon and a space after the key, or indent the line if it continues the value above",
        True,
    ),
    (
        "block sequence entries are not allowed",
        "an item of a list cannot stand here",
        "begin the list in a line of its own, under its key",
        False,
    ),
    (
        "block collection",
        "this line does not belong to the list above",
        "if a new item begins here, write `- ` before it; else check its indentation",
        False,
    ),
    ("block mapping", "this line does not belong to the keys above", "check its indentation", False),
    ("document start", "this line does not belong to what stands above", "check its indentation", False),
)


def _explain(error: yaml.MarkedYAMLError, line: str, lines: Sequence[str]) -> tuple[str, str, bool]:
    """What is wrong and what to do, in an editor's words; and whether the place is the context's."""
    words = f"{error.context} {error.problem}"
    if "mapping values are not allowed" in words and error.problem_mark:
        number = error.problem_mark.line
        above = next((other for other in reversed(lines[:number]) if other.strip()), "")
        if _indent(line) > _indent(above) and line.count(": ") + line.endswith(":") == 1:
            return (
                "this key is indented more than the line above",
                "let keys of one level begin in one column",
                False,
            )
    for signs, message, hint, opened in SYNTAX:
        if all(sign in words for sign in signs.split(" & ")):
            return message, hint, opened
    return (
        error.problem or "this is not YAML",
        "put the value in quotation marks, or check the indentation",
        False,
    )


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _build(
    text: str, lines: Sequence[str], file: str, report: Report, stack: list[tuple[Any, list[Node]]]
) -> Node | None:
    root: Node | None = None
    documents = 0

    def add(node: Node, mark: Any) -> None:
        nonlocal root
        if not stack:
            root = node
            return
        start, children = stack[-1]
        is_key = isinstance(start, yaml.MappingStartEvent) and len(children) % 2 == 0
        if is_key and not isinstance(node, Scalar):
            raise _Refused(mark, "yaml-syntax", "a key must be a simple word", "write `key: value`")
        children.append(node)

    for event in yaml.parse(text, Loader=LOADER):
        mark = event.start_mark
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _Refused(mark, "yaml-syntax", "a second document starts here", "remove the line `---`")
        elif isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Refused(
                mark,
                "yaml-alias",
                "anchors (&) and aliases (*) are not used here",
                "write the value out, or put it in quotation marks",
            )
        elif getattr(event, "tag", None):
            raise _Refused(
                mark, "yaml-alias", "tags (!) are not used here", "put the value in quotation marks"
            )
        elif isinstance(event, yaml.ScalarEvent):
            add(_scalar(event, lines, file), mark)
        elif isinstance(event, yaml.SequenceStartEvent | yaml.MappingStartEvent):
            if len(stack) >= MAX_DEPTH:
                raise _Refused(mark, "yaml-depth", f"more than {MAX_DEPTH} levels", "nest less deeply")
            stack.append((event, []))
        elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            start, children = stack.pop()
            at = Location(file, start.start_mark.line + 1, start.start_mark.column + 1)
            if isinstance(start, yaml.SequenceStartEvent):
                add(Sequenced(tuple(children), at), start.start_mark)
            else:
                add(Mapped(_unique_items(children, report), at), start.start_mark)
    return root


def _unique_items(children: Sequence[Node], report: Report) -> tuple[tuple[Scalar, Node], ...]:
    first: dict[str, Scalar] = {}
    items: list[tuple[Scalar, Node]] = []
    for key, value in zip(children[::2], children[1::2], strict=True):
        assert isinstance(key, Scalar)
        if key.value in first and key.value == items[0][0].value == "id":
            report.error(
                key.at,
                "yaml-duplicate-key",
                f"`{key.value}` is written twice",
                f"if a new entry or note begins here, write `- {key.value}: …`; else remove it, "
                f"line {first[key.value].at.line} has one",
            )
            break  # the keys of the next one would all be told, too
        if key.value in first:
            report.error(
                key.at,
                "yaml-duplicate-key",
                f"`{key.value}` is written twice",
                f"it stands in line {first[key.value].at.line} already; keep one of them",
            )
        else:
            first[key.value] = key
            items.append((key, value))
    return tuple(items)


def _scalar(event: Any, lines: Sequence[str], file: str) -> Scalar:
    line, column = event.start_mark.line, event.start_mark.column
    at = Location(file, line + 1, column + 1)
    value: str = event.value
    if event.style in ("|", ">"):
        runs = _block_runs(value, lines, line + 1, folded=event.style == ">")
    else:
        runs = ((0, line + 1, column + 1 + (1 if event.style else 0)),)
    return Scalar(value, at, not event.style, SourceMap(file, runs))


def _block_runs(
    value: str, lines: Sequence[str], first: int, *, folded: bool
) -> tuple[tuple[int, int, int], ...]:
    """Runs for a block scalar whose content starts at index `first` of the file's lines."""
    runs: list[tuple[int, int, int]] = []
    offset = 0
    for number, content in enumerate(value.split("\n"), first):
        if number >= len(lines):
            break
        source = lines[number]
        # Folding joins lines, so from the first joined one on only the line is known.
        column = (
            len(source) - len(content) + 1
            if source.endswith(content)
            else len(source) - len(source.lstrip()) + 1
        )
        runs.append((offset, number + 1, column))
        offset += len(content) + 1
        if folded and not source.endswith(content):
            break
    return tuple(runs) or ((0, first, 1),)
