"""What a line can do beyond handing parts on: parallel units, inspection, crews, orders, shifts, stock, vehicles, cases, energy, heat."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.simulate.conftest import line_of, unit
from twin_app.model.equipment import Break, Shift
from twin_app.model.packml import Mode, State
from twin_app.simulate import LINE, Cause, Kind, Law, LawKind, Order, Scenario, Sensor, Simulation, Stock, UnitSpec, Vehicle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.simulate.conftest import Row
    from twin_app.simulate import Event

SECOND = 1_000_000_000
HOUR = 3600 * SECOND


def count(events: Sequence[Event], u: int, kind: int, cause: int | None = None) -> int:
    return sum(1 for _, event_unit, k, _, c in events if (event_unit, k) == (u, kind) and cause in (None, c))


def states(events: Sequence[Event], u: int) -> list[tuple[float, str]]:
    return [(t / SECOND, State(int(v)).title) for t, event_unit, k, v, _ in events if (event_unit, k) == (u, Kind.STATE)]


def test_that_two_parallel_machines_share_the_work_of_one_twice_as_fast() -> None:
    units = (unit("Feed", "A", "B", places=1), unit("A", "End"), unit("B", "End"), unit("End"))
    run = Simulation(line_of(units, {"Feed": 2.0, "A": 4.0, "B": 4.0, "End": 1.0}))
    run.run_until(400 * SECOND)
    # Feed hands over at 2, 4, 6 ...: A works from 2, B from 4, and neither waits again: 99 parts each, the last ended at 398 and 400.
    assert (run.made()["A"], run.made()["B"]) == (99, 99)


def test_that_scrap_leaves_the_line_where_it_is_made_in_its_share(in_a_row: Row) -> None:
    run = Simulation(in_a_row([1, 1], [5]), Scenario(units={"M1": UnitSpec(scrap=0.1)}))
    events = run.run_until(20_000 * SECOND)
    scrapped = count(events, 0, Kind.SCRAP, Cause.QUALITY)
    assert abs(scrapped - 2000) < 4 * math.sqrt(20_000 * 0.1 * 0.9)
    assert run.made()["M2"] + scrapped + run.inside() == count(events, 0, Kind.ENTER)


def inspected_line(**inspection: float) -> tuple[Simulation, list[Event]]:
    units = (unit("Make", "Check"), unit("Check", "Pack", "Mend", places=50), unit("Mend", "Check", places=50), unit("Pack"))
    spec = {
        "Make": UnitSpec(defect=0.2),
        "Check": UnitSpec(detects=inspection["detects"], false_reject=inspection["false_reject"], rework_to="Mend", rework_share=0.5),
        "Mend": UnitSpec(repairs=0.9),
    }
    run = Simulation(line_of(units, {"Make": 2.0, "Check": 1.0, "Mend": 1.0, "Pack": 1.0}), Scenario(units=spec))
    return run, run.run_until(16_000 * SECOND)


def test_that_an_inspection_that_finds_all_lets_nothing_bad_leave_and_reworks_half() -> None:
    # Of 8,000 parts 20 % are bad, half of them can be reworked, 90 % of these become good.
    _, events = inspected_line(detects=1.0, false_reject=0.0)
    reworked, thrown = count(events, 1, Kind.REWORK), count(events, 1, Kind.SCRAP)
    assert count(events, 3, Kind.LEAVE, Cause.ESCAPED) == 0
    assert abs(reworked - 800) < 4 * math.sqrt(8000 * 0.1 * 0.9)
    assert abs(thrown - (800 + 80)) < 4 * math.sqrt(8000 * 0.11 * 0.89)


def test_that_an_inspection_errs_in_both_directions_as_often_as_it_is_said_to() -> None:
    _, events = inspected_line(detects=0.9, false_reject=0.05)
    good = 8000 * 0.8
    falsely = count(events, 1, Kind.SCRAP, Cause.FALSE_REJECT) + count(events, 1, Kind.REWORK, Cause.FALSE_REJECT)
    # Good parts, and those mended, each rejected once in twenty.
    mended = count(events, 2, Kind.PART) * 0.95
    assert abs(falsely - 0.05 * (good + mended)) < 4 * math.sqrt(good * 0.05)
    assert 0.016 * 8000 < count(events, 3, Kind.LEAVE, Cause.ESCAPED) < 0.03 * 8000


def test_that_a_part_for_a_rework_station_without_room_is_thrown_out_and_nobody_is_stuck() -> None:
    units = (unit("Make", "Check"), unit("Check", "Pack", "Mend", places=1), unit("Mend", "Check", places=1), unit("Pack"))
    spec = {"Make": UnitSpec(defect=0.6), "Check": UnitSpec(detects=1.0, rework_to="Mend"), "Mend": UnitSpec(repairs=1.0)}
    run = Simulation(line_of(units, {"Make": 1.0, "Check": 0.5, "Mend": 30.0, "Pack": 0.5}), Scenario(units=spec))
    events = run.run_until(2 * HOUR)
    assert count(events, 1, Kind.LEAVE, Cause.TOO_MUCH) > 1000
    assert run.made()["Pack"] > 2500


def test_that_one_fitter_mends_two_machines_one_after_the_other(in_a_row: Row) -> None:
    # M1 fails after 10 s of work, M2, which begins a second later, after 8: M2 is mended from 9 to 14, M1 waits from 10 and is by 19.
    spec = UnitSpec(mttf_s=10.0, failure=Law(), mttr_s=5.0, repair=Law(), repair_crew="fitters")
    scenario = Scenario(units={"M1": spec, "M2": replace(spec, mttf_s=8.0)}, crews={"fitters": 1})
    events = Simulation(in_a_row([1, 1], [100]), scenario).run_until(20 * SECOND)
    assert [(t, s) for t, s in states(events, 0) if s in ("Aborted", "Clearing")] == [(10.0, "Aborted"), (19.0, "Clearing")]
    assert [(t, s) for t, s in states(events, 1) if s in ("Aborted", "Clearing")] == [(9.0, "Aborted"), (14.0, "Clearing")]
    assert [(t // SECOND, v) for t, u, k, v, _ in events if (u, k) == (0, Kind.CREW)] == [(10, 1), (14, 0)]


def test_that_a_micro_stop_holds_the_machine_and_the_cycle_goes_on_where_it_was(in_a_row: Row) -> None:
    spec = UnitSpec(micro_stop_every_s=5.0, micro_stop=Law(mean_s=2.0), acting_s={"Holding": 0.5, "Unholding": 1.0})
    run = Simulation(in_a_row([10.0], []), Scenario(units={"M1": spec}), seed=1)
    events = run.run_until(2000 * SECOND)
    stops = count(events, 0, Kind.STATE, Cause.MICRO_STOP) // 4
    spent = run.spent_ns()["M1"]
    assert abs(stops - spent["run"] / SECOND / 5) < 4 * math.sqrt(stops)
    assert abs(spent["held"] - stops * 3.5 * SECOND) <= 3.5 * SECOND
    assert run.made()["M1"] == spent["run"] // (10 * SECOND)


def test_that_a_changeover_comes_with_each_new_product_and_is_told_as_a_mode(in_a_row: Row) -> None:
    line = in_a_row([2, 2], [5])
    other = replace(line.products[0], id="pan", ideal_cycle_s={"M1": 3.0, "M2": 2.0})
    line = replace(line, products=(*line.products, other))
    spec = UnitSpec(setup_s=30.0, setups={"pan > lid": 10.0})
    orders = (Order(product="lid", quantity=3), Order(product="pan", quantity=2))
    run = Simulation(line, Scenario(units={"M1": spec}, orders=orders))
    events = run.run_until(80 * SECOND)
    # lid 2, 4, 6; set up to 36; pan 39, 42; set up to 52; lid 54, 56, 58.
    assert [t // SECOND for t, u, k, _, _ in events if (u, k) == (0, Kind.PART)][:8] == [2, 4, 6, 39, 42, 54, 56, 58]
    modes = [(t // SECOND, v) for t, u, k, v, c in events if (u, k, c) == (0, Kind.MODE, Cause.CHANGEOVER)]
    assert modes[:4] == [(6, Mode.USER_DEFINED), (36, Mode.PRODUCTION), (42, Mode.USER_DEFINED), (52, Mode.PRODUCTION)]
    assert run.spent_ns()["M1"]["setup"] == (30 + 10 + 22) * SECOND  # the third, from 58, is not over at 80


def test_that_a_line_without_a_further_order_completes(in_a_row: Row) -> None:
    orders = (Order(product="lid", quantity=2),)
    run = Simulation(in_a_row([2, 2], [5]), Scenario(orders=orders, repeat_orders=False))
    events = run.run_until(100 * SECOND)
    assert states(events, 0)[-2:] == [(4.0, "Completing"), (4.0, "Complete")]
    assert run.made() == {"M1": 2, "M2": 2}
    assert run.spent_ns()["M1"]["off"] == 96 * SECOND


def test_that_the_line_stands_outside_its_shifts_and_ends_the_cycle_begun(in_a_row: Row) -> None:
    shift = Shift(
        name="Early",
        start=dt.time(6),
        end=dt.time(14),
        days=(0, 1, 2, 3, 4),
        breaks=(Break(name="Tea", start=dt.time(9), end=dt.time(9, 30)),),
    )
    line = replace(in_a_row([7.0], []), shifts=(shift,))
    midnight_ns = 1_767_225_600 * SECOND  # Thursday, 2026-01-01
    run = Simulation(line, Scenario(), start_ns=midnight_ns)
    events = run.run_until(48 * HOUR)
    borders = [(t / HOUR, v) for t, u, k, v, _ in events if (u, k) == (LINE, Kind.SHIFT)]
    day = [(6.0, 1), (9.0, 0), (9.5, 1), (14.0, 0)]
    assert borders == [(0.0, 0), *day, *((t + 24, v) for t, v in day)]
    # From 6:00 to 9:00 are 10,800 s: 1542 parts and one that is ended 1 s after the bell; then 16,200 s: 2314 and one more.
    assert run.made()["M1"] == 2 * (1543 + 2315)
    assert states(events, 0)[:5] == [
        (0.0, "Stopped"),
        (6 * 3600, "Resetting"),
        (6 * 3600, "Idle"),
        (6 * 3600, "Starting"),
        (6 * 3600, "Execute"),
    ]


def test_that_raw_material_is_ordered_anew_and_waited_for(in_a_row: Row) -> None:
    # 10 there, the sixth taken at 5 leaves 4 and orders, 10 more 20 s later: parts at 1 .. 10, then from 26 on.
    stock = Stock(at_start=10, reorder_at=4, quantity=10, lead=Law(mean_s=20.0))
    run = Simulation(in_a_row([1.0], []), Scenario(units={"M1": UnitSpec(stock=stock)}))
    events = run.run_until(29 * SECOND)
    assert [t // SECOND for t, _, k, _, _ in events if k == Kind.PART] == [*range(1, 11), 26, 27, 28, 29]
    assert [(t // SECOND, v) for t, _, k, v, c in events if (k, c) == (Kind.STOCK, Cause.DELIVERY)] == [(25, 10)]


def test_that_a_full_store_blocks_the_line_until_it_ships(in_a_row: Row) -> None:
    stock = Stock(capacity=5, quantity=4, lead=Law(mean_s=60.0))
    run = Simulation(in_a_row([1.0, 10.0], [1]), Scenario(units={"M2": UnitSpec(stock=stock)}))
    events = run.run_until(119 * SECOND)
    # M2 ends a part at 11, 21, ... 51, and the store is full; at 60 four are shipped; 61 .. 91, and 101 stays within.
    assert [t // SECOND for t, _, k, _, _ in events if k == Kind.LEAVE] == [11, 21, 31, 41, 51, 61, 71, 81, 91]
    assert states(events, 1)[-1] == (101.0, "Suspended")


def test_that_cases_of_four_are_packed_and_unpacked_again() -> None:
    cases = (unit("Pack", "Open", places=8, base_units=4.0), unit("Open", "Use", places=8, base_units=4.0))
    units = (unit("Fill", "Pack", places=8), *cases, unit("Use"))
    run = Simulation(line_of(units, {"Fill": 1.0, "Pack": 2.0, "Open": 1.0, "Use": 0.5}))
    events = run.run_until(100 * SECOND)
    # Four bottles at 4, 8, 12 ...: a case each at 6, 10, ..., opened a second later, each bottle used in half a second.
    assert [t / SECOND for t, u, k, _, _ in events if (u, k) == (1, Kind.PART)][:3] == [6, 10, 14]
    assert [t / SECOND for t, u, k, _, _ in events if (u, k) == (3, Kind.PART)][:5] == [7.5, 8.0, 8.5, 9.0, 11.5]


def test_that_a_vehicle_fetches_drives_and_charges_in_the_time_a_person_works_out() -> None:
    # 10 m at 1 m/s and 2 s to handle: 12 s a leg. The cart stands at x = 0 beside Make.
    units = (unit("Make", "Cart", places=5), unit("Cart", "Use", places=5), unit("Use", x_m=10.0))
    vehicle = Vehicle(load=2, speed_m_s=1.0, handling_s=2.0, range_s=40.0, charge_below=0.5, charge_s=80.0)
    run = Simulation(line_of(units, {"Make": 5.0, "Use": 1.0}), Scenario(units={"Cart": UnitSpec(vehicle=vehicle)}))
    events = run.run_until(100 * SECOND)
    # Part at 5; 2 s to load (0 m): at 7 one part aboard; 12 s: at 19. 14 s of 40 are gone. Two wait: 12 s back, at 31; there 43.
    # 38 s gone, 2 left: below half. Home 10 s, and 80 * 38/40 = 76 s to charge: back in Execute at 43 + 86 = 129.
    assert [(t / SECOND, v, c) for t, u, k, v, c in events if (u, k) == (1, Kind.TRIP)] == [
        (5, 0, 1),
        (7, 2, 0),
        (19, 0, 2),
        (31, 2, 0),
        (43, 1, 2),
    ]
    assert [t / SECOND for t, u, k, _, _ in events if (u, k) == (1, Kind.PART)] == [19, 43, 43]
    assert states(events, 1)[-1] == (43.0, "Held")
    assert states(run.run_until(130 * SECOND), 1)[-2:] == [(129.0, "Unholding"), (129.0, "Execute")]


def test_that_a_pool_of_vehicles_brings_what_one_cannot() -> None:
    def brought(carts: int) -> int:
        names = [f"Cart{i}" for i in range(carts)]
        units = (unit("Make", *names, places=4), *(unit(name, "Use", places=4) for name in names), unit("Use", x_m=50.0))
        spec = dict.fromkeys(names, UnitSpec(vehicle=Vehicle(speed_m_s=1.0, handling_s=5.0, range_s=1e6)))
        run = Simulation(line_of(units, {"Make": 20.0, "Use": 1.0}), Scenario(units=spec))
        run.run_until(2 * HOUR)
        return run.made()["Use"]

    # A round trip takes 110 s, a part 20 s: one cart brings a part in 110 s, two in 55; six carry all that is made.
    assert brought(1) == 7200 // 110
    assert brought(2) in (2 * (7200 // 110), 2 * (7200 // 110) - 1, 2 * (7200 // 110) + 1)
    assert brought(6) >= 7200 // 20 - 8


def test_that_a_vehicle_of_two_routes_brings_each_part_where_it_belongs() -> None:
    units = (unit("A", "Cart"), unit("B", "Cart"), unit("Cart", "ForA", "ForB"), unit("ForA"), unit("ForB"))
    spec = UnitSpec(vehicle=Vehicle(handling_s=1.0, range_s=1e6, routes={"A": "ForA", "B": "ForB"}))
    run = Simulation(line_of(units, {"A": 10.0, "B": 15.0, "ForA": 1.0, "ForB": 1.0}), Scenario(units={"Cart": spec}))
    run.run_until(3000 * SECOND)
    assert abs(run.made()["ForA"] - 300) <= 3
    assert abs(run.made()["ForB"] - 200) <= 3


def test_that_energy_is_power_by_state_times_time(in_a_row: Row) -> None:
    # M2 works 1 s of 4: an hour at 8 kW and 2 kW is 3/4 of 2 kWh and 1/4 of 8 kWh; Suspended after no time at all.
    spec = UnitSpec(running_kw=8.0, waiting_kw=2.0, sample_s=60.0)
    run = Simulation(in_a_row([4.0, 1.0], [5]), Scenario(units={"M2": spec}))
    events = run.run_until(HOUR)
    energy = [v for _, u, k, v, _ in events if (u, k) == (1, Kind.ENERGY)]
    assert energy[-1] == pytest.approx(3.5, abs=0.005)
    power = [v for _, u, k, v, _ in events if (u, k) == (1, Kind.POWER)]
    assert power[5:] == [3.5] * (len(power) - 5)


def test_that_heat_follows_work_with_its_lag(in_a_row: Row) -> None:
    # From rest at 20 towards 80 with 600 s: after 600 s of work 20 + 60 * (1 - 1/e).
    spec = UnitSpec(sensors=(Sensor(name="Heat", rest=20.0, running=80.0, settle_s=600.0),), sample_s=10.0)
    run = Simulation(in_a_row([1.0], []), Scenario(units={"M1": spec}))
    heat = {t // SECOND: v for t, _, k, v, _ in run.run_until(HOUR) if k == Kind.SAMPLE}
    assert heat[600] == pytest.approx(20 + 60 * (1 - math.exp(-1)), abs=0.002)
    assert heat[3600] == pytest.approx(80 - 60 * math.exp(-6), abs=0.002)


def test_that_the_speed_shown_is_that_of_the_cycle_under_way(in_a_row: Row) -> None:
    run = Simulation(in_a_row([4.0], []), Scenario(units={"M1": UnitSpec(sample_s=10.0)}))
    assert {v for t, _, k, v, _ in run.run_until(HOUR) if k == Kind.SPEED} == {15.0}


def test_that_cycle_times_follow_the_product(in_a_row: Row) -> None:
    line = in_a_row([2.0], [])
    line = replace(line, products=(*line.products, replace(line.products[0], id="pan", ideal_cycle_s={"M1": 9.0})))
    spec = UnitSpec(cycle={"pan": Law(kind=LawKind.UNIFORM, low_s=4.0, high_s=6.0)}, pace=0.5)
    orders = (Order(product="lid", quantity=100), Order(product="pan", quantity=100))
    run = Simulation(line, Scenario(units={"M1": spec}, orders=orders))
    ends = [t / SECOND for t, _, k, _, _ in run.run_until(899 * SECOND) if k == Kind.PART]
    assert ends[99] == 400.0  # 2 s at half the pace
    lasted = [b - a for a, b in itertools.pairwise(ends[99:195])]
    assert min(lasted) >= 4.0
    assert max(lasted) <= 6.0
    assert sum(lasted) / len(lasted) == pytest.approx(5.0, abs=4 * 0.577 / 10)


def test_that_a_line_may_begin_with_what_the_shift_before_has_left() -> None:
    # Six places before the packer of four and four before the store, half full: three parts and two cases; in its hands two of the three
    # that it may hold without working. So its first case is ready after 5 s for one more part, which lies there already.
    line = line_of((unit("Press", "Packer", places=6), unit("Packer", "Store", places=16, base_units=4.0), unit("Store", base_units=4.0)), {
        "Press": 60.0, "Packer": 5.0, "Store": 1.0,
    })  # fmt: skip
    run = Simulation(line, Scenario(initial_fill=0.5))
    events = run.run_until(5 * SECOND)
    assert count(events, 0, Kind.ENTER, Cause.START) == 3 + 2
    assert count(events, 1, Kind.ENTER, Cause.START) == 2
    assert [t // SECOND for t, u, k, _, _ in events if (u, k) == (1, Kind.PART)] == [5]
    assert run.waiting("Packer") == 0
    assert run.inside() == 3  # one in the press, the last of those that lay there in the packer's hands, the new case in the store's
