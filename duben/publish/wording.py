"""How pages write dates and places, and in which order they list words."""

from __future__ import annotations

import unicodedata

from duben.publish.interface import Dated


def sound(pinyin: str) -> str:
    """Pinyin without tones, spaces or case: the key by which entries are sorted. ü sorts as u."""
    decomposed = unicodedata.normalize("NFD", pinyin.lower())
    return "".join(char for char in decomposed if char.isalnum())


def show_date(date: str) -> Dated:
    """2026-03-05 as 2026年3月5日, and what there is of it. The three words are the same in every script."""
    parts = date.split("-") if date else []
    return Dated("".join(f"{int(part)}{unit}" for part, unit in zip(parts, "年月日", strict=False)), date)


def show_coordinates(latitude: float, longitude: float) -> str:
    north = "N" if latitude >= 0 else "S"
    east = "E" if longitude >= 0 else "W"
    return f"{abs(latitude):g}° {north}, {abs(longitude):g}° {east}"
