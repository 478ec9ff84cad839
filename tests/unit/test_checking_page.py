"""docs/checking.md: what can be copied from it works."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from conftest import CHECKOUT

PAGE = (CHECKOUT / "docs" / "checking.md").read_text("utf-8")
YAML = re.findall(r"^```yaml\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)
COMMANDS = [
    command.strip()
    for command in re.findall(
        r"^(?:    |.*run: |    - |exec )(duben check[^\n>#]*)", PAGE, flags=re.MULTILINE
    )
]


def test_the_workflow_files_are_yaml_and_run_the_check() -> None:
    github, steps, gitlab = (yaml.load(block, Loader=yaml.BaseLoader) for block in YAML)
    assert github["jobs"]["check"]["steps"][-1] == {"run": "duben check --format github"}
    assert set(github["on"]) == {"pull_request", "push"}
    assert github["permissions"] == {"contents": "read"}
    assert steps[1]["with"]["sarif_file"] == steps[0]["run"].rpartition("> ")[2]
    assert [line for line in gitlab["check"]["script"] if line.startswith("duben check")]


def test_this_page_installs_the_wheel_as_the_workflows_that_duben_new_writes() -> None:
    start = CHECKOUT / "duben" / "desk" / "sample" / "start"
    for name, block in (("github.yaml", YAML[0]), ("gitlab.yaml", YAML[2])):
        line = re.search(r"python -m pip install \S+", (start / name).read_text("utf-8"))
        assert line and line[0] in block


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_on_the_page_runs(
    command: str, tmp_path: Path, write_edition: Callable, run_duben: Callable
) -> None:
    files = {
        "edition.yaml": "title: 读本\n",
        "texts/a/text.yaml": "title: 柳\n",
        "texts/a/text.md": "柳 {#p1}\n",
    }
    write_edition(tmp_path / "content", files)
    assert run_duben("build", "--quiet", cwd=tmp_path).status == 0
    assert run_duben(*shlex.split(command)[1:], cwd=tmp_path).status == 0


def test_the_page_shows_commands() -> None:
    assert len(COMMANDS) >= 7
