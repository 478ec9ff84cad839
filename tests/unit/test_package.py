"""What is installed: the package with its templates, from the checkout and from a source archive."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import duben

CHECKOUT = Path(__file__).resolve().parents[2]
TEMPLATES = {
    f"duben/{path.relative_to(CHECKOUT).as_posix()}"
    for path in (CHECKOUT / "templates").rglob("*")
    if path.is_file() and not path.name.startswith(".")
}
TABLES = {path.relative_to(CHECKOUT).as_posix() for path in (CHECKOUT / "duben").rglob("*.tsv")}
DESK = {
    path.relative_to(CHECKOUT).as_posix()
    for folder in ("sample", "codes")
    for path in (CHECKOUT / "duben" / "desk" / folder).rglob("*")
    if path.is_file()
}
MODULES = {path.relative_to(CHECKOUT).as_posix() for path in (CHECKOUT / "duben").rglob("*.py")}


def build(folder: Path, target: str, out: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(out)]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    (made,) = out.iterdir()
    return made


def test_the_wheel_carries_code_templates_tables_what_the_desk_hands_out_and_licences(tmp_path: Path):
    names = set(zipfile.ZipFile(build(CHECKOUT, "wheel", tmp_path)).namelist())
    carried = {name for name in names if ".dist-info/" not in name}
    assert carried == TEMPLATES | MODULES | TABLES | DESK
    assert len(TABLES) >= 3
    assert len(DESK) >= 20
    info = f"duben-{duben.__version__}.dist-info"
    assert {f"{info}/entry_points.txt", f"{info}/licenses/LICENSE", f"{info}/licenses/NOTICE"} <= names


def test_a_wheel_made_from_the_source_archive_is_the_same(tmp_path: Path):
    with tarfile.open(build(CHECKOUT, "sdist", tmp_path / "sdist")) as archive:
        archive.extractall(tmp_path, filter="data")
    unpacked = tmp_path / f"duben-{duben.__version__}"
    wheel = build(unpacked, "wheel", tmp_path / "again")
    direct = build(CHECKOUT, "wheel", tmp_path / "direct")
    with zipfile.ZipFile(wheel) as one, zipfile.ZipFile(direct) as other:
        assert {name: one.read(name) for name in one.namelist()} == {
            name: other.read(name) for name in other.namelist()
        }


def test_the_tests_import_the_checkout():
    assert Path(duben.__file__).resolve().parent == CHECKOUT / "duben"
