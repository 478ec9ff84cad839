"""duben suggest: terms that the glossary may be missing, as entries to fill in."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from duben.cli.reading import Commands, add_reading, count, fail, options_of, speak_unicode
from duben.diagnostics import EditionError, Report, did_you_mean, one_line

if TYPE_CHECKING:
    from duben.desk.suggest import Suggestion
    from duben.model import Variant


def add(commands: Commands) -> None:
    """Adds the command to the parser."""
    suggest = commands.add_parser(
        "suggest",
        help="look for terms that the glossary may be missing",
        description="Lists strings of the texts that may deserve an entry, the likeliest first. "
        "Writes nothing without --write and --yes.",
        epilog="example: duben suggest --only 豆浆,油条 --write food.yaml",
    )
    add_reading(suggest)
    suggest.add_argument(
        "--text",
        action="append",
        default=[],
        metavar="SLUG",
        help="look at this text alone; may be given more than once",
    )
    suggest.add_argument(
        "--limit", type=_number, default=30, metavar="N", help="how many, at most (default: 30)"
    )
    suggest.add_argument(
        "--min-count",
        type=_number,
        default=0,
        metavar="N",
        help="how often a term must stand in the texts (default: 2, and more in a large edition)",
    )
    suggest.add_argument(
        "--only", type=_list, default=(), metavar="LIST", help="these of them alone, with commas"
    )
    suggest.add_argument(
        "--format",
        choices=("text", "yaml", "json"),
        default="text",
        help="a table, entries for a glossary file, or JSON (default: text)",
    )
    suggest.add_argument(
        "--write",
        type=Path,
        metavar="FILE",
        help="show what would be added to this file of the glossary; with --yes, add it",
    )
    suggest.add_argument("--yes", "-y", action="store_true", help="with --write: write it")
    suggest.set_defaults(run=partial(run, suggest))


def _number(value: str) -> int:
    if not (value.isascii() and value.isdigit() and 1 <= int(value[:10]) <= 10**9):
        raise argparse.ArgumentTypeError(f"{value!r} is not a whole number from 1")
    return int(value)


def _list(value: str) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(part for each in value.replace("，", ",").split(",") if (part := each.strip()))
    )


def run(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> int:
    """Looks for candidates, prints them, and returns the exit status."""
    if arguments.yes and not arguments.write:
        parser.error("--yes goes with --write")
    if arguments.write and arguments.format == "json":
        parser.error("--write goes with --format text or yaml")
    from duben.desk.build import read_edition
    from duben.desk.progress import Bar
    from duben.desk.suggest import as_mappings, entries_as_yaml, list_suggestions, suggest_terms, why_not

    report = Report()
    try:
        with Bar(sys.stderr, enabled=not arguments.quiet) as bar:
            edition = read_edition(options_of(arguments), report, bar.show)
            slugs = [text.text.slug for text in edition.texts]
            for slug in arguments.text:
                if slug not in slugs:
                    hint = did_you_mean(slug, slugs) or f"its texts are {', '.join(slugs) or 'none'}"
                    parser.error(f"the edition has no text `{slug}`: {hint}")
            found = suggest_terms(
                edition,
                texts=frozenset(arguments.text),
                min_count=arguments.min_count,
                limit=0 if arguments.only else arguments.limit,
                progress=bar.show,
            )
    except EditionError:
        return fail(report, arguments)
    missing = False
    if arguments.only:
        chosen = {name: _named(name, found) for name in arguments.only}
        for name, each in chosen.items():
            if each is None:
                known = [word for one in found for word in (one.term, one.id)]
                hint = why_not(edition, frozenset(arguments.text), name)
                near = did_you_mean(name, known)
                hint = f"{hint}; {near}" if near else hint
                print(f"{parser.prog}: error: `{one_line(name)}` is not suggested: {hint}", file=sys.stderr)
                missing = True
        found = [each for each in found if each in chosen.values()]
        if not found:
            return 2
    speak_unicode()
    if arguments.write:
        return max(_write(arguments, found, edition.settings.variant), missing)
    if arguments.format == "json":
        import json

        print(json.dumps({"candidates": as_mappings(found)}, ensure_ascii=False, indent=1))
        return int(missing)
    lines = (
        list_suggestions(found)
        if arguments.format == "text"
        else entries_as_yaml(found, edition.settings.variant)
    )
    for line in lines:
        print(line)
    if not arguments.quiet:
        print(
            f"{count(len(found), 'candidate')} in {count(len(arguments.text or slugs), 'text')}",
            file=sys.stderr,
        )
    return int(missing)


def _named(name: str, found: list[Suggestion]) -> Suggestion | None:
    return next((each for each in found if name in (each.term, each.id, *each.reads.values())), None)


def _write(arguments: argparse.Namespace, found: list[Suggestion], language: Variant) -> int:
    from duben.desk.glossary_file import plan_addition
    from duben.desk.suggest import entries_as_yaml

    if not found:
        print("nothing to add", file=sys.stderr)
        return 0
    plan = plan_addition(
        arguments.content, arguments.write, lambda indent: entries_as_yaml(found, language, indent)
    )
    name = one_line(plan.path.as_posix())
    problem = plan.problem or (plan.write() if arguments.yes else "")
    if problem:
        print(f"duben suggest: {name}: left as it is: {problem}", file=sys.stderr)
        return 1
    entries = count(len(found), "entry").replace("entrys", "entries")
    if arguments.yes:
        print(f"{name}: {entries} added")
    else:
        print(plan.added.strip("\r\n").replace("\r", ""))
        print(f"{name}: {entries} would be added; nothing is written without --yes", file=sys.stderr)
    return 0
