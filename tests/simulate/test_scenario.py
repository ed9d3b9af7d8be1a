"""A scenario file: what it means, everything wrong with it at once, and what stands in for it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from twin_app.errors import LayoutError, ScenarioError
from twin_app.layout import load as load_layout
from twin_app.simulate import FaultKind, Kind, Law, LawKind, Scenario, Simulation, When
from twin_app.simulate.scenario import lively, load, plain
from twin_app.simulate.schema import ALARM, ORDER, ROOT, UNIT
from twin_app.simulate.spec import LIVELY, UnitSpec

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SECOND = 1_000_000_000
LAYOUT = """\
schema = 1
[line]
id = "L1"
site = "S"
area = "A"
zone = "Europe/Berlin"
constraint = "Press"
[[source]]
id = "plc"
[[source.map]]
topic = "S/A/{unit}/{tag...}"
dialect = "packml_tags"
[[unit]]
id = "Press"
type = "filler"
feeds = [{ to = "Oven" }, { to = "Mend" }]
[[unit]]
id = "Mend"
type = "machine"
feeds = [{ to = "Oven" }]
[[unit]]
id = "Oven"
type = "machine"
[[unit.signal]]
name = "Heat"
kind = "measurement"
limits = { low = 100, high = 220 }
[[product]]
id = "lid"
ideal_cycle_s = { Press = 2, Oven = 1.5, Mend = 9 }
"""
GOOD = """\
schema = 1
layout = "line.toml"
default_buffer = 4

[crew]
fitters = 2

[defaults]
mttf_s = 3600
mttr_s = 90

[unit.Press]
mttf_s = 0
rework_to = "Mend"
detects = 0.9
repair_crew = "fitters"
cycle.lid = { kind = "triangular", low_s = 1, mode_s = 2, high_s = 4 }

[[order]]
product = "lid"
quantity = 40

[[malfunction]]
kind = "cycle_drift"
unit = "Oven"
at_s = 600
size = 0.2

