"""What no term starts or ends with: function words, quantities; and what a segmenter's tags are worth."""

from __future__ import annotations

import re
from collections.abc import Sequence

#: Words of the closed classes, and the commonest adverbs, verbs and nouns that only frame what is said.
_FUNCTION_WORDS = frozenset(
    """
    的 地 得 之 所 了 着 过 们 等 等等 吗 呢 吧 啊 呀 嘛 啦 哦 么 罢了 而已 似的 一样 一般 般 和 与 及
    以及 或 或者 并 并且 而 而且 且 但 但是 可是 不过 然而 却 则 因 因为 由于 所以 因此 因而 从而 于是
    如 如果 若 假如 假设 虽 虽然 尽管 即使 无论 不管 不仅 不但 还是 要么 只要 只有 除非 既 既然 以便
    以免 否则 另外 此外 同时 例如 比如 譬如 即 也就是 就是 就是说 总之 那么 然后 接着 其次 首先 最后
    一方面 另一方面 在 从 自 自从 到 向 往 朝 对 对于 关于 至于 于 以 用 把 将 被 让 给 为 为了 由 按
    按照 根据 依据 据 依 照 比 跟 同 随 随着 沿 沿着 除 除了 通过 经 经过 围绕 针对 面向 当 趁 凭 凭借
    作为 连 以来 以后 以前 之后 之前 之间 之中 之一 之外 之内 之下 之上 其中 当中 里 里面 中 上 下 内 外
    前 后 左右 上下 时 时候 的话 以上 以下 以内 以外 我 你 您 他 她 它 我们 你们 他们 她们 它们 咱们
    自己 自身 大家 别人 人们 彼此 谁 什么 怎么 怎样 怎么样 为什么 哪 哪里 哪些 哪个 何 如何 多少 几 这
    那 此 该 本 各 每 某 另 其 其他 其它 其余 这个 那个 这些 那些 这里 那里 这样 那样 这么 这种 那种
    这是 那是 这一 那一 各个 各种 各类 每个 某些 某个 任何 所有 一切 一些 有些 有的 许多 很多 不少 多 少
    多个 若干 全部 整个 大量 部分 大部分 多数 少数 是 有 没有 没 无 不 非 未 别 莫 勿 要 想 会 能 能够
    可 可以 可能 应 应该 应当 须 必须 需 需要 得以 愿 愿意 敢 肯 来 去 成为 成 变成 作 做 当作 称 称为
    叫 叫做 说 说道 表示 认为 指出 看 看到 看来 觉得 知道 进行 开始 继续 使 使得 令 请 属于 位于 包括
    具有 拥有 存在 出现 带来 实现 得到 受到 起来 出来 下去 上去 过来 过去 下来 上来 回来 出去 进来 进去
    开来 出 进 起 回 很 非常 十分 极 极其 太 更 更加 最 最为 较 比较 相当 越 越来越 愈 都 也 还 还有 又
    再 再次 才 就 便 只 仅 仅仅 只是 正 正在 已 已经 曾 曾经 将要 即将 刚 刚刚 一直 一向 总 总是 常 常常
    经常 往往 不断 逐渐 逐步 渐渐 终于 几乎 大约 大概 约 近 近乎 尤其 特别 甚至 甚而 其实 确实 的确 当然
    也许 或许 似乎 好像 究竟 到底 竟 竟然 居然 不再 不是 不会 不能 不要 不可 不同 不如 不得 并不 并非
    而是 也是 都是 正是 既是 仍 仍然 仍旧 依然 依旧 还要 就要 便是 却是 互相 相互 共同 一起 一同 一并
    分别 各自 均 皆 凡 凡是 尚 尚未 从未 从来 立即 立刻 马上 忽然 突然 顿时 随即 今天 昨天 明天 今年
    去年 明年 前年 近年 近年来 当年 当时 现在 目前 如今 今后 后来 以往 未来 将来 此时 此前 此后 最近
    日前 近日 同年 年来 年底 年初 上午 下午 晚上 早上 时代 方面 问题 情况 东西 事情 地方 个 位 些 点 种
    样
    """.split()
)
#: The same in English, of which a quotation may stand in a text.
_ENGLISH = frozenset(
    """
    a an and are as at be but by for from had has have he her his if in is it its not of on or our she so
    that the their then there they this to was we were what when which who will with you your
    """.split()
)
#: Parts of speech of the closed classes, by the first letter of the segmenter's tag.
_FUNCTION_TAGS = frozenset("upcrye")
#: Those of particles and conjunctions, however long the word, and inside of a candidate.
JOINING_TAGS = frozenset("ucy")
#: What these particles and conjunctions are mostly written with.
JOINING_CHARACTERS = frozenset("的地得之了着过和与及或而也")
#: Others, whole: a number with its measure word, a pronoun with one.
_FRAMING_TAGS = frozenset(("mq", "r", "rr", "rz", "rzv"))

