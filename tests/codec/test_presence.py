"""Vehicles that come, go and break off: what `Connected/<unit>` of the source says, and from when on."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from twin_app.model.samples import Quality

Maker = Callable[..., Any]
VDA = {"topic": "uagv/v2/Robots/{unit}/+", "dialect": "vda5050"}
NOON_S = 57.0
Links = list[tuple[int, float]]


class Fleet:
    """A bench that hears one vehicle; times are ms from noon."""

    def __init__(self, bench: Any) -> None:
        self.bench = bench

    def say(self, topic: str, at_ms: int, *, stamped_ms: int | None = None, retain: bool = False, **members: Any) -> None:
        """Deliver a message at one time that bears another (its own where none is given)."""
        seconds = NOON_S + (at_ms if stamped_ms is None else stamped_ms) / 1000
        document = {"timestamp": f"2026-11-23T09:25:{seconds:06.3f}Z", **members}
        assert self.bench.say(f"uagv/v2/Robots/Filler/{topic}", json.dumps(document).encode(), at_ms=at_ms, retain=retain) == ""

    def link(self, said: str, at_ms: int, **delivery: Any) -> None:
        self.say("connection", at_ms, connectionState=said, **delivery)

    def drives(self, at_ms: int, **delivery: Any) -> None:
        self.say("state", at_ms, driving=True, **delivery)

    def links(self) -> Links:
        """Return when the vehicle was said to be there or not, in the order of arrival."""
        return [(s.at_ms, s.value) for s in self.bench.samples() if (s.unit, s.name) == ("@plant", "Connected/Filler")]


@pytest.fixture
def fleet(by_rule: Maker) -> Fleet:
    return Fleet(by_rule(**VDA))


@pytest.mark.parametrize("word", ["OFFLINE", "DISCONNECTED"])
def test_that_a_vehicle_that_takes_its_leave_is_gone_from_that_moment_on(fleet: Fleet, word: str) -> None:
    fleet.link("ONLINE", 0)
    fleet.drives(100)
    fleet.link(word, 900)
    assert fleet.links() == [(0, 1.0), (900, 0.0)]


@pytest.mark.parametrize("word", ["CONNECTIONBROKEN", "CONNECTION_BROKEN", "connectionBroken"])
def test_that_a_broken_link_is_dated_back_to_the_last_proof_of_life(fleet: Fleet, word: str) -> None:
    fleet.link("ONLINE", 0)
    fleet.drives(100)
    fleet.link(word, 900)
    assert fleet.links() == [(0, 1.0), (100, 0.0)]


def test_that_a_last_will_counts_when_it_arrives_though_it_is_older_than_the_word_that_it_ends(fleet: Fleet) -> None:
    fleet.link("ONLINE", 100)
    fleet.link("CONNECTIONBROKEN", 900, stamped_ms=-500)
    samples = fleet.bench.samples()
    assert [(s.name, s.value, s.at_ms, s.source_ms) for s in samples if s.unit == "Filler"] == [
        ("ConnectionState", "ONLINE", 100, 100), ("ConnectionState", "CONNECTIONBROKEN", 900, -500),
    ]  # fmt: skip
    assert fleet.bench.tally.odd_times == 0


def test_that_who_speaks_is_there_whether_or_not_it_said_so(fleet: Fleet) -> None:
    fleet.drives(0)
    fleet.link("CONNECTIONBROKEN", 500)
    fleet.drives(700)
    fleet.drives(800)
    fleet.link("ONLINE", 900)
    assert fleet.links() == [(0, 1.0), (0, 0.0), (700, 1.0)]


def test_that_hibernating_is_being_there_in_silence(fleet: Fleet) -> None:
    fleet.link("ONLINE", 0)
    fleet.link("HIBERNATING", 100)
    assert fleet.links() == [(0, 1.0)]


def test_that_repeated_words_are_said_once(fleet: Fleet) -> None:
    for at_ms, word in enumerate(["OFFLINE", "OFFLINE", "ONLINE", "ONLINE", "OFFLINE", "CONNECTIONBROKEN"]):
        fleet.link(word, at_ms)
    assert fleet.links() == [(0, 0.0), (2, 1.0), (4, 0.0)]


def test_that_retained_words_are_of_unknown_age_and_change_nothing(fleet: Fleet) -> None:
    fleet.link("CONNECTIONBROKEN", 0, retain=True)
    fleet.drives(1, retain=True)
    assert {(s.unit, s.quality) for s in fleet.bench.samples()} == {("Filler", Quality.RETAINED)}


def test_that_nothing_a_vehicle_says_after_it_came_holds_before_it_came(fleet: Fleet) -> None:
    fleet.link("ONLINE", 100)
    fleet.drives(101, stamped_ms=60)
    fleet.drives(300, stamped_ms=240)
    found = [(s.at_ms, s.source_ms) for s in fleet.bench.samples() if s.name == "State"]
    assert found == [(100, 60), (240, 240)]


def test_that_a_vehicles_clock_may_be_ahead_without_outliving_its_link(fleet: Fleet) -> None:
    fleet.link("ONLINE", 0)
    fleet.drives(100, stamped_ms=2_100)
    fleet.link("CONNECTIONBROKEN", 900)
    assert fleet.links() == [(0, 1.0), (100, 0.0)]


def test_that_each_vehicle_comes_and_goes_alone(by_rule: Maker) -> None:
    bench = by_rule(**VDA)
    for unit, word in (("Filler", "ONLINE"), ("Capper", "ONLINE"), ("Filler", "OFFLINE")):
        bench.say(f"uagv/v2/Robots/{unit}/connection", json.dumps({"connectionState": word}).encode())
    assert [(s.name, s.value) for s in bench.samples() if s.unit == "@plant"] == [
        ("Connected/Filler", 1.0), ("Connected/Capper", 1.0), ("Connected/Filler", 0.0),
    ]  # fmt: skip
    assert [signal.path for signal in bench.signals if signal.unit == "@plant"] == [
        "S/A/L1/@plant/Connected/Filler",
        "S/A/L1/@plant/Connected/Capper",
    ]
