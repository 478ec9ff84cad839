"""The tables of words mode: that they are sound, that they are what the tool makes, and how it makes them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest

from duben.compile.opencc_files import read_candidates, read_table
from duben.compile.scripts import converter, fold_glyphs
from duben.model import Variant
from tools import word_tables
from tools.word_tables import (
    LEAST_COUNT,
    Lattice,
    Reading,
    make_alternatives,
    make_words,
    read_counts,
    read_senses,
)

ROOT = Path(word_tables.__file__).resolve().parent.parent
REMAKE = "tools/senses.tsv was changed: run `python tools/word_tables.py LEXICON USAGE` (see CONTRIBUTING.md)"

CANDIDATES = read_candidates("STCharacters.txt")
AMBIGUOUS = {char for char, many in CANDIDATES.items() if len(set(map(fold_glyphs, many))) > 1}

# Rows of the senses that do not have the last word: OpenCC's tables of Taiwan's glyphs come after them.
OTHER_GLYPH = {"个中奥秘": "個中奧秘", "舞踊冢": "舞踴塚"}
# What a character becomes though OpenCC does not know it for that: 着 is written 著 in Taiwan.
NO_CANDIDATE: dict[str, set[tuple[str, str]]] = {
    "tools/senses.tsv": {("着", "著")},
    "words.tsv": set(),
    "characters.tsv": set(),
    "alternatives.tsv": set(),
}


def rows(path: Path) -> list[tuple[str, str]]:
    """(key, value) of each row. Raises ValueError for a row that is not key, tab, value."""
    found = []
    for line in path.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            key, value = line.split("\t")
            found.append((key, value))
    return found


def table(name: str) -> list[tuple[str, str]]:
    return rows(word_tables.TABLES / name)


SENSES = dict(rows(word_tables.SENSES))


def unknown_readings(entries: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """(character, what it becomes) where this is neither the same nor a candidate of OpenCC."""
    for word, read in entries:
        for char, other in zip(word, read, strict=True):
            known = {fold_glyphs(each) for each in (char, *CANDIDATES.get(char, ()))}
            if fold_glyphs(other) not in known:
                yield char, other


def repeats(readings: list[str]) -> bool:
    return len(set(readings)) < len(readings)


# --- the committed tables


def test_each_sense_converts_as_it_says_when_it_stands_alone() -> None:
    convert = converter(Variant.HANS, Variant.TW, segmenter="words").convert
    assert len(SENSES) > 4000
    wrong = {word: got for word, read in SENSES.items() if (got := convert(word).text) != read}
    assert wrong == OTHER_GLYPH


def test_the_senses_are_sorted_and_each_stands_once() -> None:
    words = [word for word, _ in rows(word_tables.SENSES)]
    assert words == sorted(set(words))
    assert all(1 <= len(word) <= word_tables.LONGEST_WORD for word in words)


@pytest.mark.parametrize("name", ["words.tsv", "characters.tsv", "alternatives.tsv"])
def test_a_table_is_sorted_by_bytes_and_each_key_stands_once(name: str) -> None:
    keys = [key.encode() for key, _ in table(name)]
    assert keys == sorted(set(keys))
    content = (word_tables.TABLES / name).read_bytes()
    assert content.endswith(b"\n") and b"\r" not in content and b"\n\n" not in content


@pytest.mark.parametrize("name", ["words.tsv", "characters.tsv", "alternatives.tsv"])
def test_what_a_word_becomes_is_as_long_as_the_word(name: str) -> None:
    assert [key for key, values in table(name) for value in values.split(" ") if len(value) != len(key)] == []


def test_words_and_single_characters_stand_apart() -> None:
    assert {len(key) for key, _ in table("characters.tsv")} == {1}
    assert min(len(key) for key, _ in table("words.tsv")) == 2


@pytest.mark.parametrize("name", NO_CANDIDATE)
def test_a_character_becomes_one_that_opencc_knows_for_it(name: str) -> None:
    entries = list(SENSES.items())
    if name != "tools/senses.tsv":
        entries = [(key, value) for key, values in table(name) for value in values.split(" ")]
    assert set(unknown_readings(entries)) == NO_CANDIDATE[name]


def test_no_alternative_is_told_twice() -> None:
    twice = [key for key, others in table("alternatives.tsv") if repeats(others.split(" "))]
    assert twice == []


def test_every_sense_stands_in_the_tables() -> None:
    made = {**dict(table("words.tsv")), **dict(table("characters.tsv"))}
    stale = {word: made.get(word) for word, read in read_senses().items() if made.get(word) != read}
    assert not stale, f"{REMAKE}\n{stale}"


def test_no_character_stands_in_the_tables_that_the_senses_do_not_have() -> None:
    more = {char for char, _ in table("characters.tsv")} - set(SENSES)
    assert not more, f"{REMAKE}\n{more}"


# --- how the tool makes them

# 生发 is a phrase of OpenCC: 生髮. Its overlap with 发明 is what exact mode gets wrong.
LEXICON = {"生发": 60, "发明": 5000, "医生": 4000, "了": 80_000, "人": 60_000}
FILLER = {"的": 4_000_000_000}
#: The phrases of OpenCC that the tool is run on here: it looks at each, and all would take a second a test.
FEW = frozenset("生发 公布 公布栏 为了 了解 明了 岩壁".split())


@pytest.fixture
def few_phrases(monkeypatch: pytest.MonkeyPatch) -> None:
    def read_few(name: str) -> dict[str, str]:
        return {key: value for key, value in read_table(name).items() if len(key) == 1 or key in FEW}

    monkeypatch.setattr("tools.word_tables.read_table", read_few)


def made_from(lexicon: Mapping[str, float], senses: Mapping[str, str] | None = None) -> dict[str, str]:
    return make_words(senses or {}, lexicon, AMBIGUOUS)


@pytest.mark.usefixtures("few_phrases")
def test_an_overlap_is_found_and_read_by_the_likelier_words() -> None:
    words = made_from(LEXICON)
    assert Reading({}, ()).segmented("生发明") == "生髮明"
    assert words["生发明"] == "生發明"
    assert "生发" not in words and "发明" not in words


@pytest.mark.usefixtures("few_phrases")
def test_an_overlap_that_exact_mode_reads_alike_is_left_out() -> None:
    exact = Reading({}, ())
    alike = [word for word, read in made_from(LEXICON).items() if read == exact.segmented(word)]
    assert alike == []


@pytest.mark.parametrize(
    "lexicon",
    [
        {**LEXICON, **FILLER},
        {**LEXICON, "发明": LEAST_COUNT - 1},
        {word: count for word, count in LEXICON.items() if word != "发明"},
    ],
    ids=["expected too seldom", "a word of too small a count", "no such word"],
)
@pytest.mark.usefixtures("few_phrases")
def test_a_rare_overlap_is_left_out(lexicon: dict[str, float]) -> None:
    assert "生发明" not in made_from(lexicon)


@pytest.mark.usefixtures("few_phrases")
def test_an_overlap_goes_by_the_counts() -> None:
    assert made_from({**LEXICON, "生发": 9_000_000, "明": 9_000_000}).get("生发明") is None


@pytest.mark.parametrize(
    "senses", [{"生发明": "生髮明"}, {"生发": "生發"}], ids=["of the overlap", "of a word"]
)
@pytest.mark.usefixtures("few_phrases")
def test_a_sense_wins_over_what_the_counts_say(senses: dict[str, str]) -> None:
    words = made_from(LEXICON, senses)
    assert words.items() >= senses.items()
    assert words.get("生发明") == senses.get("生发明")


@pytest.mark.usefixtures("few_phrases")
def test_a_sense_of_a_character_holds_in_words_that_no_table_has() -> None:
    assert Reading({}, ["岩峰"]).words["岩峰"] == "巖峯"
    assert Reading({"岩": "岩"}, ["岩峰"]).words["岩峰"] == "岩峯"
    assert Reading({"岩": "岩"}, ["岩壁"]).words["岩壁"] == "巖壁"  # a phrase of OpenCC


@pytest.mark.usefixtures("few_phrases")
def test_a_text_is_cut_by_the_likeliest_words() -> None:
    counts = {"为了": 27_000, "了解": 11_000, "解决": 17_000, "为": 90_000, "了": 880_000, "决": 100}
    reading = Reading({}, counts)
    lattice = Lattice(counts, reading)
    likely, read = lattice.read("为了解决")
    assert read == "爲了解決"
    assert likely == pytest.approx(lattice.shares["为了"] + lattice.shares["解决"])


@pytest.mark.usefixtures("few_phrases")
def test_what_no_word_holds_is_read_by_character() -> None:
    lattice = Lattice(LEXICON, Reading({}, LEXICON))
    assert lattice.read("龟人龟")[1] == "龜人龜"


@pytest.mark.usefixtures("few_phrases")
def test_a_word_written_in_two_ways_is_asked_about_at_the_character_that_differs() -> None:
    usage = {"公佈": 60.0, "公布": 40.0}
    assert make_alternatives({}, {}, usage, AMBIGUOUS)["公布"] == ("公布",)
    assert make_alternatives({"公布": "公布"}, {}, usage, AMBIGUOUS)["公布"] == ("公佈",)
    assert "公布" not in make_alternatives({}, {}, {"公佈": 960.0, "公布": 40.0}, AMBIGUOUS)


def test_the_counts_of_a_lexicon_are_read(tmp_path: Path) -> None:
    lexicon = tmp_path / "lexicon.txt"
    lexicon.write_text("发明 5000 v\n# 注\n\n的\n生发 60\n", "utf-8")
    assert read_counts(lexicon) == {"发明": 5000, "生发": 60}


@pytest.mark.parametrize(
    "row",
    ["发明", "发明\t發", "发明 發明", "发明\t發明\n发明\t髮明"],
    ids=["no tab", "short", "a space", "twice"],
)
def test_a_wrong_row_of_the_senses_is_told_with_its_line(
    row: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    senses = tmp_path / "senses.tsv"
    senses.write_text(f"# words\n{row}\n", "utf-8")
    monkeypatch.setattr(word_tables, "SENSES", senses)
    with pytest.raises(SystemExit, match=r"senses\.tsv:[23]: "):
        read_senses()


RUN = """
import sys
from pathlib import Path
from tools import word_tables

all_of, few = word_tables.read_table, sys.argv.pop().split()
word_tables.read_table = lambda name: {k: v for k, v in all_of(name).items() if len(k) == 1 or k in few}
word_tables.TABLES = Path(sys.argv.pop())
word_tables.main()
"""


def test_the_tables_do_not_depend_on_the_order_in_which_sets_are_gone_through(tmp_path: Path) -> None:
    lexicon, usage = tmp_path / "lexicon.txt", tmp_path / "usage.tsv"
    lexicon.write_text("".join(f"{word} {count} n\n" for word, count in LEXICON.items()), "utf-8")
    usage.write_text("公佈\t50\n公布\t30\n頭髮\t80\n頭發\t80\n", "utf-8")
    made = []
    for seed in ("1", "2"):
        folder = tmp_path / seed
        subprocess.run(
            [sys.executable, "-c", RUN, str(lexicon), str(usage), str(folder), " ".join(FEW)],
            check=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
        )
        made.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert made[0] == made[1]
    assert set(made[0]) == {"words.tsv", "characters.tsv", "alternatives.tsv"}
    assert "生发明\t生發明\n".encode() in made[0]["words.tsv"]
