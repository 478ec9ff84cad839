"""The output folder: what is written, kept, removed and refused."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from duben.diagnostics import EditionError, Report
from duben.model import Artifact
from duben.publish.output import STATE, Summary, open_output


def write(root: Path, files: dict[str, str] | Iterable[tuple[str, str]]) -> tuple[Summary | None, list[str]]:
    report = Report()
    summary = None
    try:
        with open_output(root, report) as output:
            for path, content in files.items() if isinstance(files, dict) else files:
                output.add(Artifact(path, content.encode()))
            if report.has_errors():
                raise EditionError
            summary = output.commit()
    except EditionError:
        assert report.found
    return summary, [found.code for found in report.found]


def give_up(root: Path, files: dict[str, str]) -> None:
    """Stages the files and goes no further."""
    with contextlib.suppress(EditionError), open_output(root, Report()) as output:
        for path, content in files.items():
            output.add(Artifact(path, content.encode()))
        assert (root / STATE / "staged").is_dir()
        raise EditionError


def read(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): path.read_text("utf-8")
        for path in root.rglob("*")
        if path.is_file() and STATE not in path.parts
    }


def test_only_what_changed_is_written_and_what_is_gone_is_removed(tmp_path: Path) -> None:
    root = tmp_path / "site"
    assert write(root, {"a": "1", "b/c": "2", "b/d/e": "3"}) == (Summary(3, 0, 0), [])
    assert write(root, {"a": "1", "b/c": "2", "b/d/e": "3"}) == (Summary(0, 3, 0), [])
    assert write(root, {"a": "1", "b/c": "new"}) == (Summary(1, 1, 1), [])
    assert read(root) == {"a": "1", "b/c": "new"}
    assert not (root / "b/d").exists()
    assert json.loads((root / STATE / "manifest.json").read_text("utf-8"))["files"] == ["a", "b/c"]


def test_a_build_of_nothing_removes_everything_of_duben_s_own(tmp_path: Path) -> None:
    root = tmp_path / "site"
    write(root, {"a/b/c": "1"})
    (root / "mine").write_text("mine", encoding="utf-8")
    assert write(root, {}) == (Summary(0, 0, 1), [])
    assert read(root) == {"mine": "mine"}


def test_a_build_that_is_given_up_leaves_no_folder(tmp_path: Path) -> None:
    root = tmp_path / "deep" / "site"
    give_up(root, {"a": "1"})
    assert not root.exists()


def test_a_build_that_is_given_up_leaves_the_site(tmp_path: Path) -> None:
    root = tmp_path / "site"
    write(root, {"a": "1"})
    give_up(root, {"a": "2", "b": "2"})
    assert read(root) == {"a": "1"}
    assert sorted(path.name for path in (root / STATE).iterdir()) == ["lock", "manifest.json"]


@pytest.mark.parametrize(
    "pair", [("a", "a"), ("a.svg", "A.svg"), ("caf\u00e9", "cafe\u0301"), ("straße", "STRASSE")]
)
def test_two_files_of_one_name_are_told(pair: tuple[str, str], tmp_path: Path) -> None:
    assert write(tmp_path / "site", [(name, "1") for name in pair]) == (None, ["output-collision"])
    assert not (tmp_path / "site").exists()


#: What a damaged or forged list holds. None of it may be obeyed.
DAMAGED = {
    "manifest.json": [
        "",
        "{",
        "[]",
        "{}",
        '{"files": 1}',
        '{"files": [1]}',
        '{"files": ["../victim"]}',
        '{"files": ["a/../../victim"]}',
        '{"files": ["/etc/passwd"]}',
        '{"files": ["a//b"]}',
        '{"files": [".duben/lock"]}',
        '{"files": ["a\\u0000"]}',
        "[" * 100_000,
    ],
    "journal.json": [
        "{}",
        '{"rename": [], "remove": ["../victim"], "manifest": []}',
        '{"rename": [["0", "../victim"]], "remove": [], "manifest": []}',
        '{"rename": [["../../victim", "a"]], "remove": [], "manifest": []}',
        '{"rename": [["0"]], "remove": [], "manifest": []}',
        '{"rename": 1, "remove": [], "manifest": []}',
    ],
}


@pytest.mark.parametrize(("name", "written"), [(name, one) for name, all_ in DAMAGED.items() for one in all_])
def test_a_damaged_list_stops_the_build_and_touches_nothing(name: str, written: str, tmp_path: Path) -> None:
    root = tmp_path / "site"
    write(root, {"a": "1"})
    (tmp_path / "victim").write_text("v", encoding="utf-8")
    (root / STATE / "staged").mkdir()
    (root / STATE / "staged" / "0").write_text("staged", encoding="utf-8")
    (root / STATE / name).write_text(written, encoding="utf-8")
    assert write(root, {"a": "2"}) == (None, ["output-refused"])
    assert read(root) == {"a": "1"}
    assert (tmp_path / "victim").read_text("utf-8") == "v"


def test_a_journal_that_was_left_is_done_before_anything_else(tmp_path: Path) -> None:
    root = tmp_path / "site"
    write(root, {"a": "1", "old": "1"})
    (root / STATE / "staged").mkdir()
    (root / STATE / "staged" / "0").write_text("2", encoding="utf-8")
    journal = {"rename": [["0", "a"], ["1", "b"]], "remove": ["old"], "manifest": ["a", "b"]}
    (root / "b").write_text("2", encoding="utf-8")  # renamed already when the build was killed
    (root / STATE / "journal.json").write_text(json.dumps(journal), encoding="utf-8")
    assert write(root, {"a": "2", "b": "2"}) == (Summary(0, 2, 0), [])
    assert read(root) == {"a": "2", "b": "2"}
