"""Shows a built site to browsers on this machine, and tells open pages when it was built anew.

Nothing is kept by a browser, and what a preview adds to a page is added when it is sent: a script
(`templates/preview/live.js`), from `/.duben/`, where no page of an edition can be. The script listens to
`/.duben/events`, and asks `/.duben/changed` whether what its page is made of is another.
"""

from __future__ import annotations

import contextlib
import errno
import html
import ipaddress
import json
import mimetypes
import re
import socket
import sys
import threading
from dataclasses import asdict
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from typing import Any
from urllib.parse import quote, urlsplit

from duben.desk.stage import Problem, Stage, file_of
from duben.publish.feeds import MISSING
from duben.publish.offline import WORKER
from duben.publish.render import theme_folder

OWN = "/.duben/"
SCRIPTS = ("live.js", "live.css")  # of templates/preview/
LONGEST = 1 << 20  # bytes of a question
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".md": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}
HEAD = re.compile(rb"<head(?:\s[^>]*)?>", re.IGNORECASE)
RANGE = re.compile(r"bytes=(\d*)-(\d*)")

#: What an older worker of this address is replaced by: one that forgets what was kept, and goes.
LAST_WORKER = b"""\
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith('duben ')) await caches.delete(name);
  await self.registration.unregister();
})()));
"""


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a host."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Server(ThreadingHTTPServer):
    """Serves a stage, until it is closed. Raises OSError where the port is taken."""

    daemon_threads = True
    block_on_close = False
    # Elsewhere it lets two servers have one port.
    allow_reuse_address = sys.platform != "win32"

    def __init__(self, stage: Stage, host: str, port: int) -> None:
        self.stage = stage
        self.host = host
        try:
            family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        except ValueError:  # what Python says of a name that cannot be one in the network
            raise OSError(errno.EINVAL, "this is no host's name") from None
        self.address_family = family
        self.added = {name: (theme_folder() / "preview" / name).read_bytes() for name in SCRIPTS}
        super().__init__((host, int(address[1])), Handler)

    def server_bind(self) -> None:
        # As the standard library's, which asks the network for the machine's name: that can take long.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = self.host, int(self.server_address[1])

    @property
    def url(self) -> str:
        host = "localhost" if self.host in ("", "0.0.0.0", "::") else self.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.server_port}/"

    def start(self) -> None:
        """Serves in a thread of its own."""
        threading.Thread(target=partial(self.serve_forever, poll_interval=0.1), daemon=True).start()

    def stop(self) -> None:
        self.stage.close()
        self.shutdown()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away in the middle is nothing to tell of."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)

    def knows(self, host: str) -> bool:
        """Whether a browser asks for us by a name that is ours.

        A page of another site may call its own name one of this machine: what it then reads would be ours.
        A number is nobody's name.
        """
        name = urlsplit(f"//{host}").hostname or ""
        if name in (self.host, "localhost") or name.endswith(".localhost"):
            return True
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            own = socket.gethostname().lower()
            return not is_loopback(self.host) and name in (own, f"{own}.local")
        return address.is_loopback or not is_loopback(self.host)


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    server: Server
    timeout = 30  # seconds for a client that says nothing, or takes nothing
    server_version = "duben"
    sys_version = ""

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        if self._is_welcome() and self._address() == f"{OWN}changed":
            self._tell_changed()
        else:
            self._refuse(HTTPStatus.METHOD_NOT_ALLOWED)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Says nothing: the terminal is for builds."""

    # --- who asks --------------------------------------------------------------------------------

    def _address(self) -> str:
        return self.path.partition("?")[0].partition("#")[0]

    def _is_welcome(self) -> bool:
        """Whether the request is for this server, and what only our pages ask for comes from one of them."""
        try:
            if not self.server.knows(self.headers.get("Host", "localhost")):
                return False
        except ValueError:
            return False
        if not self._address().startswith(OWN):
            return True
        origin = self.headers.get("Origin")
        if origin is not None and origin != f"http://{self.headers.get('Host')}":
            return False
        return self.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")

    # --- answers ---------------------------------------------------------------------------------

    def _answer(self) -> None:
        address = self._address()
        if not self._is_welcome():
            self._refuse(HTTPStatus.FORBIDDEN)
        elif address == f"{OWN}events":
            self._send_events()
        elif address.startswith(OWN):
            name = address.removeprefix(OWN)
            if name in self.server.added:
                self._send(self.server.added[name], Path(name).suffix)
            else:
                self._refuse(HTTPStatus.NOT_FOUND)
        elif address == f"/{WORKER}":
            self._send(LAST_WORKER, ".js")
        else:
            self._send_file(address)

    def _send_file(self, address: str) -> None:
        stage = self.server.stage
        if not stage.told.build:
            self._send(self._waiting_page(), ".html", HTTPStatus.SERVICE_UNAVAILABLE)
            return
        path = file_of(address)
        if path is None:
            self._refuse(HTTPStatus.BAD_REQUEST)
            return
        file = stage.root / path
        try:
            if file.is_dir() and not file.is_symlink():
                self.send_response(HTTPStatus.MOVED_PERMANENTLY)
                self.send_header("Location", f"/{quote(path)}/")
                self._end(0)
                return
            if not file.resolve().is_relative_to(stage.root.resolve()) or path.startswith(OWN[1:]):
                raise FileNotFoundError
            content = file.read_bytes()
        except (OSError, ValueError):
            self._send(self._missing_page(), ".html", HTTPStatus.NOT_FOUND)
            return
        self._send(content, file.suffix.lower())

    def _send(self, content: bytes, kind: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        """Sends a file, with our script where it is a page, or the part of it that was asked for."""
        if kind == ".html":
            content = self._with_script(content)
        part = content
        wanted = RANGE.fullmatch(self.headers.get("Range", "")) if status is HTTPStatus.OK else None
        begin, end = 0, len(content)
        if wanted and any(wanted.groups()):
            first, last = wanted.groups()
            begin = int(first) if first else max(len(content) - int(last), 0)
            end = min(int(last) + 1, len(content)) if first and last else len(content)
            if begin >= end:
                self.send_response(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
                self.send_header("Content-Range", f"bytes */{len(content)}")
                self._end(0)
                return
            part = content[begin:end]
            status = HTTPStatus.PARTIAL_CONTENT
        self.send_response(status)
        self.send_header(
            "Content-Type", TYPES.get(kind) or mimetypes.types_map.get(kind, "application/octet-stream")
        )
        self.send_header("Accept-Ranges", "bytes")
        if status is HTTPStatus.PARTIAL_CONTENT:
            self.send_header("Content-Range", f"bytes {begin}-{end - 1}/{len(content)}")
        self._end(len(part))
        if self.command != "HEAD":
            self.wfile.write(part)

    def _end(self, length: int) -> None:
        self.send_header("Content-Length", str(length))
        self._end_headers()

    def _end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()

    def _refuse(self, status: HTTPStatus) -> None:
        words = f"{status.value} {status.phrase}\n".encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self._end(len(words))
        if self.command != "HEAD":
            self.wfile.write(words)

    def _with_script(self, page: bytes) -> bytes:
        stage = self.server.stage
        known = f'data-instance="{stage.instance}" data-build="{stage.told.build}"'
        script = f'<script src="{OWN}live.js" {known}></script>'.encode()
        head = HEAD.search(page)
        return page[: head.end()] + script + page[head.end() :] if head else page + script

    def _missing_page(self) -> bytes:
        """The page for wrong addresses: the edition's, which names places as they are on the net, or ours."""
        stage = self.server.stage
        with contextlib.suppress(OSError):
            page = (stage.root / MISSING).read_bytes()
            return page.replace(stage.base_url.encode(), b"/") if stage.base_url else page
        return _page(
            "Nothing is at this address", '<p>Nothing is at this address. <a href="/">The edition</a></p>'
        )

    def _waiting_page(self) -> bytes:
        """What is shown before the first build without errors: its problems."""
        told = self.server.stage.told
        if told.building:
            return _page("Building …", "<p>The edition is being built for the first time.</p>")
        problems = "".join(f"<li><pre>{html.escape(_lines(problem))}</pre></li>" for problem in told.problems)
        return _page(
            "The edition cannot be built yet",
            "<p>The edition cannot be built yet. It is shown here as soon as the problems are mended.</p>"
            f"<noscript><ol>{problems}</ol></noscript>",
        )

    # --- what our script asks --------------------------------------------------------------------

    def _send_events(self) -> None:
        """Tells what is known, and all news as they come."""
        stage = self.server.stage
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self._end_headers()
        if self.command == "HEAD":
            return
        count = -1
        while not stage.is_closed:
            told = stage.wait(count)
            if told.count == count:
                self.wfile.write(b": \n\n")
            elif not stage.is_closed:
                count = told.count
                news = json.dumps({"instance": stage.instance, **asdict(told)})
                self.wfile.write(f"data: {news}\n\n".encode())

    def _tell_changed(self) -> None:
        """Answers {"since": build, "paths": [...]} with those of the paths that were changed since."""
        try:
            length = int(self.headers.get("Content-Length", ""))
            if not 0 <= length <= LONGEST:
                raise ValueError
            asked = json.loads(self.rfile.read(length))
            since, paths = int(asked["since"]), [str(path) for path in asked["paths"]]
        except (ValueError, TypeError, KeyError, RecursionError):
            self._refuse(HTTPStatus.BAD_REQUEST)
            return
        self._send(json.dumps(self.server.stage.changed_since(since, paths)).encode(), ".json")


def _lines(problem: Problem) -> str:
    code = f" [{problem.code}]" if problem.code else ""
    line = f"{problem.place}: {problem.severity}: {problem.message}{code}"
    return f"{line}\n  hint: {problem.hint}" if problem.hint else line


def _page(title: str, body: str) -> bytes:
    """A page of our own. body: markup."""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'self\'">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="color-scheme" content="light dark">\n<title>{title}</title>\n</head>\n'
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    ).encode()
