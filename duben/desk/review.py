"""The conversions of an edition that deserve an editor's look: `duben check --scripts`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from duben.compile.alignment import inverse
from duben.compile.glossary import Scripts
from duben.compile.pinyin import Corrections, doubtful_readings, fold_corrections
from duben.compile.review import REASONS, RULES, Doubt, Reviewer, strange_characters
from duben.compile.scripts import fold_glyphs
from duben.compile.words import segmenter
from duben.desk.own_files import yaml_scalar
from duben.diagnostics import Report, one_line
from duben.model import (
    Conversion,
    Edition,
    Location,
    Override,
    Passage,
    Span,
    Term,
    Text,
    Variant,
)
from duben.publish.ruby import Unsure, unsure_readings

#: (what is being done, steps done, steps in all)
Progress = Callable[[str, int, int], None]

_CONTEXT = 12
_HAN = re.compile("[㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff]+")


class Passed(NamedTuple):
    """A string of the edition that is converted. where: its text, entry or page, and what of it.

    locate: offset of `text` → place in a file. overrides: by variant.
    """

    where: str
    text: str
    variant: Variant
    regional: frozenset[Variant]
    printed: Conversion
    passage: Passage | None
    location: Location
    overrides: Mapping[Variant, Sequence[Override]]

    def locate(self, offset: int) -> Location:
        if self.passage is None:
            return self.location
        return self.passage.paragraph.locate(self.printed.start_of(offset))


@dataclass(slots=True)
class Question:
    """One thing to decide: a word that an edition reads so in one text or entry, wherever it stands there.

    phrase, reads, others: what stands in the source, what it becomes, and what else it may be, by variant.
    before, after: around its first place. keys: under which variants of scripts.yaml a phrase settles it
    without changing anything else; none where it needs a decision on the place.
    """

    where: str
    location: Location
    phrase: str
    before: str
    after: str
    reads: dict[Variant, str]
    others: dict[Variant, tuple[str, ...]]
    reasons: tuple[str, ...]
    rules: tuple[str, ...]
    times: int = 1
    keys: tuple[Variant, ...] = ()


class PinyinQuestion(NamedTuple):
    """A character of a headword, or of a text, whose derived reading an editor should look at.

    entry, text: where it stands, the other being empty. word: the headword, or the character with its
    neighbours; reading: theirs, for a row of scripts.yaml.
    """

    entry: str
    location: Location
    word: str
    character: str
    chosen: str
    others: tuple[str, ...]
    rule: str
    text: str = ""
    reading: str = ""
    times: int = 1


class PhraseQuestion(NamedTuple):
    """A phrase of scripts.yaml that looks wrong. strange: characters that the variant does not write.

    unused: it stands nowhere in the edition.
    """

    variant: Variant
    phrase: str
    value: str
    location: Location
    strange: tuple[str, ...]
    unused: bool


@dataclass(slots=True)
class Review:
    """What a review found. settled: how many places an editor has decided, by variant."""

    phrases: list[PhraseQuestion] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    pinyin: list[PinyinQuestion] = field(default_factory=list)
    settled: dict[Variant, int] = field(default_factory=dict)
    open: dict[Variant, int] = field(default_factory=dict)
    characters: dict[Variant, int] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        return bool(self.questions or self.pinyin or any(asked.strange for asked in self.phrases))


def review_edition(edition: Edition, progress: Progress | None = None) -> Review:
    """Everything in the edition that is converted, looked at in each of its variants."""
    scripts = Scripts(edition.settings)
    reviewers: dict[tuple[Variant, Variant, frozenset[Variant]], Reviewer] = {}
    finals: dict[Variant, list[tuple[str, Conversion]]] = {}  # everything as it reads in each variant
    review = Review()
    grouped: dict[tuple[str, str, str, str], Question] = {}
    strings = list(_strings(edition))
    for number, passed in enumerate(strings, 1):
        if progress:
            progress("review", number, len(strings))
        for variant in edition.settings.variants:
            if variant is passed.variant:
                continue
            key = (passed.variant, variant, passed.regional)
            if key not in reviewers:
                reviewers[key] = Reviewer(
                    passed.variant,
                    variant,
                    scripts.between(*key),
                    passed.regional,
                    edition.settings.engine,
                    edition.settings.segmenter,
                    segmenter(),
                )
            han = sum(end - start for start, end in (match.span() for match in _HAN.finditer(passed.text)))
            review.characters[variant] = review.characters.get(variant, 0) + han
            doubts, final = reviewers[key].review(passed.text, passed.overrides.get(variant, ()))
            finals.setdefault(variant, []).append((passed.text, final))
            for doubt in doubts:
                counts = review.settled if doubt.settled else review.open
                counts[variant] = counts.get(variant, 0) + 1
                if not doubt.settled:
                    _ask(grouped, passed, variant, doubt, final)
    review.questions = sorted(grouped.values(), key=lambda question: question.location)
    for question in review.questions:
        question.keys = _keys(question, finals)
    review.phrases = list(_phrase_questions(edition, [passed.text for passed in strings]))
    review.pinyin = [*_pinyin_questions(edition, scripts), *_pinyin_of_texts(edition)]
    return review


def _ask(
    grouped: dict[tuple[str, str, str, str], Question],
    passed: Passed,
    variant: Variant,
    doubt: Doubt,
    final: Conversion,
) -> None:
    span = doubt.phrase
    phrase = passed.text[span.start : span.end]
    start, end = final.span_of(span)
    reads = final.text[start:end]
    others = tuple(
        other
        for one in doubt.others
        if (other := _embedded(one, doubt.span, span, final)) is not None and other != reads
    )
    script = "zh-Hans" if variant is Variant.HANS else "zh-Hant"
    key = (passed.where, script, phrase, fold_glyphs(reads))
    question = grouped.get(key)
    if question is None:
        grouped[key] = Question(
            passed.where,
            passed.locate(doubt.span.start),
            phrase,
            passed.text[max(span.start - _CONTEXT, 0) : span.start],
            passed.text[span.end : span.end + _CONTEXT],
            {variant: reads},
            {variant: others},
            doubt.reasons,
            doubt.rules,
        )
        return
    if variant in question.reads:
        question.times += variant is next(iter(question.reads))
    question.reads.setdefault(variant, reads)
    question.others[variant] = tuple(dict.fromkeys((*question.others.get(variant, ()), *others)))
    question.reasons = tuple(r for r in REASONS if r in (*question.reasons, *doubt.reasons))


def _embedded(other: str, span: Span, phrase: Span, final: Conversion) -> str | None:
    """Another reading of `span` as one of `phrase`, or None where the phrase is no more than a part of it."""
    if not phrase.covers(span):
        return None
    start, end = final.span_of(span)
    whole_start, whole_end = final.span_of(phrase)
    return final.text[whole_start:start] + other + final.text[end:whole_end]


def _strings(edition: Edition) -> Iterator[Passed]:
    """Everything that is converted, in reading order."""
    settings = edition.settings
    regional = settings.regional
    place = settings.title.locate()
    yield from _of_passages("edition", (edition.title, *edition.description), regional)
    yield from _of_words("edition", (settings.rights, *settings.editors), settings.variant, regional, place)
    for compiled in edition.texts:
        text = compiled.text
        where = text.slug
        yield from _of_passages(where, (compiled.title, *compiled.summary), text.regional)
        yield from _of_words(where, _metadata(text), text.variant, text.regional, text.location)
        yield from _of_passages(where, compiled.passages, text.regional)
        for note in compiled.notes:
            yield from _of_passages(where, note.body, regional)
    for entry in edition.terms:
        term = entry.term
        yield from _of_words(
            term.id,
            (*_headwords(term, settings.variants), *term.aliases),
            term.variant,
            regional,
            term.location,
        )
        yield from _of_passages(term.id, entry.definition, regional)
        titles = [source.title for source in term.sources]
        yield from _of_words(term.id, titles, term.variant, regional, term.location)
    for page in edition.pages:
        yield from _of_passages(page.page.name, (page.title, *page.passages), regional)


def _headwords(term: Term, variants: Iterable[Variant]) -> Iterator[str]:
    """The headword, unless its forms are given for every variant."""
    given = set(term.forms) | {term.variant}
    if Variant.HANT in given:
        given |= {Variant.TW, Variant.HK}
    if not set(variants) <= given:
        yield term.term


def _metadata(text: Text) -> Iterator[str]:
    about = text.metadata
    yield from about.author
    yield from (about.publisher, about.rights, about.series)
    for role, names in about.credits:
        yield from (role, names)


def _of_passages(where: str, passages: Iterable[Passage], regional: frozenset[Variant]) -> Iterator[Passed]:
    for passage in passages:
        paragraph = passage.paragraph
        reading = passage.reading or Conversion(paragraph.text)
        yield Passed(
            where,
            reading.text,
            paragraph.variant,
            regional,
            inverse(reading, paragraph.text),
            passage,
            paragraph.locate(),
            passage.settled,
        )
        alts = [mark.alt for mark in paragraph.marks if mark.alt]
        yield from _of_words(where, alts, paragraph.variant, regional, paragraph.locate())


def _of_words(
    where: str, words: Iterable[str], variant: Variant, regional: frozenset[Variant], location: Location
) -> Iterator[Passed]:
    for word in words:
        if word:
            yield Passed(where, word, variant, regional, Conversion(word), None, location, {})


def _phrase_questions(edition: Edition, texts: Sequence[str]) -> Iterator[PhraseQuestion]:
    """Phrases that stand nowhere (unless texts were left out, which may hold them), and strange values."""
    settings = edition.settings
    for variant, phrases in settings.phrases.items():
        for phrase, value in phrases.items():
            strange = tuple(strange_characters(value, variant))
            unused = not edition.absent and not any(phrase in text for text in texts)
            if strange or unused:
                place = settings.places.get((variant, phrase), Location("scripts.yaml"))
                yield PhraseQuestion(variant, phrase, value, place, strange, unused)


def _pinyin_questions(edition: Edition, scripts: Scripts) -> Iterator[PinyinQuestion]:
    corrections: Corrections = fold_corrections(
        edition.settings,
        lambda phrase: scripts.convert(phrase, Variant.HANT, Variant.HANS),
        Report(),  # what is wrong with them was told when the edition was compiled
    )
    for entry in edition.terms:
        if entry.term.pinyin:
            continue
        word = entry.forms[0][Variant.HANS]
        for doubt in doubtful_readings(word, corrections):
            yield PinyinQuestion(
                entry.term.id,
                entry.term.places.get("term", entry.term.location),
                word,
                doubt.character,
                doubt.chosen,
                doubt.alternatives,
                doubt.rule,
            )


def _pinyin_of_texts(edition: Edition) -> Iterator[PinyinQuestion]:
    """What is unsure in the texts, each phrase of a text once."""
    times = Counter[tuple[str, str]]()
    first: dict[tuple[str, str], Unsure] = {}
    for unsure in unsure_readings(edition):
        key = (unsure.slug, unsure.words)
        times[key] += 1
        first.setdefault(key, unsure)
    for key, unsure in first.items():
        doubt = unsure.doubt
        yield PinyinQuestion(
            "",
            unsure.location,
            unsure.words,
            doubt.character,
            doubt.chosen,
            doubt.alternatives,
            doubt.rule,
            unsure.slug,
            unsure.pinyin,
            times[key],
        )


# --- for people, and for programs


def list_review(review: Review) -> Iterator[str]:
    """The review as lines of text: the questions, why they are asked, and what settles them."""
    for question in review.questions:
        shown = one_line(f"{question.before}[{question.phrase}]{question.after}")
        times = f", {question.times} times" if question.times > 1 else ""
        yield f"{one_line(str(question.location))}: {shown}{times}"
        groups: dict[tuple[str, tuple[str, ...]], list[Variant]] = {}
        for variant, read in question.reads.items():
            groups.setdefault((read, question.others.get(variant, ())), []).append(variant)
        for (read, others), variants in groups.items():
            yield f"  {' '.join(variants)}: {', or '.join((read, *others))}"
        why = "; ".join(REASONS[reason] for reason in question.reasons)
        yield f"  {why}; decided by {', '.join(RULES[rule] for rule in question.rules)}"
        if not _settled_by(question):
            yield "  settle it by `convert:` in text.yaml, or by a longer phrase"
    for asked in review.pinyin:
        times = f", {asked.times} times" if asked.times > 1 else ""
        said = f"{asked.character} is read {asked.chosen or 'unknown'} here{times}"
        yield f"{asked.location}: {asked.word}: {said}"
        where = "in scripts.yaml" if asked.text else "in the entry, or in scripts.yaml"
        yield f"  or {' / '.join(asked.others)}; settle it by `pinyin:` {where}"
    for told in review.phrases:
        if told.strange:
            yield f"{told.location}: {told.value}: {told.variant} does not write {'、'.join(told.strange)}"
        if told.unused:
            yield f"{told.location}: {told.phrase} stands nowhere in the edition"
    yield from _to_paste(review)
    yield _totals(review)


def _to_paste(review: Review) -> Iterator[str]:
    """Phrases for scripts.yaml that settle everything that a phrase can settle."""
    phrases: dict[Variant, dict[str, list[str]]] = {}
    for question in review.questions:
        for variant, (phrase, *readings) in _settled_by(question).items():
            known = phrases.setdefault(variant, {}).setdefault(phrase, [])
            known += [reading for reading in readings if reading not in known]
    spoken = {asked.word: asked for asked in review.pinyin if asked.text}
    if phrases or spoken:
        yield "To settle all this, put right what is wrong here, and paste it into scripts.yaml:"
    for variant, settled in sorted(phrases.items()):
        yield f"{variant}:"
        for phrase, (reading, *others) in settled.items():
            line = f"  {yaml_scalar(phrase)}: {yaml_scalar(reading)}"
            yield f"{line}  # or {', '.join(map(one_line, others))}" if others else line
    if spoken:
        yield "pinyin:"
    for word, asked in spoken.items():
        yield f"  {yaml_scalar(word)}: {asked.reading}  # {asked.character}: or {', '.join(asked.others)}"


def _totals(review: Review) -> str:
    parts = []
    for variant in sorted({*review.settled, *review.open}):
        opened, settled = review.open.get(variant, 0), review.settled.get(variant, 0)
        rate = 1000 * (opened + settled) / max(review.characters.get(variant, 0), 1)
        parts.append(f"{variant} {opened} open, {settled} settled ({rate:.1f} in 1,000 characters)")
    parts.append(f"pinyin {len(review.pinyin)} open")
    return "scripts: " + "; ".join(parts)


def _keys(
    question: Question, finals: Mapping[Variant, Sequence[tuple[str, Conversion]]]
) -> tuple[Variant, ...]:
    """Where a phrase may be written: under zh-Hant, which serves the others, or under each variant itself."""
    phrase = question.phrase
    if len(phrase) == 1:
        return ()  # it would be settled wherever it stands, in whatever word
    reads = {fold_glyphs(read) for read in question.reads.values()}
    everywhere = True
    for variant, strings in finals.items():
        if (variant is Variant.HANS) != (Variant.HANS in question.reads):
            continue
        for text, final in strings:
            offset = text.find(phrase)
            while offset >= 0:
                start, end = final.span_of(Span(offset, offset + len(phrase)))
                if fold_glyphs(final.text[start:end]) not in reads:
                    if variant in question.reads:
                        return ()  # elsewhere it reads otherwise, and rightly for all we know
                    everywhere = False
                offset = text.find(phrase, offset + 1)
    if Variant.HANS in question.reads or (everywhere and len(reads) == 1):
        return (Variant.HANS if Variant.HANS in question.reads else Variant.HANT,)
    return tuple(question.reads)


def _settled_by(question: Question) -> dict[Variant, tuple[str, ...]]:
    """Variant of scripts.yaml → (phrase, what it reads now, what else it may be …)."""
    settled: dict[Variant, tuple[str, ...]] = {}
    for key in question.keys:
        shown = key if key in question.reads else next(iter(question.reads))
        settled[key] = (question.phrase, question.reads[shown], *question.others.get(shown, ()))
    return settled


def as_mapping(review: Review) -> dict[str, object]:
    """The review as plain values, for JSON."""
    return {
        "open": {str(variant): number for variant, number in sorted(review.open.items())},
        "settled": {str(variant): number for variant, number in sorted(review.settled.items())},
        "characters": {str(variant): number for variant, number in sorted(review.characters.items())},
        "questions": [
            {
                "where": question.where,
                "file": question.location.file,
                "line": question.location.line,
                "column": question.location.column,
                "before": question.before,
                "phrase": question.phrase,
                "after": question.after,
                "reads": {str(variant): read for variant, read in question.reads.items()},
                "others": {str(variant): list(others) for variant, others in question.others.items()},
                "reasons": list(question.reasons),
                "rules": list(question.rules),
                "times": question.times,
                "settle": {
                    str(variant): {key: read} for variant, (key, read, *_) in _settled_by(question).items()
                },
            }
            for question in review.questions
        ],
        "phrases": [
            {
                "variant": str(told.variant),
                "phrase": told.phrase,
                "value": told.value,
                "file": told.location.file,
                "line": told.location.line,
                "column": told.location.column,
                "strange": list(told.strange),
                "unused": told.unused,
            }
            for told in review.phrases
        ],
        "pinyin": [
            {
                "entry": asked.entry,
                "file": asked.location.file,
                "line": asked.location.line,
                "column": asked.location.column,
                "word": asked.word,
                "character": asked.character,
                "chosen": asked.chosen,
                "others": list(asked.others),
                "rule": asked.rule,
                "text": asked.text,
                "reading": asked.reading,
                "times": asked.times,
            }
            for asked in review.pinyin
        ],
    }
