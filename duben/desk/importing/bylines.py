"""The lines around an article that say who wrote it, when and where: dates, sources, credits."""

from __future__ import annotations

import datetime
import itertools
import re
from functools import cache
from typing import NamedTuple

from duben.compile.opencc_files import read_table
from duben.read.inline import is_wide

#: Who does what. Compared in Simplified and without spaces, so 編　　審 is one of them.
ROLES = """
    作者 原作者 撰文 撰稿 文字 文字作者 文案 采写 采访 执笔 供稿 口述 整理 主笔 文 图 图文 图片 配图
    图源 插图 绘图 摄影 视觉 视频 剪辑 后期 拍摄 记者 本报记者 本刊记者 特约记者 见习记者 实习记者
    实习生 通讯员 责任编辑 责编 编辑 值班编辑 本期编辑 网络编辑 新媒体编辑 美编 美术编辑 美术 编审
    审核 审校 校对 校对员 一审 二审 三审 初审 复审 终审 签发 策划 总策划 监制 总监制 出品 出品人
    总出品人 统筹 总统筹 制片人 制作 制图 设计 排版 版式 主编 副主编 执行主编 值班主编 值班编委 编委
    总编辑 顾问 指导 导演 主持人 播音 朗读 翻译 译 译者 译校 编译 校译 录入 发布 发布者 发布人
    发布机构 发文机关 发文机构 信息来源 文章来源 来源 稿源 出处 转自 转载自 原载 原标题 来稿 单位
    供图 支持 联合出品 资料来源
""".split()
WRITERS = frozenset("作者 原作者 撰文 撰稿 文字作者 文字 执笔 文 图文 主笔".split())
SOURCES = frozenset("来源 稿源 出处 转自 转载自 原载 信息来源 文章来源 发布机构 发文机关 发文机构".split())
#: What stands among them and says nothing of the text.
CONTROLS = """
    字号 字体 字体大小 字体：大 浏览 浏览量 浏览次数 阅读 阅读量 阅读数 阅读次数 点击 点击数 点击量
    点击率 点击次数 访问量 评论 评论数 分享 分享到 收藏 打印 点赞 转发 背景色 关注 人气 查看 回复
    热度 时间 发布时间 发布日期 日期 更新时间 发表时间 发表于 发布于 更新 成文日期 索引号 文号
    发文字号 主题词 有效性 关键词 标签 分类 栏目 所属栏目 编辑于 时长 字数 本文字数
""".split()
_NAMES = sorted({*ROLES, *CONTROLS}, key=len, reverse=True)
_SPACED = "|".join(r"\s*".join(map(re.escape, name)) for name in _NAMES)
#: A role, a colon and what follows; roles may stand side by side without a space between.
ROLE = re.compile(rf"(?P<role>{_SPACED})\s*[:：丨]")
SLASH_ROLE = re.compile(
    r"(?<![\w])(?P<role>文|图|图文|摄影|编辑|撰文|译|摄)[ \u3000]*[/／|｜][ \u3000]*(?=\S)"
)
DATE = re.compile(
    r"(?<![0-9])(?P<year>(?:19|20)[0-9]{2})(?:[-/.](?P<m1>[0-9]{1,2})[-/.](?P<d1>[0-9]{1,2})(?![0-9])"
    r"|[ ]?年[ ]?(?P<m2>[0-9]{1,2})[ ]?月(?:[ ]?(?P<d2>[0-9]{1,2})[ ]?日)?)"
)
TIME = re.compile(r"T?(?<![0-9])[0-9]{1,2}[:：][0-9]{2}(?:[:：][0-9]{2})?(?![0-9])(?:\+[0-9:]+|Z)?")
#: Words of a byline without a colon.
LOOSE = re.compile(
    r"字号|字体|[【\[（(]?大[ \u3000]*中[ \u3000]*小[】\]）)]?|打印|关闭(?:窗口)?|收藏|分享(?:到)?|微信|"
    r"微博|评论|我要|纠错|播报|听新闻|扫一扫|复制链接|发布|发表|刊发|更新|A[-+]|原创|公众号|[0-9]+(?:次|人)?"
)
OUTLET = re.compile(
    r"(?:网|报|社|台|刊|杂志|周刊|电视|新闻|日报|晚报|早报|客户端|频道|出版社|编辑部|在线|广播)\Z"
)
SPACE = re.compile(r"[\s\u3000]+")
SEPARATORS = " \t\u3000|｜/／·•,，;；:：、-—\u00a0"
BRACKETS = {"（": "）", "(": ")", "[": "]", "【": "】", "〔": "〕"}

SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛"
    "叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔"
    "贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢岳齐梅莫庄辛管祝左涂谷祁时"
    "舒耿卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋柴米甘景薄单包司柏宁柯阮桂闵解强丰"
    "鹿冼卓岑蓝沙虞穆叔商边冷从尚党车明闻植巴冰老鲁巩茅楼佟郁池饶房滕瞿喻骆宗惠仇胥扬苑佘"
)
NAME = re.compile(r"[\u4e00-\u9fff·]{2,4}|[A-Z][A-Za-z.]+(?: [A-Z][A-Za-z.]+)*")


