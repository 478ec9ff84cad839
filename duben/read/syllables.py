"""What a syllable of pinyin is: which there are, and where its tone mark stands (GB/T 16159, Unicode)."""

from __future__ import annotations

import re
import unicodedata

#: Tones 1 to 4 as combining characters; a neutral tone has none.
MARKS = "\u0304\u0301\u030c\u0300"

_MIDDLE = "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo"
_SIBILANT = "a ai an ang ao e en eng i ong ou u uan ui un uo"
_PALATAL = "i ia ian iang iao ie in ing iong iu u uan ue un"
#: The rows of the table of syllables, by initial; the last of the first row are interjections.
_ROWS = {
    "": "a ai an ang ao e ê ei en eng er o ou m n ng hm hng",
    "b": "a ai an ang ao ei en eng i ian iang iao ie in ing o u",
    "p": "a ai an ang ao ei en eng i ian iao ie in ing o ou u",
    "m": "a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u",
    "f": "a an ang ei en eng iao o ou u",
    "d": "a ai an ang ao e ei en eng i ia ian iao ie in ing iu ong ou u uan ui un uo",
    "t": "a ai an ang ao e ei eng i ian iao ie ing ong ou u uan ui un uo",
    "n": "a ai an ang ao e ei en eng i ia ian iang iao ie in ing iu ong ou u uan un uo ü üe",
    "l": "a ai an ang ao e ei eng i ia ian iang iao ie in ing iu o ong ou u uan un uo ü üe",
    "g": _MIDDLE,
    "k": _MIDDLE,
    "h": _MIDDLE,
    "j": _PALATAL,
    "q": _PALATAL,
    "x": _PALATAL,
    "zh": f"{_MIDDLE} i",
    "ch": "a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo",
    "sh": "a ai an ang ao e ei en eng i ou u ua uai uan uang ui un uo",
    "r": "an ang ao e en eng i ong ou u ua uan ui un uo",
    "z": f"{_SIBILANT} ei",
    "c": f"{_SIBILANT} ei",
    "s": _SIBILANT,
    "y": "a an ang ao e i in ing o ong ou u uan ue un",
    "w": "a ai an ang ei en eng o u",
}
#: Every syllable without its tone.
SYLLABLES = frozenset(initial + final for initial, finals in _ROWS.items() for final in finals.split())
LONGEST = max(map(len, SYLLABLES))


def is_han(char: str) -> bool:
    """True for a Chinese character, 〇 included."""
    return (
        "\u4e00" <= char <= "\u9fff"
        or char == "〇"
        or "\u3400" <= char <= "\u4dbf"
        or "\uf900" <= char <= "\ufaff"
        or "\U00020000" <= char <= "\U0003ffff"
    )


def without_tone(pinyin: str) -> str:
    """The pinyin in small letters and without tone marks: Lǜ → lü."""
    decomposed = unicodedata.normalize("NFD", pinyin.lower())
    return unicodedata.normalize("NFC", "".join(char for char in decomposed if char not in MARKS))


def with_tone(base: str, tone: int) -> str:
    """A syllable with its tone mark where it belongs: liu, 2 → liú. tone: 1 to 4; any other is neutral."""
    if not 1 <= tone <= 4:
        return base
    # Of i and u the last one carries the mark: liú, guì.
    places = (max(base.rfind(vowel) for vowel in vowels) for vowels in ("aeê", "o", "iuü", "mn"))
    place = next(place for place in places if place >= 0)
    marked = base[: place + 1] + MARKS[tone - 1] + base[place + 1 :]
    return unicodedata.normalize("NFC", marked)


def is_syllable(token: str) -> bool:
    """True for one syllable, with its tone mark in the right place or in the neutral tone."""
    return token != "" and _respelt(token) == unicodedata.normalize("NFC", token.lower())


def split_syllables(pinyin: str) -> tuple[str, ...]:
    """The syllables of pinyin written apart. The r of erhua is one of its own: huār → huā, r.

    What is no syllable comes back as it stands.
    """
    found: list[str] = []
    for token in unicodedata.normalize("NFC", pinyin).split():
        if token[1:] and token[-1] in "rR" and not is_syllable(token) and is_syllable(token[:-1]):
            found += (token[:-1], "r")
        else:
            found.append(token)
    return tuple(found)


def suggest_syllable(token: str) -> str:
    """How a syllable is written that was written with a number, a v, or a mark in the wrong place; or ""."""
    token = token.lower().replace("u:", "ü").replace("v", "ü")
    numbered = re.fullmatch(r"([a-zêü]+)([0-5])", token)
    if numbered and numbered[1] in SYLLABLES:
        return with_tone(numbered[1], int(numbered[2]))
    return _respelt(token)


def _respelt(token: str) -> str:
    """The syllable with its one tone mark in the right place, or "" where it is none."""
    base = without_tone(token)
    tones = [MARKS.index(char) for char in unicodedata.normalize("NFD", token.lower()) if char in MARKS]
    if base not in SYLLABLES or len(tones) > 1:
        return ""
    return with_tone(base, tones[0] + 1 if tones else 0)
