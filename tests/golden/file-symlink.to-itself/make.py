from __future__ import annotations

from pathlib import Path


def make(folder: Path) -> None:
    (folder / "glossary").mkdir()
    (folder / "glossary/liu.yaml").symlink_to("liu.yaml")
