from __future__ import annotations

from pathlib import Path

import pytest

HALL = """\
# A small hall, made for tests.
schema = 1

[line]
id = "l"                 # stays
site = "S"
area = "A"
zone = "Asia/Shanghai"
constraint = "Filler"

[[source]]
id = "plant"
address = "mqtt://plant:1883"

[[source.map]]
topic = "S/A/{unit}/{tag...}"
dialect = "packml_tags"
units = { f1 = "Filler", c1 = "Capper" }

[[source.map]]
topic = "S/A/old/#"
dialect = "json_flat"
unit = "Capper"

# ---- The machines

# the big one
[[unit]]
id = "Filler"
title = "Füller 灌装机"
type = "filler"
x_m = 12                 # by the wall
feeds = [
    { to = "Capper", buffer_capacity = 10 },   # short belt
    { to = "Reject" },
]

[[unit.signal]]
name = "Temperature"
kind = "measurement"
limits = { low = 2, high = 9 }

[unit.targets]
availability = 0.9

# it closes
[[unit]]
id = "Capper"
type = "capper"
x_m = 17.0
y_m = -1.25
# not moved since 2024

# ---- What leaves the line on the side

[[unit]]
id = "Reject"
type = "machine"

[[product]]
id = "water"
ideal_cycle_s = { Filler = 1.5, Capper = 1.5 }   # by the maker

[[alarm]]
units = ["Capper"]
text = "Cap missing"
signal = "CapMissing"

[[alarm]]
units = ["Filler", "Capper"]
text = "Level"
signal = "Level"
"""


@pytest.fixture
def hall(tmp_path: Path) -> Path:
    path = tmp_path / "hall.toml"
    path.write_bytes(HALL.encode())
    return path
