"""`duben import` of saved pages, DOCX and EPUB: the article and its structure, and nothing else."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from importing import PNG, Desk, chapter, docx, epub, paragraph_of, run_of

FIRST = "天还没有全亮，巷口的早市已经热闹起来了。卖豆浆的老人支起炉子，旁边的面摊也冒出了热气。"
SECOND = "他说，他只卖两样东西：豆浆和油条。油条要现炸的，凉了就不好吃了。"
THIRD = "九点一过，摊子一个个收起来，巷子又干净了，好像什么也没有发生过。"
PROSE = [FIRST, SECOND, THIRD]


@pytest.fixture
def desk(tmp_path: Path, run_duben: Callable) -> Desk:
    return Desk(tmp_path, run_duben)


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>\n" for text in texts)


NEWS = f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>早市为什么热闹-生活-江畔网</title></head><body>
<div class="topNav"><a href="/">首页</a><a href="/l">生活</a><a href="/login">登录</a></div>
<div class="path">您的位置：<a>首页</a> &gt; <a>生活</a> &gt; 正文</div>
<div class="wrap"><div class="left">
<h1>早市为什么热闹</h1>
<div class="info">2024年05月06日07:30 | 来源：<a href="/jp">江畔晚报</a> | 作者：林小满
 <span>字号：<a>大</a><a>中</a><a>小</a></span></div>
<div class="bdsharebuttonbox">分享到：<a>微信</a><a>微博</a></div>
<div class="con">
<p>　　{FIRST}</p>
<p>　　{SECOND}</p>
<div class="ad"><p>本店豆浆今日打折，欢迎光临，买一送一，先到先得。</p></div>
<p>　　{THIRD}</p>
<p style="text-align:right">（责任编辑：何清、罗峰）</p>
</div>
<div class="pager"><a>上一页</a> 1 2 <a>下一页</a></div>
<h3>相关新闻</h3><ul><li><a href="/1">河边的夜市也要搬家了</a></li>
<li><a href="/2">面摊的价钱涨了</a></li></ul>
<div id="comments"><p>网友甲：写得真好，我每天都去那里买菜，认识好多人。</p></div>
</div><div class="sidebar"><h3>热门</h3><a>别的新闻</a></div></div>
<div class="footer">关于我们 | 联系我们 | 版权所有 江畔网 京ICP备00000000号</div></body></html>
"""


def test_of_a_news_page_the_article_is_left(desk: Desk) -> None:
    found = desk.take("a.html", NEWS)
    assert found.words == PROSE
    metadata = found.text.metadata
    assert found.text.title.text == "早市为什么热闹"
    assert (metadata.date, metadata.publisher, metadata.author) == ("2024-05-06", "江畔晚报", ("林小满",))
    assert found.credits == {"责任编辑": "何清、罗峰"}
    for words, why in {
        "登录": "navigation",
        "正文": "breadcrumb",
        "打折": "advertisement",
        "夜市": "outside the article",
        "网友甲": "comments",
        "上一页": "links to other pages",
        "别的新闻": "side column",
        "京ICP": "footer",
    }.items():
        assert found.why(words) == why, words


@pytest.mark.parametrize(
    ("encoding", "declared"), [("gb18030", "utf-8"), ("gb18030", "big5"), ("utf-8", "gb2312")]
)
def test_what_a_page_says_of_its_encoding_is_not_believed(encoding: str, declared: str, desk: Desk) -> None:
    page = NEWS.replace('charset="utf-8"', f'charset="{declared}"')
    assert desk.take("a.html", page.encode(encoding)).words == PROSE


def test_a_page_in_big5_is_read(desk: Desk) -> None:
    words = "天還沒有全亮，巷口的早市已經熱鬧起來了，旁邊的麵攤也冒出了熱氣，賣豆漿的老人說他只賣兩樣東西。"
    page = f'<html><meta charset="big5"><title>早市</title><body><h1>早市</h1><p>{words}</p></body></html>'
    found = desk.take("a.htm", page.encode("big5"))
    assert (found.words, found.text.variant) == ([words], "zh-Hant-TW")


