"""Whatever is annotated, the reader sees the text, converted; and every term is found."""

from __future__ import annotations

from types import MappingProxyType

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sitecheck import visible_paragraphs
from slow_matcher import Entry, find_hits

from duben.compile.edition import compile_edition
from duben.compile.scripts import converter, fold_glyphs
from duben.diagnostics import Report
from duben.model import (
    Content,
    ConvertChoice,
    EntryChoice,
    Location,
    Mark,
    Metadata,
    Note,
    Override,
    Paragraph,
    Quote,
    Reading,
    Settings,
    SourceMap,
    Span,
    Target,
    Term,
    Text,
    Variant,
)
from duben.publish.pages import list_pages
from duben.publish.render import Theme

PLACE = Location("text.md", 1, 1)
SOURCE = SourceMap("text.md", ((0, 1, 1),))
EMPTY: MappingProxyType = MappingProxyType({})

# Pieces that convert in every way: one to one, one to many, by phrase, with another length (U盘,
# 软件 in Taiwan's own words), quotation marks, glyph variants, markup, astral characters, Latin.
PIECES = {
    Variant.HANS: "新质生产力 专精特新 小巨人 中部 其中部分 头发 发展 后来 皇后 干部 干燥 U盘 软件 优盘 "
    "“老字号” ‘新’ 面条 里程 <b> & 𠮷 AI 2026 , 。 \n 😀 A️ 中部️ 台湾 了解".split(" "),
    Variant.TW: "新質生產力 新質生産力 專精特新 小巨人 中部 其中部分 頭髮 發展 後來 皇后 幹部 乾燥 隨身碟 "
    "軟體 「老字號」 『新』 麵條 裡程 <b> & 𠮷 AI 2026 , 。 \n 😀 著作 為什麼 説".split(" "),
}
TERMS = {
    Variant.HANS: "新质生产力 生产力 专精特新 新小巨人 中部 U盘 软件 发展后来 头发 AI 老字号".split(),
    Variant.TW: "新質生產力 生產力 專精特新 新小巨人 中部 隨身碟 軟體 發展後來 頭髮 AI 老字號".split(),
}


def term(id: str, word: str, variant: Variant, aliases=(), not_in=(), forms=EMPTY, link="") -> Term:
    return Term(
        id=id,
        kind="concept",
        term=word,
        variant=variant,
        forms=forms,
        aliases=tuple(aliases),
        not_in=tuple(not_in),
        pinyin="x",
        gloss=EMPTY,
        definition=(),
        date="",
        coordinates=None,
        see=(),
        sources=(),
        link=link,
        location=PLACE,
        places=MappingProxyType({"term": PLACE}),
    )


@st.composite
def glossaries(draw: st.DrawFn) -> tuple[Term, ...]:
    variant = draw(st.sampled_from([Variant.HANS, Variant.TW]))
    words = draw(st.lists(st.sampled_from(TERMS[variant]), unique=True, max_size=8))
    found = []
    for number, word in enumerate(words):
        aliases = []
        if draw(st.booleans()) and len(word) > 2:
            alias = word[: draw(st.integers(2, len(word) - 1))]
            if alias not in words and all(alias not in other.aliases for other in found):
                aliases.append(alias)
        not_in = ["其中部分"] if word == "中部" and draw(st.booleans()) else []
        given_form = draw(st.booleans()) and variant is Variant.HANS
        forms = MappingProxyType({Variant.TW: word + "甲"}) if given_form else EMPTY
        link = draw(st.sampled_from(["", "", "every", "first-in-text", "never"]))
        found.append(term(f"t{number}", word, variant, aliases, not_in, forms, link))
    return tuple(found)


@st.composite
def spans(draw: st.DrawFn, text: str) -> Span:
    start = draw(st.integers(0, len(text) - 1))
    end = draw(st.integers(start + 1, min(len(text), start + 9)))
    # A quote that ends before a variation selector would tear it off, and does not hold.
    return Span(start, end + 1 if text[end : end + 1] == "\ufe0f" else end)


