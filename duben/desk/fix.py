"""Gives an id to every paragraph that has none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from duben.diagnostics import Report
from duben.read.files import list_files, read_text
from duben.read.markdown import Leaf, read_leaves, whole_file

ID = re.compile(r"\{#p([0-9]+)")
NEXT_ID = re.compile(r"^next-id:[ \t]*([0-9]+)", re.MULTILINE)


class Fixed(NamedTuple):
    """A file to which ids were given, and how many."""

    name: str
    ids: int


def write_missing_ids(content: Path) -> Iterator[Fixed]:
    """Gives ids in every text.md of a content folder, and yields each file that changed.

    New ids go on from the highest that was ever used: the highest in the file, or `next-id` of
    text.yaml, which is raised. A file is replaced whole or left as it was; a file with problems that
    make its paragraphs uncertain is left to the check.
    """
    for file in list_files(content, content.as_posix(), Report()):
        if file.parts[0] == "texts" and file.parts[-1] == "text.md":
            count = _fix_file(file.path, file.name)
            if count:
                yield Fixed(file.name, count)


def _fix_file(path: Path, name: str) -> int:
    report = Report()
    text = read_text(path, name, report)
    if text is None:
        return 0
    leaves = read_leaves(whole_file(text, name), report)
    places = list(_missing(leaves))
    if not places:
        return 0
    settings = path.with_name("text.yaml")
    next_id = _next_id(settings)
    number = max([int(id) for id in ID.findall(text)] + [next_id - 1, 0])
    # The file's own line ends and byte order mark stay.
    lines = path.read_bytes().decode("utf-8").split("\n")
    shift = 0
    for line, is_table in places:
        number += 1
        if is_table:
            prefix = re.match(r"[ \t>]*", lines[line - 1 + shift])
            end = "\r" if lines[line - 1 + shift].endswith("\r") else ""
            lines.insert(line + shift, f"{prefix[0] if prefix else ''}{{#p{number}}}{end}")
            shift += 1
        else:
            old = lines[line - 1 + shift]
            end = "\r" if old.endswith("\r") else ""
            lines[line - 1 + shift] = f"{old.rstrip()} {{#p{number}}}{end}"
    _replace(path, "\n".join(lines))
    if next_id and number >= next_id:
        written = settings.read_bytes().decode("utf-8")
        _replace(settings, NEXT_ID.sub(f"next-id: {number + 1}", written, count=1))
    return len(places)


def _missing(leaves: tuple[Leaf, ...]) -> Iterator[tuple[int, bool]]:
    """(line after whose end the id goes, whether it needs a line of its own)."""
    table: list[Leaf] = []
    for leaf in (*leaves, None):
        if table and (leaf is None or leaf.kind != "cell" or leaf.within[:-2] != table[0].within[:-2]):
            last_row = [cell for cell in table if cell.within == table[-1].within]
            if not (last_row[0].attributes and not any(cell.text for cell in last_row)):
                yield table[-1].last_line, True
            table = []
        if leaf is None:
            continue
        if leaf.kind == "cell":
            table.append(leaf)
        elif leaf.attributes is None and (leaf.text or leaf.kind == "image"):
            yield leaf.last_line, False


def _next_id(settings: Path) -> int:
    try:
        match = NEXT_ID.search(settings.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        return 0
    return int(match[1]) if match else 0


def _replace(path: Path, text: str) -> None:
    """Writes the file whole or not at all, with the rights that it had."""
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_bytes(text.encode("utf-8"))
    temporary.chmod(path.stat().st_mode & 0o7777)
    temporary.replace(path)
