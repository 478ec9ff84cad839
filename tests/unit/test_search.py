"""What is searched: rows and their readings, the scripts to scan, the index of a large edition."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from duben.compile.glossary import Scripts
from duben.compile.pinyin import Corrections
from duben.desk.build import Options, read_edition
from duben.diagnostics import Report
from duben.model import Edition, Variant
from duben.publish.folding import Folding
from duben.publish.search import LIMIT, search_scripts
from duben.publish.search_index import BASE64, SHIFT, index_sounds, index_words
from duben.publish.search_rows import Row, list_groups
from duben.publish.sounds import Sounds, spell

FILES = {
    "edition.yaml": "title: 读本\nvariants: [zh-Hans, zh-Hant, zh-Hant-TW, zh-Hant-HK]\n"
    "regional: [zh-Hant-TW]\n",
    "glossary/all.yaml": """
        - id: ai
          term: 人工智能
          aliases: [智能]
          gloss: {en: Artificial Intelligence}
          definition: 机器的智能。
    """,
    "texts/one/text.md": "内存条、软件，交给“他”。 {#p1}\n\n再看一次。 {#p2}\n",
    "texts/one/text.yaml": """
        title: 一篇
        notes:
          - {id: n1, in: p1, on: 内存条, note: "注里的𠀀和网络"}
    """,
    "texts/two/text.md": "只在这里读的字。 {#p1}\n",
    "texts/two/text.yaml": "title: 二篇\nrepublish: false\n",
    "pages/about.md": "# 关于\n\n这是说明。\n",
}


@pytest.fixture
def edition(tmp_path: Path, write_edition: Callable[[Path, Mapping[str, str]], Path]) -> Edition:
    write_edition(tmp_path / "content", FILES)
    return read_edition(Options(tmp_path / "content", tmp_path / "site"), Report())


def taken(content: bytes) -> tuple[str, Any]:
    """The name and the value that a script hands over."""
    found = re.fullmatch(r'duben\.take\("([^"]+)",(.*)\);\n', content.decode(), re.DOTALL)
    assert found
    return found[1], json.loads(found[2])


def scripts_of(edition: Edition, limit: int = LIMIT) -> dict[str, bytes]:
    return {
        artifact.path: artifact.content
        for artifact in search_scripts(edition, Scripts(edition.settings), limit)
    }


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("“新質，生產力！”", "新质生产力"),
        ("ＧＤＰ 增長", "gdp增长"),
        ("Ünicode ﬁn", "unicodefin"),
        ("衞生 裏", "卫生里"),
        ("葛\U000e0100飾", "葛饰"),
        ("一\n二　三", "一二三"),
        ("第〇號", "第〇号"),
        ("發髮", "发发"),
        ("甲\t乙", "甲\t乙"),
    ],
)
def test_marks_width_case_and_script_are_folded(text: str, folded: str) -> None:
    assert Folding().fold(text) == folded


def test_folding_twice_changes_nothing() -> None:
    folding = Folding()
    for code in range(0x20000):
        if not 0xD800 <= code < 0xE000:
            once = folding.fold(chr(code))
            assert folding.fold(once) == once, hex(code)


def test_partners_are_those_that_differ_from_what_is_used() -> None:
    pairs = Folding().partners({"发", "里"})
    found = dict(zip(pairs[::2], pairs[1::2], strict=True))
    assert {"發", "髮"} <= found.keys()
    assert set(found.values()) == {"发", "里"}


def rows_of(edition: Edition) -> list[Row]:
    groups = list_groups(edition, Scripts(edition.settings), Folding())
    return [row for group in groups for row in group.rows]


def test_every_kind_of_place_is_a_row(edition: Edition) -> None:
    groups = list_groups(edition, Scripts(edition.settings), Folding())
    assert [(group.kind, group.path, [row.anchor for row in group.rows]) for group in groups] == [
        ("text", "texts/one.html", ["title", "p1", "p2"]),
        ("note", "texts/one.html", ["n1"]),
        ("text", "texts/two.html", ["title", "p1"]),
        ("entry", "glossary/index.html", ["ai"]),
        ("page", "pages/about.html", ["", ""]),
    ]
    assert [group.kept for group in groups] == [False, False, True, False, False]


def test_a_row_has_a_reading_for_the_words_of_a_region(edition: Edition) -> None:
    row = rows_of(edition)[1]
    assert list(row.readings.values()) == [Variant.HANS, Variant.TW]
    simplified, taiwan = row.readings
    assert "内存条软件" in simplified
    assert "记忆体模组软体" in taiwan


def test_an_entry_is_searched_in_all_its_forms_and_in_latin(edition: Edition) -> None:
    row = next(row for row in rows_of(edition) if row.anchor == "ai")
    readings = list(row.readings)
    assert "人工智能\t智能\tartificialintelligence\t机器的智能" in readings
    assert any("人工智慧" in reading for reading in readings)


def spliced(text: str, splices: Sequence[Sequence[Any]]) -> str:
    """A row's text with splices as a browser puts them in."""
    units = text.encode("utf-16-le")
    out, end = b"", 0
    for start, length, words in splices:
        out += units[2 * end : 2 * start] + words.encode("utf-16-le")
        end = start + length
    return (out + units[2 * end :]).decode("utf-16-le")


