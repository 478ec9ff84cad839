"""What a preview shows and tells: the threads of its builds and its answers meet here."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import unquote

BEAT = 10.0  # seconds between two signs of life to a page that listens: so its end is noticed


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem as a page shows it: all of it text. place: file:line:column, as the terminal has it."""

    severity: str
    place: str
    message: str
    hint: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What open pages know. build: the number of the last build without errors, 0 before the first."""

    build: int = 0
    problems: tuple[Problem, ...] = ()
    building: bool = True
    count: int = 0


@dataclass(slots=True)
class Stage:
    """A site that is shown, and what there is to tell of it. Its threads meet here."""

    root: Path
    instance: str = field(default_factory=lambda: secrets.token_hex(8))
    base_url: str = ""
    told: Told = Told()
    is_closed: bool = False
    changed_in: dict[str, int] = field(default_factory=dict)  # path → the build that last changed it
    news: threading.Condition = field(default_factory=threading.Condition)

    def show(self, problems: Sequence[Problem], touched: Collection[str] | None, base_url: str = "") -> None:
        """Tells all open pages. touched: the paths that a build wrote or removed; None where it failed."""
        with self.news:
            build = self.told.build
            if touched is not None:
                build += 1
                self.base_url = base_url
                self.changed_in.update(dict.fromkeys(touched, build))
            self.told = Told(build, tuple(problems), False, self.told.count + 1)
            self.news.notify_all()

    def wait(self, count: int) -> Told:
        """What there is to tell, as soon as it is something else than what was told under this count."""
        with self.news:
            self.news.wait_for(lambda: self.told.count != count, timeout=BEAT)
            return self.told

    def close(self) -> None:
        """Lets those go that wait for news."""
        with self.news:
            self.is_closed = True
            self.told = replace(self.told, count=self.told.count + 1)
            self.news.notify_all()

    def changed_since(self, build: int, paths: Collection[str]) -> list[str]:
        """Those of the addresses whose files were changed after a build."""
        with self.news:
            return [path for path in paths if self.changed_in.get(file_of(path) or "", 0) > build]


def file_of(address: str) -> str | None:
    """The path of a file below the site's root for an address's path, or None where it can be none."""
    try:
        path = unquote(address, errors="strict")
    except UnicodeDecodeError:
        return None
    parts = path.split("/")
    if "\0" in path or "\\" in path or ".." in parts or "." in parts:
        return None
    return "/".join([*filter(None, parts[:-1]), parts[-1] or "index.html"])
