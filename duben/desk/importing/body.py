"""Blocks → text.md: duben's Markdown, in which every sign that is text is written as text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from duben.desk.importing.manuscript import Block
from duben.diagnostics import Report
from duben.model import Container, Mark, Paragraph, Span, Variant
from duben.read.inline import POINTS
from duben.read.paragraphs import read_body

SPECIAL = re.compile(r"[\\`*_\[\]<>&|~]")
#: What begins a block of another kind, where it begins a line.
LINE_START = re.compile(r"#{1,6}|[-+](?=\s|\Z|[-\s]+\Z)|[0-9]{1,9}(?=[.)](?:\s|\Z))|=+\Z|-{2,}|:")
#: An id of duben's cannot be told from text that looks like one, however it is written.
ID_IN_TEXT = re.compile(r"\{(?=#)")
EMPHASIS = {"em": "*", "strong": "**"}


def write_body(blocks: Sequence[Block], ids: Sequence[str]) -> str:
    """The text.md of these blocks. ids: one for each block."""
    pieces: list[str] = []
    before: Block | None = None
    started: set[tuple[str, int]] = set()
    for block, id in zip(blocks, ids, strict=True):
        first, rest = _prefixes(block, started)
        goes_on = before is not None and bool(block.label) and before.label == block.label
        if before is not None:
            shared = _shared(before, block)
            quote = "    " if goes_on else "".join("> " for found in shared if found.kind == "quote")
            pieces.append(quote.rstrip() + "\n")
            if block.after_break:
                pieces.append("***\n\n")
        if block.kind == "footnote":
            first, rest = ("    ", "    ") if goes_on else (f"[^{block.label}]: ", "    ")
        for number, line in enumerate(_lines(block, id)):
            pieces.append(f"{rest if number else first}{line}\n")
        before = block
    return "".join(pieces)


def _shared(before: Block, block: Block) -> tuple[Container, ...]:
    """The containers that two blocks stand in together."""
    found = []
    for one, other in zip(before.within, block.within, strict=False):
        if (one.kind, one.number) != (other.kind, other.number):
            break
        found.append(one)
    return tuple(found)


def _prefixes(block: Block, started: set[tuple[str, int]]) -> tuple[str, str]:
    """What stands before the block's first line, and before those that follow."""
    first = rest = ""
    kind, number, start = "ul", 0, 1
    for container in block.within:
        key = (container.kind, container.number)
        if container.kind == "quote":
            first, rest = first + "> ", rest + "> "
        elif container.kind in ("ul", "ol"):
            kind, number, start = container
        elif container.kind == "li":
            # Lists that follow each other have marks of two kinds, so that they stay two.
            mark = "-*"[number % 2] if kind == "ul" else f"{start + container.start - 1}{'.)'[number % 2]}"
            width = " " * (len(mark) + 1)
            first, rest = first + (width if key in started else f"{mark} "), rest + width
            started.add(key)
    return first, rest


def _lines(block: Block, id: str) -> Iterator[str]:
    if block.kind == "table":
        columns = max(len(row) for row in block.rows)
        for number, row in enumerate(block.rows):
            cells = [_inline(cell).replace("\n", " ") for cell in row] + [""] * (columns - len(row))
            yield f"| {' | '.join(cells)} |"
            if number == 0:
                yield f"|{' --- |' * columns}"
        yield f"{{#{id}}}"
        return
    written = _inline(block)
    if block.kind == "heading":
        yield f"{'#' * (block.level or 2)} {written} {{#{id}}}"
        return
    *lines, last = [_escape_start(line) for line in written.split("\n")]
    if block.kind == "verse":
        yield from lines
        yield f"{last} {{#{id} .verse}}"
    else:
        yield from (f"{line}\\" for line in lines)
        yield f"{last} {{#{id}}}"


def escape(text: str) -> str:
    """A text in which Markdown sees no markup."""
    escaped = SPECIAL.sub(lambda match: f"\\{match[0]}", text).replace("\\[^", "\\[\\^")
    return ID_IN_TEXT.sub("{ ", escaped)


def _escape_start(line: str) -> str:
    match = LINE_START.match(line)
    if not match:
        return line
    # A digit cannot be escaped, the sign behind it can.
    return f"{match[0]}\\{line[match.end() :]}" if match[0].isdigit() else f"\\{line}"


