"""Levels of buffers: by hand, and against what the simulator's stops did to the neighbours."""

import gzip
import json
from collections import defaultdict
from math import isnan, nan
from pathlib import Path
from typing import Any

import pytest

from tests.kpi.conftest import Shop, at
from twin_app.analyse.buffers import Levels, groups
from twin_app.model.buffer import Basis, BufferNow
from twin_app.model.equipment import Feed, Unit
from twin_app.service.opening import open_line, read_through

ROOT = Path(__file__).resolve().parents[2]
SECOND_NS = 10**9


def shop_of(feeds: dict[str, tuple[Feed, ...]], cycle_s: float = 1.0) -> Shop:
    """Return a shop whose units feed each other through these buffers."""
    units = tuple(Unit(id=n, title=n, type="filler", source="plc", feeds=feeds[n]) for n in feeds)
    return Shop(dict.fromkeys(feeds, cycle_s), units=units)


def pair() -> Shop:
    """Return a unit that feeds another through a buffer of 60."""
    return shop_of({"A": (Feed(to="B", buffer_capacity=60),), "B": ()})


def levels(made: Shop, second: float, measured: dict[tuple[str, str], float] | None = None) -> tuple[BufferNow, ...]:
    """Return the buffers at a second."""
    made.figures(0, second)
    units = {unit.id: made.plant.now(unit.id, at(second)) for unit in made.line.units}
    return Levels(made.line, made.plant).now(at(second), units, measured or {})


def starved_then_filled(made: Shop) -> None:
    """Let both stand until 100 s, B starved; then A gives two a second and B takes one."""
    made.states("A", {0: "Held", 100: "Execute"})
    made.states("B", {0: "Suspended", 100: "Execute"})
    made.say(0, "B", "Starved", 1.0)
    made.say(100, "B", "Starved", 0.0)
    made.counts("A", {0: 0.0, 100: 0.0, 120: 40.0, 140: 80.0})
    made.counts("B", {0: 0.0, 100: 0.0, 120: 20.0, 140: 40.0})


def test_that_a_buffer_is_counted_on_from_the_wait_that_showed_it_empty() -> None:
    made = pair()
    starved_then_filled(made)
    (buffer,) = levels(made, 140)
    assert (buffer.unit, buffer.to, buffer.basis) == ("A", "B", Basis.ESTIMATED)
    assert buffer.level == pytest.approx(40)
    assert buffer.share == pytest.approx(2 / 3)


def test_that_what_was_made_since_the_newest_reading_is_reckoned_from_the_pace() -> None:
    made = pair()
    starved_then_filled(made)
    (buffer,) = levels(made, 150)
    # five sixths of the pace were seen: 80 and 40 pieces in the 50 s of production up to now
    assert buffer.level == pytest.approx(40 + (80 - 40) / 50 * 10)


def test_that_a_stop_behind_a_buffer_says_when_it_will_be_full() -> None:
    made = pair()
    starved_then_filled(made)
    made.states("B", {140: "Aborted"})
    (buffer,) = levels(made, 141)
    assert buffer.level == pytest.approx(40 + 80 / 41)
    assert buffer.full_in_s == pytest.approx((60 - buffer.level) / (80 / 41))
    assert isnan(buffer.empty_in_s)


def test_that_a_stop_before_a_buffer_says_when_it_will_be_empty() -> None:
    made = pair()
    starved_then_filled(made)
    made.states("A", {140: "Held"})
    (buffer,) = levels(made, 141)
    assert isnan(buffer.full_in_s)
    assert buffer.empty_in_s == pytest.approx(buffer.level / (40 / 41), rel=0.01)


def test_that_a_level_the_plant_says_is_believed_before_any_count() -> None:
    made = pair()
    starved_then_filled(made)
    (buffer,) = levels(made, 140, {("A", "B"): 33.0})
    assert (buffer.level, buffer.basis) == (33.0, Basis.MEASURED)


def test_that_a_buffer_of_which_nothing_was_ever_certain_is_unknown() -> None:
    made = pair()
    made.states("A", {0: "Execute"})
    made.states("B", {0: "Execute"})
    made.counts("A", {0: 0.0, 100: 100.0})
    (buffer,) = levels(made, 100)
    assert buffer.basis is Basis.UNKNOWN
    assert isnan(buffer.level)
    assert isnan(buffer.full_in_s)


