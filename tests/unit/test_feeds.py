"""What stands beside the pages: sitemap, robots.txt, feeds, the page for wrong addresses, and heads."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from itertools import chain
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pytest
from conftest import Run
from sitecheck import check_site

from duben.publish.feeds import list_sitemaps, moment, write_feed
from duben.publish.views import Frame, Item, Meta

BASE = "https://example.org/reader/"
NAMES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "x": "http://www.w3.org/1999/xhtml",
    "a": "http://www.w3.org/2005/Atom",
}
VARIANTS = ("zh-Hans", "zh-Hant", "zh-Hant-TW", "zh-Hant-HK")
BESIDE = ("404.html", "robots.txt", "sitemap.xml", "zh-hans/feed.xml")

EDITION = {
    "edition.yaml": "title: 东北读本\nrights: 保留权利\neditors: [编辑部]\n",
    "glossary/all.yaml": "- {id: laba, term: 腊八}\n",
    "texts/old/text.md": "腊八。 {#p1}\n",
    "texts/old/text.yaml": 'title: 旧与"新"<&>\ndate: 1936\nauthor: [萧红, 后人]\nsummary: 头发 & 发展\n',
    "texts/new/text.md": "腊八。 {#p1}\n",
    "texts/new/text.yaml": "title: 新\ndate: 2001-02\nrevised: 2026-03-05\npicture: static/图 1.svg\n",
    "texts/undated/text.md": "腊八。 {#p1}\n",
    "texts/undated/text.yaml": "title: 无日期\n",
    "texts/hidden/text.md": "腊八。 {#p1}\n",
    "texts/hidden/text.yaml": "title: 不收\ndate: 2026-05\nrepublish: false\n",
    "static/图 1.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
}


class Site(NamedTuple):
    """A built edition."""

    folder: Path
    run: Run

    def read(self, path: str) -> str:
        return (self.folder / path).read_text("utf-8")

    def xml(self, path: str) -> ElementTree.Element:
        return ElementTree.fromstring((self.folder / path).read_bytes())

    def ld(self, path: str) -> dict:
        found = re.search(r'<script type="application/ld\+json">(.*?)</script>', self.read(path))
        assert found
        return json.loads(found[1])


Build = Callable[..., Site]


@pytest.fixture
def build(tmp_path: Path, write_edition: Callable, run_duben: Callable[..., Run]) -> Build:
    """`build({"edition.yaml": …}, "--option")` → Site: the edition above, with these files, at BASE."""

    def make(files: Mapping[str, str] | None = None, *options: str, base_url: str = BASE) -> Site:
        write_edition(tmp_path / "content", {**EDITION, **(files or {})})
        address = ("--base-url", base_url) if base_url else ()
        run = run_duben("build", *address, *options, cwd=tmp_path)
        assert run.status == 0, run.stderr
        assert check_site(tmp_path / "site", base_url) == []
        return Site(tmp_path / "site", run)

    return make


def text_of(element: ElementTree.Element, path: str) -> str | None:
    return element.findtext(path, namespaces=NAMES)


def addresses(sitemap: ElementTree.Element) -> list[str | None]:
    return [text_of(url, "s:loc") for url in sitemap.findall("s:url", NAMES)]


# --- sitemap and robots.txt ------------------------------------------------------------------------


def test_the_sitemap_names_every_page_that_may_be_indexed(build: Build) -> None:
    site = build()
    found = addresses(site.xml("sitemap.xml"))
    pages = {path.relative_to(site.folder).as_posix() for path in site.folder.rglob("*.html")}
    unlisted = ("texts/hidden.html", "search.html", "offline.html")
    hidden = {f"{variant.lower()}/{page}" for variant in VARIANTS for page in unlisted}
    assert hidden < pages
    expected = {BASE if path == "index.html" else BASE + path for path in pages - hidden - {"404.html"}}
    assert sorted(map(str, found)) == sorted(expected)


def test_the_sitemap_s_alternates_are_those_of_the_page(build: Build) -> None:
    site = build()
    for url in site.xml("sitemap.xml").findall("s:url", NAMES):
        address = str(text_of(url, "s:loc"))
        listed = [(link.get("hreflang"), link.get("href")) for link in url.findall("x:link", NAMES)]
        head = site.read(address.removeprefix(BASE) or "index.html").partition("</head>")[0]
        assert listed == re.findall(r'<link rel="alternate" hreflang="(.*?)" href="(.*?)">', head)
        assert [hreflang for hreflang, _ in listed] == [*VARIANTS, "x-default"]
        assert address in dict(listed).values()


def test_robots_are_shown_the_sitemap_and_kept_from_nothing(build: Build) -> None:
    # A page that robots may not fetch cannot tell them that it is not to be indexed.
    assert build().read("robots.txt").splitlines() == [
        "User-agent: *",
        "Disallow:",
        "",
        f"Sitemap: {BASE}sitemap.xml",
    ]


PAIRS = {(("zh-Hans", f"{BASE}{number}"),): [f"{BASE}{number}", f"{BASE}{number}?&"] for number in range(5)}


@pytest.mark.parametrize(
    ("limits", "sizes"),
    [
        ({}, [10]),
        ({"most": 10}, [10]),
        ({"most": 9}, [9, 1]),
        ({"most": 4}, [4, 4, 2]),
        ({"size": 700}, [3, 3, 3, 1]),
        ({"size": 1}, [1] * 10),  # an address that is too long alone is still named
    ],
)
def test_a_long_sitemap_comes_in_parts_with_an_index(limits: dict[str, int], sizes: list[int]) -> None:
    files = {file.path: file.content for file in list_sitemaps(PAIRS, BASE, **limits)}
    parts = ["sitemap.xml"]
    if len(sizes) > 1:
        parts = [f"sitemap-{number}.xml" for number in range(1, len(sizes) + 1)]
        index = ElementTree.fromstring(files["sitemap.xml"])
        assert [text_of(one, "s:loc") for one in index] == [BASE + name for name in parts]
    assert files.keys() == {"sitemap.xml", *parts}
    found = [addresses(ElementTree.fromstring(files[name])) for name in parts]
    assert [len(part) for part in found] == sizes
    assert [*chain(*found)] == [*chain(*PAIRS.values())]
    if limits.get("size", 0) > 1:
        assert all(len(files[name]) <= limits["size"] for name in parts)


def test_a_sitemap_holds_as_many_addresses_as_the_protocol_allows() -> None:
    many = {(): [f"{BASE}{number}" for number in range(50_001)]}
    files = {file.path: file.content for file in list_sitemaps(many, BASE)}
    counts = {name: content.count(b"<loc>") for name, content in files.items()}
    assert counts == {"sitemap.xml": 2, "sitemap-1.xml": 50_000, "sitemap-2.xml": 1}


# --- feeds -----------------------------------------------------------------------------------------


def test_every_variant_has_a_feed_of_its_dated_texts_newest_first(build: Build) -> None:
    site = build()
    for variant in VARIANTS:
        folder = f"{BASE}{variant.lower()}/"
        feed = site.xml(f"{variant.lower()}/feed.xml")
        entries = feed.findall("a:entry", NAMES)
        assert [text_of(entry, "a:id") for entry in entries] == [
            folder + "texts/new.html",
            folder + "texts/old.html",
        ]
        dates = [(text_of(entry, "a:published"), text_of(entry, "a:updated")) for entry in entries]
        assert dates == [
            ("2001-02-01T00:00:00Z", "2026-03-05T00:00:00Z"),
            ("1936-01-01T00:00:00Z", "1936-01-01T00:00:00Z"),
        ]
        assert text_of(feed, "a:updated") == "2026-03-05T00:00:00Z"
        assert text_of(feed, "a:id") == folder + "feed.xml"
        assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == variant


def test_a_feed_reads_in_its_variant_and_its_markup_is_text(build: Build) -> None:
    feed = build().xml("zh-hant/feed.xml")
    assert [text_of(feed, f"a:{name}") for name in ("title", "author/a:name", "rights")] == [
        "東北讀本",
        "編輯部",
        "保留權利",
    ]
    old = feed.findall("a:entry", NAMES)[1]
    assert text_of(old, "a:title") == '舊與"新"<&>'
    assert text_of(old, "a:summary") == "頭髮 & 發展"
    assert [author.findtext("a:name", namespaces=NAMES) for author in old.findall("a:author", NAMES)] == [
        "蕭紅",
        "後人",
    ]


def test_pages_lead_to_the_feed_of_their_variant_and_the_root_to_all(build: Build) -> None:
    site = build()
    link = r'<link rel="alternate" type="application/atom\+xml" title="(.*?)" href="(.*?)">'
    assert re.findall(link, site.read("zh-hant/texts/hidden.html")) == [("東北讀本 · 繁體", "../feed.xml")]
    assert re.findall(link, site.read("zh-hans/index.html")) == [("东北读本 · 简体", "feed.xml")]
    roots = [href for _, href in re.findall(link, site.read("index.html"))]
    assert roots == [f"{variant.lower()}/feed.xml" for variant in VARIANTS]


def test_without_a_dated_text_there_is_no_feed_and_no_link_to_one(build: Build) -> None:
    undated = {f"texts/{slug}/text.yaml": f"title: {slug}\n" for slug in ("old", "new")}
    site = build(undated)
    assert list(site.folder.rglob("feed.xml")) == []
    assert "atom+xml" not in site.read("zh-hans/index.html") + site.read("index.html")
    assert (site.folder / "sitemap.xml").is_file()


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("", ""),
        ("0618", "0618-01-01T00:00:00Z"),
        ("2026-03", "2026-03-01T00:00:00Z"),
        ("2026-03-05", "2026-03-05T00:00:00Z"),
    ],
)
def test_a_partial_date_is_the_moment_at_which_it_begins(date: str, expected: str) -> None:
    assert moment(date) == expected


def test_what_no_xml_may_hold_does_not_break_a_feed() -> None:
    home = Frame("zh-Hans", "home", "题", "题", "../", "index.html", (), (), Meta("", canonical=BASE))
    item = Item("甲\f乙\ufffe丙\x00丁\ud800戊\t己𠮷", updated="2026")
    feed = ElementTree.fromstring(write_feed(home, [(item, BASE + "a?b&c=']]>")], BASE))
    entry = feed.find("a:entry", NAMES)
    assert entry is not None
    assert text_of(entry, "a:title") == "甲 乙 丙 丁 戊\t己𠮷"
    assert text_of(entry, "a:id") == BASE + "a?b&c=']]>"
    assert text_of(feed, "a:author/a:name") == "题"  # nobody else is named


ATOM = "{http://www.w3.org/2005/Atom}"
# RFC 4287, 4.1.1 and 4.1.2: how often an element may stand, from one time to so many.
FEED = {"id": (1, 1), "title": (1, 1), "updated": (1, 1), "subtitle": (0, 1), "rights": (0, 1)}
ENTRY = {
    "id": (1, 1),
    "title": (1, 1),
    "updated": (1, 1),
    "published": (0, 1),
    "summary": (0, 1),
    "rights": (0, 1),
}
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def breaches(feed: ElementTree.Element) -> list[str]:
    """What a feed does that RFC 4287 forbids."""
    entries = feed.findall(f"{ATOM}entry")
    found = [] if feed.tag == f"{ATOM}feed" else ["the root is no feed"]
    for element, rules in ((feed, FEED), *((entry, ENTRY) for entry in entries)):
        for name, (least, most) in rules.items():
            if not least <= len(element.findall(ATOM + name)) <= most:
                found.append(f"{element.tag}: too few or too many {name}")
        known = {ATOM + name for name in (*rules, "author", "link", "entry")}
        found += [f"{child.tag} in {element.tag}" for child in element if child.tag not in known]
        links = element.findall(f"{ATOM}link")
        alternates = [
            (one.get("type"), one.get("hreflang")) for one in links if one.get("rel") == "alternate"
        ]
        if len(alternates) != len(set(alternates)):
            found.append("two alternates of one type and language")
        if element is not feed and not alternates:
            found.append("an entry without content or alternate")
        found += ["a link to no full address" for one in links if "://" not in one.get("href", "")]
        names = [author.findtext(f"{ATOM}name") for author in element.findall(f"{ATOM}author")]
        if not all(names) or (element is feed and not names):
            found.append("an author without a name, or none")
        moments = [
            one.text or "" for name in ("updated", "published") for one in element.findall(ATOM + name)
        ]
        found += [f"{moment} is no moment" for moment in moments if not MOMENT.fullmatch(moment)]
    ids = [one.text or "" for one in feed.iter(f"{ATOM}id")]
    if len(ids) != len(set(ids)) or not all("://" in one for one in ids):
        found.append("an id twice, or one that is no IRI")
    if not any(one.get("rel") == "self" for one in feed.findall(f"{ATOM}link")):
        found.append("no link to itself")
    return found


def test_a_feed_keeps_the_rules_of_atom(build: Build) -> None:
    site = build()
    for variant in VARIANTS:
        assert breaches(site.xml(f"{variant.lower()}/feed.xml")) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<name>", "<nome>"),
        ("T00:00:00Z", ""),
        ('rel="self"', 'rel="alternate"'),
        ("<published>", "<updated>"),
        ("<summary>", "<text>"),
        ("https://example.org/reader/zh-hant/texts/old", "https://example.org/reader/zh-hant/texts/new"),
        ('rel="alternate" type="text/html" hreflang="zh-Hant"', 'rel="related"'),
    ],
)
def test_the_check_of_atom_s_rules_finds_a_breach(old: str, new: str, build: Build) -> None:
    feed = build().read("zh-hant/feed.xml")
    assert old in feed
    broken = feed.replace(old, new).replace(old.replace("<", "</"), new.replace("<", "</"))
    assert breaches(ElementTree.fromstring(broken)) != []


# --- the page for wrong addresses ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "options", "lang", "others"),
    [
        ({}, (), "zh-Hans", VARIANTS[1:]),
        ({"edition.yaml": "title: 讀本\nlang: zh-Hant-TW\n"}, (), "zh-Hant-TW", (*VARIANTS[:2], VARIANTS[3])),
        ({}, ("--variants", "zh-Hant,zh-Hant-HK"), "zh-Hant", ("zh-Hant-HK",)),  # its own is not built
    ],
)
def test_a_wrong_address_is_answered_in_the_edition_s_own_variant(
    files: dict[str, str], options: tuple[str, ...], lang: str, others: tuple[str, ...], build: Build
) -> None:
    page = build(files, *options).read("404.html")
    assert f'<html lang="{lang}"' in page
    assert '<meta name="robots" content="noindex">' in page
    references = re.findall(r'(?:href|src)="(.*?)"', page)
    # A server shows it at any depth, so nothing but the skip link may be relative.
    assert [address for address in references if not address.startswith(BASE)] == ["#main"]
    for path in ("index.html", "glossary/index.html"):
        assert f"{BASE}{lang.lower()}/{path}" in references
    assert tuple(re.findall(r'hreflang="(.*?)"', page)) == others


# --- what editors decide ---------------------------------------------------------------------------


def test_without_base_url_there_is_nothing_beside_the_pages_and_one_notice(build: Build) -> None:
    site = build(base_url="")
    assert [path for path in BESIDE if (site.folder / path).exists()] == []
    assert "atom+xml" not in site.read("zh-hans/index.html")
    assert site.run.stderr.count("[base-url-missing]") == 1


@pytest.mark.parametrize("base_url", [BASE, ""])
def test_a_file_of_static_stands_in_for_duben_s(base_url: str, build: Build) -> None:
    page = '<!DOCTYPE html><html lang="zh"><head><title>无</title></head><body><h1>无</h1></body></html>'
    site = build({f"static/{path}": page for path in BESIDE}, base_url=base_url)
    assert [site.read(path) for path in BESIDE] == [page] * len(BESIDE)
    assert (site.folder / "zh-hant/feed.xml").exists() == bool(base_url)


def test_what_is_no_longer_made_is_removed(build: Build) -> None:
    site = build()
    assert all((site.folder / path).is_file() for path in BESIDE)
    build(base_url="")
    assert [path for path in BESIDE if (site.folder / path).exists()] == []


def test_a_second_build_writes_the_same_bytes(build: Build) -> None:
    site = build()
    before = {path: (site.folder / path).read_bytes() for path in BESIDE}
    assert "0 written" in build().run.stdout
    assert {path: (site.folder / path).read_bytes() for path in BESIDE} == before


def test_a_mistake_in_the_edition_s_own_page_for_wrong_addresses_is_told(
    tmp_path: Path, write_edition: Callable, run_duben: Callable[..., Run]
) -> None:
    write_edition(tmp_path / "content", {**EDITION, "templates/404.html": "<p>\n{{ nothing }}"})
    run = run_duben("build", "--base-url", BASE, cwd=tmp_path)
    assert run.status == 1
    assert "templates/404.html:2:1: error" in run.stderr


# --- heads -----------------------------------------------------------------------------------------


def test_a_text_s_picture_is_that_of_its_links(build: Build) -> None:
    site = build()
    address = f"{BASE}%E5%9B%BE%201.svg"
    assert f'<meta property="og:image" content="{address}">' in site.read("zh-hant/texts/new.html")
    assert site.ld("zh-hant/texts/new.html")["image"] == address
    assert "og:image" not in site.read("zh-hant/texts/old.html")
    assert "image" not in site.ld("zh-hant/texts/old.html")


@pytest.mark.parametrize(
    ("variant", "own", "others"),
    [
        ("zh-hans", "zh_CN", ["zh_TW", "zh_HK"]),
        ("zh-hant-tw", "zh_TW", ["zh_CN", "zh_HK"]),
        ("zh-hant-hk", "zh_HK", ["zh_CN", "zh_TW"]),
    ],
)
def test_open_graph_names_each_territory_once(variant: str, own: str, others: list, build: Build) -> None:
    page = build().read(f"{variant}/texts/old.html")
    assert re.findall(r'"og:locale" content="(.*?)"', page) == [own]
    assert re.findall(r'"og:locale:alternate" content="(.*?)"', page) == others


def test_json_ld_says_who_edits_and_of_what_a_page_is_part(build: Build) -> None:
    site = build()
    assert site.ld("zh-hant/index.html")["editor"] == [{"name": "編輯部"}]
    assert site.ld("zh-hant/texts/old.html")["isPartOf"] == {
        "@type": "WebSite",
        "name": "東北讀本",
        "url": BASE,
        "editor": [{"name": "編輯部"}],
    }
    assert "url" not in build(base_url="").ld("zh-hant/texts/old.html")["isPartOf"]


# The names by which Zotero and Google Scholar know what we say, with the form of each value.
ADDRESS = r"https://example\.org/reader/\S+"
DAY = r"\d{4}(/\d{1,2}(/\d{1,2})?)?"
HIGHWIRE = {
    "citation_title": ".+",
    "citation_author": ".+",
    "citation_publication_date": DAY,
    "citation_publisher": ".+",
    "citation_language": "zh-Han[st](-[A-Z]{2})?",
    "citation_public_url": ADDRESS,
    "citation_fulltext_html_url": ADDRESS,
}
ELEMENTS = (
    "contributor coverage creator date description format identifier language publisher relation rights "
    "source subject title type"
)


@pytest.mark.parametrize("text", ["old", "new", "undated", "hidden"])
def test_what_a_head_says_of_a_text_has_the_names_and_forms_that_are_known(text: str, build: Build) -> None:
    head = build().read(f"zh-hant-tw/texts/{text}.html").partition("</head>")[0]
    tags = re.findall(r'<meta name="((?:citation_|DC\.)\S+)" content="(.*?)">', head)
    for name, value in tags:
        if name.startswith("citation_"):
            assert re.fullmatch(HIGHWIRE[name], value), name
        else:
            assert name.removeprefix("DC.") in ELEMENTS.split()
        # Zotero would take the one for a journal, and show the other.
        assert name not in ("DC.source", "DC.type")
    assert {"citation_title", "citation_language", "DC.title", "DC.identifier"} <= {name for name, _ in tags}
    assert '<link rel="schema.DC" href="http://purl.org/dc/elements/1.1/">' in head
    assert '<meta name="z:itemType" content="webpage">' in head


@pytest.mark.parametrize(
    ("text", "published", "modified"), [("old", [], []), ("new", [], ["2026-03-05"]), ("undated", [], [])]
)
def test_open_graph_has_whole_days_only(text: str, published: list, modified: list, build: Build) -> None:
    page = build().read(f"zh-hans/texts/{text}.html")
    assert re.findall(r'"article:published_time" content="(.*?)"', page) == published
    assert re.findall(r'"article:modified_time" content="(.*?)"', page) == modified
    assert "article:author" not in page


def test_a_term_is_described_by_what_schema_org_has_for_terms(build: Build) -> None:
    term = build().ld("zh-hant/glossary/laba.html")
    assert term["@type"] == "DefinedTerm"
    assert term["inDefinedTermSet"]["url"] == f"{BASE}zh-hant/glossary/index.html"
    assert not term.keys() & {"isPartOf", "inLanguage", "editor"}
    assert "url" not in build(base_url="").ld("zh-hant/glossary/laba.html")["inDefinedTermSet"]


def test_a_text_can_be_cited_from_its_head(build: Build) -> None:
    head = build().read("zh-hant/texts/old.html")
    address = f"{BASE}zh-hant/texts/old.html"
    for name, values in {
        "citation_author": ["蕭紅", "後人"],
        "citation_publication_date": ["1936"],
        "citation_fulltext_html_url": [address],
        "DC.creator": ["蕭紅", "後人"],
        "DC.identifier": [address],
    }.items():
        assert re.findall(rf'<meta name="{name}" content="(.*?)">', head) == values
