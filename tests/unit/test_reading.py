"""What a content folder is read as: Markdown, files, references, the schema."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from duben.diagnostics import Report
from duben.model import Content, Mark, Paragraph, Span
from duben.read.load import load_content
from duben.read.markdown import read_leaves, whole_file

Read = Callable[[Mapping[str, str | bytes]], tuple[Content, list[str]]]


@pytest.fixture
def read(tmp_path: Path, write_edition: Callable) -> Read:
    """`read({files})` → the content of a small edition with these files, and its problems without places."""

    def run(files: Mapping[str, str | bytes]) -> tuple[Content, list[str]]:
        report = Report()
        content = load_content(
            write_edition(
                tmp_path,
                {
                    "edition.yaml": "title: 读本\n",
                    "texts/a/text.yaml": "title: 题\n",
                    "texts/a/text.md": "文。 {#p1}\n",
                    **files,
                },
            ),
            report,
            shown="c",
        )
        assert content is not None
        return content, [f"{found.location}: {found.severity}: {found.code}" for found in report.in_order()]

    return run


def paragraphs_of(content: Content) -> tuple[Paragraph, ...]:
    return content.texts[0].paragraphs


@pytest.mark.parametrize(
    "line",
    [
        "[注]: ‹编者按>",
        "[2]: 见某书",
        "[按]: 此处有误",
        "[a]: https://example.org '题'",
        "见[注][]和[文][注]",
    ],
)
def test_a_line_that_looks_like_a_definition_of_a_link_stays_text(read: Read, line: str) -> None:
    content, told = read(
        {
            "texts/a/text.md": f"{line} {{#p1}}\n",
            "texts/a/text.yaml": f"title: 题\nnotes:\n  - in: p1\n    note: |\n      {line}\n",
        }
    )
    assert [paragraph.text for paragraph in paragraphs_of(content)] == [line]
    assert [paragraph.text for paragraph in content.texts[0].notes[0].body] == [line]
    assert told == []


@pytest.mark.parametrize(
    ("files", "told"),
    [
        (
            {"texts/a/text.yaml": "title: 题\nnotes:\n  - in: p1\n    note: |\n      ***\n"},
            ["c/texts/a/text.yaml:4:11: error: text-empty"],
        ),
        ({"texts/a/text.yaml": "title: 题\nsummary: '>'\n"}, ["c/texts/a/text.yaml:2:10: error: text-empty"]),
        (
            {"glossary/x.yaml": "id: x\nterm: 甲\ndefinition: '#'\n"},
            ["c/glossary/x.yaml:3:13: error: text-empty"],
        ),
        ({"edition.yaml": "title: 读本\ndescription: '***'\n"}, ["c/edition.yaml:2:14: error: text-empty"]),
        (
            {"glossary/x.yaml": "id: x\nterm: 甲\ndefinition: '[](https://example.org)'\n"},
            ["c/glossary/x.yaml:3:15: error: markdown-unsupported"],
        ),
    ],
)
def test_prose_that_shows_nothing_is_told(read: Read, files: Mapping[str, str], told: list[str]) -> None:
    assert read(files)[1] == told


@pytest.mark.parametrize(
    ("written", "target"),
    [
        ("![图](static/图.jpg)", "static/图.jpg"),
        ("![图](static/%E5%9B%BE.jpg)", "static/图.jpg"),
        ("![图](<static/我的 图.jpg>)", "static/我的 图.jpg"),
        ("[图](static/图.jpg)", "static/图.jpg"),
        ("[段](#p1)", "#p1"),
        ("[网](https://example.org/图?问=答)", "https://example.org/%E5%9B%BE?%E9%97%AE=%E7%AD%94"),
        ("[网](Https://example.org/)", "Https://example.org/"),
        ("[信](MailTo:a@example.org)", "MailTo:a@example.org"),
    ],
)
def test_what_lies_in_the_edition_is_named_as_it_is(read: Read, written: str, target: str) -> None:
    content, told = read(
        {
            "texts/a/text.md": f"文{written} {{#p1}}\n",
            "static/图.jpg": "",
            "static/我的 图.jpg": "",
        }
    )
    assert [mark.target for mark in paragraphs_of(content)[0].marks] == [target]
    assert told == []


@pytest.mark.parametrize("address", ["javascript%3Aalert(1)", "%2F%2Fexample.org/", "JavaScript:alert(1)"])
def test_no_scheme_slips_in_by_its_encoding(read: Read, address: str) -> None:
    content, told = read({"texts/a/text.md": f"[文]({address}) {{#p1}}\n"})
    assert [mark.target for mark in paragraphs_of(content)[0].marks] == [""]
    assert told == ["c/texts/a/text.md:1:2: error: markdown-link"]


@pytest.mark.parametrize(
    ("written", "text", "marks"),
    [
        ("[文字![图](static/x)](u)", "文字", [("link", 0, 2), ("image", 2, 2), ("link", 2, 2)]),
        ("[![图](static/x)文字](u)", "文字", [("link", 0, 2), ("image", 0, 0), ("link", 0, 0)]),
        ("[文![图](static/x)字](u)", "文字", [("link", 0, 2), ("image", 1, 1)]),
        ("[![图](static/x)](u)", "", [("image", 0, 0), ("link", 0, 0)]),
        ("[*文*字](u)", "文字", [("link", 0, 2), ("em", 0, 1)]),
    ],
)
def test_a_picture_inside_a_link_is_linked(
    written: str, text: str, marks: list[tuple[str, int, int]]
) -> None:
    report = Report()
    (leaf,) = read_leaves(whole_file(written, "f"), report)
    assert leaf.text == text
    assert [(mark.kind, *mark.span) for mark in leaf.marks] == marks
    assert {mark.target for mark in leaf.marks if mark.kind == "link"} == {"u"}
    assert report.found == []


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("[](https://example.org)", "error: markdown-unsupported"),
        ("文[ ](https://example.org)字", "error: markdown-unsupported"),
        ("文[甲[^1]乙](u)\n\n[^1]: 注", "warning: markdown-unsupported"),
        ("[见[[dj]]处](u)", "warning: markdown-unsupported"),
        ("[甲[乙](u)丙](v)", "warning: markdown-unsupported"),
        ("[甲](某 书)", "warning: markdown-unsupported"),
        ("[甲\\](某书)", ""),
        ("`[甲](某 书)`", ""),
        ("[甲]（某书）", ""),
    ],
)
def test_a_link_that_cannot_be_one_is_told(written: str, told: str) -> None:
    report = Report()
    read_leaves(whole_file(written, "f", lambda target: target), report)
    assert [f"{found.severity}: {found.code}" for found in report.found] == ([told] if told else [])


def test_static_files_are_taken_as_they_are(read: Read) -> None:
    wanted = [
        ".htaccess",
        ".nojekyll",
        ".well-known/x.txt",
        "a.bak",
        "b.orig",
        "c~",
        "d.tmp",
        "e/__pycache__/f",
    ]
    junk = [".DS_Store", "e/Thumbs.db", "desktop.ini", "e/.a.txt.swp", ".git/config"]
    content, told = read({f"static/{name}": "" for name in [*wanted, *junk]})
    assert sorted(path for path, _ in content.static) == sorted(wanted)
    assert told == []


def test_hidden_files_elsewhere_are_passed_over(read: Read) -> None:
    assert read({"glossary/.x.yaml": ":", "texts/.git/a.md": "", "pages/a.md~": "", "e.bak": ""})[1] == []


def test_static_cannot_hold_duben_s_own_record(read: Read) -> None:
    content, told = read(
        {"static/.duben/manifest.json": "{}", "static/.duben/x/y": "", "static/.duben.txt": ""}
    )
    assert [path for path, _ in content.static] == [".duben.txt"]
    assert told == ["c/static/.duben: error: output-collision"]


def test_a_title_of_a_page_is_looked_at_like_its_paragraphs(read: Read) -> None:
    told = read({"pages/about.md": "# 关于 [[nope]] [x](foo) ![a](static/no.jpg)\n\n文\n"})[1]
    assert told == [
        "c/pages/about.md:1:8: error: link-dangling",
        "c/pages/about.md:1:16: error: link-dangling",
        "c/pages/about.md:1:24: error: markdown-image",
    ]


TABLE = "| 甲 | 乙 |\n| - | - |\n| 丙 | 丁 |\n"


def test_a_table_answers_to_ids_of_before(read: Read) -> None:
    content, told = read(
        {
            "texts/a/text.md": f"{TABLE}{{#p2 was=p9,p10}}\n",
            "texts/a/text.yaml": "title: 题\nsummary: 见[[a#p9]]\n",
        }
    )
    assert [paragraph.was for paragraph in paragraphs_of(content)] == [("p9", "p10"), (), (), (), ()]
    assert told == []


def test_a_break_before_a_table_is_the_table_s_alone(read: Read) -> None:
    content, _ = read({"texts/a/text.md": f"文 {{#p1}}\n\n***\n\n{TABLE}{{#p2}}\n\n***\n"})
    assert [paragraph.after_break for paragraph in paragraphs_of(content)] == [False, True, *[False] * 4]


def test_a_footnote_may_hold_a_table(read: Read) -> None:
    table = "".join(f"    {line}\n" for line in f"{TABLE}{{#p3}}".splitlines())
    body = f"文[^1] {{#p1}}\n\n[^1]: 注 {{#p2}}\n\n{table}\n    又注 {{#p4}}\n"
    content, told = read({"texts/a/text.md": body})
    assert told == []
    assert [paragraph.label for paragraph in paragraphs_of(content)] == ["", *["1"] * 7]


def test_a_footnote_written_twice_is_still_told(read: Read) -> None:
    _, told = read({"texts/a/text.md": "文[^1] {#p1}\n\n[^1]: 注 {#p2}\n\n段 {#p3}\n\n[^1]: 又注 {#p4}\n"})
    assert told == ["c/texts/a/text.md:7:7: error: markdown-footnote"]


@pytest.mark.parametrize(
    ("join", "texts", "told"),
    [
        ("[p1, p3]", ["甲乙丙"], []),
        ("[p2]", ["甲", "乙", "丙"], []),
        ("[p1, p3, p2]", ["甲", "乙", "丙"], ["c/texts/a/text.yaml:6:5: error: source-block"]),
        ("[]", ["甲", "乙", "丙"], ["c/texts/a/text.yaml:6:5: error: source-block"]),
        ("[p3, p1]", ["甲", "乙", "丙"], ["c/texts/a/text.yaml:6:5: error: source-block"]),
    ],
)
def test_join_names_the_first_paragraph_and_the_last(
    tmp_path: Path, write_edition: Callable, join: str, texts: list[str], told: list[str]
) -> None:
    source = "甲\n\n乙\n\n丙\n".encode()
    sheet = (
        f"title: 题\nsource:\n  file: a.txt\n  sha256: {hashlib.sha256(source).hexdigest()}\n  blocks:\n"
        f"  - {{join: {join}}}\n"
    )
    write_edition(
        tmp_path, {"edition.yaml": "title: 读本\n", "texts/a/text.yaml": sheet, "sources/a.txt": source}
    )
    report = Report()
    content = load_content(tmp_path, report, shown="c")
    assert content is not None
    assert [f"{found.location}: {found.severity}: {found.code}" for found in report.found] == told
    assert [paragraph.text for paragraph in paragraphs_of(content)] == texts


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://example.org", True),
        ("http://localhost:8000/book/", True),
        ("https://例子.cn/书/", True),
        ("https://example.org/?x", False),
        ("https://example.org/#y", False),
        ("https:///book/", False),
        ("ftp://example.org/", False),
        ("https://example.org/a b", False),
    ],
)
def test_the_address_of_the_site_obeys_one_rule(
    read: Read, run_duben: Callable, tmp_path: Path, url: str, good: bool
) -> None:
    _, told = read({"edition.yaml": f"title: 读本\nbase_url: '{url}'\n"})
    assert told == ([] if good else ["c/edition.yaml:2:11: error: schema-type"])
    run = run_duben("build", "--content", ".", "--out", "../site", "--base-url", url, cwd=tmp_path)
    assert (run.status == 2) is not good


@pytest.mark.parametrize(
    ("tag", "good"),
    [("en", True), ("fr", True), ("pt-BR", True), ("zh-Hant-TW", True), ("English", False), ("英", False)],
)
def test_a_gloss_is_in_a_language(read: Read, tag: str, good: bool) -> None:
    content, told = read({"glossary/x.yaml": f"id: x\nterm: 甲\ngloss: {{{tag}: one}}\n"})
    assert told == ([] if good else ["c/glossary/x.yaml:3:9: error: schema-type"])
    assert dict(content.terms[0].gloss) == ({tag: "one"} if good else {})


def test_marks_without_width_stand_where_they_are_written() -> None:
    (leaf,) = read_leaves(whole_file("甲[^1]乙", "f"), Report())
    assert leaf.marks == (Mark("footnote", Span(1, 1), "1"),)
