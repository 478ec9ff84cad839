"""Half-width marks between Chinese characters become full-width ones, and quotes of them with them.

Each mark is one character and stays one, so every place in a text stays where it is: a quote reads
afterwards what stands at its place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from duben.compile.anchors import find_quote
from duben.compile.signs import half_width_marks
from duben.desk.own_files import Lines, write_together
from duben.diagnostics import Report
from duben.model import Paragraph, Quote, Text
from duben.read.files import ContentFile, list_files, read_text
from duben.read.load import load_content
from duben.read.schema import TEXT, ConvertFields, NoteFields, TextFields, UntilFields
from duben.read.yaml_nodes import Scalar, parse_yaml

_PAIRED = frozenset('()"')


class Mended(NamedTuple):
    """What was done to a text or file. left: why nothing was, although something is to mend."""

    name: str
    marks: int = 0
    left: str = ""

    def __str__(self) -> str:
        if self.left:
            return f"{self.name}: left as it is: {self.left}"
        return f"{self.name}: {self.marks} mark{'s' * (self.marks != 1)} made full-width"


@dataclass(slots=True)
class _Unit:
    """Files that change together: by their name, what each holds, and offset → sign for what is to change."""

    files: dict[str, tuple[ContentFile, Lines]]
    edits: defaultdict[str, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))
    problem: str = ""

    def written(self) -> dict[Path, str]:
        found = {}
        for name, edits in self.edits.items():
            file, lines = self.files[name]
            chars = list(lines.raw)
            for offset, sign in edits.items():
                chars[offset] = sign
            found[file.path] = "".join(chars)
        return found


def mend_marks(content: Path, sources: Sequence[Path] = (), shown: str = "") -> Iterator[Mended]:
    """Makes the half-width marks of an edition full-width, and yields each text or file concerned.

    Left is a text of which a quote would not hold afterwards, or which has errors. sources, shown: as in
    `load_content`.
    """
    shown = shown or content.as_posix()
    read = load_content(content, Report(), sources=sources, shown=shown)
    if read is None:
        return
    units = _units(list_files(content, shown, Report()))
    texts = {text.location.file: text for text in read.texts}
    mended: dict[tuple[object, ...], str] = {}
    for paragraph in read.shown():
        if paragraph.source.file in units:
            mended[_key(paragraph)] = _mend(paragraph, units[paragraph.source.file])
    for name, text in texts.items():
        if name in units:
            _mend_quotes(text, units[name], mended)
    changed = {id(unit): unit for unit in units.values() if unit.edits}
    for unit in changed.values():
        old = {unit.files[name][0].path: unit.files[name][1].raw for name in unit.edits}
        if not unit.problem:
            unit.problem = write_together(unit.written())
        if not unit.problem and not _says_so(content, sources, shown, unit, mended, texts):
            unit.problem = "it would say something else then"
            unit.problem = write_together(old) or unit.problem
        first = min(unit.edits, key=lambda name: (name.endswith(".yaml"), name))
        marks = sum(len(edits) for name, edits in unit.edits.items())
        yield Mended(first, left=unit.problem) if unit.problem else Mended(first, marks)


def _units(files: Iterable[ContentFile]) -> dict[str, _Unit]:
    """By the name of each file, what changes together with it: the files of a text are one."""
    units: dict[str, _Unit] = {}
    folders: dict[str, _Unit] = {}
    for file in files:
        text = None if file.refused else read_text(file.path, file.name, Report())
        if text is None or not file.name.endswith((".md", ".yaml", ".yml")):
            continue
        found = (file, Lines.of(file.path.read_bytes().decode("utf-8")))
        folder = file.name.rpartition("/")[0]
        unit = folders.setdefault(folder, _Unit({})) if file.parts[0] == "texts" else _Unit({})
        unit.files[file.name] = found
        units[file.name] = unit
    return units


def _key(paragraph: Paragraph) -> tuple[object, ...]:
    """What tells a paragraph from all others, before and after."""
    return (paragraph.source.file, paragraph.source.runs, paragraph.id, len(paragraph.text))


def _mend(paragraph: Paragraph, unit: _Unit) -> str:
    """The paragraph's text as it reads afterwards; what has to change in its file goes into the unit."""
    _, lines = unit.files[paragraph.source.file]
    found = []
    for mark in half_width_marks(paragraph.text, paragraph.variant):
        _, line, column = paragraph.locate(mark.offset)
        offset = lines.offset(line, column)
        if mark.full:
            found.append((mark, offset, lines.raw[offset : offset + 1] == mark.sign))
    # Of a pair both or none: one of them may be written otherwise, as \( or &quot;.
    doubtful = any(not plain and mark.sign in _PAIRED for mark, _, plain in found)
    chars = list(paragraph.text)
    for mark, offset, plain in found:
        if plain and not (doubtful and mark.sign in _PAIRED):
            unit.edits[paragraph.source.file][offset] = mark.full
            chars[mark.offset] = mark.full
    return "".join(chars)


