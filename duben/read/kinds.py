"""The kinds of values in the YAML files: how each is written, and what is said where it is not so."""

from __future__ import annotations

import dataclasses
import datetime
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from duben.diagnostics import Report, did_you_mean, nearest_word
from duben.model import Location, Variant
from duben.read.files import CONTROLS
from duben.read.inline import warn_about_html
from duben.read.yaml_nodes import Mapped, Node, Scalar, Sequenced

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
SLUG_LENGTH = 80
PARAGRAPH_ID = re.compile(r"p[1-9][0-9]{0,6}(?:\.[1-9][0-9]{0,3}\.[1-9][0-9]{0,3})?\Z")
NEAR_PARAGRAPH = re.compile(r"[{#]*[pP]?0*([1-9][0-9]{0,6})\}?\Z")
# Names that Windows keeps for devices: a page so called could not be unpacked there.
RESERVED = frozenset(
    ["con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))]
)
# Names that a page of its own cannot have.
TAKEN = {"index": "a folder's own page has this name", "none": "`entry: none` means no entry"}
DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?\Z")
URL = re.compile(r"https?://[^\s<>\"]+\Z")
BASE_URL = re.compile(r"https?://[^\s<>\"?#/]+(?:/[^\s<>\"?#]*)?\Z")
# As much of BCP 47 as tells a language's tag from a word: en, pt-BR, zh-Hant-TW.
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\Z")
# The name of a file in a folder that the editor names: it leads nowhere else.
FILE_NAME = re.compile(r"(?![/\\])(?!(?:[\s\S]*[/\\])?\.\.(?![^/\\]))[^:]*\Z")
DEGREES = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]+)?\Z")


class Kind(Protocol[T_co]):
    """How one value is written. `expects` completes the sentence "expected …"."""

    @property
    def expects(self) -> str: ...

    def read(self, node: Node, report: Report) -> T_co | None: ...


def key(
    kind: Kind[Any],
    *,
    about: str,
    name: str = "",
    required: bool = False,
    vital: bool = False,
    default: object = None,
    example: object = None,
) -> Any:
    """A field of a record. `name` is the key as written, where it is not the field's own name.

    about: what an editor is told of it, in Markdown. default: what counts where it is left out.
    vital: it may be left out, but where it is wrong, the record means nothing without it.
    """
    return dataclasses.field(
        default=dataclasses.MISSING if required else None,
        metadata={
            "kind": kind,
            "name": name,
            "required": required,
            "vital": vital,
            "about": about,
            "default": default,
            "example": example,
        },
    )


def keys_of(record: type) -> dict[str, dataclasses.Field[Any]]:
    """The keys of a record as they are written, with their fields, in order."""
    return {
        (field.metadata["name"] or field.name): field
        for field in dataclasses.fields(record)
        if field.metadata
    }


def _wrong_type(node: Node, expects: str, report: Report, hint: str = "") -> None:
    if isinstance(node, Sequenced):
        found = "a list"
    elif isinstance(node, Mapped):
        found = "a mapping"
    elif node.is_null:
        found = "nothing"
    elif not node.value.strip():
        found = "spaces" if node.value else "an empty text"
    else:
        found = f"`{node.value[:40]}`"
    report.error(node.at, "schema-type", f"expected {expects}, found {found}", hint or f"write {expects}")


def _check_slug(value: str) -> str:
    """What is wrong with a slug or id, or ""."""
    if not SLUG.match(value):
        return "only lower-case letters a–z, digits and single hyphens between them are allowed"
    if len(value) > SLUG_LENGTH:
        return f"it is longer than {SLUG_LENGTH} characters"
    if value in RESERVED:
        return "Windows keeps this name for a device"
    return ""


def check_slug(value: str, at: Location, what: str, report: Report) -> bool:
    """True for a good name of a page; else the problem is reported."""
    wrong = _check_slug(value) or TAKEN.get(value, "")
    if wrong:
        report.error(at, "slug-invalid", f"`{value}` cannot be {what}", wrong)
    return not wrong


