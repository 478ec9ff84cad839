"""Plain text → blocks: how its paragraphs are divided, by evidence, and which lines belong together."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from duben.desk.importing.bylines import read_byline
from duben.desk.importing.decoding import Decoded
from duben.desk.importing.manuscript import Block, Facts, Manuscript, Taken, ends_in_stop
from duben.desk.importing.sifting import NUMBERED, VERSE_LENGTH, junk_reason, strip_site
from duben.model import Location
from duben.read.inline import is_wide
from duben.read.outside import SPACE_AFTER_STOP, as_one_line, cut_pieces, line_starts

#: How --split calls the ways in which paragraphs are divided. The first three are also written in text.yaml.
SPLITS = ("blank-line", "line", "space-after-stop", "wrapped")
INDENT = re.compile(r"[ \t]*\u3000|[ \t\u00a0]{2}")
DECORATED_NUMBER = re.compile(
    r"\A(?:[-—–·~*]+\s*[0-9]{1,4}\s*[-—–·~*]+|第\s*[0-9]{1,4}\s*[页頁](?:\s*[,，/]?\s*共\s*[0-9]+\s*[页頁])?|"
    r"[0-9]{1,4}\s*/\s*[0-9]{1,4}|Page\s+[0-9]+(?:\s+of\s+[0-9]+)?|[\[［〔【(（][0-9]{1,4}[\]］〕】)）])\Z",
    re.IGNORECASE,
)
BREAK = re.compile(r"(?:[*＊※☆★◇◆○●△▲~～=_—–-][\s\u3000]*){3,}")
BARE_NUMBER = re.compile(r"\A[0-9]{1,4}\Z")
#: Wrapped lines fall short of the measure by no more columns than a mark or a word that went to the next one.
SLACK = 6


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that is not blank. chunk: lines with no blank one between them have the same."""

    start: int
    end: int
    text: str
    chunk: int
    indented: bool


def read_plain(decoded: Decoded, name: str, how: str = "") -> Manuscript:
    """The blocks of a plain text. how: one of SPLITS; "" to decide by what the text looks like."""
    text = decoded.text
    starts = line_starts(text)
    lines, taken = _without_page_numbers(list(_lines(text)), starts, name)
    chosen, why = (how, "as you said") if how else _choose(text, lines)
    if chosen == "space-after-stop":
        taken = []  # it is not cut by lines
        blocks = list(_run_together(text, starts, name))
    else:
        measure = _measure(lines) if chosen == "wrapped" or not how else 0
        if chosen == "wrapped" and not measure:
            measure = max((_width(line.text) for line in lines), default=0)
        groups = _group(lines, chosen, measure, forced=bool(how))
        blocks = [_block(text, group, starts, name) for group in groups]
    return Manuscript(
        name,
        tuple(blocks),
        Facts(),
        (*decoded.taken, *taken),
        split=f"{chosen}: {why}",
        read_as=f"plain text, {decoded.encoding}",
    )


def split_name(manuscript: Manuscript) -> str:
    """Which of SPLITS a plain text was read by."""
    return manuscript.split.partition(":")[0]


def _lines(text: str) -> Iterator[_Line]:
    chunk = 0
    blank = True
    start = 0
    for raw in text.split("\n"):
        bare = raw.strip()
        if bare:
            chunk += blank
            offset = start + raw.index(bare[0])
            yield _Line(offset, offset + len(bare), bare, chunk, bool(INDENT.match(raw)))
        blank = not bare
        start += len(raw) + 1


def _place(offset: int, starts: Sequence[int], name: str) -> Location:
    number = bisect_right(starts, offset)
    return Location(name, number, offset - starts[number - 1] + 1)


# --- page numbers --------------------------------------------------------------------------------


def _without_page_numbers(
    lines: list[_Line], starts: Sequence[int], name: str
) -> tuple[list[_Line], list[Taken]]:
    """The lines but for page numbers, those of a paragraph that a number cut through in one chunk again."""
    decorated = [i for i, line in enumerate(lines) if DECORATED_NUMBER.match(line.text)]
    bare = [i for i, line in enumerate(lines) if BARE_NUMBER.match(line.text)]
    numbers = [int(lines[i].text) for i in bare]
    rising = len(bare) >= 2 and all(a < b <= a + 3 for a, b in itertools.pairwise(numbers))
    cutting = [
        i
        for i in bare
        if 0 < i < len(lines) - 1
        and not ends_in_stop(lines[i - 1].text)
        and len(lines[i - 1].text) >= 12
        and not lines[i + 1].indented
    ]
    pages = set(decorated if len(decorated) >= 2 else ())
    if rising and cutting:
        pages |= set(bare)
    if not pages:
        return lines, []
    kept: list[_Line] = []
    taken = []
    joined: dict[int, int] = {}  # chunk → the chunk that it goes on
    for index, line in enumerate(lines):
        if index in pages:
            taken.append(Taken(_place(line.start, starts, name), line.text, "page number"))
            before = kept[-1] if kept else None
            after = lines[index + 1] if index + 1 < len(lines) else None
            if before and after and not ends_in_stop(before.text) and not after.indented:
                joined[after.chunk] = before.chunk
            continue
        kept.append(replace(line, chunk=joined.get(line.chunk, line.chunk)))
    return kept, taken


