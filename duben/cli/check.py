"""duben check: the mistakes of an edition, without building it."""

from __future__ import annotations

import argparse
import io
import sys
from typing import TYPE_CHECKING

from duben.cli.reading import Commands, add_reading, count, fail, options_of, print_report
from duben.diagnostics import EditionError, Report

if TYPE_CHECKING:
    from duben.desk.review import Review


def add(commands: Commands) -> None:
    """Adds the command to the parser."""
    check = commands.add_parser(
        "check",
        help="look for mistakes without building",
        description="Reads and compiles the edition and lists every problem. Writes nothing without --fix.",
        epilog="example: duben check --strict",
    )
    add_reading(check)
    check.add_argument(
        "--fix", action="store_true", help="first give ids to paragraphs and notes, and pin quotes"
    )
    check.add_argument(
        "--scripts", action="store_true", help="list the conversions and readings that deserve a look"
    )
    check.add_argument(
        "--format", choices=("text", "json"), default="text", help="how to print (default: text)"
    )
    check.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Checks, prints what there is to tell, and returns the exit status."""
    from duben.desk.build import read_edition
    from duben.desk.progress import Bar

    options = options_of(arguments)
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
        return _fail_in_json(report, arguments) if arguments.format == "json" else fail(report, arguments)
    if arguments.format == "json":
        _print_json(report, arguments, review)
    else:
        print_report(report, arguments)
        if review:
            from duben.desk.review import list_review

            for line in list_review(review):
                print(line)
        if not arguments.quiet:
            print(f"no errors in {count(len(edition.texts), 'text')} and {count(len(edition.terms), 'term')}")
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
