"""A YAML file as an editor's program sees it, by YAML 1.2: what JSON Schema is asked about."""

from __future__ import annotations

import re
from typing import Any

from duben.diagnostics import Report
from duben.model import Location, SourceMap
from duben.read.yaml_nodes import Mapped, Node, Scalar, Sequenced, parse_yaml

#: The scalars of YAML 1.2, as editors read them.
NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
OTHER_BASE = re.compile(r"0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
ENDLESS = re.compile(r"[-+]?\.(inf|Inf|INF)\Z|\.(nan|NaN|NAN)\Z")


def as_editors_read(node: Node) -> Any:
    """A node as the value that an editor's YAML 1.2 makes of it."""
    if isinstance(node, Sequenced):
        return [as_editors_read(item) for item in node.items]
    if isinstance(node, Mapped):
        return {name.value: as_editors_read(value) for name, value in node.items}
    value = node.value
    if not node.plain:
        return value
    if value in ("", "~", "null", "Null", "NULL"):
        return None
    if value.lower() in ("true", "false") and (value.islower() or value.istitle() or value.isupper()):
        return value.lower() == "true"
    if OTHER_BASE.match(value):
        return int(value, 0)
    if NUMBER.match(value):
        return int(value) if re.fullmatch("[-+]?[0-9]+", value) else float(value)
    return float(value.replace(".", "")) if ENDLESS.match(value) else value


def parsed(text: str) -> Node | None:
    """The file's node, a null one where it is empty; None where it is no YAML of ours."""
    report = Report()
    node = parse_yaml(text, "f", report)
    if report.has_errors():
        return None
    return node or Scalar("", Location("f"), True, SourceMap("f", ()))
