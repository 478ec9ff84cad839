"""duben schema: what may stand in the YAML files, for programs."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from duben.cli.reading import Commands, speak_unicode
from duben.diagnostics import one_line

#: As in duben.read.json_schema, which is loaded late; a test compares them.
NAMES = ("edition", "scripts", "glossary", "text")


def add(commands: Commands) -> None:
    """Adds the command to the parser."""
    schema = commands.add_parser(
        "schema",
        help="print or write the JSON Schema of the YAML files",
        description="Prints what may stand in the YAML files, as JSON Schema: with it, editors such as"
        " VS Code complete keys, explain them and mark mistakes while you type. Without a name it lists"
        " the schemas.",
        epilog="example: duben schema --write schemas",
    )
    schema.add_argument("name", nargs="?", choices=NAMES, metavar="NAME", help=", ".join(NAMES))
    schema.add_argument("--write", type=Path, metavar="DIR", help="write all of them into this folder")
    schema.set_defaults(run=run, usage_error=schema.error)


def run(arguments: argparse.Namespace) -> int:
    """Prints or writes the schemas and returns the exit status."""
    from duben.desk.schema import list_schemas, schema_text, write_schemas

    if arguments.name and arguments.write:
        arguments.usage_error("--write writes all of them; leave the name out")
    speak_unicode()
    if arguments.name:
        print(schema_text(arguments.name), end="")
        return 0
    if not arguments.write:
        for line in list_schemas():
            print(line)
        return 0
    written, problem = write_schemas(arguments.write)
    if problem:
        print(f"{one_line(arguments.write.as_posix())}: {problem}", file=sys.stderr)
        return 1
    for path in written:
        print(one_line(path.as_posix()))
    return 0
