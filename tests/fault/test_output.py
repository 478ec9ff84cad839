"""The output folder under faults: killed, full, read-only, shared, edited by others."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

SLOW_BUILD = Path(__file__).with_name("slow_build.py")
ARGUMENTS = ("build", "--content", "content", "--out", "site")
STATE = ".duben"

EDITION = "title: {title}\nlang: zh-Hans\nvariants: [zh-Hans]\nbase_url: https://example.org/\n"
TEXT = "柳暗花明，花开又花落。 {#p1}\n\n落花无声。 {#p2}\n"
#: From the old edition to the new one every page changes, a text comes and one goes, a file becomes a
#: folder and a folder a file.
OLD = {
    "edition.yaml": EDITION.format(title="旧读本"),
    "glossary/liu.yaml": "id: liu\nterm: 柳\n",
    "texts/liu-an/text.yaml": "title: 柳暗花明\n",
    "texts/liu-an/text.md": TEXT,
    "texts/old/text.yaml": "title: 旧文\n",
    "texts/old/text.md": "旧文一段。 {#p1}\n",
    "static/picture": "a file",
    "static/folder/inner/leaf": "a leaf",
    "static/gone/with/it": "gone",
}
NEW = {
    **{name: content for name, content in OLD.items() if not name.startswith(("static/", "texts/old"))},
    "edition.yaml": EDITION.format(title="新读本"),
    "texts/new/text.yaml": "title: 新文\n",
    "texts/new/text.md": "新文一段。 {#p1}\n",
    "static/picture/inner": "inside",
    "static/folder": "a file now",
}
FOREIGN = {"CNAME": b"example.org", "zh-hans/texts/mine.txt": b"mine", "letters/one.txt": b"a letter"}
Files = dict[str, bytes]


def files_of(site: Path) -> Files:
    """Everything in the site but duben's own state, by path."""
    return {
        path.relative_to(site).as_posix(): path.read_bytes()
        for path in sorted(site.rglob("*"))
        if path.is_file() and STATE not in path.relative_to(site).parts
    }


def folders_of(site: Path) -> set[str]:
    found = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_dir()}
    return {name for name in found if not name.startswith(STATE)}


class Desk:
    """A folder with content/ and site/, and duben run in it."""

    def __init__(self, root: Path, write_edition: Callable, run_duben: Callable) -> None:
        self.root, self.site = root, root / "site"
        self.write_edition, self.run_duben = write_edition, run_duben

    def write(self, files: dict[str, str]) -> None:
        shutil.rmtree(self.root / "content", ignore_errors=True)
        self.write_edition(self.root / "content", files)

    def build(self) -> tuple[int, str]:
        run = self.run_duben(*ARGUMENTS, cwd=self.root)
        return run.status, run.stderr

    def start_over(self, files: dict[str, str], foreign: Files) -> None:
        """A site built from `files`, with somebody else's files in it."""
        shutil.rmtree(self.site, ignore_errors=True)
        self.write(files)
        assert self.build() == (0, "")
        for name, content in foreign.items():
            (self.site / name).parent.mkdir(parents=True, exist_ok=True)
            (self.site / name).write_bytes(content)

    def slow(self, pause: float = 0.0, step: int = 0) -> subprocess.Popen[str]:
        command = [sys.executable, str(SLOW_BUILD), str(pause), str(step), *ARGUMENTS]
        return subprocess.Popen(
            command, cwd=self.root, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )


@pytest.fixture
def desk(tmp_path: Path, write_edition: Callable, run_duben: Callable) -> Desk:
    return Desk(tmp_path, write_edition, run_duben)


class Clean(NamedTuple):
    """What a build into a new folder makes."""

    old: Files
    new: Files
    new_folders: set[str]
    steps: int  # changes of the file system on the way from the old site to the new one


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory, write_edition: Callable, run_duben: Callable) -> Clean:
    desk = Desk(tmp_path_factory.mktemp("clean"), write_edition, run_duben)
    desk.start_over(NEW, {})
    new, folders = files_of(desk.site), folders_of(desk.site)
    desk.start_over(OLD, {})
    old = files_of(desk.site)
    desk.write(NEW)
    out, err = desk.slow().communicate(timeout=120)
    assert files_of(desk.site) == new, err
    return Clean(old, new, folders, int(out.split("steps ")[1]))


def assert_nothing_is_half_written(site: Path, clean: Clean) -> None:
    for name, content in files_of(site).items():
        assert content in (clean.old.get(name), clean.new.get(name), FOREIGN.get(name)), name


