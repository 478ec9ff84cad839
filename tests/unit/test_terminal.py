"""Problems on a terminal: colours, and the line with a caret under the place."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from duben.desk.columns import width
from duben.desk.terminal import shown, wants_colour
from duben.diagnostics import Diagnostic, Severity
from duben.model import Location


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "asked", "environment", "wanted"),
    [
        (Terminal(), "auto", {}, True),
        (io.StringIO(), "auto", {}, False),
        (Terminal(), "never", {"FORCE_COLOR": "1"}, False),
        (io.StringIO(), "always", {"NO_COLOR": "1"}, True),
        (Terminal(), "auto", {"NO_COLOR": "1"}, False),
        (Terminal(), "auto", {"NO_COLOR": ""}, True),
        (io.StringIO(), "auto", {"FORCE_COLOR": "1"}, True),
        (Terminal(), "auto", {"FORCE_COLOR": "0"}, False),
        (Terminal(), "auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        (Terminal(), "auto", {"TERM": "dumb"}, False),
    ],
)
def test_colours_are_for_terminals_and_for_those_who_ask(
    stream: io.StringIO, asked: str, environment: Mapping[str, str], wanted: bool
) -> None:
    assert wants_colour(stream, asked, environment) is wanted


def excerpt(tmp_path: Path, line: str, column: int, *, colour: bool = False, hint: str = "look") -> list[str]:
    file = tmp_path / "a.yaml"
    file.write_text(f"one\n{line}\nthree\n", encoding="utf-8", newline="")
    problem = Diagnostic(Severity.ERROR, Location(str(file), 2, column), "text-empty", "gone", hint)
    (printed,) = shown([problem], colour=colour, context=True)
    return printed.split("\n")[1:]


@pytest.mark.parametrize(
    ("line", "column", "caret_after"),
    [
        ("abc", 1, ""),
        ("abc", 3, "ab"),
        ("柳枝低垂", 3, "    "),
        ("a柳b枝", 4, "    "),
        ("e\u0301枝x", 4, "   "),  # e and a combining accent
        ("ﾔﾅｷ柳", 4, "   "),  # half-width kana
        ("\tx", 2, " "),
        ("柳", 2, "  "),  # behind the last character
    ],
)
def test_the_caret_stands_under_the_place_whatever_the_width(
    tmp_path: Path, line: str, column: int, caret_after: str
) -> None:
    shows, points, hint = excerpt(tmp_path, line, column)
    assert shows == f"    2 | {line}".replace("\t", " ")
    assert points == f"      | {' ' * len(caret_after)}^"
    assert hint == "  hint: look"


def test_a_long_line_is_cut_to_the_terminal_and_the_place_stays_in_sight(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    for column in (1, 50, 199, 200):
        line = "柳" * (column - 1) + "花" + "枝" * (200 - column)
        shows, points, _ = excerpt(tmp_path, line, column)
        assert width(shows) <= 60
        assert width(shows[: shows.index("花")]) == points.index("^")
        assert ("…" in shows[:9]) == (column > 1)
        assert shows.endswith("…") == (column < 199)


@pytest.mark.parametrize("column", [0, 9])
def test_a_place_that_is_not_there_shows_no_line(tmp_path: Path, column: int) -> None:
    assert excerpt(tmp_path, "abc", column) == ["  hint: look"]


def test_what_cannot_be_read_shows_no_line() -> None:
    problem = Diagnostic(Severity.WARNING, Location("no such file", 2, 1), "text-empty", "gone")
    assert list(shown([problem], colour=False, context=True)) == [str(problem)]


def test_without_colour_and_context_a_problem_is_printed_as_ever(tmp_path: Path) -> None:
    problem = Diagnostic(Severity.NOTICE, Location(str(tmp_path / "a"), 1, 1), "text-empty", "x", "y")
    assert list(shown([problem], colour=False, context=False)) == [str(problem)]


def test_colours_change_nothing_but_colours(tmp_path: Path) -> None:
    plain = excerpt(tmp_path, "柳枝", 2)
    coloured = "\n".join(excerpt(tmp_path, "柳枝", 2, colour=True))
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured).split("\n") == plain


def test_a_control_character_reaches_no_terminal(tmp_path: Path) -> None:
    assert "\x1b" not in "".join(excerpt(tmp_path, "a\x1b[31mb", 7))
