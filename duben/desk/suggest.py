"""Terms that an edition's glossary may be missing, as entries to fill in: `duben suggest`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import NamedTuple

from duben.compile.alignment import inverse
from duben.compile.candidates import Candidate, Line, find_candidates
from duben.compile.concordance import keyword_in_context
from duben.compile.function_words import is_personal_name
from duben.compile.glossary import Scripts
from duben.compile.pinyin import Corrections, align_pinyin, doubtful_readings, fold_corrections
from duben.compile.scripts import fold_glyphs
from duben.compile.terms import derive_forms
from duben.compile.words import Language
from duben.desk.columns import COLUMNS, clipped, padded, width
from duben.desk.own_files import yaml_scalar
from duben.diagnostics import Report, one_line
from duben.model import Conversion, Edition, Passage, Span, Term, Variant
from duben.publish.ruby import spell_with
from duben.read.kinds import EntryId
from duben.read.syllables import without_tone

#: (what is being done, steps done, steps in all)
Progress = Callable[[str, int, int], None]

#: How many places of a candidate are shown.
CONTEXTS = 3
#: By what a name ends in, where it is plain what it is of.
_ENDINGS: Mapping[str, tuple[str, ...]] = {
    "organisation": tuple(
        "公司 集团 大学 学院 研究院 研究所 研究中心 实验室 委员会 银行 协会 学会 联合会 基金会"
        " 出版社 博物馆 图书馆 医院 法院 检察院 报社 通讯社 电视台 事务所 工厂 总厂".split()
    ),
    "place": tuple(
        "省 自治区 自治州 特别行政区 新区 开发区 高新区 市 县 群岛 半岛 海峡 盆地 平原 高原 山脉".split()
    ),
}


class Context(NamedTuple):
    """A place of a candidate, and the words around it as they are printed."""

    text: str
    paragraph: str
    left: str
    keyword: str
    right: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A candidate as an entry.

    term: in the edition's script, where what is printed is found under that; else as most texts print it.
    reads: what the entry would read in each variant of the
    edition. forms, aliases: how texts print it otherwise than it would read there. doubts: characters
    whose derived reading deserves a look, with the other readings. kind: "" where it is not evident.
    """

    id: str
    term: str
    variant: Variant
    kind: str
    pinyin: str
    doubts: tuple[tuple[str, tuple[str, ...]], ...]
    reads: Mapping[Variant, str]
    forms: Mapping[Variant, str]
    aliases: tuple[str, ...]
    candidate: Candidate
    contexts: tuple[Context, ...]


def suggest_terms(
    edition: Edition,
    *,
    texts: Set[str] = frozenset(),
    min_count: int = 0,
    limit: int = 0,
    progress: Progress | None = None,
) -> list[Suggestion]:
    """The entries that may be missing, best first.

    texts: slugs, to look at these alone. min_count, limit: 0 for what the size of the edition asks for, and
    for all. What is in the glossary, in any form, alias or script, is not suggested, nor is a part of it.
    """
    collection = Collection(edition, texts)
    found = find_candidates(
        collection.lines,
        collection.known(),
        Language(),
        min_count=min_count,
        limit=2 * limit,  # some fall away
        progress=(lambda done, total: progress("count", done, total)) if progress else None,
    )
    taken = {term.term.id for term in edition.terms}
    claimed = {
        fold_glyphs(form)
        for term in edition.terms
        if term.term.link != "never"
        for variants in term.forms
        for form in variants.values()
    }
    suggestions: list[Suggestion] = []
    for candidate in found:
        suggestion, forms = collection.suggestion(candidate, taken)
        # In one of the scripts it may read as another entry does, although it is written otherwise here.
        if claimed.isdisjoint(forms):
            taken.add(suggestion.id)
            claimed |= forms
            suggestions.append(suggestion)
            if len(suggestions) == limit:
                break
    return suggestions


