"""Goods on machines' own belts and in their stores."""

from dataclasses import replace

import numpy as np
import pytest

from twin_app.machines import MACHINE_TYPES, MachineType, machine_type
from twin_app.machines.items import ITEMS, item_of
from ui.scene3d import goods
from ui.scene3d.scene import Scene, SceneUnit

BOTTLE, CASE = item_of("bottle"), item_of("case")
HOME = np.eye(4)


def passing(passage: goods.Passage, phase: float) -> goods.Standing:
    """Return the goods on the belt of a machine at home."""
    return passage.standing(np.array([phase]), HOME[None])


def scene(kind: str, counts: str = "bottle") -> Scene:
    return Scene((SceneUnit("u", "U", kind, None, 1.0, 0, 0, 0, 0, unit_of_count=counts),), (), "")


def turned(x: float, y: float) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    """Return a base a quarter turn to the left."""
    return np.array([[0.0, -1, 0, x], [1, 0, 0, y], [0, 0, 1, 0], [0, 0, 0, 1]])


def test_that_a_checkweigher_carries_cases_and_a_fill_inspector_bottles() -> None:
    assert [p.item.key for p in goods.passages(scene("inspection", "case"))] == ["case"]
    assert [p.item.key for p in goods.passages(scene("inspection", "bottle"))] == ["bottle"]


def test_that_machines_and_stores_show_the_shape_that_was_told() -> None:
    (unit,) = scene("buffer_table").units
    canned = Scene((replace(unit, shape="can"),), (), "")
    assert [passage.item.key for passage in goods.passages(canned)] == ["can"]
    assert [storage.item.key for storage in goods.storages(canned)] == ["can"]
    (rack,) = scene("rack").units
    # What stands in a rack are pallets, whatever lies on them.
    assert [storage.item.key for storage in goods.storages(Scene((replace(rack, shape="can"),), (), ""))] == ["pallet"]


def test_that_goods_pass_one_place_on_for_each_product_and_then_look_as_before() -> None:
    (passage,) = goods.passages(scene("inspection"))
    at = [passing(passage, phase).points for phase in (3.0, 3.5, 4.0)]
    pitch = 2.9 / passage.count
    assert passage.count == 11
    assert np.allclose(at[1] - at[0], (pitch / 2, 0, 0))
    assert np.allclose(at[2], at[0])
    assert np.allclose(at[0][:, 1:], (0.0, 0.95))


def test_that_goods_go_round_a_bend_on_its_circle_and_turn_with_it() -> None:
    (passage,) = goods.passages(scene("conveyor_bend", "case"))
    standing = passing(passage, 0.9)
    radius = np.linalg.norm(standing.points[:, :2] - (-0.55, 0.55), axis=1)
    assert radius == pytest.approx(1.1, abs=0.01)
    # A quaternion of a turn about Z by a: (cos a/2, 0, 0, sin a/2); it grows from nothing towards a quarter turn.
    angles = np.degrees(2 * np.arctan2(standing.turns[:, 3], standing.turns[:, 0]))
    assert (np.diff(angles) > 0).all()
    assert 0 <= angles[0] < angles[-1] <= 90


def test_that_a_machine_nobody_knows_the_phase_of_keeps_its_goods_where_they_are() -> None:
    (passage,) = goods.passages(scene("inspection"))
    assert np.array_equal(passing(passage, np.nan).points, passing(passage, 0.0).points)


def test_that_machines_of_one_kind_carry_their_goods_each_at_its_own_place_and_phase() -> None:
    units = tuple(SceneUnit(f"u{i}", "U", "inspection", None, 1.0, 0, 0, 0, 0, unit_of_count="bottle") for i in range(2))
    (passage,) = goods.passages(Scene(units, (), ""))
    standing = passage.standing(np.array([0.0, 0.5]), np.stack([HOME, turned(5.0, 2.0)]))
    assert standing.units.tolist() == [0] * 11 + [1] * 11
    pitch = 2.9 / 11
    # The second stands a quarter turn to the left at (5, 2): its belt runs along Y, and its goods are half a place on.
    assert np.allclose(standing.points[11:, 0], 5.0)
    assert np.allclose(standing.points[11:, 1] - 2.0, standing.points[:11, 0] + pitch / 2)
    assert np.allclose(standing.turns[11:], (np.sqrt(0.5), 0, 0, np.sqrt(0.5)))


@pytest.mark.parametrize(("share", "shown"), [(0.0, 0), (0.25, 3), (1.0, 12), (1.7, 12), (-0.2, 0)])
def test_that_a_rack_is_as_full_as_its_stock_says_and_never_fuller_than_it_is_large(share: float, shown: int) -> None:
    (storage,) = goods.storages(scene("rack", "pallet"))
    standing = storage.standing(share, HOME)
    assert len(standing.points) == shown
    assert not standing.unknown.any()


def test_that_a_store_nobody_knows_of_shows_its_places_as_not_known() -> None:
    (storage,) = goods.storages(scene("rack", "pallet"))
    standing = storage.standing(np.nan, HOME)
    assert len(standing.points) == 12
    assert standing.unknown.all()


def test_that_a_rack_holds_pallets_whatever_it_counts_and_a_table_what_it_counts() -> None:
    assert [s.item.key for s in goods.storages(scene("rack", "bottle"))] == ["pallet"]
    assert [s.item.key for s in goods.storages(scene("agv", ""))] == ["pallet"]
    assert [s.item.key for s in goods.storages(scene("buffer_table", "case"))] == ["case"]


def test_that_cases_on_a_table_stand_apart_by_their_size() -> None:
    (bottles,), (cases,) = (goods.storages(scene("buffer_table", counts)) for counts in ("bottle", "case"))
    points = cases.standing(1.0, HOME).points
    gaps = np.linalg.norm(points[:, None] - points[None], axis=2)[~np.eye(len(points), dtype=bool)]
    assert bottles.count == 176
    assert gaps.min() > 0.8 * CASE.close_m


def test_that_goods_go_along_with_their_machine() -> None:
    (storage,) = goods.storages(scene("agv"))
    standing = storage.standing(1.0, turned(5.0, 2.0))
    assert np.allclose(standing.points, [(5.0, 1.9, 0.5)])
    assert np.allclose(standing.turns, [(np.sqrt(0.5), 0, 0, np.sqrt(0.5))])


@pytest.mark.parametrize("kind", [kind for kind in MACHINE_TYPES if kind.store], ids=lambda kind: kind.key)
def test_that_a_store_lies_within_its_machine_and_is_filled_by_a_signal_it_is_known_to_have(kind: MachineType) -> None:
    assert kind.store is not None
    assert kind.store.signal in {spec.name for spec in kind.signals}
    places = np.array(kind.store.places)
    assert (np.abs(places[:, :2]) < np.array(kind.footprint_m) / 2 + 0.25).all()
    assert (places[:, 2] < kind.height_m).all()


def test_that_every_kind_of_goods_fits_its_own_spacing() -> None:
    from models3d import machine_model
    from twin_app.shapes import read_model
    from twin_app.shapes.fit import bounds

    for item in ITEMS:
        low, high = bounds(read_model(machine_model(item.model)))
        assert low[2] == pytest.approx(0.0, abs=1e-4)
        assert high[0] - low[0] <= item.close_m < item.apart_m
    assert machine_type("inspection").carried