@dataclass(frozen=True)
class Str:
    """A line of text. Markup of HTML in it is text, and the report says so."""

    expects: str = "a text"
    markdown: bool = False
    most: int = 0  # characters; 0: any number

    def read(self, node: Node, report: Report) -> Scalar | None:
        if not isinstance(node, Scalar) or node.is_null or not node.value.strip():
            _wrong_type(node, self.expects, report)
            return None
        if self.most and len(node.value) > self.most:
            report.error(
                node.at,
                "schema-value",
                f"this has {len(node.value):,} characters, more than {self.most:,}",
                f"write {self.expects} of at most {self.most:,} characters",
            )
            return None
        for char in node.value:
            # An escape of YAML's can write what the file itself may not hold.
            if "\ud800" <= char <= "\udfff":
                report.error(
                    node.at, "file-encoding", "a lone surrogate is no character", "write the character itself"
                )
                return None
            if char in CONTROLS:
                report.error(
                    node.at,
                    "file-control-character",
                    f"a control character (U+{ord(char):04X}) stands here",
                    "delete it",
                )
                return None
        if not self.markdown:
            warn_about_html(
                node.value,
                node.source,
                report,
                "no markup is read in this field; for the sign itself write the full-width ＜",
            )
        return node


@dataclass(frozen=True)
class Prose(Str):
    """A piece of Markdown, read later; markdown.py looks for HTML in it then."""

    expects: str = "a text in Markdown"
    markdown: bool = True


@dataclass(frozen=True)
class FileName(Str):
    """A file's name, with folders inside that in which it is looked for."""

    expects: str = "a file's name"

    def read(self, node: Node, report: Report) -> Scalar | None:
        scalar = super().read(node, report)
        if scalar and not FILE_NAME.match(scalar.value):
            report.error(
                scalar.at,
                "schema-value",
                f"`{scalar.value}` is not {self.expects}",
                "write the name alone; the folders are content/sources/ and those given by --sources",
            )
            return None
        return scalar


@dataclass(frozen=True)
class Slug:
    expects: str = "an id"

    def read(self, node: Node, report: Report) -> Scalar | None:
        if not isinstance(node, Scalar) or node.is_null:
            _wrong_type(node, self.expects, report)
            return None
        wrong = self.check(node.value)
        if wrong:
            report.error(node.at, "slug-invalid", f"`{node.value[:40]}` cannot be {self.expects}", wrong)
        return None if wrong else node

    def check(self, value: str) -> str:
        return _check_slug(value)


@dataclass(frozen=True)
class EntryId(Slug):
    """An entry's own id, which names its page."""

    expects: str = "an entry's id"

    def check(self, value: str) -> str:
        return super().check(value) or TAKEN.get(value, "")


@dataclass(frozen=True)
class ParagraphRef:
    """The id of a paragraph, or `title`."""

    expects: str = "a paragraph's id such as p3, or `title`"

    def read(self, node: Node, report: Report) -> Scalar | None:
        if isinstance(node, Scalar) and (node.value == "title" or PARAGRAPH_ID.match(node.value)):
            return node
        near = NEAR_PARAGRAPH.match(node.value) if isinstance(node, Scalar) else None
        hint = f"write p{near[1]}" if near else "it stands at the paragraph's end in text.md, as {#p3}"
        _wrong_type(node, self.expects, report, hint)
        return None


@dataclass(frozen=True)
class Choice:
    """One of a few words."""

    values: tuple[str, ...]

    @property
    def expects(self) -> str:
        return "one of " + ", ".join(self.values)

    def read(self, node: Node, report: Report) -> Scalar | None:
        if not isinstance(node, Scalar) or node.is_null:
            _wrong_type(node, self.expects, report)
            return None
        if node.value not in self.values:
            hint = did_you_mean(node.value, self.values) or f"write {self.expects}"
            report.error(node.at, "schema-value", f"`{node.value}` is not allowed here", hint)
            return None
        return node


@dataclass(frozen=True)
class Date:
    expects: str = "a date such as 2026, 2026-03 or 2026-03-05"

    def read(self, node: Node, report: Report) -> Scalar | None:
        if not isinstance(node, Scalar) or node.is_null:
            _wrong_type(node, self.expects, report)
            return None
        match = DATE.match(node.value)
        try:
            if not match:
                raise ValueError
            datetime.date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
        except ValueError:
            report.error(node.at, "schema-date", f"`{node.value}` is no date", f"write {self.expects}")
            return None
        return node


@dataclass(frozen=True)
class Url:
    expects: str = "an address that starts with https:// or http://"

    def read(self, node: Node, report: Report) -> Scalar | None:
        if isinstance(node, Scalar) and URL.match(node.value):
            return node
        _wrong_type(node, self.expects, report)
        return None


def is_base_url(value: str) -> bool:
    """True for an address to which a page's own path can be joined."""
    return bool(BASE_URL.match(value))


@dataclass(frozen=True)
class BaseUrl:
    expects: str = "an address that starts with https:// or http:// and has no ? and no #"

    def read(self, node: Node, report: Report) -> Scalar | None:
        if isinstance(node, Scalar) and is_base_url(node.value):
            return node
        _wrong_type(node, self.expects, report)
        return None


