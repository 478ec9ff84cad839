"""What changes in some folders. The only user of watchfiles.

The folders are looked at, file by file: what counts is that a file's time, size or identity is another one.
The system's word that something happened only says when to look, so a disk of which the system tells
nothing (a network's), a folder that is moved away and comes back, and an event that got lost are slower, not
missed.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event
from typing import NamedTuple

from duben.read.files import is_junk

TICK = 1.0  # seconds between two looks where the system says nothing
SHARE = 50  # a look that takes long is taken less often, so that it costs no more than a fiftieth of the time
PAUSE = 0.05  # seconds in which nothing may change before a change is told: a save is several steps
PATIENCE = 1.5  # seconds after which a change is told all the same
MOST = 5000  # files of a folder of sources, which may be anything

#: Of each file, by its path: when it was changed, its size, which file it is.
Look = dict[str, tuple[int, int, int]]


class Watched(NamedTuple):
    """A folder to watch. outside: one of sources, which may hold anything; it is only looked at."""

    root: Path
    outside: bool = False


class Watch:
    """Watches folders, those that are not there, too. What it compares with is what it finds when made."""

    def __init__(self, folders: Sequence[Watched], stop: Event | None = None) -> None:
        self.folders = tuple(folders)
        self.stop = stop or Event()
        self.seen = self._look()

    def changes(self) -> Iterator[tuple[str, ...]]:
        """Waits, and yields the paths of the files that were changed, made or removed, until told to stop."""
        due = 0.0
        for woken in self._ticks():
            if not woken and time.monotonic() < due:
                continue
            started = time.monotonic()
            found = self._look()
            due = time.monotonic() + (time.monotonic() - started) * SHARE
            if found == self.seen:
                continue
            if not woken:
                found = self._settled(found)
            before, self.seen = self.seen, found
            changed = {path for path, _ in before.items() ^ found.items()}
            if changed:
                yield tuple(sorted(changed))

    def _settled(self, found: Look) -> Look:
        """What is there once a whole pause has passed without a change."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and not self.stop.wait(PAUSE):
            later = self._look()
            if later == found:
                break
            found = later
        return found

    def _look(self) -> Look:
        found: Look = {}
        for folder in self.folders:
            for number, path in enumerate(_files(folder)):
                if folder.outside and number >= MOST:
                    break
                try:
                    stat = os.stat(path)  # noqa: PTH116  (thousands of them)
                except OSError:
                    continue  # gone meanwhile, or a link that leads nowhere
                found[path] = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        return found

    # --- when to look ----------------------------------------------------------------------------

    def _ticks(self) -> Iterator[bool]:
        """True where the system says that something happened, False when time has passed."""
        while not self.stop.is_set():
            there = self._there()
            try:
                yield from self._told(there)
            except (OSError, RuntimeError, ImportError):
                # No more watches to be had, or none on this disk.
                yield False
                while not self.stop.wait(TICK) and self._there() == there:
                    yield False
            yield True

    def _told(self, there: tuple[tuple[str, int], ...]) -> Iterator[bool]:
        """As _ticks, from the system, as long as the folders are the same ones."""
        from watchfiles import watch

        if not there:
            raise FileNotFoundError
        ticks = watch(
            *(path for path, _ in there),
            watch_filter=None,
            debounce=round(PATIENCE * 1000),
            step=round(PAUSE * 1000),
            rust_timeout=round(TICK * 1000),
            yield_on_timeout=True,
            stop_event=self.stop,
            ignore_permission_denied=True,
        )
        for events in ticks:
            if self._there() != there:
                return
            yield bool(events)

    def _there(self) -> tuple[tuple[str, int], ...]:
        """The folders that are there, and which ones they are."""
        found = []
        for folder, outside in self.folders:
            if not outside:
                try:
                    found.append((os.fspath(folder), folder.stat().st_ino))
                except OSError:
                    continue
        return tuple(found)


def _files(folder: Watched) -> Iterator[str]:
    """The paths of a folder's files, without what nothing reads: hidden files, and what editors leave."""
    root = os.fspath(folder.root)
    for path, folders, names in os.walk(root):
        below = path[len(root) :].lstrip("/" + os.sep)
        static = not folder.outside and (below + os.sep).startswith("static" + os.sep)
        if path == root and not folder.outside and "sources" in folders:
            folders.remove("sources")  # watched by itself
        folders[:] = sorted(name for name in folders if not is_junk(name, static=static))
        for name in sorted(names):
            if not is_junk(name, static=static):
                yield os.path.join(path, name)  # noqa: PTH118
