"""The pages of the glossary: an entry with its concordance, and the lists of entries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from markupsafe import Markup

from duben.compile.concordance import keyword_in_context
from duben.model import EditionTerm, Origin, Piece, Variant
from duben.publish.addresses import GLOSSARY, Addresses, entry_page, kind_page
from duben.publish.interface import Wording
from duben.publish.markup import Writer, write_kwic
from duben.publish.metadata import Subject
from duben.publish.views import (
    Derivation,
    EntryGroup,
    EntryLine,
    EntryView,
    Figure,
    Form,
    KwicText,
    Link,
    ListView,
    Step,
)
from duben.publish.volume import LABELS, Page, Volume
from duben.publish.wording import show_coordinates, show_date, sound

PINYIN = "zh-Latn-pinyin"


def list_page(
    volume: Volume, path: str, page_kind: str, title: str, terms: Sequence[EditionTerm], kind: str = ""
) -> Page:
    addresses = volume.addresses_of(path)
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
            group = (year, f"year-{year}") if year else (volume.ui["undated"], "undated")
        groups.setdefault(group, []).append(_entry_line(volume, term, addresses))
    view = ListView(
        title,
        tuple(EntryGroup(label, anchor, tuple(lines)) for (label, anchor), lines in groups.items()),
        len(terms),
        volume.ways(addresses),
    )
    subject = Subject(
        "DefinedTermSet" if page_kind == "glossary" else "CollectionPage", title, title, volume.title
    )
    return volume.page(path, page_kind, "list.html", subject, view)


def _entry_line(volume: Volume, term: EditionTerm, addresses: Addresses) -> EntryLine:
    return EntryLine(
        addresses.entry(term.term.id),
        term.forms[0][volume.variant],
        term.pinyin,
        term.term.gloss.get("en", ""),
        volume.ui[f"kind-{term.term.kind}"],
        show_date(term.term.date),
        volume.count(term),
    )


def entry_page_of(volume: Volume, term: EditionTerm, concordance: tuple[KwicText, ...]) -> Page:
    """An entry's page. Of the texts it knows the concordance, and nothing else."""
    entry = term.term
    path = entry_page(entry.id)
    addresses = volume.addresses_of(path)
    name = term.forms[0][volume.variant]
    definition = Writer(addresses, volume.ui).blocks(term.definition)
    view = EntryView(
        term=name,
        pinyin=term.pinyin,
        kind=Link(volume.ui[f"kind-{entry.kind}"], addresses.to(kind_page(entry.kind))),
        forms=tuple(
            Form(variant.value, _label(variant), term.forms[0][variant])
            for variant in volume.edition.settings.variants
        ),
        derivations=_derivations(volume, term),
        aliases=tuple(forms[volume.variant] for forms in term.forms[1:]),
        glosses=tuple(entry.gloss.items()),
        definition=definition,
        facts=_entry_facts(volume, term),
        see=tuple(_entry_link(volume, id, addresses) for id in entry.see),
        seen_from=tuple(_entry_link(volume, id, addresses) for id in volume.seen_from.get(entry.id, ())),
        sources=tuple(
            Figure(volume.convert(source.title, entry.variant), show_date(source.date), source.url)
            for source in entry.sources
        ),
        concordance=concordance,
        total=sum(len(text.positions) for text in concordance),
    )
    description = volume.plain(term.definition) or entry.gloss.get("en", name)
    subject = Subject(
        "DefinedTerm",
        name,
        description,
        volume.title,
        more={
            "alternateName": list(view.aliases),
            "inDefinedTermSet": _glossary(volume),
        },
    )
    return volume.page(path, "entry", "entry.html", subject, view)


def _glossary(volume: Volume) -> dict[str, str]:
    """The glossary as schema.org has it."""
    found = {"@type": "DefinedTermSet", "name": str(volume.ui["glossary"])}
    base_url = volume.edition.settings.base_url
    return {**found, "url": f"{base_url}{volume.variant.folder}/{GLOSSARY}"} if base_url else found


