"""Derived signals heard in any order and any batches against a machine's log that is read one second after the other."""

from __future__ import annotations

import math
import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin_app.model.derive import Derive, Fault, FaultWord, StateRule
from twin_app.model.equipment import SignalSpec, Unit
from twin_app.model.samples import Kind
from twin_app.model.signal import SignalKind

MIDNIGHT_NS = 1_767_225_600 * 10**9
END = 40
RANGE = 100.0
SIEVED = 0.8
"""Share of stories that are told to a plant which leaves out what repeats."""
MACHINE = Unit(
    id="Filler", title="", type="machine", source="plc",
    signals=(SignalSpec(name="Parts", kind=SignalKind.COUNTER, rolls_over_at=RANGE),),
    derives=(
        Derive(name="Running", of="Word", bit=0), Derive(name="Jam", of="Word", bit=1, on_delay_s=3.0, off_delay_s=2.0),
        Derive(name="Hot", of="Temp", above=80.0, hysteresis=5.0), Derive(name="Standing", of="Parts", no_part_s=6.0),
        Derive(name="Both", all_of=("Running", "Hot"), none_of=("Jam",)), Derive(name="Edges", of="Running", count_edges=True),
        Derive(name="Fine", of="Word", bit=2, assume=1.0), Derive(name="Unsure", none_of=("Fine",)),
    ),
    state_rules=(
        StateRule(when="Jam", state="Aborted"), StateRule(when="Standing", state="Idle"), StateRule(when="Running", state="Execute"),
        StateRule(state="Stopped"),
    ),
    fault_words=(FaultWord(of="Word", file="f.csv", faults=(Fault(bit=1, text="Jam seen", priority=2), Fault(bit=2, text="Door", priority=1))),),
)  # fmt: skip
NAMES = ("Running", "Jam", "Hot", "Standing", "Both", "Edges", "Fine", "Unsure", "State", "ActiveFaults", "StopReason")

SAID = st.one_of(
    st.tuples(st.integers(0, END), st.just("Word"), st.sampled_from([0, 1, 1, 3, 2, 5, None])),
    st.tuples(st.integers(0, END), st.just("Temp"), st.sampled_from([70.0, 75.0, 77.0, 80.0, 81.0, 90.0, None])),
    st.tuples(st.integers(0, END), st.just("Parts"), st.sampled_from([3.0, 10.0, 11.0, 40.0, 90.0, 97.0])),
    st.tuples(st.integers(0, END), st.just("Connected"), st.sampled_from([0.0, 1.0])),
)
STORIES = st.lists(SAID, max_size=25)


class Log:
    """The rules of each signal, a second at a time. None is unknown."""

    def __init__(self, story: list[tuple[int, str, Any]]) -> None:
        self.story = sorted(enumerate(story), key=lambda pair: (pair[1][0], pair[0]))
        self.rows: list[dict[str, Any]] = []
        for t in range(END + 12):
            self.rows.append(self._row(t, self.rows[-1] if self.rows else {}))

    def _heard(self, name: str, t: int) -> Any:
        last = [(second, value) for _, (second, what, value) in self.story if what == name and second <= t]
        valid_from, up = -1, True
        for _, (second, what, value) in self.story:
            if what == "Connected" and second <= t:
                valid_from = second if value and not up else valid_from
                up = bool(value)
        return last[-1][1] if last and up and last[-1][0] >= valid_from else None

    def _row(self, t: int, before: dict[str, Any]) -> dict[str, Any]:
        word, temp, parts = (self._heard(name, t) for name in ("Word", "Temp", "Parts"))
        row: dict[str, Any] = {"Word": word, "Parts": parts}
        row["Running"] = None if word is None else word & 1
        row["Fine"] = None if word is None else word >> 2 & 1
        row["Unsure"] = 0 if word is None else 1 - row["Fine"]
        raw = None if word is None else word >> 1 & 1
        same = before.get("raw") == raw
        row |= {"raw": raw, "raw since": before.get("raw since", t) if same else t}
        lasted = t - row["raw since"]
        row["Jam"] = None if raw is None else raw if lasted >= (3 if raw else 2) else before.get("Jam")
        between = 75.0 < temp <= 80.0 if temp is not None else False
        row["Hot"] = None if temp is None else (before.get("Hot") or 0) if between else int(temp > 80.0)
        row |= self._standing(t, before, parts)
        row["Both"] = self._both(row)
        rose = row["Running"] == 1 and before.get("Running") == 0
        row["edges so far"] = before.get("edges so far", 0) + rose
        row["Edges"] = None if row["Running"] is None else row["edges so far"]
        row["ActiveFaults"] = None if word is None else (word >> 1 & 1) + (word >> 2 & 1)
        row["StopReason"] = None if word is None else "Door" if word & 4 else "Jam seen" if word & 2 else ""
        row["State"] = self._state(row)
        return row

    @staticmethod
    def _standing(t: int, before: dict[str, Any], parts: float | None) -> dict[str, Any]:
        was = before.get("Parts")
        if parts is None:
            return {"Standing": None, "part at": None, "seen": False}
        if was is None:
            return {"Standing": None, "part at": t, "seen": False}
        if parts > was or (parts < was and parts + RANGE - was <= RANGE / 10):
            return {"Standing": 0, "part at": t, "seen": True}
        stood = t - before["part at"] >= 6
        return {"Standing": 1 if stood else 0 if before["seen"] else None, "part at": before["part at"], "seen": before["seen"]}

    @staticmethod
    def _both(row: dict[str, Any]) -> int | None:
        parts = [row["Running"], row["Hot"], None if row["Jam"] is None else 1 - row["Jam"]]
        return 0 if 0 in parts else None if None in parts else 1

    @staticmethod
    def _state(row: dict[str, Any]) -> str | None:
        for when, state in (("Jam", "Aborted"), ("Standing", "Idle"), ("Running", "Execute")):
            if row[when] is None:
                return None
            if row[when]:
                return state
        return "Stopped"


