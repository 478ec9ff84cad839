"""Readings of characters with several, by what stands beside them where no word decides."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_DEGREE = "很太最更较真挺极多么够颇越"
_NUMBERS = "一二两三四五六七八九十百千万"
_WET = (
    "衣服|衣裳|头发|毛巾|鞋子|袜子|裤子|裙子|被子|床单|地面|路面|油漆|嘴唇|喉咙|眼泪|泪水|汗水|血迹|墨水|墨迹"
    "|雨伞|泥土|叶子|树叶|池塘|河水|井水|颜料|胶水"
)
#: (character, its reading, where it stands so). What an adverb, a verb or an object beside it tells.
_RULES: tuple[tuple[str, str, str], ...] = (
    ("长", "cháng", rf"(?<=[{_DEGREE}])长|(?<=非常|十分|特别|一样|格外|公里|[\d{_NUMBERS}][米尺])长"),
    ("重", "chóng", rf"(?<![{_DEGREE}体])重(?=[做写读看来说修编拍算排唱画印装译考走提审讲翻洗练抄访逢])"),
    ("干", "gān", r"(?<=[伞泪墨漆汗晒晾吹擦烘烤风])干|干(?=[了得]?(?:透|净|巴巴|瘪|裂))"),
    ("干", "gān", rf"(?:(?<={_WET})|(?<=(?:{_WET})[都快早也全])|(?<=(?:{_WET})已经))干(?=[了得])"),
    ("干", "gān", "干(?=了的[豆花衣树叶草泥血头毛面饭木墙漆墨眼河])"),
    ("干", "gān", rf"(?<=[{_DEGREE}])干(?![活事完])"),
    ("还", "huán", r"还(?=给|清|钱|债|书|账|款)"),
    ("得", "děi", r"(?<=[就总都也必非只])得(?=[^了到出，。])"),
    ("为", "wéi", rf"(?<=[称视译改分化变定命名列划转约断])为|为(?=[\d{_NUMBERS}主首基脑本])"),
    ("数", "shǔ", r"数(?=一数|了数|得上|得清|不清|不尽)|(?<=数一|数了)数"),
    ("行", "xíng", r"(?<=[不才就也都还])行"),
)
_BY_CHARACTER: Mapping[str, tuple[tuple[re.Pattern[str], str], ...]] = {
    char: tuple((re.compile(where), syllable) for of, syllable, where in _RULES if of == char)
    for char in {of for of, _, _ in _RULES}
}
#: Where a reading of running text is asked about, if neither a word nor a rule above decides. What is not
#: here has one reading in nearly all running text when it stands alone: 了 le, 还 hái, 着 zhe, 地 de.
_ASKED: Mapping[str, re.Pattern[str]] = {
    char: re.compile(where)
    for char, where in {
        "重": "重(?![卡工载器稀])",
        "长": "长",
        "干": "干",
        "行": f"(?<=[{_NUMBERS}几多每第])行",
        "调": "调",
        "朝": "朝",
        "数": "数(?=[了数一着得])",
        "差": "差(?![一点不])",
        "便": "便(?=宜)",
        "还": "还(?=[了过])",
        "得": f"得(?=[^，。；！？了到{_NUMBERS}])",
        "了": "(?<=[不得])了",
        "着": "(?<=[不得])着|着(?=[火凉急迷])",
        "为": "(?<![，。；！？“])为(?![了此何他她我你])",
        "发": "(?<=[的黑白长短])发",
        "种": f"(?<![{_NUMBERS}\\d这那各几某多此])种",
        "倒": "倒",
        "处": "处(?=[于理在])",
        "背": "背(?=[着了起])",
        "空": "空",
        "降": "降",
        "藏": "藏",
        "传": "传",
        "弹": "弹",
        "折": "折",
        "卷": "卷",
        "转": "转(?![型成向为])",
        "盛": "盛",
        "散": "散(?![热了去开])",
        "担": "担",
    }.items()
}


def read_by_neighbours(text: str, offset: int) -> str | None:
    """How a character is read by what stands beside it, or None where that tells nothing."""
    for where, syllable in _BY_CHARACTER.get(text[offset], ()):
        if where.match(text, offset):
            return syllable
    return None


def is_asked_about(text: str, offset: int) -> bool:
    """Whether the reading of a character of running text that nothing decides deserves a look."""
    where = _ASKED.get(text[offset])
    return where is not None and where.match(text, offset) is not None


def ruled_characters(text: str) -> Iterable[int]:
    """The places of characters for which there are rules."""
    return (offset for offset, char in enumerate(text) if char in _BY_CHARACTER)
