"""Overlays: each machine's figure as a colour, hatched where nobody knows it, and a legend with its ends in words."""

from math import nan
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from twin_app.model.historian import Latest
from twin_app.model.kpi import Kpi
from twin_app.model.samples import Kind, Quality, TextTable
from twin_app.model.signal import Signal, SignalKind, SignalTable
from twin_app.model.usage import Usage
from ui.context import LineView
from ui.hall import heat
from ui.scene3d.theme import DARK, LIGHT, rgb

SIGNALS = SignalTable(
    [
        Signal(path=f"{unit}/{name}", unit=unit, name=name, kind=SignalKind.MEASUREMENT, unit_of_measure=measure)
        for unit, name, measure in (("A", "Temperature", "°C"), ("B", "Temperature", "°C"), ("A", "CurMachSpeed", "1/min"))
    ]
)
LINE: Any = SimpleNamespace(units=[SimpleNamespace(id=unit) for unit in "ABC"])
VIEW = LineView(LINE, SIGNALS, TextTable())


def frame(temperatures: tuple[float, float] = (20.0, 80.0), quality: Quality = Quality.GOOD) -> Any:
    kpis = {"A": Kpi(oee_index=0.5, availability=1.0, good=100.0), "B": Kpi(oee_index=1.0, availability=0.25, good=0.0)}
    latest = Latest(
        np.zeros(3, np.int64), np.array([*temperatures, 40.0]), np.full(3, Kind.NUMBER, np.uint8), np.full(3, quality, np.uint8), np.zeros(3, np.int64)
    )  # fmt: skip
    figures = SimpleNamespace(units={unit: SimpleNamespace(kpi=kpi) for unit, kpi in kpis.items()})
    return SimpleNamespace(at_ns=100 * 10**9, latest=latest, figures=figures)


def laid(key: str, of: Any = None, usage: Usage | None = None) -> heat.Overlay:
    return heat.overlay(key, of or frame(), VIEW, usage, LIGHT)


def test_that_figures_and_every_measurement_of_the_line_are_offered_and_speeds_are_not() -> None:
    assert list(heat.choices(VIEW)) == ["off", "oee", "utilisation", "since_part", "energy", "signal:Temperature"]
    assert heat.choices(VIEW)["signal:Temperature"] == "Temperature (°C)"


def test_that_without_an_overlay_nothing_is_coloured() -> None:
    assert laid("off") == heat.Overlay({})


def test_that_a_ratio_runs_from_nothing_to_all_and_who_has_none_is_not_known() -> None:
    found = laid("oee")
    assert found.legend is not None
    assert (found.legend.low, found.legend.high) == ("0.0 %", "100.0 %")
    assert found.colours["B"] == found.legend.ramp[-1]
    assert found.colours["C"] == "?"
    # Half way between the second and third of four colours.
    middle = (rgb(found.legend.ramp[1]) + rgb(found.legend.ramp[2])) / 2
    assert rgb(found.colours["A"]) == pytest.approx(middle, abs=0.005)


def test_that_a_measurement_runs_from_the_least_to_the_most_there_is_just_now() -> None:
    found = laid("signal:Temperature")
    assert found.legend is not None
    assert (found.legend.low, found.legend.high) == ("20.0", "80.0")
    assert (found.colours["A"], found.colours["B"], found.colours["C"]) == (found.legend.ramp[0], found.legend.ramp[-1], "?")


@pytest.mark.parametrize("of", [frame(quality=Quality.STALE), frame((nan, nan))])
def test_that_what_is_stale_or_no_number_is_not_known(of: Any) -> None:
    assert set(laid("signal:Temperature", of).colours.values()) == {"?"}


def test_that_parts_and_energy_are_not_known_until_they_are_answered() -> None:
    assert set(laid("since_part").colours.values()) == set(laid("energy").colours.values()) == {"?"}
    usage = Usage(at_ns=0, last_part_ns={"A": 40 * 10**9, "B": None}, energy_kwh={"A": 5.0, "B": 1.0})
    since = laid("since_part", usage=usage)
    assert since.legend is not None
    assert since.legend.high == "1 min 00 s"
    assert (since.colours["A"], since.colours["B"]) == (since.legend.ramp[-1], "?")
    energy = laid("energy", usage=usage)
    assert energy.legend is not None
    # 5 kWh over 100 good ones; B made none, so nobody can say.
    assert energy.legend.high == "0.0500 kWh"
    assert energy.colours["B"] == "?"


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_that_more_is_told_from_less_by_brightness_alone(theme: Any) -> None:
    found = heat.overlay("oee", frame(), VIEW, None, theme)
    assert found.legend is not None
    bright = [float(rgb(colour) @ (0.2126, 0.7152, 0.0722)) for colour in found.legend.ramp]
    steps = np.diff(bright)
    assert (steps > 0.1).all() or (steps < -0.1).all()


def test_that_an_overlay_is_worked_out_twice_a_second_while_time_runs_and_at_each_instant_while_it_stands() -> None:
    kept, begin, warmer = heat.Laid(), frame(), frame((30.0, 80.0))

    def shown(of: Any, after_s: float, *, playing: bool) -> heat.Overlay:
        of.at_ns, of.playing = begin.at_ns + round(after_s * 1e9), playing
        return kept.of("signal:Temperature", of, VIEW, None, LIGHT)

    begin.playing = True
    first = kept.of("signal:Temperature", begin, VIEW, None, LIGHT)
    assert shown(warmer, 0.3, playing=True) is first
    later = shown(warmer, 0.6, playing=True)
    assert later.legend is not None
    assert later.legend.low == "30.0"
    assert shown(frame((40.0, 80.0)), 0.7, playing=True) is later
    assert shown(frame((40.0, 80.0)), 0.7, playing=False) is not later
    assert kept.of("oee", begin, VIEW, None, LIGHT) is not later
