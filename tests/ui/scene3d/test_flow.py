"""Conveyors between machines, and where goods are on them: the last of them ready to go, the others on their way."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin_app.machines.items import Carrier, item_of
from ui.scene3d import flow
from ui.scene3d.flow import Flow
from ui.scene3d.scene import Scene, SceneLink, SceneUnit


def unit(name: str, x_m: float, counts: str = "bottle", base: float = 1.0, **fields: float) -> SceneUnit:
    made = SceneUnit(name, "", "machine", None, 1.0, x_m, 0, 0, 0, unit_of_count=counts, base_units=base)
    return replace(made, **fields)  # type: ignore[arg-type]  # any field may be replaced


# From the first cabinet's outfeed at x = 1.2 to the second's infeed at 6.2 - 1.2 = 5.0: 3.8 m, room for 30 bottles 125 mm apart.
UNITS = (unit("a", 0), unit("b", 6.2))
LINE = Scene(UNITS, (SceneLink("a", "b"),), "")
LENGTH_M, ROOM = 3.8, 30
CLOSE_M = LENGTH_M / ROOM


def one(scene: Scene = LINE) -> Flow:
    (laid,) = flow.lay(scene)
    return laid


def along(shown: float, a: float = 0.0, b: float = 0.0, scene: Scene = LINE) -> list[float]:
    """Return how far behind the outfeed goods are, the last first, when both machines have made so many products."""
    points, _ = one(scene).places(np.array([a, b]), np.array([shown]))
    return [float(x) for x in sorted(points[:, 0] - 1.2)]


def test_that_a_conveyor_reaches_from_outfeed_to_infeed() -> None:
    laid = one()
    assert np.allclose(laid.starts, [(1.2, 0, 0.95)])
    assert np.allclose(laid.ways, [(3.8, 0, 0)])
    assert (laid.tiles.sizes[:, 0] * flow.TILE_M).sum() == pytest.approx(3.8)
    assert laid.room.tolist() == [ROOM]


def test_that_just_as_many_goods_are_shown_as_there_are() -> None:
    assert [len(along(n)) for n in (0, 1, 5, 17, 30)] == [0, 1, 5, 17, 30]
    assert len(along(31)) == ROOM


def test_that_few_goods_spread_over_the_conveyor_and_go_on_with_what_the_first_machine_counts() -> None:
    apart = LENGTH_M / 4
    assert along(4, 7.0) == pytest.approx([0, apart, 2 * apart, 3 * apart])
    assert along(4, 7.5) == pytest.approx([apart / 2, 1.5 * apart, 2.5 * apart, 3.5 * apart])
    assert along(4, 8.0) == along(4, 7.0)


def test_that_many_goods_stand_close_before_the_next_machine_and_move_up_with_what_it_counts() -> None:
    full = along(ROOM)
    assert np.diff(full) == pytest.approx(CLOSE_M)
    assert full[-1] == pytest.approx(LENGTH_M - CLOSE_M / 2)
    moved = along(ROOM, b=0.25)
    assert np.array(moved) - np.array(full) == pytest.approx(CLOSE_M / 4)


def test_that_a_queue_stands_while_others_come_on() -> None:
    """Twenty bottles: travelling ones are 25 cm apart, the rest stands at the end."""
    before, after = np.array(along(20, 0.0)), np.array(along(20, 0.4))
    stands = np.isclose(before, after)
    assert 0 < stands.sum() < 20
    assert stands[-stands.sum() :].all()
    assert np.diff(before[stands]) == pytest.approx(CLOSE_M)
    assert (after - before)[~stands][0] == pytest.approx(0.1)


@given(st.floats(0, 1e5), st.floats(0, 1e5), st.floats(0, 40))
def test_that_goods_keep_their_order_and_never_leave_the_conveyor_or_stand_in_each_other(a: float, b: float, shown: float) -> None:
    found = along(shown, a, b)
    assert len(found) == min(int(shown + 1e-6), ROOM)
    assert all(-1e-6 <= x <= LENGTH_M + 1e-6 for x in found)
    # While the first one leaves, it stands half in the machine: the conveyor's end is as far as it is shown.
    assert all(later - earlier > 0.4 * CLOSE_M for earlier, later in pairwise(found))


def test_that_goods_nobody_knows_of_are_shown_apart_and_with_machines_nobody_knows_of_stand_still() -> None:
    assert len(along(np.nan)) == int(LENGTH_M / 0.25)
    assert along(np.nan, np.nan, np.nan) == along(np.nan)


def test_that_a_buffer_larger_than_its_conveyor_is_shown_by_its_share() -> None:
    laid = one()
    shown = laid.shown(np.array([(75.0, 150.0)]))
    assert shown.tolist() == [15.0]  # half full
    assert laid.shown(np.array([(12.0, 20.0)])).tolist() == [12.0]
    assert laid.shown(np.array([(12.0, np.nan)])).tolist() == [12.0]
    assert np.isnan(laid.shown(np.array([(np.nan, 150.0)]))).all()


@pytest.mark.parametrize(
    ("first", "second", "carried", "carrier"),
    [
        (("layer", 60.0), ("bottle", 1.0), "bottle", Carrier.CHAIN),
        (("bottle", 1.0), ("case", 12.0), "bottle", Carrier.CHAIN),
        (("case", 12.0), ("Cases", 12.0), "case", Carrier.BELT),
        (("Kisten", 12.0), ("Palette", 480.0), "crate", Carrier.BELT),
        (("pallet", 480.0), ("托盘", 480.0), "pallet", Carrier.ROLLERS),
        (("", 1.0), ("", 1.0), "part", Carrier.BELT),
        (("housing", 1.0), ("housing", 1.0), "part", Carrier.BELT),
    ],
)
def test_that_what_travels_is_the_smaller_of_what_both_machines_count(
    first: tuple[str, float], second: tuple[str, float], carried: str, carrier: Carrier
) -> None:
    laid = one(Scene((unit("a", 0, *first), unit("b", 9, *second)), (SceneLink("a", "b"),), ""))
    assert (laid.item.key, laid.item.carrier) == (carried, carrier)


def test_that_a_layer_of_sixty_moves_sixty_bottles_on_and_a_case_takes_twelve() -> None:
    scene = Scene(
        (unit("a", 0, "layer", 60.0), unit("b", 6.2), unit("c", 12.4, "case", 12.0)), (SceneLink("a", "b"), SceneLink("b", "c")), ""
    )
    laid = one(scene)
    assert laid.given.tolist() == [60.0, 1.0]
    assert laid.taken.tolist() == [1.0, 12.0]
    # A sixtieth of a layer is a bottle, after which the belt looks as before.
    before, after = (laid.places(np.array([phase, 0.0, 0.0]), np.array([4.0, 0.0]))[0] for phase in (0.0, 1 / 60))
    assert np.allclose(before, after)


def test_that_a_conveyor_turns_with_its_machines() -> None:
    units = (unit("a", 0, heading_deg=90), unit("b", 0, y_m=6.2, heading_deg=90))
    laid = one(Scene(units, (SceneLink("a", "b"),), ""))
    assert np.allclose(laid.ways, [(0, 3.8, 0)])
    assert np.allclose(laid.tiles.transforms[:, :3, 0], (0, 1, 0))


@pytest.mark.parametrize("link", [SceneLink("a", "nobody"), SceneLink("nobody", "b"), SceneLink("a", "a")])
def test_that_a_link_that_leads_nowhere_lays_nothing(link: SceneLink) -> None:
    assert flow.lay(Scene(UNITS, (link,), "")) == ()


def test_that_a_very_long_way_is_not_paved_with_bottles() -> None:
    far = one(Scene((UNITS[0], unit("b", 50_000)), (SceneLink("a", "b"),), ""))
    assert far.room.sum() <= flow.MAX_GOODS
    points, _ = far.places(np.zeros(2), np.array([flow.MAX_GOODS]))
    assert len(points) == far.room.sum()


@pytest.mark.parametrize("word", ["bottle", "Bottles", "FLASCHEN", "瓶", " vial "])
def test_that_a_word_for_bottles_is_understood_in_any_number_and_case(word: str) -> None:
    assert item_of(word).key == "bottle"


@pytest.mark.parametrize(("word", "shape"), [("cans", "can"), ("Dosen", "can"), ("Boxes", "box"), ("Kisten", "crate"), ("cartons", "case")])
def test_that_other_words_for_goods_are_told_apart(word: str, shape: str) -> None:
    assert item_of(word).key == shape


def test_that_a_shape_of_the_layout_goes_before_the_word() -> None:
    assert item_of("bottle", "can").key == "can"
    assert item_of("piece", "nothing that is known").key == "part"
    units = (replace(UNITS[0], unit_of_count="piece", shape="crate"), replace(UNITS[1], unit_of_count="piece"))
    laid = one(Scene(units, (SceneLink("a", "b"),), ""))
    assert laid.item.key == "crate"