def test_splices_make_every_reading_of_the_text_of_every_variant(edition: Edition) -> None:
    folding = Folding()
    rows = rows_of(edition)
    several = 0
    for path, content in scripts_of(edition).items():
        if not path.endswith("/search.js"):
            continue
        _, book = taken(content)
        shown = (row for group in book["rows"] for row in group)
        expected = [row for row in rows if row.text_in(Variant.HANS) not in ("二篇", "只在这里读的字。")]
        for row, (_, text, *others) in zip(expected, shown, strict=True):
            made = [text if splices == 0 else spliced(text, splices) for splices in (others or [[0]])[0]]
            assert [folding.fold(words) for words in made] == list(row.readings)
            several += len(made) > 1
    assert several


def test_what_may_not_be_taken_elsewhere_is_in_a_script_of_its_own(edition: Edition) -> None:
    for limit in (LIMIT, 0):
        for path, content in scripts_of(edition, limit).items():
            words = content.decode()
            assert ("只在这里" in words or "只在這裡" in words or "只在這裏" in words) == path.endswith(
                "-kept.js"
            ), path


def test_a_script_never_says_less_for_a_limit(edition: Edition) -> None:
    small, large = scripts_of(edition), scripts_of(edition, 0)
    assert "search/pinyin.js" in small
    assert "search/index.js" not in small
    assert "search/index.js" in large
    assert "search/pinyin.js" not in large
    _, book = taken(large["zh-hans/search.js"])
    shelved = [
        row
        for order, first in enumerate(book["shelves"])
        for row in taken(large[f"zh-hans/search-{order}{'-kept' if first < 0 else ''}.js"])[1]
    ]
    _, whole = taken(small["zh-hans/search.js"])
    _, kept = taken(small["zh-hans/search-kept.js"])
    own, others = iter(whole["rows"]), iter(kept)
    assert shelved == [row for group in whole["groups"] for row in next(others if group[4] else own)]


def test_the_scripts_are_the_same_each_time(edition: Edition) -> None:
    for limit in (LIMIT, 0):
        assert scripts_of(edition, limit) == scripts_of(edition, limit)


@pytest.mark.parametrize(
    ("syllable", "spelt"),
    [
        ("xīn", "xin1"),
        ("lǜ", "lv4"),
        ("nǚ", "nv3"),
        ("de", "de5"),
        ("ér", "er2"),
        ("ê̄", "e1"),
        ("Běi", "bei3"),
    ],
)
def test_syllables_are_spelt_with_digits(syllable: str, spelt: str) -> None:
    assert spell(syllable) == spelt