def assert_the_next_build_completes(desk: Desk, clean: Clean) -> None:
    assert desk.build() == (0, "")
    assert files_of(desk.site) == {**clean.new, **FOREIGN}
    assert folders_of(desk.site) == clean.new_folders | {"letters"}
    known = ["anchors.json", "lock", "manifest.json"]
    assert sorted(path.name for path in (desk.site / STATE).iterdir()) == known


#: Where in the build it is killed, as parts of a hundred.
MOMENTS = (0, 10, 25, 40, 50, 58, 66, 74, 82, 90, 96, 100)


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_build_killed_at_any_change_is_completed_by_the_next(moment: int, desk: Desk, clean: Clean) -> None:
    desk.start_over(OLD, FOREIGN)
    desk.write(NEW)
    step = 1 + moment * (clean.steps - 1) // 100
    process = desk.slow(step=step)
    process.communicate(timeout=120)
    assert process.returncode == -signal.SIGKILL
    assert_nothing_is_half_written(desk.site, clean)
    assert_the_next_build_completes(desk, clean)


def test_a_build_killed_again_and_again_is_completed(desk: Desk, clean: Clean) -> None:
    moments = random.Random(5)
    desk.start_over(OLD, FOREIGN)
    desk.write(NEW)
    for _ in range(3):
        process = desk.slow(pause=0.02)
        assert process.stdout is not None
        assert process.stdout.readline() == "started\n"
        try:
            process.wait(moments.uniform(0, 0.02 * clean.steps * 0.9))
        except subprocess.TimeoutExpired:
            process.kill()
        process.communicate(timeout=120)
        assert_nothing_is_half_written(desk.site, clean)
    assert_the_next_build_completes(desk, clean)


def test_a_first_build_killed_at_any_change_is_completed(desk: Desk, clean: Clean) -> None:
    desk.write(NEW)
    for step in (1, 3, 15, 30):
        process = desk.slow(step=step)
        process.communicate(timeout=120)
        assert process.returncode == -signal.SIGKILL
        for name, content in files_of(desk.site).items() if desk.site.exists() else ():
            assert content == clean.new[name]
    assert desk.build() == (0, "")
    assert files_of(desk.site) == clean.new


def test_a_second_build_at_the_same_time_is_refused(desk: Desk, clean: Clean) -> None:
    desk.start_over(OLD, FOREIGN)
    desk.write(NEW)
    first = desk.slow(pause=0.04)
    assert first.stdout is not None
    assert first.stdout.readline() == "started\n"
    while not (desk.site / STATE / "staged").exists() and first.poll() is None:
        time.sleep(0.01)
    status, printed = desk.build()
    assert first.poll() is None
    assert status == 1
    assert is_told(printed, "output-busy"), printed
    assert printed.startswith("site: error: another build is writing here")
    first.communicate(timeout=120)
    assert first.returncode == 0
    assert files_of(desk.site) == {**clean.new, **FOREIGN}


# --- faults of the disk ----------------------------------------------------------------------------


def is_told(printed: str, code: str) -> bool:
    """One error, with its code and a hint, and nothing else."""
    lines = printed.splitlines()
    return (
        len(lines) == 3
        and ": error: " in lines[0]
        and lines[0].endswith(f"[{code}]")
        and lines[1].startswith("  hint: ")
        and lines[2].startswith("1 problem ")
    )


@pytest.fixture
def small_disk(desk: Desk) -> Iterator[Path]:
    """The site on a file system of its own, of 1.6 MB. Needs the right to mount."""
    desk.site.mkdir()
    mount = shutil.which("mount")
    made = mount and subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=1600k", "none", desk.site], capture_output=True, check=False
    )
    if not made or made.returncode:
        pytest.skip("this user may not mount a file system")
    try:
        yield desk.site
    finally:
        subprocess.run(["umount", desk.site], check=True)


