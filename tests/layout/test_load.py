from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING

import pytest
from paho.mqtt.client import topic_matches_sub

from twin_app.assets import ROOT, line_files, sample_line
from twin_app.errors import LayoutError
from twin_app.layout import load, load_all
from twin_app.model.equipment import (
    Break,
    Feed,
    Limits,
    Line,
    MapRule,
    Placement,
    Product,
    Shift,
    SignalSpec,
    SourceSpec,
    Targets,
    Unit,
)
from twin_app.model.signal import SignalKind

PACKAGING = ROOT / "models3d" / "lines" / "packaging.toml"
STREAM = ROOT / "sample_streams" / "packaging.jsonl"

if TYPE_CHECKING:
    from pathlib import Path

EVERYTHING = """\
schema = 1

[line]
id = "L1"
title = "Line one"
enterprise = "Acme"
site = "S"
area = "A"
zone = "America/New_York"
unit_of_count = "bottle"
constraint = "Filler"
minor_stop_s = 90

[targets]
oee_index = 0.85
availability = 0.9
effectiveness = 0.95
quality_ratio = 1
good_per_shift = 40_000

[[source]]
id = "plc"
title = "PLC"
address = "mqtts://broker.example:8883"
subscribe = ["S/A/#", "other/+"]
qos = 1
keepalive_s = 30
username = "twin"
tls_ca = "certificates/ca.pem"
processed_includes_defective = false
state_names = { RUN = "Execute", "läuft" = "Execute" }
state_numbers = { 1 = "Idle", 104 = "Held" }
mode_names = { Auto = "Production" }
mode_numbers = { 7 = "User-defined" }

[[source.map]]
topic = "S/A/{unit}/json"
dialect = "json_flat"
units = { F01 = "Filler" }
signals = { temp = "Temperature", noise = "" }
time_field = "ts"
time_unit = "ms"

[[source.map]]
topic = "other/packer"
dialect = "packml_tags"
unit = "Packer"

[[source.map]]
topic = "S/A/+/log"
ignore = true

[[unit]]
id = "Filler"
title = "Filler one"
type = "filler"
source = "plc"
x_m = 1.5
y_m = -2
z_m = 0.25
heading_deg = 90
model = "models/filler.glb"
model_scale = 0.001
unit_of_count = "bottle"
base_units_per_count = 1
feeds = [{ to = "Packer", buffer_capacity = 120 }]

[[unit.signal]]
name = "Temperature"
kind = "measurement"
unit_of_measure = "°C"
title = "Product temperature"

[unit.signal.limits]
low_low = 1
low = 2
high = 3
high_high = 4.5

[unit.targets]
availability = 0.8

[[unit]]
id = "Packer"
type = "machine"
unit_of_count = "case"
base_units_per_count = 12

[[product]]
id = "p1"
title = "Water"
ideal_cycle_s = { Filler = 0.1, Packer = 1.2 }
base_units_per_count = { Packer = 6 }

[[shift]]
name = "Night"
start = "22:00"
end = 06:00:00
days = ["Mon", "Sun"]
breaks = [{ name = "Meal", start = "01:30", end = "02:00:30" }]
"""


SOURCES = (
    SourceSpec(
        id="plc",
        title="PLC",
        address="mqtts://broker.example:8883",
        subscribe=("S/A/#", "other/+"),
        qos=1,
        keepalive_s=30,
        username="twin",
        tls_ca="certificates/ca.pem",
        processed_includes_defective=False,
        state_names={"run": "Execute", "läuft": "Execute"},
        state_numbers={1: "Idle", 104: "Held"},
        mode_names={"auto": "Production"},
        mode_numbers={7: "User-defined"},
        rules=(
            MapRule(
                topic="S/A/{unit}/json",
                dialect="json_flat",
                units={"F01": "Filler"},
                signals={"temp": "Temperature", "noise": ""},
                time_field="ts",
                time_unit="ms",
            ),
            MapRule(topic="other/packer", dialect="packml_tags", unit="Packer"),
            MapRule(topic="S/A/+/log", dialect="", ignore=True),
        ),
    ),
)

UNITS = (
    Unit(
        id="Filler",
        title="Filler one",
        type="filler",
        source="plc",
        placement=Placement(x_m=1.5, y_m=-2.0, z_m=0.25, heading_deg=90.0, model="models/filler.glb", model_scale=0.001),
        unit_of_count="bottle",
        base_units_per_count=1.0,
        feeds=(Feed(to="Packer", buffer_capacity=120.0),),
        signals=(
            SignalSpec(
                name="Temperature",
                kind=SignalKind.MEASUREMENT,
                unit_of_measure="°C",
                title="Product temperature",
                limits=Limits(low_low=1.0, low=2.0, high=3.0, high_high=4.5),
            ),
        ),
        targets=Targets(availability=0.8),
    ),
    Unit(id="Packer", title="Packer", type="machine", source="plc", unit_of_count="case", base_units_per_count=12.0),
)


