"""Files as they are found → texts of an edition: what is written, what was left out, and why."""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from duben.compile.signs import half_width_marks
from duben.desk.importing.body import differences, with_sound_marks, write_body
from duben.desk.importing.inputs import read_input
from duben.desk.importing.landing import Folder, land
from duben.desk.importing.manuscript import Block, Manuscript, Refused, Taken
from duben.desk.importing.markdown_file import MarkdownFile, number_blocks
from duben.desk.importing.new_sheet import write_sheet
from duben.desk.importing.outside_form import keep_outside
from duben.desk.importing.pictures import FOLDER
from duben.desk.importing.plain_text import as_stanzas, split_name, with_breaks
from duben.desk.importing.replacement import new_body
from duben.desk.importing.script_guess import guess_script
from duben.desk.importing.slugs import make_slug
from duben.diagnostics import EditionError, Report, Severity
from duben.model import Location, Paragraph, Variant
from duben.read.files import ContentFile, list_files, reason
from duben.read.kinds import check_slug
from duben.read.outside import read_outside
from duben.read.paragraphs import read_body
from duben.read.schema import TEXT
from duben.read.yaml_nodes import parse_yaml

#: A text shorter than this may be one of which most was not found.
SHORT = 80
#: Archives with their pictures included, no more is read.
MAX_FILE = 256_000_000
STANDARD_INPUT = "standard input"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What an import is asked for. Empty: to be found out."""

    content: Path
    lang: Variant | None = None
    split: str = ""
    slug: str = ""
    chapters: frozenset[int] = frozenset()
    normalize: bool = False
    outside: bool = False
    force: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """A text that is to be written. folder: its path inside the content folder; files: what goes into it.

    counts: how many blocks there are of each kind. replaced: files that are there, with what they are to
    hold. kept_ids: how many paragraphs keep theirs.
    """

    source: str
    slug: str
    folder: tuple[str, ...]
    variant: Variant
    why_variant: str
    manuscript: Manuscript
    counts: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    last_id: str = ""
    files: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))
    pictures: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))
    replaced: Mapping[Path, str] = field(default_factory=lambda: MappingProxyType({}))
    kept_ids: int = 0


def import_files(
    names: Sequence[str], wishes: Wishes, report: Report, read_standard_input: Callable[[], bytes]
) -> tuple[Draft, ...]:
    """The texts that were written, or would be with `dry_run`.

    names: of files; "-" for standard input. Raises EditionError, with the problems in the report and
    nothing written.
    """
    desk = _Desk(wishes, report, _texts_of(wishes.content, report))
    for name in dict.fromkeys(names):
        shown = STANDARD_INPUT if name == "-" else name or "''"
        try:
            data = read_standard_input() if name == "-" else _read_file(name)
            desk.take_in(shown, None if name == "-" else Path(name), data)
        except Refused as refused:
            _tell(refused, shown, report)
        except RecursionError:
            message = "its parts stand in one another too deeply to be read"
            _tell(
                Refused("import-unreadable", message, "import its text alone, as plain text"), shown, report
            )
    if report.has_errors():
        raise EditionError
    if not wishes.dry_run:
        folders = [folder for draft in desk.drafts for folder in _folders(draft)]
        replaced: dict[Path, str | bytes] = {}
        for draft in desk.drafts:
            replaced |= draft.replaced
        try:
            land(wishes.content, folders, replaced)
        except Refused as refused:
            _tell(refused, wishes.content.as_posix(), report)
            raise EditionError from None
    return tuple(desk.drafts)


def _tell(refused: Refused, name: str, report: Report) -> None:
    report.error(refused.place or Location(name), refused.code, refused.message, refused.hint)


def _folders(draft: Draft) -> Iterator[Folder]:
    if draft.pictures:
        yield Folder(("static", draft.slug), draft.pictures)
    if not draft.replaced:
        yield Folder(draft.folder, draft.files)


def _read_file(name: str) -> bytes:
    if not name:
        raise Refused("file-missing", "this is no file's name", "name the file")
    path = Path(name)
    try:
        if path.is_dir():
            raise Refused("file-unreadable", "this is a folder", "name the files in it")
        if path.exists() and not path.is_file():
            raise Refused("file-unreadable", "this is neither a file nor a folder", "name a file")
        size = path.stat().st_size
        if size > MAX_FILE:
            message = f"this file has {size // 1_000_000} MB, more than {MAX_FILE // 1_000_000}"
            raise Refused("import-unreadable", message, "divide it into texts")
        return path.read_bytes()
    except OSError as error:
        code = "file-missing" if isinstance(error, FileNotFoundError) else "file-unreadable"
        raise Refused(code, f"cannot read this file: {reason(error)}") from None
    except ValueError:
        raise Refused("file-missing", "this is no file's name") from None


def _texts_of(content: Path, report: Report) -> dict[str, dict[str, ContentFile]]:
    """The files of the texts that are there, by slug. Raises EditionError where this is no edition."""
    if not (content / "edition.yaml").is_file():
        report.error(
            Location(content.as_posix()),
            "file-missing",
            "there is no edition.yaml in this folder" if content.is_dir() else "there is no such folder",
            "name the edition's folder with --content DIR; its edition.yaml needs one line, `title: …`",
        )
        raise EditionError
    found: dict[str, dict[str, ContentFile]] = {}
    for file in list_files(content, content.as_posix(), Report()):
        if file.parts[0] == "texts" and len(file.parts) > 2:
            found.setdefault(file.parts[-2], {})[file.parts[-1]] = file
    texts = content / "texts"
    for folder in sorted(texts.iterdir()) if texts.is_dir() else ():
        found.setdefault(folder.name, {})
    return found


@dataclass(slots=True)
class _Desk:
    """Makes drafts, one input after the other."""

    wishes: Wishes
    report: Report
    present: dict[str, dict[str, ContentFile]]
    drafts: list[Draft] = field(default_factory=list)
    seen: dict[bytes, str] = field(default_factory=dict)

    def take_in(self, name: str, path: Path | None, data: bytes) -> None:
        """Adds the drafts of one input. Raises Refused where there are none."""
        wishes = self.wishes
        if data in self.seen:
            message = f"this is the same as {self.seen[data]}, and is imported once"
            self._doubt(Location(name), message, "leave one of them away")
            return
        if wishes.slug and self.seen:
            message = f"`--slug {wishes.slug}` is for the file before"
            raise Refused("import-exists", message, "import them one by one")
        self.seen[data] = name
        found = read_input(
            name,
            path,
            data,
            split=wishes.split,
            chapters=wishes.chapters,
            normalize=wishes.normalize,
            is_there=self._is_there,
        )
        for number, manuscript in enumerate(found, 1):
            slug = f"{wishes.slug}-{number}" if wishes.slug and len(found) > 1 else wishes.slug
            self.drafts.append(self._draft(manuscript, slug, data))

    def _is_there(self, name: str) -> bool:
        """Whether the edition has a picture or page of this name, to which a text may lead."""
        parts = name.split("/")
        if parts[0] not in ("static", "pages") or ".." in parts or "\0" in name:
            return False
        return os.path.isfile(self.wishes.content / name)  # noqa: PTH113  (pathlib's raises for long names)

    def _draft(self, found: Manuscript | MarkdownFile, slug: str, data: bytes) -> Draft:
        markdown = found if isinstance(found, MarkdownFile) else None
        manuscript = found.manuscript if isinstance(found, MarkdownFile) else self._finish(found)
        shown = markdown.text if markdown else "\n".join(block.shown for block in manuscript.blocks)
        name = manuscript.name
        if not re.search(r"\w", shown):
            raise Refused("import-empty", "no text was found in this", "look at it with a text editor")
        if not manuscript.facts.title:
            facts = dataclasses.replace(manuscript.facts, title=_stand_in_title(shown))
            manuscript = dataclasses.replace(manuscript, facts=facts)
            self._doubt(
                Location(name), f"no title was found, so it is “{facts.title}”", "write it into text.yaml"
            )
        guess = guess_script(f"{manuscript.facts.title}\n{shown}")
        variant = self.wishes.lang or guess.variant
        if not slug and manuscript.order:
            # Chapters of books have titles that other books have, too.
            slug = f"{make_slug(manuscript.facts.series, variant)}-{manuscript.order}"
        slug = slug or make_slug(manuscript.facts.title, variant)
        if not check_slug(slug, Location(name), "a text's slug", self.report):
            raise EditionError
        self._warn(manuscript, shown, variant, "" if self.wishes.lang else guess.mixed)
        why = "as you said" if self.wishes.lang else guess.reason
        draft = Draft(name, slug, ("texts", slug), variant, why, manuscript)
        if slug in {other.slug for other in self.drafts}:
            raise Refused(
                "import-exists",
                f"two of these texts would have the slug `{slug}`",
                "import them one by one, one of them with `--slug`",
            )
        if slug in self.present:
            return self._replacing(draft, markdown)
        if manuscript.pictures and (self.wishes.content / "static" / slug).exists():
            raise Refused(
                "import-exists",
                f"static/{slug}/ is there already, where the pictures would go",
                "choose another name with `--slug`, or move that folder away",
            )
        if self.wishes.outside:
            return self._outside(draft, data)
        return self._new(draft, markdown)

    def _finish(self, manuscript: Manuscript) -> Manuscript:
        """The manuscript with stanzas, whole footnotes, and no marks that Markdown cannot write."""
        blocks: Sequence[Block] = manuscript.blocks
        taken = list(manuscript.taken)
        if split_name(manuscript):
            # A cut has no breaks: kept outside, such a line is a paragraph.
            blocks = as_stanzas(blocks if self.wishes.outside else list(with_breaks(blocks, taken)))
        blocks = list(_paired_notes(blocks, taken))
        blocks, lost = with_sound_marks(blocks)
        if lost:
            message = f"{lost} marks of emphasis or links stand where Markdown cannot write them"
            self._doubt(
                Location(manuscript.name), message, "their words are there; mark them anew if you like"
            )
        used = {mark.target.removeprefix(FOLDER) for block in blocks for mark in block.all_marks}
        pictures = {name: content for name, content in manuscript.pictures.items() if name in used}
        return dataclasses.replace(
            manuscript, blocks=tuple(blocks), taken=tuple(sorted(taken)), pictures=pictures
        )

    # --- what deserves a look --------------------------------------------------------------------

    def _doubt(self, place: Location, message: str, hint: str) -> None:
        self.report.warning(place, "import-doubtful", message, hint)

    def _warn(self, manuscript: Manuscript, shown: str, variant: Variant, mixed: str) -> None:
        whole = Location(manuscript.name)
        for place, message, hint in manuscript.remarks:
            self._doubt(place, message, hint)
        broken = shown.count("\ufffd")
        if broken:
            first = next((block.place for block in manuscript.blocks if "\ufffd" in block.shown), whole)
            message = f"{broken} characters could not be read, and stand as \ufffd"
            self._doubt(first, message, "find out what they were, and write them")
        if len(shown) < SHORT:
            message = f"the text has only {len(shown.strip())} characters"
            self._doubt(whole, message, "look at what was left out of it")
        dropped = sum(len(taken.text) for taken in manuscript.taken)
        if dropped > 2000 and dropped > 2 * len(shown):
            message = f"more was left out ({dropped} characters) than taken ({len(shown)})"
            self._doubt(whole, message, "look at what was left out")
        if mixed:
            message = f"Simplified and Traditional stand in it, {mixed} among the other script"
            self._doubt(whole, message, "choose with --lang, and put right what is wrong")
        half = len(half_width_marks(shown, variant))
        if half:
            message = f"{half} half-width mark{'s stand' if half > 1 else ' stands'} beside Chinese"
            # What --normalize leaves is not certain: a stop may part the names of a foreigner.
            look = "`duben check` shows the first; write what belongs there"
            self._doubt(
                whole, message, look if self.wishes.normalize else "--normalize makes them full-width"
            )

    # --- what is written -------------------------------------------------------------------------

    def _new(self, draft: Draft, markdown: MarkdownFile | None) -> Draft:
        blocks = draft.manuscript.blocks
        if markdown:
            body, next_id = number_blocks(markdown.text)
        else:
            next_id = len(blocks) + 1
            body = write_body(blocks, [f"p{number}" for number in range(1, next_id)])
        body = body.replace(FOLDER, f"static/{draft.slug}/")
        paragraphs = self._read_back(draft, body, markdown)
        sheet = self._sheet(draft, {"next-id": next_id})
        return dataclasses.replace(
            draft,
            counts=_count(paragraphs),
            last_id=f"p{next_id - 1}",
            files={"text.md": body.encode(), "text.yaml": sheet.encode()},
            pictures=draft.manuscript.pictures,
        )

    def _read_back(self, draft: Draft, body: str, markdown: MarkdownFile | None) -> tuple[Paragraph, ...]:
        """The paragraphs as duben reads them; what it has to say of them is told."""
        name = "/".join((self.wishes.content.as_posix(), *draft.folder, "text.md"))
        before = 0
        if markdown:
            name, before = draft.source, markdown.first_line - 1
        report = Report()
        paragraphs = read_body(body, name, draft.variant, None, report)
        for found in report.found:
            at = found.location
            at = at._replace(line=at.line + before) if at.line else at
            if not markdown and found.severity == Severity.ERROR:
                at = Location(draft.source)  # no text.md will be there
            self.report.add(found.severity, at, found.code, found.message, found.hint)
        if not markdown and not report.has_errors():
            for block in differences(draft.manuscript.blocks, paragraphs):
                raise Refused(
                    "import-unreadable",
                    "this paragraph cannot be written in Markdown so that it reads the same",
                    "write the text in Markdown by hand",
                    block.place,
                )
        return paragraphs

    def _sheet(self, draft: Draft, last: Mapping[str, object]) -> str:
        facts = draft.manuscript.facts
        values: dict[str, object] = {
            "title": facts.title,
            "lang": draft.variant.value,
            "author": facts.author[0] if len(facts.author) == 1 else list(facts.author),
            "publisher": facts.publisher,
            "date": facts.date,
            "url": facts.url,
            "series": facts.series,
            "order": draft.manuscript.order or None,
            "credits": dict(facts.credits),
            **last,
        }
        sheet = write_sheet(values)
        report = Report()
        node = parse_yaml(sheet, draft.source, report)
        if node is None or TEXT.read(node, report) is None or report.has_errors():
            message = "what it says about itself cannot be written into text.yaml"
            raise Refused("import-unreadable", message, "import its text alone, as plain text")
        return sheet

    def _outside(self, draft: Draft, data: bytes) -> Draft:
        blocks = draft.manuscript.blocks
        how = split_name(draft.manuscript)
        if not how or draft.source == STANDARD_INPUT:
            raise Refused(
                "import-outside",
                "only a file of plain text can be kept outside: its paragraphs are cut out of it as it is",
                "leave --keep-outside away",
            )
        try:
            text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            message = "only a file in UTF-8 can be kept outside"
            raise Refused("import-outside", message, "save it as UTF-8, and import that") from None
        file = Path(draft.source)
        kept = keep_outside(file.name, data, text, blocks, how, normalize=self.wishes.normalize)
        sheet = self._sheet(draft, {"source": kept.source, "republish": False})
        report = Report()
        node = parse_yaml(sheet, draft.source, report)
        fields = TEXT.read(node, report) if node else None
        read = None
        if fields and fields.source:
            read = read_outside(fields.source, file, draft.variant, report)
        for found in report.found:
            self.report.add(found.severity, found.location, found.code, found.message, found.hint)
        if read is None or [found.text for found in read] != [block.text for block in blocks]:
            message = "the file as it is gives other paragraphs than its import"
            raise Refused("import-outside", message, "leave --keep-outside away")
        counts = _count(read)
        return dataclasses.replace(
            draft, counts=counts, last_id=read[-1].id, files={"text.yaml": sheet.encode()}
        )

    def _replacing(self, draft: Draft, markdown: MarkdownFile | None) -> Draft:
        """The draft that takes the place of a text's body. Its text.yaml stays, but for next-id."""
        files = self.present[draft.slug]
        folder = next((file.parts[:-1] for file in files.values()), draft.folder)
        there = self.wishes.content.joinpath(*folder).as_posix()
        if not self.wishes.force:
            raise Refused(
                "import-exists",
                f"{there} is there already",
                "choose another name with --slug; --force takes the body anew and leaves text.yaml as it is",
            )
        if self.wishes.outside or markdown or draft.manuscript.pictures:
            raise Refused(
                "import-exists",
                f"{there} is there already, and --force takes only a body without pictures anew",
                "choose another name with --slug, or move that folder away",
            )
        body = new_body(draft.manuscript.blocks, files, there)
        draft = dataclasses.replace(draft, folder=folder)
        paragraphs = self._read_back(draft, body.text, None)
        return dataclasses.replace(
            draft,
            counts=_count(paragraphs),
            last_id=f"p{body.next_id - 1}",
            # In this order: a next-id that is too high does no harm, one that is too low would.
            replaced={files["text.yaml"].path: body.sheet, files["text.md"].path: body.text},
            kept_ids=body.kept,
        )


