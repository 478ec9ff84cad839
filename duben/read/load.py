"""A content folder → Content. The only room of the floor that knows all the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from duben.diagnostics import Report
from duben.model import (
    Citation,
    Content,
    ConvertChoice,
    EntryChoice,
    InfoPage,
    Location,
    Metadata,
    Note,
    Paragraph,
    Quote,
    Reading,
    Settings,
    SourceMap,
    Target,
    Term,
    Text,
    Variant,
)
from duben.read.files import ContentFile, list_files, read_text, shown_name
from duben.read.markdown import Source, inside_yaml, whole_file
from duben.read.outside import locate_source, read_outside
from duben.read.paragraphs import plain_paragraph, read_body, read_prose
from duben.read.references import check_references
from duben.read.schema import (
    EDITION,
    ENTRY,
    PHRASES,
    TEXT,
    ConvertFields,
    EditionFields,
    EntryFields,
    NoteFields,
    TextFields,
    UntilFields,
    check_slug,
)
from duben.read.yaml_nodes import Mapped, Node, Scalar, Sequenced, parse_yaml

LabelOf = Callable[[str], str]

#: The folder of the site that is not the edition's.
OWN_FOLDER = ".duben"


def load_content(
    root: Path,
    report: Report,
    *,
    sources: Sequence[Path] = (),
    require_sources: bool = False,
    shown: str = "",
) -> Content | None:
    """The content of a folder, or None where it has no readable edition.yaml.

    sources: folders in which texts kept outside the repository are looked for, after
    `sources/` inside `root`. shown: how problems name the folder.
    """
    shown = shown or root.as_posix()
    if not root.is_dir():
        report.error(
            Location(shown),
            "file-missing",
            "there is no such folder",
            "name the edition's folder with --content DIR",
        )
        return None
    folder = _Folder(root, shown, report)
    folder.sort_files()
    edition = _read_edition(folder)
    if edition is None:
        return None
    lang = edition.lang or Variant.HANS
    records, lost_entries = _read_glossary(folder.glossary, report)
    if any(parts[0] == "glossary" for parts in folder.refused):
        lost_entries = None
    drafts = [draft for slug, files in folder.texts.items() if (draft := _read_draft(slug, files, folder))]
    label_of = _labels(records, drafts)
    phrases = _read_phrases(folder)
    settings = _settings(edition, lang, phrases, label_of, report)
    terms = tuple(_term(record, lang, label_of, report) for record in _unique(records, report))
    folders = (root / "sources", *sources)
    texts: list[Text] = []
    absent: set[str] = set()
    for draft in drafts:
        path: Path | None = None
        if draft.fields.source:
            path = locate_source(draft.fields.source, folders, report, required=require_sources)
            if path is None:
                absent.add(draft.slug)
                continue
        text = _text(draft, settings, path, label_of, report)
        if text:
            texts.append(text)
    pages = tuple(page for file in folder.pages if (page := _page(file, lang, label_of, report)))
    broken = frozenset(folder.texts) - {text.slug for text in texts} - absent
    content = Content(
        settings,
        tuple(sorted(texts, key=lambda text: (text.order, text.slug))),
        terms,
        pages,
        tuple(sorted(("/".join(file.parts[1:]), str(file.path)) for file in folder.static)),
        broken | absent,
    )
    places = {
        draft.slug: {
            "picture": draft.fields.picture.at if draft.fields.picture else draft.fields.at,
            **{f"entry {id}": choice.at for id, choice in (draft.fields.entries or {}).items()},
        }
        for draft in drafts
    }
    check_references(content, lost_entries, places, report)
    return content


@dataclass(slots=True)
class _Folder:
    """The files of a content folder, by what they are for."""

    root: Path
    shown: str
    report: Report
    edition: ContentFile | None = None
    scripts: ContentFile | None = None
    glossary: list[ContentFile] = field(default_factory=list)
    texts: dict[str, dict[str, ContentFile]] = field(default_factory=dict)
    pages: list[ContentFile] = field(default_factory=list)
    static: list[ContentFile] = field(default_factory=list)
    refused: set[tuple[str, ...]] = field(default_factory=set)

    def sort_files(self) -> None:
        folders: dict[str, tuple[str, ...]] = {}
        twins: set[tuple[str, ...]] = set()
        for file in list_files(self.root, self.shown, self.report):
            top, name = file.parts[0], file.parts[-1]
            if file.refused:
                self.refused.add(file.parts)
            elif file.parts == ("edition.yaml",):
                self.edition = file
            elif file.parts == ("scripts.yaml",):
                self.scripts = file
            elif top == "glossary" and len(file.parts) > 1 and name.endswith((".yaml", ".yml")):
                self.glossary.append(file)
            elif top == "texts" and len(file.parts) > 2 and name in ("text.md", "text.yaml"):
                slug = file.parts[-2]
                if folders.setdefault(slug, file.parts[:-1]) != file.parts[:-1]:
                    if file.parts[:-1] not in twins:
                        twins.add(file.parts[:-1])
                        self.report.error(
                            Location(file.name.rpartition("/")[0]),
                            "slug-duplicate",
                            f"two texts have the slug `{slug}`",
                            f"rename this folder, or {shown_name(self.shown, folders[slug])}",
                        )
                    continue
                self.texts.setdefault(slug, {})[name] = file
            elif top == "pages" and len(file.parts) == 2 and name.endswith(".md"):
                self.pages.append(file)
            elif top == "static" and len(file.parts) > 1:
                if file.parts[1].lower() == OWN_FOLDER:
                    self.report.error(
                        Location(shown_name(self.shown, file.parts[:2])),
                        "output-collision",
                        f"`{file.parts[1]}` is where duben keeps its own record of the site",
                        "give the folder another name",
                    )
                else:
                    self.static.append(file)
            elif top == "templates" and len(file.parts) > 1:
                pass  # the edition's own theme, which publish/ reads
            else:
                self._report_unknown(file)

    def _report_unknown(self, file: ContentFile) -> None:
        top, name = file.parts[0], file.parts[-1]
        if top == "texts" and name.startswith("text.") and name.endswith(".md"):
            self.report.notice(Location(file.name), "file-unknown", "translations are not read yet")
            return
        hint = {
            "glossary": "entries stand in files that end in .yaml",
            "texts": "a text is a folder with text.yaml and text.md",
            "pages": "pages are files that end in .md, without folders",
        }.get(top, "pictures and other files to copy belong into static/")
        self.report.warning(Location(file.name), "file-unknown", "nothing reads this file", hint)


def _parse(file: ContentFile, report: Report) -> Node | None:
    text = read_text(file.path, file.name, report)
    if text is None:
        return None
    before = len(report.found)
    node = parse_yaml(text, file.name, report)
    if node is None and len(report.found) == before:
        return Mapped((), Location(file.name, 1, 1))
    return node


def _read_edition(folder: _Folder) -> EditionFields | None:
    if ("edition.yaml",) in folder.refused:
        return None
    if folder.edition is None:
        folder.report.error(
            Location(folder.shown),
            "file-missing",
            "there is no edition.yaml in this folder",
            "write one; its only required line is `title: …`",
        )
        return None
    node = _parse(folder.edition, folder.report)
    return EDITION.read(node, folder.report) if node else None


def _read_phrases(folder: _Folder) -> Mapping[Variant, Mapping[str, str]]:
    if folder.scripts is None:
        return MappingProxyType({})
    node = _parse(folder.scripts, folder.report)
    found = PHRASES.read(node, folder.report) if node else None
    return MappingProxyType(
        {
            Variant(variant): MappingProxyType({source: target.value for source, target in phrases.items()})
            for variant, phrases in (found or {}).items()
        }
    )


def _read_glossary(
    files: Iterable[ContentFile], report: Report
) -> tuple[list[EntryFields], frozenset[str] | None]:
    """The entries, and the ids of those with mistakes; no ids where a file could not be read at all."""
    records: list[EntryFields] = []
    lost: set[str] = set()
    complete = True
    for file in files:
        node = _parse(file, report)
        if node is None:
            complete = False
            continue
        if isinstance(node, Mapped) and not node.items:
            continue  # nothing but comments
        for item in node.items if isinstance(node, Sequenced) else (node,):
            record = ENTRY.read(item, report)
            if record:
                records.append(record)
            elif isinstance(item, Mapped) and isinstance(id := item.get("id"), Scalar):
                lost.add(id.value)
    return records, frozenset(lost) if complete else None


def _unique(records: Iterable[EntryFields], report: Report) -> list[EntryFields]:
    first: dict[str, EntryFields] = {}
    for record in records:
        if record.id.value in first:
            report.error(
                record.id.at,
                "entry-duplicate",
                f"two entries have the id `{record.id.value}`",
                f"the other stands at {first[record.id.value].id.at}; give one of them another id",
            )
        else:
            first[record.id.value] = record
    return list(first.values())


@dataclass(frozen=True, slots=True)
class _Draft:
    """A text whose text.yaml is read and whose body is not."""

    slug: str
    fields: TextFields
    body: ContentFile | None
    file: ContentFile


def _read_draft(slug: str, files: Mapping[str, ContentFile], folder: _Folder) -> _Draft | None:
    report = folder.report
    any_file = next(iter(files.values()))
    name = any_file.name.rpartition("/")[0]
    if not check_slug(slug, Location(name), "a text's folder", report):
        return None
    parts = any_file.parts[:-1]
    if {(*parts, "text.yaml"), (*parts, "text.md")} & folder.refused:
        return None
    file = files.get("text.yaml")
    if file is None:
        report.error(
            Location(name), "file-missing", "this text has no text.yaml", "write one with `title: …`"
        )
        return None
    node = _parse(file, report)
    fields = TEXT.read(node, report) if node else None
    if fields is None:
        return None
    body = files.get("text.md")
    if body and fields.source:
        report.error(
            fields.source.at,
            "schema-value",
            "this text has both a text.md and a `source`",
            "remove one of them",
        )
        return None
    if not body and not fields.source:
        report.error(
            Location(name),
            "file-missing",
            "this text has no text.md",
            "write one, or say with `source:` where the text is kept",
        )
        return None
    return _Draft(slug, fields, body, file)


def _labels(records: Sequence[EntryFields], drafts: Sequence[_Draft]) -> LabelOf:
    """What stands for `[[target]]` in plain text; compile/ puts the variant's own form there."""
    terms = {record.id.value: record.term.value for record in records}
    titles = {draft.slug: draft.fields.title.value for draft in drafts}

    def label_of(target: str) -> str:
        slug, hash_mark, paragraph = target.partition("#")
        if not hash_mark:
            return terms.get(target, target)
        title = f"《{titles.get(slug, slug)}》"
        return f"{title}¶{paragraph.removeprefix('p')}" if paragraph else title

    return label_of


