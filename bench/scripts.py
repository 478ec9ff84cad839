"""How fast script conversion is, beside opencc-python-reimplemented in the same run.

    python bench/scripts.py FILE [--megabytes N]

The text of FILE is repeated to N MB of UTF-8 and converted paragraph by paragraph. The figures of one
machine say little; the ratio says how the two compare. The cold start is that of a new process.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from duben.compile.scripts import converter
from duben.model import Variant

HANS, TW = Variant.HANS, Variant.TW
CASES = [
    ("s2tw", HANS, TW, frozenset[Variant]()),
    ("s2twp", HANS, TW, frozenset({TW})),
    ("tw2s", TW, HANS, frozenset[Variant]()),
    ("tw2sp", TW, HANS, frozenset({HANS})),
]
PEER = "opencc-python-reimplemented"
PEER_SHARE = 20  # the peer is given this part of the text only
RUNS = 3

COLD = """
import time
from duben import model
start = time.perf_counter()
from duben.compile.scripts import converter
loaded = time.perf_counter()
converter(model.Variant.HANS, model.Variant.TW).convert({text!r})
print((loaded - start) * 1e3, (time.perf_counter() - loaded) * 1e3)
"""


def seconds(convert: Callable[[str], object], paragraphs: list[str]) -> float:
    """Processor time of the shortest of a few runs over all paragraphs."""
    shortest = float("inf")
    for _ in range(RUNS):
        start = time.process_time()
        for paragraph in paragraphs:
            convert(paragraph)
        shortest = min(shortest, time.process_time() - start)
    return shortest


def megabytes(paragraphs: list[str]) -> float:
    return sum(len(paragraph.encode()) for paragraph in paragraphs) / 1e6


def measure_cold_start(text: str) -> tuple[float, float]:
    """Milliseconds to import the converter and to convert a first page, the shortest of a few."""
    runs = [
        subprocess.run(
            [sys.executable, "-c", COLD.format(text=text)],
            cwd=Path(__file__).resolve().parent.parent,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        for _ in range(RUNS + 2)
    ]
    return min(float(run[0]) for run in runs), min(float(run[1]) for run in runs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--megabytes", type=float, default=1.0)
    arguments = parser.parse_args()
    from opencc import OpenCC

    printed = [line for line in arguments.file.read_text("utf-8").splitlines() if line.strip()]
    if not printed:
        parser.error(f"{arguments.file} holds no text")
    paragraphs = printed * (int(arguments.megabytes / megabytes(printed)) + 1)
    some = paragraphs[: len(paragraphs) // PEER_SHARE + 1]
    print(f"{len(paragraphs)} paragraphs, {megabytes(paragraphs):.1f} MB; MB/s, the best of {RUNS} runs")
    for name, source, target, regional in CASES:
        ours = converter(source, target, regional=regional)
        whole = "\n".join(paragraphs)
        rate = megabytes(paragraphs) / seconds(ours.convert, paragraphs)
        at_once = megabytes([whole]) / seconds(ours.convert, [whole])
        peer = megabytes(some) / seconds(OpenCC(name).convert, some)
        print(
            f"{name:6} duben {rate:5.1f} (in one piece {at_once:5.1f})   {PEER} {peer:5.2f}   "
            f"ratio {rate / peer:5.1f}"
        )
    loading, converting = measure_cold_start("\n".join(printed)[:5000])
    print(f"cold: import {loading:.0f} ms, first page {converting:.0f} ms")


if __name__ == "__main__":
    main()
