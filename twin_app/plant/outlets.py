"""Where derived signals lead: states, modes, interlocks and counters into the unit's facts. Not for deriving them: see `derived`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from twin_app.model.packml import Mode
from twin_app.model.signal import BLOCKED, CHANGEOVER, MODE, NO_ORDER_WORDS, ORDER, ORDER_QUANTITY, PRODUCT, STARVED, STATE
from twin_app.model.timeline import BLIND_STATE
from twin_app.plant.reading import Words, mode_words, state_words
from twin_app.plant.track import FAR_FUTURE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from numpy.typing import NDArray

    from twin_app.model.samples import TextTable
    from twin_app.plant.counters import Counter
    from twin_app.plant.facts import Facts
    from twin_app.plant.steps import Steps, Values
    from twin_app.plant.track import Track
    from twin_app.plant.work import Work

    _Way = tuple[Track[Any], Callable[[Values], NDArray[Any]]]


class Told(NamedTuple):
    """From when on (UTC ns) something differs, the end of time where nothing does."""

    facts_ns: int
    counts_ns: int
    changed: Mapping[Steps, int]
    """Every function of time that differs, by the instant from which on it does."""
    named: Mapping[str, int]
    """Those of them that are derived signals, by name."""


class Outlets:
    """Hands derived signals that mean something to the engine over to it."""

    def __init__(self, facts: Facts, work: Work, counters: Mapping[str, Counter], texts: TextTable) -> None:
        """Lead into a unit's facts, what it works on, and its derived counters, by name."""
        self._counters, self._links = counters, facts.links
        states, modes = state_words(texts), mode_words(texts)
        orders = Words(texts, dict.fromkeys(NO_ORDER_WORDS, 1), 0)
        self._facts: dict[str, tuple[_Way, ...]] = {
            STATE: ((facts.state, lambda values: _coded(values, states.codes, BLIND_STATE)),),
            MODE: ((facts.mode, lambda values: _coded(values, modes.codes, Mode.UNDEFINED)),),
            STARVED: ((facts.starved, _flags),),
            BLOCKED: ((facts.blocked, _flags),),
            CHANGEOVER: ((facts.changing, _flags),),
            PRODUCT: ((work.product, np.copy),),
            ORDER: ((work.order, np.copy), (facts.unordered, lambda values: _coded(values, orders.codes, 0))),
            ORDER_QUANTITY: ((work.quantity, np.copy),),
        }

    def tell(self, signals: Mapping[str, Steps], changed: Mapping[Steps, int], linked_ns: int) -> Told:
        """Hand over what changed, by the instant from which on it differs, and what holds anew since links changed from `linked_ns` on."""
        named = {name: changed[steps] for name, steps in signals.items() if steps in changed} if changed else {}
        if linked_ns < FAR_FUTURE and STATE in signals:
            named[STATE] = min(linked_ns, named.get(STATE, FAR_FUTURE))
        return Told(self._tell_facts(signals, named), self._tell_counts(signals, named), changed, named)

    def _tell_facts(self, signals: Mapping[str, Steps], changed: Mapping[str, int]) -> int:
        """Rewrite facts; return from when on they differ."""
        concerned = changed.keys() & self._facts.keys()
        for name in concerned:
            times, values = _tail(signals[name], changed[name])
            if name == STATE:  # it counts as said where its link came back, though it be the same as before
                times = np.union1d(times, self._links.returns(changed[name]))
                values = signals[name].at(times)
            for track, read in self._facts[name]:
                track.rewrite(changed[name], times, read(values))
        return _earliest(changed, concerned)

    def _tell_counts(self, signals: Mapping[str, Steps], changed: Mapping[str, int]) -> int:
        """Rewrite counters; return from when on they differ."""
        concerned = changed.keys() & self._counters.keys()
        for name in concerned:
            times, values = _tail(signals[name], changed[name])
            known = np.isfinite(values)
            self._counters[name].rewrite(changed[name], times[known], values[known])
        return _earliest(changed, concerned)


def _tail(steps: Steps, from_ns: int) -> tuple[NDArray[np.int64], Values]:
    """Return the changes from an instant on."""
    row = int(steps.times.searchsorted(from_ns, "left"))
    return steps.times[row:], steps.values[row:]


def _earliest(changed: Mapping[str, int], names: Collection[str]) -> int:
    """Return the earliest instant of those named."""
    return min((changed[name] for name in names), default=FAR_FUTURE)


def _coded(values: Values, codes: Callable[[Values], NDArray[np.int16]], unknown: int) -> NDArray[np.int16]:
    """Return what text codes mean, shape (n,), `unknown` where nobody knows."""
    known = ~np.isnan(values)
    found = np.full(len(values), unknown, np.int16)
    if known.any():
        found[known] = codes(values[known])
    return found


def _flags(values: Values) -> NDArray[np.int16]:
    """Return yes and no as 1 and 0, shape (n,); unknown is no."""
    flags: NDArray[np.int16] = (np.nan_to_num(values) != 0.0).astype(np.int16)
    return flags
