"""The YAML files as JSON Schema (draft 2020-12), for editors that complete and check while one types.

It is made from the schema that duben itself reads by, so there is one description. What it refuses,
`duben check` refuses, too: it never marks what is right. It says less than `check`, because it cannot
know what stands in other files, how pinyin is written, or which day a month has in a leap year; and an
editor's YAML makes 2026 a number and `true` a Boolean where duben reads text, so a text may be those.
Only words that draft 7 knows, too, carry a meaning here that another does not: older servers read that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import singledispatch
from typing import Any, NamedTuple

from duben.read.files import CONTROLS
from duben.read.kinds import (
    BASE_URL,
    DEGREES,
    FILE_NAME,
    LANGUAGE,
    PARAGRAPH_ID,
    RESERVED,
    SLUG,
    SLUG_LENGTH,
    TAKEN,
    URL,
    BaseUrl,
    Boolean,
    Choice,
    Coordinates,
    Date,
    EntryId,
    FileName,
    Integer,
    Kind,
    LanguageTag,
    ListOf,
    MapOf,
    Need,
    ParagraphRef,
    Record,
    Slug,
    Str,
    Url,
    VariantName,
    keys_of,
)
from duben.read.schema import EDITION, ENTRY, SCRIPTS, TEXT
from duben.read.searched import SEARCHED, PinyinPhrases

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]

#: What an editor's YAML makes of text without quotation marks.
TEXTUAL = ("string", "number", "boolean")
#: The days of the months; that 2023 has no 29 February is left to `duben check`.
DATE_PATTERN = (
    "(?!0000)[0-9]{4}(?:-(?:"
    "(?:0[13578]|1[02])(?:-(?:0[1-9]|[12][0-9]|3[01]))?"
    "|(?:0[469]|11)(?:-(?:0[1-9]|[12][0-9]|30))?"
    "|02(?:-(?:0[1-9]|[12][0-9]))?"
    "))?"
)


class Described(NamedTuple):
    """A file that is described: what it is, where it lies in a content folder, what stands in it."""

    title: str
    places: tuple[str, ...]
    record: Record[Any]
    several: bool = False  # or a list of such
    may_be_empty: bool = False


#: The schemas by name.
FILES: Mapping[str, Described] = {
    "edition": Described("edition.yaml: the edition", ("edition.yaml",), EDITION),
    "scripts": Described(
        "scripts.yaml: how phrases are converted and read", ("scripts.yaml",), SCRIPTS, may_be_empty=True
    ),
    "glossary": Described(
        "glossary/: entries",
        ("glossary/**/*.yaml", "glossary/**/*.yml"),
        ENTRY,
        several=True,
        may_be_empty=True,
    ),
    "text": Described("text.yaml: a text and its notes", ("texts/**/text.yaml",), TEXT),
}


def schema_of(name: str) -> Schema:
    """The JSON Schema of the files of this name, one of FILES."""
    file = FILES[name]
    root: Schema = {"$schema": DIALECT, "title": file.title}
    record = schema_for(file.record)
    if file.several:
        record.pop("title", None)
        ref = {"$ref": "#/$defs/entry"}
        root["anyOf"] = [ref, {"type": "array", "items": ref}]
        if file.may_be_empty:
            root["anyOf"].append({"type": ["object", "null"], "maxProperties": 0})
        root["$defs"] = {"entry": record}
        return root
    if file.may_be_empty:
        record["type"] = ["object", "null"]
    return root | record


@singledispatch
def schema_for(kind: Kind[Any]) -> Schema:
    """The JSON Schema of one kind of value."""
    raise TypeError(f"{type(kind).__name__} has no JSON Schema")


@schema_for.register
def _(kind: Str) -> Schema:
    pattern = f"(?=[\\s\\S]*\\S)[^{CONTROL_CLASS}]*"
    schema = {"type": list(TEXTUAL), **_pattern(pattern, kind)}
    return schema | ({"maxLength": kind.most} if kind.most else {})


@schema_for.register
def _(kind: FileName) -> Schema:
    return {**_pattern(FILE_NAME.pattern, kind), "allOf": [schema_for(Str())]}


@schema_for.register
def _(kind: Slug) -> Schema:
    refused = sorted(RESERVED | (TAKEN.keys() if isinstance(kind, EntryId) else set()))
    return {
        "type": list(TEXTUAL),
        **_pattern(SLUG.pattern, kind),
        "maxLength": SLUG_LENGTH,
        "minimum": 0,
        "not": {"enum": refused},
    }


@schema_for.register
def _(kind: ParagraphRef) -> Schema:
    return {"type": "string", **_pattern(f"title|{PARAGRAPH_ID.pattern}", kind)}


@schema_for.register
def _(kind: Choice) -> Schema:
    return {"enum": [str(value) for value in kind.values]}


@schema_for.register
def _(kind: VariantName) -> Schema:
    return schema_for(kind.choice)


@schema_for.register
def _(kind: Date) -> Schema:
    return {"type": ["string", "integer"], **_pattern(DATE_PATTERN, kind), "minimum": 1, "maximum": 9999}


@schema_for.register
def _(kind: Url) -> Schema:
    return {"type": "string", **_pattern(URL.pattern, kind)}


@schema_for.register
def _(kind: BaseUrl) -> Schema:
    return {"type": "string", **_pattern(BASE_URL.pattern, kind)}


@schema_for.register
def _(kind: LanguageTag) -> Schema:
    return {"type": "string", **_pattern(LANGUAGE.pattern, kind)}


@schema_for.register
def _(kind: Integer) -> Schema:
    return {"type": "integer", "minimum": kind.least, "maximum": kind.most}


@schema_for.register
def _(_kind: Boolean) -> Schema:
    return {"type": "boolean"}


@schema_for.register
def _(kind: Coordinates) -> Schema:
    degrees = {"type": ["number", "string"], **_pattern(DEGREES.pattern, kind)}
    return {
        "type": "array",
        "minItems": 2,
        "maxItems": 2,
        # Where `prefixItems` is not known, this still holds of both.
        "items": {**degrees, "minimum": -180, "maximum": 180},
        "allOf": [{"prefixItems": [{"minimum": -90, "maximum": 90}]}],
    }


@schema_for.register(ListOf)
def _(kind: ListOf[Any]) -> Schema:
    item = schema_for(kind.item)
    several: Schema = {"type": "array", "items": item}
    if kind.least:
        several["minItems"] = kind.least
    return {"anyOf": [item, several]} if kind.one_will_do else several


@schema_for.register(MapOf)
def _(kind: MapOf[Any]) -> Schema:
    values = schema_for(kind.values)
    if isinstance(kind.keys, Choice):
        names = schema_for(kind.keys)["enum"]
        return {
            "type": "object",
            "properties": dict.fromkeys(names, values),
            "additionalProperties": False,
        }
    names = schema_for(kind.keys)
    names.pop("type")  # a name is a string
    names.pop("minimum", None)
    pattern = names.pop("pattern")
    mapping: Schema = {
        "type": "object",
        "patternProperties": {pattern: values},
        "additionalProperties": False,
    }
    names.pop("patternErrorMessage", None)
    return mapping | ({"propertyNames": names} if names else {})


@schema_for.register
def _(kind: PinyinPhrases) -> Schema:
    return schema_for(MapOf(SEARCHED, Str(kind.expects)))


@schema_for.register(Record)
def _(kind: Record[Any]) -> Schema:
    fields = keys_of(kind.type)
    schema: Schema = {
        "type": "object",
        "properties": {
            name: {**_told(field.metadata), **schema_for(field.metadata["kind"])}
            for name, field in fields.items()
        },
        "additionalProperties": False,
    }
    required = [name for name, field in fields.items() if field.metadata["required"]]
    if required:
        schema["required"] = required
    if kind.needs:
        schema["allOf"] = [_condition(need) for need in kind.needs]
    return schema


def _told(metadata: Mapping[str, Any]) -> Schema:
    """What an editor is told of a key."""
    told: Schema = {"description": metadata["about"]}
    if metadata["default"] is not None:
        told["default"] = metadata["default"]
    if metadata["example"] is not None:
        told["examples"] = [metadata["example"]]
    return told


def _condition(need: Need) -> Schema:
    then = _any_of(need.one_of)
    if need.without:
        then["not"] = {"required": [need.without]}
    return {"if": _any_of(need.where), "then": then} if need.where else then


def _any_of(names: Iterable[str]) -> Schema:
    return {"anyOf": [{"required": [name]} for name in names]}


def _pattern(pattern: str, kind: Kind[Any]) -> Schema:
    """The keyword for a pattern of Python's, in what Python's and JavaScript's patterns share."""
    shared = pattern.replace("\\Z", "").replace('\\"', '"')
    return {"pattern": f"^(?:{shared})$", "patternErrorMessage": f"expected {kind.expects}"}


def _ranges(characters: Iterable[str]) -> str:
    """The characters as the inside of a class: \\u0000-\\u0008\\u000b …"""
    found: list[list[int]] = []
    for code in sorted(map(ord, characters)):
        if found and found[-1][1] == code - 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return "".join(f"\\u{a:04x}" + (f"-\\u{b:04x}" if b > a else "") for a, b in found)


CONTROL_CLASS = _ranges(CONTROLS)
