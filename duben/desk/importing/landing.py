"""Puts the files of new texts into a content folder: all of them, or none."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from duben.desk.importing.manuscript import Refused
from duben.desk.own_files import is_stale, missing_folders, remove_empty, write_together
from duben.read.files import reason


class Folder(NamedTuple):
    """A folder that is new: its path inside the content folder, and what is in it."""

    path: tuple[str, ...]
    files: Mapping[str, bytes]


def land(content: Path, folders: Sequence[Folder], replaced: Mapping[Path, str | bytes]) -> None:
    """Writes new folders, and files that stand in for others. Raises Refused where it cannot be done.

    The folders are made beside their places first, and renamed into them when all of them are on the disk:
    a kill or a full disk leaves no text that is half there.
    """
    made: list[Path] = []
    for left in content.glob(".import-*"):
        if left.is_dir() and not left.is_symlink() and is_stale(left):
            shutil.rmtree(left, ignore_errors=True)
    missing = missing_folders(content.joinpath(*folder.path) for folder in folders)
    try:
        staging = Path(tempfile.mkdtemp(prefix=".import-", dir=content))
    except OSError as error:
        raise Refused("output-unwritable", f"nothing can be written here: {reason(error)}") from None
    try:
        staged = []
        for number, folder in enumerate(folders):
            place = staging / str(number)
            place.mkdir()
            for name, data in folder.files.items():
                with (place / name).open("xb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
            staged.append((place, content.joinpath(*folder.path)))
        for place, target in staged:
            target.parent.mkdir(parents=True, exist_ok=True)
            # Only an empty folder can be renamed over; rename to one that is not fails, as it should.
            place.rename(target)
            made.append(target)
        problem = write_together(replaced)
        if problem:
            raise Refused("output-unwritable", problem, "mend that, and import again")
    except BaseException as error:
        for target in reversed(made):
            shutil.rmtree(target, ignore_errors=True)
        remove_empty(missing)
        if isinstance(error, OSError):
            message = f"nothing can be written here: {reason(error)}"
            raise Refused("output-unwritable", message, "mend that, and import again") from None
        raise
    finally:
        shutil.rmtree(staging, ignore_errors=True)
