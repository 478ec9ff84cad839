"""Links between texts, notes and entries lead somewhere: checked once all of them are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from duben.diagnostics import Report, did_you_mean
from duben.model import Content, Location, Mark, Paragraph, Text
from duben.read.inline import locate_mark

STATIC = "static/"


def check_references(
    content: Content,
    lost_entries: frozenset[str] | None,
    places: Mapping[str, Mapping[str, Location]],
    report: Report,
) -> None:
    """Reports what names an entry, text, paragraph or file that is not there.

    lost_entries: ids of entries with errors of their own, about which nothing more is said; None where
    not even their ids are known.
    places: for each text, where its `picture` and each `entry <id>` of its `entries` are written.
    """
    _References(content, lost_entries, places, report).check()


class _References:
    def __init__(
        self,
        content: Content,
        lost_entries: frozenset[str] | None,
        places: Mapping[str, Mapping[str, Location]],
        report: Report,
    ) -> None:
        self.content = content
        self.places = places
        self.report = report
        self.lost_entries = lost_entries
        self.entries = frozenset(term.id for term in content.terms)
        self.words: dict[str, list[str]] = {}  # term, alias or form → the entries that have it
        for term in content.terms:
            for word in dict.fromkeys((term.term, *term.forms.values(), *term.aliases)):
                self.words.setdefault(word, []).append(term.id)
        self.pages = frozenset({"pages/about.md", *(f"pages/{page.name}.md" for page in content.pages)})
        self.files = frozenset(path for path, _ in content.static)
        self.texts = {text.slug: _paragraph_ids(text) for text in content.texts}

    def check(self) -> None:
        content = self.content
        for paragraph in content.settings.description:
            self._check_paragraph(paragraph)
        for page in content.pages:
            for paragraph in (page.title, *page.paragraphs):
                self._check_paragraph(paragraph)
        for term in content.terms:
            for paragraph in term.definition:
                self._check_paragraph(paragraph)
            for see in term.see:
                self._check_entry(see, term.places[f"see {see}"])
        for text in content.texts:
            self._check_text(text)

    def _check_text(self, text: Text) -> None:
        own = self.texts[text.slug]
        for paragraph in (*text.summary, *text.paragraphs):
            self._check_paragraph(paragraph, own)
        for note in text.notes:
            for paragraph in note.body:
                self._check_paragraph(paragraph, own)
        for choice in text.entry_choices:
            if choice.entry:
                self._check_entry(choice.entry, choice.location)
        for entry in text.entry_policies:
            self._check_entry(entry, self.places[text.slug][f"entry {entry}"])
        picture = text.metadata.picture
        if picture:
            self._check_file(picture, self.places[text.slug]["picture"])

    def _check_entry(self, id: str, location: Location, written: str = "{}") -> None:
        """written: how the id is written here, to be filled in."""
        if self.lost_entries is None or id in self.lost_entries:
            return
        if id not in self.entries:
            hint = did_you_mean(id, self.entries) or "write an entry with this id, or remove the link"
            if owners := self.words.get(id):
                ids = " or ".join(f"`{written.replace('{}', owner)}`" for owner in owners)
                hint = f"a link names the entry's id: write {ids}"
            self.report.error(location, "link-dangling", f"there is no entry `{id}`", hint)

    def _check_file(self, url: str, location: Location) -> None:
        if not url.startswith(STATIC) or url.removeprefix(STATIC) not in self.files:
            hint = did_you_mean(url, (STATIC + file for file in self.files))
            self.report.error(
                location,
                "markdown-image",
                f"there is no `{url}`" if url else "this picture names no file",
                hint or "put the picture into static/ and name it `static/…`",
            )

    def _check_paragraph(self, paragraph: Paragraph, own: frozenset[str] = frozenset()) -> None:
        for index, mark in enumerate(paragraph.marks):
            self._check_mark(mark, locate_mark(paragraph.source, paragraph.marks, index), own)

    def _check_mark(self, mark: Mark, location: Location, own: frozenset[str]) -> None:
        if mark.kind == "headword":
            self._check_entry(mark.target, location, f"[[{{}}|{mark.target}]]")
        elif mark.kind == "entry":
            self._check_entry(mark.target, location, "[[{}|…]]")
        elif mark.kind in ("text", "title", "paragraph", "place"):
            slug, _, paragraph = mark.target.partition("#")
            if slug in self.content.absent:
                return
            if slug not in self.texts:
                hint = did_you_mean(slug, self.texts) or "[[…#]] names a text's folder"
                self.report.error(location, "link-dangling", f"there is no text `{slug}`", hint)
            elif paragraph and paragraph not in self.texts[slug]:
                hint = did_you_mean(paragraph, self.texts[slug]) or "see the ids in its text.md"
                self.report.error(location, "link-dangling", f"`{slug}` has no paragraph {paragraph}", hint)
        elif mark.kind == "image":
            self._check_file(mark.target, location)
            if not mark.alt.strip():
                self.report.warning(
                    location,
                    "markdown-image",
                    "this picture has no text for those who cannot see it",
                    "write it between the brackets: ![what is to be seen](static/…)",
                )
        elif mark.kind == "link" and mark.target and not _is_absolute(mark.target):
            self._check_relative(mark.target, location, own)

    def _check_relative(self, url: str, location: Location, own: frozenset[str]) -> None:
        if url.startswith("#") and url[1:] in own:
            return
        if url.startswith(STATIC) and url.removeprefix(STATIC) in self.files:
            return
        if url in self.pages:
            return
        looks_like_page = url.endswith((".md", ".html"))
        near = did_you_mean(f"pages/{PurePosixPath(url).stem}.md", self.pages) if looks_like_page else ""
        self.report.error(
            location,
            "link-dangling",
            f"`{url}` leads nowhere",
            near or "link to https://…, a paragraph `#p3` of this text, `pages/….md` or a file `static/…`",
        )


def _is_absolute(url: str) -> bool:
    return url.lower().startswith(("http:", "https:", "mailto:"))


def _paragraph_ids(text: Text) -> frozenset[str]:
    def ids() -> Iterator[str]:
        yield "title"
        for paragraph in text.paragraphs:
            yield paragraph.id
            yield from paragraph.was

    return frozenset(ids())