[[malfunction]]
kind = "stop"
unit = "Press"
when = "parts"
reaches = 50
"""


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str], list[str]]:
    """Return a function that writes a scenario beside its layout, reads it and returns what is wrong with it."""
    (tmp_path / "line.toml").write_text(LAYOUT)

    def find(content: str) -> list[str]:
        path = tmp_path / "shift.toml"
        path.write_text(content)
        try:
            load(path)
        except LayoutError as error:
            return list(error.findings) or [error.worded()]
        return []

    return find


def test_that_a_scenario_means_what_it_says(tmp_path: Path, read: Callable[[str], list[str]]) -> None:
    assert read(GOOD) == []
    line, scenario = load(tmp_path / "shift.toml")
    assert line.id == "L1"
    assert (scenario.default_buffer, scenario.crews, scenario.orders[0].quantity) == (4, {"fitters": 2}, 40)
    press, oven = scenario.units["Press"], scenario.units["Oven"]
    assert (press.mttf_s, press.mttr_s, oven.mttf_s) == (0.0, 90.0, 3600.0)
    assert press.cycle["lid"] == Law(kind=LawKind.TRIANGULAR, low_s=1.0, mode_s=2.0, high_s=4.0)
    assert oven.scrap == LIVELY["scrap"]
    assert [(f.kind, f.when) for f in scenario.faults] == [(FaultKind.CYCLE_DRIFT, None), (FaultKind.STOP, When.PARTS)]
    Simulation(line, scenario).run_until(600 * SECOND)


def test_that_a_plain_base_leaves_everything_out_that_is_not_said(tmp_path: Path, read: Callable[[str], list[str]]) -> None:
    assert read('schema = 1\nlayout = "line.toml"\nbase = "plain"\n') == []
    _, scenario = load(tmp_path / "shift.toml")
    assert list(scenario.units.values()) == [UnitSpec()] * 3


@pytest.mark.parametrize(
    ("before", "after", "where", "what"),
    [
        ("schema = 1", "schema = 2", ":1: schema", "allowed: 1"),
        ("schema = 1\n", "", ": schema", "is missing"),
        ("[unit.Press]", "[unit.Pres]", ":12: unit.Pres", 'did you mean "Press"?'),
        ("mttf_s = 0", "mttf_s = -1", ":13: unit.Press.mttf_s", "found -1"),
        ("mttf_s = 0", "mtbf_s = 1", ":13: unit.Press.mtbf_s", 'did you mean "mttf_s"?'),
        ('"Mend"', '"Oben"', ":14: unit.Press.rework_to", 'did you mean "Oven"?'),
        ('repair_crew = "fitters"', 'repair_crew = "fiters"', ":16: unit.Press.repair_crew", 'did you mean "fitters"?'),
        ("mode_s = 2", "mode_s = 5", ":17: unit.Press.cycle.lid", "out of order"),
        ("cycle.lid", "cycle.lit", ":17: unit.Press.cycle.lit", 'did you mean "lid"?'),
        ('kind = "triangular"', 'kind = "empirical"', "unit.Press.cycle.lid.values_s", "is missing"),
        ('product = "lid"', 'product = "pan"', ":20: order[1].product", "allowed: lid"),
        ("cycle_drift", "cycle_drfit", ":24: malfunction[1].kind", 'did you mean "cycle_drift"?'),
        ('kind = "cycle_drift"', 'kind = "agv_lost"', "malfunction[1].unit", "no vehicle"),
        ('kind = "cycle_drift"', 'kind = "supply_shortage"', "malfunction[1].unit", "first units"),
        ('kind = "cycle_drift"', 'kind = "wrong_state"', "malfunction[1].state", "is missing"),
        ('kind = "stop"', 'kind = "buffer_jam"', "malfunction[2].unit", "nobody feeds"),
        ("at_s = 600", 'at_s = 600\nwhen = "parts"', "malfunction[1].when", "one of the two"),
        ("size = 0.2", 'sensor = "Heet"', "malfunction[1].sensor", 'did you mean "Heat"?'),
        ("[crew]", "[crew", "shift.toml", "no valid TOML"),
    ],
)  # fmt: skip
def test_that_a_fault_in_a_scenario_is_told_with_its_place_and_its_cure(
    read: Callable[[str], list[str]], before: str, after: str, where: str, what: str
) -> None:
    assert before in GOOD
    found = read(GOOD.replace(before, after, 1))
    assert any(where in finding and what in finding for finding in found), found


def test_that_all_that_is_wrong_is_told_at_once(read: Callable[[str], list[str]]) -> None:
    wrong = GOOD.replace("mttf_s = 0", "mttf_s = -1").replace("quantity = 40", "quantity = 0").replace("reaches = 50", "reached = 50")
    assert len(read(wrong)) == 3


@pytest.mark.parametrize("layout", ["../../line.toml", "/etc/passwd", "C:\\line.toml", "", "."])
def test_that_a_scenario_names_no_layout_outside_its_neighbourhood(read: Callable[[str], list[str]], layout: str) -> None:
    assert "names no layout" in read(f"schema = 1\nlayout = '{layout}'\n")[0]


def test_that_a_file_that_is_not_there_or_no_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="cannot be read"):
        load(tmp_path / "none.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ScenarioError, match="no UTF-8"):
        load(tmp_path / "bytes.toml")


def test_that_any_layout_simulates_at_once_with_the_instruments_it_names(tmp_path: Path) -> None:
    (tmp_path / "line.toml").write_text(LAYOUT)
    line = load_layout(tmp_path / "line.toml")
    scenario = lively(line)
    assert {unit: [s.name for s in spec.sensors] for unit, spec in scenario.units.items()} == {
        "Press": ["ProductTemperature", "TankLevel"], "Mend": [], "Oven": ["Heat"],
    }  # fmt: skip
    heat = scenario.units["Oven"].sensors[0]
    assert (heat.running, heat.rest) == (160.0, 115.0)
    run = Simulation(line, scenario, seed=1)
    events = run.run_until(4 * 3600 * SECOND)
    assert run.made()["Oven"] > 4000
    assert {Kind.SAMPLE, Kind.SCRAP, Kind.ALARM, Kind.ENERGY} <= {kind for _, _, kind, _, _ in events}


def test_that_in_a_plain_scenario_nothing_unexpected_happens(tmp_path: Path) -> None:
    (tmp_path / "line.toml").write_text(LAYOUT)
    line = load_layout(tmp_path / "line.toml")
    run = Simulation(line, plain(line))
    kinds = {kind for _, _, kind, _, _ in run.run_until(3600 * SECOND)}
    assert not kinds & {Kind.SCRAP, Kind.ALARM, Kind.SAMPLE, Kind.FAULT}


def test_that_every_key_of_a_unit_and_of_the_file_has_a_field_that_takes_it() -> None:
    for table in (UNIT, ALARM, ORDER, ROOT):
        lost = [key.name for key in table.keys if table.model_field(key) is None and not key.instead]
        assert lost == []


def test_that_every_field_of_a_unit_can_be_written_in_a_file() -> None:
    assert {key.field or key.name for key in UNIT.keys} == set(UnitSpec.__dataclass_fields__)


def extending(tmp_path: Path, own: str, base: str = GOOD) -> tuple[list[str], object]:
    """Return the findings in a scenario that extends another one, and the scenario where there are none."""
    (tmp_path / "line.toml").write_text(LAYOUT)
    (tmp_path / "base.toml").write_text(base)
    (tmp_path / "own.toml").write_text(f'schema = 1\nlayout = "line.toml"\nextends = "base.toml"\n{own}')
    try:
        return [], load(tmp_path / "own.toml")[1]
    except ScenarioError as error:
        return list(error.findings), None


def test_that_a_scenario_says_only_where_it_differs_from_the_one_it_extends(tmp_path: Path) -> None:
    own = '[crew]\nhelpers = 1\n[unit.Press]\nscrap = 0.5\n[[malfunction]]\nkind = "stop"\nunit = "Oven"\nat_s = 5\n'
    (tmp_path / "alone").mkdir()
    (tmp_path / "alone" / "line.toml").write_text(LAYOUT)
    (tmp_path / "alone" / "base.toml").write_text(GOOD)
    below = load(tmp_path / "alone" / "base.toml")[1]
    findings, made = extending(tmp_path, own)
    assert findings == []
    assert isinstance(made, Scenario)
    assert made.crews == {**below.crews, "helpers": 1}
    assert made.units["Press"] == replace(below.units["Press"], scrap=0.5)
    assert made.units["Oven"] == below.units["Oven"]
    assert [fault.kind for fault in made.faults] == [FaultKind.STOP, *(fault.kind for fault in below.faults)]


def test_that_what_is_wrong_in_either_file_is_told_with_that_files_name(tmp_path: Path) -> None:
    assert "base.toml:" in extending(tmp_path, "", GOOD.replace("mttf_s = 0", "mttf_s = -1"))[0][0]
    assert extending(tmp_path, '[[malfunction]]\nkind = "stop"\nunit = "Ovens"\n')[0][0].startswith("own.toml:6: ")
    assert "own.toml:3: extends" in extending(tmp_path, "", 'extends = "line.toml"\n' + GOOD)[0][0]
