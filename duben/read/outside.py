"""A text kept outside the repository: its file → Paragraphs.

The body is cut out of the file by two short quotes, split into paragraphs p1, p2 … in the order of
the cut, and the file is pinned by its hash, so that these ids are as permanent as written ones.
"""

from __future__ import annotations

import dataclasses
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from pathlib import Path

from duben.diagnostics import Report, Severity
from duben.model import Container, Paragraph, SourceMap, Variant
from duben.read.files import decode, find_source, read_bytes, sha256_of
from duben.read.inline import is_wide
from duben.read.markdown import MAX_CHARACTERS
from duben.read.schema import BlockFields, SourceFields
from duben.read.yaml_nodes import Scalar

SPACES = " \t\u3000\u00a0"
#: A paragraph ends at white space behind a stop, with the quotation marks and brackets that close on it.
SPACE_AFTER_STOP = re.compile(r"(?<=[。！？；：…])[”’」』）》]*(\s+)|(?<=[。！？；：…][”’」』）》])(\s+)")
FULL_WIDTH = str.maketrans(",;:?!()", "，；：？！（）")


def locate_source(
    source: SourceFields, folders: Sequence[Path], report: Report, *, required: bool
) -> Path | None:
    """Where the text's file is, or None: it is left out then, with a notice, or an error if required."""
    file = source.file.value
    path = find_source(file, folders)
    if path is None:
        report.add(
            Severity.ERROR if required else Severity.NOTICE,
            source.file.at,
            "source-missing",
            f"{file} is not there, so this text is left out",
            "put it into content/sources/, or name its folder with --sources",
        )
    return path


def read_outside(
    source: SourceFields, path: Path, variant: Variant, report: Report
) -> tuple[Paragraph, ...] | None:
    """The paragraphs of the text in the file at `path`, or None where it is not the one annotated."""
    name = path.as_posix()
    data = read_bytes(path, name, report)
    if data is None:
        return None
    if sha256_of(data) != source.sha256.value.lower():
        report.error(
            source.sha256.at,
            "source-hash",
            f"{path.name} is not the file that was annotated: its SHA-256 is {sha256_of(data)}",
            "find the file that was, or check every note against this one and write its hash here",
        )
        return None
    text = decode(data, name, report)
    if text is None:
        return None
    normal = text
    if any(step.value == "fullwidth-punctuation" for step in source.normalize or ()):
        normal = full_width_punctuation(text)
    body = _find_body(source, text, normal, report)
    if body is None:
        return None
    paragraphs = _split(normal, body, source.split.value if source.split else "blank-line", name, variant)
    for paragraph in paragraphs:
        if len(paragraph.text) > MAX_CHARACTERS:
            report.error(
                paragraph.locate(),
                "paragraph-too-long",
                f"this paragraph has {len(paragraph.text):,} characters, more than {MAX_CHARACTERS:,}",
                "choose another `split:`",
            )
            return None
    if not paragraphs:
        report.error(source.at, "text-empty", "nothing stands between the two quotes of `body`", "check them")
        return None
    for block in source.blocks or ():
        paragraphs = _apply_block(block, paragraphs, report)
    return tuple(paragraphs)


def full_width_punctuation(text: str) -> str:
    """The text with half-width , ; : ? ! ( ) and the full stop beside Han made full-width.

    One character for one, so that places hold. A mark between two digits or Latin letters stays.
    """
    found = list(text)
    for offset, char in enumerate(text):
        if char not in ",;:?!().":
            continue
        before = text[offset - 1] if offset else ""
        after = text[offset + 1] if offset + 1 < len(text) else ""
        if char == ".":
            if is_wide_at(before) and not after.isalnum():
                found[offset] = "。"
        elif is_wide_at(before) or (is_wide_at(after) and char != ":"):
            found[offset] = char.translate(FULL_WIDTH)
    return "".join(found)


def is_wide_at(char: str) -> bool:
    return bool(char) and is_wide(char) and char != "\u3000"


def _find_body(source: SourceFields, text: str, normal: str, report: Report) -> tuple[int, int] | None:
    """Where the body starts and ends."""
    start, end = 0, len(text)
    body = source.body
    if body and body.after:
        found = _find_once(body.after, text, normal, 0, report)
        if found is None:
            return None
        start = found + len(body.after.value)
    if body and body.before:
        found = _find_once(body.before, text, normal, start, report)
        if found is None:
            return None
        end = found
    return start, end


