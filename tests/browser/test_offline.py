"""Reading without a network: a real service worker, and a server that can be cut off and updated."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from browser.built import OpenPage, switch_to
from browser.servers import Server
from conftest import CHECKOUT, Run
from playwright.sync_api import Page, expect

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63fcffff3f0300"
    "050001ff5c7ab9a80000000049454e44ae426082"
)
TEXTS = 30
TIME = 1_750_000_000
VARIANTS = ("zh-Hans", "zh-Hant")
EDITION = {
    "edition.yaml": "title: 读本\nvariants: [zh-Hans, zh-Hant]\n",
    "glossary/all.yaml": """
        - id: t1
          kind: concept
          term: 语言
          definition: |
            人说的话。
    """,
    **{f"texts/t{n}/text.yaml": f"title: 第{n}篇\nlang: zh-Hans\n" for n in range(TEXTS)},
    **{f"texts/t{n}/text.md": f"版本一的语言，第{n}篇。{{#p1}}\n" for n in range(TEXTS)},
    "texts/t0/text.md": "版本一的语言，有图。{#p1}\n\n![图](static/图.png) {#p2}\n",
    "texts/closed/text.yaml": "title: 不再发表\nlang: zh-Hans\nrepublish: false\n",
    "texts/closed/text.md": "版本一的语言，不再发表。{#p1}\n",
    "static/图.png": PIXEL,
    "static/other.pdf": b"%PDF",
    # The version of a page is in its text, that of the style in a variable.
    "templates/assets/own.css": ":root { --version: 一; }\n",
}
SECOND = {
    "texts/t0/text.md": "版本二的语言，有图。{#p1}\n\n![图](static/图.png) {#p2}\n",
    "texts/t1/text.md": "版本二的语言，第1篇。{#p1}\n",
    "templates/assets/own.css": ":root { --version: 二; }\n",
}
VERSIONS = """() => [/版本(.)/.exec(document.querySelector('.body').textContent)[1],
  getComputedStyle(document.documentElement).getPropertyValue('--version').trim()]"""
CACHED = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    for (const {url} of await (await caches.open(name)).keys()) found.push([name, decodeURI(url)]);
  }
  return found;
}"""
ASK = """([what, given]) => new Promise(async (resolve) => {
  const {active} = await navigator.serviceWorker.getRegistration();
  const {port1, port2} = new MessageChannel();
  port1.onmessage = ({data}) => resolve(data);
  active.postMessage({...given, ask: what}, [port2]);
})"""


class Host:
    """A web server for a folder, below a path of its own, that can be cut off from its readers."""

    def __init__(self) -> None:
        self.root = Path()
        self.prefix = "/shelf/book/"
        self.is_down = False
        self.asked: list[str] = []
        self.lost: list[str] = []  # what was asked for while it was down
        self.changed: dict[str, bytes] = {}  # path → what is sent instead
        self.hold = threading.Event()  # set: answers at once
        self.hold.set()
        self.held = re.compile(r"(?!)")
        self.stalled: tuple[str, bytes] | None = None  # a path, and the words after which its body stalls
        self.stale = re.compile(r"(?!)")  # what it calls unchanged, whether it is or not
        host = self

        class Handler(SimpleHTTPRequestHandler):
            def do_GET(self) -> None:
                path = unquote(self.path.partition("?")[0]).removeprefix(host.prefix)
                if host.held.search(path):
                    host.hold.wait(20)
                if host.is_down:
                    host.lost.append(path)
                    self.close_connection = True
                    return
                host.asked.append(path)
                if host.stalled and path == host.stalled[0]:
                    self.stall(path, host.stalled[1])
                    return
                if host.stale.search(path) and "If-Modified-Since" in self.headers:
                    self.send_response(304)
                    self.end_headers()
                    return
                if path in host.changed:
                    self.send_response(200)
                    self.send_header("Content-Type", self.guess_type(path))
                    self.end_headers()
                    self.wfile.write(host.changed[path])
                    return
                super().do_GET()

            def stall(self, path: str, words: bytes) -> None:
                body = (host.root / path).read_bytes()
                half = body.index(words) + len(words)
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body[:half])
                host.hold.wait(20)
                self.wfile.write(body[half:])

            def end_headers(self) -> None:
                self.send_header("Cache-Control", "max-age=600")  # as on hosts that cannot be told
                super().end_headers()

            def translate_path(self, path: str) -> str:
                if not path.startswith(host.prefix):
                    return str(host.root / "outside")
                self.directory = str(host.root)
                return super().translate_path("/" + path.removeprefix(host.prefix))

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Says nothing: the tests' output is theirs."""

        self.server = Server(("127.0.0.1", 0), partial(Handler))
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}{self.prefix}"


