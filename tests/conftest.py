"""What all tests share: the texts kept outside, small editions, and duben run in two ways."""

from __future__ import annotations

import contextlib
import functools
import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from textwrap import dedent
from typing import NamedTuple

import jinja2
import pytest
from jinja2.bccache import Bucket

CHECKOUT = Path(__file__).resolve().parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="rewrite expected.txt in tests/golden from what duben prints now",
    )


class Run(NamedTuple):
    """A finished run of duben's command line."""

    status: int
    stdout: str
    stderr: str


class _Compiled(jinja2.BytecodeCache):
    """Templates that were compiled before, by name, file and content."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


@pytest.fixture(scope="session", autouse=True)
def _templates_are_compiled_once() -> Iterator[None]:
    """Tests build hundreds of editions with the same theme, and half of a small build is Jinja's compiler."""
    with pytest.MonkeyPatch.context() as patch:
        make = functools.partialmethod(jinja2.Environment.__init__, bytecode_cache=_Compiled())
        patch.setattr(jinja2.Environment, "__init__", make)
        yield


def _folder_of(variable: str, what: str) -> Path:
    named = os.environ.get(variable)
    if not named:
        pytest.skip(f"{variable} is not set: {what} are not here")
    folder = Path(named)
    if not folder.is_dir():
        pytest.fail(f"{variable} names no folder: {named}")
    return folder.resolve()


@pytest.fixture(scope="session")
def sources() -> Path:
    """The folder of texts that are annotated but kept outside the repository ($DUBEN_SOURCES)."""
    return _folder_of("DUBEN_SOURCES", "the texts kept outside the repository")


@pytest.fixture(scope="session")
def conformance() -> Path:
    """The folder of aligned texts that script conversion is measured on ($DUBEN_CONFORMANCE)."""
    return _folder_of("DUBEN_CONFORMANCE", "the aligned texts for script conversion")


@pytest.fixture(scope="session")
def generator() -> Path:
    """The folder with the program that writes an edition of many texts ($DUBEN_BENCH)."""
    return _folder_of("DUBEN_BENCH", "the generator of large editions")


@pytest.fixture(scope="session")
def write_edition() -> Callable[[Path, Mapping[str, str | bytes]], Path]:
    """`write_edition(folder, {"edition.yaml": "...", ...})` writes the files and returns the folder.

    A string that starts with a line feed is an indented block: the line feed and the indentation go.
    Bytes are written as they are.
    """

    def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, bytes):
                path.write_bytes(content)
            else:
                block = dedent(content[1:]) if content.startswith("\n") else content
                path.write_text(block, encoding="utf-8", newline="")
        return folder

    return write


@pytest.fixture(scope="session")
def run_duben() -> Callable[..., Run]:
    """`run_duben("build", "--out", "site", cwd=folder)` runs the command line in this process."""
    from duben.cli import main

    def run(*argv: str | Path, cwd: Path) -> Run:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.chdir(cwd), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                status = main([str(argument) for argument in argv])
            except SystemExit as stop:  # argparse's way out
                status = stop.code if isinstance(stop.code, int) else 1
        return Run(status, out.getvalue(), err.getvalue())

    return run


@pytest.fixture(scope="session")
def run_duben_process() -> Callable[..., Run]:
    """`run_duben_process("--out", "site", cwd=folder)` runs build.py as an editor does.

    `env` is added to the environment. The texts kept outside are not found by accident.
    """

    def run(*argv: str | Path, cwd: Path, env: Mapping[str, str] | None = None) -> Run:
        command: Sequence[str] = [sys.executable, str(CHECKOUT / "build.py"), *map(str, argv)]
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("DUBEN_")}
        done = subprocess.run(
            command,
            cwd=cwd,
            env={**inherited, "PYTHONUTF8": "1", **(env or {})},
            capture_output=True,
            encoding="utf-8",
            timeout=300,
            check=False,
        )
        return Run(done.returncode, done.stdout, done.stderr)

    return run
