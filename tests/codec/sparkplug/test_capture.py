"""Two recorded programs, against facts that an independent script computed from the files."""

import base64
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from twin_app.codec.decoder import Decoder
from twin_app.history.store import Store
from twin_app.layout.signals import signal_table
from twin_app.model.equipment import Line, MapRule, SourceSpec, Unit
from twin_app.model.message import Message
from twin_app.model.packml import State
from twin_app.model.samples import Kind, Quality, SampleColumns, TextTable
from twin_app.plant.plant import Plant
from twin_app.plant.staleness import Staleness

CAPTURES = Path(__file__).resolve().parents[2] / "data/captures"
SECOND_NS = 10**9


class Played:
    """A recording, decoded and folded; its unit is `Robot`."""

    def __init__(self, name: str, topic: str, units: dict[str, str]) -> None:
        source = SourceSpec(id="plant", title="", rules=(MapRule(topic=topic, dialect="sparkplug_b", units=units),))
        self.line = Line(
            path=Path("line.toml"), content_hash="", id="L1", title="", enterprise="E", site="S", area="A", zone="UTC", unit_of_count="",
            constraint="Robot", units=(Unit(id="Robot", title="", type="generic", source="plant"),), sources=(source,), products=(),
        )  # fmt: skip
        self.expected = json.loads((CAPTURES / f"expected/{name}.json").read_text())
        self.signals, self.texts = signal_table(self.line), TextTable()
        self.store, self.plant = Store(self.signals, self.texts, journal=None), Plant(self.line, self.signals, self.texts)
        decoder, columns = Decoder(self.line, source, self.signals, self.texts), SampleColumns()
        with (CAPTURES / f"{name}.jsonl").open(encoding="utf-8") as file:
            for seq, row in enumerate(map(json.loads, file)):
                self.end_ns = int(row["t"] * 1000) * 10**6
                decoder.decode(Message(seq, "plant", row["topic"], base64.b64decode(row["payload"]), self.end_ns), columns)
        decoder.settle(2**62, columns)
        self.tally = decoder.tally
        self.samples = columns.take_all()
        self.store.append(self.samples)
        while len(batch := self.store.fold()):
            self.plant.fold(batch)

    def at(self, at_ns: int) -> dict[str, tuple[float | str, Quality]]:
        """Return the robot's values at an instant, those that were heard."""
        latest = self.store.state_at(at_ns)
        Staleness(self.line, self.signals, self.plant).mark(latest, at_ns)
        found: dict[str, tuple[float | str, Quality]] = {}
        for i, signal in enumerate(self.signals):
            if signal.unit == "Robot" and latest.quality[i] != Quality.UNKNOWN:
                value = float(latest.value[i])
                text = self.texts.text(int(value)) if latest.kind[i] in {Kind.TEXT, Kind.BIG_INT} else value
                found[signal.name] = (text, Quality(latest.quality[i]))
        return found


@pytest.fixture(scope="module")
def simulator() -> Played:
    return Played("sparkplug_packml_sim", "spBv1.0/PlantB/+/Assembly/{unit}/{tag...}", {"Robot1": "Robot"})


@pytest.fixture(scope="module")
def tahu() -> Played:
    name = "spBv1.0/Sparkplug B Devices/+/Python Edge Node 1"
    return Played("tahu_python_sparkplug", f"{name}/{{unit}}/{{tag...}}", {"Emulated Device": "Robot"})


@pytest.mark.parametrize("name", ["simulator", "tahu"])
def test_that_every_message_is_counted_and_none_refused_or_missed(name: str, request: pytest.FixtureRequest) -> None:
    played: Played = request.getfixturevalue(name)
    messages = sum(played.expected["messages"].values())
    tally = played.tally
    assert (tally.received, tally.refused, tally.unknown_states, tally.odd_times) == (messages, {}, {}, 0)
    assert played.expected["seq_gaps"] == []
    assert [note for note in tally.notes if "missed" in note or "turn" in note] == []
    # The node's own metrics belong to no unit here: births of the node are the rest.
    assert tally.mapped + tally.ignored >= messages - 2


