"""Machine types as data."""

import pytest

from twin_app.machines import MACHINE_TYPES, MachineType, machine_type
from twin_app.model import signal


def test_that_each_machine_type_is_found_by_its_key() -> None:
    assert [machine_type(kind.key) for kind in MACHINE_TYPES] == list(MACHINE_TYPES)
    assert len({kind.key for kind in MACHINE_TYPES}) == len(MACHINE_TYPES)


def test_that_a_kind_nobody_described_is_shown_as_the_generic_machine() -> None:
    assert machine_type("carbonator").key == "machine"


@pytest.mark.parametrize("kind", MACHINE_TYPES, ids=lambda kind: kind.key)
def test_that_every_machine_type_expects_a_state_and_counters_a_vehicle_its_place_instead(kind: MachineType) -> None:
    names = [spec.name for spec in kind.signals]
    makes = {signal.PROCESSED, signal.DEFECTIVE, signal.SPEED}
    assert {signal.STATE} | ({"X", "Y", "Heading"} if kind.key == "agv" else makes) <= set(names)
    assert len(set(names)) == len(names)


STRAIGHT = [kind for kind in MACHINE_TYPES if kind.key != "conveyor_bend"]


@pytest.mark.parametrize("kind", STRAIGHT, ids=lambda kind: kind.key)
def test_that_product_enters_behind_and_leaves_ahead_in_line(kind: MachineType) -> None:
    assert kind.infeed_m[0] < 0 < kind.outfeed_m[0]
    assert kind.infeed_m[1] == kind.outfeed_m[1]
    # Those that build or undo pallets have a belt on one side and low rollers on the other.
    assert (kind.infeed_m[2] != kind.outfeed_m[2]) is (kind.key in {"palletiser", "depalletiser"})
    assert kind.outfeed_m[0] - kind.infeed_m[0] == pytest.approx(kind.footprint_m[0], abs=0.15)


def test_that_a_bend_takes_along_x_and_gives_along_y_a_quarter_circle_of_one_metre_ten_further() -> None:
    bend = machine_type("conveyor_bend")
    assert tuple(b - a for a, b in zip(bend.infeed_m, bend.outfeed_m, strict=True)) == pytest.approx((1.1, 1.1, 0.0))
