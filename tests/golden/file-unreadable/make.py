from __future__ import annotations

import os
from pathlib import Path


def make(folder: Path) -> None:
    os.mkfifo(folder / "texts/liu-an/pipe.md")
