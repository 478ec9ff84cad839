"""`duben import`: what is written where, and what is never overwritten."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from importing import Desk

FIRST = "天还没有全亮，巷口的早市已经热闹起来了。卖豆浆的老人支起炉子，旁边的面摊也冒出了热气。"
SECOND = "他说，他只卖两样东西：豆浆和油条。油条要现炸的，凉了就不好吃了。"
THIRD = "九点一过，摊子一个个收起来，巷子又干净了，好像什么也没有发生过。"


@pytest.fixture
def desk(tmp_path: Path, run_duben: Callable) -> Desk:
    return Desk(tmp_path, run_duben)


def article(*paragraphs: str, title: str = "早市") -> str:
    return "\n\n".join([title, *paragraphs]) + "\n"


def test_what_was_written_is_what_is_told(desk: Desk) -> None:
    run = desk.take("a.txt", article(FIRST, SECOND)).run
    assert desk.files()["texts/zaoshi/text.md"].decode() == f"{FIRST} {{#p1}}\n\n{SECOND} {{#p2}}\n"
    assert desk.files()["texts/zaoshi/text.yaml"].decode() == "title: 早市\nlang: zh-Hans\nnext-id: 3\n"
    assert run.stdout.startswith("a.txt: content/texts/zaoshi/text.md, content/texts/zaoshi/text.yaml\n")
    assert "body:      2 paragraphs; ids up to p2\n" in run.stdout


def test_a_dry_run_writes_nothing(desk: Desk) -> None:
    desk.put("a.txt", article(FIRST))
    run = desk.run("a.txt", "--dry-run")
    assert run.status == 0
    assert "a.txt: would write content/texts/zaoshi/text.md" in run.stdout
    assert desk.files().keys() == {"edition.yaml"}


def test_a_standard_input_that_is_closed_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    run = desk.run("-")
    assert run.status == 1
    assert run.stderr.startswith("standard input: error: ")


def test_an_import_that_fails_leaves_no_folder(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(_: Path, __: Path) -> None:
        raise KeyboardInterrupt

    desk.put("a.txt", article(FIRST))
    monkeypatch.setattr(Path, "rename", stopped)
    assert desk.run("a.txt").status == 130
    assert [path.name for path in desk.content.iterdir()] == ["edition.yaml"]


def test_what_a_killed_import_left_goes_with_the_next(desk: Desk) -> None:
    for name in (".import-old", ".import-young"):
        (desk.content / name / "0").mkdir(parents=True)
    os.utime(desk.content / ".import-old", (0, 0))
    desk.take("a.txt", article(FIRST))
    assert [path.name for path in desk.content.glob(".import-*")] == [".import-young"]


def test_quiet_prints_nothing_but_problems(desk: Desk) -> None:
    run = desk.take("a.txt", article(FIRST, SECOND, THIRD), "--quiet").run
    assert (run.stdout, run.stderr) == ("", "")


def test_several_files_come_in_or_none(desk: Desk) -> None:
    desk.put("a.txt", article(FIRST))
    desk.put("b.txt", article(SECOND, title="油条"))
    desk.put("c.txt", "")
    assert desk.run("a.txt", "b.txt", "c.txt").status == 1
    assert desk.files().keys() == {"edition.yaml"}
    assert desk.run("a.txt", "b.txt").status == 0
    assert {"texts/zaoshi/text.md", "texts/youtiao/text.md"} <= desk.files().keys()


def test_the_same_file_twice_is_one_text(desk: Desk) -> None:
    desk.put("a.txt", article(FIRST))
    desk.put("b.txt", article(FIRST))
    run = desk.run("a.txt", "b.txt", "a.txt")
    assert run.status == 0
    assert run.stderr.count("is imported once") == 1
    assert "texts/zaoshi/text.md" in desk.files()


def test_two_texts_of_one_name_are_told(desk: Desk) -> None:
    desk.put("a.txt", article(FIRST))
    desk.put("b.txt", article(SECOND))
    run = desk.run("a.txt", "b.txt")
    assert run.status == 1
    assert "would have the slug `zaoshi` [import-exists]" in run.stderr


def test_standard_input_is_read(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(article(FIRST).encode("gb18030"))))
    run = desk.run("-")
    assert run.status == 0
    assert run.stdout.startswith("standard input: content/texts/zaoshi/text.md")


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--slug", "Früh"),
        ("--lang", "zh"),
        ("--chapters", "x"),
        ("--chapters", "3-"),
        ("--chapters", "1,3-1"),
        ("--split", "tab"),
    ],
)
def test_wrong_usage_is_told(option: str, value: str, desk: Desk) -> None:
    desk.put("a.txt", article(FIRST))
    run = desk.run("a.txt", option, value)
    assert (run.status, desk.files().keys()) == (2, {"edition.yaml"})


@pytest.mark.parametrize("options", [("--split", "line"), ("--chapters", "1"), ("--keep-outside",)])
def test_an_option_that_a_page_does_not_take_is_told(options: tuple[str, ...], desk: Desk) -> None:
    desk.put("a.html", f"<html><title>早市</title><h1>早市</h1><p>{FIRST}</p><p>{SECOND}</p></html>")
    run = desk.run("a.html", *options)
    assert (run.status, run.stderr.count(": error: ")) == (1, 1)


def test_an_edition_is_needed(desk: Desk) -> None:
    desk.put("a.txt", article(FIRST))
    (desk.content / "edition.yaml").unlink()
    run = desk.run("a.txt")
    assert run.status == 1
    assert "content: error: there is no edition.yaml in this folder [file-missing]" in run.stderr


# --- texts that are there ------------------------------------------------------------------------


def test_nothing_is_overwritten(desk: Desk) -> None:
    desk.take("a.txt", article(FIRST))
    before = desk.files()
    desk.put("a.txt", article(SECOND))
    assert desk.run("a.txt").status == 1
    assert desk.files() == before


def test_a_text_in_a_folder_of_its_own_is_there_too(desk: Desk) -> None:
    desk.put("content/texts/2026/zaoshi/text.yaml", "title: 早市\n")
    desk.put("content/texts/2026/zaoshi/text.md", "旧文。 {#p1}\n")
    desk.put("a.txt", article(FIRST))
    assert "content/texts/2026/zaoshi is there already" in desk.run("a.txt").stderr


def test_force_keeps_the_ids_of_what_stays_and_gives_new_ones_to_what_is_new(desk: Desk) -> None:
    desk.take("a.txt", article(FIRST, SECOND, THIRD))
    sheet = "title: 早市\nsummary: 我写的。\nnext-id: 9\nnotes:\n  - {in: p3, on: 九点, note: 早上}\n"
    desk.put("content/texts/zaoshi/text.yaml", sheet)
    new = "新来的一段，讲的是另一件事，与前面的都不一样。"
    run = desk.take("a.txt", article(FIRST, new, THIRD), "--force").run
    assert desk.files()["texts/zaoshi/text.md"].decode() == (
        f"{FIRST} {{#p1}}\n\n{new} {{#p9}}\n\n{THIRD} {{#p3}}\n"
    )
    assert desk.files()["texts/zaoshi/text.yaml"].decode() == sheet.replace("next-id: 9", "next-id: 10")
    assert "2 of them as before" in run.stdout


@pytest.mark.parametrize(
    "note",
    [
        "{in: p2, on: 豆浆, note: 注}",
        "{on: 豆浆和油条, note: 注}",
        "{in: p1, on: 早市, until: {in: p2, on: 豆浆}, note: 注}",
    ],
)
def test_force_never_loses_a_note(note: str, desk: Desk) -> None:
    desk.take("a.txt", article(FIRST, SECOND, THIRD))
    desk.put("content/texts/zaoshi/text.yaml", f"title: 早市\nnext-id: 4\nnotes:\n  - {note}\n")
    before = desk.files()
    desk.put("a.txt", article(FIRST, THIRD))
    run = desk.run("a.txt", "--force")
    assert run.status == 1
    assert "an annotation in content/texts/zaoshi/text.yaml, line 4, " in run.stderr
    assert desk.files() == before


def test_force_leaves_a_text_kept_outside(desk: Desk) -> None:
    desk.take("a.txt", article(FIRST, SECOND), "--keep-outside")
    before = desk.files()
    assert desk.run("a.txt", "--force").status == 1
    assert desk.files() == before


# --- texts kept outside --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (article(FIRST, SECOND), '  body: {after: "早市\\n\\n"}\n  split: blank-line\n'),
        (
            f"题：早市\n{FIRST}\n{SECOND}\n（完）\n",
            '  body: {after: "：早市", before: （完）}\n  split: line\n',
        ),
        (f"早市　 {FIRST} {SECOND} 责任编辑：何清", "  split: space-after-stop\n"),
        (
            f"早市\n\n{FIRST}\n\n水流千里\n\n终归大海\n\n柳树无言\n\n版权所有 江畔网\n",
            "  split: blank-line\n  blocks:\n    - {join: [p2, p4], kind: verse}\n",
        ),
    ],
)
def test_a_text_kept_outside_gives_the_paragraphs_of_its_import(text: str, source: str, desk: Desk) -> None:
    inside = desk.take("a.txt", text, "--slug", "a")
    kept = desk.take("a.txt", text, "--slug", "b", "--keep-outside")
    words = [[(p.kind, p.text) for p in kept.texts[slug].paragraphs] for slug in ("a", "b")]
    assert words[0] == words[1] == inside.shown
    sheet = desk.files()["texts/b/text.yaml"].decode()
    assert source in sheet
    assert "republish: false\n" in sheet
    assert "texts/b/text.md" not in desk.files()


def test_what_no_cut_gives_is_not_kept_outside(desk: Desk) -> None:
    desk.put("a.txt", article(FIRST[:30], "- 1 -", FIRST[30:], SECOND, "- 2 -", THIRD))
    run = desk.run("a.txt", "--keep-outside")
    assert (run.status, "[import-outside]" in run.stderr) == (1, True)
    assert desk.files().keys() == {"edition.yaml"}


def test_only_utf_8_is_kept_outside(desk: Desk) -> None:
    desk.put("a.txt", article(FIRST, SECOND).encode("gb18030"))
    assert "only a file in UTF-8" in desk.run("a.txt", "--keep-outside").stderr


def test_a_file_name_cannot_write_to_the_terminal(desk: Desk) -> None:
    desk.put("a\n\x1b[31m.txt", article(FIRST, SECOND))
    run = desk.run("a\n\x1b[31m.txt")
    assert run.status == 0
    assert run.stdout.startswith("a\\n\\x1b[31m.txt: content/texts/")
    assert "\x1b" not in run.stdout + run.stderr