# --- the choice ----------------------------------------------------------------------------------


def _choose(text: str, lines: Sequence[_Line]) -> tuple[str, str]:
    """One of SPLITS, and the evidence."""
    if not lines:
        return "blank-line", "there is nothing to divide"
    longest = max(lines, key=lambda line: line.end - line.start)
    stops = list(SPACE_AFTER_STOP.finditer(text, longest.start, longest.end))
    if len(stops) >= 2 and len(longest.text) > 0.6 * sum(len(line.text) for line in lines):
        length = len(longest.text) // (len(stops) + 1)
        if length > 12:
            return (
                "space-after-stop",
                f"one line holds {len(stops)} spaces after a stop, {length} characters apart",
            )
    measure = _measure(lines)
    if measure:
        return (
            "wrapped",
            f"most lines are as long as the measure of {measure // 2} characters, and go on in the next",
        )
    chunks = lines[-1].chunk
    together = [
        (line, following) for line, following in itertools.pairwise(lines) if line.chunk == following.chunk
    ]
    if not together:
        return (
            ("blank-line", "a blank line stands between all paragraphs")
            if chunks > 1
            else ("line", "there is one line")
        )
    if chunks == 1:
        return "line", "there are no blank lines"
    prose = [pair for pair in together if len(pair[0].text) > VERSE_LENGTH and not junk_reason(pair[0].text)]
    own = [pair for pair in prose if ends_in_stop(pair[0].text) or pair[1].indented]
    if prose and len(own) * 2 > len(prose):
        return ("line", f"{len(own)} of {len(prose)} lines that another follows end as a paragraph does")
    return "blank-line", f"blank lines divide it into {chunks}"


def _width(text: str) -> int:
    return sum(2 if is_wide(char) else 1 for char in text)


