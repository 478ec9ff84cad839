"""The edition in one variant: what its pages share, and the frame of each."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from markupsafe import Markup

from duben.compile.glossary import Scripts
from duben.memo import FORGETFUL, Memo
from duben.model import Edition, EditionTerm, EditionText, Metadata, Passage, Variant
from duben.publish.addresses import FEED, GLOSSARY, HOME, SEARCH, Addresses, info_page, kind_page
from duben.publish.interface import Catalogue, Wording, interface_in
from duben.publish.metadata import Subject, describe, last_told
from duben.publish.views import Figure, Frame, Link, VariantLink
from duben.publish.wording import show_date, sound
from duben.read.schema import ENTRY_KINDS

#: How each variant is called, in its own script.
LABELS = {Variant.HANS: "简体", Variant.HANT: "繁體", Variant.TW: "臺灣", Variant.HK: "香港"}
ABOUT = "about"


class Page(NamedTuple):
    """A page to render. path: under the output folder."""

    path: str
    template: str
    frame: Frame
    view: Any
    ui: Mapping[str, Wording]


class Volume:
    """The edition in one variant: what its pages share."""

    def __init__(
        self,
        edition: Edition,
        variant: Variant,
        scripts: Scripts,
        catalogue: Catalogue,
        styles: Sequence[str],
        memo: Memo = FORGETFUL,
    ) -> None:
        self.edition = edition
        self.styles = tuple(styles)
        self.variant = variant
        self.scripts = scripts
        making = partial(interface_in, variant, catalogue)
        self.ui = memo.once(("interface", variant), (catalogue,), making)
        self.title = edition.title.text_in(variant)
        self.editors = tuple(self.convert(editor) for editor in edition.settings.editors)
        self.fed = bool(edition.settings.base_url) and any(
            last_told(text.text.metadata, noindex=not text.text.republish) for text in edition.texts
        )
        self.texts = {text.text.slug: text for text in edition.texts}
        self.terms = {term.term.id: term for term in edition.terms}
        self.kinds = kinds_of(edition)
        self.seen_from = self._references()
        self.sorted_terms = sorted(edition.terms, key=lambda term: (sound(term.pinyin), term.term.id))
        self.briefs: dict[tuple[str, int], Markup] = {}
        self.openings: dict[tuple[str, bool, tuple[str, ...]], str] = {}  # of links on reading pages
        # What any page may see, beside its own subject. It stands for itself: as long as it is the same
        # object, so is all of it.
        names = tuple((term.term.id, term.term.kind, term.forms[0]) for term in edition.terms)
        seen = (edition.settings, edition.title, names, edition.pages, edition.absent)
        self.common = memo.once(("common", variant), (*seen, self.styles, self.fed, self.ui), object)

    def count(self, term: EditionTerm) -> int:
        """How often an entry occurs."""
        return len(self.edition.occurrences.get(term.term.id, ()))

    def convert(self, words: str, written_in: Variant | None = None) -> str:
        """Words of an editor in this variant."""
        return self.scripts.convert(words, written_in or self.edition.settings.variant, self.variant)

    def plain(self, passages: Iterable[Passage]) -> str:
        return " ".join(passage.text_in(self.variant) for passage in passages)

    def feeds(self, href: str) -> tuple[Link, ...]:
        """The variant's feed, if there is one: it needs addresses, and texts with dates to tell of."""
        if not self.fed:
            return ()
        return (Link(f"{self.title} · {LABELS[self.variant]}", href),)

    def page(self, path: str, kind: str, template: str, subject: Subject, view: Any) -> Page:
        addresses = self.addresses_of(path)
        settings = self.edition.settings
        frame = Frame(
            lang=self.variant.value,
            kind=kind,
            title=subject.title,
            edition=self.title,
            root=addresses.root,
            home=addresses.to(HOME),
            nav=self._nav(addresses),
            variants=tuple(
                VariantLink(other.value, LABELS[other], addresses.to_variant(other), other is self.variant)
                for other in settings.variants
            ),
            meta=describe(subject, addresses, settings.variants, settings.base_url),
            rights=self.convert(settings.rights),
            styles=self.styles,
            feeds=self.feeds(addresses.to(FEED)),
            search=addresses.to(SEARCH),
        )
        return Page(f"{self.variant.folder}/{path}", template, frame, view, self.ui)

    def addresses_of(self, path: str) -> Addresses:
        return Addresses(self.variant, path, self.edition.absent)

    def _nav(self, addresses: Addresses) -> tuple[Link, ...]:
        places = [
            (self.ui["home"], HOME),
            (self.ui["glossary"], GLOSSARY),
            *(
                (self.ui[f"kinds-{kind}"], kind_page(kind))
                for kind in ("person", "place", "organisation", "event")
                if kind in self.kinds
            ),
            *(
                # What is about the edition can be said in any language, whatever its editor calls it.
                (Wording(title, "about") if name == ABOUT else title, info_page(name))
                for name in info_names(self.edition)
                for title in (self.info_title(name),)
            ),
        ]
        return tuple(Link(label, addresses.to(path), path == addresses.path) for label, path in places)

    def info_title(self, name: str) -> str:
        page = next((page for page in self.edition.pages if page.page.name == name), None)
        return page.title.text_in(self.variant) if page else self.ui["about"]

    def ways(self, addresses: Addresses) -> tuple[tuple[Link, int], ...]:
        counts = [(self.ui["glossary"], GLOSSARY, len(self.edition.terms))]
        for kind in self.kinds:
            number = sum(term.term.kind == kind for term in self.edition.terms)
            counts.append((self.ui[f"kinds-{kind}"], kind_page(kind), number))
        return tuple(
            (Link(label, addresses.to(path), path == addresses.path), number)
            for label, path, number in counts
        )

    def work(self, text: EditionText) -> Metadata:
        """A text's metadata in this variant."""
        meta = text.text.metadata
        engine = self.scripts.between(text.text.variant, self.variant, text.text.regional)

        def convert(words: str) -> str:
            return engine.convert(words).text

        return dataclasses.replace(
            meta,
            author=tuple(convert(author) for author in meta.author),
            publisher=convert(meta.publisher),
            rights=convert(meta.rights),
            series=convert(meta.series),
            credits=tuple((convert(role), convert(names)) for role, names in meta.credits),
        )

    def facts(self, text: EditionText) -> tuple[Figure, ...]:
        work = self.work(text)
        figures = [
            Figure(self.ui["author"], "、".join(work.author)),
            Figure(self.ui["publisher"], work.publisher),
            Figure(self.ui["date"], show_date(work.date)),
            Figure(self.ui["revised"], show_date(work.revised)),
            Figure(self.ui["series"], work.series),
            *(Figure(role, names) for role, names in work.credits),
            Figure(self.ui["rights"], work.rights),
        ]
        return tuple(figure for figure in figures if figure.value)

    def paragraph_number(self, paragraph: str) -> str:
        """A paragraph's number; a cell has that of its table."""
        return paragraph.removeprefix("p").partition(".")[0]

    def _references(self) -> Mapping[str, tuple[str, ...]]:
        """Entry id → ids of the entries that name it."""
        found: dict[str, dict[str, None]] = {}
        for term in self.edition.terms:
            targets = [*term.term.see]
            for passage in term.definition:
                targets += [m.target for m in passage.paragraph.marks if m.kind in ("entry", "headword")]
            for target in targets:
                if target != term.term.id and target in self.terms:
                    found.setdefault(target, {})[term.term.id] = None
        # What an entry names itself under "see also" needs no second mention.
        return {
            id: tuple(other for other in others if other not in self.terms[id].term.see)
            for id, others in found.items()
        }


def kinds_of(edition: Edition) -> tuple[str, ...]:
    used = {term.term.kind for term in edition.terms}
    return tuple(kind for kind in ENTRY_KINDS if kind in used)


def info_names(edition: Edition) -> tuple[str, ...]:
    names = [page.page.name for page in edition.pages]
    return tuple(names if ABOUT in names else [ABOUT, *names])
