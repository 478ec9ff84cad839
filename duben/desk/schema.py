"""The schemas of the YAML files, written out for editors that complete and check while one types."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from duben.desk.own_files import write_together
from duben.read.json_schema import FILES, schema_of


def list_schemas() -> Iterator[str]:
    """A line for each schema: its name, and what it describes."""
    for name, file in FILES.items():
        yield f"{name:9} {file.title}"


def schema_text(name: str) -> str:
    """The schema of this name as a JSON document."""
    return json.dumps(schema_of(name), ensure_ascii=False, indent=1) + "\n"


def schema_files() -> dict[str, str]:
    """The documents of all schemas by the name of their file."""
    return {f"{name}.json": schema_text(name) for name in FILES}


def write_schemas(folder: Path) -> tuple[list[Path], str]:
    """Writes all schemas into a folder, or none: the files, and what went wrong, or ""."""
    files: dict[Path, str | bytes] = {folder / name: text for name, text in schema_files().items()}
    return list(files), write_together(files)
