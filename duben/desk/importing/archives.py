"""The files in a DOCX or an EPUB, read so that a hostile one does no harm."""

from __future__ import annotations

import io
import lzma
import re
import zipfile
import zlib
from typing import Any

from lxml import etree

from duben.desk.importing.manuscript import Refused

MAX_FILES = 10_000
#: So much may be in one file, and in all that are read.
MAX_PART = 64_000_000
MAX_ALL = 400_000_000


class Archive:
    """The files in an archive, by name."""

    def __init__(self, data: bytes) -> None:
        """Raises Refused for an archive that is broken, locked or a bomb."""
        self.data = data
        self._read = 0
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            entries = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError, UnicodeDecodeError):
            raise _broken() from None
        if len(entries) > MAX_FILES or sum(entry.file_size for entry in entries) > MAX_ALL:
            raise Refused(
                "import-unreadable", "this archive is too large when it is unpacked", "import a smaller one"
            )
        if any(entry.flag_bits & 1 for entry in entries):
            raise Refused("import-unreadable", "this file is locked with a password", "save it without one")
        self.names = frozenset(entry.filename for entry in entries)

    def read(self, name: str) -> bytes:
        """The bytes of a file. Raises Refused where it is missing, broken or too large."""
        found = bytearray()
        try:
            with self._zip.open(name) as file:
                # Its size is what the archive says of it: what comes out is counted.
                while piece := file.read(1 << 20):
                    found += piece
                    self._read += len(piece)
                    if len(found) > MAX_PART or self._read > MAX_ALL:
                        raise Refused(
                            "import-unreadable", f"{name} in it is too large", "import a smaller one"
                        )
        except KeyError:
            raise Refused("import-unreadable", f"{name} is missing in this archive", "save it anew") from None
        except (
            zipfile.BadZipFile,
            zlib.error,
            lzma.LZMAError,
            EOFError,
            OSError,
            NotImplementedError,
            RuntimeError,
            ValueError,
        ):
            raise _broken() from None
        return bytes(found)

    def tree(self, name: str) -> Any:
        """The root of an XML file. Entities are not read. Raises Refused for XML that is broken."""
        data = self.read(name)
        refuse_entities(data, name)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            return etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError):
            raise Refused("import-unreadable", f"{name} in it is broken", "save it anew") from None


def refuse_entities(data: bytes, name: str) -> None:
    """Raises Refused where XML defines entities: no program that writes texts does that."""
    # UTF-16 has a NUL beside each letter.
    if re.search(rb"<!\x00?E\x00?N\x00?T\x00?I\x00?T\x00?Y", data):
        raise Refused(
            "import-unreadable", f"{name} in it defines entities, which are not read", "save it anew"
        )


def _broken() -> Refused:
    return Refused(
        "import-unreadable", "this archive is broken", "open it in its own program, and save it anew"
    )
