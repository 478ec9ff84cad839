"""What may be written in the YAML files: one typed schema.

A record is a frozen dataclass whose fields say, by `key(...)`, how they are written. `Record.read`
turns a node into that dataclass and reports everything that is wrong on the way; a value that is
wrong is left out, so that one mistake is told once and the rest of the file is still checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from duben.diagnostics import Report
from duben.model import Location, Variant
from duben.read.kinds import (
    BaseUrl,
    Boolean,
    Choice,
    Coordinates,
    Date,
    EntryId,
    EntryOrNone,
    Integer,
    LanguageTag,
    ListOf,
    MapOf,
    ParagraphRef,
    Prose,
    Record,
    Slug,
    Str,
    Url,
    VariantName,
    key,
)
from duben.read.syllables import is_han, is_syllable, split_syllables, suggest_syllable
from duben.read.yaml_nodes import Mapped, Node, Scalar

ENTRY_KINDS = (
    "concept",
    "policy",
    "person",
    "place",
    "organisation",
    "event",
    "work",
    "number",
    "product",
    "other",
)
LINK_POLICIES = ("every", "first-in-paragraph", "first-in-text")
#: What is searched for in every text: the cost of preparing it grows with the square of its length.
SEARCHED_LENGTH = 200


@dataclass(frozen=True)
class Searched(Str):
    """A string to look for. One that seems to be several is told: the comma of a list is half-width."""

    most: int = SEARCHED_LENGTH

    def read(self, node: Node, report: Report) -> Scalar | None:
        scalar = super().read(node, report)
        if scalar and any(sign in scalar.value for sign in "，、；【】"):
            report.warning(
                scalar.at,
                "schema-value",
                f"`{scalar.value[:40]}` is one string, which is looked for as it stands",
                "write a list of several as [甲, 乙], with half-width brackets and commas",
            )
        return scalar


SEARCHED = Searched()


@dataclass(frozen=True)
class PinyinPhrases:
    """Phrases → their pinyin with tone marks: a syllable for each Chinese character, syllables apart."""

    expects: str = "a mapping"

    def read(self, node: Node, report: Report) -> Mapping[str, Scalar] | None:
        found = MapOf(SEARCHED, Str("pinyin such as lěng zhá")).read(node, report)
        if found is None or not isinstance(node, Mapped):
            return None
        return {
            name.value: found[name.value]
            for name, _ in node.items
            if name.value in found and _is_read_so(name, found[name.value], report)
        }


def _is_read_so(phrase: Scalar, pinyin: Scalar, report: Report) -> bool:
    """True where the pinyin can be the phrase's; else the problem is reported."""
    characters = [char for char in phrase.value if is_han(char)]
    if not characters:
        report.error(
            phrase.at,
            "schema-value",
            f"`{phrase.value}` holds no Chinese character",
            "write the phrase first and its pinyin after it: `冷轧: lěng zhá`",
        )
        return False
    syllables = split_syllables(pinyin.value)
    for index, syllable in enumerate(syllables):
        if not is_syllable(syllable) and (syllable != "r" or index == 0):
            suggestion = suggest_syllable(syllable)
            report.error(
                pinyin.at,
                "schema-value",
                f"`{syllable[:40]}` is no syllable of pinyin",
                f"write {suggestion}"
                if suggestion
                else "write each syllable with its tone mark, with spaces between them: lěng zhá",
            )
            return False
    if len(syllables) != len(characters):
        report.error(
            pinyin.at,
            "schema-value",
            f"“{phrase.value}” has {_count(len(characters), 'character')},"
            f" and its pinyin {_count(len(syllables), 'syllable')}",
            "write one syllable for each character, with spaces between them",
        )
        return False
    for char, syllable in zip(characters, syllables, strict=True):
        if syllable == "r" and char not in "儿兒":
            report.error(
                pinyin.at,
                "schema-value",
                f"`r` stands where “{char}” is read",
                "the r of erhua is the reading of 儿: `花儿: huār`",
            )
            return False
    return True


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


FORMS = MapOf(Choice(tuple(Variant)), Str())
PHRASES = MapOf(SEARCHED, SEARCHED)
SEARCHED_FORMS = MapOf(
    Choice(tuple(Variant)), SEARCHED, "the form in each script", "name the script: `forms: {zh-Hant: 華}`"
)


@dataclass(frozen=True, kw_only=True)
class UntilFields:
    at: Location
    in_: Scalar | None = key(ParagraphRef(), name="in")
    on: Scalar = key(Str(), required=True)
    before: Scalar | None = key(Str())
    after: Scalar | None = key(Str())
    nth: int | None = key(Integer("a count from 1", least=1))


@dataclass(frozen=True, kw_only=True)
class NoteFields:
    at: Location
    id: Scalar | None = key(Slug())
    in_: Scalar | None = key(ParagraphRef(), name="in")
    on: Scalar | None = key(Str())
    before: Scalar | None = key(Str())
    after: Scalar | None = key(Str())
    nth: int | None = key(Integer("a count from 1", least=1))
    until: UntilFields | None = key(Record(UntilFields, "`until`", whole=True))
    lang: Variant | None = key(VariantName())
    note: Scalar | None = key(Prose())
    entry: Scalar | None = key(EntryOrNone())
    reading: Scalar | None = key(Str())


@dataclass(frozen=True, kw_only=True)
class ConvertFields:
    at: Location
    in_: Scalar | None = key(ParagraphRef(), name="in")
    on: Scalar = key(Str(), required=True)
    before: Scalar | None = key(Str())
    after: Scalar | None = key(Str())
    nth: int | None = key(Integer("a count from 1", least=1))
    to: Mapping[str, Scalar] = key(FORMS, required=True)
    why: Scalar | None = key(Str())


