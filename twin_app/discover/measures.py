"""Units of measure by fields' names: those that a name states (`oil_temp_degC`), and those that a kind of quantity usually has. Not for values."""

from __future__ import annotations

from dataclasses import dataclass

from twin_app.discover.words import words_of

STATED = {
    "degc": "°C", "celsius": "°C", "degf": "°F", "fahrenheit": "°F", "kelvin": "K", "bar": "bar", "mbar": "mbar", "kpa": "kPa", "mpa": "MPa", "psi": "psi",
    "kw": "kW", "kwh": "kWh", "wh": "Wh", "mwh": "MWh", "watt": "W", "watts": "W", "amps": "A", "amp": "A", "ampere": "A", "volt": "V", "volts": "V",
    "rpm": "1/min", "hz": "Hz", "khz": "kHz", "mm": "mm", "cm": "cm", "um": "µm", "kn": "kN", "nm": "N m", "kg": "kg", "gram": "g", "grams": "g",
    "pct": "%", "percent": "%", "ms": "ms", "sec": "s", "seconds": "s", "minutes": "min", "hours": "h", "litre": "l",
    "liter": "l", "litres": "l", "liters": "l", "lpm": "l/min", "rad": "rad", "deg": "°",
}  # fmt: skip
"""Last word of a name to the unit that it states."""
_TWO = {
    ("mm", "s"): "mm/s", ("m", "s"): "m/s", ("m", "min"): "m/min", ("per", "min"): "1/min", ("per", "minute"): "1/min", ("per", "hour"): "1/h",
    ("l", "min"): "l/min", ("m3", "h"): "m³/h", ("k", "wh"): "kWh", ("k", "w"): "kW", ("deg", "c"): "°C", ("deg", "f"): "°F", ("n", "m"): "N m",
}  # fmt: skip
"""The last two words together."""
_USUAL = (
    (("temp", "temperature", "temperatur"), "°C", -60.0, 1500.0),
    (("humidity", "rh"), "%", 0.0, 100.0),
    (("battery", "soc", "level", "fill", "load", "utilisation", "utilization", "override"), "%", 0.0, 100.0),
    (("voltage",), "V", -1e6, 1e6),
    (("current", "amperage"), "A", -1e5, 1e5),
    (("frequency", "freq"), "Hz", 0.0, 1e6),
    (("vibration",), "mm/s", 0.0, 500.0),
    (("torque",), "N m", -1e6, 1e6),
    (("pressure",), "bar", -1.0, 700.0),
)
"""Words for a quantity, its usual unit, and the range in which that is likely."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A unit of measure, and whether it is only a guess."""

    unit: str
    is_guess: bool


def measure_of(name: str, low: float, high: float) -> Measure | None:
    """Return the unit of measure that a number's name tells, None where it tells none; `low` and `high` are the range seen."""
    words = words_of(name)
    stated = _TWO.get((words[-2], words[-1])) if len(words) > 1 else None
    if stated is None and len(words) > 1:
        stated = STATED.get(words[-1])
    if stated is not None:
        return Measure(stated, is_guess=False)
    for quantity, unit, least, most in _USUAL:
        if words and (set(quantity) & {words[-1], words[0]}) and least <= low <= high <= most:
            return Measure(unit, is_guess=True)
    return None


def spelled(unit: str) -> str:
    """Return a unit of measure that a source gives, in the twin's spelling where it is one of the usual."""
    return STATED.get("".join(words_of(unit)), unit.strip())
