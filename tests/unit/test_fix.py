"""`duben check --fix`: what it writes, and what it leaves."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from duben.desk.fix import write_missing_ids
from duben.diagnostics import Report
from duben.read.load import load_content

Fix = Callable[..., "Folder"]


class Folder:
    """A content folder after the fix, and what it said."""

    def __init__(self, path: Path, said: list[str]) -> None:
        self.path, self.said = path, said

    def raw(self, name: str) -> str:
        return (self.path / "texts" / "a" / name).read_bytes().decode("utf-8")

    @property
    def body(self) -> str:
        return self.raw("text.md")

    @property
    def sheet(self) -> str:
        return self.raw("text.yaml")


@pytest.fixture
def fix(tmp_path: Path, write_edition: Callable) -> Fix:
    """`fix(body, sheet, {other files})` writes a small edition with one text and fixes it."""

    def run(body: str | None, sheet: str = "title: 题\n", others: Mapping[str, str] | None = None) -> Folder:
        files: dict[str, str | bytes] = {"edition.yaml": "title: 读本\n", **(others or {})}
        if body is not None:
            files["texts/a/text.md"] = body.encode()
        if sheet:
            files["texts/a/text.yaml"] = sheet.encode()
        write_edition(tmp_path, files)
        said = [
            str(fixed).removeprefix(f"{tmp_path.as_posix()}/texts/a/")
            for fixed in write_missing_ids(tmp_path)
        ]
        return Folder(tmp_path, said)

    return run


NOTE_ON_P2 = "title: 题\nnext-id: 4\nnotes:\n  - {id: n2, in: p2, on: 两段, note: 注}\n"


def test_a_paragraph_that_lost_an_id_on_which_a_note_stands_gets_no_new_one(fix: Fix) -> None:
    body = "一段。 {#p1}\n\n两段。\n\n三段。 {#p3}\n"
    folder = fix(body, NOTE_ON_P2)
    assert folder.body == body
    assert folder.sheet == NOTE_ON_P2
    assert folder.said == [
        (
            "text.md: left as it is: p2 is missing, and n2 stands on it: "
            "end the paragraph in line 3 with {#p2} if it is that one, else with a new id"
        )
    ]


def test_so_does_one_to_which_another_text_links(fix: Fix) -> None:
    body = "一段。 {#p1}\n\n两段。\n"
    folder = fix(
        body, "title: 题\nnext-id: 4\n", {"glossary/a.yaml": "id: a\nterm: 甲\ndefinition: 见[[a#p2]]\n"}
    )
    assert folder.body == body
    assert "p2 is missing, and a link stands on it" in folder.said[0]


def test_a_new_paragraph_elsewhere_gets_its_id_all_the_same(fix: Fix) -> None:
    folder = fix("一段。\n\n两段。 {#p2}\n\n三段。 {#p3}\n", NOTE_ON_P2)
    assert folder.body.startswith("一段。 {#p4}\n")


def test_of_two_paragraphs_without_an_id_none_is_taken_for_the_lost_one(fix: Fix) -> None:
    folder = fix("一段。 {#p1}\n\n两段。\n\n又一段。\n\n三段。 {#p3}\n", NOTE_ON_P2)
    assert "两段。 {#p4}\n\n又一段。 {#p5}" in folder.body


def test_an_id_with_wrong_signs_is_put_right(fix: Fix) -> None:
    folder = fix("一段。｛#p1｝\r\n\r\n两段。 {p2}\r\n\r\n三段。 {#P3}\r\n", "title: 题\nnext-id: 4\n")
    assert folder.body == "一段。 {#p1}\r\n\r\n两段。 {#p2}\r\n\r\n三段。 {#p3}\r\n"
    assert folder.said == ["text.md: 3 ids put right"]


def test_an_id_with_wrong_signs_that_is_taken_is_left(fix: Fix) -> None:
    body = "一段。 {#p1}\n\n两段。 {p1}\n\n三段。\n"
    folder = fix(body, "title: 题\nnext-id: 4\n")
    assert folder.body == body
    assert folder.said == ["text.md: left as it is: `{p1}` in line 3 names an id that stands elsewhere"]


def test_lines_that_look_like_paragraphs_get_no_id(fix: Fix) -> None:
    folder = fix("一段。\n两段。\n", "title: 题")
    assert folder.body == "一段。\n两段。\n"
    assert folder.said == [
        "text.md: left as it is: lines stand together that look like paragraphs of their own"
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_lines_keep_their_ends_and_the_file_its_mark(fix: Fix, end: str, mark: str) -> None:
    long = "一段话写到这里还没有说完，因此在编辑器里折成了"
    body = f"{mark}{long}{end}两行{end}{end}{end}二段 {{#p7}}{end}{end}| 甲 |{end}| - |{end}| 乙 |"
    sheet = f"{mark}title: 题{end}notes:{end}  - in: p7{end}    note: 注"
    folder = fix(body, sheet)
    assert folder.body == (
        f"{mark}{long}{end}两行 {{#p8}}{end}{end}{end}二段 {{#p7}}{end}{end}"
        f"| 甲 |{end}| - |{end}| 乙 |{end}{{#p9}}"
    )
    assert folder.sheet == (
        f"{mark}title: 题{end}next-id: 10{end}notes:{end}  - id: n1{end}    in: p7{end}    note: 注"
    )
    assert folder.said == ["text.md: 2 ids written", "text.yaml: next-id is 10", "text.yaml: 1 id written"]


def test_line_ends_of_several_kinds_stay(fix: Fix) -> None:
    folder = fix("一\r\n\r\n二\r\r三\n\n四", "title: 题\r\nauthor: 甲\nlang: zh-Hans\r")
    assert folder.body == "一 {#p1}\r\n\r\n二 {#p2}\r\r三 {#p3}\n\n四 {#p4}"
    assert folder.sheet == "title: 题\r\nauthor: 甲\nlang: zh-Hans\rnext-id: 5\r\n"


@pytest.mark.parametrize(
    ("body", "written"),
    [
        ("## 标题 ##\n", "## 标题 {#p1} ##\n"),
        ("# 标题 #  \n", "# 标题 {#p1} #  \n"),
        ("## C#\n", "## C# {#p1}\n"),
        ("> ## 标题 ###\n", "> ## 标题 {#p1} ###\n"),
        ("文字 ##\n", "文字 ## {#p1}\n"),
        ("一段  \n", "一段  {#p1}\n"),
        ("一段　\n", "一段　 {#p1}\n"),
        ("一段\\\n", "一段\\ {#p1}\n"),
        ("- 甲\n- 乙\n\n  丙\n", "- 甲 {#p1}\n- 乙 {#p2}\n\n  丙 {#p3}\n"),
        ("文[^1]\n\n[^1]: 注\n", "文[^1] {#p1}\n\n[^1]: 注 {#p2}\n"),
        ("![图](static/a.png)\n", "![图](static/a.png) {#p1}\n"),
        ("| 甲 |\n| - |\n| 乙 |\n\n文\n", "| 甲 |\n| - |\n| 乙 |\n{#p1}\n\n文 {#p2}\n"),
        ("| 甲 |\n| - |\n", "| 甲 |\n| - |\n{#p1}\n"),
        ("> | 甲 |\n> | - |\n> | 乙 |\n> 丙\n", "> | 甲 |\n> | - |\n> | 乙 |\n> 丙\n> {#p1}\n"),
        ("- | 甲 |\n  | - |\n  | 乙 |\n", "- | 甲 |\n  | - |\n  | 乙 |\n  {#p1}\n"),
        ("| 甲 |\n| - |\n| 乙 |\n{#p4}\n\n文\n", "| 甲 |\n| - |\n| 乙 |\n{#p4}\n\n文 {#p5}\n"),
    ],
)
def test_each_block_gets_its_id_at_its_end(fix: Fix, body: str, written: str) -> None:
    folder = fix(body)
    assert folder.body == written
    report = Report()
    content = load_content(folder.path, report)
    assert content is not None
    assert [found.code for found in report.found if found.code.startswith("paragraph-id")] == []


def test_the_heading_with_closing_signs_still_reads_as_it_did(fix: Fix) -> None:
    content = load_content(fix("## 标题 ##\n").path, Report())
    assert content is not None
    assert [paragraph.text for paragraph in content.texts[0].paragraphs] == ["标题"]


@pytest.mark.parametrize(
    ("body", "sheet", "others", "id"),
    [
        ("甲 {#p2}\n\n乙\n", "title: 题\n", {}, "p3"),
        ("甲 {#p2 was=p13}\n\n乙\n", "title: 题\n", {}, "p14"),
        ("甲 {#p2 was=p9,p11}\n\n乙\n", "title: 题\n", {}, "p12"),
        ("甲 {#p2}\n\n乙\n", "title: 题\nnext-id: 31\n", {}, "p31"),
        ("乙\n\n甲 {#p2}\n", "title: 题\nnotes:\n  - {in: p5, note: 注}\n", {}, "p6"),
        ("乙\n\n甲 {#p2}\n", "title: 题\nnotes:\n  - {in: p5.3.1, on: 子, note: 注}\n", {}, "p6"),
        (
            "乙\n\n甲 {#p2}\n",
            "title: 题\nnotes:\n  - {in: p2, on: 甲, until: {in: p8, on: 丁}, note: 注}\n",
            {},
            "p9",
        ),
        ("乙\n\n甲 {#p2}\n", "title: 题\nconvert:\n  - {in: p5, on: 子, to: {zh-Hant: 子}}\n", {}, "p6"),
        ("乙\n\n甲 {#p2}\n", "title: 题\nnotes:\n  - {in: p2, note: '[见](#p7)'}\n", {}, "p8"),
        ("乙\n\n甲[见](#p5) {#p2}\n", "title: 题\n", {}, "p6"),
        ("乙\n\n甲 {#p2}\n", "title: 题\n", {"pages/about.md": "见[[a#p6]]和[[b#p60]]。\n"}, "p7"),
        ("乙\n\n甲 {#p2}\n", "title: 题\nsummary: 见 https://example.org/#p99 和 p88\n", {}, "p3"),
    ],
)
def test_an_id_that_was_ever_used_is_not_given_again(
    fix: Fix, body: str, sheet: str, others: Mapping[str, str], id: str
) -> None:
    folder = fix(body, sheet, others)
    assert f"乙 {{#{id}}}\n" in folder.body
    assert f"next-id: {int(id[1:]) + 1}\n" in folder.sheet


def test_the_id_of_a_paragraph_deleted_later_is_not_given_again(fix: Fix) -> None:
    sheet = fix("甲\n\n乙\n\n丙\n").sheet
    assert fix("甲 {#p1}\n\n新\n", sheet).body == "甲 {#p1}\n\n新 {#p4}\n"


@pytest.mark.parametrize(
    ("sheet", "written"),
    [
        ("title: 题", "title: 题\nnext-id: 2"),
        ("title: 题\n", "title: 题\nnext-id: 2\n"),
        ("title: 题\n# 完\n", "title: 题\n# 完\nnext-id: 2\n"),
        (
            "title: 题\n\n# 注释\nentries: {x: none}\nnotes: []\n",
            "title: 题\nnext-id: 2\n\n# 注释\nentries: {x: none}\nnotes: []\n",
        ),
        (
            "summary: |+\n  文\n\nnotes: []\ntitle: 题\n",
            "summary: |+\n  文\n\nnext-id: 2\nnotes: []\ntitle: 题\n",
        ),
        ("{title: 题}\n", "{next-id: 2, title: 题}\n"),
        ("{\n  title: 题,\n}\n", "{\n  next-id: 2, title: 题,\n}\n"),
        ("  title: 题\n", "  title: 题\n  next-id: 2\n"),
        ("# 头\nnext-id:   1   # 下一个\ntitle: 题\n", "# 头\nnext-id:   2   # 下一个\ntitle: 题\n"),
        ("title: |\n  next-id: 7\n", "title: |\n  next-id: 7\nnext-id: 2\n"),
        ("---\ntitle: 题\n", "---\ntitle: 题\nnext-id: 2\n"),
    ],
)
def test_next_id_is_written_and_nothing_else_changes(fix: Fix, sheet: str, written: str) -> None:
    folder = fix("文\n", sheet)
    assert folder.sheet == written
    assert folder.body == "文 {#p1}\n"


@pytest.mark.parametrize(
    ("body", "sheet", "why"),
    [
        (
            "甲 {#p1}\n\n乙 {#p1}\n\n丙\n",
            "title: 题\n",
            "text.md: left as it is: it has errors of other kinds",
        ),
        ("甲 {#p1}\n乙\n\n丙\n", "title: 题\n", "text.md: left as it is: it has errors of other kinds"),
        ("```\n甲\n```\n\n丙\n", "title: 题\n", "text.md: left as it is: it has errors of other kinds"),
        (
            "甲 {#p5}\n\n丙\n",
            "title: 题\nnext-id: 3\n",
            "text.md: left as it is: it has errors of other kinds",
        ),
        ("丙\n", "title: 题\nnope: 1\n", "text.md: left as it is: its text.yaml is missing or has errors"),
        ("丙\n", "title: [题\n", "text.md: left as it is: its text.yaml is missing or has errors"),
        ("丙\n", "", "text.md: left as it is: its text.yaml is missing or has errors"),
        ("丙 {#p9999999}\n\n丁\n", "title: 题\n", "text.md: left as it is: its ids go up to p9999999"),
        ("丙\n", "title: 题\n...\n", "text.md: left as it is: the ids have no certain place in it"),
        (
            "丙 {#p1}\n",
            "title: 题\nnotes:\n  - {in: p1, note: '[[nope]]'}\n",
            "text.yaml: left as it is: it has errors of other kinds",
        ),
    ],
)
def test_a_file_with_other_problems_is_left_and_that_is_said(
    fix: Fix, body: str, sheet: str, why: str
) -> None:
    folder = fix(body, sheet)
    assert [said[: len(why)] for said in folder.said] == [why]
    assert folder.body == body
    assert not sheet or folder.sheet == sheet


def test_what_cannot_be_written_is_left_and_that_is_said(fix: Fix, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, _target: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "replace", refuse)
    folder = fix("甲\n")
    assert folder.said == ["text.md: left as it is: it cannot be written: permission denied"]
    assert (folder.body, folder.sheet) == ("甲\n", "title: 题\n")
    assert sorted(path.name for path in (folder.path / "texts" / "a").iterdir()) == ["text.md", "text.yaml"]


NOTES = """title: 题
notes:
  # 第一条
  - in: p1     # 全段
    note: 甲注
  - {in: p1, note: 乙注}
  - id: n2
    in: p1
    note: 丙注
  - { "in" : p1, note: 丁注 }
  - in: p1
    on: 柳
    entry: none
  -   note: |
        戊注
      in: p1
