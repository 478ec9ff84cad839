"""How many of a conversion's errors a review asks about, and how much it asks.

    python bench/review.py --data DIR

DIR holds aligned texts and `score`, as for conformance.py. For each text: places asked about per 1,000
Han characters (every occurrence counts), and the share of the converter's errors, as `score` counts
them, that lie in such a place; then the same by reason, and the errors that are not asked about.
"""

from __future__ import annotations

import argparse
import os
import runpy
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import rjieba

from duben.compile.review import REASONS, Reviewer
from duben.compile.scripts import converter
from duben.model import Variant

HANS, TW = Variant.HANS, Variant.TW


def spelling_classes(score: dict[str, Any]) -> Callable[[str], str]:
    """Character → the representative of those that `score` takes for the same."""
    pairs = [
        (key, value)
        for name in ("TWVariants.txt", "HKVariants.txt")
        for key, values in score["rows"](name)
        for value in values
        if len(key) == len(value) == 1
    ]
    parent: dict[str, str] = {}

    def find(char: str) -> str:
        while parent.get(char, char) != char:
            char = parent[char]
        return char

    for one, other in (*pairs, *score["SAME"]):
        if find(one) != find(other):
            parent[find(other)] = find(one)
    return find


def lines_of(path: Path, score: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The lines that `score` counts, apart from those whose length changes."""
    table = dict(score["rows"]("STCharacters.txt"))
    simplified_only = {key for key, values in table.items() if key not in values}
    for line in path.read_text("utf-8").splitlines():
        simplified, _, traditional = line.partition("\t")
        if len(simplified) == len(traditional) and not simplified_only & set(traditional):
            yield simplified, traditional


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, default=os.environ.get("DUBEN_CONFORMANCE"))
    arguments = parser.parse_args()
    if arguments.data is None:
        parser.error("--data DIR is needed, or DUBEN_CONFORMANCE")
    score = runpy.run_path(str(arguments.data / "score"))
    same = spelling_classes(score)
    convert = converter(HANS, TW)
    reviewer = Reviewer(HANS, TW, convert, frozenset(), "duben", "words", rjieba)
    print("| text | errors | asked per 1,000 | errors asked about |\n| --- | ---: | ---: | ---: |")
    details = []
    for path in sorted(arguments.data.glob("s2t-*.tsv")):
        characters = errors = places = found = 0
        asked: Counter[str] = Counter()
        caught: Counter[str] = Counter()
        missed: Counter[str] = Counter()
        for simplified, traditional in lines_of(path, score):
            converted = convert.convert(simplified).text
            doubts = reviewer.doubts(simplified)
            places += len(doubts)
            asked.update(reason for doubt in doubts for reason in doubt.reasons)
            for offset, (char, ours, wanted) in enumerate(
                zip(simplified, converted, traditional, strict=True)
            ):
                if not "\u3400" <= wanted <= "\u9fff":
                    continue
                characters += 1
                if same(ours) == same(wanted):
                    continue
                errors += 1
                reasons = next(
                    (doubt.reasons for doubt in doubts if doubt.span.start <= offset < doubt.span.end), ()
                )
                found += bool(reasons)
                caught.update(reasons)
                if not reasons:
                    missed[f"{char}:{wanted}→{ours}"] += 1
        print(
            f"| {path.stem} | {errors} | {1000 * places / characters:.1f} | "
            f"{found} ({100 * found / max(errors, 1):.0f} %) |"
        )
        by_reason = ", ".join(
            f"{reason} {1000 * asked[reason] / characters:.1f}/{caught[reason]}" for reason in REASONS
        )
        details += [f"{path.stem}: asked per 1,000 / errors caught, by reason: {by_reason}"]
        details += ["  not asked: " + " ".join(f"{kind}×{count}" for kind, count in missed.most_common())]
    print("", *details, sep="\n")


if __name__ == "__main__":
    main()
