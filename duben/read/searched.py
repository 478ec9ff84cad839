"""Strings that are looked for in texts, and what is said of phrases: two kinds of values of ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from duben.diagnostics import Report
from duben.read.kinds import MapOf, Str
from duben.read.syllables import is_han, is_syllable, split_syllables, suggest_syllable
from duben.read.yaml_nodes import Mapped, Node, Scalar

#: What is searched for in every text: the cost of preparing it grows with the square of its length.
SEARCHED_LENGTH = 200


@dataclass(frozen=True)
class Searched(Str):
    """A string to look for. One that seems to be several is told: the comma of a list is half-width."""

    most: int = SEARCHED_LENGTH

    def read(self, node: Node, report: Report) -> Scalar | None:
        scalar = super().read(node, report)
        if scalar and any(sign in scalar.value for sign in "，、；【】"):
            report.warning(
                scalar.at,
                "schema-value",
                f"`{scalar.value[:40]}` is one string, which is looked for as it stands",
                "write a list of several as [甲, 乙], with half-width brackets and commas",
            )
        return scalar


SEARCHED = Searched()


@dataclass(frozen=True)
class PinyinPhrases:
    """Phrases → their pinyin with tone marks: a syllable for each Chinese character, syllables apart."""

    expects: str = "a mapping"

    def read(self, node: Node, report: Report) -> Mapping[str, Scalar] | None:
        found = MapOf(SEARCHED, Str("pinyin such as lěng zhá")).read(node, report)
        if found is None or not isinstance(node, Mapped):
            return None
        return {
            name.value: found[name.value]
            for name, _ in node.items
            if name.value in found and _is_read_so(name, found[name.value], report)
        }


def _is_read_so(phrase: Scalar, pinyin: Scalar, report: Report) -> bool:
    """True where the pinyin can be the phrase's; else the problem is reported."""
    characters = [char for char in phrase.value if is_han(char)]
    if not characters:
        report.error(
            phrase.at,
            "schema-value",
            f"`{phrase.value}` holds no Chinese character",
            "write the phrase first and its pinyin after it: `冷轧: lěng zhá`",
        )
        return False
    syllables = split_syllables(pinyin.value)
    for index, syllable in enumerate(syllables):
        if not is_syllable(syllable) and (syllable != "r" or index == 0):
            suggestion = suggest_syllable(syllable)
            report.error(
                pinyin.at,
                "schema-value",
                f"`{syllable[:40]}` is no syllable of pinyin",
                f"write {suggestion}"
                if suggestion
                else "write each syllable with its tone mark, with spaces between them: lěng zhá",
            )
            return False
    if len(syllables) != len(characters):
        report.error(
            pinyin.at,
            "schema-value",
            f"“{phrase.value}” has {_count(len(characters), 'character')},"
            f" and its pinyin {_count(len(syllables), 'syllable')}",
            "write one syllable for each character, with spaces between them",
        )
        return False
    for char, syllable in zip(characters, syllables, strict=True):
        if syllable == "r" and char not in "儿兒":
            report.error(
                pinyin.at,
                "schema-value",
                f"`r` stands where “{char}” is read",
                "the r of erhua is the reading of 儿: `花儿: huār`",
            )
            return False
    return True


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