def _paired_notes(blocks: Sequence[Block], taken: list[Taken]) -> Iterator[Block]:
    """The blocks; footnotes without a reference are taken out, and references without a footnote."""
    written = {block.label for block in blocks if block.kind == "footnote"}
    referred = {mark.target for block in blocks for mark in block.all_marks if mark.kind == "footnote"}
    for block in blocks:
        if block.kind == "footnote" and block.label not in referred:
            taken.append(Taken(block.place, block.shown, "footnote to which nothing in the text refers"))
            continue
        if not (block.marks or block.rows):
            yield block
            continue
        rows = tuple(tuple(_with_notes(cell, written) for cell in row) for row in block.rows)
        yield _with_notes(dataclasses.replace(block, rows=rows), written)


def _with_notes(block: Block, written: set[str]) -> Block:
    marks = tuple(mark for mark in block.marks if mark.kind != "footnote" or mark.target in written)
    return dataclasses.replace(block, marks=marks)


def _count(paragraphs: Sequence[Paragraph]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for paragraph in paragraphs:
        if paragraph.kind != "cell":
            counts[paragraph.kind] = counts.get(paragraph.kind, 0) + 1
    return counts


def _stand_in_title(shown: str) -> str:
    """The first words of a text that has no title."""
    first = re.split(r"[。！？，；,.!?;\n]", shown.strip(" \n#>*-"), maxsplit=1)[0]
    return " ".join(first.split())[:20] or "无题"
