"""Searching: what is found in which script, in both ways of searching; the page; the words found."""

from __future__ import annotations

import gzip
import random
import re
import shutil
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from urllib.parse import quote

import pytest
from browser.built import Built, OpenPage, complaints_of, switch_to
from playwright.sync_api import Browser, Page, expect

from bench.corpus import write_corpus
from duben.compile.glossary import Scripts
from duben.compile.opencc_tables import read_table
from duben.compile.pinyin import Corrections, align_pinyin, fold_corrections
from duben.compile.scripts import converter
from duben.desk.build import Options, read_edition
from duben.diagnostics import Report
from duben.model import Artifact, Edition, Variant
from duben.publish.folding import Folding
from duben.publish.search import LIMIT, search_scripts
from duben.publish.search_rows import Row, list_groups
from duben.read.syllables import MARKS, is_han, without_tone

PROJECT = Path(__file__).resolve().parents[2]
TEXTS_OF_CORPUS = 1000

# Asks as the page itself does: for each query the numbers of the rows found.
ASK = """async ([lang, queries]) => {
  const book = await duben.search.open(lang);
  const found = [];
  for (const query of queries) found.push([...(await duben.search.look(book, query))[1].keys()]);
  return found;
}"""

# Whether the count says what was found, or that nothing was.
COUNTED = "() => /\\d|没有找到|沒有找到/.test(document.querySelector('.count').textContent)"
MARKED = "() => [...(CSS.highlights.get('duben-found') ?? [])].map((range) => range.toString())"


# --- counting without an index


@dataclass(frozen=True)
class Library:
    """An edition with all its rows, searched by reading them through.

    Nothing here is the index's own: characters are compared by OpenCC's table.
    """

    edition: Edition
    rows: Sequence[Row]
    texts: Sequence[Sequence[str]]  # of each row in every variant, compared
    sounds: Sequence[Sequence[Sequence[str]]]  # of each row's readings, syllables with their tones

    @classmethod
    def of(cls, edition: Edition) -> Library:
        scripts = Scripts(edition.settings)
        rows = [row for group in list_groups(edition, scripts, Folding()) for row in group.rows]
        corrections = fold_corrections(
            edition.settings, lambda words: scripts.convert(words, Variant.HANT, Variant.HANS), Report()
        )
        return cls(
            edition,
            rows,
            [list(dict.fromkeys(bare(row.text_in(variant)) for variant in Variant)) for row in rows],
            [
                [syllables(row.simplified(variant), corrections) for variant in row.readings.values()]
                for row in rows
            ],
        )

    def with_words(self, query: str) -> list[int]:
        wanted = bare(query)
        return [number for number, texts in enumerate(self.texts) if any(wanted in text for text in texts)]

    def with_sounds(self, wanted: Sequence[str], *, tones: bool) -> list[int]:
        """The rows that have these syllables one after the other."""
        words = _joined(wanted)
        heard = self.toned if tones else self.plain
        return [number for number, readings in enumerate(heard) if any(words in one for one in readings)]

    def with_letters(self, wanted: str) -> list[int]:
        """The rows in which some syllables, written together, are these letters."""
        return [
            number
            for number, readings in enumerate(self.plain)
            if any(wanted in one.replace("|", "") and _spells(one, wanted) for one in readings)
        ]

    @cached_property
    def toned(self) -> list[list[str]]:
        return [[_joined(reading) for reading in readings] for readings in self.sounds]

    @cached_property
    def plain(self) -> list[list[str]]:
        return [[_joined(map(plainly, reading)) for reading in readings] for readings in self.sounds]


plainly = cache(lambda syllable: without_tone(syllable).replace("ü", "v"))


def _joined(syllables: Iterable[str]) -> str:
    return f"|{'|'.join(syllables)}|"


def _spells(heard: str, wanted: str) -> bool:
    """True where syllables of a reading, with | around each, are these letters."""
    reading = heard[1:-1].split("|")
    for start, first in enumerate(reading):
        if first and wanted.startswith(first):
            word = ""
            for syllable in reading[start:]:
                word += syllable or " "
                if word == wanted:
                    return True
                if not wanted.startswith(word):
                    break
    return False


_ONE = {**read_table("TSCharacters.txt"), "著": "着"}


def bare(text: str) -> str:
    """A text without what is no letter or digit, in small letters and by its Simplified characters."""
    return "".join(map(_bare_char, text.lower()))


@cache
def _bare_char(char: str) -> str:
    return _ONE.get(char, char) if char.isalnum() or char == "\t" else ""


