"""Fixtures for the tests in a real browser: Chromium, built editions, a web server, pages."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from browser.built import PUBLISHED, Built, OpenPage
from browser.servers import Server
from browser.varied import varied_files
from playwright.sync_api import Browser, Page, Route, sync_playwright

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
    names = (os.environ.get("DUBEN_CHROMIUM", ""), "chromium-headless-shell", "chromium", "google-chrome")
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    if found is None:
        pytest.fail("no Chromium: apt-get install chromium (or set DUBEN_CHROMIUM)", pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=QUIET)
        yield browser
        browser.close()


def in_turn(shared: Path, name: str, make: Callable[[Path], None]) -> Path:
    """The folder `name` of a run's shared folder, made by the first worker that wants it."""
    made = shared / name
    done = shared / f"{name}.done"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            make(made)
            done.touch()
    return made


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this run that all its workers have in common."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def build(out: Path, content: Path, *options: str) -> None:
    command = [sys.executable, str(PROJECT / "build.py"), "build", "--content", str(content)]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("DUBEN_")}
    run = subprocess.run(
        [*command, "--out", str(out), *options],
        cwd=PROJECT,
        env={**inherited, "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if run.returncode:
        pytest.fail(f"the edition does not build:\n{run.stdout}{run.stderr}", pytrace=False)


@pytest.fixture(scope="session")
def site(shared: Path) -> Built:
    """The edition in content/ as it is, built once a run. DUBEN_SITE names one that is built already."""
    if ready := os.environ.get("DUBEN_SITE"):
        return Built(Path(ready).resolve())
    return Built(in_turn(shared, "edition", lambda out: build(out, PROJECT / "content")))


@pytest.fixture(scope="session")
def published(shared: Path) -> Built:
    """The edition in content/ as it is put online at PUBLISHED: with a 404 page, a sitemap and feeds."""
    address = ("--base-url", PUBLISHED)
    return Built(in_turn(shared, "published", lambda out: build(out, PROJECT / "content", *address)))


@pytest.fixture(scope="session")
def build_edition(
    shared: Path, write_edition: Callable[[Path, Mapping[str, str | bytes]], Path]
) -> Callable[[str, Mapping[str, str | bytes]], Built]:
    """`build_edition("long", {"edition.yaml": "...", ...}, "--option")` builds it once a run."""

    def make(name: str, files: Mapping[str, str | bytes], *options: str) -> Built:
        def write(out: Path) -> None:
            build(out, write_edition(shared / f"{name}.content", files), *options)

        return Built(in_turn(shared, name, write))

    return make


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[[Built], str]]:
    """`serve(built)` puts a site on a web server of its own: its address, ending in a slash."""
    addresses: dict[Path, str] = {}
    with ExitStack() as servers:

        def start(built: Built) -> str:
            if built.root not in addresses:
                handler = partial(SubPath, directory=str(built.root))
                server = servers.enter_context(Server(("127.0.0.1", 0), handler))
                threading.Thread(target=server.serve_forever, daemon=True).start()
                servers.callback(server.shutdown)
                addresses[built.root] = f"http://127.0.0.1:{server.server_port}{PREFIX}/"
            return addresses[built.root]

        yield start


@pytest.fixture(scope="session")
def served(site: Built, serve: Callable[[Built], str]) -> str:
    """The site's address on a web server, ending in a slash."""
    return serve(site)


@pytest.fixture
def open_published(open_page: OpenPage, published: Built) -> OpenPage:
    """Makes empty pages for which the published edition stands at PUBLISHED."""

    def answer(route: Route) -> None:
        path = published.root / unquote(urlsplit(route.request.url.removeprefix(PUBLISHED)).path)
        if path.is_file():
            route.fulfill(path=path)
        else:
            route.fulfill(status=404, path=published.root / "404.html")

    def make(*size: int, **options: Any) -> Page:
        page = open_page(*size, service_workers="block", **options)
        page.context.route(f"{PUBLISHED}**", answer)
        return page

    return make


@pytest.fixture(scope="session")
def varied(build_edition: Callable[..., Built], serve: Callable[[Built], str]) -> str:
    """The folder of texts of an edition that has everything, in the first variant, on a web server."""
    return f"{serve(build_edition('varied', varied_files()))}zh-hans/texts/"


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[OpenPage]:
    """Makes empty pages in contexts of their own: width, height, touch, and Playwright's own options."""
    contexts = []

    def make(width: int = 1280, height: int = 900, *, touch: bool = False, **options: Any) -> Page:
        size = {"width": width, "height": height}
        context = chromium.new_context(viewport=size, has_touch=touch, **options)  # type: ignore[arg-type]
        contexts.append(context)
        context.set_default_timeout(30_000)  # a busy machine is slow; what works does not wait
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
