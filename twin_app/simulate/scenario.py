"""A scenario file, read into the words of the simulator or refused with everything that is wrong. Not the keys: see `schema`.

The layout says what the line is, the scenario how it behaves. Where there is no scenario, `lively` makes one of the layout alone.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from twin_app.errors import ScenarioError
from twin_app.layout import load as load_layout
from twin_app.layout.findings import Findings
from twin_app.layout.positions import TooDeepError, key_lines
from twin_app.machines import machine_type
from twin_app.model.signal import SignalKind
from twin_app.simulate.consistency import check
from twin_app.simulate.schema import read_root
from twin_app.simulate.spec import LIVELY, Scenario, Sensor, UnitSpec, Vehicle
from twin_app.text import N_, tr

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from twin_app.model.equipment import Line, SignalSpec, Unit

MAX_BYTES = 2 * 2**20
VEHICLES = frozenset({"agv"})
"""Machine types that are vehicles whatever a scenario says."""
TOLD_OTHERWISE = re.compile(r"(Cur)?Mach(Design)?Speed|Power|Energy|Stock|Battery|.*SinceReset|.*Number")
"""Measurements that the simulator has of its own."""
_UNUSABLE = N_("The scenario {path} cannot be used as it stands:")


def load(path: Path, line: Line | None = None) -> tuple[Line, Scenario]:
    """Read a scenario and return the line it is for: `line`, or the layout that it names.

    Raises:
        ScenarioError: it cannot be read, is no TOML, or is wrong; then `findings` names every fault, in the order of the file.
        LayoutError: the layout it names is wrong.
    """
    findings, read = _read(path)
    if line is None:
        layout = read.get("layout", "")
        if not layout or not _stays(layout):
            raise ScenarioError(N_("The scenario {path} names no layout beside it."), tip=N_("Add the key layout, or name one."), path=path)
        line = load_layout(path.parent / layout)
    if read.get("extends"):
        read = _over(_extended(path, read["extends"], line, findings), read)
    scenario = _built(read, line)
    check(scenario, read, line, findings)
    if len(findings):
        raise ScenarioError(_UNUSABLE, findings=findings.sentences(), path=path)
    return line, scenario


def _read(path: Path) -> tuple[Findings, dict[str, Any]]:
    """Return what is wrong with a file's keys, and those that are there."""
    findings, document = _parsed(path)
    read = read_root(document, findings.at())
    if "schema" not in document:
        findings.at().missing("schema", "1")
    return findings, read


def _extended(path: Path, name: str, line: Line, findings: Findings) -> dict[str, Any]:
    """Return the keys of the scenario that a file extends, which must be sound and extend none itself."""
    if not _stays(name) or _read(path.parent / name)[1].get("extends"):
        findings.at("extends").refuse(name, tr("a scenario beside the file that extends none itself"))
        return {}
    load(path.parent / name, line)
    return _read(path.parent / name)[1]


def _over(below: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Return what a scenario says over what it extends: keys of units, defaults and crews one by one, malfunctions added, all else as a whole."""
    units = below.get("units", {})
    return below | own | {
        "units": units | {name: units.get(name, {}) | keys for name, keys in own.get("units", {}).items()},
        "defaults": below.get("defaults", {}) | own.get("defaults", {}),
        "crews": below.get("crews", {}) | own.get("crews", {}),
        "faults": (*own.get("faults", ()), *below.get("faults", ())),
    }  # fmt: skip


def lively(line: Line) -> Scenario:
    """Return how an ordinary line of this layout behaves: failures, micro-stops, scrap, measurements, all of it moderate."""
    return _built({}, line)


def plain(line: Line) -> Scenario:
    """Return a scenario in which nothing unexpected ever happens and no change of state takes time."""
    return _built({"base": "plain"}, line)


def _built(read: Mapping[str, Any], line: Line) -> Scenario:
    """Put together what the file says: for each unit the base, the file's defaults, and what stands under its own name."""
    is_lively = read.get("base", "lively") == "lively"
    base = (LIVELY if is_lively else {}) | read.get("defaults", {})
    own = read.get("units", {})
    units = {unit.id: _spec(unit, base | own.get(unit.id, {}), is_lively=is_lively) for unit in line.units}
    names = ("initial_fill", "default_buffer", "repeat_orders", "use_calendar", "crews", "orders", "faults")
    return Scenario(units=units, **{name: read[name] for name in names if name in read})


def _spec(unit: Unit, fields: Mapping[str, Any], *, is_lively: bool) -> UnitSpec:
    """Return one unit's behaviour; where nobody describes its instruments they are those that the layout names."""
    spec = UnitSpec(**fields)
    if spec.vehicle is None and unit.type in VEHICLES:
        spec = replace(spec, vehicle=Vehicle())
    if is_lively and "sensors" not in fields and spec.vehicle is None:
        spec = replace(spec, sensors=_sensors(unit))
    return spec


def _sensors(unit: Unit) -> tuple[Sensor, ...]:
    """Return the measurements that a unit is said to have, each in the middle of its limits while it works."""
    specs = {spec.name: spec for spec in (*machine_type(unit.type).signals, *unit.signals)}
    return tuple(_sensor(s) for s in specs.values() if s.kind is SignalKind.MEASUREMENT and not TOLD_OTHERWISE.fullmatch(s.name))


def _sensor(spec: SignalSpec) -> Sensor:
    low, high = spec.limits.low, spec.limits.high
    if low is None or high is None:
        return Sensor(name=spec.name, rest=20.0, running=45.0, settle_s=300.0, noise=0.3)
    middle = (low + high) / 2
    return Sensor(name=spec.name, rest=low + (high - low) / 8, running=middle, settle_s=300.0, noise=(high - low) / 60)


def _stays(layout: str) -> bool:
    """Return whether a layout lies in the scenario's folder, the one above, or below: no drive, no root, one step up at most."""
    parts = layout.split("/")
    inner = parts[1:] if parts[0] == ".." else parts
    return all(part.strip(" .") and not re.search(r'[\\:*?"<>|\x00-\x1f]', part) for part in inner)


def _parsed(path: Path) -> tuple[Findings, dict[str, Any]]:
    """Return where everything stands in the file, and the values."""
    text = _text(path)
    try:
        return Findings(path.name, key_lines(text)), tomllib.loads(text)
    except TooDeepError as error:
        raise _no_toml(path, tr("line {line} nests too deep or holds an endless word.", line=error.args[0])) from error
    except (ValueError, RecursionError) as error:  # tomllib's own error is a ValueError; its numbers and dates raise others
        raise _no_toml(path, tr("it is no valid TOML: {reason}.", reason=error)) from error


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ScenarioError(N_("The scenario {path} cannot be read: {reason}."), path=path, reason=error.strerror or error) from error
    if len(data) > MAX_BYTES:
        raise ScenarioError(N_("The scenario {path} is larger than {most} MiB, so it is none."), path=path, most=MAX_BYTES // 2**20)
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise _no_toml(path, tr("it holds bytes that are no UTF-8; save the file as UTF-8.")) from error


def _no_toml(path: Path, sentence: str) -> ScenarioError:
    return ScenarioError(_UNUSABLE, findings=(f"{path.name}: {sentence}",), path=path)
