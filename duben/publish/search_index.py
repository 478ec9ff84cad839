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

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, repeat
from operator import add, sub

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


def index_words(readings: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The parts for characters, each with its first key."""
    pairs: dict[str, array[int]] = {}
    singles: dict[str, array[int]] = {}
    for number, reading in enumerate(readings):
        base = number << SHIFT
        _note(pairs, zip(map(add, reading, reading[1:]), range(base, base + len(reading)), strict=False))
        _note(singles, zip(set(reading), repeat(number), strict=False))
    keyed = {key: _gaps_of(places) for key, places in singles.items()}
    keyed |= {key: _pairs_of(places, SHIFT) for key, places in pairs.items()}
    in_order = sorted(keyed, key=lambda key: key.encode("utf-16-be"))
    yield from _parts((key, keyed[key]) for key in in_order if PART not in key)


def index_sounds(readings: Iterable[Sequence[str]]) -> Iterator[tuple[str, str]]:
    """The parts for syllables, each with its first key. readings: a syllable a character, "" for none."""
    pairs: dict[str, array[int]] = {}
    singles: dict[str, array[int]] = {}
    bare = _Bare()
    high, low = _Tone(5), _Tone(1)  # of the first syllable of a pair, and of the other
    for number, syllables in enumerate(readings):
        base = number << SHIFT
        letters = list(map(bare.__getitem__, syllables))
        keys = map(add, [f"{one} " for one in letters], letters[1:])
        tones = map(add, map(high.__getitem__, syllables), map(low.__getitem__, syllables[1:]))
        _note(
            pairs, zip(keys, map(add, range(base << 5, (base + len(letters)) << 5, 32), tones), strict=False)
        )
        first = dict(zip(reversed(syllables), range(len(letters) - 1, -1, -1), strict=True))
        _note(
            singles,
            ((letters[at], ((base + at) << 3) + low[syllables[at]]) for at in sorted(first.values())),
        )
    keyed = {key: _pairs_of(places, SHIFT + 5) for key, places in pairs.items()}
    keyed |= {key: _pairs_of(places, SHIFT + 3) for key, places in singles.items()}
    yield from _parts((key, keyed[key]) for key in sorted(keyed) if PART not in key)


class _Bare(dict[str, str]):
    """A syllable without its tone: xin1 → xin; PART for none."""

    def __missing__(self, syllable: str) -> str:
        self[syllable] = letters = syllable[:-1] or PART
        return letters


class _Tone(dict[str, int]):
    """The tone of a syllable, counted from 0, times `weight`."""

    def __init__(self, weight: int) -> None:
        super().__init__({"": 0})
        self._weight = weight

    def __missing__(self, syllable: str) -> int:
        self[syllable] = tone = self._weight * (int(syllable[-1]) - 1)
        return tone


def _note(index: dict[str, array[int]], found: Iterable[tuple[str, int]]) -> None:
    for key, place in found:
        try:
            index[key].append(place)
        except KeyError:
            index[key] = array("Q", (place,))


class _Digits(dict[int, str]):
    """A number in digits of BASE64, the lowest first."""

    def __missing__(self, number: int) -> str:
        out, left = "", number
        while left > 31:
            out += BASE64[left & 31 | 32]
            left >>= 5
        self[number] = out = out + BASE64[left]
        return out


_DIGITS = _Digits()


def _pairs_of(places: array[int], shift: int) -> Iterator[str]:
    """Blocks of the places: readings further, place."""
    mask = (1 << shift) - 1
    for start in range(0, len(places), BLOCK):
        block = places[start : start + BLOCK]
        readings = [one >> shift for one in block]
        further = map(sub, readings, [0, *readings])
        at = [one & mask for one in block]
        yield "".join(
            chain.from_iterable(
                zip(map(_DIGITS.__getitem__, further), map(_DIGITS.__getitem__, at), strict=True)
            )
        )


def _gaps_of(places: array[int]) -> Iterator[str]:
    """Blocks of the places: readings further."""
    for start in range(0, len(places), BLOCK):
        readings = places[start : start + BLOCK]
        yield "".join(map(_DIGITS.__getitem__, map(sub, readings, [0, *readings])))


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