@pytest.fixture(scope="session")
def two_versions(
    tmp_path_factory: pytest.TempPathFactory, write_edition: Callable, run_duben: Callable[..., Run]
) -> tuple[Path, Path]:
    """An edition, and the same with two texts and a style sheet changed.

    The second is newer by a second or more: servers compare times by the second.
    """
    made = []
    for name, files in {"first": EDITION, "second": {**EDITION, **SECOND}}.items():
        folder = tmp_path_factory.mktemp(name)
        write_edition(folder / "content", files)
        run = run_duben("build", cwd=folder)
        assert run.status == 0, run.stderr
        made.append(folder / "site")
        for path in made[-1].rglob("*"):
            os.utime(path, (TIME, TIME + (name == "second")))
    return made[0], made[1]


@pytest.fixture
def host(two_versions: tuple[Path, Path]) -> Iterator[Host]:
    host = Host()
    host.root = two_versions[0]
    yield host
    host.hold.set()
    host.server.shutdown()
    host.server.server_close()


def text(number: int, variant: str = "zh-hans") -> str:
    return f"{variant}/texts/t{number}.html"


def ask(page: Page, what: str, **given: Any) -> Any:
    return page.evaluate(ASK, [what, given])


def wait_for(page: Page, question: str, given: object = None) -> None:
    """Waits until an asynchronous question is answered with yes."""
    for _ in range(80):
        if page.evaluate(question, given):
            return
        page.wait_for_timeout(250)
    pytest.fail(f"never: {question}")


def settle(page: Page, url: str) -> None:
    """Opens a page and waits until its worker is at work and has kept it."""
    page.goto(url)
    wait_for(
        page, "async () => (await navigator.serviceWorker.getRegistration())?.active?.state === 'activated'"
    )
    path = "/" + "/".join(url.rsplit("/", 3)[1:])
    wait_for(page, f"async (path) => (await ({CACHED})()).some(([, url]) => url.includes(path + '?'))", path)


def keep(page: Page, *variants: str) -> None:
    """Keeps the edition, by asking the worker for all of it."""
    ask(page, "keep", chosen=list(variants))
    for _ in range(100):
        if ask(page, "more")["current"]:
            return
    pytest.fail("the edition is never complete")


def press_keep(page: Page, scripts: str = "keep-this") -> None:
    """Asks for the edition as a reader does; it is fetched by the pages."""
    page.locator(".settings").click()
    page.locator(".sheet button.keep").click()
    page.locator(".keeping select").select_option(index=["keep-this", "keep-all"].index(scripts))
    page.locator("[data-does=keep-start]").click()
    expect(page.locator(".keeping [data-does=keep-drop]")).to_be_visible()


def update(page: Page, host: Host, root: Path) -> None:
    """Puts the other version online, and waits until its worker is at work."""
    assert page.evaluate("Boolean(navigator.serviceWorker.controller)")
    host.root = root
    wait_for_version(page, version_of(root))


def version_of(root: Path) -> str:
    found = re.search(r'"list":"([^"]+)"', (root / "sw.js").read_text("utf-8"))
    assert found
    return found[1]


def wait_for_version(page: Page, version: str) -> None:
    wait_for(
        page,
        """async (version) => {
          const name = (await caches.keys()).find((name) => !name.endsWith(' kept'));
          const note = await caches.match(`${name.slice('duben '.length)}?now`);
          const registration = await navigator.serviceWorker.getRegistration();
          const {active, waiting, installing} = registration;
          // Chromium with its tools attached may not notice that the old worker is idle.
          if (waiting) waiting.postMessage({ask: 'take'}, [new MessageChannel().port2]);
          else if (!installing) await registration.update().catch(() => {});
          const now = note && await note.json();
          return active.state === 'activated' && now === version;
        }""",
        version,
    )


