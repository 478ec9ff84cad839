"""The output folder: staged, compared, renamed in under a journal, pruned by manifest.

A build first writes every file that changed into a staging folder, and touches no page meanwhile:
a full disk or a kill leaves the site as it was. Then it writes the journal, which says what is
renamed where and what is deleted, and does it. A build that finds a journal finishes that work
first; staged files without a journal are thrown away.

All that duben knows of the folder lies in `.duben/` inside it: `manifest.json` (the files that are
duben's own), while a build runs `lock`, `staged/` and `journal.json`, and while a preview runs `preview`.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from duben.diagnostics import EditionError, Report
from duben.model import Artifact, Location

try:
    import fcntl
except ImportError:  # Windows has no flock
    fcntl = None  # type: ignore[assignment]

STATE = ".duben"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Summary:
    """What a build did to the folder, in files."""

    written: int
    unchanged: int
    removed: int
    #: The paths of what was written or removed.
    touched: frozenset[str] = field(default=frozenset(), compare=False, repr=False)


@dataclass(slots=True)
class Output:
    """A build's hold on its output folder. Use `open_output`."""

    root: Path
    report: Report
    owned: frozenset[str]
    staged: dict[str, str] = field(default_factory=dict)  # path → name in staging
    kept: set[str] = field(default_factory=set)
    folded: dict[str, str] = field(default_factory=dict)  # a file's name without case → its path
    folders: dict[str, str] = field(default_factory=dict)  # a folder's → a path that needs it
    collided: set[str] = field(default_factory=set)
    sound: set[Path] = field(default_factory=set)  # folders in which files may be put

    @property
    def state(self) -> Path:
        return self.root / STATE

    def add(self, artifact: Artifact) -> None:
        """Stages a file, unless the site has it already, byte for byte.

        A file or folder of somebody else in its place is reported.
        """
        path = artifact.path
        clash = self._clash(path)
        if clash:
            self.report.error(
                Location(artifact.origin or (self.root / path).as_posix()),
                "output-collision",
                clash,
                "rename one of them: many systems cannot keep both",
            )
            return
        target = self.root / path
        if not self._is_free(path, target):
            return
        if _same_bytes(target, artifact.content):
            self.kept.add(path)
            return
        name = str(len(self.staged))
        (self.state / "staged" / name).write_bytes(artifact.content)
        self.staged[path] = name

    def commit(self) -> Summary:
        """Puts what was staged in its place, and removes what is duben's own and no longer made."""
        paths = self.kept | set(self.staged)
        stale = sorted(path for path in self.owned - paths if not _leads_elsewhere(self.root, path))
        if self.staged or stale or paths != self.owned:
            for path in (*self.staged, *stale):
                _check_writable(self.root, path)
            journal = {
                "format": FORMAT,
                "rename": sorted((name, path) for path, name in self.staged.items()),
                "remove": stale,
                "manifest": sorted(paths),
            }
            _write_json(self.state / "journal.json", journal)
            _finish(self.root, journal)
        touched = frozenset((*self.staged, *stale))
        return Summary(len(self.staged), len(self.kept), len(stale), touched)

    def _clash(self, path: str) -> str:
        """Why a file of this name cannot stand beside those that are made already, or ""."""
        name = unicodedata.normalize("NFC", path).casefold()
        above = [name[:at] for at, char in enumerate(name) if char == "/"]
        if name in self.folded:
            twin = self.folded[name]
            same = "is made already" if twin == path else "has the same name, but for capitals or accents"
            return f"{twin} {same}"
        if name in self.folders:
            return f"{path} would be a file and a folder, which {self.folders[name]} needs"
        for folder in above:
            if folder in self.folded:
                return f"{path} needs a folder where the file {self.folded[folder]} is"
        self.folded[name] = path
        for folder in above:
            self.folders.setdefault(folder, path)
        return ""

    def _is_free(self, path: str, target: Path) -> bool:
        """Whether a page may stand at this path."""
        parent = target.parent
        while parent != self.root and parent not in self.sound:
            if parent.is_symlink() or (parent.exists() and not parent.is_dir()):
                shown = parent.relative_to(self.root).as_posix()
                if shown not in self.owned:
                    self._collide(shown, f"a folder is needed for {path}")
                    return False
            parent = parent.parent
        self.sound.add(target.parent)
        if path in self.owned and not target.is_dir():
            return True
        if not os.path.lexists(target):
            return True
        if target.is_dir() and not target.is_symlink() and _holds_only(target, self.root, self.owned):
            return True
        self._collide(path, "a page belongs here")
        return False

    def _collide(self, path: str, why: str) -> None:
        if path in self.collided:
            return
        self.collided.add(path)
        self.report.error(
            Location((self.root / path).as_posix()),
            "output-collision",
            f"{why}, but this is not duben's own",
            "move it away, or choose another folder with --out",
        )


