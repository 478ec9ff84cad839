"""Arguments that commands share, and how they print what they found."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from duben.diagnostics import Report
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


def count(number: int, what: str) -> str:
    """“1 text”, “2 texts”."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def fail(report: Report, arguments: argparse.Namespace) -> int:
    """Prints the problems and that nothing was written; returns the exit status."""
    print_report(report, arguments)
    stopping = sum(report.stops(found, strict=arguments.strict) for found in report.found)
    stuck = any(found.code == "output-unwritable" for found in report.found)
    begun = stuck and (arguments.out / ".duben" / "journal.json").exists()
    state = "the next build completes what this one began" if begun else "nothing was written"
    print(f"{count(stopping, 'problem')} to mend; {state}", file=sys.stderr)
    return 1


def print_report(report: Report, arguments: argparse.Namespace) -> None:
    """Prints the problems to standard error, in the order of their places."""
    for diagnostic in report.in_order():
        if not (arguments.quiet and diagnostic.severity == "notice"):
            print(diagnostic, file=sys.stderr)
