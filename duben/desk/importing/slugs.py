"""A text's title → its slug: a few words of it, in pinyin."""

from __future__ import annotations

import re

from duben.compile.pinyin import Corrections, derive_pinyin
from duben.compile.scripts import converter
from duben.compile.words import segmenter
from duben.model import Variant
from duben.read.kinds import RESERVED, TAKEN
from duben.read.syllables import is_han, without_tone

WORDS = 4
LENGTH = 32


def make_slug(title: str, variant: Variant) -> str:
    """A short slug for a title: `laoshu-fa-xinya`. "text" where no word of it can be one."""
    simplified = title
    if variant is not Variant.HANS:
        simplified = converter(variant, Variant.HANS).convert(title).text
    # What stands behind a dash or a colon is mostly the longer part.
    heads = [part for part in re.split(r"——|[：:·|｜丨]", simplified) if re.search(r"\w", part)]
    head = max(heads[:2], key=len) if heads else ""
    words: list[str] = []
    for word in segmenter().cut(head):
        if any(map(is_han, word)):
            syllables = derive_pinyin("".join(filter(is_han, word)), Corrections()).split()
            spelt = "".join(without_tone(syllable) for syllable in syllables)
        else:
            spelt = word
        spelt = re.sub(r"[^a-z0-9]", "", spelt.lower().replace("ü", "v"))
        if spelt and len("-".join([*words, spelt])) <= LENGTH:
            words.append(spelt)
        elif spelt:
            break
        if len(words) == WORDS:
            break
    slug = "-".join(words) or "text"
    return f"{slug}-text" if slug in RESERVED or slug in TAKEN else slug
