"""duben's own theme laid open: which files it has, which an edition has in their stead, and how they differ.

A copy says in its first line which file it was made from, so that after an update of duben it is known
which of an edition's templates stand in for something that has changed meanwhile.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from duben import __version__
from duben.desk.own_files import write_whole
from duben.publish.render import ASSETS, INTERFACE, theme_folder

#: How a comment is written in the files that may begin with one.
COMMENTS: Mapping[str, tuple[str, str]] = {
    ".html": ("{#", "#}"),
    ".css": ("/*", "*/"),
    ".js": ("/*", "*/"),
}
ORIGIN = re.compile(r"(?:\{#|/\*) copied from duben (\S+) \(([0-9a-f]{12})\) (?:#\}|\*/)\n")
#: Hidden files, and what is duben's own, whatever the theme: the worker that
#: serves pages without a network, and what `duben serve` adds to a page.
NO_PART = re.compile(r"(?:.*/)?\.|sw\.js\Z|preview/")


class State(StrEnum):
    """What an edition has in the place of a file of duben's."""

    NONE = ""
    SAME = "the same as duben's: delete it, unless you mean to change it"
    CHANGED = "changed"
    BEHIND = "changed, and so has duben's since it was copied"
    WORDS = "words of your own, beside duben's"
    ADDED = "your own"


class Part(NamedTuple):
    """A file of the theme. own: where the edition has it, or would; shipped: None for one of its own only."""

    name: str
    shipped: Path | None
    own: Path
    state: State


def list_parts(content: Path) -> list[Part]:
    """Every file of duben's theme, then those that only the edition has."""
    builtin, own = theme_folder(), content / "templates"
    shipped = _files(builtin)
    parts = [Part(name, path, own / name, _state(path, own / name)) for name, path in shipped.items()]
    added = {name: path for name, path in _files(own).items() if name not in shipped}
    return parts + [Part(name, None, path, State.ADDED) for name, path in added.items()]


def _files(root: Path) -> dict[str, Path]:
    """The templates, then the assets, by name."""
    found = {
        name: path
        for path in sorted(root.rglob("*"))
        if path.is_file() and not NO_PART.match(name := path.relative_to(root).as_posix())
    }
    return dict(sorted(found.items(), key=lambda item: item[0].startswith(f"{ASSETS}/")))


def _state(shipped: Path, own: Path) -> State:
    if not own.is_file():
        return State.NONE
    if shipped.name == INTERFACE:
        return State.WORDS
    original, written = shipped.read_bytes(), own.read_bytes()
    origin = ORIGIN.match(written[:200].decode("utf-8", "replace").replace("\r\n", "\n"))
    if _plain(written) == _plain(original):
        return State.SAME
    return State.BEHIND if origin and origin[2] != _digest(original) else State.CHANGED


def _plain(content: bytes) -> bytes:
    """Without the line that says where it comes from, and with line feeds as line ends."""
    return re.sub(ORIGIN.pattern.encode(), b"", content.replace(b"\r\n", b"\n"), count=1)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


def copy_part(part: Part) -> str:
    """Copies a file of duben's to where the edition's own stand; returns why not, or "".

    What is there already stays.
    """
    if part.own.exists() or part.own.is_symlink():
        return "it is there already, and stays as it is"
    if part.name == INTERFACE:
        return "it holds nothing but the words that you change: docs/interface.md tells how"
    assert part.shipped is not None
    content = part.shipped.read_bytes()
    signs = COMMENTS.get(part.shipped.suffix)
    if signs:
        origin = f"{signs[0]} copied from duben {__version__} ({_digest(content)}) {signs[1]}\n"
        content = origin.encode() + content
    return write_whole(part.own, content)


def list_differences(part: Part) -> Iterator[str]:
    """The lines of a unified difference from duben's file to the edition's; none where it has none."""
    if part.shipped is None or part.state not in (State.CHANGED, State.BEHIND):
        return
    try:
        old, new = (
            _plain(path.read_bytes()).decode("utf-8").splitlines() for path in (part.shipped, part.own)
        )
    except UnicodeDecodeError:
        yield f"{part.own.as_posix()} is not the same picture as duben's"
        return
    yield from difflib.unified_diff(old, new, f"duben/{part.name}", part.own.as_posix(), lineterm="")
