"""The four recipes of CONTRIBUTING.md, followed to the letter in a copy of the checkout, and what comes of them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.recipes import ROOT, edited, recipes
from twin_app.codec.dialects import BY_KEY
from twin_app.layout.map_tables import DIALECT

RECIPES = recipes()
PLANT = """
from pathlib import Path
from twin_app.layout import load
TEXT = Path("models3d/lines/packaging.toml").read_text(encoding="utf-8")
def line(*changes):
    text = TEXT
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    Path("models3d/lines/mine.toml").write_text(text, encoding="utf-8")
    return load(Path("models3d/lines/mine.toml"))
"""
MACHINE = """
import numpy as np
from twin_app.layout.signals import signal_table
from twin_app.machines import machine_type
from twin_app.machines.motion import transforms
mine = line(('type = "capper"', 'type = "corker"'))
kind = machine_type(mine.unit("Capper").type)
assert signal_table(mine).find("Capper", "CorkLevel") is not None
pose = transforms(kind.motions, np.array([0.0, 3.0, 3.5]))
turret, heads = pose[:, 0], pose[:, 1]
# Three bottles are a quarter of a turn of twelve heads, against the clock's sense; half a bottle on, the heads are all the way down.
assert np.allclose(turret[1][:3, 0], [0, -1, 0]) and np.allclose(turret[0], np.eye(4))
assert np.allclose(heads[:, 2, 3], [0, 0, -0.06])
"""
MESSAGE = """
from twin_app.codec.decoder import Decoder
from twin_app.errors import DecodeError
from twin_app.model.message import Message
from twin_app.model.samples import SampleColumns, TextTable
from twin_app.model.signal import SignalTable
mine = line(('topic = "PlantA/Packaging/{unit}/{tag...}"', 'topic = "PlantA/Packaging/{unit}"'), ('dialect = "packml_tags"', 'dialect = "pairs"'))
signals, texts, columns = SignalTable(), TextTable(), SampleColumns()
decoder = Decoder(mine, mine.sources[0], signals, texts)
decoder.decode(Message(0, "plant", "PlantA/Packaging/Filler", b"State=Execute;Processed=701", 1_795_425_957_000_000_000), columns)
samples = columns.take_all()
found = {signals[int(s)].name: float(v) for s, v in zip(samples.signal, samples.value)}
assert found.keys() == {"State", "Processed"}, found
assert found["Processed"] == 701.0 and texts.text(int(found["State"])) == "Execute"
for bad in (b"\\xff", b"State", b"=7"):
    try:
        decoder.decode(Message(1, "plant", "PlantA/Packaging/Filler", bad, 1_795_425_957_000_000_000), columns)
    except DecodeError:
        continue
    raise AssertionError(bad)
"""
SOURCE = """
from twin_app.service.opening import open_request, read_through
from twin_app.service.request import OpenRequest
from twin_app.model.packml import State
mine = line()
Path("shift.csv").write_bytes(b"1795425957.0,PlantA/Packaging/Filler/Status/StateCurrentStr,Execute\\nno line\\n"
    b"1795425960.5,PlantA/Packaging/Filler/Status/StateCurrentStr,Held\\n")
session = open_request(OpenRequest(layout=mine.path, addresses={"plant": str(Path("shift.csv").absolute())}))
read_through(session, None)
(health,) = session.health()
assert (health.received, sum(health.refused.values())) == (3, 1), health
span = session.span()
assert (span.start_ns, span.end_ns) == (1_795_425_957_000_000_000, 1_795_425_960_500_000_000)
assert session.figures(span.start_ns, span.end_ns).units["Filler"].ledger.state_ns[State.EXECUTE] == 3_500_000_000
session.close()
"""
CHECKS = {"A machine type": MACHINE, "A dialect": MESSAGE, "A source": SOURCE}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what ships."""
    for package in ("twin_app", "models3d", "sample_streams", "tests/sources"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path / "tests")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def python(checkout: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run Python on the copy."""
    environment = {**os.environ, "PYTHONPATH": str(checkout), "TWIN_APP_HOME": str(checkout / "home")}
    return subprocess.run([sys.executable, *words], cwd=checkout, env=environment, capture_output=True, text=True, timeout=50, check=False)


def test_that_there_is_a_recipe_for_each_thing_that_is_added_often() -> None:
    assert set(RECIPES) == {*CHECKS, "A panel"}


@pytest.mark.parametrize("title", sorted(RECIPES))
def test_that_a_recipe_is_one_file_and_few_lines(title: str) -> None:
    recipe = RECIPES[title]
    assert len(recipe.files) == 1
    assert recipe.lines() <= 25


@pytest.mark.parametrize("title", sorted(CHECKS))
def test_that_what_a_recipe_adds_is_taken_and_used(title: str, checkout: Path) -> None:
    without = python(checkout, "-c", PLANT + CHECKS[title])
    assert without.returncode == 1, "the check passes without the recipe"
    RECIPES[title].follow(checkout)
    done = python(checkout, "-c", PLANT + CHECKS[title])
    assert done.returncode == 0, done.stderr


def test_that_a_source_of_a_recipe_meets_what_is_asked_of_every_source(checkout: Path) -> None:
    RECIPES["A source"].follow(checkout)
    done = python(
        checkout, "-m", "pytest", "-q", "-p", "no:pytest-qt", "-p", "no:cacheprovider", "tests/sources/test_every_source.py", "-k", "csv"
    )
    assert done.returncode == 0, done.stdout
    assert "9 passed" in done.stdout


@pytest.mark.parametrize("title", sorted(RECIPES))
def test_that_a_recipe_passes_the_checks_of_the_house(title: str) -> None:
    for path, text in RECIPES[title].files.items():
        for words in (["check"], ["format", "--check"]):
            program = [sys.executable, "-m", "ruff", *words, "--no-cache", "--stdin-filename", path, "-"]
            found = subprocess.run(program, cwd=ROOT, input=text, capture_output=True, text=True, timeout=30, check=False)
            assert found.returncode == 0, found.stdout


def test_that_layouts_may_name_every_dialect_there_is_and_no_other() -> None:
    assert set(DIALECT.words) == set(BY_KEY)


@pytest.mark.parametrize(
    ("before", "lines", "after"),
    [
        ("ALL = (A, B)\n", "ALL = (..., C)", "ALL = (A, B, C)\n"),
        ("ALL: tuple[K, ...] = (\n    A,\n    B,\n)\n", "ALL = (C, ...)", "ALL: tuple[K, ...] = (\n    C, A,\n    B,\n)\n"),
        ('ONE = Choice(("a",))\n', 'ONE = Choice((..., "b"))', "ONE = Choice((\"a\", 'b',))\n"),
    ],
)
def test_that_a_line_of_a_recipe_lengthens_its_tuple_and_nothing_else(before: str, lines: str, after: str) -> None:
    assert edited(before, lines) == after