@dataclass(frozen=True)
class LanguageTag:
    expects: str = "a language's tag such as en, fr or pt-BR"

    def read(self, node: Node, report: Report) -> Scalar | None:
        if isinstance(node, Scalar) and LANGUAGE.match(node.value):
            return node
        _wrong_type(node, self.expects, report)
        return None


@dataclass(frozen=True)
class Integer:
    expects: str = "a whole number"
    least: int = -(10**9)
    most: int = 10**9

    def read(self, node: Node, report: Report) -> int | None:
        if isinstance(node, Scalar) and node.plain and re.fullmatch(r"[+-]?[0-9]{1,10}", node.value):
            value = int(node.value)
            if self.least <= value <= self.most:
                return value
        _wrong_type(node, self.expects, report)
        return None


@dataclass(frozen=True)
class Boolean:
    expects: str = "true or false"

    def read(self, node: Node, report: Report) -> bool | None:
        if isinstance(node, Scalar) and node.plain and node.value in ("true", "false"):
            return node.value == "true"
        _wrong_type(node, self.expects, report)
        return None


@dataclass(frozen=True)
class Coordinates:
    """[latitude, longitude] in degrees."""

    expects: str = "[latitude, longitude], such as [41.29, 123.77]"

    def read(self, node: Node, report: Report) -> tuple[float, float] | None:
        if isinstance(node, Sequenced) and len(node.items) == 2:
            values = [item.value for item in node.items if isinstance(item, Scalar)]
            if len(values) == 2 and all(DEGREES.match(value) for value in values):
                latitude, longitude = float(values[0]), float(values[1])
                if abs(latitude) <= 90 and abs(longitude) <= 180:
                    return latitude, longitude
        _wrong_type(node, self.expects, report)
        return None


@dataclass(frozen=True)
class VariantName:
    """A variant's tag."""

    choice: Choice = Choice(tuple(Variant))

    @property
    def expects(self) -> str:
        return self.choice.expects

    def read(self, node: Node, report: Report) -> Variant | None:
        scalar = self.choice.read(node, report)
        return Variant(scalar.value) if scalar else None


@dataclass(frozen=True)
class ListOf(Generic[T]):
    item: Kind[T]
    one_will_do: bool = False  # a single value may be written without brackets
    least: int = 0

    @property
    def expects(self) -> str:
        return f"{self.item.expects}, or a list of such" if self.one_will_do else "a list"

    def read(self, node: Node, report: Report) -> tuple[T, ...] | None:
        if self.one_will_do and isinstance(node, Scalar) and not node.is_null:
            node = Sequenced((node,), node.at)
        if not isinstance(node, Sequenced):
            _wrong_type(node, self.expects, report, "begin each item with `- `, in a line of its own")
            return None
        if len(node.items) < self.least:
            report.error(node.at, "schema-value", "this list is empty", f"name {self.item.expects}")
            return None
        values = [self.item.read(item, report) for item in node.items]
        return tuple(value for value in values if value is not None)


@dataclass(frozen=True)
class MapOf(Generic[T]):
    """Free keys of one kind → values of one kind; values come with the place of their key."""

    keys: Kind[Any]
    values: Kind[T]
    expects: str = "a mapping"
    hint: str = "write lines of `key: value`"
    example: str = ""  # how a lone value, VALUE, is written with its key

    def read(self, node: Node, report: Report) -> Mapping[str, T] | None:
        if not isinstance(node, Mapped):
            lone = isinstance(node, Scalar) and not node.is_null and "\n" not in node.value
            hint = f"write {self.example.replace('VALUE', str(node))}" if lone and self.example else self.hint
            _wrong_type(node, self.expects, report, hint)
            return None
        found: dict[str, T] = {}
        for name, child in node.items:
            if isinstance(child, Scalar) and child.is_null:
                _wrong_type(
                    child, self.values.expects, report, f"write it after `{name}:`, or remove `{name}`"
                )
                continue
            value = self.values.read(child, report)
            if self.keys.read(name, report) is not None and value is not None:
                found[name.value] = value
        return found


