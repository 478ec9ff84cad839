"""UTF-8 files of the content folder, and where a text's source is found."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from duben.diagnostics import Report
from duben.model import Location

# What operating systems and editors leave behind: passed over without a word.
JUNK_NAMES = frozenset({"Thumbs.db", "desktop.ini", "__pycache__"})
JUNK_ENDINGS = ("~", ".swp", ".swo", ".tmp", ".bak", ".orig")
# What is not copied from static/ either, where `.htaccess` and `.well-known/` are meant. A repository's
# own files would give its whole history away.
STATIC_JUNK = frozenset({".DS_Store", "Thumbs.db", "desktop.ini", ".git"})

# The commonest characters of running Chinese, by which a legacy encoding is told from another:
# bytes decoded by the wrong table give rare characters.
COMMON = frozenset(
    "的一是不了在人有我他这個个們们中来來上大为為和国國地到以说說时時要就出会會可也你对對生能而子那得"
    "于於着著下自之年过過发發后後作里裡用道行所然家种種事成方多经經么麼去法学學如都同现現当當没沒动動"
    "面起看定天分还還进進好小部其些主样樣理心她本前开開但因只从從想实實，。、：；？！「」“”《》（）"
    "　"
)

# C0 controls other than tab and line feed, DEL, the C1 controls, and the separators that some
# programs take for a line's end: none belongs into a text, and each would shift line numbers.
CONTROLS = frozenset(
    [chr(code) for code in range(0x20) if chr(code) not in "\t\n"]
    + [chr(code) for code in range(0x7F, 0xA0)]
    + ["\u2028", "\u2029", "\ufffe", "\uffff"]
)


@dataclass(frozen=True, slots=True)
class ContentFile:
    """A file of the content folder: `name` is how problems call it, `parts` its path inside.

    refused: it is not to be read, and this is reported.
    """

    path: Path
    name: str
    parts: tuple[str, ...]
    refused: bool = False


def list_files(root: Path, shown: str, report: Report) -> Iterator[ContentFile]:
    """All files under `root`, sorted, hidden ones and junk left out; under `static/` only what nobody means.

    Links that lead out of `root`, and links to folders, are reported and refused;
    `sources/` is not looked into, as it may hold anything.
    """
    real_root = root.resolve()

    def walk(folder: Path, parts: tuple[str, ...]) -> Iterator[ContentFile]:
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            report.error(Location(shown_name(shown, parts)), "file-unreadable", reason(error))
            return
        for entry in entries:
            below = (*parts, entry.name)
            if below == ("sources",) or is_junk(entry.name, static=bool(parts) and parts[0] == "static"):
                continue
            name = shown_name(shown, below)
            problem = problem_of(entry, real_root)
            if problem:
                report.error(Location(name), *problem)
                yield ContentFile(Path(entry.path), name, below, refused=True)
            elif entry.is_dir():
                yield from walk(Path(entry.path), below)
            else:
                yield ContentFile(Path(entry.path), name, below)

    yield from walk(root, ())


def shown_name(shown: str, parts: tuple[str, ...]) -> str:
    """How problems call what lies in the folder `shown`."""
    return "/".join(parts if shown == "." and parts else (shown, *parts))


def problem_of(entry: os.DirEntry[str], real_root: Path) -> tuple[str, str, str] | None:
    """(code, message, hint) for what must not be read."""
    if not is_writable_name(entry.name):
        return "file-unknown", "this name is not valid UTF-8", "rename the file"
    if entry.is_symlink():
        try:
            target = Path(entry.path).resolve(strict=True)
        except (OSError, RuntimeError):
            return "file-symlink", "this link leads nowhere", "remove it"
        if not target.is_relative_to(real_root):
            return (
                "file-symlink",
                "this link leads out of the content folder",
                "put the file itself here; sources kept outside are found with `--sources`",
            )
        if target.is_dir():
            return "file-symlink", "links to folders are not followed", "put the folder itself here"
    if not entry.is_dir() and not entry.is_file():
        return "file-unreadable", "this is neither a file nor a folder", "remove it"
    return None


def is_junk(name: str, *, static: bool = False) -> bool:
    """True for what is passed over. static: for a file that is copied as it is."""
    if static:
        return name in STATIC_JUNK or (name.startswith(".") and name.endswith((".swp", ".swo")))
    return name.startswith(".") or name in JUNK_NAMES or name.endswith(JUNK_ENDINGS)


def is_writable_name(name: str) -> bool:
    """False where a file name holds bytes that are not UTF-8."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def reason(error: OSError) -> str:
    """What the system says, in lower case, without the path."""
    text = error.strerror or str(error) or type(error).__name__
    return text[:1].lower() + text[1:]


