"""The box that stands where a model cannot."""

import numpy as np
import pytest

from twin_app.machines import MACHINE_TYPES, MachineType
from ui.scene3d import placeholder


@pytest.mark.parametrize("kind", MACHINE_TYPES, ids=lambda kind: kind.key)
def test_that_the_box_in_a_models_place_has_the_machines_size_and_shows_its_outside(kind: MachineType) -> None:
    part = placeholder.box(kind.footprint_m, kind.height_m).parts[0]
    assert np.allclose(np.ptp(part.positions, axis=0), (*kind.footprint_m, kind.height_m))
    outward = part.positions - part.positions.mean(axis=0)
    assert (np.einsum("ij,ij->i", outward, part.normals) > 0).all()
