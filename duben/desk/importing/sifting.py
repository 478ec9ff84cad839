"""What of an input is the article, and what stands around it.

Only what lies before the first or behind the last paragraph of prose may be taken away, and little else
of which the form leaves no doubt; each line that is taken is told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from duben.desk.importing.bylines import Byline, fold, is_name, read_byline
from duben.desk.importing.manuscript import Block, Facts, Manuscript, Taken, ends_in_stop


def _alternatives(words: str) -> str:
    """A pattern for any of these words, which may be patterns themselves."""
    return "(?:" + "|".join(sorted(words.split(), key=len, reverse=True)) + ")"


_SITES = _alternatives(
    """
    微信 微博 新浪微博 QQ空间? QQ好友 朋友圈 豆瓣 脸书 Facebook Twitter LINE Telegram WhatsApp X Email
    邮件 复制链接 复制网址 扫一扫 打印 收藏 点赞 在看 转发 评论 分享 举报 赞 踩 喜欢 已关注 关注
"""
)
_MENU = _alternatives(
    """
    关于我们 联系我们 网站地图 网站声明 隐私(?:政策|条款|保护) 广告服务 招聘英才 加入我们 使用条款
    服务条款 友情链接 设为首页 登录 注册 搜索 无障碍 English 移动版 手机版 客户端 简体 繁体 正体 RSS
    APP下载
"""
)
_CONTROL = r".*(?:字[号体]|打印|关闭|纠错|收藏|复制|A[+-]|大\s*[|/]?\s*中\s*[|/]?\s*小)"
_CONTROLS = _alternatives(
    """字[号体](?:大小)? 超?大 中 小 默认 打印本?[页文]? 关闭(?:窗口|本页)? 我要纠错 纠错 加入收藏
    收藏本?[页文]? 复制 A[+-]"""
)
_PLACE = r"(?:您?(?:现在)?(?:的|所在的?)?位置|当前位置|您在这里)"
_STEP = r"[^\s>＞»›/|]{1,14}\s*(?:[>＞»›]{1,2}|/)\s*"
_SHARED = r"(?:更多人看到|朋友圈|微信|微博|QQ空间|好友|[:：\s])*[\w\s]{0,30}"
_OFFICE = (
    r"(?:举报(?:电话|邮箱|热线|中心)|服务邮箱|联系电话|客服(?:电话|热线)"
    r"|(?:地址|邮编|邮政编码|传真)[:：].{0,60}\Z)"
)
_FORBIDDEN = r"(?:未经|不得).{0,14}(?:授权|许可|同意|允许|书面).{0,20}(?:转载|使用|复制|摘编|镜像)"
#: (what it looks like, in Simplified; why it is no part of the text). The first that matches counts.
JUNK = tuple(
    (re.compile(pattern, re.IGNORECASE), why)
    for pattern, why in (
        (rf"\A{_PLACE}(?:是)?\s*[:：>»›]?.{{0,80}}\Z", "breadcrumb"),
        (rf"\A(?:{_STEP}){{2,6}}[^>＞»›/。！？]{{0,40}}\Z", "breadcrumb"),
        (r"\A(?:首页|主页|Home)\s*[>＞»›/].{0,60}\Z", "breadcrumb"),
        (r"\A(?:首页|主页|返回首页|返回顶部|回到顶部|返回列表|返回目录|TOP)\Z", "navigation"),
        (r"\A(?:[上下]一[篇页条则章节]|[上下]篇|[前后]一篇)(?:[:：\s].{0,60})?\Z", "link to another page"),
        (
            r"\A(?=.*[页|])(?:[上下]一[页章篇]|目录|首页|末页|尾页|[0-9\s|]|[第共][0-9]+页)+\Z",
            "link to another page",
        ),
        (
            rf"\A[\s【（(\[]*分享(?:到|至|给|让|本文|此文|按钮|文章|[:：]|\Z){_SHARED}[\s】）)\]]*\Z",
            "share bar",
        ),
        (rf"\A(?:{_SITES}[\s|｜、/·0-9]*)+\Z", "share bar"),
        (r"\A.{0,12}(?:扫一扫|扫码|扫描).{0,12}(?:二维码|关注|手机|阅读|微信|分享).{0,16}\Z", "share bar"),
        (r"\A.{0,8}(?:长按|识别).{0,8}二维码.{0,16}\Z", "share bar"),
        (r"\A.{0,4}点击(?:上方|下方|蓝字|左下角|“?阅读原文”?).{0,24}\Z", "share bar"),
        (rf"\A(?={_CONTROL})(?:{_CONTROLS}|[\s【】（）()\[\]:：|｜/·])+\Z", "page control"),
        (r"\A(?:阅读原文|查看原文|展开全文|收起|全文完|（完）|\(完\)|【完】)\Z", "page control"),
        (r"\A(?:广告|ADVERTISEMENT|赞助内容)\Z", "advertisement"),
        (r"版权(?:所有|归|声明|信息)|Copyright|©|All\s+rights|CC BY", "copyright line"),
        (_FORBIDDEN, "copyright line"),
        (r"(?:仅代表|不代表|并不意味).{0,24}(?:观点|立场|看法)", "disclaimer"),
        (r"(?:如有|若有|如).{0,6}(?:侵权|侵犯).{0,30}(?:联系|删除|告知)|免责声明", "disclaimer"),
        (r"ICP[备证]|公网安备|许可证.{0,8}[0-9]{4}|许可证编?号|备案号|网文\[", "registration of the site"),
        (_OFFICE, "contact line"),
        (rf"\A(?:{_MENU}[|｜\s]*)+\Z", "navigation"),
        (r"\A\s*(?:[^|｜。！？]{1,14}\s*[|｜]\s*){2,}[^|｜。！？]{0,14}\Z", "navigation"),
        (r"\A[^|｜。！？]{1,12}[|｜]\Z", "navigation"),
    )
)
_ENDINGS = _alternatives(
    """
    相关(?:阅读|新闻|文章|链接|推荐|报道|专题|主题|帖子)
    (?:延伸|推荐|更多|扩展|往期)(?:阅读|新闻|文章|推荐|精彩|回顾|内容)
    热门(?:推荐|文章|新闻|评论|排行|阅读) 精彩推荐 猜你喜欢 为您推荐 编辑推荐 今日热[门点] 大家都在看
    网友评论 最新评论 全部评论 发表评论 我要评论 评论[（(]?[0-9]*[)）]? 留言板? 精选留言 发表回复
    回复列表 外部链接 导航菜单 站内导航 友情链接
