"""The JSON Schema of the YAML files: it marks what `duben check` refuses, and nothing else."""

from __future__ import annotations

import copy
import json
import re
import runpy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from conftest import CHECKOUT
from editors_yaml import as_editors_read, parsed
from hypothesis import given, settings
from hypothesis import strategies as st

from duben.cli import schema as command
from duben.diagnostics import Report
from duben.read.json_schema import FILES, schema_of
from duben.read.kinds import ListOf, Record, keys_of
from duben.read.schema import ENTRY
from duben.read.yaml_nodes import Mapped, Node, Scalar, Sequenced

GOLDEN = CHECKOUT / "tests" / "golden"
VALIDATORS = {name: jsonschema.Draft202012Validator(schema_of(name)) for name in FILES}


def name_of(path: Path, root: Path) -> str:
    """Which schema describes a file of a content folder, or ""."""
    relative = path.relative_to(root).as_posix()
    for name, file in FILES.items():
        for place in file.places:
            pattern = re.escape(place).replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*")
            if re.fullmatch(pattern, relative):
                return name
    return ""


def described_files(root: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(root.rglob("*.y*ml")):
        name = name_of(path, root)
        if name:
            yield path, name


def read_by_duben(name: str, node: Node) -> list[str]:
    """The codes of the errors that duben finds in one file, without looking at others."""
    report = Report()
    file = FILES[name]
    if file.may_be_empty and (
        (isinstance(node, Mapped) and not node.items) or (isinstance(node, Scalar) and node.is_null)
    ):
        return []
    items = node.items if file.several and isinstance(node, Sequenced) else (node,)
    for item in items:
        file.record.read(item, report)
    return [found.code for found in report.found if found.severity == "error"]


def is_marked(name: str, node: Node) -> bool:
    return not VALIDATORS[name].is_valid(as_editors_read(node))


def test_each_schema_is_one_of_draft_2020_12() -> None:
    for name in FILES:
        jsonschema.Draft202012Validator.check_schema(schema_of(name))
        assert schema_of(name)["$schema"].endswith("2020-12/schema")


def test_the_edition_that_ships_holds_to_its_schema() -> None:
    seen = set()
    for path, name in described_files(CHECKOUT / "content"):
        node = parsed(path.read_text("utf-8"))
        assert node is not None
        assert list(VALIDATORS[name].iter_errors(as_editors_read(node))) == [], path
        seen.add(name)
    assert seen == set(FILES)


#: Cases of which one file alone cannot tell that it is wrong, or of which the problem is a warning.
NOT_TO_BE_SEEN = {
    "schema-value.full-width-comma",  # a warning
    "schema-value.pinyin-in-two-scripts",  # two scripts compared
    "schema-value.two-bodies",  # two files compared
    "slug-invalid.folder",  # the name of a folder
}


@pytest.mark.parametrize(
    "case",
    sorted(path.name for path in GOLDEN.iterdir() if path.name.startswith(("schema-", "slug-invalid"))),
)
def test_what_check_calls_wrong_in_a_file_is_marked(case: str) -> None:
    root = GOLDEN / case / "in"
    told = set(
        re.findall(r"^(\S+?\.yaml):", (GOLDEN / case / "expected.txt").read_text("utf-8"), re.MULTILINE)
    )
    marked = {
        path.relative_to(root).as_posix()
        for path, name in described_files(root)
        if (node := parsed(path.read_text("utf-8"))) and is_marked(name, node)
    }
    assert marked == (set() if case in NOT_TO_BE_SEEN else told)


def test_every_place_of_a_problem_is_marked_by_itself() -> None:
    """One mistake in a file must not hide another, so each line of a golden case is looked at alone."""
    text = (GOLDEN / "schema-missing-key.note" / "in" / "texts" / "liu-an" / "text.yaml").read_text("utf-8")
    node = parsed(text)
    assert node is not None
    errors = VALIDATORS["text"].iter_errors(as_editors_read(node))
    assert {error.absolute_path[1] for error in errors} == {0, 1, 2, 3}


def keys_below(record: Record[Any]) -> Iterator[tuple[str, Any]]:
    """Every key of a record and of the records in it, with its field."""
    for name, field in keys_of(record.type).items():
        yield f"{record.what}: {name}", field
        kind = field.metadata["kind"]
        while isinstance(kind, ListOf):
            kind = kind.item
        if isinstance(kind, Record):
            yield from keys_below(kind)


ALL_KEYS = [(name, field) for file in FILES.values() for name, field in keys_below(file.record)]


def test_every_key_says_what_it_is() -> None:
    assert len(ALL_KEYS) > 60
    assert [name for name, field in ALL_KEYS if len(field.metadata["about"]) < 8] == []


def test_the_tables_of_the_guide_are_those_of_the_schema() -> None:
    """If not, run `python tools/keys.py`."""
    keys = runpy.run_path(str(CHECKOUT / "tools" / "keys.py"))
    guide = (CHECKOUT / "docs" / "content.md").read_text("utf-8")
    assert [match[2] for match in keys["PLACE"].finditer(guide)] == list(keys["TABLES"])
    assert keys["with_tables"](guide) == guide


def test_the_guide_names_every_key() -> None:
    guide = (CHECKOUT / "docs" / "content.md").read_text("utf-8")
    assert [name for name, _ in ALL_KEYS if not re.search(rf"\b{name.rpartition(': ')[2]}\b", guide)] == []


def test_examples_and_defaults_may_be_written() -> None:
    for name, field in ALL_KEYS:
        for given_value in (field.metadata["example"], field.metadata["default"]):
            if given_value is None:
                continue
            node = parsed(json.dumps(given_value, ensure_ascii=False))
            assert node is not None
            report = Report()
            assert field.metadata["kind"].read(node, report) is not None, name
            assert report.found == [], name


def test_what_counts_where_a_key_is_left_out_is_its_default(
    tmp_path: Path, write_edition: Callable, edition_of: Callable
) -> None:
    files = {
        "edition.yaml": "title: 读本\n",
        "glossary/a.yaml": "id: a\nterm: 柳暗\n",
        "texts/a/text.yaml": "title: 题\nnotes:\n  - {id: n1, in: p1, on: 柳暗, note: 注。}\n",
        "texts/a/text.md": "柳暗花明。 {#p1}\n",
    }
    written = dict(files)
    for path, record in (("edition.yaml", FILES["edition"].record), ("glossary/a.yaml", ENTRY)):
        for name, field in keys_of(record.type).items():
            if field.metadata["default"] is not None:
                written[path] += f"{name}: {json.dumps(field.metadata['default'])}\n"
    assert written["edition.yaml"].count("\n") >= 5
    plain = edition_of(write_edition(tmp_path / "a", files))
    spelled = edition_of(write_edition(tmp_path / "b", written))
    assert strip_places(plain) == strip_places(spelled)


def strip_places(value: Any) -> str:
    return re.sub(r"(Location|SourceMap)\([^()]*(\([^()]*(\([^()]*\)[^()]*)*\)[^()]*)*\)", "", repr(value))


@pytest.fixture
def edition_of() -> Callable[[Path], Any]:
    from duben.read.load import load_content

    def load(folder: Path) -> Any:
        report = Report()
        content = load_content(folder, report)
        assert content is not None
        assert report.found == []
        return content.settings, content.terms, content.texts

    return load


def test_patterns_are_such_as_javascript_reads_in_the_same_way() -> None:
    """No \\Z, no (?P…), no escape that its Unicode mode refuses."""
    found: set[str] = set()

    def collect(schema: Any) -> None:
        if isinstance(schema, dict):
            found.update([schema["pattern"]] if isinstance(schema.get("pattern"), str) else ())
            found.update(schema.get("patternProperties", ()))
            for value in schema.values():
                collect(value)
        elif isinstance(schema, list):
            for value in schema:
                collect(value)

    for name in FILES:
        collect(schema_of(name))
    assert len(found) >= 6
    for pattern in found:
        assert set(re.findall(r"\\(u[0-9a-f]{4}|.)", pattern)) - {"s", "S", ".", "\\"} <= {
            f"u{code:04x}" for code in range(0x10000)
        }
        assert set(re.findall(r"\(\?(.)", pattern)) <= {":", "=", "!"}


# --- mutations -----------------------------------------------------------------------------------

#: Files without a mistake, in which every key stands once.
SOUND: dict[str, Any] = {
    "edition": {
        "title": "读本",
        "description": "说明。",
        "lang": "zh-Hans",
        "variants": ["zh-Hans", "zh-Hant-TW"],
        "regional": "zh-Hant-TW",
        "base_url": "https://example.org/a/",
        "link": "every",
        "rights": "甲",
        "editors": ["甲", "乙"],
        "engine": "duben",
        "segmenter": "words",
    },
    "scripts": {
        "zh-Hans": {"關鍵": "关键"},
        "zh-Hant": {"回归": "回歸"},
        "zh-Hant-TW": {"信息": "資訊"},
        "zh-Hant-HK": {"什么": "甚麼"},
        "pinyin": {"冷轧": "lěng zhá"},
    },
    "glossary": [
        {
            "id": "liu-an",
            "kind": "concept",
            "term": "柳暗",
            "lang": "zh-Hans",
            "forms": {"zh-Hant": "柳暗"},
            "aliases": ["花明"],
            "not_in": "柳暗了",
            "pinyin": "liǔ'àn",
            "gloss": {"en": "shade"},
            "definition": "释义。",
            "date": "2026-03",
            "coordinates": [41.29, 123.77],
            "see": ["liu-an"],
            "sources": [{"title": "书", "url": "https://example.org/", "date": "2026"}],
            "link": "never",
        },
        {"id": "b", "term": "乙"},
    ],
    "text": {
        "title": "题",
        "lang": "zh-Hans",
        "author": "甲",
        "publisher": "乙",
        "date": "2026-03-05",
        "revised": "2026",
        "url": "https://example.org/",
        "rights": "丙",
        "credits": {"译": "丁"},
        "series": "戊",
        "order": 3,
        "picture": "static/a.jpg",
        "summary": "提要。",
        "next-id": 9,
        "notes": [
            {"id": "n1", "in": "p1", "on": "柳", "before": "甲", "after": "暗", "nth": 1, "note": "注。"},
            {"in": "p1", "note": "注。", "lang": "zh-Hant"},
            {"in": "p1", "on": "柳", "until": {"in": "p2", "on": "明"}, "note": "注。"},
            {"in": "title", "on": "柳", "entry": "none"},
            {"on": "柳", "reading": "留"},
        ],
        "entries": {"liu-an": "none"},
        "convert": [{"in": "p1.2.3", "on": "柳", "to": {"zh-Hant": "柳"}, "why": "己"}],
        "regional": [],
        "source": {
            "file": "a.txt",
            "sha256": "00",
            "body": {"after": "甲", "before": "乙"},
            "split": "line",
            "normalize": "fullwidth-punctuation",
            "blocks": [{"join": ["p1", "p2"], "kind": "verse"}],
        },
        "republish": True,
    },
}


def test_the_sound_files_hold_every_key_and_are_sound() -> None:
    for name, value in SOUND.items():
        node = parsed(yaml.safe_dump(value, allow_unicode=True))
        assert node is not None
        assert read_by_duben(name, node) == []
        assert not is_marked(name, node)
        keys = {key for key, _ in keys_below(FILES[name].record)}
        text = json.dumps(value, ensure_ascii=False)
        assert [key for key in keys if f'"{key.rpartition(": ")[2]}":' not in text] == []


class Raw(str):
    """A scalar that is written without quotation marks."""

    __slots__ = ()


#: Values that are right somewhere and wrong elsewhere.
SCALARS = """
~ null Null true True false no yes 0 1 -1 +3 03 7 12 1.5 1e3 0x1f 2026 2026-03 2026-02-29 2026-02-30
2024-02-29 2026-13 0000 12:30 zh-Hans zh-hans zh-Hant-HK none never every first-in-text p1 p0 p1.2.3 title
con index liu-an Liu a--b ../x 柳 甲，乙 https://example.org/ ftp://example.org/ https://example.org/?a
en pt-BR 英文 concept words duben line verse fullwidth-punctuation static/a.jpg 41.29 91 181 lěng
""".split()


#: Of these, what is meant without quotation marks is plain.
CLEAR = [value for value in SCALARS if not re.match(r"[-+]?[0-9]|True", value)]


@st.composite
def values(draw: st.DrawFn, clear: bool) -> Any:
    plain = CLEAR if clear else SCALARS
    quoted = [value for value in SCALARS if not (clear and value == "2026-02-29")]
    kind = draw(st.sampled_from(["plain"] * 6 + ["quoted"] * 4 + ["list", "mapping", "blank", "long"]))
    if kind == "plain":
        return Raw(draw(st.sampled_from(plain)))
    if kind == "quoted":
        return draw(st.sampled_from(quoted))
    if kind == "list":
        return draw(st.lists(st.sampled_from(plain).map(Raw), max_size=3))
    if kind == "mapping":
        keys = st.sampled_from(["en", "zh-Hant", "柳", "on", "in", "title", "x", "none", "index"])
        return draw(st.dictionaries(keys, st.sampled_from(plain).map(Raw), max_size=2))
    return draw(st.sampled_from(["", " ", "\u3000"])) if kind == "blank" else "柳" * 201


def places_in(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(value, dict | list):
        for key, child in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places_in(child, (*path, key))


@st.composite
def mutated_files(draw: st.DrawFn, clear: bool = False) -> tuple[str, str]:
    """(name of the schema, YAML): a sound file with up to three changes.

    clear: without what a schema cannot see, namely numbers as they are written, and pinyin.
    """
    name = draw(st.sampled_from(sorted(SOUND)))
    value = copy.deepcopy(SOUND[name])
    if clear and name == "scripts":
        del value["pinyin"]
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(sorted(places_in(value), key=repr)))
        if not path:
            value = draw(values(clear)) if draw(st.integers(0, 9)) == 0 else value
            continue
        holder = value
        for step in path[:-1]:
            holder = holder[step]
        change = draw(st.sampled_from(["replace", "replace", "remove", "rename", "add"]))
        if change == "replace":
            holder[path[-1]] = draw(values(clear))
        elif change == "remove":
            del holder[path[-1]]
        elif isinstance(holder, dict):
            key = draw(
                st.sampled_from(["glos", "note", "on", "until", "entry", "Title", "zh-Hant", "柳", "en"])
            )
            holder[key] = holder.pop(path[-1]) if change == "rename" else draw(values(clear))
    return name, dump(value)


def dump(value: Any) -> str:
    """YAML in which `Raw` stands plain and other strings in quotation marks."""
    if isinstance(value, dict):
        return (
            "{"
            + ", ".join(f"{json.dumps(str(k), ensure_ascii=False)}: {dump(v)}" for k, v in value.items())
            + "}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(map(dump, value)) + "]"
    return str(value) if isinstance(value, Raw) else json.dumps(value, ensure_ascii=False)


@settings(max_examples=200, deadline=None)
@given(mutated_files())
def test_nothing_is_marked_that_check_accepts(mutated: tuple[str, str]) -> None:
    name, text = mutated
    node = parsed(text)
    if node is not None and read_by_duben(name, node) == []:
        assert not is_marked(name, node), text


@settings(max_examples=200, deadline=None)
@given(mutated_files(clear=True))
def test_whatever_check_refuses_is_marked_where_yaml_has_one_reading(mutated: tuple[str, str]) -> None:
    """But for pinyin, and for 29 February: see `clear`."""
    name, text = mutated
    node = parsed(text)
    if node is not None and read_by_duben(name, node):
        assert is_marked(name, node), text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("glossary", "{id: 1.5, term: 甲}"),  # an editor reads a number, and so cannot see how it is written
        ("glossary", "{id: a, term: 甲, date: 12}"),
        ("glossary", "{id: a, term: 甲, date: 2023-02-29}"),
        ("text", "{title: 题, republish: True}"),
        ("text", "{title: 题, order: 0x1f}"),
        ("scripts", "{pinyin: {冷轧: lěng}}"),
    ],
)
def test_what_a_schema_cannot_see_is_known(name: str, text: str) -> None:
    node = parsed(text)
    assert node is not None
    assert read_by_duben(name, node) != []
    assert not is_marked(name, node)


