"""duben new: the folder of a new edition, whole or not at all.

What is written lies in sample/: the short edition in Simplified, from which duben's own converter makes
it in another script, and what a folder needs beside its content.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from duben.compile.scripts import converter
from duben.desk.own_files import missing_folders, remove_empty, write_whole
from duben.desk.schema import schema_files
from duben.diagnostics import Report
from duben.model import Variant
from duben.read.json_schema import FILES
from duben.read.yaml_nodes import Mapped, Scalar, parse_yaml

SAMPLE = Path(__file__).parent / "sample"
TITLE = "我的读本"
#: Where a workflow lies, by what publishes.
WORKFLOWS: Mapping[str, str] = {"github": ".github/workflows/publish.yaml", "gitlab": ".gitlab-ci.yml"}
#: The text's own words for what the converter does not know; as in the sample's scripts.yaml.
DECIDED = {Variant.HANT: {"伞也干": "傘也乾"}}
SCHEMAS = "schemas"


class Blocked(Exception):
    """The folder cannot become an edition; the message says why."""


def new_files(title: str, lang: Variant, *, bare: bool, ci: str = "") -> dict[str, str]:
    """The files of a new edition: path in its folder → text. title: "" for one of ours.

    bare: without the sample. ci: one of WORKFLOWS, or "".
    """
    written = converter(Variant.HANS, lang, phrases=DECIDED)
    title = title or written.convert(TITLE).text
    fills = {"@TITLE@": _as_yaml(title), "@LANG@": lang.value}
    files: dict[str, str] = {}
    if bare:
        files["content/edition.yaml"] = _filled("start/edition.yaml", fills)
    else:
        own = "scripts-from-simplified" if lang is Variant.HANS else "scripts-from-traditional"
        for path in sorted((SAMPLE / "content").rglob("*.*")):
            name = path.relative_to(SAMPLE).as_posix()
            if path.stem == own:
                files["content/scripts.yaml"] = path.read_text("utf-8")
            elif not path.stem.startswith("scripts-"):
                files[name] = _fill(written.convert(path.read_text("utf-8")).text, fills)
    files["README.md"] = _filled("start/README.md", {"@TITLE@": title})
    files[".gitignore"] = _filled("start/gitignore", {})
    files |= {f"{SCHEMAS}/{name}": text for name, text in schema_files().items()}
    files |= {f".vscode/{name}": json.dumps(value, indent=2) + "\n" for name, value in _settings().items()}
    if ci:
        files[WORKFLOWS[ci]] = _filled(f"start/{ci}.yaml", {})
    return files


def _settings() -> dict[str, object]:
    """What VS Code wants in order to use the schemas."""
    return {
        "settings.json": {
            "yaml.schemas": {
                f"./{SCHEMAS}/{name}.json": [f"content/{place}" for place in file.places]
                for name, file in FILES.items()
            }
        },
        "extensions.json": {"recommendations": ["redhat.vscode-yaml"]},
    }


def _filled(name: str, fills: Mapping[str, str]) -> str:
    return _fill((SAMPLE / name).read_text("utf-8"), fills)


def _fill(text: str, fills: Mapping[str, str]) -> str:
    for sign, value in fills.items():
        text = text.replace(sign, value)
    return text


def _as_yaml(value: str) -> str:
    """A line of text as YAML: as it is where it stays that, else in quotation marks."""
    report = Report()
    node = parse_yaml(f"title: {value}", "", report)
    read = node.get("title") if isinstance(node, Mapped) else None
    if isinstance(read, Scalar) and not read.is_null and read.value == value and not report.found:
        return value
    return json.dumps(value, ensure_ascii=False)


def write_new(folder: Path, files: Mapping[str, str]) -> tuple[str, ...]:
    """Writes the files; returns the names in the folder that were there already and stay as they are.

    Raises Blocked where the folder holds more than hidden files, and OSError where it cannot be written;
    then nothing of it is there. A new folder is made beside its place and renamed.
    """
    tops = list(dict.fromkeys(name.partition("/")[0] for name in files))
    if not (folder.exists() or folder.is_symlink()):
        with _parents_of(folder), _made(folder.parent, f".{folder.name}", files) as made:
            made.rename(folder)
        return ()
    if not folder.is_dir():
        raise Blocked(f"{folder} is not a folder")
    standing = sorted(path.name for path in folder.iterdir())
    seen = [name for name in standing if not name.startswith(".")]
    if seen:
        raise Blocked(f"{folder} is not empty: {seen[0]} is there; name a new folder")
    with _made(folder, ".duben", files) as made:
        moved: list[Path] = []
        try:
            for name in tops:
                if name not in standing:
                    (made / name).rename(folder / name)
                    moved.append(folder / name)
        except BaseException:
            for path in moved:
                _remove(path)
            raise
    return tuple(name for name in tops if name in standing)


@contextmanager
def _made(parent: Path, name: str, files: Mapping[str, str]) -> Iterator[Path]:
    """A new folder with these files, which is gone in the end unless it was renamed."""
    folder = next(path for n in count(1) if not (path := parent / f"{name}.{n}.new").exists())
    folder.mkdir()
    try:
        for file, text in files.items():
            path = folder / file
            problem = write_whole(path, text)
            if problem:
                raise OSError(problem)
        yield folder
    finally:
        _remove(folder)


@contextmanager
def _parents_of(folder: Path) -> Iterator[None]:
    """The folders above are there, and gone again where that which is done in them fails."""
    missing = missing_folders([folder])
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        remove_empty(missing)
        raise


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
