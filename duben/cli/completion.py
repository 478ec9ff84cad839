"""duben completion: what a shell needs to complete duben's commands and options at the Tab key.

The only user of argcomplete. The shell's script runs duben at each Tab, with a variable set that says so.
"""

from __future__ import annotations

import argparse
import os

from duben.cli.reading import Commands

SHELLS = ("bash", "zsh", "fish")
ASKED = "_ARGCOMPLETE"


def add(commands: Commands) -> None:
    """Adds the command to the parser."""
    completion = commands.add_parser(
        "completion",
        help="print what a shell needs to complete duben's commands",
        description="Prints a script with which the shell completes duben's commands, options and files"
        " at the Tab key.",
        epilog="example: echo 'eval \"$(duben completion bash)\"' >> ~/.bashrc",
    )
    completion.add_argument("shell", choices=SHELLS, metavar="SHELL", help=", ".join(SHELLS))
    completion.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Prints the script and returns the exit status."""
    from argcomplete.shell_integration import shellcode

    print(shellcode(["duben"], shell=arguments.shell))
    return 0


def answer_shell(parser: argparse.ArgumentParser) -> None:
    """Answers and ends the program where a shell asks what may come next; else does nothing."""
    if ASKED in os.environ:
        from argcomplete import autocomplete

        autocomplete(parser)
