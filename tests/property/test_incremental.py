"""Whatever was edited, a build over the old site is the build into an empty folder, byte for byte."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from conftest import CHECKOUT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from duben.desk.build import Options, build
from duben.diagnostics import EditionError, Report
from duben.memo import FORGETFUL, Memo
from duben.publish.output import Summary

TEXTS = ("jia", "yi", "bing")
WORDS = ("豆浆", "油条", "面条", "早市", "新质生产力")


def start(folder: Path) -> None:
    put(folder, "edition.yaml", "title: 读本\n")
    for slug in TEXTS[:2]:
        write_text(folder, slug, 3)
    for number, word in enumerate(WORDS[:3]):
        write_entry(folder, number, word)


def put(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def write_text(folder: Path, slug: str, salt: int) -> None:
    words = [WORDS[(salt + offset) % len(WORDS)] for offset in range(4)]
    body = "".join(f"早上有{word}，后面也有{word}。 {{#p{n}}}\n\n" for n, word in enumerate(words, 1))
    note = f"notes:\n  - {{id: n1, in: p2, on: 后面, note: 注{salt}}}\n"
    put(folder, f"texts/{slug}/text.md", body)
    put(folder, f"texts/{slug}/text.yaml", f"title: 题{salt}\norder: {salt % 5}\n{note}")


def write_entry(folder: Path, number: int, word: str) -> None:
    put(folder, f"glossary/e{number}.yaml", f"id: e{number}\nterm: {word}\ndefinition: 释义{word}\n")


def remove(path: Path) -> None:
    if path.is_file():
        path.unlink()


def edit(content: Path, site: Path, what: str, salt: int) -> None:
    """One thing that an editor, or somebody in the output folder, may do."""
    slug, number = TEXTS[salt % len(TEXTS)], salt % len(WORDS)
    match what:
        case "text":
            write_text(content, slug, salt)
        case "remove text":
            remove(content / "texts" / slug / "text.md")
            remove(content / "texts" / slug / "text.yaml")
        case "entry":
            write_entry(content, number, WORDS[number])
        case "remove entry":
            remove(content / f"glossary/e{number}.yaml")
        case "definition":
            put(
                content,
                f"glossary/e{number}.yaml",
                f"id: e{number}\nterm: {WORDS[number]}\ngloss: {{en: x{salt}}}\n",
            )
        case "variants":
            put(content, "edition.yaml", f"title: 读本{salt % 2}\nvariants: [zh-Hans, zh-Hant]\n")
        case "settings":
            put(content, "edition.yaml", f"title: 读本\nbase_url: https://example.org/{salt}/\nlink: every\n")
        case "template":
            put(content, "templates/home.html", f"<!doctype html><title>{salt}</title>{{{{ page.title }}}}")
        case "remove template":
            remove(content / "templates/home.html")
        case "asset":
            put(content, "templates/assets/own.css", f"p {{ margin: {salt}px }}\n")
        case "static":
            put(content, f"static/a/b{salt % 3}", f"{salt}")
        case "file for folder":
            for name in ("a/b0", "a/b1", "a/b2"):
                remove(content / "static" / name)
            if (content / "static/a").is_dir():
                (content / "static/a").rmdir()
            put(content, "static/a", "x") if salt % 2 else put(content, "static/a/b0", "y")
        case "damage page":
            pages = sorted(site.rglob("*.html"))
            if pages:
                pages[salt % len(pages)].write_text("damaged", encoding="utf-8")
        case "lose page":
            pages = sorted(site.rglob("*.html"))
            if pages:
                pages[salt % len(pages)].unlink()
        case "error":
            put(content, "scripts.yaml", "zh-Hant: [\n" if salt % 2 else "{}\n")


EDITS = (
    "text",
    "remove text",
    "entry",
    "remove entry",
    "definition",
    "variants",
    "settings",
    "template",
    "remove template",
    "asset",
    "static",
    "file for folder",
    "damage page",
    "lose page",
    "error",
)


def try_build(
    content: Path, out: Path, memo: Memo = FORGETFUL, report: Report | None = None
) -> Summary | None:
    try:
        return build(Options(content, out), report or Report(), memo=memo).output
    except EditionError:
        return None


def files(site: Path) -> dict[str, bytes]:
    return {
        path.relative_to(site).as_posix(): path.read_bytes()
        for path in sorted(site.rglob("*"))
        if path.is_file() and ".duben" not in path.parts
    }


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(EDITS), st.integers(0, 20)), min_size=1, max_size=5))
def test_a_build_after_any_edits_is_a_clean_build(edits: list[tuple[str, int]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        content, site = Path(name, "content"), Path(name, "site")
        start(content)
        assert try_build(content, site) is not None
        for number, (what, salt) in enumerate(edits):
            edit(content, site, what, salt)
            before = files(site)
            summary = try_build(content, site)
            clean = Path(name, f"clean{number}")
            clean_summary = try_build(content, clean)
            assert (summary is None) == (clean_summary is None)
            if summary is None:
                assert files(site) == before
            else:
                assert files(site) == files(clean)
                if number == len(edits) - 1:
                    again = try_build(content, site)
                    assert again == Summary(0, summary.written + summary.unchanged, 0)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(EDITS), st.integers(0, 20)), min_size=1, max_size=6))
def test_a_build_that_remembers_the_last_one_is_a_clean_build(edits: list[tuple[str, int]]) -> None:
    memo = Memo()
    with tempfile.TemporaryDirectory() as name:
        content, site = Path(name, "content"), Path(name, "site")
        start(content)
        for number, (what, salt) in enumerate([("settings", 0), *edits]):
            edit(content, site, what, salt)
            report, clean_report = Report(), Report()
            summary = try_build(content, site, memo, report)
            clean = Path(name, f"clean{number}")
            assert (summary is None) == (try_build(content, clean, report=clean_report) is None)
            assert report.found == clean_report.found
            if summary is not None:
                assert files(site) == files(clean)


def test_a_second_build_writes_nothing_and_touches_nothing(tmp_path: Path) -> None:
    start(tmp_path / "content")
    first = try_build(tmp_path / "content", tmp_path / "site")
    assert first is not None
    assert first.written > 0
    stats = {path: path.stat() for path in (tmp_path / "site").rglob("*.html")}
    second = try_build(tmp_path / "content", tmp_path / "site")
    assert second == Summary(0, first.written, 0)
    for path, before in stats.items():
        after = path.stat()
        assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)


def test_two_hash_seeds_give_the_same_bytes(tmp_path: Path) -> None:
    sites = []
    for seed in ("1", "2"):
        site = tmp_path / seed
        subprocess.run(
            [sys.executable, str(CHECKOUT / "build.py"), "--out", str(site), "--quiet"],
            cwd=CHECKOUT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            timeout=120,
        )
        sites.append(files(site))
    assert sites[0] == sites[1]


def test_the_shipped_edition_has_no_problem(run_duben: Callable) -> None:
    run = run_duben("check", "--strict", cwd=CHECKOUT)
    problems = [line for line in run.stderr.splitlines() if ": error: " in line or ": warning: " in line]
    assert (run.status, problems) == (0, [])