def test_a_page_as_of_wechat(desk: Desk) -> None:
    spans = "".join(
        f'<section><p style="text-indent:2em"><span style="font-size:16px">{text}</span></p></section>'
        for text in PROSE
    )
    page = f"""<!DOCTYPE html><html><head><meta property="og:title" content="早市">
<meta property="og:article:author" content="林小满"><meta property="og:url" content="http://example.org/s/1"></head><body>
<h1 class="rich_media_title" id="activity-name">早市</h1>
<div id="meta_content"><span class="rich_media_meta">原创</span> <span>林小满</span>
<a id="js_name">江畔晚报</a>
<em id="publish_time">2024-05-06 07:30</em></div>
<div class="rich_media_content" id="js_content" style="visibility: hidden;"><p>点击上方蓝字关注我们</p>{spans}
<p><img data-src="https://example.org/a.jpg"></p><p>END</p></div>
<div id="js_pc_qr_code"><p>微信扫一扫关注该公众号</p></div></body></html>"""
    found = desk.take("a.html", page)
    assert found.words[:3] == PROSE
    assert found.text.metadata.url == "http://example.org/s/1"
    assert found.text.metadata.date == "2024-05-06"
    assert found.why("蓝字") == "share bar"
    assert found.why("a.jpg") == "picture that is not at hand"


def test_of_a_forum_the_first_post_is_left(desk: Desk) -> None:
    page = f"""<html><head><title>早市 - 河边论坛</title></head><body>
<div id="hd"><a>登录</a> <a>注册</a></div>
<div class="t"><h1>早市</h1></div>
<table class="p"><tr><td>林小满</td><td><div>楼主</div><div>发表于 2024-5-6 07:30</div>
<div class="c">{FIRST}<br><br>{SECOND}<br><br>{THIRD}</div></td></tr></table>
<table class="p"><tr><td>江水</td><td><div>沙发</div><div>发表于 2024-5-6 08:00</div>
<div class="c">写得真好，我每天都去那里买菜，认识好多人。</div></td></tr></table>
<table class="p"><tr><td>柳树</td><td><div>3楼</div><div>发表于 2024-5-6 09:00</div>
<div class="c">楼上说得对，我也去过，豆浆很好喝。</div></td></tr></table></body></html>"""
    found = desk.take("a.html", page)
    assert found.words == PROSE
    assert found.why("写得真好") != ""


def test_a_wiki_page_keeps_headings_tables_and_footnotes(desk: Desk) -> None:
    page = f"""<html><head><title>早市 - 维基百科</title></head><body><h1 id="firstHeading">早市</h1>
<div id="mw-content-text"><div class="mw-parser-output">
<table class="infobox"><tr><th>时间</th><td>清晨</td></tr><tr><th>地点</th><td>巷口</td></tr></table>
<p><b>早市</b>{FIRST}<sup class="reference" id="cite_ref-1"><a href="#cite_note-1">[1]</a></sup></p>
<div id="toc" class="toc"><ul><li><a href="#a">1 历史</a></li></ul></div>
<h2><span id="a">历史</span><span class="mw-editsection">[<a>编辑</a>]</span></h2>
<p>{SECOND}<sup class="reference" id="cite_ref-2"><a href="#cite_note-2">[2]</a></sup></p>
<table class="wikitable"><tr><th>货</th><th>价</th></tr><tr><td>豆浆</td><td>2</td></tr></table>
<h2>参考文献</h2>
<ol class="references"><li id="cite_note-1"><span class="mw-cite-backlink"><a href="#cite_ref-1">^</a></span>
<span class="reference-text">某志，第三页。</span></li>
<li id="cite_note-2"><a href="#cite_ref-2">^</a> 某报。</li></ol>
<div class="navbox"><a>集市</a> <a>夜市</a></div></div></div></body></html>"""
    found = desk.take("a.html", page)
    assert [(kind, text) for kind, text in found.shown if kind != "cell"] == [
        ("paragraph", f"早市{FIRST}"),
        ("heading", "历史"),
        ("paragraph", SECOND),
        ("table", ""),
        ("footnote", "某志，第三页。"),
        ("footnote", "某报。"),
    ]
    assert found.why("清晨") == "infobox"
    assert found.why("参考文献") == "heading of the footnotes"


