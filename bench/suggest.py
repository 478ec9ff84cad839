"""How many of an editor's terms `duben suggest` finds, and how much else it proposes.

    python bench/suggest.py --content content --sources DIR [--data DIR]

First the edition: its glossary is hidden, and what is proposed is held against it. The entries are one
editor's choice, so what is no entry may be a good proposal all the same: compare the lines, not the
figures with 100. With --data (aligned texts, as for conformance.py) a second collection, for which there
is no list of terms: there the strings that an author set in quotation or title marks stand for one. The
marks are taken out of the text first.

Each line is a way to rank: duben's; strings by frequency alone; words of the segmenter by frequency;
words by TextRank (Mihalcea and Tarau 2004). P: share of the first 50, 100 that are in the list. R: share
of the list that is among them; of those entries, too, that occur twice. ×: P at 100 against duben's.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from duben.compile.candidates import Line, find_candidates
from duben.compile.words import Language, segmenter
from duben.desk.build import Options, read_edition
from duben.desk.suggest import Collection
from duben.diagnostics import Report
from duben.model import Edition, Passage

DEPTHS = (50, 100)
HAN = re.compile("[\u3400-\u9fff]+")
MARKED = re.compile("[“‘「『《〈]([\u3400-\u9fff]{2,12})[”’」』》〉]")
MARKS = re.compile("[“”‘’「」『』《》〈〉]")
#: Sentences of the second collection to a text.
SENTENCES = 50
#: A list of fewer terms says nothing.
FEWEST = 30

Ranking = Callable[[Sequence[Line]], list[str]]


# --- ways to rank --------------------------------------------------------------------------------


def by_duben(lines: Sequence[Line]) -> list[str]:
    return [found.text for found in find_candidates(lines, (), Language())]


def by_frequency(lines: Sequence[Line]) -> list[str]:
    counts: Counter[str] = Counter()
    for run in runs(lines):
        for length in range(2, 9):
            counts.update(run[start : start + length] for start in range(len(run) - length + 1))
    return ranked({gram: count for gram, count in counts.items() if count > 1})


def by_words(lines: Sequence[Line]) -> list[str]:
    cut = segmenter().cut
    counts = Counter(word for run in runs(lines) for word in cut(run) if len(word) > 1)
    return ranked({word: count for word, count in counts.items() if count > 1})


def by_text_rank(lines: Sequence[Line], window: int = 5, damping: float = 0.85) -> list[str]:
    """Words that are nouns, names, verbs or adjectives, by a random walk over what stands near them."""
    weights: defaultdict[str, Counter[str]] = defaultdict(Counter)
    tag = segmenter().tag
    for line in lines:
        words = [word for word, kind in tag(line.text) if kind[:1] in "nva" and len(word) > 1]
        for index, word in enumerate(words):
            for other in words[index + 1 : index + window]:
                weights[word][other] += 1
                weights[other][word] += 1
    out = {word: near.total() for word, near in weights.items()}
    scores = dict.fromkeys(weights, 1.0)
    for _ in range(30):
        scores = {
            word: 1
            - damping
            + damping * sum(scores[other] * count / out[other] for other, count in near.items())
            for word, near in weights.items()
        }
    return ranked(scores)


def runs(lines: Sequence[Line]) -> Iterator[str]:
    for line in lines:
        yield from HAN.findall(line.text)


def ranked(scores: Mapping[str, float]) -> list[str]:
    return sorted(scores, key=lambda word: (-scores[word], word))


RANKINGS: Mapping[str, Ranking] = {
    "duben suggest": by_duben,
    "frequency": by_frequency,
    "words, frequency": by_words,
    "words, TextRank": by_text_rank,
}

# --- collections ---------------------------------------------------------------------------------


def hidden(edition: Edition) -> Edition:
    """The edition as if it had no glossary."""

    def bare(passage: Passage) -> Passage:
        return replace(passage, hits=())

    texts = [
        replace(text, title=bare(text.title), passages=tuple(map(bare, text.passages)))
        for text in edition.texts
    ]
    return replace(edition, terms=(), texts=tuple(texts))


def entries_of(edition: Edition) -> list[tuple[Set[str], int]]:
    """(the forms of an entry in Simplified, how often it occurs)."""
    collection = Collection(edition, frozenset())
    return [
        (
            {
                collection.simplified(form, variant).text
                for forms in term.forms
                for variant, form in forms.items()
            },
            len(edition.occurrences.get(term.term.id, ())),
        )
        for term in edition.terms
    ]


def marked_collection(path: Path) -> tuple[list[Line], list[tuple[Set[str], int]]]:
    """The Simplified sentences without their marks, and what stood in marks and stands there twice."""
    sentences = [line.partition("\t")[0] for line in path.read_text("utf-8").splitlines()]
    marked = {words for sentence in sentences for words in MARKED.findall(sentence)}
    lines = [Line(MARKS.sub("", sentence), number // SENTENCES) for number, sentence in enumerate(sentences)]
    whole = "\n".join(line.text for line in lines)
    return lines, [({words}, count) for words in sorted(marked) if (count := whole.count(words)) > 1]


# --- the table -----------------------------------------------------------------------------------


def report(name: str, lines: Sequence[Line], wanted: Sequence[tuple[Set[str], int]]) -> None:
    characters = sum(len(line.text) for line in lines)
    twice = sum(count > 1 for _, count in wanted)
    if twice < FEWEST:
        print(f"\n{name}: only {twice} terms wanted, too few to say anything")
        return
    print(f"\n{name}: {characters:,} characters, {len(wanted)} terms wanted, {twice} of them twice or more\n")
    print("| ranking | P@50 | P@100 | R@50 | R@100 | R@50, twice | R@100, twice | × | s |")
    print("| --- | --: | --: | --: | --: | --: | --: | --: | --: |")
    own = 0.0
    for label, ranking in RANKINGS.items():
        start = time.process_time()
        found = ranking(lines)
        seconds = time.process_time() - start
        precisions, recalls, recalls_twice = [], [], []
        for depth in DEPTHS:
            hits = [index for index, (forms, _) in enumerate(wanted) if forms & set(found[:depth])]
            precisions.append(len(hits) / depth)
            recalls.append(len(hits) / len(wanted))
            recalls_twice.append(sum(wanted[index][1] > 1 for index in hits) / max(twice, 1))
        own = own or precisions[1]
        cells = [
            f"{value:.2f}" for value in (*precisions, *recalls, *recalls_twice, precisions[1] / (own or 1))
        ]
        print(f"| {label} | {' | '.join(cells)} | {seconds:.1f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--content", type=Path, default=Path("content"))
    parser.add_argument("--sources", type=Path, action="append", default=[])
    parser.add_argument("--data", type=Path, default=os.environ.get("DUBEN_CONFORMANCE"))
    arguments = parser.parse_args()
    edition = read_edition(Options(arguments.content, Path(), tuple(arguments.sources)), Report())
    bare = Collection(hidden(edition), frozenset())
    by_duben(bare.lines[:1])  # loads the dictionary, which is no part of the measure
    report(arguments.content.as_posix(), bare.lines, entries_of(edition))
    for path in sorted(Path(arguments.data).glob("s2t-*.tsv")) if arguments.data else ():
        report(f"{path.stem}, strings in marks", *marked_collection(path))


if __name__ == "__main__":
    main()
