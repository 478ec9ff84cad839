"""Markup and links of every page: html-validate, and the checker of built sites."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from browser.built import PUBLISHED, Built
from browser.editions import EVERY, NOTHING
from sitecheck import check_site

PROJECT = Path(__file__).resolve().parents[2]
VALIDATOR = PROJECT / "node_modules/html-validate/bin/html-validate.mjs"


def validate(folder: Path) -> list[str]:
    """What html-validate says of all pages below the folder, by .htmlvalidate.cjs: a line for each."""
    names = (os.environ.get("DUBEN_NODE", ""), "node", "nodejs")
    node = next((path for name in names if name and (path := shutil.which(name))), None)
    assert node and VALIDATOR.is_file(), "no html-validate: make test sees to it, or .ci/node"
    command = [node, str(VALIDATOR), "--config", str(PROJECT / ".htmlvalidate.cjs"), "--formatter", "text"]
    pattern = f"{folder.as_posix()}/**/*.html"
    run = subprocess.run(
        [*command, pattern], capture_output=True, encoding="utf-8", check=False, cwd=PROJECT, timeout=300
    )
    assert run.returncode in {0, 1}, run.stderr
    found = run.stdout.splitlines()
    assert bool(found) == bool(run.returncode), run.stdout + run.stderr
    return found


@pytest.fixture(scope="session")
def every(build_edition: Callable[..., Built]) -> Built:
    return build_edition("every", EVERY)


@pytest.fixture(scope="session")
def nothing(build_edition: Callable[..., Built]) -> Built:
    return build_edition("nothing", NOTHING)


def test_every_page_of_the_shipped_edition_is_valid(published: Built) -> None:
    assert validate(published.root) == []


def test_every_construct_is_valid(every: Built) -> None:
    assert validate(every.root) == []


def test_an_edition_without_content_is_valid(nothing: Built) -> None:
    assert validate(nothing.root) == []
    assert check_site(nothing.root) == []


def test_the_validator_sees_faults(tmp_path: Path) -> None:
    body = '<main><h1>题</h1><p id="a"></p><ul><p>x</p></ul><img src="a.png"><button></button>'
    page = (
        f'<!doctype html>\n<html lang="zh"><head><title>题</title></head><body>{body}</main></body></html>\n'
    )
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.html").write_text(page, encoding="utf-8")
    found = " ".join(validate(tmp_path))
    for rule in ("element-permitted-content", "wcag/h37", "text-content"):
        assert f"({rule})" in found or f"[{rule}]" in found, found


def test_every_link_and_fragment_leads_somewhere(published: Built, every: Built) -> None:
    assert check_site(published.root, PUBLISHED) == []
    assert check_site(every.root, "https://reader.example/every/") == []
    # What stands beside the pages is looked at, too.
    for built in (published, every):
        for name in ("404.html", "sitemap.xml", "robots.txt", "zh-hans/feed.xml"):
            assert (built.root / name).is_file(), name
