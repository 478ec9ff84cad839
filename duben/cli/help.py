"""How every command's --help looks: at most 80 columns, an example, and where to read more."""

from __future__ import annotations

import argparse
import shutil
import textwrap
from typing import Any

WIDTH = 80
MORE = "more: duben's README.md, under Commands, and docs/"
#: The page about a command, where it has one of its own; of the others, that about what an editor writes.
PAGES = {
    "import": "import.md",
    "check": "checking.md",
    "suggest": "suggest.md",
    "explain": "explain.md",
    "schema": "editors.md",
    "build": "hosting.md",
}


class Layout(argparse.HelpFormatter):
    """Help whose paragraphs stay apart, wrapped to the terminal, but never wider than 80 columns."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=min(WIDTH, shutil.get_terminal_size().columns) - 2)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(
            textwrap.fill(
                line,
                width,
                initial_indent=indent,
                subsequent_indent=indent + ("  " if line.startswith("example:") else ""),
                break_on_hyphens=False,
                break_long_words=False,
            )
            for line in text.splitlines()
        )

    def _split_lines(self, text: str, width: int) -> list[str]:
        return textwrap.wrap(" ".join(text.split()), width, break_on_hyphens=False)


class Parser(argparse.ArgumentParser):
    """A parser in this layout; what it says at its end is followed by where to read more."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"formatter_class": Layout, **options})
        more = MORE + PAGES.get(self.prog.rpartition(" ")[2], "content.md")
        self.epilog = f"{self.epilog}\n{more}" if self.epilog else more
