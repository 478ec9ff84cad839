from __future__ import annotations

from pathlib import Path


def make(folder: Path) -> None:
    text = "春天來了，我們在河邊說話，柳樹上有小鳥。 {#p1}\n"
    (folder / "texts/liu-an/text.md").write_bytes(text.encode("big5"))
