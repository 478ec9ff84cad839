"""duben import: texts of an edition from files as they are found."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from duben.cli.reading import Commands, add_showing, count, print_report, to_mend
from duben.diagnostics import EditionError, Report, one_line
from duben.model import Variant

if TYPE_CHECKING:
    from duben.desk.importing.draft import Draft

#: How the kinds of blocks are called.
WORDS = {"verse": "stanza", "image": "picture"}
#: As much is read from standard input.
MAX_STANDARD_INPUT = 256_000_000
#: How much of a line that is not in the text is shown.
SHOWN = 48


def add(commands: Commands) -> None:
    """Adds the command to the parser."""
    command = commands.add_parser(
        "import",
        help="make texts from plain text, Markdown, HTML, DOCX or EPUB",
        description=(
            "Finds title, author, date and paragraphs in each FILE, and writes texts/<slug>/text.md and "
            "text.yaml. Says what it left out, and why. Writes nothing over what is there."
        ),
        epilog="example: duben import ~/Downloads/article.html --dry-run",
    )
    command.add_argument("files", nargs="+", metavar="FILE", help="a file; - for standard input")
    command.add_argument(
        "--content",
        type=Path,
        default=Path("content"),
        metavar="DIR",
        help="the edition's folder (default: content)",
    )
    command.add_argument("--slug", type=_slug, help="the text's name in addresses, instead of pinyin")
    command.add_argument("--lang", type=_variant, help="the script it is written in: " + ", ".join(Variant))
    command.add_argument(
        "--split",
        choices=("blank-line", "line", "space-after-stop", "wrapped"),
        default="",
        help="how the paragraphs of a plain text are divided",
    )
    command.add_argument(
        "--chapters", type=_chapters, default=frozenset(), metavar="LIST", help="which of an EPUB: 2,4-6"
    )
    command.add_argument(
        "--normalize", action="store_true", help="make punctuation beside Chinese full-width"
    )
    command.add_argument(
        "--keep-outside",
        action="store_true",
        help="write no text.md, but where the plain text is found and how it is cut",
    )
    command.add_argument(
        "--force",
        action="store_true",
        help="take the body of a text that is there anew; its text.yaml stays, and no note is lost",
    )
    command.add_argument("--dry-run", action="store_true", help="write nothing, show what would be")
    command.add_argument("--quiet", "-q", action="store_true", help="print nothing but problems")
    add_showing(command)
    command.set_defaults(run=run, strict=False)


def _slug(value: str) -> str:
    from duben.model import Location
    from duben.read.kinds import check_slug

    report = Report()
    if not check_slug(value, Location(""), "a text's slug", report):
        raise argparse.ArgumentTypeError(f"{report.found[0].message}: {report.found[0].hint}")
    return value


def _variant(value: str) -> Variant:
    known = {variant.lower(): variant for variant in Variant}
    if value.lower() not in known:
        raise argparse.ArgumentTypeError(f"{value!r} is none of {', '.join(Variant)}")
    return known[value.lower()]


def _chapters(value: str) -> frozenset[int]:
    found: set[int] = set()
    for part in value.split(","):
        first, dash, last = part.strip().partition("-")
        if not first.isdecimal() or (dash and not last.isdecimal()) or len(first + last) > 8:
            raise argparse.ArgumentTypeError(f"{value!r} is no list of numbers such as 2,4-6")
        if int(last or first) < int(first):
            raise argparse.ArgumentTypeError(f"{part.strip()!r} runs backwards: write {last}-{first}")
        found |= set(range(int(first), int(last or first) + 1))
    return frozenset(found)


def run(arguments: argparse.Namespace) -> int:
    """Imports, prints what there is to tell, and returns the exit status."""
    from duben.desk.importing.draft import Wishes, import_files

    report = Report()
    wishes = Wishes(
        content=arguments.content,
        lang=arguments.lang,
        split=arguments.split,
        slug=arguments.slug or "",
        chapters=arguments.chapters,
        normalize=arguments.normalize,
        outside=arguments.keep_outside,
        force=arguments.force,
        dry_run=arguments.dry_run,
    )
    try:
        drafts = import_files(arguments.files, wishes, report, _standard_input)
    except EditionError:
        print_report(report, arguments)
        print(f"{to_mend(report, arguments)}; nothing was written", file=sys.stderr)
        return 1
    print_report(report, arguments)
    if not arguments.quiet:
        for draft in drafts:
            _print(draft, arguments)
    return 0


def _standard_input() -> bytes:
    if sys.stdin is None:  # a program that is started with it closed
        return b""
    return sys.stdin.buffer.read(MAX_STANDARD_INPUT)


def _print(draft: Draft, arguments: argparse.Namespace) -> None:
    """What a text became."""
    folder = "/".join((arguments.content.as_posix(), *draft.folder))
    would = "would write " if arguments.dry_run else ""
    counted = ", ".join(count(number, WORDS.get(kind, kind)) for kind, number in draft.counts.items())
    names = draft.files or ("text.md", "text.yaml")
    print(one_line(f"{draft.source}: {would}{', '.join(f'{folder}/{name}' for name in names)}"))
    facts = draft.manuscript.facts
    lines = {
        "title": facts.title,
        "author": "、".join(facts.author),
        "publisher": facts.publisher,
        "date": facts.date,
        "url": facts.url,
        "series": facts.series,
        "credits": "；".join(f"{role}：{names}" for role, names in facts.credits.items()),
        "read as": draft.manuscript.read_as,
        "script": f"{draft.variant}: {draft.why_variant}",
        "split": draft.manuscript.split,
        "body": f"{counted}; ids up to {draft.last_id}"
        + (f", {draft.kept_ids} of them as before; text.yaml is left as it is" if draft.replaced else ""),
        "pictures": f"static/{draft.slug}/: {', '.join(draft.pictures)}" if draft.pictures else "",
    }
    for name, value in lines.items():
        if value:
            print(f"  {name + ':':<11}{one_line(value)}")
    if "text.md" not in draft.files and not draft.replaced:
        sources = f"{arguments.content.as_posix()}/sources/"
        print(one_line(f"  to build:  put {draft.source} into {sources}, or name its folder with --sources"))
    if draft.manuscript.taken:
        print("  not in the body:")
    for taken in draft.manuscript.taken:
        words = one_line(" ".join(taken.text.split()))
        shown = words if len(words) <= SHOWN else f"{words[: SHOWN - 12]} … {words[-9:]}"
        print(f"    {one_line(str(taken.place))}: {shown}  [{taken.why}]")
