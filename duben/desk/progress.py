"""A progress bar on a terminal, nothing elsewhere. The only user of tqdm."""

from __future__ import annotations

from typing import Any, TextIO

LABELS = {
    "read": "reading",
    "compile": "annotating",
    "render": "rendering",
    "review": "reviewing",
    "count": "counting",
}


class Bar:
    """Shows how far a build is."""

    def __init__(self, stream: TextIO, *, enabled: bool) -> None:
        self.stream = stream
        self.enabled = enabled and stream.isatty()
        self.stage = ""
        self.bar: Any = None

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def show(self, stage: str, done: int, total: int) -> None:
        if not self.enabled:
            return
        if stage != self.stage:
            from tqdm import tqdm

            self._close()
            self.stage = stage
            self.bar = tqdm(total=total, desc=LABELS[stage], file=self.stream, leave=False, unit="")
        self.bar.update(done - self.bar.n)

    def _close(self) -> None:
        if self.bar is not None:
            self.bar.close()
            self.bar = None
