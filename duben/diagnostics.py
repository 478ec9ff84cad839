"""Problems as file:line:column, with a code and a hint, collected instead of raised."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from duben.model import Location


class Severity(StrEnum):
    """error stops the build, warning only under --strict, notice never."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem. `code` is stable and stands in CODES; `hint` says what to do."""

    severity: Severity
    location: Location
    code: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        line = f"{one_line(str(self.location))}: {self.severity}: {self.message} [{self.code}]"
        return f"{line}\n  hint: {self.hint}" if self.hint else line


class EditionError(Exception):
    """The content has errors; they stand in the report."""


#: A file with such an error cannot be read at all.
ROOTS = ("file-", "yaml-")
#: Code → what it may be only a consequence of, in the same folder: until a paragraph has its id, nobody can
#: say which one a note means.
CONSEQUENCES = {
    "anchor-paragraph": ("paragraph-id-missing", "paragraph-id-invalid", "paragraph-id-misplaced"),
    # The id that it would name is not written yet; what gives ids pins quotes, too.
    "anchor-unpinned": ("paragraph-id-missing",),
}


@dataclass(slots=True)
class Report:
    """The problems of one run, in the order in which they were found."""

    found: list[Diagnostic] = field(default_factory=list)
    told: set[Diagnostic] = field(default_factory=set)

    def error(self, location: Location, code: str, message: str, hint: str = "") -> None:
        self.add(Severity.ERROR, location, code, message, hint)

    def warning(self, location: Location, code: str, message: str, hint: str = "") -> None:
        self.add(Severity.WARNING, location, code, message, hint)

    def notice(self, location: Location, code: str, message: str, hint: str = "") -> None:
        self.add(Severity.NOTICE, location, code, message, hint)

    def add(self, severity: Severity, location: Location, code: str, message: str, hint: str) -> None:
        """Adds a problem; the same problem at the same place is told once."""
        if code not in CODES:
            raise KeyError(f"diagnostic code {code!r} is not in the table")
        self.repeat(Diagnostic(severity, location, code, one_line(message), one_line(hint)))

    def repeat(self, diagnostic: Diagnostic) -> None:
        """Takes in a problem that was found elsewhere."""
        if diagnostic not in self.told:
            self.told.add(diagnostic)
            self.found.append(diagnostic)

    def stops(self, diagnostic: Diagnostic, *, strict: bool = False) -> bool:
        """Whether a problem stops the build."""
        return diagnostic.severity is Severity.ERROR or (strict and diagnostic.severity is Severity.WARNING)

    def has_errors(self, *, strict: bool = False) -> bool:
        return any(self.stops(diagnostic, strict=strict) for diagnostic in self.found)

    def in_order(self) -> list[Diagnostic]:
        """Causes before consequences: files that cannot be read first, and what follows from a problem that
        is told is left out.

        Else by file, line and column, so that an editor can walk through a file once.
        """
        errors = [found for found in self.found if found.severity is Severity.ERROR]
        lost = {found.location.file for found in errors if found.code.startswith(ROOTS)}
        told = {(found.code, _folder(found)) for found in errors}
        kept = [
            found
            for found in self.found
            if not any((cause, _folder(found)) in told for cause in CONSEQUENCES.get(found.code, ()))
        ]
        return sorted(kept, key=lambda found: (found.location.file not in lost, found.location))


def _folder(found: Diagnostic) -> str:
    """The folder of a text, whose files belong together."""
    return found.location.file.rpartition("/")[0]


def one_line(text: str) -> str:
    """The text with control characters, line breaks and lone surrogates made visible."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text
    )


#: How much of two words must agree (difflib's ratio) for one to be taken for a misspelling of the other.
CUTOFF = 0.6
#: The same, of words that begin otherwise.
STRANGER = 0.75


def nearest_word(word: str, known: Iterable[str]) -> str:
    """The known word of which this one is most likely a misspelling, or ""."""
    # Longer ones are no misspellings, and the comparison's cost grows with the square of the length.
    if len(word) > 100:
        return ""
    # Most words share too little to be worth the comparison: a ratio of 0.6 needs this much in common.
    letters = Counter(word)
    likely = [
        other
        for other in known
        if 2 * (letters & Counter(other)).total() >= CUTOFF * (len(word) + len(other))
    ]
    near = [
        other
        for other in difflib.get_close_matches(word, likely, n=3, cutoff=CUTOFF)
        # Who mistypes a word seldom does so in its first letter.
        if other[:1] == word[:1] or difflib.SequenceMatcher(None, other, word).ratio() >= STRANGER
    ]
    return near[0] if near else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A question for a hint ("did you mean `gloss`?"), or "" where nothing is near."""
    near = nearest_word(word, known)
    return f"did you mean `{near}`?" if near else ""


