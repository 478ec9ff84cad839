"""duben check: the mistakes of an edition, without building it."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from duben.cli.reading import (
    Commands,
    add_reading,
    count,
    options_of,
    print_report,
    speak_unicode,
    to_mend,
    to_show,
)
from duben.diagnostics import CODES, EditionError, Report, did_you_mean, one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duben.desk.review import Review
    from duben.desk.since import Remembered, Since
    from duben.model import Edition

#: What --fix can mend: a test holds this against desk/mend.py, which --help does not wait for.
FIXED = ("ids", "punctuation", "order")
FIXED_BY_DEFAULT = ("ids",)
FORMATS = ("text", "json", "github", "sarif")


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
        "--fix",
        nargs="?",
        type=_kinds,
        const=FIXED_BY_DEFAULT,
        metavar="LIST",
        help="first mend, with commas: "
        + ", ".join(FIXED)
        + ", or all (default: ids, which also pins quotes)",
    )
    check.add_argument("--yes", "-y", action="store_true", help="with --fix: do not ask before writing")
    check.add_argument("--dry-run", action="store_true", help="with --fix: only show what would be written")
    check.add_argument(
        "--scripts", action="store_true", help="list the conversions and readings that deserve a look"
    )
    check.add_argument(
        "--matches", action="store_true", help="also warn of terms found where words seem to lie otherwise"
    )
    check.add_argument(
        "--since",
        nargs="?",
        type=Path,
        const=Path("site"),
        metavar="SITE",
        help="list the notes that were moved or lost since this site was built (default: site)",
    )
    check.add_argument(
        "--format",
        choices=FORMATS,
        default="text",
        help="how to print (default: text); json, github and sarif are for programs, on standard output",
    )
    check.add_argument("--explain", metavar="CODE", help="only tell what a code means and how to mend it")
    check.add_argument("files", nargs="*", help=argparse.SUPPRESS)  # so that a file's name can be answered
    check.set_defaults(run=partial(run, check))


def run(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> int:
    """Checks, prints what there is to tell, and returns the exit status."""
    if arguments.files:
        parser.exit(
            2,
            f"{parser.prog}: error: it reads the whole edition: leave {arguments.files[0]!r} out "
            "(--content DIR names another edition's folder)\n",
        )
    if arguments.explain is not None:
        return _explain(parser, arguments.explain)
    from duben.desk.build import read_edition
    from duben.desk.progress import Bar

    options = options_of(arguments)
    before = None
    if arguments.since is not None:
        from duben.desk.since import recall

        before = recall(arguments.since)
        if before is None:
            parser.error(f"{arguments.since} holds no record of a build; build it first")
    written = True
    if arguments.fix:
        written = _fix(arguments)
    elif arguments.yes or arguments.dry_run:
        parser.error("--yes and --dry-run say how to --fix")
    report = Report()
    edition = review = None
    # A stage that finds errors has told them in the report.
    with contextlib.suppress(EditionError), Bar(sys.stderr, enabled=not arguments.quiet) as bar:
        edition = read_edition(options, report, bar.show)
        if arguments.matches:
            from duben.desk.matches import report_doubtful

            report_doubtful(edition, report)
        if arguments.scripts:
            from duben.desk.review import review_edition

            review = review_edition(edition, bar.show)
    since = _since(arguments, before) if before is not None else None
    if arguments.format == "text":
        _print_text(report, arguments, edition, review, since)
    else:
        _print_for_programs(report, arguments, review, since)
    stopped = edition is None or report.has_errors(strict=arguments.strict) or not written
    return 1 if stopped or (review and review.is_open and arguments.strict) else 0


def _kinds(value: str) -> tuple[str, ...]:
    kinds = FIXED if value == "all" else tuple(kind.strip() for kind in value.split(","))
    for kind in kinds:
        if kind not in FIXED:
            raise argparse.ArgumentTypeError(f"{kind!r} is none of {', '.join(FIXED)}, all")
    return kinds


def _fix(arguments: argparse.Namespace) -> bool:
    """Shows what can be mended, and writes it; on a terminal only after a yes. False where it could not."""
    from duben.desk.mend import plan_fixes
    from duben.desk.terminal import coloured_diff, wants_colour

    out = sys.stdout if arguments.format == "text" else sys.stderr
    plan = plan_fixes(arguments.content, arguments.sources, arguments.fix)
    if not arguments.quiet or arguments.dry_run:
        for line in coloured_diff(plan.diff(), colour=wants_colour(out, arguments.color, os.environ)):
            print(line, file=out)
    if arguments.dry_run or (plan.groups and not (arguments.yes or _agrees(out))):
        problems: tuple[str, ...] = ()
        said = (*plan.left, "nothing was written")
    else:
        done, problems = plan.write()
        said = (*done, *plan.left, *problems)
    for line in said:
        print(one_line(line), file=out)
    return not problems


def _agrees(out: TextIO) -> bool:
    """Asks, where somebody can answer; a script is not kept waiting."""
    if not (sys.stdin and sys.stdin.isatty() and out.isatty()):
        return True
    print("Apply? [y/N] ", end="", file=out, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _since(arguments: argparse.Namespace, before: Mapping[str, Remembered]) -> Since | None:
    from duben.desk.since import compare
    from duben.read.load import load_content

    # What is wrong with it is told by the check itself; what can be read is compared all the same.
    content = load_content(arguments.content, Report(), sources=arguments.sources)
    return compare(content, before) if content else None


def _explain(parser: argparse.ArgumentParser, code: str) -> int:
    from duben.desk.explain import explain

    if code not in CODES:
        hint = did_you_mean(code, CODES) or "docs/codes.md lists them all"
        parser.exit(2, f"{parser.prog}: error: there is no code {code!r}; {hint}\n")
    speak_unicode()
    print(explain(code), end="")
    return 0


def _print_text(
    report: Report,
    arguments: argparse.Namespace,
    edition: Edition | None,
    review: Review | None,
    since: Since | None,
) -> None:
    print_report(report, arguments)
    if since:
        from duben.desk.since import list_since

        for line in list_since(since):
            print(line)
    if report.found and not arguments.quiet:
        print("what a code in brackets means: duben check --explain CODE", file=sys.stderr)
    if edition is None or report.has_errors(strict=arguments.strict):
        print(to_mend(report, arguments), file=sys.stderr)
        return
    if review:
        from duben.desk.review import list_review

        for line in list_review(review):
            print(line)
    if not arguments.quiet:
        print(f"no errors in {count(len(edition.texts), 'text')} and {count(len(edition.terms), 'term')}")


def _print_for_programs(
    report: Report, arguments: argparse.Namespace, review: Review | None, since: Since | None
) -> None:
    """What was found, on standard output; the reviews that were asked for, in JSON only."""
    from duben.desk.exchange import as_json, as_sarif, as_workflow_commands

    found = to_show(report, arguments)
    speak_unicode()
    if arguments.format == "github":
        print(as_workflow_commands(found), end="")
    elif arguments.format == "sarif":
        print(as_sarif(found))
    else:
        from duben.desk import review as scripts
        from duben.desk import since as changes

        more: dict[str, object] = {}
        if review:
            more["scripts"] = scripts.as_mapping(review)
        if since:
            more["since"] = changes.as_mapping(since)
        print(as_json(found, more))
