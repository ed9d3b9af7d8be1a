"""Energy by what the time went into. Expectations are published (DOMAIN) or reckoned by hand."""

from __future__ import annotations

from math import isnan, nan
from typing import Any

import numpy as np
import pytest

from twin_app.kpi.energy import Readings, energy_of, together
from twin_app.kpi.energy_words import co2_per_good, coverage_told, kwh_told, per_good
from twin_app.model.energy import Energy
from twin_app.model.kpi import Kpi
from twin_app.model.packml import CATEGORIES, Category
from twin_app.model.timeline import Intervals

S = 10**9
START = 1_767_225_600 * S


def spans(*rows: tuple[float, Category], end: float) -> Intervals:
    n = len(rows)
    return Intervals(
        np.array([START + round(s * S) for s, _ in rows], np.int64), np.zeros(n, np.int16), np.zeros(n, np.int16),
        np.array([CATEGORIES.index(c) for _, c in rows], np.uint8), START + round(end * S),
    )  # fmt: skip


def read(*rows: tuple[float, float], power: bool = False) -> Readings:
    return Readings(np.array([START + round(s * S) for s, _ in rows], np.int64), np.array([v for _, v in rows], np.float64), power)


def test_the_vector_of_energy_and_carbon() -> None:
    # DOMAIN: 125 kWh, 480 good of 500, .5366 kg/kWh
    found = Energy(kwh=125.0, metered_s=1.0, window_s=1.0, good=480, produced=500, kg_co2e_per_kwh=0.5366)
    assert (found.kg_co2e, found.kg_co2e_per_good, found.kg_co2e_per_produced) == pytest.approx((67.075, 0.13974, 0.13415), abs=5e-6)


def test_that_energy_between_two_readings_is_spread_over_what_the_time_went_into() -> None:
    ran = spans((0, Category.PRODUCTION), (60, Category.WAITING), (90, Category.PRODUCTION), end=120)
    found = energy_of(read((0, 100.0), (60, 106.0), (120, 108.0)), ran, Kpi(good=10))
    assert found.by_category == pytest.approx({Category.PRODUCTION: 7.0, Category.WAITING: 1.0})
    assert (found.kwh, found.coverage, found.idle_share, found.kwh_per_good) == pytest.approx((8.0, 1.0, 0.125, 0.8))


def test_that_what_lies_behind_the_last_reading_is_not_metered_yet() -> None:
    found = energy_of(read((0, 0.0), (60, 6.0)), spans((0, Category.PRODUCTION), end=120), Kpi(good=10, blind_s=0.0))
    assert (found.kwh, found.coverage) == (6.0, 0.5)
    # half of the time without a word: it took as much again
    assert (found.kwh_per_good_low, found.kwh_per_good, found.kwh_per_good_high) == (0.6, 0.6, 1.2)
    assert coverage_told(found) == "50 % metered"


def test_that_the_reading_before_the_window_counts_for_its_part_of_it() -> None:
    found = energy_of(read((-30, 0.0), (30, 6.0)), spans((0, Category.PRODUCTION), end=30), Kpi(good=10))
    assert (found.kwh, found.coverage) == (3.0, 1.0)


def test_that_nobody_knows_what_a_counter_told_before_it_began_anew() -> None:
    found = energy_of(read((0, 50.0), (40, 54.0), (80, 1.0), (120, 3.0)), spans((0, Category.PRODUCTION), end=120), Kpi(good=10))
    assert (found.kwh, found.metered_s) == (6.0, 80.0)


def test_that_power_is_energy_over_time_but_over_a_long_silence() -> None:
    hour = spans((0, Category.PRODUCTION), end=3600)
    assert energy_of(read((0, 2.0), (900, 4.0), (1800, 4.0), power=True), hour, Kpi(good=1)).kwh == pytest.approx(0.75 + 1.0)
    silent = energy_of(read((0, 2.0), (3000, 2.0), (3600, 2.0), power=True), hour, Kpi(good=1))
    assert (silent.kwh, silent.metered_s) == pytest.approx((2 / 6, 600))


def test_that_the_energy_of_blind_time_is_left_out_of_the_good_pieces_and_makes_a_range() -> None:
    ran = spans((0, Category.PRODUCTION), (60, Category.BLIND), (80, Category.PRODUCTION), end=100)
    kpi = Kpi(good=80, blind_s=20.0, ideal_good_s=80.0)
    found = energy_of(read((0, 0.0), (100, 10.0)), ran, kpi)
    assert (found.known_kwh, found.kwh_per_good) == pytest.approx((8.0, 0.1))
    assert (found.kwh_per_good_low, found.kwh_per_good_high) == pytest.approx((8.0 / 100, 10.0 / 80))


def test_that_a_line_counts_all_its_machines_and_says_how_many_are_metered() -> None:
    ran = spans((0, Category.PRODUCTION), end=100)
    one, none = energy_of(read((0, 0.0), (100, 10.0)), ran, Kpi(good=80)), Energy(window_s=100.0)
    found = together([one, one, none], Kpi(good=50), 0.5)
    assert (found.kwh, found.kwh_per_good, found.coverage, found.kg_co2e_per_good) == pytest.approx((20.0, 0.4, 2 / 3, 0.2))
    assert isnan(together([none], Kpi(good=50)).kwh)


def test_that_words_say_what_is_not_known() -> None:
    nothing = Energy()
    assert (per_good(nothing), coverage_told(nothing), co2_per_good(nothing)) == ("–", "no meter", "no CO2 factor in the layout")
    assert per_good(Energy(kwh=2.0, metered_s=1.0, window_s=1.0, good=500.0)) == "4.00 Wh"
    assert per_good(Energy(kwh=20.0, metered_s=1.0, window_s=1.0, good=5.0)) == "4.00 kWh"
    assert co2_per_good(Energy(kwh=2.0, metered_s=1.0, window_s=1.0, good=500.0, kg_co2e_per_kwh=0.5)) == "2.00 g CO2e"
    assert co2_per_good(Energy(kwh=nan, kg_co2e_per_kwh=0.5)) == "–"


def test_that_one_reading_tells_nothing(shop: Any) -> None:
    found = energy_of(read((0, 5.0)), spans((0, Category.PRODUCTION), end=100), Kpi(good=10))
    assert isnan(found.kwh)
    assert found.coverage == 0.0


@pytest.mark.parametrize(
    ("kwh", "said"),
    [
        (1.5, "1.50 kWh"),
        (0.0042, "4.20 Wh"),
        (0.00042, "0.42 Wh"),
        (0.0000057, "0.0057 Wh"),
        (0.0, "0.00 Wh"),
        (250.0, "250 kWh"),
        (nan, "–"),
    ],
)
def test_that_what_is_little_is_not_told_as_nothing(kwh: float, said: str) -> None:
    assert kwh_told(kwh) == said


@pytest.mark.parametrize("good", [nan, 0.0])
def test_that_without_a_count_of_good_pieces_nobody_knows_what_one_took(good: float) -> None:
    assert Energy(kwh=1.0, by_category={Category.PRODUCTION: 1.0}, metered_s=1.0, window_s=1.0, good=good).kwh_per_good_by_category == {}
