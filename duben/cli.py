"""The command line: parse, call, print. Exit status: 0 clean, 1 content errors, 2 wrong usage."""

from __future__ import annotations

import argparse
import errno
import io
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from duben import __version__
from duben.diagnostics import EditionError, Report
from duben.model import Variant

if TYPE_CHECKING:
    from duben.desk.build import Options
    from duben.desk.review import Review

COMMANDS = ("build", "check")


def main(argv: Sequence[str] | None = None) -> int:
    """Runs a command and returns its exit status."""
    # A program that is started with these closed finds None there.
    sys.stdout = sys.stdout or io.StringIO()
    sys.stderr = sys.stderr or io.StringIO()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal that cannot show Chinese
    arguments = _parser().parse_args(argv)
    try:
        status: int = arguments.run(arguments)
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        print("duben: stopped", file=sys.stderr)
        return 130
    except OSError as error:
        if error.filename is not None or error.errno not in (errno.EPIPE, errno.ENOSPC, errno.EIO):
            raise
        # Nobody reads the output any more, or its device is full; the work itself is done. So that the
        # interpreter does not complain at its end:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141 if error.errno == errno.EPIPE else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="duben", description="Builds annotated reading editions of Chinese texts as static sites."
    )
    parser.add_argument("--version", action="version", version=f"duben {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    build = commands.add_parser(
        "build",
        help="build the site from the content folder",
        description="Builds the site. Only files that changed are written; with errors, none is.",
        epilog="example: duben build --content content --out site --base-url https://example.org/reader/",
    )
    _add_reading(build)
    build.add_argument(
        "--out", type=Path, default=Path("site"), metavar="DIR", help="where to (default: site)"
    )
    build.add_argument(
        "--base-url",
        type=_url,
        metavar="URL",
        help="the site's address, instead of edition.yaml's",
    )
    build.set_defaults(run=_build)

    check = commands.add_parser(
        "check",
        help="look for mistakes without building",
        description="Reads and compiles the edition and lists every problem. Writes nothing without --fix.",
        epilog="example: duben check --strict",
    )
    _add_reading(check)
    check.add_argument(
        "--fix", action="store_true", help="first give ids to paragraphs and notes, and pin quotes"
    )
    check.add_argument(
        "--scripts", action="store_true", help="list the conversions and readings that deserve a look"
    )
    check.add_argument(
        "--format", choices=("text", "json"), default="text", help="how to print (default: text)"
    )
    check.set_defaults(run=_check)
    return parser


def _add_reading(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--content",
        type=Path,
        default=Path("content"),
        metavar="DIR",
        help="the edition's folder (default: content)",
    )
    parser.add_argument(
        "--sources",
        type=_folder,
        action="append",
        default=[],
        metavar="DIR",
        help="where texts kept outside the repository are; may be given more than once",
    )
    parser.add_argument(
        "--require-sources", action="store_true", help="a text whose source is missing is an error"
    )
    parser.add_argument(
        "--variants",
        type=_variants,
        default=(),
        metavar="LIST",
        help="which to build, with commas: " + ",".join(Variant),
    )
    parser.add_argument("--strict", action="store_true", help="warnings are errors")
    parser.add_argument("--quiet", "-q", action="store_true", help="no progress, notices or summary")


def _folder(value: str) -> Path:
    if not os.path.isdir(value):  # noqa: PTH112  (pathlib's raises where a parent may not be searched)
        raise argparse.ArgumentTypeError(f"there is no folder {value}")
    return Path(value)


def _variants(value: str) -> tuple[Variant, ...]:
    known = {variant.lower(): variant for variant in Variant}
    found = []
    for name in value.split(","):
        if name.strip().lower() not in known:
            raise argparse.ArgumentTypeError(f"{name!r} is none of {', '.join(Variant)}")
        found.append(known[name.strip().lower()])
    return tuple(dict.fromkeys(found))


def _url(value: str) -> str:
    from duben.read.kinds import BaseUrl, is_base_url

    if not is_base_url(value):
        raise argparse.ArgumentTypeError(f"{value!r} is not {BaseUrl.expects}")
    return value