def test_a_page_of_an_office(desk: Desk) -> None:
    page = f"""<html><head><title>关于早市的通知_某市人民政府</title>
<meta name="ArticleTitle" content="关于早市的通知"><meta name="PubDate" content="2024-05-06 07:30">
<meta name="ContentSource" content="市政府办公室"></head><body>
<div>当前位置： 首页&gt;政务公开&gt;通知公告</div><div class="article"><div class="title">关于早市的通知</div>
<div>发布时间：2024-05-06 07:30　信息来源：市政府办公室　浏览次数：12
【字体：<a>大</a> <a>中</a> <a>小</a>】</div>
<div id="zoom"><p>各区县：</p><p>　　{FIRST}</p><p>　　一、{SECOND}</p><p>　　{THIRD}</p>
<p style="text-align:right">市政府办公室</p><p style="text-align:right">2024年5月6日</p></div>
<div>【打印本页】【关闭窗口】</div></div></body></html>"""
    found = desk.take("a.html", page)
    assert found.words == ["各区县：", FIRST, f"一、{SECOND}", THIRD, "市政府办公室", "2024年5月6日"]
    assert found.text.metadata.publisher == "市政府办公室"
    assert found.text.title.text == "关于早市的通知"


def test_structure_of_html_is_kept(desk: Desk) -> None:
    page = f"""<title>早市</title><article><h1>早市</h1><p>{FIRST}<strong>豆浆</strong>和<em>油条</em>，
<a href="https://example.org/a b">坏</a><a href="https://example.org/(x)">好</a>。</p>
<ol start="3"><li>买菜<ul><li>青菜</li></ul></li><li>买米</li></ol>
<blockquote><p>{SECOND}</p></blockquote><hr><p>水流千里<br>终归大海</p>
<pre>一行\n  两行</pre><h3>尾声</h3><p>{THIRD}</p>
</article>"""
    found = desk.take("a.html", page)
    body = (desk.content / "texts" / "zaoshi" / "text.md").read_text("utf-8")
    assert "**豆浆**和*油条*，坏[好](<https://example.org/(x)>)。 {#p1}" in body
    assert "3) 买菜 {#p2}\n\n   * 青菜 {#p3}\n\n4) 买米 {#p4}" in body
    assert f"> {SECOND} {{#p5}}\n\n***\n\n水流千里\n终归大海 {{#p6 .verse}}" in body
    assert ("verse", "一行\n两行") in found.shown
    assert "### 尾声 {#p8}" in body


@pytest.mark.parametrize("joint", ["<br>", "<br/>\n<br/>　　"])
def test_paragraphs_divided_by_breaks(joint: str, desk: Desk) -> None:
    page = f"<html><title>早市</title><body><h1>早市</h1><div>　　{joint.join(PROSE)}</div></body></html>"
    assert desk.take("a.html", page).words == PROSE


def test_the_name_of_the_site_is_no_title(desk: Desk) -> None:
    page = f"""<html><head><title>早市的早晨-江畔晚报网</title></head><body>
<h1><a href="/">江畔晚报网</a></h1>
<div class="hot-article"><h2>早市的早晨</h2>{paragraphs(*PROSE)}</div></body></html>"""
    found = desk.take("a.html", page)
    assert (found.text.title.text, found.words) == ("早市的早晨", PROSE)


def test_malformed_html_is_read(desk: Desk) -> None:
    page = f"<title>早市<body><h1>早市</h2><div><p>{FIRST}<p>{SECOND}</div></div></span><p>{THIRD}<b>"
    found = desk.take("a.html", page.replace("<title>早市", "<title>早市</title>"))
    assert found.words == PROSE


