"""`duben check --fix`: what it shows, asks and writes; half-width marks; the order of notes."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from duben.cli import check, serve
from duben.desk import mend, own_files
from duben.desk.mend import KINDS, plan_fixes
from duben.desk.own_files import write_together
from duben.desk.serve import Attempt
from duben.diagnostics import Report
from duben.model import Location
from duben.read.load import load_content

BODY = "柳暗,花明。 {#p1}\n\n又一村 {#p2}\n"


class Desk:
    """A content folder with one text, `a`."""

    def __init__(self, root: Path) -> None:
        self.root, self.content = root, root / "content"

    def raw(self, name: str) -> str:
        return (self.content / "texts" / "a" / name).read_bytes().decode("utf-8")

    def everything(self) -> dict[str, bytes]:
        return {
            str(path.relative_to(self.root)): path.read_bytes()
            for path in sorted(self.root.rglob("*"))
            if path.is_file()
        }


Write = Callable[..., Desk]


@pytest.fixture
def write(tmp_path: Path, write_edition: Callable) -> Write:
    def lay_out(body: str, sheet: str = "title: 题\n", others: Mapping[str, str] | None = None) -> Desk:
        files = {
            "content/edition.yaml": "title: 读本\n",
            "content/texts/a/text.md": body.encode(),
            "content/texts/a/text.yaml": sheet.encode(),
            **(others or {}),
        }
        write_edition(tmp_path, files)
        return Desk(tmp_path)

    return lay_out


def fixed(desk: Desk, *kinds: str) -> list[str]:
    """What the plan says, after it is written."""
    plan = plan_fixes(desk.content, (), kinds)
    done, problems = plan.write()
    assert problems == ()
    return [said.replace(f"{desk.content.as_posix()}/", "") for said in (*done, *plan.left)]


def test_the_command_names_the_kinds_that_there_are() -> None:
    assert tuple(KINDS) == check.FIXED


# --- shown, asked, written -------------------------------------------------------------------------


def test_a_script_sees_the_change_and_is_not_kept_waiting(write: Write, run_duben: Callable) -> None:
    desk = write("柳暗花明\n")
    run = run_duben("check", "--fix", cwd=desk.root)
    assert run.status == 0
    assert run.stdout.startswith(
        "--- content/texts/a/text.yaml\n+++ content/texts/a/text.yaml\n"
        "@@ -1 +1,2 @@\n title: 题\n+next-id: 2\n"
    )
    assert "-柳暗花明\n+柳暗花明 {#p1}\n" in run.stdout
    assert "content/texts/a/text.md: 1 id written\n" in run.stdout
    assert desk.raw("text.md") == "柳暗花明 {#p1}\n"


def test_a_dry_run_shows_and_writes_nothing(write: Write, run_duben: Callable) -> None:
    desk = write("柳暗花明\n")
    before = desk.everything()
    run = run_duben("check", "--fix", "--dry-run", cwd=desk.root)
    assert "+柳暗花明 {#p1}\n" in run.stdout and run.stdout.endswith("nothing was written\n")
    assert "1 id written" not in run.stdout
    assert run.status == 1 and "paragraph-id-missing" in run.stderr
    assert desk.everything() == before


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("answer", "extra", "asked", "written"),
    [
        ("y\n", [], True, True),
        ("Yes\n", [], True, True),
        ("n\n", [], True, False),
        ("\n", [], True, False),
        ("", [], True, False),  # the end of input
        ("", ["--yes"], False, True),
        ("y\n", ["--dry-run"], False, False),
    ],
)
def test_on_a_terminal_it_asks_first(
    answer: str, extra: list[str], asked: bool, written: bool, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    from duben.cli import main

    desk = write("柳暗花明\n")
    monkeypatch.chdir(desk.root)
    out = Terminal()
    monkeypatch.setattr(sys, "stdin", Terminal(answer))
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    main(["check", "--fix", *extra])
    assert ("Apply? [y/N]" in out.getvalue()) is asked
    assert (desk.raw("text.md") == "柳暗花明 {#p1}\n") is written
    if asked and not written:
        assert "nothing was written" in out.getvalue()


def test_with_nothing_to_mend_nothing_is_asked(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    from duben.cli import main

    desk = write(BODY)
    monkeypatch.chdir(desk.root)
    out = Terminal()
    monkeypatch.setattr(sys, "stdin", Terminal("y\n"))
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert main(["check", "--fix", "--quiet"]) == 0
    assert out.getvalue() == ""


@pytest.mark.parametrize("argv", [["--fix", "order,nonsense"], ["--yes"], ["--dry-run"]])
def test_wrong_usage_of_fix_is_said(argv: list[str], write: Write, run_duben: Callable) -> None:
    assert run_duben("check", *argv, cwd=write(BODY).root).status == 2


def test_what_is_for_programs_stays_alone_on_standard_output(write: Write, run_duben: Callable) -> None:
    desk = write("柳暗花明\n")
    run = run_duben("check", "--fix", "--format", "github", cwd=desk.root)
    assert (run.status, run.stdout) == (0, "")
    assert "1 id written" in run.stderr


def test_pictures_sources_and_refused_links_count_as_in_the_edition_itself(write: Write) -> None:
    desk = write(
        "![柳](static/liu.png)\n\n柳\n",
        others={"content/static/liu.png": "png", "content/glossary/liu.yaml": "{id: liu, term: 柳}\n"},
    )
    (desk.content / "glossary" / "hua.yaml").symlink_to("/nowhere")
    assert fixed(desk, "ids") == ["texts/a/text.md: 2 ids written", "texts/a/text.yaml: next-id is 3"]
    assert (desk.content / "static" / "liu.png").read_bytes() == b"png"


def test_a_file_that_changed_meanwhile_is_left(write: Write) -> None:
    desk = write("柳暗花明\n")
    plan = plan_fixes(desk.content)
    (desk.content / "texts/a/text.md").write_text("别的\n", encoding="utf-8")
    done, problems = plan.write()
    assert [said.rpartition(": ")[2] for said in problems] == ["it was changed meanwhile"]
    assert done == ()
    assert desk.raw("text.md") == "别的\n" and desk.raw("text.yaml") == "title: 题\n"


def test_only_what_was_done_is_said(
    write: Write, run_duben: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = write(
        "柳暗,花明。\n",
        others={"content/texts/b/text.md": "又一村\n", "content/texts/b/text.yaml": "title: 村\n"},
    )
    stage = own_files._stage

    def full(temporary: Path, content: bytes, path: Path) -> None:
        if path.parent.name == "a" and path.is_relative_to(desk.root):
            raise OSError(28, "No space left on device")
        stage(temporary, content, path)

    monkeypatch.setattr(own_files, "_stage", full)
    run = run_duben("check", "--fix", "ids,punctuation", cwd=desk.root)
    said = [line for line in run.stdout.splitlines() if line.startswith("content/")]
    assert said == [
        "content/texts/b/text.md: 1 id written",
        "content/texts/b/text.yaml: next-id is 2",
        "content/texts/a/text.yaml: left as it is: it cannot be written: no space left on device",
    ]
    assert run.status == 1


def test_a_fix_that_could_not_be_written_is_no_success(
    write: Write, run_duben: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = write("柳暗,花明。 {#p1}\n", "title: 题\nnext-id: 2\n")
    assert run_duben("check", cwd=desk.root).status == 0
    monkeypatch.setattr(mend, "write_together", lambda _: "it cannot be written: no space left on device")
    assert run_duben("check", "--fix", "punctuation", cwd=desk.root).status == 1


def test_a_planted_link_is_not_written_through(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = write("柳暗花明\n")
    victim = desk.root / "victim"
    victim.write_text("mine", encoding="utf-8")
    for name in ("text.md", "text.yaml"):
        (desk.content / "texts" / "a" / f".{name}.new").symlink_to(victim)
        # Even one whose name was guessed.
        (desk.content / "texts" / "a" / f".{name}.guessed.new").symlink_to(victim)
    assert fixed(desk, "ids") == ["texts/a/text.md: 1 id written", "texts/a/text.yaml: next-id is 2"]
    monkeypatch.setattr(own_files.secrets, "token_hex", lambda _: "guessed")
    path = desk.content / "texts" / "a" / "text.md"
    assert "it cannot be written" in write_together({path: "new"})
    assert victim.read_text("utf-8") == "mine"
    assert desk.raw("text.md") == "柳暗花明 {#p1}\n" and not path.is_symlink()


def test_two_runs_at_once_do_not_share_a_temporary_file(tmp_path: Path) -> None:
    path = tmp_path / ("很" * 80 + ".md")
    names = {own_files._beside(path).name for _ in range(100)}
    assert len(names) == 100
    assert all(name.startswith(".很") and name.endswith(".new") for name in names)
    assert write_together({path: "一"}) == ""
    assert [found.name for found in tmp_path.iterdir()] == [path.name]


def test_a_new_file_gets_the_rights_that_the_user_s_files_get(tmp_path: Path) -> None:
    (tmp_path / "other").touch()
    assert write_together({tmp_path / "a.md": "一"}) == ""
    assert (tmp_path / "a.md").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_what_a_killed_run_left_goes_with_a_later_one(tmp_path: Path) -> None:
    old, young, other = (
        tmp_path / name for name in (f".a.md.{'0' * 16}.new", f".a.md.{'1' * 16}.new", ".a.new")
    )
    for path in (old, young, other):
        path.write_text("half", encoding="utf-8")
    for path in (old, other):
        os.utime(path, (0, 0))
    assert write_together({tmp_path / "a.md": "一"}) == ""
    assert not old.exists() and young.exists() and other.exists()


def test_where_nothing_could_be_written_no_folder_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(own_files.os, "fsync", full)
    with pytest.raises(KeyboardInterrupt):
        write_together({tmp_path / "a" / "b" / "c.md": "一", tmp_path / "a" / "d" / "e.md": "二"})
    assert list(tmp_path.iterdir()) == []


def test_an_edition_under_a_linked_folder_keeps_its_link(write: Write) -> None:
    desk = write("柳暗花明\n")
    real = desk.content / "texts/a/text.md"
    (desk.content / "texts/a/body.md").symlink_to("text.md")
    assert fixed(desk, "ids")[0] == "texts/a/text.md: 1 id written"
    assert (desk.content / "texts/a/body.md").is_symlink() and not real.is_symlink()


# --- all or nothing ----------------------------------------------------------------------------------


@pytest.mark.parametrize("failing", [1, 2, 3, 4])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_files_of_one_text_are_all_old_or_all_new(
    failing: int, error: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The failing step: writing one of two files, or putting one of them into its place."""
    first, second = tmp_path / "a.yaml", tmp_path / "b.md"
    first.write_text("old", encoding="utf-8")
    steps = 0
    stage, replace = own_files._stage, Path.replace

    def counted(step: Callable[..., object]) -> Callable[..., object]:
        def run(*arguments: object) -> object:
            nonlocal steps
            steps += 1
            if steps == failing:
                raise error
            return step(*arguments)

        return run

    monkeypatch.setattr(own_files, "_stage", counted(stage))
    monkeypatch.setattr(Path, "replace", counted(replace))
    if isinstance(error, OSError):
        assert "no space left" in write_together({first: "new", second: "new"}).lower()
    else:
        with pytest.raises(KeyboardInterrupt):
            write_together({first: "new", second: "new"})
    assert [path.name for path in tmp_path.iterdir()] == ["a.yaml"]
    assert first.read_text("utf-8") == "old"