"""
)
#: What starts the end: nothing of the article follows it.
ENDS = re.compile(rf"\A[\s【\[（(◆●■▶►]*{_ENDINGS}[\s】\]）)：:]*(?:[0-9]+条?)?\Z")
REPLY = re.compile(
    r"\A(?:沙发|板凳|地板|[0-9]{1,4}\s*[楼#]|#\s*[0-9]{1,4}|回复\s*[0-9]*\s*[楼#]?|引用|只看该作者)(?:\s.{0,40})?\Z"
)
FIRST_POST = re.compile(r"\A(?:楼主|1\s*[楼#]|#\s*1|只看该作者|倒序浏览|电梯直达|阅读模式)(?:\s.{0,40})?\Z")
NOTE_HEADING = re.compile(
    r"\A(?:注释?|脚注|尾注|附注|注解|参考(?:文献|资料)?|注释[与和]参考(?:文献|资料)|Notes|References)[:：]?\Z"
)

NUMBERED = re.compile(
    r"\A(?:第[一二三四五六七八九十百零〇0-9]+[章节回卷部篇编幕折]|[一二三四五六七八九十]{1,3}[、．.]"
    r"|[（(][一二三四五六七八九十]{1,3}[)）])"
)

#: What stands between a title and the name of its site.
SITE_JOINT = re.compile(r"\s*(?:--|__|_|\||｜)\s*|\s+[-–—]\s+|-(?=[^—]{2,16}(?:网|報|报|站|社|平台|百科)\Z)")
#: A line this long, though without a stop, is prose.
PROSE_LENGTH = 60
#: A title is no longer than this.
TITLE_LENGTH = 80
VERSE_LENGTH = 22
#: Who replied, before the number of the reply.
NAME_LENGTH = 16


def junk_reason(text: str) -> str:
    """Why a line is no part of an article, judged by itself; "" where it may be one."""
    bare = fold(text.strip())
    if len(bare) > 400 or not bare:
        return ""
    for pattern, why in JUNK:
        if pattern.search(bare):
            return why
    if not re.search(r"\w", bare):
        return "" if bare in "***※☆＊＊＊" else "no words" if len(bare) > 3 else ""
    squeezed = bare.replace(" ", "").replace("\u3000", "")
    if len(bare) > 1.6 * len(squeezed) and any(pattern.search(squeezed) for pattern, _ in JUNK):
        return "copyright line"
    return ""


def sift(manuscript: Manuscript) -> Manuscript:
    """The manuscript with its article alone; what was around it stands in `taken` and in `facts`."""
    sieve = _Sieve(manuscript)
    sieve.run()
    return replace(
        manuscript,
        blocks=tuple(sieve.kept),
        taken=tuple(sorted((*manuscript.taken, *sieve.taken), key=lambda taken: taken.place)),
        facts=sieve.facts,
    )


@dataclass(slots=True)
class _Sieve:
    manuscript: Manuscript
    facts: Facts = field(default_factory=Facts)
    kept: list[Block] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    credits: dict[str, str] = field(default_factory=dict)
    sourced: bool = False  # whether the publisher is certain

    def run(self) -> None:
        self.facts = self.manuscript.facts
        self.credits = dict(self.facts.credits)
        blocks = [block for block in self.manuscript.blocks if block.kind != "footnote"]
        notes = [block for block in self.manuscript.blocks if block.kind == "footnote"]
        prose = [index for index, block in enumerate(blocks) if is_prose(block)]
        if prose and self._is_exclaimed_title(blocks, prose):
            del prose[0]
        if not prose:
            # A poem, or a text of a few words: only what is certain goes.
            first = next((i for i, block in enumerate(blocks) if not self._is_around(block)), 0)
            last = max(
                (i for i, block in enumerate(blocks) if not self._is_around(block)), default=len(blocks) - 1
            )
            first = min(first + 1, last) if not self.facts.title else first
        else:
            first, last = prose[0], prose[-1]
        end = self._end(blocks, first)
        last = max((index for index in prose if index < end), default=min(last, end - 1))
        head, body, tail = blocks[:first], blocks[first : last + 1], blocks[last + 1 :]
        self._sift_head(head, [block for block in body if block.kind == "heading"])
        for block in body:
            why = block.hint or (block.kind == "paragraph" and self._certain(block)) or ""
            if why:
                self._take(block, why)
            else:
                self.kept.append(block)
        self._sift_tail(tail)
        self._drop_note_heading()
        self.kept += notes
        self.facts = replace(self.facts, credits=MappingProxyType(self.credits))

    def _is_exclaimed_title(self, blocks: Sequence[Block], prose: Sequence[int]) -> bool:
        """Whether the first sentence is a title with a ！ or ？ at its end."""
        first = prose[0]
        text = blocks[first].text.strip()
        if self.facts.title:
            return same_words(text, self.facts.title) and len(prose) > 1
        if len(prose) < 2 or len(text) > 50 or text[-1] not in "！？!?" or "。" in text:
            return False
        if not all(self._is_around(block) for block in blocks[:first]):
            return False
        indented = sum(blocks[index].indented for index in prose) * 2 > len(prose)
        bylined = any(read_byline(block.text) for block in blocks[first + 1 : first + 3])
        return bylined or (indented and not blocks[first].indented)

    def _is_around(self, block: Block) -> bool:
        return bool(
            block.hint or junk_reason(block.text) or read_byline(block.text) or ENDS.match(fold(block.text))
        )

    @staticmethod
    def _certain(block: Block) -> str:
        """Why a line amid the prose is none of it: only what has no sentence and no other meaning."""
        if ends_in_stop(block.text) or len(block.text) > 40:
            return ""
        why = junk_reason(block.text)
        return why if why in ("share bar", "page control", "advertisement", "link to another page") else ""

    def _end(self, blocks: Sequence[Block], first: int) -> int:
        """The index of the block with which the end starts: related articles, comments."""
        for index in range(first + 1, len(blocks)):
            bare = fold(blocks[index].text.strip())
            if ENDS.match(bare) or REPLY.match(bare):
                behind = sum(len(block.text) for block in blocks[index:] if is_prose(block))
                before = sum(len(block.text) for block in blocks[first:index] if is_prose(block))
                if REPLY.match(bare) or before > behind / 2:
                    return index
        return len(blocks)

    def _sift_head(self, head: Sequence[Block], headings: Sequence[Block]) -> None:
        title = self.facts.title
        subtitle = ""
        found_title = False
        for index, block in enumerate(head):
            text = block.text.strip()
            bare = fold(text)
            why = block.hint or junk_reason(text)
            if not title and not why and not found_title and self._site_parts(text):
                title, publisher = self._site_parts(text) or ("", "")
                self._learn(Byline("", publisher, ()))
                found_title = True
                self._take(block, "title")
                continue
            byline = read_byline(text) if block.kind in ("paragraph", "table", "heading") else None
            is_title = bool(title) and same_words(text, title)
            if is_title or (
                not title
                and not why
                and not byline
                and 0 < len(text) <= TITLE_LENGTH
                and block.kind != "image"
                and not (text[0].isdigit() and len(text) < 4)
            ):
                if not found_title:
                    title = text if not title or len(text) >= len(title) else title
                found_title = True
                self._take(block, "title")
            elif FIRST_POST.match(bare):
                self._take(block, "forum controls")
            elif byline and not why:
                self._learn(byline)
                self._take(block, _byline_words(byline))
            elif why:
                if byline:
                    self._learn(byline)
                self._take(block, why)
            elif found_title and not subtitle and re.match(r"[—－–-]{1,2}\s*\S", text) and len(text) <= 40:
                subtitle = text.lstrip("—－–- ")
                self._take(block, "subtitle, joined to the title")
            elif found_title and not self.facts.author and not block.level and self._author_of(text):
                self.facts = replace(self.facts, author=self._author_of(text))
                self._take(block, "author")
            elif (
                not found_title
                and title
                and block.kind == "paragraph"
                and self._titled_later(head[index:], title)
            ):
                self._take(block, "before the title")
            else:
                self.kept.append(block)
        if not title and headings:
            title = headings[0].text
        if subtitle:
            title = f"{title}——{subtitle}"
        self.facts = replace(self.facts, title=" ".join(title.split()))

    @staticmethod
    def _titled_later(head: Sequence[Block], title: str) -> bool:
        return any(same_words(block.text, title) for block in head)

    @staticmethod
    def _site_parts(text: str) -> tuple[str, str] | None:
        """(title, name of the site) of a browser's title such as 题目--频道--网站."""
        title, site = strip_site(text)
        return (title, site) if site and len(title) <= TITLE_LENGTH else None

    @staticmethod
    def _author_of(text: str) -> tuple[str, ...]:
        bare = re.sub(r"\A(?:[○◎●■□◆◇\s]|[（(\[【〔][^）)\]】〕]{1,4}[）)\]】〕])+", "", text).strip()
        bare = re.sub(r"[\s\u3000]*[著撰作文]\Z", "", bare) if len(bare) > 4 else bare
        names = [bare] if len(re.sub(r"\s", "", bare)) <= 4 else re.split(r"[\s\u3000、]+", bare)
        names = [re.sub(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])", "", name) for name in names]
        return tuple(names) if names and len(names) <= 4 and all(map(is_name, names)) else ()

    def _sift_tail(self, tail: Sequence[Block]) -> None:
        over = ""  # why nothing of the article can follow
        role = ""
        for index, block in enumerate(tail):
            text = block.text.strip()
            why = block.hint or junk_reason(text)
            if (
                not why
                and len(text) <= NAME_LENGTH
                and any(_is_reply(other) for other in tail[index + 1 : index + 3])
            ):
                why = "replies"
            byline = read_byline(text) if not why else None
            if not why and _is_reply(block):
                why = "replies"
            elif not why and ENDS.match(fold(text)):
                why = "related articles or comments"
            if byline and (byline.credits or byline.publisher or (byline.date and self.credits)):
                self._learn(byline)
                self._take(block, _byline_words(byline))
                role = byline.credits[-1][0] if byline.credits and not over else ""
            elif role and not over and is_name(text):
                self.credits[role] += f"、{text}"
                self._take(block, f"{role}, credits")
            elif why:
                over = over or why
                self._take(block, why)
            elif over:
                self._take(block, f"after the end of the article ({over})")
            else:
                self.kept.append(block)
                role = ""

    def _drop_note_heading(self) -> None:
        """Takes the heading of the footnotes away, which stand at the end now."""
        if self.kept and NOTE_HEADING.match(fold(self.kept[-1].text.strip())):
            self._take(self.kept.pop(), "heading of the footnotes")

    def _learn(self, byline: Byline) -> None:
        facts = self.facts
        for role, names in byline.credits:
            if fold(role) == "作者":
                continue
            if role in self.credits and self.credits[role] != names:
                self.credits[role] += f"、{names}"
            self.credits.setdefault(role, names)
        publisher = facts.publisher
        if byline.source_role and not self.sourced:
            # A line 来源：… knows better than the name of the site.
            publisher, self.sourced = byline.publisher, True
        elif byline.source_role and byline.publisher != publisher:
            self.credits.setdefault(byline.source_role, byline.publisher)
        self.facts = replace(
            facts,
            date=facts.date or byline.date,
            publisher=publisher or byline.publisher,
            author=facts.author or byline.authors,
        )

    def _take(self, block: Block, why: str) -> None:
        self.taken.append(Taken(block.place, block.shown, why))


