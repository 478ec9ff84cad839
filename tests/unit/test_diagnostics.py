"""Problems: one line each, told once, in the order of the files."""

from __future__ import annotations

import re

import pytest

from duben.diagnostics import CODES, Diagnostic, Report, Severity, did_you_mean, nearest_word, one_line
from duben.model import Location

PLACE = Location("a.yaml", 3, 5)


def test_a_problem_is_printed_as_compilers_do() -> None:
    problem = Diagnostic(Severity.ERROR, PLACE, "file-missing", "gone", "look for it")
    assert str(problem) == "a.yaml:3:5: error: gone [file-missing]\n  hint: look for it"
    assert str(Diagnostic(Severity.NOTICE, Location("a"), "text-empty", "x")) == "a: notice: x [text-empty]"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("一\n二", "一\\n二"),
        ("\0\x1b[31m", "\\x00\\x1b[31m"),
        ("\ud800", "\\ud800"),
        ("\u202e\u2028", "\\u202e\\u2028"),
        ("新 𠀀", "新 𠀀"),
    ],
)
def test_a_problem_keeps_to_one_line(text: str, shown: str) -> None:
    assert one_line(text) == shown
    report = Report()
    report.error(Location(f"a{text}b"), "file-unknown", text, text)
    assert str(report.found[0]) == f"a{shown}b: error: {shown} [file-unknown]\n  hint: {shown}"


def test_the_same_problem_is_told_once() -> None:
    report = Report()
    for message in ("one", "one", "two"):
        report.error(PLACE, "file-missing", message)
    assert [found.message for found in report.found] == ["one", "two"]


def test_problems_are_listed_by_file_line_and_column_and_else_as_found() -> None:
    report = Report()
    places = [
        Location("b", 1, 1),
        Location("a", 10, 1),
        Location("a", 2, 9),
        Location("a", 2, 1),
        Location("a"),
    ]
    for place in places:
        report.error(place, "file-missing", "first")
        report.notice(place, "file-missing", "second")
    assert [found.location for found in report.in_order()[::2]] == sorted(places)
    assert [found.message for found in report.in_order()] == ["first", "second"] * 5


@pytest.mark.parametrize(
    ("severities", "errors", "strict"),
    [
        ([], False, False),
        (["notice"], False, False),
        (["warning"], False, True),
        (["warning", "error"], True, True),
    ],
)
def test_warnings_stop_a_strict_run_and_notices_none(
    severities: list[str], errors: bool, strict: bool
) -> None:
    report = Report()
    for severity in severities:
        report.add(Severity(severity), PLACE, "file-missing", severity, "")
    assert (report.has_errors(), report.has_errors(strict=True)) == (errors, strict)


def test_a_code_outside_the_table_is_a_bug() -> None:
    with pytest.raises(KeyError):
        Report().error(PLACE, "no-such-code", "x")


def test_codes_are_in_kebab_case_and_explained_in_a_sentence() -> None:
    for code, meaning in CODES.items():
        assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)+", code)
        assert re.fullmatch(r"[A-Z].*\.", meaning), code


@pytest.mark.parametrize(
    ("word", "near"),
    [("glos", "gloss"), ("titel", "title"), ("xyz", ""), ("", ""), ("title" * 50, ""), ("title", "title")],
)
def test_the_nearest_word_is_named_where_one_is_near(word: str, near: str) -> None:
    known = ["gloss", "title", "term"]
    assert nearest_word(word, known) == near
    assert did_you_mean(word, known) == (f"did you mean `{near}`?" if near else "")


def test_files_that_cannot_be_read_come_first_and_each_file_stays_together() -> None:
    report = Report()
    report.error(Location("a.yaml", 1, 1), "link-dangling", "no entry")
    report.warning(Location("b.yaml", 9, 1), "file-unknown", "only a warning")
    report.warning(Location("c.yaml", 2, 1), "yaml-tab", "first")
    report.error(Location("c.yaml", 5, 1), "yaml-syntax", "second")
    assert [found.location.file for found in report.in_order()] == ["c.yaml", "c.yaml", "a.yaml", "b.yaml"]


@pytest.mark.parametrize(
    ("cause", "folder", "told"),
    [
        ("paragraph-id-missing", "texts/a", ["paragraph-id-missing"]),
        ("paragraph-id-missing", "texts/b", ["anchor-paragraph", "paragraph-id-missing"]),
        ("paragraph-lines", "texts/a", ["paragraph-lines", "anchor-paragraph"]),
    ],
)
def test_what_follows_from_an_error_is_not_told_and_still_is_one(
    cause: str, folder: str, told: list[str]
) -> None:
    report = Report()
    report.error(Location("texts/a/text.yaml", 3, 1), "anchor-paragraph", "no p2")
    report.error(Location(f"{folder}/text.md", 1, 1), cause, "cause")
    assert [found.code for found in report.in_order()] == told
    assert len(report.found) == 2


def test_nothing_is_left_out_because_of_a_warning() -> None:
    report = Report()
    report.error(Location("texts/a/text.yaml", 3, 1), "anchor-paragraph", "no p2")
    report.warning(Location("texts/a/text.md", 1, 1), "paragraph-id-missing", "cause")
    assert len(report.in_order()) == 2
