"""A content folder → Content. The only room of the floor that knows all the others."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from duben.diagnostics import Report
from duben.memo import FORGETFUL, Memo
from duben.model import (
    Content,
    InfoPage,
    Location,
    Settings,
    SourceMap,
    Text,
    Variant,
)
from duben.read.files import ContentFile, list_files, read_text, shown_name
from duben.read.inline import Source
from duben.read.kinds import check_slug
from duben.read.markdown import whole_file
from duben.read.outside import locate_source
from duben.read.paragraphs import plain_paragraph, read_prose
from duben.read.records import Draft, LabelOf, settings_of, term_of, text_of
from duben.read.references import check_references
from duben.read.schema import (
    EDITION,
    ENTRY,
    SCRIPTS,
    TEXT,
    EditionFields,
    EntryFields,
    ScriptsFields,
)
from duben.read.yaml_nodes import Mapped, Node, Scalar, Sequenced, parse_yaml

#: The folder of the site that is not the edition's.
OWN_FOLDER = ".duben"


def load_content(
    root: Path,
    report: Report,
    *,
    sources: Sequence[Path] = (),
    require_sources: bool = False,
    shown: str = "",
    memo: Memo = FORGETFUL,
) -> Content | None:
    """The content of a folder, or None where it has no readable edition.yaml.

    sources: folders in which texts kept outside the repository are looked for, after
    `sources/` inside `root`. shown: how problems name the folder.
    """
    shown = shown or root.as_posix()
    if not os.path.isdir(root):  # noqa: PTH112  (pathlib's raises where a parent may not be searched)
        report.error(
            Location(shown),
            "file-missing",
            "there is no such folder",
            _where_else(root) or "name the edition's folder with --content DIR",
        )
        return None
    folder = _Folder(root, shown, report, memo)
    folder.sort_files()
    edition = _read_edition(folder)
    if edition is None:
        return None
    lang = edition.lang or Variant.HANS
    records, lost_entries = _read_glossary(folder.glossary, report, memo)
    if any(parts[0] == "glossary" for parts in folder.refused):
        lost_entries = None
    drafts = [draft for slug, files in folder.texts.items() if (draft := _read_draft(slug, files, folder))]
    label_of = _labels(records, drafts, memo)
    settings = settings_of(edition, lang, _read_scripts(folder), label_of, report)
    terms = tuple(
        memo.recall(("entry", record.id.value), term_of, (record, lang, label_of), report)
        for record in _unique(records, report)
    )
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
        text = _read_body(draft, settings, path, label_of, folder)
        if text:
            texts.append(text)
            _report_repeated_title(text, report)
    _report_copies(texts, report)
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
    memo: Memo
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
        meant = _meant_name(file.parts)
        if meant:
            self.report.warning(
                Location(file.name), "file-unknown", "nothing reads this file", f"rename {name} to {meant}"
            )
            return
        hint = {
            "glossary": "entries stand in files that end in .yaml",
            "texts": "a text is a folder with text.yaml and text.md",
            "pages": "pages are files that end in .md, without folders",
        }.get(top, "pictures and other files to copy belong into static/")
        self.report.warning(Location(file.name), "file-unknown", "nothing reads this file", hint)


def _meant_name(parts: tuple[str, ...]) -> str:
    """How a file is rightly called whose name has capitals or another ending, or ""."""
    name = parts[-1].lower()
    stem, _, ending = name.rpartition(".")
    name = f"{stem}.yaml" if ending in ("yml", "yaml") else f"{stem}.md" if ending == "markdown" else name
    if parts[0] == "glossary" and name.endswith(".yaml"):
        return name
    if len(parts) == 1 and name in ("edition.yaml", "scripts.yaml"):
        return name
    if parts[0] == "texts" and len(parts) > 2 and name in ("text.md", "text.yaml"):
        return name
    return name if parts[0] == "pages" and len(parts) == 2 and name.endswith(".md") else ""


def _parse(file: ContentFile, report: Report, memo: Memo) -> Node | None:
    text = read_text(file.path, file.name, report)
    if text is None:
        return None
    return memo.recall(("yaml", file.name), _nodes, (file.name, text), report)


def _nodes(name: str, text: str, report: Report) -> Node | None:
    before = len(report.found)
    node = parse_yaml(text, name, report)
    if node is None and len(report.found) == before:
        return Mapped((), Location(name, 1, 1))
    return node


def _read_edition(folder: _Folder) -> EditionFields | None:
    if ("edition.yaml",) in folder.refused:
        return None
    if folder.edition is None:
        folder.report.error(
            Location(folder.shown),
            "file-missing",
            "there is no edition.yaml in this folder",
            _misnamed(folder) or _inside(folder.root) or "write one; its only required line is `title: …`",
        )
        return None
    node = _parse(folder.edition, folder.report, folder.memo)
    return EDITION.read(node, folder.report) if node else None


def _misnamed(folder: _Folder) -> str:
    names = [found.location.file for found in folder.report.found if found.hint.endswith("to edition.yaml")]
    return f"rename {names[0].rpartition('/')[2]} to edition.yaml" if names else ""


def _inside(root: Path) -> str:
    """Where below a folder without edition.yaml there is one, or ""."""
    below = _editions_below(root)
    return f"{below[0]}/ holds one: name that with --content" if below else ""


def _where_else(root: Path) -> str:
    """Where an edition is instead, seen from the folder in which one was looked for; or ""."""
    here = root.absolute().parent
    if _is_edition(here):
        step = "go to the one that holds it: cd .." if here.name == root.name else "name it: --content ."
        return f"this folder is the edition itself: {step}"
    for up, folder in enumerate(list(here.parents)[:4], 1):
        if _is_edition(folder / root.name):
            return f"go to the folder that holds {root.name}/: cd {'/'.join(['..'] * up)}"
    below = [name for name in _editions_below(here, root.name) if name]
    return f"go to the folder that holds {root.name}/: cd {below[0]}" if len(below) == 1 else ""


def _editions_below(folder: Path, name: str = "") -> list[str]:
    """The folders directly in a folder that are editions, or that hold one of this name."""
    try:
        return sorted(path.name for path in folder.iterdir() if _is_edition(path / name if name else path))
    except OSError:
        return []


def _is_edition(folder: Path) -> bool:
    return os.path.isfile(folder / "edition.yaml")  # noqa: PTH113  (as above)


def _read_scripts(folder: _Folder) -> ScriptsFields | None:
    if folder.scripts is None:
        return None
    node = _parse(folder.scripts, folder.report, folder.memo)
    return SCRIPTS.read(node, folder.report) if node else None


def _read_glossary(
    files: Iterable[ContentFile], report: Report, memo: Memo
) -> tuple[list[EntryFields], frozenset[str] | None]:
    """The entries, and the ids of those with mistakes; no ids where a file could not be read at all."""
    records: list[EntryFields] = []
    lost: set[str] = set()
    complete = True
    for file in files:
        node = _parse(file, report, memo)
        if node is None:
            complete = False
            continue
        if isinstance(node, Mapped) and not node.items:
            continue  # nothing but comments
        found, wrong = memo.recall(("entries", file.name), _entries, (node,), report)
        records += found
        lost |= wrong
    return records, frozenset(lost) if complete else None


def _entries(node: Node, report: Report) -> tuple[tuple[EntryFields, ...], frozenset[str]]:
    """The entries of a file, and the ids of those with mistakes."""
    records: list[EntryFields] = []
    lost: set[str] = set()
    for item in node.items if isinstance(node, Sequenced) else (node,):
        record = ENTRY.read(item, report)
        if record:
            records.append(record)
        elif isinstance(item, Mapped) and isinstance(id := item.get("id"), Scalar):
            lost.add(id.value)
    return tuple(records), frozenset(lost)


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


def _read_draft(slug: str, files: Mapping[str, ContentFile], folder: _Folder) -> Draft | None:
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
    node = _parse(file, report, folder.memo)
    fields = folder.memo.recall(("fields", file.name), TEXT.read, (node,), report) if node else None
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
    return Draft(slug, fields, body, file)


def _read_body(
    draft: Draft, settings: Settings, outside: Path | None, label_of: LabelOf, folder: _Folder
) -> Text | None:
    """The text of a draft."""
    report = folder.report
    if draft.body is None:
        return text_of(draft, None, settings, outside, label_of, report)
    body = read_text(draft.body.path, draft.body.name, report)
    if body is None:
        return None
    inputs = (draft, body, settings, None, label_of)
    return folder.memo.recall(("body", draft.slug), text_of, inputs, report)


def _labels(records: Sequence[EntryFields], drafts: Sequence[Draft], memo: Memo) -> LabelOf:
    """What stands for `[[target]]` in plain text; compile/ puts the variant's own form there."""
    terms = {record.id.value: record.term.value for record in records}
    titles = {draft.slug: draft.fields.title.value for draft in drafts}
    return memo.once("labels", (terms, titles), partial(_labels_of, terms, titles))