def target(paragraph: Paragraph, span: Span) -> Target:
    """A quote that can only be this span: the whole paragraph is its context."""
    text = paragraph.text
    quote = Quote(text[span.start : span.end], paragraph.id, text[: span.start], text[span.end :])
    return Target(paragraph.id, quote, None, PLACE)


def apart(found: list[Span]) -> list[Span]:
    kept: list[Span] = []
    for span in found:
        if not any(span.overlaps(other) for other in kept):
            kept.append(span)
    return kept


@st.composite
def texts(draw: st.DrawFn, terms: tuple[Term, ...]) -> Text:
    variant = draw(st.sampled_from([Variant.HANS, Variant.TW]))
    paragraphs, notes, choices, readings, converts = [], [], [], [], []
    for number in range(1, draw(st.integers(1, 3)) + 1):
        pieces = draw(st.lists(st.sampled_from(PIECES[variant]), min_size=1, max_size=14))
        plain = "".join(pieces).strip("\n") or "文"
        marks = []
        for kind in draw(st.lists(st.sampled_from(["em", "strong", "link", "image"]), max_size=3)):
            span = draw(spans(plain))
            if kind == "image":
                marks.append(Mark("image", Span(span.start, span.start), "static/a.png", "图"))
            elif kind != "link" or not any(m.kind == "link" and m.span.overlaps(span) for m in marks):
                marks.append(Mark(kind, span, "https://example.org/" if kind == "link" else ""))
        kind = draw(st.sampled_from(["paragraph", "verse", "heading"]))
        was = (f"p{number + 90}",) if draw(st.booleans()) else ()
        paragraph = Paragraph(f"p{number}", kind, variant, plain, SOURCE, tuple(marks), 2, was=was)
        paragraphs.append(paragraph)
        for span in draw(st.lists(spans(plain), max_size=3)):
            notes.append(Note(f"n{len(notes)}", target(paragraph, span), (), PLACE))
        for span in apart(draw(st.lists(spans(plain), max_size=2))):
            entry = draw(st.sampled_from([None, *(entry.id for entry in terms)]))
            choices.append(EntryChoice(target(paragraph, span), entry, PLACE))
        for span in apart(draw(st.lists(spans(plain), max_size=1))):
            words = draw(st.sampled_from(["新质生产力", "改", "軟體很好", "U盘"]))
            readings.append(Reading(target(paragraph, span), words, PLACE))
        # An override inside a reading has no place of its own, so it goes where there is none.
        if not any(reading.target.paragraph == paragraph.id for reading in readings):
            for span in apart(draw(st.lists(spans(plain), max_size=2))):
                forms = MappingProxyType({Variant.HK: draw(st.sampled_from(["港", "港港港"]))})
                converts.append(ConvertChoice(target(paragraph, span), forms, "", PLACE))
    return Text(
        slug="text",
        title=Paragraph("title", "title", variant, "题目", SOURCE),
        summary=(),
        variant=variant,
        metadata=Metadata(),
        paragraphs=tuple(paragraphs),
        notes=tuple(notes),
        entry_choices=tuple(choices),
        readings=tuple(readings),
        converts=tuple(converts),
        entry_policies=MappingProxyType({}),
        order=0,
        regional=frozenset(draw(st.sets(st.sampled_from([Variant.TW, Variant.HANS])))),
        republish=True,
        location=PLACE,
    )


@st.composite
def contents(draw: st.DrawFn) -> Content:
    terms = draw(glossaries())
    title = Paragraph("title", "title", Variant.HANS, "读本", SOURCE)
    link = draw(st.sampled_from(["every", "first-in-paragraph"]))
    return Content(
        Settings(title, Variant.HANS, tuple(Variant), link=link),
        (draw(texts(terms)),),
        terms,
        (),
        (),
    )


def read_as(text: Text, paragraph: Paragraph) -> str:
    found = paragraph.text
    for reading in text.readings:
        if reading.target.paragraph == paragraph.id:
            quote = reading.target.start
            found = quote.before + reading.reading + quote.after
    return found