def _inline(block: Block) -> str:
    """The block's text with its marks, as Markdown."""
    text = block.text
    opens: dict[int, list[Mark]] = {}
    closes: dict[int, list[Mark]] = {}
    points: dict[int, list[Mark]] = {}
    for given in block.marks:
        mark = _trimmed(given, text)
        if mark and mark.kind in POINTS:
            points.setdefault(mark.span.start, []).append(mark)
        elif mark:
            opens.setdefault(mark.span.start, []).append(mark)
            closes.setdefault(mark.span.end, []).append(mark)
    pieces: list[str] = []
    position = 0
    after_note = False
    for offset in sorted({*opens, *closes, *points, len(text)}):
        written = escape(text[position:offset])
        if after_note and written.startswith(":"):
            written = f"\\{written}"  # [^1]: at the start of a line would be the footnote itself
        if written.endswith("!") and (offset in opens or offset in points):
            written = f"{written[:-1]}\\!"  # ![ is a picture
        pieces.append(written)
        position = offset
        after_note = any(mark.kind == "footnote" for mark in points.get(offset, ()))
        closing = sorted(closes.get(offset, ()), key=lambda mark: (-mark.span.start, mark.kind != "em"))
        pieces += [_closing(mark) for mark in closing]
        pieces += [_point(mark) for mark in points.get(offset, ())]
        opening = sorted(opens.get(offset, ()), key=lambda mark: (-mark.span.end, mark.kind == "em"))
        pieces += ["[" if mark.kind == "link" else EMPHASIS[mark.kind] for mark in opening]
    return "".join(pieces)


def _trimmed(mark: Mark, text: str) -> Mark | None:
    """The mark without spaces at its edges; None where nothing is left of it."""
    if mark.kind in POINTS:
        return mark
    start, end = mark.span
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return mark._replace(span=Span(start, end)) if start < end else None


def _closing(mark: Mark) -> str:
    return f"]({_address(mark.target)})" if mark.kind == "link" else EMPHASIS[mark.kind]


def _point(mark: Mark) -> str:
    if mark.kind == "footnote":
        return f"[^{mark.target}]"
    return f"![{escape(' '.join(mark.alt.split()))}]({_address(mark.target)})"


def _address(target: str) -> str:
    if re.search(r"[\s()<>\\]", target):
        return f"<{re.sub('[<>]', lambda match: f'%{ord(match[0]):02X}', target)}>"
    return target


# --- what duben reads of it ----------------------------------------------------------------------


def with_sound_marks(blocks: Sequence[Block]) -> tuple[tuple[Block, ...], int]:
    """The blocks without the emphasis and links that Markdown cannot write where they stand, and how many."""
    found = []
    lost = 0
    for block in blocks:
        if not (block.marks or block.rows):
            found.append(block)
            continue
        rows = tuple(tuple(_sound(cell) for cell in row) for row in block.rows)
        sound = _sound(replace(block, rows=rows))
        lost += len(block.all_marks) - len(sound.all_marks)
        found.append(sound)
    return tuple(found), lost


def _sound(block: Block) -> Block:
    """The block, with as many of its marks as are read back as they are meant."""
    if not any(mark.kind not in POINTS for mark in block.marks):
        return block
    for kinds in ((), ("em", "strong"), ("link",)):
        kept = tuple(mark for mark in block.marks if mark.kind not in kinds)
        if _reads_back(block, tuple(mark for mark in kept if mark.kind not in POINTS)):
            return replace(block, marks=kept)
    return replace(block, marks=tuple(mark for mark in block.marks if mark.kind in POINTS))


def _reads_back(block: Block, marks: tuple[Mark, ...]) -> bool:
    kind = "verse" if block.kind == "verse" else "paragraph"
    alone = Block(block.text, block.place, kind, marks)
    report = Report()
    read = read_body(write_body([alone], ["p1"]), "", Variant.HANS, 2, report)
    meant = [mark for mark in (_trimmed(mark, block.text) for mark in marks) if mark]
    return (
        not report.found
        and len(read) == 1
        and read[0].text == readable(block.text)
        and sorted(mark.span for mark in read[0].marks) == sorted(mark.span for mark in meant)
    )


def differences(blocks: Sequence[Block], paragraphs: Sequence[Paragraph]) -> list[Block]:
    """The blocks that are not read back as they were meant."""
    leaves = [paragraph for paragraph in paragraphs if paragraph.kind != "cell"]
    if len(leaves) != len(blocks):
        texts = {leaf.text for leaf in leaves}
        return [block for block in blocks if readable(block.text) not in texts] or list(blocks[:1])
    return [
        block
        for block, leaf in zip(blocks, leaves, strict=True)
        if (readable(block.text), block.kind) != (leaf.text, leaf.kind)
    ]


def readable(text: str) -> str:
    """A text as it is read back: see ID_IN_TEXT."""
    return ID_IN_TEXT.sub("{ ", text)
