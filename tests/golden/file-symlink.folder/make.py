from __future__ import annotations

from pathlib import Path


def make(folder: Path) -> None:
    (folder / "texts/hua-ming").symlink_to("liu-an")
