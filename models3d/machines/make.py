"""Write every shipped model: ``python -m models3d.machines.make [folder]`` gives the same bytes each time."""

import sys
from pathlib import Path

from models3d.machines import (
    agv,
    belt_bend,
    belt_conveyor,
    bottle,
    buffer_table,
    cabinet,
    capper,
    case_packer,
    cnc_mill,
    conveyor,
    conveyor_legs,
    depalletiser,
    fence,
    filler,
    goods,
    injection_moulder,
    inspection,
    labeller,
    lathe,
    operator_station,
    oven,
    palletiser,
    press,
    rack,
    rinser,
    robot6,
    scara,
    stack_light,
    wrapper,
)
from models3d.machines.glb import encode
from models3d.machines.model import Model

_SCRIPTS = (
    agv,
    belt_bend,
    belt_conveyor,
    bottle,
    buffer_table,
    cabinet,
    capper,
    case_packer,
    cnc_mill,
    depalletiser,
    fence,
    filler,
    injection_moulder,
    inspection,
    labeller,
    lathe,
    operator_station,
    oven,
    palletiser,
    press,
    rack,
    rinser,
    robot6,
    scara,
    stack_light,
    wrapper,
)
_SEVERAL = (conveyor, conveyor_legs, goods)
"""Scripts that make more than one."""


def models() -> tuple[Model, ...]:
    """Return every shipped model, freshly built."""
    return (*(script.model() for script in _SCRIPTS), *(model for script in _SEVERAL for model in script.models()))


def write_all(folder: Path) -> list[Path]:
    """Write all models into a folder and return the paths."""
    paths = []
    for model in models():
        path = folder / f"{model.name}.glb"
        path.write_bytes(encode(model))
        paths.append(path)
    return paths


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    for written in write_all(target):
        sys.stdout.write(f"{written.name} {written.stat().st_size} bytes\n")
