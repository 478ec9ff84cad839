from __future__ import annotations

from pathlib import Path


def make(folder: Path) -> None:
    (folder / "scripts.yaml").write_text("[" * 100_000, encoding="utf-8")
