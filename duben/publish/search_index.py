"""The index of a large edition: where each pair of characters, and of syllables, stands.

A part is the text of a JSON object: key → places. A key is a character, two neighbours, a syllable, or
two, with a space between them. Places are numbers in digits of BASE64, five bits each, the lowest
first, with 32 where another digit follows:

- of two characters: how many readings further, then the place of the first character in it;
- of one character: how many readings further; only its first place in a reading counts;
- of two syllables: how many readings further, then 32 × the place + 5 × one tone + the other's,
  tones counted from 0;
- of one syllable: how many readings further, then 8 × its first place with this tone + the tone.

After a space the count of readings starts again from 0. Keys are in the order of UTF-16, as JavaScript
compares them; a key with many places goes on in the next part.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import add

from duben.publish.folding import PART

BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
#: Bytes of a part: at most 30 KB gzipped, as a digit has six bits.
SIZE = 38_000
#: Places that stand together in one part.
BLOCK = 3_000

#: A reading and a place in it as one number. A paragraph has a million characters at most; folding
#: makes a few of them longer.
SHIFT = 24
_PLACE = (1 << SHIFT) - 1

_SMALL = 1 << 13
_TONED = re.compile(r"([a-z]+)([1-5])")


def index_words(readings: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The parts for characters, each with its first key."""
    pairs: dict[str, array[int]] = {}
    singles: dict[str, array[int]] = {}
    for number, reading in enumerate(readings):
        base = number << SHIFT
        _note(pairs, zip(map(add, reading, reading[1:]), range(base, base + len(reading)), strict=False))
        _note(singles, ((char, number) for char in set(reading)))
    keyed = {key: ("", places) for key, places in singles.items()}
    keyed |= {key: ("p", places) for key, places in pairs.items()}
    yield from _parts(
        (key, _pairs_of(places, SHIFT) if kind else _gaps_of(places))
        for key, (kind, places) in sorted(keyed.items(), key=lambda item: item[0].encode("utf-16-be"))
        if PART not in key
    )


def index_sounds(readings: Iterable[Sequence[str]]) -> Iterator[tuple[str, str]]:
    """The parts for syllables, each with its first key. readings: a syllable a character, "" for none."""
    pairs: dict[str, array[int]] = {}
    singles: dict[str, array[int]] = {}
    for number, syllables in enumerate(readings):
        base = number << SHIFT
        marked = [syllable or PART for syllable in syllables]
        _note(pairs, zip(map(add, marked, marked[1:]), range(base, base + len(marked)), strict=False))
        first = dict(zip(reversed(marked), range(base + len(marked) - 1, base - 1, -1), strict=True))
        _note(singles, first.items())
    # By tones together: those of one pair of syllables are asked for together.
    keyed: dict[str, list[int]] = {}
    bits: dict[str, int] = {}
    for toned, places in [*singles.items(), *pairs.items()]:
        if PART in toned:
            continue
        found = _TONED.findall(toned)
        key = " ".join(letters for letters, _ in found)
        tones = 0
        for _, tone in found:
            tones = tones * 5 + int(tone) - 1
        bits[key] = 5 if len(found) == 2 else 3
        keyed.setdefault(key, []).extend((place << bits[key]) + tones for place in places)
    yield from _parts((key, _pairs_of(sorted(keyed[key]), SHIFT + bits[key])) for key in sorted(keyed))


def _note(index: dict[str, array[int]], found: Iterable[tuple[str, int]]) -> None:
    for key, place in found:
        try:
            index[key].append(place)
        except KeyError:
            index[key] = array("Q", (place,))


def _digits(number: int) -> str:
    out = ""
    while number > 31:
        out += BASE64[number & 31 | 32]
        number >>= 5
    return out + BASE64[number]


_CODES = [_digits(number) for number in range(_SMALL)]


def _pairs_of(places: Sequence[int], shift: int) -> Iterator[str]:
    """Blocks of the places: readings further, place."""
    mask = (1 << shift) - 1
    for start in range(0, len(places), BLOCK):
        out: list[str] = []
        last = 0
        for one in places[start : start + BLOCK]:
            reading, place = one >> shift, one & mask
            further = reading - last
            out.append(_CODES[further] if further < _SMALL else _digits(further))
            out.append(_CODES[place] if place < _SMALL else _digits(place))
            last = reading
        yield "".join(out)


def _gaps_of(places: Sequence[int]) -> Iterator[str]:
    """Blocks of the places: readings further."""
    for start in range(0, len(places), BLOCK):
        out: list[str] = []
        last = 0
        for reading in places[start : start + BLOCK]:
            further = reading - last
            out.append(_CODES[further] if further < _SMALL else _digits(further))
            last = reading
        yield "".join(out)


def _parts(entries: Iterable[tuple[str, Iterable[str]]]) -> Iterator[tuple[str, str]]:
    part: dict[str, str] = {}
    size = 0
    for key, blocks in entries:
        for block in blocks:
            if part and size + len(block) > SIZE:
                yield _written(part)
                part, size = {}, 0
            part[key] = f"{part[key]} {block}" if key in part else block
            size += len(block) + len(key.encode()) + 6
    if part:
        yield _written(part)


def _written(part: Mapping[str, str]) -> tuple[str, str]:
    # Keys are letters and digits: nothing in them needs escaping.
    return next(iter(part)), "{" + ",".join(f'"{key}":"{places}"' for key, places in part.items()) + "}"
