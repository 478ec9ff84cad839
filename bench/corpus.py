"""A generated edition of many texts, for measures and tests that need one.

The texts come from a generator that is not in the repository: a folder with gen_corpus.py, which writes
texts and a glossary in a form of its own ($DUBEN_BENCH names it for the tests).
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory


def write_corpus(folder: Path, generator: Path, texts: int, entries: int, settings: str = "") -> Path:
    """Writes an edition of so many texts and entries into the folder, and returns it.

    generator: the folder with gen_corpus.py. settings: what edition.yaml says besides its title.
    """
    with TemporaryDirectory() as made:
        command = [sys.executable, str(generator / "gen_corpus.py"), "--n", str(texts), "--m", str(entries)]
        subprocess.run([*command, "--form", "neutral", "--out", made], check=True, capture_output=True)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "edition.yaml").write_text(f"title: 大库\n{settings}", "utf-8")
        for path in sorted((Path(made) / "texts").glob("*.txt")):
            head, _, body = path.read_text("utf-8").partition("\n\n")
            facts = dict(line.split(": ", 1) for line in head.splitlines())
            text = folder / "texts" / path.stem
            text.mkdir(parents=True)
            paragraphs = body.strip().split("\n\n")
            (text / "text.md").write_text(
                "\n\n".join(f"{words} {{#p{number}}}" for number, words in enumerate(paragraphs, 1)) + "\n",
                "utf-8",
            )
            (text / "text.yaml").write_text(
                f"title: {json.dumps(facts['title'], ensure_ascii=False)}\n"
                f"date: {facts['date']}\nauthor: {facts['author']}\n",
                "utf-8",
            )
        # JSON is YAML.
        entries_as_written = [
            {
                "id": entry["id"],
                "term": entry["term"],
                "gloss": {"en": entry["gloss"]},
                "definition": entry["note"],
            }
            for entry in json.loads((Path(made) / "glossary.json").read_text("utf-8"))
        ]
        (folder / "glossary").mkdir()
        (folder / "glossary" / "all.yaml").write_text(
            json.dumps(entries_as_written, ensure_ascii=False, indent=1), "utf-8"
        )
    return folder
