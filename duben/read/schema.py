"""What may be written in the YAML files: one typed schema.

A record is a frozen dataclass whose fields say, by `key(...)`, how they are written. `Record.read`
turns a node into that dataclass and reports everything that is wrong on the way; a value that is
wrong is left out, so that one mistake is told once and the rest of the file is still checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from duben.model import Location, Variant
from duben.read.kinds import (
    BaseUrl,
    Boolean,
    Choice,
    Coordinates,
    Date,
    EntryId,
    EntryOrNone,
    FileName,
    Integer,
    LanguageTag,
    ListOf,
    MapOf,
    Need,
    ParagraphRef,
    Prose,
    Record,
    Slug,
    Str,
    Url,
    VariantName,
    key,
)
from duben.read.searched import SEARCHED, SEARCHED_LENGTH, PinyinPhrases
from duben.read.yaml_nodes import Scalar

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
FORMS = MapOf(Choice(tuple(Variant)), Str())
PHRASES = MapOf(SEARCHED, SEARCHED)
SEARCHED_FORMS = MapOf(
    Choice(tuple(Variant)), SEARCHED, "the form in each script", "name the script: `forms: {zh-Hant: 華}`"
)

_PARAGRAPH = "the paragraph that it stands in, or `title`"
_QUOTE = "a quote from the paragraph, exact: what it stands on"
_BEFORE = "what stands directly before the quote, where it occurs more than once"
_AFTER = "what stands directly after the quote, where it occurs more than once"
_NTH = "which of several like quotes, counted from 1. It shifts when the text is edited"


@dataclass(frozen=True, kw_only=True)
class UntilFields:
    at: Location
    in_: Scalar | None = key(
        ParagraphRef(), name="in", about="the paragraph in which the range ends", example="p8"
    )
    on: Scalar = key(Str(), required=True, about="a quote, exact, with which the range ends")
    before: Scalar | None = key(Str(), about=_BEFORE)
    after: Scalar | None = key(Str(), about=_AFTER)
    nth: int | None = key(Integer("a count from 1", least=1), about=_NTH)


@dataclass(frozen=True, kw_only=True)
class NoteFields:
    at: Location
    id: Scalar | None = key(
        Slug(), about="its address. `duben check --fix` gives one where you give none", example="n1"
    )
    in_: Scalar | None = key(ParagraphRef(), name="in", about=_PARAGRAPH, example="p3")
    on: Scalar | None = key(
        Str(),
        about="a quote from the paragraph, exact: what the note stands on; without it, the whole paragraph",
        example="老树发新芽",
    )
    before: Scalar | None = key(Str(), about=_BEFORE)
    after: Scalar | None = key(Str(), about=_AFTER)
    nth: int | None = key(Integer("a count from 1", least=1), about=_NTH)
    until: UntilFields | None = key(
        Record(UntilFields, "`until`", whole=True), about="where a range ends that starts with the quote"
    )
    lang: Variant | None = key(VariantName(), about="the note's script, where it is not the edition's")
    note: Scalar | None = key(
        Prose(),
        about="the note, in Markdown. `[[id]]` links an entry, `[[id|words]]` with words of your own, "
        "`[[slug#p4]]` a paragraph, `[[slug#]]` a text",
    )
    entry: Scalar | None = key(
        EntryOrNone(), about="the entry that the quote is, and no other; or `none`: no link here"
    )
    reading: Scalar | None = key(
        Str(),
        about="what should stand here, where the source has an error: shown as printed, but converted and "
        "matched so",
    )


@dataclass(frozen=True, kw_only=True)
class ConvertFields:
    at: Location
    in_: Scalar | None = key(ParagraphRef(), name="in", about=_PARAGRAPH, example="p4")
    on: Scalar = key(Str(), required=True, about=_QUOTE, example="网络安全法")
    before: Scalar | None = key(Str(), about=_BEFORE)
    after: Scalar | None = key(Str(), about=_AFTER)
    nth: int | None = key(Integer("a count from 1", least=1), about=_NTH)
    to: Mapping[str, Scalar] = key(
        FORMS,
        required=True,
        about="what it reads, by variant; `zh-Hant` serves Taiwan and Hong Kong, too",
        example={"zh-Hant-TW": "網絡安全法"},
    )
    why: Scalar | None = key(Str(), about="the reason, for those who come after you")


@dataclass(frozen=True, kw_only=True)
class BodyFields:
    at: Location
    after: Scalar | None = key(Str(), about="a short quote after which the body begins, once in the file")
    before: Scalar | None = key(Str(), about="a short quote before which the body ends, once in the file")


@dataclass(frozen=True, kw_only=True)
class BlockFields:
    at: Location
    join: tuple[Scalar, ...] = key(
        ListOf(ParagraphRef()),
        required=True,
        about="the first and the last paragraph that become one",
        example=["p31", "p39"],
    )
    kind: Scalar | None = key(Choice(("paragraph", "verse", "heading", "quote")), about="what they become")


@dataclass(frozen=True, kw_only=True)
class SourceFields:
    at: Location
    file: Scalar = key(
        FileName(),
        required=True,
        about="the file's name, in `content/sources/` or a folder given by `--sources`",
        example="article.txt",
    )
    sha256: Scalar = key(
        Str("the file's SHA-256"),
        required=True,
        about="the file's SHA-256, as `sha256sum` prints it: another file is an error",
    )
    body: BodyFields | None = key(
        Record(BodyFields, "`body`", whole=True), about="short quotes that enclose the body"
    )
    split: Scalar | None = key(
        Choice(("blank-line", "line", "space-after-stop")),
        about="what parts the paragraphs",
        default="blank-line",
    )
    normalize: tuple[Scalar, ...] | None = key(
        ListOf(Choice(("fullwidth-punctuation",)), one_will_do=True),
        about="what is put right before anything else; quotes match the text after that",
    )
    blocks: tuple[BlockFields, ...] | None = key(
        ListOf(Record(BlockFields, "an item of `blocks`", whole=True)),
        about="paragraphs of the cut that belong together, and what they are",
    )


@dataclass(frozen=True, kw_only=True)
class TextFields:
    at: Location
    title: Scalar = key(Str(), required=True, about="the title, in the text's own script", example="早市")
    lang: Variant | None = key(
        VariantName(), about="the script that the text is printed in; default: the edition's"
    )
    author: tuple[Scalar, ...] | None = key(
        ListOf(Str(), one_will_do=True), about="who wrote it, one or a list", example="佚名"
    )
    publisher: Scalar | None = key(Str(), about="who published it")
    date: Scalar | None = key(Date(), about="when it was published", example="2026-03-05")
    revised: Scalar | None = key(Date(), about="when it was last changed")
    url: Scalar | None = key(Url(), about="where it was published")
    rights: Scalar | None = key(Str(), about="whose it is, and what may be done with it")
    credits: Mapping[str, Scalar] | None = key(
        MapOf(Str(), Str()), about="who did what: role, and names", example={"译者": "佚名"}
    )
    series: Scalar | None = key(Str(), about="the series that it belongs to")
    order: int | None = key(
        Integer(), about="texts are listed by this number; those without it come last, by slug"
    )
    picture: Scalar | None = key(
        Str(), about="a picture for previews, a file of static/", example="static/picture.jpg"
    )
    summary: Scalar | None = key(Prose(), about="what it is about, in Markdown")
    next_id: int | None = key(
        Integer("the next paragraph's number", least=1),
        name="next-id",
        about="the next free paragraph id, so that one of a deleted paragraph is not used again. "
        "`duben check --fix` writes and raises it",
    )
    notes: tuple[NoteFields, ...] | None = key(
        ListOf(
            Record(
                NoteFields,
                "a note",
                whole=True,
                needs=(
                    Need(
                        ("note", "entry", "reading"),
                        problem="this note says nothing",
                        hint="write `note: …` (or `entry:` or `reading:`)",
                    ),
                    Need(
                        ("in", "on"),
                        problem="this note stands on nothing",
                        hint="write `in: p3`, and `on: …` with a quote from it",
                    ),
                    Need(
                        ("on",),
                        where=("until",),
                        problem="a range needs its start",
                        hint="write `on: …` before `until`",
                    ),
                    Need(
                        ("on",),
                        where=("entry", "reading"),
                        without="until",
                        problem="`entry` and `reading` need a quote to stand on",
                        hint="write `on: …` and no `until`",
                    ),
                ),
            )
        ),
        about="notes, and decisions on single places",
    )
    entries: Mapping[str, Scalar] | None = key(
        MapOf(Slug(), Choice(("none", *LINK_POLICIES))),
        about="which occurrences of an entry are links in this text: a linking policy, or `none`",
        example={"gao-zhiliang-fazhan": "none"},
    )
    convert: tuple[ConvertFields, ...] | None = key(
        ListOf(Record(ConvertFields, "an item of `convert`", whole=True)),
        about="single occurrences that read otherwise in a variant",
    )
    regional: tuple[Variant, ...] | None = key(
        ListOf(VariantName(), one_will_do=True),
        about="variants that get the words of their region in this text; default: as the edition says",
    )
    source: SourceFields | None = key(
        Record(SourceFields, "`source`", whole=True),
        vital=True,
        about="instead of text.md: a text that is kept outside the repository",
    )
    republish: bool | None = key(
        Boolean(),
        about="whether the text may be handed on: false keeps its pages from search engines and feeds; "
        "default: false with `source`, else true",
    )


@dataclass(frozen=True, kw_only=True)
class CitationFields:
    at: Location
    title: Scalar = key(Str(), required=True, about="its title")
    url: Scalar | None = key(Url(), about="its address", example="https://example.org/")
    date: Scalar | None = key(Date(), about="when it appeared", example="2026-03-05")


@dataclass(frozen=True, kw_only=True)
class EntryFields:
    at: Location
    id: Scalar = key(
        EntryId(),
        required=True,
        about="names its page and is what links lead to: lower-case letters, digits, hyphens",
        example="xin-zhi-shengchanli",
    )
    kind: Scalar | None = key(Choice(ENTRY_KINDS), about="the index that it stands in", default="concept")
    term: Scalar = key(
        Str("the headword", most=SEARCHED_LENGTH), required=True, about="the headword", example="新质生产力"
    )
    lang: Variant | None = key(VariantName(), about="the headword's script; default: the edition's")
    forms: Mapping[str, Scalar] | None = key(
        SEARCHED_FORMS,
        about="what it is in a variant, only where the converter would be wrong; `zh-Hant` also serves "
        "Taiwan and Hong Kong",
        example={"zh-Hant-TW": "隨身碟"},
    )
    aliases: tuple[Scalar, ...] | None = key(
        ListOf(SEARCHED, one_will_do=True), about="other names, found as well", example=["新质生产能力"]
    )
    not_in: tuple[Scalar, ...] | None = key(
        ListOf(SEARCHED, one_will_do=True),
        about="longer strings in which these characters are something else",
        example=["其中部分"],
    )
    pinyin: Scalar | None = key(
        Str(),
        about="with tone marks, words joined or apart; else derived, by scripts.yaml and a dictionary",
        example="xīn zhì shēngchǎnlì",
    )
    gloss: Mapping[str, Scalar] | None = key(
        MapOf(LanguageTag(), Str(), example="gloss: {en: VALUE}"),
        about="a few words, by language: en, fr, pt-BR",
        example={"en": "new quality productive forces"},
    )
    definition: Scalar | None = key(Prose(), about="what it means, in Markdown, with `[[links]]`")
    date: Scalar | None = key(Date(), about="of an event", example="2023-09")
    coordinates: tuple[float, float] | None = key(
        Coordinates(), about="of a place: latitude, longitude", example=[41.29, 123.77]
    )
    see: tuple[Scalar, ...] | None = key(
        ListOf(Slug(), one_will_do=True), about="ids of related entries", example=["gao-zhiliang-fazhan"]
    )
    sources: tuple[CitationFields, ...] | None = key(
        ListOf(Record(CitationFields, "a source")), about="where it is written about"
    )
    link: Scalar | None = key(
        Choice(("never", *LINK_POLICIES)),
        about="which occurrences are links, where it is not as the edition says; of entries that claim one "
        "string, all but one say `never`",
    )


@dataclass(frozen=True, kw_only=True)
class EditionFields:
    at: Location
    title: Scalar = key(Str(), required=True, about="the edition's title", example="早市读本")
    description: Scalar | None = key(Prose(), about="for the home page, in Markdown")
    lang: Variant | None = key(
        VariantName(),
        about="the script that titles, definitions and notes are written in, unless they say otherwise",
        default=Variant.HANS.value,
    )
    variants: tuple[Variant, ...] | None = key(
        ListOf(VariantName(), one_will_do=True, least=1),
        about="which variants to build, one or a list; all four by default",
        default=[variant.value for variant in Variant],
    )
    regional: tuple[Variant, ...] | None = key(
        ListOf(VariantName(), one_will_do=True),
        about="variants that get the words of their region, too (U盘 → 隨身碟); none by default, because a "
        "machine replaces too much: better give an entry its `forms`",
    )
    base_url: Scalar | None = key(
        BaseUrl(),
        about="the site's address; without it the pages name no address of their own",
        example="https://example.org/reader/",
    )
    link: Scalar | None = key(
        Choice(LINK_POLICIES),
        about="which occurrences of a term are links",
        default="first-in-paragraph",
    )
    rights: Scalar | None = key(Str(), about="shown on the site: whose it is, and what may be done with it")
    editors: tuple[Scalar, ...] | None = key(
        ListOf(Str(), one_will_do=True), about="shown on the site, one or a list"
    )
    engine: Scalar | None = key(
        Choice(("duben", "opencc-python-reimplemented")), about="what converts", default="duben"
    )
    segmenter: Scalar | None = key(
        Choice(("words", "opencc")),
        about="for the engine `duben`, how it finds words: by OpenCC's tables, amended by its own (`words`), "
        "or as OpenCC does, character for character (`opencc`)",
        default="words",
    )


@dataclass(frozen=True, kw_only=True)
class ScriptsFields:
    at: Location
    hans: Mapping[str, Scalar] | None = key(
        PHRASES,
        name=Variant.HANS.value,
        about="phrases as the source prints them, and what they become in Simplified",
        example={"關鍵核心": "关键核心"},
    )
    hant: Mapping[str, Scalar] | None = key(
        PHRASES,
        name=Variant.HANT.value,
        about="phrases, and what they become in Traditional; also in Taiwan and Hong Kong, unless they "
        "have the phrase themselves",
        example={"回归": "回歸"},
    )
    tw: Mapping[str, Scalar] | None = key(
        PHRASES,
        name=Variant.TW.value,
        about="phrases, and what they become in Taiwan",
        example={"信息": "資訊"},
    )
    hk: Mapping[str, Scalar] | None = key(
        PHRASES,
        name=Variant.HK.value,
        about="phrases, and what they become in Hong Kong",
        example={"什么": "甚麼"},
    )
    pinyin: Mapping[str, Scalar] | None = key(
        PinyinPhrases(),
        about="phrases whose derived pinyin is wrong: a syllable with its tone mark for each Chinese "
        "character, with spaces between them",
        example={"冷轧": "lěng zhá"},
    )


EDITION = Record(EditionFields, "edition.yaml")
TEXT = Record(TextFields, "text.yaml")
ENTRY = Record(EntryFields, "an entry")
SCRIPTS = Record(ScriptsFields, "scripts.yaml")
