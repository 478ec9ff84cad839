"""An edition's own templates, interface strings and assets."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Run

from duben.desk.build import Options, make_artifacts, read_edition
from duben.diagnostics import Report

EDITION = {
    "content/edition.yaml": "title: 读本\nvariants: [zh-Hans, zh-Hant]\nbase_url: https://example.org/\n",
    "content/texts/a/text.yaml": "title: 题\n",
    "content/texts/a/text.md": "文字。 {#p1}\n",
}
TEXT_PAGE = '{% extends "base.html" %}\n{% block main %}\n'

Build = Callable[..., Run]


@pytest.fixture
def build(tmp_path: Path, write_edition: Callable, run_duben: Callable[..., Run]) -> Build:
    """`build({"text.html": "…"})` builds a small edition with these files in its templates/."""

    def make(templates: dict[str, str | bytes], content: str = "content") -> Run:
        own = {f"content/templates/{name}": file for name, file in templates.items()}
        write_edition(tmp_path, {**EDITION, **own})
        return run_duben("build", "--content", content, cwd=tmp_path)

    return make


@pytest.mark.parametrize(
    ("interface", "place", "message"),
    [
        ('{"home": "主页"}', ":1:2", "`home`: expected a mapping of languages to strings"),
        ('{\n  "home": {"zh-Hans": 1}}', ":2:3", "`home`: expected a mapping of languages to strings"),
        ('{"own": {"en": "Own"}}', ":1:2", "`own`: there is no zh-Hans"),
        ('["home"]', ":1:1", "expected a mapping of keys to strings"),
        ('{"home": {"zh-Hans": "主页"},}', ":1:28", "this is not JSON"),
        ("[" * 100_000, "", "this file cannot be read"),
        (b'{"home": {"zh-Hans": "\xff"}}', "", "this file cannot be read"),
    ],
)
def test_a_wrong_interface_file_is_told_with_its_place(
    build: Build, interface: str | bytes, place: str, message: str
) -> None:
    run = build({"interface.json": interface})
    assert run.status == 1
    assert f"content/templates/interface.json{place}: error: {message}" in run.stderr
    assert "[template-error]" in run.stderr


def test_own_interface_strings_stand_in_for_duben_s_and_the_others_stay(build: Build, tmp_path: Path) -> None:
    own = '{% extends "base.html" %}{% block main %}{{ ui["glossary"] }}|{{ ui["about"] }}{% endblock %}'
    run = build({"interface.json": '{"glossary": {"zh-Hans": "词语汇编"}}', "text.html": own})
    assert run.status == 0, run.stderr
    assert "词语汇编|关于" in (tmp_path / "site/zh-hans/texts/a.html").read_text("utf-8")
    assert "詞語彙編|關於" in (tmp_path / "site/zh-hant/texts/a.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("templates", "told"),
    [
        ({"text.html": '{{ 1 + "a" }}'}, "text.html:1:1: error: TypeError: "),
        ({"text.html": TEXT_PAGE + "{{ 1 // 0 }}{% endblock %}"}, "text.html:3:1: error: ZeroDivision"),
        ({"text.html": TEXT_PAGE + "{{ view.nonsense }}{% endblock %}"}, "text.html:3:1: error: "),
        ({"text.html": TEXT_PAGE + '{% include "no.html" %}{% endblock %}'}, "text.html:3:1: error: there"),
        ({"text.html": '{# #}\n{% include "text.html" %}'}, "text.html:2:1: error: RecursionError: "),
        ({"text.html": "一段文字\n".encode("gb18030")}, "text.html:1:1: error: this file is not UTF-8"),
        ({"base.html": b"a\nb\xff"}, "base.html:2:1: error: this file is not UTF-8"),
        ({"base.html": "{{ [].nothing.more }}"}, "base.html:1:1: error: "),
        ({"text.html": "{{ '\\ud800' }}"}, "text.html: error: UnicodeEncodeError: "),
    ],
)
def test_whatever_a_template_raises_is_told_with_its_line(
    build: Build, templates: dict[str, str | bytes], told: str
) -> None:
    run = build(templates)
    assert run.status == 1
    assert f"content/templates/{told}" in run.stderr
    assert run.stderr.count("[template-error]") == 1


def test_the_line_is_found_however_the_folder_is_named(build: Build) -> None:
    run = build({"text.html": '{# #}\n{{ 1 + "a" }}'}, "content/../content")
    assert "/templates/text.html:2:1: error: TypeError: " in run.stderr


def test_a_base_without_blocks_is_a_theme_too(build: Build, tmp_path: Path) -> None:
    run = build({"base.html": "<!doctype html><title>空</title>"})
    assert run.status == 0, run.stderr
    assert (tmp_path / "site/zh-hans/texts/a.html").read_text("utf-8") == "<!doctype html><title>空</title>"


def test_a_mistake_in_duben_s_own_code_is_no_fault_of_the_template(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jinja2.Template.render", lambda *_args, **_views: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        build({"assets/own.css": ""})


def test_a_file_to_copy_that_has_gone_is_told(tmp_path: Path, write_edition: Callable) -> None:
    write_edition(tmp_path, EDITION)
    content = tmp_path / "content"
    report = Report()
    edition = read_edition(Options(content, tmp_path / "site"), report)
    edition = dataclasses.replace(edition, static=(("gone.pdf", str(content / "static" / "gone.pdf")),))
    paths = [artifact.path for artifact in make_artifacts(edition, content, report)]
    assert "gone.pdf" not in paths
    assert [found.code for found in report.found] == ["file-missing"]
