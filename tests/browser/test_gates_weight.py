"""What pages weigh, as they are sent (gzip -9): scripts, style sheets, and the page itself."""

from __future__ import annotations

import gzip
import random
import re
from collections.abc import Callable
from urllib.parse import urlsplit

from browser.built import Built, OpenPage
from browser.editions import Files

SCRIPTS = 6 * 1024
SEARCH = 4 * 1024
SCREEN = 6 * 1024
PAPER = 2 * 1024
PAGE = 20 * 1024

# Asked for once, after a first visit is there; later where a reader keeps the edition.
AFTERWARDS = "assets/offline.js"

# Files asked for before the load event.
EARLY = """name => performance.getEntriesByType('resource')
  .filter((entry) => entry.name.endsWith(name))
  .filter((entry) => entry.startTime < performance.getEntriesByType('navigation')[0].loadEventStart)
  .map((entry) => entry.name)"""


def weigh(content: bytes) -> int:
    return len(gzip.compress(content, 9))


def asked_by(open_page: OpenPage, address: str, path: str, shown: str = "h1") -> list[str]:
    """The site's files that a page asks for by itself until nothing more is under way, in order."""
    page = open_page(1440, locale="en-GB")  # the root stays
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(urlsplit(request.url.removeprefix(address)).path))
    page.goto(address + path)
    page.wait_for_selector(shown)
    page.wait_for_load_state("networkidle")
    early = page.evaluate(EARLY, AFTERWARDS)
    assert early == [], "it comes in the way of what the reader waits for"
    return list(dict.fromkeys(loaded))


def weights(built: Built, names: list[str], ending: str) -> dict[str, int]:
    """File → weight, of those with the ending."""
    return {name: weigh((built.root / name).read_bytes()) for name in names if name.endswith(ending)}


def test_a_reading_page_keeps_to_its_weight(open_page: OpenPage, site: Built, served: str) -> None:
    names = asked_by(open_page, served, site.text_with(r'class="noteref"'))
    scripts = weights(site, [name for name in names if name != AFTERWARDS], ".js")
    assert {"assets/boot.js", "assets/cards.js", "assets/notes.js"} <= scripts.keys()
    assert sum(scripts.values()) <= SCRIPTS, scripts
    sheets = weights(site, names, ".css")
    assert "assets/style.css" in sheets
    paper = sheets.pop("assets/print.css")
    assert sum(sheets.values()) <= SCREEN, sheets
    assert paper <= PAPER


def test_every_kind_of_page_keeps_to_that_weight_and_waits_with_the_rest(
    open_page: OpenPage, site: Built, served: str
) -> None:
    asked = set()
    for kind, path in site.kinds.items():
        names = asked_by(open_page, served, path)
        asked |= set(names) if kind != "chooser" else set()  # it goes to English by itself
        if kind not in {"text", "search"}:  # these have tests of their own
            scripts = weights(site, [name for name in names if name != AFTERWARDS], ".js")
            assert sum(scripts.values()) <= SCRIPTS, (kind, scripts)
        sheets = weights(site, names, ".css")
        assert sheets.pop("assets/print.css")
        assert sum(sheets.values()) <= SCREEN, (kind, sheets)
    for name in ("assets/panel.js", "assets/panel.css", "assets/strings.en.js"):
        assert (site.root / name).is_file()
        assert name not in asked


HAN = [chr(code) for code in range(0x4E00, 0x4E00 + 2500)]


class Prose:
    """Invents text in which words come again as often as in Chinese prose: the n-th about once in n."""

    def __init__(self) -> None:
        self.chance = random.Random(1)
        ranks = [1 / rank for rank in range(20, 2520)]
        signs = self.chance.choices(HAN, ranks, k=1800)
        self.words = [one + other for one, other in zip(signs[::2], signs[1::2], strict=True)]
        self.ranks = [1 / rank for rank in range(4, 904)]

    def of(self, length: int) -> str:
        text = ""
        while len(text) < length:
            text += "".join(self.chance.choices(self.words, self.ranks, k=self.chance.randint(3, 8))) + "，"
        return text[: length - 1].rstrip("，") + "。"


def measured(paragraphs: int, terms: int) -> Files:
    """An edition with one text of so many paragraphs and terms, of the length that is usual."""
    prose = Prose()
    pick = prose.chance.choice
    names = ["".join(prose.chance.sample(HAN[1500:], 4)) for _ in range(terms)]
    words = ("new", "high", "quality", "growth", "of", "plant", "province", "industry")
    entries = [
        f"- {{id: {pick(('gao', 'zhi', 'liang'))}-{pick(('fa', 'zhan'))}-{number}, term: {name}, "
        f"gloss: {{en: {pick(words)} {pick(words)} {pick(words)}}}, definition: {prose.of(60)}}}"
        for number, name in enumerate(names)
    ]
    body = []
    for number in range(1, paragraphs + 1):
        clauses = prose.of(150).split("，")
        # Each term in a paragraph of its own, and one that stood before.
        for name in (*names[number - 1 :: paragraphs], pick(names)):
            clauses[prose.chance.randrange(len(clauses))] += name
        body.append(f"{'，'.join(clauses).replace('。', '')}。 {{#p{number}}}\n")
    return {
        "edition.yaml": "title: 量\nvariants: [zh-Hans, zh-Hant]\nbase_url: https://reader.example/\n",
        "glossary/all.yaml": "\n".join(entries) + "\n",
        "texts/a/text.yaml": f"title: 一篇\nauthor: 某人\ndate: 2024\nsummary: {prose.of(40)}\n",
        "texts/a/text.md": "\n".join(body),
    }


def test_a_page_of_25_paragraphs_and_60_terms_keeps_to_its_weight(
    build_edition: Callable[..., Built],
) -> None:
    built = build_edition("measured", measured(25, 60))
    for variant in ("zh-hans", "zh-hant"):
        html = built.sources[f"{variant}/texts/a.html"]
        assert len(re.findall(r'<p id="p\d+"', html)) == 25
        assert len(re.findall(r'<div id="w-', html)) == 60
        assert len(re.findall(r'<a class="term', html)) >= 80
        assert weigh(html.encode()) <= PAGE


def test_the_search_page_keeps_to_its_weight(open_page: OpenPage, site: Built, served: str) -> None:
    """All that is loaded until hits are shown, but for what pages have in common and the text itself."""
    common = set(asked_by(open_page, served, site.kinds["home"]))
    names = asked_by(open_page, served, f"{site.kinds['search']}?q=生产力", shown=".results mark")
    own = [name for name in names if name.startswith("assets/") and name not in common]
    code = weights(site, [name for name in own if not name.startswith("assets/strings.")], ".js")
    assert "assets/search.js" in code
    assert sum(code.values()) <= SEARCH, code
