"""The strings of the interface: in each script, and in the languages of the catalogue."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from markupsafe import Markup, escape

from duben.compile.scripts import converter
from duben.model import Artifact, Variant
from duben.publish.views import Tongue

#: The key under which a language of the catalogue says its own name.
NAME = "language-name"
#: The language that stands in where another of the catalogue says nothing.
COMMON = "en"
#: How the interface says it, where the tables of conversion say it otherwise. The edition's own tables
#: (scripts.yaml) are about its texts: 网络 may stay 網絡 in a text and is 網路 in Taiwan's menus.
_TAIWAN_AND_HONG_KONG = {
    "注{": "註{",
    "链接": "連結",
    "设置": "設定",
    "保存": "儲存",
    "文件": "檔案",
    "设备": "裝置",
    "打开": "開啟",
    "运行脚本": "執行指令碼",
    "脚本没有运行": "指令碼沒有執行",
}
WORDS: Mapping[Variant, Mapping[str, str]] = {
    Variant.HANT: _TAIWAN_AND_HONG_KONG,
    Variant.TW: {
        "网络": "網路",
        "界面": "介面",
        "字号": "字級",
        "选中的文字": "選取的文字",
        "台湾": "臺灣",
    },
    Variant.HK: {"界面": "介面", "选中的文字": "選取的文字"},
}
#: The one place in a string that something is put into, whatever its name: {n}, {script} …
PLACE = re.compile(r"\{\w+\}")
NUMBER = re.compile(r"[0-9]+")
#: Key → language → string. What a language says of some numbers only has a key of its own, behind
#: a `#` and the category of CLDR: `count-n#one`.
Catalogue = Mapping[str, Mapping[str, str]]


class Wording(str):
    """A string of the interface that knows its key, so that a page can say it in another language.

    filled: what stands in its place, if it has one: a number or name, or another string of the interface.
    """

    __slots__ = ("filled", "key")

    key: str
    filled: str

    def __new__(cls, text: str, key: str, filled: str = "") -> Wording:
        wording = super().__new__(cls, text)
        wording.key = key
        wording.filled = filled
        return wording

    def of(self, filled: int | str) -> Wording:
        """The string with something in its place."""
        inside = filled if isinstance(filled, str) else str(filled)
        return Wording(PLACE.sub(lambda _: inside, self), self.key, inside)


class Dated(str):
    """A date as a page writes it, which knows the ISO date that it shows."""

    __slots__ = ("iso",)

    iso: str

    def __new__(cls, text: str, iso: str) -> Dated:
        dated = super().__new__(cls, text)
        dated.iso = iso
        return dated


def labelled(words: str, attribute: str = "label") -> Markup:
    """Words as an attribute with a space before it: `label` for aria-label, or `title`, `placeholder` …"""
    name = "aria-label" if attribute == "label" else attribute
    told = f' {name}="{escape(str(words))}"'
    if isinstance(words, Wording):
        told += f' data-t-{attribute}="{escape(words.key)}"{_filled(words)}'
    return Markup(told)


def said(words: str) -> Markup:
    """Words for a page: those that another language says otherwise in an element that tells which
    they are, all others as they are."""
    if isinstance(words, Dated):
        return Markup(f'<time datetime="{escape(words.iso)}">{escape(str(words))}</time>')
    if not isinstance(words, Wording):
        return escape(words)
    return Markup(f'<span data-t="{escape(words.key)}"{_filled(words)}>{escape(str(words))}</span>')


def _filled(words: Wording) -> str:
    """What stands in the place of a string, as an attribute with a space before it.

    Nothing for the only number in it, which can be found there: a page has hundreds of them.
    """
    if isinstance(words.filled, Wording):
        return f' data-of="{escape(words.filled.key)}"'
    if not words.filled or NUMBER.findall(words) == [words.filled]:
        return ""
    return f' data-n="{escape(words.filled)}"'


def interface_in(variant: Variant, catalogue: Catalogue) -> Mapping[str, Wording]:
    """Key → string, in the script of a variant and the words of its region."""
    to_variant = converter(Variant.HANS, variant, regional=frozenset(Variant), phrases=WORDS)
    return {
        key: Wording(to_variant.convert(strings[Variant.HANS]).text, key)
        for key, strings in catalogue.items()
        if Variant.HANS in strings
    }


def tongues(catalogue: Catalogue) -> tuple[Tongue, ...]:
    """The languages that a reader may choose beside the page's own script, English first.

    They are those that say their own name. What one does not say is said in English, or in Simplified.
    """
    chosen = [tag for tag, name in catalogue.get(NAME, {}).items() if tag != Variant.HANS and name.strip()]
    return tuple(
        Tongue(tag, catalogue[NAME][tag], _strings_in(tag, catalogue))
        for tag in sorted(chosen, key=lambda tag: (tag != COMMON, tag))
    )


def _strings_in(language: str, catalogue: Catalogue) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for key, row in catalogue.items():
        # A form for some numbers is of the language that says the string itself.
        whole = catalogue[key.partition("#")[0]]
        tag = next(tag for tag in (language, COMMON, Variant.HANS) if tag in whole)
        if tag in row:
            found[key] = row[tag]
    return found


def string_scripts(catalogue: Catalogue, variants: Sequence[Variant]) -> Iterator[Artifact]:
    """A script for each language of the interface, for what a page builds in the browser.

    Scripts and not JSON: a page that was opened from a disk may not fetch.
    """
    spoken = tongues(catalogue)
    names = {tongue.lang: tongue.name for tongue in spoken}
    for variant in variants:
        yield _script(variant.value, interface_in(variant, catalogue), names)
    for tongue in spoken:
        yield _script(tongue.lang, tongue.ui, names)


def _script(language: str, strings: Mapping[str, str], names: Mapping[str, str]) -> Artifact:
    payload = json.dumps(
        {"language": language, "languages": names, "strings": strings},
        ensure_ascii=False,
        separators=(",", ":"),
        sort_keys=True,
    )
    return Artifact(f"assets/strings.{language.lower()}.js", f"duben.say({payload});\n".encode())
