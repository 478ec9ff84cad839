"""Arguments that commands share, and how they print what they found."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from duben.diagnostics import Diagnostic, Report, Severity
from duben.model import Variant

if TYPE_CHECKING:
    from duben.desk.build import Options

#: What a command adds its parser to.
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_reading(parser: argparse.ArgumentParser) -> None:
    """Adds what every command takes that reads an edition."""
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
    add_showing(parser)


def add_showing(parser: argparse.ArgumentParser) -> None:
    """Adds how problems are printed, which `print_report` wants to know."""
    parser.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="problems in colour (default: auto, on a terminal)",
    )
    parser.add_argument(
        "--context",
        action=argparse.BooleanOptionalAction,
        help="show the line of each problem (default: on a terminal)",
    )


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


def base_url(value: str) -> str:
    """The address as written. Raises argparse's error where it cannot be a site's."""
    from duben.read.kinds import BaseUrl, is_base_url

    if not is_base_url(value):
        raise argparse.ArgumentTypeError(f"{value!r} is not {BaseUrl.expects}")
    return value


def options_of(arguments: argparse.Namespace) -> Options:
    """What the arguments ask of a build."""
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


def speak_unicode() -> None:
    """Lets standard output be UTF-8, whatever the terminal's; a byte of a name that is not is escaped."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")


def count(number: int, what: str) -> str:
    """“1 text”, “2 texts”."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def fail(report: Report, arguments: argparse.Namespace) -> int:
    """Prints the problems and that nothing was written; returns the exit status."""
    print_report(report, arguments)
    stuck = any(found.code == "output-unwritable" for found in report.found)
    begun = stuck and (arguments.out / ".duben" / "journal.json").exists()
    state = "the next build completes what this one began" if begun else "nothing was written"
    print(f"{to_mend(report, arguments)}; {state}", file=sys.stderr)
    return 1


def to_mend(report: Report, arguments: argparse.Namespace) -> str:
    """How many problems stop a build, by code where there are several: “2 problems to mend”."""
    codes = Counter(found.code for found in report.in_order() if report.stops(found, strict=arguments.strict))
    parts = ", ".join(f"{number} {code}" for code, number in codes.most_common())
    return f"{count(codes.total(), 'problem')} to mend{f' ({parts})' if len(codes) > 1 else ''}"


def to_show(report: Report, arguments: argparse.Namespace) -> list[Diagnostic]:
    """The problems in the order in which they are told."""
    return [
        found for found in report.in_order() if not (arguments.quiet and found.severity == Severity.NOTICE)
    ]


def print_report(report: Report, arguments: argparse.Namespace, *, most: int = sys.maxsize) -> None:
    """Prints the problems to standard error, in the order of their places.

    most: how many of one code that stop nothing; the others are counted.
    """
    if not report.found:
        return
    from duben.desk.terminal import shown, wants_colour

    colour = wants_colour(sys.stderr, arguments.color, os.environ)
    context = sys.stderr.isatty() if arguments.context is None else arguments.context
    told: list[Diagnostic] = []
    codes: Counter[str] = Counter()
    for found in to_show(report, arguments):
        codes[found.code] += 1
        if codes[found.code] <= most or report.stops(found, strict=arguments.strict):
            told.append(found)
    for lines in shown(told, colour=colour, context=context):
        print(lines, file=sys.stderr)
    left = codes.total() - len(told)
    if left:
        more = ", ".join(f"{number - most} {code}" for code, number in codes.most_common() if number > most)
        print(f"and {left} more of the same ({more}): `duben check` lists all", file=sys.stderr)
