"""How long a card takes to open in Chromium, beside laying out the same page anew.

    python bench/cards.py [--site DIR]

For the reading page with the most terms: the time from the pointer to a card that is laid out, and, as the
peer in the same run, the time in which the browser lays the whole page out again. A card should be well
below one frame of 16 ms, and its ratio well below 1.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
from pathlib import Path

from playwright.sync_api import sync_playwright

CARDS = """() => [...document.querySelectorAll('.body a.term')].slice(0, 100).map((word) => {
  const began = performance.now();
  word.dispatchEvent(new PointerEvent('pointerdown', {bubbles: true, pointerType: 'touch'}));
  word.dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}));
  const box = document.querySelector('#card:popover-open')?.getBoundingClientRect();
  if (!box?.height) throw new Error(`no card for ${word.textContent}`);
  return performance.now() - began;
})"""
LAYOUT = """() => Array.from({length: 20}, (_, i) => {
  const began = performance.now();
  document.querySelector('main').style.width = `${600 + i}px`;
  document.querySelector('main').getBoundingClientRect();
  return performance.now() - began;
})"""


def tell(name: str, taken: list[float]) -> float:
    middle = statistics.median(taken)
    print(f"  {name}: {len(taken)} ×, median {middle:.2f} ms, at most {max(taken):.2f} ms")
    return middle


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--site", type=Path, default=Path("site"), help="a built site (default: site)")
    options = parser.parse_args()
    pages = list(options.site.glob("*/texts/*.html"))
    if not pages:
        parser.error(f"{options.site} holds no reading page: build it first")
    path = max(pages, key=lambda page: page.read_text("utf-8").count('class="term'))
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for width in (390, 1440):
            page = browser.new_page(viewport={"width": width, "height": 900})
            page.goto(path.resolve().as_uri())
            page.wait_for_load_state()
            print(f"{path.relative_to(options.site)} at {width} px")
            ratio = tell("card", page.evaluate(CARDS)) / tell("layout", page.evaluate(LAYOUT))
            print(f"  ratio {ratio:.2f}")
        browser.close()


if __name__ == "__main__":
    main()
