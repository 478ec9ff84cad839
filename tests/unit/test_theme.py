"""`duben theme`: duben's templates copied to be changed, and compared with those of an edition."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import CHECKOUT

from duben.desk import theme
from duben.desk.theme import State, copy_part, list_parts

EDITION = {
    "content/edition.yaml": "title: 读本\n",
    "content/texts/a/text.yaml": "title: 题\nnotes:\n  - {id: n1, in: p1, on: 花明, note: 注。}\n",
    "content/texts/a/text.md": "柳暗花明。 {#p1}\n",
}


@pytest.fixture
def folder(tmp_path: Path, write_edition: Callable) -> Path:
    return write_edition(tmp_path, EDITION)


def states(folder: Path) -> dict[str, State]:
    return {part.name: part.state for part in list_parts(folder / "content") if part.state}


def test_every_file_of_the_theme_is_listed_templates_first(folder: Path, run_duben: Callable) -> None:
    run = run_duben("theme", cwd=folder)
    expected = {
        path.relative_to(CHECKOUT / "templates").as_posix()
        for path in (CHECKOUT / "templates").rglob("*")
        if path.is_file() and not path.is_relative_to(CHECKOUT / "templates" / "preview")
    } - {"sw.js"}
    lines = run.stdout.splitlines()
    assert set(lines) == expected
    assert [name.startswith("assets/") for name in lines] == sorted(
        name.startswith("assets/") for name in lines
    )
    assert run_duben("theme", cwd=folder / "content").stdout == run.stdout


def test_a_theme_copied_whole_makes_the_same_pages(folder: Path, run_duben: Callable) -> None:
    assert run_duben("build", "--out", "../before", cwd=folder).status == 0
    names = [part.name for part in list_parts(folder / "content") if part.name != "interface.json"]
    run = run_duben("theme", *names, cwd=folder)
    assert (run.status, run.stderr) == (0, "")
    assert run.stdout.splitlines() == [f"content/templates/{name}" for name in names]
    assert set(states(folder).values()) == {State.SAME}
    assert run_duben("build", "--out", "../after", cwd=folder).status == 0
    pages = sorted((folder / "../before").rglob("*.html"))
    assert len(pages) > 10
    for page in pages:
        again = folder / "../after" / page.relative_to(folder / "../before")
        assert again.read_bytes() == page.read_bytes(), page


def test_a_file_that_is_there_stays(folder: Path, run_duben: Callable) -> None:
    own = folder / "content" / "templates" / "base.html"
    own.parent.mkdir()
    own.write_text("mine", encoding="utf-8")
    run = run_duben("theme", "base.html", "text.html", cwd=folder)
    assert run.status == 1
    assert run.stderr == "content/templates/base.html: it is there already, and stays as it is\n"
    assert own.read_text("utf-8") == "mine"
    assert (own.parent / "text.html").is_file()


def test_what_changed_on_both_sides_is_told(
    folder: Path, run_duben: Callable, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run_duben("theme", "info.html", "list.html", "assets/print.css", "assets/icon-192.png", cwd=folder)
    own = folder / "content" / "templates"
    for name in ("info.html", "assets/print.css"):
        with (own / name).open("a", encoding="utf-8") as file:
            file.write("/* mine */\n")
    (own / "assets" / "icon-192.png").write_bytes(b"\x89PNG")
    (own / "assets" / "more.css").write_text("p {}", encoding="utf-8")
    (own / "interface.json").write_text("{}", encoding="utf-8")
    assert states(folder) == {
        "info.html": State.CHANGED,
        "list.html": State.SAME,
        "assets/print.css": State.CHANGED,
        "assets/icon-192.png": State.CHANGED,
        "assets/more.css": State.ADDED,
        "interface.json": State.WORDS,
    }
    shown = run_duben("theme", "--diff", cwd=folder).stdout
    assert "--- duben/info.html\n+++ content/templates/info.html\n" in shown
    assert shown.count("+/* mine */") == 2
    assert "copied from" not in shown
    assert "content/templates/assets/icon-192.png is not the same picture as duben's" in shown
    assert run_duben("theme", "--diff", "list.html", cwd=folder).stdout == ""

    newer = tmp_path / "newer"
    (newer / "assets").mkdir(parents=True)
    for name in ("info.html", "list.html", "interface.json", "assets/print.css", "assets/icon-192.png"):
        (newer / name).write_bytes((CHECKOUT / "templates" / name).read_bytes())
    (newer / "info.html").write_text("{# newer #}\n", encoding="utf-8")
    monkeypatch.setattr(theme, "theme_folder", lambda: newer)
    assert states(folder)["info.html"] is State.BEHIND
    assert states(folder)["assets/print.css"] is State.CHANGED


def test_words_are_not_copied_and_what_is_not_there_is_told(folder: Path, run_duben: Callable) -> None:
    run = run_duben("theme", "interface.json", cwd=folder)
    assert run.status == 1
    assert "docs/interface.md" in run.stderr
    run = run_duben("theme", "bas.html", cwd=folder)
    assert run.status == 2
    assert "did you mean `base.html`?" in run.stderr
    assert run_duben("theme", "sw.js", cwd=folder).status == 2
    assert run_duben("theme", "base.html", "--content", "nowhere", cwd=folder).status == 2
    assert not (folder / "nowhere").exists()
    assert not (folder / "content" / "templates").exists()


def test_a_folder_that_cannot_be_made_is_told(folder: Path, run_duben: Callable) -> None:
    (folder / "content" / "templates").write_text("", encoding="utf-8")
    run = run_duben("theme", "base.html", cwd=folder)
    assert run.status == 1
    assert run.stderr.startswith("content/templates/base.html: it cannot be written: ")


def test_line_ends_of_another_system_are_no_change(folder: Path) -> None:
    (part,) = (part for part in list_parts(folder / "content") if part.name == "list.html")
    assert copy_part(part) == ""
    part.own.write_bytes(part.own.read_bytes().replace(b"\n", b"\r\n"))
    assert states(folder) == {"list.html": State.SAME}
