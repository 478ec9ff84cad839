"""What the search page loads: scripts that hand it the edition's words.

A small edition is one script for each variant, which the page scans; above LIMIT the page asks an
index in many small scripts (search_index.py) and loads the words only of what it shows. Pinyin is
apart: it is loaded for a query in Latin letters only. What `republish: false` keeps here is apart, too,
so that a copy of the site for elsewhere can go without.
"""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import accumulate

from duben.compile.glossary import Scripts
from duben.compile.pinyin import fold_corrections
from duben.diagnostics import Report
from duben.memo import FORGETFUL, Memo
from duben.model import Artifact, Edition, Variant
from duben.publish.addresses import KEPT
from duben.publish.folding import Folding
from duben.publish.search_index import index_sounds, index_words
from duben.publish.search_rows import KINDS, Group, Row, Splice, list_groups
from duben.publish.sounds import Sounds

#: Bytes, gzipped, up to which a variant is one script that is scanned.
LIMIT = 300 * 1024
#: Bytes of a script with the words of some rows: about 10 KB gzipped.
SHELF = 24_000


def search_scripts(
    edition: Edition, scripts: Scripts, limit: int = LIMIT, memo: Memo = FORGETFUL
) -> Iterator[Artifact]:
    """All scripts of the search. limit: see LIMIT."""
    folding = memo.once("folding", (), Folding)
    groups = list_groups(edition, scripts, folding, memo)
    rows = [row for group in groups for row in group.rows]
    used = {char for row in rows for reading in row.readings for char in reading}
    corrections = fold_corrections(
        edition.settings, lambda phrase: scripts.convert(phrase, Variant.HANT, Variant.HANS), Report()
    )
    sounds = Sounds(corrections, folding)
    variants = edition.settings.variants
    scans = _scans(groups, variants, folding.partners(used), limit, memo)
    if scans is None:
        yield from _shelves(groups, variants)
        yield from _index(rows, folding.partners(used), sounds)
    else:
        yield from scans
        yield _script("search/pinyin.js", "pinyin", _json(_pinyin(rows, sounds)))


def _script(path: str, name: str, written: str) -> Artifact:
    """A script that hands the page a value. written: it, as JSON."""
    return Artifact(path, f'duben.take("{name}",{written});\n'.encode())


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _listed(groups: Iterable[Group], variant: Variant) -> list[list[object]]:
    """The groups as the page gets them: kind, page, title, number of rows, whether kept."""
    return [
        [KINDS.index(group.kind), group.path, group.title.get(variant, ""), len(group.rows), int(group.kept)]
        for group in groups
    ]


def _shown(row: Row, variant: Variant) -> list[object]:
    """A row as the page gets it: anchor, text, and how its other readings are made of the text."""
    text = row.text_in(variant)
    if len(row.readings) == 1:
        return [row.anchor, text]
    others = [splices if splices is None else _counted(text, splices) for splices in row.others(variant)]
    return [row.anchor, text, [0 if splices is None else splices for splices in others]]


def _counted(text: str, splices: Iterable[Splice]) -> list[list[object]]:
    """The splices as a browser counts: in units of UTF-16."""
    if not text or max(text) < "\U00010000":
        return [list(splice) for splice in splices]
    at = list(accumulate((1 + (char > "\uffff") for char in text), initial=0))
    return [[at[start], at[start + length] - at[start], words] for start, length, words in splices]


# --- a small edition


def _scans(
    groups: Sequence[Group], variants: Sequence[Variant], partners: str, limit: int, memo: Memo
) -> list[Artifact] | None:
    """The scripts to scan, or None where those of a variant are larger than the limit."""
    found: list[Artifact] = []
    for variant in variants:
        pressed, size, plain = zlib.compressobj(9), 0, 0
        waiting: list[bytes] = []  # as long as it is no larger than the limit as it is
        written: dict[bool, list[str]] = {False: [], True: []}
        for group in groups:
            slot = ("rows of search", variant, group.kind, group.path)
            rows = memo.once(slot, (group.rows,), partial(_rows_in, variant, group.rows))
            written[group.kept].append(rows)
            waiting.append(rows.encode())
            plain += len(waiting[-1])
            if plain > limit:
                size += sum(map(len, map(pressed.compress, waiting)))
                waiting.clear()
            if size > limit:
                return None  # no further than it must
        if plain > limit and size + len(pressed.flush()) > limit:
            return None
        listed = _json(_listed(groups, variant))
        book = f'{{"partners":"{partners}","groups":{listed},"rows":[{",".join(written[False])}]}}'
        found.append(_script(f"{variant.folder}/search.js", variant.value, book))
        if written[True]:
            kept = f"[{','.join(written[True])}]"
            found.append(_script(f"{variant.folder}/search{KEPT}", f"{variant} kept", kept))
    return found


