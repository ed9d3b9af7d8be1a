"""From a frame to what the 3D room is told of each unit: its look, its place, its store, and what lies between units. No widgets."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite, nan
from typing import TYPE_CHECKING

from twin_app.machines import machine_type
from twin_app.machines.base import Measure
from twin_app.model.buffer import Basis
from twin_app.model.packml import TRANSIENT, Category, State
from twin_app.model.samples import Kind, Quality
from twin_app.text import duration, number, tr
from ui.hall.tracks import Place
from ui.palette import glyph
from ui.scene3d.scene import Look, Pose, UnitLook
from ui.words import counts, lasted, unit_state

if TYPE_CHECKING:
    from collections.abc import Mapping

    from twin_app.model.buffer import BufferNow
    from twin_app.model.equipment import Line, Unit
    from twin_app.model.frame import Frame
    from twin_app.model.historian import Latest
    from twin_app.model.signal import SignalTable
    from twin_app.model.timeline import UnitNow
    from ui.context import LineView

LOOKS = {
    State.EXECUTE: Look.RUNNING, State.IDLE: Look.IDLE, State.COMPLETE: Look.IDLE, State.STOPPED: Look.STOPPED,
    State.HELD: Look.HELD, State.HOLDING: Look.HELD, State.SUSPENDED: Look.SUSPENDED, State.SUSPENDING: Look.SUSPENDED,
    State.ABORTED: Look.ABORTED, State.ABORTING: Look.ABORTED, State.UNDEFINED: Look.UNKNOWN,
}  # fmt: skip
"""How a state shows from across the room; the other acting states are transitions."""
_TRUSTED = frozenset({Quality.GOOD, Quality.UNCERTAIN})


def looks_of(frame: Frame, view: LineView, poses: Mapping[str, Pose] | None = None) -> dict[str, UnitLook]:
    """Return how every unit of a line looks at the frame's instant; `poses` are where vehicles are shown, else where they reported."""
    found = {}
    for unit in view.line.units:
        now = frame.units.get(unit.id)
        if now is not None:
            kind = machine_type(unit.type)
            stored = stored_in(unit, frame.latest, view)[0] if kind.store is not None else nan
            look = look_of(now, frame, stored=stored)
            found[unit.id] = _driving(look, unit.id, frame, view, poses or {}) if kind.mobile else look
    return found


def _driving(look: UnitLook, unit: str, frame: Frame, view: LineView, poses: Mapping[str, Pose]) -> UnitLook:
    """Return how a vehicle looks: where it is, what its battery has; one whose place can no longer be believed is unknown."""
    place = place_of(unit, frame.latest, view.signals)
    charge, charging = battery_of(unit, frame.latest, view.signals)
    moved = replace(look, pose=poses.get(unit) or (place.pose if place else None), battery=charge, charging=charging)
    if place is not None and not place.sound and look.look is not Look.UNKNOWN:
        return replace(moved, look=Look.UNKNOWN, word=tr("Place not known"), glyph=glyph(None))
    return moved


def notes_of(unit: Unit, frame: Frame, view: LineView) -> tuple[str, ...]:
    """Return what is said of a unit's material: what it holds, and what lies behind it."""
    held = stored_in(unit, frame.latest, view)[1]
    behind = tuple(level_words(buffer, view.line) for buffer in frame.buffers if buffer.unit == unit.id)
    return (held, *behind) if held else behind


def vehicle_words(unit: str, frame: Frame, view: LineView) -> tuple[str, ...]:
    """Return what a vehicle's battery has, and where it said it is and how long ago."""
    charge, charging = battery_of(unit, frame.latest, view.signals)
    share = number(charge, 0)
    battery = tr("battery: not known") if not isfinite(charge) else tr("battery {share} %", share=share)
    if isfinite(charge) and charging:
        battery = tr("battery {share} %, charging", share=share)
    place = place_of(unit, frame.latest, view.signals)
    if place is None:
        return (battery, tr("place: not known"))
    ago = duration(max(0.0, (frame.at_ns - place.at_ns) / 1e9))
    return battery, tr("at x {x} m, y {y} m, said {ago} ago", x=number(place.pose.x_m, 2), y=number(place.pose.y_m, 2), ago=ago)


def battery_of(unit: str, latest: Latest, signals: SignalTable) -> tuple[float, bool]:
    """Return what share of its charge a vehicle has, in per cent, NaN where nobody knows, and whether it is being charged."""
    battery = signals.find(unit, "Battery")
    if battery is None or battery >= len(latest.kind) or latest.quality[battery] not in _TRUSTED:
        return nan, False
    return _number(battery, latest), _truth(signals.find(unit, "Charging"), latest)


