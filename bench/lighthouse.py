"""What Lighthouse says of each kind of page, as on a telephone.

    npm ci --prefix bench/lighthouse
    CHROME_PATH=/usr/bin/chromium python bench/lighthouse.py [KIND...] [--content DIR] [--runs N]

Builds the edition with the address of a server of its own, which packs what it sends and lets it be kept,
as any host of static pages does, and has Lighthouse look at one page of each kind, the largest: 100 is
the best there is. What keeps a page from it is named below. The median of several runs is shown; on a
machine that does other things meanwhile, performance says little.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "bench/lighthouse/node_modules/lighthouse/cli/index.js"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
PACKED = {".html", ".css", ".js", ".svg", ".xml", ".json", ".webmanifest", ".txt"}


class Host(SimpleHTTPRequestHandler):
    """Sends files packed and to be kept; for a folder its index.html, for nothing the 404 page."""

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        missing = not path.is_file()
        path = Path(self.directory) / "404.html" if missing else path
        content = path.read_bytes()
        self.send_response(404 if missing else 200)
        kind = self.guess_type(path)
        self.send_header("Content-Type", kind + ("; charset=utf-8" if kind.startswith("text/") else ""))
        self.send_header("Cache-Control", "max-age=31536000")
        if path.suffix in PACKED:
            content = gzip.compress(content, 9)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Says nothing."""


@contextmanager
def hosted(content: Path) -> Iterator[tuple[Path, str]]:
    """The built site, and its address on a server."""
    with tempfile.TemporaryDirectory() as name, ThreadingHTTPServer(("127.0.0.1", 0), Host) as server:
        address = f"http://127.0.0.1:{server.server_port}/"
        site = Path(name)
        command = [sys.executable, str(ROOT / "build.py"), "build", "--content", str(content)]
        subprocess.run([*command, "--out", str(site), "--base-url", address, "--quiet"], check=True)
        server.RequestHandlerClass = partial(Host, directory=name)  # type: ignore[assignment]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield site, address
        server.shutdown()


def kinds_of(site: Path) -> dict[str, str]:
    """The largest page of each kind in the first variant: kind → path."""
    largest: dict[str, tuple[int, str]] = {}
    first = min(path.parent.name for path in site.glob("*/index.html"))
    for path in sorted(site.rglob("*.html")):
        name = path.relative_to(site).as_posix()
        if "/" in name and not name.startswith(first + "/"):
            continue
        kind = re.search(r'<html [^>]*class="(\w+)"', path.read_text("utf-8"))
        if kind and path.stat().st_size > largest.get(kind[1], (0, ""))[0]:
            largest[kind[1]] = (path.stat().st_size, name)
    return {kind: name for kind, (_, name) in largest.items()}


def look(address: str) -> dict[str, Any]:
    """Lighthouse's report of a page."""
    command = ["node", str(PROGRAM), address, "--output", "json", "--quiet"]
    command += ["--only-categories", ",".join(CATEGORIES), "--ignore-status-code"]
    flags = "--headless=new --no-sandbox --disable-gpu --lang=en-GB"
    run = subprocess.run([*command, f"--chrome-flags={flags}"], capture_output=True, check=False)
    if run.returncode:
        raise SystemExit(run.stderr.decode("utf-8", "replace"))
    report: dict[str, Any] = json.loads(run.stdout)
    return report


def faults(report: dict[str, Any]) -> Iterator[str]:
    """What keeps a category from 100."""
    for category in CATEGORIES:
        for reference in report["categories"][category]["auditRefs"]:
            audit = report["audits"][reference["id"]]
            if reference["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                yield f"{category}: {audit['title']} ({audit.get('displayValue') or audit['score']})"


def score(reports: list[dict[str, Any]], category: str) -> float:
    """The median of several runs, of 100."""
    return 100 * statistics.median(report["categories"][category]["score"] or 0 for report in reports)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kinds", nargs="*", help="the kinds to look at; all of them by default")
    parser.add_argument("--content", type=Path, default=ROOT / "content")
    parser.add_argument("--runs", type=int, default=1)
    options = parser.parse_args()
    if not PROGRAM.is_file():
        raise SystemExit("npm ci --prefix bench/lighthouse")
    if "CHROME_PATH" not in os.environ:
        print("CHROME_PATH names no Chromium: Lighthouse looks for one itself", file=sys.stderr)
    with hosted(options.content) as (site, address):
        print(f"{'':12}", *(f"{category:>15}" for category in CATEGORIES))
        for kind, path in kinds_of(site).items():
            if options.kinds and kind not in options.kinds:
                continue
            # The root names itself without index.html.
            reports = [look(address + ("" if path == "index.html" else path)) for _ in range(options.runs)]
            scores = {
                category: statistics.median(
                    report["categories"][category]["score"] or 0 for report in reports
                )
                for category in CATEGORIES
            }
            print(f"{kind:12}", *(f"{scores[category] * 100:15.0f}" for category in CATEGORIES), flush=True)
            for fault in dict.fromkeys(fault for report in reports for fault in faults(report)):
                print(f"{'':12}   {fault}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
