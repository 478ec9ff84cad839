from __future__ import annotations

from pathlib import Path


def make(folder: Path) -> None:
    outside = folder.parent / "elsewhere.md"
    outside.write_text("柳暗花明。 {#p1}\n", encoding="utf-8")
    (folder / "texts/liu-an/text.md").symlink_to(outside)