def test_that_orders_to_the_robot_are_ignored(simulator: Played) -> None:
    orders = sum(count for topic, count in simulator.expected["messages"].items() if topic.endswith("CMD"))
    assert simulator.tally.ignored >= orders == 5


def test_that_fifty_metrics_are_live_until_the_node_dies(simulator: Played) -> None:
    assert simulator.expected["births"]["PlantB/Assembly/Robot1:DBIRTH"] == 50
    live = simulator.at(simulator.end_ns - SECOND_NS)
    assert Counter(quality for _, quality in live.values()) == {Quality.GOOD: 50}
    assert simulator.plant.now("Robot", simulator.end_ns - SECOND_NS).state is State.HELD


def test_that_after_the_death_all_fifty_are_stale_with_their_last_values_and_the_robot_is_offline(simulator: Played) -> None:
    before, after = simulator.at(simulator.end_ns - SECOND_NS), simulator.at(simulator.end_ns)
    assert Counter(quality for _, quality in after.values()) == {Quality.STALE: 50}
    assert {name: value for name, (value, _) in after.items()} == {name: value for name, (value, _) in before.items()}
    assert after["State"][0] == "Held"
    assert simulator.plant.now("Robot", simulator.end_ns).state is None


def test_that_flips_between_whole_and_broken_numbers_are_followed(simulator: Played) -> None:
    flips = {name.split(":")[1] for name, *_ in simulator.expected["datatype_changes"]}
    assert flips >= {"Status/CurMachSpeed", "Admin/ProdProcessedCount/0/AccCount"}
    live = simulator.at(simulator.end_ns - SECOND_NS)
    # The last float and the last integer on the wire, as a decoder written for this check alone printed them.
    assert (live["Processed"][0], live["CurMachSpeed"][0]) == (85.32963562011719, 0.0)


def test_that_the_rebirth_does_not_blind_the_robot(simulator: Played) -> None:
    reborn_ns = 1_795_426_241_486_000_000
    assert simulator.plant.blind("Robot", reborn_ns - 40 * SECOND_NS, simulator.end_ns) == []


def test_that_the_limits_of_all_integers_are_exact(tahu: Played) -> None:
    live = {name: value for name, (value, quality) in tahu.at(tahu.end_ns - SECOND_NS).items() if quality is Quality.GOOD}
    assert live == {
        "Int8_Min": -128.0, "Int8_Max": 127.0, "Int16_Min": -32768.0, "Int16_Max": 32767.0, "Int32_Min": -(2.0**31), "Int32_Max": 2.0**31 - 1,
        "Int64_Min": "-9223372036854775808", "Int64_Max": "9223372036854775807", "UInt8_Min": 0.0, "UInt8_Max": 255.0, "UInt16_Min": 0.0,
        "UInt16_Max": 64535.0,  # so the program has it
        "UInt32_Min": 0.0, "UInt32_Max": 2.0**32 - 1, "UInt64_Min": 0.0, "UInt64_Max": "18446744073709551615",
    }  # fmt: skip


def test_that_aliases_are_resolved_and_the_publishers_doubt_is_shown(tahu: Played) -> None:
    at_ns = 1_795_426_050 * SECOND_NS
    live = tahu.at(at_ns)
    assert live["input/Device Metric0"] == ("yfigcionbocp", Quality.GOOD)
    assert live["input/Device Metric1"][1] is Quality.STALE  # its property Quality is 500
    motor = '{"template":"Custom_Motor","version":"","parameters":{"Index":"1"},"members":{"RPMs":123,"AMPs":456}}'
    assert live["My_Custom_Motor"] == (motor, Quality.GOOD)


def test_that_between_two_sessions_nothing_is_live(tahu: Played, simulator: Played) -> None:
    (first_death, _, _), _ = tahu.expected["deaths"]
    stale: Callable[[Any], bool] = lambda found: all(quality is Quality.STALE for _, quality in found.values())  # noqa: E731 - one use, two lines
    assert stale(tahu.at(int(first_death * 1000) * 10**6))
    assert len(tahu.at(int(first_death * 1000) * 10**6)) == 5
