"""The editor's own files: places in them, and writing them, each old or new, whole, whatever happens."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from duben.read.files import reason
from duben.read.yaml_nodes import Node, Scalar, Sequenced

_PLAIN = re.compile(r"[\w㐀-鿿]+")

#: So old is what a run leaves that was killed, and no other.
STALE_SECONDS = 3600

LINE_END = re.compile(r"(\r\n|\r|\n)")


@dataclass(frozen=True, slots=True)
class Lines:
    """A file as it is on the disk, decoded. starts: where each line starts in `raw`."""

    raw: str
    starts: tuple[int, ...]

    @classmethod
    def of(cls, raw: str) -> Lines:
        return cls(raw, (0, *(match.end() for match in LINE_END.finditer(raw))))

    def offset(self, line: int, column: int) -> int:
        """Where a place of the file stands in `raw`; a byte order mark is no column."""
        mark = self.raw.startswith("\ufeff") and line == 1
        return self.starts[line - 1] + column - 1 + mark


def write_whole(path: Path, content: str | bytes) -> str:
    """Writes a file whole or not at all, and returns what went wrong, or "".

    A file that is there keeps its rights, and a link keeps leading to it. What is written is on the disk
    before it takes the old one's place, so that a kill, a full disk or a power cut leaves one or the other.
    """
    return write_together({path: content})


def write_together(files: Mapping[Path, str | bytes]) -> str:
    """Writes files that belong together, each as `write_whole` does; returns what went wrong, or "".

    Folders that are missing are made. All are on the disk before the first takes its place, in the order
    given. Where one cannot, those before
    it get back what they held, so that all are old or all are new, unless the program is killed just then.
    """
    targets = {path.resolve(): content for path, content in files.items()}
    staged = {path: _beside(path) for path in targets}
    before: dict[Path, bytes | None] = {}
    missing = missing_folders(targets)
    try:
        for path in targets:
            path.parent.mkdir(parents=True, exist_ok=True)
            _clear_stale(path)
        for path, content in targets.items():
            _stage(staged[path], content.encode("utf-8") if isinstance(content, str) else content, path)
        for path, temporary in staged.items():
            before[path] = path.read_bytes() if path.exists() else None
            temporary.replace(path)
    except BaseException as error:
        for path, old in before.items():
            _put_back(path, old, staged[path])
        for temporary in staged.values():
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
        remove_empty(missing)
        if isinstance(error, OSError):
            return f"it cannot be written: {reason(error)}"
        raise
    return ""


def missing_folders(paths: Iterable[Path]) -> list[Path]:
    """The folders above these paths that are not there, the innermost first."""
    found = {parent for path in paths for parent in path.parents if not os.path.lexists(parent)}
    return sorted(found, key=lambda parent: -len(parent.parts))


def remove_empty(folders: Iterable[Path]) -> None:
    """Removes those of the folders that are there and hold nothing, in the order given."""
    for folder in folders:
        with contextlib.suppress(OSError):
            folder.rmdir()


def is_stale(path: Path) -> bool:
    """Whether something temporary was left by a run that was killed: no run takes so long to write."""
    try:
        return time.time() - path.lstat().st_mtime > STALE_SECONDS
    except OSError:
        return False


def _clear_stale(path: Path) -> None:
    """Removes what runs that were killed have left beside a file."""
    ours = re.compile(rf"{re.escape(_beginning(path))}[0-9a-f]{{16}}\.new")
    for other in path.parent.iterdir():
        if ours.fullmatch(other.name) and is_stale(other):
            with contextlib.suppress(OSError):
                other.unlink()


def _beginning(path: Path) -> str:
    # Of a long name a part, so that the temporary one is not longer than a system allows.
    return f".{path.name[:40]}."


def _beside(path: Path) -> Path:
    """A name for a temporary file in the same folder that is passed over, and that nobody can foresee."""
    return path.with_name(f"{_beginning(path)}{secrets.token_hex(8)}.new")


def _stage(temporary: Path, content: bytes, path: Path) -> None:
    # What stands there already is not ours: neither a file nor a link that leads to one is written through.
    with temporary.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if path.exists():
        temporary.chmod(path.stat().st_mode & 0o7777)


def _put_back(path: Path, old: bytes | None, temporary: Path) -> None:
    """What a file held, if it was replaced already."""
    if temporary.exists():
        return
    if old is None:
        path.unlink(missing_ok=True)
        return
    temporary = _beside(path)
    try:
        _stage(temporary, old, path)
        temporary.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def yaml_scalar(text: str) -> str:
    """The text as a value in YAML, on one line: bare where that is certain, else in quotes."""
    return text if _PLAIN.fullmatch(text) and not text.isascii() else json.dumps(text, ensure_ascii=False)


def tree_of(node: Node | None, added: Mapping[int, Mapping[str, str]] = MappingProxyType({})) -> object:
    """What a node says, wherever it stands; added: by the identity of a mapping, keys that it gets."""
    if isinstance(node, Scalar):
        return node.value, node.plain
    if isinstance(node, Sequenced):
        return [tree_of(item, added) for item in node.items]
    if node is None:
        return None
    tree = {name.value: tree_of(value, added) for name, value in node.items}
    return tree | {key: (value, True) for key, value in added.get(id(node), {}).items()}
