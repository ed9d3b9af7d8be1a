"""Samples and actions in any order and any batches against a log that is kept one second after the other."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.alarms.conftest import Bench, at
from twin_app.alarms import journal
from twin_app.model.alarm import Why
from twin_app.model.alarm_rule import AlarmRule

if TYPE_CHECKING:
    from twin_app.model.samples import Samples

END = 40
RULES = (
    AlarmRule(signal="Jam", on_delay_s=2.0, off_delay_s=1.0, latching=True, suppressed_by="Clean", ack_signal="Ack"),
    AlarmRule(signal="Level", above=50.0, deadband=10.0),
)
JAM, LEVEL = "Filler/Jam", "Filler/Level.above"
HIDDEN = "GHI"

SAID = st.one_of(
    st.tuples(st.integers(0, END), st.just("Jam"), st.sampled_from([0.0, 1.0, 1.0, None])),
    st.tuples(st.integers(0, END), st.just("Level"), st.sampled_from([30.0, 40.0, 45.0, 50.0, 55.0, None])),
    st.tuples(st.integers(0, END), st.just("Clean"), st.sampled_from([0.0, 1.0])),
    st.tuples(st.integers(0, END), st.just("Ack"), st.sampled_from([0.0, 1.0])),
)
DONE = st.tuples(
    st.integers(0, END), st.sampled_from([JAM, LEVEL]),
    st.sampled_from([Why.ACKNOWLEDGE, Why.ACKNOWLEDGE, Why.RESET, Why.SHELVE, Why.UNSHELVE, Why.OUT_OF_SERVICE, Why.IN_SERVICE]),
    st.integers(1, 15), st.booleans(),
)  # fmt: skip


ACKNOWLEDGED = {"B": "C", "D": "A", "E": "F"}


class _Alarm:
    """One alarm, told what happens."""

    def __init__(self, *, latching: bool) -> None:
        self.state, self.latching = "A", latching
        self.active = self.clean = self.latched = self.once = False
        self.until = 0

    def out(self) -> None:
        self.state = "H" if self.clean else "B" if self.active else "E" if self.latching and self.latched else "A"

    def hide(self, state: str) -> None:
        self.latched = self.latched if self.state in HIDDEN else self.latching and self.state != "A"
        self.state = state

    def condition(self, *, active: bool) -> None:
        if active is self.active:
            return
        self.active, self.latched = active, self.latched or self.latching
        if self.state not in HIDDEN:
            returned = {"B": "E", "C": "F"} if self.latching else {"B": "D", "C": "A"}
            self.state = ("C" if self.state == "F" else "B") if active else returned[self.state]
        elif self.state == "G" and self.once and not active:
            self.out()

    def logic(self, event: str) -> None:
        if event == "ack":
            self.state = ACKNOWLEDGED.get(self.state, self.state)
            return
        self.clean = event == "clean"
        if self.clean and self.state not in HIDDEN:
            self.hide("H")
        elif not self.clean and self.state == "H":
            self.out()

    def expire(self, t: int) -> None:
        if self.state == "G" and self.until <= t:
            self.out()

    def do(self, what: Why, until: int, *, one_shot: bool) -> None:
        if what is Why.ACKNOWLEDGE:
            self.state = ACKNOWLEDGED.get(self.state, self.state)
        elif what is Why.RESET:
            self.state = "A" if self.state == "F" else self.state
        elif what is Why.SHELVE and self.state not in HIDDEN:
            self.hide("G")
            self.until, self.once = until, one_shot
        elif what is Why.OUT_OF_SERVICE:
            self.hide("I")
        elif (what, self.state) in {(Why.UNSHELVE, "G"), (Why.IN_SERVICE, "I")}:
            self.out()


class Log:
    """What two alarms do, by the second and by the letter."""

    def __init__(self, said: list[tuple[int, str, Any]], done: list[tuple[int, str, Why, int, bool]]) -> None:
        self.said = sorted(enumerate(said), key=lambda pair: (pair[1][0], pair[0]))
        self.done = done
        self.letters = {JAM: self._run(JAM, self._jam(), latching=True), LEVEL: self._run(LEVEL, self._level(), latching=False)}

    def _values(self, name: str, t: int) -> list[float]:
        """Return the known values of a signal up to a second, in order."""
        return [value for _, (second, what, value) in self.said if what == name and second <= t and value is not None]

    def _jam(self) -> list[bool]:
        """Return the condition by second: two seconds to come, one to go."""
        raw = [bool(values[-1]) if (values := self._values("Jam", t)) else False for t in range(END + 5)]
        out, now, since = [], False, 0
        for t, value in enumerate(raw):
            since = t if t and value is not raw[t - 1] else since if t else -99
            since = 0 if not t and value else since
            now = value if t - since >= (2 if value else 1) else now
            out.append(now)
        return out

    def _level(self) -> list[bool]:
        """Return the condition by second: above 50, until at 40 or below."""
        out = []
        for t in range(END + 5):
            now = False
            for value in self._values("Level", t):
                now = value > 50.0 or (now and value > 40.0)
            out.append(now)
        return out

    def _run(self, key: str, condition: list[bool], *, latching: bool) -> str:
        """Return the letters of a state by second."""
        now = _Alarm(latching=latching)
        letters = ""
        for t in range(END + 5):
            now.condition(active=condition[t])
            for event in self._events(key, t):
                now.logic(event)
            now.expire(t)
            for _, _, what, length, one_shot in (row for row in self.done if row[0] == t and row[1] == key):
                now.do(what, t + length, one_shot=one_shot)
            letters += now.state
        return letters

    def _events(self, key: str, t: int) -> list[str]:
        """Return what logic and machine do in a second, in order."""
        if key != JAM:
            return []
        before, now = self._values("Clean", t - 1), self._values("Clean", t)
        was, is_ = bool(before[-1]) if before else False, bool(now[-1]) if now else False
        events = ["clean" if is_ else "dirty"] if was is not is_ else []
        acks, was_ack = 0, self._values("Ack", t - 1)
        last = was_ack[-1] if was_ack else 0.0
        for value in self._values("Ack", t)[len(was_ack) :]:
            acks += int(value > 0.0 and last == 0.0)
            last = value
        return events + ["ack"] * acks


def letters(bench: Bench, key: str) -> str:
    """Return an alarm's letters by second."""
    rows = [row for row in bench.alarms.transitions(at(-5), at(END + 5)) if row.alarm.key == key]
    return "".join(next((row.after.letter for row in reversed(rows) if row.at_ns <= at(t)), "A") for t in range(END + 5))