@dataclass(frozen=True, kw_only=True)
class BodyFields:
    at: Location
    after: Scalar | None = key(Str())
    before: Scalar | None = key(Str())


@dataclass(frozen=True, kw_only=True)
class BlockFields:
    at: Location
    join: tuple[Scalar, ...] = key(ListOf(ParagraphRef()), required=True)
    kind: Scalar | None = key(Choice(("paragraph", "verse", "heading", "quote")))


@dataclass(frozen=True, kw_only=True)
class SourceFields:
    at: Location
    file: Scalar = key(Str("a file's name"), required=True)
    sha256: Scalar = key(Str("the file's SHA-256"), required=True)
    body: BodyFields | None = key(Record(BodyFields, "`body`", whole=True))
    split: Scalar | None = key(Choice(("blank-line", "line", "space-after-stop")))
    normalize: tuple[Scalar, ...] | None = key(ListOf(Choice(("fullwidth-punctuation",)), one_will_do=True))
    blocks: tuple[BlockFields, ...] | None = key(
        ListOf(Record(BlockFields, "an item of `blocks`", whole=True))
    )


@dataclass(frozen=True, kw_only=True)
class TextFields:
    at: Location
    title: Scalar = key(Str(), required=True)
    lang: Variant | None = key(VariantName())
    author: tuple[Scalar, ...] | None = key(ListOf(Str(), one_will_do=True))
    publisher: Scalar | None = key(Str())
    date: Scalar | None = key(Date())
    revised: Scalar | None = key(Date())
    url: Scalar | None = key(Url())
    rights: Scalar | None = key(Str())
    credits: Mapping[str, Scalar] | None = key(MapOf(Str(), Str()))
    series: Scalar | None = key(Str())
    order: int | None = key(Integer())
    picture: Scalar | None = key(Str())
    summary: Scalar | None = key(Prose())
    next_id: int | None = key(Integer("the next paragraph's number", least=1), name="next-id")
    notes: tuple[NoteFields, ...] | None = key(ListOf(Record(NoteFields, "a note", whole=True)))
    entries: Mapping[str, Scalar] | None = key(MapOf(Slug(), Choice(("none", *LINK_POLICIES))))
    convert: tuple[ConvertFields, ...] | None = key(
        ListOf(Record(ConvertFields, "an item of `convert`", whole=True))
    )
    regional: tuple[Variant, ...] | None = key(ListOf(VariantName(), one_will_do=True))
    source: SourceFields | None = key(Record(SourceFields, "`source`", whole=True), vital=True)
    republish: bool | None = key(Boolean())


@dataclass(frozen=True, kw_only=True)
class CitationFields:
    at: Location
    title: Scalar = key(Str(), required=True)
    url: Scalar | None = key(Url())
    date: Scalar | None = key(Date())


@dataclass(frozen=True, kw_only=True)
class EntryFields:
    at: Location
    id: Scalar = key(EntryId(), required=True)
    kind: Scalar | None = key(Choice(ENTRY_KINDS))
    term: Scalar = key(Str("the headword", most=SEARCHED_LENGTH), required=True)
    lang: Variant | None = key(VariantName())
    forms: Mapping[str, Scalar] | None = key(SEARCHED_FORMS)
    aliases: tuple[Scalar, ...] | None = key(ListOf(SEARCHED, one_will_do=True))
    not_in: tuple[Scalar, ...] | None = key(ListOf(SEARCHED, one_will_do=True))
    pinyin: Scalar | None = key(Str())
    gloss: Mapping[str, Scalar] | None = key(MapOf(LanguageTag(), Str()))
    definition: Scalar | None = key(Prose())
    date: Scalar | None = key(Date())
    coordinates: tuple[float, float] | None = key(Coordinates())
    see: tuple[Scalar, ...] | None = key(ListOf(Slug(), one_will_do=True))
    sources: tuple[CitationFields, ...] | None = key(ListOf(Record(CitationFields, "a source")))
    link: Scalar | None = key(Choice(("never", *LINK_POLICIES)))


@dataclass(frozen=True, kw_only=True)
class EditionFields:
    at: Location
    title: Scalar = key(Str(), required=True)
    description: Scalar | None = key(Prose())
    lang: Variant | None = key(VariantName())
    variants: tuple[Variant, ...] | None = key(ListOf(VariantName(), one_will_do=True, least=1))
    regional: tuple[Variant, ...] | None = key(ListOf(VariantName(), one_will_do=True))
    base_url: Scalar | None = key(BaseUrl())
    link: Scalar | None = key(Choice(LINK_POLICIES))
    rights: Scalar | None = key(Str())
    editors: tuple[Scalar, ...] | None = key(ListOf(Str(), one_will_do=True))
    engine: Scalar | None = key(Choice(("duben", "opencc-python-reimplemented")))
    segmenter: Scalar | None = key(Choice(("words", "opencc")))


@dataclass(frozen=True, kw_only=True)
class ScriptsFields:
    at: Location
    hans: Mapping[str, Scalar] | None = key(PHRASES, name=Variant.HANS.value)
    hant: Mapping[str, Scalar] | None = key(PHRASES, name=Variant.HANT.value)
    tw: Mapping[str, Scalar] | None = key(PHRASES, name=Variant.TW.value)
    hk: Mapping[str, Scalar] | None = key(PHRASES, name=Variant.HK.value)
    pinyin: Mapping[str, Scalar] | None = key(PinyinPhrases())


EDITION = Record(EditionFields, "edition.yaml")
TEXT = Record(TextFields, "text.yaml")
ENTRY = Record(EntryFields, "an entry")
SCRIPTS = Record(ScriptsFields, "scripts.yaml")
