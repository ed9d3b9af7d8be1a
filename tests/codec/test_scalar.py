"""Plain scalar topics as bytes in, samples out."""

from collections.abc import Callable
from typing import Any

import pytest

from twin_app.codec.refusal import Reason
from twin_app.model.samples import Kind
from twin_app.model.signal import Signal, SignalKind

Maker = Callable[..., Any]
SCALAR = {"topic": "plant/{unit}/{tag...}", "dialect": "scalar"}


@pytest.mark.parametrize(
    ("payload", "value", "kind"),
    [
        (b"71.5", 71.5, Kind.NUMBER),
        (b" -3 ", -3.0, Kind.NUMBER),
        (b"1e3", 1000.0, Kind.NUMBER),
        (b"true", 1.0, Kind.BOOL),
        (b"False", 0.0, Kind.BOOL),
        (b"cola", "cola", Kind.TEXT),
        ("灌装".encode(), "灌装", Kind.TEXT),
        (b"9223372036854775807", "9223372036854775807", Kind.BIG_INT),
        (b"nan", None, Kind.NULL),
    ],
)
def test_that_a_payload_is_what_it_looks_like(by_rule: Maker, payload: bytes, value: float | str | None, kind: Kind) -> None:
    bench = by_rule(**SCALAR)
    assert bench.say("plant/Filler/thing", payload) == ""
    assert [(s.unit, s.name, s.value, s.kind) for s in bench.samples()] == [("Filler", "thing", value, kind)]


@pytest.mark.parametrize(
    ("topic", "rule", "name"),
    [
        ("plant/Filler/speed", "plant/{unit}/{tag...}", "speed"),
        ("plant/Filler/drive/speed", "plant/{unit}/{tag...}", "drive.speed"),
        ("plant/Filler/drive/speed", "plant/{unit}/#", "drive.speed"),
        ("plant/Filler/drive/speed", "plant/{unit}/drive/+", "speed"),
        ("plant/Filler/Processed", "plant/{unit}/{tag...}", "Processed"),
    ],
)
def test_that_the_last_levels_of_the_topic_name_the_signal(by_rule: Maker, topic: str, rule: str, name: str) -> None:
    bench = by_rule(topic=rule, dialect="scalar")
    bench.say(topic, b"7")
    assert [s.name for s in bench.samples()] == [name]


def test_that_states_and_counters_are_known_by_their_names_or_by_the_rules_own(by_rule: Maker) -> None:
    bench = by_rule(**SCALAR, signals={"plc/run": "State", "plc/good": "Processed", "plc/junk": ""})
    for tag, payload in (("plc/run", b"Execute"), ("plc/good", b"12"), ("plc/junk", b"1"), ("Mode", b"1")):
        bench.say(f"plant/Filler/{tag}", payload)
    assert [(s.name, s.value) for s in bench.samples()] == [
        ("State", "Execute"),
        ("Processed", 12.0),
        ("ModeNumber", 1.0),
        ("Mode", "Production"),
    ]
    assert (bench.tally.mapped, bench.tally.ignored) == (3, 1)


def test_that_a_null_takes_the_value_of_a_known_signal_away(by_rule: Maker) -> None:
    bench = by_rule(**SCALAR)
    for payload in (b"null", b"3", b"null"):
        bench.say("plant/Filler/speed", payload)
    assert bench.values("speed") == [3.0, None]


def test_that_a_signal_declared_as_text_keeps_its_digits(by_rule: Maker) -> None:
    batch = Signal(path="S/A/L1/Filler/Batch", unit="Filler", name="Batch", kind=SignalKind.TEXT)
    bench = by_rule(**SCALAR, declared=(batch,))
    bench.say("plant/Filler/Batch", b"0042")
    assert bench.values("Batch") == ["0042"]


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", Reason.EMPTY),
        (b" \n", Reason.EMPTY),
        (b"\xff\x00", Reason.NOT_UTF8),
        (b"1" * 70_000, Reason.TOO_LARGE),
        (b"x" * 5_000, Reason.TEXT_TOO_LONG),
        (b"1e999", Reason.OUT_OF_RANGE),
    ],
)
def test_that_a_hostile_payload_is_refused_with_its_reason(by_rule: Maker, payload: bytes, reason: Reason) -> None:
    bench = by_rule(**SCALAR)
    assert bench.say("plant/Filler/thing", payload) == reason
    assert bench.samples() == []
