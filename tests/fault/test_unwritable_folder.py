"""A folder inside the site that cannot be written to is found before anything is moved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Run

from duben.publish import output


def test_nothing_is_moved_where_one_folder_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write_edition: Callable, run_duben: Callable[..., Run]
) -> None:
    files = {
        "content/edition.yaml": "title: 读本\n",
        "content/texts/a/text.yaml": "title: 旧题\n",
        "content/texts/a/text.md": "文 {#p1}\n",
    }
    write_edition(tmp_path, files)
    assert run_duben("build", cwd=tmp_path).status == 0
    site = tmp_path / "site"
    before = {path: path.read_bytes() for path in site.rglob("*.html")}
    write_edition(tmp_path, {**files, "content/texts/a/text.yaml": "title: 新题\n"})
    # A superuser may write anywhere, so the system's answer is given for it.
    monkeypatch.setattr(output.os, "access", lambda path, _mode: "zh-hant/texts" not in Path(path).as_posix())
    run = run_duben("build", cwd=tmp_path)
    assert run.status == 1
    assert "site/zh-hant/texts: error: cannot write here: permission denied [output-unwritable]" in run.stderr
    assert {path: path.read_bytes() for path in site.rglob("*.html")} == before
    assert not (site / ".duben" / "journal.json").exists()
    monkeypatch.undo()
    assert run_duben("build", cwd=tmp_path).status == 0
    assert "新题" in (site / "zh-hans" / "texts" / "a.html").read_text("utf-8")
