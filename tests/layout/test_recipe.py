"""The recipe of `docs/mapping.md` is read as it stands there: what a newcomer copies has to load."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from twin_app.layout import load, remarks

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/mapping.md").read_text(encoding="utf-8")
PRESS = ROOT / "tests/data/lines/press.toml"


def block(language: str) -> str:
    found = re.search(rf"^ *```{language}\n(.*?)^ *```$", PAGE, re.DOTALL | re.MULTILINE)
    assert found
    return "".join(line.removeprefix("  ") if language == "csv" else line for line in found[1].splitlines(keepends=True))


def test_that_the_recipe_is_the_machine_whose_figures_are_tested() -> None:
    (written,) = tomllib.loads(block("toml"))["unit"]
    (tested,) = tomllib.loads(PRESS.read_text(encoding="utf-8"))["unit"]
    assert written == {key: value for key, value in tested.items() if key != "signal"}
    assert block("csv") == PRESS.with_name("press_faults.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("derive", re.findall(r"\| `(\{ name = .*? \})`", PAGE))
def test_that_every_line_of_the_table_can_be_copied(derive: str, tmp_path: Path) -> None:
    (tmp_path / "press_faults.csv").write_text(block("csv"), encoding="utf-8")
    path = tmp_path / "line.toml"
    text = PRESS.read_text(encoding="utf-8")
    head, rules = text.split("derive = [", 1)
    if '"State"' in derive:
        rules = rules.split("state_rule", 1)[0] + "[[unit.signal]]" + rules.split("[[unit.signal]]", 1)[1]
    path.write_text(f"{head}derive = [\n    {derive},{rules}", encoding="utf-8")
    assert remarks(load(path)) == ()
