"""What a machine type is, as data: its signals, its model and how its nodes move. Not for drawing and not for computing motion."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from twin_app.model import signal as names
from twin_app.model.equipment import SignalSpec
from twin_app.model.signal import SignalKind

Vector: TypeAlias = tuple[float, float, float]

X_AXIS: Vector = (1.0, 0.0, 0.0)
Y_AXIS: Vector = (0.0, 1.0, 0.0)
Z_AXIS: Vector = (0.0, 0.0, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slide:
    """A node that goes out by `travel_m` and back, smoothly, once a stroke: away at 0 and 1 of its window, out in the middle.

    A stroke lasts `products_per_cycle` products; between `begin` and `end` (shares of the stroke) the node moves, else it rests.
    """

    node: str
    axis: Vector
    travel_m: float
    products_per_cycle: float = 1.0
    begin: float = 0.0
    end: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spin:
    """A node that turns steadily about an axis through its origin, one full turn for `products_per_turn` products."""

    node: str
    axis: Vector
    products_per_turn: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Swing:
    """A node that swings from 0 to `angle_deg` and back about an axis through its origin, once for `products_per_cycle` products."""

    node: str
    axis: Vector
    angle_deg: float
    products_per_cycle: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Belt:
    """A row of equal things that moves on by `pitch_m` a cycle and then looks as before.

    With a window shorter than the cycle it steps on within that window and stands for the rest.
    """

    node: str
    axis: Vector
    pitch_m: float
    products_per_cycle: float = 1.0
    begin: float = 0.0
    end: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class JointPath:
    """A joint that goes through `angles_deg` about an axis through its node's origin, smoothly, and back to the first at the cycle's end.

    It has the angle `angles_deg[i]` at the share `at[i]` of the cycle; two equal angles in a row make it wait. A robot's pick cycle is
    one path for each joint, all with the same `at`.
    """

    node: str
    axis: Vector
    angles_deg: tuple[float, ...]
    at: tuple[float, ...]
    """Shares of the cycle, rising, the first 0, the last below 1; as many as angles."""
    products_per_cycle: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SlidePath:
    """A node that goes from place to place along an axis, smoothly, and back to the first at the cycle's end.

    It is `metres[i]` from rest at the share `at[i]` of the cycle, as a `JointPath` has its angles: the axes of a gantry's pick cycle.
    """

    node: str
    axis: Vector
    metres: tuple[float, ...]
    at: tuple[float, ...]
    """Shares of the cycle, rising, the first 0, the last below 1; as many as places."""
    products_per_cycle: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvedBelt:
    """Equal things on a bend that turn on by `pitch_deg` a cycle about an axis through the node's origin and then look as before."""

    node: str
    axis: Vector
    pitch_deg: float
    products_per_cycle: float = 1.0


Motion: TypeAlias = Slide | Spin | Swing | Belt | JointPath | SlidePath | CurvedBelt


PACKML_SIGNALS = (
    SignalSpec(name=names.STATE, kind=SignalKind.STATE, title="State"),
    SignalSpec(name=names.MODE, kind=SignalKind.TEXT, title="Mode"),
    SignalSpec(name=names.SPEED, kind=SignalKind.MEASUREMENT, unit_of_measure="1/min", title="Speed"),
    SignalSpec(name=names.PROCESSED, kind=SignalKind.COUNTER, title="Products processed"),
    SignalSpec(name=names.DEFECTIVE, kind=SignalKind.COUNTER, title="Products defective"),
)
"""What every unit is expected to say; a unit may say less and is then known less well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A way over the machine's own belt on which what it handles is seen to pass, one item apart for each product."""

    path: tuple[Vector, ...]
    """Points that the goods pass, from where they enter to where they leave."""


class Measure(StrEnum):
    """How a signal tells how much is stored."""

    PERCENT = "percent"
    COUNT = "count"
    """In the unit's own count; full is the capacity that the layout gives, else as many as there are places."""
    ANY = "any"
    """A text, empty while there is nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """Places on which goods stand still, filled from the first one on as far as a signal says."""

    signal: str
    measure: Measure
    places: tuple[Vector, ...]
    item: str = ""
    """What stands there whatever the unit counts in, a key of `items`; empty: what it counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineType:
    """One kind of machine. The model stands on the floor with its origin in the middle, product flowing along +X.

    Phases are counted in products: a motion is a function of how many products the unit has made.
    """

    key: str
    title: str
    model: str
    footprint_m: tuple[float, float]
    """Length along the flow and width across it, doors and panels included."""
    height_m: float
    signals: tuple[SignalSpec, ...] = PACKML_SIGNALS
    motions: tuple[Motion, ...] = ()
    infeed_m: Vector = (-1.2, 0.0, 0.95)
    """Where products enter, on the belt; the conveyor from the unit before ends here."""
    outfeed_m: Vector = (1.2, 0.0, 0.95)
    beacon_m: Vector = (0.0, 0.0, 2.1)
    """Where the stack light stands."""
    carried: tuple[Carried, ...] = ()
    store: Store | None = None
    mobile: bool = False
    """It drives about: signals X, Y (metres) and Heading (radians) say where it is, and no conveyor is built to it."""