def wait_until_complete(page: Page) -> None:
    wait_for(page, f"async (asked) => (await ({ASK})(asked)).current", ["look", {}])


def test_a_visited_page_is_read_without_a_network(open_page: OpenPage, host: Host) -> None:
    page = open_page()
    settle(page, host.url + text(0))
    host.is_down = True
    page.goto(host.url + text(0) + "?from=elsewhere#p1")
    assert page.evaluate(VERSIONS) == ["一", "一"]
    assert page.locator("img").evaluate("(image) => image.naturalWidth") == 1
    assert page.locator("script[src]").count() > 2
    assert set(host.lost) <= {text(0), "sw.js"}, "asked for what is kept"


def test_a_network_that_never_answers_counts_as_none(open_page: OpenPage, host: Host) -> None:
    page = open_page()
    settle(page, host.url + text(0))
    host.held = re.compile(r"t0\.html")
    host.hold.clear()
    page.goto(host.url + text(0), timeout=15_000)
    assert page.evaluate(VERSIONS) == ["一", "一"]
    assert text(0) not in host.lost


def test_a_kept_page_that_stalls_half_way_is_shown_from_its_copy(open_page: OpenPage, host: Host) -> None:
    page = open_page()
    settle(page, host.url + text(0))
    host.stalled = text(0), "版本".encode()
    host.hold.clear()
    page.goto(host.url + text(0), timeout=15_000)
    assert page.evaluate(VERSIONS) == ["一", "一"]


def test_of_a_page_that_stalls_half_way_and_is_not_kept_what_has_come_is_shown(
    open_page: OpenPage, host: Host
) -> None:
    page = open_page()
    settle(page, host.url + text(0))
    host.stalled = text(3), "版本一的".encode()
    host.hold.clear()
    page.goto(host.url + text(3), wait_until="commit")
    page.wait_for_function(
        "() => document.querySelector('.body')?.textContent.includes('版本一')", timeout=9000
    )
    assert page.evaluate(VERSIONS) == ["一", "一"]
    host.hold.set()
    expect(page.locator(".body")).to_contain_text("第3篇")


def test_a_page_that_stalls_while_the_site_is_updated_gets_no_style_of_the_new_version(
    open_page: OpenPage, host: Host, two_versions: tuple[Path, Path]
) -> None:
    page = open_page()
    settle(page, host.url + text(0))
    host.stalled = text(3), "版本一的".encode()
    host.hold.clear()
    host.changed["assets/own.css"] = (two_versions[1] / "assets/own.css").read_bytes()
    host.asked.clear()
    page.goto(host.url + text(3), wait_until="commit")
    for _ in range(40):
        if "assets/own.css" in host.asked:
            break
        page.wait_for_timeout(100)
    assert "assets/own.css" in host.asked
    host.hold.set()
    expect(page.locator(".body")).to_contain_text("第3篇")
    page.wait_for_load_state()
    assert page.evaluate(VERSIONS) == ["一", "一"]


def test_a_page_that_is_kept_in_another_script_is_offered_in_that(open_page: OpenPage, host: Host) -> None:
    page = open_page()
    settle(page, host.url + text(0))
    keep(page, "zh-hans")
    host.is_down = True
    page.goto(host.url + text(5, "zh-hant") + "#p1")
    twin = page.locator("#missed .twin")
    expect(twin).to_be_visible()
    expect(page.locator("#missed")).to_contain_text("简体")
    assert page.locator("#missed [data-t=offline-missed]").count() == 0, "says that it is not kept"
    expect(page.locator("ul.elsewhere a").get_by_text("第5篇", exact=True)).to_be_visible()
    assert page.locator("#how").is_hidden()
    twin.click()
    page.wait_for_url(host.url + text(5) + "#p1")
    assert page.evaluate(VERSIONS) == ["一", "一"]


@pytest.mark.parametrize("page_asked", ["../../outside.html", "../book-of-another/x.html"])
def test_the_page_for_no_network_leads_nowhere_outside(
    open_page: OpenPage, host: Host, page_asked: str
) -> None:
    page = open_page()
    settle(page, host.url + text(0))
    page.goto(host.url + f"zh-hans/offline.html?page={page_asked}")
    expect(page.locator("#pages a")).not_to_have_count(0)
    assert page.locator("#missed a").count() == 0
    assert page.locator("#missed").is_hidden()


