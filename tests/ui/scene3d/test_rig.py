"""Node trees to displacements."""

from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models3d import machine_model
from twin_app.machines import MACHINE_TYPES, MachineType, Slide, Spin, machine_type
from twin_app.shapes import Model, ModelNode, ModelPart, Surface, read_model
from ui.scene3d.rig import Rig, bind, quaternions

SURFACE = Surface("grey", (0.5, 0.5, 0.5), 1.0, 0.0, 0.5)


def part(node: int) -> ModelPart:
    return ModelPart(node, SURFACE, np.array([(1.0, 0, 0), (1, 1, 0), (1, 0, 1)]), np.tile((1.0, 0, 0), (3, 1)), np.array([[0, 1, 2]]))


def shifted(x: float, y: float, z: float) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    place = np.eye(4)
    place[:3, 3] = x, y, z
    return place


ARM = Model(
    (ModelNode("base", -1, np.eye(4)), ModelNode("arm", 0, shifted(2, 0, 0)), ModelNode("hand", 1, shifted(0, 3, 0))),
    (part(0), part(1), part(2)),
)


@lru_cache
def shipped(key: str) -> "tuple[Rig, np.ndarray[tuple[int, ...], np.dtype[np.float64]]]":
    """Return a machine type's rig and its envelope, read once."""
    kind = machine_type(key)
    rig = bind(read_model(machine_model(kind.model)), kind.motions)
    return rig, rig.envelope()


def test_that_a_childs_motion_rides_on_its_parents() -> None:
    rig = bind(ARM, (Spin(node="arm", axis=(0, 0, 1), products_per_turn=4), Slide(node="hand", axis=(0, 0, 1), travel_m=0.5)))
    moved = rig.displacements(np.array([0.5, 1.0]))
    hand = np.array((2.0, 3.0, 0.0, 1.0))
    # Half a product: an eighth of a turn about (2, 0), and the hand half a metre up.
    assert np.allclose(moved[0, 1] @ hand, (2 - 3 * np.sin(np.pi / 4), 3 * np.cos(np.pi / 4), 0.5, 1))
    assert np.allclose(moved[1, 1] @ hand, (-1, 0, 0, 1))


def test_that_what_does_not_move_is_one_body_and_what_moves_is_apart() -> None:
    rig = bind(ARM, (Slide(node="hand", axis=(0, 0, 1), travel_m=0.5),))
    assert sorted((body.mover, len(body.triangles)) for body in rig.bodies) == [(-1, 2), (0, 1)]


def test_that_motions_of_nodes_a_model_lacks_are_left_out() -> None:
    rig = bind(ARM, (Slide(node="nozzles", axis=(0, 0, 1), travel_m=0.5),))
    assert rig.movers == ()
    assert rig.displacements(np.zeros(3)).shape == (3, 0, 4, 4)


@pytest.mark.parametrize("kind", MACHINE_TYPES, ids=lambda kind: kind.key)
@given(phase=st.floats(min_value=0, max_value=1000))
def test_that_a_machine_never_leaves_its_envelope(kind: MachineType, phase: float) -> None:
    rig, (low, high) = shipped(kind.key)
    moved = rig.displacements(np.array([phase]))[0]
    for body in rig.bodies:
        place = moved[body.mover] if body.mover >= 0 else np.eye(4)
        points = body.positions @ place[:3, :3].T + place[:3, 3]
        assert (points >= low - 0.02).all()
        assert (points <= high + 0.02).all()


@pytest.mark.parametrize("kind", MACHINE_TYPES, ids=lambda kind: kind.key)
def test_that_a_model_fills_the_room_its_type_claims_and_no_more(kind: MachineType) -> None:
    low, high = shipped(kind.key)[1]
    assert low[2] == pytest.approx(0.0, abs=1e-3)
    assert high[2] == pytest.approx(kind.height_m, abs=0.2)
    size = (high - low)[:2]
    assert (size <= np.array(kind.footprint_m) + 0.25).all()
    assert (size >= np.array(kind.footprint_m) * 0.8).all()


@given(st.lists(st.floats(-1, 1), min_size=4, max_size=4).filter(lambda parts: np.linalg.norm(parts) > 0.1))
def test_that_quaternions_turn_as_the_matrices_they_came_from(parts: list[float]) -> None:
    w, x, y, z = np.array(parts) / np.linalg.norm(parts)
    matrix = np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )
    found = quaternions(matrix[None])[0]
    assert abs(found @ (w, x, y, z)) == pytest.approx(1.0)
