"""What another shift's units did at the frame's instant, as the 3D room is told. Not for painting: see `ui.scene3d.ghosts`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.palette import glyph
from ui.scene3d.ghosts import Ghosts
from ui.words import unit_state

if TYPE_CHECKING:
    from twin_app.finding.aligned import Aligned
    from twin_app.model.equipment import Line
    from twin_app.model.frame import Frame


def ghosts_of(aligned: Aligned | None, frame: Frame, line: Line) -> Ghosts | None:
    """Return what the units did in another shift that stands beside this one, at the frame's instant; units not recorded then are left out.

    Whose state is this shift's too has its glyph alone: what differs is to be read, and nothing lies over it.
    """
    if aligned is None:
        return None
    found = ((unit.id, aligned.unit_now(unit.id, frame.at_ns)) for unit in line.units)
    now_of = {unit: (now, unit in frame.units and frame.units[unit].state == now.state) for unit, now in found if now is not None}
    return Ghosts(aligned.name, {unit: (glyph(now.state), "" if alike else unit_state(now)) for unit, (now, alike) in now_of.items()})
