"""The strings of the interface: all there in both languages, all used, and harmless whoever wrote them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Run

from duben.diagnostics import Report
from duben.model import Variant
from duben.publish.catalogue import canonical_tag, read_catalogue
from duben.publish.interface import Dated, Wording, interface_in, labelled, said, string_scripts, tongues
from duben.publish.render import INTERFACE, theme_folder
from duben.read.schema import ENTRY_KINDS

ROOM = Path(__file__).resolve().parents[2] / "duben" / "publish"
CATALOGUE: dict[str, dict] = json.loads((theme_folder() / INTERFACE).read_text("utf-8"))
PLACES = re.compile(r"\{\w+\}")
# A key in a page, a script or a room, written out; and the beginning of one that is made.
ASKED = re.compile(r"""\bui\[["']([\w-]+)["']\]|data-t(?:-\w+)?="([\w-]+)"|\bstrings\[["']([\w-]+)["']\]""")
ASKED_IN_SCRIPT = re.compile(r"\bstrings\.(\w+)()()")
MADE = re.compile(r"""["'`]([a-z-]+-)(?:["']\s*~|\$?\{)""")


def sources() -> dict[str, str]:
    files = [*theme_folder().glob("*.html"), *theme_folder().glob("assets/*.js"), *ROOM.glob("*.py")]
    return {path.name: path.read_text("utf-8") for path in files}


def strings_of(said_of: str | dict[str, str]) -> list[str]:
    return [said_of] if isinstance(said_of, str) else list(said_of.values())


def test_every_string_is_there_in_chinese_and_in_english() -> None:
    for key, row in CATALOGUE.items():
        assert set(row) == {"zh-Hans", "en"}, key
        for string in strings_of(row["zh-Hans"]) + strings_of(row["en"]):
            assert string.strip(), key


def test_no_english_string_has_chinese_in_it_but_the_name_of_chinese() -> None:
    han = re.compile("[\u3400-\u9fff\u3000-\u303f\uff00-\uffef]")
    assert {key for key, row in CATALOGUE.items() if han.search(str(row["en"]))} <= {"ui-page"}


def test_what_stands_in_a_string_stands_in_all_its_forms() -> None:
    for key, row in CATALOGUE.items():
        wanted = PLACES.findall(row["zh-Hans"])
        assert len(wanted) <= 1, key
        for string in strings_of(row["en"]):
            assert PLACES.findall(string) == wanted, key


def test_the_catalogue_is_sorted_one_line_a_key() -> None:
    lines = (theme_folder() / INTERFACE).read_text("utf-8").splitlines()
    assert lines[0] == "{" and lines[-1] == "}"
    assert [line.split('"')[1] for line in lines[1:-1]] == sorted(CATALOGUE)


def test_every_string_that_is_asked_for_is_there() -> None:
    found = 0
    for name, text in sources().items():
        patterns = (ASKED, ASKED_IN_SCRIPT) if name.endswith(".js") else (ASKED,)
        for key in ("".join(match) for pattern in patterns for match in pattern.findall(text)):
            found += 1
            assert key in CATALOGUE, f"{name}: {key}"
    assert found > 50
    for kind in ENTRY_KINDS:
        assert f"kind-{kind}" in CATALOGUE and f"kinds-{kind}" in CATALOGUE
    for variant in Variant:
        assert f"script-{variant}" in CATALOGUE and f"variant-{variant}" in CATALOGUE


def test_every_string_is_asked_for() -> None:
    text = "\n".join(sources().values())
    begun = tuple(set(MADE.findall(text)))
    unused = [
        key
        for key in CATALOGUE
        if not key.startswith(begun) and not re.search(rf"""["'`.]{re.escape(key)}["'`\]\[.,;) ]""", text)
    ]
    assert not unused


# --- what an edition writes ---------------------------------------------------------------------------


def read(tmp_path: Path, *files: object) -> tuple[dict, list[str]]:
    """The catalogue of several files, and what is told of them."""
    report = Report()
    paths = []
    for number, content in enumerate(files):
        path = tmp_path / f"{number}.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
        paths.append(path)
    catalogue = read_catalogue(paths, report)
    return dict(catalogue), [found.message for found in report.found]


def test_an_edition_s_own_strings_stand_in_language_by_language(tmp_path: Path) -> None:
    catalogue, told = read(
        tmp_path,
        {"home": {"zh-Hans": "首页", "en": "Home"}},
        {"home": {"zh-Hans": "主页", "fr": "Accueil"}, "ours": {"zh-Hans": "我们"}},
    )
    assert not told
    assert catalogue == {
        "home": {"zh-Hans": "主页", "en": "Home", "fr": "Accueil"},
        "ours": {"zh-Hans": "我们"},
    }


def test_a_form_for_some_numbers_goes_with_the_string_that_is_replaced(tmp_path: Path) -> None:
    first = {"n": {"zh-Hans": "{n}处", "en": {"one": "{n} place", "other": "{n} places"}}}
    assert read(tmp_path, first)[0] == {
        "n": {"zh-Hans": "{n}处", "en": "{n} places"},
        "n#one": {"en": "{n} place"},
    }
    catalogue, _ = read(tmp_path, first, {"n": {"en": "times: {n}"}})
    assert catalogue == {"n": {"zh-Hans": "{n}处", "en": "times: {n}"}}


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"<b>": {"zh-Hans": "x"}}, "a key is letters"),
        ({'"><script>': {"zh-Hans": "x"}}, "a key is letters"),
        ({"../x": {"zh-Hans": "x"}}, "a key is letters"),
        ({"a#one": {"zh-Hans": "x"}}, "a key is letters"),
        ({"": {"zh-Hans": "x"}}, "a key is letters"),
        ({"__proto__": {"zh-Hans": "x"}}, "a key is letters"),
        ({"a\n": {"zh-Hans": "x"}}, "a key is letters"),
        ({"a": {"zh-Hans": "x", "../../index": "x"}}, "is no tag of a language"),
        ({"a": {"zh-Hans": "x", "en.js": "x"}}, "is no tag of a language"),
        ({"a": {"zh-Hans": "x", "": "x"}}, "is no tag of a language"),
        ({"a": {"zh-Hans": "x", "e\u017f": "x"}}, "is no tag of a language"),
        ({"a": {"zh-Hans": "x", "fr\n": "x"}}, "is no tag of a language"),
        ({"a": {"zh-Hans": "x", "french": "x"}}, "is no tag of a language"),
        ({"a": {"zh-Hans": "x", "fr" + "-abcde" * 40: "x"}}, "is no tag of a language"),
        ({"a": {"zh-Hans": "x", "zh-Hant": "x"}}, "is made from zh-Hans"),
        ({"a": {"zh-Hans": "x", "EN": "x", "en": "y"}}, "`en` is there twice"),
        ({"a": {"zh-Hans": "x", "en": {"one": "x"}}}, "wants `other`"),
        ({"a": {"zh-Hans": "x", "en": {"other": "x", "two#": "x"}}}, "wants `other`"),
        ({"a": {"zh-Hans": "x", "en": {"other": 1}}}, "expected a mapping"),
        ({"a": {"zh-Hans": {"other": "x"}}}, "expected a mapping"),
        ('{"a": {"zh-Hans": "\\ud800"}}', "half of one"),
        ('{"a": {"zh-Hans": "\\u0000"}}', "a control character"),
    ],
)
def test_what_could_leave_its_place_is_told_and_left_out(tmp_path: Path, row: object, told: str) -> None:
    catalogue, messages = read(tmp_path, row)
    assert catalogue == {}
    assert len(messages) == 1 and told in messages[0]


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("EN", "en"),
        ("pt-br", "pt-BR"),
        ("SR-latn-rs", "sr-Latn-RS"),
        ("es-419", "es-419"),
        ("de-1996", "de-1996"),
    ],
)
def test_tags_are_written_as_is_usual(written: str, tag: str) -> None:
    assert canonical_tag(written) == tag


