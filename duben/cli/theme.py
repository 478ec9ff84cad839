"""duben theme: the templates and assets, to see and to change."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from duben.cli.reading import Commands, speak_unicode


def add(commands: Commands) -> None:
    """Adds the command to the parser."""
    theme = commands.add_parser(
        "theme",
        help="list the templates, or copy some to change them",
        description="Lists the templates and assets that pages are made with, and which of them the"
        " edition has in its templates/. With names, copies duben's there for you to change, and"
        " never over a file of yours.",
        epilog="example: duben theme text.html assets/style.css",
    )
    theme.add_argument("names", nargs="*", metavar="NAME", help="which, as they are listed")
    theme.add_argument(
        "--content",
        type=Path,
        default=Path("content"),
        metavar="DIR",
        help="the edition's folder (default: content)",
    )
    theme.add_argument(
        "--diff", action="store_true", help="show how the edition's files differ from duben's; copy nothing"
    )
    theme.set_defaults(run=run, usage_error=theme.error)


def run(arguments: argparse.Namespace) -> int:
    """Lists, copies or compares, and returns the exit status."""
    from duben.desk.theme import copy_part, list_differences, list_parts
    from duben.diagnostics import did_you_mean, one_line
    from duben.read.files import reason

    speak_unicode()
    parts = {part.name: part for part in list_parts(arguments.content)}
    for name in arguments.names:
        if name not in parts:
            hint = did_you_mean(name, parts) or "duben theme lists them"
            arguments.usage_error(f"the theme has no {name}: {hint}")
    chosen = [parts[name] for name in dict.fromkeys(arguments.names)] or list(parts.values())
    if arguments.diff:
        for part in chosen:
            for line in list_differences(part):
                print(line)
        return 0
    if not arguments.names:
        for part in chosen:
            print(one_line(f"{part.name:24} {part.state}".rstrip()))
        return 0
    if not arguments.content.is_dir():
        arguments.usage_error(f"there is no folder {arguments.content}; name the edition's with --content")
    status = 0
    for part in chosen:
        try:
            problem = copy_part(part)
        except OSError as error:
            problem = f"it cannot be written: {reason(error)}"
        print(
            one_line(f"{part.own.as_posix()}: {problem}" if problem else part.own.as_posix()),
            file=sys.stderr if problem else sys.stdout,
        )
        status |= bool(problem)
    return status