def syllables(simplified: str, corrections: Corrections) -> list[str]:
    given = align_pinyin(simplified, corrections)
    return [
        syllable or ""
        for char, syllable in zip(simplified, given, strict=True)
        if char.isalnum() or char == "\t"
    ]


def cut_queries(library: Library, number: int) -> list[tuple[str, ...]]:
    """Words cut from the rows, each in its form in every variant."""
    chance = random.Random(number)
    found: list[tuple[str, ...]] = []
    while len(found) < number:
        row = chance.choice(library.rows)
        text = row.text_in(Variant.HANS)
        length = chance.choice((1, 2, 2, 3, 4, 5, 8))
        start = chance.randrange(max(len(text) - length, 1))
        words = text[start : start + length]
        if len(bare(words)) == length and all(map(is_han, words)):
            found.append(
                tuple(
                    words if variant is Variant.HANS else converter(Variant.HANS, variant).convert(words).text
                    for variant in Variant
                )
            )
    return found


# --- sites to search


def put_search(edition: Edition, theme: Path, folder: Path, limit: int) -> Path:
    """A site that can be searched and nothing more: the pages of `theme` for that, an edition's words."""
    shutil.copytree(theme / "assets", folder / "assets")
    for variant in edition.settings.variants:
        (folder / variant.folder).mkdir()
        shutil.copy(theme / variant.folder / "search.html", folder / variant.folder)
    for artifact in search_scripts(edition, Scripts(edition.settings), limit):
        write(folder, artifact)
    return folder


def write(folder: Path, artifact: Artifact) -> None:
    path = folder / artifact.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(artifact.content)


@pytest.fixture(scope="session")
def shipped(site: Built) -> Library:
    """The edition in content/: that of `site`."""
    return Library.of(read_edition(Options(PROJECT / "content", site.root), Report()))


