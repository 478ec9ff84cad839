"""Files that mean no good, or are none: one clear problem, and nothing is written."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from importing import HEAD, WORD, Desk, chapter, docx, epub, paragraph_of, zipped

WORDS = "天还没有全亮，巷口的早市已经热闹起来了。卖豆浆的老人支起炉子，旁边的面摊也冒出了热气。"
BOMB = "".join(
    [
        HEAD,
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">',
        *(
            f'<!ENTITY {name} "{f"&{before};" * 10}">'
            for before, name in zip("abcdefgh", "bcdefghi", strict=True)
        ),
        "]>",
        f'<w:document xmlns:w="{WORD}"><w:body><w:p><w:r><w:t>&i;</w:t></w:r></w:p></w:body></w:document>',
    ]
)
OUTSIDE = (
    f'{HEAD}<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="&a;"/></rootfiles></container>'
)


@pytest.fixture
def desk(tmp_path: Path, run_duben: Callable) -> Desk:
    return Desk(tmp_path, run_duben)


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.txt", b"", "import-empty"),
        ("a.txt", b" \n\t\n", "import-empty"),
        ("a.txt", "\u3000\u200b\n".encode(), "import-empty"),
        ("a.txt", b"***\n---\n", "import-empty"),
        ("a.txt", bytes(range(256)) * 20, "import-unreadable"),
        ("a.txt", b"\x01\x02\x03\x04 " * 99, "import-unreadable"),
        ("a.txt", os.urandom(4000).replace(b"\0", b"\x80") + b"\xff\xff", "file-encoding"),
        ("a.txt", ("字" * 17_000_000).encode(), "import-unreadable"),
        ("a.txt", ("字" * 1_000_001).encode(), "paragraph-too-long"),
        ("a.pdf", b"%PDF-1.7 \n", "import-unreadable"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), "import-unreadable"),
        ("a.rtf", b"{\\rtf1 x}", "import-unreadable"),
        ("a.html", b"<html><body><script>1</script></body></html>", "import-empty"),
        ("a.html", ("<div>" * 3000 + WORDS).encode(), "import-unreadable"),
        ("a.docx", b"PK\x03\x04" + bytes(99), "import-unreadable"),
        ("a.docx", docx(paragraph_of(WORDS))[:-200], "import-unreadable"),
        ("a.docx", zipped({"readme.txt": WORDS}), "import-unreadable"),
        ("a.docx", zipped({"word/document.xml": "<w:p"}), "import-unreadable"),
        ("a.docx", docx(), "import-empty"),
        ("a.docx", docx(paragraph_of(WORDS), **{"word__document.xml": BOMB}), "import-unreadable"),
        ("a.docx", docx(paragraph_of(WORDS), **{"word__x.xml": b" " * 70_000_000}), "import-unreadable"),
        ("a.docx", zipped({f"{number}.xml": "" for number in range(10_001)}), "import-unreadable"),
        ("a.epub", zipped({"META-INF/container.xml": OUTSIDE}), "import-unreadable"),
        ("a.epub", zipped({"META-INF/container.xml": "<container/>"}), "import-unreadable"),
        ("a.epub", epub({"nav.xhtml": chapter("目录", "<nav>目录</nav>")}), "import-empty"),
        ("a.epub", epub({}), "import-empty"),
    ],
)
def test_one_problem_is_told_and_nothing_is_written(name: str, data: bytes, code: str, desk: Desk) -> None:
    desk.put(name, data)
    run = desk.run(name)
    errors = [line for line in run.stderr.splitlines() if ": error: " in line]
    assert run.status == 1
    assert len(errors) == 1 and errors[0].endswith(f"[{code}]"), run.stderr
    assert desk.files().keys() == {"edition.yaml"}
    assert sorted(path.name for path in desk.content.iterdir()) == ["edition.yaml"]


@pytest.mark.parametrize("name", ["none.txt", ".", "/dev/null", "a\0b"])
def test_what_is_no_file_is_told(name: str, desk: Desk) -> None:
    run = desk.run(name)
    assert (run.status, run.stderr.count(": error: ")) == (1, 1)


def test_a_name_that_climbs_out_of_a_book_finds_nothing(desk: Desk) -> None:
    desk.put("secret.png", b"\x89PNG\r\n\x1a\n secret")
    page = chapter("早市", f'<h1>早市</h1><p>{WORDS * 2}</p><img src="../../../secret.png" alt="密"/>')
    desk.put("a.epub", epub({"1.xhtml": page}, {"../../../secret.png": b"\x89PNG\r\n\x1a\n other"}))
    assert desk.run("a.epub").status == 0
    assert not (desk.content / "static").exists()
    assert [name for name in desk.files() if "secret" in name] == []


def test_a_link_beside_a_page_that_leads_out_is_not_followed(desk: Desk) -> None:
    desk.put("secret.png", b"\x89PNG\r\n\x1a\n secret")
    (desk.folder / "web").mkdir()
    (desk.folder / "web" / "a.png").symlink_to(desk.folder / "secret.png")
    desk.put("web/a.html", f'<html><body><h1>早市</h1><p>{WORDS * 2}</p><img src="a.png"></body></html>')
    assert desk.run("web/a.html").status == 0
    assert not (desk.content / "static").exists()


def test_a_script_in_a_page_is_text_or_nothing(desk: Desk) -> None:
    page = f"""<html><body><h1>早市&lt;script&gt;</h1><p>{WORDS * 2}&lt;script&gt;x&lt;/script&gt;</p>
<p><a href="javascript:x">字</a>，<a href="data:text/html,x">字</a>。</p>
<img src="data:image/svg+xml,<svg/>"></body></html>"""
    desk.put("a.html", page)
    assert desk.run("a.html", "--slug", "a").status == 0
    body = desk.files()["texts/a/text.md"].decode()
    assert "javascript" not in body and "data:" not in body
    assert "\\<script\\>x\\</script\\>" in body


@pytest.mark.parametrize("fails_at", range(1, 9))
def test_a_full_disk_at_any_moment_leaves_no_half_text(
    fails_at: int, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.put("a.md", f"# 早市\n\n{WORDS}\n")
    desk.put("b.md", f"# 晚市\n\n{WORDS}\n")
    count = 0

    def counted(call: Callable) -> Callable:
        def run(*arguments: object, **options: object) -> object:
            nonlocal count
            count += 1
            if count == fails_at:
                raise OSError(errno.ENOSPC, "No space left on device")
            return call(*arguments, **options)

        return run

    monkeypatch.setattr(os, "fsync", counted(os.fsync))
    monkeypatch.setattr(Path, "rename", counted(Path.rename))
    run = desk.run("a.md", "b.md")
    texts = {
        "texts/zaoshi/text.md",
        "texts/zaoshi/text.yaml",
        "texts/wanshi/text.md",
        "texts/wanshi/text.yaml",
    }
    if count < fails_at:
        assert run.status == 0
        assert desk.files().keys() == {"edition.yaml", *texts}
    else:
        assert run.status == 1
        assert "no space left on device [output-unwritable]" in run.stderr
        assert desk.files().keys() == {"edition.yaml"}
        assert [path.name for path in desk.content.iterdir() if path.name.startswith(".")] == []


def test_a_folder_that_cannot_be_written_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.put("a.md", f"# 早市\n\n{WORDS}\n")

    def refuse(*_: object, **__: object) -> str:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("tempfile.mkdtemp", refuse)
    run = desk.run("a.md")
    assert run.status == 1
    assert "content: error: nothing can be written here: permission denied [output-unwritable]" in run.stderr
