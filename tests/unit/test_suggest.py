"""`duben suggest`: entries for a glossary, and how they come into a file."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from duben.desk import glossary_file
from duben.desk.build import Options, read_edition
from duben.desk.columns import width
from duben.desk.progress import LABELS, Bar
from duben.desk.suggest import Suggestion, suggest_terms
from duben.diagnostics import Report
from duben.read.load import load_content

Suggest = Callable[..., dict[str, Suggestion]]

BODY = """
    云雾茶长在半山腰，采茶戏唱在晒谷场。 {#p1}

    老人说云雾茶要用泉水泡，年轻人却只爱听采茶戏。 {#p2}

    那年大雪，云雾茶冻坏了一半；采茶戏照样开锣。 {#p3}

    石板桥边卖云雾茶，石板桥上看采茶戏。 {#p4}
"""
FILES = {
    "edition.yaml": "title: 山里\n",
    "texts/cha/text.yaml": "title: 茶\nlang: zh-Hans\n",
    "texts/cha/text.md": BODY,
}


@pytest.fixture
def folder(tmp_path: Path, write_edition: Callable) -> Callable[..., Path]:
    """`folder({other files})` writes the small edition about tea."""

    def write(others: Mapping[str, str | bytes] | None = None) -> Path:
        return write_edition(tmp_path / "content", FILES | dict(others or {}))

    return write


@pytest.fixture
def suggest(folder: Callable[..., Path]) -> Suggest:
    """The suggestions for the edition with other files, by their headwords."""

    def run(others: Mapping[str, str | bytes] | None = None, **options: object) -> dict[str, Suggestion]:
        edition = read_edition(Options(folder(others), Path()), Report())
        return {each.term: each for each in suggest_terms(edition, **options)}  # type: ignore[arg-type]

    return run


def test_terms_are_suggested_with_pinyin_id_and_contexts(suggest: Suggest) -> None:
    tea = suggest()["云雾茶"]
    assert (tea.id, tea.pinyin, tea.variant, tea.doubts) == ("yunwucha", "yúnwùchá", "zh-Hans", ())
    assert tea.reads == {
        "zh-Hans": "云雾茶",
        "zh-Hant": "雲霧茶",
        "zh-Hant-TW": "雲霧茶",
        "zh-Hant-HK": "雲霧茶",
    }
    assert tea.contexts[0] == ("cha", "p1", "", "云雾茶", "长在半山腰，采茶戏唱在晒谷场。")


@pytest.mark.parametrize(
    "entry",
    [
        "{id: a, term: 云雾茶}",
        "{id: a, term: 毛尖, aliases: [云雾茶]}",
        "{id: a, term: 雲霧茶, lang: zh-Hant}",
        "{id: a, term: 毛尖, forms: {zh-Hant-HK: 雲霧茶}}",
        "{id: a, term: 云雾茶, link: never}",
    ],
)
def test_what_the_glossary_has_in_any_form_is_not_suggested(suggest: Suggest, entry: str) -> None:
    found = suggest({"glossary/a.yaml": entry})
    assert "采茶戏" in found
    assert not [term for term in found if "雾茶" in term]


def test_what_another_entry_claims_in_some_script_is_not_suggested(suggest: Suggest) -> None:
    """In Taiwan 质量 is 品質, which is what 品质 would read there: two entries cannot have it."""
    found = suggest(
        {
            "glossary/a.yaml": "{id: zhiliang, term: 质量, forms: {zh-Hant-TW: 品質}}",
            "texts/b/text.yaml": "title: 品\n",
            "texts/b/text.md": "茶的品质好。水的品质差。 {#p1}\n\n讲究品质，不讲究价钱。 {#p2}\n",
        }
    )
    assert "云雾茶" in found
    assert "品质" not in found
    assert "品质" in suggest({"glossary/a.yaml": "{id: zhiliang, term: 质量}"})


def test_an_id_that_is_taken_gets_a_number(suggest: Suggest) -> None:
    taken = "- {id: yunwucha, term: 香片}\n- {id: yunwucha-2, term: 毛尖}\n"
    assert suggest({"glossary/a.yaml": taken})["云雾茶"].id == "yunwucha-3"


def test_texts_in_other_scripts_are_counted_together(suggest: Suggest) -> None:
    found = suggest(
        {
            "texts/jian/text.yaml": "title: 山間\nlang: zh-Hant-TW\n",
            "texts/jian/text.md": "雲霧茶的香，晒穀場的光。 {#p1}\n\n又是雲霧茶，又是晒穀場。 {#p2}\n",
        }
    )
    tea = found["云雾茶"]
    assert (tea.candidate.count, tea.candidate.documents) == (6, 2)
    assert (tea.variant, tea.forms, tea.aliases) == ("zh-Hans", {}, ())
    assert {(context.text, context.keyword) for context in tea.contexts} == {
        ("cha", "云雾茶"),
        ("jian", "雲霧茶"),
    }


def test_a_region_s_own_word_becomes_a_form(suggest: Suggest) -> None:
    found = suggest(
        {
            "texts/wang/text.yaml": "title: 網\nlang: zh-Hant-TW\n",
            "texts/wang/text.md": "茶農裝了新軟體，新軟體會記帳。 {#p1}\n\n老人不用新軟體。 {#p2}\n",
            "texts/ruan/text.yaml": "title: 软件\n",
            "texts/ruan/text.md": "茶农装了新软件，新软件会记账。 {#p1}\n\n老人不用新软件。 {#p2}\n",
        }
    )
    assert found["新软件"].candidate.documents == 2
    assert found["新软件"].forms == {"zh-Hant-TW": "新軟體"}
    assert found["新软件"].reads["zh-Hant-TW"] == "新軟體"
    assert found["新软件"].reads["zh-Hant"] == "新軟件"


def test_a_polyphone_is_left_to_be_looked_at(suggest: Suggest) -> None:
    found = suggest(
        {
            "texts/b/text.yaml": "title: 卡\n",
            "texts/b/text.md": "茶农买重卡，运茶靠重卡。 {#p1}\n\n一辆重卡上山了；三辆重卡下山。 {#p2}\n",
        }
    )["重卡"]
    assert ("重 zhòng", ("chóng",)) in found.doubts


def test_a_title_in_angle_marks_is_a_work(suggest: Suggest) -> None:
    found = suggest(
        {
            "texts/b/text.yaml": "title: 书\n",
            "texts/b/text.md": "他读《南山茶谱》，又抄《南山茶谱》。 {#p1}\n\n后来《南山茶谱》丢了。 {#p2}\n",
        }
    )
    assert found["南山茶谱"].kind == "work"
    assert found["云雾茶"].kind == ""


def test_one_text_can_be_looked_at_alone(suggest: Suggest) -> None:
    others = {
        "texts/b/text.yaml": "title: 桥\n",
        "texts/b/text.md": "风雨桥上听雨，风雨桥下听水。 {#p1}\n\n风雨桥！ {#p2}\n",
    }
    assert suggest(others, texts={"b"}).keys() == {"风雨桥"}
    assert {"风雨桥", "云雾茶"} <= suggest(others).keys()


# --- the command ---------------------------------------------------------------------------------


def test_the_yaml_is_a_glossary(folder: Callable[..., Path], run_duben: Callable, tmp_path: Path) -> None:
    content = folder()
    run = run_duben("suggest", "--format", "yaml", cwd=tmp_path)
    assert run.status == 0
    (content / "glossary").mkdir()
    (content / "glossary" / "new.yaml").write_text(run.stdout, "utf-8")
    report = Report()
    read = load_content(content, report)
    assert read is not None
    assert report.found == []
    assert {"云雾茶", "采茶戏"} <= {term.term for term in read.terms}
    # What was suggested once is not suggested again.
    assert run_duben("suggest", "-q", cwd=tmp_path).stdout == ""


def test_the_table_is_80_columns_wide_at_most(
    folder: Callable[..., Path], run_duben: Callable, tmp_path: Path
) -> None:
    folder()
    run = run_duben("suggest", cwd=tmp_path)
    lines = run.stdout.splitlines()
    assert any("云雾茶" in line for line in lines)
    assert max(map(width, lines)) <= 80
    # The columns stand under their heads, although a Chinese character is two columns wide.
    ends = {width(line[: line.index("4")]) for line in lines if "  4  " in line and "茶" in line}
    assert ends == {width(lines[0][: lines[0].index("count")]) + 4}


def test_json_is_one_document(folder: Callable[..., Path], run_duben: Callable, tmp_path: Path) -> None:
    folder()
    run = run_duben("suggest", "--format", "json", "--limit", "2", cwd=tmp_path)
    document = json.loads(run.stdout)
    assert [each["count"] for each in document["candidates"]] == [4, 2]
    assert {"id", "term", "lang", "pinyin", "cohesion", "dispersion", "score", "contexts"} <= document[
        "candidates"
    ][0].keys()


def test_nothing_is_written_without_yes(
    folder: Callable[..., Path], run_duben: Callable, tmp_path: Path
) -> None:
    content = folder()
    run = run_duben("suggest", "--write", "new.yaml", cwd=tmp_path)
    assert run.status == 0
    assert "term: 云雾茶" in run.stdout
    assert "nothing is written without --yes" in run.stderr
    assert not (content / "glossary").exists()


@pytest.mark.parametrize("name", ["new.yaml", "a/new.yaml", "content/glossary/new.yaml"])
def test_what_is_chosen_is_written(
    folder: Callable[..., Path], run_duben: Callable, tmp_path: Path, name: str
) -> None:
    content = folder()
    run = run_duben("suggest", "--only", "云雾茶，caichaxi", "--write", name, "--yes", cwd=tmp_path)
    assert (run.status, run.stdout) == (
        0,
        f"content/glossary/{name.removeprefix('content/glossary/')}: 2 entries added\n",
    )
    read = load_content(content, Report())
    assert read is not None
    assert {term.term for term in read.terms} == {"云雾茶", "采茶戏"}


@pytest.mark.parametrize(
    "old",
    [
        "# 词表\n- id: a\n  term: 毛尖   # 绿茶\n",
        "- id: a\n  term: 毛尖",
        "  - id: a\n    term: 毛尖\n",
        "- id: a\r\n  term: 毛尖\r\n",
        "\ufeff- {id: a, term: 毛尖}\n",
        "- id: a\n  term: 毛尖\n  definition: |+\n    绿茶。\n\n\n",
        "# 还没有词条\n",
        "",
    ],
)
def test_what_a_file_holds_stays_byte_for_byte(
    folder: Callable[..., Path], run_duben: Callable, tmp_path: Path, old: str
) -> None:
    content = folder({"glossary/a.yaml": old.encode()})
    before = load_content(content, Report())
    run = run_duben("suggest", "--only", "云雾茶", "--write", "a.yaml", "--yes", cwd=tmp_path)
    assert (run.status, run.stderr) == (0, "")
    written = (content / "glossary" / "a.yaml").read_bytes().decode()
    assert written.startswith(old)
    assert ("\r\n" in old) == ("\r\n" in written)
    after = load_content(content, Report())
    assert before is not None
    assert after is not None
    assert after.terms[: len(before.terms)] == before.terms
    assert [term.term for term in after.terms[len(before.terms) :]] == ["云雾茶"]


@pytest.mark.parametrize(
    ("old", "said"),
    [
        ("id: a\nterm: 毛尖\n", "it holds one entry, not a list of them"),
        ("[{id: a, term: 毛尖}]\n", "its list is in brackets"),
        ("- id: a\n  term: 毛尖\n...\n", "no certain place"),
    ],
)
def test_a_file_that_cannot_be_added_to_is_left(
    folder: Callable[..., Path], run_duben: Callable, tmp_path: Path, old: str, said: str
) -> None:
    content = folder({"glossary/a.yaml": old.encode()})
    run = run_duben("suggest", "--only", "云雾茶", "--write", "a.yaml", "--yes", cwd=tmp_path)
    assert run.status == 1
    assert said in run.stderr
    assert (content / "glossary" / "a.yaml").read_bytes() == old.encode()


def test_entries_stand_in_the_glossary_only(
    folder: Callable[..., Path], run_duben: Callable, tmp_path: Path
) -> None:
    folder()
    for name in ("../texts/cha/text.yaml", "new.txt", ".hidden.yaml", tmp_path / "new.yaml"):
        run = run_duben("suggest", "--write", name, "--yes", cwd=tmp_path)
        assert run.status == 1
        assert "entries stand in" in run.stderr
    assert not (tmp_path / "content" / "glossary").exists()


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("长" * 300 + ".yaml", "it cannot be written: "),
        (os.fsdecode(b"a\xff.yaml"), "this name is not valid UTF-8"),
    ],
)
def test_a_name_that_no_file_can_have_is_refused(name: str, why: str, folder: Callable[..., Path]) -> None:
    content = folder({"glossary/a.yaml": "- {id: a, term: 毛尖}\n"})
    plan = glossary_file.plan_addition(content, Path(name), lambda _: ["- {id: b, term: 香片}"])
    assert plan.problem.startswith(why)


def test_a_file_changed_in_the_meantime_is_left(folder: Callable[..., Path]) -> None:
    content = folder({"glossary/a.yaml": "- {id: a, term: 毛尖}\n"})
    plan = glossary_file.plan_addition(
        content, Path("a.yaml"), lambda indent: [f"{indent}- {{id: b, term: 香片}}"]
    )
    (content / "glossary" / "a.yaml").write_text("- {id: c, term: 花茶}\n", "utf-8")
    assert "changed" in plan.write()
    assert (content / "glossary" / "a.yaml").read_text("utf-8") == "- {id: c, term: 花茶}\n"


def test_a_full_disk_leaves_the_old_file(
    folder: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    content = folder({"glossary/a.yaml": "- {id: a, term: 毛尖}\n"})
    plan = glossary_file.plan_addition(content, Path("a.yaml"), lambda _: ["- {id: b, term: 香片}"])

    def full(_: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", full)
    assert "cannot be written" in plan.write()
    assert [path.name for path in (content / "glossary").iterdir()] == ["a.yaml"]
    assert (content / "glossary" / "a.yaml").read_text("utf-8") == "- {id: a, term: 毛尖}\n"


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["--text", "chaa"], "did you mean `cha`?"),
        (["--only", "云雾茶叶"], "it does not stand in the texts; did you mean `云雾茶`?"),
        (["--yes"], "--yes goes with --write"),
        (["--limit", "0"], "not a whole number"),
        (["--write", "a.yaml", "--format", "json"], "--write goes with"),
    ],
)
def test_wrong_usage_is_told(
    folder: Callable[..., Path], run_duben: Callable, tmp_path: Path, argv: list[str], said: str
) -> None:
    folder()
    run = run_duben("suggest", *argv, cwd=tmp_path)
    assert run.status == 2
    assert said in run.stderr


def test_mistakes_of_the_content_are_told(
    folder: Callable[..., Path], run_duben: Callable, tmp_path: Path
) -> None:
    folder({"glossary/a.yaml": "- {id: a}\n"})
    run = run_duben("suggest", cwd=tmp_path)
    assert (run.status, run.stdout) == (1, "")
    assert "[schema-missing-key]" in run.stderr


def test_each_stage_has_a_label(suggest: Suggest) -> None:
    stages: list[str] = []
    suggest(progress=lambda stage, _done, _total: stages.append(stage))
    assert stages
    assert set(stages) <= LABELS.keys()
    terminal = Terminal()
    with Bar(terminal, enabled=True) as bar:
        for stage in ("read", "compile", "render", "review", "count"):
            bar.show(stage, 1, 2)
    assert "counting" in terminal.getvalue()
    assert "reviewing" in terminal.getvalue()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_only_tells_of_each_word_why_not_and_does_the_others(
    folder: Callable[..., Path], run_duben: Callable, tmp_path: Path
) -> None:
    folder({"glossary/a.yaml": "- {id: a, term: 采茶戏}\n"})
    run = run_duben("suggest", "--only", "云雾茶,采茶戏,葡萄酒,年轻", cwd=tmp_path)
    assert run.status == 1
    assert "云雾茶" in run.stdout
    assert "`采茶戏` is not suggested: it is in the glossary already" in run.stderr
    assert "`葡萄酒` is not suggested: it does not stand in the texts" in run.stderr
    assert "`年轻` is not suggested: it stands there" in run.stderr
    assert "usage:" not in run.stderr
