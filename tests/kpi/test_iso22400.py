from math import isnan, nan
from typing import Any

import pytest

from twin_app.kpi import iso22400 as iso


def near(expected: float) -> Any:
    """Agree to the six digits that the vectors are printed with."""
    return pytest.approx(expected, abs=5e-7)


def test_vector_1_a_shift_with_breaks_and_down_time() -> None:
    busy, run, ideal, total, good = 420 * 60.0, 373 * 60.0, 1.0, 19271, 19271 - 423
    assert iso.availability(run, busy) == near(0.888095)
    assert iso.effectiveness(total, ideal, run) == near(0.861081)
    assert iso.quality_ratio(good, total) == near(0.978050)
    assert iso.oee_index(good, ideal, busy) == near(0.747937)
    assert iso.teep(good, ideal, 1440 * 60.0) == near(0.218148)


def test_vector_6_every_time_of_the_standard_in_minutes() -> None:
    calendar, pbt, apt, aust, adet, ideal, produced, good, scrap, rework = 1440.0, 450.0, 350.0, 40.0, 35.0, 0.5, 630, 600, 20, 10
    aupt, aubt = iso.unit_processing_time_s(apt, aust), iso.unit_busy_time_s(apt, aust, adet)
    assert (aupt, aubt) == (390, 425)
    assert iso.availability(apt, pbt) == near(0.777778)
    assert iso.effectiveness(produced, ideal, apt) == near(0.9)
    assert iso.quality_ratio(good, produced) == near(0.952381)
    assert iso.oee_index(good, ideal, pbt) == near(0.666667)
    assert iso.nee_index(good, produced, ideal, production_s=apt, setup_s=aust, planned_busy_s=pbt) == near(0.742857)
    assert iso.allocation_efficiency(aubt, pbt) == near(0.944444)
    assert iso.utilization_efficiency(apt, aubt) == near(0.823529)
    assert iso.technical_efficiency(apt, adet) == near(0.909091)
    assert iso.setup_ratio(aust, aupt) == near(0.102564)
    assert iso.scrap_ratio(scrap, produced) == near(0.031746)
    assert iso.rework_ratio(rework, produced) == near(0.015873)
    assert iso.teep(good, ideal, calendar) == near(0.208333)


def test_vector_7_two_products_weighted_by_their_ideal_time() -> None:
    busy, run, ideal, produced, good = 400.0, 330.0, (0.5, 1.2), (300, 120), (290, 118)
    assert iso.availability(run, busy) == near(0.825)
    assert iso.effectiveness_of_mix(produced, ideal, run) == near(0.890909)
    assert iso.quality_ratio_of_mix(good, produced, ideal) == near(0.974830)
    assert iso.oee_index_of_mix(good, ideal, busy) == near(0.7165)


def test_that_availability_effectiveness_and_quality_multiply_to_the_index() -> None:
    product = iso.availability(22380.0, 25200.0) * iso.effectiveness(19271, 1.0, 22380.0) * iso.quality_ratio(18848, 19271)
    assert product == pytest.approx(iso.oee_index(18848, 1.0, 25200.0), rel=1e-14)


def test_that_an_ideal_that_is_too_slow_shows_as_more_than_all() -> None:
    assert iso.effectiveness(120, 1.0, 100.0) == 1.2
    assert iso.oee_index(120, 1.0, 100.0) == 1.2


def test_that_throughput_is_pieces_a_second_of_the_orders_execution() -> None:
    assert iso.throughput_rate(630, 450 * 60.0) == near(0.023333)


@pytest.mark.parametrize(
    "ratio",
    [
        iso.availability(0.0, 0.0), iso.effectiveness(0, 1.0, 0.0), iso.quality_ratio(0, 0), iso.oee_index(0, 1.0, 0.0),
        iso.quality_ratio_of_mix((0, 0), (0, 0), (1.0, 2.0)), iso.effectiveness_of_mix((1,), (1.0,), 0.0), iso.oee_index_of_mix((1,), (1.0,), 0.0),
        iso.utilization_efficiency(0.0, 0.0), iso.allocation_efficiency(0.0, 0.0), iso.technical_efficiency(0.0, 0.0), iso.teep(0, 1.0, 0.0),
        iso.setup_ratio(0.0, 0.0), iso.scrap_ratio(0, 0), iso.rework_ratio(0, 0), iso.throughput_rate(0, 0.0),
        iso.nee_index(0, 0, 1.0, production_s=0.0, setup_s=0.0, planned_busy_s=0.0), iso.oee_index(nan, 1.0, 60.0), iso.quality_ratio(nan, 10),
    ],
)  # fmt: skip
def test_that_nothing_divided_or_unknown_is_unknown_and_not_zero(ratio: float) -> None:
    assert isnan(ratio)


def test_that_a_machine_that_never_ran_in_busy_time_was_available_for_none_of_it() -> None:
    assert iso.availability(0.0, 60.0) == 0.0
