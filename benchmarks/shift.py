"""The workload of the history's benchmark: forty machines through a shift of eight hours, seeded, numpy alone. Itself no benchmark.

A machine has a state (semi-Markov), a speed at 10 Hz while it runs and 1 Hz else, a temperature at 1 Hz, a vibration at
0.5 Hz, a power at 0.2 Hz, two counters and an alarm. Times lie at 1 ms with a jitter of 4 ms; values are decimals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from twin_app.model.signal import SignalKind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Column = NDArray[np.float64]

START_NS = 1_772_431_200 * 10**9
SEED = 20261123
NAMES = ("State", "CurMachSpeed", "Temperature", "Vibration", "Power", "Processed", "Defective", "Alarm")
KINDS = (SignalKind.STATE, *(SignalKind.MEASUREMENT,) * 4, SignalKind.COUNTER, SignalKind.COUNTER, SignalKind.STATE)
WORDS = ("Stopped", "Idle", "Execute", "Suspended", "Held", "Aborted", "Complete")
_RUN, _FAULT = 2, 5
_NEXT = {
    1: ((2, 3, 4, 6), (0.85, 0.06, 0.06, 0.03)), 2: ((3, 4, 5, 1, 6), (0.42, 0.36, 0.12, 0.07, 0.03)), 3: ((2, 1), (0.95, 0.05)),
    4: ((2, 1), (0.95, 0.05)), 5: ((1, 2), (0.7, 0.3)), 6: ((2, 1), (0.9, 0.1)), 0: ((1,), (1.0,)),
}  # fmt: skip
"""The next state and its probability, by state."""
_SCRAP = 0.015
_DWELL_S = (120.0, 12.0, 70.0, 9.0, 11.0, 75.0, 240.0)


def generate(machines: int, hours: float) -> tuple[NDArray[np.int64], NDArray[np.int64], Column]:
    """Return times (UTC ns), signal ids (machine x 8 + its place in `NAMES`) and values, by time."""
    lasts_s = hours * 3600
    times, signals, values = [], [], []
    for machine in range(machines):
        for place, (at_s, value) in enumerate(_machine(np.random.default_rng([SEED, machine]), lasts_s)):
            there = at_s < lasts_s
            times.append(START_NS + np.round(at_s[there] * 1000).astype(np.int64) * 1_000_000)
            values.append(value[there])
            signals.append(np.full(int(there.sum()), machine * len(NAMES) + place, np.int64))
    time, signal, value = np.concatenate(times), np.concatenate(signals), np.concatenate(values)
    order = np.lexsort((signal, time))
    return time[order], signal[order], value[order]


def _machine(rng: np.random.Generator, lasts_s: float) -> list[tuple[Column, Column]]:
    """Return seconds and values of each signal of one machine."""
    begins, states = _states(rng, lasts_s)

    def state_at(at_s: Column) -> NDArray[np.int64]:
        return states[np.searchsorted(begins, at_s, "right") - 1]

    def jittered(at_s: Column) -> Column:
        return np.clip(at_s + rng.normal(0, 0.004, len(at_s)), 0, lasts_s)

    tenths = np.arange(0, lasts_s, 0.1)
    running = state_at(tenths) == _RUN
    kept = running | (np.arange(len(tenths)) % 10 == 0)
    nominal = rng.uniform(40, 180)
    speed = np.where(running, nominal * (1 + _wander(rng, len(tenths), 0.98, 0.004)), 0.0)
    found = [(begins, states.astype(float)), (jittered(tenths[kept]), np.round(speed[kept], 2))]
    seconds = np.arange(0, lasts_s, 1.0) + rng.uniform(0, 1)
    warmth = _lagged(np.where(state_at(seconds) == _RUN, 65.0, 28.0))
    found.append((jittered(seconds), np.round(warmth + rng.normal(0, 0.15, len(seconds)), 1)))
    for step, runs, idles, noise, digits in ((2.0, 1.8, 0.2, 0.25, 3), (5.0, nominal / 12, 1.1, 0.2, 2)):
        at_s = np.arange(0, lasts_s, step) + rng.uniform(0, step)
        found.append(
            (jittered(at_s), np.round(np.where(state_at(at_s) == _RUN, runs, idles) + np.abs(rng.normal(0, noise, len(at_s))), digits))
        )
    parts = _parts(rng, begins, states, lasts_s)
    bad = rng.random(len(parts)) < _SCRAP
    found += [(parts[mask], np.arange(1.0, mask.sum() + 1)) for mask in (~bad, bad)]
    faults = np.flatnonzero(states == _FAULT)
    ends = np.append(begins, lasts_s)[faults + 1]
    codes = 100.0 + rng.integers(0, 40, len(faults))
    at_s, code = np.concatenate(([0.0], begins[faults], ends)), np.concatenate(([0.0], codes, np.zeros(len(faults))))
    order = np.argsort(at_s, kind="stable")
    return [*found, (at_s[order], code[order])]


def _states(rng: np.random.Generator, lasts_s: float) -> tuple[Column, NDArray[np.int64]]:
    """Return when states begin, and which."""
    begins, states, at_s, state = [], [], 0.0, 0
    while at_s < lasts_s:
        begins.append(at_s)
        states.append(state)
        at_s += max(0.8, rng.exponential(_DWELL_S[state]))
        following, chances = _NEXT[state]
        state = int(rng.choice(following, p=chances))
    return np.array(begins), np.array(states)


def _wander(rng: np.random.Generator, n: int, rho: float, sigma: float) -> Column:
    """Return a first-order autoregressive series."""
    return _filtered(rng.normal(0, sigma, n), rho)


def _lagged(target: Column) -> Column:
    """Return what follows a target with a lag of 180 s, beginning at 25."""
    return 25.0 + _filtered((target - 25.0) / 180.0, 1 - 1 / 180.0)


def _filtered(steps: Column, rho: float) -> Column:
    """Return y with y[i] = rho y[i - 1] + steps[i]."""
    out, last, size = np.empty(len(steps)), 0.0, 256
    powers = rho ** np.arange(1, size + 1)
    for i in range(0, len(steps), size):
        part = steps[i : i + size]
        scale = powers[: len(part)]
        out[i : i + size] = scale * (last + np.cumsum(part / scale))
        last = out[i + len(part) - 1]
    return out


def _parts(rng: np.random.Generator, begins: Column, states: NDArray[np.int64], lasts_s: float) -> Column:
    """Return when parts are done: every few seconds while it runs."""
    cycle_s = rng.uniform(4, 9)
    spans = zip(begins, states, np.diff(np.append(begins, lasts_s)), strict=True)
    return np.concatenate([begin + cycle_s * np.arange(1, int(length / cycle_s) + 1) for begin, state, length in spans if state == _RUN])
