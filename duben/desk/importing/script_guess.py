"""In which script, and in whose words, a text is written; with the reason."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import NamedTuple

from duben.compile.automaton import Automaton
from duben.compile.opencc_files import read_candidates, read_table
from duben.model import Variant

#: Characters of one script among the other's: so many, and such a share, and the text is called mixed.
MIXED_LEAST = 6
MIXED_SHARE = 0.02
#: A region is named where it has so much more evidence than the other.
REGION_LEAST = 2


class Guess(NamedTuple):
    """mixed: characters of the other script, the commonest first; "" where they are few."""

    variant: Variant
    reason: str
    mixed: str = ""


@cache
def _scripts() -> tuple[frozenset[str], frozenset[str]]:
    """The characters that are only Simplified, and those that are only Traditional."""
    simplified = {
        key
        for key, values in read_candidates("STCharacters.txt").items()
        if len(key) == 1 and key not in values
    }
    traditional = {
        key
        for key, values in read_candidates("TSCharacters.txt").items()
        if len(key) == 1 and key not in values
    }
    return frozenset(simplified - traditional), frozenset(traditional - simplified)


@cache
def _regions() -> tuple[frozenset[str], frozenset[str]]:
    """The characters that are written in Taiwan and not in Hong Kong, and the reverse."""
    taiwan, hong_kong = read_table("TWVariants.txt"), read_table("HKVariants.txt")
    keys = taiwan.keys() | hong_kong.keys()
    differing = [key for key in keys if len(key) == 1 and taiwan.get(key, key) != hong_kong.get(key, key)]
    of_taiwan = {taiwan.get(key, key) for key in differing}
    of_hong_kong = {hong_kong.get(key, key) for key in differing}
    return frozenset(of_taiwan - of_hong_kong), frozenset(of_hong_kong - of_taiwan)


@cache
def _words() -> tuple[Automaton, tuple[str, ...]]:
    """Words of Taiwan for which the mainland has others."""
    words = {
        values[0]
        for key, values in read_candidates("TWPhrases.txt").items()
        if values[0] != key and len(values[0]) >= 2
    } - read_candidates("TWPhrases.txt").keys()
    found = tuple(sorted(words))
    return Automaton(found, kind="longest"), found


def guess_script(text: str) -> Guess:
    """The variant that a text is printed in."""
    counts = Counter(text)
    simplified, traditional = _scripts()
    of_simplified = Counter({char: counts[char] for char in simplified & counts.keys()})
    of_traditional = Counter({char: counts[char] for char in traditional & counts.keys()})
    few, many = sorted((of_simplified.total(), of_traditional.total()))
    mixed = ""
    if few >= MIXED_LEAST and few >= MIXED_SHARE * (few + many):
        minority = min(of_simplified, of_traditional, key=lambda counter: counter.total())
        mixed = "".join(char for char, _ in minority.most_common(12))
    reason = (
        f"{of_simplified.total()} characters are only Simplified, {of_traditional.total()} only Traditional"
    )
    if of_simplified.total() >= of_traditional.total():
        if not of_simplified:
            reason = "no character tells the scripts apart"
        return Guess(Variant.HANS, reason, mixed)
    variant, region = _region(text, counts)
    return Guess(variant, f"{reason}; {region}", mixed)


def _region(text: str, counts: Counter[str]) -> tuple[Variant, str]:
    taiwan, hong_kong = (
        Counter({char: counts[char] for char in chars & counts.keys()}) for chars in _regions()
    )
    automaton, words = _words()
    spoken = Counter(words[index] for index, _, _ in automaton.find(text))
    weight = {Variant.TW: taiwan.total() + spoken.total(), Variant.HK: hong_kong.total()}
    found = {Variant.TW: [*_most(taiwan), *_most(spoken)], Variant.HK: _most(hong_kong)}
    best, other = sorted(weight, key=lambda variant: -weight[variant])
    names = {Variant.TW: "Taiwan", Variant.HK: "Hong Kong"}
    if weight[best] < REGION_LEAST or weight[best] <= 2 * weight[other]:
        return Variant.HANT, "nothing tells its region"
    evidence = "、".join(found[best])
    return (
        best,
        f"{weight[best]} times as in {names[best]} ({evidence}), {weight[other]} as in {names[other]}",
    )


def _most(counter: Counter[str]) -> list[str]:
    return [word for word, _ in counter.most_common(5)]
