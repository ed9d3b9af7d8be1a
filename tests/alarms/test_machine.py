"""Every transition of ISA-18.2 / IEC 62682, and that there is no other."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from twin_app.alarms.machine import Event, Status, step
from twin_app.model.alarm import Action, AlarmState, Why

A, B, C, D, E, F, G, H, I = AlarmState  # noqa: E741 - the standard's letters
EVERY_EVENT = tuple(why for why in Why if why is not Why.SHELF_CLEARS)
SHELF = Action(what=Why.SHELVE, alarm="", effective_ns=0, known_ns=0, until_ns=100)

MOVES: dict[tuple[AlarmState, Why], AlarmState] = {
    (A, Why.OCCURS): B, (D, Why.OCCURS): B,
    (B, Why.RETURNS): D, (C, Why.RETURNS): A,
    **{(state, why): after for why in (Why.ACKNOWLEDGE, Why.ACKNOWLEDGED_AT_MACHINE) for state, after in ((B, C), (D, A), (E, F))},
    (E, Why.OCCURS): B, (F, Why.OCCURS): C, (F, Why.RESET): A,
    **{(state, Why.SHELVE): G for state in (A, B, C, D, E, F)},
    **{(state, Why.SUPPRESS): H for state in (A, B, C, D, E, F)},
    **{(state, Why.OUT_OF_SERVICE): I for state in (A, B, C, D, E, F, G, H)},
}  # fmt: skip
"""What leaves a state for good; returns of a latching alarm and the ways out of G, H and I are told apart below."""
ACTIVE = {B, C}


def after(state: AlarmState, why: Why, *, latching: bool = False, **flags: bool) -> list[AlarmState]:
    """Return the states that an event leads through; a shelf ends at 100."""
    status = replace(Status(state, active=state in ACTIVE, until_ns=100 if state is G else 0), **flags)  # type: ignore[arg-type] # flags of a status
    event = Event(50, why, SHELF if why is Why.SHELVE else None)
    return [move.status.state for move in step(status, event, latching=latching)]


@pytest.mark.parametrize(("state", "why"), list(itertools.product((A, B, C, D, E, F), EVERY_EVENT)), ids=str)
def test_that_an_alarm_in_view_goes_where_the_standard_says_and_nowhere_else(state: AlarmState, why: Why) -> None:
    expected = MOVES.get((state, why))
    assert after(state, why) == ([] if expected is None else [expected])


@pytest.mark.parametrize(("state", "expected"), [(B, E), (C, F)])
def test_that_a_latching_alarm_stays_when_its_condition_is_gone(state: AlarmState, expected: AlarmState) -> None:
    assert after(state, Why.RETURNS, latching=True) == [expected]


OUT = {G: (Why.UNSHELVE, Why.SHELF_EXPIRES), H: (Why.UNSUPPRESS,), I: (Why.IN_SERVICE,)}
WAYS_OUT = [(state, why) for state, ways in OUT.items() for why in ways]


@pytest.mark.parametrize(("state", "why"), WAYS_OUT, ids=str)
def test_that_what_was_hidden_goes_to_what_the_process_demands(state: AlarmState, why: Why) -> None:
    assert after(state, why, active=True) == [B]
    assert after(state, why, active=False) == [A]
    assert after(state, why, active=True, latching=True) == [B]
    assert after(state, why, active=False, latching=True, latched=True) == [E]
    assert after(state, why, active=False, latching=True, latched=False) == [A]


@pytest.mark.parametrize(("state", "why"), [(state, why) for state, why in WAYS_OUT if state is not H], ids=str)
def test_that_logic_that_still_suppresses_takes_over_what_a_person_had_hidden(state: AlarmState, why: Why) -> None:
    assert after(state, why, active=True, designed=True) == [H]


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (s, w)
        for s, w in itertools.product((G, H, I), EVERY_EVENT)
        if w not in OUT[s] and w not in {Why.OCCURS, Why.RETURNS, Why.OUT_OF_SERVICE}
    ],
    ids=str,
)
def test_that_nothing_else_brings_a_hidden_alarm_back(state: AlarmState, why: Why) -> None:
    assert after(state, why) == []


@pytest.mark.parametrize("state", [G, H, I])
def test_that_a_hidden_alarm_is_evaluated_and_recorded_all_the_same(state: AlarmState) -> None:
    assert after(state, Why.OCCURS, active=False) == [state]
    assert after(state, Why.RETURNS, active=True) == [state]


def test_that_maintenance_takes_what_is_shelved_or_suppressed_out_of_service() -> None:
    assert after(G, Why.OUT_OF_SERVICE) == [I]
    assert after(H, Why.OUT_OF_SERVICE) == [I]
    assert after(I, Why.OUT_OF_SERVICE) == []


def test_that_a_one_shot_shelf_ends_when_the_alarm_clears() -> None:
    assert after(G, Why.RETURNS, active=True, one_shot=True) == [G, A]
    assert after(G, Why.RETURNS, active=True, one_shot=True, latching=True) == [G, E]


def test_that_a_timed_shelf_outlives_the_alarm() -> None:
    assert after(G, Why.RETURNS, active=True) == [G]


def test_that_coming_again_counts_as_shown_only_where_somebody_sees_it() -> None:
    def shown(state: AlarmState, why: Why, *, active: bool = False) -> bool:
        return any(move.activation for move in step(Status(state, active=active, until_ns=100), Event(50, why), latching=False))

    assert [shown(state, Why.OCCURS) for state in AlarmState] == [True, False, False, True, True, True, False, False, False]
    assert shown(G, Why.UNSHELVE, active=True)
    assert not shown(G, Why.UNSHELVE)
    assert not shown(B, Why.ACKNOWLEDGE, active=True)
