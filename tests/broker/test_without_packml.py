"""The press that knows no PackML, through a real broker: what it said in five minutes is published at once, with its own times."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.broker.plant import Broker, Listener, Publisher, until
from tests.session.press import GOOD, KNOWN_S, SECONDS, TOPIC, messages
from twin_app.kpi.figures import figures
from twin_app.layout import load
from twin_app.plant.plant import Plant

LAYOUT = Path(__file__).resolve().parents[1] / "data/lines/press.toml"


@pytest.mark.broker
def test_that_a_running_bit_a_fault_word_and_a_part_count_become_states_stops_and_oee(
    broker: Broker, publisher: Publisher, listen: Callable[..., Listener]
) -> None:
    listener = listen(broker.address, line=load(LAYOUT)).start().connected()
    plant = Plant(listener.line, listener.signals, listener.texts)
    start_ms = int(time.time() * 1000) - 400_000  # the past: the press speaks of its own time
    said = list(messages(start_ms))
    for _, payload in said:
        publisher.say(TOPIC, payload, qos=1)
    publisher.sync()
    until(lambda: listener.health.received >= len(said))
    listener.source.stop()
    while len(batch := listener.store.fold()):
        plant.fold(batch)
    start_ns = start_ms * 10**6
    found = figures(listener.line, plant, start_ns, start_ns + 300 * 10**9)
    ledger = found.units["Press"].ledger
    assert {state.title: ns / 1e9 for state, ns in ledger.state_ns.items()} == SECONDS
    assert found.line.oee_index == pytest.approx(2 * GOOD / KNOWN_S, rel=1e-12)
    assert listener.health.unmapped == {}
    assert listener.health.refused == {}
