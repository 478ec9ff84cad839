from __future__ import annotations

from pathlib import Path


def make(folder: Path) -> None:
    site = folder.parent / "site"
    site.mkdir()
    (site / "letter.txt").write_text("a letter", encoding="utf-8")
