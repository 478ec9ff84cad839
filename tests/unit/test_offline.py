"""The list of what may be kept, its worker and the manifests."""

from __future__ import annotations

import hashlib
import json
import struct
import sys
import zlib
from base64 import urlsafe_b64encode
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import CHECKOUT, Run

from duben.publish.offline import (
    BYTES_OF_CORE,
    FILES_OF_A_PART,
    ICONS,
    digest,
    part_of,
    split,
)

Build = Callable[..., Path]
EDITION = {
    "edition.yaml": "title: 读本\nvariants: [zh-Hans, zh-Hant]\n",
    "glossary/all.yaml": """
        - id: closed
          kind: concept
          term: 语言
          definition: |
            人说的话。
    """,
    "texts/a/text.yaml": "title: 题\nlang: zh-Hans\n",
    "texts/a/text.md": "语言。{#p1}\n\n![图](<static/图 1.png>) {#p2}\n",
    "texts/closed/text.yaml": "title: 不再发表\nlang: zh-Hans\nrepublish: false\n",
    "texts/closed/text.md": "语言。{#p1}\n\n![图](static/closed.png) {#p2}\n",
    "static/图 1.png": b"1",
    "static/closed.png": b"2",
    "static/_headers": b"3",
}


@pytest.fixture
def build(tmp_path: Path, write_edition: Callable, run_duben: Callable[..., Run]) -> Build:
    """`build({other files}, name)` → the folder of the site."""

    def make(files: dict[str, str | bytes] | None = None, name: str = "one") -> Path:
        folder = tmp_path / name
        write_edition(folder / "content", {**EDITION, **(files or {})})
        run = run_duben("build", cwd=folder)
        assert run.status == 0, run.stderr
        return folder / "site"

    return make


def lists(site: Path) -> dict[str, dict[str, str]]:
    """What each group's list names, read as the worker reads it."""
    top = (site / "offline.json").read_bytes()
    head = (site / "sw.js").read_text("utf-8").partition(";\n")[0].removeprefix("self.duben=")
    assert json.loads(head)["list"] == digest(top)
    found: dict[str, dict[str, str]] = {}
    for name, group in json.loads(top)["groups"].items():
        found[name] = {}
        for number, expected in enumerate(group["parts"]):
            part = (site / f"offline/{name}-{number}.json").read_bytes()
            assert digest(part) == expected
            found[name].update(json.loads(part))
        kept = [path for path, value in found[name].items() if not value.startswith("!")]
        assert group["files"] == len(kept)
        assert group["bytes"] == sum((site / path).stat().st_size for path in kept)
    return found


def test_every_page_is_listed_with_the_digest_of_its_bytes(build: Build) -> None:
    site = build()
    listed = {path: value for group in lists(site).values() for path, value in group.items()}
    pages = {path.relative_to(site).as_posix() for path in site.rglob("*.html")}
    assert pages <= listed.keys()
    for path, value in listed.items():
        expected = urlsafe_b64encode(hashlib.sha256((site / path).read_bytes()).digest())[:12].decode()
        assert value.removeprefix("!") == expected, path


def test_a_group_holds_what_a_reader_keeps_at_once(build: Build) -> None:
    found = lists(build())
    assert found.keys() == {"core", "rest", "zh-hans", "zh-hant"}
    assert {"index.html", "assets/style.css", "assets/strings.zh-hant.js", "zh-hant/offline.html"} <= found[
        "core"
    ].keys()
    assert "zh-hant/texts/a.html" in found["zh-hant"]
    assert "zh-hant/texts/a.pinyin.js" in found["zh-hant"]
    assert ICONS.keys() <= found["rest"].keys()


def test_of_the_edition_s_own_files_those_that_a_page_shows_are_listed(build: Build) -> None:
    listed = {path for group in lists(build()).values() for path in group}
    assert "图 1.png" in listed
    assert not {"closed.png", "_headers"} & listed


def test_what_is_large_is_not_fetched_by_every_reader(build: Build) -> None:
    found = lists(build({"templates/assets/font.woff2": b"f" * (BYTES_OF_CORE + 1)}))
    assert "assets/font.woff2" in found["rest"]
    assert "assets/font.woff2" not in found["core"]