def _settings(
    fields: EditionFields,
    lang: Variant,
    phrases: Mapping[Variant, Mapping[str, str]],
    label_of: LabelOf,
    report: Report,
) -> Settings:
    return Settings(
        title=_plain("title", fields.title, lang),
        variant=lang,
        variants=tuple(dict.fromkeys(fields.variants or tuple(Variant))),
        regional=frozenset(fields.regional or ()),
        description=_prose("summary", fields.description, lang, label_of, report),
        base_url=fields.base_url.value.rstrip("/") + "/" if fields.base_url else "",
        link=_value(fields.link) or "first-in-paragraph",
        rights=_value(fields.rights),
        editors=_values(fields.editors),
        engine=_value(fields.engine) or "duben",
        phrases=phrases,
    )


def _value(scalar: Scalar | None) -> str:
    return scalar.value.strip() if scalar else ""


def _values(scalars: Iterable[Scalar] | None) -> tuple[str, ...]:
    return tuple(scalar.value.strip() for scalar in scalars or ())


def _plain(kind: str, scalar: Scalar, variant: Variant) -> Paragraph:
    return plain_paragraph(kind, kind, " ".join(scalar.value.split()), scalar.source, variant)


def _prose(
    kind: str, scalar: Scalar | None, variant: Variant, label_of: LabelOf, report: Report
) -> tuple[Paragraph, ...]:
    if scalar is None:
        return ()
    before = len(report.found)
    found = read_prose(inside_yaml(scalar.value, scalar.source, label_of), kind, variant, report)
    if not found and len(report.found) == before:
        report.error(scalar.at, "text-empty", f"this {kind} shows nothing", "write it, or remove it")
    return found


