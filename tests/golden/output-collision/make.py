from __future__ import annotations

from pathlib import Path


def make(folder: Path) -> None:
    state = folder.parent / "site" / ".duben"
    state.mkdir(parents=True)
    (state / "manifest.json").write_text('{"format":1,"files":[]}', encoding="utf-8")
    (state / "lock").touch()
    (folder.parent / "site" / "index.html").write_text("a letter", encoding="utf-8")
    (folder.parent / "site" / "zh-hans").write_text("a letter", encoding="utf-8")
