"""Samples in any order and any batches against a twin that does one second after the other by the rules of DOMAIN."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass
from datetime import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin_app.model.equipment import Break, Shift
from twin_app.model.packml import CATEGORIES, State
from twin_app.model.samples import Quality
from twin_app.model.signal import BLOCKED, CHANGEOVER, ORDER, STARVED

MIDNIGHT_NS = 1_767_225_600 * 10**9
END = 40
MINOR_S = 6
SIEVED = 0.8
"""Share of stories that are told to a plant which leaves out what repeats."""
SHIFT = Shift(
    name="S", start=time(0, 0, 4), end=time(0, 0, 34), days=tuple(range(7)),
    breaks=(Break(name="B", start=time(0, 0, 18), end=time(0, 0, 22)),),
)  # fmt: skip
WORDS = ("Execute", "Held", "Suspended", "Starting", "Aborted", "Idle", "Out to lunch")
COST = {
    "Held": "internal_stop", "Starting": "transition", "Aborted": "failure", "Idle": "waiting", "Out to lunch": "blind", None: "blind",
}  # fmt: skip
STOPS = {"internal_stop", "transition", "failure", "waiting", "setup"}


@dataclass(frozen=True)
class Said:
    """One sample, in seconds; `nth` is its message."""

    second: int
    nth: int
    name: str
    value: str | float
    retained: bool = False


def some(most: int, name: st.SearchStrategy[str], value: st.SearchStrategy[Any], least: int = 0) -> st.SearchStrategy[list[Any]]:
    """Return a strategy of at least `least` and at most `most` things to say, each with its second."""
    retained = st.sampled_from([False] * 7 + [True])
    return st.lists(st.tuples(st.integers(0, END), name, value, retained), min_size=least, max_size=most)


def numbered(said: tuple[list[Any], ...], rng: random.Random) -> list[Said]:
    """Return a story whose messages are numbered in any order, however early or late they are about."""
    story = list(itertools.chain.from_iterable(said))
    rng.shuffle(story)
    return [Said(second, nth, name, value, retained) for nth, (second, name, value, retained) in enumerate(story)]


STORIES = st.builds(
    numbered,
    st.tuples(
        some(14, st.just("State"), st.sampled_from(["Execute", "Execute", *WORDS]), least=5),
        some(2, st.just("Mode"), st.sampled_from(["Production", "Maintenance", "Cleaning"])),
        some(4, st.just("Connected"), st.sampled_from([0.0, 1.0])),
        some(3, st.sampled_from([STARVED, BLOCKED]), st.sampled_from([0.0, 1.0])),
        some(2, st.just(CHANGEOVER), st.sampled_from([0.0, 1.0])),
        some(2, st.just(ORDER), st.sampled_from(["PO-1", "No order"])),
    ),
    st.randoms(use_true_random=False),
)


class SlowTwin:
    """The rules, one second at a time, from the whole story each time."""

    def __init__(self, story: list[Said], *, shifts: bool) -> None:
        self.story = sorted((s for s in story if not s.retained), key=lambda s: (s.second, s.nth))
        self.seconds = range(-2, END + 12)
        self.shifts = shifts
        self.state = {t: self._state(t) for t in self.seconds}
        self.own = {t: self._own(t) for t in self.seconds}

    def _last(self, name: str, t: int) -> Said | None:
        return next((s for s in reversed(self.story) if s.name == name and s.second <= t), None)

    def _state(self, t: int) -> str | None:
        said, valid_from, up = self._last("State", t), -100, True
        for link in (s for s in self.story if s.name == "Connected" and s.second <= t):
            if link.value and not up:
                valid_from = link.second
            up = bool(link.value)
        return str(said.value) if said and up and said.second >= valid_from else None

    def _own(self, t: int) -> str:
        if self.shifts and not (4 <= t < 18 or 22 <= t < 34):
            return "planned"
        own, changing, order = self._of_state(t), self._last(CHANGEOVER, t), self._last(ORDER, t)
        if changing and changing.value:
            return "setup" if self.state[t] == "Out to lunch" or own not in {"failure", "blind"} else own
        if order and order.value == "No order":
            return own if own in {"production", "blind"} else "no_order"
        return own

    def _of_state(self, t: int) -> str:
        state, mode = self.state[t], self._last("Mode", t)
        word = mode.value if mode else "Production"
        if word == "Maintenance" and COST.get(state) not in {"failure", "blind"}:
            return "internal_stop"
        if state == "Execute":
            return "production" if word == "Production" else "internal_stop"
        return self._external(t) if state == "Suspended" else COST[state]

    def _external(self, t: int) -> str:
        starved, blocked = (bool(s and s.value) for s in (self._last(STARVED, t), self._last(BLOCKED, t)))
        return "external" if starved == blocked else "starved" if starved else "blocked"

    def settled(self, known_to: int) -> dict[int, str]:
        """Return each second's category as known at an instant."""
        found = dict(self.own)
        for is_stop, span in itertools.groupby(self.seconds, key=lambda t: self.own[t] in STOPS):
            stop = list(span)
            before, after = stop[0] - 1, stop[-1] + 1
            known = all(self.state.get(t) not in {None, "Out to lunch"} for t in (before, after))
            if is_stop and known and after <= known_to and len(stop) < MINOR_S:
                found |= {t: "minor_stop" for t in stop if self.own[t] != "setup"}
        return found


