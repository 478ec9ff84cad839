"""What tests of `duben import` share: an edition to import into, and documents made as programs make them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from conftest import Run

from duben.diagnostics import Report
from duben.model import Text
from duben.read.load import load_content

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


class Imported(NamedTuple):
    """What one import did: what it printed, and the texts of the edition after it."""

    run: Run
    content: Path
    texts: dict[str, Text]

    @property
    def text(self) -> Text:
        (text,) = self.texts.values()
        return text

    @property
    def shown(self) -> list[tuple[str, str]]:
        """(kind, words) of each block."""
        return [(paragraph.kind, paragraph.text) for paragraph in self.text.paragraphs]

    @property
    def words(self) -> list[str]:
        return [paragraph.text for paragraph in self.text.paragraphs]

    @property
    def credits(self) -> dict[str, str]:
        return dict(self.text.metadata.credits)

    def why(self, words: str) -> str:
        """Why a line that holds these words is not in the body; "" where none is told of."""
        for line in self.run.stdout.partition("not in the body:")[2].splitlines():
            if words in line:
                return line.rpartition("[")[2].rstrip("]")
        return ""


class Desk:
    """An edition into which files are imported."""

    def __init__(self, folder: Path, run_duben: Callable[..., Run]) -> None:
        self.folder, self.run_duben = folder, run_duben
        self.content = folder / "content"
        self.content.mkdir()
        (self.content / "edition.yaml").write_text("title: 读本\n", encoding="utf-8")

    def put(self, name: str, data: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    def run(self, *arguments: str | Path) -> Run:
        return self.run_duben("import", *arguments, cwd=self.folder)

    def take(self, name: str, data: str | bytes, *options: str) -> Imported:
        """Imports a file, and loads the edition, in which nothing may be wrong then."""
        self.put(name, data)
        run = self.run(name, *options)
        assert run.status == 0, run.stderr
        return self.load(run)

    def load(self, run: Run) -> Imported:
        report = Report()
        loaded = load_content(self.content, report, sources=(self.folder,), require_sources=True)
        assert loaded is not None
        # A test may import a text twice, in two ways.
        assert [str(found) for found in report.found if found.code != "text-repeated"] == []
        return Imported(run, self.content, {text.slug: text for text in loaded.texts})

    def files(self) -> dict[str, bytes]:
        """Every file of the edition, hidden ones included."""
        return {
            path.relative_to(self.content).as_posix(): path.read_bytes()
            for path in sorted(self.content.rglob("*"))
            if path.is_file()
        }


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """An archive of these files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()


def run_of(words: str, style: str = "") -> str:
    """A run of a DOCX. style: such as `<w:b/>`."""
    return f'<w:r>{f"<w:rPr>{style}</w:rPr>" if style else ""}<w:t xml:space="preserve">{words}</w:t></w:r>'


def paragraph_of(content: str, style: str = "") -> str:
    """A paragraph of a DOCX: of runs, or of plain words. style: the id of its style."""
    runs = content if content.startswith("<") else run_of(content)
    return f'<w:p>{f"""<w:pPr><w:pStyle w:val="{style}"/></w:pPr>""" if style else ""}{runs}</w:p>'


def docx(*paragraphs: str, footnotes: Mapping[int, str] | None = None, **files: str | bytes) -> bytes:
    """A DOCX as Word writes one, with the styles `T` (title), `H1`, `H2` and `Q` (quote)."""
    relations = {"styles": "styles.xml", "footnotes": "footnotes.xml"}
    linked = "".join(
        f'<Relationship Id="r{name}" Type="{OFFICE}/{name}" Target="{target}"/>'
        for name, target in relations.items()
    )
    styles = {"T": "Title", "H1": "heading 1", "H2": "heading 2", "Q": "Quote"}
    named = "".join(
        f'<w:style w:type="paragraph" w:styleId="{id}"><w:name w:val="{name}"/></w:style>'
        for id, name in styles.items()
    )
    notes = "".join(
        f'<w:footnote w:id="{id}">{paragraph_of(words)}</w:footnote>'
        for id, words in (footnotes or {}).items()
    )
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f"{HEAD}<Types xmlns="
        '"http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{RELATIONS}">'
        f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'{HEAD}<Relationships xmlns="{RELATIONS}">{linked}</Relationships>',
        "word/document.xml": f'{HEAD}<w:document xmlns:w="{WORD}"><w:body>{"".join(paragraphs)}</w:body>'
        "</w:document>",
        "word/styles.xml": f'{HEAD}<w:styles xmlns:w="{WORD}">{named}</w:styles>',
        "word/footnotes.xml": f'{HEAD}<w:footnotes xmlns:w="{WORD}">{notes}</w:footnotes>',
    }
    return zipped({**parts, **{name.replace("__", "/"): data for name, data in files.items()}})


def chapter(title: str, body: str) -> str:
    return (
        f'{HEAD}<!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml" '
        f'xmlns:epub="http://www.idpf.org/2007/ops"><head><title>{title}</title></head><body>{body}</body></html>'
    )


def epub(spine: Mapping[str, str], more: Mapping[str, str | bytes] | None = None) -> bytes:
    """An EPUB. spine: file → XHTML, in reading order."""
    items = "".join(
        f'<item id="i{number}" href="{name}" media-type="application/xhtml+xml"'
        f"{' properties=' + chr(34) + 'nav' + chr(34) if 'nav' in name else ''}/>"
        for number, name in enumerate(spine)
    )
    order = "".join(f'<itemref idref="i{number}"/>' for number in range(len(spine)))
    package = (
        f'{HEAD}<package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>河边旧事</dc:title>'
        "<dc:creator>林小满</dc:creator><dc:publisher>江畔出版社</dc:publisher><dc:date>2019-05-01</dc:date>"
        f"</metadata><manifest>{items}</manifest><spine>{order}</spine></package>"
    )
    container = (
        f'{HEAD}<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
        '<rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/>'
        "</rootfiles></container>"
    )
    return zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": container,
            "OEBPS/content.opf": package,
            **{f"OEBPS/{name}": page for name, page in spine.items()},
            **(more or {}),
        }
    )