def test_that_a_silent_neighbour_leaves_the_time_unknown() -> None:
    made = pair()
    starved_then_filled(made)
    made.say(140, "B", "State", "Undefined")
    (buffer,) = levels(made, 141)
    assert isnan(buffer.full_in_s)
    assert isnan(buffer.empty_in_s)


def test_that_buffers_where_the_flow_parts_are_told_together() -> None:
    made = shop_of({
        "In": (Feed(to="L1", buffer_capacity=30), Feed(to="L2", buffer_capacity=10)),
        "L1": (Feed(to="Out", buffer_capacity=20),), "L2": (Feed(to="Out"),), "Out": (),
    })  # fmt: skip
    first, second = groups(made.line)
    assert (first.sources, first.targets, first.capacity) == (("In",), ("L1", "L2"), 40)
    assert (second.sources, second.targets) == (("L1", "L2"), ("Out",))
    assert isnan(second.capacity)  # one's is not known


def test_that_times_to_full_and_empty_hold_in_nine_of_ten_stops_of_a_simulated_shift() -> None:
    # right: within 15 %, 10 s, or the time of one piece of the coarser neighbour (a depalletiser hands over layers of 60)
    shift = ROOT / "sample_streams" / "eventful_shift"
    with gzip.open(f"{shift}.truth.jsonl.gz", "rt", encoding="utf-8") as rows:
        truth = [json.loads(row) for row in rows]
    session = open_line(ROOT / "models3d" / "lines" / "bottling.toml", [f"{shift}.jsonl.gz"], record=False)
    read_through(session, None)
    judged = [right for stop in _stops(truth) for right in _judged(session, truth, stop)]
    session.close()
    assert len(judged) > 60
    assert sum(judged) >= 0.9 * len(judged)


def _stops(truth: list[dict[str, Any]]) -> list[tuple[int, int, str]]:
    """Return from when to when which machine stood by itself, ns from the start."""
    found, since = [], dict[str, tuple[int, str]]()
    for row in truth:
        unit = row.get("unit")
        if row.get("event") == "state" and unit:
            if row["state"] in {"Aborting", "Holding", "Stopping"}:
                since.setdefault(unit, (row["t_ns"], row["cause"]))
            elif row["state"] == "Execute" and unit in since:
                began, cause = since.pop(unit)
                found += [(began, row["t_ns"], unit)] if cause in {"failure", "micro_stop", "malfunction"} else []
    return found


def _judged(session: Any, truth: list[dict[str, Any]], stop: tuple[int, int, str]) -> list[bool]:
    """Return whether what was foretold 2 s into a stop came true for each neighbour that it did starve or block."""
    began, ended, name = stop
    asked = began + 2 * SECOND_NS
    waits = defaultdict[str, list[tuple[int, int]]](list)
    for row in truth:
        if row.get("event") == "interlock":
            waits[row["unit"]].append((row["t_ns"], row["value"]))
    at_ns = truth[0]["start_ns"] + asked
    units = {unit.id: session.unit_now(unit.id, at_ns) for unit in session.line.units}
    right = []
    for buffer in session._known.buffers(at_ns, units, session.latest(at_ns)) if ended > asked else ():
        alone = all(
            len(group.feeds) == 1 for group in groups(session.line) if (buffer.unit, buffer.to) in {(s, f.to) for s, f in group.feeds}
        )
        asks = ((buffer.to, buffer.unit, 2, buffer.full_in_s), (buffer.unit, buffer.to, 1, buffer.empty_in_s))
        for stopped, neighbour, side, foretold_s in asks:
            already = [value for t, value in waits[neighbour] if t <= asked][-1:] == [side]
            came = next((t for t, value in waits[neighbour] if asked < t < ended and value == side), None)
            if alone and stopped == name and came is not None and not already:
                true_s = (came - asked) / SECOND_NS
                pieces_s = [session.line.ideal_cycle_s(unit) or 0.0 for unit in (buffer.unit, buffer.to)]
                right.append(abs(foretold_s - true_s) <= max(10.0, 0.15 * true_s, *pieces_s))
    return right


def test_that_a_buffer_without_a_capacity_has_no_share() -> None:
    assert isnan(BufferNow(unit="A", to="B", capacity=nan, level=3.0).share)