CODES: dict[str, str] = {
    # files
    "file-missing": "A file or folder that must be there is not.",
    "file-encoding": "A file is not UTF-8.",
    "file-control-character": "A file holds a control character, such as NUL.",
    "file-symlink": "A link leads out of the content folder.",
    "file-unreadable": "A file cannot be read.",
    "file-unknown": "A file or folder stands where duben reads nothing.",
    # YAML
    "yaml-syntax": "A file is not YAML.",
    "yaml-tab": "A tab stands where YAML wants spaces.",
    "yaml-alias": "An anchor, alias or tag of YAML is used.",
    "yaml-depth": "YAML is nested too deeply.",
    "yaml-duplicate-key": "A key is written twice.",
    # schema
    "schema-unknown-key": "A key is not known here.",
    "schema-missing-key": "A key that must be there is not.",
    "schema-type": "A value has the wrong type.",
    "schema-value": "A value is not one of those allowed.",
    "schema-date": "A date is not written as YYYY, YYYY-MM or YYYY-MM-DD.",
    # ids
    "slug-invalid": "A slug or id is not lower-case letters, digits and hyphens.",
    "slug-duplicate": "Two texts have one slug.",
    "entry-duplicate": "Two entries have one id.",
    "note-duplicate": "Two notes of one text have one id.",
    "paragraph-id-missing": "A paragraph has no id.",
    "paragraph-id-duplicate": "A paragraph id stands twice.",
    "paragraph-id-misplaced": "A paragraph id stands inside a paragraph instead of at its end.",
    "paragraph-id-invalid": "A paragraph id is not written as {#p12}.",
    "paragraph-id-reused": "A paragraph id is not below next-id.",
    "paragraph-lines": "Lines that look like paragraphs of their own become one.",
    "paragraph-too-long": "A paragraph is longer than 1,000,000 characters.",
    "text-empty": "A text has no paragraph.",
    "text-repeated": "Two texts have the same body.",
    "title-repeated": "A body opens with the title, which is shown already.",
    # signs
    "punctuation-half-width": "A half-width mark stands between Chinese characters.",
    "script-mixed": "A text holds characters that its script does not write.",
    "character-unstable": "A character is lost, or is not the one that it looks like.",
    # Markdown
    "markdown-html": "Markup of HTML is shown as text.",
    "markdown-slip": "Markup is almost right, and so it is shown as text.",
    "markdown-link": "A link uses a scheme that is not allowed.",
    "markdown-unsupported": "A construct of Markdown has no place in a reading edition.",
    "markdown-footnote": "A footnote is missing, repeated or not referred to.",
    "markdown-image": "An image is missing.",
    # sources kept outside
    "source-missing": "A text's source is not there, so the text is left out.",
    "source-hash": "A text's source is not the file that was annotated.",
    "source-cut": "The quotes that enclose the body do not stand in the source.",
    "source-block": "A merge of paragraphs names one that is not there.",
    # anchors
    "anchor-missing": "A quote does not occur.",
    "anchor-ambiguous": "A quote occurs more than once.",
    "anchor-paragraph": "A note stands on a paragraph that is not there.",
    "anchor-order": "A range ends before it starts.",
    "anchor-unpinned": "A note is not pinned to a paragraph.",
    "anchor-nth": "A quote is told apart only by its count.",
    "anchor-overlap": "Two overrides claim the same characters.",
    "anchor-cuts-conversion": "A span cuts through characters that are converted together.",
    "decision-needless": "A decision of the editor changes nothing.",
    # quotation marks
    "quotation-unbalanced": "A quotation mark has no partner, or a wrong one.",
    # glossary
    "alias-claimed": "A string belongs to two entries.",
    "match-doubtful": "A term is found where words lie otherwise.",
    "entry-unused": "A term does not occur in any text.",
    "link-dangling": "A link leads to an entry, text or paragraph that is not there.",
    "pinyin-mismatch": "The pinyin of an entry cannot be that of its headword.",
    "convert-variant": "A conversion is given for the script that the text is printed in.",
    # settings
    "base-url-missing": "Without base_url the pages name no address of their own.",
    # import
    "import-unreadable": "A file cannot be imported.",
    "import-empty": "A file holds no text.",
    "import-exists": "A text is there already.",
    "import-outside": "A text cannot be kept outside the edition.",
    "import-doubtful": "Something about an imported text deserves a look.",
    # output
    "output-refused": "The output folder holds files that are not duben's own.",
    "output-collision": "A file that is not duben's own stands where a page belongs.",
    "output-unwritable": "The output cannot be written.",
    "output-busy": "Another build is writing there.",
    "template-error": "A template cannot be rendered.",
}
