"""Whatever an editor's files hold, duben says what is wrong, or builds: it never ends in a traceback."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

#: An edition that is sound; a case replaces some of its files.
SOUND: Mapping[str, str | bytes] = {
    "edition.yaml": "title: 小读本\nlang: zh-Hans\nvariants: [zh-Hans, zh-Hant]\nbase_url: https://example.org/\n",
    "scripts.yaml": "zh-Hant: {后面: 後面}\n",
    "glossary/liu.yaml": "id: liu\nterm: 柳\naliases: [柳树]\ngloss: {en: willow}\ndefinition: 一种树。\n",
    "texts/liu-an/text.yaml": (
        "title: 柳暗花明\nnext-id: 3\nnotes:\n  - {id: n1, in: p1, on: 柳, note: 一。}\n"
        "convert:\n  - {in: p2, on: 落花, to: {zh-Hant: 落蘤}}\n"
    ),
    "texts/liu-an/text.md": "柳暗花明，花开又花落。 {#p1}\n\n落花无声。 {#p2}\n",
    "pages/about.md": "# 关于\n\n一本小读本。\n",
}
YAML_FILES = tuple(name for name in SOUND if name.endswith(".yaml"))
#: No case takes longer than this, on a machine that does other things at the same time.
PATIENCE = 20.0


@pytest.fixture
def survive(tmp_path: Path, write_edition: Callable, run_duben: Callable) -> Callable[..., int]:
    """Builds the sound edition with some files replaced; returns the exit status."""

    def build(files: Mapping[str, str | bytes | None]) -> int:
        folder = tmp_path / "content"
        write_edition(folder, {k: v for k, v in {**SOUND, **files}.items() if v is not None})
        started = time.perf_counter()
        run = run_duben("build", "--content", "content", "--out", "site", cwd=tmp_path)
        assert time.perf_counter() - started < PATIENCE
        assert run.status in (0, 1), run.stderr[:2000]
        assert (": error: " in run.stderr) == (run.status == 1), run.stderr[:2000]
        assert (tmp_path / "site").exists() == (run.status == 0)
        return run.status

    return build


def test_the_sound_edition_builds(survive: Callable[..., int]) -> None:
    assert survive({}) == 0


#: What may stand in a YAML file instead of what belongs there.
STRANGE = {
    "nothing": "",
    "a comment": "# nothing here\n",
    "null": "~\n",
    "a word": "word\n",
    "a number": "1" * 5000 + "\n",
    "an empty list": "[]\n",
    "an empty mapping": "{}\n",
    "a list of nulls": "[~, ~]\n",
    "a list of lists": "[[], [[]]]\n",
    "a null key": "~: ~\n",
    "an empty key": '"": ""\n',
    "a key of many lines": '? "a\n\n  b"\n: c\n',
    "ten megabytes of brackets": "[" * 10_000_000,
    "ten megabytes of braces": "{a: " * 2_500_000,
    "ten megabytes of dashes": "- " * 5_000_000,
    "a long flat list": "[" + "a, " * 20_000 + "]\n",
    "a long flat mapping": "".join(f"k{number}: v\n" for number in range(4_000)),
    "an alias bomb": "a: &a [x]\n" + "".join(f"k{n}: &k{n} [*a, *a]\n" for n in range(50)),
    "a merge key": "<<: {a: b}\n",
    "a directive": "%YAML 1.2\n---\ntitle: 一\n",
    "a tag": "!!python/object/new:os.system [echo]\n",
    "binary": "!!binary aGVsbG8=\n",
    "a second document": "title: 一\n---\ntitle: 二\n",
    "an end mark": "title: 一\n...\nrest\n",
    "a byte order mark inside": "title: 一\ufeff二\n",
    "noncharacters": "title: 一\U0001fffe二\n",
    "carriage returns": "title: 一\rlang: zh-Hans\r",
}


@pytest.mark.parametrize("file", YAML_FILES)
@pytest.mark.parametrize("strange", STRANGE)
def test_strange_yaml_is_survived(file: str, strange: str, survive: Callable[..., int]) -> None:
    survive({file: STRANGE[strange]})


#: What stands instead of each single value, at every level.
VALUES = {
    "null": "~",
    "a list": "[a]",
    "a mapping": "{a: b}",
    "a deep list": "[[[[a]]]]",
    "a huge integer": "9" * 400,
    "an empty text": '""',
    "spaces": '"　 "',
    "controls": r'"\0\a\x7f\x85\u2028"',
    "a surrogate": r'"\ud800"',
    "right to left": "'\u202eabc\u200f'",
    "markup": "'<script>alert(1)</script>\"&'",
    "templates": "'{{ 7 * 7 }}{% for %}'",
    "regex characters": r"'[(.*+?^$|\'",
    "astral": "'𠀀𫠣👩‍👩‍👧'",
    "invisible": '"\u200b\u2060"',
    "many characters": "'" + "花" * 20_000 + "'",
    "a path": "'../../../etc/passwd'",
}
KEYS = {
    "edition.yaml": "title description lang variants regional base_url link rights editors engine",
    "glossary/liu.yaml": "id kind term lang forms aliases not_in pinyin gloss definition date coordinates "
    "see sources link",
    "texts/liu-an/text.yaml": "title lang author publisher date revised url rights credits series order "
    "picture summary next-id notes entries convert regional source republish",
}


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("file", KEYS)
def test_strange_values_are_survived_one_by_one(
    file: str, value: str, tmp_path: Path, write_edition: Callable, run_duben: Callable
) -> None:
    for key in KEYS[file].split():
        lines = [line for line in str(SOUND[file]).splitlines() if not line.startswith((f"{key}:", " "))]
        lines = [line for line in lines if not line.endswith(":")]
        content = "\n".join([*lines, f"{key}: {VALUES[value]}", ""])
        write_edition(tmp_path / "content", {**SOUND, file: content})
        run = run_duben("check", "--content", "content", cwd=tmp_path)
        assert run.status in (0, 1), run.stderr
        assert (": error: " in run.stderr) == (run.status == 1), run.stderr


NESTED = {
    "a note": "title: 一\nnotes:\n  - {in: p1, on: 柳, note: 一, %s: %s}\n",
    "until": "title: 一\nnotes:\n  - {in: p1, on: 柳, note: 一, until: {in: p2, on: 落花, %s: %s}}\n",
    "convert": "title: 一\nconvert:\n  - {in: p1, on: 柳, to: {zh-Hant: 柳}, %s: %s}\n",
    "source": "title: 一\nsource: {file: a.txt, %s: %s}\n",
}
NESTED_KEYS = "id before after nth until entry reading why body split normalize blocks sha256".split()


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("where", NESTED)
def test_strange_values_inside_a_record_are_survived(
    where: str, value: str, tmp_path: Path, write_edition: Callable, run_duben: Callable
) -> None:
    for key in NESTED_KEYS:
        files = {**SOUND, "texts/liu-an/text.yaml": NESTED[where] % (key, VALUES[value])}
        if where == "source":
            del files["texts/liu-an/text.md"]
        write_edition(tmp_path / "content", files)
        run = run_duben("check", "--content", "content", cwd=tmp_path)
        assert run.status in (0, 1), run.stderr
        assert (": error: " in run.stderr) == (run.status == 1), run.stderr


def _nested_emphasis(depth: int) -> str:
    return "".join("*花" if level % 2 else "**柳" for level in range(depth)) + "".join(
        "*" if level % 2 else "**" for level in reversed(range(depth))
    )


#: What would take long if anything in the way through the house were not linear.
LONG_MARKDOWN = {
    "asterisks": "*" * 100_000 + " {#p1}\n",
    "asterisks between letters": "*a" * 10_000 + " {#p1}\n",
    "asterisks between han": "*花" * 10_000 + " {#p1}\n",
    "underscores": "_花 " * 10_000 + " {#p1}\n",
    "opening brackets": "[" * 40_000 + " {#p1}\n",
    "closing brackets": "]" * 100_000 + " {#p1}\n",
    "wiki brackets": "[[" * 8_000 + "a" + "]]" * 8_000 + " {#p1}\n",
    "open links": "[a](" * 10_000 + " {#p1}\n",
    "links": "[a](#p1)" * 4_000 + " {#p1}\n",
    "images in images": "![" * 2_000 + "a" + "](static/a.svg)" * 2_000 + " {#p1}\n",
    "open images": "![" * 8_000 + " {#p1}\n",
    "greater-than signs": ">" * 100_000 + " {#p1}\n",
    "less-than signs": "<" * 100_000 + " {#p1}\n",
    "open tags": "<a " * 30_000 + " {#p1}\n",
    "backticks": "".join("`" * count + "a" for count in range(1, 400)) + " {#p1}\n",
    "backslashes": "\\" * 100_000 + " {#p1}\n",
    "ampersands": "&" * 100_000 + " {#p1}\n",
    "spaces inside": "花" + " " * 100_000 + "花 {#p1}\n",
    "spaces in an id": "花 {p3 " + " " * 100_000 + "花 {#p1}\n",
    "openings of an id": "｛" * 100_000 + "{ " * 50_000 + " {#p1}\n",
    "full-width spaces": "花" + "　" * 100_000 + " {#p1}\n",
    "soft breaks": "花\n" * 10_000 + "{#p1}\n",
    "hard breaks": "花\\\n" * 20_000 + "花 {#p1}\n",
    "deep emphasis": _nested_emphasis(4_000) + " {#p1}\n",
    "braces": "{" * 100_000 + " {#p1}\n",
    "ids": "{#p1}" * 20_000 + "\n",
    "a wide table": "|" + "花|" * 2_000 + "\n|" + "-|" * 2_000 + "\n| {#p1} |\n",
}
MARKDOWN = {
    "nothing": "",
    "only spaces": " \n　\n\t\n",
    "only an id": "{#p1}\n",
    "quotations in lines": "".join(">" * level + "花\n" for level in range(1, 400)) + " {#p1}\n",
    "entities": "&#x10ffff;&#0;&#xd800;&#13;&amp;&nosuch;&#99999999999; {#p1}\n",
    "nested emphasis": _nested_emphasis(400) + " {#p1}\n",
    "a long id": "花 {#p" + "1" * 100_000 + "}\n",
    "many classes": "花 {#p1" + " .verse" * 20 + "}\n",
    "nested lists": "".join("  " * level + "- 花\n" for level in range(50)),
    "a list that starts at nothing": "0. 花 {#p1}\n1. 柳 {#p2}\n",
    "a list that starts late": "999999999. 花 {#p1}\n",
    "a table of one column": "| 花 |\n|---|\n| 柳 |\n| {#p1} |\n",
    "a table without rows": "| 花 |\n|---|\n",
    "a table with only its id": "| {#p1} |\n|---|\n",
    "a table with ragged rows": "| 花 | 柳 |\n|---|---|\n| 一 |\n| 一 | 二 | 三 |\n| {#p1} |\n",
    "footnotes in footnotes": "花[^1]。 {#p1}\n\n[^1]: 注[^2]。 {#p2}\n\n[^2]: 注[^1]。 {#p3}\n",
    "a footnote in itself": "花[^1]。 {#p1}\n\n[^1]: 注[^1]。 {#p2}\n",
    "an empty footnote": "花[^1]。 {#p1}\n\n[^1]:\n",
    "a strange footnote": "花[^<b>\"'&]。 {#p1}\n\n[^<b>\"'&]: 注。 {#p2}\n",
    "a footnote in a quotation in a list": "- 花[^1]。 {#p1}\n  > [^1]: 注。 {#p2}\n",
    "many footnotes": "".join(f"[^{n}]" for n in range(2_000)) + " {#p1}\n",
    "a heading without words": "# {#p1}\n\n##\n",
    "a verse": "花\n柳\n\n暗\n{#p1 .verse}\n",
    "code": "```\n花\n```\n\n    花 {#p1}\n",
    "variation selectors": "葛\U000e0100城，辻\ufe00。⿰氵花，⿱⿰木木林⿺。 {#p1}\n",
    "right to left": "花\u202e落\u202c\u200f，\u2067花\u2069。 {#p1}\n",
    "joiners": "\u200b\u200c\u200d\u2060\ufeff {#p1}\n",
    "astral": "𠀀𫠣𰻝👩‍👩‍👧花 {#p1}\n",
    "combining": "花" + "\u0301" * 5_000 + " {#p1}\n",
    "strange addresses": "[a](http://[) [b](https://a:b@c:99999999/%zz) [c](<http://花.柳/ 落>) "
    "[d](mailto:) {#p1}\n",
    "strange autolinks": "<http://[> <a@b.c> <https://> <x:y> {#p1}\n",
    "definitions": "[a]: <> (t)\n[a]: #p1\n\n[a] [b][a] {#p1}\n",
    "html comments": "<!-- 花\n\n柳 --> {#p1}\n",
    "templates": "{{ 7 * 7 }} {% raw %} {# a #} {#p1}\n",
    "carriage returns": "花\r\r柳 {#p1}\r",
}


@pytest.mark.parametrize("case", LONG_MARKDOWN)
def test_long_markdown_takes_no_long_time(case: str, survive: Callable[..., int]) -> None:
    survive({"texts/liu-an/text.yaml": "title: 柳\n", "texts/liu-an/text.md": LONG_MARKDOWN[case]})


@pytest.mark.parametrize("case", MARKDOWN)
def test_strange_markdown_is_survived_in_a_text(case: str, survive: Callable[..., int]) -> None:
    survive({"texts/liu-an/text.yaml": "title: 柳\n", "texts/liu-an/text.md": MARKDOWN[case]})


@pytest.mark.parametrize("case", MARKDOWN)
def test_strange_markdown_is_survived_on_a_page(case: str, survive: Callable[..., int]) -> None:
    survive({"pages/about.md": MARKDOWN[case]})


ENTRIES = {
    "nothing but glyph variants": "id: a\nterm: 産\naliases: [產, 产]\n",
    "one character": "id: a\nterm: 花\n",
    "punctuation": "id: a\nterm: 。\n",
    "regex characters": "id: a\nterm: '[.*+?^${}()|\\'\n",
    "astral": "id: a\nterm: 𠀀𫠣\n",
    "a flag": "id: a\nterm: 👩‍👩‍👧\n",
    "a variation selector": 'id: a\nterm: "葛\\U000e0100城"\n',
    "white space inside": 'id: a\nterm: "柳 \\t\\n 暗"\n',
    "Latin": "id: a\nterm: U盘\nlang: zh-Hans\naliases: [u, U]\n",
    "an alias twice": "id: a\nterm: 花\naliases: [花, 花, 花开]\n",
    "not_in longer": "id: a\nterm: 花\nnot_in: [花开, 落花, 柳暗花明，花开又花落。]\n",
    "not_in shorter": "id: a\nterm: 花开\nnot_in: [花]\n",
    "not_in itself": "id: a\nterm: 花\nnot_in: [花]\n",
    "a long term": "id: a\nterm: " + "花" * 200 + "\n",
    "a term that is too long": "id: a\nterm: " + "花" * 100_000 + "\n",
    "forms that swap": "id: a\nterm: 花\nforms: {zh-Hans: 柳, zh-Hant: 花}\n",
    "see itself": "id: a\nterm: 花\nsee: [a, a]\n",
    "a definition of itself": "id: a\nterm: 花\n"
    "definition: '[[a]] [[a|]] [[|a]] [[]] [[a|b|c]] [[#]] [[a#]] [[#p1]]'\n",
    "no words in a definition": "id: a\nterm: 花\ndefinition: '&#32;'\n",
    "pinyin that is none": "id: a\nterm: 花\npinyin: '1234 ü̈ \u0301'\n",
    "strange languages": "id: a\nterm: 花\ngloss: {'\"><b>': a, '': b, 'en us': c}\n",
    "many aliases": "id: a\nterm: 花\naliases: [" + ", ".join(f"花{n}" for n in range(5_000)) + "]\n",
}


@pytest.mark.parametrize("case", ENTRIES)
def test_strange_entries_are_survived(case: str, survive: Callable[..., int]) -> None:
    survive({"glossary/liu.yaml": ENTRIES[case]})


ANNOTATIONS = {
    "the whole paragraph": "notes: [{in: p1, on: 柳暗花明，花开又花落。, note: 一}]",
    "a quote of spaces": 'notes: [{in: p1, on: "　", note: 一}]',
    "a range onto itself": "notes: [{in: p1, on: 柳, until: {on: 柳}, note: 一}]",
    "a range that overlaps itself": "notes: [{in: p1, on: 柳暗花, until: {on: 花明}, note: 一}]",
    "a range backwards inside": "notes: [{in: p1, on: 花落, until: {on: 柳}, note: 一}]",
    "a range from the title": "notes: [{in: title, on: 柳, until: {in: p2, on: 无声}, note: 一}]",
    "a range into the title": "notes: [{in: p1, on: 柳, until: {in: title, on: 花}, note: 一}]",
    "the title as a whole": "notes: [{in: title, note: 一}]",
    "a reading of the title": "notes: [{in: title, on: 柳, reading: 留}]",
    "an entry in the title": "notes: [{in: title, on: 柳, entry: liu}]",
    "a conversion of the title": "convert: [{in: title, on: 柳, to: {zh-Hant: 楊柳}}]",
    "crossing notes": "notes: [{in: p1, on: 柳暗花, note: 一}, {in: p1, on: 暗花明, note: 二}]",
    "a thousand notes": "notes:\n" + "  - {in: p1, on: 柳, note: 一}\n" * 1_000,
    "a huge count": "notes: [{in: p1, on: 花, nth: 999999999, note: 一}]",
    "an empty context": 'notes: [{in: p1, on: 花, before: "", note: 一}]',
    "a reading that is longer": f"notes: [{{in: p1, on: 柳, reading: {'柳' * 5_000}}}]",
    "readings side by side": "notes: [{in: p1, on: 柳, reading: 楊柳}, {in: p1, on: 暗, reading: 暗暗}]",
    "a reading and an entry and a note": "notes: [{in: p1, on: 柳, reading: 留, entry: liu, note: 一}]",
    "a forced entry over another": "notes: [{in: p1, on: 柳暗, entry: liu}, {in: p1, on: 柳, entry: none}]",
    "conversions of everything": "convert: [{in: p1, on: 柳暗花明，花开又花落。, to: {zh-Hant: 柳}}]",
    "a conversion with markup": "convert: [{in: p1, on: 柳, to: {zh-Hant: '<b>'}}]",
    "a note of nothing but a link": "notes: [{in: p1, on: 柳, note: '[[liu-an#]]'}]",
    "a note with a footnote": "notes: [{in: p1, on: 柳, note: '一[^1]'}]",
    "a note with a list": 'notes: [{in: p1, on: 柳, note: "- 一\\n- 二\\n\\n| a |\\n|---|\\n| b |"}]',
    "an entry for the whole text": "entries: {liu: every, hua: none}",
}


@pytest.mark.parametrize("case", ANNOTATIONS)
def test_strange_annotations_are_survived(case: str, survive: Callable[..., int]) -> None:
    survive({"texts/liu-an/text.yaml": f"title: 柳暗花明\n{ANNOTATIONS[case]}\n"})


def test_files_with_strange_names_are_survived(
    tmp_path: Path, write_edition: Callable, run_duben: Callable
) -> None:
    folder = write_edition(tmp_path / "content", SOUND)
    names = [
        "static/花 %41?#&\"'<b>.svg",
        "static/\u202ea.svg",
        "static/" + "a" * 200,
        "static/a\nb",
        "static/-",
    ]
    for name in names:
        write_edition(folder, {name: "<svg/>"})
    run = run_duben("build", "--content", "content", "--out", "site", cwd=tmp_path)
    assert run.status == 0, run.stderr


@pytest.mark.parametrize("name", ["edition.yaml", "texts/liu-an/text.md", "glossary/liu.yaml", "static/a"])
def test_a_fifo_is_named_and_never_opened(
    name: str, tmp_path: Path, write_edition: Callable, run_duben: Callable
) -> None:
    folder = write_edition(tmp_path / "content", {**SOUND, name: "x"})
    (folder / name).unlink()
    os.mkfifo(folder / name)
    run = run_duben("check", "--content", "content", cwd=tmp_path)
    assert run.status == 1
    assert run.stderr.startswith(f"content/{name}: error: ")
    assert run.stderr.count("[") == 1, "nothing else is told"


@pytest.mark.parametrize("option", ["--content", "--out"])
def test_a_link_that_leads_to_itself_is_survived(
    option: str, tmp_path: Path, write_edition: Callable, run_duben: Callable
) -> None:
    write_edition(tmp_path / "content", SOUND)
    (tmp_path / "loop").symlink_to("loop")
    folders = {"--content": "content", "--out": "site", option: "loop"}
    run = run_duben("build", *(word for pair in folders.items() for word in pair), cwd=tmp_path)
    assert run.status == 1
    assert run.stderr.startswith("loop")


WRONG_USAGE = [
    ["build", "--nonsense"],
    ["nonsense"],
    [],
    ["build", "--variants", "zh-Hans,de"],
    ["build", "--variants", ""],
    ["build", "--sources", "nowhere"],
    ["build", "--base-url", "example.org"],
    ["build", "--base-url", "javascript:alert(1)"],
    ["build", "--base-url", "https://example.org/?a"],
    ["check", "--out", "site"],
]


@pytest.mark.parametrize("arguments", WRONG_USAGE, ids=" ".join)
def test_wrong_usage_ends_with_2(
    arguments: list[str], tmp_path: Path, write_edition: Callable, run_duben: Callable
) -> None:
    write_edition(tmp_path / "content", SOUND)
    run = run_duben(*arguments, cwd=tmp_path)
    assert run.status == 2
    assert run.stderr.startswith("usage: ")
    assert not (tmp_path / "site").exists()
