"""Problems for other programs: JSON, annotations of GitHub's workflows, SARIF 2.1.0."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote

from duben import __version__
from duben.desk.explain import explanation
from duben.diagnostics import CODES, Diagnostic, Severity, one_line

SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_SARIF_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTICE: "note"}


def as_json(found: Iterable[Diagnostic], more: Mapping[str, object]) -> str:
    """One JSON document: the problems, and `more` beside them."""
    document = {
        "problems": [
            {
                "severity": str(problem.severity),
                "code": problem.code,
                "file": problem.location.file,
                "line": problem.location.line,
                "column": problem.location.column,
                "message": problem.message,
                "hint": problem.hint,
            }
            for problem in found
        ],
        **more,
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


def as_workflow_commands(found: Iterable[Diagnostic]) -> str:
    """A line for each problem, which GitHub Actions shows at its place in the file."""
    return "".join(f"{_workflow_command(problem)}\n" for problem in found)


def _workflow_command(problem: Diagnostic) -> str:
    file, line, column = problem.location
    properties = {"file": relative(file)}
    if line:
        properties |= {"line": str(line), "col": str(column)}
    properties["title"] = problem.code
    written = ",".join(f"{key}={_escaped(value, ':,')}" for key, value in properties.items())
    return f"::{problem.severity} {written}::{_escaped(_with_hint(problem))}"


def _escaped(value: str, signs: str = "") -> str:
    """As the runner reads it: what would end the line, and in a property what would end it, as %XX."""
    seen = "".join(char if char in "\r\n" else one_line(char) for char in value)
    return re.sub(f"[%\r\n{signs}]", lambda match: f"%{ord(match[0]):02X}", seen)


def as_sarif(found: Sequence[Diagnostic]) -> str:
    """A log of one run, with a rule for each code that occurs in it."""
    codes = [code for code in CODES if any(problem.code == code for problem in found)]
    run = {
        "tool": {"driver": {"name": "duben", "version": __version__, "rules": [*map(_rule, codes)]}},
        # Ours are code points, as SARIF's are not unless it is said.
        "columnKind": "unicodeCodePoints",
        "results": [_result(problem, codes.index(problem.code)) for problem in found],
    }
    return json.dumps(
        {"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1
    )


def _rule(code: str) -> dict[str, Any]:
    text = explanation(code)
    return {
        "id": code,
        "shortDescription": {"text": CODES[code]},
        "fullDescription": {"text": text.partition("\n\n")[0]},
        "help": {"text": text, "markdown": text},
    }


def _result(problem: Diagnostic, rule: int) -> dict[str, Any]:
    file, line, column = problem.location
    place: dict[str, Any] = {"artifactLocation": {"uri": address_of(file)}}
    if line:
        place["region"] = {"startLine": line, "startColumn": max(column, 1)}
    return {
        "ruleId": problem.code,
        "ruleIndex": rule,
        "level": _SARIF_LEVELS[problem.severity],
        "message": {"text": _with_hint(problem)},
        "locations": [{"physicalLocation": place}],
    }


def relative(file: str) -> str:
    """A file's path from the working directory, with slashes; whole, where it lies elsewhere."""
    path = Path(file)
    here = Path.cwd()
    if path.is_absolute() and path.is_relative_to(here):
        path = path.relative_to(here)
    return path.as_posix()


def address_of(file: str) -> str:
    """A file's URI, relative to the working directory where it lies in it."""
    path = relative(file)
    # A lone surrogate stands for a byte of a name that is not UTF-8: that byte is written.
    escaped = quote(path.encode("utf-8", "surrogateescape"), safe="/~")
    if not PurePath(path).is_absolute():
        return escaped
    return f"file://{escaped}" if escaped.startswith("/") else f"file:///{escaped}"


def _with_hint(problem: Diagnostic) -> str:
    return f"{problem.message}\nhint: {problem.hint}" if problem.hint else problem.message
