"""What is asked of units now and then: the last part they gave, and the energy they used."""

import math
from dataclasses import replace

import pytest

from tests.session.plant import LINE, Bench, at
from twin_app.model.equipment import EnergyFactor, Feed
from twin_app.model.kpi import By
from twin_app.model.packml import Category

RULE = replace(LINE.sources[0].rules[0], units_of_measure={"Energy": "kWh", "Meter": "MJ"})
METERED = replace(LINE, sources=(replace(LINE.sources[0], rules=(RULE,)),))


def test_that_the_last_part_is_when_the_count_rose_and_not_when_it_was_said_again() -> None:
    bench = Bench(METERED, live=False)
    for second, count in ((0, 10), (10, 11), (20, 11), (30, 11)):
        bench.source.say(second, State="Execute", Processed=count)
    bench.session.fold()
    assert bench.session.usage(at(0), at(25)).last_part_ns == {"Filler": at(10), "Capper": None}
    assert bench.session.usage(at(0), at(10)).last_part_ns["Filler"] == at(10)
    assert bench.session.usage(at(0), at(9)).last_part_ns["Filler"] is None


def test_that_energy_is_what_the_meter_went_on_by_since_the_window_began() -> None:
    bench = Bench(METERED, live=False)
    for second, energy in ((0, 100.0), (10, 101.5), (20, 104.0), (30, 1.0)):
        bench.source.say(second, Energy=energy)
    bench.source.say(5, "Capper", Meter=10.0)
    bench.source.say(15, "Capper", Meter=13.6)
    bench.session.fold()
    assert bench.session.usage(at(12), at(20)).energy_kwh["Filler"] == 2.5
    # From its first reading on, and 3.6 MJ are a kilowatt-hour.
    assert math.isclose(bench.session.usage(at(0), at(20)).energy_kwh["Capper"], 1.0)
    assert math.isnan(bench.session.usage(at(0), at(30)).energy_kwh["Filler"])  # the meter began anew: nobody knows


@pytest.fixture(scope="module")
def two_hours() -> Bench:
    """Noon to two: the filler takes 6 kWh an hour, the capper 5; the next order begins there at one, here ten minutes later."""
    factor = EnergyFactor(kg_co2e_per_kwh=0.5, source="made up", region="", year=2026)
    bench = Bench(replace(METERED, energy=factor), live=False)
    for second, order in ((0, "A"), (3600, "B"), (7200, "B")):
        bench.source.say(second, State="Execute", Order=order)
    for second, energy in ((0, 0.0), (3000, 3.0), (4200, 9.0), (7200, 12.0)):
        bench.source.say(second, Energy=energy)
    for second, meter, count, order in ((0, 0.0, 0, "A"), (4200, 21.0, 100, "B"), (7200, 36.0, 160, "B")):
        bench.source.say(second, "Capper", State="Execute", Meter=meter, Processed=count, Defective=0, Order=order)
    bench.session.fold()
    return bench


def test_that_energy_between_two_readings_is_cut_where_the_hour_ends_so_that_parts_add_up(two_hours: Bench) -> None:
    parts = two_hours.session.parts(None, By.HOUR, at(0), at(7200), energy=True)
    used = [part.detail.energy.kwh for part in parts if part.detail.energy]
    assert used == pytest.approx([6 + 5, 6 + 5])
    whole = two_hours.session.detail(None, at(0), at(7200)).energy
    assert whole is not None
    assert sum(used) == pytest.approx(whole.kwh)


def test_that_an_order_takes_what_each_machine_took_while_it_worked_on_it(two_hours: Bench) -> None:
    first, second = two_hours.session.parts(None, By.ORDER, at(0), at(7200), energy=True)
    a, b = first.detail.energy, second.detail.energy
    assert a is not None
    assert b is not None
    assert (first.name, second.name) == ("A", "B")
    assert (a.kwh, b.kwh) == pytest.approx((6 + 10 * 4200 / 7200, 6 + 10 * 3000 / 7200))
    assert a.coverage == 1.0
    assert a.kwh_per_good == pytest.approx((6 + 10 * 4200 / 7200) / 100)
    assert a.kg_co2e_per_good == pytest.approx((6 + 10 * 4200 / 7200) / 100 * 0.5)
    assert a.kwh_per_good_by_category == pytest.approx({Category.PRODUCTION: a.kwh_per_good})


def test_that_a_good_piece_of_an_order_is_one_that_was_made_of_it_and_not_one_begun_before() -> None:
    # As in docs/orders.md: of A 900 are made, 10 + 20 thrown out, and 1170 leave under its name; of B 950, 5 + 15, and 745.
    filler, capper = METERED.units
    bench = Bench(replace(METERED, units=(replace(filler, feeds=(Feed(to="Capper"),)), capper)), live=False)
    for second, order, made, bad, energy in ((0, "A", 0, 0, 0.0), (1000, "B", 900, 10, 8.7), (2000, "B", 1850, 15, 18.0)):
        bench.source.say(second, State="Execute", Order=order, Processed=made, Defective=bad, Energy=energy)
    for second, order, made, bad in ((0, "A", 0, 0), (1000, "B", 1190, 20), (2000, "B", 1950, 35)):
        bench.source.say(second, "Capper", State="Execute", Order=order, Processed=made, Defective=bad, Meter=0.0)
    bench.session.fold()
    parts = bench.session.parts(None, By.ORDER, at(0), at(2000), energy=True)
    assert [(part.name, part.kpi.good, part.made_good) for part in parts] == [("A", 1170, 870), ("B", 745, 930)]
    assert [part.detail.energy.kwh_per_good for part in parts if part.detail.energy] == pytest.approx([8.7 / 870, 9.3 / 930])


def test_that_a_machines_own_parts_are_told_too_and_without_being_asked_for_nothing_is_read(two_hours: Bench) -> None:
    parts = two_hours.session.parts("Filler", By.ORDER, at(0), at(7200), energy=True)
    assert [part.detail.energy.kwh for part in parts if part.detail.energy] == pytest.approx([6, 6])
    assert [part.detail.energy for part in two_hours.session.parts("Filler", By.ORDER, at(0), at(7200))] == [None, None]
