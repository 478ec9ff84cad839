"""The strings of the interface: in each script, and in the languages of the catalogue."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from markupsafe import Markup, escape

from duben.compile.glossary import Scripts
from duben.model import Artifact, Variant

#: The key under which a language of the catalogue says its own name.
NAME = "language-name"
#: Key → language → string.
Catalogue = Mapping[str, Mapping[str, str]]


class Wording(str):
    """A string of the interface that knows its key, so that a page can say it in another language.

    n: what stands for `{n}` in it, if anything does.
    """

    __slots__ = ("key", "n")

    key: str
    n: str

    def __new__(cls, text: str, key: str, n: str = "") -> Wording:
        wording = super().__new__(cls, text)
        wording.key = key
        wording.n = n
        return wording

    def of(self, n: int | str) -> Wording:
        """The string with `n` in its place."""
        return Wording(self.replace("{n}", str(n)), self.key, str(n))


def said(words: str) -> Markup:
    """Words for a page: those of the interface in an element that names their key, others as they are."""
    if not isinstance(words, Wording):
        return escape(words)
    number = Markup(' data-n="{}"').format(words.n) if words.n else ""
    return Markup('<span data-t="{}"{}>{}</span>').format(words.key, number, str(words))


def interface_in(variant: Variant, catalogue: Catalogue, scripts: Scripts) -> Mapping[str, Wording]:
    """Key → string, in the script of a variant."""
    to_variant = scripts.between(Variant.HANS, variant)
    return {
        key: Wording(to_variant.convert(strings[Variant.HANS]).text, key)
        for key, strings in catalogue.items()
    }


def languages(catalogue: Catalogue) -> Mapping[str, str]:
    """The languages that a reader may choose beside the page's own script: tag → name."""
    return {tag: name for tag, name in catalogue.get(NAME, {}).items() if tag != Variant.HANS}


def string_scripts(catalogue: Catalogue, variants: Sequence[Variant], scripts: Scripts) -> Iterator[Artifact]:
    """A script for each language of the interface, for what a page builds in the browser.

    Scripts and not JSON: a page that was opened from a disk may not fetch.
    """
    chosen = languages(catalogue)
    for variant in variants:
        yield _script(variant.value, interface_in(variant, catalogue, scripts), chosen)
    for language in chosen:
        strings = {key: row.get(language, row[Variant.HANS]) for key, row in catalogue.items()}
        yield _script(language, strings, chosen)


def _script(language: str, strings: Mapping[str, str], chosen: Mapping[str, str]) -> Artifact:
    payload = json.dumps(
        {"language": language, "languages": chosen, "strings": strings},
        ensure_ascii=False,
        separators=(",", ":"),
        sort_keys=True,
    )
    return Artifact(f"assets/strings.{language.lower()}.js", f"duben.say({payload});\n".encode())
