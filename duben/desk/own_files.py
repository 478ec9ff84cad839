"""Writes the editor's own files: each is old or new, whole, whatever happens."""

from __future__ import annotations

import os
from pathlib import Path

from duben.read.files import reason


def write_whole(path: Path, content: str | bytes) -> str:
    """Writes a file whole or not at all, and returns what went wrong, or "".

    A file that is there keeps its rights, and a link keeps leading to it. What is written is on the disk
    before it takes the old one's place, so that a kill, a full disk or a power cut leaves one or the other.
    """
    path = path.resolve()
    temporary = path.with_name(f".{path.name}.new")
    try:
        with temporary.open("wb") as file:
            file.write(content.encode("utf-8") if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            temporary.chmod(path.stat().st_mode & 0o7777)
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        return f"it cannot be written: {reason(error)}"
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return ""