@settings(max_examples=60, deadline=None)
@given(said=st.lists(SAID, max_size=25), done=st.lists(DONE, max_size=8), seed=st.integers(0, 9))
def test_that_alarms_are_the_same_however_late_and_in_whatever_order_all_was_heard(
    said: list[tuple[int, str, Any]], done: list[tuple[int, str, Why, int, bool]], seed: int
) -> None:
    expected = Log(said, done).letters
    whole, pieces = Bench(*RULES), Bench(*RULES)
    for bench in (whole, pieces):
        for name in ("Jam", "Level", "Clean", "Ack"):
            bench.say(-1, name, 0.0)
        for second, name, value in said:
            bench.say(second, name, value)
    whole.fold()
    for second, key, what, length, one_shot in done:
        whole.act(second, what, key, until=second + length, one_shot=one_shot)
    chance = random.Random(seed)
    play(pieces, pieces.take(), done, chance)
    assert {key: letters(whole, key) for key in expected} == expected
    assert {key: letters(pieces, key) for key in expected} == expected
    assert pieces.alarms.report(at(-5), at(END + 5)) == whole.alarms.report(at(-5), at(END + 5))
    assert pieces.alarms.at(at(END)) == whole.alarms.at(at(END))
    assert [now.state.letter for key in expected if (now := whole.now(END, key))] == [s[END] for s in expected.values() if s[END] != "A"]


def play(bench: Bench, samples: Samples, done: list[tuple[int, str, Why, int, bool]], chance: random.Random) -> None:
    """Hand over samples and actions in any order, one or a few at a time; actions keep their own order."""
    order = list(range(len(samples)))
    chance.shuffle(order)
    actions = list(done)
    while order or actions:
        if order and chance.random() < 0.7:
            few = [order.pop() for _ in range(min(len(order), chance.randint(1, 4)))]
            bench.fold(samples.take(np.array(few)))
        elif actions:
            second, key, what, length, one_shot = actions.pop(0)
            bench.act(second, what, key, until=second + length, one_shot=one_shot)
        elif order:
            bench.fold(samples.take(np.array([order.pop()])))


@given(said=st.lists(SAID, max_size=40), done=st.lists(DONE, max_size=6), looks=st.lists(st.integers(-1, END + 5), min_size=1, max_size=12))
@settings(max_examples=40)
def test_that_a_playhead_that_moves_to_and_fro_is_shown_what_who_comes_anew_is(
    said: list[tuple[int, str, float | None]], done: list[tuple[int, str, Why, int, bool]], looks: list[int]
) -> None:
    moving, looked = Bench(*RULES), len(said) // 2

    def tell(bench: Bench, some: list[tuple[int, str, float | None]]) -> None:
        for second, name, value in some:
            bench.say(second, name, value)
        bench.fold()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(journal, "STEP", 3)
        tell(moving, said[:looked])
        for second in looks:
            moving.alarms.picture(at(second))
        tell(moving, said[looked:])
        for second, key, what, lasts, once in done:
            moving.act(second, what, key, until=second + lasts, one_shot=once)
        shown = [moving.alarms.picture(at(second)) for second in looks]
    for second, picture in zip(looks, shown, strict=True):
        fresh = Bench(*RULES)
        tell(fresh, said)
        for when, key, what, lasts, once in done:
            fresh.act(when, what, key, until=when + lasts, one_shot=once)
        assert picture == fresh.alarms.at(at(second))