# --- half-width marks ----------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_marks_become_full_width_and_nothing_else_changes(end: str, mark: str, write: Write) -> None:
    body = f'{mark}柳暗,**花明**(又一村). {{#p1}}{end}{end}[他](https://a.b/?c,d)说:"来!"  {{#p2}}'
    sheet = f"{mark}title: 早市,晚市  # 题,目{end}notes:{end}  - {{in: p1, on: '暗,', note: 注:注}} # 注{end}"
    desk = write(body, sheet)
    said = fixed(desk, "punctuation")
    assert desk.raw("text.md") == (
        f"{mark}柳暗，**花明**（又一村）。 {{#p1}}{end}{end}[他](https://a.b/?c,d)说：“来！”  {{#p2}}"
    )
    assert desk.raw("text.yaml") == (
        f"{mark}title: 早市，晚市  # 题,目{end}notes:{end}  - {{in: p1, on: '暗，', note: 注：注}} # 注{end}"
    )
    assert said == ["texts/a/text.md: 11 marks made full-width"]


def test_every_kind_of_quote_holds_afterwards(write: Write) -> None:
    body = "一村,二村;三村:四村,五村! {#p1}\n\n他说:柳,暗 {#p2}\n"
    sheet = """title: 题
notes:
  - {id: a, in: p1, on: 村, before: 一, after: ",", note: 注}
  - {id: b, in: p1, on: "二村;", until: {on: "五村!", before: ","}, note: 注}
  - {id: c, on: "说:柳", note: 注}
  - {in: p1, on: ":四", reading: "：四"}
  - {in: p2, on: "柳,暗", entry: none}
convert:
  - {in: p1, on: ",五", to: {zh-Hant: ，五}}
"""
    desk = write(body, sheet)
    fixed(desk, "punctuation")
    report = Report()
    assert load_content(desk.content, report) is not None
    assert (
        desk.raw("text.yaml")
        == """title: 题
notes:
  - {id: a, in: p1, on: 村, before: 一, after: "，", note: 注}
  - {id: b, in: p1, on: "二村；", until: {on: "五村！", before: "，"}, note: 注}
  - {id: c, on: "说：柳", note: 注}
  - {in: p1, on: "：四", reading: "：四"}
  - {in: p2, on: "柳，暗", entry: none}
convert:
  - {in: p1, on: "，五", to: {zh-Hant: ，五}}
"""
    )
    plan = plan_fixes(desk.content, (), ["punctuation"])
    assert (plan.meant, plan.left, plan.groups) == ((), (), ())


