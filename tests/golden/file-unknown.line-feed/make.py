from __future__ import annotations

from pathlib import Path


def make(folder: Path) -> None:
    (folder / "texts/a\nb.txt").write_text("x", encoding="utf-8")
