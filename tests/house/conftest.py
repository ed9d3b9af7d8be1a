"""What the house rules are judged on: the files that belong to the repository, not what lies about in a checkout."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("twin_app", "ui", "models3d", "sample_streams")


@pytest.fixture(scope="session")
def tracked() -> list[Path]:
    """The tracked files, relative to the repository."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    files = [Path(name) for name in listing.split("\0") if name and (ROOT / name).is_file()]
    assert files, "git lists no file"
    return files


@pytest.fixture(scope="session")
def sources(tracked: list[Path]) -> dict[Path, str]:
    """The tracked Python files and their text."""
    return {path: (ROOT / path).read_text(encoding="utf-8") for path in tracked if path.suffix == ".py"}
