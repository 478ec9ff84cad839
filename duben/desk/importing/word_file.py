"""DOCX → blocks, by way of HTML. The only user of mammoth."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import Any

import mammoth

from duben.desk.importing.archives import Archive, refuse_entities
from duben.desk.importing.bylines import find_date
from duben.desk.importing.manuscript import Facts, Manuscript, Refused, Taken
from duben.desk.importing.page_blocks import PageReader
from duben.desk.importing.page_notes import NoteIndex
from duben.desk.importing.pictures import Album
from duben.desk.importing.web_page import parse
from duben.model import Location

#: Styles of Word and WPS, besides those that mammoth knows, and what they are.
STYLES = """
p[style-name='Title'] => h1.title:fresh
p[style-name='标题'] => h1.title:fresh
p[style-name='Subtitle'] => p.subtitle:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
p[style-name='引用'] => blockquote > p:fresh
p[style-name='标题 1'] => h1:fresh
p[style-name='标题 2'] => h2:fresh
p[style-name='标题 3'] => h3:fresh
p[style-name='heading 4'] => h4:fresh
p[style-name='heading 5'] => h5:fresh
p[style-name='heading 6'] => h6:fresh
"""
TEXT = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"
PARAGRAPH = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}p"
#: As much of the words may be missing in what mammoth makes of them: fields, and the like.
LOST_SHARE = 0.005
PICTURE = "picture:"


def read_word(archive: Archive, name: str) -> Manuscript:
    """The blocks of a DOCX. Places are those of its paragraphs: line 3 is the third."""
    for part in archive.names:
        if part.endswith((".xml", ".rels")):
            data = archive.read(part)
            refuse_entities(data, part)
            if b"<!DOCTYPE" in data:
                raise Refused(
                    "import-unreadable", f"{part} in it has a DOCTYPE, which no DOCX has", "save it anew"
                )
    document = archive.tree("word/document.xml")
    album = Album()
    seen: list[bytes] = []

    def convert(image: Any) -> dict[str, str]:
        with image.open() as file:
            seen.append(file.read())
        return {"src": f"{PICTURE}{len(seen) - 1}"}

    try:
        made = mammoth.convert_to_html(
            io.BytesIO(archive.data),
            style_map=STYLES,
            convert_image=mammoth.images.img_element(convert),
            external_file_access=False,
        )
    except Refused:
        raise
    except RecursionError:
        message = "tables or lists in this DOCX stand in one another too deeply to be read"
        raise Refused("import-unreadable", message, "save it as plain text, and import that") from None
    except Exception:  # noqa: BLE001  (mammoth has no error of its own for a broken file)
        raise Refused(
            "import-unreadable",
            "this DOCX is broken: its parts do not fit together",
            "open it in Word, and save it anew",
        ) from None

    def picture(address: str) -> str | None:
        number = address.removeprefix(PICTURE)
        return album.add("", seen[int(number)]) if number.isdecimal() else None

    if not made.value.strip():
        raise Refused("import-empty", "no text was found in this document", "look at it in Word")
    root = parse(f"<html><body>{made.value}</body></html>")
    numbers = {
        element: number
        for number, element in enumerate(root.iter("p", "h1", "h2", "h3", "h4", "h5", "h6", "tr"), 1)
    }

    def place_of(element: Any) -> Location:
        return Location(
            name,
            next((numbers[above] for above in (element, *element.iterancestors()) if above in numbers), 1),
            1,
        )

    reader = PageReader(name, picture, NoteIndex.of([("", root)]), lambda _: "", place_of)
    reader.read(root.find("body"))
    blocks = [block for block, _ in reader.blocks]
    notes = reader.noted_blocks()
    facts = _facts(archive)
    headings = [block for block in blocks if block.kind == "heading" and block.level == 1]
    styled = root.xpath("//h1[@class='title']")
    if styled:
        facts = replace(facts, title=" ".join("".join(styled[0].itertext()).split()))
    elif len(headings) == 1 and blocks[0] is headings[0]:
        facts = replace(facts, title=headings[0].text)
    elif facts.title and not any(block.text.strip() == facts.title for block in blocks[:5]):
        # Word takes its title from whatever the file once was, so only what is seen counts.
        facts = replace(facts, title="")
    remarks = []
    written = sum(len("".join((element.text or "").split())) for element in document.iter(TEXT))
    read = sum(len("".join(block.shown.split())) for block in blocks)
    if read < written * (1 - LOST_SHARE) - 8:
        message = f"{written - read} of its {written} characters did not come along: text boxes, or fields"
        remarks.append((Location(name), message, "compare it with the document"))
    return Manuscript(
        name,
        (*blocks, *notes),
        facts,
        tuple(_headers(archive, name)),
        dict(album.pictures),
        read_as="DOCX",
        remarks=tuple(remarks),
    )


def _facts(archive: Archive) -> Facts:
    if "docProps/core.xml" not in archive.names:
        return Facts()
    found = {}
    for element in archive.tree("docProps/core.xml"):
        if isinstance(element.tag, str):
            found[element.tag.rpartition("}")[2]] = " ".join((element.text or "").split())
    return Facts(title=found.get("title", ""), date=find_date(found.get("issued", "")))


def _headers(archive: Archive, name: str) -> list[Taken]:
    """What stands above and below each page."""
    taken = []
    for part in sorted(archive.names):
        match = re.fullmatch(r"word/(header|footer)[0-9]*\.xml", part)
        if match:
            for paragraph in archive.tree(part).iter(PARAGRAPH):
                text = "".join(element.text or "" for element in paragraph.iter(TEXT)).strip()
                if text:
                    taken.append(Taken(Location(name), text, f"{match[1]} of the pages"))
    return taken
