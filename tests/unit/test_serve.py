"""duben serve: what its server answers, what it watches, and that it goes on whatever happens."""

from __future__ import annotations

import http.client
import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from conftest import CHECKOUT

from duben.desk import serve as serving
from duben.desk.build import Options, build
from duben.desk.preview import Server
from duben.desk.serve import Attempt, open_folder, open_server, serve
from duben.desk.stage import Problem, Stage, file_of
from duben.desk.watch import Watch, Watched
from duben.diagnostics import Report, one_line

EDITION: dict[str, str | bytes] = {
    "edition.yaml": "title: 小书\nvariants: [zh-Hans]\nbase_url: https://reader.example/deep/\n",
    "texts/yi/text.yaml": "title: 一篇\n",
    "texts/yi/text.md": "巷口有一棵老槐树。 {#p1}\n",
    "static/画 图.txt": "一幅画\n",
    "static/.well-known/x": "x\n",
}
PAGE = "/zh-hans/texts/yi.html"
LONG = 60  # seconds: a busy machine is slow; what works does not wait


class Answer:
    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()
        self.text = self.body.decode("utf-8", "replace")


def ask(server: Server, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=LONG)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, named)
    answer = Answer(connection.getresponse())
    connection.close()
    return answer


class Preview:
    """A preview at work in this process."""

    def __init__(self, content: Path, server: Server, attempts: queue.Queue[Attempt]) -> None:
        self.content = content
        self.server = server
        self.attempts = attempts

    def write(self, name: str, text: str) -> None:
        (self.content / name).write_text(text, encoding="utf-8")

    def next(self) -> Attempt:
        return self.attempts.get(timeout=LONG)

    def events(self) -> Iterator[dict]:
        """What a page hears, as it comes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.server_port, timeout=LONG)
        connection.request("GET", "/.duben/events")
        for line in connection.getresponse():
            if line.startswith(b"data: "):
                yield json.loads(line[6:])


@pytest.fixture
def preview(tmp_path: Path, write_edition: Callable[..., Path]) -> Iterator[Callable[..., Preview]]:
    """`preview({...})` writes an edition and serves it; the first build has not been waited for."""
    stop = threading.Event()
    threads = []

    def start(files: dict[str, str | bytes], **options: object) -> Preview:
        content = write_edition(tmp_path / "content", files)
        attempts: queue.Queue[Attempt] = queue.Queue()
        ready: queue.Queue[Server] = queue.Queue()

        def work() -> None:
            with open_folder(None) as out, open_server(out, "127.0.0.1", 0) as server:
                ready.put(server)
                serve(Options(content, out, **options), server.stage, attempts.put, stop)

        threads.append(threading.Thread(target=work, daemon=True))
        threads[-1].start()
        return Preview(content, ready.get(timeout=LONG), attempts)

    yield start
    stop.set()
    for thread in threads:
        thread.join(LONG)
        assert not thread.is_alive()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, write_edition: Callable[..., Path]) -> Path:
    folder = tmp_path_factory.mktemp("site")
    content = write_edition(folder / "content", EDITION)
    build(Options(content, folder / "site"), Report())
    (folder / "secret.txt").write_text("secret", encoding="utf-8")
    return folder / "site"


@pytest.fixture(scope="module")
def server(site: Path) -> Iterator[Server]:
    with open_server(site, "127.0.0.1", 0) as server:
        server.stage.show([], ["zh-hans/texts/yi.html"], "https://reader.example/deep/")
        yield server


# --- the server ----------------------------------------------------------------------------------


def test_a_page_is_sent_as_it_was_built_and_with_the_script(server: Server, site: Path) -> None:
    answer = ask(server, PAGE)
    script = f'<script src="/.duben/live.js" data-instance="{server.stage.instance}" data-build="1"></script>'
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.text.count(script) == 1
    assert answer.text.replace(script, "").encode() == (site / PAGE[1:]).read_bytes()
    assert answer.text.index(script) < answer.text.index("boot.js")


@pytest.mark.parametrize(
    ("path", "type"),
    [
        ("/assets/style.css", "text/css; charset=utf-8"),
        ("/assets/boot.js", "text/javascript; charset=utf-8"),
        ("/assets/icon.svg", "image/svg+xml"),
        (f"/{quote('画 图.txt')}", "text/plain; charset=utf-8"),
        ("/zh-hans/manifest.webmanifest", "application/manifest+json"),
    ],
)
def test_a_file_is_sent_as_it_is_with_its_type(server: Server, site: Path, path: str, type: str) -> None:  # noqa: A002
    answer = ask(server, path)
    assert (answer.status, answer.headers["Content-Type"]) == (200, type)
    assert answer.body == (site / (file_of(path) or "")).read_bytes()
    assert b"live.js" not in answer.body


def test_a_folder_is_its_index(server: Server) -> None:
    assert ask(server, "/zh-hans/").body == ask(server, "/zh-hans/index.html?a=b").body
    moved = ask(server, "/zh-hans")
    assert (moved.status, moved.headers["Location"]) == (301, "/zh-hans/")
    assert ask(server, "//zh-hans").headers["Location"] == "/zh-hans/"


def test_an_address_of_nothing_is_told_so_with_links_into_the_preview(server: Server) -> None:
    answer = ask(server, "/zh-hans/texts/er.html")
    assert answer.status == 404
    assert 'href="/zh-hans/index.html"' in answer.text
    assert "reader.example" not in answer.text
    assert "/.duben/live.js" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/zh-hans/..%2f..%2fsecret.txt",
        "/..%5csecret.txt",
        "//etc/passwd",
        "/%00",
        "/%ff",
        "/link.txt",
        "/.duben/manifest.json",
        "/.duben/../.duben/manifest.json",
        "/%2eduben/manifest.json",
    ],
)
def test_nothing_outside_of_the_site_is_sent(server: Server, site: Path, path: str) -> None:
    link = site / "link.txt"
    link.unlink(missing_ok=True)
    link.symlink_to(site.parent / "secret.txt")
    answer = ask(server, path)
    assert answer.status in (400, 404)
    assert "secret" not in answer.text and '"files"' not in answer.text


def test_a_head_has_no_body(server: Server) -> None:
    answer = ask(server, PAGE, "HEAD")
    assert (answer.status, answer.body) == (200, b"")
    assert int(answer.headers["Content-Length"]) == len(ask(server, PAGE).body)


@pytest.mark.parametrize(
    ("asked", "part"),
    [("bytes=0-2", slice(0, 3)), ("bytes=2-", slice(2, None)), ("bytes=-4", slice(-4, None))],
)
def test_a_part_of_a_file_can_be_had(server: Server, site: Path, asked: str, part: slice) -> None:
    whole = (site / "assets" / "icon.svg").read_bytes()
    answer = ask(server, "/assets/icon.svg", Range=asked)
    assert (answer.status, answer.body) == (206, whole[part])
    assert answer.headers["Content-Range"].endswith(f"/{len(whole)}")


def test_a_part_that_is_not_there_is_refused_and_a_strange_one_is_the_whole(server: Server) -> None:
    assert ask(server, "/assets/icon.svg", Range="bytes=99999-").status == 416
    assert ask(server, "/assets/icon.svg", Range="lines=1-2").status == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "localhost:1"}, 200),
        ({"Host": "127.0.0.1"}, 200),
        ({"Host": "[::1]:8000"}, 200),
        ({"Host": "evil.example"}, 403),
        ({"Host": "127.0.0.1.evil.example"}, 403),
        ({"Host": "192.168.1.5"}, 403),
        ({"Host": "[::1"}, 403),
    ],
)
def test_only_who_asks_by_our_own_name_is_answered(
    server: Server, headers: dict[str, str], status: int
) -> None:
    assert ask(server, PAGE, **headers).status == status


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec_Fetch_Site": "cross-site"}]
)
@pytest.mark.parametrize(("method", "path"), [("GET", "/.duben/events"), ("POST", "/.duben/changed")])
def test_pages_of_other_sites_hear_nothing(
    server: Server, method: str, path: str, headers: dict[str, str]
) -> None:
    answer = ask(server, path, method, **headers)
    assert answer.status in (403, 405)
    assert "problems" not in answer.text
    assert ask(server, PAGE).headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_the_worker_of_a_preview_removes_itself(server: Server, site: Path) -> None:
    answer = ask(server, "/sw.js")
    assert "registration.unregister" in answer.text
    assert answer.body != (site / "sw.js").read_bytes()


def test_it_tells_what_was_changed_since_a_build(server: Server) -> None:
    def changed(since: int) -> list[str]:
        asked = json.dumps({"since": since, "paths": [PAGE, "/zh-hans/", "/assets/style.css"]}).encode()
        found: list[str] = json.loads(ask(server, "/.duben/changed", "POST", asked).body)
        return found

    assert (changed(0), changed(1)) == ([PAGE], [])


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"since": "x", "paths": []}', b"[" * 10000])
def test_a_question_that_makes_no_sense_is_refused(server: Server, body: bytes) -> None:
    assert ask(server, "/.duben/changed", "POST", body).status == 400


def test_a_client_that_says_nothing_holds_nobody_up(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.server_port)) as silent:
        silent.sendall(b"GET / HTTP/1.1\r\n")
        assert ask(server, PAGE).status == 200


def test_words_of_a_problem_never_become_markup(tmp_path: Path) -> None:
    with open_server(tmp_path / "none", "127.0.0.1", 0) as server:
        server.stage.show([Problem("error", "a:1:1", "<script>hit()</script>")], None)
        answer = ask(server, "/anything")
    assert answer.status == 503
    assert "<script>hit" not in answer.text
    assert "a:1:1: error: &lt;script&gt;hit()&lt;/script&gt;" in answer.text


# --- watching ------------------------------------------------------------------------------------


@pytest.mark.parametrize("native", [True, False])
def test_what_an_editor_saves_is_seen_and_what_programs_leave_is_not(
    tmp_path: Path, native: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not native:

        def none(*_: object, **__: object) -> object:
            raise OSError("no more watches")

        monkeypatch.setattr("watchfiles.watch", none)
    root = tmp_path / "content"
    (root / "texts").mkdir(parents=True)
    stop = threading.Event()
    watch = Watch([Watched(root), Watched(tmp_path / "sources", outside=True)], stop)
    changes = watch.changes()

    def saved(name: str, text: str = "x") -> list[str]:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        threading.Timer(0.1, path.write_text, [text]).start()
        return [Path(found).relative_to(tmp_path).as_posix() for found in next(changes)]

    for junk in (".text.yaml.swp", "text.yaml~", ".#text.yaml"):
        (root / "texts" / junk).write_text("x")
    assert saved("content/texts/a/text.md") == ["content/texts/a/text.md"]
    assert saved("content/texts/a/text.md", "longer") == ["content/texts/a/text.md"]
    assert saved("sources/b.txt") == ["sources/b.txt"]
    threading.Timer(0.1, root.rename, [tmp_path / "away"]).start()
    assert [Path(found).name for found in next(changes)] == ["text.md"]
    threading.Timer(0.1, (tmp_path / "away").rename, [root]).start()
    assert [Path(found).name for found in next(changes)] == ["text.md"]
    assert saved("content/texts/a/text.md", "after all that") == ["content/texts/a/text.md"]
    stop.set()
    assert list(changes) == []


# --- building ------------------------------------------------------------------------------------


def test_a_save_is_built_and_open_pages_hear_of_it(preview: Callable[..., Preview]) -> None:
    shown = preview(EDITION)
    first = shown.next()
    assert first.built and first.built.output.written > 10
    events = shown.events()
    told = next(events)
    assert (told["build"], told["problems"]) == (1, [])
    shown.write("texts/yi/text.md", "巷口有两棵老槐树。 {#p1}\n")
    again = shown.next()
    assert [Path(path).name for path in again.changed] == ["text.md"]
    assert next(events)["build"] == 2
    assert "两棵" in ask(shown.server, PAGE).text
    paths = json.dumps({"since": 1, "paths": [PAGE, "/zh-hans/about.html"]}).encode()
    assert json.loads(ask(shown.server, "/.duben/changed", "POST", paths).body) == [PAGE]


def test_problems_are_told_with_their_place_while_the_last_sound_build_stays(
    preview: Callable[..., Preview],
) -> None:
    shown = preview(EDITION)
    shown.next()
    events = shown.events()
    next(events)
    shown.write("texts/yi/text.yaml", "titel: 一篇\n")
    assert shown.next().built is None
    told = next(events)
    place = f"{shown.content.as_posix()}/texts/yi/text.yaml"
    assert told["build"] == 1
    assert {"error"} == {problem["severity"] for problem in told["problems"]}
    assert told["problems"][0]["place"].startswith(f"{place}:1:1")
    assert "巷口" in ask(shown.server, PAGE).text
    shown.write("texts/yi/text.yaml", "title: 一篇\n")
    assert shown.next().built
    assert next(events)["problems"] == []


def test_an_edition_that_cannot_be_built_yet_is_waited_for(preview: Callable[..., Preview]) -> None:
    shown = preview({**EDITION, "edition.yaml": "title: [\n"})
    assert shown.next().built is None
    answer = ask(shown.server, PAGE)
    assert answer.status == 503
    assert "edition.yaml:" in answer.text
    shown.write("edition.yaml", EDITION["edition.yaml"])
    assert shown.next().built
    assert ask(shown.server, PAGE).status == 200


def test_a_bug_is_told_and_the_next_save_is_built(
    preview: Callable[..., Preview], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = preview(EDITION)
    shown.next()
    events = shown.events()
    next(events)

    def broken(*_: object, **__: object) -> object:
        raise ZeroDivisionError("a bug <b>")

    with monkeypatch.context() as patch:
        patch.setattr(serving, "build", broken)
        shown.write("texts/yi/text.md", "老槐树。 {#p1}\n")
        attempt = shown.next()
    assert isinstance(attempt.crash, ZeroDivisionError)
    (problem,) = next(events)["problems"]
    assert problem["message"] == "ZeroDivisionError: a bug <b>"
    shown.write("texts/yi/text.md", "老树。 {#p1}\n")
    assert shown.next().built


def test_a_template_that_is_wrong_is_told_with_its_line(preview: Callable[..., Preview]) -> None:
    shown = preview({**EDITION, "templates/home.html": "一\n{% nothing %}\n"})
    (found,) = [each for each in shown.next().report.found if each.severity == "error"]
    assert (found.code, found.location.line) == ("template-error", 2)


def test_what_is_served_is_what_a_build_makes(preview: Callable[..., Preview], tmp_path: Path) -> None:
    shown = preview(EDITION)
    shown.next()
    shown.write("texts/yi/text.md", "巷口有两棵老槐树。 {#p1}\n\n又一段。 {#p2}\n")
    shown.next()
    build(Options(shown.content, tmp_path / "clean"), Report())
    assert files(shown.server.stage.root) == files(tmp_path / "clean")


def files(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and ".duben" not in path.parts
    }


# --- the command ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_it_ends_at_once_and_leaves_nothing(
    tmp_path: Path, write_edition: Callable[..., Path], number: signal.Signals, status: int
) -> None:
    write_edition(tmp_path / "content", EDITION)
    (tmp_path / "temporary").mkdir()
    process = subprocess.Popen(
        [sys.executable, str(CHECKOUT / "build.py"), "serve", "--port", "0"],
        cwd=tmp_path,
        env={**os.environ, "TMPDIR": str(tmp_path / "temporary"), "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    assert process.stdout
    address = process.stdout.readline()
    assert address.startswith("http://127.0.0.1:") and "content/" in address
    assert "written" in process.stdout.readline()
    port = int(address.split("/")[2].partition(":")[2])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LONG)
    connection.request("GET", "/.duben/events")
    events = connection.getresponse()
    assert events.readline().startswith(b"data: ")
    process.send_signal(number)
    _, errors = process.communicate(timeout=LONG)
    assert process.returncode == status
    assert "Traceback" not in errors
    assert events.read() == b"\n"
    assert list((tmp_path / "temporary").iterdir()) == []
    assert not (tmp_path / "site").exists()


def test_a_port_that_is_taken_is_told_in_a_line(
    tmp_path: Path, write_edition: Callable[..., Path], run_duben: Callable
) -> None:
    write_edition(tmp_path / "content", EDITION)
    with open_server(tmp_path, "127.0.0.1", 0) as server:
        run = run_duben("serve", "--port", str(server.server_port), cwd=tmp_path)
    assert run.status == 1
    assert run.stderr == (
        f"duben: port {server.server_port} is in use; name another with --port, or 0 for any that is free\n"
    )


@pytest.mark.parametrize("host", ["no.such.host.invalid", "a..b", "a" * 80, "a\udcff", "a\nb"])
def test_a_host_that_is_none_is_told_in_a_line(
    host: str, tmp_path: Path, write_edition: Callable[..., Path], run_duben: Callable
) -> None:
    write_edition(tmp_path / "content", EDITION)
    run = run_duben("serve", "--host", host, cwd=tmp_path)
    assert run.status == 1
    assert run.stderr.startswith(f"duben: cannot serve at {one_line(host)}: ")
    assert run.stderr.count("\n") == 1


def test_a_folder_that_a_preview_builds_into_is_held(
    tmp_path: Path, write_edition: Callable[..., Path], run_duben: Callable
) -> None:
    content = write_edition(tmp_path / "content", EDITION)
    out = tmp_path / "site"
    with open_folder(out):
        run = run_duben("serve", "--out", "site", "--port", "0", cwd=tmp_path)
        assert (run.status, run.stdout) == (1, "")
        assert "another preview is building into it; choose another folder with --out" in run.stderr
        run = run_duben("build", cwd=tmp_path)
        assert (run.status, "a preview is building here [output-busy]" in run.stderr) == (1, True)
        assert build(Options(content, out, is_held=True), Report()).output.written
    assert not (out / ".duben" / "preview").exists()
    assert run_duben("build", "--quiet", cwd=tmp_path).status == 0


def test_a_preview_that_built_nothing_leaves_no_folder(tmp_path: Path) -> None:
    with open_folder(tmp_path / "site"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_somebody_else_s_is_not_written_to_by_a_preview(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").touch()
    with open_folder(tmp_path):
        assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_without_a_port_the_next_free_one_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_server(tmp_path, "127.0.0.1", 0) as first:
        monkeypatch.setattr(serving, "PORT", first.server_port)
        with open_server(tmp_path, "127.0.0.1", None) as second:
            assert first.server_port < second.server_port < first.server_port + serving.PORTS


@pytest.mark.parametrize("port", ["-1", "65536", "x", "８０"])
def test_a_port_that_is_none_is_wrong_usage(tmp_path: Path, run_duben: Callable, port: str) -> None:
    run = run_duben("serve", "--port", port, cwd=tmp_path)
    assert run.status == 2
    assert "is not a number from 0 to 65535" in run.stderr


def test_a_stage_that_is_closed_lets_its_listeners_go(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    threading.Timer(0.05, stage.close).start()
    assert stage.wait(stage.told.count).count == 1
