"""Fewer triangles for machines that are small in the picture: nothing is moved by more than a cell, and each mover keeps its body."""

import numpy as np
import pytest

from models3d import machine_model
from twin_app.machines import MACHINE_TYPES, MachineType
from twin_app.shapes import read_model
from ui.scene3d.body import Body
from ui.scene3d.coarse import CELLS_M, coarse, level
from ui.scene3d.rig import bind


def ends(bodies: "tuple[Body, ...]") -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    points = np.concatenate([body.positions for body in bodies])
    return np.stack([points.min(axis=0), points.max(axis=0)])


@pytest.mark.parametrize("kind", MACHINE_TYPES, ids=lambda kind: kind.key)
def test_that_a_coarse_machine_is_as_large_as_the_fine_one_and_has_fewer_triangles(kind: MachineType) -> None:
    fine = bind(read_model(machine_model(kind.model)), kind.motions).bodies
    before = sum(len(body.triangles) for body in fine)
    for cell in CELLS_M[1:]:
        made = coarse(fine, cell)
        after = sum(len(body.triangles) for body in made)
        assert 0 < after < before
        assert np.abs(ends(made) - ends(fine)).max() <= cell
        assert all(np.isfinite(body.normals).all() and body.triangles.max() < len(body.positions) for body in made)
        # A normal is as long as the light that reaches it: never more than all.
        assert max(float(np.linalg.norm(body.normals, axis=1).max()) for body in made) <= 1.0 + 1e-9
        before = after


def test_that_the_lamps_of_a_beacon_stay_apart_at_any_level() -> None:
    fine = bind(read_model(machine_model("stack_light.glb")), ()).bodies
    for cell in CELLS_M[1:]:
        names = {body.surface.name for body in coarse(fine, cell)}
        assert {"lamp_low", "lamp_middle", "lamp_high"} <= names


def test_that_what_is_lost_is_smaller_than_a_pixel_and_a_half() -> None:
    # 40 px a metre: 40 mm are 1.6 px. 30: 1.2 px. 16: 80 mm are 1.3 px. 8: 160 mm are 1.3 px. 3: 320 mm are 1 px. Close to the eye: all.
    assert level(np.array([np.inf, 40.0, 30.0, 16.0, 8.0, 3.0, 0.0])).tolist() == [0, 0, 1, 2, 3, 4, 4]
