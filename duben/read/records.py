"""Schema records → the model's values: settings, entries, texts with their annotations."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from duben.diagnostics import Report
from duben.model import (
    Citation,
    ConvertChoice,
    EntryChoice,
    Location,
    Metadata,
    Note,
    Paragraph,
    Quote,
    Reading,
    Settings,
    Target,
    Term,
    Text,
    Variant,
)
from duben.read.files import ContentFile
from duben.read.markdown import inside_yaml
from duben.read.outside import read_outside
from duben.read.paragraphs import plain_paragraph, read_body, read_prose
from duben.read.schema import (
    ConvertFields,
    EditionFields,
    EntryFields,
    NoteFields,
    ScriptsFields,
    TextFields,
    UntilFields,
)
from duben.read.syllables import split_syllables
from duben.read.yaml_nodes import Scalar

#: A link of a body to a paragraph of its own.
LINK_INSIDE = re.compile(r"\]\(<?#(p[1-9][0-9]{0,6})\b")
#: What stands for `[[target]]` in plain text.
LabelOf = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Draft:
    """A text whose text.yaml is read and whose body is not."""

    slug: str
    fields: TextFields
    body: ContentFile | None
    file: ContentFile


def settings_of(
    fields: EditionFields,
    lang: Variant,
    scripts: ScriptsFields | None,
    label_of: LabelOf,
    report: Report,
) -> Settings:
    phrases = _phrases(scripts)
    if fields.segmenter and (_value(fields.engine) or "duben") != "duben":
        report.warning(
            fields.segmenter.at,
            "decision-needless",
            "`segmenter` has no use beside another `engine`",
            "remove one of the two",
        )
    pinyin = scripts.pinyin if scripts and scripts.pinyin else {}
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
        segmenter=_value(fields.segmenter) or "words",
        phrases=MappingProxyType(
            {
                variant: MappingProxyType({phrase: value.value for phrase, value in written.items()})
                for variant, written in phrases.items()
            }
        ),
        places=MappingProxyType(
            {
                (variant, phrase): value.at
                for variant, written in phrases.items()
                for phrase, value in written.items()
            }
        ),
        pinyin=MappingProxyType(
            {phrase.strip(): " ".join(split_syllables(reading.value)) for phrase, reading in pinyin.items()}
        ),
        pinyin_places=MappingProxyType({phrase.strip(): reading.at for phrase, reading in pinyin.items()}),
    )


def _phrases(scripts: ScriptsFields | None) -> dict[Variant, Mapping[str, Scalar]]:
    if scripts is None:
        return {}
    written = {
        Variant.HANS: scripts.hans,
        Variant.HANT: scripts.hant,
        Variant.TW: scripts.tw,
        Variant.HK: scripts.hk,
    }
    return {variant: phrases for variant, phrases in written.items() if phrases is not None}


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


def term_of(fields: EntryFields, lang: Variant, label_of: LabelOf, report: Report) -> Term:
    variant = fields.lang or lang
    places: dict[str, Location] = {"term": fields.term.at}
    for alias in fields.aliases or ():
        places.setdefault(alias.value.strip(), alias.at)
    for name, form in (fields.forms or {}).items():
        places[name] = form.at
    if fields.pinyin:
        places["pinyin"] = fields.pinyin.at
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


def text_of(
    draft: Draft,
    body: str | None,
    settings: Settings,
    outside: Path | None,
    label_of: LabelOf,
    report: Report,
) -> Text | None:
    """A text. body: what its text.md holds; None for one whose source is the file `outside`."""
    fields = draft.fields
    variant = fields.lang or settings.variant
    if draft.body and body is not None:
        standing = standing_on(fields, body)
        paragraphs = read_body(body, draft.body.name, variant, fields.next_id, report, standing)
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


def standing_on(fields: TextFields, body: str) -> dict[str, str]:
    """What of a text stands on which paragraph: id → “n2”, “a decision”, “a link”; of several, the first."""
    found: dict[str, str] = {}
    for note in fields.notes or ():
        what = (str(note.id) if note.id else "a note") if note.note else "a decision"
        for place in (note.in_, note.until.in_ if note.until else None):
            if place:
                found.setdefault(place.value.partition(".")[0], what)
    for convert in fields.convert or ():
        if convert.in_:
            found.setdefault(convert.in_.value.partition(".")[0], "a decision")
    for id in LINK_INSIDE.findall(body):
        found.setdefault(id, "a link")
    found.pop("title", None)
    return found


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
        target = self._target(fields)
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
        self.converts.append(
            ConvertChoice(self._target(fields), _forms(fields.to), _value(fields.why), fields.at)
        )

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

    def _target(self, fields: NoteFields | ConvertFields) -> Target:
        paragraph = _value(fields.in_)
        until = fields.until if isinstance(fields, NoteFields) else None
        start = self._quote(fields, paragraph) if fields.on else None
        end = self._quote(until, _value(until.in_) or paragraph) if until else None
        place = fields.on.at if fields.on else fields.in_.at if fields.in_ else fields.at
        return Target(paragraph, start, end, place, until.on.at if until else None)

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
