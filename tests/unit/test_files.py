"""UTF-8 or a problem that names the encoding; which files there are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from duben.diagnostics import Report
from duben.read.files import decode, find_source, list_files

SIMPLIFIED = "春天来了，我们在河边说话，柳树上有小鸟。"
TRADITIONAL = "春天來了，我們在河邊說話，柳樹上有小鳥。"


def read(data: bytes) -> tuple[str | None, list[str]]:
    report = Report()
    text = decode(data, "f", report)
    return text, [f"{found.location} {found.message}" for found in report.found]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        ("一\r\n二\r三\n".encode(), "一\n二\n三\n"),
        (b"\xef\xbb\xbftitle: a\n", "title: a\n"),
        ("　一　二".encode(), "　一　二"),
        ("一\t二".encode(), "一\t二"),
        ("𠀀\U000e0100".encode(), "𠀀\U000e0100"),
        ("\ufeff\ufeff一".encode(), "\ufeff一"),
    ],
)
def test_line_ends_and_the_byte_order_mark_are_all_that_changes(data: bytes, text: str) -> None:
    assert read(data) == (text, [])


@pytest.mark.parametrize(
    ("text", "encoding", "name"),
    [
        (SIMPLIFIED, "gb18030", "GB18030"),
        (SIMPLIFIED, "gbk", "GB18030"),
        ("标题：我们\n", "gb2312", "GB18030"),
        ("title: 大学的人\n", "gbk", "GB18030"),
        (TRADITIONAL, "big5", "Big5"),
        ("標題：我們\n", "big5", "Big5"),
        ("title: 大學的人\n", "big5", "Big5"),
        (SIMPLIFIED, "utf-16", "UTF-16"),
        (SIMPLIFIED, "utf-16-le", "UTF-16"),
        (TRADITIONAL, "utf-16-be", "UTF-16"),
        ("title: a\n", "utf-16-le", "UTF-16"),
        ("title: 小读本\n", "utf-16-be", "UTF-16"),
    ],
)
def test_another_encoding_is_recognised_and_named(text: str, encoding: str, name: str) -> None:
    found, told = read(text.encode(encoding))
    assert found is None
    assert len(told) == 1
    assert f"this file is {name}, not UTF-8" in told[0]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("一\n二".encode() + b"\xff", "f:2:2 this file is not UTF-8"),
        ("一".encode()[:2], "f:1:1 this file is not UTF-8"),
        (b"abc\xc0\xaf", "f:1:4 this file is not UTF-8"),
        ("一".encode() + b"\xed\xa0\x80", "f:1:2 a lone surrogate stands here, which is no character"),
        ("一\r\n二\0".encode(), "f:2:2 a control character (U+0000) stands here"),
        ("一\x0b".encode(), "f:1:2 a control character (U+000B) stands here"),
        (b"\x1b[31m", "f:1:1 a control character (U+001B) stands here"),
        ("一\x85二".encode(), "f:1:2 a control character (U+0085) stands here"),
        ("一\u2028二".encode(), "f:1:2 a control character (U+2028) stands here"),
        (b"\xef\xbb\xbf" + "一\x7f".encode(), "f:1:2 a control character (U+007F) stands here"),
    ],
)
def test_what_is_no_text_is_told_at_its_place(data: bytes, told: str) -> None:
    assert read(data) == (None, [told])


def test_files_are_listed_in_order_without_junk(tmp_path: Path, write_edition: Callable) -> None:
    names = ["b.md", "a/c.yaml", "a.md~", ".hidden/x", "a/.x.swp", "sources/secret.txt", "a/sources/kept.md"]
    write_edition(tmp_path, dict.fromkeys(names, ""))
    report = Report()
    found = [file.name for file in list_files(tmp_path, "content", report)]
    assert found == ["content/a/c.yaml", "content/a/sources/kept.md", "content/b.md"]
    assert [file.name for file in list_files(tmp_path, ".", report)] == [
        "a/c.yaml",
        "a/sources/kept.md",
        "b.md",
    ]
    assert report.found == []


def test_links_inside_are_followed_and_others_refused(tmp_path: Path, write_edition: Callable) -> None:
    folder = write_edition(tmp_path / "content", {"a.md": "", "sub/b.md": ""})
    (tmp_path / "outside").mkdir()
    for link, target in {
        "good": "a.md",
        "up": "../outside",
        "folder": "sub",
        "broken": "nowhere",
        "loop": "loop",
        "sub/around": "../../content/a.md",
    }.items():
        (folder / link).symlink_to(target)
    report = Report()
    found = {"/".join(file.parts): file.refused for file in list_files(folder, "c", report)}
    assert [name for name, refused in found.items() if not refused] == [
        "a.md",
        "good",
        "sub/around",
        "sub/b.md",
    ]
    assert {found.location.file: found.message for found in report.found} == {
        "c/broken": "this link leads nowhere",
        "c/folder": "links to folders are not followed",
        "c/loop": "this link leads nowhere",
        "c/up": "this link leads out of the content folder",
    }


@pytest.mark.parametrize("name", ["a" * 5_000, "no/such", "a\0b", ".", "..", ""])
def test_a_name_that_can_be_no_source_is_not_found(name: str, tmp_path: Path) -> None:
    assert find_source(name, [tmp_path]) is None


def test_a_source_is_taken_from_the_first_folder_that_has_it(tmp_path: Path, write_edition: Callable) -> None:
    write_edition(tmp_path, {"one/b.txt": "", "two/a.txt": "", "two/b.txt": ""})
    folders = [tmp_path / "none", tmp_path / "one", tmp_path / "two"]
    assert find_source("a.txt", folders) == tmp_path / "two" / "a.txt"
    assert find_source("b.txt", folders) == tmp_path / "one" / "b.txt"