def _rows_in(variant: Variant, rows: Sequence[Row]) -> str:
    return _json([_shown(row, variant) for row in rows])


def _pinyin(rows: Sequence[Row], sounds: Sounds) -> Mapping[str, object]:
    """For each syllable the characters that mostly read so, and where one reads otherwise.

    others: row, number of its reading, then place and syllable in turn; a character without any has "".
    """
    read = [
        (number, order, reading, sounds.of(row, reading))
        for number, row in enumerate(rows)
        for order, reading in enumerate(row.readings)
    ]
    counts: Counter[tuple[str, str]] = Counter()
    for *_, reading, syllables in read:
        counts.update(zip(reading, syllables, strict=True))
    usual: dict[str, str] = {}
    # Of two that are as frequent the first in the alphabet.
    for (char, syllable), _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        usual.setdefault(char, syllable)
    by_syllable: dict[str, str] = {}
    for char, syllable in sorted(usual.items()):
        if syllable:
            by_syllable[syllable] = by_syllable.get(syllable, "") + char
    others = []
    for number, order, reading, syllables in read:
        exceptions = [
            part
            for place, (char, syllable) in enumerate(zip(reading, syllables, strict=True))
            if syllable != usual[char]
            for part in (place, syllable)
        ]
        if exceptions:
            others.append([number, order, *exceptions])
    return {"usual": dict(sorted(by_syllable.items())), "others": others}


# --- a large edition


def _shelves(groups: Sequence[Group], variants: Sequence[Variant]) -> Iterator[Artifact]:
    """For each variant the list of groups, and the words of the rows in scripts of about SHELF bytes.

    A script that holds rows of a kept text holds no others, and its name ends in `-kept`.
    """
    for variant in variants:
        shelves: list[tuple[int, bool, list[str]]] = []
        number = size = 0
        for group in groups:
            for row in group.rows:
                shown = _json(_shown(row, variant))
                if not shelves or size > SHELF or shelves[-1][1] != group.kept:
                    shelves.append((number, group.kept, []))
                    size = 0
                shelves[-1][2].append(shown)
                size += len(shown.encode())
                number += 1
        value = {
            "groups": _listed(groups, variant),
            "shelves": [-first - 1 if kept else first for first, kept, _ in shelves],
        }
        yield _script(f"{variant.folder}/search.js", variant.value, _json(value))
        for order, (_, kept, rows) in enumerate(shelves):
            name = f"search-{order}{KEPT if kept else '.js'}"
            yield _script(f"{variant.folder}/{name}", f"{variant} {order}", f"[{','.join(rows)}]")


def _index(rows: Sequence[Row], partners: str, sounds: Sounds) -> Iterator[Artifact]:
    """The index that all variants share: `search/index.js` tells what is where in its parts."""
    readings: list[str] = []
    twins: list[int] = []  # readings of the row of the one before
    for row in rows:
        twins += range(len(readings) + 1, len(readings) + len(row.readings))
        readings += row.readings
    starts: dict[str, list[str]] = {}
    for letter, parts in (
        ("w", index_words(readings)),
        ("s", index_sounds(sounds.of(row, reading) for row in rows for reading in row.readings)),
    ):
        starts[letter] = []
        for number, (first, part) in enumerate(parts):
            starts[letter].append(first)
            yield _script(f"search/{letter}{number}.js", f"{letter}{number}", part)
    syllables = " ".join(sorted(sounds.used))
    value = {"partners": partners, "twins": twins, "words": starts["w"], "sounds": starts["s"]}
    yield _script("search/index.js", "index", _json({**value, "syllables": syllables}))
