"""The command line where its output goes nowhere."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import CHECKOUT


@pytest.mark.parametrize("closed", ["1>&-", "2>&-", "1>&- 2>&-", "| head -0"])
def test_closed_streams_do_not_stop_a_build(closed: str, tmp_path: Path) -> None:
    (tmp_path / "content" / "texts" / "a").mkdir(parents=True)
    (tmp_path / "content" / "edition.yaml").write_text("title: 读本\n", encoding="utf-8")
    (tmp_path / "content" / "texts" / "a" / "text.yaml").write_text("title: 题\n", encoding="utf-8")
    (tmp_path / "content" / "texts" / "a" / "text.md").write_text("文 {#p1}\n", encoding="utf-8")
    command = f'set -o pipefail; "{sys.executable}" "{CHECKOUT / "build.py"}" {closed}'
    done = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode in (0, 141)
    assert "Traceback" not in done.stderr
    assert (tmp_path / "site" / "zh-hans" / "texts" / "a.html").is_file()
