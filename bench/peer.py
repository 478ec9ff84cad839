"""Engines that live in another environment, as a child process that reads and writes JSON lines.

OpenCC's own package `opencc` and opencc-python-reimplemented both own the module `opencc`, so no one
environment can hold the two. This file is both sides: `Peer` runs it with the Python of the other
environment, and there it answers. That needs the standard library only, and any Python from 3.9.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from types import TracebackType
from typing import Any, cast

OFFICIAL, REIMPLEMENTED, PYO3, JIEBA = "opencc", "opencc-python-reimplemented", "opencc-pyo3", "jieba"
MODULES = {OFFICIAL: "opencc", REIMPLEMENTED: "opencc", PYO3: "opencc_pyo3", JIEBA: "jieba"}


class Peer:
    """A Python that converts with what is installed for it. A context manager: leaving it ends the child.

    `versions` says which packages of MODULES it has.
    """

    def __init__(self, python: str) -> None:
        """Starts the child. OSError where `python` cannot be run, RuntimeError where it does not answer."""
        self._python = python
        self._child = subprocess.Popen(
            [python, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="ascii"
        )
        self.versions: dict[str, str] = self._ask({})

    def __enter__(self) -> Peer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._child.communicate()

    def convert(self, package: str, configuration: str, texts: Sequence[str]) -> list[str]:
        """The texts, each as this package converts it by this configuration of OpenCC (s2tw …)."""
        answer = self._ask({"package": package, "configuration": configuration, "texts": texts})
        return cast("list[str]", answer)

    def cut(self, texts: Sequence[str]) -> list[list[str]]:
        """The words of each text, as jieba's dictionary cuts it, without its model for unknown words."""
        return cast("list[list[str]]", self._ask({"package": JIEBA, "texts": texts}))

    def _ask(self, question: dict[str, Any]) -> Any:
        assert self._child.stdin and self._child.stdout
        try:
            print(json.dumps(question), file=self._child.stdin, flush=True)
            answer = self._child.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            # What went wrong it has told on the standard error, which is ours as well.
            raise RuntimeError(f"{self._python} ended without an answer, status {self._child.wait()}")
        return json.loads(answer)


def installed() -> dict[str, str]:
    """The packages of MODULES that this Python has → their versions.

    SystemExit where two of them own one module: which of the two would be imported nobody can say.
    """
    versions = {}
    for package in MODULES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    if OFFICIAL in versions and REIMPLEMENTED in versions:
        sys.exit(f"{sys.executable} has both {OFFICIAL} and {REIMPLEMENTED}: they need an environment each")
    return versions


@cache
def engine(package: str, configuration: str) -> Any:
    return import_module(MODULES[package]).OpenCC(configuration)


@cache
def jieba() -> Any:
    module = import_module(MODULES[JIEBA])
    module.setLogLevel("WARNING")  # or it tells that it loads its dictionary
    return module


def answer_to(question: dict[str, Any]) -> Any:
    if not question:
        return installed()
    texts = question["texts"]
    if question["package"] == JIEBA:
        return [jieba().lcut(text, HMM=False) for text in texts]
    convert = engine(question["package"], question["configuration"]).convert
    return [convert(text) for text in texts]


def main() -> None:
    for line in sys.stdin:
        print(json.dumps(answer_to(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
