"""`duben new`: an edition that is sound from the first minute, whole or not there at all."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
import yaml
from conftest import CHECKOUT
from editors_yaml import as_editors_read, parsed
from sitecheck import check_site, visible_paragraphs

from duben.cli.new import HOSTS
from duben.desk import new, own_files
from duben.desk.new import WORKFLOWS, Blocked, new_files, write_new
from duben.model import Variant
from duben.read.json_schema import FILES, schema_of


def tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("bare", [False, True])
@pytest.mark.parametrize("lang", list(Variant))
def test_a_new_edition_has_nothing_to_mend_and_builds(
    lang: Variant, bare: bool, run_duben: Callable, tmp_path: Path
) -> None:
    made = run_duben("new", "reader", "--lang", lang, *(["--bare"] if bare else []), cwd=tmp_path)
    assert (made.status, made.stderr) == (0, "")
    folder = tmp_path / "reader"
    before = tree(folder)
    checked = run_duben("check", "--fix", "--strict", "--scripts", "--format", "json", cwd=folder)
    document = json.loads(checked.stdout)
    assert (checked.status, document["problems"]) == (0, [])
    assert tree(folder) == before
    built = run_duben("build", "--strict", cwd=folder)
    assert built.status == 0, built.stderr
    assert "warning" not in built.stderr
    assert check_site(folder / "site") == []


@pytest.mark.parametrize("lang", list(Variant))
def test_the_sample_is_of_several_kinds_and_uses_what_it_teaches(
    lang: Variant, run_duben: Callable, tmp_path: Path
) -> None:
    run_duben("new", "reader", "--lang", lang, cwd=tmp_path)
    run_duben("build", cwd=tmp_path / "reader")
    content = tmp_path / "reader" / "content"
    text = (content / "texts" / "xiu-san" / "text.md").read_text("utf-8")
    assert ("伞" in text) == (lang is Variant.HANS)
    assert f"lang: {lang} " in (content / "texts" / "xiu-san" / "text.yaml").read_text("utf-8")
    entries = yaml.safe_load((content / "glossary" / "terms.yaml").read_text("utf-8"))
    assert len({entry["kind"] for entry in entries}) == len(entries) == 5
    site = tmp_path / "reader" / "site"
    simplified = visible_paragraphs((site / "zh-hans" / "texts" / "xiu-san.html").read_text("utf-8"))
    traditional = visible_paragraphs((site / "zh-hant-tw" / "texts" / "xiu-san.html").read_text("utf-8"))
    assert "“雨停了，伞也干了，" in simplified["p4"]
    assert "「雨停了，傘也乾了，" in traditional["p4"]
    page = (site / "zh-hans" / "texts" / "xiu-san.html").read_text("utf-8")
    for wanted in [f'id="n-n{number}"' for number in (1, 2, 3)] + [f"w-{entry['id']}" for entry in entries]:
        assert wanted in page


def test_the_decided_phrase_is_needed(run_duben: Callable, tmp_path: Path) -> None:
    run_duben("new", "reader", cwd=tmp_path)
    (tmp_path / "reader" / "content" / "scripts.yaml").unlink()
    run_duben("build", cwd=tmp_path / "reader")
    page = tmp_path / "reader" / "site" / "zh-hant" / "texts" / "xiu-san.html"
    assert "傘也乾了" not in visible_paragraphs(page.read_text("utf-8"))["p4"]


def test_the_converter_is_told_what_the_sample_says() -> None:
    written = yaml.safe_load(new_files("", Variant.HANS, bare=False)["content/scripts.yaml"])
    readings = written.pop("pinyin")
    assert set(readings) == {"也干了"}
    assert written == {variant.value: phrases for variant, phrases in new.DECIDED.items()}


@pytest.mark.parametrize(
    "title", ["早市读本", "a: b", "# 一", "no", "- 一", '"', "{", "全角\u3000空格", "😀"]
)
def test_a_title_is_what_was_given(title: str, run_duben: Callable, tmp_path: Path) -> None:
    made = run_duben("new", "reader", "--title", title, "--bare", cwd=tmp_path)
    assert (made.status, made.stderr) == (0, "")
    shown = json.loads(
        json.dumps(yaml.load((tmp_path / "reader/content/edition.yaml").read_text("utf-8"), yaml.BaseLoader))
    )
    assert shown == {"title": title, "lang": "zh-Hans"}
    assert run_duben("check", "--strict", cwd=tmp_path / "reader").status == 0


@pytest.mark.parametrize("title", ["", " ", "甲\n乙", "\x07"])
def test_what_is_no_title_is_refused(title: str, run_duben: Callable, tmp_path: Path) -> None:
    assert run_duben("new", "reader", "--title", title, cwd=tmp_path).status == 2
    assert list(tmp_path.iterdir()) == []


def test_it_says_what_to_type_next_and_that_works(run_duben: Callable, tmp_path: Path) -> None:
    made = run_duben("new", "my reader", cwd=tmp_path)
    commands = re.findall(r"^  (?:duben (.*?)|cd '(.*)')(?: +#.*)?$", made.stdout, re.MULTILINE)
    folder = tmp_path / commands[0][1]
    assert len(commands) >= 3
    for command, _ in commands[1:]:
        if not command.startswith("serve"):
            assert run_duben(*command.split(), cwd=folder).status == 0
    inside = tmp_path / "inside"
    inside.mkdir()
    assert "cd " not in run_duben("new", ".", cwd=inside).stdout


def test_editors_find_the_schemas(run_duben: Callable, tmp_path: Path) -> None:
    run_duben("new", "reader", cwd=tmp_path)
    folder = tmp_path / "reader"
    settings = json.loads((folder / ".vscode" / "settings.json").read_text("utf-8"))["yaml.schemas"]
    described = set()
    for schema, places in settings.items():
        read = json.loads((folder / schema).read_text("utf-8"))
        assert read == schema_of(Path(schema).stem)
        for path in (path for place in places for path in folder.glob(place)):
            node = parsed(path.read_text("utf-8"))
            assert node is not None
            jsonschema.Draft202012Validator(read).validate(as_editors_read(node))
            described.add(path)
    assert described == set((folder / "content").rglob("*.yaml"))
    assert len(settings) == len(FILES)
    guide = (CHECKOUT / "docs" / "editors.md").read_text("utf-8")
    shown = re.search(r"^    \{\n(?:    .*\n)+?    \}\n", guide, re.MULTILINE)
    assert shown is not None
    told = json.loads(shown[0])["yaml.schemas"]
    assert {name: [value] if isinstance(value, str) else value for name, value in told.items()} == settings


# --- where it may be written ---------------------------------------------------------------------


def test_a_folder_with_something_in_it_is_refused_and_stays(run_duben: Callable, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "letter.txt").write_text("x", encoding="utf-8")
    (tmp_path / "b").write_text("x", encoding="utf-8")
    (tmp_path / "c").symlink_to("nowhere")
    for name, said in {"a": "letter.txt is there", "b": "not a folder", "c": "not a folder"}.items():
        run = run_duben("new", name, cwd=tmp_path)
        assert run.status == 2
        assert said in run.stderr
    assert tree(tmp_path) == {"a/letter.txt": "x", "b": "x"}


def test_hidden_files_may_be_there_and_stay(run_duben: Callable, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text("ref", encoding="utf-8")
    (tmp_path / ".gitignore").write_text("mine", encoding="utf-8")
    run = run_duben("new", ".", cwd=tmp_path)
    assert run.status == 0
    assert run.stdout.startswith(".gitignore is left as it is\n")
    found = tree(tmp_path)
    assert found.pop(".git/HEAD") == "ref"
    assert found.pop(".gitignore") == "mine"
    expected = new_files("", Variant.HANS, bare=False)
    del expected[".gitignore"]
    assert found == expected


@pytest.mark.parametrize("host", HOSTS)
def test_a_workflow_is_written_where_it_is_asked_for(host: str, run_duben: Callable, tmp_path: Path) -> None:
    assert set(HOSTS) == set(WORKFLOWS)
    run_duben("new", "plain", cwd=tmp_path)
    run = run_duben("new", "reader", "--ci", host, cwd=tmp_path)
    added = set(tree(tmp_path / "reader")) - set(tree(tmp_path / "plain"))
    assert added == {WORKFLOWS[host]}
    assert WORKFLOWS[host] in run.stdout
    workflow = yaml.safe_load((tmp_path / "reader" / WORKFLOWS[host]).read_text("utf-8"))
    assert "duben build" in json.dumps(workflow)


def test_a_workflow_never_stands_in_for_another(run_duben: Callable, tmp_path: Path) -> None:
    (tmp_path / ".github").mkdir()
    run = run_duben("new", ".", "--ci", "github", cwd=tmp_path)
    assert run.status == 2
    assert ".github is there already" in run.stderr
    assert [path.name for path in tmp_path.iterdir()] == [".github"]


@pytest.mark.parametrize("place", ["new", "deep/er/new", "empty"])
@pytest.mark.parametrize("failure", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("after", [0, 3, 9])
def test_a_failure_leaves_nothing(
    place: str, failure: BaseException, after: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    left = after
    write = own_files.os.fsync

    def sync(descriptor: int) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise failure
        write(descriptor)

    monkeypatch.setattr(own_files.os, "fsync", sync)
    with pytest.raises(type(failure)):
        write_new(tmp_path / place, new_files("", Variant.HANS, bare=False))
    assert [path.name for path in tmp_path.rglob("*")] == ["empty"]


def test_a_failure_half_way_into_an_empty_folder_is_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = 0
    rename = Path.rename

    def failing(path: Path, target: Path) -> Path:
        nonlocal moved
        moved += 1
        if moved == 3:
            raise OSError(5, "Input/output error")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", failing)
    (tmp_path / ".git").mkdir()
    with pytest.raises(OSError, match="Input/output"):
        write_new(tmp_path, new_files("", Variant.HANS, bare=False))
    assert [path.name for path in tmp_path.iterdir()] == [".git"]


@pytest.mark.parametrize(("standing", "made"), [(".reader.1.new", "reader"), (".duben.1.new", ".")])
def test_what_a_killed_run_left_is_no_hindrance_and_may_be_somebody_s(
    standing: str, made: str, tmp_path: Path
) -> None:
    (tmp_path / standing).mkdir()
    (tmp_path / standing / "half").write_text("x", encoding="utf-8")
    files = new_files("", Variant.HANS, bare=True)
    write_new(tmp_path / made, files)
    (tmp_path / standing / "half").unlink()
    assert tree(tmp_path / made) == files


def test_a_full_disk_is_told_in_a_line(
    run_duben: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(own_files.os, "fsync", full)
    run = run_duben("new", "reader", cwd=tmp_path)
    assert (run.status, run.stdout) == (1, "")
    assert run.stderr == "duben: reader cannot be written: no space left on device; nothing was\n"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_may_not_be_written_is_told(run_duben: Callable, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    run = run_duben("new", "file/reader", cwd=tmp_path)
    assert run.status == 1
    assert run.stderr.startswith("duben: file/reader cannot be written: ")
    if os.geteuid() != 0:
        (tmp_path / "shut").mkdir(mode=0o500)
        assert run_duben("new", "shut/reader", cwd=tmp_path).status == 1


def test_a_name_that_is_taken_is_told_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    with pytest.raises(Blocked, match=r"a\.txt is there"):
        write_new(tmp_path, {"b.txt": "y"})
    assert tree(tmp_path) == {"a.txt": "x"}


#: Writes a new edition, and is killed when this many of its files are on the disk.
KILLED = """
import os, signal, sys
from pathlib import Path
from duben.desk import own_files
from duben.desk.new import new_files, write_new
from duben.model import Variant

left, sync = int(sys.argv[2]), os.fsync

def killing(descriptor):
    global left
    sync(descriptor)
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)

own_files.os.fsync = killing
write_new(Path(sys.argv[1]), new_files("", Variant.HANS, bare=False))
"""


@pytest.mark.parametrize("written", [0, 5, 99])
def test_a_kill_leaves_the_folder_whole_or_not_there(written: int, tmp_path: Path) -> None:
    place = tmp_path / "reader"
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(place), str(written)], cwd=CHECKOUT, check=False, timeout=60
    )
    whole = new_files("", Variant.HANS, bare=False)
    if written > len(whole):
        assert done.returncode == 0
        assert tree(place) == whole
    else:
        assert done.returncode == -signal.SIGKILL
        assert not place.exists()