def _build(arguments: argparse.Namespace) -> int:
    # Imported late, so that --help and wrong usage answer at once.
    from duben.desk.build import build
    from duben.desk.progress import Bar

    started = time.perf_counter()
    options = _options(arguments)
    report = Report()
    try:
        with Bar(sys.stderr, enabled=not arguments.quiet) as bar:
            built = build(options, report, bar.show)
    except EditionError:
        return _fail(report, arguments)
    _print_report(report, arguments)
    if not arguments.quiet:
        output = built.output
        print(
            f"{_count(built.texts, 'text')}, {_count(built.paragraphs, 'paragraph')}, "
            f"{_count(built.terms, 'term')}, {_count(built.hits, 'hit')}; "
            f"pages: {output.written} written, {output.unchanged} unchanged, {output.removed} removed; "
            f"{time.perf_counter() - started:.2f} s"
        )
    return 0


def _options(arguments: argparse.Namespace) -> Options:
    from duben.desk.build import Options

    return Options(
        content=arguments.content,
        out=getattr(arguments, "out", Path()),
        sources=tuple(arguments.sources),
        require_sources=arguments.require_sources,
        variants=arguments.variants,
        base_url=getattr(arguments, "base_url", None) or "",
        strict=arguments.strict,
    )


def _check(arguments: argparse.Namespace) -> int:
    from duben.desk.build import read_edition
    from duben.desk.progress import Bar

    options = _options(arguments)
    if arguments.fix:
        from duben.desk.fix import write_missing_ids

        for fixed in list(write_missing_ids(arguments.content, arguments.sources)):
            print(fixed, file=sys.stderr if arguments.format == "json" else sys.stdout)
    report = Report()
    review = None
    try:
        with Bar(sys.stderr, enabled=not arguments.quiet) as bar:
            edition = read_edition(options, report, bar.show)
            if arguments.scripts:
                from duben.desk.review import review_edition

                review = review_edition(edition, bar.show)
    except EditionError:
        return _fail_in_json(report, arguments) if arguments.format == "json" else _fail(report, arguments)
    if arguments.format == "json":
        _print_json(report, arguments, review)
    else:
        _print_report(report, arguments)
        if review:
            from duben.desk.review import list_review

            for line in list_review(review):
                print(line)
        if not arguments.quiet:
            print(
                f"no errors in {_count(len(edition.texts), 'text')} and {_count(len(edition.terms), 'term')}"
            )
    return 1 if review and review.is_open and arguments.strict else 0


def _print_json(report: Report, arguments: argparse.Namespace, review: Review | None) -> None:
    """One JSON document on standard output: the problems and, where it was asked for, the review."""
    import json

    from duben.desk.review import as_mapping

    document: dict[str, object] = {
        "problems": [
            {
                "severity": str(found.severity),
                "code": found.code,
                "file": found.location.file,
                "line": found.location.line,
                "column": found.location.column,
                "message": found.message,
                "hint": found.hint,
            }
            for found in report.in_order()
            if not (arguments.quiet and found.severity == "notice")
        ]
    }
    if review:
        document["scripts"] = as_mapping(review)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    print(json.dumps(document, ensure_ascii=False, indent=1))


def _fail_in_json(report: Report, arguments: argparse.Namespace) -> int:
    _print_json(report, arguments, None)
    return 1


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _fail(report: Report, arguments: argparse.Namespace) -> int:
    _print_report(report, arguments)
    stopping = sum(report.stops(found, strict=arguments.strict) for found in report.found)
    stuck = any(found.code == "output-unwritable" for found in report.found)
    begun = stuck and (arguments.out / ".duben" / "journal.json").exists()
    state = "the next build completes what this one began" if begun else "nothing was written"
    print(f"{_count(stopping, 'problem')} to mend; {state}", file=sys.stderr)
    return 1


def _print_report(report: Report, arguments: argparse.Namespace) -> None:
    for diagnostic in report.in_order():
        if not (arguments.quiet and diagnostic.severity == "notice"):
            print(diagnostic, file=sys.stderr)
