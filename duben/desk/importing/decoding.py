"""Bytes → text, in whichever encoding Chinese texts are found."""

from __future__ import annotations

import re
from typing import NamedTuple

from duben.desk.importing.manuscript import Refused, Taken
from duben.read.files import CONTROLS, legacy_kind, place_of, share_of_common, utf16_kind

#: More than this is no text for a reader: a book of a million characters has 3 MB.
MAX_BYTES = 16_000_000
#: As much of a file in a legacy encoding may be broken.
BROKEN_SHARE = 0.002
#: Other kinds of files, by how they begin.
KINDS = (
    (b"%PDF", "a PDF file", "export its text, or copy it from a reader, and import that"),
    (b"\xd0\xcf\x11\xe0", "an old Word file", "save it as .docx"),
    (b"{\\rtf", "an RTF file", "save it as .docx"),
    (b"\x1f\x8b", "a compressed file", "unpack it first"),
    (b"7z\xbc\xaf", "a compressed file", "unpack it first"),
    (b"Rar!", "a compressed file", "unpack it first"),
    (b"\x89PNG", "a picture", "a text is wanted"),
    (b"\xff\xd8\xff", "a picture", "a text is wanted"),
    (b"GIF8", "a picture", "a text is wanted"),
)
CODECS = {"GB18030": "gb18030", "Big5": "big5hkscs"}
#: Characters that nobody sees and that would keep quotes and terms from being found.
INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
LINE_BREAKS = re.compile("\r\n?|[\f\v\x1c-\x1e\x85\u2028\u2029]")
OTHER_CONTROLS = re.compile(f"[{re.escape(''.join(sorted(CONTROLS)))}]")


class Decoded(NamedTuple):
    """A text with line feeds as its only line ends.

    encoding: as a person calls it. taken: the characters that were left out.
    """

    text: str
    encoding: str
    taken: tuple[Taken, ...]


def decode_any(data: bytes, name: str, declared: str = "") -> Decoded:
    """The text of a file. Raises Refused for what is no text.

    declared: the encoding that the file itself names; it counts only where the bytes do not tell.
    """
    if len(data) > MAX_BYTES:
        raise Refused(
            "import-unreadable",
            f"this has {len(data) // 1_000_000} MB of text, more than {MAX_BYTES // 1_000_000}",
            "divide it into texts",
        )
    for start, what, hint in KINDS:
        if data.startswith(start):
            raise Refused("import-unreadable", f"this is {what}, which is not read", hint)
    if not data.strip():
        raise Refused("import-empty", "this file is empty", "check that it was saved")
    raw, encoding = _decode(data, declared)
    return _clean(raw, name, encoding)


def _decode(data: bytes, declared: str) -> tuple[str, str]:
    if utf16_kind(data):
        codecs = ("utf-16-le", "utf-16-be")
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            codec = codecs[data.startswith(b"\xfe\xff")]
            data = data[2:]
        else:
            codec = max(codecs, key=lambda codec: _fitness(data[:4096], codec))
        return data.decode(codec, "replace"), "UTF-16"
    if b"\0" in data:
        raise Refused("import-unreadable", "this is no text: it holds NUL bytes", "a text is wanted")
    try:
        return data.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        pass
    kind = legacy_kind(data)
    if kind:
        return data.decode(CODECS[kind]), kind
    # A few broken bytes, as of a file that was cut off, do not make a text unreadable.
    tried = {kind: data.decode(codec, "replace") for kind, codec in {"UTF-8": "utf-8", **CODECS}.items()}
    kind = min(tried, key=lambda kind: tried[kind].count("\ufffd"))
    text = tried[kind]
    if text.count("\ufffd") <= max(1, len(text) * BROKEN_SHARE) and share_of_common(text.encode(), "utf-8"):
        return text.removeprefix("\ufeff"), kind
    if declared:
        try:
            return data.decode(declared), declared
        except (LookupError, UnicodeDecodeError):
            pass
    raise Refused(
        "file-encoding",
        "this is none of UTF-8, GB18030, Big5 and UTF-16",
        "open it in an editor that shows it right, and save it as UTF-8",
    )


def _fitness(data: bytes, codec: str) -> float:
    text = data[: len(data) - len(data) % 2].decode(codec, "replace")
    return share_of_common(text.encode("utf-8", "replace"), "utf-8") + sum(
        char.isascii() and char.isprintable() for char in text
    ) / max(len(text), 1)


def _clean(raw: str, name: str, encoding: str) -> Decoded:
    text = LINE_BREAKS.sub("\n", raw)
    taken = []
    for pattern, what in ((INVISIBLE, "an invisible character"), (OTHER_CONTROLS, "a control character")):
        found: dict[str, list[int]] = {}
        for match in pattern.finditer(text):
            found.setdefault(match[0], []).append(match.start())
        for char, offsets in found.items():
            place = place_of(text[: offsets[0]], name)
            taken.append(Taken(place, char * len(offsets), f"{what}, U+{ord(char):04X}"))
        text = pattern.sub("", text)
    if len(raw) > 20 and sum(len(found.text) for found in taken) > len(raw) // 10:
        raise Refused("import-unreadable", "this is no text: it is full of control characters")
    return Decoded(text, encoding, tuple(taken))