def _labels_of(terms: Mapping[str, str], titles: Mapping[str, str]) -> LabelOf:
    def label_of(target: str) -> str:
        slug, hash_mark, paragraph = target.partition("#")
        if not hash_mark:
            return terms.get(target, target)
        title = f"《{titles.get(slug, slug)}》"
        return f"{title}¶{paragraph.removeprefix('p')}" if paragraph else title

    return label_of


def _report_repeated_title(text: Text, report: Report) -> None:
    """A warning where a body opens with the title, which the page shows already."""
    first = text.paragraphs[0] if text.paragraphs else None
    if first and first.kind == "heading" and first.text.strip() == text.title.text.strip():
        report.warning(
            first.locate(),
            "title-repeated",
            f"the body opens with the title, “{first.text.strip()}”, which would stand there twice",
            "remove this heading; `title:` in text.yaml is shown above the text",
        )


#: How many characters two texts have in common that are a text and not a line that both quote.
COPIED = 40


def _report_copies(texts: Iterable[Text], report: Report) -> None:
    """A warning for each text whose body is that of another: a folder that was copied and left so."""
    first: dict[tuple[str, ...], Text] = {}
    for text in sorted(texts, key=lambda text: text.slug):
        body = tuple(paragraph.text for paragraph in text.paragraphs)
        other = first.setdefault(body, text)
        if other is not text and sum(map(len, body)) >= COPIED:
            report.warning(
                Location(text.location.file.rpartition("/")[0]),
                "text-repeated",
                f"this text has the same body as `{other.slug}`",
                "one of the two is a copy: write the new text into that, or remove it",
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