def test_a_full_disk_is_told_and_leaves_the_site(small_disk: Path, desk: Desk, clean: Clean) -> None:
    desk.write(OLD)
    assert desk.build() == (0, "")
    desk.write(NEW)
    block = 4096
    room = os.statvfs(small_disk).f_bavail
    outcomes = []
    for left in range(0, room, 7):
        filler = small_disk / STATE / "filler"
        with filler.open("wb") as file:
            file.write(bytes(block * (os.statvfs(small_disk).f_bavail - left)))
        status, printed = desk.build()
        filler.unlink()
        outcomes.append(status)
        if status == 0:
            break
        assert is_told(printed, "output-unwritable"), printed
        assert "no space left" in printed
        assert "make room" in printed
        assert_nothing_is_half_written(small_disk, clean)
        if not (small_disk / STATE / "journal.json").exists():
            assert files_of(small_disk) == clean.old
    assert outcomes[0] == 1
    assert desk.build() == (0, "")
    assert files_of(small_disk) == clean.new


def test_a_read_only_disk_is_told(small_disk: Path, desk: Desk, clean: Clean) -> None:
    desk.write(OLD)
    assert desk.build() == (0, "")
    desk.write(NEW)
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    status, printed = desk.build()
    assert status == 1
    assert is_told(printed, "output-unwritable"), printed
    assert "read-only" in printed
    assert files_of(small_disk) == clean.old


def test_a_file_that_may_not_grow_is_told_and_leaves_the_site(desk: Desk, clean: Clean) -> None:
    """A limit on the size of files stands in for a full disk where nothing can be mounted."""
    desk.start_over(OLD, FOREIGN)
    desk.write(NEW)
    process = subprocess.run(
        [sys.executable, str(SLOW_BUILD), "0", "0", *ARGUMENTS],
        cwd=desk.root,
        text=True,
        capture_output=True,
        timeout=120,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000)),
    )
    assert process.returncode == 1
    assert is_told(process.stderr, "output-unwritable"), process.stderr
    assert files_of(desk.site) == {**clean.old, **FOREIGN}
    assert_the_next_build_completes(desk, clean)


# --- somebody else's files --------------------------------------------------------------------------


def test_a_foreign_file_inside_is_kept_when_everything_around_it_goes(desk: Desk, clean: Clean) -> None:
    desk.start_over(OLD, {"gone/with/mine": b"mine"})
    desk.write(NEW)
    assert desk.build() == (0, "")
    assert files_of(desk.site) == {**clean.new, "gone/with/mine": b"mine"}


COLLISIONS = {
    "a file where a page belongs": ("zh-hans/texts/new.html", b"mine"),
    "a file where a folder belongs": ("picture/inner", None),
    "a folder where a file belongs": ("folder/inner/mine", b"mine"),
}


@pytest.mark.parametrize("case", COLLISIONS)
def test_a_foreign_file_in_the_way_stops_the_build(case: str, desk: Desk) -> None:
    name, content = COLLISIONS[case]
    desk.start_over(OLD, {})
    if content is None:  # somebody put a folder where the old file was, and a folder where its page goes
        (desk.site / "picture").unlink()
        name, content = "picture/inner/mine", b"mine"
    (desk.site / name).parent.mkdir(parents=True, exist_ok=True)
    (desk.site / name).write_bytes(content)
    before = files_of(desk.site)
    desk.write(NEW)
    status, printed = desk.build()
    assert status == 1
    assert is_told(printed, "output-collision"), printed
    assert files_of(desk.site) == before


def test_a_link_inside_the_site_is_not_written_through(desk: Desk) -> None:
    desk.start_over(OLD, {})
    elsewhere = desk.root / "elsewhere"
    (desk.site / "zh-hans").rename(elsewhere)
    (desk.site / "zh-hans").symlink_to(elsewhere)
    before = files_of(elsewhere)
    desk.write(NEW)
    status, printed = desk.build()
    assert status == 1
    assert is_told(printed, "output-collision"), printed
    assert files_of(elsewhere) == before


def test_nothing_is_removed_through_a_link(desk: Desk) -> None:
    desk.start_over(OLD, {})
    elsewhere = desk.root / "elsewhere"
    (desk.site / "gone").rename(elsewhere)
    (desk.site / "gone").symlink_to(elsewhere)
    desk.write(NEW)
    assert desk.build() == (0, "")
    assert files_of(elsewhere) == {"with/it": b"gone"}


def test_a_page_replaced_by_a_link_is_written_and_the_link_s_target_is_not(desk: Desk, clean: Clean) -> None:
    desk.start_over(OLD, {})
    letter = desk.root / "letter.txt"
    letter.write_text("a letter", encoding="utf-8")
    (desk.site / "index.html").unlink()
    (desk.site / "index.html").symlink_to(letter)
    desk.write(NEW)
    assert desk.build() == (0, "")
    assert files_of(desk.site) == clean.new
    assert letter.read_text("utf-8") == "a letter"


