"""A Markdown file that comes in: its title and front matter apart, its blocks with ids."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from duben.desk.importing.bylines import find_date
from duben.desk.importing.decoding import Decoded
from duben.desk.importing.manuscript import Facts, Manuscript, Taken
from duben.desk.importing.markdown_links import without_dead_links
from duben.desk.importing.pictures import FOLDER
from duben.desk.paragraph_ids import NAMED_ID, blocks_without_id, with_ids
from duben.diagnostics import Report
from duben.model import Location
from duben.read.inline import SCHEME
from duben.read.markdown import read_leaves, whole_file

FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*\n", re.DOTALL)
FRONT_LINE = re.compile(r"([A-Za-z_-]+)[ \t]*:[ \t]*(.*?)[ \t]*\Z")
#: A heading that is underlined, which duben does not read.
UNDERLINED = re.compile(r"(?m)^(?P<words>(?![ \t]*(?:[-*+>#|]|[0-9]+[.)])).*\S.*)\n(?P<line>=+|-{2,})[ \t]*$")
PICTURE = re.compile(r"(!\[[^\]\n]*\]\()[ \t]*(<[^>\n]*>|[^\s)]+)((?:[ \t]+\"[^\"\n]*\")?\))")
WRITTEN_ID = re.compile(r"\{#(p[0-9]{1,7})\b")
TITLE = re.compile(r"(?m)^#[ \t]+(.+?)[ \t#]*$")
KEYS = {
    "title": "title",
    "author": "author",
    "date": "date",
    "publisher": "publisher",
    "source": "publisher",
    "url": "url",
    "link": "url",
}


@dataclass(frozen=True, slots=True)
class MarkdownFile:
    """A Markdown file, read. text: its body, as written; first_line: where that begins in the file."""

    manuscript: Manuscript
    text: str
    first_line: int


def read_markdown(
    decoded: Decoded, name: str, picture: Callable[[str], str | None], is_there: Callable[[str], bool]
) -> MarkdownFile:
    """picture: what becomes of a picture's address: its new one, or None where it is not at hand.

    is_there: whether the edition has a file of this name, such as `static/a.png`.
    """
    text = decoded.text
    taken = list(decoded.taken)
    facts = Facts()
    front = FRONT.match(text)
    lines = front[1].split("\n") if front else []
    if front and all(not line.strip() or line[0] in " -#" or FRONT_LINE.match(line) for line in lines):
        facts = _facts({m[1].lower(): m[2].strip("\"'") for line in lines if (m := FRONT_LINE.match(line))})
        taken += [
            Taken(Location(name, number, 1), line, "front matter")
            for number, line in enumerate(front[0].rstrip("\n").split("\n"), 1)
        ]
        # Empty lines, so that places hold.
        text = "\n" * front[0].count("\n") + text[front.end() :]
    text = UNDERLINED.sub(
        lambda match: f"{'#' if match['line'][0] == '=' else '##'} {match['words']}\n", text
    )
    title = TITLE.search(text)
    if title and not text[: title.start()].strip():
        if not facts.title:
            facts = replace(facts, title=re.sub(r"[ \t]*\{#[^}]*\}", "", title[1]).strip())
        taken.append(Taken(Location(name, text[: title.start()].count("\n") + 1, 1), title[0], "title"))
        text = text[: title.start()] + text[title.end() :]

    def rewrite(match: re.Match[str]) -> str:
        address = match[2].strip("<>")
        if is_there(address) or (SCHEME.match(address) and not address.startswith("data:")):
            return match[0]
        found = picture(address)
        if found is None:
            place = Location(name, text[: match.start()].count("\n") + 1, 1)
            taken.append(Taken(place, match[0], "picture that is not at hand"))
            return ""
        return f"{match[1]}{found}{match[3]}"

    body = PICTURE.sub(rewrite, text)
    ids = frozenset(WRITTEN_ID.findall(body))
    body, dead, remarks = without_dead_links(
        body, name, ids, lambda address: address.startswith(FOLDER) or is_there(address)
    )
    taken += dead
    start = len(body) - len(body.lstrip("\n"))
    manuscript = Manuscript(
        name, (), facts, tuple(sorted(taken)), read_as=f"Markdown, {decoded.encoding}", remarks=tuple(remarks)
    )
    return MarkdownFile(manuscript, body.strip("\n") + "\n", start + 1)


def _facts(found: Mapping[str, str]) -> Facts:
    known = {KEYS[key]: value for key, value in found.items() if key in KEYS and value}
    names = [name.strip(" \"'") for name in known.get("author", "").strip("[]").split(",")]
    url = known.get("url", "")
    return Facts(
        title=known.get("title", ""),
        author=tuple(name for name in names if name),
        publisher=known.get("publisher", ""),
        date=find_date(known.get("date", "")),
        url=url if re.match(r"https?://[^\s<>\"]+\Z", url) else "",
    )


def number_blocks(text: str) -> tuple[str, int]:
    """The text with an id for each block that has none, and the first number that is free."""
    first = max([0, *map(int, NAMED_ID.findall(text))]) + 1
    places = list(blocks_without_id(read_leaves(whole_file(text, ""), Report())))
    return with_ids(text, places, first), first + len(places)