_DIGIT = "〇零一二两三四五六七八九"
_MEASURE = (
    "个名位家项种类件条只张把座台辆艘架部本册页篇首幅句段章节次回遍场届轮批套组对双群队排层级代"
    "年月日天周岁世纪小时分钟秒元角块万亿吨公斤克米里厘毫升度倍成亩顷人口户所间处股份门支枝根棵朵片粒颗滴"
)
#: A numeral as it is written out, with or without a measure word; 十四五 or 一五 is none.
_QUANTITY = re.compile(
    rf"(?:第|约|近|数|几|上|多)?"
    rf"(?:[{_DIGIT}]?十[{_DIGIT}]?|(?:[{_DIGIT}几数]?[十百千万亿]+[{_DIGIT}]?)+|[{_DIGIT}几数半]|[{_DIGIT}]*〇[{_DIGIT}]*)"
    rf"(?:多|余|来|几)?(?:[{_MEASURE}]+)?(?:多|余|来|前|后|间|里|内|中|以上|以下)?"
)

#: What a candidate's words are worth by the tag of the only one, of the first and of the last one.
_ALONE = {
    "n": 0.8,
    "vn": 0.6,
    "b": 0.5,
    "s": 0.6,
    "an": 0.5,
    "j": 0.9,
    "m": 0.6,
    "eng": 0.9,
    "i": 0.9,
    "l": 0.9,
}
_NAMES = frozenset(("nr", "ns", "nt", "nz"))
_ALONE_OTHERWISE = 0.4
_LAST = {"v": 0.7, "a": 0.5, "ad": 0.4, "d": 0.5, "t": 0.3, "f": 0.5, "s": 0.7, "m": 0.6, "q": 0.4, "b": 0.3}
_FIRST = {"v": 0.7, "d": 0.5, "t": 0.3, "f": 0.8, "m": 0.7, "q": 0.4, "ad": 0.5}
#: The commonest surnames; the segmenter takes other words for names, too.
SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔"
    "钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤习鲁樊柳"
)


def is_function_word(word: str, tag: str) -> bool:
    """True for a word that frames what is said. tag: the segmenter's, "" where it is not known."""
    if word in _FUNCTION_WORDS or tag in _FRAMING_TAGS or word.lower() in _ENGLISH:
        return True
    return tag[:1] in JOINING_TAGS or (tag[:1] in _FUNCTION_TAGS and len(word) == 1)


def is_quantity(word: str) -> bool:
    """True for a numeral in Chinese characters, with or without a measure word."""
    return _QUANTITY.fullmatch(word) is not None


def is_measure(word: str) -> bool:
    """True for a measure word, which is a part of the number before it."""
    return set(word) <= set(_MEASURE)


def is_personal_name(tag: str, word: str) -> bool:
    """True for what the segmenter takes for a person's name, if it starts with a surname."""
    return tag.startswith("nr") and word[0] in SURNAMES and 2 <= len(word) <= 4


def is_name(tags: Sequence[str], text: str) -> bool:
    """True for one word that the segmenter takes for a name."""
    if len(tags) != 1 or tags[0][:2] not in _NAMES:
        return False
    return not tags[0].startswith("nr") or is_personal_name(tags[0], text)


def weight_of_tags(tags: Sequence[str], text: str) -> float:
    """How likely words with these parts of speech are a term, 0 to 1."""
    if not tags:
        return 0.5
    if len(tags) == 1:
        tag = "n" if tags[0].startswith("nr") else tags[0]
        return 1.0 if is_name(tags, text) else _ALONE.get(tag, _ALONE_OTHERWISE)
    return _FIRST.get(tags[0], 1.0) * _LAST.get(tags[-1], 1.0)