def test_the_command_knows_the_names() -> None:
    assert tuple(FILES) == command.NAMES


def test_the_command_prints_a_schema_and_lists_the_names(run_duben: Callable, tmp_path: Path) -> None:
    for name in FILES:
        assert json.loads(run_duben("schema", name, cwd=tmp_path).stdout) == schema_of(name)
    assert [line.split()[0] for line in run_duben("schema", cwd=tmp_path).stdout.splitlines()] == [*FILES]
    assert run_duben("schema", "entries", cwd=tmp_path).status == 2
    assert run_duben("schema", "text", "--write", "a", cwd=tmp_path).status == 2


def test_the_command_writes_all_schemas(run_duben: Callable, tmp_path: Path) -> None:
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "text.json").write_text("old", encoding="utf-8")
    run = run_duben("schema", "--write", "schemas", cwd=tmp_path)
    assert (run.status, run.stderr) == (0, "")
    assert run.stdout.splitlines() == [f"schemas/{name}.json" for name in FILES]
    for name in FILES:
        assert json.loads((tmp_path / "schemas" / f"{name}.json").read_text("utf-8")) == schema_of(name)


def test_a_folder_that_cannot_be_made_is_told(run_duben: Callable, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    run = run_duben("schema", "--write", "file/schemas", cwd=tmp_path)
    assert run.status == 1
    assert run.stderr == "file/schemas: it cannot be written: not a directory\n"