def why_not(edition: Edition, texts: Set[str], word: str) -> str:
    """Why a word is not suggested."""
    collection = Collection(edition, texts)
    simplified = {
        collection.simplified(word, variant).text for variant in (edition.settings.variant, *Variant)
    }
    if not simplified.isdisjoint(collection.known()):
        return "it is in the glossary already"
    times = sum(line.text.count(each) for line in collection.lines for each in simplified)
    if not times:
        return "it does not stand in the texts"
    if times == 1:
        return "it stands there once only; --min-count 1 looks at such words, too"
    return f"it stands there {times} times, but not as a word of its own, or not often enough (--min-count)"


class Collection:
    """The passages of an edition's texts in Simplified, and the way back to what is printed."""

    def __init__(self, edition: Edition, texts: Set[str]) -> None:
        self.edition = edition
        self.settings = edition.settings
        self.scripts = Scripts(edition.settings)
        self.corrections: Corrections = fold_corrections(
            edition.settings,
            lambda phrase: self.scripts.convert(phrase, Variant.HANT, Variant.HANS),
            Report(),
        )
        self.spell = spell_with(edition)
        self.passages: list[tuple[str, Passage]] = []
        self.lines: list[Line] = []
        self._back: dict[int, Conversion] = {}  # by line, from Simplified to what is printed
        chosen = [text for text in edition.texts if not texts or text.text.slug in texts]
        for number, text in enumerate(chosen):
            for passage in (text.title, *text.passages):
                if passage.paragraph.text:
                    self.passages.append((text.text.slug, passage))
                    self.lines.append(self._line(passage, number))

    def simplified(self, words: str, variant: Variant) -> Conversion:
        """The words in Simplified, with those of the mainland, so that 軟體 and 软件 count as one."""
        regional = frozenset({Variant.HANS})
        return self.scripts.between(variant, Variant.HANS, regional).convert(fold_glyphs(words))

    def _line(self, passage: Passage, document: int) -> Line:
        conversion = self.simplified(passage.paragraph.text, passage.paragraph.variant)
        known: list[Span] = []
        for hit in passage.hits:
            span = conversion.span_of(hit.span)
            if not hit.nested and (not known or known[-1].end <= span.start):
                known.append(span)
        return Line(conversion.text, document, tuple(known))

    def known(self) -> Iterator[str]:
        """What the glossary has, in every form, in Simplified."""
        for term in self.edition.terms:
            for variants in term.forms:
                for variant, form in variants.items():
                    yield self.simplified(form, variant).text

    def suggestion(self, candidate: Candidate, taken: Set[str]) -> tuple[Suggestion, Set[str]]:
        """The candidate as an entry, and all that it would claim in any script, folded."""
        printed = [
            (*self.passages[place.line], self._printed(place.line, place.span)) for place in candidate.places
        ]
        surfaces: dict[Variant, Counter[str]] = {}
        for _, passage, span in printed:
            words = passage.paragraph.text[slice(*span)]
            surfaces.setdefault(passage.paragraph.variant, Counter())[words] += 1
        variant = self.settings.variant
        if variant not in surfaces:
            variant = max(surfaces, key=lambda each: (surfaces[each].total(), each))
        term = self._headword(_most(surfaces[variant]), variant)
        derived = derive_forms(term, self.scripts.convert)[0]
        found = {fold_glyphs(form) for form in (*derived.values(), term.term)}
        forms: dict[Variant, str] = {}
        aliases: list[str] = []
        for other, counted in sorted(surfaces.items()):
            for words in sorted(counted, key=lambda each: (-counted[each], each)):
                if fold_glyphs(words) in found:
                    continue
                found.add(fold_glyphs(words))
                if other is term.variant or other in forms:
                    aliases.append(words)
                else:
                    forms[other] = words
        term = replace(term, forms=MappingProxyType(forms))
        all_forms = derive_forms(replace(term, aliases=tuple(aliases)), self.scripts.convert)
        reads = all_forms[0]
        simplified = derived[Variant.HANS]
        suggestion = Suggestion(
            self._id(simplified, candidate, taken),
            term.term,
            term.variant,
            self._kind(simplified, candidate, printed),
            self.spell(simplified),
            tuple(
                (f"{doubt.character} {doubt.chosen or 'unknown'}", doubt.alternatives)
                for doubt in doubtful_readings(simplified, self.corrections)
            ),
            MappingProxyType({each: reads[each] for each in self.settings.variants}),
            MappingProxyType(forms),
            tuple(aliases),
            candidate,
            tuple(_contexts(printed)),
        )
        claims = {fold_glyphs(form) for variants in all_forms for form in variants.values()}
        return suggestion, claims | {fold_glyphs(term.term)}

    def _printed(self, line: int, span: Span) -> Span:
        """Where a span of a line stands in what is printed."""
        paragraph = self.passages[line][1].paragraph
        if self.lines[line].text == paragraph.text:
            return span
        if line not in self._back:
            self._back[line] = inverse(self.simplified(paragraph.text, paragraph.variant), paragraph.text)
        return self._back[line].span_of(span)

    def _headword(self, printed: str, variant: Variant) -> Term:
        """An entry in the edition's script, if what is printed in another one is found under it."""
        own = self.settings.variant
        if variant is not own:
            term = self._term(self.scripts.convert(printed, variant, own), own)
            forms = derive_forms(term, self.scripts.convert)[0]
            if fold_glyphs(printed) in map(fold_glyphs, forms.values()):
                return term
        return self._term(printed, variant)

    def _term(self, headword: str, variant: Variant) -> Term:
        location = self.settings.title.locate()
        nothing = MappingProxyType[str, str]({})
        return Term(
            "",
            "",
            headword,
            variant,
            MappingProxyType({}),
            (),
            (),
            "",
            nothing,
            (),
            "",
            None,
            (),
            (),
            "",
            location,
        )

    def _id(self, simplified: str, candidate: Candidate, taken: Set[str]) -> str:
        """Pinyin without tones, a hyphen between words; with a number where it is taken."""
        starts = (
            {word.offset for word in candidate.words} if len(simplified) == len(candidate.text) else set()
        )
        parts: list[str] = []
        joined = False
        for offset, (char, syllable) in enumerate(
            zip(simplified, align_pinyin(simplified, self.corrections), strict=True)
        ):
            plain = without_tone(syllable or char).replace("ü", "v").replace("ê", "e")
            plain = "".join(each for each in plain if each.isascii() and each.isalnum())
            if not plain:
                joined = False
                continue
            if joined and offset not in starts:
                parts[-1] += plain
            else:
                parts.append(plain)
            joined = True
        slug = "-".join(parts) or "entry"
        number = 1
        while (id := slug if number == 1 else f"{slug}-{number}") in taken or EntryId().check(id):
            number += 1
        return id

    def _kind(
        self, simplified: str, candidate: Candidate, printed: Iterable[tuple[str, Passage, Span]]
    ) -> str:
        """What the entry is of, where the text or the name itself shows it; else ""."""
        beside = {
            (
                passage.paragraph.text[span.start - 1 : span.start],
                passage.paragraph.text[span.end : span.end + 1],
            )
            for _, passage, span in printed
        }
        if beside <= {("《", "》"), ("〈", "〉")}:
            return "work"
        tags = [word.tag for word in candidate.words]
        if len(tags) == 1 and is_personal_name(tags[0], simplified):
            return "person"
        for kind, endings in _ENDINGS.items():
            name = any(tag[:2] in ("ns", "nt", "nz", "nr") for tag in tags)
            if name and any(simplified.endswith(end) and len(simplified) > len(end) + 1 for end in endings):
                return kind
        return ""


