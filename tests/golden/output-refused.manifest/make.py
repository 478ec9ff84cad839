from __future__ import annotations

from pathlib import Path


def make(folder: Path) -> None:
    state = folder.parent / "site" / ".duben"
    state.mkdir(parents=True)
    (state / "manifest.json").write_text('{"format":1,"files":["../in/edition.yaml"]}', encoding="utf-8")
    (state / "lock").touch()
