"""duben build: the site from the content folder."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from duben.cli.reading import Commands, add_reading, base_url, count, fail, options_of, print_report
from duben.diagnostics import EditionError, Report

#: How many warnings of one kind a build tells. Who wants all asks `check`.
SHOWN = 10


def add(commands: Commands) -> None:
    """Adds the command to the parser."""
    build = commands.add_parser(
        "build",
        help="build the site from the content folder",
        description="Builds the site. Only files that changed are written; with errors, none is.",
        epilog="example: duben build --content content --out site --base-url https://example.org/reader/",
    )
    add_reading(build)
    build.add_argument(
        "--out", type=Path, default=Path("site"), metavar="DIR", help="where to (default: site)"
    )
    build.add_argument(
        "--base-url",
        type=base_url,
        metavar="URL",
        help="the site's address, instead of edition.yaml's",
    )
    build.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Builds, prints what there is to tell, and returns the exit status."""
    # Imported late, so that --help and wrong usage answer at once.
    from duben.desk.build import build
    from duben.desk.progress import Bar

    started = time.perf_counter()
    options = options_of(arguments)
    report = Report()
    try:
        with Bar(sys.stderr, enabled=not arguments.quiet) as bar:
            built = build(options, report, bar.show)
    except EditionError:
        return fail(report, arguments)
    print_report(report, arguments, most=SHOWN)
    if not arguments.quiet:
        output = built.output
        print(
            f"{count(built.texts, 'text')}, {count(built.paragraphs, 'paragraph')}, "
            f"{count(built.terms, 'term')}, {count(built.hits, 'hit')}; "
            f"pages: {output.written} written, {output.unchanged} unchanged, {output.removed} removed; "
            f"{time.perf_counter() - started:.2f} s"
        )
    return 0
