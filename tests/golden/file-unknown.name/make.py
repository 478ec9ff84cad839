from __future__ import annotations

import os
from pathlib import Path


def make(folder: Path) -> None:
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff.yaml")).write_text("title: x", encoding="utf-8")
