"""The wheel: four packages side by side, and in them every file the repository tracks. A line in .gitignore can drop a model silently."""

import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("twin_app", "ui", "models3d", "sample_streams")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel, built from the tracked files alone, as a fresh clone would."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("dist")
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listing.split("\0")):
        if (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(source)]
    built = subprocess.run(command, capture_output=True, text=True, timeout=50, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    return zipfile.ZipFile(next(out.glob("*.whl")))


def test_that_every_tracked_file_of_the_packages_is_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    listing = subprocess.run(["git", "ls-files", "-z", *PACKAGES], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    tracked = {name for name in listing.split("\0") if name and (ROOT / name).is_file()}
    shipped = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert shipped == tracked
    assert {name.split("/")[0] for name in shipped} == set(PACKAGES)


def test_that_no_tracked_file_is_ignored() -> None:
    """The builder obeys .gitignore even for a file that git was told to track."""
    ignored = subprocess.run(["git", "ls-files", "-ci", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ignored.stdout == ""


def test_that_the_wheel_says_who_it_is(wheel: zipfile.ZipFile) -> None:
    folder = next(name.split("/")[0] for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    metadata = Parser().parsestr(wheel.read(f"{folder}/METADATA").decode())
    code = (ROOT / "twin_app" / "__init__.py").read_text(encoding="utf-8")
    assert f'__version__ = "{metadata["Version"]}"' in code
    assert metadata["License-Expression"] == "Apache-2.0"
    assert f"{folder}/licenses/LICENSE" in wheel.namelist()
    assert "twin-app = twin_app.__main__:start" in wheel.read(f"{folder}/entry_points.txt").decode()