def _forms(forms: Mapping[str, Scalar] | None) -> Mapping[Variant, str]:
    return MappingProxyType({Variant(name): form.value.strip() for name, form in (forms or {}).items()})


def _term(fields: EntryFields, lang: Variant, label_of: LabelOf, report: Report) -> Term:
    variant = fields.lang or lang
    places: dict[str, Location] = {"term": fields.term.at}
    for alias in fields.aliases or ():
        places.setdefault(alias.value.strip(), alias.at)
    for name, form in (fields.forms or {}).items():
        places[name] = form.at
    for see in fields.see or ():
        places[f"see {see.value}"] = see.at
    return Term(
        id=fields.id.value,
        kind=_value(fields.kind) or "concept",
        term=_value(fields.term),
        variant=variant,
        forms=_forms(fields.forms),
        aliases=_values(fields.aliases),
        not_in=_values(fields.not_in),
        pinyin=_value(fields.pinyin),
        gloss=MappingProxyType({name: gloss.value for name, gloss in (fields.gloss or {}).items()}),
        definition=_prose("definition", fields.definition, variant, label_of, report),
        date=_value(fields.date),
        coordinates=fields.coordinates,
        see=_values(fields.see),
        sources=tuple(
            Citation(source.title.value, _value(source.url), _value(source.date))
            for source in fields.sources or ()
        ),
        link=_value(fields.link),
        location=fields.at,
        places=MappingProxyType(places),
    )