def _find_once(quote: Scalar, text: str, normal: str, start: int, report: Report) -> int | None:
    """The one offset at or after `start` where the quote stands, as written or normalised."""
    for haystack in (normal, text):
        first = haystack.find(quote.value, start)
        if first >= 0:
            if haystack.find(quote.value, first + 1) >= 0:
                report.error(
                    quote.at,
                    "source-cut",
                    f"“{quote.value}” occurs more than once in the source",
                    "quote a few characters more",
                )
                return None
            return first
    report.error(
        quote.at,
        "source-cut",
        f"“{quote.value}” does not occur in the source" + (" after the start of the body" if start else ""),
        "quote it exactly as the source has it, spaces included",
    )
    return None


def _split(text: str, body: tuple[int, int], how: str, name: str, variant: Variant) -> list[Paragraph]:
    lines = line_starts(text)
    paragraphs: list[Paragraph] = []
    for start, end in cut_pieces(text, *body, how):
        plain, source = as_one_line(text, start, end, lines, name)
        if plain:
            paragraphs.append(Paragraph(f"p{len(paragraphs) + 1}", "paragraph", variant, plain, source))
    return paragraphs


def line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in re.finditer("\n", text))]


def cut_pieces(text: str, start: int, end: int, how: str) -> Iterator[tuple[int, int]]:
    """Where each piece of a stretch of text starts and ends, as `split: how` cuts it. Some are empty."""
    body = text[start:end]
    if how == "line":
        cuts = [match.span() for match in re.finditer(r"\n", body)]
    elif how == "blank-line":
        cuts = [match.span() for match in re.finditer(rf"\n[{SPACES}]*\n\s*", body)]
    else:
        cuts = [match.span(1 if match[1] else 2) for match in SPACE_AFTER_STOP.finditer(body)]
    edges = [0, *(edge for cut in cuts for edge in cut), end - start]
    for piece_start, piece_end in zip(edges[::2], edges[1::2], strict=True):
        yield start + piece_start, start + piece_end


def as_one_line(text: str, start: int, end: int, lines: Sequence[int], name: str) -> tuple[str, SourceMap]:
    """A stretch of the file as one line: indents dropped, line ends gone between Han, else a space.

    lines: where each line of the file starts.
    """
    plain = ""
    runs: list[tuple[int, int, int]] = []
    for match in re.finditer(r"[^\n]+", text[start:end]):
        line = match[0]
        kept = line.strip(SPACES)
        if not kept:
            continue
        if plain and not is_wide(plain[-1]) and not is_wide(kept[0]):
            plain += " "
        offset = start + match.start() + line.index(kept)
        number = bisect_right(lines, offset)
        runs.append((len(plain), number, offset - lines[number - 1] + 1))
        plain += kept
    return plain, SourceMap(name, tuple(runs))


def _apply_block(block: BlockFields, paragraphs: list[Paragraph], report: Report) -> list[Paragraph]:
    """The paragraphs with one range merged into its first and typed."""
    if not 1 <= len(block.join) <= 2:
        report.error(
            block.at,
            "source-block",
            f"`join` names {len(block.join)} paragraphs instead of the first and the last",
            "write `join: [p31, p39]`",
        )
        return paragraphs
    indexes = []
    for id in (block.join[0], block.join[-1]):
        index = next((i for i, paragraph in enumerate(paragraphs) if paragraph.id == id.value), None)
        if index is None:
            report.error(
                id.at,
                "source-block",
                f"there is no paragraph {id.value} in this cut",
                f"the cut goes from p1 to {paragraphs[-1].id}",
            )
            return paragraphs
        indexes.append(index)
    if indexes[0] > indexes[1]:
        report.error(block.at, "source-block", "`join` names no range", "write `join: [p31, p39]`")
        return paragraphs
    first, last = indexes
    kind = block.kind.value if block.kind else "paragraph"
    merged = _join(paragraphs[first : last + 1], kind)
    return [*paragraphs[:first], merged, *paragraphs[last + 1 :]]


def _join(parts: Sequence[Paragraph], kind: str) -> Paragraph:
    text = ""
    runs: list[tuple[int, int, int]] = []
    for part in parts:
        if text:
            text += "\n" if kind == "verse" else "" if is_wide(text[-1]) or is_wide(part.text[0]) else " "
        runs += [(len(text) + offset, line, column) for offset, line, column in part.source.runs]
        text += part.text
    first = parts[0]
    return dataclasses.replace(
        first,
        kind="paragraph" if kind == "quote" else kind,
        text=text,
        source=SourceMap(first.source.file, tuple(runs)),
        level=2 if kind == "heading" else 0,
        within=(Container("quote", int(first.id[1:])),) if kind == "quote" else (),
        was=tuple(part.id for part in parts[1:]),
    )
