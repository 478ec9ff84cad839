"""Writes the icon of the theme as PNG, for systems that show no SVG: run it after an edit of icon.svg.

    python tools/icons.py

It reads what icon.svg is made of, a plate with rounded corners and straight strokes with round ends,
and draws that itself, so that no drawing library is needed. The files are committed.
"""

from __future__ import annotations

import re
import struct
import zlib
from math import hypot
from pathlib import Path
from typing import NamedTuple

ASSETS = Path(__file__).resolve().parents[1] / "templates" / "assets"
#: Name → (pixels, share of the plate that the strokes keep to, whether the plate fills the square).
FORMS = {
    "icon-192.png": (192, 1.0, False),
    "icon-512.png": (512, 1.0, False),
    "icon-whole.png": (512, 0.78, True),  # a system may cut any shape out of it
}

Point = tuple[float, float]


class Icon(NamedTuple):
    """What icon.svg draws, in its own units."""

    side: float
    corner: float
    plate: tuple[int, ...]
    ink: tuple[int, ...]
    width: float
    strokes: tuple[tuple[Point, Point], ...]


def read_icon(svg: str) -> Icon:
    """The icon, from its SVG. Raises ValueError where that is drawn in another way."""
    view = re.search(r'viewBox="0 0 (\d+) \1"', svg)
    plate = re.search(r'<rect width="(\d+)" height="\1" rx="([\d.]+)" fill="#(\w{6})"/>', svg)
    strokes = re.search(r'<path d="([^"]+)"[^>]* stroke="#(\w{6})" stroke-width="([\d.]+)"', svg)
    if not (view and plate and strokes and view[1] == plate[1]):
        raise ValueError("icon.svg is not a plate with strokes: draw the PNG files by hand")
    return Icon(
        float(view[1]),
        float(plate[2]),
        tuple(bytes.fromhex(plate[3])),
        tuple(bytes.fromhex(strokes[2])),
        float(strokes[3]),
        tuple(_strokes(strokes[1])),
    )


def _strokes(path: str) -> list[tuple[Point, Point]]:
    found: list[tuple[Point, Point]] = []
    x = y = 0.0
    for command, given in re.findall(r"([A-Za-z])([^A-Za-z]*)", path):
        numbers = [float(number) for number in re.findall(r"-?[\d.]+", given)]
        start = (x, y)
        match command:
            case "M":
                x, y = numbers
                continue
            case "H":
                x = numbers[0]
            case "h":
                x += numbers[0]
            case "V":
                y = numbers[0]
            case "v":
                y += numbers[0]
            case _:
                raise ValueError(f"icon.svg has a stroke that is not straight: {command}")
        found.append((start, (x, y)))
    return found


def draw(icon: Icon, pixels: int, share: float, fills: bool) -> bytes:
    """The icon as a PNG. An edge of a shape is as opaque as the part of the pixel that it covers."""
    unit = pixels / icon.side
    middle = icon.side / 2
    rows = bytearray()
    for row in range(pixels):
        rows.append(0)  # no filter
        for column in range(pixels):
            x, y = (column + 0.5) / unit, (row + 0.5) / unit
            plate = 1.0 if fills else _cover(_outside(icon, x, y) * unit)
            u, v = middle + (x - middle) / share, middle + (y - middle) / share
            ink = _cover(
                (min(_away(stroke, u, v) for stroke in icon.strokes) - icon.width / 2) * unit * share
            )
            colour = (round(a + (b - a) * ink) for a, b in zip(icon.plate, icon.ink, strict=True))
            rows += bytes((*colour, round(255 * plate)))
    head = struct.pack(">IIBBBBB", pixels, pixels, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        for name, content in chunks
    )


def _cover(distance: float) -> float:
    """How much of a pixel a shape covers, whose edge is as many pixels away (inside: less than 0)."""
    return min(1.0, max(0.0, 0.5 - distance))


def _outside(icon: Icon, x: float, y: float) -> float:
    """How far a point is outside of the plate."""
    half = icon.side / 2
    dx, dy = abs(x - half) - half + icon.corner, abs(y - half) - half + icon.corner
    return hypot(max(dx, 0), max(dy, 0)) + min(max(dx, dy), 0) - icon.corner


def _away(stroke: tuple[Point, Point], x: float, y: float) -> float:
    """How far a point is from the middle of a stroke."""
    (x1, y1), (x2, y2) = sorted(stroke)
    (low, high) = sorted((y1, y2))
    return hypot(x - min(max(x, x1), x2), y - min(max(y, low), high))


def main() -> None:
    icon = read_icon((ASSETS / "icon.svg").read_text("utf-8"))
    for name, form in FORMS.items():
        (ASSETS / name).write_bytes(draw(icon, *form))


if __name__ == "__main__":
    main()
