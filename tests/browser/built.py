"""A built edition as the browser's tests see it: its pages by kind, and what to ask of an open page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from playwright.sync_api import ConsoleMessage, Page, Request

OpenPage = Callable[..., Page]

PUBLISHED = "https://reader.example/some/where/"  # where the published edition stands

OPEN = "#card:popover-open"

# The paragraph that a reader is at: the first that shows below the sticky head. [id, its top]
READING = """() => {
  const edge = document.querySelector('header.top').getBoundingClientRect().bottom;
  for (const p of document.querySelectorAll('.body p[id], .body h2[id]')) {
    const box = p.getBoundingClientRect();
    if (box.bottom > edge + 1) return [p.id, box.top];
  }
  return null;
}"""

TOP_OF = "id => document.getElementById(id).getBoundingClientRect().top"

# Run before a page's own scripts: keeps what the policy refused.
WATCH_POLICY = """
  window.refused = [];
  document.addEventListener('securitypolicyviolation', (event) => {
    window.refused.push(event.violatedDirective + ' ' + event.blockedURI);
  });
"""


@dataclass(frozen=True)
class Built:
    """The output folder of a build. Paths of pages are relative to it, with slashes."""

    root: Path

    @cached_property
    def variants(self) -> tuple[str, ...]:
        """The tags of the variants, as the pages say them, in the order of the switch."""
        home = next(self.root.glob("zh-*/index.html")).read_text(encoding="utf-8")
        switch = re.search(r'<nav class="scripts".*?</nav>', home, re.DOTALL)
        if not switch:  # nothing to switch to
            return tuple(re.findall(r'<html lang="([^"]+)"', home))
        return tuple(re.findall(r'hreflang="([^"]+)"', switch[0]))

    @cached_property
    def sources(self) -> dict[str, str]:
        """Every page of every variant, and the root: path → HTML."""
        return {
            path.relative_to(self.root).as_posix(): path.read_text(encoding="utf-8")
            for path in sorted(self.root.rglob("*.html"))
        }

    @cached_property
    def kinds(self) -> dict[str, str]:
        """One page of each kind, the largest, in the first variant: kind → path."""
        largest: dict[str, str] = {}
        for path, html in self.sources.items():
            if "/" in path and not path.startswith(self.variants[0].lower() + "/"):
                continue
            kind = re.search(r'<html [^>]*class="(\w+)"', html)
            assert kind, f"{path} says no kind"
            if kind[1] not in largest or len(html) > len(self.sources[largest[kind[1]]]):
                largest[kind[1]] = path
        return largest

    def in_variant(self, path: str, lang: str) -> str:
        """The same page in another variant; a page that belongs to none is itself."""
        first = self.variants[0].lower()
        return f"{lang.lower()}{path[len(first) :]}" if path.startswith(first + "/") else path

    def has(self, asset: str) -> bool:
        """Is there such a file of the theme?"""
        return (self.root / "assets" / asset).is_file()

    @property
    def text(self) -> str:
        """The largest reading page in the first variant."""
        return self.kinds["text"]

    def text_with(self, pattern: str) -> str:
        """A reading page in the first variant whose HTML matches."""
        folder = self.variants[0].lower() + "/texts/"
        for path, html in self.sources.items():
            if path.startswith(folder) and re.search(pattern, html):
                return path
        raise AssertionError(f"no text of the edition has {pattern}")


def complaints_of(page: Page) -> list[str]:
    """A list that fills with everything the page complains of: console, exceptions, lost requests."""
    heard: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            heard.append(f"console: {message.text}")

    def on_failed(request: Request) -> None:
        heard.append(f"request: {request.url} {request.failure}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: heard.append(f"exception: {error}"))
    page.on("requestfailed", on_failed)
    page.add_init_script(WATCH_POLICY)
    return heard


def choose(page: Page, **settings: str) -> None:
    """Has the pages of this tab open with settings that were stored before, until they are changed."""
    page.add_init_script(
        "if (localStorage.getItem('duben-settings') === null && !sessionStorage.getItem('chosen')) {"
        f"  localStorage.setItem('duben-settings', {json.dumps(json.dumps(settings))});"
        "  sessionStorage.setItem('chosen', '1');"
        "}"
    )


def switch_to(page: Page, lang: str) -> None:
    """Presses the switch and waits until the page is in that variant."""
    page.locator(f'.top .scripts a[hreflang="{lang}"]').click()
    page.wait_for_function("lang => document.documentElement.lang === lang", arg=lang)


def settle(page: Page) -> None:
    """Waits for two frames: an anchored box follows a scroll only when the next frame is drawn."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def wait_closed(page: Page) -> None:
    page.wait_for_function("() => !document.querySelector('#card:popover-open')")