def ns(second: int) -> int:
    return MIDNIGHT_NS + second * 10**9


def tell(bench: Any, story: list[tuple[int, tuple[int, str, Any]]]) -> None:
    for number, (second, name, value) in story:
        bench.say(second, name, value, unit="@plc" if name == "Connected" else "Filler", message=number)
    bench.fold()


def in_pieces(make_bench: Any, story: list[Any], rng: random.Random) -> Any:
    bench = make_bench(units=(MACHINE,), remembers=rng.random() < SIEVED)
    bench.signal("Parts")
    left = list(enumerate(story))
    rng.shuffle(left)
    while left:
        size = rng.randint(1, 5)
        tell(bench, left[:size])
        left = left[size:]
    return bench


def shown(bench: Any, name: str, t: int) -> Any:
    """Return a derived signal at an instant, None where it is unknown."""
    steps = bench.plant._units["Filler"].derived.signals[name]
    (value,) = steps.at(np.array([ns(t)])).tolist()
    return None if math.isnan(value) else bench.texts.text(int(value)) if steps.kind == Kind.TEXT else value


@settings(max_examples=80, deadline=None)
@given(story=STORIES, rng=st.randoms(use_true_random=False))
def test_that_every_second_shows_what_the_log_says_however_it_was_heard(make_bench: Any, story: list[Any], rng: random.Random) -> None:
    bench, log = in_pieces(make_bench, story, rng), Log(story)
    for t in range(END + 12):
        for name in NAMES:
            found = shown(bench, name, t)
            assert found == log.rows[t][name], (name, t)
        state = bench.plant.now("Filler", ns(t)).state
        assert (state.title if state else None) == log.rows[t]["State"], t


@settings(max_examples=60, deadline=None)
@given(story=STORIES, rng=st.randoms(use_true_random=False))
def test_that_what_was_heard_late_leaves_the_bits_of_what_was_heard_in_time(make_bench: Any, story: list[Any], rng: random.Random) -> None:
    late, punctual = in_pieces(make_bench, story, rng), make_bench(units=(MACHINE,))
    punctual.signal("Parts")
    tell(punctual, sorted(enumerate(story), key=lambda pair: (pair[1][0], pair[0])))
    for name in NAMES:
        one, other = (bench.plant.derived(bench.signals.find("Filler", name), ns(-9), ns(99)) for bench in (late, punctual))
        assert one.effective_ns.tobytes() == other.effective_ns.tobytes(), name
        assert (one.value.tobytes() == other.value.tobytes()) or one.kind.max(initial=0) == Kind.TEXT, name
    rows = [bench.plant._units["Filler"].timeline.rows for bench in (late, punctual)]
    for name in ("start", "state", "mode", "own", "settled", "since"):
        assert getattr(rows[0], name).tolist() == getattr(rows[1], name).tolist(), name
    assert rows[0]._sums.view.tolist() == rows[1]._sums.view.tolist()


@pytest.mark.parametrize(
    ("readings", "counted", "resets"),
    [
        ([65530, 4], 10, 0), ([65530, 65535, 0, 1], 7, 0), ([100, 0, 7], 7, 1), ([40_000, 0], 0, 1), ([65530, 4, 0, 3], 13, 1),
        ([0.5, 1.25, 65535.5, 0.25], 0.75 + 65534.25 + 0.75, 0),
    ],
)  # fmt: skip
def test_that_a_counter_of_known_range_goes_on_over_its_end_and_a_restart_counts_nothing(
    make_bench: Any, readings: list[float], counted: float, resets: int
) -> None:
    spec = SignalSpec(name="Processed", kind=SignalKind.COUNTER, rolls_over_at=65536.0)
    unit = Unit(id="Filler", title="", type="machine", source="plc", signals=(spec,))
    for order in (1, -1):
        bench = make_bench(units=(unit,))
        for second, value in list(enumerate(readings))[::order]:
            bench.say(second, "Processed", value, message=second)
            bench.fold()
        found = bench.plant.counters("Filler", ns(-5), ns(99))["Processed"]
        assert (found.total, found.resets) == (counted, resets)
        assert bench.plant.known_counts("Filler", ns(-5), ns(99), [])["Processed"] == counted


def test_that_a_window_which_begins_or_ends_within_a_run_counts_its_part_over_a_roll_over(make_bench: Any) -> None:
    spec = SignalSpec(name="Processed", kind=SignalKind.COUNTER, rolls_over_at=100.0)
    bench = make_bench(units=(Unit(id="Filler", title="", type="machine", source="plc", signals=(spec,)),))
    for second, value in enumerate([90, 96, 2, 8, 60, 99, 5]):
        bench.say(second, "Processed", value)
    bench.fold()
    totals = {(a, b): bench.plant.counters("Filler", ns(a), ns(b))["Processed"].total for a in range(7) for b in range(a, 7)}
    so_far = [90, 96, 102, 108, 160, 199, 205]
    assert totals == {(a, b): so_far[b] - so_far[a] for a, b in totals}
