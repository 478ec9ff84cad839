"""What an editor asks about: a paragraph or an entry, by its name or by its line in a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from duben.compile.glossary import Scripts
from duben.compile.terms import derive_forms
from duben.desk.own_files import LINE_END
from duben.diagnostics import did_you_mean
from duben.model import Content, ConvertChoice, EntryChoice, Location, Note, Reading, Text


class Asked(NamedTuple):
    """A paragraph of a text (its id, or `title`), or an entry; problem: why it is neither."""

    text: str = ""
    paragraph: str = ""
    entry: str = ""
    problem: str = ""


def find_named(content: Content, names: tuple[str, ...]) -> Asked:
    """What `SLUG PARAGRAPH`, `SLUG#PARAGRAPH`, an entry's id or one of its words stand for."""
    if len(names) == 1 and "#" in names[0]:
        slug, _, id = names[0].partition("#")
        return _paragraph(content, slug, id)
    if len(names) == 1:
        return _entry(content, names[0])
    return _paragraph(content, *names)


def _entry(content: Content, name: str) -> Asked:
    ids = [term.id for term in content.terms]
    if name in ids:
        return Asked(entry=name)
    named = [term.id for term in content.terms if name in (term.term, *term.aliases, *term.forms.values())]
    if len(named) == 1:
        return Asked(entry=named[0])
    if not named:
        scripts = Scripts(content.settings)
        named = [
            term.id
            for term in content.terms
            if any(name in variants.values() for variants in derive_forms(term, scripts.convert))
        ]
        if len(named) == 1:
            return Asked(entry=named[0])
    if named:
        return Asked(problem=f"{name} is a form of several entries: {', '.join(named)}")
    slugs = [text.slug for text in content.texts]
    if name in slugs:
        return Asked(problem=f"`{name}` is a text; name a paragraph, too: {name} {_first(content, name)}")
    words = [*ids, *slugs, *(term.term for term in content.terms)]
    near = [
        f"{term.term} (`{term.id}`)"
        for term in content.terms
        if any(
            len(set(name) & set(word)) * 2 >= len(name) or name in word for word in (term.term, *term.aliases)
        )
    ]
    hint = _hint(name, words) or (f"; near it: {', '.join(near[:3])}" if near else "")
    return Asked(problem=f"there is no entry `{name}`{hint}")


def _paragraph(content: Content, slug: str, id: str) -> Asked:
    text = next((text for text in content.texts if text.slug == slug), None)
    if text is None:
        if slug in content.absent:
            return Asked(problem=f"the text `{slug}` was left out, see what is said of it above")
        return Asked(problem=f"there is no text `{slug}`{_hint(slug, [text.slug for text in content.texts])}")
    if id == "title":
        return Asked(slug, id)
    for paragraph in text.paragraphs:
        if id == paragraph.id or id in paragraph.was:
            return Asked(slug, paragraph.id)
    ids = [paragraph.id for paragraph in text.paragraphs]
    if id.isdigit() and f"p{id}" in ids:
        return Asked(slug, f"p{id}")
    span = f"; they are {ids[0]} … {ids[-1]}" if len(ids) > 1 else ""
    return Asked(problem=f"`{slug}` has no paragraph `{id}`{_hint(id, ids) or span}")


def _hint(word: str, known: Iterable[str]) -> str:
    hint = did_you_mean(word, known)
    return f"; {hint}" if hint else ""


def _first(content: Content, slug: str) -> str:
    text = next(text for text in content.texts if text.slug == slug)
    return text.paragraphs[0].id if text.paragraphs else "title"


# --- by the line of a file -----------------------------------------------------------------------


def find_at(content: Content, at: str) -> Asked:
    """What `FILE:LINE` stands for: a paragraph's line, that of a note or decision on it, or an entry's."""
    name, _, line = _without_column(at).rpartition(":")
    if not name or not (line.isascii() and line.isdigit()):
        return Asked(problem=f"{at} is not FILE:LINE, such as content/texts/zaoshi/text.md:3")
    path = Path(name)
    if not path.is_file():
        return Asked(problem=f"there is no file {name}")
    last = max(len(LINE_END.split(path.read_bytes().decode("utf-8", "replace"))), 1)
    if len(line) > 9 or not 1 <= int(line) <= last:
        return Asked(problem=f"there is no line {line[:20]} in {name}, which has {last}")
    places = sorted((number, asked) for file, number, asked in _places(content) if _is_same(Path(file), path))
    if not places:
        return Asked(problem=f"{name} holds no paragraph, note or entry that was read")
    before = [asked for number, asked in places if number <= int(line)]
    return before[-1] if before else places[0][1]


def _without_column(at: str) -> str:
    parts = at.rstrip(":").rsplit(":", 2)
    has_column = len(parts) == 3 and parts[1].isdigit() and parts[2].isdigit()
    return ":".join(parts[:2] if has_column else parts)


def _is_same(one: Path, other: Path) -> bool:
    return one.name == other.name and one.resolve() == other.resolve()


def _places(content: Content) -> Iterator[tuple[str, int, Asked]]:
    """(file, line, what stands there) of everything that can be asked about."""
    for text in content.texts:
        yield text.location.file, 0, Asked(text.slug, "title")
        for paragraph in text.paragraphs:
            location = paragraph.locate()
            yield location.file, location.line, Asked(text.slug, paragraph.id)
        for id, location in _annotations(text):
            yield location.file, location.line, Asked(text.slug, id)
    for term in content.terms:
        yield term.location.file, term.location.line, Asked(entry=term.id)


def _annotations(text: Text) -> Iterator[tuple[str, Location]]:
    """(paragraph, place) of the notes and decisions of a text; of one that is not pinned, the title."""
    known = {id: paragraph.id for paragraph in text.paragraphs for id in (paragraph.id, *paragraph.was)}
    annotations: Sequence[Note | EntryChoice | Reading | ConvertChoice] = (
        *text.notes,
        *text.entry_choices,
        *text.readings,
        *text.converts,
    )
    for item in annotations:
        target = item.target
        id = known.get(target.paragraph, "")
        if not target.paragraph and target.start:
            found = [each.id for each in text.paragraphs if target.start.exact in each.text]
            id = found[0] if found else ""
        yield id or "title", item.location
