"""How fast script conversion is, beside opencc-python-reimplemented in the same run.

    python bench/scripts.py FILE... [--megabytes N] [--peer PYTHON]

The text of the files is repeated to N MB of UTF-8 and converted three times over: in long paragraphs
(about 2,000 characters), in short ones (a sentence or two), and in one piece. `exact` is what OpenCC
defines, marks of quotation untouched; the other rows are the ways in which the converter can find words,
marks and all. --peer: the Python of another environment that has OpenCC's own engine, the package
`opencc`, which measures itself there. All figures are MB/s of processor time, the best of a few runs.

The figures of one machine say little; the ratio to opencc-python-reimplemented, in brackets, says how two
engines compare. The cold start is that of a new process whose modules are compiled already: loading the
converter beside duben.model, and then converting one page of 2,000 characters to each variant.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import cycle
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from duben.compile import scripts
from duben.compile.opencc_tables import configuration
from duben.model import Variant

ROOT = Path(__file__).resolve().parent.parent
HANS, TW = Variant.HANS, Variant.TW
CASES = ["s2t", "s2tw", "s2twp", "tw2s", "tw2sp"]
# The pair of variants that a converter runs each configuration for; it never runs s2t.
ROUTES = {
    "s2tw": (HANS, TW, frozenset[Variant]()),
    "s2twp": (HANS, TW, frozenset({TW})),
    "tw2s": (TW, HANS, frozenset[Variant]()),
    "tw2sp": (TW, HANS, frozenset({HANS})),
}
REIMPLEMENTED, OFFICIAL = "opencc-python-reimplemented", "opencc"
SLOW_SHARE = 10  # opencc-python-reimplemented is given this part of the text only
RUNS = 5
LONG, SHORT = 2_000, 60  # characters of a paragraph, at least
PAGE = 2_000

Engine = Callable[[str], object]
Rates = Mapping[str, float]  # by the kind of paragraph

# Says the seconds of the shortest run for each list of texts that it is given.
TIMED = """
import json, sys, time
from opencc import OpenCC
case, runs, lists = json.load(sys.stdin)
convert = OpenCC(case).convert
shortest = []
for texts in lists:
    seconds = []
    for _ in range(runs):
        start = time.process_time()
        for text in texts:
            convert(text)
        seconds.append(time.process_time() - start)
    shortest.append(min(seconds))
print(json.dumps(shortest))
"""

COLD = """
import json, sys, time
from duben.model import Variant
page, printed = json.load(sys.stdin)
start = time.process_time()
from duben.compile.scripts import converter
loaded = time.process_time()
for variant in Variant:
    converter(Variant(printed), variant).convert(page)
