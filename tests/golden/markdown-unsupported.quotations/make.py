from __future__ import annotations

from pathlib import Path


def make(folder: Path) -> None:
    text = ">" * 100_000 + "花 {#p1}\n"
    (folder / "texts/liu-an/text.md").write_text(text, encoding="utf-8")
