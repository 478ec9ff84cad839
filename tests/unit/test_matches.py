"""`duben check --matches`: terms that words cross."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import CHECKOUT

TERMS = ["中部", "北大", "科技", "东北"]
GLOSSARY = "\n".join(f"- {{id: t{number}, term: {term}}}" for number, term in enumerate(TERMS))


@pytest.fixture
def told(tmp_path: Path, write_edition: Callable, run_duben: Callable) -> Callable[..., list[str]]:
    def check(body: str, sheet: str = "title: 柳\n", *more: str) -> list[str]:
        files = {"edition.yaml": "title: 读本\n", "glossary/all.yaml": GLOSSARY}
        write_edition(tmp_path, {**files, "texts/a/text.md": f"{body} {{#p1}}\n", "texts/a/text.yaml": sheet})
        run = run_duben("check", "--matches", "--content", ".", *more, cwd=tmp_path)
        assert run.status == (1 if "--strict" in more and run.stderr else 0)
        return [line for line in run.stderr.splitlines() if "[match-doubtful]" in line]

    return check


@pytest.mark.parametrize(
    ("body", "words"),
    [("其中部分柳树", "其中 部分"), ("方向北大概一致", "北 大概"), ("方向北大概", "北 大概")],
)
def test_a_match_that_a_word_crosses_is_told_with_the_words(body: str, words: str, told: Callable) -> None:
    (line,) = told(body)
    assert f"whose words seem to be {words} [match-doubtful]" in line


@pytest.mark.parametrize(
    "body",
    ["我国中部的柳树", "东北虎", "华中科技产业", "科技，北大，中部", "在北大读书", "东北部"],
)
def test_a_word_of_its_own_or_inside_a_compound_is_no_doubt(body: str, told: Callable) -> None:
    assert told(body) == []


def test_an_entry_at_the_place_and_not_in_settle_it(told: Callable) -> None:
    sheet = "title: 柳\nnotes:\n  - {in: p1, on: 中部, entry: t0}\n"
    assert told("其中部分柳树", sheet) == []


def test_the_same_doubt_is_told_once_in_a_text(told: Callable) -> None:
    (line,) = told("其中部分柳树，其中部分花")
    assert "(the first of 2 in a)" in line


def test_a_doubt_stops_a_strict_check(told: Callable) -> None:
    assert len(told("其中部分柳树", "title: 柳\n", "--strict")) == 1


def test_the_edition_that_ships_has_none(run_duben: Callable) -> None:
    run = run_duben("check", "--matches", cwd=CHECKOUT)
    assert (run.status, "match-doubtful" in run.stderr) == (0, False)
