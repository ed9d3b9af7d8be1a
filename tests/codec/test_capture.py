"""The bundled recording under its own layout, against facts that another program computed from the file."""

import json
from collections import Counter
from itertools import groupby
from pathlib import Path

import pytest

from twin_app.codec.decoder import Decoder
from twin_app.layout import load
from twin_app.layout.signals import signal_table
from twin_app.model.message import Message
from twin_app.model.samples import SampleColumns, Samples, TextTable
from twin_app.model.signal import SignalTable

ROOT = Path(__file__).resolve().parents[2]
TRANSITIONS = {"Filler": 12, "Capper": 14, "Labeller": 12}
LAST_STATE = {"Filler": "Complete", "Capper": "Execute", "Labeller": "Stopped"}
LAST_COUNTS = {
    ("Filler", "Consumed"): 209.94524994920377,
    ("Filler", "Processed"): 194.63004893633706,
    ("Filler", "Defective"): 15.315201012866668,
    ("Capper", "Consumed"): 140.789905285888,
    ("Capper", "Processed"): 132.87550306538023,
    ("Capper", "Defective"): 7.914402220507712,
    ("Capper", "ConsumedSinceReset"): 22.9287708743882,
    ("Capper", "ProcessedSinceReset"): 21.3398531238378,
    ("Capper", "DefectiveSinceReset"): 1.5889177505504024,
    ("Labeller", "Consumed"): 162.70776280248933,
    ("Labeller", "Processed"): 157.01754296202574,
    ("Labeller", "Defective"): 5.6902198404636,
}


class Decoded:
    """The recording, decoded once for all tests of this file."""

    def __init__(self) -> None:
        line = load(ROOT / "models3d/lines/packaging.toml")
        self.signals: SignalTable = signal_table(line)
        self.texts = TextTable()
        decoder = Decoder(line, line.sources[0], self.signals, self.texts)
        columns = SampleColumns()
        with (ROOT / "sample_streams/packaging.jsonl").open(encoding="utf-8") as file:
            for seq, row in enumerate(map(json.loads, file)):
                decoder.decode(Message(seq, "plant", row["topic"], row["payload"].encode(), int(row["t"] * 1000) * 10**6), columns)
        self.tally = decoder.tally
        self.samples: Samples = columns.take_all()

    def values(self, unit: str, name: str) -> list[float]:
        signal = self.signals.find(unit, name)
        return list(self.samples.value[self.samples.signal == signal])


@pytest.fixture(scope="module")
def decoded() -> Decoded:
    return Decoded()


def test_that_every_message_is_mapped_or_ignored_on_purpose(decoded: Decoded) -> None:
    tally = decoded.tally
    assert (tally.received, tally.refused, tally.unmapped, tally.unknown_states) == (1808, {}, {}, {})
    assert tally.mapped + tally.ignored == tally.received
    # 22 orders to the machines and 30 descriptions of counters and parameters, as grep counts them in the file
    assert tally.ignored == 22 + 30


@pytest.mark.parametrize("unit", TRANSITIONS)
def test_that_states_follow_the_names_and_end_as_recorded(decoded: Decoded, unit: str) -> None:
    words = [decoded.texts.text(int(code)) for code in decoded.values(unit, "State")]
    assert len(words) == TRANSITIONS[unit]
    assert words[-1] == LAST_STATE[unit]
    assert all(len(list(run)) == 1 for _, run in groupby(words))


@pytest.mark.parametrize(("unit", "name"), LAST_COUNTS)
def test_that_counters_end_at_the_very_number_recorded(decoded: Decoded, unit: str, name: str) -> None:
    assert decoded.values(unit, name)[-1] == LAST_COUNTS[unit, name]


def test_that_numbers_are_kept_and_open_no_state(decoded: Decoded) -> None:
    numbers = Counter(int(n) for unit in TRANSITIONS for n in decoded.values(unit, "StateNumber"))
    assert sum(numbers.values()) == sum(TRANSITIONS.values())


def test_that_received_times_never_step_back_in_this_recording(decoded: Decoded) -> None:
    received = decoded.samples.received_ns
    assert (received[1:] >= received[:-1]).all()
    assert (decoded.samples.effective_ns == received).all()