def test_pictures_of_a_page_come_along_where_they_are_at_hand(desk: Desk) -> None:
    desk.put("a_files/早.png", PNG)
    desk.put("secret.png", b"\x89PNG\r\n\x1a\n secret")
    inline = base64.b64encode(PNG + b"2").decode()
    page = f"""<title>早市</title><article><h1>早市</h1><p>{FIRST}</p>
<p><img src="a_files/%E6%97%A9.png" alt="摊子"></p>
<p><img src="data:image/png;base64,{inline}" alt="炉子"></p>
<p><img src="../secret.png"></p><p><img src="file:///etc/passwd"></p><p>{THIRD}</p></article>"""
    (desk.folder / "web").mkdir()
    desk.put("web/a_files/早.png", PNG)
    found = desk.take("web/a.html", page)
    static = desk.content / "static" / "zaoshi"
    assert sorted(path.read_bytes() for path in static.iterdir()) == [PNG, PNG + b"2"]
    assert [kind for kind, _ in found.shown] == ["paragraph", "image", "image", "paragraph"]
    assert found.why("secret") == "picture that is not at hand"
    assert found.text.paragraphs[1].marks[0].alt == "摊子"


# --- DOCX ----------------------------------------------------------------------------------------


def test_a_docx_keeps_headings_emphasis_and_footnotes(desk: Desk) -> None:
    note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    data = docx(
        paragraph_of("早市", "T"),
        paragraph_of("林小满"),
        paragraph_of("清晨", "H2"),
        paragraph_of(run_of(FIRST) + run_of("豆浆", "<w:b/>") + run_of("很香。") + note),
        paragraph_of(SECOND, "Q"),
        paragraph_of(THIRD),
        footnotes={2: "这条巷子长约三百米。"},
    )
    found = desk.take("a.docx", data)
    body = (desk.content / "texts" / "zaoshi" / "text.md").read_text("utf-8")
    assert body == (
        f"## 清晨 {{#p1}}\n\n{FIRST}**豆浆**很香。[^1] {{#p2}}\n\n> {SECOND} {{#p3}}\n\n{THIRD} {{#p4}}\n\n"
        "[^1]: 这条巷子长约三百米。 {#p5}\n"
    )
    assert (found.text.title.text, found.text.metadata.author) == ("早市", ("林小满",))


def test_headers_of_a_docx_are_told(desk: Desk) -> None:
    header = (
        '<w:hdr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        "<w:p><w:r><w:t>江畔晚报社稿纸</w:t></w:r></w:p></w:hdr>"
    )
    data = docx(paragraph_of("早市", "T"), *map(paragraph_of, PROSE), **{"word__header1.xml": header})
    found = desk.take("a.docx", data)
    assert found.words == PROSE
    assert found.why("稿纸") == "header of the pages"


# --- EPUB ----------------------------------------------------------------------------------------

BOOK = {
    "cover.xhtml": chapter("封面", '<p><img src="cover.jpg" alt="封面"/></p>'),
    "nav.xhtml": chapter(
        "目录", '<nav epub:type="toc"><ol><li><a href="t/1.xhtml">第一章 渡口</a></li></ol></nav>'
    ),
    "t/1.xhtml": chapter(
        "河边旧事",
        f'<h1>第一章 渡口</h1><p>{FIRST}<a epub:type="noteref" href="notes.xhtml#n1">[1]</a></p>'
        f"<p>{SECOND}</p>"
        '<p><img src="boat.png" alt="船"/></p>',
    ),
    "t/2.xhtml": chapter("河边旧事", f"<h1>第二章 桥</h1><p>{THIRD}</p><p>{SECOND}</p>"),
    "t/notes.xhtml": chapter(
        "注释",
        '<h1>注释</h1><aside epub:type="footnote" id="n1">'
        '<p><a href="1.xhtml">1</a> 老周名大水。</p></aside>',
    ),
}