print((loaded - start) * 1e3, (time.process_time() - loaded) * 1e3)
"""


def engines_of(case: str) -> dict[str, Engine]:
    """Our engines for a configuration, by name."""
    engines: dict[str, Engine] = {"exact": configuration(case).convert}
    if case in ROUTES:
        source, target, regional = ROUTES[case]
        make = partial(scripts.converter, source, target, regional=regional)
        for segmenter in getattr(scripts, "SEGMENTERS", ()):
            engines[f"segmenter: {segmenter}"] = make(segmenter=segmenter).convert
    return engines


def paragraphs_of(text: str, shortest: int, size: float) -> list[str]:
    """The sentences of a text, joined to paragraphs no shorter than this, repeated to `size` MB."""
    paragraphs = [""]
    filled = 0
    for sentence in cycle(re.findall(r"[^。！？\n]+[。！？”’」』）\n]*", text)):
        if len(paragraphs[-1]) >= shortest:
            filled += len(paragraphs[-1].encode())
            if filled >= size * 1e6:
                return paragraphs
            paragraphs.append("")
        paragraphs[-1] += sentence
    raise ValueError("the files hold no text")


def seconds(convert: Engine, texts: Sequence[str], runs: int) -> float:
    """Processor time of the shortest of a few runs over all texts."""
    shortest = float("inf")
    for _ in range(runs):
        start = time.process_time()
        for text in texts:
            convert(text)
        shortest = min(shortest, time.process_time() - start)
    return shortest


def megabytes(texts: Sequence[str]) -> float:
    return sum(len(text.encode()) for text in texts) / 1e6


def measure(convert: Engine, kinds: Mapping[str, Sequence[str]], runs: int = RUNS) -> Rates:
    """MB/s for each kind of paragraph."""
    convert("".join(next(iter(kinds.values()))))  # what is built once is built before
    return {kind: megabytes(texts) / seconds(convert, texts, runs) for kind, texts in kinds.items()}


def measure_elsewhere(python: str, case: str, kinds: Mapping[str, Sequence[str]]) -> Rates:
    """The same of the package `opencc` in another environment. CalledProcessError where it is not there."""
    question = json.dumps([case, RUNS, list(kinds.values())])
    answer = subprocess.run([python, "-c", TIMED], input=question, capture_output=True, text=True, check=True)
    shortest = json.loads(answer.stdout)
    return {
        kind: megabytes(texts) / best for (kind, texts), best in zip(kinds.items(), shortest, strict=True)
    }


def measure_cold_start(page: str, printed: Variant) -> tuple[float, float]:
    """Milliseconds of processor time to load the converter, and to convert a page: the best of a few."""
    with tempfile.TemporaryDirectory() as compiled:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        runs = [
            subprocess.run(
                [sys.executable, "-c", COLD],
                input=json.dumps([page, printed.value]),
                cwd=ROOT,
                env=environment,
                capture_output=True,
                text=True,
                check=True,
            ).stdout.split()
            for _ in range(2 * RUNS)
        ]
    loading, converting = min(([float(part) for part in run] for run in runs), key=sum)
    return loading, converting


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--megabytes", type=float, default=1.0, metavar="N")
    parser.add_argument("--peer", metavar="PYTHON")
    arguments = parser.parse_args()
    from opencc import OpenCC

    text = "\n".join(path.read_text("utf-8").strip() for path in arguments.files)
    if not text.strip():
        parser.error("the files hold no text")
    kinds = {
        "long": paragraphs_of(text, LONG, arguments.megabytes),
        "short": paragraphs_of(text, SHORT, arguments.megabytes),
    }
    some = {kind: texts[: len(texts) // SLOW_SHARE + 1] for kind, texts in kinds.items()}
    kinds["one piece"] = ["".join(kinds["long"])]
    some["one piece"] = ["".join(some["long"])]
    counts = ", ".join(f"{len(texts)} {kind}" for kind, texts in kinds.items())
    print(f"{megabytes(kinds['one piece']):.1f} MB: {counts}; MB/s of processor time, best of {RUNS} runs")
    print(f"{'':34}" + "".join(f"{kind:>18}" for kind in kinds))
    for case in CASES:
        slow = measure(OpenCC(case).convert, some, runs=2)
        rows = {name: measure(convert, kinds) for name, convert in engines_of(case).items()}
        if arguments.peer:
            rows[OFFICIAL] = measure_elsewhere(arguments.peer, case, kinds)
        rows[REIMPLEMENTED] = slow
        for name, rates in rows.items():
            cells = "".join(f"{rate:9.2f} ({rate / slow[kind]:5.1f})" for kind, rate in rates.items())
            print(f"{case:6} {name:27}{cells}")
    for path in arguments.files:
        page = path.read_text("utf-8").strip()[:PAGE]
        for printed in (HANS, TW):
            loading, converting = measure_cold_start(page, printed)
            print(
                f"cold, {path.name} printed in {printed.value}: loading {loading:.0f} ms, "
                f"a page to {len(Variant)} variants {converting:.0f} ms"
            )


if __name__ == "__main__":
    main()
