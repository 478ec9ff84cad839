"""`duben import` on the two articles that are kept outside: no paragraph of theirs needs an editor's hand."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from articles import PRINTED

from duben.diagnostics import Report
from duben.model import Text
from duben.read.load import load_content

FILES = {"yijian-dongbei": "000_85fc5087ddcfd8a4.txt", "changjiangyun-zhongbu": "004_55c7e85a7f592666.txt"}


@pytest.fixture
def imported(
    tmp_path: Path, write_edition: Callable, run_duben: Callable, sources: Path
) -> Callable[..., Text]:
    """`imported(slug, options…)` imports an article into an edition of its own, and loads it."""

    def run(slug: str, *options: str) -> Text:
        content = write_edition(tmp_path / "content", {"edition.yaml": "title: 读本\n"})
        done = run_duben(
            "import", sources / FILES[slug], "--normalize", "--slug", slug, *options, cwd=tmp_path
        )
        assert done.status == 0, done.stderr
        report = Report()
        loaded = load_content(content, report, sources=(sources,), require_sources=True)
        assert loaded is not None
        assert report.found == []
        return loaded.texts[0]

    return run


@pytest.mark.parametrize("options", [(), ("--keep-outside",)])
@pytest.mark.parametrize("slug", FILES)
def test_the_paragraphs_are_those_that_the_edition_cuts(
    slug: str, options: tuple[str, ...], imported: Callable[..., Text]
) -> None:
    variant, lengths, digest = PRINTED[slug]
    text = imported(slug, *options)
    shown = [paragraph.text for paragraph in text.paragraphs]
    assert [len(paragraph) for paragraph in shown] == [int(length) for length in lengths.split()]
    assert hashlib.sha256("\n".join(shown).encode()).hexdigest() == digest
    assert [paragraph.id for paragraph in text.paragraphs] == [f"p{n}" for n in range(1, len(shown) + 1)]
    assert text.variant.folder == variant


def test_the_closing_lines_are_a_stanza(imported: Callable[..., Text]) -> None:
    last = imported("changjiangyun-zhongbu").paragraphs[-1]
    assert (last.kind, last.text.count("\n")) == ("verse", 8)


def test_what_is_around_them_is_known(imported: Callable[..., Text]) -> None:
    metadata = imported("yijian-dongbei").metadata
    assert (metadata.author, metadata.publisher) == (("俞珩盛",), "人民网")
    assert dict(metadata.credits)["视觉"] == "赖向东、虞东升"


def test_the_byline_of_the_second_is_read(imported: Callable[..., Text]) -> None:
    text = imported("changjiangyun-zhongbu")
    assert (text.metadata.date, text.metadata.publisher) == ("2026-03-09", "長江雲")
    assert dict(text.metadata.credits)["編審"] == "梁延、徐瑗、康耀方"
    assert text.title.text.endswith("！")
