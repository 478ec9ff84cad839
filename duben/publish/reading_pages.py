"""The page on which a text is read."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from duben.model import EditionTerm, EditionText
from duben.publish.addresses import Addresses, text_page
from duben.publish.markup import Writer
from duben.publish.metadata import Subject
from duben.publish.views import Figure, Heading, Link, NoteView, TextView, Word
from duben.publish.volume import Page, Volume


def text_inputs(volume: Volume, index: int) -> tuple[object, ...]:
    """What can change a text's page, beside what all pages have in common."""
    texts = volume.edition.texts
    beside = (texts[at] for at in (index - 1, index + 1) if 0 <= at < len(texts))
    words = tuple(volume.terms[id] for id in _entries_in(texts[index]))
    return (
        texts[index],
        index == 0,
        tuple((text.text.slug, text.title) for text in beside),
        words,
        tuple(map(volume.count, words)),
    )


def reading_page(volume: Volume, index: int) -> Page:
    texts = volume.edition.texts
    text = texts[index]
    slug = text.text.slug
    addresses = volume.addresses_of(text_page(slug))
    numbers = {note.id: note.number for note in text.notes}
    writer = Writer(addresses, volume.ui, numbers, ids=True, openings=volume.openings)
    title = Writer(addresses, volume.ui, numbers).inline(text.title)
    work = volume.work(text)
    original = text.text.variant
    shown = original in volume.edition.settings.variants
    view = TextView(
        title=title,
        printed=original is volume.variant,
        original=Link(volume.ui[f"script-{original}"], addresses.to_variant(original) if shown else ""),
        facts=volume.facts(text),
        summary=Writer(addresses, volume.ui, scope="-summary").blocks(text.summary),
        body=writer.blocks(text.passages),
        headings=_headings(volume, text),
        notes=_notes(volume, text, addresses),
        words=_words(volume, text, addresses),
        previous=_neighbour(volume, index - 1, addresses),
        next=_neighbour(volume, index + 1, addresses),
        picture=addresses.static(work.picture) if work.picture else "",
        source=Figure(volume.ui["source"], work.publisher or work.url, work.url) if work.url else None,
    )
    subject = Subject(
        "Article",
        text.title.text_in(volume.variant),
        volume.plain(text.summary),
        volume.title,
        work,
        noindex=not text.text.republish,
        editors=volume.editors,
    )
    return volume.page(text_page(slug), "text", "text.html", subject, view)


def _neighbour(volume: Volume, index: int, addresses: Addresses) -> Link | None:
    if not 0 <= index < len(volume.edition.texts):
        return None
    text = volume.edition.texts[index]
    return Link(text.title.text_in(volume.variant), addresses.text(text.text.slug))


def _headings(volume: Volume, text: EditionText) -> tuple[Heading, ...]:
    found = [passage for passage in text.passages if passage.paragraph.kind == "heading"]
    lowest = min((passage.paragraph.level for passage in found), default=1)
    return tuple(
        Heading(
            min(passage.paragraph.level - lowest + 2, 6),
            passage.text_in(volume.variant),
            f"#{passage.paragraph.id}",
        )
        for passage in found
    )


def _notes(volume: Volume, text: EditionText, addresses: Addresses) -> tuple[NoteView, ...]:
    return tuple(
        NoteView(
            note.id,
            note.number,
            note.lemma[volume.variant] if note.lemma else "",
            Writer(addresses, volume.ui, heading=3, scope=f"-{note.id}").blocks(note.body),
            f"#{note.paragraph}",
            _where(volume, note.paragraph),
        )
        for note in text.notes
    )


def _where(volume: Volume, paragraph: str) -> str:
    if paragraph == "title":
        return volume.ui["title-word"]
    return volume.ui["paragraph-n"].of(volume.paragraph_number(paragraph))


def _words(volume: Volume, text: EditionText, addresses: Addresses) -> tuple[Word, ...]:
    """The entries that occur in a text, in the order of their first occurrence."""
    return tuple(
        Word(
            id,
            addresses.entry(id),
            term.forms[0][volume.variant],
            term.pinyin,
            term.term.gloss.get("en", ""),
            volume.ui[f"kind-{term.term.kind}"],
            _brief(volume, term, addresses),
        )
        for id in _entries_in(text)
        for term in (volume.terms[id],)
    )


def _entries_in(text: EditionText) -> Iterable[str]:
    return dict.fromkeys(hit.term for passage in text.passages for hit in passage.hits)


def _brief(volume: Volume, term: EditionTerm, addresses: Addresses) -> Markup:
    """The start of a definition: the same on every page of one depth, so made once."""
    key = (term.term.id, addresses.path.count("/"))
    if key not in volume.briefs:
        first = [p for p in term.definition if p.paragraph.text][:1]
        volume.briefs[key] = (
            Writer(addresses, volume.ui, scope=f"-{term.term.id}").inline(first[0]) if first else Markup()
        )
    return volume.briefs[key]
