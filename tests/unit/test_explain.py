"""The explanations of the codes: every code has one, and its examples are true."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from textwrap import dedent

import pytest
from conftest import CHECKOUT

from duben.desk.explain import FOLDER, codes_page, explain, explanation
from duben.diagnostics import CODES

GOLDEN = CHECKOUT / "tests" / "golden"
#: What no example in a text file can show: encodings, links, permissions, other commands, a million signs.
SHOWN_BY_PROGRAMS = {
    "file-encoding",
    "file-control-character",
    "file-symlink",
    "file-unreadable",
    "paragraph-too-long",
    "import-unreadable",
    "import-empty",
    "import-exists",
    "import-outside",
    "import-doubtful",
    "output-refused",
    "output-unwritable",
    "output-busy",
}
BLOCK = re.compile(r"^`([^`\n]+)`(?: (\(not there\))|\n\n((?:    .*\n|\n)+))", re.MULTILINE)


def files_in(part: str) -> dict[str, str | None]:
    """The files of an example; None for one that it says is not there."""
    return {
        name: None if gone else dedent(block).rstrip("\n") + "\n" for name, gone, block in BLOCK.findall(part)
    }


def examples_of(code: str) -> tuple[dict[str, str | None], dict[str, str | None]]:
    _, wrong, right, *_ = [*re.split(r"^(?:Wrong|Right):$", explanation(code), flags=re.MULTILINE), "", ""]
    first = files_in(wrong)
    return first, first | files_in(right)


def codes_of(
    files: Mapping[str, str | None], folder: Path, write_edition: Callable, run_duben: Callable
) -> tuple[set[str], set[str]]:
    """The codes that a build of these files gives, and those of errors among them."""
    sound = {"edition.yaml": "title: 柳岸读本\n", **files}
    write_edition(folder, {name: text for name, text in sound.items() if text is not None})
    told = run_duben("build", "--content", ".", "--out", "../site", cwd=folder).stderr
    told += run_duben("check", "--matches", "--content", ".", cwd=folder).stderr
    return (
        set(re.findall(r"\[([a-z0-9-]+)\]$", told, flags=re.MULTILINE)),
        set(re.findall(r": error: .*\[([a-z0-9-]+)\]$", told, flags=re.MULTILINE)),
    )


def test_every_code_is_explained_and_nothing_else() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == CODES.keys()


@pytest.mark.parametrize("code", CODES)
def test_an_explanation_says_why_and_how_to_mend(code: str) -> None:
    text = explanation(code)
    assert len(text.partition("\n\n")[0]) > 60
    assert "\nTo mend it" in text
    assert text.endswith("\n") and not text.endswith("\n\n")
    assert explain(code).startswith(f"{code}: {CODES[code]}\n\n")


@pytest.mark.parametrize("code", [code for code in CODES if code not in SHOWN_BY_PROGRAMS])
def test_the_wrong_example_gets_the_code_and_the_right_one_no_error(
    code: str, tmp_path: Path, write_edition: Callable, run_duben: Callable
) -> None:
    wrong, right = examples_of(code)
    found, _ = codes_of(wrong, tmp_path / "wrong" / "in", write_edition, run_duben)
    assert code in found
    found, errors = codes_of(right, tmp_path / "right" / "in", write_edition, run_duben)
    assert code not in found
    assert not errors


def test_what_only_a_program_can_show_has_no_example() -> None:
    assert {code for code in CODES if "\nWrong:\n" not in explanation(code)} == SHOWN_BY_PROGRAMS


def test_every_code_has_a_golden_case() -> None:
    cases = {path.name.partition(".")[0] for path in GOLDEN.iterdir() if (path / "expected.txt").is_file()}
    assert cases == CODES.keys()


def test_the_page_of_codes_is_up_to_date() -> None:
    assert (CHECKOUT / "docs" / "codes.md").read_text("utf-8") == codes_page()


def test_a_code_is_explained_anywhere(run_duben: Callable, tmp_path: Path) -> None:
    run = run_duben("check", "--explain", "anchor-missing", cwd=tmp_path)
    assert run.status == 0
    assert run.stdout == explain("anchor-missing")
    assert run.stderr == ""
    assert "`" not in run.stdout.partition("To mend it")[0].partition("Wrong:")[2]


@pytest.mark.parametrize(
    ("code", "hint"), [("anchor-mising", "did you mean `anchor-missing`?"), ("柳", "docs/codes.md")]
)
def test_an_unknown_code_is_wrong_usage(code: str, hint: str, run_duben: Callable, tmp_path: Path) -> None:
    run = run_duben("check", "--explain", code, cwd=tmp_path)
    assert run.status == 2
    assert f"there is no code {code!r}" in run.stderr
    assert hint in run.stderr
    assert run.stdout == ""