def test_a_quote_written_with_escapes_keeps_its_text_as_it_is(write: Write) -> None:
    sheet = 'title: 题\nnotes:\n  - {id: a, in: p1, on: "\\u6697,花", note: 注}\n'
    desk = write(BODY, sheet)
    (said,) = fixed(desk, "punctuation")
    assert "left as it is" in said
    assert (desk.raw("text.md"), desk.raw("text.yaml")) == (BODY, sheet)


def test_a_pair_of_which_one_is_escaped_is_left_as_a_pair(write: Write) -> None:
    desk = write("柳\\(暗)花,明 {#p1}\n")
    fixed(desk, "punctuation")
    assert desk.raw("text.md") == "柳\\(暗)花，明 {#p1}\n"


def test_definitions_and_pages_are_mended_too(write: Write) -> None:
    desk = write(
        BODY.replace(",", "，"),
        others={
            "content/glossary/liu.yaml": "id: liu\nterm: 柳\ndefinition: |\n  树,名\n",
            "content/pages/about.md": "关于,本书\n",
        },
    )
    assert len(fixed(desk, "punctuation")) == 2
    assert "树，名" in (desk.content / "glossary/liu.yaml").read_text("utf-8")
    assert (desk.content / "pages/about.md").read_text("utf-8") == "关于，本书\n"