def tell(bench: Any, story: list[Said]) -> None:
    for said in story:
        unit, quality = ("@plc" if said.name == "Connected" else "Filler"), Quality.UNCERTAIN if said.retained else Quality.GOOD
        bench.say(said.second, said.name, said.value, unit=unit, quality=quality, message=said.nth)
    bench.fold()


def ns(second: int) -> int:
    return MIDNIGHT_NS + second * 10**9


def told_in_pieces(make_bench: Any, story: list[Said], rng: random.Random, *, shifts: bool) -> Any:
    bench = make_bench(minor_stop_s=float(MINOR_S), shifts=(SHIFT,) if shifts else (), remembers=rng.random() < SIEVED)
    left = list(story)
    rng.shuffle(left)
    while left:
        size = rng.randint(1, 6)
        tell(bench, left[:size])
        left = left[size:]
        if rng.random() < 0.3:
            bench.plant.ledger("Filler", ns(rng.randint(-2, 10)), ns(rng.randint(10, END)))  # a question changes nothing
    return bench


@pytest.mark.parametrize("shifts", [False, True], ids=["always busy", "shifts"])
@settings(max_examples=120)
@given(story=STORIES, rng=st.randoms(use_true_random=False))
def test_that_the_twin_tells_the_same_story_however_it_arrives(
    make_bench: Any, story: list[Said], rng: random.Random, shifts: bool
) -> None:
    bench = told_in_pieces(make_bench, story, rng, shifts=shifts)
    slow = SlowTwin(story, shifts=shifts)
    for _ in range(8):
        start, end = sorted((rng.randint(-2, END + 10), rng.randint(-2, END + 10)))
        known_to = rng.choice([end, rng.randint(end, END + 10), rng.randint(-2, END + 10)])
        ledger = bench.plant.ledger("Filler", ns(start), ns(end), known_to_ns=ns(known_to))
        settled = slow.settled(known_to)
        window = range(start, end)
        for category in CATEGORIES:
            expected = sum(settled[t] == category for t in window)
            assert ledger.category_ns[category] == expected * 10**9, category
        assert ledger.blind_ns == sum(slow.state[t] is None for t in window) * 10**9
        assert ledger.state_ns.get(State.EXECUTE, 0) == sum(slow.state[t] == "Execute" for t in window) * 10**9
        assert ledger.state_ns.get(State.UNDEFINED, 0) == sum(slow.state[t] == "Out to lunch" for t in window) * 10**9


@settings(max_examples=80)
@given(story=STORIES, rng=st.randoms(use_true_random=False))
def test_that_every_second_shows_the_state_in_force(make_bench: Any, story: list[Said], rng: random.Random) -> None:
    bench = told_in_pieces(make_bench, story, rng, shifts=False)
    slow = SlowTwin(story, shifts=False)
    changes = {t for t in range(-1, END + 10) if slow.state[t] != slow.state[t - 1]}
    assert {int(t - MIDNIGHT_NS) // 10**9 for t in bench.plant.events("Filler", ns(-1), ns(END + 9))} == changes
    for t in range(-1, END + 10):
        now = bench.plant.now("Filler", ns(t))
        word = slow.state[t]
        assert now.state == (None if word is None else State[word.upper()] if word in WORDS[:-1] else State.UNDEFINED)
        assert now.category == slow.own[t]
        if changed := [c for c in changes if c <= t]:
            assert now.since_ns == ns(max(changed))


@settings(max_examples=80)
@given(story=STORIES, rng=st.randoms(use_true_random=False))
def test_that_rows_told_late_are_the_rows_told_in_time_bit_for_bit(make_bench: Any, story: list[Said], rng: random.Random) -> None:
    late = told_in_pieces(make_bench, story, rng, shifts=False).plant._units["Filler"].timeline.rows
    punctual = make_bench(minor_stop_s=float(MINOR_S), remembers=False)
    tell(punctual, sorted(story, key=lambda s: (s.second, s.nth)))
    rows = punctual.plant._units["Filler"].timeline.rows
    for name in ("start", "state", "mode", "own", "settled", "since"):
        assert getattr(late, name).tolist() == getattr(rows, name).tolist(), name
    assert late._sums.view.tolist() == rows._sums.view.tolist()
    assert late._first.view.tolist() == rows._first.view.tolist()
