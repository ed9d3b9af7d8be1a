"""The kinds of machine the twin knows. A new kind is one file here and one line in `MACHINE_TYPES`."""

from __future__ import annotations

from twin_app.machines.agv import AGV
from twin_app.machines.base import Belt, CurvedBelt, JointPath, MachineType, Motion, Slide, SlidePath, Spin, Swing
from twin_app.machines.buffer_table import BUFFER_TABLE
from twin_app.machines.capper import CAPPER
from twin_app.machines.case_packer import CASE_PACKER
from twin_app.machines.cnc_mill import CNC_MILL
from twin_app.machines.conveyor import CONVEYOR, CONVEYOR_BEND
from twin_app.machines.depalletiser import DEPALLETISER
from twin_app.machines.filler import FILLER
from twin_app.machines.generic import GENERIC
from twin_app.machines.injection_moulder import INJECTION_MOULDER
from twin_app.machines.inspection import INSPECTION
from twin_app.machines.labeller import LABELLER
from twin_app.machines.lathe import LATHE
from twin_app.machines.operator_station import OPERATOR_STATION
from twin_app.machines.oven import OVEN
from twin_app.machines.palletiser import PALLETISER
from twin_app.machines.press import PRESS
from twin_app.machines.rack import RACK
from twin_app.machines.rinser import RINSER
from twin_app.machines.robot6 import ROBOT6
from twin_app.machines.scara import SCARA
from twin_app.machines.wrapper import WRAPPER

MACHINE_TYPES: tuple[MachineType, ...] = (
    FILLER,
    CAPPER,
    LABELLER,
    CASE_PACKER,
    PALLETISER,
    INSPECTION,
    ROBOT6,
    SCARA,
    RINSER,
    DEPALLETISER,
    WRAPPER,
    RACK,
    BUFFER_TABLE,
    CONVEYOR,
    CONVEYOR_BEND,
    OPERATOR_STATION,
    CNC_MILL,
    LATHE,
    PRESS,
    INJECTION_MOULDER,
    OVEN,
    AGV,
    GENERIC,
)

_BY_KEY = {kind.key: kind for kind in MACHINE_TYPES}


def machine_type(key: str) -> MachineType:
    """Return the machine type of that key, or the generic machine where nobody described it."""
    return _BY_KEY.get(key, GENERIC)


__all__ = [
    "MACHINE_TYPES",
    "Belt",
    "CurvedBelt",
    "JointPath",
    "MachineType",
    "Motion",
    "Slide",
    "SlidePath",
    "Spin",
    "Swing",
    "machine_type",
]
