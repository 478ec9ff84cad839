"""How long a whole build takes, stage by stage, beside what no build can do without.

    python bench/build.py --content DIR
    python bench/build.py --generator DIR [--texts 100,1000] [--entries 50,500,5000] [--link every]

Each row is one cold build in a process of its own, into a folder that is not there. Beside the seconds
stand two limits of the same run: a plain copy of all that the build wrote, and the bare automaton over
the texts with the glossary's headwords. Only the ratios are worth keeping: `build` is the whole build
by the copy, `match` the whole build by the automaton. `peak` is the process's greatest memory.
--content: an edition; --generator: the folder of the program that writes one of many texts.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.corpus import write_corpus

STAGES = ("read", "compile", "pages", "pinyin", "search", "write")


def measure(content: Path, out: Path) -> dict[str, float]:
    """Seconds of each stage of one build, and what limits it. Wall time; the build is one process."""
    from duben.compile.automaton import Automaton
    from duben.compile.edition import compile_edition
    from duben.desk.build import Options, make_artifacts, read_content
    from duben.diagnostics import Report
    from duben.publish.output import open_output

    took: defaultdict[str, float] = defaultdict(float)
    begun = last = time.perf_counter()

    def lap(stage: str) -> None:
        nonlocal last
        now = time.perf_counter()
        took[stage] += now - last
        last = now

    report = Report()
    read = read_content(Options(content, out), report)
    if read is None:
        sys.exit(str(report.found[0]))
    lap("read")
    edition = compile_edition(read, report)
    lap("compile")
    with open_output(out, report) as output:
        for artifact in make_artifacts(edition, content, report):
            stage = "pinyin" if artifact.path.endswith(".pinyin.js") else "pages"
            lap("search" if "search" in artifact.path and artifact.path.endswith(".js") else stage)
            output.add(artifact)
            lap("write")
        output.commit()
        lap("write")
    took["build"] = time.perf_counter() - begun
    took["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    texts = [paragraph.text for text in read.texts for paragraph in text.paragraphs]
    headwords = sorted({term.term for term in read.terms})
    start = time.perf_counter()
    finder = Automaton(headwords, kind="all")
    hits = sum(len(finder.find(text)) for text in texts)
    took["match"] = time.perf_counter() - start
    start = time.perf_counter()
    shutil.copytree(out, out.with_name("copy"))
    took["copy"] = time.perf_counter() - start
    took |= {"texts": len(read.texts), "terms": len(headwords), "hits": hits}
    return took


def rows(options: argparse.Namespace, work: Path) -> Iterator[dict[str, float]]:
    """A measure for each edition asked for, each made by a fresh process."""
    folders = [options.content] if options.content else []
    for texts, entries in [] if options.content else product(options.texts, options.entries):
        folder = work / f"texts-{texts}-entries-{entries}"
        settings = f"variants: [zh-Hans, zh-Hant]\nlink: {options.link}\n"
        folders.append(write_corpus(folder, options.generator, texts, entries, settings))
    for folder in folders:
        with TemporaryDirectory(dir=work) as out:
            command = [sys.executable, __file__, "--one", str(folder), str(Path(out) / "site")]
            yield json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    numbers = {"type": lambda value: [int(part) for part in value.split(",")], "metavar": "N,…"}
    parser.add_argument("--content", type=Path)
    parser.add_argument("--generator", type=Path)
    parser.add_argument("--texts", default=[100], **numbers)
    parser.add_argument("--entries", default=[500], **numbers)
    parser.add_argument("--link", default="every", help="edition.yaml's policy (default: every)")
    parser.add_argument("--one", nargs=2, type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(*options.one)))
        return
    if not (options.content or options.generator):
        parser.error("give --content or --generator")
    head = ("texts", "terms", "hits", *STAGES, "build", "peak MB", "build/copy", "build/match")
    print("  ".join(f"{name:>11}" for name in head))
    with TemporaryDirectory() as work:
        for took in rows(options, Path(work)):
            ratios = [took["build"] / took["copy"], took["build"] / took["match"]]
            counts = [f"{took[name]:11.0f}" for name in ("texts", "terms", "hits")]
            times = [f"{took.get(name, 0):11.2f}" for name in (*STAGES, "build")]
            print("  ".join([*counts, *times, f"{took['peak']:11.0f}", *(f"{one:11.1f}" for one in ratios)]))


if __name__ == "__main__":
    main()