def _text(
    draft: _Draft,
    settings: Settings,
    outside: Path | None,
    label_of: LabelOf,
    report: Report,
) -> Text | None:
    fields = draft.fields
    variant = fields.lang or settings.variant
    if draft.body:
        body = read_text(draft.body.path, draft.body.name, report)
        if body is None:
            return None
        paragraphs = read_body(body, draft.body.name, variant, fields.next_id, report)
        if not paragraphs:
            return None
    else:
        assert fields.source is not None and outside is not None
        found = read_outside(fields.source, outside, variant, report)
        if found is None:
            return None
        paragraphs = found
    annotations = _Annotations(settings.variant, label_of, report)
    for item in fields.notes or ():
        annotations.read_note(item)
    for convert in fields.convert or ():
        annotations.read_convert(convert, variant)
    return Text(
        slug=draft.slug,
        title=_plain("title", fields.title, variant),
        summary=_prose("summary", fields.summary, variant, label_of, report),
        variant=variant,
        metadata=Metadata(
            author=_values(fields.author),
            publisher=_value(fields.publisher),
            date=_value(fields.date),
            revised=_value(fields.revised),
            url=_value(fields.url),
            rights=_value(fields.rights),
            series=_value(fields.series),
            picture=_value(fields.picture),
            credits=tuple((role, _value(names)) for role, names in (fields.credits or {}).items()),
        ),
        paragraphs=paragraphs,
        notes=annotations.numbered_notes(),
        entry_choices=tuple(annotations.choices),
        readings=tuple(annotations.readings),
        converts=tuple(annotations.converts),
        entry_policies=MappingProxyType(
            {id: _value(choice) for id, choice in (fields.entries or {}).items()}
        ),
        order=fields.order if fields.order is not None else 10**6,
        regional=settings.regional if fields.regional is None else frozenset(fields.regional),
        republish=draft.body is not None if fields.republish is None else fields.republish,
        location=fields.at,
    )


