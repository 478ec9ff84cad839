"""Which pages there are: the address, template and view of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from duben.compile.glossary import Scripts
from duben.memo import FORGETFUL, Memo
from duben.model import Edition, EditionPage, EditionText
from duben.publish.addresses import (
    CHOOSER,
    FEED,
    GLOSSARY,
    HOME,
    OFFLINE,
    SEARCH,
    Addresses,
    entry_page,
    info_page,
    kind_page,
    text_page,
)
from duben.publish.entry_pages import concordance_of, entry_page_of, list_page
from duben.publish.interface import Catalogue, said, tongues
from duben.publish.markup import Writer
from duben.publish.metadata import Subject, describe_chooser
from duben.publish.reading_pages import reading_page, text_inputs
from duben.publish.views import (
    ChooserView,
    Figure,
    Frame,
    HomeView,
    InfoView,
    Link,
    OfflineView,
    SearchView,
    TextLine,
    Tongue,
    VariantLink,
)
from duben.publish.volume import ABOUT, LABELS, Page, Volume, info_names, kinds_of
from duben.publish.wording import show_date


def count_pages(edition: Edition) -> int:
    """How many pages `list_pages` yields."""
    per_variant = (
        4 + len(edition.texts) + len(edition.terms) + len(kinds_of(edition)) + len(info_names(edition))
    )
    return 1 + per_variant * len(edition.settings.variants)


def list_pages(
    edition: Edition,
    catalogue: Catalogue,
    styles: Sequence[str] = (),
    *,
    scripts: Scripts | None = None,
    memo: Memo = FORGETFUL,
) -> Iterator[Page]:
    """All pages of the edition, one at a time.

    styles: the edition's own style sheets, below the site's root. scripts: its converters, if they are
    there already.
    """
    scripts = scripts or Scripts(edition.settings)
    volumes = [
        Volume(edition, variant, scripts, catalogue, styles, memo) for variant in edition.settings.variants
    ]
    yield _chooser(edition, volumes, tongues(catalogue))
    for volume in volumes:
        yield from _pages_of(volume, memo)


def _chooser(edition: Edition, volumes: Sequence[Volume], spoken: tuple[Tongue, ...]) -> Page:
    lines = tuple(
        VariantLink(volume.variant.value, LABELS[volume.variant], f"{volume.variant.folder}/{HOME}", False)
        for volume in volumes
    )
    first = volumes[0]
    subject = Subject("WebSite", first.title, first.plain(edition.description), first.title)
    homes = {volume.variant: line.href for volume, line in zip(volumes, lines, strict=True)}
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
        feeds=tuple(link for volume in volumes for link in volume.feeds(f"{volume.variant.folder}/{FEED}")),
    )
    names = {volume.variant.value: volume.title for volume in volumes}
    return Page(CHOOSER, "chooser.html", frame, ChooserView(first.title, lines, names, spoken), first.ui)


def _pages_of(volume: Volume, memo: Memo) -> Iterator[Page]:
    """The pages of a variant. What can change a page beside what all have in common stands before it."""

    def keep(path: str, inputs: tuple[object, ...], make: Callable[[], Page]) -> Page:
        return memo.once(("page", volume.variant, path), (volume.common, *inputs), make)

    yield _home(volume)
    for index, text in enumerate(volume.edition.texts):
        seen = text_inputs(volume, index)
        yield keep(text_page(text.text.slug), seen, partial(reading_page, volume, index))
    listed = (volume.edition.terms, tuple(map(volume.count, volume.edition.terms)))
    whole = partial(list_page, volume, GLOSSARY, "glossary", volume.ui["glossary"], volume.sorted_terms)
    yield keep(GLOSSARY, listed, whole)
    for kind in volume.kinds:
        terms = [term for term in volume.sorted_terms if term.term.kind == kind]
        of_kind = partial(list_page, volume, kind_page(kind), "kind", volume.ui[f"kinds-{kind}"], terms, kind)
        yield keep(kind_page(kind), listed, of_kind)
    for term in volume.edition.terms:
        found = concordance_of(volume, term)
        seen = (term, found, volume.seen_from.get(term.term.id))
        yield keep(entry_page(term.term.id), seen, partial(entry_page_of, volume, term, found))
    by_name = {page.page.name: page for page in volume.edition.pages}
    for name in info_names(volume.edition):
        yield _info(volume, name, by_name.get(name))
    yield _offline(volume)
    yield _search(volume)


def _home(volume: Volume) -> Page:
    addresses = volume.addresses_of(HOME)
    view = HomeView(
        volume.title,
        Writer(addresses, volume.ui).blocks(volume.edition.description),
        tuple(_text_line(volume, text, addresses) for text in volume.edition.texts),
        volume.ways(addresses) if volume.edition.terms else (),
    )
    subject = Subject(
        "WebSite",
        volume.title,
        volume.plain(volume.edition.description),
        volume.title,
        editors=volume.editors,
    )
    return volume.page(HOME, "home", "home.html", subject, view)


def _text_line(volume: Volume, text: EditionText, addresses: Addresses) -> TextLine:
    work = volume.work(text)
    return TextLine(
        text.title.text_in(volume.variant),
        addresses.text(text.text.slug),
        " · ".join(part for part in (*work.author, work.publisher) if part),
        show_date(work.date),
        Writer(addresses, volume.ui, scope=f"-{text.text.slug}", text=addresses.text(text.text.slug)).blocks(
            text.summary
        ),
        sum(passage.paragraph.kind not in ("heading", "cell") for passage in text.passages),
        text.text.variant is volume.variant,
        volume.ui[f"script-{text.text.variant}"],
    )


def _info(volume: Volume, name: str, page: EditionPage | None) -> Page:
    path = info_page(name)
    addresses = volume.addresses_of(path)
    writer = Writer(addresses, volume.ui)
    title = volume.info_title(name)
    colophon: tuple[tuple[Link, tuple[Figure, ...]], ...] = ()
    facts: tuple[Figure, ...] = ()
    if name == ABOUT:
        facts = _edition_facts(volume)
        colophon = tuple(
            (Link(text.title.text_in(volume.variant), addresses.text(text.text.slug)), volume.facts(text))
            for text in volume.edition.texts
        )
    passages = page.passages if page else volume.edition.description
    view = InfoView(
        body=writer.blocks(passages),
        title=writer.inline(page.title) if page else said(title),
        facts=facts,
        colophon=colophon,
    )
    subject = Subject("WebPage", title, volume.plain(passages), volume.title)
    return volume.page(path, "info", "info.html", subject, view)


def _offline(volume: Volume) -> Page:
    """What a reader without a network sees instead of a page that was not kept."""
    title = volume.ui["offline-title"]
    subject = Subject("WebPage", title, "", volume.title, noindex=True)
    return volume.page(OFFLINE, "offline", "offline.html", subject, OfflineView(title))


def _search(volume: Volume) -> Page:
    addresses = volume.addresses_of(SEARCH)
    title = volume.ui["search"]
    view = SearchView(
        title,
        (
            Link(volume.ui["home"], addresses.to(HOME)),
            Link(volume.ui["glossary"], addresses.to(GLOSSARY)),
        ),
    )
    subject = Subject("SearchResultsPage", title, title, volume.title, noindex=True)
    return volume.page(SEARCH, "search", "search.html", subject, view)


def _edition_facts(volume: Volume) -> tuple[Figure, ...]:
    settings = volume.edition.settings
    figures = [
        Figure(volume.ui["editor"], "、".join(volume.editors)),
        Figure(volume.ui["rights"], volume.convert(settings.rights)),
    ]
    return tuple(figure for figure in figures if figure.value)
