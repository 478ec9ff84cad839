from __future__ import annotations

from pathlib import Path


def make(folder: Path) -> None:
    state = folder.parent / "site" / ".duben"
    state.mkdir(parents=True)
    (state / "journal.json").write_text('{"remove": []}', encoding="utf-8")
    (state / "lock").touch()