"""


def test_notes_get_the_ids_that_their_pages_had(fix: Fix) -> None:
    folder = fix("柳暗花明 {#p1}\n", NOTES)
    assert (
        folder.sheet
        == """title: 题
notes:
  # 第一条
  - id: n1
    in: p1     # 全段
    note: 甲注
  - {id: n3, in: p1, note: 乙注}
  - id: n2
    in: p1
    note: 丙注
  - { id: n4, "in" : p1, note: 丁注 }
  - in: p1
    on: 柳
    entry: none
  -   id: n5
      note: |
        戊注
      in: p1
"""
    )
    assert folder.said == ["text.yaml: 4 ids written"]


def test_ids_given_are_those_that_were_counted_before(
    tmp_path: Path, fix: Fix, write_edition: Callable
) -> None:
    write_edition(
        tmp_path / "before",
        {"edition.yaml": "title: 读本\n", "texts/a/text.yaml": NOTES, "texts/a/text.md": "柳暗花明 {#p1}\n"},
    )
    before = load_content(tmp_path / "before", Report())
    after = load_content(fix("柳暗花明 {#p1}\n", NOTES).path, Report())
    assert before is not None and after is not None
    assert [note.id for note in after.texts[0].notes] == [note.id for note in before.texts[0].notes]


@pytest.mark.parametrize(
    ("note", "written"),
    [
        ("- {id: a, on: 花明, note: 注}", "- {id: a, in: p1, on: 花明, note: 注}"),
        ("- on: 花明\n    note: 注", "- id: n1\n    in: p1\n    on: 花明\n    note: 注"),
        (
            "- id: a\n    # 为什么\n    on: 又一\n    note: 注",
            "- id: a\n    # 为什么\n    in: p2\n    on: 又一\n    note: 注",
        ),
        ("- {on: 又一, entry: none}", "- {in: p2, on: 又一, entry: none}"),
        ("- {id: a, on: 题目, note: 注}", "- {id: a, in: title, on: 题目, note: 注}"),
        ("- {id: a, on: 村, before: 一, note: 注}", "- {id: a, in: p2, on: 村, before: 一, note: 注}"),
        (
            "- {id: a, on: 花明, until: {on: 又一}, note: 注}",
            "- {id: a, in: p1, on: 花明, until: {in: p2, on: 又一}, note: 注}",
        ),
        (
            "- {id: a, on: 柳暗, until: {on: 花明}, note: 注}",
            "- {id: a, in: p1, on: 柳暗, until: {on: 花明}, note: 注}",
        ),
        # Not certain: twice in the text, not in it, counted, or a range whose end is not certain.
        ("- {id: a, on: 村, note: 注}", ""),
        ("- {id: a, on: 桥, note: 注}", ""),
        ("- {id: a, on: 又一, nth: 1, note: 注}", ""),
        ("- {id: a, on: 花明, until: {on: 村}, note: 注}", ""),
    ],
)
def test_a_quote_is_pinned_where_its_place_is_certain(fix: Fix, note: str, written: str) -> None:
    sheet = "title: 题目\nnotes:\n  {}\n"
    folder = fix("柳暗花明 {#p1}\n\n又一村，村外 {#p2}\n", sheet.format(note))
    assert folder.sheet == sheet.format(written or note)


def test_a_conversion_is_pinned_as_well(fix: Fix) -> None:
    sheet = "title: 题\nconvert:\n  - {}on: 花明\n    to: {{zh-Hant: 花明}}\n"
    folder = fix("柳暗花明 {#p1}\n", sheet.format(""))
    assert folder.sheet == sheet.format("in: p1\n    ")
    assert folder.said == ["text.yaml: 1 quote pinned"]


def test_quotes_from_a_text_kept_outside_are_pinned_where_it_is_found(fix: Fix, tmp_path: Path) -> None:
    source = "柳暗花明\n\n又一村\n".encode()
    sheet = (
        f"title: 题\nsource:\n  file: a.txt\n  sha256: {hashlib.sha256(source).hexdigest()}\n"
        "notes:\n  - {}on: 又一\n    note: 注\n"
    )
    assert fix(None, sheet.format("")).sheet == sheet.format("id: n1\n    ")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.txt").write_bytes(source)
    (said,) = [str(fixed) for fixed in write_missing_ids(tmp_path, [outside])]
    assert said.endswith(": 1 quote pinned")
    assert (tmp_path / "texts/a/text.yaml").read_text("utf-8") == sheet.format("id: n1\n    in: p2\n    ")


def test_no_quote_is_pinned_to_a_paragraph_without_an_id_of_its_own(fix: Fix) -> None:
    sheet = "title: 题\nnotes:\n  - {id: a, on: 又一, note: 注}\n"
    folder = fix("甲 {#p1}\n\n乙 {#p1}\n\n又一村\n", sheet)
    assert folder.sheet == sheet


def test_a_second_fix_changes_nothing(fix: Fix) -> None:
    first = fix("柳暗\n\n| 甲 |\n| - |\n\n花明 {#p9}\n", "title: 题\nnotes:\n  - {on: 柳, note: 注}\n")
    assert first.said == [
        "text.md: 2 ids written",
        "text.yaml: next-id is 12",
        "text.yaml: 1 id written, 1 quote pinned",
    ]
    assert fix(first.body, first.sheet).said == []


def test_the_command_says_what_was_written(
    tmp_path: Path, write_edition: Callable, run_duben: Callable
) -> None:
    write_edition(
        tmp_path,
        {"edition.yaml": "title: 读本\n", "texts/a/text.yaml": "title: 题\n", "texts/a/text.md": "文\n"},
    )
    run = run_duben("check", "--fix", "--content", ".", cwd=tmp_path)
    assert run.status == 0
    assert "texts/a/text.md: 1 id written\ntexts/a/text.yaml: next-id is 2\n" in run.stdout