def test_an_epub_is_a_text_for_each_chapter(desk: Desk) -> None:
    found = desk.take("a.epub", epub(BOOK, {"OEBPS/t/boat.png": PNG}))
    first, second = found.texts["hebian-jiushi-3"], found.texts["hebian-jiushi-4"]
    assert [text.title.text for text in (first, second)] == ["第一章 渡口", "第二章 桥"]
    assert [(text.metadata.series, text.order) for text in (first, second)] == [
        ("河边旧事", 3),
        ("河边旧事", 4),
    ]
    assert [paragraph.kind for paragraph in first.paragraphs] == [
        "paragraph",
        "paragraph",
        "image",
        "footnote",
    ]
    assert first.paragraphs[-1].text == "老周名大水。"
    assert (desk.content / "static" / "hebian-jiushi-3" / "boat.png").read_bytes() == PNG
    assert found.why("目录") == "" and found.why("第一章 渡口") != ""
    assert "a.epub/OEBPS/nav.xhtml: 第一章 渡口  [table of contents (document 2)]" in found.run.stdout


def test_chapters_are_chosen_by_their_numbers(desk: Desk) -> None:
    found = desk.take("a.epub", epub(BOOK), "--chapters", "4", "--slug", "qiao")
    assert found.texts.keys() == {"qiao"}
    run = desk.run("a.epub", "--chapters", "9")
    assert (run.status, "has no document 9: it has 5" in run.stderr) == (1, True)


def test_a_book_of_one_chapter_is_a_text_of_its_own(desk: Desk) -> None:
    found = desk.take("a.epub", epub({"1.xhtml": BOOK["t/2.xhtml"]}))
    assert (found.text.slug, found.text.metadata.series) == ("hebian-jiushi", "")


def test_packed_data_that_is_broken_is_told_in_a_line(desk: Desk) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("META-INF/container.xml", "<container/>" * 40)
    data = bytearray(packed.getvalue())
    start = data.index(b"container.xml") + len("container.xml")
    data[start + 4] = 0xFF  # how it is packed
    desk.put("a.epub", bytes(data))
    run = desk.run("a.epub")
    assert run.status == 1
    assert run.stderr.startswith("a.epub: error: this archive is broken [import-unreadable]\n")


def test_a_short_poem_is_a_chapter_and_what_is_left_out_of_a_book_is_warned_of(desk: Desk) -> None:
    book = {
        "t.xhtml": chapter("书", "<h1>河边旧事</h1><p>林小满 著</p><p>江畔出版社</p>"),
        "part.xhtml": chapter("部", "<h1>第一部</h1>"),
        "1.xhtml": chapter("渡口", "<h2>渡口</h2><p>船在等人</p><p>人在等风</p>"),
        "2.xhtml": chapter("", "<p>早上的桥上没有人，只有一只猫走过去。</p>"),
        "links.xhtml": chapter("又见", "<h2>又见</h2><p><a href='1.xhtml'>渡口</a></p>"),
        "c.xhtml": chapter("", "<h2>说明</h2><p>版权所有，翻印必究。</p>"),
    }
    found = desk.take("a.epub", epub(book))
    assert found.texts.keys() == {"hebian-jiushi-3", "hebian-jiushi-4"}
    assert [paragraph.text for paragraph in found.texts["hebian-jiushi-3"].paragraphs][-2:] == [
        "船在等人",
        "人在等风",
    ]
    assert "left out as no text of the book: document 1, 2, 5, 6 of 6" in found.run.stderr


def test_a_book_that_does_not_say_where_its_contents_are_is_told(desk: Desk) -> None:
    desk.put("a.epub", epub({}, {"META-INF/container.xml": "<container/>"}))
    run = desk.run("a.epub")
    assert run.stderr.startswith("a.epub: error: this book does not say where its contents are [")


def test_a_document_of_tables_within_tables_is_told_in_plain_words(desk: Desk) -> None:
    cell = paragraph_of("里")
    for _ in range(80):
        cell = f"<w:tbl><w:tr><w:tc>{cell}<w:p/></w:tc></w:tr></w:tbl>"
    desk.put("a.docx", docx(paragraph_of(FIRST), cell))
    run = desk.run("a.docx")
    assert run.status == 1
    assert "too deeply to be read [import-unreadable]" in run.stderr


def test_no_file_s_name_is_told(desk: Desk) -> None:
    run = desk.run("")
    assert run.stderr.startswith("'': error: this is no file's name [file-missing]\n")