@dataclass(slots=True)
class _Annotations:
    """What an editor wrote about one text, sorted by what it does."""

    variant: Variant  # of the notes
    label_of: LabelOf
    report: Report
    notes: list[Note] = field(default_factory=list)
    choices: list[EntryChoice] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    converts: list[ConvertChoice] = field(default_factory=list)
    ids: dict[str, Location] = field(default_factory=dict)

    def read_note(self, fields: NoteFields) -> None:
        if not (fields.note or fields.entry or fields.reading):
            self.report.error(
                fields.at,
                "schema-missing-key",
                "this note says nothing",
                "write `note: …` (or `entry:` or `reading:`)",
            )
            return
        target = self._target(fields)
        if target is None:
            return
        if (fields.entry or fields.reading) and (target.start is None or target.until):
            self.report.error(
                fields.at,
                "schema-missing-key",
                "`entry` and `reading` need a quote to stand on",
                "write `on: …` and no `until`",
            )
            return
        if fields.note:
            body = _prose("note", fields.note, fields.lang or self.variant, self.label_of, self.report)
            id = fields.id.value if fields.id else ""
            if fields.id:
                if id in self.ids:
                    self.report.error(
                        fields.id.at,
                        "note-duplicate",
                        f"two notes have the id `{id}`",
                        f"the other stands in line {self.ids[id].line}; give one of them another id",
                    )
                    return
                self.ids[id] = fields.id.at
            self.notes.append(Note(id, target, body, fields.at))
        if fields.entry:
            entry = None if fields.entry.value == "none" else fields.entry.value
            self.choices.append(EntryChoice(target, entry, fields.entry.at))
        if fields.reading:
            self.readings.append(Reading(target, fields.reading.value, fields.reading.at))

    def read_convert(self, fields: ConvertFields, variant: Variant) -> None:
        for name, form in fields.to.items():
            if name == variant:
                self.report.error(
                    form.at,
                    "convert-variant",
                    f"the text is printed in {name}, and nothing is converted there",
                    "an error of the source is mended with `reading:`",
                )
                return
        target = self._target(fields)
        if target:
            self.converts.append(ConvertChoice(target, _forms(fields.to), _value(fields.why), fields.at))

    def numbered_notes(self) -> tuple[Note, ...]:
        """The notes, each with an id: its own, or the next free n1, n2 …"""
        found = []
        number = 0
        for note in self.notes:
            id = note.id
            while not id:
                number += 1
                if f"n{number}" not in self.ids:
                    id = f"n{number}"
            found.append(Note(id, note.target, note.body, note.location))
        return tuple(found)

    def _target(self, fields: NoteFields | ConvertFields) -> Target | None:
        paragraph = _value(fields.in_)
        if not paragraph and not fields.on:
            self.report.error(
                fields.at,
                "schema-missing-key",
                "this note stands on nothing",
                "write `in: p3`, and `on: …` with a quote from it",
            )
            return None
        until = fields.until if isinstance(fields, NoteFields) else None
        if until and not fields.on:
            self.report.error(
                until.at, "schema-missing-key", "a range needs its start", "write `on: …` before `until`"
            )
            return None
        start = self._quote(fields, paragraph) if fields.on else None
        end = self._quote(until, _value(until.in_) or paragraph) if until else None
        place = fields.on.at if fields.on else fields.in_.at if fields.in_ else fields.at
        return Target(paragraph, start, end, place)

    def _quote(self, fields: NoteFields | ConvertFields | UntilFields, paragraph: str) -> Quote:
        assert fields.on is not None
        before, after = fields.before, fields.after
        if fields.nth and not before and not after:
            self.report.warning(
                fields.on.at,
                "anchor-nth",
                "`nth` alone shifts when the text is edited",
                "add `before:` or `after:` with a few characters",
            )
        return Quote(
            fields.on.value,
            paragraph,
            before.value if before else "",
            after.value if after else "",
            fields.nth or 0,
        )


def _page(file: ContentFile, lang: Variant, label_of: LabelOf, report: Report) -> InfoPage | None:
    name = file.parts[-1].removesuffix(".md")
    if not check_slug(name, Location(file.name), "a page's name", report):
        return None
    text = read_text(file.path, file.name, report)
    if text is None:
        return None
    source: Source = whole_file(text, file.name, label_of)
    paragraphs = read_prose(source, "info", lang, report)
    title = plain_paragraph("title", "title", name, SourceMap(file.name, ((0, 1, 1),)), lang)
    if paragraphs and paragraphs[0].kind == "heading" and paragraphs[0].level == 1:
        title, paragraphs = paragraphs[0], paragraphs[1:]
    return InfoPage(name, title, lang, paragraphs, Location(file.name, 1, 1))
