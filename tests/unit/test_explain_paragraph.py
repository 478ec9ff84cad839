"""`duben explain`: what became of a paragraph or an entry, and why."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from duben.compile.edition import compile_edition
from duben.compile.terms import Trace
from duben.desk.asked import Asked, find_at, find_named
from duben.desk.columns import clipped, padded, width, wrapped
from duben.desk.explain_entry import explain_entry, list_entry
from duben.desk.explain_paragraph import Explanation, explain_paragraph, list_explanation
from duben.diagnostics import Report
from duben.model import Content
from duben.read.load import load_content

FILES = {
    "edition.yaml": "title: 山里\n",
    "scripts.yaml": "zh-Hant: {晒谷: 晒穀}\npinyin: {泡了: pāo le}\n",
    "glossary/all.yaml": """
        - id: cha
          term: 茶
          not_in: [茶几]
          aliases: [茶叶]
        - id: yunwucha
          term: 云雾茶
          pinyin: yúnwùchá
        - id: wucha
          term: 雾茶会
        - id: guan
          term: 馆
          link: never
        - id: xi
          term: 戏
          link: first-in-text
        - id: caichaxi
          term: 采茶戏
          forms: {zh-Hant-TW: 採茶劇}
    """,
    "texts/a/text.yaml": """
        title: 茶馆
        lang: zh-Hans
        entries: {guan: none}
        notes:
          - {id: n1, in: p1, on: 半山, note: 不高。}
          - {id: n2, in: p2, on: 茶, before: 云雾, note: 一。}
          - {id: n3, in: p2, on: 茶, nth: 2, note: 二。}
          - {id: n4, in: p3, note: 全段。}
          - {in: p1, on: 茶叶, entry: none}
          - {in: p3, on: 一出戏, entry: caichaxi}
          - {in: p4, on: 泡子, reading: 泡了}
        convert:
          - {in: p3, on: 里, to: {zh-Hant: 里}, why: 是村名}
    """,
    "texts/a/text.md": """
        云雾茶会长在半山，茶几上没有茶叶，也没有茶。 {#p1}

        云雾茶和茶，还有雲霧茶。 {#p2}

        村里唱一出戏，戏散了还有戏。 {#p3}

        茶泡子三回。 {#p4 was=p9}

        又唱戏，唱采茶戏。 {#p5}
    """,
}


@pytest.fixture
def content(tmp_path: Path, write_edition: Callable, monkeypatch: pytest.MonkeyPatch) -> Content:
    write_edition(tmp_path / "content", FILES)
    monkeypatch.chdir(tmp_path)
    read = load_content(Path("content"), Report())
    assert read is not None
    return read


@pytest.fixture
def explain(content: Content) -> Callable[[str], Explanation]:
    """`explain("p1")` explains a paragraph of the small edition."""
    return lambda id: explain_paragraph(content, "a", id, Report())


def terms(found: Explanation) -> list[tuple[str, str, str, str, str]]:
    return [(each.words, each.entry, each.state, each.why, each.by) for each in found.terms]


# --- terms ---------------------------------------------------------------------------------------


def test_each_way_of_not_being_a_term_is_told(explain: Callable[[str], Explanation]) -> None:
    assert terms(explain("p1")) == [
        ("云雾茶", "yunwucha", "linked", "", ""),
        ("雾茶会", "wucha", "rejected", "crossing", "yunwucha"),
        ("茶", "cha", "unlinked", "nested", ""),
        ("茶", "cha", "rejected", "not_in", "茶几"),
        ("茶叶", "cha", "rejected", "none", ""),
        ("茶", "cha", "rejected", "none", ""),
        ("茶", "cha", "linked", "", ""),
    ]


def test_an_entry_that_is_forced_takes_the_place(explain: Callable[[str], Explanation]) -> None:
    found = explain("p3")
    assert terms(found) == [
        ("一出戏", "caichaxi", "linked", "", ""),
        ("戏", "xi", "rejected", "forced", "caichaxi"),
        ("戏", "xi", "linked", "", ""),
        ("戏", "xi", "unlinked", "first-in-text", "p3"),
    ]
    assert (found.terms[0].forced, found.terms[0].form) == (True, "other")


def test_a_policy_names_who_gave_it_and_where_the_first_is(explain: Callable[[str], Explanation]) -> None:
    xi = explain("p5").terms[0]
    assert (xi.words, xi.why, xi.by, xi.policy, xi.policy_from) == (
        "戏",
        "first-in-text",
        "p3",
        "first-in-text",
        "entry",
    )


def test_what_is_silent_is_told_to_be_so(explain: Callable[[str], Explanation]) -> None:
    guan = explain("title").terms[-1]
    assert (guan.entry, guan.state, guan.why, guan.by) == ("guan", "rejected", "silent", "none")
    assert guan.policy_from == "text.yaml"


def test_a_part_of_a_longer_form_of_its_own_entry_is_told(explain: Callable[[str], Explanation]) -> None:
    assert ("茶", "cha", "rejected", "alias", "茶叶") not in terms(explain("p1"))  # `entry: none` came first


def test_a_term_says_in_which_variants_it_reads_so(explain: Callable[[str], Explanation]) -> None:
    found = explain("p2").terms
    by_words = {each.words: each for each in found}
    assert by_words["云雾茶"].variants == ("zh-Hans",)
    assert by_words["雲霧茶"].variants == ("zh-Hant", "zh-Hant-TW", "zh-Hant-HK")


def test_glyphs_that_count_as_one_are_told(tmp_path: Path, write_edition: Callable) -> None:
    write_edition(
        tmp_path,
        {
            "edition.yaml": "title: 题\nlang: zh-Hant\n",
            "glossary/a.yaml": "{id: chanye, term: 產業}",
            "texts/a/text.yaml": "title: 題\n",
            "texts/a/text.md": "産業。 {#p1}\n",
        },
    )
    content = load_content(tmp_path, Report())
    assert content is not None
    [term] = explain_paragraph(content, "a", "p1", Report()).terms
    assert (term.state, term.folded) == ("linked", (("産", "產"),))


# --- notes, decisions, conversions, pinyin -------------------------------------------------------


def test_a_note_says_how_its_quote_was_found(explain: Callable[[str], Explanation]) -> None:
    assert [(note.id, note.how, note.times) for note in explain("p1").notes] == [("n1", "only-place", 1)]
    assert [(note.id, note.how, note.times) for note in explain("p2").notes] == [
        ("n2", "context", 3),
        ("n3", "count", 3),
    ]
    assert [(note.id, note.how) for note in explain("p3").notes] == [("n4", "whole")]


def test_decisions_are_told_with_their_place(explain: Callable[[str], Explanation]) -> None:
    decisions = [(each.kind, each.words, each.says, each.why) for each in explain("p3").decisions]
    assert decisions == [
        ("entry", "一出戏", "caichaxi", ""),
        ("convert", "里", "zh-Hant: 里", "是村名"),
    ]
    assert explain("p3").decisions[1].place.line == 13


def test_what_is_read_otherwise_is_told(explain: Callable[[str], Explanation]) -> None:
    found = explain("p4")
    assert (found.printed, found.reads) == ("茶泡子三回。", "茶泡了三回。")
    assert [(each.kind, each.words, each.says) for each in found.decisions] == [("reading", "泡子", "泡了")]
    said = {word.words: (word.pinyin, word.decided) for word in found.pinyin}
    assert said["泡"] == ("pāo", (("correction", "泡了"),))


def test_pieces_are_those_of_the_conversion(explain: Callable[[str], Explanation]) -> None:
    for id in ("title", "p1", "p2", "p3", "p4", "p5"):
        found = explain(id)
        for each in found.variants:
            if each.variant == found.variant:
                assert each.text == found.printed
                assert each.pieces == ()
            else:
                assert "".join(piece.becomes for piece in each.pieces) == each.text
                assert "".join(piece.words for piece in each.pieces) == (found.reads or found.printed)


def test_each_rule_of_a_conversion_is_told(explain: Callable[[str], Explanation]) -> None:
    hant = {each.variant: each for each in explain("p3").variants}["zh-Hant"]
    assert ("里", "里", "occurrence") in [(piece.words, piece.becomes, piece.rule) for piece in hant.pieces]
    tw = {each.variant: each for each in explain("p5").variants}["zh-Hant-TW"]
    assert ("采茶戏", "採茶劇", "entry", "caichaxi") in [
        (piece.words, piece.becomes, piece.rule, piece.key) for piece in tw.pieces
    ]


def test_pinyin_says_what_decided(explain: Callable[[str], Explanation]) -> None:
    said = [(word.words, word.pinyin, word.decided) for word in explain("p2").pinyin]
    assert said[0] == ("云雾茶", "yúnwùchá", (("entry", "yunwucha"),))
    assert ("和", "hé", (("character", ""),)) in said


def test_every_kind_of_paragraph_is_explained(tmp_path: Path, write_edition: Callable) -> None:
    write_edition(
        tmp_path,
        {
            "edition.yaml": "title: 题\n",
            "glossary/a.yaml": "{id: cha, term: 茶}",
            "texts/a/text.yaml": "title: 茶\nnotes: [{id: n1, in: p3, note: 表。}]\n",
            "texts/a/text.md": """
                ## 说茶 {#p1}

                山里有茶，
                山外有[茶](https://example.org/)。[^1] {#p2 .verse}

                | 茶 | 亩 |
                | --- | --- |
                | 春茶 | 3 |
                {#p3}

                - 采茶。 {#p4}

                [^1]: 好茶。 {#p5}

                ![茶山](static/a.png) {#p6}
            """,
            "static/a.png": b"",
        },
    )
    content = load_content(tmp_path, Report())
    assert content is not None
    ids = [paragraph.id for paragraph in content.texts[0].paragraphs]
    assert {"p1", "p2", "p3", "p3.1.1", "p4", "p5", "p6"} <= set(ids)
    for id in ids:
        found = explain_paragraph(content, "a", id, Report())
        assert found.place.line > 0
        assert sum(each.words == "茶" for each in found.terms) == found.printed.count("茶")
        assert list(list_explanation(found))
    verse = explain_paragraph(content, "a", "p2", Report())
    assert [each.why for each in verse.terms] == ["", "own-link"]
    assert [each.how for each in explain_paragraph(content, "a", "p3", Report()).notes] == ["whole"]


def test_explaining_changes_nothing(content: Content) -> None:
    """What is told is what the pages show: the text compiles with a trace to what it is without one."""
    plain = compile_edition(content, Report()).texts
    trace = Trace()
    traced = compile_edition(content, Report(), traces={"a": trace}).texts
    assert traced == plain
    assert trace.rejected["p1"]
    for passage in traced[0].passages:
        reasons = trace.unlinked.get(passage.paragraph.id, {})
        assert passage.linked | reasons.keys() == set(range(len(passage.hits)))
        assert not passage.linked & reasons.keys()


# --- what is asked -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "asked"),
    [
        (("a", "p1"), Asked("a", "p1")),
        (("a", "1"), Asked("a", "p1")),
        (("a#p2",), Asked("a", "p2")),
        (("a", "title"), Asked("a", "title")),
        (("a", "p9"), Asked("a", "p4")),
        (("cha",), Asked(entry="cha")),
        (("茶叶",), Asked(entry="cha")),
    ],
)
def test_names_lead_to_what_they_name(content: Content, names: tuple[str, ...], asked: Asked) -> None:
    assert find_named(content, names) == asked


@pytest.mark.parametrize(
    ("names", "problem"),
    [
        (("yunwuchaa",), "there is no entry `yunwuchaa`; did you mean `yunwucha`?"),
        (("a",), "`a` is a text; name a paragraph, too: a p1"),
        (("a", "p77"), "`a` has no paragraph `p77`; did you mean `p1`?"),
        (("b", "p1"), "there is no text `b`"),
    ],
)
def test_wrong_names_are_told(content: Content, names: tuple[str, ...], problem: str) -> None:
    assert find_named(content, names).problem.startswith(problem.partition("; did")[0])


@pytest.mark.parametrize(
    ("at", "asked"),
    [
        ("content/texts/a/text.md:1", Asked("a", "p1")),
        ("content/texts/a/text.md:2", Asked("a", "p1")),
        ("content/texts/a/text.md:5:3", Asked("a", "p3")),
        ("content/texts/a/text.yaml:1", Asked("a", "title")),
        ("content/texts/a/text.yaml:6", Asked("a", "p2")),
        ("content/texts/a/text.yaml:13:7:", Asked("a", "p3")),
        ("content/glossary/all.yaml:1", Asked(entry="cha")),
        ("content/glossary/all.yaml:7", Asked(entry="yunwucha")),
        ("./content/../content/glossary/all.yaml:6", Asked(entry="yunwucha")),
    ],
)
def test_a_line_leads_to_what_stands_there(content: Content, at: str, asked: Asked) -> None:
    assert find_at(content, at) == asked


@pytest.mark.parametrize("line", ["0", "99999", "9" * 5000])
def test_a_line_that_is_not_there_leads_to_nothing(content: Content, line: str) -> None:
    problem = find_at(content, f"content/texts/a/text.md:{line}").problem
    assert problem.startswith(f"there is no line {line[:20]} in content/texts/a/text.md, which has ")


@pytest.mark.parametrize(
    ("at", "problem"),
    [
        ("content/texts/a/text.md", "is not FILE:LINE"),
        ("content/texts/b/text.md:1", "there is no file"),
        ("content/edition.yaml:1", "holds no paragraph"),
    ],
)
def test_a_line_that_leads_nowhere_is_told(content: Content, at: str, problem: str) -> None:
    assert problem in find_at(content, at).problem


# --- entries -------------------------------------------------------------------------------------


def test_an_entry_says_what_is_looked_for_and_what_is_found(content: Content) -> None:
    found = explain_entry(content, "cha", Report())
    assert found.not_in == ("茶几",)
    [text] = found.texts
    assert text.linked == 3
    assert text.unlinked == (("nested", 4, "p1"),)
    assert text.rejected == (("not_in", 1, "p1"), ("none", 2, "p1"))
    shown = "\n".join(list_entry(found))
    assert "but not in 茶几" in shown
    assert "3 linked" in shown


def test_an_entry_says_which_forms_are_given(content: Content) -> None:
    forms = {form.variant: form for form in explain_entry(content, "caichaxi", Report()).forms}
    assert (forms["zh-Hant-TW"].words, forms["zh-Hant-TW"].origin) == ("採茶劇", "given")
    assert (forms["zh-Hans"].words, forms["zh-Hans"].origin) == ("采茶戏", "written")
    assert forms["zh-Hant-HK"].origin == "converted"


# --- the command, and its looks ------------------------------------------------------------------


@pytest.mark.parametrize("id", ["title", "p1", "p2", "p3", "p4", "p5"])
def test_it_fits_a_terminal(explain: Callable[[str], Explanation], id: str) -> None:
    lines = list(list_explanation(explain(id)))
    # A path is not broken, so that it can be opened.
    assert max(width(line) for line in lines if "content/" not in line) <= 80
    assert lines[1].startswith(f"a#{id}: ")


def test_json_says_the_same_for_programs(content: Content, run_duben: Callable, tmp_path: Path) -> None:
    assert content
    run = run_duben("explain", "a", "p1", "--format", "json", "--variant", "zh-Hans,zh-Hant", cwd=tmp_path)
    assert run.status == 0
    document: dict[str, Any] = json.loads(run.stdout)
    assert list(document) == [
        "text",
        "paragraph",
        "kind",
        "variant",
        "place",
        "printed",
        "reads",
        "terms",
        "notes",
        "decisions",
        "variants",
        "pinyin",
        "problems",
    ]
    assert document["place"] == {"file": "content/texts/a/text.md", "line": 1, "column": 1}
    assert [each["variant"] for each in document["variants"]] == ["zh-Hans", "zh-Hant"]


def test_it_helps_where_the_content_has_errors(content: Content, run_duben: Callable, tmp_path: Path) -> None:
    assert content
    path = tmp_path / "content" / "texts" / "a" / "text.yaml"
    path.write_text(path.read_text("utf-8").replace("on: 半山", "on: 满山"), "utf-8")
    run = run_duben("explain", "a", "p1", cwd=tmp_path)
    assert run.status == 1
    assert "“满山” does not occur in p1 [anchor-missing]" in run.stdout
    assert "yunwucha: linked" in run.stdout
    assert "duben check" in run.stderr


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ([], "name a text and a paragraph"),
        (["a", "p1", "p2"], "name a text and a paragraph"),
        (["a", "p1", "--at", "x:1"], "name a text and a paragraph"),
        (["yunwuch"], "did you mean `yunwucha`?"),
        (["云山"], "near it: 云雾茶 (`yunwucha`)"),
    ],
)
def test_wrong_usage_is_told(
    content: Content, run_duben: Callable, tmp_path: Path, argv: list[str], said: str
) -> None:
    assert content
    run = run_duben("explain", *argv, cwd=tmp_path)
    assert run.status == 2
    assert said in run.stderr


def test_a_wrong_name_is_told_in_one_line_and_a_form_of_another_script_is_known(
    content: Content, run_duben: Callable, tmp_path: Path
) -> None:
    assert content
    wrong = run_duben("explain", "wanshi", cwd=tmp_path)
    assert wrong.status == 2
    assert wrong.stderr.splitlines()[-1].startswith("duben explain: error: there is no entry `wanshi`")
    assert "usage" not in wrong.stderr
    assert (
        run_duben("explain", "雲霧茶", cwd=tmp_path).stdout
        == run_duben("explain", "yunwucha", cwd=tmp_path).stdout
    )


def test_a_chinese_character_is_two_columns_wide() -> None:
    assert width("茶cha") == 5
    assert width("e\u0301\u200b") == 1
    assert padded("茶", 4) == "茶  "
    assert clipped("云雾茶香", 5) == "云雾…"
    assert clipped("云雾", 4) == "云雾"


def test_lines_break_at_spaces_and_between_chinese_characters_but_not_before_a_stop() -> None:
    assert list(wrapped("云雾茶，茶", columns=6)) == ["云雾", "茶，茶"]
    assert list(wrapped("one two three", "  ", "    ", columns=10)) == ["  one two", "    three"]
    assert list(wrapped("abcdefgh", columns=4)) == ["abcd", "efgh"]
    assert list(wrapped("", "  ")) == ["  "]
