"""One picture asked for, and one picture made. Values that cross from the window's thread to the render thread and back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin_app.errors import ModelError
    from ui.scene3d.camera import Camera
    from ui.scene3d.scene import Look, Scene
    from ui.scene3d.theme import SceneTheme

    Floats = NDArray[np.float64]
    Bytes = NDArray[np.uint8]


class Profile(StrEnum):
    """How much work a picture may be; AUTO takes LOW where no graphics card draws."""

    AUTO = "auto"
    LOW = "low"
    HIGH = "high"


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """Everything one picture depends on; nothing else may influence it."""

    scene: Scene
    theme: SceneTheme
    profile: Profile
    camera: Camera
    size: tuple[int, int]
    """Width and height in device pixels."""
    looks: tuple[Look, ...]
    phases: Floats
    """Products made, one a unit."""
    selected: int | None = None
    hovered: int | None = None
    draft: bool = False
    """The eye is moving: on a processor that draws, leave the edges unsmoothed and be quick."""
    leisure: bool = False
    """The eye moves by itself: the next picture may wait for the rest of the program."""
    running: bool = False
    """Machines are moving and the next picture comes soon: on a processor that draws, draw only what moves."""
    onward: bool = False
    """Machines run on from the picture before, whoever draws: none is shown to go farther than an eye can follow, see `stride`."""
    stands: Floats | None = None
    """Where the units stand, shape (n, 4, 4); None where none has left its base."""
    lying: Floats | None = None
    """Of each link how much lies there and how much fits, base units, shape (links, 2); not finite or None: nobody knows."""
    heat: tuple[str, ...] = ()
    """The colour that an overlay gives each unit, `?` where nobody knows its value; empty: there is no overlay."""
    trails: Floats | None = None
    """The ways that vehicles came, shape (vehicles, points, 3): x, y, how fresh; NaN where there is no way. None: there are no vehicles."""
    stored: Floats | None = None
    """How full each unit's store is, as a share of one; likewise."""

    def bases(self) -> Floats:
        """Return where each unit stands as 4x4 rigid transforms, shape (n, 4, 4)."""
        return self.scene.bases() if self.stands is None else self.stands

    def levels(self) -> Floats:
        """Return how much lies on each link and how much fits, shape (links, 2), NaN where nobody knows."""
        return np.full((len(self.scene.links), 2), np.nan) if self.lying is None else self.lying

    def stores(self) -> Floats:
        """Return how full each unit's store is, NaN where nobody knows."""
        return np.full(len(self.scene.units), np.nan) if self.stored is None else self.stored

    def same_levels(self, other: Request | None) -> bool:
        """Tell whether as much lies on the links of the other request, of the same scene."""
        return other is not None and np.array_equal(self.levels(), other.levels(), equal_nan=True)

    def same_stores(self, other: Request | None) -> bool:
        """Tell whether the stores are as full in the other request, of the same scene."""
        return other is not None and np.array_equal(self.stores(), other.stores(), equal_nan=True)

    def same_trails(self, other: Request | None) -> bool:
        """Tell whether the vehicles of the same scene came the same ways in the other request."""
        if other is None or self.trails is None or other.trails is None:
            return other is not None and self.trails is other.trails
        return np.array_equal(self.trails, other.trails, equal_nan=True)

    def same_picture(self, other: Request | None) -> bool:
        """Tell whether the other request would give the same picture."""
        return (
            other is not None
            and self.scene is other.scene
            and _plain(self) == _plain(other)
            and np.array_equal(self.phases, other.phases, equal_nan=True)
            and self.same_places(other)
            and self.same_levels(other)
            and self.same_stores(other)
            and self.same_trails(other)
        )

    def same_backdrop(self, other: Request | None) -> bool:
        """Tell whether all that does not move by itself would look the same in the other request."""
        if other is None or self.scene is not other.scene or _room(self) != _room(other):
            return False
        return self.same_places(other) and self.same_stores(other) and self.same_trails(other)

    def same_places(self, other: Request) -> bool:
        """Tell whether every unit of the same scene stands where it stands in the other request."""
        if self.stands is None or other.stands is None:
            return self.stands is other.stands
        return np.array_equal(self.stands, other.stands)


def _plain(one: Request) -> tuple[object, ...]:
    return (*_room(one), one.draft, one.running, one.onward)


def _room(one: Request) -> tuple[object, ...]:
    return (one.theme, one.profile, one.camera, one.size, one.looks, one.selected, one.hovered, one.heat)


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A finished picture with the request it answers, so that labels are laid over the very picture they belong to."""

    request: Request
    pixels: Bytes
    """RGBA rows from the top, shape (height, width, 4)."""
    boxes: Floats
    """The box of each unit through all its motion, in its own frame, shape (n, 2, 3)."""
    beacons: Floats
    """Where each unit's beacon shines in the world, metres, shape (n, 3)."""
    problems: tuple[ModelError, ...]
    """Models that could not be shown; a plain box stands in their place."""
    graphics: str
    """What draws, as OpenGL names itself."""
    render_ms: float
    loading: tuple[str, ...] = ()
    """Names of the models that are still being read; boxes stand in for them."""


def low_profile(graphics: str) -> bool:
    """Tell from OpenGL's name of its renderer whether the processor draws, not a graphics card."""
    name = graphics.lower()
    return any(software in name for software in ("llvmpipe", "softpipe", "swrast", "swr", "software", "basic render"))