def _byline_words(byline: Byline) -> str:
    known = [
        *(["date"] if byline.date else []),
        *(["publisher"] if byline.publisher else []),
        *(["author"] if byline.authors else []),
        *(["credits"] if byline.credits else []),
    ]
    return f"byline: {', '.join(known)}"


def _is_reply(block: Block) -> bool:
    return bool(REPLY.match(fold(block.text.strip())))


def is_prose(block: Block) -> bool:
    """True for what the article certainly consists of."""
    if block.hint or block.link > 0.6 or block.kind in ("image", "footnote"):
        return False
    text = block.text.strip()
    if block.kind in ("verse", "table"):
        return not junk_reason(block.shown)
    if block.kind == "heading":
        return False
    if not (ends_in_stop(text) or len(text) >= PROSE_LENGTH):
        return False
    return not junk_reason(text) and not read_byline(text)


def strip_site(title: str) -> tuple[str, str]:
    """(title, the site's name) of a browser's title: 题目--频道--网站, 题目_网站, 题目 - 网站."""
    parts = re.split(
        r"\s*(?:--|__|_|\||｜)\s*|\s+[-–—]\s+|-(?=[^-—]{2,12}(?:网|報|报|站|社|平台|门户网站|維基百科|维基百科)\Z)",
        title.strip(),
    )
    parts = [part for part in parts if part]
    if len(parts) < 2 or len(parts[0]) < 2:
        return title.strip(), ""
    return parts[0], parts[-1]


def same_words(one: str, other: str) -> bool:
    """Whether two titles are the same, but for marks and spaces."""
    first, second = (re.sub(r"[\W_]", "", fold(text)) for text in (one, other))
    return bool(first) and first == second