@pytest.fixture(scope="session")
def sharded(site: Built, shipped: Library, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped edition as if it were too large to be scanned."""
    return put_search(shipped.edition, site.root, tmp_path_factory.mktemp("sharded") / "site", 0)


@pytest.fixture(scope="session")
def corpus(site: Built, tmp_path_factory: pytest.TempPathFactory, generator: Path) -> tuple[Library, Path]:
    """A generated edition of many texts, and a site to search it. It is in two scripts."""
    folder = tmp_path_factory.mktemp("corpus")
    variants = "variants: [zh-Hans, zh-Hant-TW]\n"
    content = write_corpus(folder / "content", generator, TEXTS_OF_CORPUS, 50, variants)
    edition = read_edition(Options(content, folder / "site"), Report())
    return Library.of(edition), put_search(edition, site.root, folder / "site", LIMIT)


@pytest.fixture
def ask(chromium: Browser) -> Iterator[Callable[[Path, str, Sequence[str]], list[list[int]]]]:
    """`ask(site, lang, queries)` → the rows found for each, by the scripts of the page, from a file."""
    page = chromium.new_page()

    def look(site: Path, lang: str, queries: Sequence[str]) -> list[list[int]]:
        address = (site / lang.lower() / "search.html").as_uri()
        if page.url != address:
            page.goto(address)
        page.wait_for_function("() => window.duben?.search")
        found: list[list[int]] = page.evaluate(ASK, [lang, list(queries)])
        return found

    yield look
    page.close()


Ask = Callable[[Path, str, Sequence[str]], list[list[int]]]


def check_words(library: Library, ask: Ask, site: Path, number: int) -> None:
    queries = cut_queries(library, number)
    for order, variant in enumerate(Variant):
        lang = library.edition.settings.variants[order % len(library.edition.settings.variants)]
        words = [forms[order] for forms in queries]
        for query, found in zip(words, ask(site, lang.value, words), strict=True):
            assert found == library.with_words(query), f"{query} ({variant})"
            assert found, query


def check_sounds(library: Library, ask: Ask, site: Path, number: int) -> None:
    chance = random.Random(number)
    lang = library.edition.settings.variants[0].value
    queries: list[str] = []
    expected: list[list[int]] = []
    while len(queries) < number:
        reading = chance.choice(chance.choice(library.sounds))
        length = chance.choice((1, 2, 2, 3, 4))
        start = chance.randrange(max(len(reading) - length, 1))
        toned = reading[start : start + length]
        if not all(toned):
            continue
        plain = [plainly(syllable) for syllable in toned]
        together = "".join(plain)
        queries += [" ".join(toned), " ".join(plain), together]
        expected += [
            library.with_sounds(toned, tones=True),
            library.with_sounds(plain, tones=False),
            library.with_letters(together),
        ]
    latin = [library.with_words(query) for query in queries]
    for query, found, sounds, words in zip(queries, ask(site, lang, queries), expected, latin, strict=True):
        # With its tones it is no Latin word.
        toned = bool(set(MARKS) & set(unicodedata.normalize("NFD", query)))
        assert found == (sounds if toned else sorted({*sounds, *words})), query


def test_all_that_is_there_is_found_and_nothing_else(site: Built, shipped: Library, ask: Ask) -> None:
    check_words(shipped, ask, site.root, 60)
    check_sounds(shipped, ask, site.root, 30)


def test_the_index_finds_the_same(sharded: Path, shipped: Library, ask: Ask) -> None:
    assert (sharded / "search" / "index.js").is_file()
    check_words(shipped, ask, sharded, 60)
    check_sounds(shipped, ask, sharded, 30)


def test_a_large_edition_is_indexed_and_finds_the_same(corpus: tuple[Library, Path], ask: Ask) -> None:
    library, site = corpus
    assert (site / "search" / "index.js").is_file()
    check_words(library, ask, site, 30)
    check_sounds(library, ask, site, 15)
    for path in [*site.glob("search/*.js"), *site.glob("zh-*/search-*.js")]:
        assert len(gzip.compress(path.read_bytes(), 9)) <= 30 * 1024, path


SPELLINGS = [
    ("xīn zhì", ["xin1zhi4", "XIN1 ZHI4", "xīnzhì", "xin1 zhì", "xīn·zhì"]),
    ("xin zhi", ["xinzhi", "Xin Zhi", "xin'zhi", "ｘｉｎｚｈｉ"]),
    ("chǎn lǜ", ["chan3lv4", "chan3 lu:4", "chǎnlǜ", "chǎn lv\u0300"]),
]


@pytest.mark.parametrize("way", ["scanned", "sharded"])
@pytest.mark.parametrize(("query", "others"), SPELLINGS)
def test_pinyin_may_be_written_in_many_ways(
    site: Built, sharded: Path, ask: Ask, way: str, query: str, others: list[str]
) -> None:
    where = site.root if way == "scanned" else sharded
    first, *rest = ask(where, "zh-Hans", [query, *others])
    assert first
    for other, found in zip(others, rest, strict=True):
        assert found == first, other


def test_a_typed_umlaut_is_looked_for_by_sound_alone(site: Built, shipped: Library, ask: Ask) -> None:
    umlaut, without = ask(site.root, "zh-Hans", ["lü", "lu"])
    assert umlaut == shipped.with_sounds(["lv"], tones=False)
    assert umlaut and set(without) - set(umlaut)


@pytest.mark.parametrize("way", ["scanned", "sharded"])
def test_marks_width_case_and_spaces_do_not_matter(
    site: Built, sharded: Path, shipped: Library, ask: Ask, way: str
) -> None:
    where = site.root if way == "scanned" else sharded
    row = next(row for row in shipped.rows if len(bare(row.text_in(Variant.HANS))) > 40)
    words = row.text_in(Variant.HANS)[:30]
    spread = " ".join(f"「{char}\ufe00」" for char in words)
    one, other = ask(where, "zh-Hans", [words, spread])
    assert one == other == shipped.with_words(words)


def test_what_cannot_be_found_is_not_found(site: Built, sharded: Path, ask: Ask) -> None:
    queries = ["龘龘", "。", "  ", "zzzz", "xin1zhi5zzz", "2026龘", "\t", "__proto__", "("]
    for where in (site.root, sharded):
        assert ask(where, "zh-Hans", queries) == [[]] * len(queries)


# --- the page


def search_page(site: Built, variant: str = "") -> str:
    return (variant or site.variants[0]).lower() + "/search.html"


def type_in(page: Page, query: str) -> None:
    page.locator("main [name=q]").fill(query)
    page.locator("main form button").click()
    page.wait_for_function(COUNTED)


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_a_hit_leads_to_its_words(open_page: OpenPage, site: Built, served: str, scheme: str) -> None:
    page = open_page()
    complaints = complaints_of(page)
    page.goto((served if scheme == "http" else site.root.as_uri() + "/") + search_page(site))
    type_in(page, "新質生產力")
    hit = page.locator(".results a.text", has=page.locator(".where", has_text=re.compile(r"^\d"))).first
    expect(hit.locator("mark").first).to_have_text("新质生产力")
    hit.click()
    page.wait_for_url("**/texts/*.html?q=*")
    page.wait_for_function(f"() => ({MARKED})().length > 0")
    assert set(page.evaluate(MARKED)) == {"新质生产力"}
    aim = page.url.partition("#")[2]
    assert page.evaluate(
        """aim => {
          const box = [...CSS.highlights.get('duben-found')]
            .find((range) => document.getElementById(aim).contains(range.startContainer))
            .getBoundingClientRect();
          return box.top > document.querySelector('.top').getBoundingClientRect().bottom - 1
            && box.bottom < innerHeight;
        }""",
        aim,
    )
    page.keyboard.press("Escape")
    assert page.evaluate(MARKED) == []
    assert page.locator("button.found").count() == 0
    assert not complaints


def test_the_words_found_stay_marked_in_another_script(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page()
    page.goto(served + site.text + "?q=" + quote("发展"))
    page.wait_for_function(f"() => ({MARKED})().length > 0")
    number = len(page.evaluate(MARKED))
    switch_to(page, "zh-Hant")
    page.wait_for_function(f"() => ({MARKED})().includes('發展')")
    assert page.evaluate(MARKED) == ["發展"] * number


def test_words_are_marked_across_elements_and_not_in_numbers(
    open_page: OpenPage, site: Built, served: str
) -> None:
    page = open_page()
    page.goto(served + site.text)
    words = page.evaluate(
        """() => {
          const reference = document.querySelector('.body p .noteref');
          const block = reference.closest('p');
          const shown = block.cloneNode(true);
          for (const part of shown.querySelectorAll('.num, .noteref, .fnref')) part.remove();
          return shown.textContent.trim();
        }"""
    )
    page.goto(served + site.text + "?q=" + quote(words))
    page.wait_for_function(f"() => ({MARKED})().length === 1")


def test_the_address_keeps_the_search(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page()
    page.goto(served + search_page(site))
    type_in(page, "东北")
    page.locator("[name=kind]").select_option("entry")
    page.wait_for_function("() => document.querySelectorAll('.results a.text').length === 0")
    shown = page.locator(".results li a").all_inner_texts()
    assert shown
    assert "q=" in page.url
    assert "kind=entry" in page.url
    page.reload()
    page.wait_for_function(COUNTED)
    assert page.locator(".results li a").all_inner_texts() == shown
    switch_to(page, "zh-Hant")
    page.wait_for_function("() => /東北/.test(document.querySelector('.results')?.textContent)")
    assert len(page.locator(".results li a").all()) == len(shown)
    assert page.locator("main [name=q]").input_value() == "东北"


def test_hits_can_be_narrowed_to_one_text(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page()
    page.goto(served + search_page(site) + "?q=" + quote("发展"))
    page.wait_for_function(COUNTED)
    choices = page.locator("[name=text] option").all()
    path, label = choices[1].get_attribute("value"), choices[1].inner_text()
    assert path
    page.locator("[name=text]").select_option(path)
    number = int(label.split()[-1])
    expect(page.locator(".count")).to_contain_text(str(number))
    assert page.locator(".results section").count() == 1


def test_many_hits_are_shown_in_turn(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page()
    page.goto(served + search_page(site) + "?q=" + quote("的"))
    page.wait_for_function(COUNTED)
    total = int(re.findall(r"\d+", page.locator(".count").inner_text())[0])
    assert total > 50
    assert page.locator(".results li a").count() == 50
    page.locator(".results .more").click()
    page.wait_for_function(
        "number => document.querySelectorAll('.results li a').length === number", arg=min(total, 100)
    )
    assert (
        page.evaluate("[...document.querySelectorAll('.results li a')].indexOf(document.activeElement)") == 50
    )


def test_the_keyboard_goes_through_the_hits(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page()
    page.goto(served + search_page(site))
    field = page.locator("main [name=q]")
    expect(field).to_be_focused()
    page.keyboard.type("dongbei")
    page.wait_for_selector(".results li a")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".results li a").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".results li a").nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(field).to_be_focused()
    page.locator(".results li a").nth(2).focus()
    page.keyboard.press("/")
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(field).to_have_value("")
    expect(page.locator(".results li a")).to_have_count(0)


def test_the_count_is_told_and_nothing_found_is_said(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page()
    page.goto(served + search_page(site))
    assert page.locator(".count").get_attribute("role") == "status"
    type_in(page, "龘龘")
    expect(page.locator(".count")).to_contain_text("没有找到")
    assert page.locator(".results li").count() == 0


def test_words_that_do_not_load_are_told(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page()
    page.route("**/zh-hans/search.js", lambda route: route.abort())
    page.goto(served + search_page(site) + "?q=x")
    expect(page.locator(".count")).to_contain_text("没有载入")


def test_a_copy_without_the_kept_texts_finds_the_others(
    open_page: OpenPage, tmp_path: Path, site: Built, write_edition: Callable[..., Path]
) -> None:
    write_edition(
        tmp_path / "content",
        {
            "edition.yaml": "title: 读本\nvariants: [zh-Hans]\n",
            "texts/kept/text.md": "松花江上。 {#p1}\n",
            "texts/kept/text.yaml": "title: 留\norder: 1\nrepublish: false\n",
            "texts/open/text.md": "松花江边。 {#p1}\n",
            "texts/open/text.yaml": "title: 放\norder: 2\n",
        },
    )
    edition = read_edition(Options(tmp_path / "content", tmp_path / "x"), Report())
    folder = put_search(edition, site.root, tmp_path / "site", LIMIT)
    page = open_page()
    address = (folder / "zh-hans" / "search.html").as_uri() + "?q=songhuajiang"
    page.goto(address)
    expect(page.locator(".results li a")).to_have_count(2)
    (folder / "zh-hans" / "search-kept.js").unlink()
    page.goto("about:blank")
    page.goto(address)
    expect(page.locator(".results li a")).to_have_count(1)
    expect(page.locator(".results li a mark")).to_have_text("松花江")


def test_words_of_a_region_are_found_from_every_script(
    open_page: OpenPage, tmp_path: Path, site: Built, write_edition: Callable[..., Path], ask: Ask
) -> None:
    write_edition(
        tmp_path / "content",
        {
            "edition.yaml": "title: 读本\nvariants: [zh-Hans, zh-Hant-TW]\nregional: [zh-Hant-TW]\n",
            "texts/one/text.md": "他买了内存条、软件。 {#p1}\n\n别的。 {#p2}\n",
            "texts/one/text.yaml": "title: 一\n",
        },
    )
    edition = read_edition(Options(tmp_path / "content", tmp_path / "x"), Report())
    words = [
        "内存条",
        "記憶體模組",
        "记忆体模组",
        "買了記憶體",
        "模組、軟體",
        "neicuntiao",
        "ji4yi4ti3",
        "條軟件",
    ]
    for way, limit in (("scan", LIMIT), ("shards", 0)):
        folder = put_search(edition, site.root, tmp_path / way, limit)
        for lang in ("zh-Hans", "zh-Hant-TW"):
            assert ask(folder, lang, words) == [[1]] * len(words), (way, lang)
        page = open_page()
        page.goto((folder / "zh-hans" / "search.html").as_uri() + "?q=" + quote("買了記憶體"))
        expect(page.locator(".results mark")).to_have_text("买了内存条")


def test_an_excerpt_begins_with_a_whole_word(
    open_page: OpenPage, build_edition: Callable[..., Built], serve: Callable[[Built], str]
) -> None:
    english = "Every morning the apothecary weighed unmistakable remedies before breakfast in silence"
    built = build_edition(
        "excerpt",
        {
            "edition.yaml": "title: 书\nvariants: [zh-Hans]\n",
            "texts/yao/text.yaml": "title: 药\nlang: zh-Hans\n",
            "texts/yao/text.md": f"{english} 药铺。 {{#p1}}\n",
        },
    )
    page = open_page()
    page.goto(serve(built) + "zh-hans/search.html?q=silence")
    page.wait_for_function(COUNTED)
    shown = page.locator(".results .snippet").inner_text().strip("… ").split()
    assert shown[0] in english.split()
    assert shown[-1] == "药铺。" and len(shown) < len(english.split())


def test_the_page_without_script_leads_on(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(served + search_page(site))
    expect(page.locator("main form")).to_be_hidden()
    for link in page.locator("main noscript a").all():
        assert page.request.get(served + "zh-hans/" + (link.get_attribute("href") or "")).ok
    assert page.locator("main noscript a").count() == 2


@pytest.mark.parametrize("width", [390, 820])
def test_nothing_is_wider_than_the_window(open_page: OpenPage, site: Built, served: str, width: int) -> None:
    page = open_page(width)
    page.goto(served + search_page(site) + "?q=" + quote("发展"))
    page.wait_for_function(COUNTED)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_in_english_the_search_speaks_english(open_page: OpenPage, site: Built, served: str) -> None:
    page = open_page()
    page.add_init_script("localStorage.setItem('duben-settings', '{\"ui\": \"en\"}')")
    page.goto(served + search_page(site) + "?q=" + quote("发展"))
    expect(page.locator(".count")).to_have_text(re.compile(r"^\d+ found$"))
    expect(page.locator(".count")).to_have_attribute("lang", "en")


def test_the_scripts_stay_small(site: Built) -> None:
    def size(name: str) -> int:
        return len(gzip.compress((site.root / "assets" / name).read_bytes(), 9))

    assert size("search.js") <= 4096
    assert size("shards.js") + size("sounds.js") <= 4096
    assert size("found.js") <= 2048
