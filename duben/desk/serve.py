"""A preview that is built anew with every save."""

from __future__ import annotations

import dataclasses
import errno
import shutil
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event

from duben.desk.build import Built, Options, build
from duben.desk.preview import Server
from duben.desk.stage import Problem, Stage
from duben.desk.watch import Watch, Watched
from duben.diagnostics import EditionError, Report, one_line
from duben.memo import Memo
from duben.publish.output import hold_for_preview
from duben.publish.render import theme_folder

PORT = 8000
PORTS = 100  # how many are tried from the first one on


@dataclasses.dataclass(frozen=True, slots=True)
class Attempt:
    """A build, or the try. changed: the files for whose sake; built: None where it failed."""

    changed: tuple[str, ...]
    seconds: float
    report: Report
    built: Built | None
    crash: BaseException | None = None


@contextmanager
def open_folder(out: Path | None) -> Iterator[Path]:
    """The folder to build into, held: the one given, or one of our own, which is removed at the end."""
    if out is not None:
        with hold_for_preview(out):
            yield out
        return
    own = Path(tempfile.mkdtemp(prefix="duben-"))
    try:
        yield own / "site"
    finally:
        shutil.rmtree(own, ignore_errors=True)


@contextmanager
def open_server(root: Path, host: str, port: int | None) -> Iterator[Server]:
    """A server for a folder, at the port or, where none is named, at the next free one from PORT on.

    Raises OSError where there is none.
    """
    server = _free_server(Stage(root), host, [port] if port is not None else range(PORT, PORT + PORTS))
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _free_server(stage: Stage, host: str, ports: Sequence[int]) -> Server:
    for port in ports[:-1]:
        try:
            return Server(stage, host, port)
        except OSError as error:
            # Where the host is at fault, no other port helps.
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
    return Server(stage, host, ports[-1])


def serve(
    options: Options, stage: Stage, tell: Callable[[Attempt], object], stop: Event | None = None
) -> None:
    """Builds, and again whenever something changes, until told to stop; tells of each try."""
    watch = Watch(watched(options), stop)
    memo = Memo()
    attempt = try_build(options, (), memo)
    _show(stage, attempt, options)
    tell(attempt)
    for changed in watch.changes():
        if attempt.crash is not None:
            memo = Memo()  # who knows what it holds
        attempt = try_build(options, changed, memo)
        _show(stage, attempt, options)
        tell(attempt)


def watched(options: Options) -> tuple[Watched, ...]:
    """The folders from which an edition is built."""
    folders = [Watched(options.content), Watched(options.content / "sources", outside=True)]
    folders += [Watched(folder, outside=True) for folder in options.sources]
    theme = theme_folder()
    if not theme.is_relative_to(Path(__file__).resolve().parents[1]):
        folders.append(Watched(theme))  # a checkout, where it is worked on
    return tuple(folders)


def try_build(options: Options, changed: Sequence[str], memo: Memo) -> Attempt:
    """A build on top of the last one. Whatever goes wrong, even in duben itself, is told and no more."""
    started = time.perf_counter()
    report = Report()
    built: Built | None = None
    crash: Exception | None = None
    try:
        built = build(options, report, memo=memo)
    except EditionError:
        pass
    except Exception as error:  # noqa: BLE001  (a bug: the next save may not meet it)
        crash = error
    return Attempt(tuple(changed), time.perf_counter() - started, report, built, crash)


def _show(stage: Stage, attempt: Attempt, options: Options) -> None:
    """Hands a build to the pages that are open."""
    problems = [
        Problem(
            "error" if attempt.report.stops(found, strict=options.strict) else str(found.severity),
            one_line(str(found.location)),
            found.message,
            found.hint,
            found.code,
        )
        for found in attempt.report.in_order()
        if found.severity != "notice"
    ]
    problems.sort(key=lambda problem: problem.severity != "error")
    if attempt.crash is not None:
        steps = traceback.extract_tb(attempt.crash.__traceback__)
        place = f"{Path(steps[-1].filename).name}:{steps[-1].lineno}" if steps else "duben"
        message = one_line(f"{type(attempt.crash).__name__}: {attempt.crash}")
        hint = "this is a mistake in duben, not in the edition; the terminal shows all of it"
        problems.insert(0, Problem("error", place, message, hint))
    if attempt.built is None:
        stage.show(problems, None)
    else:
        stage.show(problems, attempt.built.output.touched, attempt.built.base_url)
