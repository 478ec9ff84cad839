"""Another build holds the output folder."""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def make(folder: Path) -> Iterator[None]:
    state = folder.parent / "site" / ".duben"
    state.mkdir(parents=True)
    with (state / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
