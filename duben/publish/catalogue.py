"""interface.json → the catalogue of the interface's strings. Whatever is wrong is told with its place.

Keys and tags of languages become parts of attributes and of names of files, so they are checked here,
once, and are harmless from here on.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path

from duben.diagnostics import Report
from duben.model import Location, Variant
from duben.publish.interface import Catalogue

KEY = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}\Z")
#: A tag of BCP 47 without extensions: language, script, territory, variants.
TAG = re.compile(
    r"[a-z]{2,3}(-[a-z]{4})?(-([a-z]{2}|[0-9]{3}))?(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*\Z",
    re.ASCII | re.IGNORECASE,
)
LONGEST_TAG = 35
#: The categories of numbers that CLDR knows. Every language has the last one.
CATEGORIES = ("zero", "one", "two", "few", "many", "other")
HINT = f'write `{{"home": {{"{Variant.HANS}": "…", "en": "…"}}}}`'

#: language → string, or category → string
Row = dict[str, str | dict[str, str]]


def read_catalogue(files: Iterable[Path], report: Report) -> Catalogue:
    """The strings of several files, later ones before earlier. Those that are wrong are left out."""
    rows: dict[str, Row] = {}
    for path in files:
        for key, (row, place) in _read(path, report).items():
            if key not in rows and Variant.HANS not in row:
                wrong = f"`{key}`: there is no {Variant.HANS}, from which the other scripts are made"
                report.error(place, "template-error", wrong, HINT)
            else:
                rows[key] = {**rows.get(key, {}), **row}
    return _flat(rows)


def _flat(rows: Mapping[str, Row]) -> Catalogue:
    """One string for each key: the forms of a string for some numbers get keys of their own."""
    flat: dict[str, dict[str, str]] = {key: {} for key in rows}
    for key, row in rows.items():
        for tag, said in row.items():
            forms = {"other": said} if isinstance(said, str) else said
            for category, form in forms.items():
                name = key if category == "other" else f"{key}#{category}"
                flat.setdefault(name, {})[tag] = form
    return flat


def _read(path: Path, report: Report) -> Mapping[str, tuple[Row, Location]]:
    """The rows of one file that are sound, with their places."""
    file = path.as_posix()
    try:
        text = path.read_text("utf-8")
        read = json.loads(text)
    except json.JSONDecodeError as error:
        place = Location(file, error.lineno, error.colno)
        report.error(place, "template-error", f"this is not JSON: {error.msg}")
        return {}
    except (OSError, ValueError, RecursionError) as error:
        report.error(Location(file), "template-error", f"this file cannot be read: {error}")
        return {}
    if not isinstance(read, dict):
        report.error(Location(file, 1, 1), "template-error", "expected a mapping of keys to strings", HINT)
        return {}
    sound: dict[str, tuple[Row, Location]] = {}
    for key, strings in read.items():
        place = _place_of_key(key, text, file)
        row: Row = {}
        wrong = "" if KEY.match(key) else "a key is letters of ASCII, digits and hyphens"
        if not wrong:
            wrong = _fill(row, strings)
        if wrong:
            report.error(place, "template-error", f"`{key}`: {wrong}", HINT)
        else:
            sound[key] = (row, place)
    return sound


def _fill(row: Row, strings: object) -> str:
    """Puts what each language says into a row. Says what is wrong, or ""."""
    if not isinstance(strings, dict):
        return "expected a mapping of languages to strings"
    for written, said in strings.items():
        tag = canonical_tag(written)
        if not tag:
            return f"`{written}` is no tag of a language, such as `en` or `pt-BR`"
        if tag.startswith("zh") and tag != Variant.HANS:
            return f"`{written}` is made from {Variant.HANS}, and cannot be given"
        if tag in row:
            return f"`{tag}` is there twice"
        if isinstance(said, dict) and tag != Variant.HANS:
            unknown = [category for category in said if category not in CATEGORIES]
            if unknown or "other" not in said:
                return f"`{tag}` by number wants `other`, and may have {', '.join(CATEGORIES[:-1])}"
        elif not isinstance(said, str):
            return "expected a mapping of languages to strings"
        for string in said.values() if isinstance(said, dict) else (said,):
            if not isinstance(string, str):
                return "expected a mapping of languages to strings"
            if any(unicodedata.category(char) in ("Cc", "Cs") for char in string):
                return f"`{tag}` holds a control character, or half of one that takes two"
        row[tag] = said
    return ""


def canonical_tag(tag: str) -> str:
    """A language tag in the case that is usual for it; "" for what is none."""
    if len(tag) > LONGEST_TAG or not TAG.match(tag):
        return ""
    language, *rest = tag.lower().split("-")
    cased = (part.title() if len(part) == 4 and part.isalpha() else part for part in rest)
    return "-".join((language, *(part.upper() if len(part) == 2 else part for part in cased)))


def _place_of_key(key: str, text: str, file: str) -> Location:
    """Where a key of a JSON file stands; the file as a whole where it is written with escapes."""
    offset = text.find(f'"{key}"')
    if offset < 0:
        return Location(file)
    return Location(file, text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))
