"""The command line: parse, call, print. Exit status: 0 clean, 1 content errors, 2 wrong usage."""

from __future__ import annotations

import argparse
import errno
import io
import os
import sys
from collections.abc import Sequence

from duben import __version__
from duben.cli import build, check, completion, explain, import_, new, schema, serve, suggest, theme
from duben.cli.completion import answer_shell
from duben.cli.help import Parser

#: The commands in the order in which --help lists them, each in a room of its own.
COMMANDS = {
    "new": new,
    "import": import_,
    "check": check,
    "suggest": suggest,
    "explain": explain,
    "serve": serve,
    "build": build,
    "theme": theme,
    "schema": schema,
    "completion": completion,
}


def main(argv: Sequence[str] | None = None) -> int:
    """Runs a command and returns its exit status."""
    # A program that is started with these closed finds None there.
    sys.stdout = sys.stdout or io.StringIO()
    sys.stderr = sys.stderr or io.StringIO()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal that cannot show Chinese
    parser = _parser()
    answer_shell(parser)
    arguments = parser.parse_args(argv)
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
    parser = Parser(
        prog="duben",
        description="Builds annotated reading editions of Chinese texts as static sites.",
        epilog="example: duben build",
    )
    parser.add_argument("--version", action="version", version=f"duben {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    for command in COMMANDS.values():
        command.add(commands)
    return parser
