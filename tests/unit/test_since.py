"""`duben check --since`: what became of the notes since the last build."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from duben.compile.relocate import Words, candidates
from duben.desk.since import RECORD, recall

BODY = """老周说，他只卖两样东西：豆浆和油条。油条要现炸的，凉了就不好吃。 {#p1}

九点一过，摊子一个个收起来，巷子又干净了，好像什么也没有发生过。 {#p2}

第二天清早，豆浆又热了。 {#p3}
"""
SHEET = """title: 早市
notes:
  - {id: n1, in: p1, on: 两样, note: 一}
  - {id: n2, in: p2, on: 干净, note: 二}
  - {id: n3, in: p2, note: 三}
  - {id: n4, in: p1, on: 现炸, until: {in: p2, on: 摊子}, note: 四}
  - {id: n5, in: title, on: 早, note: 五}
"""


class Desk:
    """A built edition with one text."""

    def __init__(self, root: Path, run: Callable) -> None:
        self.root, self.run = root, run

    def since(self, body: str, sheet: str = SHEET) -> list[dict]:
        """What has become of the notes that do not simply hold, after an edit."""
        return self.document(body, sheet)["notes"]

    def document(self, body: str, sheet: str = SHEET) -> dict:
        self.write(body, sheet)
        run = self.run("check", "--since", "--format", "json", cwd=self.root)
        return json.loads(run.stdout)["since"]

    def write(self, body: str, sheet: str = SHEET) -> None:
        folder = self.root / "content/texts/a"
        (folder / "text.md").write_text(body, encoding="utf-8")
        (folder / "text.yaml").write_text(sheet, encoding="utf-8")


@pytest.fixture
def desk(tmp_path: Path, write_edition: Callable, run_duben: Callable) -> Desk:
    files = {"content/edition.yaml": "title: 读本\nvariants: [zh-Hans]\n", "content/texts/a/text.md": BODY}
    write_edition(tmp_path, {**files, "content/texts/a/text.yaml": SHEET})
    assert run_duben("build", "--quiet", cwd=tmp_path).status == 0
    return Desk(tmp_path, run_duben)


def states(notes: list[dict]) -> dict[str, str]:
    return {note["note"]: note["state"] for note in notes}


def test_without_an_edit_everything_holds(desk: Desk) -> None:
    found = desk.document(BODY)
    assert found == {"holds": 5, "moved": 0, "doubtful": 0, "lost": 0, "new": 0, "removed": 0, "notes": []}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("老周说，", "那天老周说，", {"n1": "moved", "n4": "moved"}),
        ("两样", "两种", {"n1": "lost", "n4": "moved"}),
        ("干净了，", "干净极了，", {"n2": "moved", "n3": "moved", "n4": "moved"}),
        ("巷子又干净了，", "把地扫干净就走，", {"n2": "doubtful", "n3": "moved", "n4": "moved"}),
        ("摊子", "摊位", {"n2": "moved", "n3": "moved", "n4": "lost"}),
        ("又热了", "又香了", {}),
        ("摊子一个个收起来，巷子又干净了，", "", {"n2": "lost", "n3": "moved", "n4": "lost"}),
    ],
)
def test_what_an_edit_does_to_each_note_is_told(desk: Desk, old: str, new: str, told: dict) -> None:
    assert states(desk.since(BODY.replace(old, new))) == told


def test_a_lost_note_names_the_likeliest_place_first(desk: Desk) -> None:
    (lost, _) = desk.since(BODY.replace("两样", "两种"))
    assert (lost["state"], lost["words"], lost["near"][0]) == (
        "lost",
        "两样",
        {"paragraph": "p1", "words": "两种"},
    )


def test_a_paragraph_that_moves_takes_its_notes_along(desk: Desk) -> None:
    one, two, three = BODY.split("\n\n")
    body = "\n\n".join([two, three.strip(), one]) + "\n"
    sheet = SHEET.replace(", until: {in: p2, on: 摊子}", "")
    assert states(desk.since(body, sheet)) == {"n1": "moved", "n4": "moved"}


def test_the_head_of_a_paragraph_that_is_split_is_found_under_its_new_id(desk: Desk) -> None:
    body = BODY.replace("豆浆和油条。油条", "豆浆和油条。\n\n油条")
    desk.write(body)
    desk.run("check", "--fix", cwd=desk.root)
    body = (desk.root / "content/texts/a/text.md").read_text("utf-8")
    assert "豆浆和油条。 {#p4}\n\n油条" in body and "吃。 {#p1}" in body
    lost = {note["note"]: note for note in desk.since(body)}
    assert states(list(lost.values())) == {"n1": "lost", "n4": "moved"}
    assert lost["n1"]["near"][0] == {"paragraph": "p4", "words": "两样"}
    assert states(desk.since(body, SHEET.replace("in: p1, on: 两样", "in: p4, on: 两样"))) == {
        "n1": "moved",
        "n4": "moved",
    }


def test_after_a_merge_notes_hold_by_the_old_id(desk: Desk) -> None:
    body = BODY.replace(" {#p1}\n\n九点", "九点").replace("{#p2}", "{#p2 was=p1}")
    assert set(states(desk.since(body)).values()) == {"moved"}


def test_new_and_removed_notes_are_counted(desk: Desk) -> None:
    sheet = SHEET.replace("id: n2", "id: x2").replace("  - {id: n5, in: title, on: 早, note: 五}\n", "")
    found = desk.document(BODY, sheet)
    assert (found["holds"], found["new"], found["removed"]) == (3, 1, 2)


def test_a_note_on_a_paragraph_of_which_nothing_is_left_is_doubtful(desk: Desk) -> None:
    other = "江边的渡船到了中午才开，船夫坐在石阶上补网，谁来问他都只说等一等。 {#p2}"
    line = next(line for line in BODY.splitlines() if line.endswith("{#p2}"))
    body = BODY.replace(line, other)
    assert states(desk.since(body)) == {"n2": "lost", "n3": "doubtful", "n4": "lost"}
    run = desk.run("check", "--since", cwd=desk.root)
    told = run.stdout.splitlines()
    at = told.index("content/texts/a/text.yaml:5:18: doubtful: n3, on all in p2")
    assert told[at + 1] == (
        "  p2 reads otherwise now (content/texts/a/text.md:3:1): see whether the note still speaks of it"
    )


def test_for_people_the_lost_and_the_doubtful_are_listed_and_all_are_counted(desk: Desk) -> None:
    desk.write(BODY.replace("两样", "两种").replace("巷子又干净了，", "把地扫干净就走，"))
    run = desk.run("check", "--since", cwd=desk.root)
    assert run.status == 1
    assert run.stdout.splitlines() == [
        "content/texts/a/text.yaml:3:26: lost: n1, on “两样” in p1",
        "  near it: “两种” in p1 (content/texts/a/text.md:1:8)",
        "content/texts/a/text.yaml:4:26: doubtful: n2, on “干净” in p2",
        "  the words are there, but nothing beside them is what it was: see whether they are meant",
        "  near it: “干净” in p2 (content/texts/a/text.md:3:18)",
        "content/texts/a/text.yaml:5:18: moved: n3, on all in p2, now at content/texts/a/text.md:3:1",
        "content/texts/a/text.yaml:6:26: moved: n4, on “现炸” in p1, now at content/texts/a/text.md:1:22",
        "notes since the last build: 1 holding, 2 moved, 1 doubtful, 1 lost",
    ]


def test_a_build_with_errors_keeps_the_record_of_the_last_good_one(desk: Desk) -> None:
    before = (desk.root / "site" / RECORD).read_bytes()
    desk.write(BODY.replace("两样", "两种"))
    assert desk.run("build", cwd=desk.root).status == 1
    assert (desk.root / "site" / RECORD).read_bytes() == before


@pytest.mark.parametrize(
    "damage", [None, b"", b"[]", b'{"format": 0}', b'{"format": 1, "texts": {"a": 1}}', b"\xff"]
)
def test_without_a_record_that_is_said_and_everything_else_goes_on(desk: Desk, damage: bytes | None) -> None:
    record = desk.root / "site" / RECORD
    record.unlink()
    if damage is not None:
        record.write_bytes(damage)
    run = desk.run("check", "--since", "site", cwd=desk.root)
    assert run.status == 2
    assert "site holds no record of a build; build it first" in run.stderr
    assert desk.run("check", cwd=desk.root).status == 0
    assert desk.run("build", cwd=desk.root).status == 0
    assert recall(desk.root / "site") is not None


# --- candidates ------------------------------------------------------------------------------------

TEXTS = ["老周说，他只卖两样东西：豆浆和油条。油条要现炸的。", "九点一过，摊子一个个收起来，巷子又干净了。"]


@pytest.mark.parametrize(
    ("words", "home", "found"),
    [
        (Words("油条要现炸的", "豆浆和油条。", "。"), 0, (0, "油条要现炸的")),
        (Words("两种东西", "他只卖", "：豆浆"), 0, (0, "两样东西")),
        (Words("九点刚过", "", "，摊子"), 1, (1, "九点一过")),
        (Words("巷子又变干净", "来，", "了"), 0, (1, "巷子又干净")),
        (Words("油条", "东西：豆浆和", "。油条要"), 0, (0, "油条")),
        (Words("干净", "巷子又", "了。"), 0, (1, "干净")),
        (Words("两", "只卖", "样东西"), None, (0, "两")),
    ],
)
def test_the_place_that_resembles_words_most_comes_first(
    words: Words, home: int | None, found: tuple[int, str]
) -> None:
    first, *_ = candidates(words, TEXTS, home=home)
    assert (first.paragraph, TEXTS[first.paragraph][first.span.start : first.span.end]) == found


def test_words_that_resemble_nothing_have_no_candidates() -> None:
    assert candidates(Words("落霞孤鹜", "远处的", "齐飞"), TEXTS) == ()
    assert candidates(Words("柳"), []) == candidates(Words("柳"), [""]) == ()


def test_candidates_lie_beside_one_another_and_are_no_more_than_asked_for() -> None:
    found = candidates(Words("油条"), ["油条，油条，油条，油条"], count=3)
    assert len(found) == 3
    assert len({candidate.span for candidate in found}) == 3