def test_a_page_that_was_switched_to_is_kept_too(open_page: OpenPage, host: Host) -> None:
    page = open_page()
    settle(page, host.url + text(2))
    page.goto(host.url + text(3))  # now the worker serves it
    switch_to(page, VARIANTS[1])
    host.is_down = True
    switch_to(page, VARIANTS[0])
    switch_to(page, VARIANTS[1])
    page.reload()
    assert page.evaluate("document.documentElement.lang") == VARIANTS[1]
    assert page.evaluate(VERSIONS) == ["一", "一"]


def test_instead_of_a_page_that_is_not_kept_there_is_one_that_says_so(
    open_page: OpenPage, host: Host
) -> None:
    page = open_page()
    settle(page, host.url + text(4))
    host.is_down = True
    page.goto(host.url + text(5, "zh-hant") + "#p1")
    expect(page.locator("#missed")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == VARIANTS[1]
    expect(page.locator("#how")).to_be_visible()
    page.goto(host.url + text(6) + "#p1")
    expect(page.locator("#pages a")).to_have_text("第4篇")
    again = page.locator("#missed a")
    assert again.evaluate("(link) => link.href") == host.url + text(6) + "#p1"
    host.is_down = False
    again.click()
    page.wait_for_url(host.url + text(6) + "#p1")
    host.is_down = True
    page.goto(host.url + text(7))
    with page.expect_navigation():
        page.locator("#pages a").first.click()
    assert page.evaluate(VERSIONS) == ["一", "一"]


def test_the_kept_edition_is_read_whole_without_a_network(
    open_page: OpenPage, host: Host, two_versions: tuple[Path, Path]
) -> None:
    page = open_page()
    settle(page, host.url + text(0))
    keep(page, "zh-hans")
    host.is_down = True
    pages = sorted(two_versions[0].glob("zh-hans/**/*.html"))
    assert len(pages) > TEXTS
    for file in pages:
        if file.stem == "closed":
            continue
        page.goto(host.url + file.relative_to(two_versions[0]).as_posix())
        assert "offline.html" not in page.url or file.name == "offline.html"
        assert page.evaluate("[...document.styleSheets].length") >= 2
    assert {path for path in host.lost if not path.endswith(".html")} <= {"sw.js"}
    page.goto(host.url + text(0, "zh-hant"))
    assert "/zh-hant/offline.html" in page.url


def test_all_scripts_are_kept_if_the_reader_wants_them(open_page: OpenPage, host: Host) -> None:
    page = open_page()
    settle(page, host.url + text(0))
    keep(page, "zh-hans", "zh-hant")
    host.is_down = True
    page.goto(host.url + text(9))
    switch_to(page, VARIANTS[1])
    page.goto(host.url)
    page.wait_for_url("**/index.html")
    assert page.evaluate("document.documentElement.lang") == VARIANTS[1]


def test_a_text_that_may_not_be_republished_is_never_kept(open_page: OpenPage, host: Host) -> None:
    page = open_page()
    settle(page, host.url + text(0))
    page.goto(host.url + "zh-hans/texts/closed.html")
    assert page.evaluate(VERSIONS) == ["一", "一"]
    switch_to(page, VARIANTS[1])
    keep(page, "zh-hans", "zh-hant")
    cached = [url for _, url in page.evaluate(CACHED)]
    assert any(text(8) in url for url in cached)
    assert not [url for url in cached if "closed" in url or "other.pdf" in url]
    contents = page.evaluate("""async () => {
      let all = '';
      for (const name of await caches.keys()) {
        for (const copy of await (await caches.open(name)).matchAll()) all += await copy.text();
      }
      return all;
    }""")
    assert "第8篇。" in contents
    assert "不再发表。</p>" not in contents
    host.is_down = True
    page.goto(host.url + "zh-hans/texts/closed.html")
    assert "offline.html" in page.url
    expect(page.locator(".left-out")).to_contain_text("《不再发表》")


def test_what_is_left_out_of_a_kept_edition_is_named(open_page: OpenPage, host: Host) -> None:
    page = open_page()
    settle(page, host.url + text(0))
    keep(page, "zh-hans")
    page.locator(".settings").click()
    page.locator(".sheet button.keep").click()
    status = page.locator(".keeping [role=status]")
    expect(status).to_contain_text("《不再发表》")
    expect(status).not_to_contain_text("《第1篇》")
    host.is_down = True  # it is known without a network, too
    page.goto(host.url + text(1))
    page.locator(".settings").click()
    page.locator(".sheet button.keep").click()
    expect(status).to_contain_text("《不再发表》")


def test_after_an_update_there_is_only_the_new_version(
    open_page: OpenPage, host: Host, two_versions: tuple[Path, Path]
) -> None:
    page = open_page()
    settle(page, host.url + text(1))
    page.goto(host.url + text(0))
    host.root = two_versions[1]
    # The worker is still that of the first version: the new page gets nothing that was kept.
    page.goto(host.url + text(1))
    assert page.evaluate(VERSIONS) == ["二", "二"]
    wait_for_version(page, version_of(two_versions[1]))
    page.goto(host.url + text(1))
    ask(page, "tidy")
    host.is_down = True
    for number in (1, 0):  # what was visited before is fetched again
        page.goto(host.url + text(number))
        assert page.evaluate(VERSIONS) == ["二", "二"]
    page.goto(host.url + text(0))
    digests = {url for _, url in page.evaluate(CACHED) if "/t0.html?" in url}
    assert len(digests) == 1


def test_a_file_that_a_server_wrongly_calls_unchanged_is_asked_for_again(
    open_page: OpenPage, host: Host, two_versions: tuple[Path, Path]
) -> None:
    page = open_page()
    settle(page, host.url + text(0))
    page.goto(host.url + text(1))
    host.stale = re.compile(r"offline\.json|own\.css")
    update(page, host, two_versions[1])
    page.goto(host.url + text(0))
    assert page.evaluate(VERSIONS) == ["二", "二"]


def test_an_open_page_of_the_old_version_gets_nothing_of_the_new_one(
    open_page: OpenPage, host: Host, two_versions: tuple[Path, Path]
) -> None:
    page = open_page()
    settle(page, host.url + text(1))
    page.goto(host.url + text(0))
    page.evaluate("async () => (await fetch('../../zh-hant/texts/t6.html')).text()")
    page.evaluate("window.same = true")
    update(page, host, two_versions[1])
    # A part that was kept: of the old version. A page that was not: refused, so the switch goes there.
    assert "一" in page.evaluate("async () => (await fetch('../../assets/own.css')).text()")
    refused = page.evaluate(
        """async () => {
          const answer = await fetch('../../zh-hant/texts/t1.html');
          return [answer.status, answer.headers.get('X-Duben'), await answer.text()];
        }"""
    )
    assert refused == [409, "changed", ""]
    unchanged = page.evaluate("async () => (await fetch('../../zh-hant/texts/t5.html')).status")
    assert unchanged == 200
    with page.expect_navigation():
        page.locator(f'.scripts a[hreflang="{VARIANTS[1]}"]').click()
    assert page.evaluate("window.same") is None
    assert page.evaluate(VERSIONS) == ["二", "二"]


def test_a_new_page_that_its_worker_does_not_know_takes_no_page_into_itself(
    open_page: OpenPage, host: Host, two_versions: tuple[Path, Path]
) -> None:
    page = open_page()
    settle(page, host.url + text(1))
    host.root = two_versions[1]
    host.changed["sw.js"] = (two_versions[0] / "sw.js").read_bytes()  # half of an upload
    page.goto(host.url + text(0))
    assert page.evaluate(VERSIONS) == ["二", "二"]
    assert page.evaluate("async () => (await fetch('../../zh-hant/texts/t1.html')).status") == 409
    assert "二" in page.evaluate("async () => (await fetch('../../assets/own.css')).text()")
    del host.changed["sw.js"]
    wait_for_version(page, version_of(two_versions[1]))
    page.evaluate("window.same = true")
    switch_to(page, VARIANTS[1])  # the new worker knows the page
    assert page.evaluate("window.same") is True


def test_the_old_kept_edition_is_read_whole_until_the_new_one_is_complete(
    open_page: OpenPage, host: Host, two_versions: tuple[Path, Path]
) -> None:
    page = open_page()
    settle(page, host.url + text(0))
    press_keep(page)
    wait_until_complete(page)
    page.goto(host.url + text(2))
    host.held = re.compile(r"t0\.html")  # without it, the new one is never complete
    host.hold.clear()
    update(page, host, two_versions[1])
    page.goto(host.url + text(1))  # visited in the new version
    assert page.evaluate(VERSIONS) == ["二", "二"]
    expect(page.locator("body")).to_be_visible()
    host.is_down = True
    host.hold.set()
    for number in range(TEXTS):
        page.goto(host.url + text(number))
        assert page.evaluate(VERSIONS) == ["一", "一"], number
    host.is_down = False
    page.goto(host.url + text(3))  # goes on by itself
    wait_until_complete(page)
    host.is_down = True
    for number in range(TEXTS):
        page.goto(host.url + text(number))
        assert page.evaluate(VERSIONS)[0] == ("二" if number < 2 else "一"), number
        assert page.evaluate(VERSIONS)[1] == "二"
    kept = [url for name, url in page.evaluate(CACHED) if name.endswith(" kept")]
    assert len(kept) == len({url.partition("?")[0] for url in kept}), "two versions of a file are left"


def test_a_download_that_was_cut_off_goes_on_where_it_was(open_page: OpenPage, host: Host) -> None:
    page = open_page()
    settle(page, host.url + text(0))
    host.held = re.compile(r"t2\d\.html")
    host.hold.clear()
    press_keep(page, "keep-all")
    wait_for(page, f"async () => (await ({CACHED})()).some(([name]) => name.endsWith(' kept'))")
    host.is_down = True
    host.hold.set()
    expect(page.locator(".keeping [role=status] p")).to_have_count(1)  # says what the trouble is
    kept = {url for name, url in page.evaluate(CACHED) if name.endswith(" kept")}
    there = {url.removeprefix(host.url).partition("?")[0] for url in kept}
    assert not ask(page, "look")["current"]
    page.goto("about:blank")
    host.is_down = False
    host.asked.clear()
    page.goto(host.url + text(0))  # the page goes on by itself
    wait_until_complete(page)
    files = [path for path in host.asked if "/texts/" in path and path != text(0)]
    assert files
    assert len(files) == len(set(files))
    assert not there & set(files), "fetched twice"


def test_where_there_is_no_room_that_is_told_and_what_was_kept_stays(open_page: OpenPage, host: Host) -> None:
    page = open_page()
    settle(page, host.url + text(0))
    page.goto(host.url + text(1))
    session = page.context.new_cdp_session(page)
    used = page.evaluate("async () => (await navigator.storage.estimate()).usage")
    quota = {"origin": host.url.removesuffix(host.prefix), "quotaSize": used + 60_000}
    session.send("Storage.overrideQuotaForOrigin", quota)
    ask(page, "keep", chosen=["zh-hans", "zh-hant"])
    trouble = ""
    for _ in range(20):
        trouble = ask(page, "more").get("trouble", "")
        if trouble:
            break
    assert trouble == "full"
    assert [name for name, _ in page.evaluate(CACHED) if name.endswith(" kept")]
    session.send("Storage.overrideQuotaForOrigin", {"origin": quota["origin"]})
    keep(page, "zh-hans", "zh-hant")


def test_the_button_in_the_settings_keeps_stops_goes_on_and_removes(open_page: OpenPage, host: Host) -> None:
    page = open_page()
    settle(page, host.url + text(0))
    host.held = re.compile(r"t2\d\.html")
    host.hold.clear()
    page.locator(".settings").click()
    page.locator(".sheet button.keep").click()
    block = page.locator(".keeping")
    choice = block.locator("select")
    expect(choice.locator("option")).to_have_count(2)
    sizes = [float(found) for found in re.findall(r"[\d.]+(?= MB)", choice.inner_text())]
    assert len(sizes) == 2
    assert 0 < sizes[0] < sizes[1]
    choice.select_option(index=1)
    block.locator("[data-does=keep-start]").click()
    expect(block.locator("progress")).to_be_visible()
    block.locator("[data-does=keep-stop]").click()
    host.hold.set()
    expect(block.locator("[data-does=keep-resume]")).to_be_visible()
    assert not ask(page, "look")["current"]
    block.locator("[data-does=keep-resume]").click()
    wait_until_complete(page)
    expect(block.locator("[role=status] p")).to_have_count(3)
    expect(block.locator("progress")).to_have_count(0)
    expect(block.locator("[data-does=keep-start]")).to_be_hidden()
    page.locator(".settings").focus()
    page.keyboard.press("Escape")
    page.goto(host.url + text(1))  # it is told on another page, too
    page.locator(".settings").click()
    page.locator(".sheet button.keep").click()
    expect(block.locator("[role=status] p")).to_have_count(3)
    assert page.evaluate("localStorage.getItem('duben-settings')") is None
    block.locator("[data-does=keep-drop]").click()
    expect(block.locator("[data-does=keep-start]")).to_be_visible()
    assert not [name for name in page.evaluate("caches.keys()") if name.endswith(" kept")]
    page.locator(".sheet button.keep").click()
    expect(block).to_have_count(0)


def test_two_pages_that_ask_at_once_do_not_take_half_for_the_whole(open_page: OpenPage, host: Host) -> None:
    page = open_page()
    settle(page, host.url + text(0))
    host.changed[text(3)] = b"altered on the way"
    ask(page, "keep", chosen=["zh-hans"])
    answers = page.evaluate(
        f"async (asked) => Promise.all(Array.from({{length: 12}}, () => ({ASK})(asked)))", ["more", {}]
    )
    assert "changed" in [answer.get("trouble") for answer in answers]
    assert not [answer for answer in answers if answer["current"]]
    # What is removed while it is fetched stays removed.
    page.evaluate(f"(asked) => {{ ({ASK})(asked); }}", ["more", {}])
    ask(page, "drop")
    assert not [name for name in page.evaluate("caches.keys()") if name.endswith(" kept")]


def test_what_a_server_in_between_has_altered_is_shown_but_not_kept(open_page: OpenPage, host: Host) -> None:
    page = open_page()
    settle(page, host.url + text(0))
    own = (host.root / text(3)).read_bytes()
    host.changed[text(3)] = own.replace("版本一".encode(), "版本零".encode())
    page.goto(host.url + text(3))
    assert page.evaluate(VERSIONS) == ["零", "一"]
    assert not [url for _, url in page.evaluate(CACHED) if "/t3.html?" in url]
    ask(page, "keep", chosen=["zh-hans"])
    answers = [ask(page, "more") for _ in range(8)]
    assert answers[-1]["trouble"] == "changed"
    assert not answers[-1]["current"]


def test_from_a_disk_nothing_is_registered_and_nothing_complains(
    open_page: OpenPage, two_versions: tuple[Path, Path]
) -> None:
    page = open_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto((two_versions[0] / text(0)).as_uri())
    page.wait_for_timeout(1000)  # after the page is loaded, its scripts may still ask for something
    assert complaints == []
    assert page.locator("link[rel=manifest]").count() == 0
    assert page.evaluate("window.duben.offline") is None, "loaded, though it has nothing to do here"


def test_where_storage_is_refused_the_page_is_read_as_it_is(open_page: OpenPage, host: Host) -> None:
    page = open_page(service_workers="block")
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(host.url + text(0))
    page.wait_for_function("() => window.duben?.offline")
    page.wait_for_timeout(300)
    assert complaints == []
    assert page.evaluate(VERSIONS) == ["一", "一"]
    assert page.evaluate("caches.keys()") == []


def test_the_worker_in_the_docs_removes_what_is_kept(open_page: OpenPage, host: Host) -> None:
    docs = (CHECKOUT / "docs/hosting.md").read_text("utf-8")
    found = re.search(r"```js\n(self\.addEventListener.*?)```", docs, re.DOTALL)
    assert found
    page = open_page()
    settle(page, host.url + text(0))
    keep(page, "zh-hans")
    host.changed["sw.js"] = found[1].encode()
    page.goto(host.url + text(1))
    page.evaluate("navigator.serviceWorker.getRegistration().then((found) => found.update())")
    # A page that is still open keeps its worker, which may note something down again.
    wait_for(page, "async () => !(await navigator.serviceWorker.getRegistration())")
    page.goto("about:blank")
    page.goto(host.url + "assets/icon.svg")
    assert not [name for name in page.evaluate("caches.keys()") if name.endswith(" kept")]
