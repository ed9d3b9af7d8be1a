"""What the hall says of stores and of what lies between machines: numbers where the plant says them, `estimated` and `not known` where not."""

from dataclasses import replace
from math import isnan, nan
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from twin_app.model.buffer import Basis, BufferNow
from twin_app.model.equipment import Feed, Line, SourceSpec, Unit
from twin_app.model.historian import Latest
from twin_app.model.samples import NEVER, Kind, Quality, TextTable
from twin_app.model.signal import Signal, SignalKind, SignalTable
from ui.context import LineView
from ui.hall.looks import estimated_in, level_words, levels_of, stored_in

TABLE = Unit(id="Table", title="Table", type="buffer_table", source="plc", feeds=(Feed(to="Packer"),))
RACK = Unit(id="Rack", title="Rack", type="rack", source="plc", unit_of_count="pallet")
AGV = Unit(id="AGV", title="AGV", type="agv", source="plc")
PACKER = Unit(id="Packer", title="Case packer", type="case_packer", source="plc")
LINE = Line(
    path=Path("line.toml"), content_hash="", id="L1", title="", enterprise="", site="S", area="A", zone="UTC", unit_of_count="bottle",
    constraint="Table", units=(TABLE, RACK, AGV, PACKER), sources=(SourceSpec(id="plc", title=""),), products=(),
)  # fmt: skip
TEXTS = TextTable()


def said(unit: Unit, name: str, value: float | str | None, quality: Quality = Quality.GOOD) -> tuple[float, str]:
    """Return what is in a unit's store when its signal has a value."""
    signals = SignalTable([Signal(path=f"S/A/L1/{unit.id}/{name}", unit=unit.id, name=name, kind=SignalKind.MEASUREMENT)])
    code = TEXTS.code(value) if isinstance(value, str) else nan if value is None else value
    kind = Kind.TEXT if isinstance(value, str) else Kind.NULL if value is None else Kind.NUMBER
    latest = Latest(
        np.array([NEVER if value is None else 5]), np.array([float(code)]), np.array([kind], dtype=np.uint8),
        np.array([quality], dtype=np.uint8), np.zeros(1, dtype=np.int64),
    )  # fmt: skip
    return stored_in(unit, latest, LineView(LINE, signals, TEXTS))


def test_that_a_table_tells_its_share_and_a_rack_its_pallets_of_what_it_holds_at_most() -> None:
    assert said(TABLE, "Level", 35.0) == (0.35, "35 % full")
    assert said(replace(RACK, capacity=400.0), "Stock", 100.0) == (0.25, "100 of 400 (pallet)")
    # Nobody said what it holds at most: it is shown by the twelve places of its model.
    assert said(RACK, "Stock", 6.0) == (0.5, "6 (pallet)")


@pytest.mark.parametrize(
    ("load", "share", "words"), [("PAL-4711", 1.0, "loaded"), ("", 0.0, "empty"), (1.0, 1.0, "loaded"), (0.0, 0.0, "empty")]
)
def test_that_a_vehicle_is_loaded_or_empty_as_it_says(load: float | str, share: float, words: str) -> None:
    assert said(AGV, "Load", load) == (share, words)


@pytest.mark.parametrize("quality", [Quality.STALE, Quality.BAD, Quality.UNKNOWN])
def test_that_a_store_of_which_nothing_can_be_trusted_is_not_known(quality: Quality) -> None:
    for share, words in (said(TABLE, "Level", 35.0, quality), said(TABLE, "Level", None), said(TABLE, "Temperature", 20.0)):
        assert isnan(share)
        assert words == "store: not known"


def test_that_a_machine_without_a_store_says_nothing_of_one() -> None:
    share, words = said(PACKER, "Level", 5.0)
    assert isnan(share)
    assert words == ""


@pytest.mark.parametrize(
    ("basis", "level", "capacity", "words"),
    [
        (Basis.MEASURED, 34.0, 60.0, "→ Case packer 34 of 60 (bottle)"),
        (Basis.ESTIMATED, 33.6, 60.0, "→ Case packer ≈ 34 of 60 (bottle), estimated"),
        (Basis.ESTIMATED, 33.6, nan, "→ Case packer ≈ 34 (bottle), estimated"),
        (Basis.UNKNOWN, nan, 60.0, "→ Case packer: not known"),
    ],
)
def test_that_what_lies_between_machines_is_said_with_what_it_rests_on(basis: Basis, level: float, capacity: float, words: str) -> None:
    assert level_words(BufferNow(unit="Table", to="Packer", level=level, capacity=capacity, basis=basis), LINE) == words


def test_that_what_was_counted_is_not_marked_as_estimated() -> None:
    buffers = tuple(
        BufferNow(unit=basis.value, to="Packer", level=level, basis=basis)
        for basis, level in ((Basis.MEASURED, 3.0), (Basis.ESTIMATED, 4.0), (Basis.UNKNOWN, nan))
    )
    frame: Any = SimpleNamespace(buffers=buffers)
    assert estimated_in(frame) == {("estimated", "Packer")}
    assert levels_of(frame)["measured", "Packer"][0] == 3.0