def _check_writable(root: Path, path: str) -> None:
    """Raises PermissionError where a file could not be put or removed, before anything is moved."""
    folder = (root / path).parent
    while not folder.is_dir() and folder != root:
        folder = folder.parent
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))


def _holds_only(folder: Path, root: Path, owned: frozenset[str]) -> bool:
    """Whether all files in a folder are duben's own, so that a page may take its place."""
    return all(
        path.relative_to(root).as_posix() in owned
        for path in folder.rglob("*")
        if path.is_symlink() or not path.is_dir()
    )


def _same_bytes(target: Path, content: bytes) -> bool:
    try:
        if target.is_symlink() or target.stat().st_size != len(content):
            return False
        return target.read_bytes() == content
    except OSError:
        return False


@contextlib.contextmanager
def hold_for_preview(root: Path) -> Iterator[None]:
    """Holds a folder for all builds of a preview, against other previews and builds.

    Raises OSError where it cannot be held. A folder that is not duben's own is left alone: the build tells.
    """
    try:
        _refuse_foreign(root, Report())
    except EditionError:
        yield
        return
    held = root / STATE / "preview"
    held.parent.mkdir(parents=True, exist_ok=True)
    with held.open("a") as lock:
        if fcntl is not None:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                why = "another preview is building into it; choose another folder with --out"
                raise OSError(errno.EBUSY, why, str(root)) from None
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                held.unlink()
            _leave_no_trace(root)


def _refuse_previewed(root: Path, report: Report) -> None:
    """Raises EditionError where a preview holds the folder."""
    if fcntl is None:
        return
    try:
        with (root / STATE / "preview").open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except (FileNotFoundError, NotADirectoryError):
        return
    except BlockingIOError:
        report.error(
            Location(root.as_posix()),
            "output-busy",
            "a preview is building here",
            "end it with Ctrl-C, or choose another folder with --out",
        )
        raise EditionError from None


@contextlib.contextmanager
def open_output(root: Path, report: Report, *, is_held: bool = False) -> Iterator[Output]:
    """The output folder, ready to be written to, held against a second build.

    is_held: by us, for a preview.

    Raises EditionError, with the problem in the report, where the folder is not duben's own, cannot
    be written, or is held already. An OSError on the way is reported in the same way.
    """
    try:
        _refuse_foreign(root, report)
        if not is_held:
            _refuse_previewed(root, report)
        (root / STATE).mkdir(parents=True, exist_ok=True)
        with (root / STATE / "lock").open("a") as lock:
            _hold(lock, root, report)
            try:
                journal = _read_state(root, "journal.json", _JOURNAL, report)
                if journal:
                    _finish(root, journal)
                _clear_staging(root)
                manifest = _read_state(root, "manifest.json", _MANIFEST, report) or {"files": ()}
                (root / STATE / "staged").mkdir()
                yield Output(root, report, frozenset(manifest["files"]))
            finally:
                _clear_staging(root)
                _leave_no_trace(root)
    except OSError as error:
        hint = (
            "make room on the disk"
            if error.errno in (errno.ENOSPC, errno.EDQUOT)
            else "check its permissions, or choose another folder with --out"
        )
        place = error.filename or root
        report.error(
            Location(Path(os.fsdecode(place)).as_posix()),
            "output-unwritable",
            f"cannot write here: {(error.strerror or str(error)).lower()}",
            hint,
        )
        raise EditionError from error


def _leave_no_trace(root: Path) -> None:
    """Removes what a first build that failed has made: an empty output folder."""
    state = root / STATE
    if (state / "manifest.json").exists() or (state / "journal.json").exists():
        return
    with contextlib.suppress(OSError):
        (state / "lock").unlink(missing_ok=True)
        state.rmdir()
        root.rmdir()


