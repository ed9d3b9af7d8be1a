"""What the 3D room is told: units and links from the layout, and how each unit looks now. Values only; no Qt, no VTK."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from math import cos, isfinite, nan, sin
from typing import TYPE_CHECKING

import numpy as np

from twin_app.machines import machine_type
from twin_app.shapes import Fit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from twin_app.machines import MachineType
    from twin_app.model.premises import Aisle, Fence

    Floats = NDArray[np.float64]


class Look(StrEnum):
    """How a unit's state shows from across the room; several states of the standard share a look."""

    RUNNING = "running"
    TRANSITION = "transition"
    IDLE = "idle"
    STOPPED = "stopped"
    HELD = "held"
    SUSPENDED = "suspended"
    ABORTED = "aborted"
    UNKNOWN = "unknown"


CODES = {look: code for code, look in enumerate(Look)}
"""A number for each look, for tables of them."""
ABNORMAL = frozenset({Look.HELD, Look.SUSPENDED, Look.ABORTED, Look.UNKNOWN})
"""The looks that carry a label without being asked."""


@dataclass(frozen=True, slots=True)
class SceneUnit:
    """One machine as the layout places it: metres, degrees counter-clockwise seen from above, Z up."""

    unit_id: str
    title: str
    machine_type: str
    model_file: Path | None
    """A model of the user's own; None for the machine type's."""
    scale: float
    """Metres per unit of length in the model file."""
    x_m: float
    y_m: float
    z_m: float
    heading_deg: float
    up: str = ""
    """Which axis is up in the model file; empty: what its format agrees on."""
    pivot: str | tuple[float, float, float] = "origin"
    """What of the model stands on the unit's place, see `Fit`."""
    shape: str = ""
    """What its goods look like, a key of `machines.items`; empty: as its unit of count says."""
    unit_of_count: str = ""
    base_units: float = 1.0
    """Base units of the line in one count: what tells cases from the bottles in them."""

    def fit(self) -> Fit:
        """Return how its model is made to fit."""
        return Fit(self.scale, self.up, self.pivot)


@dataclass(frozen=True, slots=True)
class SceneLink:
    """Material flow from one unit to the next, shown as a conveyor."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Pose:
    """A place a unit reported: metres in the hall, radians counter-clockwise; a heading that is not finite is not known."""

    x_m: float
    y_m: float
    heading_rad: float


@dataclass(frozen=True, slots=True)
class Legend:
    """What the colours of an overlay mean; all of it worded by the caller."""

    title: str
    low: str
    high: str
    ramp: tuple[str, ...]
    """Colours from little to much, `#RRGGBB`."""
    unknown: str


@dataclass(frozen=True, slots=True)
class UnitLook:
    """One unit at one instant; `word` and `detail` are worded and translated by the caller."""

    look: Look
    word: str
    detail: str
    glyph: str
    phase_cycles: float
    """Products made since some origin; unchanged means standing still, not finite means not known."""
    pose: Pose | None = None
    """Where the unit says it is; None where the layout says it."""
    stored: float = nan
    """How full its store is, as a share of one; NaN: nobody knows."""
    battery: float = nan
    """Of a vehicle the charge of its battery, per cent; NaN: nobody knows."""
    charging: bool = False


UNKNOWN_LOOK = UnitLook(Look.UNKNOWN, "", "", "?", 0.0)
"""How a unit looks of which nothing was said yet."""


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """All that stands still: compared by identity, so that a renderer knows when to build anew."""

    units: tuple[SceneUnit, ...]
    links: tuple[SceneLink, ...]
    title: str
    sign: NDArray[np.uint8] = field(default_factory=lambda: np.zeros((1, 1), dtype=np.uint8))
    """The letters of the title as opacity, rows from the top: painted on the floor."""
    aisles: tuple[Aisle, ...] = ()
    names: tuple[NDArray[np.uint8], ...] = ()
    """The letters of each aisle's name, as `sign`."""
    fences: tuple[Fence, ...] = ()
    _kept: dict[str, Floats] = field(default_factory=dict)
    """What was worked out once."""

    def types(self) -> tuple[MachineType, ...]:
        """Return the machine type of each unit."""
        return tuple(machine_type(unit.machine_type) for unit in self.units)

    def bases(self) -> Floats:
        """Return where each unit stands as 4x4 rigid transforms, shape (n, 4, 4); not to be written to."""
        if "bases" not in self._kept:
            self._kept["bases"] = self._worked_out()
            self._kept["bases"].flags.writeable = False
        return self._kept["bases"]

    def _worked_out(self) -> Floats:
        heading = np.radians(np.array([unit.heading_deg for unit in self.units], dtype=np.float64))
        bases = np.broadcast_to(np.eye(4), (len(self.units), 4, 4)).copy()
        bases[:, 0, 0] = bases[:, 1, 1] = np.cos(heading)
        bases[:, 1, 0] = np.sin(heading)
        bases[:, 0, 1] = -bases[:, 1, 0]
        bases[:, :3, 3] = [(unit.x_m, unit.y_m, unit.z_m) for unit in self.units] or np.empty((0, 3))
        return bases

    def standing(self, looks: Sequence[UnitLook]) -> Floats:
        """Return where each unit stands now: where it reported to be, else its base; shape (n, 4, 4)."""
        bases = self.bases().copy()
        for row, pose in [(row, look.pose) for row, look in enumerate(looks) if look.pose is not None]:
            bases[row, :2, 3] = pose.x_m, pose.y_m
            if isfinite(pose.heading_rad):
                c, s = cos(pose.heading_rad), sin(pose.heading_rad)
                bases[row, :2, :2] = (c, -s), (s, c)
        return bases

    def boxes(self) -> Floats:
        """Return the space each machine type claims in its own frame, lower and upper corner in metres, shape (n, 2, 3)."""
        halves = [(kind.footprint_m[0] / 2, kind.footprint_m[1] / 2, kind.height_m) for kind in self.types()]
        upper = np.array(halves, dtype=np.float64).reshape(-1, 3)
        return np.stack([upper * (-1.0, -1.0, 0.0), upper], axis=1)

    def vehicles(self) -> list[int]:
        """Return the rows of the units that drive about."""
        return [row for row, kind in enumerate(self.types()) if kind.mobile]

    def numbers(self) -> dict[str, int]:
        """Return the row of each unit in every array of this scene."""
        return {unit.unit_id: row for row, unit in enumerate(self.units)}


def codes_of(looks: Sequence[Look]) -> NDArray[np.uint8]:
    """Return the `CODES` of looks, shape (n,)."""
    return np.fromiter(map(CODES.__getitem__, looks), dtype=np.uint8, count=len(looks))


def corners(boxes: Floats, bases: Floats) -> Floats:
    """Return the eight world corners of oriented boxes, shape (n, 8, 3)."""
    picks = np.array([[(corner >> axis) & 1 for axis in range(3)] for corner in range(8)])
    local = boxes[:, picks, np.arange(3)]
    turned: Floats = np.einsum("nij,nkj->nki", bases[:, :3, :3], local) + bases[:, None, :3, 3]
    return turned


def scene_points(bases: Floats, points: Floats) -> Floats:
    """Return one point of each unit's own frame in the world, shape (n, 3)."""
    world: Floats = np.einsum("nij,nj->ni", bases[:, :3, :3], points) + bases[:, :3, 3]
    return world
