"""Exact after any seek: what is shown is what the slow and obvious way finds, whatever came late, twice, or never."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.history.brute import Brute, Sample, columns, facts
from tests.session.plant import LINE, SECOND_NS, Fed, Rooms, at
from twin_app.history.store import Store
from twin_app.layout.signals import signal_table
from twin_app.model.packml import State
from twin_app.model.samples import Kind, Samples, TextTable

STATES = ("Execute", "Held", "Idle", "Aborted")
SAID = st.tuples(
    st.integers(0, 4),  # which signal: two states, two values, and one that is mostly silent
    st.integers(0, 120), st.sampled_from([0, 0, 0, 0, 5, 60]),  # received at a second, so much late
    st.integers(0, 3), st.sampled_from([1, 1, 1, 2]),  # what, and how often
)  # fmt: skip
MOVES = st.lists(st.tuples(st.sampled_from([0.0, 0.1, 1.0, 1000.0, 3600.0, -1.0, -3600.0]), st.floats(0, 1)), min_size=1, max_size=12)


@given(said=st.lists(SAID, min_size=1, max_size=60), moves=MOVES)
@settings(max_examples=30)
def test_that_what_is_shown_after_any_seek_at_any_speed_is_what_brute_force_finds(
    said: list[tuple[int, int, int, int, int]], moves: list[tuple[float, float]]
) -> None:
    signals, texts = signal_table(LINE), TextTable()
    codes = [float(texts.code(word)) for word in STATES]
    found = [signals.find("Filler", "State"), signals.find("Capper", "State"), signals.find("Filler", "Processed")]
    ids = [*(signal for signal in found if signal is not None), *range(len(signals) - 2, len(signals))]
    rows = []
    for number, (which, received, late, what, times) in enumerate(sorted(said, key=lambda one: one[1])):
        value, kind = (codes[what], Kind.TEXT) if which < 2 else (float(what), Kind.NUMBER)
        one = Sample(ids[which], at(received - late), value, message=number, sourced=True, kind=kind, received_ns=at(received))
        rows += [one] * (times if which < 2 else 1) + ([replace(one, message=number + 1000)] if times > 1 else [])  # redelivered
    brute = Brute()
    brute.add(rows)
    with closing(Store.temporary(signals, texts, tail_samples=16)) as store:  # some of it has left memory
        rooms = Rooms(LINE, store, signals, texts)
        source = Fed(store, Samples.concatenate([columns([row]) for row in rows]))
        session = rooms.session(source)
        for speed, share in moves:
            source.give(max(len(rows) // len(moves), 1))
            session.advance(0)
            span = session.span()
            assert span is not None
            session.seek(span.start_ns + round((span.end_ns - span.start_ns) * share))
            if speed:
                session.set_speed(speed)
                session.play()
            session.advance(SECOND_NS // 30)
        source.give(len(rows))
        session.pause()
        frame = session.advance(0)
        assert facts(session.latest(frame.at_ns)) == brute.state_at(frame.at_ns, len(signals))
        for unit, signal in (("Filler", ids[0]), ("Capper", ids[1])):
            before = [row for row in brute.of(signal) if row.effective_ns <= frame.at_ns]
            known = State[STATES[codes.index(before[-1].value)].upper()] if before else None
            assert frame.units[unit].state is known
