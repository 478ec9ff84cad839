"""content/ → site/: the whole way in one call."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from duben.compile.edition import compile_edition, keep_scripts
from duben.desk.since import remember
from duben.diagnostics import EditionError, Report
from duben.memo import FORGETFUL, Memo
from duben.model import Artifact, Content, Edition, Location, Variant
from duben.publish.assets import shrink
from duben.publish.feeds import MISSING, Directory
from duben.publish.interface import string_scripts
from duben.publish.offline import WORKER, Shelf
from duben.publish.output import Summary, open_output
from duben.publish.pages import count_pages, list_pages
from duben.publish.render import Theme, read_templates
from duben.publish.ruby import pinyin_scripts
from duben.publish.search import search_scripts
from duben.read.files import read_bytes
from duben.read.load import load_content

#: (what is being done, steps done, steps in all)
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Options:
    """What a build is asked for. variants and base_url stand in for those of edition.yaml.

    is_held: the output folder is held for a preview already, and by us.
    """

    content: Path
    out: Path
    sources: tuple[Path, ...] = ()
    require_sources: bool = False
    variants: tuple[Variant, ...] = ()
    base_url: str = ""
    strict: bool = False
    is_held: bool = False


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did, in numbers, and the address for which."""

    texts: int
    paragraphs: int
    terms: int
    hits: int
    output: Summary
    base_url: str


def build(
    options: Options, report: Report, progress: Progress | None = None, memo: Memo = FORGETFUL
) -> Built:
    """Builds the site. Raises EditionError, with the problems in the report and the site untouched.

    memo: what the last build of this edition made.
    """
    _refuse_overlap(options, report)
    edition = read_edition(options, report, progress, memo)
    if not edition.settings.base_url:
        report.notice(
            Location((options.content / "edition.yaml").as_posix()),
            "base-url-missing",
            "without `base_url` the pages do not name their own address to search engines and Zotero",
            "add `base_url: https://…/`, or give --base-url",
        )
    with open_output(options.out, report, is_held=options.is_held) as output:
        for artifact in make_artifacts(edition, options.content, report, progress, memo):
            output.add(artifact)
        if report.has_errors(strict=options.strict):
            raise EditionError
        summary = output.commit()
        remember(edition, options.out)
    memo.forget_unused()
    return Built(
        len(edition.texts),
        sum(passage.paragraph.kind != "table" for text in edition.texts for passage in text.passages),
        len(edition.terms),
        sum(len(occurrences) for occurrences in edition.occurrences.values()),
        summary,
        edition.settings.base_url,
    )


def read_edition(
    options: Options, report: Report, progress: Progress | None = None, memo: Memo = FORGETFUL
) -> Edition:
    """The edition, read and compiled. Raises EditionError where the content has errors."""
    if progress:
        progress("read", 0, 1)
    content = read_content(options, report, memo)
    if content is None:
        raise EditionError
    done = 0

    def advance(number: int) -> None:
        nonlocal done
        done += number
        if progress:
            progress("compile", done, len(content.texts))

    edition = compile_edition(content, report, advance, memo=memo)
    if report.has_errors(strict=options.strict):
        raise EditionError
    return edition


def read_content(options: Options, report: Report, memo: Memo = FORGETFUL) -> Content | None:
    """The content as it is to be compiled, or None where it has no readable edition.yaml."""
    content = load_content(
        options.content,
        report,
        sources=options.sources,
        require_sources=options.require_sources,
        memo=memo,
    )
    return None if content is None else _with_options(content, options)


def make_artifacts(
    edition: Edition,
    content: Path,
    report: Report,
    progress: Progress | None = None,
    memo: Memo = FORGETFUL,
) -> Iterator[Artifact]:
    """Every file of the site, one at a time. A page whose template is wrong is reported and left out.

    A file of static/ stands in for one of the same name beside the pages (robots.txt, 404.html …).
    """
    own = content / "templates"
    found = own if own.is_dir() else None
    # Where the templates are the same, those that are compiled already.
    theme = memo.once("theme", (found, read_templates(found)) if memo.keep else (), partial(Theme, found))
    theme.made.clear()  # of this build's pages
    catalogue = theme.interface(report)
    catalogue = memo.same("catalogue", catalogue)
    scripts = keep_scripts(edition.settings, memo)
    directory = Directory(edition.settings)
    shelf = Shelf(edition)
    total = count_pages(edition)
    pages = list_pages(edition, catalogue, theme.own_styles(), scripts=scripts, memo=memo)
    for number, page in enumerate(pages, 1):
        seen = (theme, page.template, page.frame, page.view, page.ui)
        rendered = memo.recall(("file", page.path), Theme.render, seen, report)
        if rendered is None:
            return  # the same mistake would be told for every page
        yield shelf.add_page(Artifact(page.path, rendered), page.frame)
        directory.add(page.frame, page.ui)
        if progress:
            progress("render", number, total)
    for artifact in pinyin_scripts(edition, scripts, memo):
        yield shelf.add(artifact)
    own_files = {path for path, _ in edition.static}
    for artifact in directory.files():
        if artifact.path not in own_files:
            yield artifact
    missing = directory.missing_page(catalogue)
    if missing and MISSING not in own_files:
        rendered = theme.render(MISSING, *missing, report)
        if rendered is not None:
            yield Artifact(MISSING, rendered)
    variants = edition.settings.variants
    strings = partial(string_scripts, catalogue, variants)
    for artifact in memo.once("strings", (catalogue, variants), lambda: tuple(strings())):
        yield shelf.add(artifact)
    for artifact in search_scripts(edition, scripts, memo=memo):
        yield shelf.add(artifact)
    # Copies come last, so that of a page and a file of the same name the file is told of.
    for path, file in theme.assets():
        copied = read_bytes(file, file.as_posix(), report)
        if copied is not None:
            smaller = partial(shrink, path, copied)
            sent = memo.once(("small", path), (copied,), smaller) if theme.is_builtin(file) else copied
            yield shelf.add(Artifact(path, sent, file.as_posix()))
    for path, name in edition.static:
        copied = read_bytes(Path(name), Path(name).as_posix(), report)
        if copied is not None:
            yield shelf.add_static(Artifact(path, copied, Path(name).as_posix()))
    owned = {path: not theme.is_builtin(file) for path, file in theme.assets()}
    for artifact in shelf.files(shrink(WORKER, theme.worker()), owned):
        if artifact.path not in own_files:
            yield artifact


def _with_options(content: Content, options: Options) -> Content:
    settings = content.settings
    if options.variants:
        settings = dataclasses.replace(settings, variants=options.variants)
    if options.base_url:
        settings = dataclasses.replace(settings, base_url=options.base_url.rstrip("/") + "/")
    return dataclasses.replace(content, settings=settings)


def _refuse_overlap(options: Options, report: Report) -> None:
    """An output inside the content, or the reverse, would be read by the next build."""
    # os.path's, unlike pathlib's, says nothing of a link that leads to itself; that is told later.
    out, content = (Path(os.path.realpath(folder)) for folder in (options.out, options.content))
    if out.is_relative_to(content) or content.is_relative_to(out):
        report.error(
            Location(options.out.as_posix()),
            "output-refused",
            f"the output and {options.content.as_posix()}, which is read, lie one inside the other",
            "choose a folder of its own with --out DIR",
        )
        raise EditionError
