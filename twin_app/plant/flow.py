"""Which neighbour a waiting machine waits for, where it does not say so itself. Not for what a machine tells: see `facts`.

A machine waits in Idle, Stopped or Suspended. It is starved while every machine that feeds it stands since before the
wait began, or the buffer between the two is empty; blocked while every machine that it feeds does, or its buffer is full.
Where a buffer's level is known it alone decides. Who stopped at the same time or later is not the cause. All of it is
judged from what the machines said, never from other inferences, so that a wait does not travel round the line.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from twin_app.model.packml import State
from twin_app.model.samples import Kind
from twin_app.plant.category import WAITS
from twin_app.plant.node import Node
from twin_app.plant.operations import truth
from twin_app.plant.steps import Steps

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from twin_app.model.equipment import Feed, Line
    from twin_app.plant.facts import Facts
    from twin_app.plant.steps import Times, Values
    from twin_app.plant.unit import UnitPast

    Judge = Callable[[Times], Values]

_WAITING = np.array(sorted(WAITS), np.int16)


class _Standing:
    """What one unit's state means to its neighbours."""

    def __init__(self, facts: Facts) -> None:
        """Follow the state among these facts."""
        self._facts = facts
        self.stands = Steps(Kind.BOOL)
        """Whether it does anything but execute."""
        self.waits = Steps(Kind.BOOL)

    def follow(self, from_ns: int) -> dict[Steps, int]:
        """Follow a state that changed from an instant on; return from when on the functions differ."""
        turns = (self._facts.state, *self._facts.links.tracks)
        at = np.unique(np.concatenate([turn.times[turn.times.searchsorted(from_ns, "left") :] for turn in turns]))
        state = self._facts.state_at(at)
        known = state > State.UNDEFINED
        differs = {
            self.stands: self.stands.rewrite(from_ns, at, _flags(state != State.EXECUTE, known)),
            self.waits: self.waits.rewrite(from_ns, at, _flags(np.isin(state, _WAITING), known)),
        }
        return {steps: differs_ns for steps, differs_ns in differs.items() if differs_ns is not None}


class Flow:
    """The inferred sides of all units of a line that want them."""

    def __init__(self, line: Line, units: Mapping[str, UnitPast]) -> None:
        """Lay out who may starve or block whom; levels of buffers are asked for before anything was heard."""
        self._nodes: dict[str, Node] = {}
        wanted = [unit for unit in line.units if unit.infer_flow]
        self._standing = {unit.id: _Standing(units[unit.id].facts) for unit in line.units} if wanted else {}
        for unit in wanted:
            own = self._standing[unit.id]
            before = [
                (self._standing[other.id], _level(units, other.id, f), f) for other in line.units for f in other.feeds if f.to == unit.id
            ]
            after = [(self._standing[f.to], _level(units, unit.id, f), f) for f in unit.feeds]
            starved = [partial(_starves, own.waits, other.stands, level) for other, level, _ in before]
            blocked = [partial(_blocks, own.waits, other.stands, level, feed.buffer_capacity) for other, level, feed in after]
            sides = [*before, *after]
            inputs = [own.waits, *(other.stands for other, _, _ in sides), *(level for _, level, _ in sides if level is not None)]
            self._nodes[unit.id] = Node(units[unit.id].facts.inferred, inputs, partial(_sides, own.waits, starved, blocked))

    def follow(self, states_ns: Mapping[str, int], levels_ns: Mapping[Steps, int]) -> dict[str, int]:
        """Follow states by unit and levels that changed from an instant on; return from when on each unit's side differs that does."""
        if not self._nodes:
            return {}
        changed = dict(levels_ns)
        for unit, from_ns in states_ns.items():
            changed |= self._standing[unit].follow(from_ns)
        differs: dict[str, int] = {}
        for unit, node in self._nodes.items():
            instants = [changed[steps] for steps in node.inputs if steps in changed]
            if instants and (differs_ns := node.derive(min(instants))) is not None:
                differs[unit] = differs_ns
        return differs


def _level(units: Mapping[str, UnitPast], unit: str, feed: Feed) -> Steps | None:
    """Return how much lies in a feeding unit's buffer, None where nobody tells."""
    return units[unit].derived.number(feed.level_signal) if feed.level_signal else None


def _flags(flag: NDArray[np.bool_], known: NDArray[np.bool_]) -> Values:
    """Return 1, 0 or unknown, shape (n,)."""
    return np.where(known, flag.astype(np.float64), np.nan)


def _sides(waits: Steps, starved: Sequence[Judge], blocked: Sequence[Judge], at: Times, _from_ns: int) -> Values:
    """Return starved + 2 * blocked at each instant, shape (n,)."""
    waiting = waits.at(at) == 1.0
    return np.where(waiting, _all(starved, at) + 2.0 * _all(blocked, at), 0.0)


def _all(judges: Sequence[Judge], at: Times) -> Values:
    """Return whether all of some neighbours are a cause, shape (n,); without any there is none."""
    if not judges:
        return np.zeros(len(at))
    return np.asarray(np.min([judge(at) for judge in judges], axis=0), np.float64)


def _starves(waits: Steps, other_stands: Steps, level: Steps | None, at: Times) -> Values:
    """Return whether the way from one neighbour brings nothing: by its level, else by whether the neighbour stood first."""
    found = _stood_first(waits, other_stands, at)
    if level is None:
        return found
    lies = level.at(at)
    return np.where(np.isnan(lies), found, (lies <= 0.0).astype(np.float64))


def _blocks(waits: Steps, other_stands: Steps, level: Steps | None, capacity: float | None, at: Times) -> Values:
    """Return whether the way to one neighbour takes nothing: by its level, else by whether the neighbour stood first."""
    found = _stood_first(waits, other_stands, at)
    if level is None or capacity is None:
        return found
    lies = level.at(at)
    return np.where(np.isnan(lies), found, (lies >= capacity).astype(np.float64))


def _stood_first(waits: Steps, other_stands: Steps, at: Times) -> Values:
    """Return whether a neighbour stands, and has since before the wait began."""
    stands = np.nan_to_num(truth(other_stands.at(at)))
    return np.where(other_stands.since(at) < waits.since(at), stands, 0.0)
