"""The six-axis robot: it takes a part from the belt on its left and sets it down on its right, a joint path for each axis."""

from __future__ import annotations

from twin_app.machines.base import PACKML_SIGNALS, Y_AXIS, Z_AXIS, Carried, JointPath, MachineType, Vector
from twin_app.model.equipment import SignalSpec
from twin_app.model.signal import SignalKind
from twin_app.text import N_

_AT = (0.0, 0.15, 0.25, 0.35, 0.6, 0.7, 0.8)
"""Home, above the part, at it, above again, across and above its place, at it, above again."""
# Joint angles with the tool straight down: home over (0, -0.35, 1.45), above 1.35 m, picking at (-0.75, -0.75), placing at (0.75, -0.75),
# fingers 60 mm above the belt; worked out from the lengths in models3d/machines/robot6.py with the law of cosines.
_J1 = (-90.0, -124.29, -124.29, -124.29, -55.71, -55.71, -55.71)
_J2 = (-26.3, 20.06, 26.06, 20.06, 20.06, 26.06, 20.06)
_J3 = (28.8, -8.59, 6.67, -8.59, -8.59, 6.67, -8.59)
_J5 = (-2.5, -11.47, -32.73, -11.47, -11.47, -32.73, -11.47)
# The gripper stays in line with the belt while the base turns.
_J6 = tuple(-angle for angle in _J1)


def _joint(node: str, axis: Vector, angles_deg: tuple[float, ...]) -> JointPath:
    return JointPath(node=node, axis=axis, angles_deg=angles_deg, at=_AT)


ROBOT6 = MachineType(
    key="robot6",
    title=N_("Six-axis robot"),
    model="robot6.glb",
    footprint_m=(3.0, 2.6),
    height_m=2.0,
    signals=(
        *PACKML_SIGNALS,
        SignalSpec(name="Payload", kind=SignalKind.MEASUREMENT, unit_of_measure="kg", title="Load in the gripper"),
    ),
    motions=(
        _joint("j1", Z_AXIS, _J1),
        _joint("j2", Y_AXIS, _J2),
        _joint("j3", Y_AXIS, _J3),
        _joint("j5", Y_AXIS, _J5),
        _joint("j6", Z_AXIS, _J6),
    ),
    carried=(Carried(path=((-1.5, -0.75, 0.95), (1.5, -0.75, 0.95))),),
    infeed_m=(-1.5, -0.75, 0.95),
    outfeed_m=(1.5, -0.75, 0.95),
    beacon_m=(1.0, 0.98, 1.06),
)
