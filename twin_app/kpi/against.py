"""Output against plan through a shift, and a run-rate projection to its end. Not for what was made: see `figures`."""

from __future__ import annotations

from math import isfinite, nan
from typing import TYPE_CHECKING

from twin_app.model.against import Against

if TYPE_CHECKING:
    from twin_app.model.equipment import Line
    from twin_app.model.kpi import Kpi
    from twin_app.model.plan import ShiftSpan
    from twin_app.plant.plant import Plant


def against(line: Line, plant: Plant, unit: str | None, kpi: Kpi, start_ns: int, at_ns: int) -> Against | None:
    """Return a shift at an instant from the KPIs of [start_ns, at_ns]; None where no shift begins at `start_ns`, or it is over by then.

    The plan is spread evenly over the planned busy time: what is gone of it as it really was, exceptions of the calendar included,
    what is left of it by the calendar. `unit` None is the line.
    """
    shift = next((one for one in plant.shifts(start_ns, start_ns + 1) if one.start_ns == start_ns), None)
    if shift is None or at_ns > shift.end_ns:
        return None
    targets = line.targets if unit is None else line.unit(unit).targets
    target, gone_s, left_s = targets.good_per_shift, kpi.planned_busy_s + kpi.blind_s, busy_s(shift, at_ns)
    whole_s = gone_s + left_s
    rates = (nan, nan, nan) if kpi.early else _rates(kpi, gone_s)
    projected, low, high = (
        _projected(kpi.good, made, per_s, left_s) for made, per_s in zip((0.0, 0.0, kpi.blind_ideal), rates, strict=True)
    )
    return Against(
        start_ns=shift.start_ns, end_ns=shift.end_ns, at_ns=at_ns, target=target, good=kpi.good, gone_s=gone_s, left_s=left_s,
        due=target * gone_s / whole_s if target is not None and whole_s else nan, projected=projected, projected_low=low, projected_high=high,
        oee_target=targets.oee_index,
    )  # fmt: skip


def _rates(kpi: Kpi, gone_s: float) -> tuple[float, float, float]:
    """Return good pieces a second of the shift so far: over known time, with blind time as lost, and as ideal."""
    known = kpi.good / kpi.planned_busy_s if kpi.planned_busy_s else nan
    return known, kpi.good / gone_s if gone_s else nan, (kpi.good + kpi.blind_ideal) / gone_s if gone_s else nan


def _projected(good: float, blind: float, per_s: float, left_s: float) -> float:
    return good + blind + per_s * left_s if isfinite(per_s) else nan


def busy_s(shift: ShiftSpan, from_ns: int) -> float:
    """Return the planned busy time of a shift from an instant on, seconds, by the calendar."""
    start_ns = max(from_ns, shift.start_ns)
    breaks = sum(max(0, min(pause.end_ns, shift.end_ns) - max(pause.start_ns, start_ns)) for pause in shift.breaks)
    return max(0, shift.end_ns - start_ns - breaks) / 1e9
