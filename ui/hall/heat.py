"""Figures laid over the machines as colours: what may be chosen, each machine's value, and the legend. No widgets."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, nan
from typing import TYPE_CHECKING

import numpy as np

from twin_app.model.samples import Kind, Quality
from twin_app.model.signal import SPEED, SignalKind
from twin_app.text import N_, duration, number, percent, tr
from ui.scene3d.scene import Legend
from ui.scene3d.theme import rgb

if TYPE_CHECKING:
    from collections.abc import Mapping

    from twin_app.model.frame import Frame
    from twin_app.model.usage import Usage
    from ui.context import LineView
    from ui.scene3d.theme import SceneTheme

OFF, OEE, UTILISATION, SINCE_PART, ENERGY = "off", "oee", "utilisation", "since_part", "energy"
TITLES = {
    OFF: N_("No overlay"), OEE: N_("OEE of the shift"), UTILISATION: N_("Share of the time in production"),
    SINCE_PART: N_("Time since the last part"), ENERGY: N_("Energy per good unit"),
}  # fmt: skip
EVERY_NS = 500_000_000
SIGNAL = "signal:"
"""What an overlay of a measurement begins with; its name follows."""
_RAMPS = {"light": ("#DCE7EA", "#7FA6B8", "#3F6C96", "#2A2F6B"), "dark": ("#26343F", "#3F6C8C", "#7FB2CE", "#E3F2F6")}
"""From little to much; one hue from pale to deep, so that it reads without telling colours apart and is no alarm's."""
_TRUSTED = frozenset({Quality.GOOD, Quality.UNCERTAIN})


@dataclass(frozen=True, slots=True)
class Overlay:
    """Colours by unit, `?` where nobody knows, and what they mean; no legend: there is no overlay."""

    colours: Mapping[str, str]
    legend: Legend | None = None


def choices(view: LineView) -> dict[str, str]:
    """Return what may be laid over a line's machines, by key: figures, and every measurement that some machine has."""
    found = {key: tr(title) for key, title in TITLES.items()}
    for signal in view.signals:
        if signal.kind is SignalKind.MEASUREMENT and signal.name != SPEED and not signal.unit.startswith("@"):
            unit = f" ({signal.unit_of_measure})" if signal.unit_of_measure else ""
            found.setdefault(SIGNAL + signal.name, signal.name + unit)
    return found


class Laid:
    """The overlay of a moment ago, which is as good while time runs: working one out costs by the machine."""

    def __init__(self) -> None:
        """Start without one."""
        self._asked: tuple[object, ...] = ()
        self._at_ns = 0
        self._overlay = Overlay({})

    def of(self, key: str, frame: Frame, view: LineView, usage: Usage | None, theme: SceneTheme) -> Overlay:
        """Return the overlay of a frame, at most `EVERY_NS` of the playhead old while it runs and exact while it stands."""
        asked, apart_ns = (key, view, usage, theme), abs(frame.at_ns - self._at_ns)
        same = len(self._asked) == len(asked) and all(a is b for a, b in zip(asked, self._asked, strict=True))
        if not same or apart_ns >= EVERY_NS or (apart_ns and not frame.playing):
            self._asked, self._at_ns, self._overlay = asked, frame.at_ns, overlay(key, frame, view, usage, theme)
        return self._overlay


def overlay(key: str, frame: Frame, view: LineView, usage: Usage | None, theme: SceneTheme) -> Overlay:
    """Return the overlay of a key at a frame; `usage` is needed for parts and energy, until it is there nothing is known."""
    if key == OFF:
        return Overlay({})
    values = {unit.id: _value(key, unit.id, frame, view, usage) for unit in view.line.units}
    known = [value for value in values.values() if isfinite(value)]
    low, high = (0.0, max(known, default=1.0)) if key in {SINCE_PART, ENERGY} else (min(known, default=0.0), max(known, default=1.0))
    if key in {OEE, UTILISATION}:
        low, high = 0.0, 1.0
    ramp = _RAMPS[theme.name]
    colours = {unit: _colour(value, low, high, ramp) for unit, value in values.items()}
    title = choices(view).get(key, key.removeprefix(SIGNAL))
    return Overlay(colours, Legend(title, words(key, low), words(key, high), ramp, tr("not known")))


def _value(key: str, unit: str, frame: Frame, view: LineView, usage: Usage | None) -> float:
    """Return what a unit has of a figure; NaN where nobody knows."""
    figures = frame.figures.units.get(unit) if frame.figures else None
    if key.startswith(SIGNAL):
        return _measured(unit, key.removeprefix(SIGNAL), frame, view)
    if key == SINCE_PART:
        last_ns = usage.last_part_ns.get(unit) if usage else None
        return nan if last_ns is None else max(0.0, (frame.at_ns - last_ns) / 1e9)
    if figures is None:
        return nan
    if key == ENERGY:
        used = usage.energy_kwh.get(unit, nan) if usage else nan
        return used / figures.kpi.good if figures.kpi.good > 0 else nan
    return figures.kpi.oee_told if key == OEE else figures.kpi.availability


def _measured(unit: str, name: str, frame: Frame, view: LineView) -> float:
    signal, latest = view.signals.find(unit, name), frame.latest
    if signal is None or signal >= len(latest.kind) or latest.kind[signal] != Kind.NUMBER or latest.quality[signal] not in _TRUSTED:
        return nan
    return float(latest.value[signal])


def words(key: str, value: float) -> str:
    """Return a value of an overlay as people read it."""
    if key in {OEE, UTILISATION}:
        return percent(value)
    if key == SINCE_PART:
        return duration(value)
    return tr("{count} kWh", count=number(value, 4)) if key == ENERGY else number(value, 1)


def _colour(value: float, low: float, high: float, ramp: tuple[str, ...]) -> str:
    """Return a value's colour on a ramp, `?` for one that nobody knows."""
    if not isfinite(value):
        return "?"
    share = min(max((value - low) / (high - low), 0.0), 1.0) if high > low else 0.5
    stops = np.stack([rgb(colour) for colour in ramp])
    mixed = [np.interp(share * (len(ramp) - 1), np.arange(len(ramp)), stops[:, part]) for part in range(3)]
    return "#" + "".join(f"{round(float(part) * 255):02X}" for part in mixed)
