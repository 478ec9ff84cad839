"""Fixtures for the tests in a real browser: Chromium, the shipped edition, a web server, pages."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from browser.built import Built, OpenPage
from browser.varied import build_varied
from playwright.sync_api import Browser, Page, sync_playwright

PROJECT = Path(__file__).resolve().parents[2]
PREFIX = "/reader"  # a site must work below any path

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class SubPath(SimpleHTTPRequestHandler):
    """Serves the folder below PREFIX, and nothing outside."""

    def translate_path(self, path: str) -> str:
        inside = path.removeprefix(PREFIX) if path.startswith(PREFIX + "/") else "/outside"
        return super().translate_path(inside)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Says nothing: the tests' output is theirs."""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    names = (os.environ.get("DUBEN_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    if found is None:
        pytest.fail("no Chromium: apt-get install chromium (or set DUBEN_CHROMIUM)", pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The edition in content/, built once. DUBEN_SITE names one that is built already."""
    if ready := os.environ.get("DUBEN_SITE"):
        return Built(Path(ready).resolve())
    out = tmp_path_factory.mktemp("edition") / "site"
    command = [sys.executable, str(PROJECT / "build.py"), "--out", str(out)]
    build = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    if build.returncode:
        pytest.fail(f"the edition does not build:\n{build.stdout}{build.stderr}", pytrace=False)
    return Built(out)


@contextmanager
def serving(root: Path) -> Iterator[str]:
    """The address of the folder on a web server, ending in a slash."""
    handler = partial(SubPath, directory=str(root))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}{PREFIX}/"
        server.shutdown()


@pytest.fixture(scope="session")
def served(site: Built) -> Iterator[str]:
    """The site's address on a web server, ending in a slash."""
    with serving(site.root) as address:
        yield address


@pytest.fixture(scope="session")
def varied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The folder of texts of an edition that has everything, in the first variant, on a web server."""
    with serving(build_varied(PROJECT, tmp_path_factory.mktemp("varied"))) as address:
        yield f"{address}zh-hans/texts/"


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[OpenPage]:
    """Makes empty pages in contexts of their own: width, height, touch, and Playwright's own options."""
    contexts = []

    def make(width: int = 1280, height: int = 900, *, touch: bool = False, **options: Any) -> Page:
        size = {"width": width, "height": height}
        context = chromium.new_context(viewport=size, has_touch=touch, **options)  # type: ignore[arg-type]
        contexts.append(context)
        context.set_default_timeout(8000)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
