"""The checker of built sites sees every fault that it is there for, and no others."""

from __future__ import annotations

from pathlib import Path

import pytest
from sitecheck import check_site, visible_paragraphs

HEAD = '<meta charset="utf-8"><title>读本</title><link rel="stylesheet" href="style.css">'
SOUND = """\
<!DOCTYPE html>
<html lang="zh-Hans"><head><meta charset="utf-8"><title>读本</title>
<link rel="canonical" href="https://example.org/reader/index.html">
<link rel="alternate" hreflang="zh-Hant" href="https://example.org/reader/b/page.html">
<link rel="alternate" type="application/atom+xml" href="feed.xml">
<link rel="stylesheet" href="style.css"><script src="reader.js" defer></script>
<script type="application/ld+json">{"@type": "Book", "name": "a < b"}</script></head>
<body><main><h1 id="title">标题</h1>
<p id="p1">一<br>二<img src="a%20b.png" alt=""><a href="b/page.html#%E5%9B%9B" aria-describedby="d">三</a>
<ul><li>甲<li><p>乙</ul>
<dl><div><dt>词<dd id="d">释义</div></dl>
<table id="p2"><thead><tr><th>年<th>数<tbody><tr><td>一<td>二</table>
<svg width="4" height="4"><title>图</title><path d="M0 0h4"/><g><circle r="1"/></g></svg>
<ruby>字<rt>zì</ruby><form action="search.html"><label for="q">找</label><input id="q"></form>
<a href="#title">上</a> <a href="https://example.org/elsewhere">外</a> <a href="mailto:a@example.org">信</a>
<svg><use href="icons.svg#star"/></svg>
</main></body></html>
"""