def _measure(lines: Sequence[_Line]) -> int:
    """The width in columns to which a text was wrapped; 0 for one that was not."""
    going_on = [pair for pair in itertools.pairwise(lines) if pair[0].chunk == pair[1].chunk]
    widths = sorted(_full_width(line) for line, _ in going_on)
    if len(widths) < 3:
        return 0
    measure = widths[-1]
    # One line that sticks out, such as an address, is no measure.
    while len(widths) > 8 and widths[-1] > widths[len(widths) * 9 // 10] + SLACK:
        widths.pop()
        measure = widths[-1]
    if not 24 <= measure <= 160:
        return 0
    full = [line for line, following in going_on if _is_full(line, following, measure)]
    running = [line for line in full if not ends_in_stop(line.text)]
    return (
        measure if len(full) * 2 > len(going_on) and len(running) * 2 > len(full) and len(running) > 2 else 0
    )


def _full_width(line: _Line) -> int:
    return _width(line.text) + 4 * line.indented


def _is_full(line: _Line, following: _Line, measure: int) -> bool:
    """Whether a line is as long as the measure lets it be, its next word being what it is."""
    word = re.match(r"[!-~]+", following.text)
    return _full_width(line) >= measure - SLACK - (len(word[0]) if word else 0)


# --- lines that belong together ------------------------------------------------------------------


def _group(lines: Sequence[_Line], how: str, measure: int, *, forced: bool) -> list[list[_Line]]:
    """The lines of each block. Lines that are a stanza stay apart here: `as_stanzas` joins them."""
    groups: list[list[_Line]] = []
    for index, line in enumerate(lines):
        before = lines[index - 1] if index else None
        if before is None or before.chunk != line.chunk or how == "line":
            joined = False
        elif how == "blank-line" and forced:
            joined = True
        elif measure:
            joined = _is_full(before, line, measure) and not line.indented and not _is_around(line.text)
        else:
            joined = (
                line.chunk > 1
                and len(before.text) > VERSE_LENGTH
                and not ends_in_stop(before.text)
                and not line.indented
                and not _is_around(before.text)
                and not _is_around(line.text)
            )
        if joined:
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _is_around(text: str) -> bool:
    return bool(junk_reason(text) or read_byline(text))


def _block(text: str, group: Sequence[_Line], starts: Sequence[int], name: str) -> Block:
    start, end = group[0].start, group[-1].end
    if len(group) == 1:
        plain = group[0].text
    else:
        # Line by line, as a page number may have stood between them.
        plain = ""
        for line in group:
            if plain and not is_wide(plain[-1]) and not is_wide(line.text[0]):
                plain += " "
            plain += line.text
    del text
    return Block(
        plain,
        _place(start, starts, name),
        start=start,
        end=end,
        indented=group[0].indented,
        chunk=group[0].chunk,
    )


# --- paragraphs that run together ----------------------------------------------------------------


def _run_together(text: str, starts: Sequence[int], name: str) -> Iterator[Block]:
    """Pieces that end in a stop before a space; what stands before and behind them is cut at every space."""
    pieces = [
        piece for piece in cut_pieces(text, 0, len(text), "space-after-stop") if text[slice(*piece)].strip()
    ]
    spaced = sum(len(_gaps(text, start, end)) for start, end in pieces[1:-1])
    for number, (start, end) in enumerate(pieces):
        cuts: list[tuple[int, int]] = []
        if number == 0:
            cuts = _head_gaps(text, start, end, spaced=spaced >= 3)
        elif number == len(pieces) - 1 and not ends_in_stop(text[start:end].strip()):
            cuts = _gaps(text, start, end)
        edges = [start, *(edge for cut in cuts for edge in cut), end]
        for piece in zip(edges[::2], edges[1::2], strict=True):
            plain, source = as_one_line(text, *piece, starts, name)
            if plain:
                place = source.locate(0)
                offset = starts[place.line - 1] + place.column - 1
                kept = text[piece[0] : piece[1]].rstrip()
                yield Block(plain, place, start=offset, end=piece[0] + len(kept), chunk=number + 1)


def _gaps(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where white space stands that divides neither Latin words or digits nor letters that are spaced out."""
    found = []
    words = [match.span() for match in re.compile(r"\S+").finditer(text, start, end)]
    for before, after in itertools.pairwise(words):
        alone = min(before[1] - before[0], after[1] - after[0]) == 1
        if not alone and (
            is_wide(text[before[1] - 1]) or is_wide(text[after[0]]) or after[0] - before[1] > 1
        ):
            found.append((before[1], after[0]))
    return found


def _head_gaps(text: str, start: int, end: int, *, spaced: bool) -> list[tuple[int, int]]:
    """The gaps before the first sentence: behind a title, a byline, a breadcrumb.

    spaced: this text has spaces within its sentences, too, as beside digits.
    """
    cuts = []
    previous = start
    for gap in _gaps(text, start, end):
        token = text[previous : gap[0]]
        if any(sign in token for sign in "。！？；，"):
            break
        beside_digit = not (is_wide(text[gap[0] - 1]) and is_wide(text[gap[1]]))
        certain = bool(_is_around(token) or strip_site(token)[1])
        if certain or not (spaced or beside_digit) or (len(token) >= 6 and not spaced):
            cuts.append(gap)
            previous = gap[1]
    return cuts


# --- stanzas and headings ------------------------------------------------------------------------


def as_stanzas(blocks: Sequence[Block]) -> list[Block]:
    """The blocks of a plain text: lines of verse joined to stanzas, numbered heads as headings."""
    found: list[Block] = []
    index = 0
    body_indented = sum(block.indented for block in blocks) * 2 > len(blocks)
    while index < len(blocks):
        run = index
        while run < len(blocks) and _is_verse_line(blocks[run], body_indented=body_indented):
            run += 1
        stanza = blocks[index:run]
        if len(stanza) >= 3 or (len(stanza) == 2 and len(blocks) == 2):
            found += _stanzas(stanza)
            index = run
            continue
        for number in range(index, max(run, index + 1)):
            found.append(_with_heading(blocks[number], is_last=number == len(blocks) - 1))
        index = max(run, index + 1)
    return found


def with_breaks(blocks: Sequence[Block], taken: list[Taken]) -> Iterator[Block]:
    """The blocks; a line of asterisks or the like between two of them is a break before the second."""
    waiting: Block | None = None
    for block in blocks:
        if block.kind == "paragraph" and BREAK.fullmatch(block.text):
            waiting = block
            taken.append(Taken(block.place, block.text, "break between sections"))
            continue
        yield replace(block, after_break=True) if waiting else block
        waiting = None


def _is_verse_line(block: Block, *, body_indented: bool) -> bool:
    text = block.text
    if block.kind != "paragraph" or len(text) > VERSE_LENGTH or NUMBERED.match(text):
        return False
    speech = text[0] in "“「『" or text[-1] in "”」』" or any(mark in text for mark in "：:")
    if speech or (body_indented and block.indented):
        return False
    # Two sentences in a line of verse are of one length: 床前明月光，疑是地上霜。
    parts = [part for part in re.split("[，。！？；,、]", text) if part.strip()]
    even = len(parts) == 2 and len(parts[0]) == len(parts[1]) <= 8
    return even or not ends_in_stop(text) or (len(parts) == 1 and len(text) <= 9)


def _stanzas(lines: Sequence[Block]) -> Iterator[Block]:
    """A stanza for each chunk where chunks have several lines; else one."""
    chunks: dict[int, list[Block]] = {}
    for line in lines:
        chunks.setdefault(line.chunk, []).append(line)
    several = max(map(len, chunks.values())) > 1
    for stanza in chunks.values() if several else [list(lines)]:
        first = stanza[0]
        kind = "verse" if len(stanza) > 1 else "paragraph"
        yield replace(
            first,
            kind=kind,
            text="\n".join(line.text for line in stanza),
            end=stanza[-1].end,
            parts=len(stanza),
        )


def _with_heading(block: Block, *, is_last: bool) -> Block:
    is_heading = (
        block.kind == "paragraph"
        and NUMBERED.match(block.text)
        and len(block.text) <= 30
        and not any(mark in block.text for mark in "。；！？!?")
        and not is_last
    )
    return replace(block, kind="heading", level=2) if is_heading else block
