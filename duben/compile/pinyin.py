"""Pinyin of a headword, where the editor gave none. The only user of pypinyin."""

from __future__ import annotations


def derive_pinyin(simplified: str) -> str:
    """Pinyin with tone marks, syllables apart, of a word in Simplified.

    From Simplified only: pypinyin's phrase tables, which decide polyphones, are in Simplified, and a
    Traditional string misses most of them.
    """
    # Imported late: it loads its tables at once, and an edition that gives all its pinyin needs none.
    from pypinyin import Style, lazy_pinyin

    return " ".join(lazy_pinyin(simplified, style=Style.TONE))
