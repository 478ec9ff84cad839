"""Entries put at the end of a glossary file, where nothing that is in it changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from duben.desk.own_files import LINE_END, tree_of, write_whole
from duben.diagnostics import Report
from duben.read.files import is_junk, is_writable_name, read_text, reason
from duben.read.schema import ENTRY
from duben.read.yaml_nodes import Mapped, Node, Scalar, Sequenced, parse_yaml

#: Indentation → the new entries as items of a list, line by line.
EntryLines = Callable[[str], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Addition:
    """What is to be added to a glossary file. before: the file's bytes, None where it is not there yet.

    added: the lines that are new. problem: why it cannot be, else "".
    """

    path: Path
    before: bytes | None
    added: str
    problem: str = ""

    def write(self) -> str:
        """Writes the file whole, and returns what went wrong, or ""."""
        try:
            now = self.path.read_bytes() if self.path.exists() else None
        except OSError as error:
            return f"it cannot be written: {reason(error)}"
        if now != self.before:
            return "it was changed in the meantime; try again"
        return write_whole(self.path, (self.before or b"").decode("utf-8") + self.added)


def plan_addition(content: Path, name: Path, lines: EntryLines) -> Addition:
    """What adding entries to a glossary file would do; nothing is written.

    name: the file, from where the command was given or from the glossary's folder.
    """
    if not is_writable_name(str(name)):
        return Addition(name, None, "", "this name is not valid UTF-8")
    glossary = content / "glossary"
    real = glossary.resolve()
    path = name if name.resolve().is_relative_to(real) else glossary / name
    if not path.resolve().is_relative_to(real):
        return Addition(path, None, "", f"entries stand in {glossary.as_posix()}, or folders of it")
    if path.suffix not in (".yaml", ".yml") or any(map(is_junk, path.resolve().relative_to(real).parts)):
        return Addition(path, None, "", "entries stand in files that end in .yaml, and are not hidden")
    try:
        if path.is_dir():
            return Addition(path, None, "", "it is a folder")
        is_new = not path.exists()
    except OSError as error:  # such as a name longer than the system allows
        return Addition(path, None, "", f"it cannot be written: {reason(error)}")
    if is_new:
        return _checked(path, None, None, "\n".join(lines("")).strip("\n") + "\n")
    report = Report()
    text = read_text(path, path.as_posix(), report)
    root = parse_yaml(text, path.as_posix(), report) if text is not None else None
    if text is None or report.has_errors():
        problem = report.found[0]
        return Addition(path, None, "", f"it has errors: {problem.location}: {problem.message}")
    before = path.read_bytes()
    raw = before.decode("utf-8")
    if isinstance(root, (Mapped, Scalar)):
        return Addition(
            path, None, "", "it holds one entry, not a list of them; name another file, or a new one"
        )
    if isinstance(root, Sequenced) and text.split("\n")[root.at.line - 1][root.at.column - 1] != "-":
        return Addition(
            path, None, "", "its list is in brackets; begin each entry with `- ` in a line of its own"
        )
    indent = " " * (root.at.column - 1) if isinstance(root, Sequenced) else ""
    end = match[0] if (match := LINE_END.search(raw)) else "\n"
    new = [*lines(indent)]
    joint = "" if not raw or raw.endswith(("\n", "\r")) else end
    addition = _checked(path, before, root, joint + "".join(line + end for line in new))
    if addition.problem:
        # A blank line is one more of a last value that keeps all of its own (`|+`).
        addition = _checked(path, before, root, joint + "".join(line + end for line in new if line))
    return addition


def _checked(path: Path, before: bytes | None, root: Node | None, added: str) -> Addition:
    """The addition, if the file then holds what it held and the new entries without a mistake."""
    report = Report()
    whole = ((before or b"").decode("utf-8") + added).removeprefix("\ufeff")
    node = parse_yaml(LINE_END.sub("\n", whole), path.as_posix(), report)
    old = root.items if isinstance(root, Sequenced) else ()
    same = isinstance(node, Sequenced) and [*map(tree_of, node.items[: len(old)])] == [*map(tree_of, old)]
    if isinstance(node, Sequenced) and same:
        for item in node.items[len(old) :]:
            ENTRY.read(item, report)
        if not report.has_errors():
            return Addition(path, before, added)
    return Addition(path, before, added, "the entries have no certain place in it; name another file")
