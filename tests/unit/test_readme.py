"""The README's ten minutes, typed as they are written."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import CHECKOUT
from sitecheck import check_site, visible_paragraphs

from duben.cli import COMMANDS

README = (CHECKOUT / "README.md").read_text("utf-8")


def boxes(readme: str) -> dict[str, str]:
    """The commands of each numbered step, by its heading."""
    steps = re.split(r"^### ", readme, flags=re.MULTILINE)[1:]
    return {
        step.splitlines()[0]: "\n".join(
            re.findall(r"^```sh\n(.*?)^```", step, flags=re.MULTILINE | re.DOTALL)
        )
        for step in steps
        if step[0].isdigit()
    }


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The home folder after all steps but the installation, and what was printed."""
    home = tmp_path_factory.mktemp("home")
    programs = home / "duben-env" / "bin"
    programs.mkdir(parents=True)
    (programs / "duben").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m duben "$@"\n', encoding="utf-8")
    (programs / "duben").chmod(0o755)
    (home / "duben-env" / "duben-0-py3-none-any.whl").write_bytes(b"")
    script = "\n".join(["set -e", "cd ~", *(text for name, text in boxes(README).items() if name[0] != "1")])
    who = {
        f"GIT_{role}_{what}": "editor@example.org"
        for role in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    environment = {
        **os.environ,
        **who,
        "HOME": str(home),
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(CHECKOUT),
        "PYTHONUTF8": "1",
    }
    done = subprocess.run(
        ["bash", "-c", script],
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return home, done.stdout + done.stderr


def test_every_step_has_something_to_type():
    assert [name for name, text in boxes(README).items() if not text.strip()] == []


def test_the_path_gives_a_whole_edition(typed: tuple[Path, str]) -> None:
    home, printed = typed
    site = home / "zaoshi" / "site"
    assert ": error: " not in printed
    assert ": warning: " not in printed
    assert check_site(site) == []
    page = (site / "zh-hant" / "texts" / "zaoshi.html").read_text("utf-8")
    shown = visible_paragraphs(page)
    assert "旁邊的麵攤" in shown["p1"]
    assert "「油條要現炸的，」" in shown["p2"]
    assert "又乾淨了" in shown["p5"]
    hong_kong = (site / "zh-hant-hk" / "texts" / "zaoshi.html").read_text("utf-8")
    assert "甚麼也沒有" in visible_paragraphs(hong_kong)["p5"]
    for wanted in ('aria-describedby="w-doujiang"', 'id="n-n3"', "yóutiáo"):
        assert wanted in page
    terms = set(re.findall(r'aria-describedby="(w-[a-z-]+)"', page))
    assert len(terms) == 10
    assert len(set(re.findall(r'id="(n-n[0-9]+)"', page))) == 3


def test_the_mistake_that_it_shows_is_told_so(typed: tuple[Path, str], run_duben: Callable) -> None:
    home, _ = typed
    folder = home / "zaoshi"
    text = folder / "content" / "texts" / "zaoshi" / "text.yaml"
    sound = text.read_text("utf-8")
    text.write_text(sound.replace("on: 支起炉子", "on: 支起炉火"), encoding="utf-8")
    try:
        run = run_duben("build", cwd=folder)
    finally:
        text.write_text(sound, encoding="utf-8")
    shown = re.search(r"^    (content/\S+: error: .*\n)    (  hint: .*\n)", README, flags=re.MULTILINE)
    assert shown is not None
    assert run.status == 1
    assert shown[1] + shown[2] in run.stderr


def test_it_names_every_command_and_its_options(run_duben: Callable, tmp_path: Path) -> None:
    """An option stands in its command's own section, or in that of a command that is named there."""
    parts = re.split(r"^### `duben ([a-z]+)[^`]*`$", README, flags=re.MULTILINE)
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    assert sections.keys() == COMMANDS.keys()
    for command, section in sections.items():
        help_text = run_duben(command, "--help", cwd=tmp_path).stdout
        options = set(re.findall(r"--[a-z-]+", help_text)) - {"--help"}
        borrowed = [sections[other] for other in sections if f"`{other}`" in section]
        missing = {opt for opt in options if not any(f"`{opt}" in text for text in (section, *borrowed))}
        assert missing == set(), command


def test_the_review_that_it_shows_is_what_is_printed(typed: tuple[Path, str]) -> None:
    _, printed = typed
    begin = README.index("    content/texts/zaoshi/text.md:9:27: 菜农")
    shown = README[begin : README.index("\n\n", begin)].replace("\n    ", "\n").removeprefix("    ")
    for part in shown.split("\n…\n"):
        assert part in printed
    assert "zh-Hant 0 open, 4 settled" in printed
