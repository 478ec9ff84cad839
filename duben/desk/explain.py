"""What each code means, why it matters, and how to mend it: one text file a code, in codes/."""

from __future__ import annotations

import re
from pathlib import Path

from duben.diagnostics import CODES

FOLDER = Path(__file__).with_name("codes")
_FILE_LINE = re.compile(r"^`([^`\n]+)`( \(not there\))?$", re.MULTILINE)
_HEAD = """\
# What duben says, and what to do

Each problem that `duben build` and `duben check` name ends in a code in brackets. Here is what the codes \
mean, with an example that gets it (*wrong*) and one that does not (*right*). Examples are whole editions, \
but for an `edition.yaml` with a title; what stands only under *wrong* is the same under *right*. In a \
terminal, `duben check --explain CODE` says the same.

<!-- Written by tools/codes.py from duben/desk/codes/: edit those. -->
"""


def explanation(code: str) -> str:
    """The explanation of a code of CODES, in Markdown, without a heading."""
    return (FOLDER / f"{code}.md").read_text("utf-8")


def explain(code: str) -> str:
    """The explanation of a code of CODES for a terminal."""
    text = explanation(code)
    text = _FILE_LINE.sub(lambda line: f"  {line[1]}{line[2] or ':'}", text)
    return f"{code}: {CODES[code]}\n\n{text}"


def codes_page() -> str:
    """docs/codes.md."""
    listed = "\n".join(f"- [`{code}`](#{code}) {meaning}" for code, meaning in CODES.items())
    parts = (f"## {code}\n\n**{CODES[code]}** {explanation(code)}" for code in CODES)
    return "\n".join([_HEAD, listed, "", *parts])