def _truth(signal: int | None, latest: Latest) -> bool:
    """Tell whether a signal says yes and can be believed."""
    if signal is None or signal >= len(latest.kind) or latest.quality[signal] not in _TRUSTED:
        return False
    return latest.kind[signal] in {Kind.NUMBER, Kind.BOOL} and latest.value[signal] > 0


def look_of(now: UnitNow, frame: Frame, *, pose: Pose | None = None, stored: float = nan) -> UnitLook:
    """Return how a unit looks at the frame's instant."""
    since, cycles = lasted(frame, now), frame.cycles[now.unit_id]
    if now.state is None or now.category is Category.BLIND:
        return UnitLook(Look.UNKNOWN, tr("No data"), since, glyph(None), cycles, pose, stored)
    look = LOOKS.get(now.state, Look.TRANSITION if now.state in TRANSIENT else Look.UNKNOWN)
    return UnitLook(look, unit_state(now), since, glyph(now.state), cycles, pose, stored)


def levels_of(frame: Frame) -> dict[tuple[str, str], tuple[float, float]]:
    """Return how much lies between units and how much fits there, in base units of the line; NaN where nobody knows."""
    return {(buffer.unit, buffer.to): (buffer.level, buffer.capacity) for buffer in frame.buffers}


def estimated_in(frame: Frame) -> frozenset[tuple[str, str]]:
    """Return between which units as much lies as was estimated, not counted."""
    return frozenset((buffer.unit, buffer.to) for buffer in frame.buffers if buffer.basis is Basis.ESTIMATED and isfinite(buffer.level))


def level_words(buffer: BufferNow, line: Line) -> str:
    """Return what lies between a unit and one that it feeds, in words: `→ Capper ≈ 34 of 60 (bottle), estimated`."""
    to = line.unit(buffer.to).title
    if buffer.basis is Basis.UNKNOWN or not isfinite(buffer.level):
        return tr("→ {to}: not known", to=to)
    amount = number(buffer.level, 0)
    if isfinite(buffer.capacity):
        amount = tr("{count} of {most}", count=amount, most=number(buffer.capacity, 0))
    amount = counts(amount, line.unit_of_count)
    return tr("→ {to} ≈ {amount}, estimated", to=to, amount=amount) if buffer.basis is Basis.ESTIMATED else f"→ {to} {amount}"


def stored_in(unit: Unit, latest: Latest, view: LineView) -> tuple[float, str]:
    """Return how full a unit's store is, as a share of one, and what its signal says of it; NaN and a sentence where nobody knows.

    A unit without a store has NaN and no words.
    """
    store = machine_type(unit.type).store
    if store is None:
        return nan, ""
    signal = view.signals.find(unit.id, store.signal)
    if signal is None or signal >= len(latest.kind) or latest.quality[signal] not in _TRUSTED or latest.kind[signal] == Kind.NULL:
        return nan, tr("store: not known")
    if store.measure is Measure.ANY:
        loaded = _is_said(signal, latest, view)
        return float(loaded), tr("loaded") if loaded else tr("empty")
    value = _number(signal, latest)
    if store.measure is Measure.PERCENT:
        return value / 100.0, tr("{share} % full", share=number(value, 0))
    words = number(value, 0) if unit.capacity is None else tr("{count} of {most}", count=number(value, 0), most=number(unit.capacity, 0))
    return value / (unit.capacity or len(store.places)), counts(words, unit.unit_of_count)


def _is_said(signal: int, latest: Latest, view: LineView) -> bool:
    """Tell whether a text says anything; of a number whether it is not 0."""
    value = latest.value[signal]
    return bool(view.texts.text(int(value)).strip()) if latest.kind[signal] == Kind.TEXT else bool(value)


def place_of(unit: str, latest: Latest, signals: SignalTable) -> Place | None:
    """Return where a unit says it is at the frame's instant, and since when; None before it said both X and Y."""
    numbers = [signals.find(unit, name) for name in ("X", "Y", "Heading")]
    x, y, heading = (_number(signal, latest) for signal in numbers)
    if not (isfinite(x) and isfinite(y)):
        return None
    known = [signal for signal in numbers if signal is not None and signal < len(latest.kind)]
    sound = all(latest.quality[signal] in _TRUSTED for signal in known)
    return Place(Pose(x, y, heading), max(int(latest.effective_ns[signal]) for signal in known), sound)


def _number(signal: int | None, latest: Latest) -> float:
    """Return the latest number of a signal, NaN where it has none."""
    if signal is None or signal >= len(latest.kind) or latest.kind[signal] != Kind.NUMBER:
        return nan
    return float(latest.value[signal])
