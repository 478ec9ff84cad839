"""`check --fix`: everything that can be mended without a question, shown first, then written.

The mending is done on a copy of the edition, so that what is shown is what will be written, and nothing
of the editor's is touched before that.
"""

from __future__ import annotations

import contextlib
import difflib
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple, Protocol

from duben.desk.fix import write_missing_ids
from duben.desk.fix_marks import mend_marks
from duben.desk.fix_order import sort_notes
from duben.desk.own_files import write_together
from duben.diagnostics import Report, one_line
from duben.read.files import list_files


class Told(Protocol):
    """What is said of a file. name: how problems call it; left: why it is left as it is, else ""."""

    @property
    def name(self) -> str: ...

    @property
    def left(self) -> str: ...


#: What can be mended, in the order in which it is done. The first alone changes nothing that readers see.
KINDS: dict[str, Callable[[Path, Sequence[Path], str], Iterable[Told]]] = {
    "ids": write_missing_ids,
    "punctuation": mend_marks,
    "order": sort_notes,
}
#: Before ids are given: notes that have no number yet are put in order first, where both is asked for.
NUMBERED_LAST = partial(sort_notes, numbered_later=True)
_TEXT_ENDINGS = (".md", ".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Change:
    """A file before and after. name: how problems call it."""

    path: Path
    name: str
    old: str
    new: str


class Outcome(NamedTuple):
    """What was written, file by file; problems: which files are left as they are all the same, and why."""

    done: tuple[str, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be written, in groups of files that belong together.

    meant: what is mended by that, file by file; left: which files are left as they are, and why.
    """

    meant: tuple[Told, ...]
    left: tuple[str, ...]
    groups: tuple[tuple[Change, ...], ...]

    def diff(self) -> Iterator[str]:
        """A unified diff of all changes, line by line."""
        for group in self.groups:
            for change in group:
                old, new = (_diff_lines(text) for text in (change.old, change.new))
                name = one_line(change.name)
                yield from difflib.unified_diff(old, new, name, name, lineterm="")

    def write(self) -> Outcome:
        """Writes the groups, each as a whole or not at all, and returns what was done and what was not."""
        written: set[str] = set()
        problems = []
        for group in self.groups:
            changed = [change for change in group if _read(change.path) != change.old]
            if changed:
                problems.append(f"{changed[0].name}: left as it is: it was changed meanwhile")
                continue
            problem = write_together({change.path: change.new for change in group})
            if problem:
                problems.append(f"{group[0].name}: left as it is: {problem}")
                continue
            written |= {change.name for change in group}
        done = (str(told) for told in self.meant if told.name in written)
        return Outcome(tuple(done), tuple(problems))


def plan_fixes(content: Path, sources: Sequence[Path] = (), kinds: Iterable[str] = ("ids",)) -> Plan:
    """What `--fix` would do to a content folder; nothing is written."""
    shown = content.as_posix()
    with tempfile.TemporaryDirectory(prefix="duben-") as folder:
        copy = Path(folder) / "content"
        originals = _copy(content, shown, copy)
        outside = (content / "sources", *sources)
        chosen = frozenset(kinds)
        said: list[Told] = []
        if {"ids", "order"} <= chosen:
            said += [fixed for fixed in NUMBERED_LAST(copy, outside, shown) if not fixed.left]
        said += [
            fixed for kind, mend in KINDS.items() if kind in chosen for fixed in mend(copy, outside, shown)
        ]
        return Plan(
            tuple(fixed for fixed in said if not fixed.left),
            tuple(str(fixed) for fixed in said if fixed.left),
            tuple(_changes(copy, originals)),
        )


def _copy(content: Path, shown: str, copy: Path) -> dict[Path, tuple[Path, str]]:
    """Copies what is read of an edition; returns path of the copy → (path, name) of the original."""
    originals: dict[Path, tuple[Path, str]] = {}
    copy.mkdir()
    for file in list_files(content, shown, Report()):
        target = copy.joinpath(*file.parts)
        with contextlib.suppress(OSError, UnicodeEncodeError):
            target.parent.mkdir(parents=True, exist_ok=True)
            if file.refused:
                # A link to nowhere is refused, too: so what is refused stays known to be there.
                target.symlink_to("nowhere")
            elif file.path.name.endswith(_TEXT_ENDINGS):
                shutil.copyfile(file.path, target)
                originals[target] = (file.path, file.name)
            else:
                target.touch()  # of pictures and the like it only counts that they are there
    return originals


def _changes(copy: Path, originals: dict[Path, tuple[Path, str]]) -> Iterator[tuple[Change, ...]]:
    """The files that differ now, those of a text together, its text.yaml first.

    A next-id that is too high for a body does no harm, one that is too low would.
    """
    groups: dict[Path, list[Change]] = {}
    for target, (path, name) in originals.items():
        old, new = _read(path), _read(target)
        if old is not None and new is not None and old != new:
            is_text = target.relative_to(copy).parts[0] == "texts"
            groups.setdefault(target.parent if is_text else target, []).append(Change(path, name, old, new))
    for group in groups.values():
        yield tuple(sorted(group, key=lambda change: (change.path.suffix == ".md", change.name)))


def _read(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _diff_lines(text: str) -> list[str]:
    """The lines, each whatever its end; a missing last end is marked, as diff does."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines[-1]:
        return [*lines[:-1], f"{lines[-1]}\n\\ No newline at end of file"]
    return lines[:-1]
