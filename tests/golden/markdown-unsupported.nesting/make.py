from __future__ import annotations

from pathlib import Path


def make(folder: Path) -> None:
    text = "".join("  " * level + "- 花\n" for level in range(50))
    (folder / "texts/liu-an/text.md").write_text(text, encoding="utf-8")