def _most(counted: Counter[str]) -> str:
    return min(counted, key=lambda words: (-counted[words], words))


def _contexts(printed: Sequence[tuple[str, Passage, Span]]) -> Iterator[Context]:
    """Places of different texts first."""
    seen: Counter[str] = Counter()
    ranked = []
    for index, (slug, _, _) in enumerate(printed):
        ranked.append((seen[slug], index))
        seen[slug] += 1
    for _, index in sorted(ranked)[:CONTEXTS]:
        slug, passage, span = printed[index]
        left, keyword, right = keyword_in_context(Conversion(passage.paragraph.text), span)
        yield Context(slug, passage.paragraph.id, one_line(left), one_line(keyword), one_line(right))


# --- for people, for a glossary, and for programs ------------------------------------------------


def list_suggestions(suggestions: Sequence[Suggestion]) -> Iterator[str]:
    """A table, a line of context under each candidate."""
    if not suggestions:
        return
    columns = min(max(width(each.term) for each in suggestions), 24)
    yield f"     {padded('term', columns)}  count  texts  cohesion  edges  spread    key  score"
    for number, each in enumerate(suggestions, 1):
        found = each.candidate
        keyness = f"{found.keyness:.0f}" if found.keyness < 1000 else "1000+"
        cells = (
            f"{number:>3}",
            padded(clipped(each.term, columns), columns),
            f"{found.count:>5}",
            f"{found.documents:>5}",
            f"{found.cohesion:>8.2f}",
            f"{found.left:>2}|{found.right:<2}",
            f"{found.dispersion:>6.2f}",
            f"{keyness:>5}",
            f"{found.score:.2f}",
        )
        yield "  ".join(cells)
        for context in each.contexts[:1]:
            place = f"     {context.text}#{context.paragraph}: "
            room = (COLUMNS - width(place) - width(context.keyword)) // 2 - 1
            left = clipped(context.left[::-1], max(room, 12))[::-1]
            yield clipped(f"{place}{left}[{context.keyword}]{context.right}", COLUMNS)


