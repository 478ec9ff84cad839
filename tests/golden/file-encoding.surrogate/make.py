from __future__ import annotations

from pathlib import Path


def make(folder: Path) -> None:
    (folder / "texts/liu-an/text.md").write_bytes("柳暗花明".encode() + b"\xed\xa0\x80 {#p1}\n")
