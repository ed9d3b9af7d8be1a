"""A checkout in miniature: the real start.py over a tiny twin and one tiny package, so that set-up runs for real and offline."""

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TWIN = "import os, sys, leaf\nprint('twin', leaf.VERSION, sys.argv[1:], os.getcwd())\n"
RUNNER = "import sys, leaf\nprint('tests', leaf.VERSION, sys.argv[1:])\n"


def make_wheel(folder: Path, version: str) -> Path:
    """Write a wheel with one module, by the letter of the wheel format and nothing more."""
    path = folder / f"leaf-{version}-py3-none-any.whl"
    files = {
        "leaf.py": f"VERSION = {version!r}\n",
        f"leaf-{version}.dist-info/METADATA": f"Metadata-Version: 2.1\nName: leaf\nVersion: {version}\n",
        f"leaf-{version}.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = [
        f"{name},sha256={base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b'=').decode()},{len(text)}"
        for name, text in files.items()
    ]
    files[f"leaf-{version}.dist-info/RECORD"] = "\n".join([*record, f"leaf-{version}.dist-info/RECORD,,", ""])
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), text)
    return path


@dataclass(frozen=True, slots=True)
class Checkout:
    """A folder with start.py in it, and an index of its own: a folder of wheels that pip is configured for."""

    root: Path
    index: Path

    def lock(self, version: str, *, digest: str | None = None) -> None:
        """Write both locks: the tiny package at that version."""
        wheel = self.index / f"leaf-{version}-py3-none-any.whl"
        digest = digest or hashlib.sha256((wheel if wheel.exists() else make_wheel(self.index, version)).read_bytes()).hexdigest()
        for name in ("requirements.lock", "requirements-dev.lock"):
            (self.root / name).write_text(f"leaf=={version} \\\n    --hash=sha256:{digest}\n", encoding="utf-8")

    def start(self, *arguments: str, index: bool = True) -> subprocess.CompletedProcess[str]:
        """Run `python start.py ...` from another folder, with pip configured for our index or for none that answers."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
        environment |= {"PIP_CONFIG_FILE": os.devnull, "PYTHONPATH": ""}
        if index:
            environment |= {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.index)}
        else:
            environment |= {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "1"}
        command = [sys.executable, str(self.root / "start.py"), *arguments]
        return subprocess.run(command, cwd=self.index, env=environment, capture_output=True, text=True, timeout=50, check=False)


@pytest.fixture(scope="session")
def make_checkout(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Checkout]:
    """Return what makes a fresh checkout."""

    def make() -> Checkout:
        checkout = Checkout(tmp_path_factory.mktemp("checkout"), tmp_path_factory.mktemp("index"))
        shutil.copy(ROOT / "start.py", checkout.root)
        (checkout.root / "twin_app").mkdir()
        (checkout.root / "twin_app" / "__main__.py").write_text(TWIN, encoding="utf-8")
        (checkout.root / "tests").mkdir()
        (checkout.root / "tests" / "run.py").write_text(RUNNER, encoding="utf-8")
        checkout.lock("1.0")
        return checkout

    return make