def test_that_every_field_of_the_model_is_read_from_the_file(tmp_path: Path) -> None:
    path = tmp_path / "line.toml"
    path.write_text(EVERYTHING, encoding="utf-8")
    assert load(path) == Line(
        path=path,
        content_hash=hashlib.sha256(EVERYTHING.encode()).hexdigest(),
        id="L1",
        title="Line one",
        enterprise="Acme",
        site="S",
        area="A",
        zone="America/New_York",
        unit_of_count="bottle",
        constraint="Filler",
        minor_stop_s=90.0,
        targets=Targets(oee_index=0.85, availability=0.9, effectiveness=0.95, quality_ratio=1.0, good_per_shift=40_000.0),
        sources=SOURCES,
        units=UNITS,
        products=(Product(id="p1", title="Water", ideal_cycle_s={"Filler": 0.1, "Packer": 1.2}, base_units_per_count={"Packer": 6.0}),),
        shifts=(
            Shift(
                name="Night",
                start=dt.time(22),
                end=dt.time(6),
                days=(0, 6),
                breaks=(Break(name="Meal", start=dt.time(1, 30), end=dt.time(2, 0, 30)),),
            ),
        ),
    )


def test_that_a_line_of_ten_lines_is_enough(tmp_path: Path) -> None:
    path = tmp_path / "line.toml"
    path.write_text(
        """schema = 1
line = { id = "L", site = "S", area = "A", zone = "UTC", constraint = "Press" }
[[source]]
id = "plant"
address = "mqtt://localhost"
map = [{ topic = "S/A/{unit}/{tag...}", dialect = "packml_tags" }]
[[unit]]
id = "Press"
type = "machine"
"""
    )
    line = load(path)
    assert line.unit("Press").source == "plant"
    assert (line.title, line.enterprise, line.unit_of_count, line.products, line.minor_stop_s) == ("L", "", "", (), 120.0)


def test_that_every_layout_that_ships_is_without_a_fault() -> None:
    assert sample_line() in line_files()
    assert len(load_all(line_files())) == len(line_files())


def test_that_the_packaging_line_maps_or_ignores_every_topic_of_its_stream() -> None:
    (source,) = load(PACKAGING).sources
    filters = [rule.topic.replace("{unit}", "+").replace("{tag...}", "#") for rule in source.rules]
    topics = {line.split('"topic": "')[1].split('"')[0] for line in STREAM.read_text(encoding="utf-8").splitlines()}
    assert len(topics) > 70
    assert [topic for topic in topics if not any(topic_matches_sub(pattern, topic) for pattern in filters)] == []


def test_that_the_packaging_line_makes_a_hundred_bottles_a_minute_at_best() -> None:
    line = load(PACKAGING)
    assert [unit.id for unit in line.units] == ["Filler", "Capper", "Labeller"]
    assert [line.ideal_cycle_s(unit.id) for unit in line.units] == [60 / 100] * 3
    assert [unit.id for unit in line.last_units] == ["Labeller"]
    assert not line.sources[0].processed_includes_defective


def test_that_a_plant_is_several_lines_and_tells_the_faults_of_all_of_them(good: str, tmp_path: Path) -> None:
    for name, line_id in (("one.toml", "L1"), ("two.toml", "L2")):
        (tmp_path / name).write_text(good.replace('id = "L1"', f'id = "{line_id}"'))
    one, two = tmp_path / "one.toml", tmp_path / "two.toml"
    assert [line.id for line in load_all([two, one])] == ["L2", "L1"]

    two.write_text(good.replace('site = "S"', "site = 1"))
    with pytest.raises(LayoutError) as caught:
        load_all([one, tmp_path / "gone.toml", two])
    assert [finding[:20] for finding in caught.value.findings] == ["There is no layout f", "two.toml:5: line.sit"]


def test_that_two_lines_of_a_plant_cannot_have_the_same_name(good: str, tmp_path: Path) -> None:
    for name in ("one.toml", "two.toml"):
        (tmp_path / name).write_text(good)
    with pytest.raises(LayoutError) as caught:
        load_all([tmp_path / "one.toml", tmp_path / "two.toml"])
    assert caught.value.findings == (
        f'two.toml: line.id: found "S/A/L1", which {tmp_path / "one.toml"} already has; each line must differ.',
    )
