"""How much of other people's traffic is mapped without typing: signals that matter, listed by hand with what must be known of them.

Values are the expected facts of the captures (`tests/data/captures/expected`, computed by another program), or read in the traffic.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from twin_app.discover.draft import written
from twin_app.layout import load
from twin_app.model.samples import NEVER, Kind
from twin_app.service.answers import value_of
from twin_app.service.discover import Request, discover
from twin_app.service.discover_drafts import suggestion
from twin_app.service.opening import open_line, read_through

ROOT = Path(__file__).resolve().parents[2]
CAPTURES = ROOT / "tests/data/captures"
PACKML = ROOT / "sample_streams/packaging.jsonl"
SHIFT = ROOT / "sample_streams/good_shift.jsonl.gz"
SHIFT_S = 600
FACTS = json.loads((CAPTURES / "expected/packml_plain_mqtt.json").read_text(encoding="utf-8"))["machines"]
ANY = object()
"""Some value or other."""
ENOUGH = 0.9


def packml_signals() -> dict[tuple[str, str], object]:
    wanted: dict[tuple[str, str], object] = {}
    for unit, facts in FACTS.items():
        wanted |= {(unit, name): facts["acc"][name] for name in ("Consumed", "Processed", "Defective")}
        wanted |= {(unit, f"{name}SinceReset"): facts["count_since_reset"][name] for name in ("Consumed", "Processed", "Defective")}
        wanted |= {(unit, "State"): facts["last_state"], (unit, "CurMachSpeed"): ANY, (unit, "MachDesignSpeed"): 100.0}
        wanted |= {(unit, name): ANY for name in ("Mode", "ModeNumber", "StateNumber", "MachSpeed")}
    wanted["Filler", "Temperature"] = 72.5
    return wanted


SPARKPLUG: dict[tuple[str, str], object] = {
    ("Robot1", name): value
    for name, value in {
        "State": "Held", "StateNumber": 11.0, "Mode": "Production", "ModeNumber": 1.0, "MachDesignSpeed": 100.0, "MachSpeed": 55.5, "CurMachSpeed": 0.0,
        "Processed": pytest.approx(85.32963562), "Defective": pytest.approx(3.33865190), "Consumed": pytest.approx(88.66828919),
        "ProcessedSinceReset": ANY, "DefectiveSinceReset": ANY, "ConsumedSinceReset": ANY, "StopReason": ANY, "StopReasonValue": ANY,
        "Starved": False, "Blocked": False, "Admin/ProdProcessedCount/0/Name": "Finished Goods", "Admin/ProdProcessedCount/0/Unit": "Each",
        "Command/MachSpeed": ANY,
    }.items()
}  # fmt: skip

TAHU: dict[tuple[str, str], object] = {
    ("Emulated Device", name): value
    for name, value in {
        "Int8_Min": -128.0, "Int8_Max": 127.0, "Int16_Min": -32768.0, "Int16_Max": 32767.0, "Int32_Min": -2147483648.0, "Int32_Max": 2147483647.0,
        "Int64_Min": -9223372036854775808, "Int64_Max": 9223372036854775807, "UInt8_Min": 0.0, "UInt8_Max": 255.0, "UInt16_Min": 0.0,
        "UInt16_Max": 64535.0, "UInt32_Min": 0.0, "UInt32_Max": 4294967295.0, "UInt64_Min": 0.0, "UInt64_Max": 18446744073709551615,
        "input/Device Metric0": ANY, "input/Device Metric1": False, "output/Device Metric2": 16.0, "output/Device Metric3": True, "My_Custom_Motor": ANY,
    }.items()
} | {
    ("Python Edge Node 1", name): value
    for name, value in {
        "Node Metric0": "hello node", "Node Metric1": True, "Node Metric2": 13.0, "Node Metric3": None,
        "DataSet": '{"columns":["Int8s","Int16s","Int32s"],"rows":[[0,1,2],[3,4,5]]}',
    }.items()
}  # fmt: skip

VEHICLES: dict[tuple[str, str], object] = {
    ("001", "X"): 20.0, ("001", "Y"): 15.0, ("001", "Heading"): pytest.approx(1.5707963), ("001", "ConnectionState"): "OFFLINE", ("001", "State"): "Idle",
    ("001", "ErrorLevel"): "NONE", ("001", "Battery"): pytest.approx(89.878, abs=0.001), ("001", "LoadCount"): 0.0,
    ("002", "X"): pytest.approx(6.408), ("002", "Y"): 10.0, ("002", "Heading"): 0.0, ("002", "ConnectionState"): "CONNECTIONBROKEN",
    ("002", "State"): "Aborted", ("002", "ErrorLevel"): "FATAL", ("002", "Errors"): ANY, ("002", "Battery"): pytest.approx(0.864),
    **{(unit, name): ANY for unit in ("001", "002") for name in ("Mode", "OperatingMode", "Driving", "Paused", "Charging", "Speed", "Load", "Order", "Map")},
    **{(unit, "BatteryVoltage"): 24.0 for unit in ("001", "002")},
}  # fmt: skip

PACKML_MACHINES = ("Filler", "Capper", "LabellerA", "LabellerB", "Palletiser", "Wrapper")
JSON_MACHINES = ("depal", "rinser", "inspect", "vision", "packer", "weigh", "store")
SHIFT_SIGNALS: dict[tuple[str, str], object] = {
    **{(unit, name): ANY for unit in (*PACKML_MACHINES, *JSON_MACHINES) for name in ("State", "Mode", "Consumed", "Processed", "Defective", "CurMachSpeed")},
    **{(unit, name): ANY for unit in PACKML_MACHINES for name in ("Parameter[10]", "Parameter[11]", "Starved", "Blocked")},
    **{(unit, name): ANY for unit in JSON_MACHINES for name in ("Power", "Energy")},
    **{(unit, name): ANY for unit in JSON_MACHINES if unit != "depal" for name in ("Starved", "Blocked")},
    **{(unit, "MachDesignSpeed"): speed for unit, speed in (("Filler", 120.0), ("Capper", 125.0), ("Palletiser", 0.3), ("Wrapper", 0.4))},
    **{("Filler", f"Parameter[{i}]"): ANY for i in (0, 1, 4)}, ("Capper", "Parameter[2]"): ANY, ("LabellerA", "Parameter[3]"): ANY,
    ("Wrapper", "Parameter[5]"): ANY, ("depal", "Stock"): ANY, ("depal", "Product"): "still-0.75", ("rinser", "WaterPressure"): ANY,
    ("inspect", "FillLevel"): ANY, **{(unit, name): ANY for unit in ("001", "002") for name in ("X", "Y", "Heading", "State", "Battery", "ConnectionState")},
}  # fmt: skip


def first_minutes(folder: Path) -> Path:
    """Write the first minutes of the sample shift into a file."""
    path = folder / "shift.jsonl"
    with gzip.open(SHIFT, "rt", encoding="utf-8") as shift, path.open("w", encoding="utf-8") as file:
        start = None
        for line in shift:
            at = json.loads(line)["t"]
            start = at if start is None else start
            if at > start + SHIFT_S:
                break
            file.write(line)
    return path


SOURCES = {
    "PackML tags": (PACKML, packml_signals()),
    "Sparkplug, PackML simulator": (CAPTURES / "sparkplug_packml_sim.jsonl", SPARKPLUG),
    "Sparkplug, Tahu": (CAPTURES / "tahu_python_sparkplug.jsonl", TAHU),
    "VDA 5050": (CAPTURES / "vda5050_two_agvs.jsonl", VEHICLES),
    "bottling line": (SHIFT, SHIFT_SIGNALS),
}


@pytest.mark.parametrize("name", SOURCES)
def test_that_nine_of_ten_signals_that_matter_are_mapped_without_typing(name: str, tmp_path: Path) -> None:
    source, wanted = SOURCES[name]
    capture = first_minutes(tmp_path) if source == SHIFT else source
    request = Request(address=str(capture))
    found = discover(request)
    draft = suggestion(found, request)
    assert draft is not None
    layout = tmp_path / "draft.toml"
    layout.write_text(written(draft, found.survey, heard_on=capture.name), encoding="utf-8")
    assert replace(load(layout), path=draft.line.path, content_hash="") == draft.line
    said = last_values(layout, capture)
    missing = {
        key: said.get(key, "nothing") for key, value in wanted.items() if key not in said or not (value is ANY or said[key] == value)
    }
    share = 1 - len(missing) / len(wanted)
    assert share >= ENOUGH, missing
    assert missing == {}  # today all of them are: whoever loses one is to know


def last_values(layout: Path, capture: Path) -> dict[tuple[str, str], Any]:
    """Replay a capture with a layout, and return the last value of every signal that was heard."""
    session = open_line(layout, [str(capture)], record=False)
    try:
        read_through(session, None)
        span = session.span()
        assert span is not None
        latest = session.latest(span.end_ns)
        heard = [i for i in range(len(latest.effective_ns)) if latest.effective_ns[i] != NEVER]
        return {
            (session.signals[i].unit, session.signals[i].name): value_of(float(latest.value[i]), Kind(latest.kind[i]), session.texts)
            for i in heard
        }
    finally:
        session.close()


def test_that_all_fifty_metrics_of_the_robot_are_signals() -> None:
    request = Request(address=str(CAPTURES / "sparkplug_packml_sim.jsonl"))
    draft = suggestion(discover(request), request)
    assert draft is not None
    (robot,) = draft.machines
    assert (robot.id, robot.type, len(robot.signals)) == ("Robot1", "robot6", 50)


def test_that_the_numbers_and_counts_of_the_machines_are_read_off_their_traffic() -> None:
    request = Request(address=str(PACKML))
    draft = suggestion(discover(request), request)
    assert draft is not None
    source = draft.line.sources[0]
    assert source.state_numbers == {1: "Idle", 4: "Clearing"}  # as the bundled layout has them
    assert source.mode_numbers == {3: "Maintenance"}
    assert not source.processed_includes_defective  # consumed = processed + defective
    assert draft.line.products[0].ideal_cycle_s == {"Filler": 0.6, "Capper": 0.6, "Labeller": 0.6}
    assert (draft.line.site, draft.line.area, draft.line.constraint) == ("PlantA", "Packaging", "Filler")
    assert [machine.type for machine in draft.machines] == ["filler", "capper", "labeller"]
    temperature = draft.line.unit("Filler").signals[0]
    assert (temperature.name, temperature.unit_of_measure) == ("Temperature", "°C")