class Byline(NamedTuple):
    """What a line of that sort says. credits: (role as written, without its spaces; names).

    source_role: how the publisher is introduced, where it is.
    """

    date: str
    publisher: str
    authors: tuple[str, ...]
    credits: tuple[tuple[str, str], ...] = ()
    source_role: str = ""


@cache
def _simplified() -> dict[int, str]:
    return str.maketrans(
        {key: value for key, value in read_table("TSCharacters.txt").items() if len(key) == len(value) == 1}
    )


def fold(text: str) -> str:
    """A text in Simplified, character for character, to be compared."""
    return text.translate(_simplified())


def find_date(text: str) -> str:
    """The first whole date in a text, as YYYY-MM-DD or YYYY-MM, or ""."""
    for match in DATE.finditer(text):
        year, month = int(match["year"]), int(match["m1"] or match["m2"])
        day = int(match["d1"] or match["d2"] or 0)
        try:
            datetime.date(year, month, day or 1)
        except ValueError:
            continue
        return f"{year}-{month:02}-{day:02}" if day else f"{year}-{month:02}"
    return ""


def read_byline(text: str) -> Byline | None:
    """What the line says of the text, or None where it is no such line."""
    bare = text.strip(SEPARATORS)
    if bare[:1] in BRACKETS and bare.endswith(BRACKETS[bare[:1]]):
        bare = bare[1:-1].strip(SEPARATORS)
    if not bare or len(bare) > 300:
        return None
    folded = fold(bare)
    roles = sorted(
        (
            match
            for match in (*ROLE.finditer(folded), *SLASH_ROLE.finditer(folded))
            # 文：by itself is a role, in 原文：it is not.
            if len(match["role"]) > 1
            or not match.start()
            or not is_wide(folded[match.start() - 1])
            or folded[match.start() - 1] in SEPARATORS + "（【"
        ),
        key=lambda match: (match.start(), -match.end()),
    )
    # Of two that overlap, the longer one, which comes first.
    roles = [role for n, role in enumerate(roles) if not n or role.start() >= max(r.end() for r in roles[:n])]
    date = find_date(bare)
    if not roles and not date:
        return None
    listed: list[tuple[str, str]] = []
    publisher = source_role = ""
    authors: list[str] = []
    # What stands before the first role, and after the names, must be dates and other small change.
    rest = bare[: roles[0].start()] if roles else bare
    for match, following in itertools.zip_longest(roles, roles[1:]):
        value = bare[match.end() : following.start() if following else len(bare)]
        role = SPACE.sub("", folded[match.start("role") : match.end("role")])
        if role in CONTROLS or role == "原标题":
            rest += "" if role == "原标题" else "　" + value
            continue
        names, left = _names(value, is_source=role in SOURCES)
        rest += "　" + left
        if not names:
            continue
        written = SPACE.sub("", bare[match.start("role") : match.end("role")])
        if role in SOURCES and not publisher:
            publisher = names[0]
            source_role = written
        if role not in SOURCES or len(names) > 1:
            listed.append((written, "、".join(names)))
        if role in WRITERS:
            authors += [name for name in names if name not in authors]
    words = _loose_words(rest)
    if not publisher and words and OUTLET.search(fold(words[0])) and len(words[0]) <= 12 and date:
        publisher = words.pop(0)
    elif words and date and not authors and len(words) <= 2 and all(is_name(word) for word in words):
        authors, words = words, []
    if sum(map(len, words)) > (12 if roles else 4):
        return None
    return Byline(date, publisher, tuple(authors), tuple(listed), source_role)


def is_name(text: str) -> bool:
    """True where a text is most likely a person's name."""
    bare = SPACE.sub("", text) if all(map(is_wide, SPACE.sub("", text))) else text
    if not NAME.fullmatch(bare):
        return False
    return not is_wide(bare[0]) or fold(bare[0]) in SURNAMES or "·" in bare


def _names(value: str, *, is_source: bool) -> tuple[list[str], str]:
    """The names after a role, and what is left of the value."""
    value = TIME.sub(" ", DATE.sub(" ", value))
    value = re.sub(r"[（(【\[〔]\s*[）)】\]〕]", "", value)
    names: list[str] = []
    tokens = [token for token in re.split(r"[\s\u3000、，,;；|｜/／]+", value.strip(SEPARATORS)) if token]
    for index, token in enumerate(tokens):
        if LOOSE.fullmatch(fold(token)) or len(token) > 30 or any(stop in token for stop in "。！？"):
            return names, " ".join(tokens[index:])
        names.append(token.strip(")）]】〕") if not any(sign in token for sign in "（([【〔") else token)
    # 张 三: a name of two characters, spaced out to the width of three.
    if len(tokens) == 2 and not is_source and all(len(name) == 1 for name in names):
        names = ["".join(names)]
    return [name for name in names if name], ""


def _loose_words(rest: str) -> list[str]:
    """The words that are neither date, time nor a control of the page."""
    bare = fold(TIME.sub(" ", DATE.sub(lambda found: " " * len(found[0]), rest)))
    shown = TIME.sub(" ", DATE.sub(lambda found: " " * len(found[0]), rest))
    spans = [match.span() for match in LOOSE.finditer(bare)]
    pieces = list(shown)
    for start, end in spans:
        pieces[start:end] = " " * (end - start)
    return [
        word for word in re.split(rf"[{re.escape(SEPARATORS)}\s【】\[\]（）()]+", "".join(pieces)) if word
    ]