# --- quotes --------------------------------------------------------------------------------------


def _mend_quotes(text: Text, unit: _Unit, mended: Mapping[tuple[object, ...], str]) -> None:
    """Lets the quotes of a text.yaml read what stands at their places afterwards."""
    name = text.location.file
    file, lines = unit.files[name]
    report = Report()
    root = parse_yaml(read_text(file.path, name, report) or "", name, report)
    fields = TEXT.read(root, report) if root else None
    if not isinstance(fields, TextFields):
        return
    shown = (text.title, *text.paragraphs)
    for part, where in _quoting(fields):
        given = (part.before, part.on, part.after)
        before, on, after = ((scalar.value if scalar else "") for scalar in given)
        new = _read_afterwards(Quote(on, where, before, after), shown, mended)
        if not new:
            continue  # it holds nowhere, which is another error
        if len(new) > 1:
            unit.problem = f"“{on}”, which a note quotes, stands at several places"
            continue
        for scalar, words in zip(given, new.pop(), strict=True):
            if scalar:
                _rewrite(scalar, words, lines, unit, name)


def _quoting(fields: TextFields) -> Iterator[tuple[NoteFields | ConvertFields | UntilFields, str]]:
    """What quotes the text, each with the paragraph that it names, or ""."""
    for note in fields.notes or ():
        where = str(note.in_ or "")
        if note.on:
            yield note, where
        if note.until:
            yield note.until, str(note.until.in_ or where)
    for convert in fields.convert or ():
        yield convert, str(convert.in_ or "")


def _read_afterwards(
    quote: Quote, paragraphs: Sequence[Paragraph], mended: Mapping[tuple[object, ...], str]
) -> set[tuple[str, str, str]]:
    """What the quote's context and words read afterwards, at each of its places."""
    found = set()
    for paragraph in paragraphs:
        if quote.paragraph and quote.paragraph not in (paragraph.id, *paragraph.was):
            continue
        now = mended.get(_key(paragraph), paragraph.text)
        for start, end in find_quote(quote, paragraph.text):
            before, after = start - len(quote.before), end + len(quote.after)
            found.add((now[before:start], now[start:end], now[end:after]))
    return found


def _rewrite(scalar: Scalar, words: str, lines: Lines, unit: _Unit, name: str) -> None:
    for index, (old, new) in enumerate(zip(scalar.value, words, strict=True)):
        if old == new:
            continue
        _, line, column = scalar.source.locate(index)
        offset = lines.offset(line, column)
        if lines.raw[offset : offset + 1] == old:
            unit.edits[name][offset] = new
        else:
            unit.problem = f"“{scalar.value}” is written with escapes; mend it by hand"


def _says_so(
    content: Path,
    sources: Sequence[Path],
    shown: str,
    unit: _Unit,
    mended: Mapping[tuple[object, ...], str],
    texts: Mapping[str, Text],
) -> bool:
    """Whether the files of a unit say the same as before but for their marks, and all quotes hold."""
    read = load_content(content, Report(), sources=sources, shown=shown)
    if read is None:
        return False
    now = {_key(paragraph): paragraph.text for paragraph in read.shown()}
    expected = {key: text for key, text in mended.items() if key[0] in unit.files}
    if any(now.get(key) != text for key, text in expected.items()):
        return False
    after = {text.location.file: text for text in read.texts}
    return all(
        name in after and _places(texts[name]) == _places(after[name]) for name in unit.files if name in texts
    )


def _places(text: Text) -> list[object]:
    """Where everything that is written about a text stands in it."""
    shown = (text.title, *text.paragraphs)
    targets = [
        *(note.target for note in text.notes),
        *(choice.target for choice in text.entry_choices),
        *(reading.target for reading in text.readings),
        *(convert.target for convert in text.converts),
    ]
    return [
        [
            (paragraph.id, span)
            for paragraph in shown
            if not quote.paragraph or quote.paragraph in (paragraph.id, *paragraph.was)
            for span in find_quote(quote, paragraph.text)
        ]
        for target in targets
        for quote in (target.start, target.until)
        if quote is not None
    ]