def _derivations(volume: Volume, term: EditionTerm) -> tuple[Derivation, ...]:
    """How the forms came to be, one line for the variants that agree, and how the pinyin did."""
    agreeing: dict[tuple[str, Origin], list[Variant]] = {}
    for variant, origin in term.origins.items():
        agreeing.setdefault((term.forms[0][variant], origin), []).append(variant)
    return (
        *(
            Derivation(
                form,
                variants[0].value,
                tuple((variant.value, _label(variant)) for variant in variants),
                _source(volume, origin, converted=origin.variant is not variants[0]),
                origin.variant.value,
                _steps(volume, origin.written, origin.pieces),
            )
            for (form, origin), variants in agreeing.items()
        ),
        *_pinyin_derivation(volume, term),
    )


def _label(variant: Variant) -> Wording:
    """The name of a variant in its own script, which a page can say in another language."""
    return Wording(LABELS[variant], f"variant-{variant}")


def _source(volume: Volume, origin: Origin, *, converted: bool) -> str:
    key = "given" if origin.given else "printed"
    if converted:
        key = "given-for" if origin.given else "converted"
    return volume.ui[f"origin-{key}"].of(volume.ui[f"script-{origin.variant}"])


def _steps(volume: Volume, written: str, pieces: Iterable[Piece]) -> tuple[Step, ...]:
    """The rules that decided, each with what it changed; that nothing changed, where it did not."""
    changes = _by_rule(written, pieces)
    if len(changes) > 1:
        changes.pop("kept", None)
    return tuple(
        Step(
            volume.ui[f"rule-{rule}"].of(volume.edition.settings.engine),
            () if rule == "kept" else found,
        )
        for rule, found in changes.items()
    )


def _pinyin_derivation(volume: Volume, term: EditionTerm) -> Iterator[Derivation]:
    """How the pinyin came to be; nothing for a headword without any."""
    read = _by_rule(term.forms[0][Variant.HANS], term.readings)
    if not read:
        return
    source, steps = volume.ui["origin-given"], []
    if "entry" not in read:
        source = volume.ui["pinyin-derived"]
        for rule, found in read.items():
            # Where one rule read all, its stretches say nothing that the pinyin does not say.
            alone = len(read) == 1
            key = "rest" if rule == "dictionary" and not alone else rule
            steps.append(Step(volume.ui[f"pinyin-{key}"], () if alone or key == "rest" else found))
    label = (volume.variant.value, volume.ui["pinyin"])
    # The rest comes after what it is the rest of.
    steps.sort(key=lambda step: not step.changes)
    yield Derivation(term.pinyin, PINYIN, (label,), source, Variant.HANS.value, tuple(steps))


def _entry_link(volume: Volume, id: str, addresses: Addresses) -> Link:
    return Link(volume.terms[id].forms[0][volume.variant], addresses.entry(id))


def _entry_facts(volume: Volume, term: EditionTerm) -> tuple[Figure, ...]:
    facts = []
    if term.term.date:
        facts.append(Figure(volume.ui["date"], show_date(term.term.date)))
    if term.term.coordinates:
        latitude, longitude = term.term.coordinates
        facts.append(Figure(volume.ui["coordinates"], show_coordinates(latitude, longitude)))
    return tuple(facts)


def concordance_of(volume: Volume, term: EditionTerm) -> tuple[KwicText, ...]:
    """Where an entry occurs, by text, as its page shows it."""
    addresses = volume.addresses_of(entry_page(term.term.id))
    found: list[KwicText] = []
    occurrences = volume.edition.occurrences.get(term.term.id, ())
    for slug, group in groupby(occurrences, key=lambda occurrence: occurrence.text):
        passages = volume.texts[slug].passages
        lines, positions = [], []
        for occurrence in group:
            passage = passages[occurrence.passage]
            id = passage.paragraph.id
            lines.append(
                write_kwic(
                    keyword_in_context(passage.conversions[volume.variant], occurrence.span),
                    addresses.text(slug, id),
                    volume.paragraph_number(id),
                    volume.ui,
                    nested=occurrence.nested,
                )
            )
            positions.append(occurrence.position)
        title = volume.texts[slug].title.text_in(volume.variant)
        found.append(KwicText(title, addresses.text(slug), Markup("\n".join(lines)), tuple(positions)))
    return tuple(found)


def _by_rule(written: str, pieces: Iterable[Piece]) -> dict[str, tuple[tuple[str, str], ...]]:
    """Rule → (before, after) of the stretches on which it decided, each once."""
    found: dict[str, dict[tuple[str, str], None]] = {}
    for piece in pieces:
        found.setdefault(piece.rule, {})[written[slice(*piece.source)], piece.text] = None
    return {rule: tuple(changes) for rule, changes in found.items()}
