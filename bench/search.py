"""How large the search's scripts are, how long they take to make, and how long a query takes in Chromium.

    python bench/search.py --content DIR
    python bench/search.py --generator DIR [--texts N] [--entries M]

--content: an edition; --generator: the folder of the program that writes one of many texts. `made in` is
processor time. `first` is a query on a page that has loaded nothing, from the disk; `again` the same query
once its scripts are there. The ratio is that of `again` to looking through every paragraph of one variant
for the very characters (`includes`), which finds them in this one script only.
"""

from __future__ import annotations

import argparse
import gzip
import random
import re
import shutil
import statistics
import sys
import time
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.sync_api import Page, sync_playwright

from bench.corpus import write_corpus
from duben.compile.glossary import Scripts
from duben.desk.build import Options, read_edition
from duben.diagnostics import Report
from duben.model import Edition, Variant
from duben.publish.render import theme_folder
from duben.publish.search import search_scripts
from duben.read.syllables import is_han

QUERIES = 40
TIMES = 20  # that a query is asked again: the browser's clock is coarse
PAGE = """<!doctype html><html lang="{lang}"><meta charset="utf-8"><script src="../assets/boot.js"></script>
<script defer src="../assets/search.js"></script><main><form><input name="q"><select name="kind"></select>
<select name="text"></select><p class="limits"></p></form><p class="count"></p>
<div class="results"></div></main>
"""
TIMED = """async ([queries, times_each]) => {
  const times = [];
  for (const query of queries) {
    const start = performance.now();
    const book = await duben.search.open(document.documentElement.lang);
    for (let i = 0; i < times_each; i += 1) await duben.search.look(book, query);
    times.push((performance.now() - start) / times_each);
  }
  return times;
}"""
NAIVE = """([texts, queries, times_each]) => queries.map((query) => {
  const start = performance.now();
  for (let i = 0; i < times_each; i += 1) texts.filter((text) => text.includes(query));
  return (performance.now() - start) / times_each;
})"""


def put(edition: Edition, folder: Path) -> None:
    """Writes a site with nothing but the search, and says how large it is."""
    start = time.process_time()
    artifacts = list(search_scripts(edition, Scripts(edition.settings)))
    took = time.process_time() - start
    texts = sum(len(passage.paragraph.text) for text in edition.texts for passage in text.passages)
    print(f"{len(edition.texts)} texts, {texts} characters; made in {took:.2f} s")
    shutil.copytree(theme_folder() / "assets", folder / "assets")
    sizes: defaultdict[str, list[int]] = defaultdict(list)
    for artifact in artifacts:
        path = folder / artifact.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(artifact.content)
        sizes[re.sub(r"\d+", "*", artifact.path)].append(len(gzip.compress(artifact.content, 9)))
    for name, found in sizes.items():
        print(f"  {name}: {len(found)} × at most {max(found)} B gzipped, {sum(found)} B in all")
    for variant in edition.settings.variants:
        page = folder / variant.folder / "search.html"
        page.write_text(PAGE.replace("{lang}", variant.value), "utf-8")


def cut(texts: list[str], number: int) -> list[str]:
    chance = random.Random(1)
    found: list[str] = []
    while len(found) < number:
        text, length = chance.choice(texts), chance.choice((2, 2, 3, 4, 5))
        start = chance.randrange(max(len(text) - length, 1))
        words = text[start : start + length]
        if len(words) == length and all(map(is_han, words)):
            found.append(words)
    return found


def tell(name: str, taken: list[float]) -> float:
    middle = statistics.median(taken)
    print(f"  {name}: median {middle:.2f} ms, at most {max(taken):.2f} ms")
    return middle


def ask(page: Page, address: str, texts: list[str], queries: list[str]) -> None:
    first: list[float] = []
    for query in queries[:10]:
        page.goto("about:blank")
        page.goto(address)
        page.wait_for_function("() => window.duben?.search")
        first += page.evaluate(TIMED, [[query], 1])
    tell("first", first)
    page.evaluate(TIMED, [queries, 1])
    again = tell("again", page.evaluate(TIMED, [queries, TIMES]))
    naive = tell("includes", page.evaluate(NAIVE, [texts, queries, TIMES]))
    print(f"  ratio {again / naive:.2f}" if naive else "  ratio: the clock is too coarse")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--content", type=Path)
    parser.add_argument("--generator", type=Path)
    parser.add_argument("--texts", type=int, default=1000)
    parser.add_argument("--entries", type=int, default=500)
    options = parser.parse_args()
    if not (options.content or options.generator):
        parser.error("give --content or --generator")
    with TemporaryDirectory() as work:
        content = options.content or write_corpus(
            Path(work) / "content", options.generator, options.texts, options.entries
        )
        edition = read_edition(Options(content, Path(work) / "site"), Report())
        site = Path(work) / "site"
        site.mkdir()
        put(edition, site)
        chromium = next(
            filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
        )
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = browser.new_page()
            variant = edition.settings.variants[0]
            texts = [
                passage.text_in(variant) for text in edition.texts for passage in (text.title, *text.passages)
            ]
            address = (site / variant.folder / "search.html").as_uri()
            queries = cut(texts, QUERIES)
            print(f"in {variant}")
            ask(page, address, texts, queries)
            print("pinyin")
            from duben.compile.pinyin import Corrections, derive_pinyin

            scripts = Scripts(edition.settings)
            simplified = [scripts.convert(query, variant, Variant.HANS) for query in queries]
            ask(page, address, texts, [derive_pinyin(words, Corrections()) for words in simplified])
            browser.close()


if __name__ == "__main__":
    main()