def place_in_reading(text: Text, paragraph: Paragraph, span: Span) -> Span:
    """Where a span of what is printed stands in what is read: a reading that it cuts is taken whole."""
    for reading in text.readings:
        if reading.target.paragraph == paragraph.id:
            printed = quoted(reading.target)
            growth = len(reading.reading) - (printed.end - printed.start)
            start, end = span
            if growth == 0:
                return span
            if printed.start < start < printed.end:
                start = printed.start
            elif start >= printed.end:
                start += growth
            if printed.start < end < printed.end:
                end = printed.end
            if end >= printed.end:
                end += growth
            return Span(start, end)
    return span


def quoted(target: Target) -> Span:
    return Span(len(target.start.before), len(target.start.before) + len(target.start.exact))


def expected_hits(content: Content, text: Text, paragraph: Paragraph, forms):
    vetoes, forced = [], {}
    for choice in text.entry_choices:
        if choice.target.paragraph == paragraph.id:
            span = place_in_reading(text, paragraph, quoted(choice.target))
            if choice.entry is None:
                vetoes.append(span)
            else:
                forced[span] = choice.entry
    entries = [
        Entry(
            entry.id,
            [
                {*variants.values(), *([] if n else [entry.term])}
                for n, variants in enumerate(forms[entry.id])
            ],
            entry.not_in,
            entry.link,
        )
        for entry in content.terms
    ]
    return find_hits(entries, read_as(text, paragraph), fold_glyphs, vetoes=vetoes, forced=forced)


THEME = Theme()
INTERFACE = THEME.interface(Report())


SLOW = [HealthCheck.too_slow]


@settings(max_examples=150, deadline=None, suppress_health_check=SLOW)
@given(contents())
def test_visible_text_is_converted_plain_text_and_every_term_is_found(content: Content) -> None:
    report = Report()
    edition = compile_edition(content, report)
    errors = {found.code for found in report.found if found.severity == "error"}
    # An `entry:` may cut through a reading, which is an error of the editor.
    assert errors <= {"alias-claimed", "anchor-overlap"}
    if errors:
        return
    text = content.texts[0]
    forms = {entry.term.id: entry.forms for entry in edition.terms}
    pages = {page.frame.lang: page for page in list_pages(edition, INTERFACE) if page.template == "text.html"}
    for variant in Variant:
        page = pages[variant]
        html = THEME.render(page.template, page.frame, page.view, page.ui, report)
        assert html is not None, report.found
        visible = visible_paragraphs(html.decode())
        for paragraph, passage in zip(text.paragraphs, edition.texts[0].passages, strict=True):
            hits = expected_hits(content, text, paragraph, forms)
            found = [(hit.term, hit.form, hit.nested) for hit in passage.hits]
            assert found == [(hit.entry, hit.form, hit.nested) for hit in hits]
            if variant is text.variant:
                expected = paragraph.text
            else:
                settled = [
                    Override(quoted(c.target), c.forms[variant])
                    for c in text.converts
                    if c.target.paragraph == paragraph.id and variant in c.forms
                ]
                overrides = [
                    Override(Span(hit.start, hit.end), forms[hit.entry][hit.form][variant])
                    for hit in hits
                    if not hit.nested
                    and hit.form >= 0
                    and not any(Span(hit.start, hit.end).overlaps(override.span) for override in settled)
                ]
                engine = converter(text.variant, variant, regional=text.regional)
                expected = engine.convert(read_as(text, paragraph), [*settled, *overrides]).text
            assert visible[paragraph.id] == expected.strip(" \t\r\n")


@settings(max_examples=150, deadline=None, suppress_health_check=SLOW)
@given(contents())
def test_segments_concatenate_to_the_paragraph(content: Content) -> None:
    edition = compile_edition(content, Report())
    for passage in edition.texts[0].passages:
        position = 0
        for segment in passage.segments:
            assert segment.span.start == position
            position = segment.span.end
        assert position == len(passage.paragraph.text)
        for index in passage.linked:
            covered = "".join(
                passage.paragraph.text[s.span.start : s.span.end] for s in passage.segments if s.hit == index
            )
            assert covered == passage.hits[index].surface
        ends = [note for segment in passage.segments for note in segment.ends]
        assert sorted(ends) == sorted(anchor.note for anchor in passage.anchors if anchor.last)
