"""What is known of a new text → its text.yaml."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

#: A value that YAML takes for nothing but itself: it starts with a letter, a digit or a Chinese sign.
PLAIN = re.compile(r"[\w《〈（“‘「『【—…][^\x00-\x1f\x7f-\x9f]*\Z")
NOT_PLAIN = re.compile(r": |:\Z| #|\s\Z|[\[\]{},]")
KEYWORDS = frozenset("null true false yes no on off y n ~".split())
#: A mapping under this key stands in one line.
IN_ONE_LINE = "body"


def write_sheet(values: Mapping[str, object]) -> str:
    """The lines of a text.yaml. Values that are empty are left out."""
    lines = []
    for key, value in values.items():
        if value not in ("", None, (), [], {}):
            lines += _entry(key, value, "")
    return "".join(lines)


def _entry(key: str, value: object, indent: str) -> list[str]:
    if isinstance(value, Mapping) and key != IN_ONE_LINE:
        lines = [f"{indent}{scalar(key)}:\n"]
        for name, below in value.items():
            lines += _entry(name, below, indent + "  ")
        return lines
    if (
        isinstance(value, Sequence)
        and not isinstance(value, str)
        and any(isinstance(v, Mapping) for v in value)
    ):
        return [f"{indent}{key}:\n", *(f"{indent}  - {_flow(item)}\n" for item in value)]
    return [f"{indent}{scalar(key)}: {_flow(value)}\n"]


def _flow(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(str(key))}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else scalar(str(value))


def scalar(value: str) -> str:
    """A value as it is written in YAML, in quotation marks where it needs them."""
    bare = value.lower() not in KEYWORDS and value.isprintable()
    if bare and PLAIN.match(value) and not NOT_PLAIN.search(value):
        return value
    return "".join(
        char if char.isprintable() else _escape(char) for char in json.dumps(value, ensure_ascii=False)
    )


def _escape(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"
