"""How many characters script conversion gets wrong on aligned texts, beside other engines.

    python bench/conformance.py --data DIR [--peer PYTHON ...] [--errors]

DIR, or $DUBEN_CONFORMANCE, holds files named s2t-*.tsv, of lines `simplified<TAB>traditional`, and the
program `score`, which is called as `score FILE.tsv CONVERTED.txt` and ends by telling the errors per
10,000 Han characters. The texts are converted from zh-Hans to zh-Hant-TW.

Printed is a Markdown table: each segmenter of ours, and of the other engines those that this Python or a
PYTHON has (see CONTRIBUTING.md): opencc, opencc-python-reimplemented, opencc-pyo3, and jieba, whose words
are converted one by one by our exact mode. --errors adds the commonest errors of each segmenter of ours.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from peer import JIEBA, OFFICIAL, PYO3, REIMPLEMENTED, Peer

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from duben.compile import scripts
from duben.model import Variant

CONFIGURATION = "s2tw"  # what the others call zh-Hans to zh-Hant-TW
COMMONEST = 10
RATE = re.compile(r"^errors per 10,000 Han characters: ([0-9.]+)", re.MULTILINE)
KIND = re.compile(r"^ *([0-9]+)  (\S.*)$", re.MULTILINE)

Convert = Callable[[Sequence[str]], Sequence[str]]  # lines → each converted


class Score(NamedTuple):
    """What `score` says of a conversion."""

    rate: float  # errors per 10,000 Han characters
    kinds: tuple[tuple[int, str], ...]  # (how many, `simplified:wanted→got`), the commonest first


def ours(segmenter: str) -> Convert:
    convert = scripts.converter(Variant.HANS, Variant.TW, segmenter=segmenter).convert
    return lambda lines: [convert(line).text for line in lines]


def others(peers: Sequence[Peer]) -> Iterator[tuple[str, Convert]]:
    """(name with version, converter) of each other engine, from the first peer that has it."""
    for package in (OFFICIAL, REIMPLEMENTED, PYO3, JIEBA):
        for peer in peers:
            if package in peer.versions:
                name = f"{package} {peer.versions[package]}"
                if package == JIEBA:
                    yield f"{name}, OpenCC's tables", by_words(peer)
                else:
                    yield name, by_peer(peer, package)
                break


def by_peer(peer: Peer, package: str) -> Convert:
    return lambda lines: peer.convert(package, CONFIGURATION, lines)


def by_words(peer: Peer) -> Convert:
    def convert(lines: Sequence[str]) -> list[str]:
        return [
            "".join(scripts.convert_with(CONFIGURATION, word) for word in words) for words in peer.cut(lines)
        ]

    return convert


def simplified(gold: Path) -> list[str]:
    """The first column of an aligned text. Raises ValueError for a line of other than two columns."""
    lines = gold.read_text("utf-8").removesuffix("\n").split("\n")
    for number, line in enumerate(lines, 1):
        if line.count("\t") != 1:
            raise ValueError(f"{gold}:{number}: not simplified, tab, traditional")
    return [line.partition("\t")[0] for line in lines]


def score(program: Path, gold: Path, converted: Sequence[str]) -> Score:
    """What the folder's program says. Raises CalledProcessError where it fails."""
    with TemporaryDirectory() as folder:
        written = Path(folder, "converted.txt")
        written.write_text("\n".join(converted), "utf-8")
        printed = subprocess.run(
            [sys.executable, str(program), str(gold), str(written)],
            stdout=subprocess.PIPE,
            check=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONUTF8": "1"},
        ).stdout
    rate = RATE.search(printed)
    if not rate:
        raise ValueError(f"{program} says no errors per 10,000 Han characters")
    kinds = KIND.findall(printed[: rate.start()])
    return Score(float(rate[1]), tuple((int(count), kind) for count, kind in kinds))


def row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, metavar="DIR", default=os.environ.get("DUBEN_CONFORMANCE"))
    parser.add_argument("--peer", action="append", default=[], metavar="PYTHON")
    parser.add_argument("--errors", action="store_true")
    arguments = parser.parse_args()
    if not arguments.data:
        parser.error("--data is missing, and DUBEN_CONFORMANCE is not set")
    program = arguments.data / "score"
    golds = sorted(arguments.data.glob("s2t-*.tsv"))
    if not golds or not program.is_file():
        parser.error(f"{arguments.data} does not hold both s2t-*.tsv and score")
    texts = {gold: simplified(gold) for gold in golds}
    print(row(["errors per 10,000 Han characters", *(gold.stem.removeprefix("s2t-") for gold in golds)]))
    print(row(["---", *["---:"] * len(golds)]), flush=True)
    kinds: dict[tuple[str, Path], Score] = {}
    with ExitStack() as stack:
        try:
            peers = [stack.enter_context(Peer(python)) for python in (*arguments.peer, sys.executable)]
        except OSError as error:
            parser.error(str(error))
        engines = [(f"duben, segmenter {segmenter}", ours(segmenter)) for segmenter in scripts.SEGMENTERS]
        for name, convert in (*engines, *others(peers)):
            scores = [score(program, gold, convert(texts[gold])) for gold in golds]
            print(row([name, *(f"{each.rate:.1f}" for each in scores)]), flush=True)
            if name.startswith("duben"):
                kinds.update(zip(((name, gold) for gold in golds), scores, strict=True))
    if arguments.errors:
        for (name, gold), each in kinds.items():
            print(f"\n{name}, {gold.stem}:")
            for count, kind in each.kinds[:COMMONEST]:
                print(f"{count:6}  {kind}")


if __name__ == "__main__":
    main()
