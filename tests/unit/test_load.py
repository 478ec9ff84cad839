"""A content folder → Content: files by what they are for, and no mistake told twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from duben.diagnostics import Report
from duben.model import Content, Variant
from duben.read.load import load_content

BASE: Mapping[str, str] = {
    "edition.yaml": "title: 读本\n",
    "texts/a/text.yaml": "title: 甲\nnext-id: 3\n",
    "texts/a/text.md": "花开花落。 {#p1}\n\n流水。 {#p2}\n",
}
Read = Callable[..., tuple[Content | None, list[str]]]


@pytest.fixture
def read(tmp_path: Path, write_edition: Callable) -> Read:
    def run(files: Mapping[str, str | None], **options: object) -> tuple[Content | None, list[str]]:
        kept = {name: text for name, text in {**BASE, **files}.items() if text is not None}
        report = Report()
        content = load_content(write_edition(tmp_path, kept), report, shown="c", **options)  # type: ignore[arg-type]
        return content, [f"{one.location} {one.code}" for one in report.in_order()]

    return run


def test_an_edition_is_read_whole(read: Read) -> None:
    content, told = read(
        {
            "edition.yaml": "title: 读本\nlang: zh-Hant\nvariants: [zh-Hans, zh-Hant, zh-Hans]\n"
            "base_url: https://example.org/x\n",
            "scripts.yaml": "zh-Hant: {后: 後}\n",
            "glossary/deep/er/hua.yml": "- {id: hua, term: 花, lang: zh-Hans}\n"
            "- {id: liu, term: 柳, see: hua}\n",
            "texts/folder/b/text.yaml": "title: 乙\norder: 1\nlang: zh-Hans\n",
            "texts/folder/b/text.md": "文。 {#p1}\n",
            "pages/about.md": "# 关于\n\n见[[a#p1]]、[[hua]]。\n",
            "static/x/a.svg": "",
            "templates/own.html": "",
        }
    )
    assert told == []
    assert content is not None
    assert content.settings.variants == (Variant.HANS, Variant.HANT)
    assert content.settings.base_url == "https://example.org/x/"
    assert dict(content.settings.phrases[Variant.HANT]) == {"后": "後"}
    assert [text.slug for text in content.texts] == ["b", "a"]
    assert [text.variant for text in content.texts] == [Variant.HANS, Variant.HANT]
    assert [(term.id, term.variant) for term in content.terms] == [
        ("hua", Variant.HANS),
        ("liu", Variant.HANT),
    ]
    assert [path for path, _ in content.static] == ["x/a.svg"]
    assert [(page.name, page.title.text, page.paragraphs[0].text) for page in content.pages] == [
        ("about", "关于", "见《甲》¶1、花。")
    ]


def test_notes_without_an_id_take_the_next_that_is_free(read: Read) -> None:
    notes = "".join(f"  - {{{id}in: p1, on: 落, note: 一}}\n" for id in ("", "id: n2, ", "", "id: x, ", ""))
    content, told = read({"texts/a/text.yaml": f"title: 甲\nnotes:\n{notes}"})
    assert told == []
    assert content is not None
    assert [note.id for note in content.texts[0].notes] == ["n1", "n2", "n3", "x", "n4"]


#: (files, what is told): one problem for one mistake, and nothing that only follows from it.
MISTAKES = {
    "an entry with a mistake is still there": (
        {
            "glossary/a.yaml": "- {id: hua, term: [花]}\n- {id: liu, term: 柳, see: hua}\n",
            "pages/about.md": "见[[hua]]。\n",
        },
        ["c/glossary/a.yaml:1:19 schema-type"],
    ),
    "nobody knows what a broken file holds": (
        {"glossary/a.yaml": "id: [\n", "pages/about.md": "见[[hua]]。\n"},
        ["c/glossary/a.yaml:1:5 yaml-syntax"],
    ),
    "a text with a mistake is still there": (
        {"texts/a/text.yaml": "titel: 甲\n", "pages/about.md": "见[[a#]]、[[a#p7]]。\n"},
        ["c/texts/a/text.yaml:1:1 schema-unknown-key"],
    ),
    "a text without a body is still there": (
        {"texts/a/text.md": None, "pages/about.md": "见[[a#]]。\n"},
        ["c/texts/a file-missing"],
    ),
    "a text whose source is not here is still there": (
        {
            "texts/a/text.md": None,
            "texts/a/text.yaml": "title: 甲\nsource: {file: x.txt, sha256: a}\n"
            "notes: [{in: p1, on: 花, note: 一}]\n",
            "pages/about.md": "见[[a#p1]]。\n",
        },
        ["c/texts/a/text.yaml:2:16 source-missing"],
    ),
    "a note that says a wrong thing says something": (
        {"texts/a/text.yaml": "title: 甲\nnotes: [{in: p1, on: 落, entry: X}]\n"},
        ["c/texts/a/text.yaml:2:32 slug-invalid"],
    ),
    "a note on a paragraph without an id": (
        {
            "texts/a/text.md": "花开花落。\n\n流水。 {#p2}\n",
            "texts/a/text.yaml": "title: 甲\nnotes: [{in: p2, on: 流, note: '见[[a#p2]]'}]\n",
        },
        ["c/texts/a/text.md:1:1 paragraph-id-missing"],
    ),
    "three texts of one slug": (
        {f"texts/{n}/a/text.{kind}": BASE[f"texts/a/text.{kind}"] for n in "xy" for kind in ("md", "yaml")},
        ["c/texts/x/a slug-duplicate", "c/texts/y/a slug-duplicate"],
    ),
    "two entries of one id": (
        {"glossary/a.yaml": "- {id: a, term: 花}\n- {id: b, term: 柳}\n- {id: a, term: 落}\n"},
        ["c/glossary/a.yaml:3:8 entry-duplicate"],
    ),
    "a picture that is not there": (
        {"texts/a/text.yaml": "title: 甲\npicture: static/a.svg\n"},
        ["c/texts/a/text.yaml:2:10 markdown-image"],
    ),
    "a policy for an entry that is not there": (
        {"texts/a/text.yaml": "title: 甲\nentries:\n  hua: none\n"},
        ["c/texts/a/text.yaml:3:8 link-dangling"],
    ),
    "an edition that is broken": ({"edition.yaml": "title: [\n"}, ["c/edition.yaml:1:8 yaml-syntax"]),
    "no edition": ({"edition.yaml": None}, ["c file-missing"]),
    "a translation": ({"texts/a/text.en.md": "x\n"}, ["c/texts/a/text.en.md file-unknown"]),
    "a page in a folder": ({"pages/x/a.md": "x\n"}, ["c/pages/x/a.md file-unknown"]),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_is_told_once(case: str, read: Read) -> None:
    files, told = MISTAKES[case]
    assert read(files)[1] == told


def test_a_missing_source_is_an_error_where_it_is_asked_for(read: Read) -> None:
    files = {"texts/a/text.md": None, "texts/a/text.yaml": "title: 甲\nsource: {file: x.txt, sha256: a}\n"}
    content, told = read(files, require_sources=True)
    assert told == ["c/texts/a/text.yaml:2:16 source-missing"]
    assert content is not None
    assert content.absent == {"a"}


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    report = Report()
    assert load_content(tmp_path / "none", report, shown="none") is None
    assert [f"{one.location} {one.code}" for one in report.found] == ["none file-missing"]