# --- the order of notes ----------------------------------------------------------------------------------


def test_notes_are_sorted_with_their_comments_and_blank_lines_stay(write: Write) -> None:
    sheet = """title: 题  # 头
notes:
  # 第二
  - id: b
    in: p2
    on: 村
    note: |
      # 不是注释
      正文

  - {id: w, in: p1, note: 全段}   # 尾
  # 第一
  # 又一行
  - {id: a, in: p1, on: 柳, note: 注}

# 以下是转换
convert: []
"""
    desk = write(BODY, sheet)
    assert fixed(desk, "order") == ["texts/a/text.yaml: notes put in order"]
    assert (
        desk.raw("text.yaml")
        == """title: 题  # 头
notes:
  # 第一
  # 又一行
  - {id: a, in: p1, on: 柳, note: 注}

  - {id: w, in: p1, note: 全段}   # 尾
  # 第二
  - id: b
    in: p2
    on: 村
    note: |
      # 不是注释
      正文

# 以下是转换
convert: []
"""
    )


def test_the_last_note_of_a_file_without_a_last_line_end_can_move(write: Write) -> None:
    desk = write(BODY, "title: 题\nnotes:\n- {id: b, in: p2, note: 乙}\n- {id: a, in: p1, note: 甲}")
    fixed(desk, "order")
    assert desk.raw("text.yaml") == (
        "title: 题\nnotes:\n- {id: a, in: p1, note: 甲}\n- {id: b, in: p2, note: 乙}\n"
    )


