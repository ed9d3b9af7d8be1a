"""The recording of two vehicles under its own layout, against what its README says of it: where they went, stood and were lost."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from twin_app.codec.decoder import Decoder
from twin_app.history.store import Store
from twin_app.layout import load
from twin_app.layout.signals import signal_table
from twin_app.model.packml import State
from twin_app.model.samples import Quality, TextTable
from twin_app.model.timeline import BLIND_STATE
from twin_app.plant.plant import Plant
from twin_app.plant.staleness import Staleness
from twin_app.sources.intake import Intake
from twin_app.sources.recording import RecordingSource

ROOT = Path(__file__).resolve().parents[2]
CAPTURE = ROOT / "tests/data/captures/vda5050_two_agvs.jsonl"
START_NS = 1_795_426_100_708 * 1_000_000
SECOND_NS = 1_000_000_000
MESSAGES = 182


class Fleet:
    """The recording, read once; instants are seconds from its first message."""

    def __init__(self) -> None:
        self.line = load(ROOT / "models3d/lines/agvs.toml")
        self.signals, self.texts = signal_table(self.line), TextTable()
        self.store = Store(self.signals, self.texts, journal=None)
        intake = Intake(self.line, self.line.sources[0], store=self.store, signals=self.signals, texts=self.texts)
        source = RecordingSource(intake, CAPTURE)
        source.read()
        self.plant = Plant(self.line, self.signals, self.texts)
        while len(folded := self.store.fold()):
            self.plant.fold(folded)
        self.health = source.health()

    def track(self, unit: str, name: str) -> tuple[list[float], list[Any]]:
        """Return a signal's instants and values."""
        signal = self.signals.find(unit, name)
        assert signal is not None
        found = self.store.range(signal, 0, 2**62, 0)
        values = [self.texts.text(int(v)) if kind == 2 else float(v) for v, kind in zip(found.value, found.kind, strict=True)]
        return [(int(at) - START_NS) / SECOND_NS for at in found.times_ns], values

    def states(self, unit: str) -> list[tuple[str, float]]:
        """Return the unit's states in turn with their seconds."""
        found = self.plant.intervals(unit, START_NS, START_NS + 75 * SECOND_NS)
        bounds = [*found.start_ns, found.end_ns]
        titles = ["?" if code == BLIND_STATE else State(int(code)).title for code in found.state]
        merged: list[tuple[str, float]] = []
        for title, (start, end) in zip(titles, pairwise(bounds), strict=True):
            seconds = (int(end) - int(start)) / SECOND_NS
            if merged and merged[-1][0] == title:
                seconds += merged.pop()[1]
            merged.append((title, seconds))
        return merged


@pytest.fixture(scope="module")
def fleet() -> Fleet:
    return Fleet()


def test_that_every_message_is_understood_or_an_order_that_is_ignored_on_purpose(fleet: Fleet) -> None:
    health = fleet.health
    assert (health.received, health.refused, health.unmapped, health.unknown_states, health.odd_times) == (MESSAGES, {}, {}, {}, 0)
    assert health.ignored == 4  # two orders and two instant actions, as grep counts them in the file
    assert health.retained == 2


def test_that_the_first_vehicle_goes_along_the_hall_then_across_it(fleet: Fleet) -> None:
    (_, x), (_, y) = fleet.track("001", "X"), fleet.track("001", "Y")
    places = np.array([x, y]).T
    assert (places[0].tolist(), places[-1].tolist()) == ([0, 0], [20, 15])
    assert (np.diff(places, axis=0) >= 0).all()
    corner = places[:, 0] == 20
    assert (places[~corner, 1] == 0).all()
    assert [20, 0] in places.tolist()


def test_that_its_pause_is_seen(fleet: Fleet) -> None:
    # paused from the state message stamped 09:28:36.043 to the one stamped 09:28:42.057
    assert [seconds for state, seconds in fleet.states("001") if state == "Held"] == [pytest.approx(6.014)]


def test_that_it_drives_and_handles_its_load_and_ends_offline(fleet: Fleet) -> None:
    states = [state for state, _ in fleet.states("001")]
    assert states[0] == states[-1] == "?"
    assert fleet.track("001", "ConnectionState")[1] == ["CONNECTIONBROKEN", "ONLINE", "OFFLINE"]
    # it takes its leave 71.166 s after the first message
    assert fleet.states("001")[-1][1] == pytest.approx(75 - 71.166, abs=0.002)
    instants, there = fleet.track("@fleet", "Connected/001")
    assert instants == pytest.approx([1.106, 71.166])
    assert there == [1, 0]


def test_that_the_second_vehicle_stops_with_an_empty_battery(fleet: Fleet) -> None:
    assert fleet.track("002", "X")[1][-1] == pytest.approx(6.408)
    assert fleet.track("002", "ErrorLevel")[1][-1] == "FATAL"
    assert '"errorType":"batteryLowError"' in fleet.track("002", "Errors")[1][-1]
    assert fleet.track("002", "Battery")[1][-1] == pytest.approx(0.864)
    assert [state for state, _ in fleet.states("002")] == ["?", "Idle", "Execute", "Aborted", "?", "Aborted", "?"]


def test_that_its_broken_link_blinds_it_but_for_a_few_words_said_after_it(fleet: Fleet) -> None:
    assert fleet.track("002", "ConnectionState")[1] == ["CONNECTIONBROKEN", "ONLINE", "CONNECTIONBROKEN", "CONNECTIONBROKEN"]
    there = fleet.track("@fleet", "Connected/002")[1]
    assert there == [1, 0, 1, 0]


def test_that_last_values_are_kept_as_stale_and_only_the_link_itself_is_known(fleet: Fleet) -> None:
    at_ns = START_NS + 75 * SECOND_NS
    latest = fleet.store.state_at(at_ns)
    Staleness(fleet.line, fleet.signals, fleet.plant).mark(latest, at_ns)
    for unit in ("001", "002"):
        heard = {fleet.signals[i].name: latest.quality[i] for i in fleet.signals.of_unit(unit)}
        assert heard.pop("ConnectionState") == Quality.GOOD
        assert set(heard.values()) == {Quality.STALE}
        assert fleet.plant.now(unit, at_ns).state is None


def test_that_the_layout_names_the_fields_beyond_the_dialects_own(fleet: Fleet) -> None:
    signal = fleet.signals.find("002", "BatteryVoltage")
    assert signal is not None
    assert fleet.signals[signal].unit_of_measure == "V"
    assert Decoder(fleet.line, fleet.line.sources[0], fleet.signals, fleet.texts).unit_of("uagv/v2/RobotCompany/002/state") == "002"