BASE = "https://example.org/reader/"
BESIDE = {
    "feed.xml": f"""<feed xmlns="http://www.w3.org/2005/Atom"><id>{BASE}feed.xml</id>
        <link href="{BASE}index.html"/><entry><id>{BASE}b/page.html#四</id></entry></feed>""",
    "sitemap.xml": f"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
        xmlns:x="http://www.w3.org/1999/xhtml">
        <url><loc>{BASE}</loc><x:link hreflang="en" href="{BASE}b/page.html"/></url></urlset>""",
    "app.webmanifest": """{"start_url": "index.html", "icons": [{"src": "a%20b.png"}], "name": "src"}""",
    "robots.txt": f"User-agent: *\n\nSitemap: {BASE}sitemap.xml\n",
}


def write_site(folder: Path, **pages: str) -> Path:
    """A site with the files that the tests' pages name, and these pages."""
    (folder / "b").mkdir()
    for name in ("style.css", "reader.js", "a b.png"):
        (folder / name).write_text("")
    for name, text in BESIDE.items():
        (folder / name).write_text(text)
    (folder / "icons.svg").write_text('<svg><symbol id="star"/></svg>')
    (folder / "search.html").write_text(document("<h1>搜索</h1>"))
    other = document('<h1>另一页</h1><p id="四">四</p><a href="../index.html">回</a>').replace(
        "style.css", "../style.css"
    )
    (folder / "b/page.html").write_text(other)
    for name, html in pages.items():
        (folder / f"{name}.html").write_text(html)
    return folder


def document(body: str, head: str = HEAD) -> str:
    return f'<!DOCTYPE html><html lang="zh-Hans"><head>{head}</head><body>{body}</body></html>'


def test_a_sound_site_has_no_problem(tmp_path: Path):
    assert check_site(write_site(tmp_path, index=SOUND), "https://example.org/reader") == []


FAULTS_OF_BODIES = {
    "a missing file": ('<a href="c.html">x</a>', "leads to no file"),
    "a missing picture": ('<img src="c.png" alt="">', "leads to no file"),
    "a missing picture among several": ('<img srcset="a%20b.png 1x, c.png 2x" alt="">', "leads to no file"),
    "another case": ('<a href="B/page.html">x</a>', "leads to no file"),
    "a folder": ('<a href="b/">x</a>', "is a folder"),
    "a folder without slash": ('<a href="b">x</a>', "is a folder"),
    "the way out": ('<a href="../index.html">x</a>', "leads out of the site"),
    "an encoded way out": ('<a href="%2e%2e/index.html">x</a>', "leads out of the site"),
    "a missing fragment": ('<a href="#p9">x</a>', "leads to no id 'p9'"),
    "a missing fragment elsewhere": ('<a href="b/page.html#p9">x</a>', "leads to no id 'p9'"),
    "a missing symbol": ('<svg><use href="icons.svg#sun"/></svg>', "leads to no id 'sun'"),
    "a fragment of a style sheet": ('<a href="style.css#x">x</a>', "leads to no page"),
    "an empty fragment": ('<a href="#">x</a>', "empty fragment"),
    "an empty link": ('<a href="">x</a>', "is empty"),
    "an absolute path": ('<a href="/index.html">x</a>', "absolute path"),
    "a backslash": ('<a href="b\\page.html">x</a>', "backslash"),
    "a file address": ('<a href="file:///etc/hosts">x</a>', "not allowed: file:"),
    "a drive": ('<a href="C:/site/index.html">x</a>', "not allowed: C:"),
    "a host without scheme": ('<a href="//example.org/">x</a>', "has no scheme"),
    "a scheme without host": ('<a href="https:page.html">x</a>', "has no host"),
    "a script address": ('<a href="javascript:alert(1)">x</a>', "not allowed: javascript:"),
    "a hidden script address": ('<a href=" &#1;java&#9;script:alert(1)">x</a>', "not allowed: javascript:"),
    "a script address in a form": ('<form action="javascript:x"></form>', "not allowed: javascript:"),
    "a data address": ('<img src="data:image/png;base64,AA" alt="">', "not allowed: data:"),
    "a picture from elsewhere": ('<img src="https://example.org/a.png" alt="">', "fetched from elsewhere"),
    "a double id": ('<p id="p1">x</p><p id="p1">y</p>', "id 'p1' stands 2 times"),
    "an empty id": ('<p id="">x</p>', "unsound id"),
    "an id with a space": ('<p id="a b">x</p>', "unsound id"),
    "a style attribute": ('<p style="color: red">x</p>', "style attribute"),
    "an event attribute": ('<p onclick="x()">x</p>', "event attribute onclick"),
    "an event attribute of a picture": ('<img src="a%20b.png" alt="" ONERROR=x()>', "attribute onerror"),
    "an inline script": ("<script>x()</script>", "inline <script>"),
    "an inline module": ('<script type="module">x()</script>', "inline <script>"),
    "data that are not JSON": ('<script type="application/ld+json">{"a": }</script>', "is not JSON"),
    "a style element": ("<style>p {}</style>", "<style> stands"),
    "a base": ('<base href="b/">', "<base> stands"),
    "a frame": ('<iframe src="b/page.html"></iframe>', "<iframe> stands"),
    "a picture without words": ('<img src="a%20b.png">', "no alt"),
    "an attribute twice": ('<p id="a" id="b">x</p>', "has id 2 times"),
    "a description that is not there": ('<a href="index.html" aria-describedby="d e">x</a>', "names 'd'"),
    "a label that is not there": ('<div aria-labelledby="l"></div>', "names 'l'"),
    "a label for nothing": ('<label for="q">x</label>', "names 'q'"),
    "an empty reference": ('<div aria-labelledby=""></div>', "empty aria-labelledby"),
    "a second h1": ("<h1>x</h1>", "2 <h1>"),
    "an unsound lang": ('<p lang="zh_Hans">x</p>', "unsound lang"),
    "a canonical link without host": ('<link rel="canonical" href="index.html">', "not an absolute address"),
    "an alternate without host": ('<link rel=alternate hreflang=en href="index.html">', "not an absolute"),
    "a preview without host": ('<meta property="og:url" content="index.html">', "not an absolute address"),
    "a refresh to nowhere": ('<meta http-equiv="refresh" content="0; url=c.html">', "leads to no file"),
    "an open element": ("<div><p>x</p>", "</body> comes before </div>"),
    "an open span": ("<p><span>x</p>", "</p> comes before </span>"),
    "crossed elements": ("<p><em><strong>x</em></strong></p>", "</em> comes before </strong>"),
    "an end without start": ("<p>x</p></span>", "</span> closes nothing"),
    "an end of a void element": ("<p>x</br></p>", "</br> closes an element that has no end"),
    "a block in a paragraph": ("<p>x<ul><li>y</ul></p>", "</p> closes nothing"),
    "a block in emphasis": ("<p><em>x<div>y</div></em></p>", "<div> stands inside <em>"),
    "a paragraph in a heading": ("<h2>x<p>y</p></h2>", "<p> stands inside <h2>"),
    "a link in a link": ('<a href="#t">x<a href="#t">y</a></a><i id="t"></i>', "<a> stands inside <a>"),
    "a button in a link": (
        '<a href="#t">x<button>y</button></a><i id="t"></i>',
        "<button> stands inside <a>",
    ),
    "an item without list": ("<div><li>x</li></div>", "<li> stands outside a list"),
    "a self-closed element": ("<div/><p>x</p>", "does not close itself"),
}


@pytest.mark.parametrize(("body", "problem"), FAULTS_OF_BODIES.values(), ids=FAULTS_OF_BODIES.keys())
def test_a_fault_in_the_body_is_seen(tmp_path: Path, body: str, problem: str):
    found = check_site(write_site(tmp_path, index=document(f"<h1>标题</h1>{body}")))
    assert any(problem in line and line.startswith("index.html") for line in found), found


FAULTS_OF_PAGES = {
    "no h1": (document("<p>x</p>"), "0 <h1>"),
    "no lang": (document("<h1>x</h1>").replace(' lang="zh-Hans"', ""), "no sound lang"),
    "an empty lang": (document("<h1>x</h1>").replace("zh-Hans", ""), "no sound lang"),
    "no title": (document("<h1>x</h1>", '<meta charset="utf-8">'), "no <title>"),
    "an element open at the end": ("<!DOCTYPE html><body><h1>x</h1><div><p>", "<div> is never closed"),
    "no doctype": (document("<h1>x</h1>").removeprefix("<!DOCTYPE html>"), "no <!DOCTYPE html>"),
    "no style sheet": (document("<h1>x</h1>", HEAD.replace("style", "other")), "leads to no file"),
}


@pytest.mark.parametrize(("page", "problem"), FAULTS_OF_PAGES.values(), ids=FAULTS_OF_PAGES.keys())
def test_a_fault_of_the_page_is_seen(tmp_path: Path, page: str, problem: str):
    found = check_site(write_site(tmp_path, index=page))
    assert [line for line in found if problem in line], found


def test_a_page_that_is_not_utf8_is_seen(tmp_path: Path):
    (write_site(tmp_path, index=SOUND) / "old.html").write_bytes("读本".encode("gb18030"))
    assert [line for line in check_site(tmp_path) if line.startswith("old.html: not UTF-8")]


def test_an_own_address_must_be_a_file_of_the_site(tmp_path: Path):
    page = SOUND.replace("reader/b/page.html", "reader/b/none.html")
    (problem,) = check_site(write_site(tmp_path, index=page), "https://example.org/reader/")
    assert "none.html" in problem
    assert "leads to no file" in problem


@pytest.mark.parametrize(
    ("name", "right", "wrong", "problem"),
    [
        ("feed.xml", "index.html", "none.html", "leads to no file"),
        ("feed.xml", "#四", "#五", "leads to no id"),
        ("feed.xml", "</feed>", "", "cannot be read"),
        ("sitemap.xml", "reader/<", "reader/none.html<", "leads to no file"),
        ("sitemap.xml", "page.html", "none.html", "leads to no file"),
        ("app.webmanifest", "index.html", "none.html", "leads to no file"),
        ("app.webmanifest", "a%20b.png", "https://elsewhere.example/b.png", "is fetched from elsewhere"),
        ("app.webmanifest", "}]", "]", "cannot be read"),
        ("robots.txt", "sitemap.xml", "sitemaps.xml", "leads to no file"),
    ],
)
def test_a_wrong_address_beside_the_pages_is_seen(
    tmp_path: Path, name: str, right: str, wrong: str, problem: str
):
    folder = write_site(tmp_path, index=SOUND)
    text = (folder / name).read_text()
    assert right in text
    (folder / name).write_text(text.replace(right, wrong, 1))
    (found,) = check_site(folder, BASE)
    assert found.startswith(f"{name}: ")
    assert problem in found


def test_a_folder_without_pages_is_a_problem(tmp_path: Path):
    assert check_site(tmp_path) == [f"{tmp_path.name}: no HTML file"]


def test_problems_name_their_file_and_line(tmp_path: Path):
    page = document('<h1>标题</h1>\n<p>x</p>\n<p><a href="c.html">y</a></p>')
    assert check_site(write_site(tmp_path, index=page)) == [
        "index.html:3: href='c.html' of <a> leads to no file"
    ]


def test_the_visible_text_is_what_a_reader_sees():
    html = document(
        '<header><h1 id="title">\n  标题  \n</h1></header>'
        '<p id="p1"><a class="num" href="#p1">1</a>他<em>说</em>：'
        '<a class="term first" href="x.html">新词</a>'
        '<span class="noted" data-note="n1">好</span><a class="noteref" href="#n-n1">1</a>&amp;</p>'
        '<p class="verse" id="p2">上句<br>下句<a class="fnref" href="#p20">2</a></p>'
        '<p id="p3"><ruby>字<rp>(</rp><rt>zì<rp>)</rp></ruby>后<img src="a.png" alt="图">　</p>'
        '<table id="p4"><tr><td id="p4.1.1">甲</td><td id="p4.1.2"><em>乙</em></td></tr></table>'
        '<a class="was" id="p9"></a><p>没有号</p><p id="p5x">不是段落</p>'
        '<ol><li id="p20">脚注<a class="fnback" href="#f-1">↩</a></li></ol>'
    )
    assert visible_paragraphs(html) == {
        "title": "标题",
        "p1": "他说：新词好&",
        "p2": "上句\n下句",
        "p3": "字后　",
        "p4": "甲乙",
        "p4.1.1": "甲",
        "p4.1.2": "乙",
        "p20": "脚注",
    }
