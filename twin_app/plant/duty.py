"""What a unit is there for at an instant, and what of its time that changes: changeover, no order, planned stop, overtime. Not for who said so."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from twin_app.model.packml import CATEGORIES, Category, State
from twin_app.plant.category import CODE


class Duty(IntEnum):
    """What a unit is there for: as its signals tell, or (`SET`) as people do, who know it while the machine is silent, too."""

    PRODUCE = 0
    CHANGE = 1
    IDLE = 2
    """It has no order."""
    SET_CHANGE = 3
    SET_IDLE = 4
    SET_PLANNED = 5
    """Cleaning, or a break beyond the calendar's."""
    SET_OVERTIME = 6
    """It is to work, whatever the calendar says."""


SETTING_UP = len(State)
"""In place of a state's number: the machine's own word for it means a changeover, which PackML has no state for."""


def _cost(duty: Duty, own: Category) -> Category:
    """Return what time costs under a duty that would cost `own` without.

    A failure stays one in a changeover, and what is produced stays production without an order. Without an order all else
    is down time (ISO 22400-2 ADOT), whatever the machine does, for delay (ADET) is of a running order.
    """
    if duty is Duty.SET_PLANNED:
        return Category.PLANNED
    if own is Category.BLIND and duty in {Duty.CHANGE, Duty.IDLE}:
        return own
    if duty in {Duty.CHANGE, Duty.SET_CHANGE}:
        return own if own is Category.FAILURE else Category.SETUP
    if duty in {Duty.IDLE, Duty.SET_IDLE}:
        return own if own in {Category.PRODUCTION, Category.SETUP} else Category.NO_ORDER
    return own


_COST = np.array([[CODE[_cost(duty, own)] for own in CATEGORIES] for duty in Duty], np.uint8)


def cost(own: NDArray[np.uint8], state: NDArray[np.int16], duty: NDArray[np.int16], planned: NDArray[np.bool_] | None) -> NDArray[np.uint8]:
    """Return categories by their code, shape (n,): what each state costs by itself, under a duty, and as the calendar plans (None: there is none).

    A machine that names a state of no map while it says that it is set up is set up: its state is said, if not in PackML's words.
    """
    found: NDArray[np.uint8] = _COST[duty, own]
    found = np.where((duty == Duty.CHANGE) & (state == State.UNDEFINED), np.uint8(CODE[Category.SETUP]), found)
    if planned is None:
        return found
    return np.where(planned & (duty != Duty.SET_OVERTIME), np.uint8(CODE[Category.PLANNED]), found)