def test_a_text_that_may_not_be_republished_can_be_recognised_but_not_kept(build: Build) -> None:
    found = lists(build())["zh-hans"]
    withheld = {path for path, value in found.items() if value.startswith("!")}
    assert {"zh-hans/texts/closed.html", "zh-hans/texts/closed.pinyin.js"} <= withheld
    # An entry may have the name of a text.
    assert "zh-hans/glossary/closed.html" not in withheld
    assert "zh-hans/texts/a.html" not in withheld


def test_the_same_edition_gives_the_same_list_and_another_another_worker(build: Build) -> None:
    one, again = build(), build(name="again")
    changed = build({"texts/a/text.md": "话语。{#p1}\n\n![图](<static/图 1.png>) {#p2}\n"}, "changed")
    names = ["sw.js", "offline.json", *(path.relative_to(one).as_posix() for path in one.glob("offline/*"))]
    for name in names:
        assert (one / name).read_bytes() == (again / name).read_bytes()
    assert (one / "sw.js").read_bytes() != (changed / "sw.js").read_bytes()
    assert (one / "offline/core-0.json").read_bytes() == (changed / "offline/core-0.json").read_bytes()


def test_an_edition_can_put_a_worker_of_its_own_in_the_place(build: Build) -> None:
    site = build({"static/sw.js": b"// ours\n"})
    assert (site / "sw.js").read_bytes() == b"// ours\n"


def test_a_manifest_for_each_variant_is_in_its_script(build: Build) -> None:
    site = build({"edition.yaml": "title: 读本\nvariants: [zh-Hans, zh-Hant]\n"})
    for variant, title in (("zh-Hans", "读本"), ("zh-Hant", "讀本")):
        folder = site / variant.lower()
        manifest = json.loads((folder / "manifest.webmanifest").read_text("utf-8"))
        assert (manifest["name"], manifest["lang"]) == (title, variant)
        assert (folder / manifest["start_url"]).is_file()
        assert (folder / manifest["scope"]).resolve() == site.resolve()
        for icon in manifest["icons"]:
            content = (folder / icon["src"]).read_bytes()
            if icon["type"] == "image/png":
                assert icon["sizes"] == "{}x{}".format(*struct.unpack(">II", content[16:24]))
    assert {icon["sizes"] for icon in manifest["icons"]} == {"any", "192x192", "512x512"}


def test_an_icon_of_the_edition_s_own_is_not_mixed_with_duben_s(build: Build) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8z"/></svg>'
    site = build({"templates/assets/icon.svg": svg})
    icons = json.loads((site / "zh-hans/manifest.webmanifest").read_text("utf-8"))["icons"]
    assert [icon["type"] for icon in icons] == ["image/svg+xml"]


def test_a_list_of_many_files_is_cut_into_parts_that_stay_as_they_are() -> None:
    listed = {f"zh-hans/texts/t{n}.html": digest(str(n).encode()) for n in range(12_000)}
    parts = split(listed)
    assert len(parts) == 64
    assert sum(map(len, parts)) == 12_000
    assert max(map(len, parts)) < 1.4 * FILES_OF_A_PART
    largest = max(len(zlib.compress(json.dumps(part).encode(), 9)) for part in parts)
    assert largest < 8_000  # bytes as sent
    for number, part in enumerate(parts):
        assert list(part) == sorted(part)
        assert all(part_of(path, 64) == number for path in part)
    added = split({**listed, "zh-hans/texts/new.html": "-"})
    assert sum(one != other for one, other in zip(parts, added, strict=True)) == 1


def test_the_icons_are_drawn_from_the_svg() -> None:
    """The smallest, again: `tools/icons.py` was run after the last edit of icon.svg."""
    sys.path.insert(0, str(CHECKOUT / "tools"))
    try:
        import icons
    finally:
        sys.path.pop(0)
    assets = CHECKOUT / "templates" / "assets"
    icon = icons.read_icon((assets / "icon.svg").read_text("utf-8"))
    drawn = icons.draw(icon, *icons.FORMS["icon-192.png"])
    assert pixels(drawn) == pixels((assets / "icon-192.png").read_bytes())
    assert {f"assets/{name}" for name in icons.FORMS} == ICONS.keys()
    with pytest.raises(ValueError, match="not straight"):
        icons._strokes("M0 0C1 1 2 2 3 3")


def pixels(png: bytes) -> bytes:
    at, data = 8, b""
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            data += png[at + 8 : at + 8 + size]
        at += size + 12
    return zlib.decompress(data)