def entries_as_yaml(suggestions: Iterable[Suggestion], language: Variant, indent: str = "") -> Iterator[str]:
    """The suggestions as items of a glossary file, line by line. language: the edition's."""
    for each in suggestions:
        found = each.candidate
        times = f"{found.count} times in {found.documents} text{'s' * (found.documents != 1)}"
        yield ""
        yield f"{indent}- id: {each.id}"
        yield f"{indent}  term: {yaml_scalar(each.term)}  # {times}"
        if each.variant is not language:
            yield f"{indent}  lang: {each.variant}"
        yield f"{indent}  {f'kind: {each.kind}' if each.kind else '# kind:'}"
        if each.forms:
            forms = ", ".join(f"{variant}: {yaml_scalar(form)}" for variant, form in each.forms.items())
            yield f"{indent}  forms: {{{forms}}}  # as the texts print it"
        if each.aliases:
            yield f"{indent}  aliases: [{', '.join(map(yaml_scalar, each.aliases))}]"
        if each.doubts:
            asked = "; ".join(" or ".join((chosen, *others)) for chosen, others in each.doubts)
            yield f"{indent}  # pinyin: {each.pinyin}  # derived; look at {asked}"
        else:
            yield f"{indent}  pinyin: {yaml_scalar(each.pinyin) if each.pinyin.isascii() else each.pinyin}"
        yield f"{indent}  # gloss: {{en: }}"
        groups: dict[str, list[str]] = {}
        for variant, reads in each.reads.items():
            groups.setdefault(reads, []).append(variant)
        yield f"{indent}  # reads: " + "; ".join(
            f"{one_line(reads)} ({', '.join(variants)})" for reads, variants in groups.items()
        )
        for context in each.contexts:
            yield (
                f"{indent}  # {context.text}#{context.paragraph}: "
                f"{context.left}[{context.keyword}]{context.right}"
            )


def as_mappings(suggestions: Iterable[Suggestion]) -> list[dict[str, object]]:
    """The suggestions as plain values, for JSON."""
    return [
        {
            "id": each.id,
            "term": each.term,
            "lang": str(each.variant),
            "kind": each.kind,
            "pinyin": each.pinyin,
            "doubts": [{"reads": chosen, "or": list(others)} for chosen, others in each.doubts],
            "reads": {str(variant): reads for variant, reads in each.reads.items()},
            "forms": {str(variant): form for variant, form in each.forms.items()},
            "aliases": list(each.aliases),
            "count": each.candidate.count,
            "texts": each.candidate.documents,
            "cohesion": round(each.candidate.cohesion, 4),
            "left": each.candidate.left,
            "right": each.candidate.right,
            "entropy": round(each.candidate.entropy, 4),
            "dispersion": round(each.candidate.dispersion, 4),
            "keyness": round(each.candidate.keyness, 4),
            "score": round(each.candidate.score, 4),
            "contexts": [context._asdict() for context in each.contexts],
        }
        for each in suggestions
    ]
