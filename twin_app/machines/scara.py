"""The SCARA robot: it takes a part from the tray and sets it down on the belt, two arms turning, the quill dipping at both ends."""

from __future__ import annotations

from twin_app.machines.base import PACKML_SIGNALS, Z_AXIS, Carried, JointPath, MachineType, SlidePath
from twin_app.model.equipment import SignalSpec
from twin_app.model.signal import SignalKind
from twin_app.text import N_

_AT = (0.0, 0.12, 0.24, 0.5, 0.62, 0.74)
"""Above the tray, down at it, up again, above the belt, down at it, up again; then back."""
# Joint angles over (-0.5, 0.2) and (0.1, -0.4) with both arms bent to the same side; worked out from the lengths in
# models3d/machines/scara.py with the law of cosines.
_J1 = (-216.1, -216.1, -216.1, -102.78, -102.78, -102.78)
_J2 = (93.69, 93.69, 93.69, 43.52, 43.52, 43.52)
# The gripper stays in line with the belt.
_J4 = tuple(-one - other for one, other in zip(_J1, _J2, strict=True))
_DOWN_M = (0.0, -0.06, 0.0, 0.0, -0.02, 0.0)

SCARA = MachineType(
    key="scara",
    title=N_("Pick-and-place robot (SCARA)"),
    model="scara.glb",
    footprint_m=(2.2, 1.35),
    height_m=1.95,
    signals=(
        *PACKML_SIGNALS,
        SignalSpec(name="PartsLeft", kind=SignalKind.MEASUREMENT, title="Parts left in the tray"),
    ),
    motions=(
        JointPath(node="j1", axis=Z_AXIS, angles_deg=_J1, at=_AT),
        JointPath(node="j2", axis=Z_AXIS, angles_deg=_J2, at=_AT),
        SlidePath(node="quill", axis=Z_AXIS, metres=_DOWN_M, at=_AT),
        JointPath(node="j4", axis=Z_AXIS, angles_deg=_J4, at=_AT),
    ),
    carried=(Carried(path=((-1.1, -0.4, 0.95), (1.1, -0.4, 0.95))),),
    infeed_m=(-1.1, -0.4, 0.95),
    outfeed_m=(1.1, -0.4, 0.95),
    beacon_m=(-0.9, 0.62, 1.9),
)
