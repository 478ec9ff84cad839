"""An edition whose one text has everything that a text may have, and words in every awkward place."""

from __future__ import annotations

import json
import struct
import zlib

STEMS, BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"

#: 120 words of three characters, no two alike.
MANY = [STEMS[i % 10] + BRANCHES[i % 12] + end for end in "年月" for i in range(60)]

#: A term that seldom finds room at the end of a line.
LONG = "山水之间往来不绝的运输船队"

#: Text → as it stands in vertical print, for what an editor may write with quotation marks.
MARKS = {
    "他说“好”，又说‘行’。": "他说『好』，又说「行」。",
    "“外面‘里面’外面”": "『外面「里面」外面』",
    "这是it’s与“5G”，还有27”的屏。": "这是it’s与『5G』，还有27”的屏。",
    "He said “yes” to me.": "He said “yes” to me.",
    "一条“没有完的话": "一条『没有完的话",
    "原有「直角」的也不动。": "原有「直角」的也不动。",
    "书名《“春”》和“夏”": "书名《『春』》和『夏』",
}

_FILLER = "船从上游下来，过了三道湾，才看得见码头上的灯；岸边的人已经等了两个时辰。"


def _picture(width: int, height: int) -> bytes:
    """A grey PNG."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        checksum = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)

    rows = (b"\0" + b"\xb0" * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def _body() -> str:
    rows = "\n".join(f"| 第{i}号码头 | {i * 137} | 1{i}.5 | {'顺流' * 5} |" for i in range(1, 9))
    blocks = [
        "## 上游 {#p1}",
        f"北方的**老工业基地**很多，北方老工业基地改造也说了*许多年*；{LONG}还在。[^1]{_FILLER * 5} {{#p2}}",
        _FILLER * 3 + "1949年12月，船队有30条船、1,200人。 {#p3}",
        "水从西边来，\n船往东边去。\n灯下人未睡，\n隔岸有鸡啼。 {#p4 .verse}",
        "> 记这件事的人后来说，那一夜的水比哪一年都大。 {#p5}",
        "- 第一条：先看水，再看天。 {#p6}\n- 第二条：过湾的时候不说话。 {#p7}",
        "1. 先到的先卸。 {#p8}\n2. 后到的等灯。 {#p9}",
        "### 码头 {#p10}",
        f"| 码头 | 吨数 | 水深 | 方向 |\n| --- | --: | :-: | --- |\n{rows}\n{{#p11}}",
        "![一张灰色的图](static/wide.png) {#p12}",
        "![一张窄而高的图](static/tall.png) {#p13}",
        "、".join(MANY) + "。 {#p14}",
        *(f"{text} {{#p{15 + i}}}" for i, text in enumerate(MARKS)),
        "## 下游 {#p30}",
        *(f"{LONG}第{i}次出发。{_FILLER * (1 + i % 4)}{LONG}又回来了。 {{#p{31 + i}}}" for i in range(24)),
        "[^1]: 见码头的旧账。 {#p60}",
    ]
    return "\n\n".join(blocks) + "\n"


def _entries() -> list[dict[str, object]]:
    entries: list[dict[str, object]] = [
        {"id": "jidi", "term": "老工业基地", "kind": "concept", "definition": "先有工厂，后有城市的地方。"},
        {
            "id": "gaizao",
            "term": "北方老工业基地改造",
            "kind": "policy",
            "definition": "一项做了许多年的事。参见[[jidi]]和[[chuandui]]。",
        },
        {
            "id": "chuandui",
            "term": LONG,
            "kind": "organisation",
            "definition": "\n\n".join([_FILLER * 6, "见[[jidi]]。", _FILLER * 20]),
            "gloss": {"en": "the fleet that plies between the mountains and the rivers"},
        },
    ]
    entries += [
        {"id": f"ganzhi-{i}", "term": term, "kind": "other", "definition": f"{term}，干支纪{term[-1]}之一。"}
        for i, term in enumerate(MANY)
    ]
    return entries


def varied_files() -> dict[str, str | bytes]:
    """The edition's files: path below content/ → content."""
    notes = [
        {"id": "n1", "in": "p2", "on": "很多", "note": "一条注，讲“很多”是多少。"},
        {"id": "n2", "in": "p3", "note": _FILLER * 9},
        {"id": "n3", "in": "p30", "note": "标题上的注。"},
        {"id": "n4", "in": "title", "note": "题目上的注。"},
    ]
    meta = {"title": "三道湾的“码头”与灯", "summary": "一篇什么都有的短文。", "notes": notes}
    # JSON is YAML.
    return {
        "edition.yaml": "title: 码头集\nlang: zh-Hans\nlink: every\n",
        "texts/ma-tou/text.md": _body(),
        "texts/ma-tou/text.yaml": json.dumps(meta, ensure_ascii=False),
        "glossary/all.yaml": json.dumps(_entries(), ensure_ascii=False),
        "static/wide.png": _picture(1600, 400),
        "static/tall.png": _picture(200, 1400),
    }
