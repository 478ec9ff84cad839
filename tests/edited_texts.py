"""Texts with notes, edited at random, and what became of each note: known, because every character is.

Each character carries a number of its own through all edits, so that it is certain where the words of a
note are afterwards, whatever stands beside them.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from duben.desk.since import Remembered, digest, fates_of, place_at
from duben.model import Location, Metadata, Note, Paragraph, Quote, SourceMap, Span, Target, Text, Variant
from duben.read.paragraphs import plain_paragraph

#: What editors do, mending words more often than anything else.
KINDS = (
    *("insert", "delete", "substitute") * 2,
    *("substitute", "split", "merge", "move", "remove", "add"),
)
HERE = Location("text.yaml", 1, 1)
SOURCE = SourceMap("text.md", ((0, 1, 1),))


def vocabulary() -> list[str]:
    """Words to write sentences of, from the list that the word tables are made from."""
    rows = (Path(__file__).parents[1] / "tools" / "senses.tsv").read_text("utf-8").splitlines()
    return [row.partition("\t")[0] for row in rows if row and not row.startswith("#")][::7]


class Char(NamedTuple):
    """A character with a number that no other has."""

    sign: str
    number: int


@dataclass(slots=True)
class Draft:
    """A text that is being edited: ids of paragraphs and their characters, in order."""

    chance: random.Random
    words: list[str]
    paragraphs: list[tuple[str, list[Char]]] = field(default_factory=list)
    numbers: int = 0
    ids: int = 0

    def write(self, length: int) -> list[Char]:
        """New characters, in words and clauses; some words come again and again, as in a text."""
        signs = ""
        while len(signs) < length:
            signs += self.chance.choice(self.words[: 40 if self.chance.random() < 0.5 else None])
            if self.chance.random() < 0.25:
                signs += self.chance.choice("，，，。；")
        chars = [Char(sign, self.numbers + index) for index, sign in enumerate(signs[:length])]
        self.numbers += len(chars)
        return chars

    def new_id(self) -> str:
        self.ids += 1
        return f"p{self.ids}"

    def edit(self) -> str:
        """Does one thing that editors do; returns its name."""
        chance = self.chance
        at = chance.randrange(len(self.paragraphs))
        id, chars = self.paragraphs[at]
        start = chance.randrange(len(chars)) if chars else 0
        length = chance.choice((1, 1, 2, 2, 3, 4, 6, 12))
        kind = chance.choice(KINDS)
        if kind == "insert":
            chars[start:start] = self.write(length)
        elif kind == "delete":
            del chars[start : start + length]
        elif kind == "substitute":
            new = self.write(chance.choice((length, length, length + 1)))
            old = chars[start : start + length]
            # A character in place of which the same one is written has not been touched.
            kept = [one if one.sign == other.sign else other for one, other in zip(old, new, strict=False)]
            chars[start : start + length] = kept + new[len(kept) :]
        elif kind == "split":
            # The id stands at the end, so what is split off before it gets a new one.
            self.paragraphs[at : at + 1] = [(self.new_id(), chars[:start]), (id, chars[start:])]
        elif kind == "merge" and at + 1 < len(self.paragraphs):
            last, more = self.paragraphs[at + 1]
            self.paragraphs[at : at + 2] = [(last, chars + more)]
        elif kind == "move":
            moved = self.paragraphs.pop(at)
            self.paragraphs.insert(chance.randrange(len(self.paragraphs) + 1), moved)
        elif kind == "remove" and len(self.paragraphs) > 4:
            del self.paragraphs[at]
        elif kind == "add":
            self.paragraphs.insert(at, (self.new_id(), self.write(chance.randrange(10, 60))))
        self.paragraphs = [(id, chars) for id, chars in self.paragraphs if chars]
        return kind

    def shown(self) -> tuple[Paragraph, ...]:
        return tuple(
            plain_paragraph(id, "paragraph", "".join(char.sign for char in chars), SOURCE, Variant.HANS)
            for id, chars in self.paragraphs
        )


class Outcome(NamedTuple):
    """What was said of a note, and what is true. right: of a lost one, whether the first candidate is it.

    right is None where less than half of the words is left, so that there is nothing to find.
    """

    state: str
    wrong: bool
    right: bool | None


def text_of(paragraphs: tuple[Paragraph, ...], notes: tuple[Note, ...]) -> Text:
    title = plain_paragraph("title", "title", "", SOURCE, Variant.HANS)
    unknown, none = Metadata(), frozenset[Variant]()
    return Text("a", title, (), Variant.HANS, unknown, paragraphs, notes, (), (), (), {}, 0, none, True, HERE)


def edited(seed: int, words: list[str], notes: int = 12) -> Iterator[Outcome]:
    """A text with notes, one to four edits of it, and the outcome for each note."""
    chance = random.Random(seed)
    draft = Draft(chance, words)
    for _ in range(chance.randrange(5, 10)):
        draft.paragraphs.append((draft.new_id(), draft.write(chance.randrange(15, 120))))
    written, numbers, remembered = _annotated(draft, notes)
    shown = draft.shown()
    before = Remembered({paragraph.id: digest(paragraph.text) for paragraph in shown}, remembered)
    for _ in range(chance.randrange(1, 5)):
        draft.edit()
    now = text_of(draft.shown(), tuple(written))
    numbers_of = {id: [char.number for char in chars] for id, chars in draft.paragraphs}
    for fate, note in zip(fates_of(now, before), written, strict=True):
        assert fate.note == note.id
        own = numbers[note.id]
        if fate.state in ("holds", "moved"):
            found = _found(note, now, numbers_of)
            # An insertion can be read in two ways where it ends in what follows it (甲 before 甲), so an
            # edge of the words may be another's; they are the wrong ones if most of them are.
            few = 2 * len(set(found) & set(own)) < len(own)
            yield Outcome(fate.state, few and not _can_be_own(found, own, numbers_of), None)
        else:
            yield Outcome(fate.state, False, _is_right(fate.near, own, numbers_of))


def _annotated(
    draft: Draft, count: int
) -> tuple[list[Note], dict[str, list[int]], dict[str, tuple[object, ...]]]:
    """Notes on quotes that are unique in their paragraphs, as --fix and an editor would leave them."""
    notes: list[Note] = []
    numbers, remembered = {}, {}
    for paragraph, (id, chars) in zip(draft.shown(), draft.paragraphs, strict=True):
        for _ in range(count // 3):
            length = min(draft.chance.choice((1, 2, 2, 3, 4, 4, 6, 10)), len(chars))
            start = draft.chance.randrange(len(chars) - length + 1)
            exact = paragraph.text[start : start + length]
            context = next(
                (
                    size
                    for size in range(4)
                    if _count(paragraph.text, paragraph.text[max(start - size, 0) : start + length]) == 1
                ),
                None,
            )
            if context is None:
                continue
            name = f"n{len(notes) + 1}"
            quote = Quote(exact, id, paragraph.text[max(start - context, 0) : start])
            notes.append(Note(name, Target(id, quote, None, HERE), (), HERE))
            numbers[name] = [char.number for char in chars[start : start + length]]
            remembered[name] = (place_at(paragraph, Span(start, start + length)),)
    return notes, numbers, remembered


def _count(text: str, part: str) -> int:
    return sum(text.startswith(part, index) for index in range(len(text)))


def _found(note: Note, text: Text, numbers_of: dict[str, list[int]]) -> list[int]:
    """The numbers of the characters that the note stands on now."""
    quote = note.target.start
    assert quote is not None
    (paragraph,) = (one for one in text.paragraphs if one.id == quote.paragraph)
    start = paragraph.text.index(quote.before + quote.exact) + len(quote.before)
    return numbers_of[paragraph.id][start : start + len(quote.exact)]


def _can_be_own(found: list[int], own: list[int], numbers_of: dict[str, list[int]]) -> bool:
    """Whether one of two equal words was deleted, and no one can tell which: of 一出一出只 is left 一出只.

    Then all that is left of the note's own words is under it, and the others stood one repetition away.
    """
    left = {number for numbers in numbers_of.values() for number in numbers} & set(own)
    shifts = {mine - other for mine, other in zip(own, found, strict=True) if mine != other}
    return bool(left) and left <= set(found) and len(shifts) == 1


def _is_right(
    near: tuple[tuple[Paragraph, Span], ...], own: list[int], numbers_of: dict[str, list[int]]
) -> bool | None:
    left = {number for numbers in numbers_of.values() for number in numbers} & set(own)
    if 2 * len(left) < len(own):
        return None
    if not near:
        return False
    paragraph, span = near[0]
    first = set(numbers_of[paragraph.id][span.start : span.end])
    # Where the words were torn apart, the greater part of them is meant.
    most = max((left & set(numbers) for numbers in numbers_of.values()), key=len)
    return 2 * len(first & most) > len(most) and len(first) <= 2 * len(own) + 2


def measure(seeds: Iterable[int]) -> Counter[str]:
    """How often what came of the notes of as many texts: `notes`, each state, `wrong`, `first is right` …"""
    words = vocabulary()
    count: Counter[str] = Counter()
    for seed in seeds:
        for outcome in edited(seed, words):
            count["notes"] += 1
            count[outcome.state] += 1
            count["wrong"] += outcome.wrong
            if outcome.right is not None:
                count["first is right" if outcome.right else "first is not right"] += 1
    return count
