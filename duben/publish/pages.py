"""Which pages there are: the address, template and view of each."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from markupsafe import Markup

from duben.compile.concordance import keyword_in_context
from duben.compile.glossary import Scripts
from duben.model import (
    Edition,
    EditionPage,
    EditionTerm,
    EditionText,
    Metadata,
    Origin,
    Passage,
    Piece,
    Variant,
)
from duben.publish.addresses import (
    CHOOSER,
    FEED,
    GLOSSARY,
    HOME,
    Addresses,
    entry_page,
    info_page,
    kind_page,
    text_page,
)
from duben.publish.markup import Writer
from duben.publish.metadata import Subject, describe, describe_chooser, last_told
from duben.publish.views import (
    ChooserView,
    Derivation,
    EntryGroup,
    EntryLine,
    EntryView,
    Figure,
    Form,
    Frame,
    Heading,
    HomeView,
    InfoView,
    KwicLine,
    KwicText,
    Link,
    ListView,
    NoteView,
    Step,
    TextLine,
    TextView,
    VariantLink,
    Word,
)
from duben.publish.wording import show_coordinates, show_date, sound
from duben.read.schema import ENTRY_KINDS

#: How each variant is called, in its own script.
LABELS = {Variant.HANS: "简体", Variant.HANT: "繁體", Variant.TW: "臺灣", Variant.HK: "香港"}
ABOUT = "about"
PINYIN = "zh-Latn-pinyin"


class Page(NamedTuple):
    """A page to render. path: under the output folder."""

    path: str
    template: str
    frame: Frame
    view: Any
    ui: Mapping[str, str]


def count_pages(edition: Edition) -> int:
    """How many pages `list_pages` yields."""
    per_variant = (
        2 + len(edition.texts) + len(edition.terms) + len(_kinds(edition)) + len(_info_names(edition))
    )
    return 1 + per_variant * len(edition.settings.variants)


def list_pages(
    edition: Edition, interface: Mapping[str, Mapping[str, str]], styles: Sequence[str] = ()
) -> Iterator[Page]:
    """All pages of the edition, one at a time.

    interface: key → language → string. styles: the edition's own style sheets, below the site's root.
    """
    scripts = Scripts(edition.settings)
    desks = [_Desk(edition, variant, scripts, interface, styles) for variant in edition.settings.variants]
    yield _chooser(edition, desks)
    for desk in desks:
        yield from desk.pages()


def _kinds(edition: Edition) -> tuple[str, ...]:
    used = {term.term.kind for term in edition.terms}
    return tuple(kind for kind in ENTRY_KINDS if kind in used)


def _info_names(edition: Edition) -> tuple[str, ...]:
    names = [page.page.name for page in edition.pages]
    return tuple(names if ABOUT in names else [ABOUT, *names])


def _chooser(edition: Edition, desks: Sequence[_Desk]) -> Page:
    lines = tuple(
        VariantLink(desk.variant.value, LABELS[desk.variant], f"{desk.variant.folder}/{HOME}", False)
        for desk in desks
    )
    first = desks[0]
    subject = Subject("WebSite", first.title, first.plain(edition.description), first.title)
    homes = {desk.variant: line.href for desk, line in zip(desks, lines, strict=True)}
    frame = Frame(
        lang=first.variant.value,
        kind="chooser",
        title=first.title,
        edition=first.title,
        root="",
        home=lines[0].href,
        nav=(),
        variants=lines,
        meta=describe_chooser(subject, homes, edition.settings.base_url),
        rights=first.convert(edition.settings.rights),
        styles=first.styles,
        feeds=tuple(link for desk in desks for link in desk.feeds(f"{desk.variant.folder}/{FEED}")),
    )
    names = {desk.variant.value: desk.title for desk in desks}
    return Page(CHOOSER, "chooser.html", frame, ChooserView(first.title, lines, names), first.ui)


class _Desk:
    """Makes the pages of one variant."""

    def __init__(
        self,
        edition: Edition,
        variant: Variant,
        scripts: Scripts,
        interface: Mapping[str, Mapping[str, str]],
        styles: Sequence[str],
    ) -> None:
        self.edition = edition
        self.styles = tuple(styles)
        self.variant = variant
        self.scripts = scripts
        to_variant = scripts.between(Variant.HANS, variant)
        self.ui = {key: to_variant.convert(strings[Variant.HANS]).text for key, strings in interface.items()}
        self.title = edition.title.text_in(variant)
        self.fed = bool(edition.settings.base_url) and any(
            last_told(text.text.metadata, noindex=not text.text.republish) for text in edition.texts
        )
        self.texts = {text.text.slug: text for text in edition.texts}
        self.terms = {term.term.id: term for term in edition.terms}
        self.kinds = _kinds(edition)
        self.seen_from = self._references()
        self.sorted_terms = sorted(edition.terms, key=lambda term: (sound(term.pinyin), term.term.id))
        self.briefs: dict[tuple[str, int], Markup] = {}

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

    def pages(self) -> Iterator[Page]:
        yield self._home()
        for index in range(len(self.edition.texts)):
            yield self._text(index)
        yield self._list(GLOSSARY, "glossary", self.ui["glossary"], self.sorted_terms)
        for kind in self.kinds:
            terms = [term for term in self.sorted_terms if term.term.kind == kind]
            yield self._list(kind_page(kind), "kind", self.ui[f"kind-{kind}"], terms, kind)
        for term in self.edition.terms:
            yield self._entry(term)
        by_name = {page.page.name: page for page in self.edition.pages}
        for name in _info_names(self.edition):
            yield self._info(name, by_name.get(name))

    # --- what every page has ---------------------------------------------------------------------

    def _page(self, path: str, kind: str, template: str, subject: Subject, view: Any) -> Page:
        addresses = self._addresses(path)
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
        )
        return Page(f"{self.variant.folder}/{path}", template, frame, view, self.ui)

    def _addresses(self, path: str) -> Addresses:
        return Addresses(self.variant, path, self.edition.absent)

    def _nav(self, addresses: Addresses) -> tuple[Link, ...]:
        places = [
            (self.ui["home"], HOME),
            (self.ui["glossary"], GLOSSARY),
            *(
                (self.ui[f"kind-{kind}"], kind_page(kind))
                for kind in ("person", "place", "organisation", "event")
                if kind in self.kinds
            ),
            *((self._info_title(name), info_page(name)) for name in _info_names(self.edition)),
        ]
        return tuple(Link(label, addresses.to(path), path == addresses.path) for label, path in places)

    def _info_title(self, name: str) -> str:
        page = next((page for page in self.edition.pages if page.page.name == name), None)
        return page.title.text_in(self.variant) if page else self.ui["about"]

    def _ways(self, addresses: Addresses) -> tuple[tuple[Link, int], ...]:
        counts = [(self.ui["glossary"], GLOSSARY, len(self.edition.terms))]
        for kind in self.kinds:
            number = sum(term.term.kind == kind for term in self.edition.terms)
            counts.append((self.ui[f"kind-{kind}"], kind_page(kind), number))
        return tuple(
            (Link(label, addresses.to(path), path == addresses.path), number)
            for label, path, number in counts
        )

    # --- home, lists, pages ----------------------------------------------------------------------

    def _home(self) -> Page:
        addresses = self._addresses(HOME)
        view = HomeView(
            self.title,
            Writer(addresses, self.ui).blocks(self.edition.description),
            tuple(self._text_line(text, addresses) for text in self.edition.texts),
            self._ways(addresses) if self.edition.terms else (),
        )
        editors = tuple(self.convert(editor) for editor in self.edition.settings.editors)
        subject = Subject(
            "WebSite", self.title, self.plain(self.edition.description), self.title, editors=editors
        )
        return self._page(HOME, "home", "home.html", subject, view)

    def _text_line(self, text: EditionText, addresses: Addresses) -> TextLine:
        work = self._work(text)
        return TextLine(
            text.title.text_in(self.variant),
            addresses.text(text.text.slug),
            " · ".join(part for part in (*work.author, work.publisher, show_date(work.date)) if part),
            Writer(
                addresses,
                self.ui,
                scope=f"-{text.text.slug}",
                text=addresses.text(text.text.slug),
            ).blocks(text.summary),
            sum(passage.paragraph.kind not in ("heading", "cell") for passage in text.passages),
            text.text.variant is self.variant,
            self.ui[f"script-{text.text.variant}"],
        )

    def _list(
        self, path: str, page_kind: str, title: str, terms: Sequence[EditionTerm], kind: str = ""
    ) -> Page:
        addresses = self._addresses(path)
        groups: dict[tuple[str, str], list[EntryLine]] = {}
        ordered = sorted(terms, key=lambda term: term.term.date or "9999") if kind == "event" else terms
        for term in ordered:
            letter = sound(term.pinyin)[:1].upper()
            group = (
                (letter, f"letter-{letter.lower()}")
                if letter.isascii() and letter.isalpha()
                else ("#", "letter-other")
            )
            if kind == "event":
                year = term.term.date[:4]
                group = (year, f"year-{year}") if year else (self.ui["undated"], "undated")
            groups.setdefault(group, []).append(self._entry_line(term, addresses))
        view = ListView(
            title,
            tuple(EntryGroup(label, anchor, tuple(lines)) for (label, anchor), lines in groups.items()),
            len(terms),
            self._ways(addresses),
        )
        subject = Subject(
            "DefinedTermSet" if page_kind == "glossary" else "CollectionPage", title, title, self.title
        )
        return self._page(path, page_kind, "list.html", subject, view)

    def _entry_line(self, term: EditionTerm, addresses: Addresses) -> EntryLine:
        return EntryLine(
            addresses.entry(term.term.id),
            term.forms[0][self.variant],
            term.pinyin,
            term.term.gloss.get("en", ""),
            self.ui[f"kind-{term.term.kind}"],
            show_date(term.term.date),
            len(self.edition.occurrences.get(term.term.id, ())),
        )

    def _info(self, name: str, page: EditionPage | None) -> Page:
        path = info_page(name)
        addresses = self._addresses(path)
        writer = Writer(addresses, self.ui)
        title = self._info_title(name)
        colophon: tuple[tuple[Link, tuple[Figure, ...]], ...] = ()
        facts: tuple[Figure, ...] = ()
        if name == ABOUT:
            facts = self._edition_facts()
            colophon = tuple(
                (
                    Link(text.title.text_in(self.variant), addresses.text(text.text.slug)),
                    self._facts(text),
                )
                for text in self.edition.texts
            )
        passages = page.passages if page else self.edition.description
        view = InfoView(
            body=writer.blocks(passages),
            title=writer.inline(page.title) if page else Markup.escape(title),
            facts=facts,
            colophon=colophon,
        )
        subject = Subject("WebPage", title, self.plain(passages), self.title)
        return self._page(path, "info", "info.html", subject, view)

    def _edition_facts(self) -> tuple[Figure, ...]:
        settings = self.edition.settings
        editors = "、".join(self.convert(editor) for editor in settings.editors)
        figures = [
            Figure(self.ui["editor"], editors),
            Figure(self.ui["rights"], self.convert(settings.rights)),
        ]
        return tuple(figure for figure in figures if figure.value)

    # --- texts -----------------------------------------------------------------------------------

    def _text(self, index: int) -> Page:
        texts = self.edition.texts
        text = texts[index]
        slug = text.text.slug
        addresses = self._addresses(text_page(slug))
        numbers = {note.id: note.number for note in text.notes}
        writer = Writer(addresses, self.ui, numbers, ids=True)
        title = Writer(addresses, self.ui, numbers).inline(text.title)
        work = self._work(text)
        original = text.text.variant
        shown = original in self.edition.settings.variants
        view = TextView(
            title=title,
            printed=original is self.variant,
            original=Link(self.ui[f"script-{original}"], addresses.to_variant(original) if shown else ""),
            facts=self._facts(text),
            summary=Writer(addresses, self.ui, scope="-summary").blocks(text.summary),
            body=writer.blocks(text.passages),
            headings=self._headings(text),
            notes=self._notes(text, addresses),
            words=self._words(text, addresses),
            previous=self._neighbour(index - 1, addresses),
            next=self._neighbour(index + 1, addresses),
            picture=addresses.static(work.picture) if work.picture else "",
            source=Figure(self.ui["source"], work.publisher or work.url, work.url) if work.url else None,
        )
        subject = Subject(
            "Article",
            text.title.text_in(self.variant),
            self.plain(text.summary),
            self.title,
            work,
            noindex=not text.text.republish,
        )
        return self._page(text_page(slug), "text", "text.html", subject, view)

    def _neighbour(self, index: int, addresses: Addresses) -> Link | None:
        if not 0 <= index < len(self.edition.texts):
            return None
        text = self.edition.texts[index]
        return Link(text.title.text_in(self.variant), addresses.text(text.text.slug))

    def _work(self, text: EditionText) -> Metadata:
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

    def _facts(self, text: EditionText) -> tuple[Figure, ...]:
        work = self._work(text)
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

    def _headings(self, text: EditionText) -> tuple[Heading, ...]:
        found = [passage for passage in text.passages if passage.paragraph.kind == "heading"]
        lowest = min((passage.paragraph.level for passage in found), default=1)
        return tuple(
            Heading(
                passage.paragraph.level - lowest + 2,
                passage.text_in(self.variant),
                f"#{passage.paragraph.id}",
            )
            for passage in found
        )

    def _notes(self, text: EditionText, addresses: Addresses) -> tuple[NoteView, ...]:
        return tuple(
            NoteView(
                note.id,
                note.number,
                note.lemma[self.variant] if note.lemma else "",
                Writer(addresses, self.ui, heading=3, scope=f"-{note.id}").blocks(note.body),
                f"#{note.paragraph}",
                self._where(note.paragraph),
            )
            for note in text.notes
        )

    def _where(self, paragraph: str) -> str:
        if paragraph == "title":
            return self.ui["title-word"]
        return self.ui["paragraph-n"].replace("{n}", self._number(paragraph))

    def _number(self, paragraph: str) -> str:
        """A paragraph's number; a cell has that of its table."""
        return paragraph.removeprefix("p").partition(".")[0]

    def _words(self, text: EditionText, addresses: Addresses) -> tuple[Word, ...]:
        """The entries that occur in a text, in the order of their first occurrence."""
        ids = dict.fromkeys(hit.term for passage in text.passages for hit in passage.hits)
        return tuple(
            Word(
                id,
                addresses.entry(id),
                term.forms[0][self.variant],
                term.pinyin,
                term.term.gloss.get("en", ""),
                self.ui[f"kind-{term.term.kind}"],
                self._brief(term, addresses),
                len(self.edition.occurrences[id]),
            )
            for id in ids
            for term in (self.terms[id],)
        )

    def _brief(self, term: EditionTerm, addresses: Addresses) -> Markup:
        """The start of a definition: the same on every page of one depth, so made once."""
        key = (term.term.id, addresses.path.count("/"))
        if key not in self.briefs:
            first = [p for p in term.definition if p.paragraph.text][:1]
            self.briefs[key] = (
                Writer(addresses, self.ui, scope=f"-{term.term.id}").inline(first[0]) if first else Markup()
            )
        return self.briefs[key]

    # --- entries ---------------------------------------------------------------------------------

    def _entry(self, term: EditionTerm) -> Page:
        entry = term.term
        path = entry_page(entry.id)
        addresses = self._addresses(path)
        name = term.forms[0][self.variant]
        definition = Writer(addresses, self.ui).blocks(term.definition)
        view = EntryView(
            term=name,
            pinyin=term.pinyin,
            kind=Link(self.ui[f"kind-{entry.kind}"], addresses.to(kind_page(entry.kind))),
            forms=tuple(
                Form(variant.value, LABELS[variant], term.forms[0][variant])
                for variant in self.edition.settings.variants
            ),
            derivations=self._derivations(term),
            aliases=tuple(forms[self.variant] for forms in term.forms[1:]),
            glosses=tuple(entry.gloss.items()),
            definition=definition,
            facts=self._entry_facts(term),
            see=tuple(self._entry_link(id, addresses) for id in entry.see),
            seen_from=tuple(self._entry_link(id, addresses) for id in self.seen_from.get(entry.id, ())),
            sources=tuple(
                Figure(self.convert(source.title, entry.variant), show_date(source.date), source.url)
                for source in entry.sources
            ),
            concordance=self._concordance(term, addresses),
            total=len(self.edition.occurrences.get(entry.id, ())),
        )
        description = self.plain(term.definition) or entry.gloss.get("en", name)
        subject = Subject(
            "DefinedTerm",
            name,
            description,
            self.title,
            more={
                "alternateName": list(view.aliases),
                "inDefinedTermSet": {"@type": "DefinedTermSet", "name": self.ui["glossary"]},
            },
        )
        return self._page(path, "entry", "entry.html", subject, view)

    def _derivations(self, term: EditionTerm) -> tuple[Derivation, ...]:
        """How the forms came to be, one line for the variants that agree, and how the pinyin did."""
        agreeing: dict[tuple[str, Origin], list[Variant]] = {}
        for variant, origin in term.origins.items():
            agreeing.setdefault((term.forms[0][variant], origin), []).append(variant)
        return (
            *(
                Derivation(
                    form,
                    variants[0].value,
                    tuple((variant.value, LABELS[variant]) for variant in variants),
                    self._source(origin, converted=origin.variant is not variants[0]),
                    origin.variant.value,
                    self._steps(origin.written, origin.pieces),
                )
                for (form, origin), variants in agreeing.items()
            ),
            *self._pinyin_derivation(term),
        )

    def _source(self, origin: Origin, *, converted: bool) -> str:
        key = "given" if origin.given else "printed"
        if converted:
            key = "given-for" if origin.given else "converted"
        return self.ui[f"origin-{key}"].replace("{script}", self.ui[f"script-{origin.variant}"])

    def _steps(self, written: str, pieces: Iterable[Piece]) -> tuple[Step, ...]:
        """The rules that decided, each with what it changed; that nothing changed, where it did not."""
        changes = _by_rule(written, pieces)
        if len(changes) > 1:
            changes.pop("kept", None)
        return tuple(
            Step(
                self.ui[f"rule-{rule}"].replace("{engine}", self.edition.settings.engine),
                () if rule == "kept" else found,
            )
            for rule, found in changes.items()
        )

    def _pinyin_derivation(self, term: EditionTerm) -> Iterator[Derivation]:
        """How the pinyin came to be; nothing for a headword without any."""
        read = _by_rule(term.forms[0][Variant.HANS], term.readings)
        if not read:
            return
        source, steps = self.ui["origin-given"], []
        if "entry" not in read:
            source = self.ui["pinyin-derived"]
            for rule, found in read.items():
                # Where one rule read all, its stretches say nothing that the pinyin does not say.
                alone = len(read) == 1
                key = "rest" if rule == "dictionary" and not alone else rule
                steps.append(Step(self.ui[f"pinyin-{key}"], () if alone or key == "rest" else found))
        label = (self.variant.value, self.ui["pinyin"])
        # The rest comes after what it is the rest of.
        steps.sort(key=lambda step: not step.changes)
        yield Derivation(term.pinyin, PINYIN, (label,), source, Variant.HANS.value, tuple(steps))

    def _entry_link(self, id: str, addresses: Addresses) -> Link:
        return Link(self.terms[id].forms[0][self.variant], addresses.entry(id))

    def _entry_facts(self, term: EditionTerm) -> tuple[Figure, ...]:
        facts = []
        if term.term.date:
            facts.append(Figure(self.ui["date"], show_date(term.term.date)))
        if term.term.coordinates:
            latitude, longitude = term.term.coordinates
            facts.append(Figure(self.ui["coordinates"], show_coordinates(latitude, longitude)))
        return tuple(facts)

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

    def _concordance(self, term: EditionTerm, addresses: Addresses) -> tuple[KwicText, ...]:
        by_text: dict[str, list[tuple[KwicLine, int]]] = {}
        for occurrence in self.edition.occurrences.get(term.term.id, ()):
            passage = self.texts[occurrence.text].passages[occurrence.passage]
            id = passage.paragraph.id
            left, key, right = keyword_in_context(passage.conversions[self.variant], occurrence.span)
            line = KwicLine(
                left, key, right, addresses.text(occurrence.text, id), self._number(id), occurrence.nested
            )
            by_text.setdefault(occurrence.text, []).append((line, occurrence.position))
        return tuple(
            KwicText(
                self.texts[slug].title.text_in(self.variant),
                addresses.text(slug),
                tuple(line for line, _ in lines),
                tuple(position for _, position in lines),
            )
            for slug, lines in by_text.items()
        )


def _by_rule(written: str, pieces: Iterable[Piece]) -> dict[str, tuple[tuple[str, str], ...]]:
    """Rule → (before, after) of the stretches on which it decided, each once."""
    found: dict[str, dict[tuple[str, str], None]] = {}
    for piece in pieces:
        found.setdefault(piece.rule, {})[written[slice(*piece.source)], piece.text] = None
    return {rule: tuple(changes) for rule, changes in found.items()}
