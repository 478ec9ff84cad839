"""Pictures that an input shows: those that are at hand come along under names of ours."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, unquote_to_bytes

#: Stands for the folder of a text's pictures until its slug is known.
FOLDER = "static/\ue000/"
MAX_PICTURE = 32_000_000
MAX_PICTURES = 256_000_000
#: How the files begin that every browser shows and that run nothing.
KINDS = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"), (b"GIF87a", "gif"), (b"GIF89a", "gif"))


def kind_of(data: bytes) -> str:
    """The ending for a picture's file, or "" for what is no picture that may come along."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    return next((ending for start, ending in KINDS if data.startswith(start)), "")


@dataclass(slots=True)
class Album:
    """The pictures of one text. folder: where a page's own files lie, or None where there are none."""

    folder: Path | None = None
    found: dict[str, bytes] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    @property
    def pictures(self) -> Mapping[str, bytes]:
        return dict(self.found)

    def take(self, address: str) -> str | None:
        """The address of a picture in the edition, or None where it is not at hand."""
        if address.startswith("data:"):
            return self.add("", _of_data(address))
        if self.folder is None or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//|[/\\]", address):
            return None
        name = unquote(address.partition("#")[0].partition("?")[0])
        return self.add(name, _of_folder(self.folder, name))

    def add(self, name: str, data: bytes | None) -> str | None:
        """The address that a picture's bytes get, or None where they are no picture."""
        kind = kind_of(data) if data else ""
        if not data or not kind or sum(map(len, self.found.values())) + len(data) > MAX_PICTURES:
            return None
        known = next((old for old, content in self.found.items() if content == data), None)
        if known is None:
            stem = re.sub(r"[^a-z0-9]+", "-", PurePosixPath(name.replace("\\", "/")).stem.lower()).strip("-")[
                :40
            ]
            stem = stem or f"picture-{len(self.found) + 1}"
            known = f"{stem}.{kind}"
            while known in self.found:
                stem += "-2"
                known = f"{stem}.{kind}"
            self.found[known] = data
        return FOLDER + known


def _of_data(address: str) -> bytes | None:
    head, _, content = address.partition(",")
    if len(content) > 2 * MAX_PICTURE:
        return None
    try:
        raw = unquote_to_bytes(content)
        return base64.b64decode(raw, validate=False) if head.endswith(";base64") else raw
    except (binascii.Error, ValueError):
        return None


def _of_folder(folder: Path, name: str) -> bytes | None:
    """The bytes of a file that lies in the folder, wherever its name leads."""
    try:
        path = (folder / name).resolve(strict=True)
        if (
            not path.is_relative_to(folder.resolve())
            or not path.is_file()
            or path.stat().st_size > MAX_PICTURE
        ):
            return None
        return path.read_bytes()
    except (OSError, ValueError, RuntimeError):
        return None
