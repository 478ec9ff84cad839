"""duben serve: a preview that follows every save."""

from __future__ import annotations

import argparse
import errno
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from duben.cli.reading import Commands, add_reading, base_url, count, options_of, print_report
from duben.diagnostics import Report, Severity, one_line

if TYPE_CHECKING:
    from duben.desk.serve import Attempt

#: Changed files that a line names.
NAMED = 3


def add(commands: Commands) -> None:
    """Adds the command to the parser."""
    serve = commands.add_parser(
        "serve",
        help="show the edition in a browser, and build it anew with every save",
        description="Builds the edition into a folder of its own, shows it in a browser on this machine, "
        "and builds it anew with every save: open pages follow and keep their place. Ctrl-C ends it.",
        epilog="example: duben serve --open",
    )
    add_reading(serve)
    serve.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="where to build (default: a temporary folder, removed at the end)",
    )
    serve.add_argument(
        "--base-url", type=base_url, metavar="URL", help="the site's address, instead of edition.yaml's"
    )
    serve.add_argument(
        "--host",
        default="127.0.0.1",
        metavar="NAME",
        help="under which address to answer (default: 127.0.0.1, which only this machine can reach)",
    )
    serve.add_argument(
        "--port", type=_port, metavar="NUMBER", help="at which port (default: 8000, or the next free one)"
    )
    serve.add_argument("--open", action="store_true", help="open it in the browser")
    serve.set_defaults(run=run)


def _port(value: str) -> int:
    if not (value.isascii() and value.isdigit() and int(value) < 65536):
        raise argparse.ArgumentTypeError(f"{value!r} is not a number from 0 to 65535")
    return int(value)


def run(arguments: argparse.Namespace) -> int:
    """Serves until it is stopped, and returns the exit status."""
    if not os.path.isfile(arguments.content / "edition.yaml"):  # noqa: PTH113  (pathlib's may raise)
        # One that goes away later may come back; what was never there is a wrong folder.
        from duben.read.load import load_content

        report = Report()
        load_content(arguments.content, report)
        print_report(report, arguments)
        return 1
    import dataclasses

    from duben.desk.preview import is_loopback
    from duben.desk.serve import open_folder, open_server, serve

    stopped: list[int] = []

    def stop(number: int, _: object) -> None:
        stopped.append(number)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        with open_folder(arguments.out) as out, open_server(out, arguments.host, arguments.port) as server:
            _say(f"{server.url} shows {one_line(arguments.content.as_posix())}/; Ctrl-C ends")
            if not is_loopback(arguments.host):
                print(
                    f"warning: with --host {arguments.host} others in your network can read this, too",
                    file=sys.stderr,
                )
            if arguments.open:
                import webbrowser

                webbrowser.open(server.url)
            told = _Terminal(arguments)
            serve(
                dataclasses.replace(options_of(arguments), out=out, is_held=arguments.out is not None),
                server.stage,
                told.tell,
            )
    except OSError as error:
        return _fail(error, arguments)
    except KeyboardInterrupt:
        if stopped:
            return 128 + stopped[0]
        raise
    finally:
        signal.signal(signal.SIGTERM, before)
    return 0


def _fail(error: OSError, arguments: argparse.Namespace) -> int:
    """Tells why there can be no preview."""
    if error.errno == errno.EPIPE:
        raise error
    if error.errno == errno.EADDRINUSE:
        place = f"port {arguments.port}" if arguments.port else "every port from 8000 on"
        problem = f"{place} is in use; name another with --port, or 0 for any that is free"
    elif error.filename is not None:
        problem = f"cannot write {error.filename}: {error.strerror or error}"
    else:
        problem = f"cannot serve at {one_line(arguments.host)}: {error.strerror or error}"
    print(f"duben: {problem}", file=sys.stderr)
    return 1


class _Terminal:
    """Tells of builds, and of the same problems once."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.arguments = arguments
        self.known: set[str] = set()

    def tell(self, attempt: Attempt) -> None:
        arguments = self.arguments
        problems = {str(found) for found in attempt.report.found}
        if problems - self.known:
            # What stops nothing is told once, until it changes.
            again = Report()
            for found in attempt.report.found:
                if found.severity is not Severity.NOTICE or str(found) not in self.known:
                    again.repeat(found)
            print_report(again, arguments)
        self.known = problems
        if attempt.crash is not None:
            import traceback

            traceback.print_exception(attempt.crash)
        took = f"{attempt.seconds:.2f} s"
        what = f"{_names(attempt.changed)}: " if attempt.changed else ""
        if attempt.built:
            output = attempt.built.output
            line = f"{what}{count(output.written, 'file')} written"
            if output.removed:
                line += f", {output.removed} removed"
            if not arguments.quiet:
                _say(f"{line}; {took}")
        else:
            stopping = sum(
                attempt.report.stops(found, strict=arguments.strict) for found in attempt.report.found
            )
            problem = "a mistake in duben" if attempt.crash else f"{count(stopping, 'problem')} to mend"
            print(f"{what}{problem}; {took}", file=sys.stderr, flush=True)


def _names(paths: tuple[str, ...]) -> str:
    if len(paths) > NAMED:
        return f"{len(paths)} files"
    return ", ".join(one_line(Path(path).as_posix()) for path in paths)


def _say(line: str) -> None:
    print(line, flush=True)
