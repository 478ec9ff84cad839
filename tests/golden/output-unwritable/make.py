from __future__ import annotations

from pathlib import Path


def make(folder: Path) -> None:
    (folder.parent / "letter.txt").write_text("a letter", encoding="utf-8")