def _refuse_foreign(root: Path, report: Report) -> None:
    if not os.path.lexists(root):
        return
    if not root.is_dir():
        problem = "this is not a folder"
    elif (root / STATE / "manifest.json").is_file() or (root / STATE / "journal.json").is_file():
        return
    elif all(entry.name == STATE for entry in os.scandir(root)):
        return  # a first build was killed before it had written anything
    else:
        problem = "this folder holds files that are not duben's own"
    report.error(
        Location(root.as_posix()),
        "output-refused",
        problem,
        "choose an empty folder, or one that duben made, with --out DIR",
    )
    raise EditionError


def _hold(lock: Any, root: Path, report: Report) -> None:
    if fcntl is None:
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        report.error(
            Location(root.as_posix()),
            "output-busy",
            "another build is writing here",
            "wait until it has ended, or choose another folder with --out",
        )
        raise EditionError from None


def _finish(root: Path, journal: dict[str, Any]) -> None:
    """Does what a journal says, from wherever it was left. Doing it twice does no harm.

    Raises OSError where somebody has meanwhile put something in the way.
    """
    staged = root / STATE / "staged"
    for path in journal["remove"]:
        if not _leads_elsewhere(root, path):
            _remove(root, path)
    for name, path in journal["rename"]:
        source, target = staged / name, root / path
        if not source.exists():
            continue  # renamed before the last build was killed
        if _leads_elsewhere(root, path):
            raise OSError(errno.ELOOP, "a link stands where a folder was", str(target.parent))
        _make_room(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        source.replace(target)
    _write_json(root / STATE / "manifest.json", {"format": FORMAT, "files": journal["manifest"]})
    (root / STATE / "journal.json").unlink()


def _make_room(target: Path) -> None:
    """Removes a folder that stands in a page's way, if no file is left in it."""
    if target.is_dir() and not target.is_symlink():
        for folder, _, _ in os.walk(target, topdown=False):
            Path(folder).rmdir()


def _leads_elsewhere(root: Path, path: str) -> bool:
    """Whether a link stands on the way to a file, which then lies outside of the folder."""
    parents = Path(path).parents
    return any((root / parent).is_symlink() for parent in parents if parent != Path())


def _remove(root: Path, path: str) -> None:
    """Removes a file, and the folders that it leaves empty."""
    target = root / path
    with contextlib.suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
        target.unlink()
    for parent in target.parents:
        if parent == root:
            break
        try:
            parent.rmdir()
        except FileNotFoundError:
            continue  # a build was killed on the way up
        except OSError:
            break


def _clear_staging(root: Path) -> None:
    staged = root / STATE / "staged"
    if staged.exists() and not (root / STATE / "journal.json").exists():
        shutil.rmtree(staged)


#: The lists that each of our own files holds: of paths, or of pairs (name in staging, path).
_MANIFEST = {"files": False}
_JOURNAL = {"rename": True, "remove": False, "manifest": False}


def _read_state(root: Path, name: str, lists: Mapping[str, bool], report: Report) -> dict[str, Any] | None:
    """One of duben's own files in the output folder, or None where it is not there.

    Raises EditionError where it is damaged: what it does not name must not be touched, and what it
    names is renamed and deleted, so nothing can be guessed.
    """
    path = root / STATE / name
    try:
        found = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict) and all(_is_sound(found.get(key), pairs) for key, pairs in lists.items()):
        return found
    report.error(
        Location(path.as_posix()),
        "output-refused",
        "duben's own list of this folder's files is damaged",
        "delete the whole output folder and build again, or choose another one with --out",
    )
    raise EditionError


def _is_sound(found: object, pairs: bool) -> bool:
    """Whether this is a list of paths that stay inside the folder."""
    if not isinstance(found, list):
        return False
    if not pairs:
        return all(isinstance(path, str) and _stays_inside(path) for path in found)
    return all(
        isinstance(pair, list)
        and len(pair) == 2
        and all(isinstance(part, str) and _stays_inside(part) for part in pair)
        for pair in found
    )


def _stays_inside(path: str) -> bool:
    parts = path.split("/")
    return "\0" not in path and not {"", ".", ".."} & set(parts) and parts[0] != STATE


def _write_json(path: Path, value: dict[str, Any]) -> None:
    """Writes the file whole or not at all."""
    temporary = path.with_name(path.name + ".new")
    try:
        temporary.unlink(missing_ok=True)  # of a build that was killed; or a link, which is not followed
        with temporary.open("x", encoding="utf-8") as file:
            json.dump(value, file, ensure_ascii=False, separators=(",", ":"))
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    temporary.replace(path)
