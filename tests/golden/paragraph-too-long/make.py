from __future__ import annotations

from pathlib import Path


def make(folder: Path) -> None:
    text = "一段。 {#p1}\n\n" + "花" * 1_000_001 + " {#p2}\n"
    (folder / "texts/liu-an/text.md").write_text(text, encoding="utf-8")