def read_text(path: Path, name: str, report: Report) -> str | None:
    """The text of a UTF-8 file with line feeds as its only line ends, or None where it has none.

    A byte order mark is dropped. Another encoding is recognised and named.
    """
    data = read_bytes(path, name, report)
    return None if data is None else decode(data, name, report)


def read_bytes(path: Path, name: str, report: Report) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError as error:
        code = "file-missing" if isinstance(error, FileNotFoundError) else "file-unreadable"
        report.error(Location(name), code, f"cannot read this file: {reason(error)}")
        return None


def decode(data: bytes, name: str, report: Report) -> str | None:
    """The text of UTF-8 bytes, as `read_text` returns it."""
    utf16 = utf16_kind(data)
    if utf16:
        report_encoding(utf16, Location(name), report)
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        place = place_of(before.removeprefix("\ufeff"), name)
        encoding = legacy_kind(data)
        if encoding:
            report_encoding(encoding, place, report)
        elif data[error.start] == 0xED:
            report.error(
                place,
                "file-encoding",
                "a lone surrogate stands here, which is no character",
                "write the character anew and save the file as UTF-8",
            )
        else:
            report.error(place, "file-encoding", "this file is not UTF-8", "save it as UTF-8")
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for offset, char in enumerate(text) if CONTROLS.intersection(text) else ():
        if char in CONTROLS:
            report.error(
                place_of(text[:offset], name),
                "file-control-character",
                f"a control character (U+{ord(char):04X}) stands here",
                "delete it",
            )
            return None
    return text


def report_encoding(encoding: str, place: Location, report: Report) -> None:
    report.error(
        place,
        "file-encoding",
        f"this file is {encoding}, not UTF-8",
        f"open it as {encoding} and save it as UTF-8",
    )


def place_of(before: str, name: str) -> Location:
    """The place that follows the text `before`, which starts the file."""
    return Location(name, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)


def utf16_kind(data: bytes) -> str:
    """ "UTF-16" where the bytes are that, by their mark or by the look of them; else ""."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    sample = data[: 4096 - len(data[:4096]) % 2]
    if len(sample) < 4:
        return ""
    # Latin letters and line feeds in UTF-16 have a NUL beside them, always on the same side.
    for side in (0, 1):
        if sample[side::2].count(0) * 4 > len(sample) // 2 and sample[1 - side :: 2].count(0) == 0:
            return "UTF-16"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        for encoding in ("utf-16-le", "utf-16-be"):
            if share_of_common(sample, encoding) > 0.2:
                return "UTF-16"
    return ""


def legacy_kind(data: bytes) -> str:
    """ "GB18030" or "Big5" where the bytes read well as one of them; else ""."""
    shares = {
        "GB18030": share_of_common(data, "gb18030"),
        "Big5": share_of_common(data, "big5hkscs"),
    }
    best = max(shares, key=lambda kind: shares[kind])
    return best if shares[best] > 0.1 else ""


def share_of_common(data: bytes, encoding: str) -> float:
    """How much of the non-ASCII text is common Chinese, 0 to 1, if the bytes are in that encoding."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return 0.0
    wide = [char for char in text if ord(char) > 0x7F]
    return sum(char in COMMON for char in wide) / len(wide) if wide else 0.0


def find_source(file: str, folders: Sequence[Path]) -> Path | None:
    """Where a text's source is found: the first of the folders that has it."""
    for folder in folders:
        path = folder / file
        with contextlib.suppress(OSError):  # such as a name longer than the system allows
            if path.is_file():
                return path
    return None


def sha256_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
