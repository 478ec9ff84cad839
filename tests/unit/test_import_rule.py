"""The rooms import downward only, and a library of others is used in one room."""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "duben"

FLOORS = ["", "read", "compile", "publish", "desk", "cli", "__main__"]
GROUND: dict[str, set[str]] = {  # of ours, what they may import
    "model": set(),
    "diagnostics": {"model"},
    "memo": {"diagnostics"},
}
SERVE_THEIR_FLOOR = {
    "read.files",
    "read.yaml_nodes",
    "read.schema",
    "read.searched",
    "read.kinds",
    "read.markdown",
    "read.inline",
    "read.syllables",
    "compile.automaton",
    "compile.alignment",
    "publish.views",
    "publish.addresses",
    "publish.interface",
    "desk.explain",
    "desk.own_files",
    "desk.columns",
    "desk.since",
    "desk.schema",
    "desk.paragraph_ids",
    "desk.sheet",
    "cli.reading",
}
JOIN_THEIR_FLOOR = {
    "read.load",
    "read.records",
    "compile.edition",
    "compile.glossary",
    "compile.review",
    "compile.signs",
    "compile.text",
    "publish.pages",
    "publish.render",
    "desk.serve",
    "cli",
}
PARTS = {  # a room in several files
    "compile.scripts": {
        "compile.opencc_tables",
        "compile.opencc_files",
        "compile.phrases",
        "compile.quotation_marks",
        "compile.paired_marks",
    },
    "compile.candidates": {"compile.function_words", "compile.unit_stream"},
    "compile.pinyin": {
        "compile.given_pinyin",
        "compile.neighbours",
        "compile.polyphones",
        "compile.usual_readings",
    },
    "compile.spoken_words": {"compile.words", "compile.names"},
    "read.markdown": {"read.inline"},
    "desk.mend": {"desk.fix", "desk.fix_marks", "desk.fix_order"},
    "publish.pages": {"publish.volume", "publish.reading_pages", "publish.entry_pages"},
    "desk.serve": {"desk.watch", "desk.preview", "desk.stage"},
    "publish.search": {
        "publish.search_rows",
        "publish.search_index",
        "publish.sounds",
        "publish.folding",
    },
    "desk.importing.draft": {
        "desk.importing.archives",
        "desk.importing.body",
        "desk.importing.bylines",
        "desk.importing.decoding",
        "desk.importing.epub_book",
        "desk.importing.inputs",
        "desk.importing.landing",
        "desk.importing.manuscript",
        "desk.importing.markdown_file",
        "desk.importing.markdown_links",
        "desk.importing.new_sheet",
        "desk.importing.outside_form",
        "desk.importing.page_blocks",
        "desk.importing.page_head",
        "desk.importing.page_notes",
        "desk.importing.pictures",
        "desk.importing.plain_text",
        "desk.importing.replacement",
        "desk.importing.script_guess",
        "desk.importing.sifting",
        "desk.importing.slugs",
        "desk.importing.web_page",
        "desk.importing.word_file",
    },
}
JOINING_PARTS = {part for whole in JOIN_THEIR_FLOOR for part in PARTS.get(whole, ())}
SAME_LIBRARY = {"mdit_py_plugins": "markdown_it"}
TYPES_OF_A_FLOOR = {"markupsafe": "publish"}  # Markup is a type that the floor's values are made of


def rooms_of(package: Path) -> dict[str, Path]:
    """The rooms by name: `read.files`, `cli`; the package itself is "", a floor's __init__ the floor."""
    return {
        ".".join(path.relative_to(package).with_suffix("").parts).removesuffix("__init__").strip("."): path
        for path in sorted(package.rglob("*.py"))
    }


def imports_of(path: Path, rooms: dict[str, Path], package: str = "duben") -> tuple[set[str], set[str]]:
    """The rooms and the libraries of others that a file imports, wherever in it that stands."""
    ours: set[str] = set()
    libraries: set[str] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}:{node.lineno}: relative import"
            inside = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [name if name.partition(".")[2] in rooms else str(node.module) for name in inside]
        else:
            continue
        for name in names:
            top, _, rest = name.partition(".")
            if top == package:
                ours.add(rest)
            elif top not in sys.stdlib_module_names:
                libraries.add(SAME_LIBRARY.get(top, top))
    return ours, libraries


def floor_of(room: str) -> int:
    return FLOORS.index("" if room in GROUND else room.partition(".")[0])


def may_import(room: str, other: str) -> bool:
    if other == "":
        return True  # the version
    if room in GROUND:
        return other in GROUND[room]
    if floor_of(room) != floor_of(other):
        return floor_of(other) < floor_of(room)
    if other in SERVE_THEIR_FLOOR or room in JOIN_THEIR_FLOOR | JOINING_PARTS:
        return True
    return any(other in parts and (room == whole or room in parts) for whole, parts in PARTS.items())


def broken_rules(package: Path) -> list[str]:
    rooms = rooms_of(package)
    users: defaultdict[str, set[str]] = defaultdict(set)
    broken = []
    for room, path in rooms.items():
        ours, libraries = imports_of(path, rooms)
        broken += [f"{room} imports {other}" for other in sorted(ours) if not may_import(room, other)]
        whole = next((name for name, parts in PARTS.items() if room in parts), room)
        for library in libraries:
            users[library].add(whole)
    for library, using in sorted(users.items()):
        floor = TYPES_OF_A_FLOOR.get(library)
        if any(not room.startswith(f"{floor}.") for room in using) if floor else len(using) > 1:
            broken.append(f"{library} is used in {', '.join(sorted(using))}")
    return broken


def test_rooms_import_downward_and_a_library_has_one_room() -> None:
    assert broken_rules(PACKAGE) == []


def test_the_tables_name_only_rooms_that_are_there() -> None:
    named = SERVE_THEIR_FLOOR | JOIN_THEIR_FLOOR | GROUND.keys() | PARTS.keys()
    assert named.union(*PARTS.values()) - rooms_of(PACKAGE).keys() == set()


def test_each_way_of_breaking_the_rule_is_seen(tmp_path: Path) -> None:
    package = tmp_path / "duben"
    for name, code in {
        "__init__.py": "__version__ = '1'",
        "model.py": "from duben import diagnostics",
        "diagnostics.py": "from duben.model import Span; import json",
        "read/files.py": "from duben.compile.terms import find",
        "read/load.py": "import yaml; from duben.read import schema, paragraphs",
        "read/schema.py": "import duben.read.files",
        "read/paragraphs.py": "def f(): import yaml.nodes; import duben.read.load",
        "compile/terms.py": "from duben import __version__, model; from markupsafe import Markup",
        "publish/tei.py": "from duben.compile import terms; from markupsafe import Markup",
        "publish/epub.py": "import jinja2; from duben.publish import tei",
    }.items():
        path = package / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code)
    assert broken_rules(package) == [
        "model imports diagnostics",
        "publish.epub imports publish.tei",
        "read.files imports compile.terms",
        "read.paragraphs imports read.load",
        "markupsafe is used in compile.terms, publish.tei",
        "yaml is used in read.load, read.paragraphs",
    ]