def test_languages_on_offer_are_those_that_say_their_name(tmp_path: Path) -> None:
    catalogue, _ = read(
        tmp_path,
        {
            "language-name": {"zh-Hans": "中文", "fr": "français", "en": "English", "de": " "},
            "home": {"zh-Hans": "首页", "en": "Home", "es": "Inicio"},
            "n": {"zh-Hans": "{n}处", "en": {"one": "{n} place", "other": "{n} places"}, "fr": "{n} fois"},
            "new": {"zh-Hans": "新"},
        },
    )
    english, french = tongues(catalogue)
    assert (english.lang, french.lang) == ("en", "fr")
    assert french.ui["language-name"] == "français"
    assert french.ui["home"] == "Home"  # said in English, where it says nothing
    assert french.ui["new"] == "新"
    assert french.ui["n"] == "{n} fois" and "n#one" not in french.ui
    assert english.ui["n#one"] == "{n} place"


def test_hostile_strings_are_text_in_pages_and_in_scripts() -> None:
    evil = "</script><img src=x onerror=alert(1)>\"'`${x}\u2028\\"
    assert "<img" not in said(Wording(evil, "home"))
    assert "<img" not in said(Wording(evil, "home").of(evil))
    assert (
        '"' not in labelled(Wording(evil, "home")).removeprefix(' aria-label="').split('" data-t-label="')[0]
    )
    assert "<img" not in said(Dated(evil, evil))
    catalogue = {"language-name": {"zh-Hans": "中", "en": evil}, "home": {"zh-Hans": "家", "en": evil}}
    (script,) = string_scripts(catalogue, ())
    assert script.path == "assets/strings.en.js"
    payload = script.content.decode("utf-8").removeprefix("duben.say(").removesuffix(");\n")
    assert json.loads(payload)["strings"]["home"] == evil


