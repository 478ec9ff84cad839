from __future__ import annotations

from pathlib import Path


def make(folder: Path) -> None:
    (folder / "texts/liu-an/text.md").write_bytes("柳暗花明 {#p1}\n\n落\0花 {#p2}\n".encode())
