"""A saved page → blocks: where its article is, and what its head says of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from lxml import etree, html

from duben.desk.importing.bylines import fold, read_byline
from duben.desk.importing.decoding import Decoded
from duben.desk.importing.manuscript import Block, Manuscript, Refused
from duben.desk.importing.page_blocks import PageReader, text_of
from duben.desk.importing.page_head import page_facts, title_of_page
from duben.desk.importing.page_notes import NoteIndex
from duben.desk.importing.pictures import Album
from duben.desk.importing.sifting import is_prose, junk_reason, same_words
from duben.model import Location

#: Deeper than this nobody nests by hand.
MAX_DEPTH = 250
#: Names by which content management systems, and the standards, call the body of an article.
BODIES = (
    '//*[@itemprop="articleBody"]',
    *(
        f'//*[@id="{id}"]'
        for id in "js_content UCAP-CONTENT detailContent artibody zoom Zoom vsb_content".split()
    ),
    *(
        f'//*[contains(@class, "{name}")]'
        for name in "TRS_Editor rm_txt_con mw-parser-output entry-content post_body".split()
    ),
    "//article",
    '//*[@role="main"]',
    "//main",
)
#: Words of classes and ids, and what they say of an element.
NAMES: Mapping[str, str] = {
    word: why
    for why, words in {
        "comments": "comment comments reply replies disqus pinglun liuyan respond",
        "share bar": "share sharing social bdshare jiathis sns qrcode erweima weixin sharebar fenxiang",
        "related articles": """
            related relate recommend recommends xiangguan tuijian hot hotnews rank ranking paihang popular
            guess more relnews similar
            """,
        "breadcrumb": "breadcrumb breadcrumbs crumb crumbs weizhi mbx bread",
        "navigation": "nav navi navbar navigation menu menus topbar sitemap navbox catlinks skip channel",
        "footer": "footer foot copyright banquan bottom siteinfo printfooter",
        "side column": "sidebar side aside rightbar",
        "advertisement": "ad ads adv advert advertisement gg guanggao banner sponsor promo",
        "links to other pages": "pager pagination pagenav fenye prevnext",
        "page control": "login subscribe popup modal cookie fontsize zihao toolbar tools editsection noprint",
        "table of contents": "toc mulu catalog",
        "infobox": "infobox ambox",
    }.items()
    for word in words.split()
}
TAGS = {"nav": "navigation", "aside": "side column", "footer": "footer"}
#: A byline stands no farther than so many blocks from the article.
NEAR = 12


def parse(text: str) -> Any:
    """The tree of a page, however malformed. Raises Refused for one that nobody wrote."""
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_pis=True, no_network=True)
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise Refused(
            "import-empty", "no text was found in this page", "look at it with a text editor"
        ) from None
    depth = deepest = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
        if deepest > MAX_DEPTH:
            raise Refused(
                "import-unreadable",
                f"more than {MAX_DEPTH} elements of this page stand inside one another",
                "copy its text, and import that",
            )
    return root


def read_page(decoded: Decoded, name: str, album: Album) -> Manuscript:
    """The blocks of a page, those outside its article with a hint that they are."""
    root = parse(decoded.text)
    facts = page_facts(root, decoded.text)
    total = _weight(text_of(root))

    def hint_of(element: Any) -> str:
        why = _name_hint(element)
        # A name on what holds much of the text says nothing; comments may well be long.
        share = 2 if why == "comments" else 4
        return why if why and _weight(text_of(element)) * share <= total else ""

    reader = PageReader(name, album.take, NoteIndex.of([("", root)]), hint_of, _placer(name), base=facts.url)
    # All of it: without tags of its own, a body may stand in the head.
    reader.read(root)
    blocks = _article(reader.blocks, root)
    facts = replace(facts, title=_title(facts.title, root, blocks))
    return Manuscript(
        name,
        (*blocks, *reader.noted_blocks()),
        facts,
        decoded.taken,
        dict(album.pictures),
        read_as=f"HTML, {decoded.encoding}",
    )


def _placer(name: str) -> Callable[[Any], Location]:
    return lambda element: Location(name, element.sourceline or 1, 1)


def _weight(text: str) -> int:
    """How much prose a text holds: by its marks, as titles and menus have none."""
    return len(re.findall(r"[，。！？；：、,.]", text)) + len(text) // 80


def _name_hint(element: Any) -> str:
    tag = element.tag.lower()
    if tag in ("html", "body", "article", "main", "p", "h1"):
        return ""
    if tag in TAGS:
        return TAGS[tag]
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", names):
        if word.lower() in NAMES:
            return NAMES[word.lower()]
    return ""


def _article(found: Sequence[tuple[Block, Any]], root: Any) -> list[Block]:
    """The blocks in order, those outside the article with a hint."""
    weights: dict[Any, float] = {}
    for block, element in found:
        if block.hint or block.link > 0.5:
            continue
        weight = _weight(block.shown) + (10 if is_prose(block) else 0)
        for above in (element, *element.iterancestors()):
            weights[above] = weights.get(above, 0) + weight
    container = _container(weights, root)
    inside = [
        any(above is container for above in (element, *element.iterancestors())) for _, element in found
    ]
    if not any(inside):
        return [block for block, _ in found]
    first, last = inside.index(True), len(inside) - 1 - inside[::-1].index(True)
    blocks = []
    for index, (block, _) in enumerate(found):
        near = first - NEAR <= index < first or last < index <= last + NEAR
        if inside[index] or (near and block.hint in ("", "page control") and read_byline(block.text)):
            blocks.append(block)
        else:
            blocks.append(
                replace(block, hint=block.hint or junk_reason(block.shown) or "outside the article")
            )
    return blocks


def _container(weights: Mapping[Any, float], root: Any) -> Any:
    total = weights.get(root, 0)
    for path in BODIES:
        candidates = [element for element in root.xpath(path) if weights.get(element, 0) >= 0.6 * total > 0]
        if candidates:
            return max(candidates, key=lambda element: weights[element])
    current = root
    while True:
        below = [child for child in current if weights.get(child, 0) >= 0.8 * weights.get(current, 0) > 0]
        if not below or not _holds_several(below[0], weights):
            return current
        current = below[0]


def _holds_several(element: Any, weights: Mapping[Any, float]) -> bool:
    """Whether an element holds elements with prose of their own: it is more than a paragraph."""
    return any(child in weights for child in element.iterdescendants())


def _title(title: str, root: Any, blocks: Sequence[Block]) -> str:
    """The article's title: of the headings the one that the page's head repeats, else what the head says."""
    browser_title = fold(title_of_page(root))
    headings = [text_of(element) for level in ("h1", "h2") for element in root.iter(level)]
    said = next((heading for heading in headings if same_words(heading, title)), "")
    # Of a heading that the browser's title holds, the site's name is none.
    long = max(4, len(title) // 2)
    held = next((h for h in headings if long <= len(h) <= 100 and fold(h) in browser_title), "")
    if said or held:
        return said or held
    if not title or not any(same_words(block.text, title) for block in blocks):
        own = [
            heading
            for heading in (text_of(element) for element in root.iter("h1"))
            if 2 <= len(heading) <= 100
        ]
        if len(own) == 1 and (not title or len(title) < 4):
            return own[0]
    return title