def test_the_words_of_a_region_are_its_own() -> None:
    taiwan, hong_kong, traditional = (
        interface_in(variant, CATALOGUE) for variant in (Variant.TW, Variant.HK, Variant.HANT)
    )
    assert "網路" in taiwan["keep-offline"] and "網絡" in hong_kong["keep-offline"]
    for strings in (taiwan, hong_kong, traditional):
        assert strings["cite-link"] == "複製連結"
        assert strings["note-n"] == "註{n}" and strings["pinyin-off"] == "不注"
        assert "檔案" in strings["keep-progress"] and "裝置" in strings["keep-full"]
        assert strings["settings"].endswith("設定") and strings["keep-start"] == "儲存"
    assert taiwan["settings-ui"] == hong_kong["settings-ui"] == "介面"


def test_words_that_are_not_of_the_interface_stay_as_they_are() -> None:
    assert said("<作者>") == "&lt;作者&gt;"


def test_a_number_is_told_only_where_it_cannot_be_found() -> None:
    count = Wording("书中{n}处", "count-n")
    assert said(count.of(3)) == '<span data-t="count-n">书中3处</span>'
    assert said(Wording("1至{n}", "to").of(3)) == '<span data-t="to" data-n="3">1至3</span>'
    assert (
        said(Wording("引擎{engine}", "e").of("duben")) == '<span data-t="e" data-n="duben">引擎duben</span>'
    )
    inner = Wording("原文为{script}", "printed-in").of(Wording("简体字", "script-zh-Hans"))
    assert said(inner) == '<span data-t="printed-in" data-of="script-zh-Hans">原文为简体字</span>'


def test_an_edition_adds_a_language(
    tmp_path: Path, write_edition: Callable, run_duben: Callable[..., Run]
) -> None:
    own = {"language-name": {"fr": "français"}, "choose-interface": {"fr": "Interface en français"}}
    write_edition(
        tmp_path / "content",
        {
            "edition.yaml": "title: 读本\n",
            "texts/a/text.yaml": "title: 题\n",
            "texts/a/text.md": "文字。 {#p1}\n",
            "templates/interface.json": json.dumps(own),
        },
    )
    done = run_duben("build", cwd=tmp_path)
    assert done.status == 0, done.stderr
    site = tmp_path / "site"
    assert '"languages":{"en":"English","fr":"français"}' in (site / "assets/strings.fr.js").read_text(
        "utf-8"
    )
    root = (site / "index.html").read_text("utf-8")
    assert '<button type="button" lang="fr" value="fr"' in root and "Interface en français" in root