class Killed(BaseException):
    """Stands in for a kill in this process."""


def test_what_is_put_in_the_way_after_a_kill_is_kept(
    desk: Desk, clean: Clean, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.start_over(OLD, {})
    desk.write(NEW)
    replace = os.replace

    def kill_after_the_journal(source: str | Path, target: str | Path) -> None:
        replace(source, target)
        if Path(target).name == "journal.json":
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", kill_after_the_journal)
        with pytest.raises(Killed):
            desk.build()
    assert files_of(desk.site) == clean.old
    mine = desk.site / "folder" / "mine"
    mine.write_text("mine", encoding="utf-8")
    status, printed = desk.build()
    assert status == 1
    assert is_told(printed, "output-unwritable"), printed
    assert mine.read_text("utf-8") == "mine"
    mine.unlink()
    assert desk.build() == (0, "")
    assert files_of(desk.site) == clean.new


# --- what editors do to the site between builds -----------------------------------------------------


def test_files_and_folders_may_change_places_and_back(desk: Desk, clean: Clean) -> None:
    for files, wanted in ((OLD, clean.old), (NEW, clean.new), (OLD, clean.old), (NEW, clean.new)):
        desk.write(files)
        assert desk.build() == (0, "")
        assert files_of(desk.site) == wanted
    assert folders_of(desk.site) == clean.new_folders


def test_a_build_without_a_change_writes_nothing(desk: Desk) -> None:
    desk.start_over(NEW, FOREIGN)
    before = {path: path.stat().st_mtime_ns for path in desk.site.rglob("*") if STATE not in path.parts}
    assert desk.build() == (0, "")
    after = {path: path.stat().st_mtime_ns for path in desk.site.rglob("*") if STATE not in path.parts}
    assert after == before


def _edit_page(site: Path) -> None:
    (site / "index.html").write_text("edited", encoding="utf-8")


def _edit_page_at_equal_length(site: Path) -> None:
    page = site / "index.html"
    page.write_bytes(page.read_bytes().replace(b"<", b"(", 1))


def _delete_page(site: Path) -> None:
    (site / "zh-hans" / "index.html").unlink()


def _delete_folder(site: Path) -> None:
    shutil.rmtree(site / "zh-hans")


def _delete_everything_but_the_state(site: Path) -> None:
    for path in site.iterdir():
        if path.name != STATE:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _delete_the_state_s_folder_and_the_site(site: Path) -> None:
    shutil.rmtree(site)


def _leave_staged_files(site: Path) -> None:
    (site / STATE / "staged").mkdir()
    (site / STATE / "staged" / "0").write_text("half", encoding="utf-8")


def _empty_folder_in_the_way(site: Path) -> None:
    (site / "index.html").unlink()
    (site / "index.html" / "empty").mkdir(parents=True)


EDITS = (
    _edit_page,
    _edit_page_at_equal_length,
    _delete_page,
    _delete_folder,
    _delete_everything_but_the_state,
    _delete_the_state_s_folder_and_the_site,
    _leave_staged_files,
    _empty_folder_in_the_way,
)


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__.strip("_"))
def test_the_next_build_mends_the_site(edit: Callable[[Path], None], desk: Desk, clean: Clean) -> None:
    desk.start_over(NEW, {})
    edit(desk.site)
    assert desk.build() == (0, "")
    assert files_of(desk.site) == clean.new


#: One mistake each in different stages; the site that is there stays as it is.
MISTAKES = {
    "reading": ("texts/liu-an/text.yaml", "titel: 柳\n"),
    "compiling": ("texts/liu-an/text.yaml", "title: 柳\nnotes: [{in: p1, on: 霞, note: 一}]\n"),
    "rendering": ("templates/text.html", "{{ view.nonsense }}"),
}


@pytest.mark.parametrize("stage", MISTAKES)
def test_a_mistake_leaves_the_site_as_it_was(stage: str, desk: Desk) -> None:
    desk.start_over(OLD, FOREIGN)
    name, content = MISTAKES[stage]
    before = {path: path.stat().st_mtime_ns for path in desk.site.rglob("*") if STATE not in path.parts}
    desk.write({**NEW, name: content})
    status, printed = desk.build()
    assert status == 1
    assert printed.count(": error: ") == 1
    after = {path: path.stat().st_mtime_ns for path in desk.site.rglob("*") if STATE not in path.parts}
    assert after == before