@pytest.mark.parametrize(
    ("notes", "why"),
    [
        ("\n  - {id: b, in: p2, note: 乙}\n  - {in: p1, note: 甲}\n", "a note has no id yet"),
        (
            "\n  - {in: p2, note: 乙}\n  - {in: p2, on: 桥, note: 丙}\n  - {in: p1, note: 甲}\n",
            "the quote of a note does not hold",
        ),
        (
            " [{id: b, in: p2, note: 乙}, {id: a, in: p1, note: 甲}]\n",
            "its notes are not written one below the other",
        ),
        ("\n  -\n    {id: b, in: p2, note: 乙}\n  - {id: a, in: p1, note: 甲}\n", "one below the other"),
    ],
)
def test_notes_without_a_certain_order_are_left_and_that_is_said(notes: str, why: str, write: Write) -> None:
    sheet = f"title: 题\nnotes:{notes}"
    desk = write(BODY, sheet)
    (said,) = fixed(desk, "order")
    assert said.endswith(why)
    assert desk.raw("text.yaml") == sheet


def test_notes_in_order_are_not_touched(write: Write) -> None:
    desk = write(BODY, "title: 题\nnotes:\n  - {id: a, in: title, note: 甲}\n  - {id: b, in: p1, note: 乙}\n")
    assert fixed(desk, "order") == []


def test_the_plan_is_made_on_a_copy(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a mending does, the editor's files are not its own."""
    desk = write("柳暗花明\n")
    seen: list[Path] = []

    def spoil(content: Path, _sources: object, _shown: str) -> list[str]:
        seen.append(content)
        (content / "texts/a/text.md").write_text("spoilt", encoding="utf-8")
        return []

    monkeypatch.setitem(mend.KINDS, "ids", spoil)
    plan = plan_fixes(desk.content)
    assert desk.raw("text.md") == "柳暗花明\n"
    assert [change.new for (change,) in plan.groups] == ["spoilt"]
    assert not seen[0].exists()


def test_no_hint_names_an_id_that_is_not_written_yet(write: Write, run_duben: Callable) -> None:
    desk = write(
        "柳暗花明 {#p1}\n\n又一村\n", "title: 题\nnext-id: 2\nnotes:\n  - {id: n1, on: 一村, note: 注}\n"
    )
    run = run_duben("check", cwd=desk.root)
    assert "paragraph-id-missing" in run.stderr and "anchor-unpinned" not in run.stderr


def test_notes_without_numbers_are_put_in_order_before_they_get_them(
    tmp_path: Path, write_edition: Callable
) -> None:
    write_edition(
        tmp_path / "content",
        {
            "edition.yaml": "title: 读本\n",
            "texts/a/text.md": "头一句，第二句。 {#p1}\n",
            "texts/a/text.yaml": "title: 题\nnext-id: 2\nnotes:\n"
            "  - in: p1\n    on: 第二句\n    note: 后\n  - in: p1\n    on: 头一句\n    note: 前\n",
        },
    )
    plan = plan_fixes(tmp_path / "content", (), ("ids", "order"))
    list(plan.write())
    written = (tmp_path / "content" / "texts" / "a" / "text.yaml").read_text("utf-8")
    assert (
        written.index("id: n1") < written.index("头一句") < written.index("id: n2") < written.index("第二句")
    )


def test_check_answers_a_file_s_name(run_duben: Callable, tmp_path: Path) -> None:
    run = run_duben("check", "content/texts/a/text.md", cwd=tmp_path)
    assert run.status == 2
    assert run.stderr == (
        "duben check: error: it reads the whole edition: leave 'content/texts/a/text.md' out "
        "(--content DIR names another edition's folder)\n"
    )


def test_serve_ends_where_there_is_no_edition(run_duben: Callable, tmp_path: Path) -> None:
    run = run_duben("serve", cwd=tmp_path)
    assert run.status == 1
    assert "content: error: there is no such folder" in run.stderr


def test_help_names_the_page_about_its_command(run_duben: Callable, tmp_path: Path) -> None:
    assert "docs/suggest.md" in run_duben("suggest", "--help", cwd=tmp_path).stdout


def test_a_preview_tells_a_notice_once(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = argparse.Namespace(color="never", context=False, quiet=False, strict=False)
    told = serve._Terminal(arguments)
    place = Location("content/edition.yaml")
    for number in (1, 2):
        report = Report()
        report.notice(place, "base-url-missing", "the same notice")
        report.warning(place, "file-unknown", f"warning {number}")
        told.tell(Attempt((), 0.0, report, None))
    printed = capsys.readouterr().err
    assert printed.count("the same notice") == 1
    assert "warning 1" in printed
    assert "warning 2" in printed