#: Keys as one may take them for Chinese, in Simplified and Traditional, and what they are called.
CHINESE_KEYS = {
    "title": "标题 標題 题目 題目 题名 題名 书名 書名 篇名",
    "author": "作者",
    "publisher": "出版 出版者 出版社",
    "date": "日期 时间 時間 出版日期",
    "url": "网址 網址 链接 鏈接 連結",
    "rights": "版权 版權",
    "series": "系列 丛书 叢書",
    "summary": "摘要 提要",
    "description": "简介 簡介 说明 說明",
    "editors": "编者 編者 编辑 編輯",
    "lang": "语言 語言 文字 字体 字體",
    "notes": "注释 注釋 註釋 注解 註解 笔记 筆記",
    "note": "注释 注釋 註釋 注解 註解 注 註 笔记 筆記",
    "in": "段落 段 位置",
    "on": "引文 原文 词语 詞語",
    "before": "前文",
    "after": "后文 後文",
    "entry": "词条 詞條",
    "entries": "词条 詞條",
    "id": "编号 編號",
    "term": "词条 詞條 词 詞 词语 詞語 词目 詞目 术语 術語",
    "kind": "类别 類別 种类 種類 类型 類型",
    "aliases": "别名 別名 又名",
    "pinyin": "拼音 读音 讀音",
    "gloss": "英文 英译 英譯 翻译 翻譯",
    "definition": "定义 定義 释义 釋義 解释 解釋",
    "see": "参见 參見 另见 另見",
    "sources": "来源 來源 出处 出處",
    "source": "来源 來源 出处 出處",
    "order": "顺序 順序 次序 排序",
}


def _meant_key(written: str, known: Iterable[str]) -> str:
    """The known key that is meant by one with capitals, in Chinese or with a slip of the pen, or ""."""
    known = list(known)
    plain = unicodedata.normalize("NFKC", written).strip().removeprefix("-").lower()
    if plain in known:
        return plain
    chinese = (key for key in known if plain in CHINESE_KEYS.get(key, "").split())
    return next(chinese, "") or nearest_word(written, known)


@dataclass(frozen=True)
class Need:
    """What keys of a record ask of others: one of these must be there, where one of `where` is.

    where: without any, always. without: a key that must not be there then. The problem is told at the
    first of `where` that holds keys of its own, else at the record.
    """

    one_of: tuple[str, ...]
    problem: str
    hint: str
    where: tuple[str, ...] = ()
    without: str = ""


@dataclass(frozen=True)
class Record(Generic[T]):
    """A mapping with known keys: a dataclass whose fields are made by `key`, with a field `at`."""

    type: type[T]
    what: str
    whole: bool = False  # one wrong key changes what the others say
    needs: tuple[Need, ...] = ()

    @property
    def expects(self) -> str:
        return f"the keys of {self.what}"

    def read(self, node: Node, report: Report) -> T | None:
        """The record, or None where a required key is missing or wrong, or a vital one wrong."""
        if not isinstance(node, Mapped):
            _wrong_type(node, self.expects, report, "write lines of `key: value`")
            return None
        fields = keys_of(self.type)
        values: dict[str, Any] = {"at": node.at}
        written: set[str] = set()
        meant: set[str] = set()  # by a key with a slip of the pen, which is told already
        sound = True
        for name, child in node.items:
            field = fields.get(name.value)
            if field is None:
                near = _meant_key(name.value, fields)
                meant.add(near)
                hint = f"did you mean `{near}`?" if near else f"{self.what} has the keys {', '.join(fields)}"
                if near and name.value == f"-{near}":
                    hint = f"put a space after the dash: `- {near}: …`"
                report.error(
                    name.at, "schema-unknown-key", f"`{name.value[:40]}` is no key of {self.what}", hint
                )
                sound = sound and not self.whole
                continue
            written.add(name.value)
            value = field.metadata["kind"].read(child, report)
            if value is not None:
                values[field.name] = value
            elif self.whole or field.metadata["vital"]:
                sound = False
        for name_, field in fields.items():
            if field.metadata["required"]:
                if name_ not in written | meant:
                    report.error(
                        node.at, "schema-missing-key", f"{self.what} has no `{name_}`", f"add `{name_}: …`"
                    )
                sound = sound and field.name in values
        if not sound or any(self._lacks(need, node, report) for need in self.needs):
            return None
        return self.type(**values)

    def _lacks(self, need: Need, node: Mapped, report: Report) -> bool:
        """Whether it does not hold; that is reported."""
        asking = [child for name in need.where if (child := node.get(name))]
        if need.where and not asking:
            return False
        if any(node.get(name) for name in need.one_of) and not (need.without and node.get(need.without)):
            return False
        place = next((child for child in asking if isinstance(child, Mapped)), node)
        report.error(place.at, "schema-missing-key", need.problem, need.hint)
        return True


@dataclass(frozen=True)
class EntryOrNone(Slug):
    """An entry's id, or `none`."""

    expects: str = "an entry's id, or none"
