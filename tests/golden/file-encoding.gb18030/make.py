from __future__ import annotations

from pathlib import Path


def make(folder: Path) -> None:
    text = "春天来了，我们在河边说话，柳树上有小鸟。 {#p1}\n"
    (folder / "texts/liu-an/text.md").write_bytes(text.encode("gb18030"))
