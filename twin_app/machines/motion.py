"""How far nodes have moved, for all machines of a type at once: phase in products -> 4x4 transforms. Not for clocks: the same phase is always the same pose."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from twin_app.machines.base import Belt, CurvedBelt, JointPath, Slide, SlidePath, Spin, Swing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from twin_app.machines.base import Motion, Vector

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]


def transforms(motions: Sequence[Motion], phase: Floats) -> Floats:
    """Return each motion's transform in its node's own frame, for machines at the given phases.

    Args:
        motions: The motions of one machine type.
        phase: Products made since some origin, one a machine, shape (n,). Not finite means not known: the node rests.

    Returns:
        Shape (n, motions, 4, 4); identity where a node is at rest.
    """
    result = np.empty((len(phase), len(motions), 4, 4))
    for column, (motion, gone) in enumerate(zip(motions, amounts(motions, phase), strict=True)):
        result[:, column] = _shifts(motion.axis, gone) if shifts(motion) else _turns(motion.axis, gone)
    return result


def amounts(motions: Sequence[Motion], phase: Floats) -> Floats:
    """Return how far each motion has gone: metres along its axis where it `shifts`, else radians about it; shape (motions, n).

    Args:
        motions: The motions of one machine type.
        phase: As for `transforms`.
    """
    known = np.where(np.isfinite(phase), phase, 0.0)
    courses: dict[tuple[object, ...], tuple[Indices, Floats]] = {}
    result = np.empty((len(motions), len(known)))
    for row, motion in enumerate(motions):
        match motion:
            case JointPath():
                result[row] = np.radians(_along(motion, motion.angles_deg, known, courses))
            case SlidePath():
                result[row] = _along(motion, motion.metres, known, courses)
            case Slide():
                result[row] = motion.travel_m * _out_and_back(_window(motion, known))
            case Belt():
                result[row] = motion.pitch_m * _step(motion, known)
            case _:
                result[row] = _angle_rad(motion, known)
    return result


def shifts(motion: Motion) -> bool:
    """Tell whether a motion goes along its axis; else it turns about it."""
    return isinstance(motion, Slide | Belt | SlidePath)


def _angle_rad(motion: Spin | Swing | CurvedBelt, phase: Floats) -> Floats:
    match motion:
        case Spin():
            degrees = 360.0 * np.mod(phase / motion.products_per_turn, 1.0)
        case Swing():
            degrees = motion.angle_deg * _out_and_back(_cycle(motion, phase))
        case CurvedBelt():
            degrees = motion.pitch_deg * _cycle(motion, phase)
    angle: Floats = np.radians(degrees)
    return angle


def _cycle(motion: Slide | Swing | Belt | JointPath | SlidePath | CurvedBelt, phase: Floats) -> Floats:
    """Return how much of the motion's present cycle has passed, 0 to 1."""
    return np.mod(phase / motion.products_per_cycle, 1.0)


def _along(
    path: JointPath | SlidePath, places: tuple[float, ...], phase: Floats, courses: dict[tuple[object, ...], tuple[Indices, Floats]]
) -> Floats:
    """Return where a path is, resting at each given place for an instant (smoothstep in between).

    `courses` keeps which leg is under way, and how much of it has passed, for all paths of the same timing: the axes of one robot.
    """
    timing = (path.at, path.products_per_cycle)
    if timing not in courses:
        passed = np.interp(_cycle(path, phase), (*path.at, 1.0), np.arange(len(path.at) + 1))
        leg = passed.astype(np.int64)
        passed -= leg
        courses[timing] = leg, passed * passed * (3.0 - 2.0 * passed)
    leg, eased = courses[timing]
    ends = np.array((*places, places[0], places[0]))
    return ends[leg] + np.diff(ends)[leg] * eased


def _window(motion: Slide | Belt, phase: Floats) -> Floats:
    """Return how much of the motion's window has passed in the present cycle, 0 to 1."""
    return np.clip((_cycle(motion, phase) - motion.begin) / (motion.end - motion.begin), 0.0, 1.0)


def _step(motion: Belt, phase: Floats) -> Floats:
    """Return the share of the pitch moved on: steadily over a full cycle, eased where the belt stops and goes."""
    passed = _window(motion, phase)
    steady = motion.end - motion.begin >= 1.0
    return passed if steady else passed * passed * (3.0 - 2.0 * passed)


def _out_and_back(passed: Floats) -> Floats:
    """Return 0 at both ends and 1 in the middle, without a jolt (raised cosine)."""
    return (1.0 - np.cos(2 * np.pi * passed)) / 2.0


def _shifts(axis: Vector, distance_m: Floats) -> Floats:
    matrices = np.broadcast_to(np.eye(4), (len(distance_m), 4, 4)).copy()
    matrices[:, :3, 3] = distance_m[:, None] * np.array(axis)
    return matrices


def _turns(axis: Vector, angle_rad: Floats) -> Floats:
    """Return right-handed turns about an axis through the origin (Rodrigues)."""
    x, y, z = np.array(axis) / np.linalg.norm(axis)
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    sine, rest = np.sin(angle_rad)[:, None, None], (1.0 - np.cos(angle_rad))[:, None, None]
    matrices = np.broadcast_to(np.eye(4), (len(angle_rad), 4, 4)).copy()
    matrices[:, :3, :3] += sine * cross + rest * (cross @ cross)
    return matrices
