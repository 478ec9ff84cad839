"""What an editor is told: every diagnostic code has a small edition that provokes it.

A case is a folder named after the code it is about, `anchor-missing` (a second one:
`anchor-missing.in-title`), and holds

    in/           the edition; duben runs in it
    args.txt      optional: the command line, one argument a line; default: ARGUMENTS
    make.py       optional: `make(folder)` builds what cannot be a file in git; it may also be a
                  context manager, open while duben runs (a lock that another build holds)
    expected.txt  what is printed on stderr, then a line `exit N`

`pytest tests/golden --update-golden` writes expected.txt; read the difference before you commit it.
"""

from __future__ import annotations

import runpy
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest

from duben.diagnostics import CODES

GOLDEN = Path(__file__).parent
CASES = sorted(path.name for path in GOLDEN.iterdir() if path.is_dir() and not path.name.startswith("__"))
ARGUMENTS = ["build", "--content", ".", "--out", "../site"]


def code_of(case: str) -> str:
    return case.partition(".")[0]


def lay_out(case: Path, folder: Path) -> AbstractContextManager[object]:
    """Copies the case's edition to `folder` and lets its make.py finish it."""
    if (case / "in").is_dir():
        shutil.copytree(case / "in", folder, symlinks=True)
    else:
        folder.mkdir()
    if not (case / "make.py").is_file():
        return nullcontext()
    made = runpy.run_path(str(case / "make.py"))["make"](folder)
    return made if isinstance(made, AbstractContextManager) else nullcontext()


def snapshot(folder: Path) -> dict[str, bytes | str]:
    """Everything under `folder`: a file's bytes, a link's target, "" for a folder."""
    found: dict[str, bytes | str] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[name] = str(path.readlink())
        else:
            found[name] = path.read_bytes() if path.is_file() else ""
    return found


def arguments_of(case: Path) -> list[str]:
    given = case / "args.txt"
    return given.read_text("utf-8").splitlines() if given.is_file() else ARGUMENTS


@pytest.mark.parametrize("name", CASES)
def test_the_editor_is_told(
    name: str, tmp_path: Path, run_duben: Callable, request: pytest.FixtureRequest
) -> None:
    case, folder = GOLDEN / name, tmp_path / "in"
    with lay_out(case, folder):
        before = snapshot(tmp_path)
        run = run_duben(*arguments_of(case), cwd=folder)
        after = snapshot(tmp_path)

    printed = f"{run.stderr}exit {run.status}\n"
    expected = case / "expected.txt"
    assert f"[{code_of(name)}]" in printed
    assert str(tmp_path) not in printed
    if request.config.getoption("--update-golden"):
        expected.write_text(printed, encoding="utf-8", newline="")
    assert printed == (expected.read_text("utf-8") if expected.is_file() else "")
    if run.status:
        assert after == before, "a run that fails leaves everything as it was"
    else:
        assert ": error: " not in printed


def test_every_code_has_a_case():
    assert sorted(CODES.keys() - {code_of(case) for case in CASES}) == []


def test_every_case_is_about_a_code():
    assert [case for case in CASES if code_of(case) not in CODES] == []
