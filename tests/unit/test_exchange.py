"""Problems for other programs: JSON, GitHub's workflow commands, SARIF.

SARIF's own schema is not at hand without a network, so what it asks of the parts that duben writes is
asked here one by one.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest

from duben.desk.exchange import address_of, as_json, as_sarif, as_workflow_commands, relative
from duben.desk.explain import explanation
from duben.diagnostics import CODES, Diagnostic, Severity
from duben.model import Location

PLACE = Location("content/texts/柳 岸/text.yaml", 3, 5)
MISSING = Diagnostic(Severity.ERROR, PLACE, "anchor-missing", "“柳, 岸”: 100 % gone", "near it: “柳”")
NOTICE = Diagnostic(Severity.NOTICE, Location("a%b.md"), "text-empty", "nothing")
LEVELS = {"error", "warning", "note", "none"}


def test_json_has_every_part_of_a_problem() -> None:
    assert json.loads(as_json([MISSING], {"scripts": {}})) == {
        "problems": [
            {
                "severity": "error",
                "code": "anchor-missing",
                "file": "content/texts/柳 岸/text.yaml",
                "line": 3,
                "column": 5,
                "message": "“柳, 岸”: 100 % gone",
                "hint": "near it: “柳”",
            }
        ],
        "scripts": {},
    }


def test_a_workflow_command_stands_in_one_line_and_nothing_in_it_ends_it_early() -> None:
    assert as_workflow_commands([MISSING, NOTICE]) == (
        "::error file=content/texts/柳 岸/text.yaml,line=3,col=5,title=anchor-missing"
        "::“柳, 岸”: 100 %25 gone%0Ahint: near it: “柳”\n"
        "::notice file=a%25b.md,title=text-empty::nothing\n"
    )


def unescaped(text: str) -> str:
    """As the runner reads it: the percent sign last."""
    for escape, sign in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(escape, sign)
    return text


@pytest.mark.parametrize(
    "name", ["a,b.md", "a:b.md", "a::b.md", "a%2Cb.md", "a\nb.md", "a\r%0Ab.md", "柳,.md"]
)
def test_a_file_of_any_name_is_named_in_a_workflow_command(name: str) -> None:
    line = as_workflow_commands([Diagnostic(Severity.WARNING, Location(name, 1, 2), "text-empty", "x::y,z")])
    properties, message = line.removeprefix("::warning ").removesuffix("\n").split("::", 1)
    assert "\n" not in line[:-1] and "\r" not in line
    assert unescaped(properties.split(",")[0]) == f"file={name}"
    assert properties.split(",")[1:] == ["line=1", "col=2", "title=text-empty"]
    assert unescaped(message) == "x::y,z"


def test_sarif_has_a_rule_for_each_code_and_a_result_for_each_problem() -> None:
    warning = Diagnostic(Severity.WARNING, PLACE._replace(line=9), "anchor-missing", "again")
    log = json.loads(as_sarif([NOTICE, MISSING, warning]))
    assert log["version"] == "2.1.0"
    assert re.fullmatch(r"https://\S+sarif-schema-2\.1\.0\.json", log["$schema"])
    (run,) = log["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    driver = run["tool"]["driver"]
    assert driver["name"] == "duben" and driver["version"]
    assert [rule["id"] for rule in driver["rules"]] == ["text-empty", "anchor-missing"]
    for rule in driver["rules"]:
        assert rule["shortDescription"] == {"text": CODES[rule["id"]]}
        assert rule["help"]["text"] == rule["help"]["markdown"] == explanation(rule["id"])
        assert rule["fullDescription"]["text"] in rule["help"]["text"]
    assert [result["level"] for result in run["results"]] == ["note", "error", "warning"]
    for result in run["results"]:
        assert result["level"] in LEVELS
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert set(result) == {"ruleId", "ruleIndex", "level", "message", "locations"}
    first, second, _ = run["results"]
    assert first["locations"] == [{"physicalLocation": {"artifactLocation": {"uri": "a%25b.md"}}}]
    assert second["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "content/texts/%E6%9F%B3%20%E5%B2%B8/text.yaml"},
                "region": {"startLine": 3, "startColumn": 5},
            }
        }
    ]
    assert second["message"] == {"text": "“柳, 岸”: 100 % gone\nhint: near it: “柳”"}


def test_a_clean_run_is_a_log_without_results() -> None:
    (run,) = json.loads(as_sarif([]))["runs"]
    assert run["results"] == [] and run["tool"]["driver"]["rules"] == []


def test_paths_are_relative_to_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert relative(str(tmp_path / "content" / "a.yaml")) == "content/a.yaml"
    assert relative("content/a.yaml") == "content/a.yaml"
    elsewhere = str(tmp_path.parent / "柳.md")
    assert relative(elsewhere) == elsewhere
    assert address_of(elsewhere).startswith("file:///") and address_of(elsewhere).endswith("/%E6%9F%B3.md")


@pytest.mark.parametrize("name", ["a b.md", "a#b?.md", "a%41.md", "柳/花.md", "a~b.md", "a:b.md"])
def test_an_address_says_the_name_and_nothing_else(name: str) -> None:
    address = address_of(name)
    assert re.fullmatch(r"[A-Za-z0-9._~%/-]+", address)
    assert unquote(address) == name


def test_a_name_that_is_not_utf_8_has_an_address() -> None:
    assert address_of("\udcff.yaml") == "%FF.yaml"


@pytest.fixture
def broken(tmp_path: Path, write_edition: Callable) -> Path:
    return write_edition(
        tmp_path,
        {
            "content/edition.yaml": "title: 读本\n",
            "content/texts/a/text.md": "柳枝低垂。 {#p1}\n",
            "content/texts/a/text.yaml": "title: 柳\nnotes:\n  - {in: p1, on: 花开, note: 注}\n",
        },
    )


@pytest.mark.parametrize("format_", ["json", "github", "sarif"])
def test_check_prints_for_programs_on_standard_output_alone(
    format_: str, broken: Path, run_duben: Callable
) -> None:
    run = run_duben("check", "--format", format_, cwd=broken)
    assert run.status == 1
    assert run.stderr == ""
    name = "content/texts/a/text.yaml"
    if format_ == "github":
        assert run.stdout.startswith(f"::error file={name},line=3,col=18,title=anchor-missing::“花开” ")
    elif format_ == "sarif":
        (result,) = json.loads(run.stdout)["runs"][0]["results"]
        assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == name
    else:
        assert json.loads(run.stdout)["problems"][0]["file"] == name


def test_a_sound_edition_has_nothing_to_tell_to_programs(broken: Path, run_duben: Callable) -> None:
    (broken / "content/texts/a/text.yaml").write_text("title: 柳\n", encoding="utf-8")
    assert run_duben("check", "--format", "github", cwd=broken) == (0, "", "")
    run = run_duben("check", "--format", "sarif", cwd=broken)
    assert (run.status, json.loads(run.stdout)["runs"][0]["results"]) == (0, [])


def test_check_says_once_how_to_learn_more_and_nothing_of_writing(broken: Path, run_duben: Callable) -> None:
    run = run_duben("check", cwd=broken)
    assert run.stderr.endswith(
        "what a code in brackets means: duben check --explain CODE\n1 problem to mend\n"
    )
    assert "written" not in run.stderr
    assert "--explain" not in run_duben("check", "--quiet", cwd=broken).stderr


@pytest.mark.parametrize("form", ["json", "github", "sarif"])
def test_a_file_name_that_is_not_utf_8_is_told_to_programs(
    form: str, tmp_path: Path, write_edition: Callable, run_duben_process: Callable
) -> None:
    write_edition(tmp_path, {"content/edition.yaml": "title: 读本\n"})
    (tmp_path / "content" / os.fsdecode(b"a\xff\x1b.md")).touch()
    run = run_duben_process("check", "--format", form, cwd=tmp_path)
    assert (run.status, run.stderr) == (1, "")
    assert "this name is not valid UTF-8" in run.stdout
    assert "\x1b" not in run.stdout
    if form == "github":
        assert "file=content/a\\udcff\\x1b.md," in run.stdout
    else:
        json.loads(run.stdout)
