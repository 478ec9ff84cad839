from __future__ import annotations

from pathlib import Path


def make(folder: Path) -> None:
    (folder / "edition.yaml").write_bytes("title: 小读本\n".encode("utf-16-le"))
