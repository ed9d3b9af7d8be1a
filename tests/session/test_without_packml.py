"""A machine that sends a running bit, a fault word and a part count: its states, stops and OEE, against a person with a stopwatch."""

from __future__ import annotations

import math
import random
from pathlib import Path

import pytest

from tests.session.plant import NOON_NS, Fed, Rooms, asked, at, bits, content, folded, past
from tests.session.press import GOOD, KNOWN_S, PRODUCTION_S, SECONDS, TOPIC, messages
from twin_app.layout import load, remarks
from twin_app.model.packml import Category, State
from twin_app.model.samples import Quality, Samples
from twin_app.session import Session

LAYOUT = Path(__file__).resolve().parents[1] / "data/lines/press.toml"


@pytest.fixture(scope="module")
def rooms() -> Rooms:
    """Return the rooms of the press, to which everything was said."""
    rooms = Rooms(load(LAYOUT))
    intake = rooms.intake()
    for sent_ms, payload in messages(NOON_NS // 10**6):
        intake.receive(TOPIC, payload, received_ns=sent_ms * 10**6)
    intake.finish()
    return rooms


def said(rooms: Rooms) -> Samples:
    return Samples.concatenate(rooms.store.given)  # type: ignore[attr-defined]  # these rooms' store remembers


def value(session: Session, name: str, second: float) -> object:
    """Return what a frame shows of a signal of the press, None where it is unknown."""
    frame = asked(session, at(second))
    signal = session.signals.find("Press", name)
    assert signal is not None
    found = float(frame.latest.value[signal])
    return None if math.isnan(found) else session.texts.text(int(found)) if name in {"State", "StopReason", "Mode"} else found


def test_that_the_layout_needs_no_remark() -> None:
    assert remarks(load(LAYOUT)) == ()


def test_that_its_states_are_those_of_the_stopwatch(rooms: Rooms) -> None:
    session = folded(rooms, said(rooms))
    ledger = session.figures(at(0), at(300)).units["Press"].ledger
    assert {state.title: ns / 1e9 for state, ns in ledger.state_ns.items()} == SECONDS
    assert ledger.blind_ns == 2 * 10**9
    starts = session.timeline("Press", at(0), at(300))
    assert [((s - at(0)) / 1e9, int(state)) for s, state in zip(starts.start_ns.tolist(), starts.state, strict=True)] == [
        (0, -1), (2, State.EXECUTE), (90, State.ABORTED), (130, State.STOPPED), (140, State.IDLE), (142.5, State.EXECUTE), (250, State.IDLE),
    ]  # fmt: skip


def test_that_its_stops_and_oee_are_those_of_the_stopwatch(rooms: Rooms) -> None:
    found = folded(rooms, said(rooms)).figures(at(0), at(300))
    spent = found.units["Press"].ledger.category_ns
    expected = {Category.PRODUCTION: PRODUCTION_S, Category.MINOR_STOP: 52.5, Category.WAITING: 50.0, Category.BLIND: 2.0}
    assert {category: ns / 1e9 for category, ns in spent.items() if ns} == expected
    assert found.line.availability == pytest.approx(PRODUCTION_S / KNOWN_S, rel=1e-12)
    assert found.line.quality_ratio == 1.0
    assert found.line.oee_index == pytest.approx(2 * GOOD / KNOWN_S, rel=1e-12)
    assert found.line.oee_low == pytest.approx(2 * GOOD / 300, rel=1e-12)
    assert found.units["Press"].counters["Processed"].total == 90
    assert found.units["Press"].counters["Processed"].resets == 0


def test_that_what_is_shown_at_an_instant_is_what_was_true_then(rooms: Rooms) -> None:
    session = folded(rooms, said(rooms))
    assert [value(session, "State", second) for second in (1, 50, 95, 135, 141, 200, 249.9, 250)] == [
        None, "Execute", "Aborted", "Stopped", "Idle", "Execute", "Execute", "Idle",
    ]  # fmt: skip
    assert [value(session, "StopReason", second) for second in (50, 95, 100, 130)] == ["", "Oil low", "Guard open", ""]
    assert [value(session, "ActiveFaults", second) for second in (50, 95, 100, 130)] == [0, 1, 2, 0]
    frame = asked(session, at(120))
    guard = session.signals.find("Press", "Guard open")
    assert guard is not None
    assert (frame.latest.value[guard], frame.latest.effective_ns[guard], frame.latest.quality[guard]) == (1.0, at(100), Quality.GOOD)


def test_that_a_curve_of_a_derived_signal_has_its_changes_and_the_one_before(rooms: Rooms) -> None:
    session = folded(rooms, said(rooms))
    faults = session.signals.find("Press", "ActiveFaults")
    assert faults is not None
    curve = session.range(faults, at(95), at(300), 100)
    assert [((t - at(0)) / 1e9, v) for t, v in zip(curve.times_ns.tolist(), curve.value.tolist(), strict=True)] == [
        (90, 1),
        (100, 2),
        (130, 0),
    ]


def test_that_live_in_any_batches_and_a_shuffled_replay_show_the_same_to_the_bit(rooms: Rooms) -> None:
    samples = said(rooms)
    fresh = folded(rooms, samples)
    order = list(range(len(samples)))
    random.Random(7).shuffle(order)
    for picked in (list(range(len(samples))), order):
        again = Rooms(rooms.line, signals=rooms.signals, texts=rooms.texts)
        source = Fed(again.store, samples.take(picked))  # type: ignore[arg-type]  # a list picks as an array does
        session = again.session(source)
        for _ in range(0, len(samples), 17):
            source.give(17)
            session.advance(10**9)
        for second in (0, 1, 95, 141, 249, 251, 300):
            assert content(asked(session, at(second))) == content(asked(fresh, at(second))), second
        assert past(session, at(0), at(300)) == past(fresh, at(0), at(300))
        assert bits(session.figures(at(0), at(300))) == bits(fresh.figures(at(0), at(300)))
