"""The bundled recording published through a real broker at twenty times its speed, beside the same recording read from its file."""

import json
import time
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from tests.broker.plant import Broker, Listener, Publisher, until
from twin_app.clock import SECOND_NS
from twin_app.history.store import Store
from twin_app.layout import load
from twin_app.layout.signals import signal_table
from twin_app.model.samples import NEVER, TextTable
from twin_app.model.signal import SignalTable
from twin_app.sources.intake import Intake
from twin_app.sources.recording import RecordingSource

ROOT = Path(__file__).resolve().parents[2]
CAPTURE = ROOT / "sample_streams/packaging.jsonl"
LINE = ROOT / "models3d/lines/packaging.toml"
SPEED = 20.0
MESSAGES = 1808
UNITS = ("Filler", "Capper", "Labeller")
Listen = Callable[..., Listener]
Changes = list[tuple[int, str]]


def play(publisher: Publisher, qos: int) -> dict[str, Changes]:
    """Publish the recording with its own timing, `SPEED` times as fast; return when (UTC ns) each unit's states really went out.

    A busy machine sends late, which is no fault of the one who listens.
    """
    rows = [json.loads(line) for line in CAPTURE.read_text(encoding="utf-8").splitlines()]
    first, began = rows[0]["t"], time.monotonic()
    sent: dict[str, Changes] = {unit: [] for unit in UNITS}
    for row in rows:
        wait = (row["t"] - first) / SPEED - (time.monotonic() - began)
        if wait > 0:
            time.sleep(wait)
        if row["topic"].endswith("/StateCurrentStr"):
            sent[row["topic"].split("/")[2]].append((time.time_ns(), row["payload"]))
        publisher.say(row["topic"], row["payload"], qos=qos)
    publisher.sync()
    return sent


class Kept:
    """What a store holds of the line, by names."""

    def __init__(self, store: Store, signals: SignalTable, texts: TextTable) -> None:
        while len(store.fold()):
            pass
        self._store, self._signals, self._texts = store, signals, texts

    def changes(self, unit: str, name: str) -> Changes:
        """Return when a text signal said what."""
        signal = self._signals.find(unit, name)
        assert signal is not None
        found = self._store.range(signal, 0, 2**62, 0)
        return [(int(at), self._texts.text(int(code))) for at, code in zip(found.times_ns, found.value, strict=True)]

    def last(self) -> dict[str, float | str]:
        """Return the last value of every signal of the units, by path."""
        latest = self._store.state_at(2**62)
        heard = [i for i, s in enumerate(self._signals) if latest.effective_ns[i] != NEVER and not s.unit.startswith("@")]
        return {
            self._signals[i].path: self._texts.text(int(latest.value[i])) if latest.kind[i] == 2 else float(latest.value[i]) for i in heard
        }


def seconds_in_state(changes: Changes) -> Counter[str]:
    """Return the seconds of each state, without the last one, whose end nobody heard."""
    total: Counter[str] = Counter()
    for (start, state), (end, _) in pairwise(changes):
        total[state] += end - start
    return Counter({state: ns / SECOND_NS for state, ns in total.items()})


@pytest.fixture(scope="module")
def replayed() -> Kept:
    line = load(LINE)
    signals, texts = signal_table(line), TextTable()
    store = Store(signals, texts, journal=None)
    RecordingSource(Intake(line, line.sources[0], store=store, signals=signals, texts=texts), CAPTURE).read()
    return Kept(store, signals, texts)


@pytest.mark.timeout(90)
@pytest.mark.parametrize("qos", [0, 1])
def test_that_a_line_heard_over_a_broker_is_the_line_of_its_recording(
    broker: Broker, publisher: Publisher, listen: Listen, replayed: Kept, qos: int
) -> None:
    line = load(LINE)
    listener = listen(broker.address, line).start().connected()
    sent = play(publisher, qos)
    until(lambda: listener.health.received == MESSAGES)
    listener.source.stop()
    heard = Kept(listener.store, listener.signals, listener.texts)
    health = listener.health
    assert (health.refused, health.unmapped, health.unknown_states, health.dropped) == ({}, {}, {}, 0)
    assert heard.last() == replayed.last()
    for unit in UNITS:
        live, recorded = heard.changes(unit, "State"), replayed.changes(unit, "State")
        assert [state for _, state in live] == [state for _, state in recorded]
        boundaries = Counter(state for pair in pairwise(recorded) for _, state in pair)
        expected = seconds_in_state(sent[unit])
        for state, seconds in seconds_in_state(live).items():
            assert seconds * SPEED == pytest.approx(expected[state] * SPEED, abs=0.05 + SPEED * 0.010 * boundaries[state])
            # how late the sender itself was goes into this one, so it only holds the order of size
            assert seconds * SPEED == pytest.approx(seconds_in_state(recorded)[state], rel=0.2, abs=SPEED * 0.1 * boundaries[state])
