"""duben new: a small edition to begin with."""

from __future__ import annotations

import argparse
import shlex
import sys
import unicodedata
from pathlib import Path

from duben.cli.reading import Commands
from duben.diagnostics import one_line
from duben.model import Variant

#: Controls, halves of characters, line and paragraph separators, as Unicode calls them.
UNPRINTED = ("Cc", "Cs", "Zl", "Zp")
HOSTS = ("github", "gitlab")


def add(commands: Commands) -> None:
    """Adds the command to the parser."""
    new = commands.add_parser(
        "new",
        help="begin an edition in a new folder",
        description="Writes a small edition to change: a text, a glossary, notes, and comments that tell"
        " what is what. The folder must be new, or hold nothing but hidden files such as .git.",
        epilog="example: duben new my-reader --title 我的读本",
    )
    new.add_argument("folder", type=Path, metavar="DIR", help="the edition's folder")
    new.add_argument("--title", type=_title, metavar="TITLE", help="the edition's title")
    new.add_argument(
        "--lang",
        type=Variant,
        choices=tuple(Variant),
        default=Variant.HANS,
        metavar="SCRIPT",
        help="the script that you write in, and the sample with you: zh-Hans (default), zh-Hant,"
        " zh-Hant-TW or zh-Hant-HK",
    )
    new.add_argument("--bare", action="store_true", help="without the sample")
    new.add_argument(
        "--ci", choices=HOSTS, default="", help="add the workflow that publishes on GitHub or GitLab Pages"
    )
    new.set_defaults(run=run, usage_error=new.error)


def _title(value: str) -> str:
    if not value.strip() or any(unicodedata.category(char) in UNPRINTED for char in value):
        raise argparse.ArgumentTypeError("a title is a line of text")
    return value.strip()


def run(arguments: argparse.Namespace) -> int:
    """Writes the edition, says what comes next, and returns the exit status."""
    from duben.desk.new import WORKFLOWS, Blocked, new_files, write_new
    from duben.read.files import reason

    folder: Path = arguments.folder
    files = new_files(arguments.title or "", arguments.lang, bare=arguments.bare, ci=arguments.ci)
    workflow = WORKFLOWS.get(arguments.ci, "")
    if workflow and (folder / workflow.partition("/")[0]).exists():
        arguments.usage_error(f"{folder / workflow.partition('/')[0]} is there already; leave out --ci")
    kept: tuple[str, ...] = ()
    try:
        kept = write_new(folder, files)
    except Blocked as blocked:
        arguments.usage_error(str(blocked))
    except OSError as error:
        wrong = reason(error).removeprefix("it cannot be written: ")
        print(one_line(f"duben: {folder} cannot be written: {wrong}; nothing was"), file=sys.stderr)
        return 1
    for name in kept:
        print(one_line(f"{(folder / name).as_posix()} is left as it is"))
    what = "an edition without a text" if arguments.bare else "a small edition, ready to build and to change"
    print(f"{one_line(folder.as_posix())}: {what}. Next:")
    if folder.resolve() != Path.cwd():
        print(f"  cd {one_line(shlex.quote(folder.as_posix()))}")
    for line in _next_steps(bare=arguments.bare, workflow=workflow):
        print(f"  {line}")
    return 0


def _next_steps(*, bare: bool, workflow: str) -> list[str]:
    steps = []
    if bare:
        steps.append("duben import FILE    # an article: plain text, Markdown, HTML, DOCX or EPUB")
    steps.append("duben check --fix    # after each change: ids for what is new, and what is wrong")
    steps.append("duben serve --open   # a preview in the browser that follows every save")
    steps.append("duben build          # the site, into site/")
    if workflow:
        steps.append(f"put duben's wheel into wheel/, commit and push: {workflow} publishes")
    return steps
