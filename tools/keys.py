"""Writes the tables of keys in docs/content.md from duben's schema: `python tools/keys.py`.

A table stands between `<!-- keys: NAME -->` and `<!-- end of keys -->`; NAME is one of TABLES.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from duben.read.kinds import Choice, VariantName, keys_of
from duben.read.schema import (
    ConvertFields,
    EditionFields,
    EntryFields,
    NoteFields,
    ScriptsFields,
    SourceFields,
    TextFields,
)

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "content.md"
TABLES: Mapping[str, type] = {
    "edition.yaml": EditionFields,
    "text.yaml": TextFields,
    "note": NoteFields,
    "convert": ConvertFields,
    "source": SourceFields,
    "entry": EntryFields,
    "scripts.yaml": ScriptsFields,
}
PLACE = re.compile(r"(<!-- keys: ([a-z. ]+) -->\n).*?(?=<!-- end of keys -->)", re.DOTALL)


def table(record: type) -> str:
    """The keys of a record as a table of Markdown."""
    rows = ["| key | |", "| --- | --- |"]
    for name, field in keys_of(record).items():
        if record is ConvertFields and name in keys_of(NoteFields):
            continue  # they are told there
        about = field.metadata["about"].replace("|", "\\|")
        kind, default = field.metadata["kind"], field.metadata["default"]
        if isinstance(kind, VariantName) and default:
            kind = kind.choice
        if isinstance(kind, Choice):
            about += ": " + ", ".join(
                f"`{value}` (default)" if value == default else f"`{value}`" for value in kind.values
            )
        elif isinstance(default, str):
            about += f"; default `{default}`"
        rows.append(f"| `{name}` | {'required: ' if field.metadata['required'] else ''}{about} |")
    return "\n".join(rows) + "\n"


def with_tables(document: str) -> str:
    """The document with its tables as the schema has them now."""
    return PLACE.sub(lambda place: f"{place[1]}\n{table(TABLES[place[2]])}\n", document)


if __name__ == "__main__":
    DOCUMENT.write_text(with_tables(DOCUMENT.read_text("utf-8")), encoding="utf-8", newline="")