def test_every_character_of_a_reading_has_a_syllable_or_none(edition: Edition) -> None:
    sounds = Sounds(Corrections(), Folding())
    row = rows_of(edition)[1]
    simplified = next(iter(row.readings))
    expected = ["nei4", "cun2", "tiao2", "ruan3", "jian4", "jiao1", "gei3", "ta1"]
    assert sounds.of(row, simplified) == expected
    for other in rows_of(edition):
        for reading in other.readings:
            assert len(sounds.of(other, reading)) == len(reading)
    assert "jian" in sounds.used


# --- the index


def numbers_of(block: str) -> list[int]:
    found, number, scale = [], 0, 1
    for digit in block:
        value = BASE64.index(digit)
        number += (value & 31) * scale
        scale *= 32
        if value < 32:
            found.append(number)
            number, scale = 0, 1
    return found


def read_index(parts: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    """Key → its blocks; checks that each part starts with the key by which it is found."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for first, part in parts:
        entries = json.loads(part)
        assert next(iter(entries)) == first
        for key, blocks in entries.items():
            found[key] += blocks.split(" ")
    return found


def words_for(seed: int, number: int) -> list[str]:
    chance = random.Random(seed)
    return ["".join(chance.choices("的一是在gdp𠀀\t豈", k=chance.randrange(0, 60))) for _ in range(number)]


def test_the_index_says_where_every_pair_and_character_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("duben.publish.search_index.BLOCK", 100)
    readings = words_for(1, 3000)
    parts = list(index_words(readings))
    index = read_index(parts)
    expected: defaultdict[str, set[tuple[int, int]]] = defaultdict(set)
    for number, reading in enumerate(readings):
        for place, char in enumerate(reading):
            pair = reading[place : place + 2]
            if char != "\t":
                expected[char].add((number, 0))
            if len(pair) == 2 and "\t" not in pair:
                expected[pair].add((number, place))
    found: dict[str, set[tuple[int, int]]] = {}
    for key, blocks in index.items():
        places = set()
        for block in blocks:
            numbers, reading = numbers_of(block), 0
            if len(key) == 1:
                for further in numbers:
                    reading += further
                    places.add((reading, 0))
            else:
                for further, place in zip(numbers[::2], numbers[1::2], strict=True):
                    reading += further
                    places.add((reading, place))
        found[key] = places
    assert found == expected
    assert any(len(blocks) > 1 for blocks in index.values())
    firsts = [first.encode("utf-16-be") for first, _ in parts]
    assert firsts == sorted(firsts)


def test_the_index_of_sounds_keeps_the_tones() -> None:
    readings = [["xin1", "zhi4", "", "lv4", "xin4"], ["xin1", "zhi2"]]
    index = {
        key: [numbers_of(block) for block in blocks]
        for key, blocks in read_index(list(index_sounds(readings))).items()
    }
    assert index["xin zhi"] == [[0, 32 * 0 + 5 * 0 + 3, 1, 32 * 0 + 5 * 0 + 1]]
    assert index["lv xin"] == [[0, 32 * 3 + 5 * 3 + 3]]
    assert index["xin"] == [[0, 8 * 0 + 0, 0, 8 * 4 + 3, 1, 8 * 0 + 0]]
    assert "zhi lv" not in index


def test_no_part_of_the_index_is_large() -> None:
    chance = random.Random(3)
    signs = [chr(code) for code in range(0x4E00, 0x4E00 + 2500)]
    readings = ["".join(chance.choices(signs, k=400)) for _ in range(500)]
    for _, part in index_words(readings):
        assert len(gzip.compress(part.encode(), 9)) <= 30 * 1024


def test_a_place_has_room_for_the_longest_paragraph() -> None:
    assert 1 << SHIFT > 4 * 1_000_000
