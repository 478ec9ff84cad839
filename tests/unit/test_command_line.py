"""What every command's --help says, and what shells complete."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import CHECKOUT

from duben.cli import COMMANDS
from duben.cli.completion import SHELLS


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_narrow_and_ends_with_an_example_and_where_to_read_more(
    command: str, run_duben: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    run = run_duben(*command.split(), "--help", cwd=tmp_path)
    assert run.status == 0
    *_, example, more = re.split(r"^(?=example:|more:)", run.stdout, flags=re.MULTILINE)
    assert re.search(rf"\bduben {command}\b", " ".join(example.split()))
    assert more.startswith("more: ")
    assert max(map(len, run.stdout.splitlines())) <= 80


def test_help_fits_a_narrow_terminal(
    run_duben: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    text = run_duben("build", "--help", cwd=tmp_path).stdout
    assert max(len(line) for line in text.splitlines() if "https:" not in line) <= 50


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder with a `duben` in it."""
    folder = tmp_path / "programs"
    folder.mkdir()
    duben = folder / "duben"
    duben.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m duben "$@"\n', encoding="utf-8")
    duben.chmod(0o755)
    return folder


def run_shell(shell: str, script: str, programs: Path) -> str:
    environment = {
        **os.environ,
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(CHECKOUT),
        "PYTHONUTF8": "1",
    }
    done = subprocess.run(
        [*shlex.split(shell), "-c", script],
        env=environment,
        cwd=programs,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def completed_by_bash(line: str, programs: Path) -> list[str]:
    """What bash offers at the end of a line, by the function that the script registers."""
    words = line.split(" ")
    script = f"""
        eval "$(duben completion bash)"
        complete -p duben | grep -o -- '-F [^ ]*' | cut -d' ' -f2 > function
        COMP_WORDS=({" ".join(map(shlex.quote, words))}) COMP_CWORD={len(words) - 1}
        COMP_LINE={shlex.quote(line)} COMP_POINT={len(line.encode())} COMP_TYPE=9
        "$(cat function)" duben {shlex.quote(words[-1])} {shlex.quote(words[-2])}
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    return sorted(word.strip() for word in run_shell("bash --norc", script, programs).splitlines() if word)


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("duben bu", ["build"]),
        ("duben build --base", ["--base-url"]),
        ("duben check --format j", ["json"]),
        ("duben schema te", ["text"]),
        ("duben completion z", ["zsh"]),
    ],
)
def test_bash_completes_commands_options_and_values(line: str, wanted: list[str], programs: Path) -> None:
    assert completed_by_bash(line, programs) == wanted


def test_bash_completes_every_command(programs: Path) -> None:
    assert set(COMMANDS) <= set(completed_by_bash("duben ", programs))


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_reads_its_script(shell: str, programs: Path) -> None:
    script = run_shell("bash --norc", f"duben completion {shell}", programs)
    assert "duben" in script
    if shutil.which(shell):
        run_shell(shell, f"duben completion {shell} > script && {shell} -n script", programs)


def test_no_shell_is_answered_where_none_asks(run_duben: Callable, tmp_path: Path) -> None:
    assert run_duben("completion", "tcsh", cwd=tmp_path).status == 2
    assert "duben" in run_duben("completion", "fish", cwd=tmp_path).stdout


def test_a_build_tells_the_first_warnings_of_a_kind_and_counts_the_rest(
    run_duben: Callable, write_edition: Callable, tmp_path: Path
) -> None:
    body = "\n\n".join(f"他说“好。 {{#p{number}}}" for number in range(1, 31))
    write_edition(
        tmp_path / "content",
        {
            "edition.yaml": "title: 书\nvariants: [zh-Hans]\n",
            "texts/wen/text.yaml": "title: 文\nlang: zh-Hans\n",
            "texts/wen/text.md": body + "\n",
        },
    )
    built = run_duben("build", cwd=tmp_path)
    assert built.status == 0
    assert built.stderr.count(": warning: ") == 10
    assert "and 20 more of the same (20 quotation-unbalanced): `duben check` lists all" in built.stderr
    assert run_duben("check", cwd=tmp_path).stderr.count(": warning: ") == 30
    stopped = run_duben("build", "--strict", cwd=tmp_path)
    assert stopped.stderr.count(": warning: ") == 30
