"""What a reader may keep for reading without a network: the list of it, its worker, the web manifests.

Files keep their names from build to build, so the list names each by the digest of its content: by
that, the worker (`templates/sw.js`) tells the pages of one build from those of another. The worker
holds the digest of `offline.json`, that holds those of the parts of the list, and these those of the
files. A reader's browser fetches only the parts that it needs.
"""

from __future__ import annotations

import hashlib
import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from posixpath import dirname, join, normpath
from typing import Any
from urllib.parse import unquote

from duben.model import Artifact, Edition
from duben.publish.addresses import CHOOSER, HOME, KEPT, OFFLINE
from duben.publish.views import Frame

WORKER = "sw.js"
LIST = "offline.json"
MANIFEST = "manifest.webmanifest"
ICON = "assets/icon.svg"
#: Other forms of the icon, for systems that show no SVG: path → (size, purpose).
ICONS = {
    "assets/icon-192.png": (192, "any"),
    "assets/icon-512.png": (512, "any"),
    "assets/icon-whole.png": (512, "maskable"),
}

#: Groups of files beside those of the variants: what every page may need, and what some pages show.
CORE = "core"
REST = "rest"
#: Every visitor's browser gets the files of CORE, so a larger one of the edition's own waits in REST.
BYTES_OF_CORE = 200_000
#: About how many files a part of the list names: some 5 KB as it is sent.
FILES_OF_A_PART = 256
#: Stands before the digest of a file that the worker may recognise, but never keep.
WITHHELD = "!"

PICTURE = re.compile(rb"""<img\b[^>]*?\ssrc="([^"]+)""")


def digest(content: bytes) -> str:
    """Twelve characters that no other content has, but by an accident of one in 2⁷²."""
    return urlsafe_b64encode(hashlib.sha256(content).digest()[:9]).decode("ascii")


def part_of(path: str, parts: int) -> int:
    """Which part of a group's list names a path. The worker reckons it in the same way."""
    return int.from_bytes(hashlib.sha256(path.encode("utf-8")).digest()[:4]) % parts


class Shelf:
    """Is told of every file of the site, and lists those that a reader may keep."""

    def __init__(self, edition: Edition) -> None:
        self.variants = tuple(variant.folder for variant in edition.settings.variants)
        self.withheld = frozenset(text.text.slug for text in edition.texts if not text.text.republish)
        self.groups: dict[str, dict[str, str]] = {name: {} for name in (CORE, REST, *self.variants)}
        self.bytes = dict.fromkeys(self.groups, 0)
        self.homes: dict[str, Frame] = {}  # by the variant's folder
        self.pictured: set[str] = set()

    def add_page(self, artifact: Artifact, frame: Frame) -> Artifact:
        """Takes in a page, and gives it back."""
        if frame.kind == "home":
            self.homes[frame.lang.lower()] = frame
        if not self._is_withheld(artifact.path):
            for source in PICTURE.findall(artifact.content):
                named = unquote(unescape(source.decode("utf-8")))
                self.pictured.add(normpath(join(dirname(artifact.path), named)))
        return self.add(artifact)

    def add_static(self, artifact: Artifact) -> Artifact:
        """Takes in a file of the edition's own, after all pages: it is kept if one of them shows it."""
        if artifact.path in self.pictured:
            self._list(REST, artifact)
        return artifact

    def add(self, artifact: Artifact) -> Artifact:
        """Takes in any other file that belongs to the pages, and gives it back."""
        self._list(self._group_of(artifact), artifact)
        return artifact

    def files(self, worker: bytes, assets: Mapping[str, bool]) -> Iterator[Artifact]:
        """The manifests, the list in its parts, and the worker.

        worker: its source. assets: the paths of all assets, and whether each is the edition's own.
        """
        icons = _icons(assets)
        for folder in self.variants:
            yield self.add(Artifact(f"{folder}/{MANIFEST}", write_manifest(self.homes[folder], icons)))
        groups: dict[str, Any] = {}
        for name, listed in self.groups.items():
            parts = split(listed)
            written = [_json(part) for part in parts]
            groups[name] = {
                "bytes": self.bytes[name],
                "files": sum(not digest.startswith(WITHHELD) for digest in listed.values()),
                "parts": [digest(part) for part in written],
            }
            for number, part in enumerate(written):
                yield Artifact(f"offline/{name}-{number}.json", part)
        top = _json({"groups": groups})
        yield Artifact(LIST, top)
        told = _json({"list": digest(top), "variants": self.variants}).strip()
        yield Artifact(WORKER, b"self.duben=" + told + b";\n" + worker)

    def _list(self, group: str, artifact: Artifact) -> None:
        mark = WITHHELD if self._is_withheld(artifact.path) else ""
        self.groups[group][artifact.path] = mark + digest(artifact.content)
        if not mark:
            self.bytes[group] += len(artifact.content)

    def _group_of(self, artifact: Artifact) -> str:
        folder, _, rest = artifact.path.partition("/")
        if folder in self.groups and rest not in (OFFLINE, MANIFEST):
            return folder
        is_core = (
            folder in (*self.variants, "assets", CHOOSER)
            and artifact.path not in ICONS
            and len(artifact.content) <= BYTES_OF_CORE
        )
        return CORE if is_core else REST

    def _is_withheld(self, path: str) -> bool:
        """Whether a file is a text that may not be republished, or made from it (its pinyin …).

        The pages of entries quote such a text line by line, as a concordance may. The search has its
        words in scripts of their own.
        """
        if path.endswith(KEPT):
            return True
        folder, *names = path.split("/")
        if folder == "assets" or (names and names[0] in ("glossary", "index", "pages")):
            return False
        return any(name.partition(".")[0] in self.withheld for name in names)


def split(listed: Mapping[str, str]) -> list[dict[str, str]]:
    """A group's list in parts, a power of two of them, each in the order of its paths.

    A path stays in its part while the group grows, so that a change touches few parts.
    """
    parts = 1
    while len(listed) > FILES_OF_A_PART * parts:
        parts *= 2
    found: list[dict[str, str]] = [{} for _ in range(parts)]
    for path in sorted(listed):
        found[part_of(path, parts)][path] = listed[path]
    return found


def write_manifest(home: Frame, icons: Sequence[Mapping[str, str]]) -> bytes:
    """What a system shows of the edition once a reader has installed it, in one variant."""
    return _json(
        {
            "name": home.edition,
            "short_name": home.edition,
            **({"description": home.meta.description} if home.meta.description else {}),
            "lang": home.lang,
            "dir": "ltr",
            "start_url": HOME,
            "scope": "../",  # a reader may change the script without leaving
            "display": "minimal-ui",
            "background_color": "#faf8f2",
            "theme_color": "#faf8f2",
            "icons": icons,
        }
    )


def _icons(assets: Mapping[str, bool]) -> list[Mapping[str, str]]:
    """Of an edition with an icon of its own, only what is its own."""
    found: list[Mapping[str, str]] = []
    if ICON in assets:
        found.append({"src": f"../{ICON}", "sizes": "any", "type": "image/svg+xml"})
    for path, (size, purpose) in ICONS.items():
        if path in assets and assets[path] == assets.get(ICON, assets[path]):
            found.append(
                {"src": f"../{path}", "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
            )
    return found


def _json(value: Mapping[str, Any]) -> bytes:
    return (json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n").encode("utf-8")
