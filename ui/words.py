"""Words and figures that several panels show alike: states with their glyph, modes, rates, OEE with its range. Not for layout."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from twin_app.clock import SECOND_NS
from twin_app.model.frame import Mode
from twin_app.model.packml import STATE_WORDS, Category, State
from twin_app.text import duration, number, percent, tr

if TYPE_CHECKING:
    from twin_app.model.equipment import Line
    from twin_app.model.frame import Frame
    from twin_app.model.historian import Span
    from twin_app.model.kpi import Kpi
    from twin_app.model.timeline import UnitNow

GUESSED = "≈"
"""Stands before a state, or behind a signal's name, that the machine did not tell itself."""
RANGE_WORTH_SAYING = 0.0005
"""A range narrower than this reads as one figure at the digits shown."""
TENTHS_BELOW_S = 9.5
"""What rounds to ten and more `duration` tells in whole seconds itself."""

_NEEDY = frozenset({State.ABORTED, State.ABORTING, State.HELD, State.HOLDING})


def state_word(state: State | None) -> str:
    """Return a state's word; nobody knows it while blind."""
    return tr("No data") if state is None else tr(STATE_WORDS[state])


def unit_state(now: UnitNow) -> str:
    """Return a unit's state, marked where the machine did not tell it as it stands: derived by rules, or its side inferred."""
    guessed = now.state is not None and (now.derived or now.inferred)
    return f"{GUESSED} {state_word(now.state)}" if guessed else state_word(now.state)


def unit_notes(now: UnitNow) -> list[str]:
    """Return what to say besides a unit's state, see `state_notes`."""
    return state_notes(now.category, inferred=now.inferred, derived=now.derived and now.state is not None)


def state_notes(category: Category, *, inferred: bool, derived: bool) -> list[str]:
    """Return what to say besides a state: whom it waits for, and which of it the machine did not tell itself."""
    side = {Category.STARVED: tr("starved"), Category.BLOCKED: tr("blocked")}.get(category, "")
    notes = [tr("{side}, inferred from its neighbours", side=side) if inferred else side] if side else []
    return [*notes, tr("state derived by the layout's rules")] if derived else notes


def known(frame: Frame) -> Span | None:
    """Return the time anything is known of; None before the first sample, and while there is but the instant a source began."""
    span = frame.span
    return span if span is not None and span.end_ns > span.start_ns else None


def is_abnormal(now: UnitNow) -> bool:
    """Tell whether a unit needs somebody by itself, or nobody knows: not one that waits for its neighbours."""
    return now.state is None or now.state in _NEEDY


def lasted(frame: Frame, now: UnitNow) -> str:
    """Return how long a unit has been as it is, in whole seconds, for it goes on; nothing where no time is known yet."""
    if known(frame) is None:
        return ""
    seconds = max(0.0, (frame.at_ns - now.since_ns) / SECOND_NS)
    return tr("{s} s", s=round(seconds)) if seconds < TENTHS_BELOW_S else duration(seconds)


def counts(figures: str, unit_of_count: str) -> str:
    """Return counts with what was counted as a table's head has it, `112 · 6 (bottle)`: a layout knows no plural."""
    return f"{figures} ({unit_of_count})" if unit_of_count else figures


def rate(per_min: float, ideal_per_min: float | None = None) -> str:
    """Return a rate's figure, with a tenth where rates of this unit are small; a dash where it is unknown."""
    size = per_min if ideal_per_min is None else ideal_per_min
    return number(per_min, 1 if math.isfinite(size) and size < 10 else 0)  # noqa: PLR2004 - two digits are enough


def of_ideal(ideal_per_min: float | None) -> str:
    """Return what stands behind a rate: `of 42/min`, or `/min` without an ideal."""
    return tr("/min") if ideal_per_min is None else tr("of {ideal}/min", ideal=rate(ideal_per_min))


def rate_of_ideal(per_min: float, ideal_per_min: float | None) -> str:
    """Return `35 of 42/min`; without an ideal `35 /min`."""
    return f"{rate(per_min, ideal_per_min)} {of_ideal(ideal_per_min)}"


def ideal_per_min(line: Line, unit: str, product: str | None = None) -> float | None:
    """Return the ideal rate of a unit for a product in its own counts a minute, None where it is unknown."""
    cycle_s = line.ideal_cycle_s(unit, product)
    return 60.0 / cycle_s if cycle_s else None


def product_of(frame: Frame, unit: str) -> str | None:
    """Return the product that a unit works on, None where nobody tells."""
    return frame.units[unit].task.product if unit in frame.units else None


def oee(kpi: Kpi) -> str:
    """Return OEE as `72.4 %`, or its range `71.0–74.2 %` where some time was blind; nothing is told of too few counts."""
    if kpi.early:
        return tr("too early to tell")
    if math.isfinite(kpi.oee_low) and math.isfinite(kpi.oee_high) and kpi.oee_high - kpi.oee_low > RANGE_WORTH_SAYING:
        return f"{number(kpi.oee_low * 100, 1)}–{percent(kpi.oee_high)}"
    return percent(kpi.oee_index)


def signed_duration(seconds: float) -> str:
    """Return `−12 min 34 s` with a true minus sign."""
    return duration(seconds).replace("-", "−")


def speed_word(speed: float) -> str:
    """Return `16×`, `0.5×` or `−2×`."""
    return f"{speed:g}×".replace("-", "−")


def mode_word(frame: Frame) -> str:
    """Return the badge's words: `LIVE`, `LIVE −12 min 34 s`, `REPLAY 16×`, `SAMPLE · SIMULATED`."""
    if frame.mode is Mode.LIVE:
        return tr("LIVE")
    if frame.mode is Mode.LOOK_BACK:
        behind_s = (frame.at_ns - frame.span.end_ns) / SECOND_NS if frame.span else 0.0
        back = signed_duration(min(behind_s, -0.1))
        return tr("SIMULATION {back}", back=back) if frame.simulated else tr("LIVE {back}", back=back)
    words = {
        Mode.REPLAY: tr("REPLAY"),
        Mode.SAMPLE: tr("SAMPLE"),
        Mode.SIMULATION: tr("SIMULATION"),
        Mode.BLIND: tr("BLIND REPLAY"),
        Mode.EMPTY: tr("NO LINE"),
    }
    word = words[frame.mode]
    if frame.simulated and frame.mode in {Mode.REPLAY, Mode.SAMPLE, Mode.BLIND}:
        word = tr("{mode} · SIMULATED", mode=word)
    if frame.mode in {Mode.EMPTY, Mode.SIMULATION} or frame.speed == 1.0:
        return word
    return f"{word} {speed_word(frame.speed)}"
