"""duben explain: what became of a paragraph or an entry, and why."""

from __future__ import annotations

import argparse
import sys
from functools import partial

from duben.cli.reading import Commands, add_reading, fail, options_of, speak_unicode
from duben.diagnostics import Report, one_line


def add(commands: Commands) -> None:
    """Adds the command to the parser."""
    explain = commands.add_parser(
        "explain",
        help="tell why a paragraph is linked and converted as it is",
        description="Tells what became of a paragraph, and why: its terms and what was rejected, notes, "
        "decisions, conversions and pinyin. Or, for an entry: what is looked for, and what is found.",
        epilog="examples: duben explain zaoshi p2    duben explain --at content/texts/zaoshi/text.md:5    "
        "duben explain doujiang",
    )
    explain.add_argument("name", nargs="*", metavar="NAME", help="a text and a paragraph, or an entry")
    explain.add_argument("--at", metavar="FILE:LINE", help="what stands at a line of text.md, text.yaml …")
    add_reading(explain)
    explain.add_argument(
        "--format", choices=("text", "json"), default="text", help="how to print (default: text)"
    )
    explain.set_defaults(run=partial(run, explain))


def run(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> int:
    """Explains, and returns the exit status."""
    if bool(arguments.at) == bool(arguments.name) or len(arguments.name) > 2:
        parser.error("name a text and a paragraph, or an entry, or give --at FILE:LINE")
    from duben.desk.asked import find_at, find_named
    from duben.desk.build import read_content
    from duben.desk.explain_entry import explain_entry, list_entry
    from duben.desk.explain_paragraph import as_mapping, explain_paragraph, list_explanation

    report = Report()
    content = read_content(options_of(arguments), report)
    if content is None:
        return fail(report, arguments)
    asked = find_at(content, arguments.at) if arguments.at else find_named(content, tuple(arguments.name))
    if asked.problem:
        for problem in report.in_order():
            if problem.severity != "notice" or not arguments.quiet:
                print(problem, file=sys.stderr)
        parser.exit(2, f"{parser.prog}: error: {one_line(asked.problem)}\n")
    lines = []
    if asked.entry:
        entry = explain_entry(content, asked.entry, report)
        found: object = entry
        if arguments.format == "text":
            lines = list(list_entry(entry))
    else:
        paragraph = explain_paragraph(content, asked.text, asked.paragraph, report)
        found = paragraph
        if arguments.format == "text":
            lines = list(list_explanation(paragraph))
    speak_unicode()
    if arguments.format == "json":
        import json

        print(json.dumps(as_mapping(found), ensure_ascii=False, indent=1))
    for line in lines:
        print(line)
    if report.has_errors(strict=arguments.strict):
        print("the edition has errors: duben check lists them", file=sys.stderr)
        return 1
    return 0
