"""What a state costs: state, mode and interlocks to a category of the time ledger. Not for spans or minor stops: see `timeline`."""

from __future__ import annotations

import numpy as np

from twin_app.model.packml import CATEGORIES, FAILURES, Category, Mode, State
from twin_app.model.timeline import BLIND_STATE

WAITS = frozenset({State.IDLE, State.STOPPED, State.SUSPENDED})
"""States in which a machine may be waiting for a neighbour without saying so."""

STOPS = frozenset({Category.FAILURE, Category.INTERNAL_STOP, Category.TRANSITION, Category.WAITING, Category.SETUP})
"""What a stop may consist of: neither production nor a neighbour's fault, neither planned nor unknown. Set-up stays so in a minor one."""


def category_of(
    state: int, mode: int = Mode.UNDEFINED, *, starved: bool = False, blocked: bool = False, inferred: bool = False
) -> Category:
    """Return the category of a unit's time within planned busy time, by the defaults of ISO 22400-2 and PackML.

    A state nobody knows, or that no map names, is blind: never running, never lost. A mode nobody named counts as
    production. Without order signals an order is assumed, so that Stopped is an internal stop and Idle is waiting, unless
    a neighbour was found to be the cause (`inferred`, see `flow`).
    """
    if state in (BLIND_STATE, State.UNDEFINED):
        return Category.BLIND
    if state in FAILURES:
        return Category.FAILURE
    if mode in _BY_MODE:
        return _BY_MODE[Mode(mode)]
    if state == State.SUSPENDED or (inferred and state in WAITS and (starved or blocked)):
        return _external(starved=starved, blocked=blocked)
    if state == State.EXECUTE and mode == Mode.USER_DEFINED:
        return Category.INTERNAL_STOP
    return _BY_STATE.get(State(state), Category.TRANSITION)


_BY_MODE = {Mode.MAINTENANCE: Category.INTERNAL_STOP, Mode.MANUAL: Category.INTERNAL_STOP, Mode.CHANGEOVER: Category.SETUP}
"""What time costs in modes in which the state does not matter, but for failures."""

_BY_STATE = {
    State.EXECUTE: Category.PRODUCTION,
    State.HELD: Category.INTERNAL_STOP,
    State.STOPPED: Category.INTERNAL_STOP,
    State.IDLE: Category.WAITING,
    State.COMPLETE: Category.WAITING,
}
"""What a state costs where neither mode nor neighbour matter; all others are on their way from one to another."""


def _external(*, starved: bool, blocked: bool) -> Category:
    """Return which neighbour suspended the unit; both sides or neither is not an answer."""
    if starved == blocked:
        return Category.EXTERNAL
    return Category.STARVED if starved else Category.BLOCKED


CODE = {category: code for code, category in enumerate(CATEGORIES)}
"""Category to its column in the ledger."""

INFERRED = 4
"""Added to an interlock that no machine told."""

CODE_OF = np.array(
    [
        [
            [CODE[category_of(s, m, starved=bool(i & 1), blocked=bool(i & 2), inferred=bool(i & INFERRED))] for i in range(2 * INFERRED)]
            for m in Mode
        ]
        for s in (BLIND_STATE, *State)
    ],
    np.uint8,
)
"""`category_of` as a table, shape (states + 1, modes, 8): index state + 1, mode, starved + 2 * blocked + INFERRED where it is."""

IS_SIDE = np.array([category in {Category.STARVED, Category.BLOCKED, Category.EXTERNAL} for category in CATEGORIES])
"""Whether a category's code blames a neighbour, shape (categories,)."""

IS_STOP = np.array([category in STOPS for category in CATEGORIES])
"""Whether a category's code is one of `STOPS`, shape (categories,)."""
